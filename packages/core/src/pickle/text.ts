/**
 * Text as pickles hold it. All functions take `bytes[from, to)` of a larger array; those that can meet
 * invalid input answer undefined, so that the caller can say where.
 */

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Below this many bytes a call into the platform's decoder costs more than reading by hand. */
const SHORT = 24;

/** Arguments of one `String.fromCharCode` call: engines refuse some hundred thousand. */
const CHUNK = 8192;

/**
 * Short strings that occurred twice, by hash: files repeat their keys, and an equal string need not be made
 * again. `once` holds the hashes seen once, so that a million different keys do not pass through `twice`.
 */
const SLOTS = 4096;
const once = new Int32Array(SLOTS);
const twice = new Array<string>(SLOTS).fill('');

/**
 * UTF-8 as Python decodes it with `surrogatepass`: lone surrogates are kept. (A pair of surrogates encoded
 * one by one is two code points in Python and one here; JavaScript cannot tell them apart.) Undefined if
 * invalid.
 */
export function decodeUtf8(bytes: Uint8Array, from: number, to: number): string | undefined {
  const length = to - from;
  if (length <= SHORT) {
    let hash = length;
    let i = from;
    for (; i < to; i++) {
      const byte = bytes[i];
      if (byte > 0x7f) break;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    if (i === to) {
      const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1);
      const known = twice[slot];
      if (known.length === length && same(known, bytes, from)) return known;
      const text = shortAscii(bytes, from, length);
      if (once[slot] === hash) twice[slot] = text;
      else once[slot] = hash;
      return text;
    }
  }
  try {
    return utf8.decode(bytes.subarray(from, to));
  } catch {
    return decodeWithSurrogates(bytes, from, to);
  }
}

/** One call with its arguments written out: twice as fast as passing an array, which counts for a million keys. */
function shortAscii(b: Uint8Array, i: number, length: number): string {
  switch (length) {
    case 0:
      return '';
    case 1:
      return String.fromCharCode(b[i]);
    case 2:
      return String.fromCharCode(b[i], b[i + 1]);
    case 3:
      return String.fromCharCode(b[i], b[i + 1], b[i + 2]);
    case 4:
      return String.fromCharCode(b[i], b[i + 1], b[i + 2], b[i + 3]);
    case 5:
      return String.fromCharCode(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4]);
    case 6:
      return String.fromCharCode(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5]);
    case 7:
      return String.fromCharCode(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6]);
    case 8:
      return String.fromCharCode(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7]);
    case 9:
      return String.fromCharCode(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7], b[i + 8]);
    case 10:
      return String.fromCharCode(
        b[i],
        b[i + 1],
        b[i + 2],
        b[i + 3],
        b[i + 4],
        b[i + 5],
        b[i + 6],
        b[i + 7],
        b[i + 8],
        b[i + 9],
      );
    case 11:
      return String.fromCharCode(
        b[i],
        b[i + 1],
        b[i + 2],
        b[i + 3],
        b[i + 4],
        b[i + 5],
        b[i + 6],
        b[i + 7],
        b[i + 8],
        b[i + 9],
        b[i + 10],
      );
    case 12:
      return String.fromCharCode(
        b[i],
        b[i + 1],
        b[i + 2],
        b[i + 3],
        b[i + 4],
        b[i + 5],
        b[i + 6],
        b[i + 7],
        b[i + 8],
        b[i + 9],
        b[i + 10],
        b[i + 11],
      );
    default:
      return String.fromCharCode.apply(null, b.subarray(i, i + length) as unknown as number[]);
  }
}

function same(text: string, bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false;
  return true;
}

/** The whole decoder by hand, for what the platform refuses: encoded surrogates. */
function decodeWithSurrogates(bytes: Uint8Array, from: number, to: number): string | undefined {
  const text = new TextBuilder();
  let i = from;
  while (i < to) {
    const b = bytes[i];
    const width = b < 0x80 ? 1 : b >= 0xc2 && b < 0xe0 ? 2 : b >= 0xe0 && b < 0xf0 ? 3 : b >= 0xf0 && b < 0xf5 ? 4 : 0;
    if (width === 0 || i + width > to) return undefined;
    let code = width === 1 ? b : b & (0x7f >> width);
    for (let k = 1; k < width; k++) {
      const next = bytes[i + k];
      if ((next & 0xc0) !== 0x80) return undefined;
      code = (code << 6) | (next & 0x3f);
    }
    if ((width === 3 && code < 0x800) || (width === 4 && (code < 0x10000 || code > 0x10ffff))) return undefined;
    text.codePoint(code);
    i += width;
  }
  return text.toString();
}

/** One character per byte: Python's latin-1 (what the web calls `latin1` is windows-1252). */
export function decodeLatin1(bytes: Uint8Array, from: number, to: number): string {
  let out = '';
  for (let i = from; i < to; i += CHUNK) {
    const chunk = bytes.subarray(i, Math.min(i + CHUNK, to));
    out += String.fromCharCode.apply(null, chunk as unknown as number[]);
  }
  return out;
}

