import { openZip } from '../../../archive/zip.js';
import { ZipComparison } from '../../../archive/zip-compare.js';
import { PackingAhead, zipArchive } from '../../../archive/zip-write.js';
import type { Source } from '../../../bytes/source.js';
import { BrineError } from '../../../errors.js';
import { PyGlobal, PyTuple, type PyValue } from '../../../pickle/values.js';
import { isAtom, isInt, jsonText, type Atom } from './json-text.js';
import { Members } from './members.js';
import { Child, Fields, unsayable, type Node, type Part, type Writing } from './node.js';
import { atomNode, nodeFor } from './nodes.js';

export interface SkopsWriteOptions {
  /** 0 for skops up to 0.5, 1 up to 0.9, 2 (the default) since. */
  readonly protocol?: number | undefined;
  /** 1 or 2: the numpy that is to load it, where its classes have different names (default 2). */
  readonly numpy?: 1 | 2 | undefined;
  /** How hard to deflate, from 1 to 9 (default 6); undefined stores everything as it is. */
  readonly level?: number | undefined;
  /** Begins to pack arrays while others are looked at: for whoever will ask for `chunks`. */
  readonly ahead?: boolean | undefined;
  /** Told every name before anything is written; throws to refuse it. */
  readonly vet?: (name: PyGlobal) => void;
}

export interface SkopsOutput {
  /** What the file does not hold, in clauses. */
  readonly lost: readonly string[];
  /** The archive, in pieces. */
  readonly chunks: () => AsyncIterable<Uint8Array>;
  /** The content of its members, one after the other, as it is before it is deflated. */
  readonly contents: () => AsyncIterable<Uint8Array>;
  /**
   * Begins to look whether `file` holds the members that are in memory, all but the schema. Whoever reads `file` from then
   * on is given that memory, and need not make the same again.
   */
  readonly compare: (file: Source) => Promise<ZipComparison>;
}

/** The skops that wrote each protocol last. */
const VERSIONS = ['0.5.0', '0.9.0', '0.10.0'];

/**
 * A value as a skops file, as small as its readers allow: no indentation; what occurs again is its id alone, which every
 * skops looks up before anything else; equal arrays are stored once and deflated where that pays.
 *
 * Throws UNSUPPORTED for what skops cannot hold, or would load as something else; and what `vet` throws.
 */
export async function skopsFile(value: PyValue, options: SkopsWriteOptions = {}): Promise<SkopsOutput> {
  const protocol = options.protocol ?? 2;
  if (![0, 1, 2].includes(protocol)) {
    throw new BrineError('BAD_ARGUMENT', `skops files are written in protocols 0 to 2, not ${protocol}`);
  }
  const lost = new Set<string>();
  const lists = new Map<string, PyValue[]>();
  const packing = options.ahead === true ? new PackingAhead() : undefined;
  const members = new Members(options.level, packing);
  const plan = new Plan(
    {
      protocol,
      numpy: options.numpy ?? 2,
      members,
      keyTypes: (types) => {
        const key = types.map((type) => (type as PyGlobal).fullName).join();
        let list = lists.get(key);
        if (!list) lists.set(key, (list = [...types]));
        return list;
      },
      lose: (what) => lost.add(what),
    },
    options.vet,
  );
  const steps = plan.walk(value);
  while (steps.next().done !== true) if (packing?.isBusy === true) await packing.turn();
  const text = plan.text(value, protocol);
  const schema = { name: 'schema.json', level: options.level, chunks: () => [text], size: text.length };
  return {
    lost: [...lost],
    chunks: () => zipArchive([...members.list, schema]),
    contents: async function* () {
      for (const member of [schema, ...members.contents]) yield* member.chunks();
    },
    compare: async (file) => new ZipComparison(await openZip(file), members.pieces),
  };
}

/** Numbers and text by what they say, empty tuples and names by what they are, everything else by itself. */
function keyOf(value: PyValue): unknown {
  if (isAtom(value)) return `=${jsonText(value)}`;
  if (value instanceof PyGlobal) return `g${value.module}\n${value.name}`;
  return value instanceof PyTuple && value.items.length === 0 ? '()' : value;
}

/**
 * An int as a member of something is written where it stands, though it may occur elsewhere: so all trees of a forest
 * have one form, whichever depths they happen to share, and readers can tell that they are alike.
 */
const standsAlone = (part: Part): part is Child & { value: number | bigint } =>
  part instanceof Child && isInt(part.value);

function atomText(value: Atom): string {
  const node = atomNode(value);
  return `{${head(node)},${node.fields.map(([key, text]) => `"${key}":${text as string}`).join()}}`;
}

