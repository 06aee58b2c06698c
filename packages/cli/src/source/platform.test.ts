import { inflateRawSync } from 'node:zlib';
import { deflated } from '@brine/core/bytes';
import { describe, expect, it } from 'vitest';
import { useNodeDeflate } from './platform.js';

const content = (size: number, seed: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, i) => (Math.imul(i >> 3, seed) >> 5) & 0xff);
const noise = Uint8Array.from({ length: 600_000 }, (_, i) => Math.imul(i ^ (i >> 7), 2654435761) >>> 24);

describe('deflating beside other work', () => {
  it('makes the same of the same bytes, whatever was packed before or meanwhile', async () => {
    useNodeDeflate();
    const all = [5, 0, 20_000, 1, 700_000, 300_000, 40_000, 0, 90_000].map((size, i) => content(size, i + 3));
    all.push(noise);
    const alone: Uint8Array[] = [];
    for (const bytes of all) alone.push(await deflated(bytes, 3));
    const beside = await Promise.all([...all, ...all].map((bytes) => deflated(bytes, 3)));
    for (const [i, packed] of beside.entries()) {
      expect(Buffer.compare(packed, alone[i % all.length])).toBe(0);
      expect(Buffer.compare(inflateRawSync(packed), all[i % all.length])).toBe(0);
    }
  });
});
