import type { ParquetType } from 'hyparquet';
import { varint } from './compact.js';

/**
 * hyparquet decodes the values of a page by the counts it finds there, without a look at the bytes they need. These
 * checks walk over the same runs and blocks first (CWE-1284, CWE-834).
 *
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/
 */

/** Indices are built in 32 bits with eight to come. No dictionary has so many entries: it would be a page of 64 MiB. */
const MAX_INDEX_BITS = 24;
/** Values in a block of deltas; writers make them of 128. */
const MAX_DELTA_BLOCK = 2 ** 16;

/** Numbers in runs, of which `ones` are 1. Throws where there are fewer than `count` or a run is longer than that. */
export function checkRuns(
  bytes: Uint8Array,
  start: number,
  end: number,
  width: number,
  count: number,
): { ones: number } {
  let at = start;
  let seen = 0;
  let ones = 0;
  while (seen < count) {
    const header = varint(bytes, at, end, 5);
    at = header.at;
    const length = header.value >>> 1;
    const left = count - seen;
    if ((header.value & 1) === 0) {
      const size = (width + 7) >> 3;
      if (size > end - at) throw new Error('a run ends within its value');
      if (length > left) throw new Error(`a run of ${length} values where ${left} are left`);
      let value = 0;
      for (let i = 0; i < size; i++) value |= bytes[at + i] << (8 * i);
      if (value === 1) ones += length;
      at += size;
      seen += length;
      continue;
    }
    // Groups of eight, the last one filled up. Without any bits, the reader is a byte off after them.
    const values = 8 * length;
    const some = Math.min(values, left);
    if (length === 0 || values > left + 7 || (width === 0 && values < left) || (some * width) / 8 > end - at) {
      throw new Error(`${length} groups of ${width} bits in ${end - at} bytes, where ${left} values are left`);
    }
    if (width === 1) for (let i = 0; i < some; i++) ones += (bytes[at + (i >> 3)] >> (i & 7)) & 1;
    at += length * width;
    seen += some;
  }
  return { ones };
}

/** Runs behind their length in four bytes: the levels of a version 1 page and booleans. Answers where they end. */
export function checkSizedRuns(
  bytes: Uint8Array,
  at: number,
  width: number,
  count: number,
): { ones: number; at: number } {
  if (bytes.length - at < 4) throw new Error('a page ends before the length of its runs');
  const length = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
  const start = at + 4;
  if (length > bytes.length - start) throw new Error(`runs of ${length} bytes where ${bytes.length - start} are left`);
  return { ...checkRuns(bytes, start, start + length, width, count), at: start + length };
}

/** The bytes of one value, where all have as many. */
const fixedSize: Partial<Record<ParquetType, number>> = { INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8 };

function sizeOf(type: ParquetType, typeLength: number | undefined): number {
  const size = type === 'FIXED_LEN_BYTE_ARRAY' ? typeLength : fixedSize[type];
  if (size === undefined || !(size > 0)) throw new Error(`values of type ${type} and length ${typeLength}`);
  return size;
}

function checkRoom(need: number, left: number, count: number): void {
  if (need > left) throw new Error(`${count} values need ${need} bytes where ${left} are left`);
}

/** Values one after another. */
export function checkPlain(
  bytes: Uint8Array,
  start: number,
  count: number,
  type: ParquetType,
  typeLength: number | undefined,
): void {
  const left = bytes.length - start;
  if (type === 'BOOLEAN') checkRoom(Math.ceil(count / 8), left, count);
  else if (type !== 'BYTE_ARRAY') checkRoom(count * sizeOf(type, typeLength), left, count);
  else {
    checkRoom(4 * count, left, count);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = start;
    for (let i = 0; i < count; i++) {
      checkRoom(4 * (count - i), bytes.length - at, count - i);
      const length = view.getUint32(at, true);
      at += 4;
      if (length > bytes.length - at) throw new Error(`text of ${length} bytes where ${bytes.length - at} are left`);
      at += length;
    }
  }
}

/**
 * Integers as differences, in blocks of miniblocks.
 *
 * @param out receives what 32-bit integers they are
 * @returns where they end
 */
function checkDeltas(bytes: Uint8Array, start: number, count: number, bits: 32 | 64, out?: Int32Array): number {
  const end = bytes.length;
  let at = start;
  const number = (longest: number): number => {
    const read = varint(bytes, at, end, longest);
    at = read.at;
    return read.value;
  };
  const unzigzag = (low: number, high: number): number => ((low >>> 1) | (high << 31)) ^ -(low & 1);
  const block = number(5);
  const miniblocks = number(5);
  const total = number(5);
  const size = block / miniblocks;
  if (!(miniblocks > 0 && block <= MAX_DELTA_BLOCK && size > 0 && size % 8 === 0 && total === count)) {
    throw new Error(`${total} deltas in blocks of ${block} by ${miniblocks} miniblocks, where there are ${count}`);
  }
  let value = unzigzag(number(bits === 32 ? 5 : 10), 0);
  if (out !== undefined && count > 0) out[0] = value;
  let done = 1;
  while (done < count) {
    const first = at;
    const low = number(10);
    // The 33rd bit of a difference between 32-bit integers.
    const least = unzigzag(low, at - first === 5 ? (bytes[first + 4] >> 4) & 1 : 0);
    const widths = at;
    if (miniblocks > end - at) throw new Error('a block of deltas ends within its widths');
    at += miniblocks;
    for (let i = 0; i < miniblocks && done < count; i++) {
      const width = bytes[widths + i];
      if (width > bits) throw new Error(`deltas of ${width} bits`);
      const some = Math.min(size, count - done);
      checkRoom(Math.ceil((some * width) / 8), end - at, some);
      if (out !== undefined) {
        for (let j = 0, bit = 8 * at; j < some; j++) {
          let delta = 0;
          for (let b = 0; b < width; b++, bit++) delta |= ((bytes[bit >>> 3] >> (bit & 7)) & 1) << b;
          value = (value + least + delta) | 0;
          out[done + j] = value;
        }
      }
      at += (size * width) / 8;
      done += some;
    }
  }
  return at;
}

