import { BrineError } from '../../errors.js';
import { PyGlobal, type PyDict, type PyValue } from '../../pickle/values.js';
import type { World } from '../../pickle/world.js';
import { Deferred, Likes, unfinished, type Fill, type Memo } from './likes.js';
import { loaderOf, type Loader, type Stored, type StoredFile } from './loaders.js';
import { corruptSchema, idOf, nodeOf, SchemaObject, type SchemaNode, type SchemaValue } from './schema.js';
import { SchemaLike, type Template } from './template.js';
import * as trusted from './trusted.js';

export interface Building {
  /** What to call the file in messages. */
  readonly file: string;
  readonly protocol: number;
  readonly world: World;
  /** Characters of schema.json. */
  readonly schemaSize: number;
  /** False only looks at every name, and makes nothing. */
  readonly make?: boolean;
  /** Has the archive such a member? */
  readonly has: (name: string) => boolean;
  /** Reads a member of the archive, if that is possible without waiting: then objects of a kind can be made later. */
  readonly readNow: ((file: StoredFile) => Stored) | undefined;
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
  /** Hears what the node becomes. */
  readonly likes: Likes | undefined;
}

/** Built into Python's syntax, so to say: a pickle has opcodes for them and names none. */
const syntax = new Set(
  'bool bytearray bytes dict float int list set slice str tuple'.split(' ').map((name) => `builtins.${name}`),
);

const nothing: readonly SchemaValue[] = [];

/**
 * Makes the inert value of a tree of nodes. Each node's name is resolved once: it is what is judged, what is
 * listed and what is made. A repeated `__id__` is the object that had it first. Nothing recurses.
 *
 * Objects that are like the one before them in a list are compared with it, and made when they are asked for.
 */
export class Builder {
  readonly #building: Building;
  readonly #memo: Memo = new Map();
  readonly #globals = new Map<string, Map<string, PyGlobal>>();
  readonly #judged = new Map<PyGlobal, Set<Loader>>();
  readonly #names: PyGlobal[] = [];
  readonly #untrusted = new Set<string>();
  readonly #likes = new Map<Template, Likes | undefined>();
  /** Undefined where everything is made at once, or nothing is made. */
  readonly #fill: Fill | undefined;

  constructor(building: Building) {
    this.#building = building;
    const { make, readNow } = building;
    if (make !== false && readNow) this.#fill = this.#filling(readNow);
  }

  /** Every name that Python would import, in the order of the file; Python's own containers and numbers aside. */
  get names(): readonly PyGlobal[] {
    return this.#names;
  }

