import { BrineError } from '../../errors.js';
import type { Source } from '../../bytes/source.js';
import { LARGE_WEIGHTS, MAX_SKELETON } from './limits.js';
import { GRAPH, MODEL, TENSOR } from './schema.js';
import type { Elsewhere } from './tensor.js';
import { WIRE, WireReader } from './wire.js';

/**
 * A file that is too large for one buffer, as its skeleton: the same messages, without the raw bytes of the
 * large weights, and where those lie.
 */
export interface Skeleton {
  readonly bytes: Uint8Array;
  /** By the place of the initializer in the graph. */
  readonly apart: ReadonlyMap<number, Elsewhere>;
}

interface Field {
  readonly number: number;
  readonly wire: number;
  /** Where the field begins, its content begins, and it ends. */
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

/** How much is read at once to find the fields. */
const WINDOW = 2 ** 16;
/** A tag and a length take at most this many bytes. */
const HEAD = 15;

export async function readSkeleton(source: Source): Promise<Skeleton> {
  const scan = new Scan(source);
  const apart = new Map<number, Elsewhere>();
  const graph: Uint8Array[] = [];
  const model: Uint8Array[] = [];
  let initializers = 0;
  for await (const field of scan.fields(0, source.size)) {
    if (field.number !== MODEL.graph || field.wire !== WIRE.bytes) {
      model.push(await scan.copy(field.start, field.end));
      continue;
    }
    for await (const part of scan.fields(field.content, field.end)) {
      const weight = part.number === GRAPH.initializer && part.wire === WIRE.bytes;
      if (weight && part.end - part.content >= LARGE_WEIGHTS) {
        const kept: Uint8Array[] = [];
        for await (const inner of scan.fields(part.content, part.end)) {
          if (inner.number === TENSOR.rawData && inner.end - inner.content >= LARGE_WEIGHTS)
            apart.set(initializers, {
              location: undefined,
              offset: inner.content,
              length: inner.end - inner.content,
            });
          else kept.push(await scan.copy(inner.start, inner.end));
        }
        graph.push(wrapped(GRAPH.initializer, kept));
      } else graph.push(await scan.copy(part.start, part.end));
      if (weight) initializers++;
    }
  }
  model.push(wrapped(MODEL.graph, graph));
  return { bytes: join(model), apart };
}

class Scan {
  readonly #source: Source;
  #window: Uint8Array = new Uint8Array(0);
  #from = 0;
  #kept = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  /** The fields between two places, without their content. */
  async *fields(from: number, to: number): AsyncGenerator<Field> {
    for (let at = from; at < to;) {
      const head = await this.#bytes(at, Math.min(HEAD, to - at));
      const r = new WireReader(head, this.#source.name, at);
      r.next();
      const { field: number, wire } = r;
      let content = at + r.pos;
      let length = 0;
      if (wire === WIRE.bytes) {
        length = r.lengthAhead();
        content = at + r.pos;
      } else {
        r.skip();
        length = at + r.pos - content;
      }
      const end = content + length;
      if (end > to)
        throw new BrineError('TRUNCATED', `a field of ${length} bytes where ${to - content} are left`, {
          file: this.#source.name,
          offset: at,
        });
      yield { number, wire, start: at, content, end };
      at = end;
    }
  }

  async copy(from: number, to: number): Promise<Uint8Array> {
    this.#kept += to - from;
    if (this.#kept > MAX_SKELETON)
      throw new BrineError('LIMIT', `a graph of more than ${MAX_SKELETON} bytes besides its large weights`, {
        file: this.#source.name,
      });
    return (await this.#bytes(from, to - from)).slice();
  }

  async #bytes(from: number, length: number): Promise<Uint8Array> {
    const inside = from >= this.#from && from + length <= this.#from + this.#window.byteLength;
    if (!inside) {
      this.#window = await this.#source.read(from, Math.min(Math.max(length, WINDOW), this.#source.size - from));
      this.#from = from;
    }
    return this.#window.subarray(from - this.#from, from - this.#from + length);
  }
}

/** A length-delimited field around parts. */
function wrapped(field: number, parts: readonly Uint8Array[]): Uint8Array {
  const body = join(parts);
  const head: number[] = [];
  for (const v of [field * 8 + WIRE.bytes, body.byteLength]) {
    let rest = v;
    for (; rest > 127; rest = Math.floor(rest / 128)) head.push((rest & 127) | 128);
    head.push(rest);
  }
  return join([Uint8Array.from(head), body]);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, p) => sum + p.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.byteLength;
  }
  return out;
}
