import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../bytes/checksums.js';
import { ExpansionBudget } from '../bytes/expansion.js';
import { BlobSource, BufferSource } from '../bytes/source.js';
import { BrineError } from '../errors.js';
import { openZip, type ZipArchive } from './zip.js';

const folder = new URL('../../../../fixtures/bytes/', import.meta.url);
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));
const open = (bytes: Uint8Array): Promise<ZipArchive> => openZip(new BufferSource(bytes, 'test.zip'));
const names = ['stored.txt', 'folder/deflated.txt', 'bzip2.txt', 'lzma.txt', 'ünï.txt', 'empty', 'folder/'];
const code = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof BrineError) return error.code;
    throw error;
  }
  return '';
};

/** Offset of the `n`th record with that signature. */
function find(bytes: Uint8Array, signature: number, n = 0): number {
  const view = new DataView(bytes.buffer);
  for (let at = 0; at + 4 <= bytes.length; at++) {
    if (view.getUint32(at, true) === signature && n-- === 0) return at;
  }
  throw new Error('no such record');
}
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END = 0x06054b50;

/** An archive of one stored member. */
function zipOf(name: string, content: string): Buffer[] {
  const [local, central, end] = [30, 46, 22].map((size) => Buffer.alloc(size));
  for (const [header, at] of [
    [local, 14],
    [central, 16],
  ] as const) {
    header.writeUInt32LE(crc32(Buffer.from(content)), at);
    header.writeUInt32LE(content.length, at + 4);
    header.writeUInt32LE(content.length, at + 8);
    header.writeUInt16LE(name.length, at + 12);
  }
  local.writeUInt32LE(LOCAL, 0);
  central.writeUInt32LE(CENTRAL, 0);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length + content.length, 16);
  const text = [name, content].map((each) => Buffer.from(each));
  return [local, ...text, central, text[0], end];
}

