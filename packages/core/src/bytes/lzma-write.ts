/**
 * LZMA2 (xz-file-format 1.2.1, LZMA SDK 23.01): matches from hash chains, chosen one step ahead; lc=1 lp=3 pb=3, for
 * what is packed here are mostly fields of eight bytes that begin at multiples of eight: each of the eight places has
 * statistics of its own.
 */
import { int32 } from './words.js';

const TOP = 2 ** 24;
const BITS = 11;
const MOVE = 5;

/** Bytes that a chunk of LZMA2 may have, packed and unpacked; less what one more symbol could take. */
const PACKED_MOST = 0xffff - 64;
const UNPACKED_MOST = (1 << 21) - 512;

const LONGEST = 273;
const STATES = 12;
/** Places that are told apart: pb and lp. */
const POSITION_BITS = 3;
const POSITIONS = 1 << POSITION_BITS;
/** Upper bits of the byte before that are looked at: lc. With lp they are four at most. */
const CONTEXT_BITS = 1;
const HASH_BITS = 18;
const MIN_MATCH = 4;

/** The properties byte: `(pb * 5 + lp) * 9 + lc`. */
export const PROPERTIES = (POSITION_BITS * 5 + POSITION_BITS) * 9 + CONTEXT_BITS;

const probabilities = (count: number): Uint16Array => new Uint16Array(count).fill(1 << (BITS - 1));

class RangeEncoder {
  readonly out = new Uint8Array(1 << 16);
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

class LengthEncoder {
  readonly #choice = probabilities(2);
  readonly #low = probabilities(POSITIONS << 3);
  readonly #middle = probabilities(POSITIONS << 3);
  readonly #high = probabilities(256);

