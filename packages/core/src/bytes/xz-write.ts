/** The .xz format (xz-file-format 1.2.1): blocks of LZMA2 with a CRC-32 each, and an index of them. */
import { crc32 } from './checksums.js';
import { blocksOf, type Chunks } from './compress.js';
import { type Effort, lzma2 } from './lzma-write/index.js';

/** Bytes of a block at most, and what is done for it, by level. Only what lies in the same block is found again. */
const LEVELS: readonly (Effort & { readonly block: number })[] = [
  { block: 1 << 23, depth: 8 },
  { block: 1 << 23, depth: 16 },
  { block: 1 << 23, depth: 32 },
  { block: 1 << 24, depth: 8, nice: 32 },
  { block: 1 << 24, depth: 16, nice: 48 },
  { block: 1 << 25, depth: 32, nice: 64 },
  { block: 1 << 25, depth: 48, nice: 128 },
  { block: 1 << 25, depth: 64, nice: 192 },
  { block: 1 << 25, depth: 152, nice: 273 },
];

const MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
/** The stream's flags: CRC-32 behind every block. */
const FLAGS = [0x00, 0x01];
/** One filter, no sizes: LZMA2 with a dictionary that holds the block. */
const blockHeader = (size: number): number[] => [0x02, 0x00, 0x21, 0x01, dictionary(size), 0, 0, 0];

/** A dictionary's size as the format counts, up to the least that holds so many bytes: `2 | (n & 1)` shifted by `n / 2 + 11`. */
function dictionary(size: number): number {
  let n = 0;
  while ((2 | (n & 1)) * 2 ** ((n >> 1) + 11) < size) n++;
  return n;
}

export async function* xzStream(chunks: Chunks, level: number): AsyncGenerator<Uint8Array> {
  yield Uint8Array.from([...MAGIC, ...FLAGS, ...word(crc32(Uint8Array.from(FLAGS)))]);
  const { block: most, ...effort } = LEVELS[level - 1];
  const records: number[] = [];
  let count = 0;
  for await (const block of blocksOf(chunks, most)) {
    const bare = blockHeader(block.length);
    const header = Uint8Array.from([...bare, ...word(crc32(Uint8Array.from(bare)))]);
    yield header;
    let packed = 0;
    for (const piece of lzma2(block, effort)) {
      yield piece;
      packed += piece.length;
    }
    yield new Uint8Array(-packed & 3);
    yield Uint8Array.from(word(crc32(block)));
    records.push(...multibyte(header.length + packed + 4), ...multibyte(block.length));
    count++;
  }
  const index = [0x00, ...multibyte(count), ...records];
  while (index.length % 4 !== 0) index.push(0);
  yield Uint8Array.from([...index, ...word(crc32(Uint8Array.from(index)))]);
  const backward = [...word((index.length + 4) / 4 - 1), ...FLAGS];
  yield Uint8Array.from([...word(crc32(Uint8Array.from(backward))), ...backward, 0x59, 0x5a]);
}

function word(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}

/** Seven bits a byte. */
function multibyte(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) out.push((rest % 128) | 0x80);
  out.push(rest);
  return out;
}
