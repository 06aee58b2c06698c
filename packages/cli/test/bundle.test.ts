import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Scratch, brine, fixture } from './support.js';

const folder = fixture('models/1.4.2/files-scaler-model-columns-labels/model');
const file = (name: string): string => `${folder}/${name}`;
let scratch: Scratch;
beforeAll(() => {
  scratch = new Scratch();
});
afterAll(() => {
  scratch.remove();
});

describe('brine bundle', () => {
  it.each(['joblib', 'pkl', 'skops'])(
    'makes one %s file of a folder, which answers as the files do in turn',
    async (extension) => {
      const out = scratch.at(`pipeline.${extension}`);
      const { code, out: said } = await brine(['bundle', folder, '-o', out]);
      expect(code).toBe(0);
      expect(said).toContain('it lists column names: they are chosen first');
      const data = scratch.write('rows.csv', 'extra,price,tickets,months\n1,20,3,5\n2,70,0,40\n3,,1,2\n');
      // The missing price is refused by both, and alike.
      const rows = scratch.write('good.csv', 'extra,price,tickets,months\n1,20,3,5\n2,70,0,40\n');
      const bundled = await brine(['predict', out, rows, '--ignore-extra']);
      expect(bundled.code).toBe(0);
      const inTurn = await brine([
        'predict',
        file('feature_columns.pkl'),
        file('scaler.pkl'),
        file('model.pkl'),
        file('label_encoder.pkl'),
        rows,
        '--ignore-extra',
      ]);
      expect(bundled.out).toBe(inTurn.out);
      expect(bundled.out).toMatch(/left|stayed/);
      expect((await brine(['predict', out, data, '--ignore-extra'])).code).toBe(1);
    },
  );

  it('keeps the order given where the files tell none', async () => {
    const { code, out } = await brine(['bundle', file('model.pkl'), file('scaler.pkl'), '--dry-run', '--json']);
    expect(code).toBe(0);
    const told = JSON.parse(out) as { files: { role: string }[]; written: boolean };
    // A scaler goes before a model, whatever comes first on the command line.
    expect(told.files.map((f) => f.role)).toEqual(['transformer', 'model']);
    expect(told.written).toBe(false);
  });

  it('takes a file apart that holds several things', async () => {
    const dict = fixture('models/1.4.2/dict-model/model_bundle.pkl');
    const { code, out } = await brine(['bundle', dict, '-o', scratch.at('taken-apart.joblib'), '--json']);
    expect(code).toBe(0);
    const told = JSON.parse(out) as { files: { file: string; role: string }[]; notes: string[] };
    expect(told.files.map((f) => f.role)).toEqual(['transformer', 'model']);
    expect(told.files[0].file).toContain('["vectorizer"]');
    expect(told.notes.every((note) => note.startsWith('left aside: '))).toBe(true);
    // What is nested deeper has no place that anything tells.
    const nested = fixture('models/1.5.2/dict-encoders-model/finalized_model.sav');
    expect((await brine(['bundle', nested, '-o', scratch.at('no.joblib')])).err).toContain('["encoders"].plan');
  });

  it('leaves aside what is of no use in a folder, and says so', async () => {
    const more = scratch.at('more');
    cpSync(folder, more, { recursive: true });
    writeFileSync(`${more}/metrics.pkl`, Buffer.from('\x80\x04}.', 'latin1'));
    writeFileSync(`${more}/README.md`, 'how it was trained');
    const { code, out } = await brine(['bundle', more, '--dry-run']);
    expect(code).toBe(0);
    expect(out).toMatch(/left aside: .*metrics\.pkl/);
    // Named, it is refused.
    expect((await brine(['bundle', `${more}/metrics.pkl`, file('model.pkl'), '--dry-run'])).code).toBe(1);
  });

  it('writes nothing where it refuses', async () => {
    const out = scratch.at('never.joblib');
    expect((await brine(['bundle', file('model.pkl'), '-o', out])).err).toContain('two things at least');
    expect((await brine(['bundle', file('model.pkl'), file('scaler.pkl')])).err).toContain('where to?');
    expect((await brine(['bundle', file('model.pkl'), file('model.pkl'), '-o', out])).code).toBe(1);
    expect((await brine(['bundle', file('model.pkl'), scratch.write('x.pkl', 'no pickle'), '-o', out])).code).toBe(1);
    expect((await brine(['bundle', folder, '-o', scratch.at('never.xyz')])).err).toContain(
      'of no format that is written',
    );
    expect((await brine(['bundle', folder, '-o', `${scratch.path}/no/such/folder.joblib`])).code).toBe(1);
    expect(existsSync(out)).toBe(false);
    expect(readdirSync(scratch.path).filter((name) => name.includes('never') || name.includes('tmp'))).toEqual([]);
  });

  it('does not overwrite unasked', async () => {
    const out = scratch.write('there.joblib', 'mine');
    expect((await brine(['bundle', folder, '-o', out])).err).toContain('--force');
    expect((await brine(['bundle', folder, '-o', out, '--force'])).code).toBe(0);
  });
});
