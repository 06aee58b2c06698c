import { BrineError } from '../errors.js';
import { PyByteArray, type PyValue } from '../pickle/values.js';

/** Bytes as text, one character per byte: what Python 2 `str` and numpy `S` mean here. */
export function decodeLatin1(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += CHUNK) {
    parts.push(String.fromCharCode(...bytes.subarray(i, i + CHUNK)));
  }
  return parts.join('');
}

/** Arguments per call: engines allow more, but not by much. */
const CHUNK = 8192;

/** Text of one character per byte, back as bytes. Undefined if a character is beyond latin-1. */
export function encodeLatin1(text: string): Uint8Array | undefined {
  const out = new Uint8Array(text.length);
  let beyond = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    beyond |= code;
    out[i] = code;
  }
  return beyond > 0xff ? undefined : out;
}

/** One element of a numpy `U` array (little-endian UCS-4), without the zeros that fill it up. */
export function decodeUcs4(bytes: Uint8Array, offset: number, length: number): string {
  let end = offset + length;
  while (end > offset && (bytes[end - 1] | bytes[end - 2] | bytes[end - 3] | bytes[end - 4]) === 0) end -= 4;
  let out = '';
  for (let at = offset; at < end; at += 4) {
    const code = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    if (code < 0 || code > 0x10ffff) {
      throw new BrineError('CORRUPT', `0x${(code >>> 0).toString(16)} in an array of text is no Unicode character`);
    }
    out += String.fromCodePoint(code);
  }
  return out;
}

/** One element of a numpy `S` array, without the zeros that fill it up. */
export function trimZeros(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}

/** Text, or Python 2 text that arrives as bytes; undefined for anything else. */
export function textOf(value: PyValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? decodeLatin1(value) : undefined;
}

/** Bytes, or a Python 2 `str` that holds bytes; undefined for anything else. */
export function bytesOf(value: PyValue | undefined): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (value instanceof PyByteArray) return value.bytes;
  return typeof value === 'string' ? encodeLatin1(value) : undefined;
}

/** Text as UTF-8. */
export function encodeUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
