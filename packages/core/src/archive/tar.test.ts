import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BufferSource } from '../bytes/source.js';
import { BrineError } from '../errors.js';
import { isTar, openTar, type TarArchive } from './tar.js';

const folder = new URL('../../../../fixtures/bytes/', import.meta.url);
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));
const open = (bytes: Uint8Array): Promise<TarArchive> => openTar(new BufferSource(bytes, 'test.tar'));

describe('openTar', () => {
  it.each(['ustar', 'gnu', 'pax'])('reads what tarfile wrote as %s', async (kind) => {
    const archive = await open(read(`${kind}.tar`));
    const long = 'a/'.repeat(40) + 'long.txt';
    const files = kind === 'ustar' ? [] : ['ü'.repeat(120)];
    expect(archive.entries.map((entry) => entry.name)).toEqual([
      'short.txt',
      long,
      'empty',
      ...files,
      'folder',
      'soft',
      'hard',
    ]);
    expect((await archive.get('short.txt')?.read())?.length).toBe(3000);
    expect(new TextDecoder().decode(await archive.get(long)?.read())).toBe('long');
    expect((await archive.get('empty')?.read())?.length).toBe(0);
    const source = archive.get('short.txt')?.open();
    expect(await source?.read(0, 3000)).toEqual(await archive.get('short.txt')?.read());
  });

  it('tells links and follows none', async () => {
    const archive = await open(read('pax.tar'));
    expect(archive.get('soft')).toMatchObject({ type: 'symlink', target: '/etc/passwd', size: 0 });
    expect(archive.get('hard')).toMatchObject({ type: 'hardlink', target: 'short.txt' });
    expect(archive.get('folder')).toMatchObject({ type: 'folder' });
    expect(() => archive.get('soft')?.range()).toThrow(/"soft" is a symlink, not a file/);
  });

  it('checks sizes and checksums', async () => {
    const bytes = read('ustar.tar');
    expect(isTar(bytes)).toBe(true);
    await expect(open(bytes.subarray(0, 2000))).rejects.toMatchObject({ code: 'TRUNCATED', place: { offset: 0 } });
    const damaged = bytes.slice();
    damaged[3] ^= 1;
    expect(isTar(damaged)).toBe(false);
    await expect(open(damaged)).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  it('never ends in anything but a BrineError', async () => {
    let seed = 11;
    const next = (n: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return Math.floor((seed / 0x80000000) * n);
    };
    let opened = 0;
    for (const kind of ['ustar', 'gnu', 'pax']) {
      const whole = read(`${kind}.tar`);
      for (let round = 0; round < 600; round++) {
        const bytes = whole.slice();
        const header = 512 * next(16);
        for (let flips = 1 + next(3); flips > 0; flips--) bytes[header + next(512)] = 0x30 + next(80);
        // The checksum is mended half the time, so that the fields behind it are reached.
        if (next(2) === 0) {
          bytes.fill(32, header + 148, header + 156);
          const sum = bytes.subarray(header, header + 512).reduce((total, byte) => total + byte, 0);
          bytes.set(new TextEncoder().encode(sum.toString(8).padStart(6, '0') + '\0 '), header + 148);
        }
        try {
          const archive = await open(bytes);
          opened += archive.entries.length;
          for (const entry of archive.entries) if (entry.type === 'file') await entry.read();
        } catch (error) {
          expect(error).toBeInstanceOf(BrineError);
        }
      }
    }
    expect(opened).toBeGreaterThan(1000);
  });
});
