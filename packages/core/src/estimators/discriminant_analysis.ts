import type { GraphBuilder, V } from '../graph/builder.js';
import { float64, type Tensor } from '../graph/tensor.js';
import { finiteNumbers, toDense, type Data } from './data.js';
import { estimator, takes, type Fitted } from './estimator.js';
import { array, labels, list, matrixField, number, optional, text, vector } from './fields.js';
import { decision } from './linear_model.js';
import { bothClasses, oneVsRestProba, predictedLabel } from './scores.js';
import { inFloat32, isHeldInFloat32 } from './precision.js';

// 0.17 had the two classes in modules of their own.
const modules = ['sklearn.discriminant_analysis', 'sklearn.lda', 'sklearn.qda'];

/** The smallest normal float64: since 0.24 probabilities of zero are raised to it before the logarithm. */
const SMALLEST_NORMAL = 2 ** -1022;
const SMALLEST_NORMAL_32 = 2 ** -126;

// ---- linear -----------------------------------------------------------------------------------------

const linearState = {
  coef_: matrixField,
  intercept_: array,
  classes_: labels,
  solver: optional(text, 'svd'),
  xbar_: optional(vector),
  scalings_: optional(matrixField),
  _max_components: optional(number),
};
type Linear = Fitted<typeof linearState>;

function linearProba(m: Linear, x: V, g: GraphBuilder): V {
  const scores = decision(m, x, g);
  // Up to 0.20 several classes were compared one against the rest.
  if (m.version.before(0, 21)) return oneVsRestProba(scores, g, m.version);
  return scores.shape.length === 1 ? bothClasses(g.sigmoid(scores), g) : g.softmax(scores);
}

/** In float32 where both the input and the coefficients are: there smaller probabilities than usual are zero. */
function linearLogProba(m: Linear, data: Data, g: GraphBuilder): V {
  const x = toDense(data, g);
  const p = linearProba(m, finiteNumbers(x, m.estimator.name, g), g);
  if (m.version.before(0, 24)) return g.log(p);
  const narrow =
    data.kind === 'matrix' && data.value.dtype === 'float32' && isHeldInFloat32(m.estimator.instance, 'coef_');
  if (!narrow) return g.log(g.where(g.equal(p, 0), SMALLEST_NORMAL, p));
  const rounded = inFloat32(p, g);
  return g.log(g.where(g.equal(rounded, 0), SMALLEST_NORMAL_32, rounded));
}

function project(m: Linear, x: V, g: GraphBuilder): V {
  const { scalings_, xbar_ } = m;
  if (!scalings_) return x;
  const out = g.matmul(m.solver === 'svd' && xbar_ ? g.sub(x, xbar_) : x, scalings_);
  return g.columns(
    out,
    Array.from({ length: components(m) }, (_, i) => i),
  );
}

const components = (m: Linear): number => {
  const width = m.scalings_?.shape[1] ?? 0;
  return Math.min(m._max_components ?? width, width);
};

const linear = estimator(['LinearDiscriminantAnalysis', 'LDA'], linearState, {
  modules,
  features: (m) => m.coef_.shape[1],
  offers: (m, all) => (m.solver === 'lsqr' ? all.filter((name) => name !== 'transform') : all),
  methods: {
    decision_function: decision,
    predict: (m, x, g) => predictedLabel(m.classes_, decision(m, x, g), g),
    predict_proba: linearProba,
    predict_log_proba: takes('data', linearLogProba),
    transform: project,
  },
  names: (m) =>
    Array.from({ length: m._max_components ?? components(m) }, (_, i) => `${m.estimator.name.toLowerCase()}${i}`),
});

// ---- quadratic --------------------------------------------------------------------------------------

const quadraticState = {
  rotations_: list(matrixField),
  scalings_: list(vector),
  means_: matrixField,
  priors_: vector,
  classes_: labels,
};
type Quadratic = Fitted<typeof quadraticState>;

const INNER_AXIS: Tensor = { dtype: 'int64', shape: [1], data: BigInt64Array.of(1n) };

/** The log-posterior of each class but for a constant: [n, k]. */
function logPosterior(m: Quadratic, x: V, g: GraphBuilder): V {
  const [, p = 0] = m.means_.shape;
  const columns = m.rotations_.map((rotation, k) => {
    const scale = m.scalings_[k].data as Float64Array;
    const width = rotation.shape[1] ?? 0;
    const turned = float64(
      rotation.shape,
      (rotation.data as Float64Array).map((v, i) => v / Math.sqrt(scale[i % width])),
    );
    const mean = float64([p], (m.means_.data as Float64Array).subarray(k * p, (k + 1) * p));
    const gap = g.matmul(g.sub(x, mean), turned);
    const spread = scale.reduce((a, v) => a + Math.log(v), 0);
    const prior = Math.log(Number(m.priors_.data[k]));
    return g.add(g.mul(g.add(g.sum(g.mul(gap, gap), 1), spread), -0.5), prior);
  });
  return g.concat(columns);
}

function quadraticLogProba(m: Quadratic, x: V, g: GraphBuilder): V {
  const values = logPosterior(m, x, g);
  const late = g.sub(values, g.node('ReduceLogSumExp', [values, INNER_AXIS], { keepdims: 1 }));
  // Before 1.6 the logarithm was taken of the probabilities, so that small ones are -inf.
  return m.version.before(1, 6) ? g.log(g.softmax(values)) : late;
}

const quadratic = estimator(['QuadraticDiscriminantAnalysis', 'QDA'], quadraticState, {
  modules,
  features: (m) => m.means_.shape[1],
  methods: {
    decision_function: (m, x, g) => {
      const values = logPosterior(m, x, g);
      if (m.classes_.data.length !== 2) return values;
      return g.flatten(g.sub(g.columns(values, [1]), g.columns(values, [0])));
    },
    predict: (m, x, g) => g.label(m.classes_, g.argmax(logPosterior(m, x, g))),
    predict_proba: (m, x, g) => g.softmax(logPosterior(m, x, g)),
    predict_log_proba: quadraticLogProba,
  },
});

export const discriminants = [linear, quadratic];
