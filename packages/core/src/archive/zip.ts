import { crc32 } from '../bytes/checksums.js';
import { type Codec, decompressBytes, inflatingBeside } from '../bytes/decompress.js';
import { Expected } from '../bytes/equal.js';
import { ExpansionBudget } from '../bytes/expansion.js';
import { SliceSource } from '../bytes/slice.js';
import { BufferSource, type Source } from '../bytes/source.js';
import { BrineError } from '../errors.js';
import { type CentralHeader, type LocalHeader, readCentral, readLocal, UNKNOWN_SIZE } from './zip-headers.js';

/** As many as a zip holds without Zip64: skops writes one for each word of a vocabulary that was limited. CWE-400. */
export const MAX_MEMBERS = 65_536;

const METHOD_STORED = 0;
const METHOD_DEFLATED = 8;
const METHOD_LZMA = 14;

/** Methods that are read, and the codec for each. */
const codecs = new Map<number, Codec>([
  [METHOD_DEFLATED, 'deflate'],
  [12, 'bz2'],
  [METHOD_LZMA, 'lzma'],
  [93, 'zstd'],
  [95, 'xz'],
]);

/** Methods that are not, by name. */
const methodNames = new Map([
  [1, 'shrink'],
  [6, 'implode'],
  [9, 'deflate64'],
  [96, 'JPEG'],
  [97, 'WavPack'],
  [98, 'PPMd'],
  [99, 'AES encryption'],
]);

const FLAG_ENCRYPTED = 1;
const FLAG_LZMA_END_MARK = 2;
const FLAG_DESCRIPTOR = 8;
const FLAG_PATCH = 32;
const FLAG_STRONG_ENCRYPTION = 64;
const MODE_KIND = 0o170000;
const MODE_LINK = 0o120000;

const NONE: readonly never[] = [];

/** Of what is stored, so many bytes are looked at together. */
const BLOCK = 1024 * 1024;

/** Where a member's bytes lie in the archive. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

/** In what the two headers of a member differ. */
export type Difference = 'name' | 'method' | 'encryption' | 'flags' | 'CRC-32' | 'size' | 'compressed size';

/**
 * One member of a zip archive, as the central directory tells. Where its local header tells otherwise, `warnings`
 * says so: programs differ in whom they believe, and attacks use that.
 */
export class ZipEntry {
  /** The name as written; it may hold anything, `..` too, and never becomes a path. */
  readonly name: string;
  /** Bytes once decompressed, as announced. */
  readonly size: number;
  readonly compressedSize: number;
  readonly method: number;
  readonly crc: number;
  get warnings(): readonly string[] {
    return this.#warnings ?? NONE;
  }
  /** What its local header tells otherwise. */
  get differences(): readonly Difference[] {
    return this.#differences ?? NONE;
  }
  /** Whether either header says that it is encrypted. */
  readonly isEncrypted: boolean;
  /** Whether it stands for a symbolic link: its content is the target. */
  readonly isLink: boolean;
  /** Its local header, if there is one. */
  readonly local: LocalHeader | undefined;
  /** Where its local header lies, and where its content ends. */
  readonly start: number;
  readonly end: number;
  readonly #source: Source;
  readonly #flags: number;
  readonly #offset: number;
  #problem: BrineError | undefined;
  // An archive may have 65,000 members, of which none has any.
  #warnings: string[] | undefined;
  #differences: Difference[] | undefined;

