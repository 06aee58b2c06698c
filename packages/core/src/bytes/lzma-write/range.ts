import { BITS, MOVE } from './model.js';

const TOP = 2 ** 24;

/** The range coder (LZMA SDK 23.01, lzma-specification.txt): each bit narrows a range by its probability. */
export class RangeEncoder {
  readonly out = new Uint8Array(1 << 17);
  size = 0;
  #low = 0;
  #range = 0xffffffff;
  #cache = 0;
  #pending = 1;

  restart(): void {
    this.size = 0;
    this.#low = 0;
    this.#range = 0xffffffff;
    this.#cache = 0;
    this.#pending = 1;
  }

  /** Bytes so far, with those that a carry may still change. */
  get length(): number {
    return this.size + this.#pending + 5;
  }

  bit(of: Uint16Array, at: number, bit: number): void {
    const p = of[at];
    const bound = (this.#range >>> BITS) * p;
    if (bit === 0) {
      this.#range = bound;
      of[at] = p + (((1 << BITS) - p) >> MOVE);
    } else {
      this.#low += bound;
      this.#range -= bound;
      of[at] = p - (p >> MOVE);
    }
    while (this.#range < TOP) {
      this.#range *= 256;
      this.#shift();
    }
  }

  direct(value: number, bits: number): void {
    for (let i = bits - 1; i >= 0; i--) {
      this.#range = Math.floor(this.#range / 2);
      if ((value >>> i) & 1) this.#low += this.#range;
      while (this.#range < TOP) {
        this.#range *= 256;
        this.#shift();
      }
    }
  }

  tree(of: Uint16Array, base: number, bits: number, value: number): void {
    let node = 1;
    for (let i = bits - 1; i >= 0; i--) {
      const bit = (value >>> i) & 1;
      this.bit(of, base + node, bit);
      node = node * 2 + bit;
    }
  }

  reverseTree(of: Uint16Array, base: number, bits: number, value: number): void {
    let node = 1;
    for (let i = 0; i < bits; i++) {
      const bit = (value >>> i) & 1;
      this.bit(of, base + node, bit);
      node = node * 2 + bit;
    }
  }

  finish(): Uint8Array {
    for (let i = 0; i < 5; i++) this.#shift();
    return this.out.subarray(0, this.size);
  }

  #shift(): void {
    if (this.#low < 0xff000000 || this.#low >= 2 ** 32) {
      const carry = this.#low >= 2 ** 32 ? 1 : 0;
      for (; this.#pending > 0; this.#pending--) {
        this.out[this.size++] = this.#cache + carry;
        this.#cache = 0xff;
      }
      this.#cache = Math.floor(this.#low / TOP) & 0xff;
    }
    this.#pending++;
    this.#low = (this.#low % TOP) * 256;
  }
}