/** A node, and how often it occurs. */
interface Planned {
  readonly node: Node;
  shared: boolean;
  id: number;
  open: boolean;
}

class Plan {
  readonly #writing: Writing;
  readonly #vet: ((name: PyGlobal) => void) | undefined;
  readonly #nodes = new Map<unknown, Planned>();

  constructor(writing: Writing, vet: ((name: PyGlobal) => void) | undefined) {
    this.#writing = writing;
    this.#vet = vet;
  }

  /** Makes the node of everything, once, one after the other. Nothing recurses. */
  *walk(root: PyValue): Generator<void> {
    const todo: Child[] = [new Child(root)];
    const push = (part: Part): void => {
      if (standsAlone(part)) return;
      if (part instanceof Child) todo.push(part);
      else if (part instanceof Fields) for (const [, inner] of part.entries) push(inner);
      else if (typeof part !== 'string') for (const inner of part) todo.push(inner);
    };
    for (let next = todo.pop(); next; next = todo.pop()) {
      const key = keyOf(next.value);
      const known = this.#nodes.get(key);
      if (known) {
        known.shared = true;
        continue;
      }
      const node = nodeFor(next.value, this.#writing);
      if (!syntax.has(node.loader)) this.#vet?.(new PyGlobal(node.module, node.name));
      this.#nodes.set(key, { node, shared: false, id: 0, open: false });
      for (const [, part] of node.fields) push(part);
      yield;
    }
  }

  /** schema.json. */
  text(root: PyValue, protocol: number): Uint8Array {
    const out = new TextOutput();
    const ends: (string | Planned | Rest)[] = [];
    let lastId = 0;
    const begin = (child: Child): void => {
      const planned = this.#nodes.get(keyOf(child.value))!;
      const { node } = planned;
      if (planned.id > 0) {
        if (planned.open) throw unsayable(`a ${node.module}.${node.name} that holds itself`);
        const about = child.named ? `${head(node)},` : '';
        out.add(`{${about}"__id__":${planned.id}}`);
        return;
      }
      out.add(`{${head(node)}`);
      if (planned.shared) out.add(`,"__id__":${(planned.id = ++lastId)}`);
      planned.open = true;
      ends.push(planned, new Rest(node.fields, true));
    };
    const put = (part: Part): void => {
      if (typeof part === 'string') out.add(part);
      else if (part instanceof Child) begin(part);
      else if (part instanceof Fields) {
        out.add('{');
        ends.push('}', new Rest(part.entries, false));
      } else {
        out.add('[');
        ends.push(
          ']',
          new Rest(
            part.map((item) => [undefined, item]),
            false,
          ),
        );
      }
    };
    begin(new Child(root));
    for (let next = ends.pop(); next !== undefined; next = ends.pop()) {
      if (typeof next === 'string') out.add(next);
      else if (next instanceof Rest) {
        const entry = next.entries[next.at];
        if (!entry) continue;
        const [key, part] = entry;
        if (next.at++ > 0 || next.comma) out.add(',');
        if (key !== undefined) out.add(`${JSON.stringify(key)}:`);
        ends.push(next);
        if (key !== undefined && standsAlone(part)) out.add(atomText(part.value));
        else put(part);
      } else {
        next.open = false;
        if (ends.length === 0) out.add(`,"protocol":${protocol},"_skops_version":"${VERSIONS[protocol]}"`);
        out.add('}');
      }
    }
    return out.bytes();
  }
}

/** Members or items that are still to be written. */
class Rest {
  readonly entries: readonly (readonly [string | undefined, Part])[];
  readonly comma: boolean;
  at = 0;
  constructor(entries: readonly (readonly [string | undefined, Part])[], comma: boolean) {
    this.entries = entries;
    this.comma = comma;
  }
}

function head({ loader, module, name }: Node): string {
  return `"__class__":${JSON.stringify(name)},"__module__":${JSON.stringify(module)},"__loader__":"${loader}"`;
}

/** Loaders that name nothing but Python's own syntax. */
const syntax = new Set(['JsonNode', 'SliceNode', 'BytesNode', 'BytearrayNode']);

/** Text that grows piece by piece, as UTF-8. */
class TextOutput {
  #parts: string[] = [];
  #done: Uint8Array[] = [];
  #length = 0;

  add(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
    if (this.#length > 1 << 16) this.#flush();
  }

  #flush(): void {
    this.#done.push(new TextEncoder().encode(this.#parts.join('')));
    this.#parts = [];
    this.#length = 0;
  }

  bytes(): Uint8Array {
    this.#flush();
    const out = new Uint8Array(this.#done.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of this.#done) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }
}