  /** @param local undefined where the bytes at the announced place are no local header. */
  constructor(source: Source, central: CentralHeader, local: LocalHeader | undefined, end: number) {
    this.#source = source;
    this.name = central.name;
    this.size = central.size;
    this.compressedSize = central.compressedSize;
    this.method = central.method;
    this.crc = central.crc;
    this.isEncrypted = ((central.flags | (local?.flags ?? 0)) & (FLAG_ENCRYPTED | FLAG_STRONG_ENCRYPTION)) !== 0;
    this.isLink = (central.mode & MODE_KIND) === MODE_LINK;
    this.local = local;
    this.#flags = central.flags;
    this.#offset = local?.dataOffset ?? 0;
    this.start = central.headerOffset;
    this.end = this.#offset + central.compressedSize;
    if (local === undefined) {
      this.refuse('CORRUPT', `no local header at byte ${central.headerOffset}`);
    } else {
      this.#compare(central, local);
      if (local.dataOffset + this.compressedSize > end) {
        this.refuse('CORRUPT', `${this.compressedSize} bytes at ${local.dataOffset} do not fit before byte ${end}`);
      }
    }
    if (central.flags & (FLAG_ENCRYPTED | FLAG_STRONG_ENCRYPTION)) {
      this.refuse('UNSUPPORTED', 'it is encrypted; decrypt the archive first');
    }
    if (central.flags & FLAG_PATCH) this.refuse('UNSUPPORTED', 'it is a patch to other data');
    if (central.method !== METHOD_STORED && !codecs.has(central.method)) {
      const method = methodNames.get(central.method);
      this.refuse('UNSUPPORTED', `compression method ${central.method}${method === undefined ? '' : ` (${method})`}`);
    }
    if (central.method === METHOD_STORED && this.size !== this.compressedSize) {
      this.refuse('CORRUPT', `stored as ${this.compressedSize} bytes, announced as ${this.size}`);
    }
  }

  /** Whether a data descriptor may follow its content. */
  get hasDescriptor(): boolean {
    return (this.#flags & FLAG_DESCRIPTOR) !== 0;
  }

  /** Whether it stands for a folder. */
  get isFolder(): boolean {
    return this.name.endsWith('/') && this.size === 0;
  }

  /** What is wrong with it, if it cannot be read. */
  get problem(): BrineError | undefined {
    return this.#problem;
  }

  /** Marks the member as one that cannot be read. The first reason stays. */
  refuse(code: 'CORRUPT' | 'UNSUPPORTED', reason: string): void {
    (this.#warnings ??= []).push(reason);
    this.#problem ??= new BrineError(code, `the member ${JSON.stringify(this.name)}: ${reason}`, {
      file: this.#source.name,
      offset: this.#offset,
    });
  }

