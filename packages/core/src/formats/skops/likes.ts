import { BrineError } from '../../errors.js';
import { PyDict, PyFloat, PyGlobal, PyInstance, PyTuple, type PyValue } from '../../pickle/values.js';
import { isListed, jsonValue, loaderOf } from './loaders.js';
import { corruptSchema, nodeOf, SchemaHole, type SchemaNode, type SchemaObject, type SchemaValue } from './schema.js';
import type { SchemaLike, Template } from './template.js';

/** What an id stands for. */
export type Memo = Map<number | bigint | string, PyValue | typeof unfinished | Deferred>;

/** Stands in the memo for a node that is not finished. */
export const unfinished = Symbol('unfinished');

/** Stands in the memo for a node within objects that nobody has asked for yet. */
export class Deferred {
  readonly like: SchemaLike;
  readonly #objects: readonly PyDict[];

  constructor(like: SchemaLike, objects: readonly PyDict[]) {
    this.like = like;
    this.#objects = objects;
  }

  load(): void {
    for (const object of this.#objects) object.load();
  }
}

/** Makes the entries of a dict of `like`, whose nodes are those of a template. */
export type Fill = (like: SchemaLike, dict: SchemaObject, into: PyDict) => void;

/**
 * Loaders of which one made proves all that are alike: what they do hangs on names and keys, which are the same, and
 * not on the numbers and arrays that differ.
 */
const alike: ReadonlySet<string> = new Set(
  'DictNode ListNode TupleNode JsonNode TypeNode NdArrayNode ObjectNode TreeNode QuantileForestNode'.split(' '),
);

/** Lists around objects, of which a table of trees has one. */
const MAX_LISTS = 8;

/** A node of a template. */
interface Member {
  readonly node: SchemaNode;
  readonly isAlike: boolean;
  /** It is the id of another node, and nothing else. */
  readonly isReference: boolean;
  /** Undefined where nothing refers to it. */
  readonly id: SchemaHole | undefined;
  readonly file: SchemaValue | undefined;
  /** The content of a JsonNode. */
  readonly json: SchemaValue | undefined;
  /** Where its parts are. */
  readonly parts: number[];
  /** Where what is no part of it begins. */
  end: number;
}

/** What a node was when it was met: known before its object, as a node of its object, or not at all. */
interface Met {
  readonly at: number;
  readonly before: number | undefined;
  readonly within: number | undefined;
}

/**
 * Objects of one list that are alike. One of them, the model, is made as everything else is; those that come behind it
 * are compared with it, id by id, and become objects that are made when they are asked for. Whatever is not just
 * so is left to be made as everything else, and is the model from there on.
 */
export class Likes {
  readonly #members: readonly Member[];
  #model: SchemaLike | undefined;
  #met: readonly Met[] = [];
  /** What of it was met as something that may be another in the next, while its template has these holes. */
  #varying: readonly Met[] = [];
  #holes: unknown;
  /** The classes of the objects that can wait, by member. */
  #classes: ReadonlyMap<number, PyGlobal> | undefined;

  /** Undefined if a template holds what is no node. */
  static of(template: Template, protocol: number): Likes | undefined {
    try {
      return new Likes(membersOf(template.root, protocol));
    } catch (error) {
      // Whatever is wrong is said when the objects are made.
      if (error instanceof BrineError) return undefined;
      throw error;
    }
  }

  private constructor(members: readonly Member[]) {
    this.#members = members;
  }

  /** Makes `like`, which is about to be made, the model. */
  begin(like: SchemaLike, memo: Memo): void {
    this.#model = undefined;
    this.#classes = undefined;
    this.#holes = undefined;
    const own = new Map<number, number>();
    const met: Met[] = [];
    for (let at = 0; at < this.#members.length;) {
      const { id: hole, isAlike, isReference, end } = this.#members[at];
      const id = hole && idIn(hole, like);
      const within = id === undefined ? undefined : own.get(id);
      const before = id !== undefined && within === undefined && memo.has(id) ? id : undefined;
      met.push({ at, before, within });
      if (within === undefined && before === undefined) {
        if (!isAlike || isReference) return;
        if (id !== undefined) own.set(id, at);
        at++;
      } else at = end;
    }
    this.#model = like;
    this.#met = met;
  }

