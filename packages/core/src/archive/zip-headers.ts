import { BufferSource, type Source } from '../bytes/source.js';
import { latin1 } from '../bytes/utf8.js';
import { BrineError } from '../errors.js';

/** The records of a zip file (PKWARE APPNOTE 6.3.10), with Zip64. */
const END = 0x06054b50;
const END_SIZE = 22;
const COMMENT_MAX = 65535;
const LOCATOR64 = 0x07064b50;
const LOCATOR64_SIZE = 20;
const END64 = 0x06064b50;
const END64_SIZE = 56;
const CENTRAL = 0x02014b50;
const CENTRAL_SIZE = 46;
const LOCAL = 0x04034b50;
const LOCAL_SIZE = 30;
const EXTRA_ZIP64 = 1;
const FLAG_UTF8 = 0x800;

/** A 32-bit field that says "see the Zip64 field". */
export const UNKNOWN_SIZE = 0xffffffff;

/** Bytes of directory that are read at most: 10,000 members with long names take less (CWE-789). */
const DIRECTORY_MAX = 64 * 1024 * 1024;

export interface CentralHeader {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly size: number;
  readonly compressedSize: number;
  /** Of its local header, in the file: bytes before the archive are counted in. */
  readonly headerOffset: number;
  /** The member's mode as Unix has it, where the archive was written there; else 0. */
  readonly mode: number;
}

export interface LocalHeader {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly size: number;
  readonly compressedSize: number;
  readonly dataOffset: number;
}

export interface CentralDirectory {
  readonly headers: CentralHeader[];
  /** Where the directory begins, and so where members must end. */
  readonly start: number;
  readonly prefix: number;
  /** Where the archive ends: what follows belongs to something else. */
  readonly end: number;
  readonly comment: string;
  readonly warnings: string[];
  /** Why another program may find another directory. */
  readonly ambiguities: string[];
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Code page 437, which names are in unless flagged as UTF-8: its upper half. */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

function nameOf(bytes: Uint8Array, flags: number): string {
  if (flags & FLAG_UTF8) return new TextDecoder().decode(bytes);
  return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : CP437[byte - 128])).join('');
}

/** Finds and reads the central directory. */
export async function readCentral(source: Source, maxMembers: number): Promise<CentralDirectory> {
  const corrupt = (message: string, offset?: number): BrineError =>
    new BrineError('CORRUPT', message, offset === undefined ? { file: source.name } : { file: source.name, offset });
  const tailSize = Math.min(source.size, END_SIZE + COMMENT_MAX + LOCATOR64_SIZE + END64_SIZE);
  const tailStart = source.size - tailSize;
  const tail = await source.read(tailStart, tailSize);
  const view = viewOf(tail);
  const at = findEnd(view);
  if (at === undefined) {
    throw new BrineError(
      'TRUNCATED',
      'the zip archive has no directory at its end: the file was cut short, perhaps by a download that broke off',
      { file: source.name, offset: source.size },
    );
  }
  const warnings: string[] = [];
  const commentSize = view.getUint16(at + 20, true);
  const commentEnd = Math.min(at + END_SIZE + commentSize, tail.length);
  const comment = new TextDecoder().decode(tail.subarray(at + END_SIZE, commentEnd));
  if (commentEnd < tail.length) warnings.push(`${tail.length - commentEnd} bytes follow the archive`);
  let count = view.getUint16(at + 10, true);
  let size = view.getUint32(at + 12, true);
  let offset = view.getUint32(at + 16, true);
  if (view.getUint16(at + 4, true) !== view.getUint16(at + 6, true)) {
    throw new BrineError('UNSUPPORTED', 'a zip archive in several volumes', {
      file: source.name,
      offset: tailStart + at,
    });
  }
  const ambiguities: string[] = [];
  const second = laterEnd(view, at);
  if (second !== undefined)
    ambiguities.push(`a second end record at byte ${tailStart + second} lies behind the first, at ${tailStart + at}`);
  let end = tailStart + at;
  const locator = at - LOCATOR64_SIZE;
  if (locator >= END64_SIZE && view.getUint32(locator, true) === LOCATOR64) {
    const record = locator - END64_SIZE;
    if (view.getUint32(record, true) !== END64) {
      throw new BrineError('UNSUPPORTED', 'a Zip64 archive with an extended record', { file: source.name });
    }
    const wide = [32, 40, 48].map((field) => safe(view.getBigUint64(record + field, true)));
    const narrow = [count, size, offset];
    // Some writers fill in both; then both must say the same.
    const differ = narrow.some((n, i) => n !== wide[i] && n !== (i === 0 ? 0xffff : UNKNOWN_SIZE));
    if (differ)
      ambiguities.push(
        `its directory is ${narrow.join(', ')} (members, bytes, offset) in one end record and ${wide.join(', ')} in the other`,
      );
    [count, size, offset] = wide;
    end = tailStart + record;
  }
  const prefix = end - size - offset;
  if (!(size <= end) || !(prefix >= 0)) {
    throw corrupt(
      `a zip directory of ${size} bytes at ${offset}, where the archive has ${end} bytes before its end`,
      end,
    );
  }
  if (size > DIRECTORY_MAX) {
    throw new BrineError('LIMIT', `a zip directory of ${size} bytes (limit ${DIRECTORY_MAX})`, { file: source.name });
  }
  if (prefix > 0) warnings.push(`${prefix} bytes come before the archive`);
  const start = end - size;
  const headers = readHeaders(await source.read(start, size), start, prefix, maxMembers, corrupt, source.name);
  // Older archivers count modulo 2^16.
  if (headers.length !== count && headers.length % 65536 !== count) {
    warnings.push(`${headers.length} members in the directory, which announces ${count}`);
  }
  return { headers, start, prefix, end: tailStart + commentEnd, comment, warnings, ambiguities };
}

