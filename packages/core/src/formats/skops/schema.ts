import { BrineError } from '../../errors.js';
import { PyFloat } from '../../pickle/values.js';
import type { JsonScalar } from './json.js';
import type { Template } from './template.js';

/** As many keys are compared one by one before an index is worth its memory. */
const FEW = 8;

/** An object of schema.json: its keys are the file's, in their order. Few have many, and there are many of them. */
export class SchemaObject {
  /** Where a long item of a list stands in the text: the next may be like it. */
  span: readonly [from: number, to: number] | undefined;
  /** What it has in common with the items behind it. */
  template: Template | undefined;
  /** Key, value, key, value …: one array takes less memory than two. */
  readonly #members: SchemaValue[] = [];
  #index: Map<string, number> | undefined;

  get keys(): readonly string[] {
    return this.#members.filter((_, i) => i % 2 === 0) as string[];
  }

  get values(): readonly SchemaValue[] {
    return this.#members.filter((_, i) => i % 2 === 1);
  }

  /** Adds a member; false if there is one of that name. */
  add(key: string, value: SchemaValue): boolean {
    const members = this.#members;
    if (this.#at(key) !== undefined) return false;
    if (members.length >= 2 * FEW) {
      this.#index ??= new Map(this.keys.map((name, i) => [name, 2 * i]));
      this.#index.set(key, members.length);
    }
    members.push(key, value);
    return true;
  }

  get(key: string): SchemaValue | undefined {
    const at = this.#at(key);
    return at === undefined ? undefined : this.#members[at + 1];
  }

  /** Where a key is. */
  #at(key: string): number | undefined {
    if (this.#index) return this.#index.get(key);
    const members = this.#members;
    for (let i = 0; i < members.length; i += 2) if (members[i] === key) return i;
    return undefined;
  }
}

/** A place where objects that are alike differ: an `__id__`, or the text of a `file` or `content`. */
export class SchemaHole {
  /** Its number among the ids, or among the texts. */
  index = 0;
  /** The id that stands there in all of them, if it is no hole after all. */
  fixed: number | undefined;
}

/** What stands in the holes of one of many objects that are alike. */
export interface Filling {
  id(index: number): number;
  text(index: number): string;
}

export type SchemaValue = JsonScalar | SchemaValue[] | SchemaObject | SchemaHole;

/** One node: the object, its loader, and the name that is both judged and made. */
export interface SchemaNode {
  readonly object: SchemaObject;
  readonly loader: string;
  readonly module: string;
  readonly name: string;
  /** What stands in the object's holes, if it has some. */
  readonly filling: Filling | undefined;
}

export function corruptSchema(what: string): BrineError {
  return new BrineError('CORRUPT', what);
}

const kinds: readonly (readonly [string, (value: SchemaValue) => boolean])[] = [
  ['null', (value) => value === null],
  ['a list', Array.isArray],
  ['an object', (value) => value instanceof SchemaObject],
  ['a number', (value) => typeof value === 'number' || typeof value === 'bigint' || value instanceof PyFloat],
];

function kindOf(value: SchemaValue | undefined): string {
  if (value === undefined) return 'nothing';
  return kinds.find(([, is]) => is(value))?.[0] ?? `a ${typeof value}`;
}

/** Where a node keeps something: `content`, `content.main`. */
export function member(node: SchemaNode, ...path: readonly string[]): SchemaValue {
  let value: SchemaValue | undefined = node.object;
  for (const key of path) value = value instanceof SchemaObject ? value.get(key) : undefined;
  if (value === undefined) throw corruptSchema(`a ${node.loader} has no ${path.join('.')}`);
  return value instanceof SchemaHole && node.filling ? node.filling.text(value.index) : value;
}

export function text(node: SchemaNode, ...path: readonly string[]): string {
  const value = member(node, ...path);
  if (typeof value === 'string') return value;
  throw corruptSchema(`${path.join('.')} of a ${node.loader} is ${kindOf(value)}, not text`);
}

export function list(node: SchemaNode, ...path: readonly string[]): readonly SchemaValue[] {
  const value = member(node, ...path);
  if (Array.isArray(value)) return value;
  throw corruptSchema(`${path.join('.')} of a ${node.loader} is ${kindOf(value)}, not a list`);
}

export function object(node: SchemaNode, ...path: readonly string[]): SchemaObject {
  const value = member(node, ...path);
  if (value instanceof SchemaObject) return value;
  throw corruptSchema(`${path.join('.')} of a ${node.loader} is ${kindOf(value)}, not an object`);
}

/** The node that `value` is. Throws CORRUPT where something is missing, or is none. */
export function nodeOf(value: SchemaValue, filling?: Filling): SchemaNode {
  if (!(value instanceof SchemaObject)) throw corruptSchema(`${kindOf(value)} stands in place of a node`);
  const loader = value.get('__loader__');
  const module = value.get('__module__');
  const name = value.get('__class__');
  // A reference needs no class of its own, and no loader: skops looks for the id before anything else.
  if (loader === 'CachedNode' || (loader === undefined && value.get('__id__') !== undefined))
    return { object: value, loader: 'CachedNode', module: '', name: '', filling };
  if (typeof loader !== 'string') throw corruptSchema('a node names no loader');
  if (typeof module !== 'string' || typeof name !== 'string')
    throw corruptSchema(`a ${loader} names no class and module`);
  return { object: value, loader, module, name, filling };
}

/**
 * What a node's `__id__` is known by; undefined where it has none. Ids are addresses, and may be any int: one
 * beyond 2^53 must not become another.
 */
export function idOf(node: SchemaNode): number | bigint | string | undefined {
  const id = node.object.get('__id__');
  if (id instanceof SchemaHole && node.filling) return id.fixed ?? node.filling.id(id.index);
  if (id === undefined || id === null) return undefined;
  if (typeof id === 'number' || typeof id === 'bigint' || typeof id === 'string') return id;
  throw corruptSchema(`the __id__ of a ${node.loader} is ${kindOf(id)}, not an int`);
}
