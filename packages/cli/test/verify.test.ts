import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from '@brine/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Scratch, brine, fixture } from './support.js';

const scratch = new Scratch();
afterAll(() => {
  scratch.remove();
});

const iris = fixture('models/1.9.1/GaussianNB-iris/model.pkl');
const tree = fixture('models/1.9.1/DecisionTreeClassifier-iris/model.pkl');
const customers = fixture('models/1.9.1/Customers-logistic/model.pkl');
const rows = scratch.write('rows.csv', 'a,b,c,d\n5.1,3.5,1.4,0.2\n6.0,3.0,5.0,1.8\n6.1,2.9,4.7,1.4\n');
let onnx = '';
beforeAll(async () => {
  const model = await open(new Uint8Array(readFileSync(tree)));
  onnx = scratch.write('tree.onnx', await model.toOnnx());
});

describe('verify', () => {
  it('a model and its ONNX, without data: says what it made, and that they are the same', async () => {
    const { code, out } = await brine(['verify', tree, onnx]);
    expect(out).toContain('made from what the files tell (no --data was given)');
    expect(out).toMatch(/values just below, at and just above 8 thresholds in 3 columns/);
    expect(out).toMatch(/predict_proba +same +\d+ rows × 3/);
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^same: model\.[a-z.]+ and tree.onnx answer \d+ rows alike$/);
    expect(code).toBe(0);
  });

  it('two models that differ: where, by how much, and exit code 1', async () => {
    const { code, out } = await brine(['verify', iris, tree, '--data', rows, '-m', 'predict_proba']);
    expect(code).toBe(1);
    expect(out).toMatch(/predict_proba +different +\d of 9 numbers differ by more than the tolerance \(\d of 3 rows\)/);
    expect(out).toMatch(/largest difference .* at row \d, column \d; relative .* units in the last place of float64/);
    expect(out).toMatch(/tolerance: 1e-9 of the larger number plus 1e-12/);
    expect(out).toMatch(/row \d, column \d: .* says [\d.e-]+, .* \d\.0/);
    expect(out).not.toContain('\npredict  ');
    const granted = await brine(['verify', iris, tree, '-d', rows, '-m', 'predict_proba', '--atol', '1']);
    expect(granted.code).toBe(0);
  });

  it('as JSON', async () => {
    const { code, out } = await brine(['verify', iris, tree, '-d', rows, '--json']);
    const report = JSON.parse(out) as { same: boolean; rows: number; methods: { name: string; outputs: object[] }[] };
    expect([code, report.same, report.rows]).toEqual([1, false, 3]);
    const labels = report.methods.find((m) => m.name === 'predict')!.outputs[0];
    expect(labels).toMatchObject({ kind: 'labels', values: 3 });
  });

  it('answers as pandas writes them: with row numbers, under names that are numbers, as a Series', async () => {
    const model = await open(new Uint8Array(readFileSync(tree)));
    const X = {
      dtype: 'float64',
      shape: [3, 4],
      data: Float64Array.of(5.1, 3.5, 1.4, 0.2, 6, 3, 5, 1.8, 6.1, 2.9, 4.7, 1.4),
    };
    const labels = Array.from(((await model.run('predict', X as never)) as { data: ArrayLike<number> }).data);
    const shares = Array.from(((await model.run('predict_proba', X as never)) as { data: ArrayLike<number> }).data);
    const row = (i: number): string => shares.slice(3 * i, 3 * i + 3).join(',');
    const files = {
      'series.csv': [',0', ...labels.map((l, i) => `${i},${l}`)].join('\n'),
      'frame.csv': [',0,1,2', ...labels.map((_, i) => `${i},${row(i)}`)].join('\n'),
      'named.csv': [',a,b,c', ...labels.map((_, i) => `${i},${row(i)}`)].join('\n'),
      'series.json': JSON.stringify(Object.fromEntries(labels.entries())),
    };
    for (const [name, text] of Object.entries(files)) {
      const { code, out } = await brine(['verify', tree, scratch.write(name, `${text}\n`), '-d', rows]);
      expect([name, code, out]).toEqual([name, 0, expect.stringMatching(/^same: .* answer 3 rows alike$/m)]);
    }
    const wrong = [',0', '0,9', '1,9', '2,9'].join('\n');
    expect((await brine(['verify', tree, scratch.write('wrong.csv', wrong), '-d', rows])).code).toBe(1);
  });

  it('what a model answered before, kept with --save', async () => {
    const kept = scratch.at('answers.json');
    const saved = await brine(['verify', customers, '--save', kept]);
    expect([saved.code, saved.out]).toEqual([0, '']);
    expect(saved.err).toMatch(/the answers to \d+ rows are kept in /);
    const again = await brine(['verify', customers, kept]);
    expect(again.code).toBe(0);
    expect(again.out).toContain('kept in answers.json with the answers of model.');
    expect(again.out).toMatch(/predict_proba +same +\d+ rows × 2, equal to the last bit/);
    // A changed answer is found.
    const json = JSON.parse(readFileSync(kept, 'utf8')) as {
      blocks: { answers: { predict: { data: unknown[] }[] } }[];
    };
    json.blocks[0].answers.predict[0].data[2] = 'someone else';
    const changed = await brine(['verify', customers, scratch.write('changed.json', JSON.stringify(json))]);
    expect(changed.code).toBe(1);
    expect(changed.out).toMatch(/predict +different +1 of \d+ labels differ/);
    expect(changed.out).toMatch(/row 2: changed.json says "someone else"/);
  });

  it('what a forest answered, paths with where their trees begin, too', async () => {
    const forest = fixture('models/1.9.1/RandomForestClassifier-wine/model.pkl');
    const kept = scratch.at('forest.json');
    expect((await brine(['verify', forest, '--save', kept])).code).toBe(0);
    const again = await brine(['verify', forest, kept]);
    expect([again.code, again.err]).toEqual([0, '']);
    expect(again.out).toContain('decision_path');
  });

  it('answers in a file: as predict writes them, arrays by method, plain arrays', async () => {
    const written = scratch.at('written.csv');
    await brine(['predict', iris, rows, '-m', 'predict_proba', '-o', written]);
    expect((await brine(['verify', iris, written, '-d', rows])).code).toBe(0);
    const labels = scratch.at('labels.csv');
    await brine(['predict', iris, rows, '-o', labels]);
    expect((await brine(['verify', iris, labels, '-d', rows])).code).toBe(0);
    const npy = scratch.at('proba.npy');
    await brine(['predict', iris, rows, '-m', 'predict_proba', '-o', npy]);
    const guessed = await brine(['verify', iris, npy, '-d', rows]);
    expect(guessed.out).toContain('taken for predict_proba (say it with --method)');
    expect(guessed.code).toBe(0);
    expect((await brine(['verify', tree, npy, '-d', rows])).code).toBe(1);
    const json = scratch.write('a.json', '{"predict": ["setosa", "virginica", "virginica"]}');
    const wrong = await brine(['verify', iris, json, '-d', rows]);
    expect(wrong.out).toContain('1 of 3 labels differ');
    expect(wrong.code).toBe(1);
  });
});

