import { BrineError } from '@brine/core/bytes';
import { createReadStream, unlinkSync, writeSync, writevSync } from 'node:fs';
import { type FileHandle, mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hiddenBeside } from './hidden.js';

/**
 * Where results go. A file comes into being whole, at `finish`: until then its bytes are in a hidden file beside
 * it. After `abort`, a failure or an interrupt nothing is left.
 */
export interface Output {
  readonly name: string;
  /** The reader has gone away (a closed pipe): what is written from now on is dropped. */
  readonly closed: boolean;
  write(bytes: Uint8Array | string): Promise<void>;
  /** Overwrites bytes that were written before; only where `patchable` was asked for. */
  patch(position: number, bytes: Uint8Array): Promise<void>;
  /** Where the bytes so far can be read, all of them; undefined for what has gone out already. */
  written(): Promise<string | undefined>;
  finish(): Promise<void>;
  abort(): Promise<void>;
}

/** Text is gathered to this size before it is written. */
const BUFFER_BYTES = 256 * 1024;

/**
 * Opens a target. `-` is standard output; devices and named pipes are written as they are.
 *
 * @param patchable whether bytes already written may change; what cannot be patched is then held in a temporary file
 * @throws WRITE where the folder does not exist or cannot be written
 */
export async function openOutput(
  path: string,
  patchable = false,
  stdout: NodeJS.WritableStream = process.stdout,
): Promise<Output> {
  if (path === '-')
    return patchable
      ? copiedLater(new StreamOutput(stdout, 'standard output'))
      : new StreamOutput(stdout, 'standard output');
  const target = await stat(path).catch(() => undefined);
  if (target?.isDirectory() === true) throw new BrineError('WRITE', 'the target is a folder', { file: path });
  if (target !== undefined && !target.isFile()) {
    const device = new StreamOutput((await opened(path, 'w', path)).createWriteStream(), path);
    return patchable ? copiedLater(device) : device;
  }
  const hidden = hiddenBeside(path);
  const handle = await opened(hidden, 'wx', path);
  // Who could not read what is replaced cannot read what replaces it; some file systems know no such rights.
  if (target !== undefined) await handle.chmod(target.mode & 0o777).catch(() => undefined);
  return new FileOutput(handle, hidden, path, () => rename(hidden, path));
}

async function copiedLater(target: Output): Promise<Output> {
  const folder = await mkdtemp(join(tmpdir(), 'brine-'));
  const hidden = join(folder, 'output');
  const handle = await opened(hidden, 'wx', target.name);
  return new FileOutput(handle, hidden, target.name, async () => {
    for await (const chunk of createReadStream(hidden)) await target.write(chunk as Uint8Array);
    await target.finish();
    await rm(folder, { recursive: true, force: true });
  });
}

async function opened(path: string, flags: string, name: string): Promise<FileHandle> {
  try {
    return await open(path, flags);
  } catch (error) {
    throw unwritable(name, error);
  }
}

/**
 * Writes all of `parts` at `position`, as they lie in memory; answers how many bytes that was. At once: the system takes
 * a block in a fraction of the time that it takes to ask another thread for it.
 */
function writeAll(fd: number, parts: readonly Uint8Array[], position: number): number {
  const written = writevSync(fd, parts, position);
  let [end, rest] = [0, written];
  for (const part of parts) {
    const there = Math.min(rest, part.length);
    rest -= there;
    // A disk that fills up takes a part of what it is given, and says why when it is given the rest.
    for (let at = there; at < part.length;) at += writeSync(fd, part, at, part.length - at, position + end + at);
    end += part.length;
  }
  return end;
}

class FileOutput implements Output {
  readonly name: string;
  readonly closed = false;
  readonly #handle: FileHandle;
  readonly #hidden: string;
  readonly #deliver: () => Promise<void>;
  readonly #unlink: () => void;
  readonly #forget: () => void;
  #parts: Uint8Array[] = [];
  #held = 0;
  #position = 0;
  #done = false;

