import { BrineError } from '../../errors.js';

/** Bytes of an HDF5 file, read one field after the other. Everything is little-endian but numbers in data. */
export class Cursor {
  readonly bytes: Uint8Array;
  pos = 0;
  /** Sizes of addresses and of lengths, as the superblock says. */
  readonly sizes: Sizes;
  readonly #view: DataView;
  /** Where `bytes` begins in the file, for messages. */
  readonly base: number;

  constructor(bytes: Uint8Array, sizes: Sizes, base: number) {
    this.bytes = bytes;
    this.sizes = sizes;
    this.base = base;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.pos;
  }

  u8(): number {
    return this.bytes[this.#take(1)];
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** An unsigned number of 1 to 8 bytes; Infinity where no double holds it exactly. */
  uint(size: number): number {
    const from = this.#take(size);
    let value = 0;
    for (let i = size - 1; i >= 0; i--) value = value * 256 + this.bytes[from + i];
    return Number.isSafeInteger(value) ? value : Infinity;
  }

  /** An address; undefined for the one of all ones, which means none. */
  address(): number | undefined {
    const from = this.#take(this.sizes.address);
    const bytes = this.bytes.subarray(from, from + this.sizes.address);
    if (bytes.every((byte) => byte === 255)) return undefined;
    this.pos = from;
    return this.uint(this.sizes.address);
  }

  length(): number {
    return this.uint(this.sizes.length);
  }

  take(length: number): Uint8Array {
    const from = this.#take(length);
    return this.bytes.subarray(from, from + length);
  }

  skip(length: number): void {
    this.#take(length);
  }

  /** Bytes up to a NUL, which is passed over; text as UTF-8. */
  text(): string {
    const nul = this.bytes.indexOf(0, this.pos);
    if (nul < 0) throw this.corrupt('a name without an end');
    const value = decodeText(this.bytes.subarray(this.pos, nul));
    this.pos = nul + 1;
    return value;
  }

  expect(signature: string): void {
    const found = String.fromCharCode(...this.take(signature.length));
    if (found !== signature) throw this.corrupt(`no ${signature} where one must be`);
  }

  corrupt(what: string): BrineError {
    return new BrineError('CORRUPT', `HDF5: ${what}`, { offset: this.base + this.pos });
  }

  unsupported(what: string): BrineError {
    return new BrineError('UNSUPPORTED', `HDF5: ${what}`, { offset: this.base + this.pos });
  }

  #take(length: number): number {
    if (!(length <= this.bytes.length - this.pos)) throw this.corrupt(`${length} bytes where ${this.left} are left`);
    const from = this.pos;
    this.pos += length;
    return from;
  }
}

export interface Sizes {
  readonly address: number;
  readonly length: number;
}

/** Text up to its first NUL; what is not UTF-8 becomes U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  return new TextDecoder().decode(nul < 0 ? bytes : bytes.subarray(0, nul));
}
