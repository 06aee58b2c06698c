import { int32 } from '../words.js';
import { LONGEST } from './model.js';
import { LITERAL, MATCH, type Step, type Symbols } from './symbols.js';

const HASH_BITS = 18;
const MIN_MATCH = 4;

/** Matches from hash chains, chosen one step ahead. `depth`: candidates tried for each. */
export class FastParser {
  readonly #input: Uint8Array;
  readonly #end: number;
  readonly #depth: number;
  readonly #head = new Int32Array(1 << HASH_BITS).fill(-1);
  readonly #previous: Int32Array;
  /** Positions before this are in the hash chains. */
  #hashed = 0;
  #found = 0;
  #distance = 0;

  constructor(input: Uint8Array, depth: number) {
    this.#input = input;
    this.#end = input.length;
    this.#depth = depth;
    this.#previous = new Int32Array(input.length);
  }

  next({ at, repeats }: Symbols): Step {
    let best = 0;
    let index = 0;
    for (let i = 0; i < 4; i++) {
      const length = this.#matching(at, at - repeats[i] - 1);
      if (length > best) {
        best = length;
        index = i;
      }
    }
    this.#search(at);
    const [found, distance] = [this.#found, this.#distance];
    const near =
      best + 1 >= found || (best + 2 >= found && distance >= 512) || (best + 3 >= found && distance >= 1 << 15);
    if (best >= 2 && near) return { length: best, way: index };
    if (found < MIN_MATCH) return this.#single(at, repeats[0]);
    // A longer match one step on is worth a literal.
    if (found < 64 && at + 1 < this.#end) {
      this.#search(at + 1);
      if (this.#found > found + (this.#distance >> 7 > distance ? 1 : 0)) return this.#single(at, repeats[0]);
    }
    return { length: found, way: MATCH + distance };
  }

  /** A literal, or the byte that is where the last match was. */
  #single(at: number, distance: number): Step {
    const input = this.#input;
    return { length: 1, way: at > distance && input[at - distance - 1] === input[at] ? 0 : LITERAL };
  }

  /** How far the bytes at `at` and `from` agree. */
  #matching(at: number, from: number): number {
    if (from < 0) return 0;
    const input = this.#input;
    const most = Math.min(LONGEST, this.#end - at);
    let length = 0;
    while (length < most && input[at + length] === input[from + length]) length++;
    return length;
  }

  /** The longest match at `at`, the nearest of several. */
  #search(at: number): void {
    const input = this.#input;
    this.#found = 0;
    for (; this.#hashed <= at && this.#hashed + 4 <= this.#end; this.#hashed++) {
      const slot = Math.imul(int32(input, this.#hashed), 0x9e3779b1) >>> (32 - HASH_BITS);
      this.#previous[this.#hashed] = this.#head[slot];
      this.#head[slot] = this.#hashed;
    }
    if (at + MIN_MATCH > this.#end) return;
    const most = Math.min(LONGEST, this.#end - at);
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
}
