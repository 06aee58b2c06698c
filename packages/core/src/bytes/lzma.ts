import type { Expansion } from './expansion.js';

/**
 * LZMA, the coder inside `.lzma` and (as LZMA2) `.xz`: a range coder over adaptive bits, matches with four remembered
 * distances. After the LZMA specification of the LZMA SDK (lzma-specification.txt, 9.20).
 */
const PROBABILITY_START = 1024;
const TOP = 0x1000000;

const STATES = 12;
const POS_STATES_MAX = 16;
const LENGTH_LOW = 8;
const LENGTH_MID = 8;
const LENGTH_HIGH = 256;
const LENGTH_STATES = 4;
const SLOT_BITS = 6;
const ALIGN_BITS = 4;
const FIRST_SLOT_WITH_EXTRA = 4;
const FIRST_SLOT_WITH_DIRECT = 14;
const MATCH_MIN = 2;
const MATCH_MAX = 273;

const probabilities = (n: number): Uint16Array => new Uint16Array(n).fill(PROBABILITY_START);

/** The adaptive bits that code the length of a match. */
class LengthCoder {
  readonly choice = probabilities(2);
  readonly low = probabilities(POS_STATES_MAX * LENGTH_LOW);
  readonly mid = probabilities(POS_STATES_MAX * LENGTH_MID);
  readonly high = probabilities(LENGTH_HIGH);

  reset(): void {
    for (const p of [this.choice, this.low, this.mid, this.high]) p.fill(PROBABILITY_START);
  }
}

/** lc, lp, pb: how many bits of the previous byte and of the position select the statistics. */
export interface LzmaProperties {
  readonly lc: number;
  readonly lp: number;
  readonly pb: number;
}

/** The three properties from their byte, or undefined where it is none. */
export function lzmaProperties(byte: number): LzmaProperties | undefined {
  if (byte >= 225) return undefined;
  return { lc: byte % 9, lp: Math.floor(byte / 9) % 5, pb: Math.floor(byte / 45) };
}

export class LzmaDecoder {
  readonly #run: Expansion;
  /** Where the dictionary begins in the output: nothing before it may be referred to. */
  #dictionaryStart: number;
  readonly #dictionarySize: number;

  #lc = 0;
  #literalPosMask = 0;
  #posMask = 0;
  #literals: Uint16Array = new Uint16Array(0);
  readonly #isMatch = probabilities(STATES * POS_STATES_MAX);
  readonly #isRep = probabilities(STATES);
  readonly #isRepG0 = probabilities(STATES);
  readonly #isRepG1 = probabilities(STATES);
  readonly #isRepG2 = probabilities(STATES);
  readonly #isRep0Long = probabilities(STATES * POS_STATES_MAX);
  readonly #slots = probabilities(LENGTH_STATES << SLOT_BITS);
  readonly #special = probabilities(128);
  readonly #align = probabilities(1 << ALIGN_BITS);
  readonly #lengths = new LengthCoder();
  readonly #repLengths = new LengthCoder();
  #state = 0;
  #rep0 = 0;
  #rep1 = 0;
  #rep2 = 0;
  #rep3 = 0;

  // The range coder.
  #range = 0;
  #code = 0;
  #ip = 0;
  #end = 0;

  constructor(run: Expansion, dictionarySize: number) {
    this.#run = run;
    this.#dictionaryStart = run.length;
    // The specification's smallest dictionary.
    this.#dictionarySize = Math.max(dictionarySize, 4096);
  }

  /** Forgets everything written so far (LZMA2). */
  resetDictionary(): void {
    this.#dictionaryStart = this.#run.length;
  }

  setProperties({ lc, lp, pb }: LzmaProperties): void {
    this.#lc = lc;
    this.#literalPosMask = (1 << lp) - 1;
    this.#posMask = (1 << pb) - 1;
    this.#literals = probabilities(0x300 << (lc + lp));
  }

