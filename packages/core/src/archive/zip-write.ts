import { crc32 } from '../bytes/checksums.js';
import { blocksOf, compress, deflated as deflatedBytes, type Chunks } from '../bytes/compress.js';
import { BrineError } from '../errors.js';

/** One file of an archive to be written. */
export interface ZipMember {
  /** With `/` between folders. */
  readonly name: string;
  /** Its bytes, in pieces; asked for once, when its turn comes, and let go afterwards. */
  chunks(): Chunks;
  /** Bytes in all; so many at most where that is not known before. */
  readonly size: number;
  /** How hard to deflate it, from 1 to 9; undefined stores it as it is. */
  readonly level?: number | undefined;
  /** Where somebody began to pack it before its turn. */
  readonly body?: Promise<ZipBody>;
}

/** Deflated only where that saves a tenth at least: what is stored is read without work, and can be mapped. */
const WORTH = 0.9;
/** What is smaller than this is not worth two headers' weight of work. */
const SMALL = 64;
/** Members of more bytes go through piece by piece, so that no array needs room twice. */
const STREAMED = 8 * 1024 * 1024;
/** So much of such a member says whether deflating it pays. */
const SAMPLE = 1024 * 1024;
/** So many members are packed side by side: to wake a thread that sleeps takes long, so those of Node are kept busy. */
const AT_ONCE = 4;
/** Or fewer, where they hold as many bytes as this. */
const AT_ONCE_BYTES = 8 * 1024 * 1024;

/** Of what is packed before it is written, this many bytes may wait. */
const AHEAD = 32 * 1024 * 1024;

const LIMIT_32 = 0xffffffff;
const LIMIT_16 = 0xffff;

interface Entry {
  readonly name: Uint8Array;
  readonly size: number;
  readonly packed: number;
  readonly crc: number;
  readonly deflated: boolean;
  /** Its sizes and CRC stand behind it, for they were not known before. */
  readonly streamed: boolean;
  readonly position: number;
}

/** What stands between two headers. */
export type ZipBody = Omit<Entry, 'position'> & { readonly bytes: Uint8Array };

/**
 * A zip archive (APPNOTE 6.3.9), member by member; Zip64 fields only where they are needed. Every member is dated
 * 1980-01-01, so that the same members give the same bytes.
 */
export async function* zipArchive(members: Iterable<ZipMember>): AsyncGenerator<Uint8Array> {
  const entries: Entry[] = [];
  let position = 0;
  for await (const part of bodies(members)) {
    if ('bytes' in part) {
      const { bytes, ...rest } = part;
      const entry: Entry = { ...rest, position };
      const header = localHeader(entry);
      yield header;
      yield bytes;
      entries.push(entry);
      position += header.length + bytes.length;
    } else {
      const { entry, end } = yield* streamed(part, position);
      entries.push(entry);
      position = end;
    }
  }
  const directory = entries.map(centralHeader);
  const size = directory.reduce((sum, header) => sum + header.length, 0);
  yield* directory;
  yield endOfDirectory(entries.length, size, position);
}

/** Members that were packed, a few at a time and in their order; large ones as they are. */
async function* bodies(members: Iterable<ZipMember>): AsyncGenerator<ZipBody | ZipMember> {
  const packing = new Packing();
  for (const member of members) {
    const isLarge = member.size > STREAMED;
    while (isLarge ? packing.isUnderWay : packing.isBusy) yield await packing.next();
    if (isLarge) yield member;
    else void packing.begin(member);
  }
  while (packing.isUnderWay) yield await packing.next();
}

/** Members that are being packed, side by side. */
class Packing {
  readonly #rooms = new Rooms();
  readonly #queue: { readonly size: number; readonly body: Promise<ZipBody> }[] = [];
  #bytes = 0;

