import { crc32 } from '../bytes/checksums.js';
import { compressBytes } from '../bytes/compress.js';

/** One file of an archive to be written. */
export interface ZipMember {
  /** With `/` between folders. */
  readonly name: string;
  /** Its bytes; asked for once, when its turn comes, and let go afterwards. */
  load(): Uint8Array | Promise<Uint8Array>;
  /** How hard to deflate it, from 1 to 9; undefined stores it as it is. */
  readonly level?: number | undefined;
}

/** Deflated only where that saves a tenth at least: what is stored is read without work, and can be mapped. */
const WORTH = 0.9;
/** What is smaller than this is not worth two headers' weight of work. */
const SMALL = 64;

const LIMIT_32 = 0xffffffff;
const LIMIT_16 = 0xffff;

interface Entry {
  readonly name: Uint8Array;
  readonly size: number;
  readonly packed: number;
  readonly crc: number;
  readonly deflated: boolean;
  readonly position: number;
}

/**
 * A zip archive (APPNOTE 6.3.9), member by member; Zip64 fields only where they are needed. Every member is dated
 * 1980-01-01, so that the same members give the same bytes.
 */
export async function* zipArchive(members: Iterable<ZipMember>): AsyncGenerator<Uint8Array> {
  const entries: Entry[] = [];
  let position = 0;
  for (const member of members) {
    const content = await member.load();
    let packed = content;
    if (member.level !== undefined && content.length >= SMALL) {
      const deflated = await compressBytes('deflate', content, { level: member.level });
      if (deflated.length < content.length * WORTH) packed = deflated;
    }
    const entry: Entry = {
      name: new TextEncoder().encode(member.name),
      size: content.length,
      packed: packed.length,
      crc: crc32(content),
      deflated: packed !== content,
      position,
    };
    const header = localHeader(entry);
    yield header;
    yield packed;
    entries.push(entry);
    position += header.length + packed.length;
  }
  const directory = entries.map(centralHeader);
  const size = directory.reduce((sum, header) => sum + header.length, 0);
  yield* directory;
  yield endOfDirectory(entries.length, size, position);
}

/** Little-endian fields, one after the other: `[width, value]`. */
function fields(...list: readonly (readonly [width: 2 | 4 | 8, value: number])[]): Uint8Array {
  const out = new Uint8Array(list.reduce((sum, [width]) => sum + width, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [width, value] of list) {
    if (width === 2) view.setUint16(at, value, true);
    else if (width === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += width;
  }
  return out;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const isLarge = (entry: Entry): boolean => Math.max(entry.size, entry.packed) >= LIMIT_32;

/** Version needed, flags (UTF-8 names), method, time, date, CRC and sizes: the same in both headers. */
function common(entry: Entry, wide: boolean): Uint8Array {
  const size = (n: number): number => (isLarge(entry) ? LIMIT_32 : n);
  return fields(
    [2, wide ? 45 : 20],
    [2, 0x0800],
    [2, entry.deflated ? 8 : 0],
    [2, 0],
    [2, 0x21],
    [4, entry.crc],
    [4, size(entry.packed)],
    [4, size(entry.size)],
    [2, entry.name.length],
  );
}

function localHeader(entry: Entry): Uint8Array {
  const large = isLarge(entry);
  const extra = large ? fields([2, 1], [2, 16], [8, entry.size], [8, entry.packed]) : new Uint8Array(0);
  return join(fields([4, 0x04034b50]), common(entry, large), fields([2, extra.length]), entry.name, extra);
}

function centralHeader(entry: Entry): Uint8Array {
  const far = entry.position >= LIMIT_32;
  const wide: [8, number][] = [];
  if (isLarge(entry)) wide.push([8, entry.size], [8, entry.packed]);
  if (far) wide.push([8, entry.position]);
  const extra = wide.length > 0 ? fields([2, 1], [2, 8 * wide.length], ...wide) : new Uint8Array(0);
  return join(
    fields([4, 0x02014b50], [2, wide.length > 0 ? 45 : 20]),
    common(entry, wide.length > 0),
    // Extra, comment, disk, internal and external attributes, position.
    fields([2, extra.length], [2, 0], [2, 0], [2, 0], [4, 0], [4, far ? LIMIT_32 : entry.position]),
    entry.name,
    extra,
  );
}

function endOfDirectory(count: number, size: number, position: number): Uint8Array {
  const wide = count >= LIMIT_16 || position >= LIMIT_32 || size >= LIMIT_32;
  const n = Math.min(count, LIMIT_16);
  const end = fields(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, n],
    [2, n],
    [4, Math.min(size, LIMIT_32)],
    [4, Math.min(position, LIMIT_32)],
    [2, 0],
  );
  if (!wide) return end;
  const record = fields(
    [4, 0x06064b50],
    [8, 44],
    [2, 45],
    [2, 45],
    [4, 0],
    [4, 0],
    [8, count],
    [8, count],
    [8, size],
    [8, position],
  );
  return join(record, fields([4, 0x07064b50], [4, 0], [8, position + size], [4, 1]), end);
}
