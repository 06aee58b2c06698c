import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { Scratch, brine, fixture } from './support.js';

const scratch = new Scratch();
afterAll(() => {
  scratch.remove();
});

const iris = fixture('models/1.9.1/GaussianNB-iris/model.pkl');
const wide = '5.1,3.5,1.4,0.2\n6.0,3.0,5.0,1.8\n';
const table = scratch.write('table.csv', `a,b,c,d\n${wide}`);

describe('predict', () => {
  it('gives Python’s answers for each row, as CSV', async () => {
    const customers = 'models/1.9.1/Customers-logistic/';
    const expected = JSON.parse(readFileSync(fixture(`${customers}predict.json`), 'utf8')) as string[];
    const { code, out } = await brine(['predict', fixture(`${customers}model.pkl`), fixture(`${customers}X.json`)]);
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toEqual(['prediction', ...expected]);
  });

  it('names the columns of probabilities by their labels, in Python’s digits', async () => {
    const { out } = await brine(['predict', iris, table, '-m', 'predict_proba']);
    const [head, first] = out.split('\n');
    expect(head).toBe('proba_setosa,proba_versicolor,proba_virginica');
    expect(first).toMatch(/^1\.0,4\.34\d+e-18,2\.87\d+e-27$/);
  });

  it('is the same whatever the size of a batch', async () => {
    const rows = Array.from({ length: 50 }, (_, i) => `r${i},${4 + i / 20},3.1,${1 + i / 10},0.${i}`).join('\n');
    const path = scratch.write('many.csv', `id,a,b,c,d\n${rows}\n`);
    const whole = await brine(['predict', iris, path, '--keep', 'id', '-m', 'predict_proba']);
    const split = await brine(['predict', iris, path, '--keep', 'id', '-m', 'predict_proba', '--batch', '7']);
    expect(whole.code).toBe(0);
    expect(split.out).toBe(whole.out);
    expect(whole.out.split('\n')).toHaveLength(52);
  });

  it('keeps an id column as it is spelled', async () => {
    const path = scratch.write('ids.csv', `id,a,b,c,d\n007,5.1,3.5,1.4,0.2\n1.50,6,3,5,1.8\n`);
    const { out } = await brine(['predict', iris, path, '--keep', 'id']);
    expect(out).toBe('id,prediction\n007,setosa\n1.50,virginica\n');
  });

  it('reads standard input, and writes the format that is asked for', async () => {
    const lines = await brine(['predict', iris, '-', '--format', 'jsonl'], `a,b,c,d\n${wide}`);
    expect(lines.out).toBe('{"prediction": "setosa"}\n{"prediction": "virginica"}\n');
    const json = await brine(['predict', iris, '-', '--json'], `a,b,c,d\n${wide}`);
    expect(JSON.parse(json.out)).toEqual([{ prediction: 'setosa' }, { prediction: 'virginica' }]);
    const headless = await brine(['predict', iris, '-', '--no-header'], wide);
    expect(headless.out).toBe('prediction\nsetosa\nvirginica\n');
  });

  it('writes a file, whole', async () => {
    const out = scratch.at('out.csv');
    const { code, err } = await brine(['predict', iris, table, '-o', out]);
    expect(code).toBe(0);
    expect(err).toContain('2 rows written to');
    expect(readFileSync(out, 'utf8')).toBe('prediction\nsetosa\nvirginica\n');
  });

  it('applies several files in turn, and a folder of them', async () => {
    const files = 'models/1.9.1/files-vectorizer-model/';
    const expected = JSON.parse(readFileSync(fixture(`${files}predict.json`), 'utf8')) as string[];
    const [vectorizer, model] = ['vectorizer', 'model'].map((name) => fixture(`${files}model/${name}.pkl`));
    const texts = fixture(`${files}X.json`);
    const inTurn = await brine(['predict', vectorizer, model, texts]);
    expect(inTurn.out.trim().split('\n').slice(1)).toEqual(expected);
    const folder = await brine(['predict', fixture(`${files}model`), texts]);
    expect(folder.out).toBe(inTurn.out);
  });

  it('names transformed columns as scikit-learn does', async () => {
    const files = 'models/1.9.1/files-vectorizer-model/';
    const vectorizer = fixture(`${files}model/vectorizer.pkl`);
    const { out } = await brine(['predict', vectorizer, fixture(`${files}X.json`)]);
    const [head, first] = out.split('\n');
    // Its vocabulary, sorted.
    expect(head.split(',').slice(0, 3)).toEqual(['20', '20 minutes', '2020']);
    expect(first.split(',')).toHaveLength(head.split(',').length);
  });
});