/** Offset of the end record: the last one whose comment ends with the file, else the last one whose comment fits. */
function findEnd(view: DataView): number | undefined {
  let loose: number | undefined;
  for (let at = view.byteLength - END_SIZE; at >= 0; at--) {
    if (view.getUint32(at, true) !== END) continue;
    const left = view.byteLength - at - END_SIZE - view.getUint16(at + 20, true);
    if (left === 0) return at;
    loose ??= at;
  }
  return loose;
}

/** The last end record, where it comes after the one that was chosen: programs that search backwards take it. */
function laterEnd(view: DataView, chosen: number): number | undefined {
  for (let at = view.byteLength - END_SIZE; at > chosen; at--) if (view.getUint32(at, true) === END) return at;
  return undefined;
}

/** A 64-bit number, or infinity where no double holds it exactly; comparisons with sizes then fail as they should. */
function safe(value: bigint): number {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : Infinity;
}

function readHeaders(
  bytes: Uint8Array,
  start: number,
  prefix: number,
  maxMembers: number,
  corrupt: (message: string, offset?: number) => BrineError,
  file: string,
): CentralHeader[] {
  const view = viewOf(bytes);
  // Names are mostly ASCII, which UTF-8 and code page 437 agree on: those are slices of one text.
  const text = latin1(bytes);
  const headers: CentralHeader[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + CENTRAL_SIZE > bytes.length || view.getUint32(at, true) !== CENTRAL) {
      throw corrupt(`no zip directory entry where number ${headers.length} must be`, start + at);
    }
    if (headers.length >= maxMembers) {
      throw new BrineError('LIMIT', `a zip archive with more than ${maxMembers} members (limit members)`, { file });
    }
    const nameEnd = at + CENTRAL_SIZE + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const next = extraEnd + view.getUint16(at + 32, true);
    if (next > bytes.length) throw corrupt('a zip directory entry longer than the directory', start + at);
    const flags = view.getUint16(at + 8, true);
    let compressedSize = view.getUint32(at + 20, true);
    let size = view.getUint32(at + 24, true);
    let headerOffset = view.getUint32(at + 42, true);
    const wide = zip64Field(view, nameEnd, extraEnd);
    if (wide !== undefined) {
      // The field holds, in this order, just those numbers that do not fit.
      const values = [size, compressedSize, headerOffset];
      let from = wide.start;
      for (let i = 0; i < values.length; i++) {
        if (values[i] !== UNKNOWN_SIZE) continue;
        if (from + 8 > wide.end) throw corrupt('a Zip64 field that is too short', start + nameEnd);
        values[i] = safe(view.getBigUint64(from, true));
        from += 8;
      }
      [size, compressedSize, headerOffset] = values;
    }
    headers.push({
      name: isAscii(bytes, at + CENTRAL_SIZE, nameEnd)
        ? text.slice(at + CENTRAL_SIZE, nameEnd)
        : nameOf(bytes.subarray(at + CENTRAL_SIZE, nameEnd), flags),
      flags,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      size,
      compressedSize,
      headerOffset: headerOffset + prefix,
      // The upper half of the attributes, if the system that wrote them is Unix.
      mode: bytes[at + 5] === 3 ? view.getUint16(at + 40, true) : 0,
    });
    at = next;
  }
  return headers;
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] > 127) return false;
  return true;
}

