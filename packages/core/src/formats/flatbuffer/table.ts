import { BrineError } from '../../errors.js';

/**
 * FlatBuffers, read with every offset checked: tables, vectors and texts by the number of their field
 * (https://flatbuffers.dev/internals). Offsets lead forwards only, so no table holds itself but by an attack; how often
 * one is visited is for whoever walks to bound.
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #at: number;
  readonly #vtable: number;
  readonly #vtableSize: number;
  readonly #file: string;

  constructor(bytes: Uint8Array, at: number, file: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
    this.#at = this.#range(at, 4);
    this.#vtable = this.#range(at - this.#view.getInt32(at, true), 4);
    this.#vtableSize = this.#view.getUint16(this.#vtable, true);
    if (this.#vtableSize < 4 || this.#vtableSize % 2 !== 0) throw this.#corrupt('a table without fields', this.#vtable);
    this.#range(this.#vtable, this.#vtableSize);
  }

  /** The root of a buffer that begins at `start`. */
  static root(bytes: Uint8Array, file: string, start = 0): FlatTable {
    if (start + 4 > bytes.length)
      throw new BrineError('TRUNCATED', 'a FlatBuffer without a root', { file, offset: start });
    const offset = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(start, true);
    return new FlatTable(start === 0 ? bytes : bytes.subarray(start), offset, file);
  }

  int8(field: number): number {
    const at = this.#field(field, 1);
    return at === undefined ? 0 : this.#view.getInt8(at);
  }

  int32(field: number): number {
    const at = this.#field(field, 4);
    return at === undefined ? 0 : this.#view.getInt32(at, true);
  }

  uint64(field: number): number {
    const at = this.#field(field, 8);
    return at === undefined ? 0 : Number(this.#view.getBigUint64(at, true));
  }

  text(field: number): string | undefined {
    const vector = this.#vector(field, 1);
    return vector === undefined
      ? undefined
      : new TextDecoder().decode(this.#bytes.subarray(vector.at, vector.at + vector.length));
  }

  bytes(field: number): Uint8Array | undefined {
    const vector = this.#vector(field, 1);
    return vector === undefined ? undefined : this.#bytes.subarray(vector.at, vector.at + vector.length);
  }

  table(field: number): FlatTable | undefined {
    const at = this.#field(field, 4);
    return at === undefined ? undefined : new FlatTable(this.#bytes, at + this.#view.getUint32(at, true), this.#file);
  }

  *tables(field: number): Generator<FlatTable> {
    const vector = this.#vector(field, 4);
    if (vector === undefined) return;
    for (let i = 0; i < vector.length; i++) {
      const at = vector.at + 4 * i;
      yield new FlatTable(this.#bytes, at + this.#view.getUint32(at, true), this.#file);
    }
  }

  *texts(field: number): Generator<string> {
    const vector = this.#vector(field, 4);
    if (vector === undefined) return;
    for (let i = 0; i < vector.length; i++) {
      const at = vector.at + 4 * i;
      const start = this.#range(at + this.#view.getUint32(at, true), 4);
      const length = this.#view.getUint32(start, true);
      this.#range(start + 4, length);
      yield new TextDecoder().decode(this.#bytes.subarray(start + 4, start + 4 + length));
    }
  }

  #field(field: number, size: number): number | undefined {
    const slot = 4 + 2 * field;
    if (slot + 2 > this.#vtableSize) return undefined;
    const offset = this.#view.getUint16(this.#vtable + slot, true);
    return offset === 0 ? undefined : this.#range(this.#at + offset, size);
  }

  #vector(field: number, size: number): { at: number; length: number } | undefined {
    const at = this.#field(field, 4);
    if (at === undefined) return undefined;
    const start = this.#range(at + this.#view.getUint32(at, true), 4);
    const length = this.#view.getUint32(start, true);
    this.#range(start + 4, length * size);
    return { at: start + 4, length };
  }

  #range(at: number, length: number): number {
    if (!(at >= 0 && at + length <= this.#bytes.length)) throw this.#corrupt(`${length} bytes at ${at}`, at);
    return at;
  }

  #corrupt(what: string, at: number): BrineError {
    return new BrineError('CORRUPT', `a FlatBuffer points at ${what}, where it has ${this.#bytes.length} bytes`, {
      file: this.#file,
      offset: Math.max(0, Math.min(at, this.#bytes.length)),
    });
  }
}
