import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BufferSource } from '../bytes/source.js';
import { BrineError } from '../errors.js';
import { openSevenZip } from './sevenzip.js';

const folder = new URL('../../../../fixtures/audit/formats/containers/', import.meta.url);
const file = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));

/** Every member's bytes, by name. */
async function contents(bytes: Uint8Array): Promise<Map<string, Uint8Array>> {
  const { entries } = await openSevenZip(new BufferSource(bytes, 'a.7z'));
  const out = new Map<string, Uint8Array>();
  for (const entry of entries) {
    const source = await entry.open();
    out.set(entry.name, await source.read(0, source.size));
  }
  return out;
}

describe('7-Zip', () => {
  it.each(['lzma2-x86', 'lzma2', 'lzma', 'delta', 'deflate', 'bzip2', 'zstd', 'copy'])('%s', async (name) => {
    const found = await contents(file(`${name}.7z`));
    expect([...found.keys()].sort()).toEqual(['a/model.pkl', 'notes.txt']);
    // 200 lines in which the x86 filter sees calls: it must put them back as they were.
    const notes = found.get('notes.txt')!;
    const lines = Array.from({ length: 200 }, (_, i) => [
      ...Buffer.from(`${i}: call `),
      0xe8,
      i,
      i,
      i,
      ...Buffer.from('\0 it a model\n'),
    ]).flat();
    expect(Buffer.from(notes).equals(Buffer.from(lines))).toBe(true);
    expect(found.get('a/model.pkl')![0]).toBe(0x80);
  });

  it('refuses by name what it does not read', async () => {
    await expect(contents(file('encrypted.7z'))).rejects.toThrow(/AES encryption/);
    await expect(contents(file('ppmd.7z'))).rejects.toThrow(/PPMd/);
    await expect(contents(file('cut.7z'))).rejects.toThrow(/cut short/);
  });

  it('meets every beginning and thousands of damaged files with a BrineError', async () => {
    const whole = file('lzma2.7z');
    const attempt = async (bytes: Uint8Array): Promise<void> => {
      try {
        await contents(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(BrineError);
      }
    };
    for (let length = 0; length < whole.length; length++) await attempt(whole.subarray(0, length));
    let seed = 7;
    const random = (n: number): number => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % n;
    for (let i = 0; i < 2000; i++) {
      const bytes = whole.slice();
      for (let k = 0; k <= random(4); k++) bytes[random(bytes.length)] = random(256);
      await attempt(bytes);
    }
  });
});
