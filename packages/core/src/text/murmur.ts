import { BrineError } from '../errors.js';

let scratch = new Uint8Array(1024);

/** Encodes into the scratch buffer; returns the number of bytes. */
function encode(text: string): number {
  if (text.length * 3 > scratch.length) scratch = new Uint8Array(text.length * 3);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      scratch[length++] = unit;
      continue;
    }
    if (unit < 0x800) {
      scratch[length++] = 0xc0 | (unit >> 6);
      scratch[length++] = 0x80 | (unit & 0x3f);
      continue;
    }
    if ((unit & 0xf800) !== 0xd800) {
      scratch[length++] = 0xe0 | (unit >> 12);
    } else {
      const code = text.codePointAt(i) as number;
      if (code <= 0xffff) {
        throw new BrineError(
          'BAD_INPUT',
          `a term holds half a surrogate pair (U+${code.toString(16).toUpperCase()}), which UTF-8 cannot encode`,
        );
      }
      i++;
      scratch[length++] = 0xf0 | (code >> 18);
      scratch[length++] = 0x80 | ((code >> 12) & 0x3f);
      scratch[length++] = 0x80 | ((code >> 6) & 0x3f);
      scratch[length++] = 0x80 | (code & 0x3f);
      continue;
    }
    scratch[length++] = 0x80 | ((unit >> 6) & 0x3f);
    scratch[length++] = 0x80 | (unit & 0x3f);
  }
  return length;
}

function mix(k: number): number {
  const a = Math.imul(k, 0xcc9e2d51);
  return Math.imul((a << 15) | (a >>> 17), 0x1b873593);
}

/**
 * MurmurHash3_x86_32 of a text's UTF-8 bytes, as a signed number: scikit-learn's
 * `murmurhash3_32(text, seed)`. Throws BAD_INPUT for a lone surrogate, as Python's encode does.
 *
 * Source: Austin Appleby's public-domain MurmurHash3.
 */
export function murmurHash3(text: string, seed = 0): number {
  const length = encode(text);
  const bytes = scratch;
  const whole = length & ~3;
  let hash = seed | 0;
  for (let i = 0; i < whole; i += 4) {
    hash ^= mix(bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24));
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let i = length - 1; i >= whole; i--) tail = (tail << 8) | bytes[i];
  if (length > whole) hash ^= mix(tail);
  hash ^= length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
