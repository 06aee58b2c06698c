import { xxh64Low } from './checksums.js';
import type { Expansion } from './expansion.js';
import {
  BackwardBits,
  fseOf,
  fseOfOne,
  type FseTable,
  type HuffmanTable,
  huffmanStream,
  readFse,
  readHuffman,
} from './zstd-entropy.js';
import { hex, mismatch } from './zlib.js';
import { uint32 } from './words.js';

/**
 * Zstandard (RFC 8878): frames of blocks, skippable frames between them. Dictionaries are refused: a frame that needs
 * one cannot be read without it.
 */
const FRAME = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const BLOCK_MAX = 128 * 1024;

/** Decodes all frames. What follows them and is none is ignored. */
export function unzstd(run: Expansion): void {
  const { input } = run;
  let at = 0;
  for (let frames = 0; ; frames++) {
    if (at + 4 > input.length) {
      if (frames > 0) return;
      throw run.truncated('zstd');
    }
    const magic = uint32(input, at);
    if (magic === FRAME) {
      at = frame(run, at);
    } else if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      if (at + 8 > input.length) throw run.truncated('zstd');
      at += 8 + uint32(input, at + 4);
      if (at > input.length) throw run.truncated('zstd');
    } else if (frames > 0) {
      return;
    } else {
      throw run.corrupt(`no zstd header: ${hex(magic)}`, at);
    }
  }
}

/** How a table of sequence codes starts: its default counts, and the value and extra bits of each code. */
interface SequenceCodes {
  readonly name: string;
  readonly maxLog: number;
  readonly maxSymbol: number;
  readonly start: FseTable;
}

/** Lengths of literals and of matches: first value and number of extra bits by code (RFC 8878 §3.1.1.3.2.1.1). */
const LITERAL_BITS = Uint8Array.from([
  ...Array<number>(16).fill(0),
  1,
  1,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  6,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  16,
]);
const MATCH_BITS = Uint8Array.from([
  ...Array<number>(32).fill(0),
  1,
  1,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  4,
  5,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  16,
]);

function basesOf(bits: Uint8Array, first: number): Int32Array {
  const bases = new Int32Array(bits.length);
  for (let i = 0, base = first; i < bits.length; base += 1 << bits[i++]) bases[i] = base;
  return bases;
}
const LITERAL_BASES = basesOf(LITERAL_BITS, 0);
const MATCH_BASES = basesOf(MATCH_BITS, 3);

const literalCodes: SequenceCodes = {
  name: 'literal lengths',
  maxLog: 9,
  maxSymbol: 35,
  start: fseOf(
    [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1],
    6,
  ),
};
const offsetCodes: SequenceCodes = {
  name: 'offsets',
  maxLog: 8,
  maxSymbol: 31,
  start: fseOf([1, 1, 1, 1, 1, 1, 2, 2, 2, ...Array<number>(15).fill(1), -1, -1, -1, -1, -1], 5),
};
const matchCodes: SequenceCodes = {
  name: 'match lengths',
  maxLog: 9,
  maxSymbol: 52,
  start: fseOf([1, 4, 3, 2, 2, 2, 2, 2, 2, ...Array<number>(37).fill(1), -1, -1, -1, -1, -1, -1, -1], 6),
};

/** What blocks of a frame hand on to the next. */
interface FrameState {
  /** Where the frame's output begins: no match reaches before. */
  readonly base: number;
  readonly blockMax: number;
  huffman?: HuffmanTable;
  /** Tables last used for literal lengths, offsets, match lengths. */
  tables: (FseTable | undefined)[];
  /** The three last offsets. */
  recent: readonly [number, number, number];
  readonly literals: Uint8Array;
}

function frame(run: Expansion, start: number): number {
  const { input } = run;
  let at = start + 5;
  if (at > input.length) throw run.truncated('zstd');
  const flags = input[start + 4];
  if (flags & 8) throw run.unsupported('a zstd frame with a reserved flag', start + 4);
  const single = (flags & 32) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][flags & 3];
  const sizeBytes = flags >> 6 === 0 ? (single ? 1 : 0) : 1 << (flags >> 6);
  if (at + (single ? 0 : 1) + dictionaryBytes + sizeBytes > input.length) throw run.truncated('zstd');
  let window = 0;
  if (!single) {
    const base = 2 ** (10 + (input[at] >> 3));
    window = base + (base / 8) * (input[at] & 7);
    at++;
  }
  for (let i = 0; i < dictionaryBytes; i++) {
    if (input[at + i] !== 0) throw run.unsupported('a zstd frame that needs a dictionary', at);
  }
  at += dictionaryBytes;
  let size: number | undefined;
  if (sizeBytes > 0) {
    size = sizeBytes === 2 ? 256 : 0;
    for (let i = 0; i < sizeBytes; i++) size += input[at + i] * 2 ** (8 * i);
    at += sizeBytes;
  }
  if (single) window = size ?? 0;
  const state: FrameState = {
    base: run.length,
    blockMax: Math.min(window, BLOCK_MAX),
    tables: [],
    recent: [1, 4, 8],
    literals: new Uint8Array(BLOCK_MAX),
  };
  if (size !== undefined) run.expect(run.length + size);
  for (let last = 0; last === 0;) {
    if (at + 3 > input.length) throw run.truncated('zstd');
    const header = input[at] | (input[at + 1] << 8) | (input[at + 2] << 16);
    last = header & 1;
    at = block(run, state, at + 3, (header >> 1) & 3, header >> 3);
  }
  if (size !== undefined && run.length - state.base !== size) {
    throw run.corrupt(`a zstd frame of ${run.length - state.base} bytes that announces ${size}`, start);
  }
  if (flags & 4) {
    if (at + 4 > input.length) throw run.truncated('zstd');
    const actual = xxh64Low(run.bytes, state.base, run.length);
    if (actual !== uint32(input, at)) throw run.corrupt(mismatch('zstd', 'checksum', actual, uint32(input, at)), at);
    at += 4;
  }
  return at;
}

