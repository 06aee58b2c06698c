import type { Expansion } from './expansion.js';
import { mismatch } from './zlib.js';

/**
 * bzip2: `BZh1`–`BZh9`, blocks of up to 900 kB (run-length, Burrows–Wheeler, move-to-front, Huffman), a CRC for each
 * and one for the stream. Several streams may follow each other. The format has no specification; the reference is
 * decompress.c of bzip2 1.0.8.
 */
const BLOCK_MAGIC_HIGH = 0x314159;
const BLOCK_MAGIC_LOW = 0x265359;
const END_MAGIC_HIGH = 0x177245;
const END_MAGIC_LOW = 0x385090;

const MAX_CODE_BITS = 20;
const GROUP_SIZE = 50;
const RUN_A = 0;
const RUN_B = 1;

/** CRC-32 with the same polynomial as zip's, most significant bit first. */
const crcTable = new Int32Array(256);
for (let n = 0; n < 256; n++) {
  let c = n << 24;
  for (let k = 0; k < 8; k++) c = c & 0x80000000 ? (c << 1) ^ 0x04c11db7 : c << 1;
  crcTable[n] = c;
}

/** The input as bits, most significant first. */
class BitReader {
  readonly run: Expansion;
  ip: number;
  #hold = 0;
  #held = 0;

  constructor(run: Expansion, start: number) {
    this.run = run;
    this.ip = start;
  }

