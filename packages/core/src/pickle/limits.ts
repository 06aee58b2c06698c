import { BrineError } from '../errors.js';

/**
 * What a pickle may cost. Each limit exists because a small file can ask for more than any model needs.
 * Reaching one says nothing about the file being hostile: it was not read to its end, that is all.
 */
export interface PickleLimits {
  /** Opcodes in all, nested pickles included. A 1 GB model has some ten million. CWE-400. */
  readonly opcodes: number;
  /**
   * Items on the stack of one pickle: 8 bytes each, and as many objects behind them. Nesting a dict a
   * million deep takes two items a level. CWE-770.
   */
  readonly stack: number;
  /** Marks on the stack of one pickle. CWE-770. */
  readonly marks: number;
  /** Memo entries of one pickle. CWE-770. */
  readonly memo: number;
  /**
   * The highest memo index far away from the others. Here it costs nothing; Python makes an array of that length.
   * CWE-789.
   */
  readonly memoIndex: number;
  /** Lists, dicts, tuples, byte strings and calls: a byte of file can cost a hundred of memory. CWE-770. */
  readonly objects: number;
  /**
   * Bytes of one integer, in digits where it is written in decimal: the work of converting grows faster
   * than the length. numpy's largest random state has 2.5 KB. CWE-1333, CWE-400.
   */
  readonly integerBytes: number;
  /** Bytes of one text. JavaScript engines have no longer strings than this. CWE-770. */
  readonly text: number;
  /** Milliseconds of the machine's own work, waiting for bytes aside. CWE-400. */
  readonly milliseconds: number;
}

export const DEFAULT_LIMITS: PickleLimits = {
  opcodes: 50_000_000,
  stack: 2_500_000,
  marks: 1_250_000,
  memo: 10_000_000,
  memoIndex: 2 ** 32,
  objects: 20_000_000,
  integerBytes: 65_536,
  text: 0x1fff_ffe8,
  milliseconds: 120_000,
};

/** A source larger than this is read in windows and not as a whole. */
export const WINDOWED_ABOVE = 64 * 1024 * 1024;
/** In such a source, raw ranges of at least this size stay lazy. */
export const LAZY_FROM = 1024 * 1024;
/** Windows begin this small, so that hopping over arrays costs little … */
export const FIRST_WINDOW = 64 * 1024;
/** … and double up to this while opcodes follow each other. */
export const LARGEST_WINDOW = 8 * 1024 * 1024;

/** Throws LIMIT. `figure` is what the file asked for. */
export function overLimit(limits: PickleLimits, which: keyof PickleLimits, figure: string, offset: number): never {
  throw new BrineError(
    'LIMIT',
    `the pickle has ${figure}, more than the limit of ${limits[which]} (limits.${which} raises it)`,
    { offset },
  );
}
