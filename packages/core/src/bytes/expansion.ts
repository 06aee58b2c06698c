import { BrineError } from '../errors.js';

const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;

/** How far compressed bytes may expand. Every figure can be raised by the caller who knows the file. */
export interface ExpansionLimits {
  /** Bytes one member (a file, an archive's entry) may expand to. */
  readonly member: number;
  /** Bytes out for one byte in. */
  readonly ratio: number;
  /** Below this many bytes of output no ratio is asked for: small files of zeros are no attack. */
  readonly ratioExempt: number;
  /** From this much output on the ratio must also hold for what was consumed so far, not only for the whole. */
  readonly runningExempt: number;
  /** Bytes all members that share one budget may expand to together. */
  readonly total: number;
}

/**
 * Decompression bombs (CWE-409): deflate reaches 1,032:1, bzip2 and xz far more. Saved models seldom pass 20:1,
 * and the largest seen in public repositories expand to some hundred MiB.
 */
export const EXPANSION_LIMITS: ExpansionLimits = {
  member: GiB,
  ratio: 200,
  ratioExempt: 16 * MiB,
  runningExempt: 64 * MiB,
  total: 4 * GiB,
};

/** What may still be expanded. One budget is shared by everything that belongs to one file. */
export class ExpansionBudget {
  readonly limits: ExpansionLimits;
  #spent = 0;

  constructor(limits: Partial<ExpansionLimits> = {}) {
    this.limits = { ...EXPANSION_LIMITS, ...limits };
  }

  /** How many bytes `compressed` bytes may become, and the sentence that says which limit that is. */
  allowance(compressed: number): { most: number; reason: string } {
    const { member, ratio, ratioExempt, total } = this.limits;
    const byRatio = Math.max(ratioExempt, ratio * compressed);
    const left = Math.max(0, total - this.#spent);
    const most = Math.min(member, byRatio, left);
    if (most === byRatio) {
      return { most, reason: `more than ${ratio} times their size (limit expansion ratio ${ratio}:1)` };
    }
    if (most === member) return { most, reason: `more than ${member} bytes (limit expansion of one member)` };
    return { most, reason: `more than the ${left} bytes left of ${total} (limit total expansion)` };
  }

  /** The same for content that is read piece by piece and never held. */
  streamAllowance(compressed: number): { most: number; reason: string } {
    const { ratio, ratioExempt, total } = this.limits;
    const byRatio = Math.max(ratioExempt, ratio * compressed);
    const left = Math.max(0, total - this.#spent);
    return byRatio < left
      ? { most: byRatio, reason: `more than ${ratio} times their size (limit expansion ratio ${ratio}:1)` }
      : { most: left, reason: `more than the ${left} bytes left of ${total} (limit total expansion)` };
  }

  /** Takes `bytes` from the total. */
  spend(bytes: number): void {
    this.#spent += bytes;
  }
}

/** Thrown to leave a decoder once the head that was asked for is there; never leaves this folder. */
export class HeadReached extends Error {}

/** Output capacity beyond the limit, so that a decoder may ask for room once per step: a zstd block is the largest. */
const SLACK = 128 * KiB;

export interface ExpansionOptions {
  /** What to call the input in messages. */
  readonly name: string;
  readonly budget: ExpansionBudget;
  /** Stop after about this many bytes of output, as if that were all there is. */
  readonly head?: number;
}

/**
 * One run of a decompressor: its input, its output so far, and the limits that hold for it. Decoders write into
 * `bytes`, and call `grow` whenever room may run out; it is there that limits are enforced.
 */
export class Expansion {
  readonly input: Uint8Array;
  readonly name: string;
  /** The output buffer. Longer than what has been written. */
  bytes: Uint8Array = new Uint8Array(0);
  /** Bytes written; decoders keep their own counter in loops and store it here. */
  length = 0;
  readonly #most: number;
  readonly #reason: string;
  readonly #head: boolean;
  readonly #budget: ExpansionBudget;

  constructor(input: Uint8Array, options: ExpansionOptions) {
    this.input = input;
    this.name = options.name;
    this.#budget = options.budget;
    this.#head = options.head !== undefined;
    const { most, reason } = options.budget.allowance(input.length);
    this.#most = Math.min(most, options.head ?? Infinity);
    this.#reason = reason;
  }

  /** Bytes this run may produce. */
  get most(): number {
    return this.#most;
  }

  /**
   * Makes room for `announced` bytes in all, as far as the size of the input makes that plausible: a header alone
   * allocates nothing (CWE-789).
   */
  expect(announced: number): void {
    const plausible = Math.min(announced, this.#most, 16 * this.input.length + SLACK);
    if (plausible + SLACK > this.bytes.length) this.#resize(plausible + SLACK);
  }

  /**
   * The output buffer with room for `need` bytes (at most 128 KiB) after `written`. Throws LIMIT when what has been
   * written, from `consumed` bytes of input, is too much.
   */
  grow(written: number, consumed: number, need = SLACK): Uint8Array {
    this.length = written;
    this.#check(written, consumed);
    if (written + need > this.bytes.length) {
      const doubled = Math.max(2 * this.bytes.length, 4 * this.input.length, written + need);
      this.#resize(Math.max(written + need, Math.min(doubled, this.#most + SLACK)));
    }
    return this.bytes;
  }

  /** Appends a block of any size. */
  append(block: Uint8Array, consumed: number): void {
    if (this.#head && this.length + block.length > this.#most) {
      this.bytes = this.grow(this.length, consumed);
      const part = block.subarray(0, this.#most - this.length);
      this.bytes.set(part, this.length);
      this.length += part.length;
      throw new HeadReached();
    }
    const end = this.length + block.length;
    this.#check(end, consumed);
    if (end > this.bytes.length) this.#resize(Math.max(end, Math.min(2 * this.bytes.length, this.#most + SLACK)));
    this.bytes.set(block, this.length);
    this.length = end;
  }

  /** What was written, once the last check has passed. Counts against the budget's total. */
  result(): Uint8Array {
    if (!this.#head) this.#check(this.length, this.input.length);
    const bytes = this.bytes.subarray(0, Math.min(this.length, this.#most));
    if (!this.#head) this.#budget.spend(bytes.length);
    return bytes;
  }

  truncated(what: string): BrineError {
    return new BrineError(
      'TRUNCATED',
      `the ${what} data ends before its end is marked, after ${this.input.length} bytes`,
      {
        file: this.name,
        offset: this.input.length,
      },
    );
  }

  corrupt(what: string, offset: number): BrineError {
    return new BrineError('CORRUPT', what, { file: this.name, offset: Math.min(offset, this.input.length) });
  }

  unsupported(what: string, offset: number): BrineError {
    return new BrineError('UNSUPPORTED', what, { file: this.name, offset });
  }

  #check(written: number, consumed: number): void {
    if (written > this.#most) {
      if (this.#head) throw new HeadReached();
      throw new BrineError('LIMIT', `${this.input.length} compressed bytes expand to ${this.#reason}`, {
        file: this.name,
      });
    }
    const { ratio, runningExempt } = this.#budget.limits;
    if (written > runningExempt && written > ratio * Math.max(consumed, 1) && consumed < this.input.length) {
      throw new BrineError(
        'LIMIT',
        `the first ${consumed} compressed bytes expand to ${written} (limit expansion ratio ${ratio}:1)`,
        { file: this.name },
      );
    }
  }

  #resize(capacity: number): void {
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(capacity);
    } catch (cause) {
      throw new BrineError('LIMIT', `no memory for ${capacity} decompressed bytes`, { file: this.name }, { cause });
    }
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
  }
}
