import { BrineError, type Source } from '@brine/core';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { fileSource, unreadable } from '../source/file.js';

/** Enough to tell the format, the delimiter and whether there is a header. */
export const HEAD_BYTES = 64 * 1024;
const CHUNK_BYTES = 256 * 1024;

/**
 * A data file or a pipe: its first bytes, the whole as a stream, or any range of it. What is gzip inside is
 * seen decompressed. Bytes are given out once: take the stream or the source, not both.
 */
export class Input {
  readonly name: string;
  /** Bytes on disk; undefined for a pipe. */
  readonly size: number | undefined;
  readonly gzipped: boolean;
  /** The first bytes (up to `HEAD_BYTES`). */
  readonly head: Uint8Array;
  /** Whether `head` is all there is. */
  readonly whole: boolean;
  readonly #path: string | undefined;
  readonly #counter: { bytes: number };
  readonly #chunks: Uint8Array[];
  readonly #rest: AsyncIterator<Uint8Array>;
  readonly #closing: (() => Promise<unknown>)[] = [];

  private constructor(fields: {
    name: string;
    path: string | undefined;
    size: number | undefined;
    gzipped: boolean;
    counter: { bytes: number };
    chunks: Uint8Array[];
    rest: AsyncIterator<Uint8Array>;
    whole: boolean;
  }) {
    this.name = fields.name;
    this.#path = fields.path;
    this.size = fields.size;
    this.gzipped = fields.gzipped;
    this.#counter = fields.counter;
    this.#chunks = fields.chunks;
    this.#rest = fields.rest;
    this.whole = fields.whole;
    this.head = concat(fields.chunks).subarray(0, HEAD_BYTES);
  }

  /** `-` is standard input. Throws READ where there is no such file and EMPTY where it has no bytes. */
  static async open(path: string, stdin: AsyncIterable<Uint8Array> = process.stdin): Promise<Input> {
    const name = path === '-' ? 'standard input' : path;
    let size: number | undefined;
    let seekable = false;
    if (path !== '-') {
      const info = await stat(path).catch((error: unknown) => {
        throw unreadable(name, error);
      });
      if (info.isDirectory()) throw new BrineError('READ', 'a folder cannot be read as a table', { file: name });
      seekable = info.isFile();
      if (seekable) size = info.size;
      if (size === 0) throw new BrineError('EMPTY', 'the file is empty', { file: name });
    }
    const counter = { bytes: 0 };
    const raw = counted(path === '-' ? stdin : createReadStream(path, { highWaterMark: CHUNK_BYTES }), counter, name);
    const compressed = await peek(raw[Symbol.asyncIterator]());
    const first = concat(compressed.chunks);
    if (first.length === 0) throw new BrineError('EMPTY', 'there is no data', { file: name });
    const gzipped = first[0] === 0x1f && first[1] === 0x8b;
    const plain = gzipped ? await peek(gunzipped(joined(compressed), name)) : compressed;
    if (plain.chunks.length === 0) throw new BrineError('EMPTY', 'the gzip file holds no data', { file: name });
    return new Input({ name, path: seekable ? path : undefined, size, gzipped, counter, ...plain });
  }

  /** Bytes read from the disk or the pipe so far, to be compared with `size`. */
  get bytesRead(): number {
    return this.#counter.bytes;
  }

  stream(): AsyncIterableIterator<Uint8Array> {
    return joined({ chunks: this.#chunks, rest: this.#rest });
  }

  /** Random access. A pipe is first copied to a temporary file, which `close` removes. */
  async source(): Promise<Source> {
    let path = this.#path;
    if (path === undefined || this.gzipped) {
      const folder = await mkdtemp(join(tmpdir(), 'brine-'));
      this.#closing.push(() => rm(folder, { recursive: true, force: true }));
      path = join(folder, 'input');
      try {
        await pipeline(Readable.from(this.stream()), createWriteStream(path));
      } catch (error) {
        throw error instanceof BrineError ? error : unreadable(this.name, error);
      }
    } else {
      await this.#rest.return?.();
    }
    const source = await fileSource(path);
    this.#closing.push(async () => source.close?.());
    const counter = this.#counter;
    return {
      name: this.name,
      size: source.size,
      async read(offset, length) {
        const bytes = await source.read(offset, length);
        // Ranges may be asked for twice, and a copied pipe was counted before: progress stops at the end.
        counter.bytes = Math.max(counter.bytes, Math.min(source.size, offset + length));
        return bytes;
      },
    };
  }

  async close(): Promise<void> {
    await this.#rest.return?.();
    for (const give of this.#closing.reverse()) await give();
    this.#closing.length = 0;
  }
}

interface Peeked {
  readonly chunks: Uint8Array[];
  readonly rest: AsyncIterator<Uint8Array>;
  readonly whole: boolean;
}

/** Takes chunks until there are `HEAD_BYTES` of them or the end. */
async function peek(rest: AsyncIterator<Uint8Array>): Promise<Peeked> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < HEAD_BYTES) {
    const next = await rest.next();
    if (next.done === true) return { chunks, rest, whole: true };
    if (next.value.length > 0) chunks.push(next.value);
    length += next.value.length;
  }
  return { chunks, rest, whole: false };
}

async function* joined({ chunks, rest }: Pick<Peeked, 'chunks' | 'rest'>): AsyncGenerator<Uint8Array, void> {
  try {
    for (const chunk of chunks.splice(0)) yield chunk;
    for (;;) {
      const next = await rest.next();
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await rest.return?.();
  }
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  counter: { bytes: number },
  name: string,
): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const chunk of chunks) {
      counter.bytes += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw error instanceof BrineError ? error : unreadable(name, error);
  }
}

async function* gunzipped(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array, void> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const from = Readable.from(chunks);
  from.on('error', (error) => gunzip.destroy(error));
  from.pipe(gunzip);
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) yield chunk;
  } catch (error) {
    if (error instanceof BrineError) throw error;
    const cut = error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
    throw new BrineError(
      cut ? 'TRUNCATED' : 'CORRUPT',
      cut ? 'the gzip data ends too early' : 'the gzip data is damaged',
      { file: name },
      { cause: error },
    );
  } finally {
    from.destroy();
    gunzip.destroy();
  }
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
}
