import { BrineError } from '../errors.js';

/**
 * The headers of a 7-Zip archive (7zFormat.txt of the LZMA SDK, 9.20): which streams are packed where, through which
 * coders they go, and which files lie in what comes out. Nothing is decompressed here.
 */

/** Coders of one folder; real ones have at most four (BCJ2). */
const MAX_CODERS = 32;
/** Streams and folders: no model's archive has more (CWE-400). */
const MAX_STREAMS = 100_000;
/** Members of an archive (CWE-400). */
const MAX_FILES = 100_000;

const ID = {
  end: 0,
  header: 1,
  archiveProperties: 2,
  additionalStreams: 3,
  mainStreams: 4,
  files: 5,
  packInfo: 6,
  unpackInfo: 7,
  subStreams: 8,
  size: 9,
  crc: 10,
  folder: 11,
  unpackSize: 12,
  numUnpackStream: 13,
  emptyStream: 14,
  emptyFile: 15,
  anti: 16,
  names: 17,
  encodedHeader: 23,
} as const;

export interface Coder {
  /** The method's bytes as a hexadecimal number, such as `30101` for LZMA. */
  readonly method: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly properties: Uint8Array;
}

/** Streams that are decompressed together. */
export interface Folder {
  readonly coders: readonly Coder[];
  readonly bindings: readonly { readonly input: number; readonly output: number }[];
  readonly packed: readonly number[];
  /** Bytes that come out of each output stream. */
  readonly sizes: number[];
  crc: number | undefined;
}

export interface Streams {
  /** Where the packed streams begin, behind the signature header. */
  packOffset: number;
  packSizes: number[];
  folders: Folder[];
  /** The parts of each folder's content, in order: one for each file. */
  parts: { readonly size: number; readonly crc: number | undefined }[][];
}

export interface FileInfo {
  readonly name: string;
  readonly hasStream: boolean;
  readonly isFolder: boolean;
}

export class HeaderReader {
  readonly bytes: Uint8Array;
  readonly file: string;
  pos = 0;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, file: string) {
    this.bytes = bytes;
    this.file = file;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  corrupt(what: string): BrineError {
    return new BrineError('CORRUPT', `${what} in the 7-Zip header`, { file: this.file, offset: this.pos });
  }

  byte(): number {
    if (this.pos >= this.bytes.length) throw this.corrupt('the end too soon');
    return this.bytes[this.pos++];
  }

  take(length: number): Uint8Array {
    if (length > this.bytes.length - this.pos) throw this.corrupt(`${length} bytes beyond the end`);
    this.pos += length;
    return this.bytes.subarray(this.pos - length, this.pos);
  }

  uint32(): number {
    const at = this.pos;
    this.take(4);
    return this.#view.getUint32(at, true);
  }

  /** 7-Zip's number: the first byte's leading ones say how many bytes follow. */
  number(): number {
    const first = this.byte();
    let value = 0;
    let mask = 0x80;
    for (let i = 0; i < 8; i++) {
      if ((first & mask) === 0) return this.#safe(value + (first & (mask - 1)) * 2 ** (8 * i));
      value += this.byte() * 2 ** (8 * i);
      mask >>= 1;
    }
    return this.#safe(value);
  }

  count(most: number, what: string): number {
    const n = this.number();
    if (n > most) throw new BrineError('LIMIT', `${n} ${what} (limit ${most})`, { file: this.file, offset: this.pos });
    return n;
  }

  /** Booleans as bits; with `allDefined` a byte before them may say that all are true. */
  bits(n: number, allDefined = false): boolean[] {
    if (allDefined && this.byte() !== 0) return new Array<boolean>(n).fill(true);
    if (n > 8 * (this.bytes.length - this.pos)) throw this.corrupt(`${n} bits beyond the end`);
    const out: boolean[] = [];
    let byte = 0;
    for (let i = 0; i < n; i++) {
      if (i % 8 === 0) byte = this.byte();
      out.push((byte & (0x80 >> (i % 8))) !== 0);
    }
    return out;
  }

  digests(n: number): (number | undefined)[] {
    return this.bits(n, true).map((defined) => (defined ? this.uint32() : undefined));
  }

  #safe(value: number): number {
    if (!Number.isSafeInteger(value)) throw this.corrupt('a number beyond 2^53');
    return value;
  }
}

