import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { open } from '../model/open.js';
import type { Model } from '../model/model.js';
import { strings, type Value } from '../graph/tensor.js';
import { answersText, isAnswers, readAnswers } from './answers-file.js';
import { answererOf, RecordedAnswerer, type Answerer } from './answerer.js';
import { around, exactInverse, nextDown, nextUp, nextUp32 } from './edges.js';
import { makeProbe } from './probe.js';
import { record, Recording } from './record.js';
import type { Samples } from './samples.js';
import { verifyModels } from './models.js';
import { dataBlock, verifyAnswerers } from './verify.js';

async function model(name: string): Promise<Model> {
  const folder = new URL(`../../../../fixtures/models/1.9.1/${name}/`, import.meta.url);
  const file = readdirSync(folder).find((entry) => entry.startsWith('model.'))!;
  return open(new Uint8Array(readFileSync(new URL(file, folder))), { name });
}

describe('edges', () => {
  it('are the neighbours in both widths of floats', () => {
    expect(nextUp(1)).toBe(1 + 2 ** -52);
    expect(nextDown(1)).toBe(1 - 2 ** -53);
    expect(nextUp(0)).toBe(5e-324);
    expect(nextUp(-5e-324)).toBe(-0);
    expect(nextUp32(1)).toBe(1 + 2 ** -23);
    expect(around(0.1, false)).toHaveLength(6);
    expect(around(0.1, true).every((x) => x === Math.fround(x))).toBe(true);
  });

  it('go back through a step to the last bit', () => {
    for (const [mean, t] of [
      [5.8, 0.3],
      [0.1, -1.7],
      [1e6, 1e-9],
    ] as const) /* prettier-ignore */ {
      const f = (x: number): number => x - mean;
      const x = exactInverse(f, t, t + mean, true);
      expect(f(x) <= t && f(nextUp(x)) > t).toBe(true);
    }
  });
});

describe('inputs made from a model', () => {
  it('stand at the thresholds of its trees', async () => {
    const { groups, made } = await makeProbe(await model('DecisionTreeClassifier-iris'));
    expect(made[0]).toContain('8 thresholds in 3 columns');
    const { samples } = groups[0];
    const column =
      samples.kind === 'table' ? new Set(Array.from(samples.columns[3].values as ArrayLike<number>)) : new Set();
    // The first split of the tree, and its neighbours.
    for (const x of around(0.800000011920929, false)) expect(column.has(x)).toBe(true);
  });

  it('are the same every time', async () => {
    const [a, b] = [
      await makeProbe(await model('Customers-logistic')),
      await makeProbe(await model('Customers-logistic')),
    ];
    expect(a).toEqual(b);
  });

  it('hold categories, others, and gaps, through pipelines and column transformers', async () => {
    const { groups, made } = await makeProbe(await model('Customers-logistic'));
    expect(made.join('\n')).toMatch(/7 categories of 2 columns/);
    expect(groups.map((g) => g.what).join('\n')).toMatch(/missing values in "[^"]+"/);
    const unseen = groups.find((g) => g.what.startsWith('unseen'))!;
    const cells = unseen.samples.kind === 'table' ? unseen.samples.columns.flatMap((c) => Array.from(c.values)) : [];
    expect(cells).toContain('unseen');
  });

  it('are documents of known words and of odd ones', async () => {
    const { groups } = await makeProbe(await model('CountVectorizer-words'));
    const documents = groups.flatMap((g) => (g.samples.kind === 'list' ? g.samples.values : []));
    expect(documents).toContain('');
    expect(documents.some((d) => /[^\x00-\x7f]/.test(String(d)))).toBe(true);
    expect(documents.length).toBeGreaterThan(100);
  });

  it('are refused for what is not fitted', async () => {
    await expect(makeProbe(await model('refused-not-fitted'))).rejects.toMatchObject({ code: 'NOT_FITTED' });
  });
});

