import { xxh32 } from './checksums.js';
import { blocksOf, type Chunks } from './compress.js';
import { MIN_MATCH, planLz4 } from './lz4-plan.js';
import { int32 } from './words.js';

/** LZ4 frames (lz4_Frame_format 1.6.4) of independent blocks of 4 MiB, their matches planned ahead, or taken as they come. */
const BLOCK = 4 * 1024 * 1024;

/** Version 1, independent blocks; blocks of 4 MiB; and the descriptor's own check. */
const DESCRIPTOR = Uint8Array.of(0x60, 0x70);

const MAGIC = [0x04, 0x22, 0x4d, 0x18];
/** The format wants the last 5 bytes to be literals, and no match to begin in the last 12. */
const LAST_LITERALS = 5;
const MATCH_LIMIT = 12;
const HASH_BITS = 16;
/** No match found in so many attempts (as a power of two): steps grow. */
const SKIP_TRIGGER = 6;

/** Candidates tried for each match, by level; 0: matches are taken as they come. As with lz4 itself, from 3 on it tries harder. */
const DEPTHS = [0, 0, 8, 12, 16, 24, 32, 48, 96];

export async function* lz4Frames(chunks: Chunks, level: number): AsyncGenerator<Uint8Array> {
  yield Uint8Array.of(...MAGIC, ...DESCRIPTOR, (xxh32(DESCRIPTOR) >>> 8) & 0xff);
  for await (const block of blocksOf(chunks, BLOCK)) {
    const packed = lz4Block(block, DEPTHS[level - 1]);
    // The highest bit says that a block is stored as it is.
    yield packed ? word(packed.length) : word(block.length | 0x80000000);
    yield packed ?? block;
  }
  yield word(0);
}

function word(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
}

/** One block (lz4_Block_format 1.6.4); undefined if it would not be shorter than its content. */
function lz4Block(input: Uint8Array, depth: number): Uint8Array | undefined {
  const end = input.length;
  const out = new Uint8Array(end);
  let to = 0;
  let anchor = 0;

  /** Literals since the last match, then the match; false if there is no room left. */
  const sequence = (at: number, offset: number, length: number): boolean => {
    const literals = at - anchor;
    const extra = length - MIN_MATCH;
    if (to + literals + (literals >> 7) + (length >> 7) + 16 > end) return false;
    out[to++] = (Math.min(literals, 15) << 4) | (length === 0 ? 0 : Math.min(extra, 15));
    to = lengthBytes(out, to, literals);
    out.set(input.subarray(anchor, at), to);
    to += literals;
    if (length === 0) return true;
    out[to++] = offset & 0xff;
    out[to++] = offset >> 8;
    to = lengthBytes(out, to, extra);
    return true;
  };

  const matchEnd = end - LAST_LITERALS;
  for (const { at, offset, length } of depth > 0 ? planned(input, depth) : greedy(input, matchEnd)) {
    if (!sequence(at, offset, length)) return undefined;
    anchor = at + length;
  }
  return sequence(end, 0, 0) ? out.subarray(0, to) : undefined;
}

interface Match {
  readonly at: number;
  readonly offset: number;
  readonly length: number;
}

/** The matches of the best plan, in order. */
function planned(input: Uint8Array, depth: number): readonly Match[] {
  const { lengths, offsets } = planLz4(input, depth, input.length - MATCH_LIMIT, input.length - LAST_LITERALS);
  const matches: Match[] = [];
  for (let to = input.length; to > 0; to -= lengths[to]) {
    const length = lengths[to];
    if (length >= MIN_MATCH) matches.push({ at: to - length, offset: offsets[to], length });
  }
  return matches.reverse();
}

/** Matches as they come. */
function* greedy(input: Uint8Array, matchEnd: number): Generator<Match> {
  const table = new Int32Array(1 << HASH_BITS).fill(-1);
  let anchor = 0;
  for (let at = 0, misses = 0; at < input.length - MATCH_LIMIT;) {
    const here = int32(input, at);
    const slot = Math.imul(here, 0x9e3779b1) >>> (32 - HASH_BITS);
    let found = table[slot];
    table[slot] = at;
    if (found < 0 || at - found > 0xffff || int32(input, found) !== here) {
      at += 1 + (misses++ >> SKIP_TRIGGER);
      continue;
    }
    misses = 0;
    while (at > anchor && found > 0 && input[at - 1] === input[found - 1]) {
      at--;
      found--;
    }
    let length = MIN_MATCH;
    while (at + length < matchEnd && input[at + length] === input[found + length]) length++;
    yield { at, offset: at - found, length };
    at += length;
    anchor = at;
  }
}

/** What of a length is beyond 15, in bytes of 255. */
function lengthBytes(out: Uint8Array, at: number, length: number): number {
  if (length < 15) return at;
  let left = length - 15;
  let to = at;
  for (; left >= 255; left -= 255) out[to++] = 255;
  out[to++] = left;
  return to;
}