/** StreamsInfo, behind its id. */
export function readStreams(reader: HeaderReader): Streams {
  const streams: Streams = { packOffset: 0, packSizes: [], folders: [], parts: [] };
  for (;;) {
    const id = reader.byte();
    if (id === ID.end) break;
    if (id === ID.packInfo) readPackInfo(reader, streams);
    else if (id === ID.unpackInfo) readUnpackInfo(reader, streams);
    else if (id === ID.subStreams) readSubStreams(reader, streams);
    else throw reader.corrupt(`id ${id} among the streams`);
  }
  if (streams.parts.length === 0)
    streams.parts = streams.folders.map((folder) => [{ size: mainSize(reader, folder), crc: folder.crc }]);
  return streams;
}

function readPackInfo(reader: HeaderReader, streams: Streams): void {
  streams.packOffset = reader.number();
  const n = reader.count(MAX_STREAMS, 'packed streams');
  for (;;) {
    const id = reader.byte();
    if (id === ID.end) break;
    if (id === ID.size) streams.packSizes = Array.from({ length: n }, () => reader.number());
    else if (id === ID.crc) reader.digests(n);
    else throw reader.corrupt(`id ${id} among the packed streams`);
  }
  if (streams.packSizes.length !== n) throw reader.corrupt('packed streams without sizes');
}

function readUnpackInfo(reader: HeaderReader, streams: Streams): void {
  if (reader.byte() !== ID.folder) throw reader.corrupt('no folders');
  const n = reader.count(MAX_STREAMS, 'folders');
  if (reader.byte() !== 0) throw reader.corrupt('folders that are kept elsewhere');
  streams.folders = Array.from({ length: n }, () => readFolder(reader));
  if (reader.byte() !== ID.unpackSize) throw reader.corrupt('folders without sizes');
  for (const folder of streams.folders)
    for (const { outputs } of folder.coders) for (let i = 0; i < outputs; i++) folder.sizes.push(reader.number());
  for (;;) {
    const id = reader.byte();
    if (id === ID.end) return;
    if (id !== ID.crc) throw reader.corrupt(`id ${id} among the folders`);
    reader.digests(n).forEach((crc, i) => {
      streams.folders[i].crc = crc;
    });
  }
}

function readFolder(reader: HeaderReader): Folder {
  const n = reader.count(MAX_CODERS, 'coders in one folder');
  if (n === 0) throw reader.corrupt('a folder without coders');
  const coders: Coder[] = [];
  for (let i = 0; i < n; i++) {
    const flags = reader.byte();
    if (flags & 0xc0) throw reader.corrupt('a coder with unknown flags');
    const method = Array.from(reader.take(flags & 15), (byte) => byte.toString(16).padStart(2, '0')).join('');
    const complex = (flags & 0x10) !== 0;
    const inputs = complex ? reader.count(MAX_CODERS, 'inputs of one coder') : 1;
    const outputs = complex ? reader.count(MAX_CODERS, 'outputs of one coder') : 1;
    const properties = flags & 0x20 ? reader.take(reader.number()) : new Uint8Array(0);
    coders.push({ method: method.replace(/^0+(?=.)/, ''), inputs, outputs, properties });
  }
  const sum = (pick: (coder: Coder) => number): number => coders.reduce((total, coder) => total + pick(coder), 0);
  const inputs = sum((coder) => coder.inputs);
  const outputs = sum((coder) => coder.outputs);
  if (outputs === 0) throw reader.corrupt('a folder that nothing comes out of');
  const bindings = Array.from({ length: outputs - 1 }, () => ({ input: reader.number(), output: reader.number() }));
  if (bindings.some(({ input, output }) => input >= inputs || output >= outputs))
    throw reader.corrupt('a binding of streams that do not exist');
  const open = inputs - bindings.length;
  if (open < 1) throw reader.corrupt('a folder without packed streams');
  const bound = new Set(bindings.map(({ input }) => input));
  const packed =
    open === 1
      ? [Array.from({ length: inputs }, (_, i) => i).find((i) => !bound.has(i)) ?? 0]
      : Array.from({ length: open }, () => reader.number());
  return { coders, bindings, packed, sizes: [], crc: undefined };
}

