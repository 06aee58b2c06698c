import { describe, expect, it } from 'vitest';
import { damaged, samplesOf } from '../../test/support/format-samples.js';
import { BufferSource } from '../bytes/source.js';
import { BrineError } from '../errors.js';
import { openSevenZip } from './sevenzip.js';

const samples = new Map((await samplesOf('containers')).map(({ name, bytes }) => [name, bytes]));
const file = (name: string): Uint8Array => samples.get(name)!;

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
    await expect(contents(file('encrypted.7z'))).rejects.toThrow(/encrypted: unpack them with the password/);
    await expect(contents(file('ppmd.7z'))).rejects.toThrow(/PPMd/);
    await expect(contents(file('cut.7z'))).rejects.toThrow(/cut short/);
  });

  it('meets every beginning and thousands of damaged files with a BrineError', async () => {
    const whole = file('lzma2.7z');
    for (const bytes of damaged(whole, 2000)) {
      try {
        await contents(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(BrineError);
      }
    }
  });
});