  constructor(handle: FileHandle, hidden: string, name: string, deliver: () => Promise<void>) {
    this.#handle = handle;
    this.#hidden = hidden;
    this.name = name;
    this.#deliver = deliver;
    this.#unlink = () => {
      try {
        unlinkSync(hidden);
      } catch {
        // It is not there any more.
      }
    };
    this.#forget = onInterrupt(this.#unlink);
  }

  async write(bytes: Uint8Array | string): Promise<void> {
    const chunk = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    this.#parts.push(chunk);
    this.#held += chunk.length;
    if (this.#held >= BUFFER_BYTES) await this.#flush();
  }

  async patch(position: number, bytes: Uint8Array): Promise<void> {
    await this.#flush();
    await this.#guard(async () => {
      await this.#handle.write(bytes, 0, bytes.length, position);
    });
  }

  async written(): Promise<string> {
    await this.#flush();
    return this.#hidden;
  }

  async finish(): Promise<void> {
    await this.#flush();
    await this.#guard(async () => {
      await this.#handle.close();
      await this.#deliver();
    });
    this.#settle();
  }

  async abort(): Promise<void> {
    if (this.#done) return;
    await this.#handle.close().catch(() => undefined);
    this.#unlink();
    this.#settle();
  }

  async #flush(): Promise<void> {
    if (this.#held === 0) return;
    const parts = this.#parts;
    this.#parts = [];
    this.#held = 0;
    await this.#guard(() => {
      this.#position += writeAll(this.#handle.fd, parts, this.#position);
    });
  }

  async #guard(work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.abort();
      throw error instanceof BrineError ? error : unwritable(this.name, error);
    }
  }

  #settle(): void {
    this.#done = true;
    this.#forget();
  }
}

class StreamOutput implements Output {
  readonly name: string;
  readonly #stream: NodeJS.WritableStream;
  #failure: unknown;
  #broken = false;

  constructor(stream: NodeJS.WritableStream, name: string) {
    this.#stream = stream;
    this.name = name;
    stream.on('error', this.#onError);
  }

  get closed(): boolean {
    return this.#broken;
  }

  async write(bytes: Uint8Array | string): Promise<void> {
    if (this.#failure !== undefined) throw unwritable(this.name, this.#failure);
    if (this.#broken || bytes.length === 0) return;
    await new Promise<void>((done) => {
      // The callback comes once the bytes are on their way, with an error or without.
      this.#stream.write(bytes, () => {
        done();
      });
    });
    if (this.#failure !== undefined) throw unwritable(this.name, this.#failure);
  }

  patch(): Promise<void> {
    return Promise.reject(new BrineError('WRITE', 'a stream cannot be written twice', { file: this.name }));
  }

  written(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  finish(): Promise<void> {
    this.#release();
    return this.#failure === undefined ? Promise.resolve() : Promise.reject(unwritable(this.name, this.#failure));
  }

  abort(): Promise<void> {
    this.#release();
    return Promise.resolve();
  }

  /** Standard output stays open; a device is closed. A late EPIPE must still find someone who listens. */
  #release(): void {
    if (this.#stream !== process.stdout) this.#stream.end();
  }

  readonly #onError = (error: unknown): void => {
    // `brine … | head` is no failure.
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') this.#broken = true;
    else this.#failure ??= error;
  };
}

/** What removes the files that are being written, should the process end before them. */
const unfinished = new Set<() => void>();
let watching = false;

/** Has `remove` called should the process end before the answer to this is. */
export function onInterrupt(remove: () => void): () => void {
  unfinished.add(remove);
  watchInterrupts();
  return () => {
    unfinished.delete(remove);
  };
}

function watchInterrupts(): void {
  if (watching) return;
  watching = true;
  const clean = (): void => {
    for (const remove of unfinished) remove();
  };
  process.on('exit', clean);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      clean();
      // With its only listener gone, the signal does what it does.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    });
  }
}

const reasons = new Map([
  ['ENOENT', 'its folder does not exist'],
  ['ENOTDIR', 'a part of its path is not a folder'],
  ['EACCES', 'permission to write there is denied'],
  ['EPERM', 'permission to write there is denied'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk quota is used up'],
  ['EFBIG', 'the file system allows no file of that size'],
  ['EIO', 'the device failed while writing'],
]);

/** WRITE, with the sentence for a file system's error. */
export function unwritable(file: string, cause: unknown): BrineError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = reasons.get(code) ?? (cause instanceof Error ? cause.message : String(cause));
  return new BrineError('WRITE', `the result cannot be written: ${reason}`, { file }, { cause });
}
