import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openZip } from '../../archive/zip.js';
import { LazyBytes } from '../../bytes/lazy.js';
import { BufferSource } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import { toTagged } from '../../python/json.js';
import { readObjects } from '../pickle/read.js';
import { parseLiteral } from './literal.js';
import { readNpy, readNpz, writeNpy } from './index.js';

/** `.npz` files of numpy 1.14 to 2.4, Python 2.7 too, with their tagged JSON (oracle/python/make.py). */
const folder = fileURLToPath(new URL('../../../../../fixtures/python/', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.npz'));
const open = (name: string): BufferSource => new BufferSource(new Uint8Array(readFileSync(folder + name)), name);

describe('npz', () => {
  it.each(files)('%s', async (name) => {
    const expected = JSON.parse(readFileSync(folder + name.replace(/(-compressed)?\.npz$/, '.json'), 'latin1')) as [
      string,
      unknown,
    ][];
    const members = await readNpz(open(name), readObjects);
    expect([...members.keys()].sort()).toEqual(expected.map(([key]) => key).sort());
    for (const [key, item] of expected) {
      const { array } = await members.get(key)!.load();
      expect([key, toTagged(array)]).toEqual([key, item]);
    }
  });
});

describe('writeNpy', () => {
  it('writes the bytes that numpy writes', async () => {
    const archive = await openZip(open(files.find((name) => name.startsWith('pandas3'))!));
    let same = 0;
    for (const entry of archive.entries) {
      const bytes = await entry.read();
      const { array, header } = await readNpy(new BufferSource(bytes), readObjects);
      if (Array.isArray(array.data)) continue;
      expect([entry.name, writeNpy(array)]).toEqual([entry.name, bytes]);
      expect(header.dataOffset % 64).toBe(0);
      same++;
    }
    expect(same).toBeGreaterThan(20);
  });
});

describe('npy', () => {
  const header = (text: string): Uint8Array => {
    const out = new Uint8Array(10 + text.length);
    out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length & 255, text.length >> 8]);
    out.set(new TextEncoder().encode(text), 10);
    return out;
  };
  const code = async (bytes: Uint8Array): Promise<string> => {
    try {
      await readNpy(new BufferSource(bytes));
      return 'read';
    } catch (error) {
      if (error instanceof BrineError) return error.code;
      throw error;
    }
  };

  it.each([
    ["{'descr': '<f8', 'fortran_order': False, 'shape': (4,)}", 'TRUNCATED'],
    ["{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}", 'CORRUPT'],
    ["{'descr': '<f8', 'fortran_order': False, 'shape': (0,)}", 'read'],
    ["{'descr': '<f8', 'fortran_order': False, 'shape': (4503599627370496, 4503599627370496, 0)}", 'CORRUPT'],
    ["{'descr': '<f7', 'fortran_order': False, 'shape': (0,)}", 'CORRUPT'],
    ["{'descr': '|O', 'fortran_order': False, 'shape': (0,)}", 'UNSUPPORTED'],
    ["{'descr': [('a', '<f8', (4503599627370496, 4))], 'fortran_order': False, 'shape': (1,)}", 'CORRUPT'],
    [`{'descr': ${'['.repeat(500)}, 'fortran_order': False, 'shape': (1,)}`, 'CORRUPT'],
    [`{'descr': '<f8', 'fortran_order': False, 'shape': (${'1,'.repeat(65)})}`, 'LIMIT'],
    ["{'descr': '<f8', 'fortran_order': False}", 'CORRUPT'],
    ["__import__('os').system('true')", 'CORRUPT'],
  ])('a header of kind %#', async (text, expected) => {
    expect(await code(header(text))).toBe(expected);
  });

  it('refuses every prefix of a header, and reads the whole', async () => {
    const whole = header("{'descr': '<f8', 'fortran_order': False, 'shape': (), }\n");
    for (let i = 0; i < whole.length; i++) {
      expect(await code(whole.subarray(0, i))).toMatch(/^(?:TRUNCATED|UNKNOWN_FORMAT|CORRUPT)$/);
    }
    expect(await code(Uint8Array.of(...whole, 0, 0, 0, 0, 0, 0, 0, 0))).toBe('read');
  });

  it('leaves large data in the file', async () => {
    const start = header("{'descr': '|u1', 'fortran_order': False, 'shape': (2000000,)}");
    const bytes = new Uint8Array(start.length + 2_000_000);
    bytes.set(start);
    const { array } = await readNpy(new BufferSource(bytes));
    expect(array.data).toBeInstanceOf(LazyBytes);
    expect((await (array.data as LazyBytes).load()).length).toBe(2_000_000);
  });
});

describe('parseLiteral', () => {
  it('knows tuples, brackets, Python 2 and escapes', () => {
    expect(parseLiteral("[(u'a', b'<f8'), (3L,), (4), \"it's\", 'x\\'\\n', -1, True, None, ()]")).toMatchObject([
      { items: ['a', '<f8'] },
      { items: [3] },
      4,
      "it's",
      "x'\n",
      -1,
      true,
      null,
      { items: [] },
    ]);
    expect(() => parseLiteral("{'a' 1}")).toThrow(/character 5/);
  });
});
