import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { deflateBeside } from './deflate.js';

/** Runs and noise, and an end that has been there before, or nearly. */
function content(size: number, seed: number): Uint8Array {
  const bytes = Uint8Array.from({ length: size }, (_, i) =>
    seed % 2 === 0 ? (Math.imul(i >> 3, seed) >> 5) & 0xff : Math.imul(i ^ (i >> (seed % 13)), 2654435761) >>> 27,
  );
  if (size > 40) bytes.copyWithin(size - 4 - (seed % 7), 8, 12 + (seed % 7));
  return bytes;
}

describe('deflating beside other work', () => {
  const sizes = [5, 0, 20_000, 65_535, 65_536, 65_537, 700_000, 98_304, 300_000, 131_072, 40_000, 90_001, 66_000];

  it.each([1, 2, 3, 6, 9])(
    'makes at level %i what a stream of its own makes, whatever was packed before',
    async (level) => {
      const all = [...sizes, ...sizes, ...sizes].map((size, i) => content(size, i + 2));
      const alone = all.map((bytes) => deflateRawSync(bytes, { level, memLevel: 9 }));
      for (const [i, bytes] of all.entries())
        expect([i, Buffer.compare(await deflateBeside(bytes, level), alone[i])]).toEqual([i, 0]);
      const beside = await Promise.all(all.map(async (bytes) => deflateBeside(bytes, level)));
      for (const [i, packed] of beside.entries()) {
        expect([i, Buffer.compare(packed, alone[i])]).toEqual([i, 0]);
        expect(Buffer.compare(inflateRawSync(packed), all[i])).toBe(0);
      }
    },
  );
});