/** One block; answers the offset after it. */
function block(run: Expansion, state: FrameState, at: number, type: number, size: number): number {
  const { input } = run;
  if (type === 3) throw run.corrupt('a zstd block of the reserved type 3', at - 3);
  if (size > state.blockMax) {
    throw run.corrupt(`a zstd block of ${size} bytes, where ${state.blockMax} are the most`, at - 3);
  }
  if (type === 1) {
    if (at >= input.length) throw run.truncated('zstd');
    run.append(new Uint8Array(size).fill(input[at]), at);
    return at + 1;
  }
  const end = at + size;
  if (type === 0) run.append(input.subarray(at, end), at);
  if (end > input.length) throw run.truncated('zstd');
  if (type === 2) compressedBlock(run, state, at, end);
  return end;
}

function compressedBlock(run: Expansion, state: FrameState, start: number, end: number): void {
  const { input } = run;
  const { count: literalCount, end: literalsEnd } = readLiterals(run, state, start, end);
  let at = literalsEnd;
  if (at >= end) throw run.corrupt('a zstd block without its sequences', at);
  let sequences = input[at++];
  if (sequences === 255) {
    sequences = 0x7f00 + (input[at] | (input[at + 1] << 8));
    at += 2;
  } else if (sequences > 127) {
    sequences = ((sequences - 128) << 8) | input[at++];
  }
  if (at > end) throw run.corrupt('a zstd block that ends within its sequences', end);
  const goal = run.length + state.blockMax;
  let used = 0;
  if (sequences === 0) {
    if (at !== end) throw run.corrupt('a zstd block with more than it announces', at);
  } else {
    used = readSequences(run, state, at, end, sequences, literalCount, goal);
  }
  if (run.length + literalCount - used > goal) throw run.corrupt('a zstd block with more content than allowed', end);
  run.append(state.literals.subarray(used, literalCount), end);
}

/** Reads the literals of a block into `state.literals` (RFC 8878 §3.1.1.3.1). */
function readLiterals(run: Expansion, state: FrameState, start: number, end: number): { count: number; end: number } {
  const { input } = run;
  // Headers are at most 5 bytes; what lies beyond the block is caught by the checks on `at`.
  const b = [0, 1, 2, 3, 4].map((i) => (start + i < end ? input[start + i] : 0));
  if (start >= end) throw run.corrupt('an empty zstd block', start);
  const type = b[0] & 3;
  const format = (b[0] >> 2) & 3;
  if (type < 2) {
    const headerBytes = [1, 2, 1, 3][format];
    const count = headerBytes === 1 ? b[0] >> 3 : (b[0] >> 4) | (b[1] << 4) | (headerBytes === 3 ? b[2] << 12 : 0);
    const at = start + headerBytes;
    const after = at + (type === 0 ? count : 1);
    if (count > state.blockMax || after > end) throw run.corrupt(`${count} zstd literals beyond their block`, start);
    if (type === 0) state.literals.set(input.subarray(at, after));
    else state.literals.fill(input[at], 0, count);
    return { count, end: after };
  }
  const headerBytes = [3, 3, 4, 5][format];
  const width = [10, 10, 14, 18][format];
  const header =
    b[0] +
    2 ** 8 * b[1] +
    2 ** 16 * b[2] +
    2 ** 24 * b[3] * (headerBytes > 3 ? 1 : 0) +
    2 ** 32 * b[4] * (headerBytes > 4 ? 1 : 0);
  const count = Math.floor(header / 16) % 2 ** width;
  const compressed = Math.floor(header / 2 ** (4 + width)) % 2 ** width;
  let at = start + headerBytes;
  const after = at + compressed;
  if (count > state.blockMax || after > end) throw run.corrupt(`${count} zstd literals beyond their block`, start);
  if (type === 2) {
    const tree = readHuffman(run, at, after);
    state.huffman = tree.table;
    at = tree.end;
  }
  const table = state.huffman;
  if (table === undefined) throw run.corrupt('a zstd block that repeats a Huffman tree before the first', start);
  if (format === 0) {
    huffmanStream(run, table, at, after, state.literals, 0, count);
    return { count, end: after };
  }
  const sizes = [0, 2, 4].map((i) => input[at + i] | (input[at + i + 1] << 8));
  at += 6;
  const quarter = (count + 3) >> 2;
  if (at + sizes[0] + sizes[1] + sizes[2] > after || 3 * quarter > count) {
    throw run.corrupt('zstd Huffman streams longer than their block', start);
  }
  for (let i = 0; i < 4; i++) {
    const streamEnd = i < 3 ? at + sizes[i] : after;
    huffmanStream(run, table, at, streamEnd, state.literals, i * quarter, i < 3 ? (i + 1) * quarter : count);
    at = streamEnd;
  }
  return { count, end: after };
}

