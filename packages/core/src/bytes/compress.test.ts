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

it('goes beyond one lz4 block, and makes it shorter', async () => {
  const bytes = content(1, 9_000_001);
  const packed = await collect(compress('lz4', [bytes]));
  expect(packed.length).toBeLessThan(60_000);
  expect(differs(await decompress('lz4', packed), bytes)).toBe(false);
});

it('refuses levels that there are not', async () => {
  await expect(collect(compress('gzip', [], { level: 12 }))).rejects.toThrow(/from 1 to 9/);
});