  /** Hears what the model became: `undefined` if values are not made at all. */
  finish(value: PyValue | undefined, memo: Memo): void {
    const model = this.#model;
    if (model === undefined) return;
    const classes = new Map<number, PyGlobal>();
    if (value === undefined || this.#canWait(0, value, memo, classes, 0)) this.#classes = classes;
    else this.#model = undefined;
  }

  /**
   * If `like` is as the model, the object that is made of it when it is asked for (null if values are not made).
   * Otherwise undefined, and nothing has happened.
   */
  take(like: SchemaLike, memo: Memo, has: (file: string) => boolean, fill: Fill | undefined): PyValue | undefined {
    if (this.#classes === undefined) return undefined;
    const objects: PyDict[] = [];
    const deferred = new Deferred(like, objects);
    const taken: number[] = [];
    for (const met of this.#varyingIn(like)) {
      if (!this.#isAsMet(met, like, memo, has, deferred, taken)) {
        for (const id of taken) memo.delete(id);
        return undefined;
      }
    }
    return fill ? this.#object(0, like, memo, objects, fill) : null;
  }

  /** Of most members, a reference to what is known holds the same in every object; one look at the holes tells. */
  #varyingIn(like: SchemaLike): readonly Met[] {
    if (like.holes !== this.#holes) {
      this.#holes = like.holes;
      this.#varying = this.#met.filter(({ at, before }) => {
        const { id } = this.#members[at];
        const isSame = before !== undefined && id !== undefined && idIn(id, like) === before;
        return !(isSame && (id.fixed !== undefined || !like.varies(id.index)));
      });
    }
    return this.#varying;
  }

