/** What an encoder of LZMA learns of the bytes so far (LZMA SDK 23.01, lzma-specification.txt). */

/** Bits of a probability, and how quickly one moves. */
export const BITS = 11;
export const MOVE = 5;

export const STATES = 12;
export const LONGEST = 273;
/** Lengths from here on share one context for their distances. */
const LENGTH_CONTEXTS = 4;

export const lengthContext = (length: number): number => Math.min(length - 2, LENGTH_CONTEXTS - 1);

/** The state after a literal, a match, a match at a distance used before, and one byte of such. */
export const AFTER_LITERAL = Uint8Array.of(0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 4, 5);
export const AFTER_MATCH = Uint8Array.of(7, 7, 7, 7, 7, 7, 7, 10, 10, 10, 10, 10);
export const AFTER_REPEAT = Uint8Array.of(8, 8, 8, 8, 8, 8, 8, 11, 11, 11, 11, 11);
export const AFTER_BYTE = Uint8Array.of(9, 9, 9, 9, 9, 9, 9, 11, 11, 11, 11, 11);

/** States before this follow a literal. */
export const LITERAL_STATES = 7;

/** Which statistics are kept apart: by upper bits of the byte before (lc), and by lower bits of the place (lp, pb). */
export interface Contexts {
  readonly lc: number;
  readonly lp: number;
  readonly pb: number;
}

/** The slot of a distance (less one): its two upper bits and how many follow. */
export function slotOf(distance: number): number {
  if (distance < 4) return distance;
  const bits = 31 - Math.clz32(distance);
  return 2 * bits + ((distance >>> (bits - 1)) & 1);
}

const probabilities = (count: number): Uint16Array => new Uint16Array(count).fill(1 << (BITS - 1));

/** The places of a length's trees in its table: two choices, eight short ones and eight more of each place, the rest. */
export const LENGTH_LOW = 2;
export const LENGTH_MIDDLE = LENGTH_LOW + (16 << 3);
export const LENGTH_HIGH = LENGTH_MIDDLE + (16 << 3);

export class Model {
  readonly contexts: Contexts;
  readonly isMatch = probabilities(STATES << 4);
  readonly isRepeat = probabilities(STATES);
  readonly isRepeat0 = probabilities(STATES);
  readonly isRepeat1 = probabilities(STATES);
  readonly isRepeat2 = probabilities(STATES);
  readonly isLong = probabilities(STATES << 4);
  readonly literals: Uint16Array;
  readonly slots = probabilities(LENGTH_CONTEXTS << 6);
  readonly special = probabilities(128);
  readonly align = probabilities(16);
  readonly length = probabilities(LENGTH_HIGH + 256);
  readonly repeatLength = probabilities(LENGTH_HIGH + 256);

  constructor(contexts: Contexts) {
    this.contexts = contexts;
    this.literals = probabilities(0x300 << (contexts.lp + contexts.lc));
  }

  /** The properties byte of the format. */
  get properties(): number {
    const { lc, lp, pb } = this.contexts;
    return (pb * 5 + lp) * 9 + lc;
  }

  /** Where the statistics of a literal begin. */
  literalBase(at: number, before: number): number {
    const { lc, lp } = this.contexts;
    return 0x300 * (((at & ((1 << lp) - 1)) << lc) + (before >> (8 - lc)));
  }
}