  /** The next `n` bits, at most 24. */
  take(n: number): number {
    while (this.#held < n) {
      if (this.ip >= this.run.input.length) throw this.run.truncated('bzip2');
      this.#hold = (this.#hold << 8) | this.run.input[this.ip++];
      this.#held += 8;
    }
    this.#held -= n;
    return (this.#hold >>> this.#held) & ((1 << n) - 1);
  }

  bit(): number {
    return this.take(1);
  }

  word(): number {
    return ((this.take(16) << 16) | this.take(16)) >>> 0;
  }

  /** Drops what is left of the current byte; answers where the next begins. */
  align(): number {
    this.ip -= this.#held >> 3;
    this.#hold = this.#held = 0;
    return this.ip;
  }

  /** The next symbol of a canonical code. */
  symbol(code: Code): number {
    let value = this.take(code.shortest);
    for (let n = code.shortest; n <= MAX_CODE_BITS; n++) {
      if (value <= code.limit[n]) {
        const index = value - code.base[n];
        if (index < 0 || index >= code.symbols.length) break;
        return code.symbols[index];
      }
      value = (value << 1) | this.take(1);
    }
    throw this.run.corrupt('a bzip2 code that stands for nothing', this.ip);
  }
}

/** A canonical code: for each length the last code of that length, and what to take off to get a symbol's index. */
interface Code {
  readonly shortest: number;
  readonly limit: Int32Array;
  readonly base: Int32Array;
  readonly symbols: Uint16Array;
}

function codeOf(lengths: Uint8Array): Code {
  const counts = new Uint16Array(MAX_CODE_BITS + 2);
  for (const length of lengths) counts[length]++;
  const symbols = new Uint16Array(lengths.length);
  let shortest = MAX_CODE_BITS;
  for (let n = MAX_CODE_BITS; n > 0; n--) if (counts[n] > 0) shortest = n;
  let index = 0;
  for (let n = 1; n <= MAX_CODE_BITS; n++) {
    for (let symbol = 0; symbol < lengths.length; symbol++) if (lengths[symbol] === n) symbols[index++] = symbol;
  }
  const limit = new Int32Array(MAX_CODE_BITS + 1).fill(-1);
  const base = new Int32Array(MAX_CODE_BITS + 1);
  let code = 0;
  index = 0;
  for (let n = 1; n <= MAX_CODE_BITS; n++) {
    base[n] = code - index;
    code += counts[n];
    index += counts[n];
    limit[n] = code - 1;
    code <<= 1;
  }
  return { shortest, limit, base, symbols };
}

/** Decodes all streams of a bzip2 file. What follows them and is no stream is ignored, as Python's bz2 does. */
export function unbzip2(run: Expansion): void {
  const { input } = run;
  let at = 0;
  do at = stream(run, at);
  while (input[at] === 0x42 && input[at + 1] === 0x5a && input[at + 2] === 0x68);
}

function stream(run: Expansion, start: number): number {
  const { input } = run;
  if (input.length < start + 4) throw run.truncated('bzip2');
  const level = input[start + 3] - 0x30;
  if (input[start] !== 0x42 || input[start + 1] !== 0x5a || input[start + 2] !== 0x68 || level < 1 || level > 9) {
    throw run.corrupt('no bzip2 header', start);
  }
  const bits = new BitReader(run, start + 4);
  let block: Uint32Array | undefined;
  let combined = 0;
  for (;;) {
    const at = bits.ip;
    const high = bits.take(24);
    const low = bits.take(24);
    const stored = bits.word();
    if (high === END_MAGIC_HIGH && low === END_MAGIC_LOW) {
      if (stored !== combined >>> 0) throw run.corrupt(mismatch('bzip2', 'CRC', combined >>> 0, stored), at);
      return bits.align();
    }
    if (high !== BLOCK_MAGIC_HIGH || low !== BLOCK_MAGIC_LOW) throw run.corrupt('no bzip2 block where one must be', at);
    if (bits.bit() === 1) throw run.unsupported('a randomised bzip2 block, as bzip2 0.9.0 and before wrote', at);
    const origin = bits.take(24);
    block ??= new Uint32Array(level * 100_000);
    const length = readBlock(bits, block);
    if (origin >= length) throw run.corrupt(`bzip2 origin ${origin} in a block of ${length} bytes`, at);
    const crc = writeBlock(run, block, length, origin, bits.ip);
    if (crc !== stored) throw run.corrupt(mismatch('bzip2 block', 'CRC', crc, stored), at);
    combined = ((combined << 1) | (combined >>> 31)) ^ crc;
  }
}

/** Reads the bytes of one block into the low 8 bits of `block`, in the order that the transform left. */
function readBlock(bits: BitReader, block: Uint32Array): number {
  const { run } = bits;
  const at = bits.ip;
  const used: number[] = [];
  const ranges = bits.take(16);
  for (let i = 0; i < 16; i++) {
    if (!(ranges & (0x8000 >> i))) continue;
    const range = bits.take(16);
    for (let k = 0; k < 16; k++) if (range & (0x8000 >> k)) used.push(16 * i + k);
  }
  if (used.length === 0) throw run.corrupt('a bzip2 block that uses no byte value', at);
  const front = Uint8Array.from(used);
  const alphabet = used.length + 2;
  const { codes, selectors } = readCodes(bits, alphabet);

  const end = alphabet - 1;
  let length = 0;
  let repeat = 0;
  let weight = 1;
  let group = -1;
  let inGroup = 0;
  let code = codes[0];
  for (;;) {
    if (inGroup === 0) {
      group++;
      if (group >= selectors.length) throw run.corrupt('a bzip2 block longer than its selectors', bits.ip);
      code = codes[selectors[group]];
      inGroup = GROUP_SIZE;
    }
    inGroup--;
    const symbol = bits.symbol(code);
    if (symbol === RUN_A || symbol === RUN_B) {
      if (weight > block.length) throw run.corrupt('a bzip2 run longer than its block', bits.ip);
      repeat += symbol === RUN_A ? weight : 2 * weight;
      weight *= 2;
      continue;
    }
    if (repeat > 0) {
      if (length + repeat > block.length) throw run.corrupt('a bzip2 block longer than its level allows', bits.ip);
      block.fill(front[0], length, length + repeat);
      length += repeat;
      repeat = 0;
      weight = 1;
    }
    if (symbol === end) return length;
    if (length >= block.length) throw run.corrupt('a bzip2 block longer than its level allows', bits.ip);
    const value = front[symbol - 1];
    front.copyWithin(1, 0, symbol - 1);
    front[0] = value;
    block[length++] = value;
  }
}

/** Reads the Huffman codes of a block, and which of them serves each group of 50 symbols. */
function readCodes(bits: BitReader, alphabet: number): { codes: Code[]; selectors: Uint8Array } {
  const { run } = bits;
  const at = bits.ip;
  const tables = bits.take(3);
  const selectorCount = bits.take(15);
  if (tables < 2 || tables > 6) throw run.corrupt(`a bzip2 block with ${tables} codes`, at);
  if (selectorCount === 0) throw run.corrupt('a bzip2 block without selectors', at);
  const order = Uint8Array.from({ length: tables }, (_, i) => i);
  const selectors = new Uint8Array(selectorCount);
  for (let i = 0; i < selectorCount; i++) {
    let n = 0;
    while (bits.bit() === 1) if (++n >= tables) throw run.corrupt(`bzip2 selector beyond ${tables} codes`, bits.ip);
    const value = order[n];
    order.copyWithin(1, 0, n);
    order[0] = value;
    selectors[i] = value;
  }
  const codes: Code[] = [];
  for (let t = 0; t < tables; t++) {
    const lengths = new Uint8Array(alphabet);
    let length = bits.take(5);
    for (let symbol = 0; symbol < alphabet; symbol++) {
      for (;;) {
        if (length < 1 || length > MAX_CODE_BITS) throw run.corrupt(`a bzip2 code of ${length} bits`, bits.ip);
        if (bits.bit() === 0) break;
        length += bits.bit() === 0 ? 1 : -1;
      }
      lengths[symbol] = length;
    }
    codes.push(codeOf(lengths));
  }
  return { codes, selectors };
}

/** Undoes the Burrows–Wheeler transform and the first run-length step. Answers the block's CRC. */
function writeBlock(run: Expansion, block: Uint32Array, length: number, origin: number, consumed: number): number {
  const starts = new Uint32Array(257);
  for (let i = 0; i < length; i++) starts[(block[i] & 255) + 1]++;
  for (let i = 0; i < 256; i++) starts[i + 1] += starts[i];
  for (let i = 0; i < length; i++) block[starts[block[i] & 255]++] |= i << 8;

  let crc = -1;
  let op = run.length;
  let out = run.bytes;
  let next = block[origin] >>> 8;
  let previous = -1;
  let same = 0;
  for (let i = 0; i < length; i++) {
    const entry = block[next];
    const byte = entry & 255;
    next = entry >>> 8;
    if (op + 256 > out.length) out = run.grow(op, consumed, 256);
    if (same === 4) {
      // After four equal bytes the next says how often more.
      for (let k = 0; k < byte; k++) {
        out[op++] = previous;
        crc = (crc << 8) ^ crcTable[(crc >>> 24) ^ previous];
      }
      same = 0;
      previous = -1;
      continue;
    }
    same = byte === previous ? same + 1 : 1;
    previous = byte;
    out[op++] = byte;
    crc = (crc << 8) ^ crcTable[(crc >>> 24) ^ byte];
  }
  run.length = op;
  return ~crc >>> 0;
}
