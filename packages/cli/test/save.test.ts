import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { open } from '../src/index.js';
import { convert, save, targetNamed } from '../src/tools.js';
import { fixture, Scratch } from './support.js';

const gaussian = fixture('models/1.9.1/GaussianNB-iris/model.pkl');
const row = [[5.1, 3.5, 1.4, 0.2]];

const scratch = new Scratch();
afterAll(() => {
  scratch.remove();
});
const conversion = async (target: string): ReturnType<typeof convert> =>
  convert(await open(gaussian), targetNamed(target));

describe('save', () => {
  it('writes what is read back as the same model', async () => {
    const path = scratch.at('a.skops');
    const { size, verified } = await save(await conversion('skops'), path);
    expect(size).toBe(readFileSync(path).length);
    expect(verified?.how).toEqual(['read back, it is the same object, bit for bit']);
    const [before, after] = [await open(gaussian), await open(path)];
    expect(await after.run('predict_proba', row)).toEqual(await before.run('predict_proba', row));
  });

  it('replaces nothing unasked', async () => {
    const path = scratch.write('there.joblib', 'precious');
    await expect(save(await conversion('joblib'), path)).rejects.toMatchObject({
      code: 'WRITE',
      place: { file: path },
    });
    expect(readFileSync(path, 'latin1')).toBe('precious');
    const { verified } = await save(await conversion('joblib'), path, { overwrite: true, verify: false });
    expect(verified).toBeUndefined();
    expect((await open(path)).methods).toContain('predict');
  });

  it('leaves nothing where writing fails half-way', async () => {
    const made = await conversion('pickle');
    const path = scratch.at('half.pkl');
    const broken = {
      ...made,
      parts: made.parts,
      chunks: function* () {
        yield new Uint8Array(300_000);
        throw new Error('gone');
      },
    };
    await expect(save(broken, path)).rejects.toThrow('gone');
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(scratch.path).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('puts nothing in place that reads back as something else', async () => {
    const path = scratch.at('other.pkl');
    const made = await conversion('pickle');
    const other = { ...made, chunks: () => [Uint8Array.of(0x80, 4, 0x4b, 1, 0x2e)] };
    await expect(save(other, path)).rejects.toMatchObject({ code: 'WRITE' });
    expect(existsSync(path)).toBe(false);
  });
});
