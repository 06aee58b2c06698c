import type { Expansion } from './expansion.js';

/** DEFLATE (RFC 1951). Length and distance codes: first value and number of extra bits. */
const LENGTH_BASE = new Uint16Array([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]);
const LENGTH_EXTRA = new Uint8Array([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]);
const DISTANCE_BASE = new Uint16Array([
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
]);
const DISTANCE_EXTRA = new Uint8Array([
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
]);
/** The order in which the lengths of the code-length code are written. */
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const MAX_BITS = 15;
const MAX_MATCH = 258;

/** A lookup by the next `bits` bits: entry = symbol << 4 | code length; 0 where no code leads. */
interface Codes {
  readonly table: Uint16Array;
  readonly bits: number;
}

/**
 * The lookup for canonical code `lengths[start, start + count)`, or undefined where they are no prefix code:
 * over-subscribed, or incomplete. As in zlib one code of one bit may stand alone, except for `strict` codes.
 */
function codesOf(lengths: Uint8Array, start: number, count: number, strict: boolean): Codes | undefined {
  const counts = new Uint16Array(MAX_BITS + 1);
  for (let i = 0; i < count; i++) counts[lengths[start + i]]++;
  let bits = MAX_BITS;
  while (bits > 0 && counts[bits] === 0) bits--;
  if (bits === 0) return strict ? undefined : { table: new Uint16Array(2), bits: 1 };
  let left = 1;
  const next = new Uint16Array(MAX_BITS + 2);
  for (let n = 1; n <= MAX_BITS; n++) {
    left = 2 * left - counts[n];
    if (left < 0) return undefined;
    next[n + 1] = (next[n] + counts[n]) << 1;
  }
  if (left > 0 && (strict || bits !== 1)) return undefined;
  const table = new Uint16Array(1 << bits);
  for (let i = 0; i < count; i++) {
    const length = lengths[start + i];
    if (length === 0) continue;
    let reversed = 0;
    for (let code = next[length]++, n = 0; n < length; n++, code >>= 1) reversed = (reversed << 1) | (code & 1);
    const entry = (i << 4) | length;
    for (let at = reversed; at < table.length; at += 1 << length) table[at] = entry;
  }
  return { table, bits };
}

let fixed: { literals: Codes; distances: Codes } | undefined;

function fixedCodes(): { literals: Codes; distances: Codes } {
  if (fixed === undefined) {
    const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);
    fixed = {
      literals: codesOf(lengths, 0, 288, true)!,
      distances: codesOf(new Uint8Array(32).fill(5), 0, 32, true)!,
    };
  }
  return fixed;
}

/** The input as bits, least significant first. Used for headers; the loop over symbols keeps its own copy. */
class BitReader {
  readonly run: Expansion;
  ip: number;
  hold = 0;
  held = 0;

  constructor(run: Expansion, start: number) {
    this.run = run;
    this.ip = start;
  }

  /** The next `n` bits, at most 16. */
  take(n: number): number {
    while (this.held < n) {
      if (this.ip >= this.run.input.length) throw this.run.truncated('deflate');
      this.hold |= this.run.input[this.ip++] << this.held;
      this.held += 8;
    }
    const value = this.hold & ((1 << n) - 1);
    this.hold >>>= n;
    this.held -= n;
    return value;
  }

  /** The next symbol of a code, bit by bit only as far as the input goes. */
  symbol(codes: Codes): number {
    for (;;) {
      const entry = codes.table[this.hold & (codes.table.length - 1)];
      const bits = entry & 15;
      if (bits !== 0 && bits <= this.held) {
        this.hold >>>= bits;
        this.held -= bits;
        return entry >> 4;
      }
      if (this.held >= codes.bits) throw this.run.corrupt('a deflate code that stands for nothing', this.ip);
      if (this.ip >= this.run.input.length) throw this.run.truncated('deflate');
      this.hold |= this.run.input[this.ip++] << this.held;
      this.held += 8;
    }
  }

  /** Drops what is left of the current byte. */
  align(): void {
    this.ip -= this.held >> 3;
    this.hold = this.held = 0;
  }
}

/** Reads the codes that a dynamic block begins with (RFC 1951 §3.2.7). */
function dynamicCodes(bits: BitReader): { literals: Codes; distances: Codes } {
  const { run } = bits;
  const at = bits.ip;
  const literalCount = bits.take(5) + 257;
  const distanceCount = bits.take(5) + 1;
  const orderCount = bits.take(4) + 4;
  if (literalCount > 286 || distanceCount > 30) {
    throw run.corrupt(`a deflate block with ${literalCount} length and ${distanceCount} distance codes`, at);
  }
  const order = new Uint8Array(19);
  for (let i = 0; i < orderCount; i++) order[CODE_LENGTH_ORDER[i]] = bits.take(3);
  const codeLengths = codesOf(order, 0, 19, true);
  if (codeLengths === undefined) throw run.corrupt('deflate code lengths that form no prefix code', at);
  const total = literalCount + distanceCount;
  const lengths = new Uint8Array(total);
  for (let i = 0; i < total;) {
    const symbol = bits.symbol(codeLengths);
    if (symbol < 16) {
      lengths[i++] = symbol;
      continue;
    }
    if (symbol === 16 && i === 0) throw run.corrupt('a deflate code length that repeats nothing', bits.ip);
    const value = symbol === 16 ? lengths[i - 1] : 0;
    const repeat = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
    if (i + repeat > total) throw run.corrupt('deflate code lengths beyond the number of codes', bits.ip);
    lengths.fill(value, i, i + repeat);
    i += repeat;
  }
  if (lengths[256] === 0) throw run.corrupt('a deflate block without a code for its end', at);
  const literals = codesOf(lengths, 0, literalCount, false);
  const distances = codesOf(lengths, literalCount, distanceCount, false);
  if (literals === undefined || distances === undefined) {
    throw run.corrupt('deflate code lengths that form no prefix code', at);
  }
  return { literals, distances };
}

