const encoder = new TextEncoder();

/** Below this many characters a call into the platform costs more than writing by hand. */
const SHORT = 32;

/**
 * Text as UTF-8 into `bytes` from `at` on, where three bytes for each UTF-16 unit must be free; returns how
 * many were written. Lone surrogates are kept, as Python's `surrogatepass` writes them.
 */
export function encodeUtf8Into(text: string, bytes: Uint8Array, at: number): number {
  if (text.length > SHORT && !hasLoneSurrogate(text)) {
    return encoder.encodeInto(text, bytes.subarray(at)).written;
  }
  let to = at;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code < 0x80) {
      bytes[to++] = code;
      continue;
    }
    if ((code & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      code = 0x10000 + ((code & 0x3ff) << 10) + (text.charCodeAt(++i) & 0x3ff);
    }
    if (code < 0x800) bytes[to++] = 0xc0 | (code >> 6);
    else {
      if (code < 0x10000) bytes[to++] = 0xe0 | (code >> 12);
      else {
        bytes[to++] = 0xf0 | (code >> 18);
        bytes[to++] = 0x80 | ((code >> 12) & 0x3f);
      }
      bytes[to++] = 0x80 | ((code >> 6) & 0x3f);
    }
    bytes[to++] = 0x80 | (code & 0x3f);
  }
  return to - at;
}

function hasLoneSurrogate(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i) & 0xf800;
    if (unit !== 0xd800) continue;
    const pair = (text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00;
    if (!pair) return true;
    i++;
  }
  return false;
}

/** Bytes as the UTF-8 of one latin-1 character each: how protocol 2 writes bytes. */
export function latin1AsUtf8(bytes: Uint8Array): Uint8Array {
  let high = 0;
  for (const byte of bytes) high += byte >> 7;
  const out = new Uint8Array(bytes.length + high);
  let to = 0;
  for (const byte of bytes) {
    if (byte < 0x80) out[to++] = byte;
    else {
      out[to++] = 0xc0 | (byte >> 6);
      out[to++] = 0x80 | (byte & 0x3f);
    }
  }
  return out;
}

/** The shortest two's-complement little-endian form, as CPython's `encode_long` writes it; nothing for 0. */
export function encodeInteger(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array(0);
  // Hexadecimal digits need no multiplication: linear in the length.
  const magnitude = value < 0n ? -value - 1n : value;
  const digits = magnitude.toString(16);
  const bytes: number[] = [];
  for (let end = digits.length; end > 0; end -= 2) bytes.push(parseInt(digits.slice(Math.max(0, end - 2), end), 16));
  if (bytes[bytes.length - 1] >= 0x80) bytes.push(0);
  return Uint8Array.from(value < 0n ? bytes.map((byte) => byte ^ 0xff) : bytes);
}