  /** Begins with one that nobody has begun. */
  begin(member: ZipMember): Promise<ZipBody> {
    const body = member.body ?? packed(member, this.#rooms);
    // Whoever asks for it hears of a failure; that nobody has asked yet is none.
    body.catch(() => undefined);
    this.#queue.push({ size: member.size, body });
    this.#bytes += member.size;
    return body;
  }

  get isUnderWay(): boolean {
    return this.#queue.length > 0;
  }

  /** As many as keep a few cores occupied. */
  get isBusy(): boolean {
    return this.#queue.length >= AT_ONCE || (this.isUnderWay && this.#bytes >= AT_ONCE_BYTES);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The one that was begun first, packed. */
  next(): Promise<ZipBody> {
    const { size, body } = this.#queue.shift()!;
    this.#bytes -= size;
    return body;
  }
}

/**
 * Packs members while others are still being thought of: deflating occupies other cores than planning does. What it
 * holds is bounded; members beyond that are packed when they are written.
 */
export class PackingAhead {
  readonly #packing = new Packing();
  /** Bytes that wait, packed, to be written. */
  #held = 0;

  /** The member, begun where there is room for it and deflating it may pay. */
  begin(member: ZipMember): ZipMember {
    const { size, level } = member;
    if (level === undefined || size > STREAMED || this.#held + this.#packing.bytes + size > AHEAD) return member;
    return { ...member, body: this.#packing.begin(member) };
  }

  get isBusy(): boolean {
    return this.#packing.isBusy;
  }

  /** Waits until there is room for one more. Whoever writes them hears of failures. */
  async turn(): Promise<void> {
    const done = await this.#packing.next().catch(() => undefined);
    this.#held += done?.bytes.length ?? 0;
  }
}

/** Where members are put together before they are deflated: for one after the other, so that each needs no new memory. */
class Rooms {
  readonly #free: Uint8Array[] = [];

  take(size: number): Uint8Array {
    const at = this.#free.findIndex((room) => room.length >= size);
    return at < 0 ? new Uint8Array(size) : this.#free.splice(at, 1)[0];
  }

  /** Nobody looks at it any more. */
  give(room: Uint8Array): void {
    this.#free.push(room);
  }
}

async function packed(member: ZipMember, rooms: Rooms): Promise<ZipBody> {
  const room = rooms.take(member.size);
  let size = 0;
  for await (const chunk of member.chunks()) {
    if (chunk.length > room.length - size)
      throw new BrineError('WRITE', `the member ${member.name} has more than ${member.size} bytes`);
    room.set(chunk, size);
    size += chunk.length;
  }
  const content = room.subarray(0, size);
  const crc = crc32(content);
  let bytes = content;
  if (member.level !== undefined && size >= SMALL) {
    const deflated = await deflatedBytes(content, member.level);
    if (deflated.length < size * WORTH) {
      bytes = deflated;
      rooms.give(room);
    }
  }
  return {
    name: new TextEncoder().encode(member.name),
    size,
    packed: bytes.length,
    crc,
    deflated: bytes !== content,
    streamed: false,
    bytes,
  };
}

/** A member whose bytes nobody holds, with a data descriptor behind it. */
async function* streamed(
  member: ZipMember,
  position: number,
): AsyncGenerator<Uint8Array, { entry: Entry; end: number }> {
  const name = new TextEncoder().encode(member.name);
  const blocks = blocksOf(member.chunks(), SAMPLE);
  const first = await blocks.next();
  const sample = first.done === true ? new Uint8Array(0) : first.value;
  const { level } = member;
  const deflated = level !== undefined && (await deflatedBytes(sample, level)).length < sample.length * WORTH;
  const content = { size: 0, crc: 0 };
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for (let block: Uint8Array | undefined = sample; block;) {
      content.size += block.length;
      content.crc = crc32(block, 0, block.length, content.crc);
      yield block;
      const next = await blocks.next();
      block = next.done === true ? undefined : next.value;
    }
  };
  const unknown: Entry = { name, size: 0, packed: 0, crc: 0, deflated, streamed: true, position };
  // Deflating what cannot be deflated makes it a little longer.
  const wide = member.size * 1.01 >= LIMIT_32;
  const header = localHeader(unknown, wide);
  yield header;
  let written = 0;
  for await (const chunk of deflated ? compress('deflate', counted(), { level }) : counted()) {
    written += chunk.length;
    yield chunk;
  }
  if (!wide && Math.max(content.size, written) >= LIMIT_32) {
    throw new BrineError('WRITE', `the member ${member.name} has ${content.size} bytes, not ${member.size}`);
  }
  const entry: Entry = { ...unknown, size: content.size, packed: written, crc: content.crc };
  const width = wide ? 8 : 4;
  const descriptor = fields([4, 0x08074b50], [4, entry.crc], [width, entry.packed], [width, entry.size]);
  yield descriptor;
  return { entry, end: position + header.length + written + descriptor.length };
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

const isLarge = ({ size, packed }: Pick<Entry, 'size' | 'packed'>): boolean => Math.max(size, packed) >= LIMIT_32;

/** Version needed, flags (UTF-8 names, a descriptor behind), method, time, date, CRC and sizes: as in both headers. */
function common(entry: Entry, wide: boolean, large: boolean): Uint8Array {
  const size = (n: number): number => (large ? LIMIT_32 : n);
  return fields(
    [2, wide ? 45 : 20],
    [2, entry.streamed ? 0x0808 : 0x0800],
    [2, entry.deflated ? 8 : 0],
    [2, 0],
    [2, 0x21],
    [4, entry.crc],
    [4, size(entry.packed)],
    [4, size(entry.size)],
    [2, entry.name.length],
  );
}

function localHeader(entry: Entry, large = isLarge(entry)): Uint8Array {
  const extra = large ? fields([2, 1], [2, 16], [8, entry.size], [8, entry.packed]) : new Uint8Array(0);
  return join(fields([4, 0x04034b50]), common(entry, large, large), fields([2, extra.length]), entry.name, extra);
}

function centralHeader(entry: Entry): Uint8Array {
  const far = entry.position >= LIMIT_32;
  const wide: [8, number][] = [];
  if (isLarge(entry)) wide.push([8, entry.size], [8, entry.packed]);
  if (far) wide.push([8, entry.position]);
  const extra = wide.length > 0 ? fields([2, 1], [2, 8 * wide.length], ...wide) : new Uint8Array(0);
  return join(
    fields([4, 0x02014b50], [2, wide.length > 0 ? 45 : 20]),
    common(entry, wide.length > 0, isLarge(entry)),
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
