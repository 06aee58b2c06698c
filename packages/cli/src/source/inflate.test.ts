import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inflateBeside } from './inflate.js';

const noise = Uint8Array.from({ length: 3_000_000 }, (_, i) => Math.imul(i ^ (i >> 9), 2654435761) >>> 27);
const content = (size: number): Uint8Array => noise.subarray(0, size);
const sizes = [0, 1, 5000, 60_000, 700_000, 1_048_575, 1_048_576, 1_048_577, 3_000_000];

async function inflated(input: Uint8Array): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = [];
  const whole = await inflateBeside(input, (piece) => pieces.push(piece.slice()) > 0);
  return whole ? Buffer.concat(pieces) : undefined;
}

const check = async (size: number): Promise<void> => {
  const bytes = content(size);
  expect(Buffer.compare((await inflated(deflateRawSync(bytes))) ?? Buffer.of(), bytes)).toBe(0);
};

describe('inflating beside other work', () => {
  it('hands on all that went in, one after the other and side by side', async () => {
    for (const size of sizes) await check(size);
    await Promise.all([...sizes, ...sizes].map(check));
  });

  const packed = deflateRawSync(content(300_000));
  it.each([
    ['no deflate stream', Buffer.alloc(5000, 0xff)],
    ['cut off', packed.subarray(0, -5)],
    ['followed by more', Buffer.concat([packed, Buffer.alloc(5000, 7)])],
    ['nothing', Buffer.of()],
    ['small, and cut off', deflateRawSync(content(5000)).subarray(0, -5)],
  ])('is false of what is %s, and no others suffer', async (_, wrong) => {
    const [, answers] = await Promise.all([
      check(200_000),
      Promise.all([wrong, wrong, wrong, wrong, wrong].map(inflated)),
      check(900_000),
    ]);
    expect(answers.map((answer) => answer === undefined)).toEqual([true, true, true, true, true]);
    await Promise.all(sizes.map(check));
  });

  it.each([3000, 900_000])('stops at %i bytes where nobody wants more', async (size) => {
    let pieces = 0;
    expect(await inflateBeside(deflateRawSync(content(size)), () => ++pieces > 1)).toBe(false);
    expect(pieces).toBe(1);
    await check(size);
  });
});
