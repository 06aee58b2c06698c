import { BrineError } from '../errors.js';
import type { Data } from './data.js';
import { estimator, type Estimator, type Fitted } from './estimator.js';
import { finiteOnly, indicesWhere, keep, selector, spreadBack, takenBy } from './feature_selection.js';
import { asNumber, asText, child, mask, number, optional, raw } from './fields.js';
import { importancesOf } from './importances.js';
import { mean, median } from './numpy_sums.js';

// ---- SelectFromModel --------------------------------------------------------------------------------

const fromModelState = {
  // `estimator_` is the fitted one; with prefit=True `estimator` is (and before 1.1 the only one).
  estimator_: optional(child),
  threshold: raw,
  max_features: raw,
  max_features_: raw,
  norm_order: optional(raw, 1),
  importance_getter: raw,
  prefit: raw,
};
type FromModel = Fitted<typeof fromModelState>;

function innerOf(m: FromModel): Estimator {
  if (m.estimator_) return m.estimator_;
  const { instance, path } = m.estimator;
  return child(instance.attribute('estimator'), { owner: m.estimator, path: `${path}.estimator` });
}

/** One score for each feature: |importances|, or their norm over the outputs. */
function scoresOf(m: FromModel): number[] {
  const { data, shape } = importancesOf(innerOf(m), m.importance_getter);
  if (shape.length < 2) return Array.from(data, Math.abs);
  const [k = 0, p = 0] = shape;
  const order = asNumber(m.norm_order) ?? 1;
  return Array.from({ length: p }, (_, j) => {
    const column = Array.from({ length: k }, (__, i) => Math.abs(data[i * p + j]));
    if (order === Infinity) return Math.max(...column);
    if (order === -Infinity) return Math.min(...column);
    if (order === 0) return column.filter((v) => v !== 0).length;
    if (order === 1) return column.reduce((a, b) => a + b, 0);
    if (order === 2) return Math.sqrt(column.reduce((a, b) => a + b * b, 0));
    return column.reduce((a, b) => a + b ** order, 0) ** (1 / order);
  });
}

const close = (x: number | undefined): boolean => x !== undefined && Math.abs(x - 1) <= 1e-8 + 1e-5;

/** Models fitted with an L1 penalty leave zeros: everything else is kept. Source: _from_model.py */
function leavesZeros(inner: Estimator, m: FromModel): boolean {
  const { instance, name } = inner;
  const ratio = asNumber(instance.attribute('l1_ratio'));
  if (instance.attribute('penalty') === 'l1' || name.includes('Lasso')) return true;
  if (m.version.before(1, 0)) return false;
  if (name === 'ElasticNet') return close(ratio);
  if (name === 'ElasticNetCV') return close(asNumber(instance.attribute('l1_ratio_')));
  if (m.version.before(1, 8)) return false;
  if (name === 'LogisticRegression') return close(ratio);
  return name === 'LogisticRegressionCV' && close(asNumber(instance.attribute('l1_ratio_')));
}

function thresholdOf(m: FromModel, scores: readonly number[]): number {
  const plain = asNumber(m.threshold);
  if (plain !== undefined) return plain;
  const rule = asText(m.threshold) ?? (leavesZeros(innerOf(m), m) ? '1e-5' : 'mean');
  if (rule === '1e-5') return 1e-5;
  const [, scale = '1', reference = ''] = /^(?:\s*([^*]*?)\s*\*)?\s*(mean|median)\s*$/.exec(rule) ?? [];
  if (reference === '' || Number.isNaN(Number(scale)))
    throw new BrineError('BAD_STATE', `SelectFromModel has the threshold ${JSON.stringify(rule)}`, {
      path: m.estimator.path,
    });
  return Number(scale) * (reference === 'mean' ? mean(scores) : median(scores));
}

function support(m: FromModel): number[] {
  const scores = scoresOf(m);
  const threshold = thresholdOf(m, scores);
  const most = asNumber(m.max_features_) ?? asNumber(m.max_features);
  if (most === undefined && m.max_features !== null && m.max_features !== undefined)
    throw new BrineError('UNSUPPORTED', 'SelectFromModel with a Python function for max_features', {
      path: m.estimator.path,
    });
  const order = scores.map((_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);
  const chosen = new Set(most === undefined ? order : order.slice(0, most));
  return indicesWhere(scores.length, (i) => chosen.has(i) && !(scores[i] < threshold));
}

const selectFromModel = selector(
  'SelectFromModel',
  fromModelState,
  ['sklearn.feature_selection._from_model', 'sklearn.feature_selection.from_model'],
  (m) => scoresOf(m).length,
  support,
  (m) => takenBy(() => innerOf(m)),
);

// ---- RFE, RFECV -------------------------------------------------------------------------------------

const rfeState = { support_: mask, estimator_: child, n_features_: optional(number) };
type Rfe = Fitted<typeof rfeState>;

const kept = (m: Rfe): number[] => indicesWhere(m.support_.length, (i) => m.support_[i]);

const eliminations = estimator(['RFE', 'RFECV'], rfeState, {
  modules: ['sklearn.feature_selection._rfe', 'sklearn.feature_selection.rfe'],
  input: 'data',
  features: (m) => m.support_.length,
  methods: {},
  offers: (m) => [
    'transform',
    'inverse_transform',
    ...m.estimator_.methods.filter((name) => answers.has(name)),
    'get_feature_names_out',
  ],
  any: (m, method, data, g) => {
    const back = method === 'inverse_transform';
    const taken = back || takenBy(() => m.estimator_) === 'all' ? finiteOnly(data, m.estimator.name, g) : data;
    if (back) return spreadBack(taken, m.support_.length, kept(m), g);
    const chosen: Data = keep(taken, kept(m), g);
    return method === 'transform' ? chosen : m.estimator_.run(method, chosen, g);
  },
  names: (m, input) => kept(m).map((i) => input[i] ?? `x${i}`),
});

/** What they hand to the estimator fitted on the features that are left. */
const answers = new Set(['predict', 'predict_proba', 'predict_log_proba', 'decision_function']);

export const modelSelectors = [selectFromModel, eliminations];
