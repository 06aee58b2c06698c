import { BrineError } from '@brine/core';

/** What the first bytes say of a text's encoding; undefined for bytes that are no text. */
export interface TextHead {
  readonly text: string;
  /** A label of the Encoding standard, such as `utf-8`. */
  readonly encoding: string;
}

/**
 * Decodes the head of a text file. UTF-8 is assumed unless a byte order mark, or zero bytes in every other
 * place, tell UTF-16, or the caller names another encoding.
 */
export function decodeHead(head: Uint8Array, name: string, encoding?: string): TextHead | undefined {
  const found = encoding ?? utf16(head) ?? 'utf-8';
  if (found === 'utf-8' && !isTextual(head)) return undefined;
  return { text: decode(decoderOf(found, name), head, 0, name, found), encoding: found };
}

/** Strings from bytes, a byte order mark dropped. Throws BAD_INPUT at the first byte that the encoding does not know. */
export async function* decodeText(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string,
  name: string,
): AsyncGenerator<string, void> {
  const decoder = decoderOf(encoding, name);
  let offset = 0;
  for await (const chunk of chunks) {
    const text = decode(decoder, chunk, offset, name, encoding);
    offset += chunk.length;
    if (text !== '') yield text;
  }
  try {
    decoder.decode();
  } catch {
    throw new BrineError('TRUNCATED', 'the text ends within a character', { file: name, offset });
  }
}

function decoderOf(encoding: string, name: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    const message = `no encoding is called ${JSON.stringify(encoding)}; examples: utf-8, utf-16le, windows-1252, shift_jis`;
    throw new BrineError('BAD_ARGUMENT', message, { file: name });
  }
}

function decode(decoder: TextDecoder, bytes: Uint8Array, offset: number, name: string, encoding: string): string {
  try {
    return decoder.decode(bytes, { stream: true });
  } catch (error) {
    const at = badByte(bytes, encoding);
    const hex = bytes[at].toString(16).padStart(2, '0');
    const message =
      `the text is not ${encoding.toUpperCase()}: byte 0x${hex} is out of place` +
      (encoding === 'utf-8' ? '; save the file as UTF-8, or name its encoding (windows-1252 is common)' : '');
    throw new BrineError('BAD_INPUT', message, { file: name, offset: offset + at }, { cause: error });
  }
}

/** Where decoding fails: the longest prefix that decodes, by bisection, less a character that it leaves unfinished. */
function badByte(bytes: Uint8Array, encoding: string): number {
  const decodes = (length: number, stream: boolean): boolean => {
    try {
      new TextDecoder(encoding, { fatal: true }).decode(bytes.subarray(0, length), { stream });
      return true;
    } catch {
      return false;
    }
  };
  let low = 0;
  let high = bytes.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (decodes(middle, true)) low = middle;
    else high = middle;
  }
  // No encoding has characters of more than four bytes.
  for (let back = 0; back < 4 && back < low; back++) if (decodes(low - back, false)) return low - back;
  return low;
}

function utf16(head: Uint8Array): string | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  const length = Math.min(head.length & ~1, 1024);
  for (let i = 0; i < length; i++) if (head[i] === 0) zeros[i & 1]++;
  // Western text in UTF-16 is zero in nearly every other byte, and nowhere else.
  if (length < 4 || zeros[0] + zeros[1] < length / 4) return undefined;
  if (zeros[0] === 0) return 'utf-16le';
  return zeros[1] === 0 ? 'utf-16be' : undefined;
}

/** Control characters other than white space mean that this is no text. */
function isTextual(head: Uint8Array): boolean {
  return !head.some((b) => b < 9 || (b > 13 && b < 32 && b !== 27));
}
