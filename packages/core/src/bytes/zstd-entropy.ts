import type { Expansion } from './expansion.js';

/** The two entropy coders of Zstandard (RFC 8878 §4): FSE and Huffman, both read from the end backwards. */

/** Bits of `bytes[start, end)` read backwards, as a coder wrote them: the last byte's highest set bit is a mark. */
export class BackwardBits {
  readonly #bytes: Uint8Array;
  readonly #start: number;
  /** Bits left. Below 0: that many more were asked for than there are; they read as zeros. */
  left: number;

  constructor(run: Expansion, start: number, end: number) {
    const last = end > start ? run.input[end - 1] : 0;
    if (last === 0) throw run.corrupt('a zstd bit stream without its end mark', end);
    this.#bytes = run.input;
    this.#start = start;
    this.left = 8 * (end - start - 1) + 31 - Math.clz32(last);
  }

  /** The next `n` bits, at most 24, without taking them. */
  peek(n: number): number {
    const low = this.left - n;
    const bytes = this.#bytes;
    if (low >= 0) {
      const at = this.#start + (low >>> 3);
      const word = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
      return (word >>> (low & 7)) & ((1 << n) - 1);
    }
    if (this.left <= 0) return 0;
    const at = this.#start;
    const word = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
    return ((word & (2 ** this.left - 1)) << -low) & ((1 << n) - 1);
  }

  take(n: number): number {
    const value = this.peek(n);
    this.left -= n;
    return value;
  }
}

/** An FSE decoding table: by state the symbol, the bits to read, and what to add to them for the next state. */
export interface FseTable {
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly next: Uint16Array;
}

/** The table of one symbol, which takes no bits. */
export function fseOfOne(symbol: number): FseTable {
  return { log: 0, symbols: Uint8Array.of(symbol), bits: new Uint8Array(1), next: new Uint16Array(1) };
}

