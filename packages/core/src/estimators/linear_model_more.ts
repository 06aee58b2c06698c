import type { GraphBuilder, V } from '../graph/builder.js';
import { float64, int64, type Tensor } from '../graph/tensor.js';
import { tuple, type Result } from './data.js';
import { estimator, type Fitted } from './estimator.js';
import {
  array,
  asText,
  child,
  flag,
  labels,
  matrixField,
  number,
  object,
  optional,
  vector,
  type Field,
} from './fields.js';
import { affine, decision } from './linear_model.js';
import { predictedLabel } from './scores.js';

interface Binarizer {
  readonly classes: Tensor;
  readonly several: boolean;
}

const binarizer: Field<Binarizer> = (value, at) => {
  const held = object(value, at);
  const kind = asText(held.attribute('y_type_')) ?? '';
  return {
    classes: labels(held.attribute('classes_'), { ...at, path: `${at.path}.classes_` }),
    several: kind.startsWith('multilabel'),
  };
};

const of = (...files: string[]): string[] => files.map((file) => `sklearn.linear_model.${file}`);

// ---- Bayesian regression ----------------------------------------------------------------------------

const bayesState = {
  coef_: vector,
  intercept_: optional(array, float64([], Float64Array.of(0))),
  sigma_: matrixField,
  alpha_: number,
  lambda_: optional(array),
  threshold_lambda: optional(number),
  X_offset_: optional(array),
  X_scale_: optional(array),
  normalize: optional((value) => value === true, false),
  _normalize: optional(flag),
};
type Bayes = Fitted<typeof bayesState>;

/** ARDRegression leaves out features whose weights' precision is beyond its threshold. */
function relevant(m: Bayes, x: V, g: GraphBuilder): V {
  const precisions = m.lambda_?.data as Float64Array | undefined;
  const most = m.threshold_lambda;
  if (most === undefined || !precisions) return x;
  return g.columns(
    x,
    Array.from(precisions, (_, i) => i).filter((i) => precisions[i] < most),
  );
}

/** The features as fitting saw them: scaled where `normalize` was (before 1.2), centred since 1.9. */
function asFitted(m: Bayes, x: V, g: GraphBuilder): V {
  if (m.version.before(1, 2))
    return (m._normalize ?? m.normalize) && m.X_offset_ && m.X_scale_ ? g.div(g.sub(x, m.X_offset_), m.X_scale_) : x;
  return m.version.atLeast(1, 9) && m.X_offset_ ? g.sub(x, m.X_offset_) : x;
}

function withDeviation(m: Bayes, input: V, g: GraphBuilder): Result {
  const x = relevant(m, asFitted(m, g.dense(input), g), g);
  const variance = g.sum(g.mul(g.matmul(x, m.sigma_), x), 1, false);
  return tuple(affine(m, input, g), g.sqrt(g.add(variance, 1 / m.alpha_)));
}

const bayesian = estimator(['BayesianRidge', 'ARDRegression'], bayesState, {
  modules: of('_bayes', 'bayes'),
  input: 'matrix',
  features: (m) => m.coef_.data.length,
  methods: { predict: affine, predict_return_std: withDeviation },
});

// ---- RANSAC -----------------------------------------------------------------------------------------

const ransac = estimator(
  'RANSACRegressor',
  { estimator_: child },
  {
    modules: of('_ransac', 'ransac'),
    input: 'data',
    takes: (m) => m.estimator_.takes,
    features: (m) => m.estimator_.nFeatures,
    methods: { predict: (m, data, g) => m.estimator_.value('predict', data, g) },
  },
);

// ---- one-class SGD ----------------------------------------------------------------------------------

const oneClassState = { coef_: array, offset_: array };

/** x · w - offset: [n], negative for outliers. */
function margin(m: Fitted<typeof oneClassState>, x: V, g: GraphBuilder): V {
  const { offset_ } = m;
  const bias: Tensor = float64([1], Float64Array.of(-Number(offset_.data[0])));
  return decision({ coef_: asRow(m.coef_), intercept_: bias }, x, g);
}

const asRow = (t: Tensor): Tensor => (t.shape.length === 2 ? t : float64([1, t.data.length], t.data as Float64Array));

const oneClass = estimator('SGDOneClassSVM', oneClassState, {
  modules: of('_stochastic_gradient'),
  input: 'matrix',
  features: (m) => m.coef_.data.length,
  methods: {
    decision_function: margin,
    score_samples: (m, x, g) => g.add(margin(m, x, g), Number(m.offset_.data[0])),
    predict: (m, x, g) => g.where(g.greaterOrEqual(margin(m, x, g), 0), int64([], [1]), int64([], [-1])),
  },
});

// ---- ridge classifiers ------------------------------------------------------------------------------

/** `classes_` and whether rows have several labels are the label binarizer's to say. */
const ridgeState = { coef_: array, intercept_: array, _label_binarizer: binarizer };

const ridgeClassifier = estimator(['RidgeClassifier', 'RidgeClassifierCV'], ridgeState, {
  modules: of('_ridge', 'ridge'),
  input: 'matrix',
  features: (m) => m.coef_.shape.at(-1),
  methods: {
    decision_function: decision,
    predict: (m, x, g) => {
      const scores = decision(m, x, g);
      const { classes, several } = m._label_binarizer;
      if (several) return g.cast(g.greater(scores, 0), 'int64');
      return predictedLabel(classes, scores, g);
    },
  },
});

export const moreLinearModels = [ridgeClassifier, bayesian, ransac, oneClass];