/** Where the Zip64 field lies among the extra fields, if there is one. */
function zip64Field(view: DataView, start: number, end: number): { start: number; end: number } | undefined {
  for (let at = start; at + 4 <= end;) {
    const next = at + 4 + view.getUint16(at + 2, true);
    if (next > end) return undefined;
    if (view.getUint16(at, true) === EXTRA_ZIP64) return { start: at + 4, end: next };
    at = next;
  }
  return undefined;
}

/**
 * The local header at `offset`; undefined where there is none before byte `end`. In memory nobody has to wait for it:
 * an archive may have thousands. `name` is what its name probably is.
 */
export function readLocal(
  source: Source,
  offset: number,
  end: number,
  name = '',
): LocalHeader | undefined | Promise<LocalHeader | undefined> {
  if (!(offset + LOCAL_SIZE <= end)) return undefined;
  const room = Math.min(end - offset, LOCAL_SIZE + NAME_ROOM);
  if (source instanceof BufferSource) {
    const bytes = source.view(offset, room);
    const whole = sizeOf(bytes, offset, end);
    return localIn(whole > room ? source.view(offset, whole) : bytes, offset, end, name);
  }
  return readRange(source, offset, room, end, name);
}

async function readRange(
  source: Source,
  offset: number,
  room: number,
  end: number,
  name: string,
): Promise<LocalHeader | undefined> {
  const bytes = await source.read(offset, room);
  const whole = sizeOf(bytes, offset, end);
  return localIn(whole > room ? await source.read(offset, whole) : bytes, offset, end, name);
}

/** Most names are no longer, and so come with the header. */
const NAME_ROOM = 226;

/** How many bytes the header at `offset` has with its name, of which `bytes` are the first; none beyond `end`. */
function sizeOf(bytes: Uint8Array, offset: number, end: number): number {
  return Math.min(LOCAL_SIZE + (bytes[26] | (bytes[27] << 8)), end - offset);
}

/** The local header that `bytes` begin with, which is byte `offset` of the archive. */
function localIn(bytes: Uint8Array, offset: number, end: number, name: string): LocalHeader | undefined {
  // There may be thousands: a view for each of them takes longer than to read it.
  const uint16 = (at: number): number => bytes[at] | (bytes[at + 1] << 8);
  const uint32 = (at: number): number => (uint16(at) | (uint16(at + 2) << 16)) >>> 0;
  if (uint32(0) !== LOCAL) return undefined;
  const nameSize = uint16(26);
  const dataOffset = offset + LOCAL_SIZE + nameSize + uint16(28);
  if (dataOffset > end) return undefined;
  const flags = uint16(6);
  return {
    name: isNamed(bytes, nameSize, name) ? name : nameOf(bytes.subarray(LOCAL_SIZE, LOCAL_SIZE + nameSize), flags),
    flags,
    method: uint16(8),
    crc: uint32(14),
    compressedSize: uint32(18),
    size: uint32(22),
    dataOffset,
  };
}

/** Is it this name, in ASCII, that the header has? */
function isNamed(header: Uint8Array, size: number, name: string): boolean {
  if (size !== name.length) return false;
  for (let i = 0; i < size; i++) {
    const code = header[LOCAL_SIZE + i];
    if (code !== name.charCodeAt(i) || code > 127) return false;
  }
  return true;
}
