import { MatchTrees } from './match-trees.js';

const WINDOW = 0xffff;
export const MIN_MATCH = 4;
/** A match of this length is taken as it comes, and lengths up to here are weighed one by one. */
const NICE = 128;

/** Prices are in parts of a byte, so that of ways of equal size the one with fewer sequences, which reads faster, wins. */
const BYTE = 64;
const SEQUENCE = 1;
/** A token and an offset. */
const MATCH = 3 * BYTE + SEQUENCE;

/** Steps of one block from its end to its beginning, of which the price is the least: literals have the length 1. */
export interface Lz4Plan {
  /** Of each place: bytes of the step that ends there; 1 is a literal. */
  readonly lengths: Int32Array;
  readonly offsets: Uint16Array;
}

/**
 * The shortest way to say a block, among the longest match of each place (at any distance, for all cost the same) and what
 * is shorter. `depth`: candidates tried for each; matches begin before `last` and end before `end`.
 */
export function planLz4(input: Uint8Array, depth: number, last: number, end: number): Lz4Plan {
  const size = input.length;
  const prices = new Int32Array(size + 1).fill(0x7fffffff);
  const literals = new Int32Array(size + 1);
  const lengths = new Int32Array(size + 1);
  const offsets = new Uint16Array(size + 1);
  prices[0] = 0;

  const offer = (to: number, price: number, length: number, offset: number): void => {
    if (price >= prices[to]) return;
    prices[to] = price;
    lengths[to] = length;
    offsets[to] = offset;
    literals[to] = 0;
  };

  const trees = new MatchTrees(input, { depth, nice: NICE, window: WINDOW });
  for (let at = 0; at < size; at++) {
    const price = prices[at];
    const run = literals[at] + 1;
    const literal = price + BYTE + (run >= 15 && (run - 15) % 255 === 0 ? BYTE : 0);
    if (literal < prices[at + 1]) {
      prices[at + 1] = literal;
      lengths[at + 1] = 1;
      literals[at + 1] = run;
    }
    if (at >= last) continue;
    trees.find();
    if (trees.count === 0) continue;
    let longest = trees.lengths[trees.count - 1];
    const offset = trees.distances[trees.count - 1] + 1;
    if (longest >= NICE) while (at + longest < end && input[at + longest] === input[at + longest - offset]) longest++;
    longest = Math.min(longest, end - at);
    // From the tables of shorter matches it may be one that begins too far back.
    if (longest < MIN_MATCH || offset > WINDOW) continue;
    for (let length = Math.min(longest, NICE); length >= MIN_MATCH; length--)
      offer(at + length, price + MATCH + (length >= 19 ? BYTE : 0), length, offset);
    if (longest > NICE) {
      offer(at + longest, price + MATCH + BYTE * (1 + Math.floor((longest - 19) / 255)), longest, offset);
      // Whatever begins within it saves less than looking costs.
      trees.skip(longest - 1);
      at += longest - 1;
    }
  }
  return { lengths, offsets };
}