export interface ValueRun {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly count: number;
  readonly type: ParquetType;
  readonly typeLength: number | undefined;
  /** Entries of the dictionary; undefined where there is none. */
  readonly dictionary: number | undefined;
  /** Version 2 pages have runs even where every index is 0. */
  readonly version: 1 | 2;
  /** Called, before they are looked at one by one, with the bytes that values take beyond those of their page. */
  readonly spend: (bytes: number) => void;
}

/** What hyparquet makes of a value that the file holds as less than its bytes. */
const VALUE_BYTES = 16;

type Check = (run: ValueRun) => void;

function checkIndices({ bytes, at, count, type, dictionary, version }: ValueRun): void {
  if (dictionary === undefined || type === 'BOOLEAN') throw new Error('indices without a dictionary');
  if (count > 0 && dictionary === 0) throw new Error('indices into an empty dictionary');
  if (at >= bytes.length) throw new Error('a page ends before the width of its indices');
  const width = bytes[at];
  if (width > MAX_INDEX_BITS) throw new Error(`indices of ${width} bits, unsupported beyond ${MAX_INDEX_BITS}`);
  if (width > 0 || version === 2) checkRuns(bytes, at + 1, bytes.length, width, count);
}

function checkLengths({ bytes, at, count, spend }: ValueRun): void {
  spend(VALUE_BYTES * count);
  const lengths = new Int32Array(count);
  const start = checkDeltas(bytes, at, count, 32, lengths);
  let left = bytes.length - start;
  for (const length of lengths) {
    if (!(length >= 0 && length <= left)) throw new Error(`text of ${length} bytes where ${left} are left`);
    left -= length;
  }
}

function checkPrefixed({ bytes, at, count, spend }: ValueRun): void {
  spend(2 * VALUE_BYTES * count);
  const prefixes = new Int32Array(count);
  const suffixes = new Int32Array(count);
  let left = bytes.length - checkDeltas(bytes, checkDeltas(bytes, at, count, 32, prefixes), count, 32, suffixes);
  let before = 0;
  let all = 0;
  for (let i = 0; i < count; i++) {
    const suffix = suffixes[i];
    const prefix = prefixes[i];
    if (!(suffix >= 0 && suffix <= left)) throw new Error(`text of ${suffix} bytes where ${left} are left`);
    if (!(prefix >= 0 && prefix <= before)) throw new Error(`text that begins as ${prefix} bytes of ${before}`);
    left -= suffix;
    before = prefix + suffix;
    all += prefix;
  }
  spend(all);
}

const checks: ReadonlyMap<number, Check> = new Map<number, Check>([
  [
    0,
    (run) => {
      checkPlain(run.bytes, run.at, run.count, run.type, run.typeLength);
    },
  ], // PLAIN
  [2, checkIndices], // PLAIN_DICTIONARY
  [
    3, // RLE
    ({ bytes, at, count, type }) => {
      if (type !== 'BOOLEAN') throw new Error(`runs of type ${type}`);
      checkSizedRuns(bytes, at, 1, count);
    },
  ],
  [
    5, // DELTA_BINARY_PACKED
    ({ bytes, at, count, type, spend }) => {
      if (type !== 'INT32' && type !== 'INT64') throw new Error(`deltas of type ${type}`);
      spend(VALUE_BYTES * count);
      checkDeltas(bytes, at, count, type === 'INT32' ? 32 : 64);
    },
  ],
  [6, checkLengths], // DELTA_LENGTH_BYTE_ARRAY
  [7, checkPrefixed], // DELTA_BYTE_ARRAY
  [8, checkIndices], // RLE_DICTIONARY
  [
    9, // BYTE_STREAM_SPLIT
    ({ bytes, at, count, type, typeLength }) => {
      checkRoom(count * sizeOf(type, typeLength), bytes.length - at, count);
    },
  ],
]);

/** Checks the values of a data page in one of Parquet's encodings (numbered as in parquet.thrift). */
export function checkValues(encoding: number, run: ValueRun): void {
  const check = checks.get(encoding);
  if (check === undefined) throw new Error(`the encoding ${encoding} is unsupported`);
  check(run);
}
