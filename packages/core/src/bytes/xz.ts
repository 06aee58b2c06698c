import { crc32, crc64 } from './checksums.js';
import type { Expansion } from './expansion.js';
import { lzma2, lzma2DictionarySize } from './lzma2.js';
import { sha256 } from './sha256.js';
import { hex, mismatch } from './zlib.js';
import { uint32 } from './words.js';

/**
 * The .xz format (xz-file-format 1.2.1): streams of LZMA2 blocks, each with an integrity check, and an index of them.
 * Of the filters only LZMA2 is read; Delta and the BCJ family, which serve sound and programs, are refused by name.
 */
const MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const STREAM_HEADER = 12;
const FILTER_LZMA2 = 0x21;

const filterNames = new Map([
  [0x03, 'Delta'],
  [0x04, 'BCJ x86'],
  [0x05, 'BCJ PowerPC'],
  [0x06, 'BCJ IA-64'],
  [0x07, 'BCJ ARM'],
  [0x08, 'BCJ ARM-Thumb'],
  [0x09, 'BCJ SPARC'],
  [0x0a, 'BCJ ARM64'],
  [0x0b, 'BCJ RISC-V'],
]);

/** Bytes of each check, by its number; those without a name here have no known algorithm. */
const CHECK_SIZES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];
const CHECK_NONE = 0;
const CHECK_CRC32 = 1;
const CHECK_CRC64 = 4;
const CHECK_SHA256 = 10;

/** Decodes all streams of an .xz file, with the padding of four zeros that may follow each. */
export function unxz(run: Expansion): void {
  const { input } = run;
  let at = 0;
  do {
    at = stream(run, at);
    while (at + 4 <= input.length && uint32(input, at) === 0) at += 4;
  } while (at < input.length && MAGIC.every((byte, i) => input[at + i] === byte));
}

/** A cursor over the small numbers of headers and index. */
interface Cursor {
  at: number;
}

/** A number of up to 63 bits, seven per byte. Above 2^53 nothing here is plausible: CORRUPT. */
function multibyte(run: Expansion, cursor: Cursor): number {
  const start = cursor.at;
  let value = 0;
  for (let n = 0; n < 9; n++) {
    if (cursor.at >= run.input.length) throw run.truncated('xz');
    const byte = run.input[cursor.at++];
    value += (byte & 0x7f) * 2 ** (7 * n);
    if (byte < 0x80) {
      if ((byte === 0 && n > 0) || value > Number.MAX_SAFE_INTEGER) break;
      return value;
    }
  }
  throw run.corrupt('an xz number that is not well formed', start);
}

function checkCrc(run: Expansion, what: string, start: number, end: number): void {
  if (end + 4 > run.input.length) throw run.truncated('xz');
  const actual = crc32(run.input, start, end);
  const stored = uint32(run.input, end);
  if (actual !== stored) throw run.corrupt(mismatch(`xz ${what}`, 'CRC-32', actual, stored), end);
}

function stream(run: Expansion, start: number): number {
  const { input } = run;
  if (start + STREAM_HEADER > input.length) throw run.truncated('xz');
  if (!MAGIC.every((byte, i) => input[start + i] === byte)) throw run.corrupt('no xz header', start);
  checkCrc(run, 'header', start + 6, start + 8);
  if (input[start + 6] !== 0 || input[start + 7] > 15) {
    throw run.unsupported(`xz stream flags ${hex((input[start + 6] << 8) | input[start + 7])}`, start + 6);
  }
  const check = input[start + 7];
  const blocks: { unpadded: number; size: number }[] = [];
  let at = start + STREAM_HEADER;
  for (;;) {
    if (at >= input.length) throw run.truncated('xz');
    if (input[at] === 0) break;
    const before = run.length;
    const end = block(run, at, check);
    blocks.push({ unpadded: end - at, size: run.length - before });
    at += 4 * Math.ceil((end - at) / 4);
  }
  const indexEnd = index(run, at, blocks);
  // The footer: CRC, size of the index, flags once more, `YZ`.
  if (indexEnd + STREAM_HEADER > input.length) throw run.truncated('xz');
  const footerCrc = crc32(input, indexEnd + 4, indexEnd + 10);
  if (uint32(input, indexEnd) !== footerCrc) {
    throw run.corrupt(mismatch('xz footer', 'CRC-32', footerCrc, uint32(input, indexEnd)), indexEnd);
  }
  const sameFlags = input[indexEnd + 8] === input[start + 6] && input[indexEnd + 9] === check;
  const magic = input[indexEnd + 10] === 0x59 && input[indexEnd + 11] === 0x5a;
  if (!sameFlags || !magic || 4 * (uint32(input, indexEnd + 4) + 1) !== indexEnd - at) {
    throw run.corrupt('an xz footer that does not fit its stream', indexEnd);
  }
  return indexEnd + STREAM_HEADER;
}

