import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BrineError } from '../errors.js';
import { open } from '../model/open.js';
import { SavedModel } from '../model/saved.js';
import { loadArrays } from '../model/artifact.js';
import { PyDict, PyGlobal, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { toTagged } from '../python/json.js';
import { NdArray } from '../python/ndarray.js';
import { checkedArray } from '../python/check.js';
import { parseDtype } from '../python/dtype.js';
import { toFloat64 } from '../python/elements.js';
import { chapters, migrate, parseTarget, releases } from './index.js';
import { indexOf } from './releases.js';

const fixtures = join(import.meta.dirname, '../../../../fixtures/migrate');

async function load(folder: string): Promise<PyValue> {
  const path = join(fixtures, folder);
  const about = JSON.parse(readFileSync(join(path, 'case.json'), 'utf8')) as { model: string };
  const model = await open(new Uint8Array(readFileSync(join(path, about.model))));
  if (!(model instanceof SavedModel)) throw new Error('not an object');
  await loadArrays(model.artifact);
  return model.artifact.value;
}

const estimator = (module: string, name: string, state: [string, PyValue][]): PyInstance => {
  const made = new PyInstance('new', new PyGlobal(module, name), new PyTuple([]));
  made.state = PyDict.from(state);
  return made;
};

it('gives a forest of 0.24 the nodes, names and parameters of 1.9, and leaves the original as it was', async () => {
  const forest = await load('0.24.2/forest');
  const before = JSON.stringify(toTagged(forest));
  const { value, from, to, changes } = migrate(forest);
  expect([from, to]).toEqual(['0.24.2', '1.9.1']);
  expect(JSON.stringify(toTagged(forest))).toBe(before);
  const tree = ((value as PyInstance).attribute('estimators_') as PyInstance[])[0];
  expect(tree.attribute('_sklearn_version')).toBe('1.9.1');
  expect(tree.attribute('monotonic_cst')).toBeNull();
  expect(tree.attribute('min_impurity_split')).toBeUndefined();
  const inner = tree.attribute('tree_') as PyInstance;
  const nodes = inner.attribute('nodes') as NdArray;
  expect(nodes.dtype.itemsize).toBe(64);
  const values = inner.attribute('values') as NdArray;
  const [count, outputs, width] = values.shape;
  const numbers = toFloat64(values);
  for (let i = 0; i < count * outputs; i++) {
    const sum = numbers.subarray(i * width, (i + 1) * width).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(1, 12);
  }
  expect(changes.find((c) => c.name === 'Tree')).toMatchObject({ since: '1.3', count: 5 });
});

it('goes there and back', async () => {
  for (const folder of readdirSync(join(fixtures, '0.24.2'))) {
    const original = await load(`0.24.2/${folder}`);
    const there = migrate(original, { to: '1.6' });
    const back = migrate(there.value, { to: '0.24' });
    expect(back.from).toBe('1.6.1');
    const again = migrate(back.value, { to: '1.6' });
    const [a, b] = [there.value, again.value].map((v) => JSON.stringify(toTagged(v)).length);
    // Rounding may differ, and the order of attributes; nothing is lost or added on the way.
    expect(Math.abs(a - b) / a, folder).toBeLessThan(0.02);
  }
});

it('keeps what is shared shared', () => {
  const inner = estimator('sklearn.preprocessing.data', 'StandardScaler', [['_sklearn_version', '0.21.3']]);
  const { value } = migrate([inner, new PyTuple([inner])], { to: '1.7' });
  const [one, tuple] = value as [PyInstance, PyTuple];
  expect(tuple.items[0]).toBe(one);
  expect(one.module).toBe('sklearn.preprocessing._data');
  expect(one.attribute('_sklearn_version')).toBe('1.7.2');
  expect(inner.module).toBe('sklearn.preprocessing.data');
});

it('turns one-against-the-rest into what still normalises sigmoids where softmax is all there is', async () => {
  const logistic = await load('1.7.2/softmax-for-ovr');
  const { value } = migrate(logistic, { to: '1.8' });
  expect((value as PyInstance).name).toBe('SGDClassifier');
  expect((value as PyInstance).attribute('coef_')).toStrictEqual((logistic as PyInstance).attribute('coef_'));
  // 1.7 still says it by a parameter.
  expect((migrate(logistic, { to: '1.7' }).value as PyInstance).name).toBe('LogisticRegression');
});

it('refuses what a version cannot say, with the nearest that can', () => {
  const boosted = estimator('sklearn.ensemble._weight_boosting', 'AdaBoostClassifier', [
    ['algorithm', 'SAMME.R'],
    ['estimators_', []],
    ['_sklearn_version', '1.3.2'],
  ]);
  expect(() => migrate(boosted, { to: '1.9' })).toThrow(/SAMME\.R.*nearest version that can hold it is 1\.5/s);
  expect(migrate(boosted, { to: '1.5' }).to).toBe('1.5.2');
  const encoder = estimator('sklearn.preprocessing._target_encoder', 'TargetEncoder', [['_sklearn_version', '1.9.1']]);
  expect(() => migrate(encoder, { to: '1.2' })).toThrow(/TargetEncoder came with scikit-learn 1\.3/);
  // What 0.18 did came back with 1.1: in between it cannot be said.
  const pair = (): PyValue =>
    estimator('sklearn.multiclass', 'OneVsOneClassifier', [
      ['classes_', checkedArray(parseDtype('?')!, [2], false, Uint8Array.of(0, 1))],
      ['estimators_', [estimator('sklearn.naive_bayes', 'GaussianNB', [])]],
    ]);
  expect(() => migrate(pair(), { to: '1.0' })).toThrow(/one half.*nearest version that can hold it is 1\.1/s);
  expect(migrate(pair(), { to: '1.1' }).to).toBe('1.1.3');
  const best = estimator('sklearn.feature_selection._univariate_selection', 'SelectKBest', [
    ['score_func', new PyGlobal('sklearn.feature_selection._univariate_selection', 'r_regression')],
    ['_sklearn_version', '1.9.1'],
  ]);
  expect(() => migrate(best, { to: '0.24' })).toThrow(/r_regression.*nearest version that can hold it is 1\.0/s);
  const records = (names: string[]): PyValue =>
    estimator('sklearn.feature_extraction._dict_vectorizer', 'DictVectorizer', [
      ['separator', '='],
      ['feature_names_', names],
      ['_sklearn_version', '0.24.2'],
    ]);
  expect(() => migrate(records(['a=b']), { to: '0.23' })).toThrow(/lists of texts/);
  expect(migrate(records(['a']), { to: '0.23' }).to).toBe('0.23.2');
});

it('lets imputers keep empty features only where a version can, or where there are none', () => {
  const imputer = (...valid: number[]): PyValue =>
    estimator('sklearn.impute._knn', 'KNNImputer', [
      ['keep_empty_features', true],
      ['_valid_mask', checkedArray(parseDtype('?')!, [valid.length], false, Uint8Array.from(valid))],
      ['_sklearn_version', '1.9.1'],
    ]);
  expect(() => migrate(imputer(1, 0), { to: '1.1' })).toThrow(/keep_empty_features = True, which came with 1\.2/);
  const { value } = migrate(imputer(1, 1), { to: '1.1' });
  expect((value as PyInstance).attribute('keep_empty_features')).toBeUndefined();
});

it('gives gradient boosting of 0.18 the loss and the width that 0.22 asks for', () => {
  const boosted = estimator('sklearn.ensemble.gradient_boosting', 'GradientBoostingRegressor', [
    ['loss', 'ls'],
    ['loss_', estimator('sklearn.ensemble.gradient_boosting', 'LeastSquaresError', [['K', 1]])],
    ['estimators_', []],
    ['n_features', 3],
    ['_sklearn_version', '0.18.2'],
  ]);
  const { value } = migrate(boosted, { to: '0.22' });
  expect((value as PyInstance).attribute('n_features_')).toBe(3);
  expect(((value as PyInstance).attribute('loss_') as PyInstance).module).toBe('sklearn.ensemble._gb_losses');
});

it('says what is wrong with a version or a file', () => {
  const scaler = estimator('sklearn.preprocessing._data', 'StandardScaler', [['_sklearn_version', '7.0.0']]);
  const code = (f: () => unknown): string | undefined => {
    try {
      f();
    } catch (error) {
      return error instanceof BrineError ? error.code : undefined;
    }
    return 'nothing';
  };
  expect(code(() => migrate(scaler))).toBe('UNSUPPORTED');
  expect(code(() => migrate(new PyDict()))).toBe('NOT_A_MODEL');
  expect(code(() => parseTarget('banana'))).toBe('BAD_ARGUMENT');
  expect(code(() => parseTarget('3.1'))).toBe('UNSUPPORTED');
  expect(parseTarget('scikit-learn 1.5')).toMatchObject({ version: '1.5.2' });
  expect(parseTarget('1.5.0').version).toBe('1.5.0');
});

it('names releases in its rules that there are, and each with its source', () => {
  for (const { moves = [], rules = [], existence = [] } of chapters) {
    for (const { since } of [...moves, ...rules, ...existence]) expect(indexOf(since)).toBeGreaterThanOrEqual(0);
    for (const { source, what, classes, up, down } of rules) {
      expect(source).not.toBe('');
      expect(what).not.toBe('');
      expect(classes.length).toBeGreaterThan(0);
      expect(up ?? down).toBeDefined();
    }
  }
  expect(releases.map((r) => r.name)).toContain('1.9');
});

it('survives a file that nests as deep as it likes', () => {
  let value: PyValue = estimator('sklearn.preprocessing._data', 'StandardScaler', [['_sklearn_version', '1.3.2']]);
  for (let i = 0; i < 100_000; i++) value = new PyTuple([value]);
  expect(migrate(value).to).toBe('1.9.1');
});