describe('openZip', () => {
  it.each(['every.zip', 'descriptors.zip', 'prefixed.zip', 'zip64.zip'])(
    'reads %s as zipfile wrote it',
    async (file) => {
      const bytes = read(file);
      const archive = await open(bytes);
      expect(archive.entries.map((entry) => entry.name)).toEqual(names);
      expect(archive.prefix).toBe(file === 'prefixed.zip' ? 75 : 0);
      expect(archive.unclaimed).toEqual([]);
      const stored = archive.get('stored.txt');
      const text = await stored?.read();
      expect(text?.length).toBe(3000);
      for (const name of ['folder/deflated.txt', 'bzip2.txt', 'lzma.txt']) {
        expect(await archive.get(name)?.read(), name).toEqual(text);
      }
      expect(new TextDecoder().decode(await archive.get('ünï.txt')?.read())).toBe('utf-8');
      expect(await archive.get('empty')?.read()).toEqual(new Uint8Array(0));
      expect(archive.entries.map((entry) => entry.isFolder)).toEqual(names.map((name) => name === 'folder/'));
      expect(archive.entries.flatMap((entry) => entry.warnings)).toEqual([]);
    },
  );

  it('answers stored members as ranges, and compressed ones not', async () => {
    const bytes = read('every.zip');
    const archive = await open(bytes);
    const range = archive.get('stored.txt')?.range();
    expect(range).toBeDefined();
    const { offset = 0, length = 0 } = range ?? {};
    expect(bytes.subarray(offset, offset + length)).toEqual(await archive.get('stored.txt')?.read());
    expect(archive.get('lzma.txt')?.range()).toBeUndefined();
    const source = await archive.get('stored.txt')?.open();
    expect(source?.size).toBe(3000);
    // The very bytes of the archive, no copy.
    expect((await source?.read(10, 5))?.buffer).toBe(bytes.buffer);
    expect(archive.comment).toBe('a comment');
  });

  it('reads the same by ranges as from memory', async () => {
    for (const file of ['every.zip', 'prefixed.zip', 'zip64.zip']) {
      const bytes = read(file);
      const blob = await openZip(new BlobSource(new Blob([new Uint8Array(bytes)]), 'test.zip'));
      const memory = await open(bytes);
      for (const [i, entry] of blob.entries.entries()) {
        expect(entry.local).toEqual(memory.entries[i].local);
        expect(await entry.read()).toEqual(memory.entries[i].readNow(new ExpansionBudget()));
        expect(() => entry.readNow(new ExpansionBudget())).toThrow(/not in memory/);
      }
    }
  });

  it('reads names longer than most by ranges, too', async () => {
    const name = 'long'.repeat(200);
    const bytes = Buffer.concat([...zipOf(name, 'x')]);
    const blob = await openZip(new BlobSource(new Blob([bytes]), 'test.zip'));
    expect(blob.entries.map((entry) => [entry.name, entry.warnings, entry.local?.name])).toEqual([[name, [], name]]);
  });

  it('opens an archive of nothing', async () => {
    expect((await open(read('none.zip'))).entries).toEqual([]);
  });

  it('reports a local header that tells otherwise', async () => {
    const bytes = read('every.zip');
    bytes[find(bytes, LOCAL) + 30] = 'S'.charCodeAt(0);
    const entry = (await open(bytes)).entries[0];
    expect(entry.warnings).toEqual(['the name is "stored.txt" in the directory, but "Stored.txt" in the local header']);
    // As the directory says it.
    expect((await entry.read()).length).toBe(3000);
  });

  it('refuses what it cannot read, by name', async () => {
    const encrypted = read('every.zip');
    encrypted[find(encrypted, CENTRAL) + 8] |= 1;
    const entry = (await open(encrypted)).entries[0];
    expect(() => entry.range()).toThrow(/"stored.txt": it is encrypted/);
    expect(await code(entry.read())).toBe('UNSUPPORTED');

    const deflate64 = read('every.zip');
    deflate64[find(deflate64, CENTRAL, 1) + 10] = 9;
    await expect((await open(deflate64)).entries[1].read()).rejects.toThrow(/compression method 9 \(deflate64\)/);
  });

  it('checks CRC and size', async () => {
    const bytes = read('every.zip');
    const { offset = 0 } = (await open(bytes)).entries[0].range() ?? {};
    bytes[offset + 5] ^= 1;
    await expect((await open(bytes)).entries[0].read()).rejects.toThrow(/CRC-32/);
    const long = read('every.zip');
    new DataView(long.buffer).setUint32(find(long, CENTRAL, 1) + 24, 3001, true);
    await expect((await open(long)).entries[1].read()).rejects.toThrow(/3000 bytes of content, where 3001/);
  });

  it('refuses members that overlap', async () => {
    const bytes = read('every.zip');
    const view = new DataView(bytes.buffer);
    const second = find(bytes, CENTRAL, 1);
    view.setUint32(second + 42, view.getUint32(find(bytes, CENTRAL) + 42, true), true);
    const archive = await open(bytes);
    expect(await code(archive.entries[0].read())).toBe('CORRUPT');
    expect(await code(archive.entries[1].read())).toBe('CORRUPT');
    expect(archive.entries[1].warnings.join()).toMatch(/overlaps with "stored.txt"/);
    // The bytes of the second are now nobody's.
    expect(archive.unclaimed).toHaveLength(1);
  });

  it('says that a cut archive is cut', async () => {
    const bytes = read('every.zip');
    // A comment that is cut short is no obstacle, as in Python.
    for (let n = 0; n < bytes.length - 'a comment'.length; n += 13)
      expect(await code(open(bytes.subarray(0, n)))).toMatch(/TRUNCATED|CORRUPT/);
  });

  it('limits the number of members', async () => {
    const one = read('every.zip').subarray(find(read('every.zip'), CENTRAL, 5), find(read('every.zip'), CENTRAL, 6));
    const bytes = new Uint8Array(65_537 * one.length + 22);
    for (let i = 0; i < 65_537; i++) bytes.set(one, i * one.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(bytes.length - 22, END, true);
    view.setUint32(bytes.length - 10, bytes.length - 22, true);
    await expect(open(bytes)).rejects.toThrow(/more than 65536 members/);
  });

  it('never ends in anything but a BrineError', async () => {
    let seed = 3;
    const next = (n: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return Math.floor((seed / 0x80000000) * n);
    };
    let read1 = 0;
    for (const file of ['every.zip', 'descriptors.zip', 'prefixed.zip', 'zip64.zip']) {
      const whole = read(file);
      const headers = [find(whole, CENTRAL), find(whole, END), find(whole, LOCAL)];
      for (let round = 0; round < 400; round++) {
        const bytes = whole.slice();
        for (let flips = 1 + next(3); flips > 0; flips--) {
          bytes[Math.min(bytes.length - 1, headers[next(3)] + next(60))] = [0, 255, 1, next(256)][next(4)];
        }
        const end = await code(
          open(bytes).then(async (archive) => {
            for (const entry of archive.entries) {
              await code(entry.read());
              read1++;
            }
          }),
        );
        expect(end).toMatch(/^(|CORRUPT|TRUNCATED|UNSUPPORTED|LIMIT)$/);
      }
    }
    expect(read1).toBeGreaterThan(1000);
  });
});
