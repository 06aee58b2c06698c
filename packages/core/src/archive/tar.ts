import { SliceSource } from '../bytes/slice.js';
import type { Source } from '../bytes/source.js';
import { BrineError } from '../errors.js';
import type { Range } from './zip.js';

/** No model's archive has more members (CWE-400). */
const MAX_MEMBERS = 100_000;
/** A long name or a pax header is read into memory; real ones are a few hundred bytes (CWE-789). */
const MAX_HEADER = 1024 * 1024;

const BLOCK = 512;

export type TarType = 'file' | 'folder' | 'symlink' | 'hardlink' | 'device' | 'fifo' | 'sparse' | 'other';

const types = new Map<string, TarType>([
  ['0', 'file'],
  ['\0', 'file'],
  ['7', 'file'],
  ['1', 'hardlink'],
  ['2', 'symlink'],
  ['3', 'device'],
  ['4', 'device'],
  ['5', 'folder'],
  ['6', 'fifo'],
  ['S', 'sparse'],
]);

/** One member of a tar archive. Links are told, never followed. */
export class TarEntry {
  /** The name as written; it may hold anything, `..` too, and never becomes a path. */
  readonly name: string;
  readonly type: TarType;
  /** Bytes of content. */
  readonly size: number;
  /** What a link points to, else ''. */
  readonly target: string;
  readonly #source: Source;
  readonly #offset: number;

  constructor(source: Source, offset: number, header: { name: string; type: TarType; size: number; target: string }) {
    this.#source = source;
    this.#offset = offset;
    this.name = header.name;
    this.type = header.type;
    this.size = header.size;
    this.target = header.target;
  }

