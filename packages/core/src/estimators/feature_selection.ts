import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { float64, type Tensor } from '../graph/tensor.js';
import { columnsOf, finiteNumbers, matrix, namesOf, toMatrix, type Data } from './data.js';
import { estimator, takes, type Definition, type Estimator, type Fitted } from './estimator.js';
import { asText, child, mask, number, oneOf, optional, vector, type Field } from './fields.js';

/** The selected features of a fitted selector, in order. */
type Support<S extends object> = (m: Fitted<S>) => readonly number[];

export const indicesWhere = (n: number, test: (i: number) => boolean): number[] =>
  Array.from({ length: n }, (_, i) => i).filter(test);

/** Keeps the selected columns; every selector is this, with its own idea of which. */
export function selector<S extends object>(
  names: string | readonly string[],
  state: S,
  modules: readonly string[],
  width: (m: Fitted<S>) => number,
  support: Support<S>,
  finite: 'all' | 'nan' | 'any' | ((m: Fitted<S>) => 'all' | 'any') = 'all',
): Definition {
  const taken = (m: Fitted<S>): 'all' | 'nan' | 'any' => (typeof finite === 'function' ? finite(m) : finite);
  return estimator(names, state, {
    modules,
    input: 'data',
    // What is put back in its place is checked always.
    finite: 'all',
    features: width,
    methods: {
      transform: (m, data, g) => keep(taken(m) === 'all' ? finiteOnly(data, m.estimator.name, g) : data, support(m), g),
      inverse_transform: takes('matrix', (m, x, g) => spread(x, width(m), support(m), g)),
    },
    names: (m, input) => support(m).map((i) => input[i] ?? `x${i}`),
  });
}

/** Selectors hand text on as it is; of numbers most take only finite ones, chosen or not. */
export function finiteOnly(data: Data, who: string, g: GraphBuilder): Data {
  const check = (x: V, name: string): V => (x.dtype === 'float64' ? finiteNumbers(x, name, g) : x);
  if (data.kind === 'matrix') return matrix(check(data.value, who), namesOf(data));
  const columns = columnsOf(data, g).map((c, i) => ({
    name: c.name,
    value: check(c.value, `${who}, column ${c.name === undefined ? i : JSON.stringify(c.name)},`),
  }));
  return { kind: 'frame', columns };
}

/**
 * What a selector takes is what the estimator takes that it selects for, fitted or not.
 * Source: `__sklearn_tags__` of sklearn/feature_selection/_rfe.py, _from_model.py, _sequential.py
 */
export function takenBy(inner: () => Estimator): 'all' | 'any' {
  try {
    const { takes } = inner();
    return takes !== 'data' && ['all', 'float32'].includes(inner().finite('predict')) ? 'all' : 'any';
  } catch {
    // An estimator that nobody knows, or one without the state that says it: selecting needs neither.
    return 'any';
  }
}

export function keep(data: Data, positions: readonly number[], g: GraphBuilder): Data {
  if (data.kind === 'matrix') {
    const names = namesOf(data);
    return matrix(g.columns(data.value, positions), names ? positions.map((p) => names[p]) : undefined);
  }
  const columns = columnsOf(data, g);
  return { kind: 'frame', columns: positions.map((p) => columns[p]) };
}

export function spreadBack(data: Data, width: number, positions: readonly number[], g: GraphBuilder): V {
  return spread(toMatrix(data, g), width, positions, g);
}

/** The selected columns back in their places, zeros elsewhere. */
function spread(x: V, width: number, positions: readonly number[], g: GraphBuilder): V {
  const place = new Map(positions.map((p, i) => [p, i]));
  const dense = g.dense(x);
  const padded = g.concat([dense, g.repeatRows(dense, float64([1], Float64Array.of(0)))]);
  return g.columns(
    padded,
    Array.from({ length: width }, (_, i) => place.get(i) ?? positions.length),
  );
}

// ---- by a score for each feature --------------------------------------------------------------------

/** NaN scores count as the smallest, so that features without a score go first. */
const cleaned = (t: Tensor): number[] =>
  Array.from(t.data as Float64Array, (x) => (Number.isNaN(x) ? -Number.MAX_VALUE : x));

/** The positions of the k largest; of equals, the later ones: numpy's stable argsort, from the end. */
function largest(scores: readonly number[], k: number): number[] {
  const order = scores.map((_, i) => i).sort((a, b) => scores[a] - scores[b] || a - b);
  return order.slice(Math.max(0, order.length - k)).sort((a, b) => a - b);
}

