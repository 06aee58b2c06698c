import { ExpansionBudget, decompressBytes } from '@brine/core';
import type { CompressionCodec, Compressors } from 'hyparquet';
import { brotliDecompressSync } from 'node:zlib';

type Decode = (input: Uint8Array, length: number) => Uint8Array;

/** Decompressors that write no more than the length a page announces (CWE-409). Throw Error or BrineError. */
export async function boundedCodecs(): Promise<ReadonlyMap<CompressionCodec, Decode>> {
  const { compressors } = (await import('hyparquet-compressors')) as { compressors: Compressors };
  const own =
    (codec: 'gzip' | 'zstd'): Decode =>
    (input, length) => {
      // The page's length is the limit; how far a page may expand is what Room says.
      const limits = { member: length, ratio: Number.MAX_SAFE_INTEGER, total: length };
      return decompressBytes(codec, input, 'a page', new ExpansionBudget(limits));
    };
  const { SNAPPY } = compressors;
  return new Map<CompressionCodec, Decode>([
    ['UNCOMPRESSED', (input) => input],
    ...(SNAPPY === undefined ? [] : [['SNAPPY', SNAPPY] satisfies [CompressionCodec, Decode]]),
    ['GZIP', own('gzip')],
    ['ZSTD', own('zstd')],
    ['BROTLI', (input, length) => brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) })],
    ['LZ4_RAW', lz4],
    ['LZ4', hadoopLz4],
  ]);
}

function lz4(input: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  return output.subarray(0, lz4Block(input, output, 0));
}

/** Blocks behind their lengths, out and in, as Hadoop writes them; else one block without. */
function hadoopLz4(input: Uint8Array, length: number): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const output = new Uint8Array(length);
  let at = 0;
  let written = 0;
  while (input.length - at >= 8) {
    const out = view.getUint32(at);
    const size = view.getUint32(at + 4);
    if (size > input.length - at - 8 || out > length - written) break;
    const end = lz4Block(input.subarray(at + 8, at + 8 + size), output.subarray(0, written + out), written);
    if (end !== written + out) break;
    at += 8 + size;
    written = end;
  }
  return at === input.length && at > 0 ? output.subarray(0, written) : lz4(input, length);
}

/**
 * One LZ4 block into `output` from `start` on; answers where it ends. Throws RangeError where it does not fit.
 *
 * @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 */
function lz4Block(input: Uint8Array, output: Uint8Array, start: number): number {
  let from = 0;
  let to = start;
  /** A length of four bits, of which 15 means that bytes follow, the last one below 255. */
  const extended = (bits: number): number => {
    let length = bits;
    for (let more = bits === 15 ? 255 : 0; more === 255;) length += more = input[from++] ?? 0;
    return length;
  };
  while (from < input.length) {
    const token = input[from++];
    const literals = extended(token >> 4);
    if (literals > input.length - from || literals > output.length - to) {
      throw new RangeError(`${literals} bytes of lz4 do not fit`);
    }
    output.set(input.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    if (from >= input.length) break;
    const distance = input[from] | ((input[from + 1] ?? 0) << 8);
    from += 2;
    const length = extended(token & 15) + 4;
    if (distance === 0 || distance > to || length > output.length - to) {
      throw new RangeError(`${length} bytes of lz4 from ${distance} bytes back do not fit`);
    }
    for (const end = to + length; to < end; to++) output[to] = output[to - distance];
  }
  return to;
}