describe('two models', () => {
  it('that are one answer alike, and refuse alike', async () => {
    const report = await verifyModels(await model('GaussianNB-iris'), await model('GaussianNB-iris'));
    expect(report.same).toBe(true);
    expect(report.methods.map((m) => m.name)).toContain('predict_proba');
    const { refusals, outputs } = report.methods[0];
    expect(refusals.every((r) => r.by === 'both' && r.what.startsWith('missing values'))).toBe(true);
    expect(outputs[0].rows).toBe(64);
  });

  it('that are not, do not', async () => {
    const report = await verifyModels(await model('GaussianNB-iris'), await model('DecisionTreeClassifier-iris'));
    expect(report.same).toBe(false);
    // The tree takes what the other refuses, which is no difference of answers.
    const [predict] = report.methods;
    expect(predict.outputs[0].different).toBeGreaterThan(0);
    expect(predict.refusals[0]).toMatchObject({ by: 'first', harmless: true });
  });

  it('of different widths are not compared', async () => {
    await expect(verifyModels(await model('GaussianNB-iris'), await model('Lasso-positive'))).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('takes 4 columns, the second 10') as string,
    });
  });

  it('a scikit-learn model and its ONNX answer alike, at thresholds and in gaps', async () => {
    for (const name of ['DecisionTreeClassifier-holes', 'GradientBoostingClassifier-binary']) {
      const a = await model(name);
      const b = await open(await a.toOnnx(), { name: 'model.onnx' });
      const report = await verifyModels(a, b);
      expect(report.same, JSON.stringify(report.methods)).toBe(true);
      expect(report.methods.map((m) => m.name)).toEqual(['predict', 'predict_proba']);
    }
  });
});

/** Says `say(x)` to each number, and refuses those that `refuses`. */
function saying(say: (x: number) => string, refuses: (x: number) => boolean = () => false): Answerer {
  return {
    name: 'someone',
    kind: 'methods',
    offers: ['predict'],
    async answer(_, samples): Promise<Map<string, Value>> {
      const values = samples.kind === 'list' ? (samples.values as number[]) : [];
      const { BrineError } = await import('../errors.js');
      if (values.some(refuses)) throw new BrineError('BAD_INPUT', 'not this one');
      return new Map([['predict', strings([values.length], values.map(say))]]);
    },
  };
}

describe('rows', () => {
  const samples: Samples = { kind: 'list', rows: 100, values: Array.from({ length: 100 }, (_, i) => i) };

  it('that are refused hide no others', async () => {
    const a = saying(String);
    const b = saying((x) => (x === 90 ? 'other' : String(x)), (x) => x === 7); // prettier-ignore
    const report = await verifyAnswerers(a, b, [dataBlock(samples)]);
    const [{ outputs, refusals, same }] = report.methods;
    expect(same).toBe(false);
    expect(outputs[0]).toMatchObject({ rows: 99, different: 1, places: [{ row: 90, a: '90', b: 'other' }] });
    expect(refusals).toEqual([expect.objectContaining({ by: 'second', rows: 1, harmless: false })]);
  });

  it('that nobody compared are not the same', async () => {
    const report = await verifyAnswerers(saying(String, () => true), saying(String, () => true), [dataBlock(samples)]); // prettier-ignore
    expect(report.same).toBe(false);
  });

  it('are compared with arrays of answers by their place', async () => {
    const kept = new RecordedAnswerer(new Map([['predict', new Map([['predict', strings([100], samples.values.map(String))]])]]), 'f'); // prettier-ignore
    expect((await verifyAnswerers(kept, saying(String), [dataBlock(samples)])).same).toBe(true);
    const fewer = new RecordedAnswerer(new Map([['predict', new Map([['predict', strings([9], samples.values.slice(0, 9).map(String))]])]]), 'f'); // prettier-ignore
    await expect(verifyAnswerers(fewer, saying(String), [dataBlock(samples)])).rejects.toThrow(/9 answers/);
    const first: Samples = { kind: 'list', rows: 50, values: samples.values.slice(0, 50) };
    await expect(verifyAnswerers(kept, saying(String), [dataBlock(first)])).rejects.toThrow(
      /100 rows, the data has 50/,
    );
  });
});