  /** Back to the statistics a stream starts with. */
  resetState(): void {
    const all = [this.#literals, this.#isMatch, this.#isRep, this.#isRepG0, this.#isRepG1, this.#isRepG2];
    for (const p of [...all, this.#isRep0Long, this.#slots, this.#special, this.#align]) p.fill(PROBABILITY_START);
    this.#lengths.reset();
    this.#repLengths.reset();
    this.#state = this.#rep0 = this.#rep1 = this.#rep2 = this.#rep3 = 0;
  }

  /** Starts the range coder at `start`; it may read up to `end`. */
  start(start: number, end: number): void {
    const { input } = this.#run;
    this.#end = end;
    if (start + 5 > end) throw this.#short();
    if (input[start] !== 0) throw this.#run.corrupt('an LZMA stream whose first byte is not 0', start);
    this.#range = -1 >>> 0;
    this.#code =
      ((input[start + 1] << 24) | (input[start + 2] << 16) | (input[start + 3] << 8) | input[start + 4]) >>> 0;
    this.#ip = start + 5;
  }

  /** Where the range coder stands. */
  get position(): number {
    return this.#ip;
  }

  /** Reads the byte that may be due still; answers whether the range coder ended as an encoder's flush leaves it. */
  finish(): boolean {
    this.#normalize();
    return this.#code === 0;
  }

  /**
   * Writes until `goal` bytes of output exist. `mayEnd`: the stream may say itself that it ends before.
   * @returns whether the stream said so.
   */
  decode(goal: number, mayEnd: boolean): boolean {
    const run = this.#run;
    let op = run.length;
    let out = run.bytes;
    const literals = this.#literals;
    const isMatch = this.#isMatch;
    const lc = this.#lc;
    const literalPosMask = this.#literalPosMask;
    const start = this.#dictionaryStart;
    while (op < goal) {
      if (op + MATCH_MAX > out.length) out = run.grow(op, this.#ip, MATCH_MAX);
      const position = op - start;
      const posState = position & this.#posMask;
      if (this.#bit(isMatch, (this.#state << 4) + posState) === 0) {
        const previous = position > 0 ? out[op - 1] : 0;
        const base = 0x300 * (((position & literalPosMask) << lc) + (previous >> (8 - lc)));
        let symbol = 1;
        if (this.#state >= 7) {
          let matched = out[op - this.#rep0 - 1];
          while (symbol < 0x100) {
            const expected = (matched >> 7) & 1;
            matched <<= 1;
            const bit = this.#bit(literals, base + ((1 + expected) << 8) + symbol);
            symbol = (symbol << 1) | bit;
            if (expected !== bit) break;
          }
        }
        while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(literals, base + symbol);
        out[op++] = symbol;
        this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
        continue;
      }
      let length: number;
      if (this.#bit(this.#isRep, this.#state) === 0) {
        this.#rep3 = this.#rep2;
        this.#rep2 = this.#rep1;
        this.#rep1 = this.#rep0;
        length = this.#length(this.#lengths, posState);
        this.#state = this.#state < 7 ? 7 : 10;
        this.#rep0 = this.#distance(length);
        if (this.#rep0 === 0xffffffff) {
          run.length = op;
          if (!mayEnd) throw run.corrupt('an LZMA end mark where none may be', this.#ip);
          return true;
        }
      } else {
        length = this.#repeated(posState);
      }
      const distance = this.#rep0 + 1;
      if (distance > position || distance > this.#dictionarySize) {
        run.length = op;
        throw run.corrupt(`an LZMA match ${distance} bytes back, where ${position} have been written`, this.#ip);
      }
      if (length > goal - op) {
        run.length = op;
        throw run.corrupt(`an LZMA match of ${length} bytes, where ${goal - op} are left to write`, this.#ip);
      }
      for (let from = op - distance; length > 0; length--) out[op++] = out[from++];
    }
    run.length = op;
    return false;
  }

  /** A match at one of the four last distances; `rep0` becomes the one. Answers its length. */
  #repeated(posState: number): number {
    const state = this.#state;
    if (this.#bit(this.#isRepG0, state) === 0) {
      if (this.#bit(this.#isRep0Long, (state << 4) + posState) === 0) {
        this.#state = state < 7 ? 9 : 11;
        return 1;
      }
    } else {
      let distance: number;
      if (this.#bit(this.#isRepG1, state) === 0) {
        distance = this.#rep1;
      } else {
        if (this.#bit(this.#isRepG2, state) === 0) {
          distance = this.#rep2;
        } else {
          distance = this.#rep3;
          this.#rep3 = this.#rep2;
        }
        this.#rep2 = this.#rep1;
      }
      this.#rep1 = this.#rep0;
      this.#rep0 = distance;
    }
    this.#state = state < 7 ? 8 : 11;
    return this.#length(this.#repLengths, posState);
  }

  #length(coder: LengthCoder, posState: number): number {
    if (this.#bit(coder.choice, 0) === 0) return MATCH_MIN + this.#tree(coder.low, posState << 3, 3);
    if (this.#bit(coder.choice, 1) === 0) return MATCH_MIN + LENGTH_LOW + this.#tree(coder.mid, posState << 3, 3);
    return MATCH_MIN + LENGTH_LOW + LENGTH_MID + this.#tree(coder.high, 0, 8);
  }

  /** A distance less one; 0xffffffff marks the end. */
  #distance(length: number): number {
    const lengthState = Math.min(length - MATCH_MIN, LENGTH_STATES - 1);
    const slot = this.#tree(this.#slots, lengthState << SLOT_BITS, SLOT_BITS);
    if (slot < FIRST_SLOT_WITH_EXTRA) return slot;
    const extra = (slot >> 1) - 1;
    const high = (2 | (slot & 1)) << extra;
    if (slot < FIRST_SLOT_WITH_DIRECT) return high + this.#reverseTree(this.#special, high - slot, extra);
    let direct = 0;
    for (let n = extra - ALIGN_BITS; n > 0; n--) {
      this.#normalize();
      this.#range >>>= 1;
      if (this.#code >= this.#range) {
        this.#code = this.#code - this.#range;
        direct = (direct << 1) | 1;
      } else {
        direct <<= 1;
      }
    }
    return ((high >>> 0) + ((direct << ALIGN_BITS) >>> 0) + this.#reverseTree(this.#align, 0, ALIGN_BITS)) >>> 0;
  }

  /** `bits` bits, most significant first, each with the statistics of those before it. */
  #tree(p: Uint16Array, base: number, bits: number): number {
    let symbol = 1;
    for (let n = 0; n < bits; n++) symbol = (symbol << 1) | this.#bit(p, base + symbol);
    return symbol - (1 << bits);
  }

  #reverseTree(p: Uint16Array, base: number, bits: number): number {
    let symbol = 1;
    let value = 0;
    for (let n = 0; n < bits; n++) {
      const bit = this.#bit(p, base + symbol);
      symbol = (symbol << 1) | bit;
      value |= bit << n;
    }
    return value;
  }

  #bit(p: Uint16Array, index: number): number {
    if (this.#range < TOP) this.#normalize();
    const probability = p[index];
    const bound = (this.#range >>> 11) * probability;
    if (this.#code < bound) {
      this.#range = bound;
      p[index] = probability + ((2048 - probability) >> 5);
      return 0;
    }
    this.#range -= bound;
    this.#code -= bound;
    p[index] = probability - (probability >> 5);
    return 1;
  }

  #normalize(): void {
    if (this.#range >= TOP) return;
    if (this.#ip >= this.#end) throw this.#short();
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | this.#run.input[this.#ip++]) >>> 0;
  }

  #short(): Error {
    const run = this.#run;
    return this.#end >= run.input.length
      ? run.truncated('LZMA')
      : run.corrupt('an LZMA chunk that is too short', this.#end);
  }
}