/** Copies a stored block (RFC 1951 §3.2.4). */
function storedBlock(run: Expansion, bits: BitReader): void {
  const { input } = run;
  bits.align();
  const ip = bits.ip;
  if (ip + 4 > input.length) throw run.truncated('deflate');
  const length = input[ip] | (input[ip + 1] << 8);
  if (((input[ip + 2] | (input[ip + 3] << 8)) ^ length) !== 0xffff) {
    throw run.corrupt('a stored deflate block whose length and its complement differ', ip);
  }
  bits.ip = ip + 4 + length;
  run.append(input.subarray(ip + 4, bits.ip), ip + 4);
  if (bits.ip > input.length) throw run.truncated('deflate');
}

/** Writes the literals and matches of one block. `base` is where this stream's output begins. */
function compressedBlock(run: Expansion, bits: BitReader, base: number, literals: Codes, distances: Codes): void {
  const { input } = run;
  const end = input.length;
  const literalTable = literals.table;
  const literalMask = literalTable.length - 1;
  const distanceTable = distances.table;
  const distanceMask = distanceTable.length - 1;
  let { ip, hold, held } = bits;
  let op = run.length;
  let out = run.bytes;
  for (;;) {
    if (op + MAX_MATCH > out.length) out = run.grow(op, Math.min(ip, end), MAX_MATCH);
    // Beyond the end zeros are read; whether they were needed is asked once per symbol.
    while (held < 25) {
      hold |= (ip < end ? input[ip] : 0) << held;
      ip++;
      held += 8;
    }
    let entry = literalTable[hold & literalMask];
    let count = entry & 15;
    hold >>>= count;
    held -= count;
    let symbol = entry >> 4;
    if (symbol < 256) {
      if (count === 0 || ip - (held >> 3) > end) break;
      out[op++] = symbol;
      continue;
    }
    if (symbol === 256) {
      bits.ip = Math.min(ip, end);
      bits.held = held - 8 * (ip - bits.ip);
      bits.hold = bits.held > 0 ? hold & (2 ** bits.held - 1) : 0;
      run.length = op;
      if (bits.held < 0) throw run.truncated('deflate');
      return;
    }
    symbol -= 257;
    if (symbol > 28) break;
    count = LENGTH_EXTRA[symbol];
    let length = LENGTH_BASE[symbol] + (hold & ((1 << count) - 1));
    hold >>>= count;
    held -= count;
    while (held < 25) {
      hold |= (ip < end ? input[ip] : 0) << held;
      ip++;
      held += 8;
    }
    entry = distanceTable[hold & distanceMask];
    count = entry & 15;
    hold >>>= count;
    held -= count;
    symbol = entry >> 4;
    if (count === 0 || symbol > 29) break;
    count = DISTANCE_EXTRA[symbol];
    while (held < count) {
      hold |= (ip < end ? input[ip] : 0) << held;
      ip++;
      held += 8;
    }
    const distance = DISTANCE_BASE[symbol] + (hold & ((1 << count) - 1));
    hold >>>= count;
    held -= count;
    if (ip - (held >> 3) > end) break;
    let from = op - distance;
    if (from < base) {
      run.length = op;
      throw run.corrupt(`a deflate match ${distance} bytes back, where ${op - base} have been written`, ip);
    }
    for (; length > 0; length--) out[op++] = out[from++];
  }
  run.length = op;
  if (ip - (held >> 3) > end) throw run.truncated('deflate');
  throw run.corrupt('a deflate code that stands for nothing', ip - (held >> 3));
}

/**
 * Inflates the raw DEFLATE stream that starts at `start`, appending to the expansion's output. Matches reach back to
 * where this stream's output began.
 *
 * @returns the offset of the first byte after the stream.
 * @throws TRUNCATED, CORRUPT, LIMIT
 */
export function inflate(run: Expansion, start: number): number {
  const base = run.length;
  const bits = new BitReader(run, start);
  for (let last = 0; last === 0;) {
    last = bits.take(1);
    const type = bits.take(2);
    if (type === 0) {
      storedBlock(run, bits);
    } else if (type === 3) {
      throw run.corrupt('a deflate block of the reserved type 3', bits.ip);
    } else {
      const { literals, distances } = type === 1 ? fixedCodes() : dynamicCodes(bits);
      compressedBlock(run, bits, base, literals, distances);
    }
  }
  bits.align();
  return bits.ip;
}