describe('wrong use', () => {
  async function refused(words: readonly string[], sentence: RegExp, code = 1): Promise<void> {
    const ran = await brine(['verify', ...words]);
    expect(ran.err.split('\n')[0]).toMatch(sentence);
    expect(ran.err).not.toMatch(/\n\s+at /);
    expect([ran.code, ran.out]).toEqual([code, '']);
  }

  it.each([
    ['one file', [iris], /verify needs two files/, 2],
    ['three files', [iris, iris, iris], /compares two files, not 3/, 2],
    ['a missing file', [iris, '/nowhere/x.pkl'], /there is no such file/, 1],
    ['no rows for answers', [iris, rows], /holds answers, but not the rows they answer/, 2],
    ['answers first', [rows, iris], /rows.csv is no model|is CSV|table/, 1],
    ['a folder of nothing', [iris, scratch.path], /./, 1],
    ['an unknown method', [iris, tree, '-m', 'nonsense'], /no output that both offer nonsense|nothing to compare/, 1],
    ['no number', [iris, tree, '--rtol', 'much'], /a number from 0 is needed/, 2],
    ['an engine that is none', [iris, tree, '--engine', 'tensorflow'], /Allowed choices are|tensorflow/, 2],
  ])('%s', async (_, words, sentence, code) => {
    await refused(words, sentence, code);
  });

  it('tables that do not fit', async () => {
    await refused(
      [iris, tree, '-d', scratch.write('wide.csv', 'a,b,c,d,e\n1,2,3,4,5\n')],
      /expects 4 columns, the table has 5/,
    );
    await refused([iris, tree, '-d', scratch.write('narrow.csv', 'a,b\n1,2\n')], /expects 4 columns, the table has 2/);
    await refused([iris, tree, '-d', scratch.write('empty.csv', '')], /empty/);
    await refused([iris, tree, '-d', scratch.write('head.csv', 'a,b,c,d\n')], /no rows/);
    await refused([iris, tree, '-d', scratch.path], /folder/);
    await refused([iris, tree, '-d', iris], /a pickle, not a table/);
  });

  it('models that take different things', async () => {
    await refused([iris, customers], /takes 4 columns, the second 8/);
    const vectorizer = fixture('models/1.9.1/CountVectorizer-words/model.pkl');
    await refused([iris, vectorizer], /nothing to compare|documents/);
  });

  it('an engine that is not installed is named, with the command that installs it', async () => {
    if (existsSync(new URL('../../../node_modules/onnxruntime-node', import.meta.url))) return;
    const ran = await brine(['verify', onnx, '--engine', 'onnxruntime-node']);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('the engine onnxruntime-node is not installed here');
    expect(ran.err).toContain('npm install onnxruntime-node');
  });

  it('a target that cannot be written leaves nothing', async () => {
    const folder = scratch.at('target');
    mkdirSync(folder);
    writeFileSync(`${folder}/x`, '');
    await refused([iris, '--save', folder], /folder/);
  });
});

describe('verify, of transformers', () => {
  const scaler = fixture('models/1.9.1/StandardScaler-iris/model.pkl');

  it('there and back, and the names they give', async () => {
    const { code, out } = await brine(['verify', scaler, scaler]);
    expect(out).toMatch(/inverse_transform +same +\d+ rows × 4/);
    expect(out).toMatch(/get_feature_names_out +same +4 names, all the same/);
    expect(code).toBe(0);
    const names = await brine(['verify', scaler, scaler, '-m', 'get_feature_names_out']);
    expect(names.out).toMatch(/give the same names/);
    expect(names.code).toBe(0);
  });

  it('offers what it has for a column too many', async () => {
    const wide = scratch.write('wide.csv', 'a,b,c,d,e\n1,2,3,4,5\n');
    const { code, err } = await brine(['verify', scaler, scaler, '--data', wide]);
    expect(code).not.toBe(0);
    expect(err).toContain('--drop NAME or --ignore-extra leaves it out');
    expect(err).not.toContain('--keep');
    expect((await brine(['verify', scaler, scaler, '--data', wide, '--drop', 'e'])).code).toBe(0);
  });
});
