import { BrineError, BufferSource, type Source } from '@brine/core/bytes';
import { closeSync, fstatSync, openSync, type Stats } from 'node:fs';
import { readFully, unreadable } from './file.js';
import { Folder } from './folder.js';

/** Bytes that are read together. */
const PAGE = 64 * 1024;
/** Room for what is only glanced at. One that needs more gets memory of its own. */
const ROOM = 4 * 1024 * 1024;

let room: Uint8Array | undefined;

/**
 * A file in memory of which a page is read when somebody looks at it: of an archive that holds a large text, which is
 * made into something else, the pages of that text need no memory of their own. No descriptor stays open; a file that
 * changed in between is refused.
 */
export class PagedFile extends BufferSource {
  readonly #memory: Uint8Array;
  readonly #stats: Pick<Stats, 'ino' | 'dev' | 'size' | 'mtimeMs'>;
  readonly #folder: Folder;
  /** Pages that have been read; undefined once all have. */
  #pages: Uint8Array | undefined;

  /** @param stats those of the file as it was opened first */
  constructor(stats: Pick<Stats, 'ino' | 'dev' | 'size' | 'mtimeMs'>, name: string) {
    // Not filled with zeros: nobody is given a page that has not been read.
    const memory = new Uint8Array(Buffer.allocUnsafeSlow(stats.size).buffer);
    super(memory, name);
    this.#memory = memory;
    this.#stats = stats;
    this.#folder = new Folder(name);
    this.#pages = new Uint8Array(Math.ceil(stats.size / PAGE));
  }

  override get bytes(): Uint8Array {
    this.#need(0, this.size);
    this.#pages = undefined;
    return this.#memory;
  }

  override view(offset: number, length: number): Uint8Array {
    const view = super.view(offset, length);
    this.#need(offset, offset + length);
    return view;
  }

  glance(offset: number, length: number): Uint8Array {
    const view = super.view(offset, length);
    if (this.#missing(offset, offset + length) === undefined) return view;
    if (length > ROOM) return this.view(offset, length);
    room ??= new Uint8Array(ROOM);
    const bytes = room.subarray(0, length);
    this.#fill(bytes, offset);
    return bytes;
  }

  sibling(name: string, strict?: boolean): Promise<Source | undefined> {
    return this.#folder.open(name, strict);
  }

  siblings(): Promise<string[]> {
    return this.#folder.list();
  }

  /** The first and last page of `from` … `to` that have not been read. */
  #missing(from: number, to: number): readonly [first: number, last: number] | undefined {
    const pages = this.#pages;
    if (!pages || from === to) return undefined;
    let [first, last] = [Math.floor(from / PAGE), Math.ceil(to / PAGE) - 1];
    while (first <= last && pages[first] === 1) first++;
    while (last > first && pages[last] === 1) last--;
    return first <= last ? [first, last] : undefined;
  }

  #need(from: number, to: number): void {
    const missing = this.#missing(from, to);
    if (!missing) return;
    const [first, last] = missing;
    const start = first * PAGE;
    this.#fill(this.#memory.subarray(start, Math.min((last + 1) * PAGE, this.size)), start);
    this.#pages!.fill(1, first, last + 1);
  }

  #fill(bytes: Uint8Array, offset: number): void {
    try {
      const fd = openSync(this.name, 'r');
      try {
        this.#read(fd, bytes, offset);
      } finally {
        closeSync(fd);
      }
    } catch (error) {
      throw error instanceof BrineError ? error : unreadable(this.name, error);
    }
  }

  #read(fd: number, bytes: Uint8Array, offset: number): void {
    const { ino, dev, size, mtimeMs } = fstatSync(fd);
    const before = this.#stats;
    if (ino !== before.ino || dev !== before.dev || size !== before.size || mtimeMs !== before.mtimeMs)
      throw new BrineError('READ', 'the file was changed while it was being read: open it again', { file: this.name });
    readFully(fd, bytes, offset, this);
  }
}
