import { crc32 } from '../bytes/checksums.js';
import { ExpansionBudget } from '../bytes/expansion.js';
import { decompressRaw, type RawCodec } from '../bytes/raw.js';
import { BufferSource, type Source } from '../bytes/source.js';
import { BrineError } from '../errors.js';
import {
  HeaderReader,
  ID,
  mainOutput,
  readHeader,
  readStreams,
  type Folder,
  type Streams,
} from './sevenzip-headers.js';
import { x86Decode } from './x86-filter.js';

/**
 * 7-Zip archives (7zFormat.txt of the LZMA SDK, 9.20): chains of Copy, LZMA, LZMA2, Deflate, BZip2, Zstandard, Delta
 * and the x86 filter. Encrypted archives, PPMd and BCJ2 are refused by name.
 */
const SIGNATURE = [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c];
const SIGNATURE_HEADER = 32;

/** A header is compressed at most once by 7-Zip itself; more is an attack (CWE-409). */
const MAX_ENCODED = 4;
/** Headers of real archives are some kilobytes; this is 100,000 files with long names (CWE-789). */
const MAX_HEADER = 64 * 1024 * 1024;

/** Methods by their hexadecimal number. */
const codecs = new Map<string, RawCodec>([
  ['30101', 'lzma'],
  ['21', 'lzma2'],
  ['40108', 'deflate'],
  ['40202', 'bz2'],
  ['4f71101', 'zstd'],
]);

const filters = new Map<string, (bytes: Uint8Array, properties: Uint8Array) => Uint8Array>([
  ['0', (bytes) => bytes],
  ['3', deltaDecode],
  ['4', (bytes) => x86Decode(bytes)],
  ['3030103', (bytes) => x86Decode(bytes)],
]);

const AES = '6f10701';
const names = new Map([
  ['30401', 'PPMd'],
  ['303011b', 'BCJ2'],
  ['40109', 'Deflate64'],
]);

/** A member: a file with its content's place, or a folder. */
export interface SevenZipEntry {
  /** The name as written; it may hold anything, `..` too, and never becomes a path. */
  readonly name: string;
  readonly size: number;
  readonly isFolder: boolean;
  /** The content, its CRC-32 checked where the archive has one. @throws CORRUPT, UNSUPPORTED, TRUNCATED, LIMIT */
  open(): Promise<Source>;
}

export interface SevenZipArchive {
  readonly entries: readonly SevenZipEntry[];
  /** Bytes behind the archive's end, which 7-Zip ignores. */
  readonly trailing: number;
}

export function isSevenZip(head: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => head[i] === byte);
}

/**
 * Opens a 7-Zip archive: reads its headers. Files of one folder are decompressed together, when the first is asked
 * for; `budget` bounds what comes out.
 *
 * @throws TRUNCATED, CORRUPT, UNSUPPORTED, LIMIT.
 */
export async function openSevenZip(source: Source, budget = new ExpansionBudget()): Promise<SevenZipArchive> {
  if (source.size < SIGNATURE_HEADER)
    throw new BrineError('TRUNCATED', '7-Zip’s first header is cut', { file: source.name, offset: source.size });
  const start = await source.read(0, SIGNATURE_HEADER);
  if (!isSevenZip(start)) throw new BrineError('UNKNOWN_FORMAT', 'no 7-Zip archive', { file: source.name });
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  if (crc32(start, 12) !== view.getUint32(8, true))
    throw new BrineError('CORRUPT', 'a 7-Zip start header whose CRC-32 is wrong', { file: source.name, offset: 8 });
  const offset = SIGNATURE_HEADER + safe(view.getBigUint64(12, true));
  const size = safe(view.getBigUint64(20, true));
  if (size === 0) return { entries: [], trailing: source.size - SIGNATURE_HEADER };
  if (!(offset + size <= source.size)) {
    throw new BrineError(
      'TRUNCATED',
      `the 7-Zip header lies ${offset} to ${offset + size}, where the file has ${source.size} bytes: it was cut short`,
      { file: source.name, offset: source.size },
    );
  }
  if (size > MAX_HEADER) throw new BrineError('LIMIT', `a 7-Zip header of ${size} bytes (limit ${MAX_HEADER})`);
  let header = await source.read(offset, size);
  if (crc32(header) !== view.getUint32(28, true))
    throw new BrineError('CORRUPT', 'a 7-Zip header whose CRC-32 is wrong', { file: source.name, offset });
  for (let layers = 0; ; layers++) {
    const reader = new HeaderReader(header, source.name);
    const id = reader.byte();
    if (id === ID.header) {
      const { streams, files } = readHeader(reader);
      return { entries: entriesOf(source, streams, files, budget), trailing: source.size - offset - size };
    }
    if (id !== ID.encodedHeader) throw reader.corrupt(`id ${id}`);
    if (layers === MAX_ENCODED)
      throw new BrineError('LIMIT', `a 7-Zip header packed more than ${MAX_ENCODED} times`, { file: source.name });
    const packed = readStreams(reader);
    if (packed.folders.length !== 1) throw reader.corrupt('a packed header that is not one folder');
    header = await unpack(source, packed, 0, budget);
    const { crc } = packed.folders[0];
    if (crc !== undefined && crc32(header) !== crc) throw reader.corrupt('a packed header whose CRC-32 is wrong');
  }
}