/** The table for normalised counts that add up to `2^log`; -1 counts as "less than one". */
export function fseOf(counts: ArrayLike<number>, log: number): FseTable {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  const state = new Uint16Array(counts.length);
  let high = size;
  for (let s = 0; s < counts.length; s++) {
    if (counts[s] === -1) {
      symbols[--high] = s;
      state[s] = 1;
    } else {
      state[s] = counts[s];
    }
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  for (let s = 0; s < counts.length; s++) {
    for (let i = 0; i < counts[s]; i++) {
      symbols[at] = s;
      do at = (at + step) & (size - 1);
      while (at >= high);
    }
  }
  const bits = new Uint8Array(size);
  const next = new Uint16Array(size);
  for (let i = 0; i < size; i++) {
    const n = state[symbols[i]]++;
    bits[i] = log - (31 - Math.clz32(n));
    next[i] = (n << bits[i]) - size;
  }
  return { log, symbols, bits, next };
}

/** Reads a table description at `start` (RFC 8878 §4.1.1). Answers the offset after it. */
export function readFse(
  run: Expansion,
  start: number,
  end: number,
  maxLog: number,
  maxSymbol: number,
): { table: FseTable; end: number } {
  const { input } = run;
  let at = 8 * start;
  const peek = (n: number): number => {
    const i = at >> 3;
    const word =
      (i < end ? input[i] : 0) | ((i + 1 < end ? input[i + 1] : 0) << 8) | ((i + 2 < end ? input[i + 2] : 0) << 16);
    return (word >>> (at & 7)) & ((1 << n) - 1);
  };
  const log = peek(4) + 5;
  at += 4;
  if (log > maxLog) throw run.corrupt(`a zstd table of 2^${log} states, where 2^${maxLog} are the most`, start);
  const counts = new Int16Array(maxSymbol + 1);
  let remaining = (1 << log) + 1;
  let threshold = 1 << log;
  let width = log + 1;
  let symbol = 0;
  while (remaining > 1 && symbol <= maxSymbol) {
    const most = 2 * threshold - 1 - remaining;
    let count = peek(width - 1);
    if (count < most) {
      at += width - 1;
    } else {
      count = peek(width);
      if (count >= threshold) count -= most;
      at += width;
    }
    count--;
    remaining -= Math.abs(count);
    counts[symbol++] = count;
    while (remaining < threshold && width > 1) {
      width--;
      threshold >>= 1;
    }
    if (count === 0) {
      for (let repeat = 3; repeat === 3;) {
        repeat = peek(2);
        at += 2;
        symbol += repeat;
        if (symbol > maxSymbol + 1) break;
      }
    }
  }
  if (remaining !== 1 || symbol > maxSymbol + 1) throw run.corrupt('a zstd table whose counts do not add up', start);
  const after = (at + 7) >> 3;
  if (after > end) throw run.corrupt('a zstd table that is longer than its block', start);
  return { table: fseOf(counts.subarray(0, symbol), log), end: after };
}

/** A Huffman decoding table by the next `log` bits. */
export interface HuffmanTable {
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
}

const HUFFMAN_MAX_LOG = 11;
const WEIGHTS_MAX_LOG = 6;

/** Reads a Huffman tree description (RFC 8878 §4.2.1). Answers the offset after it. */
export function readHuffman(run: Expansion, start: number, end: number): { table: HuffmanTable; end: number } {
  const { input } = run;
  if (start >= end) throw run.corrupt('a zstd block without its Huffman tree', start);
  const header = input[start];
  const weights = new Uint8Array(256);
  let count: number;
  let after: number;
  if (header >= 128) {
    count = header - 127;
    after = start + 1 + ((count + 1) >> 1);
    if (after > end) throw run.corrupt('a zstd Huffman tree longer than its block', start);
    for (let i = 0; i < count; i++) {
      const byte = input[start + 1 + (i >> 1)];
      weights[i] = i & 1 ? byte & 15 : byte >> 4;
    }
  } else {
    after = start + 1 + header;
    if (after > end) throw run.corrupt('a zstd Huffman tree longer than its block', start);
    count = fseWeights(run, start + 1, after, weights);
  }
  return { table: huffmanOf(run, start, weights, count), end: after };
}

/** Weights that two interleaved FSE states give until their bits are used up. */
function fseWeights(run: Expansion, start: number, end: number, weights: Uint8Array): number {
  const { table, end: bitsStart } = readFse(run, start, end, WEIGHTS_MAX_LOG, 255);
  const bits = new BackwardBits(run, bitsStart, end);
  const states = [bits.take(table.log), bits.take(table.log)];
  let count = 0;
  for (let which = 0; ; which ^= 1) {
    // 254 leaves room for the other state's last and the implied weight.
    if (count > 253) throw run.corrupt('a zstd Huffman tree of more than 256 symbols', start);
    const state = states[which];
    weights[count++] = table.symbols[state];
    states[which] = table.next[state] + bits.take(table.bits[state]);
    if (bits.left < 0) {
      weights[count++] = table.symbols[states[which ^ 1]];
      return count;
    }
  }
}

function huffmanOf(run: Expansion, at: number, weights: Uint8Array, count: number): HuffmanTable {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    if (weights[i] > HUFFMAN_MAX_LOG) throw run.corrupt(`zstd Huffman weight ${weights[i]}`, at);
    if (weights[i] > 0) sum += 1 << (weights[i] - 1);
  }
  const log = 32 - Math.clz32(sum);
  const rest = (1 << log) - sum;
  if (sum === 0 || log > HUFFMAN_MAX_LOG || (rest & (rest - 1)) !== 0) {
    throw run.corrupt('a zstd Huffman tree that is not complete', at);
  }
  weights[count++] = 32 - Math.clz32(rest);
  const symbols = new Uint8Array(1 << log);
  const bits = new Uint8Array(1 << log);
  let next = 0;
  for (let weight = 1; weight <= log; weight++) {
    for (let symbol = 0; symbol < count; symbol++) {
      if (weights[symbol] !== weight) continue;
      const stop = next + (1 << (weight - 1));
      symbols.fill(symbol, next, stop);
      bits.fill(log + 1 - weight, next, stop);
      next = stop;
    }
  }
  return { log, symbols, bits };
}

/** Decodes one Huffman stream into `out[from, to)`; all of its bits must be used. */
export function huffmanStream(
  run: Expansion,
  table: HuffmanTable,
  start: number,
  end: number,
  out: Uint8Array,
  from: number,
  to: number,
): void {
  const bits = new BackwardBits(run, start, end);
  for (let i = from; i < to; i++) {
    const code = bits.peek(table.log);
    out[i] = table.symbols[code];
    bits.left -= table.bits[code];
  }
  if (bits.left !== 0) throw run.corrupt('a zstd Huffman stream of another length than announced', start);
}
