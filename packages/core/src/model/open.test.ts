import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toTagged } from '../python/json.js';
import { loadArrays } from './artifact.js';
import { open } from './open.js';
import { SavedModel } from './saved.js';

const fixtures = join(import.meta.dirname, '../../../../fixtures');
const files = ['python', 'joblib'].flatMap((folder) =>
  readdirSync(join(fixtures, folder))
    .filter((name) => /\.(pkl|joblib)$/.test(name))
    .map((name) => join(folder, name)),
);

/** What a file is opened as, its audit included; or the error. */
async function seen(bytes: Uint8Array, audit: boolean): Promise<unknown> {
  try {
    const model = await open(bytes, { audit, name: 'x' });
    if (!(model instanceof SavedModel)) return model.format;
    const { artifact } = model;
    await loadArrays(artifact);
    const { value, more, names, sources, lazy, ...rest } = artifact;
    return {
      ...rest,
      sources: sources.length,
      lazy: lazy.length,
      names: names.map((name) => name.fullName),
      value: toTagged(value),
      more: more.map((one) => toTagged(one)),
      audit: await model.audit(),
    };
  } catch (error) {
    return error;
  }
}

describe('a file that is judged while it is opened', () => {
  it('is opened as it is without, and judged as it is afterwards', async () => {
    expect(files.length).toBeGreaterThan(70);
    for (const file of files) {
      const bytes = new Uint8Array(readFileSync(join(fixtures, file)));
      expect([file, await seen(bytes, true)]).toEqual([file, await seen(bytes, false)]);
    }
  });

  it('is refused as it is without where it cannot be read', async () => {
    const file = files.find((name) => name.endsWith('.pkl'))!;
    const bytes = new Uint8Array(readFileSync(join(fixtures, file)));
    for (const length of [1, 2, 40, bytes.length >> 1, bytes.length - 1]) {
      const cut = bytes.subarray(0, length);
      expect(await seen(cut, true)).toEqual(await seen(cut, false));
    }
    const calling = new TextEncoder().encode('cposix\nsystem\n(Vx\ntR.');
    expect(await seen(calling, true)).toEqual(await seen(calling, false));
  });
});