describe('answers that are kept', () => {
  it('are read back to the last bit, refusals included', async () => {
    const a = await model('GaussianNB-iris');
    const blocks = await record(answererOf(a, 'a'), (await makeProbe(a)).groups, undefined);
    const about = { file: 'a.pkl', format: 'pickle', sha256: '', versions: [] };
    const text = answersText({ model: about, brine: '0', tolerance: {}, made: [], data: undefined, blocks });
    const json: unknown = JSON.parse(text);
    expect(isAnswers(json)).toBe(true);
    const kept = new Recording(readAnswers(json, 'answers.json').blocks, 'answers.json');
    const report = await verifyAnswerers(kept, answererOf(a, 'a'), kept.groups!, { rtol: 0, atol: 0 });
    expect(report.same).toBe(true);
    expect(report.methods[0].refusals.every((r) => r.by === 'both')).toBe(true);
    const other = await verifyAnswerers(
      kept,
      answererOf(await model('DecisionTreeClassifier-iris'), 'b'),
      kept.groups!,
    );
    expect(other.same).toBe(false);
  });

  it('that are damaged are named', () => {
    const bad = (json: object): unknown =>
      readAnswers({ kind: 'brine answers', version: 1, model: {}, ...json }, 'f.json');
    expect(() => bad({ blocks: 3 })).toThrow(/blocks is no list \(in f.json\)/);
    expect(() => bad({ blocks: [{ rows: -1 }] })).toThrow(/blocks\[0\].rows/);
    const output = { name: 'y', dtype: 'float64', shape: [2], data: [1] };
    expect(() => bad({ blocks: [{ rows: 2, answers: { predict: [output] } }] })).toThrow(
      /1 values for the shape \[2\]/,
    );
    expect(() => readAnswers({ kind: 'brine answers', version: 9 }, 'f.json')).toThrow(/version 9/);
  });
});

describe('transformers', () => {
  const namesOf = (report: { methods: readonly { name: string }[] }): string[] =>
    report.methods.map(({ name }) => name);

  it('are compared there and back, and by the names that they give', async () => {
    const scaler = await model('StandardScaler-iris');
    const report = await verifyModels(scaler, await model('StandardScaler-iris'));
    expect(report.same).toBe(true);
    expect(namesOf(report)).toEqual(['transform', 'inverse_transform', 'get_feature_names_out']);
    expect(report.methods.map(({ outputs }) => outputs[0].rows)).toEqual([report.rows, report.rows, 4]);
  });

  it('differ where only the way back or a name does', async () => {
    const scaler = await model('StandardScaler-iris');
    const other = (what: string): Model =>
      new Proxy(scaler, {
        get: (target, key) => {
          if (key !== 'run') return Reflect.get(target, key, target) as unknown;
          return async (method: string, input?: never) => {
            const out = await target.run(method, input);
            if (method !== what || !('data' in out)) return out;
            const data = Array.from(out.data as ArrayLike<number | string>);
            data[0] = method === 'inverse_transform' ? Number(data[0]) + 1 : `${data[0]}x`;
            return { ...out, data };
          };
        },
      });
    for (const what of ['inverse_transform', 'get_feature_names_out']) {
      const report = await verifyModels(scaler, other(what));
      expect(report.methods.filter(({ same }) => !same).map(({ name }) => name)).toEqual([what]);
      expect(report.same).toBe(false);
    }
  });

  it('can be asked for their names alone', async () => {
    const scaler = await model('StandardScaler-iris');
    const report = await verifyModels(scaler, scaler, { methods: ['get_feature_names_out'] });
    expect(namesOf(report)).toEqual(['get_feature_names_out']);
  });
});
