import { BrineError } from '../../errors.js';
import { PyGlobal, type PyValue } from '../../pickle/values.js';
import type { World } from '../../pickle/world.js';
import { loaderOf, type Loader, type Stored } from './loaders.js';
import { corruptSchema, idOf, nodeOf, type SchemaNode, type SchemaValue } from './schema.js';
import * as trusted from './trusted.js';

export interface Building {
  readonly protocol: number;
  readonly world: World;
  /** Characters of schema.json. */
  readonly schemaSize: number;
  /** False only looks at every name, and makes nothing. */
  readonly make?: boolean;
  /** Reads a member of the archive. */
  readonly read: (name: string, kind: 'npy' | 'npz' | 'bytes') => Promise<Stored>;
}

export interface Built {
  readonly value: PyValue;
  /** Every name that Python would import, in the order of the file; Python's own containers and numbers aside. */
  readonly names: readonly PyGlobal[];
  /** What `skops.io.get_untrusted_types` answers. */
  readonly untrusted: readonly string[];
}

/** A node whose parts are being made. */
interface Frame {
  readonly node: SchemaNode;
  readonly loader: Loader;
  readonly type: PyGlobal;
  readonly parts: readonly SchemaValue[];
  readonly values: PyValue[];
  readonly id: number | bigint | string | undefined;
  readonly trustsLosses: boolean;
}

/** Built into Python's syntax, so to say: a pickle has opcodes for them and names none. */
const syntax = new Set(
  'bool bytearray bytes dict float int list set slice str tuple'.split(' ').map((name) => `builtins.${name}`),
);

const nothing: readonly SchemaValue[] = [];

/** Stands in the memo for a node that is not finished. */
const unfinished = Symbol('unfinished');

/**
 * Makes the inert value of a tree of nodes. Each node's name is resolved once: it is what is judged, what is
 * listed and what is made. A repeated `__id__` is the object that had it first. Nothing recurses.
 *
 * Throws CORRUPT, UNSUPPORTED, LIMIT and what reading members throws.
 */
export async function build(root: SchemaValue, building: Building): Promise<Built> {
  const memo = new Map<number | bigint | string, PyValue | typeof unfinished>();
  const globals = new Map<string, Map<string, PyGlobal>>();
  const judged = new Map<PyGlobal, Set<Loader>>();
  const names: PyGlobal[] = [];
  const untrusted = new Set<string>();
  const stack: Frame[] = [];

  const named = (module: string, name: string): PyGlobal => {
    let inModule = globals.get(module);
    if (!inModule) globals.set(module, (inModule = new Map<string, PyGlobal>()));
    let global = inModule.get(name);
    if (!global) {
      inModule.set(name, (global = new PyGlobal(module, name)));
      if (!syntax.has(global.fullName)) names.push(global);
    }
    return global;
  };

  /** Adds what nobody trusts. The same name comes by the thousand: it is looked up once for each loader. */
  const judge = (type: PyGlobal, loader: Loader, trustsLosses: boolean): void => {
    let by = judged.get(type);
    if (!by) judged.set(type, (by = new Set()));
    if (by.has(loader) || (trustsLosses && trusted.losses.has(type.fullName))) return;
    by.add(loader);
    if (!loader.trusts!.some((names) => names.has(type.fullName))) untrusted.add(type.fullName);
  };

  /** The value of a node that is known already; otherwise puts it on the stack. */
  const enter = (value: SchemaValue, trustsLosses: boolean): PyValue | undefined => {
    const node = nodeOf(value);
    const id = idOf(node);
    const known = id === undefined ? undefined : memo.get(id);
    if (known === unfinished) throw corruptSchema(`the object with the id ${String(id)} holds itself`);
    if (known !== undefined) return known;
    if (node.loader === 'CachedNode') throw corruptSchema(`no object has the id ${String(id)} that is referred to`);
    const loader = loaderOf(node, building.protocol);
    const type = loader.trusts ? named(...(loader.names?.(node) ?? [node.module, node.name])) : none;
    if (loader.trusts) {
      judge(type, loader, trustsLosses);
      for (const name of loader.asks?.(node) ?? []) untrusted.add(name);
    }
    if (id !== undefined) memo.set(id, unfinished);
    const parts = loader.parts?.(node) ?? nothing;
    const losses = trustsLosses || loader.trustsLosses === true;
    stack.push({ node, loader, type, parts, values: [], id, trustsLosses: losses });
    return undefined;
  };

  const madeOf = async ({ node, loader, type, values }: Frame): Promise<PyValue> => {
    const file = loader.file?.(node);
    const stored = file && (await building.read(file.name, file.kind));
    const { world, schemaSize } = building;
    return loader.make({ node, type, values, stored, world, named, schemaSize });
  };

  try {
    enter(root, false);
    for (;;) {
      const frame = stack[stack.length - 1];
      if (frame.values.length < frame.parts.length) {
        const known = enter(frame.parts[frame.values.length], frame.trustsLosses);
        if (known !== undefined) frame.values.push(known);
        continue;
      }
      const { id } = frame;
      const value = building.make === false ? null : await madeOf(frame);
      if (id !== undefined) memo.set(id, value);
      stack.pop();
      const parent = stack[stack.length - 1];
      if (!parent) return { value, names, untrusted: [...untrusted].sort() };
      parent.values.push(value);
    }
  } catch (error) {
    if (!(error instanceof BrineError) || Object.keys(error.place).length > 0) throw error;
    throw new BrineError(error.code, error.message, { path: pathOf(stack) }, { cause: error });
  }
}

/** The name of what names nothing. */
const none = new PyGlobal('', '');

/** As many classes are named in a message. */
const SHOWN = 8;

/** The classes around the place of an error, the outermost first. */
function pathOf(stack: readonly Frame[]): string {
  const around = stack.map(({ node }) => node.name.slice(0, 80));
  return (around.length > SHOWN ? [...around.slice(0, 3), '…', ...around.slice(3 - SHOWN)] : around).join(' > ');
}
