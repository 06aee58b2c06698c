import { describe, expect, it } from 'vitest';
import { collect } from '../bytes/compress.js';
import { equalBytes } from '../bytes/equal.js';
import { BufferSource } from '../bytes/source.js';
import { openZip } from './zip.js';
import { zipArchive, type ZipMember } from './zip-write.js';

/** Pieces of a length that is no divisor of anything. */
function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 99_991) yield bytes.subarray(at, at + 99_991);
}

const member = (name: string, bytes: Uint8Array, level?: number): ZipMember => ({
  name,
  chunks: () => pieces(bytes),
  size: bytes.length,
  level,
});

/** Bytes that deflate cannot make shorter, or that it can. */
function content(length: number, kind: 'random' | 'plain'): Uint8Array {
  let seed = length;
  return Uint8Array.from({ length }, (_, i) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return kind === 'random' ? seed >>> 24 : (i >> 6) & 15;
  });
}

describe('zipArchive', () => {
  it('gives back small members and large ones, deflated where it pays', async () => {
    const given: [string, Uint8Array, number | undefined][] = [
      ['empty', new Uint8Array(0), 3],
      ['small', content(1000, 'plain'), 3],
      ['large and plain', content(9_000_000, 'plain'), 3],
      ['ends between', content(300_000, 'random'), 3],
      ['large and random', content(9_000_001, 'random'), 3],
      ['large and stored', content(8_400_000, 'plain'), undefined],
    ];
    const whole = await collect(zipArchive(given.map(([name, bytes, level]) => member(name, bytes, level))));
    const archive = await openZip(new BufferSource(whole));
    expect(archive.warnings).toEqual([]);
    expect(archive.unclaimed).toEqual([]);
    expect(archive.entries.map((e) => [e.name, e.method, e.differences])).toEqual([
      ['empty', 0, []],
      ['small', 8, []],
      ['large and plain', 8, []],
      ['ends between', 0, []],
      ['large and random', 0, []],
      ['large and stored', 0, []],
    ]);
    for (const [name, bytes] of given) expect(equalBytes(await archive.get(name)!.read(), bytes), name).toBe(true);
  });

  it('hands on what a member throws, once its turn comes', async () => {
    const failing: ZipMember = {
      name: 'b',
      size: 10,
      chunks: async function* () {
        yield await Promise.resolve(new Uint8Array(3));
        throw new Error('gone');
      },
    };
    await expect(collect(zipArchive([member('a', content(100, 'plain')), failing]))).rejects.toThrow('gone');
  });
});