  /** What `skops.io.get_untrusted_types` answers. */
  get untrusted(): readonly string[] {
    return [...this.#untrusted].sort();
  }

  /** Makes the value of `root`; asks for members of the archive. Throws CORRUPT, UNSUPPORTED, LIMIT. */
  build(root: SchemaValue): Generator<StoredFile, PyValue, Stored> {
    return this.#run(root, undefined, undefined);
  }

  /** Makes `root`; with `like` and `into`, the dict `into` of nodes of a template. */
  *#run(
    root: SchemaValue,
    like: SchemaLike | undefined,
    into: PyDict | undefined,
  ): Generator<StoredFile, PyValue, Stored> {
    const { world, schemaSize, make, has } = this.#building;
    const named = (module: string, name: string): PyGlobal => this.#named(module, name);
    const stack: Frame[] = [];
    try {
      if (like) this.#push(stack, nodeOf(root, like), undefined, false, undefined);
      else this.#enter(stack, root, undefined, false);
      for (;;) {
        const frame = stack[stack.length - 1];
        if (frame.values.length < frame.parts.length) {
          const known = this.#enter(stack, frame.parts[frame.values.length], like, frame.trustsLosses);
          if (known !== undefined) frame.values.push(known);
          continue;
        }
        const { node, loader, type, values, id, likes } = frame;
        let value: PyValue = null;
        const file = loader.file?.(node);
        if (file && !has(file.name)) throw missing(file.name);
        if (make !== false) {
          const stored = file && (yield file);
          const target = stack.length === 1 ? into : undefined;
          value = loader.make({ node, type, values, stored, world, named, schemaSize, into: target });
        }
        if (id !== undefined) this.#memo.set(id, value);
        likes?.finish(make === false ? undefined : value, this.#memo);
        stack.pop();
        const parent = stack[stack.length - 1];
        if (!parent) return value;
        parent.values.push(value);
      }
    } catch (error) {
      if (!(error instanceof BrineError) || Object.keys(error.place).length > 0) throw error;
      const { file } = this.#building;
      throw new BrineError(error.code, error.message, { path: pathOf(stack), file }, { cause: error });
    }
  }

  /** The value of a node that is known already; otherwise puts it on the stack. */
  #enter(stack: Frame[], value: SchemaValue, like: SchemaLike | undefined, trustsLosses: boolean): PyValue | undefined {
    const likes = like === undefined ? this.#likesOf(value) : undefined;
    if (likes && value instanceof SchemaLike) {
      const object = likes.take(value, this.#memo, this.#building.has, this.#fill);
      if (object !== undefined) return object;
    }
    const node = nodeOf(value, like);
    const id = idOf(node);
    let known = id === undefined ? undefined : this.#memo.get(id);
    if (known instanceof Deferred) {
      // Of the object that is being made itself, nothing is known yet.
      if (known.like === like) known = undefined;
      else if (this.#building.make === false) return null;
      else {
        known.load();
        known = this.#memo.get(id!);
      }
    }
    if (known === unfinished) throw corruptSchema(`the object with the id ${String(id)} holds itself`);
    if (known instanceof Deferred) throw corruptSchema(`the object with the id ${String(id)} was not made`);
    if (known !== undefined) return known;
    if (node.loader === 'CachedNode') throw corruptSchema(`no object has the id ${String(id)} that is referred to`);
    if (likes) likes.begin(value instanceof SchemaLike ? value : (value as SchemaObject).template!.first, this.#memo);
    this.#push(stack, node, id, trustsLosses, likes);
    return undefined;
  }

  #push(
    stack: Frame[],
    node: SchemaNode,
    id: number | bigint | string | undefined,
    trustsLosses: boolean,
    likes: Likes | undefined,
  ): void {
    const loader = loaderOf(node, this.#building.protocol);
    const type = loader.trusts ? this.#named(...(loader.names?.(node) ?? [node.module, node.name])) : none;
    if (loader.trusts) {
      this.#judge(type, loader, trustsLosses);
      for (const name of loader.asks?.(node) ?? []) this.#untrusted.add(name);
    }
    if (id !== undefined) this.#memo.set(id, unfinished);
    const parts = loader.parts?.(node) ?? nothing;
    const losses = trustsLosses || loader.trustsLosses === true;
    stack.push({ node, loader, type, parts, values: [], id, trustsLosses: losses, likes });
  }

  /** What is known of the objects that are like `value`, where they may be made later. */
  #likesOf(value: SchemaValue): Likes | undefined {
    const template = value instanceof SchemaObject ? value.template : undefined;
    if (template === undefined || (this.#fill === undefined && this.#building.make !== false)) return undefined;
    let likes = this.#likes.get(template);
    if (likes === undefined && !this.#likes.has(template)) {
      likes = Likes.of(template, this.#building.protocol);
      this.#likes.set(template, likes);
    }
    return likes;
  }

  /** Makes the attributes of an object of which nothing but its likes has been made. */
  #filling(readNow: (file: StoredFile) => Stored): Fill {
    return (like, dict, into) => {
      const run = this.#run(dict, like, into);
      for (let step = run.next(); !step.done;) step = run.next(readNow(step.value));
    };
  }

  #named(module: string, name: string): PyGlobal {
    let inModule = this.#globals.get(module);
    if (!inModule) this.#globals.set(module, (inModule = new Map<string, PyGlobal>()));
    let global = inModule.get(name);
    if (!global) {
      inModule.set(name, (global = new PyGlobal(module, name)));
      if (!syntax.has(global.fullName)) this.#names.push(global);
    }
    return global;
  }

  /** Adds what nobody trusts. The same name comes by the thousand: it is looked up once for each loader. */
  #judge(type: PyGlobal, loader: Loader, trustsLosses: boolean): void {
    let by = this.#judged.get(type);
    if (!by) this.#judged.set(type, (by = new Set()));
    if (by.has(loader) || (trustsLosses && trusted.losses.has(type.fullName))) return;
    by.add(loader);
    if (!loader.trusts!.some((names) => names.has(type.fullName))) this.#untrusted.add(type.fullName);
  }
}

function missing(name: string): BrineError {
  return corruptSchema(`the archive has no member ${JSON.stringify(name.slice(0, 200))}`);
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