  /** Where its bytes lie in the archive. @throws UNSUPPORTED for what is no plain file. */
  range(): Range {
    if (this.type !== 'file') {
      throw new BrineError('UNSUPPORTED', `the member ${JSON.stringify(this.name)} is a ${this.type}, not a file`, {
        file: this.#source.name,
        offset: this.#offset,
      });
    }
    return { offset: this.#offset, length: this.size };
  }

  async read(): Promise<Uint8Array> {
    const { offset, length } = this.range();
    return this.#source.read(offset, length);
  }

  /** The content as a source; nothing is copied. */
  open(): Source {
    const { offset, length } = this.range();
    return new SliceSource(this.#source, offset, length, `${this.#source.name}:${this.name}`);
  }
}

/** A tar archive: ustar, GNU (long names, big numbers) or pax. */
export interface TarArchive {
  readonly entries: readonly TarEntry[];
  /** Where the archive ends: at its block of zeros, or at the end of the source. */
  readonly end: number;
  /** Whether a block of zeros marks the end, as it must. */
  readonly isMarked: boolean;
  /** What is wrong behind the last entry, where `partial` was asked for. */
  readonly problem?: BrineError;
  /** The last member of that name, as Python answers. */
  get(name: string): TarEntry | undefined;
}

/** Whether a header's checksum holds; `head` begins with the header. */
export function isTar(head: Uint8Array): boolean {
  if (head.length < BLOCK || head[0] === 0) return false;
  const stored = octal(head, 148, 8);
  let unsigned = 0;
  let signed = 0;
  for (let i = 0; i < BLOCK; i++) {
    const byte = i >= 148 && i < 156 ? 32 : head[i];
    unsigned += byte;
    // Some old writers summed signed characters.
    signed += byte > 127 ? byte - 256 : byte;
  }
  return stored !== undefined && (stored === unsigned || stored === signed);
}

/**
 * Opens a tar archive: walks its headers, reads no content.
 *
 * @param partial answer the members before what is damaged, and the problem, instead of throwing it.
 * @throws TRUNCATED, CORRUPT; LIMIT beyond 100,000 members.
 */
export async function openTar(source: Source, partial = false): Promise<TarArchive> {
  const entries: TarEntry[] = [];
  let end = 0;
  let isMarked = false;
  let problem: BrineError | undefined;
  try {
    ({ end, isMarked } = await readEntries(source, entries));
  } catch (error) {
    if (!partial || !(error instanceof BrineError) || error.code === 'READ') throw error;
    problem = error;
    end = source.size;
  }
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  return { entries, end, isMarked, ...(problem === undefined ? {} : { problem }), get: (name) => byName.get(name) };
}

/** Adds the members to `entries`; answers where the archive ends. */
async function readEntries(source: Source, entries: TarEntry[]): Promise<{ end: number; isMarked: boolean }> {
  /** What extended headers say about the next member, and about all that follow. */
  let next = new Map<string, string>();
  const always = new Map<string, string>();
  let at = 0;
  while (at + BLOCK <= source.size) {
    const header = await source.read(at, BLOCK);
    // Zeros mark the end; what follows is padding.
    if (header.every((byte) => byte === 0)) return { end: at, isMarked: true };
    if (!isTar(header))
      throw new BrineError('CORRUPT', 'no tar header where one must be', { file: source.name, offset: at });
    const type = String.fromCharCode(header[156]);
    const extended = (key: string): string | undefined => next.get(key) ?? always.get(key);
    const paxSize = extended('size');
    const size = paxSize === undefined ? octal(header, 124, 12) : decimal(paxSize);
    const content = at + BLOCK;
    // Links and folders have no content, whatever their size says.
    const length = '123456'.includes(type) ? 0 : size;
    if (length === undefined) {
      throw new BrineError('CORRUPT', 'a tar member without a size', { file: source.name, offset: at });
    }
    if (!(content + length <= source.size)) {
      throw new BrineError('TRUNCATED', `a tar member of ${length} bytes, where ${source.size - content} are left`, {
        file: source.name,
        offset: at,
      });
    }
    if ('xgLKX'.includes(type)) {
      if (length > MAX_HEADER) {
        throw new BrineError('LIMIT', `a tar header of ${length} bytes (limit ${MAX_HEADER})`, {
          file: source.name,
          offset: at,
        });
      }
      const bytes = await source.read(content, length);
      if (type === 'L') next.set('path', text(bytes, 0, length));
      else if (type === 'K') next.set('linkpath', text(bytes, 0, length));
      else
        for (const [key, value] of paxRecords(source, content, bytes)) (type === 'g' ? always : next).set(key, value);
    } else {
      if (entries.length >= MAX_MEMBERS) {
        throw new BrineError('LIMIT', `a tar archive with more than ${MAX_MEMBERS} members`, { file: source.name });
      }
      const sparse = [...next.keys()].some((key) => key.startsWith('GNU.sparse'));
      const name = extended('path') ?? ustarName(header);
      const entry = new TarEntry(source, content, {
        // Folders may end in a slash or not, as their writer liked.
        name: type === '5' ? name.replace(/\/+$/, '') : name,
        type: sparse ? 'sparse' : (types.get(type) ?? 'other'),
        size: length,
        target: extended('linkpath') ?? text(header, 157, 100),
      });
      entries.push(entry);
      next = new Map();
    }
    at = content + BLOCK * Math.ceil(length / BLOCK);
  }
  return { end: Math.min(at, source.size), isMarked: false };
}

/** A text field up to its first NUL. */
function text(bytes: Uint8Array, start: number, length: number): string {
  const field = bytes.subarray(start, start + length);
  const nul = field.indexOf(0);
  return new TextDecoder().decode(nul < 0 ? field : field.subarray(0, nul));
}

/** The name, with the prefix that POSIX headers may have (GNU uses the place for other things). */
function ustarName(header: Uint8Array): string {
  const name = text(header, 0, 100);
  const posix = text(header, 257, 6) === 'ustar';
  const prefix = posix ? text(header, 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** An octal field, or GNU's base 256 where the first bit is set; undefined where it is neither. */
function octal(bytes: Uint8Array, start: number, length: number): number | undefined {
  if (bytes[start] === 0x80) {
    let value = 0;
    for (let i = start + 1; i < start + length; i++) value = value * 256 + bytes[i];
    return value <= Number.MAX_SAFE_INTEGER ? value : undefined;
  }
  const digits = text(bytes, start, length).trim();
  return /^[0-7]+$/.test(digits) ? parseInt(digits, 8) : undefined;
}

function decimal(digits: string): number | undefined {
  return /^\d{1,15}$/.test(digits) ? parseInt(digits, 10) : undefined;
}

/** The records `LENGTH KEY=VALUE\n` of a pax header. */
function paxRecords(source: Source, offset: number, bytes: Uint8Array): [string, string][] {
  const records: [string, string][] = [];
  const decoder = new TextDecoder();
  for (let at = 0; at < bytes.length;) {
    if (bytes[at] === 0) break;
    const blank = bytes.indexOf(0x20, at);
    const length = blank < 0 || blank - at > 8 ? undefined : decimal(decoder.decode(bytes.subarray(at, blank)));
    const equals = bytes.indexOf(0x3d, at);
    if (length === undefined || at + length > bytes.length || equals < blank || equals >= at + length) {
      throw new BrineError('CORRUPT', 'a pax header that is not well formed', {
        file: source.name,
        offset: offset + at,
      });
    }
    records.push([
      decoder.decode(bytes.subarray(blank + 1, equals)),
      decoder.decode(bytes.subarray(equals + 1, at + length - 1)),
    ]);
    at += length;
  }
  return records;
}
