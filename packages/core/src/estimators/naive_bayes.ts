import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { float64, type Tensor } from '../graph/tensor.js';
import { givenType } from './data.js';
import { estimator, type Definition, type Finite, type Fitted, type InputKind, type State } from './estimator.js';
import { labels, list, matrixField, number, optional, vector } from './fields.js';
import { predictedLabel } from './scores.js';
import { isHeldInFloat32 } from './precision.js';

const modules = ['sklearn.naive_bayes'];

/**
 * A naive Bayes classifier is its joint log-likelihood [n, k]; everything else follows from it.
 * Source: sklearn/naive_bayes.py, `_BaseNB`.
 */
function bayes<S extends State & { classes_: typeof labels }>(
  name: string,
  state: S,
  input: InputKind & ('dense' | 'matrix'),
  features: (m: Fitted<S>) => number | undefined,
  jointLogLikelihood: (m: Fitted<S>, x: V, g: GraphBuilder) => V,
  finite: Finite = 'all',
): Definition {
  const logProba = (m: Fitted<S>, x: V, g: GraphBuilder): V => {
    const joint = jointLogLikelihood(m, x, g);
    return g.sub(joint, g.node('ReduceLogSumExp', [joint, INNER_AXIS], { keepdims: 1 }));
  };
  return estimator(name, state, {
    modules,
    input,
    features,
    finite,
    methods: {
      predict: (m, x, g) => predictedLabel((m as Classifier).classes_, jointLogLikelihood(m, x, g), g),
      predict_log_proba: (m, x, g) => g.cast(logProba(m, x, g), 'float64'),
      predict_proba: (m, x, g) => g.cast(g.exp(logProba(m, x, g)), 'float64'),
      predict_joint_log_proba: (m, x, g) => g.cast(jointLogLikelihood(m, x, g), 'float64'),
    },
  });
}

interface Classifier {
  readonly classes_: Tensor;
}
const INNER_AXIS: Tensor = { dtype: 'int64', shape: [1], data: BigInt64Array.of(1n) };

const numbers = (t: Tensor): Float64Array => t.data as Float64Array;
const width = (t: Tensor): number => t.shape[1] ?? 0;

// ---- GaussianNB -------------------------------------------------------------------------------------

const gaussianState = {
  classes_: labels,
  theta_: matrixField,
  // Called sigma_ before 1.0.
  var_: optional(matrixField),
  sigma_: optional(matrixField),
  class_prior_: vector,
};

type Gaussian = Fitted<typeof gaussianState>;

const gaussian = bayes(
  'GaussianNB',
  gaussianState,
  'dense',
  (m) => width(m.theta_),
  (m, x, g) => {
    const variance = m.var_ ?? m.sigma_;
    if (!variance)
      throw new BrineError('BAD_STATE', 'GaussianNB has neither var_ nor sigma_', { path: m.estimator.path });
    if (isHeldInFloat32(m.estimator.instance, 'theta_') && givenType(x) === 'float32')
      return narrowGaussian(m, x, variance, g);
    const p = width(m.theta_);
    const row = (t: Tensor, k: number): Tensor => float64([p], numbers(t).subarray(k * p, (k + 1) * p));
    const columns = Array.from({ length: m.classes_.data.length }, (_, k) => {
      const spread = row(variance, k);
      let norm = 0;
      for (const v of numbers(spread)) norm += Math.log(2 * Math.PI * v);
      const gap = g.sub(x, row(m.theta_, k));
      const distance = g.sum(g.div(g.mul(gap, gap), spread), 1);
      return g.add(g.sub(-0.5 * norm, g.mul(distance, 0.5)), Math.log(numbers(m.class_prior_)[k]));
    });
    return g.concat(columns);
  },
);

