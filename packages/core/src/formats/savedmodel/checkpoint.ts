import type { Source } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import { decodeText, WireReader } from '../onnx/wire.js';
import { isCheckpointIndex } from './mark.js';

/**
 * The index of a TensorFlow checkpoint: a sorted string table as LevelDB has it (table_format.md), whose values say where
 * in the data files each variable lies (tensor_bundle.proto).
 */
const FOOTER = 48;
/** Blocks of one index: some thousand variables take a few (CWE-400). */
const MAX_BLOCKS = 100_000;
const MAX_ENTRIES = 1_000_000;

export interface BundleEntry {
  readonly name: string;
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly shard: number;
  readonly offset: number;
  readonly size: number;
}

/**
 * Where each variable lies.
 *
 * @throws CORRUPT, TRUNCATED, LIMIT; UNSUPPORTED for compressed blocks.
 */
export async function readCheckpointIndex(source: Source): Promise<BundleEntry[]> {
  if (source.size < FOOTER)
    throw new BrineError('TRUNCATED', 'a checkpoint index without a footer', { file: source.name });
  const footer = await source.read(source.size - FOOTER, FOOTER);
  if (!isCheckpointIndex(footer))
    throw new BrineError('CORRUPT', 'a checkpoint index without its mark', {
      file: source.name,
      offset: source.size - 8,
    });
  const reader = new VarintReader(footer, source.name);
  reader.handle();
  const index = reader.handle();
  const entries: BundleEntry[] = [];
  let blocks = 0;
  for (const [, handle] of await readBlock(source, index)) {
    if (++blocks > MAX_BLOCKS) throw new BrineError('LIMIT', `more than ${MAX_BLOCKS} blocks`, { file: source.name });
    for (const [key, value] of await readBlock(source, new VarintReader(handle, source.name).handle())) {
      if (entries.length >= MAX_ENTRIES)
        throw new BrineError('LIMIT', `more than ${MAX_ENTRIES} variables`, { file: source.name });
      // The first entry, of an empty name, describes the bundle.
      if (key.length > 0) entries.push(readEntry(decodeText(key) ?? new TextDecoder().decode(key), value, source.name));
    }
  }
  return entries;
}

class VarintReader {
  readonly bytes: Uint8Array;
  pos = 0;
  readonly #file: string;

  constructor(bytes: Uint8Array, file: string) {
    this.bytes = bytes;
    this.#file = file;
  }

  next(): number {
    let value = 0;
    for (let shift = 0; shift < 50; shift += 7) {
      const byte = this.bytes[this.pos++];
      if (byte === undefined) break;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw new BrineError('CORRUPT', 'a number without an end in a checkpoint index', { file: this.#file });
  }

  handle(): { offset: number; size: number } {
    return { offset: this.next(), size: this.next() };
  }
}

/** The pairs of a block: keys share their beginnings with those before. */
async function readBlock(
  source: Source,
  { offset, size }: { offset: number; size: number },
): Promise<[Uint8Array, Uint8Array][]> {
  // A byte for the compression and a checksum follow.
  const bytes = await source.read(offset, size + 5);
  if (bytes[size] !== 0)
    throw new BrineError('UNSUPPORTED', 'a compressed checkpoint index', { file: source.name, offset: offset + size });
  const corrupt = (): BrineError =>
    new BrineError('CORRUPT', 'a block of a checkpoint index that is not well formed', { file: source.name, offset });
  if (size < 4) throw corrupt();
  const restarts = new DataView(bytes.buffer, bytes.byteOffset, size).getUint32(size - 4, true);
  const end = size - 4 - 4 * restarts;
  if (!(end >= 0)) throw corrupt();
  const reader = new VarintReader(bytes.subarray(0, end), source.name);
  const out: [Uint8Array, Uint8Array][] = [];
  let previous: Uint8Array = new Uint8Array(0);
  while (reader.pos < end) {
    const [shared, own, length] = [reader.next(), reader.next(), reader.next()];
    if (shared > previous.length || own + length > end - reader.pos || out.length >= MAX_ENTRIES) throw corrupt();
    const key = new Uint8Array(shared + own);
    key.set(previous.subarray(0, shared));
    key.set(bytes.subarray(reader.pos, reader.pos + own), shared);
    reader.pos += own;
    out.push([key, bytes.subarray(reader.pos, reader.pos + length)]);
    reader.pos += length;
    previous = key;
  }
  return out;
}

function readEntry(name: string, bytes: Uint8Array, file: string): BundleEntry {
  const reader = new WireReader(bytes, file);
  const entry = { name, dtype: 0, shape: [] as number[], shard: 0, offset: 0, size: 0 };
  while (reader.next()) {
    if (reader.field === 1) entry.dtype = reader.integer();
    else if (reader.field === 2) {
      const shape = reader.message();
      while (shape.next()) {
        if (shape.field !== 2) shape.skip();
        else {
          const dimension = shape.message();
          let n = 0;
          while (dimension.next())
            if (dimension.field === 1) n = dimension.integer();
            else dimension.skip();
          entry.shape.push(n);
        }
      }
    } else if (reader.field === 3) entry.shard = reader.integer();
    else if (reader.field === 4) entry.offset = reader.integer();
    else if (reader.field === 5) entry.size = reader.integer();
    else reader.skip();
  }
  if (!(entry.offset >= 0 && entry.size >= 0))
    throw new BrineError('CORRUPT', 'a variable at a negative place', { file });
  return entry;
}
