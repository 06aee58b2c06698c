import { describe, expect, it } from 'vitest';
import { BrineError } from '../errors.js';
import { collect, compress, type Encoding } from './compress.js';
import { decompress } from './decompress.js';

/** Repetitive, random, and in between; the sizes around the limits of matches, blocks and lengths. */
function content(kind: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let seed = size + kind;
  for (let i = 0; i < size; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    if (kind === 0) bytes[i] = seed >>> 24;
    else if (kind === 1) bytes[i] = i % 7;
    else if (kind === 2) bytes[i] = seed >>> 30;
    else if (kind === 3) bytes[i] = i > 100 && seed >>> 29 !== 0 ? bytes[i - (100 + (i >> 10))] : seed >>> 24;
  }
  return bytes;
}

/** `toEqual` would look at every byte by itself. */
const differs = (a: Uint8Array, b: Uint8Array): boolean => a.length !== b.length || a.some((byte, i) => byte !== b[i]);

const encodings: Encoding[] = ['zlib', 'gzip', 'lz4', 'xz'];

describe.each(encodings)('%s', (encoding) => {
  it.each([0, 1, 2, 3, 4])('gives back what went in, kind %i', async (kind) => {
    for (const size of [0, 1, 4, 5, 12, 13, 17, 64, 255, 300, 4096, 65_535, 65_536, 70_000, 300_000]) {
      const bytes = content(kind, size);
      const packed = await collect(compress(encoding, [bytes.subarray(0, size >> 1), bytes.subarray(size >> 1)]));
      expect(differs(await decompress(encoding, packed), bytes), `${size}`).toBe(false);
      expect(packed.length).toBeLessThan(size + 96 + (size >> 6));
    }
  });

  it('hands on what its input throws', async () => {
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(new Uint8Array(10));
      throw new BrineError('READ', 'gone');
    };
    await expect(collect(compress(encoding, failing()))).rejects.toThrow('gone');
  });
});

/** Records of eight fields of eight bytes, as trees have them: small numbers, and one that looks like noise. */
function records(count: number): Uint8Array {
  const fields = new Float64Array(8 * count);
  const small = content(2, 8 * count);
  for (let i = 0; i < 8 * count; i++) fields[i] = i % 8 === 3 ? Math.sin(i * 12.9898) : small[i];
  return new Uint8Array(fields.buffer);
}

describe('xz', () => {
  it.each([1, 3, 4, 6, 9])('gives back what went in at level %i', async (level) => {
    const noise = content(0, 70_000);
    const inputs = [records(600), noise, content(1, 30_000), content(3, 30_000), new Uint8Array(5000)];
    // Where noise comes between, what was learnt is forgotten, for it is stored.
    const mixed = await collect([records(500), noise, records(500), content(2, 3000), noise, records(300)]);
    for (const bytes of [...inputs, mixed]) {
      const packed = await collect(compress('xz', [bytes], { level }));
      expect(differs(await decompress('xz', packed), bytes)).toBe(false);
    }
    expect((await collect(compress('xz', [noise], { level }))).length).toBeLessThan(noise.length + 100);
  });

  it('packs fields by their places, and the better the more effort', async () => {
    const bytes = records(2000);
    const sizes: number[] = [];
    for (const level of [1, 6, 9]) sizes.push((await collect(compress('xz', [bytes], { level }))).length);
    // An eighth is noise, and the rest are numbers of two bits.
    expect(sizes[0]).toBeLessThan(bytes.length / 4);
    expect(sizes[1]).toBeLessThan(sizes[0]);
    expect(sizes[2]).toBeLessThanOrEqual(sizes[1]);
  });
});

it('goes beyond one lz4 block, and makes it shorter', async () => {
  const bytes = content(1, 9_000_001);
  const packed = await collect(compress('lz4', [bytes]));
  expect(packed.length).toBeLessThan(60_000);
  expect(differs(await decompress('lz4', packed), bytes)).toBe(false);
});

it('refuses levels that there are not', async () => {
  await expect(collect(compress('gzip', [], { level: 12 }))).rejects.toThrow(/from 1 to 9/);
});
