import { xxh32 } from './checksums.js';
import type { Expansion } from './expansion.js';
import { hex, mismatch } from './zlib.js';
import { uint32 } from './words.js';

/**
 * The LZ4 frame (lz4_Frame_format 1.6.4) with all its options but dictionaries: linked and independent blocks, block
 * and content checksums, content size, skippable frames, frames in sequence; and the legacy frame of `lz4 -l`.
 */
const FRAME = 0x184d2204;
const LEGACY = 0x184c2102;
const SKIPPABLE = 0x184d2a50;

/** Bytes of a block, by the code in the frame's descriptor. */
const BLOCK_SIZES = new Map([
  [4, 64 * 1024],
  [5, 256 * 1024],
  [6, 1024 * 1024],
  [7, 4 * 1024 * 1024],
]);
const LEGACY_BLOCK = 8 * 1024 * 1024;
const MIN_MATCH = 4;

/** Decodes all frames. What follows them and is none is ignored. */
export function unlz4(run: Expansion): void {
  const { input } = run;
  let at = 0;
  for (let frames = 0; ; frames++) {
    if (at + 4 > input.length) {
      if (frames > 0) return;
      throw run.truncated('lz4');
    }
    const magic = uint32(input, at);
    if (magic === FRAME) {
      at = frame(run, at);
    } else if (magic === LEGACY) {
      at = legacyFrame(run, at + 4);
    } else if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      if (at + 8 > input.length) throw run.truncated('lz4');
      at += 8 + uint32(input, at + 4);
      if (at > input.length) throw run.truncated('lz4');
    } else if (frames > 0) {
      return;
    } else {
      throw run.corrupt(`no lz4 header: ${hex(magic)}`, at);
    }
  }
}

function frame(run: Expansion, start: number): number {
  const { input } = run;
  if (start + 7 > input.length) throw run.truncated('lz4');
  const flags = input[start + 4];
  if (flags >> 6 !== 1) throw run.unsupported(`version ${flags >> 6} of the lz4 frame`, start + 4);
  const independent = (flags & 32) !== 0;
  const blockChecks = (flags & 16) !== 0;
  const hasSize = (flags & 8) !== 0;
  const contentCheck = (flags & 4) !== 0;
  const blockSize = BLOCK_SIZES.get((input[start + 5] >> 4) & 7);
  if (flags & 2 || input[start + 5] & 0x8f || blockSize === undefined) {
    throw run.corrupt(`lz4 frame flags ${hex(flags)} ${hex(input[start + 5])}`, start + 4);
  }
  if (flags & 1) throw run.unsupported('an lz4 frame that needs a dictionary', start + 4);
  let at = start + 6;
  let size: number | undefined;
  if (hasSize) {
    if (at + 8 > input.length) throw run.truncated('lz4');
    size = uint32(input, at) + 2 ** 32 * uint32(input, at + 4);
    at += 8;
  }
  if (at >= input.length) throw run.truncated('lz4');
  const headerCheck = (xxh32(input, start + 4, at) >>> 8) & 255;
  if (headerCheck !== input[at]) throw run.corrupt(mismatch('lz4 header', 'checksum', headerCheck, input[at]), at);
  at++;
  const before = run.length;
  if (size !== undefined) run.expect(before + size);
  for (;;) {
    if (at + 4 > input.length) throw run.truncated('lz4');
    const header = uint32(input, at);
    at += 4;
    if (header === 0) break;
    const length = header & 0x7fffffff;
    // A block that grew under compression is stored instead, so none is longer than the frame's block size.
    if (length > blockSize) throw run.corrupt(`an lz4 block of ${length} bytes where ${blockSize} is the most`, at - 4);
    const end = at + length;
    if (header & 0x80000000) {
      run.append(input.subarray(at, end), at);
      if (end > input.length) throw run.truncated('lz4');
    } else {
      if (end > input.length) {
        // What there is of the block tells the beginning of a cut file; it never counts as whole.
        block(run, at, input.length, independent ? run.length : before, blockSize, true);
        throw run.truncated('lz4');
      }
      block(run, at, end, independent ? run.length : before, blockSize, false);
    }
    if (blockChecks) {
      if (end + 4 > input.length) throw run.truncated('lz4');
      const actual = xxh32(input, at, end);
      if (actual !== uint32(input, end))
        throw run.corrupt(mismatch('lz4 block', 'checksum', actual, uint32(input, end)), at);
    }
    at = end + (blockChecks ? 4 : 0);
  }
  if (size !== undefined && run.length - before !== size) {
    throw run.corrupt(`an lz4 frame of ${run.length - before} bytes that announces ${size}`, start + 6);
  }
  if (contentCheck) {
    if (at + 4 > input.length) throw run.truncated('lz4');
    const actual = xxh32(run.bytes, before, run.length);
    if (actual !== uint32(input, at)) throw run.corrupt(mismatch('lz4', 'checksum', actual, uint32(input, at)), at);
    at += 4;
  }
  return at;
}

