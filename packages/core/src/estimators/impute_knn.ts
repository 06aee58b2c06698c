import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { float64, type Tensor } from '../graph/tensor.js';
import { matrix, type Data } from './data.js';
import { estimator, takes, type Fitted } from './estimator.js';
import { child, flag, matrixField, number, optional, raw, text } from './fields.js';
import { finiteWhere, isMissing, missingValue } from './impute.js';
import { stack } from './stack.js';

const state = {
  _fit_X: matrixField,
  n_neighbors: number,
  weights: raw,
  metric: optional(text, 'a function'),
  missing_values: missingValue,
  indicator_: optional(child),
  keep_empty_features: optional(flag, false),
};
type Imputer = Fitted<typeof state>;

/** The training rows, what counts as missing made NaN. */
function pointsOf(m: Imputer): Tensor {
  if (m.missing_values === null) return m._fit_X;
  const missing = Number(m.missing_values);
  return float64(
    m._fit_X.shape,
    (m._fit_X.data as Float64Array).map((v) => (v === missing ? NaN : v)),
  );
}

/** The features that have a value in some training row. */
function valid(points: Tensor): number[] {
  const [rows = 0, columns = 0] = points.shape;
  const data = points.data as Float64Array;
  return Array.from({ length: columns }, (_, c) => c).filter((c) => {
    for (let r = 0; r < rows; r++) if (!Number.isNaN(data[r * columns + c])) return true;
    return false;
  });
}

function isUniform(m: Imputer): boolean {
  if (m.weights === 'uniform') return true;
  if (m.weights === 'distance') return false;
  throw new BrineError('UNSUPPORTED', `the weights of ${m.estimator.name} are a Python function`, {
    path: `${m.estimator.path}.weights`,
  });
}

function impute(m: Imputer, x: V, g: GraphBuilder): Data {
  if (m.metric !== 'nan_euclidean')
    throw new BrineError('UNSUPPORTED', `the metric of ${m.estimator.name} is ${m.metric}`, { path: m.estimator.path });
  const points = pointsOf(m);
  const holes = m.missing_values === null ? x : g.where(isMissing(x, m.missing_values, g), NaN, x);
  const attributes = { points, k: m.n_neighbors, uniform: isUniform(m) };
  const full = g.own('ImputeNeighbors', [holes], attributes, { dtype: 'float64', shape: x.shape });
  const some = valid(points);
  const made = m.keep_empty_features ? zeroed(full, some, points.shape[1], g) : g.columns(full, some);
  if (!m.indicator_) return matrix(made);
  return stack([matrix(made), m.indicator_.transform(m.version.before(1, 3) ? withGaps(m, x, g) : x, g)], g);
}

/** Until 1.3 an input without any missing value got no indicator columns, and was of another width then. */
function withGaps(m: Imputer, x: V, g: GraphBuilder): V {
  const some = g.reduceMax(g.reduceMax(g.cast(isMissing(x, m.missing_values, g), 'float64'), 1, false), 0, false);
  const message = `no value is missing: scikit-learn ${m.version.text} leaves out the columns that tell what was`;
  return g.own('Require', [x, g.equal(some, 1)], { message }, { dtype: x.dtype, shape: x.shape });
}

/** Features without any value become 0. */
function zeroed(x: V, some: readonly number[], columns: number, g: GraphBuilder): V {
  if (some.length === columns) return x;
  const known = Uint8Array.from({ length: columns }, (_, c) => (some.includes(c) ? 1 : 0));
  return g.where({ dtype: 'bool', shape: [columns], data: known }, x, 0);
}

const imputer = estimator('KNNImputer', state, {
  modules: ['sklearn.impute._knn'],
  features: (m) => m._fit_X.shape[1],
  finite: finiteWhere,
  methods: { transform: takes('dense', impute) },
  names: (m, input) => {
    // Kept features without a value have no name: scikit-learn 1.9 still leaves them out.
    const kept = valid(pointsOf(m)).map((f) => input[f] ?? `x${f}`);
    return [...kept, ...(m.indicator_ ? m.indicator_.outputNames(input) : [])];
  },
});

export const neighborImputers = [imputer];