  encode(range: RangeEncoder, length: number, position: number): void {
    let rest = length - 2;
    if (rest < 8) {
      range.bit(this.#choice, 0, 0);
      range.tree(this.#low, position << 3, 3, rest);
      return;
    }
    range.bit(this.#choice, 0, 1);
    rest -= 8;
    if (rest < 8) {
      range.bit(this.#choice, 1, 0);
      range.tree(this.#middle, position << 3, 3, rest);
      return;
    }
    range.bit(this.#choice, 1, 1);
    range.tree(this.#high, 0, 8, rest - 8);
  }
}

/** One block as a stream of LZMA2 chunks with a dictionary of its own. `depth`: candidates tried for each match. */
export class Lzma2Encoder {
  readonly #input: Uint8Array;
  readonly #depth: number;
  readonly #range = new RangeEncoder();
  readonly #head = new Int32Array(1 << HASH_BITS).fill(-1);
  readonly #previous: Int32Array;
  readonly #isMatch = probabilities(STATES << POSITION_BITS);
  readonly #isRep = probabilities(STATES);
  readonly #isRep0 = probabilities(STATES);
  readonly #isRep1 = probabilities(STATES);
  readonly #isRep2 = probabilities(STATES);
  readonly #isRep0Long = probabilities(STATES << POSITION_BITS);
  readonly #literals = probabilities(0x300 << (POSITION_BITS + CONTEXT_BITS));
  readonly #slots = probabilities(4 << 6);
  readonly #special = probabilities(128);
  readonly #align = probabilities(16);
  readonly #length = new LengthEncoder();
  readonly #repLength = new LengthEncoder();
  readonly #reps = [0, 0, 0, 0];
  #state = 0;
  #at = 0;
  /** Positions before this are in the hash chains. */
  #hashed = 0;
  #found = 0;
  #distance = 0;

  constructor(input: Uint8Array, depth: number) {
    this.#input = input;
    this.#depth = depth;
    this.#previous = new Int32Array(input.length);
  }

  /** Chunk after chunk, and the end of the stream. */
  *chunks(): Generator<Uint8Array> {
    const range = this.#range;
    for (let first = true; this.#at < this.#input.length; first = false) {
      const start = this.#at;
      range.restart();
      while (this.#at < this.#input.length && range.length < PACKED_MOST && this.#at - start < UNPACKED_MOST) {
        this.#symbol();
      }
      const packed = range.finish();
      const unpacked = this.#at - start - 1;
      const header = [
        (first ? 0xe0 : 0x80) | (unpacked >> 16),
        (unpacked >> 8) & 0xff,
        unpacked & 0xff,
        (packed.length - 1) >> 8,
        (packed.length - 1) & 0xff,
      ];
      if (first) header.push(PROPERTIES);
      yield Uint8Array.from(header);
      yield packed.slice();
    }
    yield Uint8Array.of(0);
  }

  #symbol(): void {
    const at = this.#at;
    const reps = this.#reps;
    let best = 0;
    let index = 0;
    for (let i = 0; i < 4; i++) {
      const length = this.#matching(at, at - reps[i] - 1);
      if (length > best) {
        best = length;
        index = i;
      }
    }
    this.#search(at);
    const [found, distance] = [this.#found, this.#distance];
    const near =
      best + 1 >= found || (best + 2 >= found && distance >= 512) || (best + 3 >= found && distance >= 1 << 15);
    if (best >= 2 && near) {
      this.#repeated(index, best);
      return;
    }
    if (found < MIN_MATCH) {
      this.#single();
      return;
    }
    // A longer match one step on is worth a literal.
    if (found < 64 && at + 1 < this.#input.length) {
      this.#search(at + 1);
      if (this.#found > found + (this.#distance >> 7 > distance ? 1 : 0)) {
        this.#single();
        return;
      }
    }
    this.#match(found, distance);
  }

  /** How far the bytes at `at` and `from` agree. */
  #matching(at: number, from: number): number {
    if (from < 0) return 0;
    const input = this.#input;
    const most = Math.min(LONGEST, input.length - at);
    let length = 0;
    while (length < most && input[at + length] === input[from + length]) length++;
    return length;
  }

  /** The longest match at `at`, the nearest of several. */
  #search(at: number): void {
    const input = this.#input;
    this.#found = 0;
    for (; this.#hashed <= at && this.#hashed + 4 <= input.length; this.#hashed++) {
      const slot = Math.imul(int32(input, this.#hashed), 0x9e3779b1) >>> (32 - HASH_BITS);
      this.#previous[this.#hashed] = this.#head[slot];
      this.#head[slot] = this.#hashed;
    }
    if (at + MIN_MATCH > input.length) return;
    const most = Math.min(LONGEST, input.length - at);
    let candidate = this.#previous[at];
    for (let tries = this.#depth; candidate >= 0 && tries > 0; tries--) {
      if (input[candidate + this.#found] === input[at + this.#found]) {
        const length = this.#matching(at, candidate);
        if (length > this.#found && length >= MIN_MATCH) {
          this.#found = length;
          this.#distance = at - candidate - 1;
          if (length === most) return;
        }
      }
      candidate = this.#previous[candidate];
    }
  }

  /** A literal, or the byte that is where the last match was. */
  #single(): void {
    const range = this.#range;
    const input = this.#input;
    const at = this.#at++;
    const state = this.#state;
    const position = at & (POSITIONS - 1);
    const byte = input[at];
    const from = at - this.#reps[0] - 1;
    if (from >= 0 && input[from] === byte && at > 0) {
      range.bit(this.#isMatch, (state << POSITION_BITS) + position, 1);
      range.bit(this.#isRep, state, 1);
      range.bit(this.#isRep0, state, 0);
      range.bit(this.#isRep0Long, (state << POSITION_BITS) + position, 0);
      this.#state = state < 7 ? 9 : 11;
      return;
    }
    range.bit(this.#isMatch, (state << POSITION_BITS) + position, 0);
    const before = (at > 0 ? input[at - 1] : 0) >> (8 - CONTEXT_BITS);
    const base = 0x300 * ((position << CONTEXT_BITS) + before);
    if (state < 7) range.tree(this.#literals, base, 8, byte);
    else this.#matchedLiteral(base, byte, input[from]);
    this.#state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
  }

  /** After a match the byte is known not to be the one that would have gone on with it. */
  #matchedLiteral(base: number, byte: number, other: number): void {
    let offset = 0x100;
    let node = 1;
    for (let i = 7; i >= 0; i--) {
      const otherBit = ((other >>> i) & 1) << 8;
      const bit = (byte >>> i) & 1;
      this.#range.bit(this.#literals, base + offset + (offset === 0 ? 0 : otherBit) + node, bit);
      node = node * 2 + bit;
      if (offset !== 0 && otherBit >> 8 !== bit) offset = 0;
    }
  }

  #repeated(index: number, length: number): void {
    const range = this.#range;
    const state = this.#state;
    const position = this.#at & (POSITIONS - 1);
    range.bit(this.#isMatch, (state << POSITION_BITS) + position, 1);
    range.bit(this.#isRep, state, 1);
    if (index === 0) {
      range.bit(this.#isRep0, state, 0);
      range.bit(this.#isRep0Long, (state << POSITION_BITS) + position, 1);
    } else {
      range.bit(this.#isRep0, state, 1);
      range.bit(this.#isRep1, state, index === 1 ? 0 : 1);
      if (index > 1) range.bit(this.#isRep2, state, index - 2);
      const [distance] = this.#reps.splice(index, 1);
      this.#reps.unshift(distance);
    }
    this.#repLength.encode(range, length, position);
    this.#state = state < 7 ? 8 : 11;
    this.#at += length;
  }

  #match(length: number, distance: number): void {
    const range = this.#range;
    const state = this.#state;
    const position = this.#at & (POSITIONS - 1);
    range.bit(this.#isMatch, (state << POSITION_BITS) + position, 1);
    range.bit(this.#isRep, state, 0);
    this.#length.encode(range, length, position);
    const bits = 31 - Math.clz32(distance);
    const slot = distance < 4 ? distance : 2 * bits + ((distance >>> (bits - 1)) & 1);
    range.tree(this.#slots, Math.min(length - 2, 3) << 6, 6, slot);
    if (slot >= 4) {
      const footer = (slot >> 1) - 1;
      const base = (2 | (slot & 1)) << footer;
      const rest = distance - base;
      if (slot < 14) range.reverseTree(this.#special, base - slot, footer, rest);
      else {
        range.direct(rest >>> 4, footer - 4);
        range.reverseTree(this.#align, 0, 4, rest & 15);
      }
    }
    this.#reps.pop();
    this.#reps.unshift(distance);
    this.#state = state < 7 ? 7 : 10;
    this.#at += length;
  }
}