  #isAsMet(
    { at, before, within }: Met,
    like: SchemaLike,
    memo: Memo,
    has: (file: string) => boolean,
    deferred: Deferred,
    taken: number[],
  ): boolean {
    const { id: hole, isReference, json, file } = this.#members[at];
    const id = hole && idIn(hole, like);
    if (before !== undefined && id === before) return true;
    if (within !== undefined && id === idIn(this.#members[within].id!, like)) return true;
    const known = id === undefined ? undefined : memo.get(id);
    // One that refers to another number than the model's is like it.
    if (isReference) return known !== undefined && isPlain(known);
    if (json !== undefined) {
      // Numbers and texts have no identity: Python shares some of them, and others not.
      const value = known === undefined ? plainValue(json, like) : known;
      if (value === undefined || !isPlain(value)) return false;
      if (id !== undefined && known === undefined) {
        memo.set(id, value);
        taken.push(id);
      }
      return true;
    }
    if (before !== undefined || within !== undefined || known !== undefined) return false;
    if (file !== undefined && !has(textIn(file, like) ?? '')) return false;
    if (id === undefined) return true;
    memo.set(id, deferred);
    taken.push(id);
    return true;
  }

  /** Is the value of this member an object that can wait for its attributes, or a list of such? */
  #canWait(at: number, value: PyValue, memo: Memo, classes: Map<number, PyGlobal>, depth: number): boolean {
    const { node, parts } = this.#members[at];
    if (!this.#isNew(at) || depth > MAX_LISTS) return false;
    if (node.loader === 'ListNode')
      return (
        Array.isArray(value) &&
        value.length === parts.length &&
        parts.every((part, i) => this.#canWait(part, value[i], memo, classes, depth + 1))
      );
    if (node.loader !== 'ObjectNode' || parts.length !== 1 || !(value instanceof PyInstance)) return false;
    const { made, callable, args, kwargs, appended, entries, state } = value;
    const dict = this.#members[parts[0]];
    const isPlainObject = made === 'new' && args.items.length === 0 && !kwargs && !appended && !entries;
    const isPlainState =
      dict.node.loader === 'DictNode' &&
      dict.node.module === 'builtins' &&
      dict.node.name === 'dict' &&
      this.#isNew(parts[0]) &&
      state instanceof PyDict &&
      (dict.id === undefined || state === memo.get(idIn(dict.id, this.#model!)));
    if (!isPlainObject || !isPlainState || !(callable instanceof PyGlobal)) return false;
    classes.set(at, callable);
    return true;
  }

  #isNew(at: number): boolean {
    return this.#met.some((met) => met.at === at && met.before === undefined && met.within === undefined);
  }

  #object(at: number, like: SchemaLike, memo: Memo, objects: PyDict[], fill: Fill): PyValue {
    const { id, parts } = this.#members[at];
    const type = this.#classes!.get(at);
    let value: PyValue;
    if (type) {
      const dict = this.#members[parts[0]];
      // What two of them share belongs to the first.
      const earlier = [...objects];
      const state = PyDict.later((into) => {
        for (const object of earlier) object.load();
        fill(like, dict.node.object, into);
      });
      objects.push(state);
      if (dict.id) memo.set(idIn(dict.id, like), state);
      const instance = new PyInstance('new', type, new PyTuple([]));
      instance.state = state;
      value = instance;
    } else value = parts.map((part) => this.#object(part, like, memo, objects, fill));
    if (id) memo.set(idIn(id, like), value);
    return value;
  }
}

/** The nodes of a template in the order in which they are made. Throws CORRUPT, UNSUPPORTED. */
function membersOf(root: SchemaObject, protocol: number): Member[] {
  const members: Member[] = [];
  const stack: { member: Member; parts: readonly SchemaValue[]; next: number }[] = [];
  const enter = (value: SchemaValue): void => {
    const node = nodeOf(value);
    const isReference = node.loader === 'CachedNode';
    const loader = isReference ? undefined : loaderOf(node, protocol);
    const id = node.object.get('__id__');
    // An id that is no small number is for the reader.
    if (id !== undefined && id !== null && !(id instanceof SchemaHole)) throw corruptSchema('an id of another kind');
    stack[stack.length - 1]?.member.parts.push(members.length);
    const member: Member = {
      node,
      isAlike: alike.has(node.loader) && !(node.loader === 'NdArrayNode' && isListed(node)),
      isReference,
      id: id instanceof SchemaHole ? id : undefined,
      file: node.loader === 'NdArrayNode' ? node.object.get('file') : undefined,
      json: node.loader === 'JsonNode' ? node.object.get('content') : undefined,
      parts: [],
      end: 0,
    };
    members.push(member);
    stack.push({ member, parts: loader?.parts?.(node) ?? [], next: 0 });
  };
  enter(root);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    if (top.next < top.parts.length) enter(top.parts[top.next++]);
    else {
      top.member.end = members.length;
      stack.pop();
    }
  }
  return members;
}

function idIn(hole: SchemaHole, like: SchemaLike): number {
  return hole.fixed ?? like.id(hole.index);
}

function textIn(value: SchemaValue, like: SchemaLike): string | undefined {
  if (value instanceof SchemaHole) return like.text(value.index);
  return typeof value === 'string' ? value : undefined;
}

/** The value of a JsonNode; undefined where it is none. */
function plainValue(json: SchemaValue, like: SchemaLike): PyValue | undefined {
  const text = textIn(json, like);
  try {
    return text === undefined ? undefined : jsonValue(text);
  } catch (error) {
    if (error instanceof BrineError) return undefined;
    throw error;
  }
}

function isPlain(value: PyValue | typeof unfinished | Deferred): boolean {
  return value !== unfinished && (typeof value !== 'object' || value === null || value instanceof PyFloat);
}
