import { BrineError, BufferSource, type Source } from '@brine/core/bytes';
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { takeAhead, WHOLE_FILE } from './ahead.js';
import { Folder } from './folder.js';
import { PagedFile } from './paged.js';
import { streamBytes } from './stream.js';

/**
 * A source over a file. `-` is standard input; pipes and devices are read to their end. Files beside it are reached
 * by `sibling`, and stay within its folder.
 *
 * @param room where a small file is read into: for who has done with one file before the next.
 * @throws READ, with a sentence for a missing file, a folder, or a file that may not be read.
 */
export async function fileSource(path: string | URL, room?: ReadRoom): Promise<Source> {
  if (path === '-') return new BufferSource(await streamBytes(process.stdin, '(standard input)'), '(standard input)');
  const name = typeof path === 'string' ? path : urlPath(path);
  try {
    const stats = statSync(name);
    if (stats.isDirectory()) throw new BrineError('READ', 'it is a folder, not a file', { file: name });
    if (stats.isFile() && stats.size <= WHOLE_FILE) {
      const ahead = await takeAhead(name, stats.size);
      if (ahead) return new WholeFile(ahead, name);
      if (room === undefined && stats.size >= PAGED && ARCHIVE.test(name)) return new PagedFile(stats, name);
      return new WholeFile(readWhole(name, room), name);
    }
    const handle = await open(name, 'r');
    if (stats.isFile()) return new RangedFile(handle, (await handle.stat()).size, name);
    return new BufferSource(await streamBytes(handle.createReadStream(), name), name);
  } catch (error) {
    throw error instanceof BrineError ? error : unreadable(name, error);
  }
}

/**
 * Files of this name and size are mostly text, which nobody keeps as it is. The name decides how such a file is read, not
 * what it is.
 */
const ARCHIVE = /\.skops$/i;
const PAGED = 256 * 1024;

function urlPath(url: URL): string {
  if (url.protocol !== 'file:') {
    throw new BrineError(
      'BAD_ARGUMENT',
      `only file: URLs are opened, not ${url.protocol} (fetch it, and pass the bytes)`,
    );
  }
  return fileURLToPath(url);
}

/**
 * Memory that one small file after the other is read into: a thousand of them then cost no thousand allocations. What was
 * read is gone when the next file is.
 */
export class ReadRoom {
  readonly #bytes = new Uint8Array(1 << 20);

  of(size: number): Uint8Array | undefined {
    return size <= this.#bytes.length ? this.#bytes.subarray(0, size) : undefined;
  }
}

/** The whole file, in an ArrayBuffer of its own, so that typed arrays may be views on it; or in the room there is. */
function readWhole(name: string, room: ReadRoom | undefined): Uint8Array {
  const fd = openSync(name, 'r');
  try {
    const { size } = fstatSync(fd);
    // Not filled with zeros first: every byte is read, or this throws.
    const bytes = room?.of(size) ?? new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
    readFully(fd, bytes, 0, { name, size });
    return bytes;
  } finally {
    closeSync(fd);
  }
}

/** Fills `bytes` from `offset` of an open file on, which had `size` bytes. @throws TRUNCATED where it ends before */
export function readFully(
  fd: number,
  bytes: Uint8Array,
  offset: number,
  { name, size }: { readonly name: string; readonly size: number },
): void {
  for (let at = 0; at < bytes.length;) {
    const n = readSync(fd, bytes, at, bytes.length - at, offset + at);
    if (n === 0) throw shrunk(name, size, offset + at);
    at += n;
  }
}

function shrunk(name: string, size: number, at: number): BrineError {
  return new BrineError('TRUNCATED', `the file had ${size} bytes when it was opened, and ends now`, {
    file: name,
    offset: at,
  });
}

/** A file in memory that knows its folder. */
class WholeFile extends BufferSource {
  readonly #folder = new Folder(this.name);

  sibling(name: string, strict?: boolean): Promise<Source | undefined> {
    return this.#folder.open(name, strict);
  }

  siblings(): Promise<string[]> {
    return this.#folder.list();
  }
}

/** A file that is read by positional reads; its size may exceed 2^32. */
class RangedFile implements Source {
  readonly name: string;
  readonly size: number;
  readonly #handle: FileHandle;
  readonly #folder: Folder;

  constructor(handle: FileHandle, size: number, name: string) {
    this.#handle = handle;
    this.size = size;
    this.name = name;
    this.#folder = new Folder(name);
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.size)) {
      throw new BrineError('TRUNCATED', `needs ${length} bytes at ${offset}, but the file has ${this.size} bytes`, {
        file: this.name,
        offset,
      });
    }
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(length);
    } catch (cause) {
      throw new BrineError('LIMIT', `no memory for ${length} bytes`, { file: this.name, offset }, { cause });
    }
    for (let at = 0; at < length;) {
      // One call reads less than 2 GiB.
      const { bytesRead } = await this.#handle.read(bytes, at, Math.min(length - at, 2 ** 30), offset + at);
      if (bytesRead === 0) throw shrunk(this.name, this.size, offset + at);
      at += bytesRead;
    }
    return bytes;
  }

  sibling(name: string, strict?: boolean): Promise<Source | undefined> {
    return this.#folder.open(name, strict);
  }

  siblings(): Promise<string[]> {
    return this.#folder.list();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** The sentences for what a file system refuses. */
const reasons = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'there is no such file: a part of its path is not a folder'],
  ['EISDIR', 'it is a folder, not a file'],
  ['EACCES', 'permission to read it is denied'],
  ['EPERM', 'permission to read it is denied'],
  ['ELOOP', 'its links lead in a circle'],
  ['ENAMETOOLONG', 'its name is longer than the file system allows'],
  ['EMFILE', 'too many files are open'],
  ['ENFILE', 'too many files are open'],
  ['EIO', 'the device failed while reading'],
]);

/** READ, with the sentence for a file system's error. */
export function unreadable(name: string, cause: unknown): BrineError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = reasons.get(code) ?? (cause instanceof Error ? cause.message : String(cause));
  return new BrineError('READ', reason, { file: name }, { cause });
}