/** The output that no binding takes: what the folder holds. */
export function mainOutput(folder: Folder): number {
  const bound = new Set(folder.bindings.map(({ output }) => output));
  for (let i = folder.sizes.length - 1; i >= 0; i--) if (!bound.has(i)) return i;
  return -1;
}

function mainSize(reader: HeaderReader, folder: Folder): number {
  const size = folder.sizes[mainOutput(folder)];
  if (size === undefined) throw reader.corrupt('a folder that nothing comes out of');
  return size;
}

function readSubStreams(reader: HeaderReader, streams: Streams): void {
  let counts = streams.folders.map(() => 1);
  let id = reader.byte();
  if (id === ID.numUnpackStream) {
    let left = MAX_FILES;
    counts = streams.folders.map(() => {
      const n = reader.count(left, 'files in the folders');
      left -= n;
      return n;
    });
    id = reader.byte();
  }
  const sizes = streams.folders.map((folder, i) => {
    const whole = mainSize(reader, folder);
    let before = 0;
    const own: number[] = [];
    for (let k = 0; k < counts[i] - 1; k++) {
      const size = id === ID.size ? reader.number() : 0;
      before += size;
      own.push(size);
    }
    if (before > whole) throw reader.corrupt(`files of ${before} bytes in a folder of ${whole}`);
    if (counts[i] > 0) own.push(whole - before);
    return own;
  });
  if (id === ID.size) id = reader.byte();
  const known = streams.folders.map((folder, i) => counts[i] === 1 && folder.crc !== undefined);
  const missing = counts.reduce((total, n, i) => total + (known[i] ? 0 : n), 0);
  let digests: (number | undefined)[] = [];
  for (; id !== ID.end; id = reader.byte()) {
    if (id !== ID.crc) throw reader.corrupt(`id ${id} among the files’ streams`);
    digests = reader.digests(missing);
  }
  let next = 0;
  streams.parts = sizes.map((own, i) =>
    own.map((size) => ({ size, crc: known[i] ? streams.folders[i].crc : digests[next++] })),
  );
}

/** The header, behind its id: streams and the files in them. */
export function readHeader(reader: HeaderReader): { streams: Streams; files: FileInfo[] } {
  let streams: Streams = { packOffset: 0, packSizes: [], folders: [], parts: [] };
  let files: FileInfo[] = [];
  for (;;) {
    const id = reader.byte();
    if (id === ID.end) return { streams, files };
    if (id === ID.mainStreams) streams = readStreams(reader);
    else if (id === ID.additionalStreams) readStreams(reader);
    else if (id === ID.files) files = readFiles(reader);
    else if (id === ID.archiveProperties) {
      while (reader.byte() !== ID.end) reader.take(reader.number());
    } else throw reader.corrupt(`id ${id}`);
  }
}

function readFiles(reader: HeaderReader): FileInfo[] {
  const n = reader.count(MAX_FILES, 'files');
  let names: string[] = [];
  let empty: boolean[] = [];
  let emptyFile: boolean[] = [];
  for (;;) {
    const id = reader.byte();
    if (id === ID.end) break;
    const size = reader.number();
    const part = new HeaderReader(reader.take(size), reader.file);
    if (id === ID.emptyStream) empty = part.bits(n);
    else if (id === ID.emptyFile) emptyFile = part.bits(empty.filter(Boolean).length);
    else if (id === ID.names) names = readNames(part, n);
  }
  if (names.length !== n) throw reader.corrupt('files without names');
  let nthEmpty = 0;
  return names.map((name, i) => {
    const hasStream = !empty[i];
    return { name, hasStream, isFolder: !hasStream && !emptyFile[nthEmpty++] };
  });
}

function readNames(part: HeaderReader, n: number): string[] {
  if (part.byte() !== 0) throw part.corrupt('names that are kept elsewhere');
  const text = new TextDecoder('utf-16le').decode(part.take(part.bytes.length - part.pos));
  const names = text.split('\0');
  names.pop();
  if (names.length !== n) throw part.corrupt(`${names.length} names of ${n} files`);
  return names;
}

export { ID };
