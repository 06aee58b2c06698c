import { BrineError } from '../errors.js';
import { ExpansionBudget } from '../bytes/expansion.js';
import { decompressBeginning, type RawCodec } from '../bytes/raw.js';
import type { Source } from '../bytes/source.js';
import { readLocal, type LocalHeader } from './zip-headers.js';

/**
 * Zip members whose headers cannot be believed: cut archives, members that no directory lists, headers that contradict
 * each other. Some program gets at such content; whoever judges a file has to as well.
 */
export interface SalvagedMember {
  readonly name: string;
  /** Of its local header. */
  readonly offset: number;
  readonly local: LocalHeader;
  /** Bytes of its content: as its header says, or up to the next record where it says nothing. */
  readonly length: number;
}

/** Bytes that are searched at once. */
const WINDOW = 1024 * 1024;
/** Local headers that are looked for (CWE-400). */
const MAX_SALVAGED = 10_000;
const FLAG_DESCRIPTOR = 8;

/** Finds local headers between two bytes of a source, one behind the other's content where that is known. */
export async function* findMembers(source: Source, from: number, to: number): AsyncGenerator<SalvagedMember> {
  let found = 0;
  for (let at = from; at + 4 <= to;) {
    const bytes = await source.read(at, Math.min(WINDOW, to - at));
    const next = signatureIn(bytes);
    if (next < 0) {
      at += Math.max(1, bytes.length - 3);
      continue;
    }
    const offset = at + next;
    const local = await readLocal(source, offset, to);
    if (local === undefined) {
      at = offset + 4;
      continue;
    }
    if (++found > MAX_SALVAGED)
      throw new BrineError('LIMIT', `more than ${MAX_SALVAGED} zip members without a directory`);
    // Where the size is told behind the content, the next record ends it.
    const length =
      local.flags & FLAG_DESCRIPTOR
        ? (await nextRecord(source, local.dataOffset, to)) - local.dataOffset
        : local.compressedSize;
    yield { name: local.name, offset, local, length };
    at = Math.max(offset + 4, Math.min(local.dataOffset + length, to));
  }
}

/** Local headers; descriptors and directory entries end a member too. */
const HEADERS: readonly number[] = [0x0403];
const RECORDS: readonly number[] = [0x0403, 0x0807, 0x0201];

/** Where the first of the records begins; -1 where there is none. */
function signatureIn(bytes: Uint8Array, records = HEADERS): number {
  for (let at = bytes.indexOf(0x50); at >= 0; at = bytes.indexOf(0x50, at + 1)) {
    if (bytes[at + 1] === 0x4b && records.includes(bytes[at + 2] | (bytes[at + 3] << 8))) return at;
  }
  return -1;
}

async function nextRecord(source: Source, from: number, to: number): Promise<number> {
  for (let at = from; at + 4 <= to; at += WINDOW - 3) {
    const found = signatureIn(await source.read(at, Math.min(WINDOW, to - at)), RECORDS);
    if (found >= 0) return at + found;
  }
  return to;
}

const codecs = new Map<number, RawCodec>([
  [8, 'deflate'],
  [12, 'bz2'],
  [14, 'lzma'],
  [93, 'zstd'],
]);

/** Stored content of a member without a size is read up to this much. */
const MAX_STORED = 64 * 1024 * 1024;
/** As much comes out of content that nobody vouches for the size of (CWE-409). */
const MAX_SALVAGED_BYTES = 64 * 1024 * 1024;

/**
 * What content at `offset` is by a method, whatever sizes, checksums and flags say: as much as can be had, up to byte
 * `end`. Undefined where the method is not read, or nothing comes out.
 */
export async function contentBy(
  source: Source,
  method: number,
  offset: number,
  size: number,
  end: number,
  budget = new ExpansionBudget(),
): Promise<Uint8Array | undefined> {
  if (offset >= end) return undefined;
  const length = Math.min(size > 0 ? size : Infinity, end - offset, MAX_STORED);
  if (method === 0) return source.read(offset, length);
  const codec = codecs.get(method);
  if (codec === undefined) return undefined;
  let input = await source.read(offset, length);
  let properties = new Uint8Array(0);
  if (codec === 'lzma') {
    // A zip's LZMA member begins with a version and the size of its properties.
    if (input.length < 9 || input[2] !== 5 || input[3] !== 0) return undefined;
    properties = input.slice(4, 9);
    input = input.subarray(9);
  }
  const { most } = budget.allowance(input.length);
  const options = { name: source.name, budget, properties };
  const { bytes } = decompressBeginning(codec, input, options, Math.min(most, MAX_SALVAGED_BYTES));
  budget.spend(bytes.length);
  return bytes.length === 0 ? undefined : bytes;
}