/** The same in float32, step by step: fitted on float32 and asked in it (as `init` of gradient boosting is). */
function narrowGaussian(m: Gaussian, x: V, variance: Tensor, g: GraphBuilder): V {
  const p = width(m.theta_);
  const narrow = g.cast(x, 'float32');
  const row = (t: Tensor, k: number): Tensor => ({
    dtype: 'float32',
    shape: [p],
    data: Float32Array.from(numbers(t).subarray(k * p, (k + 1) * p)),
  });
  const scalar = (value: number): Tensor => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) });
  const twoPi = Math.fround(2 * Math.PI);
  const columns = Array.from({ length: m.classes_.data.length }, (_, k) => {
    const spread = row(variance, k);
    const logs = Float32Array.from(spread.data as Float32Array, (v) => Math.log(Math.fround(twoPi * v)));
    const gap = g.sub(narrow, row(m.theta_, k));
    const ratios = g.div(g.mul(gap, gap), spread);
    const half = scalar(-0.5 * logs.reduce((sum, v) => Math.fround(sum + v), 0));
    const distance = g.mul(narrowSum(ratios, p, g), scalar(0.5));
    return g.add(g.sub(half, distance), scalar(Math.log(numbers(m.class_prior_)[k])));
  });
  return g.concat(columns);
}

/** Fewer than eight columns are added one by one, as numpy adds them; the rounding of float32 shows otherwise. */
function narrowSum(x: V, columns: number, g: GraphBuilder): V {
  if (columns === 0 || columns >= 8) return g.sum(x, 1);
  let total = g.columns(x, [0]);
  for (let j = 1; j < columns; j++) total = g.add(total, g.columns(x, [j]));
  return total;
}

// ---- discrete ones ----------------------------------------------------------------------------------

const discreteState = { classes_: labels, feature_log_prob_: matrixField, class_log_prior_: vector };

const multinomial = bayes(
  'MultinomialNB',
  discreteState,
  'matrix',
  (m) => width(m.feature_log_prob_),
  (m, x, g) => g.linear(x, m.feature_log_prob_, m.class_log_prior_),
);

const complement = bayes(
  'ComplementNB',
  discreteState,
  'matrix',
  (m) => width(m.feature_log_prob_),
  (m, x, g) =>
    m.classes_.data.length === 1
      ? g.linear(x, m.feature_log_prob_, m.class_log_prior_)
      : g.linear(x, m.feature_log_prob_),
);

const bernoulli = bayes(
  'BernoulliNB',
  { ...discreteState, binarize: optional(number) },
  'matrix',
  (m) => width(m.feature_log_prob_),
  (m, x, g) => {
    const present = numbers(m.feature_log_prob_);
    const absent = Float64Array.from(present, (v) => Math.log(1 - Math.exp(v)));
    const [k = 0, p = 0] = m.feature_log_prob_.shape;
    const weights = Float64Array.from(present, (v, i) => v - absent[i]);
    const bias = Float64Array.from(numbers(m.class_log_prior_), (prior, c) => {
      let sum = 0;
      for (let j = 0; j < p; j++) sum += absent[c * p + j];
      return prior + sum;
    });
    const bits = m.binarize === undefined ? x : g.cast(g.greater(g.dense(x), m.binarize), 'float64');
    return g.linear(bits, float64([k, p], weights), float64([k], bias));
  },
);

const categorical = bayes(
  'CategoricalNB',
  { classes_: labels, feature_log_prob_: list(matrixField), class_log_prior_: vector },
  'dense',
  (m) => m.feature_log_prob_.length,
  (m, x, g) => {
    const terms = m.feature_log_prob_.map((table, i) => {
      // Fractions are cut off, as numpy's cast to int does; a category beyond the table is refused.
      const category = g.flatten(g.columns(x, [i]));
      const known = g.and(g.less(category, width(table)), g.greater(category, -1));
      const message = `${m.estimator.name}: column ${i} holds a category that was not there at fitting`;
      const index = g.cast(
        g.own('Require', [category, known], { message }, { dtype: 'float64', shape: category.shape }),
        'int64',
      );
      return g.transpose(g.gather(table, index, 1));
    });
    return g.add(
      terms.reduce((a, b) => g.add(a, b)),
      m.class_log_prior_,
    );
  },
);

export const naiveBayes = [gaussian, multinomial, complement, bernoulli, categorical];
