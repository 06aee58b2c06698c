import type { Source } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';

/** Keys, tensors, items of one list, nesting of lists: what large models have, many times over (CWE-400, CWE-789). */
const MAX_KEYS = 100_000;
const MAX_TENSORS = 1_000_000;
const MAX_ITEMS = 10_000_000;
const MAX_NESTING = 4;
const MAX_TEXT = 64 * 1024 * 1024;
const MAX_RANK = 8;
/** Bytes read at once. */
const WINDOW = 1024 * 1024;

/** Sizes of numbers by their type; 8 is text, 9 a list. */
const sizes: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };

/** Elements and bytes of a block, by ggml's number of the type. */
const blocks: Readonly<Record<number, readonly [number, number]>> = {
  0: [1, 4],
  1: [1, 2],
  2: [32, 18],
  3: [32, 20],
  6: [32, 22],
  7: [32, 24],
  8: [32, 34],
  9: [32, 36],
  10: [256, 84],
  11: [256, 110],
  12: [256, 144],
  13: [256, 176],
  14: [256, 210],
  15: [256, 292],
  16: [256, 66],
  17: [256, 74],
  18: [256, 98],
  19: [256, 50],
  20: [32, 18],
  21: [256, 110],
  22: [256, 82],
  23: [256, 136],
  24: [1, 1],
  25: [1, 2],
  26: [1, 4],
  27: [1, 8],
  28: [1, 8],
  29: [256, 56],
  30: [1, 2],
  34: [256, 54],
  35: [256, 66],
  39: [32, 17],
};

export interface GgufTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: number;
  /** From the beginning of the data. */
  readonly offset: number;
  /** Bytes; undefined of a type that is not known here. */
  readonly length: number | undefined;
}

export interface GgufHeader {
  readonly version: number;
  /** Texts and numbers by their keys; of lists, the texts in them. */
  readonly metadata: ReadonlyMap<string, string | number | readonly string[]>;
  readonly tensors: readonly GgufTensor[];
  readonly dataOffset: number;
}

/**
 * The header of a GGUF file, versions 1 to 3 in either byte order: metadata and where the tensors lie.
 *
 * @throws TRUNCATED, CORRUPT, UNSUPPORTED, LIMIT.
 * Source: ggml's docs/gguf.md.
 */
export async function readGgufHeader(source: Source): Promise<GgufHeader> {
  const reader = new Reader(source);
  const magic = await reader.take(4);
  const little = magic[0] === 0x47;
  reader.little = little;
  const version = await reader.u32();
  if (version < 1 || version > 3) throw reader.error('UNSUPPORTED', `version ${version}`);
  reader.wide = version > 1;
  const tensorCount = await reader.count(MAX_TENSORS, 'tensors');
  const keyCount = await reader.count(MAX_KEYS, 'keys');
  const metadata = new Map<string, string | number | readonly string[]>();
  for (let i = 0; i < keyCount; i++) {
    const key = await reader.text();
    if (metadata.has(key)) throw reader.error('CORRUPT', `the key ${JSON.stringify(key.slice(0, 80))} twice`);
    metadata.set(key, await reader.value(await reader.u32(), 0));
  }
  const tensors: GgufTensor[] = [];
  for (let i = 0; i < tensorCount; i++) {
    const name = await reader.text();
    const rank = await reader.u32();
    if (rank > MAX_RANK) throw reader.error('CORRUPT', `a tensor of ${rank} dimensions`);
    const shape: number[] = [];
    for (let k = 0; k < rank; k++) shape.push(await reader.length());
    const type = await reader.u32();
    const offset = await reader.u64();
    const block = blocks[type];
    const elements = shape.reduce((total, n) => total * n, 1);
    tensors.push({
      name,
      shape,
      type,
      offset,
      length: block === undefined ? undefined : (elements / block[0]) * block[1],
    });
  }
  const alignment = metadata.get('general.alignment');
  const align = typeof alignment === 'number' && alignment >= 1 ? alignment : 32;
  return { version, metadata, tensors, dataOffset: Math.ceil(reader.pos / align) * align };
}

class Reader {
  pos = 0;
  little = true;
  /** Counts and lengths of 8 bytes, since version 2. */
  wide = true;
  readonly #source: Source;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #items = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  error(code: 'CORRUPT' | 'UNSUPPORTED' | 'LIMIT' | 'TRUNCATED', what: string): BrineError {
    return new BrineError(code, `GGUF: ${what}`, { file: this.#source.name, offset: this.pos });
  }

  async take(length: number): Promise<Uint8Array> {
    if (!(length <= this.#source.size - this.pos))
      throw this.error('TRUNCATED', `${length} bytes where ${this.#source.size - this.pos} are left`);
    if (this.pos < this.#at || this.pos + length > this.#at + this.#bytes.length) {
      this.#bytes = await this.#source.read(this.pos, Math.min(Math.max(length, WINDOW), this.#source.size - this.pos));
      this.#at = this.pos;
    }
    const from = this.pos - this.#at;
    this.pos += length;
    return this.#bytes.subarray(from, from + length);
  }

  async #number(size: number): Promise<number> {
    const bytes = await this.take(size);
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + bytes[this.little ? size - 1 - i : i];
    return value;
  }

  u32(): Promise<number> {
    return this.#number(4);
  }

  u64(): Promise<number> {
    return this.#number(8);
  }

  length(): Promise<number> {
    return this.#number(this.wide ? 8 : 4);
  }

  async count(most: number, what: string): Promise<number> {
    const n = await this.length();
    if (n > most) throw this.error('LIMIT', `${n} ${what} (limit ${most})`);
    return n;
  }

  async text(): Promise<string> {
    const length = await this.length();
    if (length > MAX_TEXT) throw this.error('LIMIT', `a text of ${length} bytes (limit ${MAX_TEXT})`);
    return new TextDecoder().decode(await this.take(length));
  }

  /** A value; of lists, the texts in them. */
  async value(type: number, depth: number): Promise<string | number | readonly string[]> {
    if (type === 8) return this.text();
    const size = sizes[type];
    if (size !== undefined) return this.#number(size);
    if (type !== 9) throw this.error('CORRUPT', `a value of type ${type}`);
    if (depth >= MAX_NESTING) throw this.error('CORRUPT', 'lists within lists');
    const inner = await this.u32();
    const n = await this.length();
    this.#items += n;
    if (!(this.#items <= MAX_ITEMS)) throw this.error('LIMIT', `more than ${MAX_ITEMS} items in lists`);
    const innerSize = sizes[inner];
    if (innerSize !== undefined) {
      if (!(n * innerSize <= this.#source.size - this.pos)) throw this.error('TRUNCATED', `a list of ${n} numbers`);
      this.pos += n * innerSize;
      return [];
    }
    const texts: string[] = [];
    for (let i = 0; i < n; i++) {
      const value = await this.value(inner, depth + 1);
      if (typeof value === 'string') texts.push(value);
    }
    return texts;
  }
}