/** A sentence on standard error, nothing on standard output, no file. */
async function refused(words: readonly string[], sentence: string | RegExp, code = 1): Promise<void> {
  const out = scratch.at('never.csv');
  const ran = await brine(['predict', ...words, '-o', out]);
  expect(ran.err.split('\n')[0]).toMatch(sentence);
  expect(ran.err).not.toMatch(/\n\s+at /);
  expect([ran.code, ran.out]).toEqual([code, '']);
  expect(existsSync(out)).toBe(false);
  expect(readdirSync(scratch.path).filter((name) => name.endsWith('.part'))).toEqual([]);
}

describe('bad input', () => {
  it.each([
    ['a column too many', 'a,b,c,d,e\n1,2,3,4,5\n', /expects 4 columns, the table has 5.*"e"/],
    ['a column too few', 'a,b,c\n1,2,3\n', /expects 4 columns, the table has 3/],
    ['text where a number belongs', 'a,b,c,d\n1,2,3,4\n1,2,x,4\n', /row 2, column "c": "x" is not a number/],
    ['a row of another width', 'a,b,c,d\n1,2,3,4\n1,2,3\n', /row 2|line 3/],
    ['no rows', 'a,b,c,d\n', /has no rows/],
    ['nothing', '', /empty/],
  ])('%s', async (name, content, sentence) => {
    await refused([iris, scratch.write(`${name}.csv`, content)], sentence);
  });

  it('is said of the table’s own rows, in later batches, too', async () => {
    const rows = `${'1,2,3,4\n'.repeat(20)}1,2,3,oops\n`;
    await refused([iris, scratch.write('late.csv', `a,b,c,d\n${rows}`), '--batch', '5'], /row 21, column "d"/);
    const ran = await brine(['predict', iris, scratch.at('late.csv'), '--batch', '5']);
    expect(ran.out).toBe('');
  });

  it('names missing and near columns where the model knows names', async () => {
    const model = fixture('models/1.2.2/files-scaler-model-columns-labels/model');
    const path = scratch.write('other.csv', 'x,y\n1,2\n');
    const ran = await brine(['predict', model, path]);
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/^brine: the (table lacks|model does not know)/);
  });

  it('is not mistaken for a model, nor a model for data', async () => {
    await refused([table, table], /CSV|table|text/i);
    await refused([iris, iris], /a pickle, not a table/);
    await refused([scratch.at('missing.pkl'), table], /there is no such file/);
    await refused([iris, scratch.at('missing.csv')], /there is no such file/);
    await refused([iris, table, '-m', 'nonsense'], /does not offer "nonsense"; it has predict/);
    await refused([iris, table, '--keep', 'zz'], /no column "zz"/);
    await refused([iris], /needs a model and a data file/, 2);
  });

  it('offers the parts of what is no model itself', async () => {
    const ran = await brine(['predict', fixture('models/1.4.2/project-class/model.pickle'), table]);
    expect([ran.code, ran.out]).toEqual([1, '']);
    expect(ran.err).toContain('pipeline (Pipeline)');
    expect(ran.err).toContain("--pick 'pipeline'");
    const picked = await brine([
      'predict',
      fixture('models/1.4.2/project-class/model.pickle'),
      table,
      '--pick',
      'pipeline',
    ]);
    expect(picked.code).toBe(0);
  });

  it('is JSON for machines', async () => {
    const ran = await brine(['predict', iris, scratch.write('x.csv', 'a,b,c,d\n1,2,x,4\n'), '--json']);
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.out)).toMatchObject({
      error: { code: 'BAD_INPUT', message: expect.stringContaining('column') as string },
    });
  });
});
