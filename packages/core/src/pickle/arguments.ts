import type { Fault } from './effects.js';
import { overLimit, type PickleLimits } from './limits.js';
import { parseFloatText, parseInteger } from './numbers.js';
import { decodeLatin1, decodeRawUnicodeEscape, decodeUtf8, unescapeString } from './text.js';
import type { PyValue } from './values.js';

/** What Python 2 `str` becomes: text with one character per byte, text in UTF-8, or the bytes themselves. */
export type Python2Encoding = 'latin1' | 'utf-8' | 'bytes';

/** The arguments that are text up to a newline (protocol 0) and Python 2's strings: `bytes[from, to)`. */
export class Arguments {
  readonly #limits: PickleLimits;
  readonly #encoding: Python2Encoding;
  readonly #fault: Fault;

  constructor(limits: PickleLimits, encoding: Python2Encoding, fault: Fault) {
    this.#limits = limits;
    this.#encoding = encoding;
    this.#fault = fault;
  }

  /** INT, LONG and FLOAT. */
  number(code: number, bytes: Uint8Array, from: number, to: number, at: number): PyValue {
    const small = code === 0x49 && bytes[from] !== 0x30 ? shortDecimal(bytes, from, to) : -1;
    if (small >= 0) return small;
    const length = to - from;
    if (length > this.#limits.integerBytes) {
      overLimit(this.#limits, 'integerBytes', `a number of ${length} digits`, at);
    }
    let text = decodeLatin1(bytes, from, to);
    if (code === 0x49 && text === '00') return false;
    if (code === 0x49 && text === '01') return true;
    if (code === 0x4c && text.endsWith('L')) text = text.slice(0, -1);
    const value = code === 0x46 ? parseFloatText(text) : parseInteger(text);
    if (value === undefined) throw this.#fault(at, `${JSON.stringify(text.slice(0, 40))} is no number`);
    return value;
  }

  /** GET and PUT. */
  index(bytes: Uint8Array, from: number, to: number, at: number): number {
    const index = shortDecimal(bytes, from, to);
    if (index < 0) {
      const text = decodeLatin1(bytes, from, Math.min(to, from + 20));
      throw this.#fault(at, `${JSON.stringify(text)} is no memo index`);
    }
    return index;
  }

  /** Length-prefixed and other text in UTF-8. */
  text(bytes: Uint8Array, from: number, to: number, at: number): string {
    if (to - from > this.#limits.text) overLimit(this.#limits, 'text', `a text of ${to - from} bytes`, at);
    const text = decodeUtf8(bytes, from, to);
    if (text === undefined) throw this.#fault(at, 'its text is not valid UTF-8');
    return text;
  }

  /** UNICODE. */
  rawUnicode(bytes: Uint8Array, from: number, to: number, at: number): string {
    if (to - from > this.#limits.text) overLimit(this.#limits, 'text', `a text of ${to - from} bytes`, at);
    const text = decodeRawUnicodeEscape(bytes, from, to);
    if (text === undefined) throw this.#fault(at, 'an escape in its text is cut short or beyond U+10FFFF');
    return text;
  }

  /** STRING: a Python 2 literal in its quotes. */
  literal(bytes: Uint8Array, from: number, to: number, at: number): string | Uint8Array {
    const quote = bytes[from];
    if (to - from < 2 || quote !== bytes[to - 1] || (quote !== 0x22 && quote !== 0x27)) {
      throw this.#fault(at, 'its argument is not in quotes');
    }
    const plain = unescapeString(bytes, from + 1, to - 1);
    if (plain === undefined) throw this.#fault(at, 'an escape in its string is cut short');
    return this.python2String(plain, 0, plain.length, at);
  }

  /** BINSTRING and SHORT_BINSTRING. */
  python2String(bytes: Uint8Array, from: number, to: number, at: number): string | Uint8Array {
    if (this.#encoding === 'bytes') return bytes.slice(from, to);
    if (this.#encoding === 'utf-8') return this.text(bytes, from, to, at);
    if (to - from > this.#limits.text) overLimit(this.#limits, 'text', `a string of ${to - from} bytes`, at);
    return decodeLatin1(bytes, from, to);
  }
}

/** A number of 1 to 15 digits without a sign; -1 if it is anything else. Protocol 0 has one for every second opcode. */
function shortDecimal(bytes: Uint8Array, from: number, to: number): number {
  if (to === from || to - from > 15) return -1;
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = bytes[i] - 0x30;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}
