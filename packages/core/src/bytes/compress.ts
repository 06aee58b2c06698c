import { BrineError } from '../errors.js';
import type { LazyBytes } from './lazy.js';

/** Ways in which a file may be compressed as a whole. `deflate` is the bare stream inside a zip member. */
export type Encoding = 'zlib' | 'gzip' | 'lz4' | 'xz';
export type StreamEncoding = Encoding | 'deflate';

export interface CompressOptions {
  /** 1 (fast) to 9 (small). Where the platform has but one way, or the format, it is used whatever the level. */
  readonly level?: number;
}

export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Compresses a stream piece by piece. */
export type Encoder = (chunks: Chunks, level: number) => AsyncIterable<Uint8Array>;

/** What joblib means by `compress=True`. */
const DEFAULT_LEVEL = 3;

/** Whoever takes lz4 wants speed: one that looks for the shortest way takes eight times as long for a third less. */
const defaultLevel = (encoding: StreamEncoding): number => (encoding === 'lz4' ? 1 : DEFAULT_LEVEL);

const platformEncoders = new Map<StreamEncoding, Encoder>();
let platformPacker: Packer | undefined;

/** Deflates bytes that are there, at once or beside other work; nobody changes them meanwhile. */
export type Packer = (bytes: Uint8Array, level: number) => Uint8Array | Promise<Uint8Array>;

/** Lets `compress` use the platform's encoder for a format, such as node:zlib. */
export function setPlatformEncoder(encoding: StreamEncoding, encoder: Encoder): void {
  platformEncoders.set(encoding, encoder);
}

/** The same for `deflated`. */
export function setPlatformPacker(packer: Packer): void {
  platformPacker = packer;
}

/** `bytes` as a bare deflate stream, for the many members of an archive. */
export async function deflated(bytes: Uint8Array, level: number): Promise<Uint8Array> {
  return platformPacker ? platformPacker(bytes, level) : collect(compress('deflate', [bytes], { level }));
}

/** `chunks` compressed. Throws BAD_ARGUMENT for a level outside of 1 to 9. */
export async function* compress(
  encoding: StreamEncoding,
  chunks: Chunks,
  options: CompressOptions = {},
): AsyncGenerator<Uint8Array> {
  const level = options.level ?? defaultLevel(encoding);
  if (!(Number.isInteger(level) && level >= 1 && level <= 9)) {
    throw new BrineError('BAD_ARGUMENT', `a level of compression is a whole number from 1 to 9, not ${level}`);
  }
  yield* (platformEncoders.get(encoding) ?? (await ownEncoder(encoding)))(chunks, level);
}

async function ownEncoder(encoding: StreamEncoding): Promise<Encoder> {
  switch (encoding) {
    case 'lz4':
      return (await import('./lz4-write.js')).lz4Frames;
    case 'xz':
      return (await import('./xz-write.js')).xzStream;
    case 'zlib':
      return native('deflate');
    case 'gzip':
      return native('gzip');
    case 'deflate':
      return native('deflate-raw');
  }
}

/** Every browser, and Node, has deflate built in, in one strength. */
function native(format: 'deflate' | 'gzip' | 'deflate-raw'): Encoder {
  return async function* (chunks) {
    const { readable, writable } = new CompressionStream(format);
    const writer = writable.getWriter();
    const failure: { error?: unknown } = {};
    const writing = (async () => {
      for await (const chunk of chunks) await writer.write(chunk as Uint8Array<ArrayBuffer>);
      await writer.close();
    })().catch(async (error: unknown) => {
      failure.error = error;
      await writer.abort(error).catch(() => undefined);
    });
    const reader = readable.getReader();
    for (;;) {
      const { done, value } = await reader.read().catch(async (error: unknown) => {
        await writing;
        throw failure.error ?? error;
      });
      if (done) break;
      yield value;
    }
    await writing;
    if ('error' in failure) throw failure.error;
  };
}

/** Pieces with what had not been read yet, each read when its turn comes and kept by nobody. */
export async function* loadedPieces(pieces: Iterable<Uint8Array | LazyBytes>): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) yield piece;
    else yield piece.bytes ?? (await piece.source.read(piece.offset, piece.length));
  }
}

/** The chunks in one array. */
export async function collect(chunks: Chunks): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
  }
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** The chunks as blocks of `size` bytes; the last may be shorter, and there is none of no bytes. */
export async function* blocksOf(chunks: Chunks, size: number): AsyncGenerator<Uint8Array> {
  let block = new Uint8Array(size);
  let used = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const n = Math.min(size - used, chunk.length - at);
      block.set(chunk.subarray(at, at + n), used);
      used += n;
      at += n;
      if (used === size) {
        yield block;
        block = new Uint8Array(size);
        used = 0;
      }
    }
  }
  if (used > 0) yield block.subarray(0, used);
}
