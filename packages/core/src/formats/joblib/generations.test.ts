import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BufferSource, type Source } from '../../bytes/source.js';
import { toTagged } from '../../python/json.js';
import { readPickleFile } from '../pickle/read.js';

/** Files that joblib 0.8 to 1.6 wrote on Python 2.7 to 3.13 (oracle/python/make_joblib.py). */
const folder = fileURLToPath(new URL('../../../../../fixtures/joblib/', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.joblib'));

/** A file in a folder, perhaps under another name than on disk. */
class FolderSource extends BufferSource {
  readonly #folder: ReadonlyMap<string, string>;
  constructor(folder: ReadonlyMap<string, string>, name: string) {
    super(new Uint8Array(readFileSync(folder.get(name)!)), name);
    this.#folder = folder;
  }
  sibling(name: string): Promise<Source | undefined> {
    return Promise.resolve(this.#folder.has(name) ? new FolderSource(this.#folder, name) : undefined);
  }
  siblings(): Promise<string[]> {
    return Promise.resolve([...this.#folder.keys()]);
  }
}

function folderOf(path: string, rename: (name: string) => string = (name) => name): Map<string, string> {
  return new Map(readdirSync(dirname(path)).map((name) => [rename(name), join(dirname(path), name)]));
}

/** joblib stores a shared array as often as it occurs: what `value` refers to is written out. */
function withoutIds(value: unknown, known = new Map<unknown, unknown>()): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutIds(item, known));
  if (typeof value !== 'object' || value === null) return value;
  const { id, ...rest } = value as Record<string, unknown>;
  if (rest['$'] === 'ref') return known.get(id);
  const out = Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, withoutIds(item, known)]));
  if (id !== undefined) known.set(id, out);
  return out;
}

function expected(name: string): { items: [string, unknown][] } {
  const path = join(folder, name.replace(/-[a-z0-9]+\.joblib$/, '.json'));
  return withoutIds(JSON.parse(readFileSync(path, 'latin1'))) as { items: [string, unknown][] };
}

describe('joblib files of every generation', () => {
  it.each(files)('%s', async (name) => {
    const path = join(folder, name);
    const file = await readPickleFile(new FolderSource(folderOf(path), name));
    const got = withoutIds(toTagged(file.value)) as { items: [string, unknown][] };
    const wanted = expected(name);
    expect(got.items.map(([key]) => key)).toEqual(wanted.items.map(([key]) => key));
    wanted.items.forEach(([key, item], i) => {
      expect([key, got.items[i][1]]).toEqual([key, item]);
    });
    expect(file.joblib).toBe(!/0\.[89]\.\d-zlib/.test(name));
    expect(file.notes).toEqual([]);
    const compression = /-(\w+)\.joblib$/.exec(name)![1];
    const old = /0\.[89]\.\d/.test(name);
    expect(file.compression).toEqual(compression === 'raw' ? [] : [old ? 'zf' : compression]);
    expect(file.parts.every((part) => existsSync(join(folder, part)))).toBe(true);
    expect(file.parts.length > 0).toBe(old && !name.includes('zlib'));
  });
});

describe('parts beside the file', () => {
  const name = files.find((file) => /^0\.8.*raw/.test(file))!;
  const path = join(folder, name);
  const renamed =
    (stem: string): ((file: string) => string) =>
    (file) =>
      file.startsWith(name) ? stem + file.slice(name.length) : file;

  it('are found when the file and its parts were renamed together', async () => {
    const all = folderOf(path, renamed('other.pkl'));
    const file = await readPickleFile(new FolderSource(all, 'other.pkl'));
    expect(withoutIds(toTagged(file.value))).toEqual(expected(name));
    expect(file.notes).toEqual([`parts renamed: the file names ${name}_01.npy, other.pkl_01.npy stands beside it`]);
  });

  it('are found by number when they have another name than the file', async () => {
    const all = new Map([...folderOf(path, renamed('parts'))].filter(([file]) => file.startsWith('parts')));
    all.set('model.pkl', path);
    const file = await readPickleFile(new FolderSource(all, 'model.pkl'));
    expect(withoutIds(toTagged(file.value))).toEqual(expected(name));
    expect(file.notes).toHaveLength(1);
  });

  it('are not guessed when two sets could be meant', async () => {
    const one = [...folderOf(path, renamed('one'))].filter(([file]) => file.startsWith('one_'));
    const two = [...folderOf(path, renamed('two'))].filter(([file]) => file.startsWith('two_'));
    const all = new Map([...one, ...two, ['model.pkl', path]] as [string, string][]);
    await expect(readPickleFile(new FolderSource(all, 'model.pkl'))).rejects.toMatchObject({ code: 'AMBIGUOUS' });
  });

  it('are named when they are missing', async () => {
    await expect(readPickleFile(new FolderSource(new Map([['model.pkl', path]]), 'model.pkl'))).rejects.toMatchObject({
      code: 'MISSING_PART',
      message: expect.stringContaining(basename(path)) as string,
    });
  });
});