function safe(value: bigint): number {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : Infinity;
}

function entriesOf(
  source: Source,
  streams: Streams,
  files: readonly { name: string; hasStream: boolean; isFolder: boolean }[],
  budget: ExpansionBudget,
): SevenZipEntry[] {
  /** The last folder's content: files are mostly asked for in order. */
  let current: { readonly folder: number; readonly bytes: Uint8Array } | undefined;
  const content = async (folder: number): Promise<Uint8Array> => {
    if (current?.folder !== folder) current = { folder, bytes: await unpack(source, streams, folder, budget) };
    return current.bytes;
  };
  let folder = 0;
  let part = 0;
  let at = 0;
  return files.map(({ name, hasStream, isFolder }) => {
    const full = `${source.name}:${name}`;
    if (!hasStream)
      return { name, size: 0, isFolder, open: () => Promise.resolve(new BufferSource(new Uint8Array(0), full)) };
    while (folder < streams.parts.length && part >= streams.parts[folder].length) {
      folder++;
      part = 0;
      at = 0;
    }
    const mine = streams.parts[folder]?.[part];
    if (mine === undefined)
      throw new BrineError('CORRUPT', `the 7-Zip member ${JSON.stringify(name)} has no content`, { file: source.name });
    const [inFolder, start] = [folder, at];
    part++;
    at += mine.size;
    return {
      name,
      size: mine.size,
      isFolder,
      open: async (): Promise<Source> => {
        const bytes = (await content(inFolder)).subarray(start, start + mine.size);
        if (mine.crc !== undefined && crc32(bytes) !== mine.crc)
          throw new BrineError('CORRUPT', 'content whose CRC-32 is not the one stored: it was damaged or changed', {
            file: full,
          });
        return new BufferSource(bytes, full);
      },
    };
  });
}

/** What comes out of a folder. */
async function unpack(source: Source, streams: Streams, index: number, budget: ExpansionBudget): Promise<Uint8Array> {
  const folder = streams.folders[index];
  let packStream = 0;
  for (let i = 0; i < index; i++) packStream += streams.folders[i].packed.length;
  let offset = SIGNATURE_HEADER + streams.packOffset;
  for (let i = 0; i < packStream; i++) offset += streams.packSizes[i] ?? Infinity;
  const size = streams.packSizes[packStream];
  if (size === undefined || !(offset + size <= source.size)) {
    throw new BrineError('TRUNCATED', `a 7-Zip folder of ${size ?? 'no'} bytes at ${offset} beyond the end`, {
      file: source.name,
      offset: source.size,
    });
  }
  const chain = chainOf(folder, source.name);
  if (size > budget.limits.member)
    throw new BrineError('LIMIT', `a 7-Zip folder of ${size} bytes (limit expansion of one member)`);
  let bytes = await source.read(offset, size);
  for (const { method, properties, size: out } of chain) {
    const name = `${source.name}, folder ${index}`;
    const codec = codecs.get(method);
    const filter = filters.get(method);
    if (codec !== undefined) bytes = decompressRaw(codec, bytes, { name, budget, properties, size: out });
    else if (filter !== undefined) bytes = filter(bytes, properties);
    else throw unread(method, '', source.name);
    if (bytes.length !== out) {
      throw new BrineError('CORRUPT', `a 7-Zip folder gives ${bytes.length} bytes where it announces ${out}`, {
        file: source.name,
        offset,
      });
    }
  }
  return bytes;
}

/** For a method that is not read here: what to do about it, in a sentence. */
function unread(method: string, how: string, file: string): BrineError {
  const what =
    method === AES
      ? 'its members are encrypted: unpack them with the password, and look at those'
      : `its members are packed with the 7-Zip method ${names.get(method) ?? method}${how}, which is not read here: unpack them with 7-Zip, and look at those`;
  return new BrineError('UNSUPPORTED', what, { file });
}

/** The coders in the order in which content passes through them, from packed to plain. */
function chainOf(folder: Folder, file: string): { method: string; properties: Uint8Array; size: number }[] {
  const { coders, bindings } = folder;
  const strange = coders.find(({ inputs, outputs }) => inputs !== 1 || outputs !== 1);
  if (strange !== undefined || folder.packed.length !== 1) {
    const { method } = strange ?? coders[0];
    throw unread(method, ' of several streams', file);
  }
  const chain: { method: string; properties: Uint8Array; size: number }[] = [];
  // With one stream in and out, stream and coder have the same number.
  let at: number | undefined = folder.packed[0];
  const last = mainOutput(folder);
  while (at !== undefined && at < coders.length && chain.length < coders.length) {
    chain.push({ method: coders[at].method, properties: coders[at].properties, size: folder.sizes[at] });
    if (at === last) return chain;
    const from: number = at;
    at = bindings.find(({ output }) => output === from)?.input;
  }
  throw new BrineError('CORRUPT', 'a 7-Zip folder whose coders form no chain', { file });
}

function deltaDecode(bytes: Uint8Array, properties: Uint8Array): Uint8Array {
  const distance = (properties[0] ?? 0) + 1;
  const out = bytes.slice();
  for (let i = distance; i < out.length; i++) out[i] = (out[i] + out[i - distance]) & 255;
  return out;
}
