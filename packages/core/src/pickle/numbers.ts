import { pyFloat, type PyValue } from './values.js';

/**
 * A two's-complement little-endian integer of `to - from` bytes: a number where it is a safe integer, else
 * a bigint. Linear in the length (hexadecimal digits need no multiplication).
 */
export function decodeInteger(bytes: Uint8Array, from: number, to: number): number | bigint {
  const length = to - from;
  if (length === 0) return 0;
  const negative = bytes[to - 1] >= 0x80;
  if (length <= 6) {
    let value = 0;
    for (let i = to - 1; i >= from; i--) value = value * 256 + bytes[i];
    return negative ? value - 2 ** (8 * length) : value;
  }
  const digits: string[] = ['0x'];
  for (let i = to - 1; i >= from; i--) digits.push(HEX[bytes[i]]);
  const unsigned = BigInt(digits.join(''));
  return plain(negative ? unsigned - (1n << BigInt(8 * length)) : unsigned);
}

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

function plain(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** An integer in decimal; undefined if the text is none. */
export function parseInteger(text: string): number | bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  // Python reads a leading zero as a mistake, C as octal: a file that means something else to each is refused.
  if (/^[+-]?0+[1-9]/.test(text)) return undefined;
  if (text.length < 16) return Number(text) + 0;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return plain(value);
}

/** A float in decimal as Python's `float()` reads it; undefined if the text is none. */
export function parseFloatText(text: string): PyValue | undefined {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return pyFloat(Number(text));
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (!special) return undefined;
  if (special[2].toLowerCase() === 'nan') return pyFloat(NaN);
  return pyFloat(special[1] === '-' ? -Infinity : Infinity);
}
