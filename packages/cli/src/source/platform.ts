import {
  type Codec,
  type Encoder,
  setPlatformAscii,
  setPlatformCrc32,
  setPlatformDecoder,
  setPlatformEncoder,
  setPlatformEqual,
  setPlatformHead,
  setPlatformInflater,
  setPlatformLatin1,
  setPlatformPacker,
  type StreamEncoding,
} from '@brine/core/bytes';
import { isAscii } from 'node:buffer';
import { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { deflateBeside } from './deflate.js';
import { inflateBeside } from './inflate.js';

/**
 * Output comes in pieces that are joined at the end, at the price of a copy. One that is large enough for what models
 * mostly come to needs none; what of it stays unused is never touched, so the system never provides it.
 */
const CHUNK_RATIO = 8;
const CHUNK_MIN = 64 * 1024;
const CHUNK_MAX = 256 * 1024 * 1024;
/** Output is never asked for in less. */
const PIECE_MIN = 1024;
/** A view keeps its whole buffer: one that uses less than this share of it is copied out. */
const KEPT_SHARE = 1 / 4;

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

type Sync = (
  input: Uint8Array,
  options: { maxOutputLength: number; chunkSize: number; finishFlush?: number },
) => Uint8Array;

/** So much of a stream is tried for its beginning, in turn: models shrink to a fifth, text to less. */
const HEAD_INPUTS = [16 * 1024, 128 * 1024];
/** A bomb (CWE-409) gives more, and is left to brine's own decoder, which stops where it is told. */
const HEAD_MOST = 4 * 1024 * 1024;

/** More than `length` decompressed bytes, cut to it; undefined where there are no more, or something is wrong. */
function headOf(decode: Sync, input: Uint8Array, length: number): Uint8Array | undefined {
  const options = { maxOutputLength: HEAD_MOST, chunkSize: CHUNK_MIN, finishFlush: zlib.constants.Z_SYNC_FLUSH };
  try {
    for (const size of HEAD_INPUTS) {
      const bytes = decode(input.subarray(0, size), options);
      if (bytes.length > length) return new Uint8Array(bytes.subarray(0, length));
    }
  } catch {
    // brine's own decoder says what is wrong, and where.
  }
  return undefined;
}

/**
 * Lets brine decompress with node:zlib, which is several times faster than JavaScript: deflate, zlib and gzip
 * everywhere, zstd from Node 22.15 on.
 */
export function useNodeZlib(): void {
  if ('crc32' in zlib) setPlatformCrc32(zlib.crc32);
  setPlatformAscii((bytes) => {
    if (!isAscii(bytes)) return undefined;
    return latin1(bytes);
  });
  setPlatformLatin1(latin1);
  setPlatformEqual((a, b) => Buffer.compare(a, b) === 0);
  const decoders: [Codec, Sync | undefined][] = [
    ['deflate', zlib.inflateRawSync],
    ['zlib', zlib.inflateSync],
    ['gzip', zlib.gunzipSync],
    ['zstd', 'zstdDecompressSync' in zlib ? (zlib.zstdDecompressSync as Sync) : undefined],
  ];
  for (const [codec, decode] of decoders) {
    if (decode === undefined) continue;
    // zstd has other names for how it ends.
    if (codec !== 'zstd') setPlatformHead(codec, (input, length) => headOf(decode, input, length));
    setPlatformDecoder(codec, (input, most, claimed = Infinity) => {
      if (most === 0) return undefined;
      try {
        const expected = Math.min(CHUNK_MAX, most, CHUNK_RATIO * input.length);
        const bytes = decode(input, {
          maxOutputLength: most,
          chunkSize: Math.min(Math.max(CHUNK_MIN, expected), Math.max(PIECE_MIN, claimed + 1)),
        });
        const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        return view.length < KEPT_SHARE * view.buffer.byteLength ? view.slice() : view;
      } catch {
        // brine's own decoder says what is wrong, and where.
        return undefined;
      }
    });
  }
}

/** Bytes that deflate hands on at a time. */
const DEFLATED_PIECE = 256 * 1024;

/** Lets brine compress with node:zlib, which knows levels of effort. */
export function useNodeDeflate(): void {
  const encoders: [StreamEncoding, (options: zlib.ZlibOptions) => NodeJS.ReadWriteStream][] = [
    ['deflate', zlib.createDeflateRaw],
    ['zlib', zlib.createDeflate],
    ['gzip', zlib.createGzip],
  ];
  for (const [encoding, create] of encoders) {
    const stream: Encoder = async function* (chunks, level) {
      const stream = create({ level, memLevel: 9, chunkSize: DEFLATED_PIECE });
      const input = Readable.from(chunks, { objectMode: true });
      input.once('error', (error) => (stream as unknown as Readable).destroy(error));
      for await (const piece of input.pipe(stream)) yield piece as Uint8Array;
    };
    setPlatformEncoder(encoding, stream);
  }
  setPlatformInflater(inflateBeside);
  setPlatformPacker(deflateBeside);
}