/**
 * Python's `raw-unicode-escape`: latin-1 in which `\uXXXX` and `\UXXXXXXXX` stand for code points unless
 * the backslash is itself behind a backslash. Undefined if an escape is cut short or beyond U+10FFFF.
 */
export function decodeRawUnicodeEscape(bytes: Uint8Array, from: number, to: number): string | undefined {
  let at = backslash(bytes, from, to);
  if (at === to) return decodeLatin1(bytes, from, to);
  const text = new TextBuilder();
  let i = from;
  while (at < to) {
    text.latin1(bytes, i, at);
    const letter = at + 1 < to ? bytes[at + 1] : -1;
    const digits = letter === 0x75 ? 4 : letter === 0x55 ? 8 : 0;
    if (digits === 0) {
      // The backslash and what it protects stand for themselves.
      i = Math.min(at + 2, to);
      text.latin1(bytes, at, i);
    } else {
      const code = hexadecimal(bytes, at + 2, digits, to);
      if (code < 0 || code > 0x10ffff) return undefined;
      text.codePoint(code);
      i = at + 2 + digits;
    }
    at = backslash(bytes, i, to);
  }
  text.latin1(bytes, i, to);
  return text.toString();
}

const escapes: Readonly<Record<number, number>> = {
  0x5c: 0x5c,
  0x27: 0x27,
  0x22: 0x22,
  0x62: 8,
  0x66: 12,
  0x74: 9,
  0x6e: 10,
  0x72: 13,
  0x76: 11,
  0x61: 7,
};

/**
 * The bytes a Python 2 string literal stands for (`codecs.escape_decode`), without its quotes. Python 2
 * wrote whole numpy buffers like this, so it is one pass into one array. Undefined if an `\x` lacks its
 * digits or the text ends in a backslash.
 */
export function unescapeString(bytes: Uint8Array, from: number, to: number): Uint8Array | undefined {
  const first = backslash(bytes, from, to);
  if (first === to) return bytes.subarray(from, to);
  const out = new Uint8Array(to - from);
  out.set(bytes.subarray(from, first));
  let n = first - from;
  let i = first;
  while (i < to) {
    const byte = bytes[i++];
    if (byte !== 0x5c) {
      out[n++] = byte;
      continue;
    }
    if (i >= to) return undefined;
    const letter = bytes[i++];
    if (letter === 0x78) {
      const high = i + 1 < to ? hexDigit(bytes[i]) : -1;
      const low = i + 1 < to ? hexDigit(bytes[i + 1]) : -1;
      if (high < 0 || low < 0) return undefined;
      out[n++] = (high << 4) | low;
      i += 2;
    } else if (letter >= 0x30 && letter <= 0x37) {
      let code = letter - 0x30;
      for (let k = 0; k < 2 && i < to && bytes[i] >= 0x30 && bytes[i] <= 0x37; k++) {
        code = code * 8 + bytes[i++] - 0x30;
      }
      out[n++] = code & 0xff;
    } else if (letter === 0x0a) {
      // an escaped newline vanishes
    } else {
      const plain = escapes[letter];
      if (plain === undefined) {
        out[n++] = 0x5c;
        out[n++] = letter;
      } else {
        out[n++] = plain;
      }
    }
  }
  return out.subarray(0, n);
}

/** The next newline, or -1. Most lines are a few digits, and shorter than a call of `indexOf` is long. */
export function findNewline(bytes: Uint8Array, from: number): number {
  const near = Math.min(from + 16, bytes.length);
  for (let i = from; i < near; i++) if (bytes[i] === 0x0a) return i;
  return bytes.indexOf(0x0a, near);
}

/** The first backslash in the range, or its end. It must not look beyond: that would be quadratic. */
function backslash(bytes: Uint8Array, from: number, to: number): number {
  const at = bytes.subarray(from, to).indexOf(0x5c);
  return at < 0 ? to : from + at;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function hexadecimal(bytes: Uint8Array, from: number, digits: number, to: number): number {
  if (from + digits > to) return -1;
  let value = 0;
  for (let i = from; i < from + digits; i++) {
    const digit = hexDigit(bytes[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/** Collects UTF-16 units; joining pieces of a few thousand is faster than growing one string. */
class TextBuilder {
  readonly #units = new Uint16Array(CHUNK);
  #used = 0;
  #text = '';

  #flush(): void {
    this.#text += String.fromCharCode.apply(null, this.#units.subarray(0, this.#used) as unknown as number[]);
    this.#used = 0;
  }

  codePoint(code: number): void {
    if (this.#used > CHUNK - 2) this.#flush();
    if (code > 0xffff) {
      this.#units[this.#used++] = 0xd800 + ((code - 0x10000) >> 10);
      this.#units[this.#used++] = 0xdc00 + ((code - 0x10000) & 0x3ff);
    } else {
      this.#units[this.#used++] = code;
    }
  }

  latin1(bytes: Uint8Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      if (this.#used === CHUNK) this.#flush();
      this.#units[this.#used++] = bytes[i]!;
    }
  }

  toString(): string {
    this.#flush();
    return this.#text;
  }
}
