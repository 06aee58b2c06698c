import { describe, expect, it } from 'vitest';
import { collect } from '../bytes/compress.js';
import { BufferSource } from '../bytes/source.js';
import { ZipComparison } from './zip-compare.js';
import { zipArchive } from './zip-write.js';
import { openZip } from './zip.js';

const content = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => (i >> 5) % 251);
const sizes = [0, 10, 1000, 70_000, 200_000, 3_000_000];
const all = new Map(sizes.map((size, i) => [`${i}.bin`, content(size)]));

const archived = async (level: number | undefined): Promise<Uint8Array> =>
  collect(zipArchive([...all].map(([name, bytes]) => ({ name, size: bytes.length, level, chunks: () => [bytes] }))));

/** Cut somewhere, as writers hand them on. */
const pieces = (bytes: Uint8Array): Uint8Array[] => [
  bytes.subarray(0, bytes.length >> 2),
  bytes.subarray(bytes.length >> 2),
];
const expected = (change: Partial<Record<string, Uint8Array>> = {}): Map<string, Uint8Array[]> =>
  new Map([...all].map(([name, bytes]) => [name, pieces(change[name] ?? bytes)]));

const isSame = async (file: Uint8Array, what: Map<string, Uint8Array[]>): Promise<boolean> =>
  new ZipComparison(await openZip(new BufferSource(file)), what).all();

describe.each([3, undefined])('members of level %s held against what they should be', (level) => {
  it('are the same where every byte is', async () => {
    expect(await isSame(await archived(level), expected())).toBe(true);
  });

  it.each(['1.bin', '3.bin', '5.bin'])('are others where one byte of %s is, or its length', async (name) => {
    const file = await archived(level);
    const other = all.get(name)!.slice();
    other[other.length - 1] ^= 1;
    expect(await isSame(file, expected({ [name]: other }))).toBe(false);
    expect(await isSame(file, expected({ [name]: other.subarray(1) }))).toBe(false);
    expect(await isSame(file, expected({ [name]: all.get(name)!.subarray(0, -1) }))).toBe(false);
    expect(await isSame(file, expected({ [name]: Uint8Array.of(...all.get(name)!.subarray(0, 50_000), 0) }))).toBe(
      false,
    );
  });

  it('are others where one is missing', async () => {
    expect(await isSame(await archived(level), expected().set('6.bin', [content(1)]))).toBe(false);
  });

  it('are others where the checksum is another, or what is compressed was damaged', async () => {
    const file = await archived(level);
    const entry = (await openZip(new BufferSource(file))).get('4.bin')!;
    const view = new DataView(file.buffer);
    for (const offset of [...crcs(view, entry.crc), entry.end - 20]) {
      const damaged = file.slice();
      damaged[offset] ^= 1;
      expect(await isSame(damaged, expected())).toBe(false);
    }
  });
});

/** Where a checksum stands in the directory, which readers believe. */
function crcs(view: DataView, crc: number): number[] {
  for (let at = view.byteLength - 4; at >= 0; at--) if (view.getUint32(at, true) === crc >>> 0) return [at];
  throw new Error('no such checksum');
}

it('has its turns beside other work, of which each goes on', async () => {
  const comparison = new ZipComparison(await openZip(new BufferSource(await archived(3))), expected());
  let turns = 0;
  for (; comparison.isUnderWay; turns++) await comparison.turn();
  expect(turns).toBe(all.size);
  await comparison.turn();
  expect(await comparison.all()).toBe(true);
});