/** numpy's percentile by linear interpolation. */
function percentile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q / 100) * (sorted.length - 1);
  const low = Math.floor(at);
  const a = sorted[low];
  const b = sorted[Math.min(low + 1, sorted.length - 1)];
  const t = at - low;
  return t >= 0.5 ? b - (b - a) * (1 - t) : a + (b - a) * t;
}

interface Scored {
  readonly scores_: Tensor;
  readonly pvalues_: Tensor | undefined;
}

function pvalues(m: Scored): number[] {
  if (!m.pvalues_) throw new BrineError('BAD_STATE', 'the selection needs p-values, the file has none');
  return Array.from(m.pvalues_.data as Float64Array);
}

/** What each univariate selector keeps. Source: sklearn/feature_selection/_univariate_selection.py */
const univariate: Readonly<Record<string, (m: Scored, parameter: number) => number[]>> = {
  k_best: (m, k) => largest(cleaned(m.scores_), k),
  percentile: (m, p) => {
    const scores = cleaned(m.scores_);
    if (p >= 100) return scores.map((_, i) => i);
    if (p <= 0) return [];
    const threshold = percentile(scores, 100 - p);
    const above = indicesWhere(scores.length, (i) => scores[i] > threshold);
    const ties = indicesWhere(scores.length, (i) => scores[i] === threshold);
    const most = Math.trunc((scores.length * p) / 100);
    const kept = ties.slice(0, most - above.length);
    return [...above, ...kept].sort((a, b) => a - b);
  },
  fpr: (m, alpha) => {
    const p = pvalues(m);
    return indicesWhere(p.length, (i) => p[i] < alpha);
  },
  fdr: (m, alpha) => {
    const p = pvalues(m);
    const sorted = [...p].sort((a, b) => a - b);
    const limit = sorted.filter((x, i) => x <= (alpha / p.length) * (i + 1)).at(-1);
    return limit === undefined ? [] : indicesWhere(p.length, (i) => p[i] <= limit);
  },
  fwe: (m, alpha) => {
    const p = pvalues(m);
    return indicesWhere(p.length, (i) => p[i] < alpha / p.length);
  },
};

const univariateModules = [
  'sklearn.feature_selection._univariate_selection',
  'sklearn.feature_selection.univariate_selection',
];
const scored = { scores_: vector, pvalues_: optional(vector) };
const scoresWidth = (m: Scored): number => m.scores_.data.length;

/** `k` and `percentile` may be the word `all`. */
const orAll: Field<number> = (value, at) => (asText(value) === 'all' ? Infinity : number(value, at));

const selectKBest = selector('SelectKBest', { ...scored, k: orAll }, univariateModules, scoresWidth, (m) =>
  univariate['k_best'](m, m.k),
);
const selectPercentile = selector(
  'SelectPercentile',
  { ...scored, percentile: number },
  univariateModules,
  scoresWidth,
  (m) => univariate['percentile'](m, m.percentile),
);
const byAlpha = (name: string, rule: string): Definition =>
  selector(name, { ...scored, alpha: number }, univariateModules, scoresWidth, (m) => univariate[rule](m, m.alpha));
const generic = selector(
  'GenericUnivariateSelect',
  { ...scored, mode: oneOf('percentile', 'k_best', 'fpr', 'fdr', 'fwe'), param: orAll },
  univariateModules,
  scoresWidth,
  (m) => univariate[m.mode](m, m.param),
);

// ---- by variance, by a mask, by a model -------------------------------------------------------------

const varianceThreshold = selector(
  'VarianceThreshold',
  { variances_: vector, threshold: number },
  ['sklearn.feature_selection._variance_threshold', 'sklearn.feature_selection.variance_threshold'],
  (m) => m.variances_.data.length,
  (m) => indicesWhere(m.variances_.data.length, (i) => Number(m.variances_.data[i]) > m.threshold),
  'nan',
);

const sequential = selector(
  'SequentialFeatureSelector',
  { support_: mask },
  ['sklearn.feature_selection._sequential'],
  (m) => m.support_.length,
  (m) => indicesWhere(m.support_.length, (i) => m.support_[i]),
  ({ estimator: owner }) =>
    takenBy(() => child(owner.instance.attribute('estimator'), { owner, path: `${owner.path}.estimator` })),
);

export const featureSelectors = [
  selectKBest,
  selectPercentile,
  byAlpha('SelectFpr', 'fpr'),
  byAlpha('SelectFdr', 'fdr'),
  byAlpha('SelectFwe', 'fwe'),
  generic,
  varianceThreshold,
  sequential,
];