/** Blocks of 8 MiB, each after its compressed size, up to the end of the file or the next frame. */
function legacyFrame(run: Expansion, start: number): number {
  const { input } = run;
  let at = start;
  while (at < input.length) {
    if (at + 4 > input.length) throw run.truncated('lz4');
    const length = uint32(input, at);
    if (length === FRAME || length === LEGACY || (length & 0xfffffff0) >>> 0 === SKIPPABLE) break;
    at += 4;
    if (length > 2 * LEGACY_BLOCK) throw run.corrupt(`an lz4 block of ${length} bytes`, at - 4);
    if (at + length > input.length) {
      block(run, at, input.length, run.length, LEGACY_BLOCK, true);
      throw run.truncated('lz4');
    }
    block(run, at, at + length, run.length, LEGACY_BLOCK, false);
    at += length;
  }
  return at;
}

/**
 * One LZ4 block (lz4_Block_format): literals and matches in turn, literals last. Matches reach back 64 KiB at most,
 * and not before `base`. A block that is `cut` short just ends where its bytes do.
 */
function block(run: Expansion, start: number, end: number, base: number, most: number, cut: boolean): void {
  const { input } = run;
  const goal = run.length + most;
  let ip = start;
  while (ip < end) {
    const token = input[ip++];
    let literals = token >> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255 && ip < end) literals += more = input[ip++];
    }
    const stop = ip + literals;
    if (stop > end && !cut) throw run.corrupt(`lz4 literals of ${literals} bytes beyond their block`, ip);
    if (run.length + literals > goal) throw run.corrupt(`an lz4 block with more than ${most} bytes of content`, ip);
    copyLiterals(run, ip, Math.min(stop, end));
    ip = stop;
    if (ip >= end) break;
    if (ip + 2 > end) {
      if (cut) return;
      throw run.corrupt('an lz4 block that ends within a match', ip);
    }
    const distance = input[ip] | (input[ip + 1] << 8);
    ip += 2;
    let length = token & 15;
    if (length === 15) {
      let more = 255;
      while (more === 255 && ip < end) length += more = input[ip++];
    }
    length += MIN_MATCH;
    if (distance === 0 || distance > run.length - base) {
      throw run.corrupt(`an lz4 match ${distance} bytes back, where ${run.length - base} have been written`, ip);
    }
    if (run.length + length > goal) throw run.corrupt(`an lz4 block with more than ${most} bytes of content`, ip);
    copyMatch(run, distance, length, ip);
    // A match is never the last: an encoder ends a block with literals.
    if (ip >= end && !cut) throw run.corrupt('an lz4 block that ends with a match', ip);
  }
}

function copyLiterals(run: Expansion, from: number, to: number): void {
  if (to - from > 32) {
    run.append(run.input.subarray(from, to), from);
    return;
  }
  const out = run.length + 32 > run.bytes.length ? run.grow(run.length, from, 32) : run.bytes;
  let op = run.length;
  while (from < to) out[op++] = run.input[from++];
  run.length = op;
}

const STEP = 65536;

function copyMatch(run: Expansion, distance: number, length: number, consumed: number): void {
  while (length > 0) {
    const n = Math.min(length, STEP);
    const out = run.length + n > run.bytes.length ? run.grow(run.length, consumed, n) : run.bytes;
    let op = run.length;
    for (const stop = op + n, back = distance; op < stop; op++) out[op] = out[op - back];
    run.length = op;
    length -= n;
  }
}
