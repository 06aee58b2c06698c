import { mkdtempSync, rmSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fileSource } from './file.js';
import { PagedFile } from './paged.js';

const folder = mkdtempSync(join(tmpdir(), 'brine-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const content = Uint8Array.from({ length: 300_001 }, (_, i) => Math.imul(i ^ (i >> 9), 2654435761) >>> 24);

/** A new file of that content, as `fileSource` opens it. */
async function opened(name: string): Promise<PagedFile> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const source = await fileSource(path);
  if (!(source instanceof PagedFile)) throw new Error('it is read otherwise');
  return source;
}

const same = (a: Uint8Array, from: number, to: number): boolean => Buffer.compare(a, content.subarray(from, to)) === 0;

describe('a file that is read page by page', () => {
  it('gives what is in it, wherever one looks first', async () => {
    const ranges = [
      [0, 10],
      [299_990, 300_001],
      [65_530, 65_540],
      [131_072, 196_608],
      [10, 290_000],
      [0, 300_001],
    ];
    for (let first = 0; first < ranges.length; first++) {
      const file = await opened(`a${first}.skops`);
      for (const [from, to] of [...ranges.slice(first), ...ranges]) {
        expect(same(file.glance(from, to - from), from, to)).toBe(true);
        expect(same(file.view(from, to - from), from, to)).toBe(true);
        expect(same(await file.read(from, to - from), from, to)).toBe(true);
      }
      expect(same(file.bytes, 0, content.length)).toBe(true);
    }
  });

  it('keeps what was viewed, and not what was glanced at', async () => {
    const file = await opened('b.skops');
    const [viewed, glanced] = [file.view(5, 100), file.glance(100_000, 50)];
    expect(same(glanced, 100_000, 100_050)).toBe(true);
    file.glance(200_000, 50);
    expect(same(glanced, 200_000, 200_050)).toBe(true);
    expect(same(viewed, 5, 105)).toBe(true);
    expect(file.view(0, 0)).toHaveLength(0);
  });

  it('refuses a file that was changed, cut or taken away meanwhile, and ranges beyond it', async () => {
    const changed = await opened('c.skops');
    changed.view(0, 10);
    utimesSync(changed.name, new Date(0), new Date(0));
    expect(same(changed.view(0, 10), 0, 10)).toBe(true);
    expect(() => changed.view(200_000, 10)).toThrow(/changed while it was being read/);
    expect(() => changed.bytes).toThrow(/changed while it was being read/);
    const gone = await opened('d.skops');
    unlinkSync(gone.name);
    expect(() => gone.glance(0, 10)).toThrow(/no such file/);
    const file = await opened('e.skops');
    expect(() => file.view(300_000, 2)).toThrow(/the file has 300001 bytes/);
    expect(() => file.glance(-1, 2)).toThrow(/the file has 300001 bytes/);
    const cut = new PagedFile(Object.assign(statSync(file.name), { size: 400_000 }), file.name);
    expect(() => cut.view(350_000, 10)).toThrow(/changed while it was being read/);
  });

  it('is read as it always was under another name', async () => {
    const path = join(folder, 'f.pkl');
    writeFileSync(path, content);
    expect(await fileSource(path)).not.toBeInstanceOf(PagedFile);
  });
});