/** Carries out the sequences of a block: literals, then a match, each. Answers how many literals they used. */
function readSequences(
  run: Expansion,
  state: FrameState,
  start: number,
  end: number,
  sequences: number,
  literalCount: number,
  goal: number,
): number {
  const { input } = run;
  if (start >= end) throw run.corrupt('a zstd block that ends within its sequences', end);
  const modes = input[start];
  if (modes & 3) throw run.corrupt('zstd sequences with a reserved flag', start);
  let at = start + 1;
  const tables = [literalCodes, offsetCodes, matchCodes].map((codes, i): FseTable => {
    const mode = (modes >> (6 - 2 * i)) & 3;
    if (mode === 0) return codes.start;
    if (mode === 1) {
      const symbol = at < end ? input[at] : Infinity;
      if (symbol > codes.maxSymbol) throw run.corrupt(`zstd code ${symbol} for ${codes.name}`, at);
      at++;
      return fseOfOne(symbol);
    }
    if (mode === 2) {
      const read = readFse(run, at, end, codes.maxLog, codes.maxSymbol);
      at = read.end;
      return read.table;
    }
    const before = state.tables[i];
    if (before === undefined) throw run.corrupt(`a zstd block that repeats ${codes.name} before the first`, start);
    return before;
  });
  state.tables = tables;
  const [literalTable, offsetTable, matchTable] = tables;
  const bits = new BackwardBits(run, at, end);
  let literalState = bits.take(literalTable.log);
  let offsetState = bits.take(offsetTable.log);
  let matchState = bits.take(matchTable.log);
  const { literals, base } = state;
  let [recent0, recent1, recent2] = state.recent;
  // Room for the whole block at once, so that nothing is asked per sequence.
  const out = run.length + state.blockMax > run.bytes.length ? run.grow(run.length, end, state.blockMax) : run.bytes;
  let used = 0;
  let op = run.length;
  for (let n = 0; n < sequences; n++) {
    const offsetCode = offsetTable.symbols[offsetState];
    const matchCode = matchTable.symbols[matchState];
    const literalCode = literalTable.symbols[literalState];
    // Offsets of more than 16 bits come in two parts, as 24 bits are the most that are read at once.
    const highBits = offsetCode > 16 ? bits.take(offsetCode - 16) * 65536 : 0;
    const offsetValue = 2 ** offsetCode + highBits + bits.take(Math.min(offsetCode, 16));
    const matchLength = MATCH_BASES[matchCode] + bits.take(MATCH_BITS[matchCode]);
    const literalLength = LITERAL_BASES[literalCode] + bits.take(LITERAL_BITS[literalCode]);
    if (n < sequences - 1) {
      literalState = literalTable.next[literalState] + bits.take(literalTable.bits[literalState]);
      matchState = matchTable.next[matchState] + bits.take(matchTable.bits[matchState]);
      offsetState = offsetTable.next[offsetState] + bits.take(offsetTable.bits[offsetState]);
    }
    if (bits.left < 0) throw run.corrupt('zstd sequences with too few bits', end);
    // Values up to 3 stand for one of the last three offsets (RFC 8878 §3.1.1.5).
    let offset = offsetValue - 3;
    const index = offset > 0 ? 3 : offset + 2 + (literalLength === 0 ? 1 : 0);
    if (index > 0) {
      if (offset <= 0) offset = index === 1 ? recent1 : index === 2 ? recent2 : recent0 - 1;
      if (index > 1) recent2 = recent1;
      recent1 = recent0;
      recent0 = offset;
    } else {
      offset = recent0;
    }
    const stop = used + literalLength;
    const matchStart = op + literalLength;
    if (stop > literalCount) throw run.corrupt('zstd sequences with more literals than there are', end);
    if (matchStart + matchLength > goal) throw run.corrupt('a zstd block with more content than allowed', end);
    if (offset <= 0 || offset > matchStart - base) {
      throw run.corrupt(`a zstd match ${offset} bytes back, where ${matchStart - base} have been written`, end);
    }
    while (used < stop) out[op++] = literals[used++];
    for (let from = op - offset, last = op + matchLength; op < last;) out[op++] = out[from++];
  }
  run.length = op;
  state.recent = [recent0, recent1, recent2];
  if (bits.left !== 0) throw run.corrupt('zstd sequences of another length than announced', end);
  return used;
}