/** One block; answers the offset after its check (its padding before the check included, as the index counts not). */
function block(run: Expansion, start: number, check: number): number {
  const { input } = run;
  const headerEnd = start + 4 * (input[start] + 1);
  if (headerEnd > input.length) throw run.truncated('xz');
  checkCrc(run, 'block header', start, headerEnd - 4);
  const flags = input[start + 1];
  if (flags & 0x3c) throw run.unsupported(`xz block flags ${hex(flags)}`, start + 1);
  const cursor: Cursor = { at: start + 2 };
  const compressedSize = flags & 0x40 ? multibyte(run, cursor) : undefined;
  const size = flags & 0x80 ? multibyte(run, cursor) : undefined;
  let dictionaryBits = 0;
  for (let n = (flags & 3) + 1; n > 0; n--) {
    const filterAt = cursor.at;
    const filter = multibyte(run, cursor);
    const propertySize = multibyte(run, cursor);
    if (filter !== FILTER_LZMA2) {
      const name = filterNames.get(filter) ?? hex(filter);
      throw run.unsupported(`the xz filter ${name}: only LZMA2 is read; recompress the file with plain xz`, filterAt);
    }
    if (n !== 1 || propertySize !== 1 || cursor.at >= headerEnd - 4) {
      throw run.corrupt('an xz filter chain that is not well formed', filterAt);
    }
    dictionaryBits = input[cursor.at++];
  }
  for (; cursor.at < headerEnd - 4; cursor.at++) {
    if (input[cursor.at] !== 0) throw run.corrupt('an xz block header whose padding is not zero', cursor.at);
  }
  if (cursor.at !== headerEnd - 4) throw run.corrupt('an xz block header longer than it says', start);
  const dictionarySize = lzma2DictionarySize(dictionaryBits);
  if (dictionarySize === undefined) throw run.corrupt(`xz dictionary size ${dictionaryBits}`, start);

  const before = run.length;
  if (size !== undefined) run.expect(before + size);
  const end = lzma2(run, headerEnd, dictionarySize, 'xz');
  if (compressedSize !== undefined && end - headerEnd !== compressedSize) {
    throw run.corrupt(`an xz block of ${end - headerEnd} bytes that announces ${compressedSize}`, start);
  }
  if (size !== undefined && run.length - before !== size) {
    throw run.corrupt(`an xz block with ${run.length - before} bytes of content that announces ${size}`, start);
  }
  let at = end;
  for (; (at - headerEnd) % 4 !== 0; at++) {
    if (at >= input.length) throw run.truncated('xz');
    if (input[at] !== 0) throw run.corrupt('an xz block whose padding is not zero', at);
  }
  const checkEnd = at + CHECK_SIZES[check];
  if (checkEnd > input.length) throw run.truncated('xz');
  verify(run, check, before, at);
  // The index counts header, data and check, not the padding between.
  return checkEnd - (at - end);
}

/** Compares the content written since `before` with the check stored at `at`. */
function verify(run: Expansion, check: number, before: number, at: number): void {
  const { input, bytes, length } = run;
  if (check === CHECK_CRC32) {
    const actual = crc32(bytes, before, length);
    if (actual !== uint32(input, at)) throw run.corrupt(mismatch('xz', 'CRC-32', actual, uint32(input, at)), at);
  } else if (check === CHECK_CRC64) {
    const [low, high] = crc64(bytes, before, length);
    if (low !== uint32(input, at) || high !== uint32(input, at + 4)) {
      throw run.corrupt('xz data whose CRC-64 is not the one stored: it was damaged or changed', at);
    }
  } else if (check === CHECK_SHA256) {
    if (sha256(bytes, before, length).some((byte, i) => byte !== input[at + i])) {
      throw run.corrupt('xz data whose SHA-256 is not the one stored: it was damaged or changed', at);
    }
  } else if (check !== CHECK_NONE) {
    throw run.unsupported(`the xz integrity check ${check}`, at);
  }
}

/** The index after the blocks: their count and sizes must be those seen. Answers the offset of the footer. */
function index(run: Expansion, start: number, blocks: { unpadded: number; size: number }[]): number {
  const cursor: Cursor = { at: start + 1 };
  const count = multibyte(run, cursor);
  if (count !== blocks.length) {
    throw run.corrupt(`an xz index of ${count} blocks, where ${blocks.length} were read`, start);
  }
  for (const { unpadded, size } of blocks) {
    const at = cursor.at;
    if (multibyte(run, cursor) !== unpadded || multibyte(run, cursor) !== size) {
      throw run.corrupt('an xz index that does not fit its blocks', at);
    }
  }
  for (; (cursor.at - start) % 4 !== 0; cursor.at++) {
    if (cursor.at >= run.input.length) throw run.truncated('xz');
    if (run.input[cursor.at] !== 0) throw run.corrupt('an xz index whose padding is not zero', cursor.at);
  }
  checkCrc(run, 'index', start, cursor.at);
  return cursor.at + 4;
}