  /** Where a stored member's bytes lie in the archive; undefined for a compressed one. Its CRC is not checked. */
  range(): Range | undefined {
    if (this.#problem !== undefined) throw this.#problem;
    return this.method === METHOD_STORED ? { offset: this.#offset, length: this.compressedSize } : undefined;
  }

  /** The content, its size and CRC-32 checked. @throws CORRUPT, UNSUPPORTED, LIMIT */
  async read(budget = new ExpansionBudget()): Promise<Uint8Array> {
    if (this.#problem !== undefined) throw this.#problem;
    return this.#content(await this.#source.read(this.#offset, this.compressedSize), budget);
  }

  /** The same for who makes something else of it at once: it is good until the next look into the archive. */
  glance(budget = new ExpansionBudget()): Uint8Array | Promise<Uint8Array> {
    if (this.#problem !== undefined) throw this.#problem;
    const bytes = this.#source.glance?.(this.#offset, this.compressedSize);
    return bytes ? this.#content(bytes, budget) : this.read(budget);
  }

  /** Has its bytes in memory from now on, where the archive itself is in memory or becomes so page by page. */
  hold(): void {
    if (this.#problem === undefined && this.#source instanceof BufferSource)
      this.#source.view(this.#offset, this.compressedSize);
  }

  /** What `read` gives, without waiting, of an archive in memory. @throws BAD_ARGUMENT of any other. */
  readNow(budget: ExpansionBudget): Uint8Array {
    if (this.#problem !== undefined) throw this.#problem;
    if (!(this.#source instanceof BufferSource))
      throw new BrineError('BAD_ARGUMENT', 'an archive that is not in memory can only be waited for');
    return this.#content(this.#source.view(this.#offset, this.compressedSize), budget);
  }

  /** What its content is expected to be, in pieces; readers may take it in its place where `isAsExpected` is asked, too. */
  expected: readonly Uint8Array[] | undefined;

  /**
   * Whether its content is what is expected, with the CRC-32 that is stored. It is looked through piece by piece, on
   * another thread where there is one, and not kept.
   *
   * @throws CORRUPT, UNSUPPORTED, LIMIT for what cannot be read
   */
  async isAsExpected(): Promise<boolean> {
    if (this.#problem !== undefined) throw this.#problem;
    const expected = new Expected(this.expected ?? []);
    let crc = 0;
    const isNext = (bytes: Uint8Array): boolean => {
      if (!expected.next(bytes)) return false;
      crc = crc32(bytes, 0, bytes.length, crc);
      return true;
    };
    return (await this.#lookThrough(isNext)) && expected.isOver && crc === this.crc;
  }

  /** Hands on its content until `each` answers false; true if it never did. */
  async #lookThrough(each: (bytes: Uint8Array) => boolean): Promise<boolean> {
    const inflate = inflatingBeside();
    if (this.method === METHOD_DEFLATED && inflate)
      return inflate(await this.#source.read(this.#offset, this.compressedSize), each);
    if (this.method !== METHOD_STORED) return each(await this.read());
    for (let at = 0; at < this.size; at += BLOCK) {
      if (!each(await this.#source.read(this.#offset + at, Math.min(BLOCK, this.size - at)))) return false;
    }
    return true;
  }

  #content(stored: Uint8Array, budget: ExpansionBudget): Uint8Array {
    const name = `${this.#source.name}:${this.name}`;
    const codec = codecs.get(this.method);
    const bytes =
      codec === undefined
        ? stored
        : decompressBytes(codec, codec === 'lzma' ? this.#lzmaAlone(stored) : stored, name, budget, this.size);
    if (bytes.length !== this.size) {
      throw new BrineError('CORRUPT', `${bytes.length} bytes of content, where ${this.size} are announced`, {
        file: name,
      });
    }
    if (crc32(bytes) !== this.crc) {
      throw new BrineError('CORRUPT', 'content whose CRC-32 is not the one stored: it was damaged or changed', {
        file: name,
      });
    }
    return bytes;
  }

  /** The content as a source: a range of the archive where it is stored, else the bytes in memory. */
  async open(budget?: ExpansionBudget): Promise<Source> {
    const range = this.range();
    const name = `${this.#source.name}:${this.name}`;
    if (range === undefined) return new BufferSource(await this.read(budget), name);
    return new SliceSource(this.#source, range.offset, range.length, name);
  }

  #compare(central: CentralHeader, local: LocalHeader): void {
    const differ = (what: Difference, here: number | string, there: number | string): void => {
      if (here === there) return;
      (this.#differences ??= []).push(what);
      (this.#warnings ??= []).push(
        `the ${what} ${what === 'flags' ? 'are' : 'is'} ${here} in the directory, but ${there} in the local header`,
      );
    };
    if (central.name !== local.name) differ('name', JSON.stringify(central.name), JSON.stringify(local.name));
    differ('method', central.method, local.method);
    differ('flags', central.flags, local.flags);
    if ((central.flags ^ local.flags) & (FLAG_ENCRYPTED | FLAG_STRONG_ENCRYPTION))
      (this.#differences ??= []).push('encryption');
    if (local.flags & FLAG_DESCRIPTOR) return;
    differ('CRC-32', central.crc, local.crc);
    if (local.size !== UNKNOWN_SIZE) differ('size', central.size, local.size);
    if (local.compressedSize !== UNKNOWN_SIZE) differ('compressed size', central.compressedSize, local.compressedSize);
  }

  /** A zip's LZMA member (version, size of properties, properties, data) with the header of a .lzma file. */
  #lzmaAlone(stored: Uint8Array): Uint8Array {
    if (stored.length < 9 || stored[2] !== 5 || stored[3] !== 0) {
      throw new BrineError('CORRUPT', 'LZMA properties that are not 5 bytes', {
        file: `${this.#source.name}:${this.name}`,
      });
    }
    const bytes = new Uint8Array(stored.length + 4);
    bytes.set(stored.subarray(4, 9));
    const size = this.#flags & FLAG_LZMA_END_MARK ? 0xffffffffffffffffn : BigInt(this.size);
    new DataView(bytes.buffer).setBigUint64(5, size, true);
    bytes.set(stored.subarray(9), 13);
    return bytes;
  }
}

/** A zip archive, read by its central directory. */
export interface ZipArchive {
  /** In the directory's order. Names may repeat; `get` answers the last, as Python does. */
  readonly entries: readonly ZipEntry[];
  readonly comment: string;
  /** Bytes before the archive: a program that unpacks itself, or something to hide. */
  readonly prefix: number;
  /** Bytes between members that belong to none of them. */
  readonly unclaimed: readonly Range[];
  /** Where the archive ends; what follows is no part of it. */
  readonly end: number;
  /** What is odd about the archive as a whole. */
  readonly warnings: readonly string[];
  /** Why another program may find other members in it. */
  readonly ambiguities: readonly string[];
  /** Names that more than one member has. */
  readonly repeated: readonly string[];
  get(name: string): ZipEntry | undefined;
}

/** A data descriptor after a member: CRC and sizes, with or without its signature, in 32 or 64 bits. */
const DESCRIPTOR_MAX = 24;

/**
 * Opens a zip archive: reads its directory and every local header, no content.
 *
 * @throws TRUNCATED where no directory is found, CORRUPT, LIMIT beyond 65,536 members.
 */
export async function openZip(source: Source): Promise<ZipArchive> {
  const before = opened.get(source);
  if (before !== undefined) return before;
  const archive = await readZip(source);
  opened.set(source, archive);
  return archive;
}

/** Whoever identifies an archive opens it, and so does whoever reads it then. */
const opened = new WeakMap<Source, ZipArchive>();

async function readZip(source: Source): Promise<ZipArchive> {
  const directory = await readCentral(source, MAX_MEMBERS);
  const warnings = [...directory.warnings];
  const repeated: string[] = [];
  const byName = new Map<string, ZipEntry>();
  const entries: ZipEntry[] = [];
  for (const header of directory.headers) {
    const found = readLocal(source, header.headerOffset, directory.start, header.name);
    const local = found instanceof Promise ? await found : found;
    const entry = new ZipEntry(source, header, local, directory.start);
    entries.push(entry);
    if (byName.has(entry.name)) {
      repeated.push(entry.name);
      warnings.push(`the name ${JSON.stringify(entry.name)} occurs more than once`);
    }
    byName.set(entry.name, entry);
  }
  // Overlapping members are how a zip bomb gets past the ratio (CWE-409), and how two readers see two files.
  const unclaimed: Range[] = [];
  const spans = entries.filter(({ local }) => local !== undefined);
  spans.sort((a, b) => a.start - b.start);
  let end = directory.prefix;
  let slack = 0;
  let previous: ZipEntry | undefined;
  const claim = (start: number): void => {
    if (start - end > slack) unclaimed.push({ offset: end, length: start - end });
  };
  for (const span of spans) {
    if (span.start < end && previous !== undefined) {
      span.refuse('CORRUPT', `it overlaps with ${JSON.stringify(previous.name)}`);
      previous.refuse('CORRUPT', `it overlaps with ${JSON.stringify(span.name)}`);
    }
    claim(span.start);
    if (span.end >= end) {
      end = span.end;
      slack = span.hasDescriptor ? DESCRIPTOR_MAX : 0;
      previous = span;
    }
  }
  claim(directory.start);
  return {
    entries,
    comment: directory.comment,
    prefix: directory.prefix,
    end: directory.end,
    unclaimed,
    warnings,
    ambiguities: directory.ambiguities,
    repeated,
    get: (name) => byName.get(name),
  };
}
