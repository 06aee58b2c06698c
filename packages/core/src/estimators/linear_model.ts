import type { GraphBuilder, V } from '../graph/builder.js';
import { float64, type Tensor } from '../graph/tensor.js';
import { estimator, type Fitted } from './estimator.js';
import { array, labels, number, optional, text } from './fields.js';
import { bothClasses, mirrored, oneVsRestProba, predictedLabel, raveled, rowsToOneOrUniform } from './scores.js';

// ---- what linear models share -----------------------------------------------------------------------

const coefficients = { coef_: array, intercept_: optional(array, float64([], Float64Array.of(0))) };

interface Linear {
  readonly coef_: Tensor;
  readonly intercept_: Tensor;
}

/** x · coefᵀ + intercept: [n] for a vector of coefficients, [n, k] for a matrix. */
export function affine(m: Linear, x: V, g: GraphBuilder): V {
  const { shape, data, dtype } = m.coef_;
  if (shape.length === 2) return g.linear(x, m.coef_, m.intercept_);
  return g.flatten(g.linear(x, { dtype, shape: [1, shape[0] ?? 1], data }, m.intercept_));
}

const features = (m: Linear): number | undefined => m.coef_.shape.at(-1);

// ---- regressors -------------------------------------------------------------------------------------

const regressors = estimator(
  [
    ['LinearRegression', 'Ridge', 'RidgeCV', 'Lasso', 'LassoCV', 'ElasticNet', 'ElasticNetCV', 'SGDRegressor'],
    ['MultiTaskLasso', 'MultiTaskLassoCV', 'MultiTaskElasticNet', 'MultiTaskElasticNetCV', 'Lars', 'LarsCV'],
    ['LassoLars', 'LassoLarsCV', 'LassoLarsIC', 'OrthogonalMatchingPursuit', 'OrthogonalMatchingPursuitCV'],
    ['HuberRegressor', 'TheilSenRegressor', 'QuantileRegressor', 'PassiveAggressiveRegressor'],
  ].flat(),
  coefficients,
  {
    modules: [
      ...['_base', 'base', '_ridge', 'ridge', '_coordinate_descent', 'coordinate_descent', '_least_angle'],
      ...['least_angle', '_stochastic_gradient', 'stochastic_gradient', '_omp', 'omp', '_huber', 'huber'],
      ...['_theil_sen', 'theil_sen', '_quantile', '_passive_aggressive', 'passive_aggressive'],
    ].map((file) => `sklearn.linear_model.${file}`),
    input: 'matrix',
    features,
    methods: { predict: affine },
  },
);

// ---- generalised linear models ----------------------------------------------------------------------

const glmState = { ...coefficients, power: optional(number, 0), link: optional(text, 'auto') };

const logLinkRegressors = estimator(['PoissonRegressor', 'GammaRegressor'], coefficients, {
  modules: ['sklearn.linear_model._glm.glm'],
  input: 'matrix',
  features,
  methods: { predict: (m, x, g) => g.exp(affine(m, x, g)) },
});

const tweedie = estimator('TweedieRegressor', glmState, {
  modules: ['sklearn.linear_model._glm.glm'],
  input: 'matrix',
  features,
  methods: {
    predict: (m, x, g) => {
      const eta = affine(m, x, g);
      const identity = m.link === 'identity' || (m.link === 'auto' && m.power <= 0);
      return identity ? eta : g.exp(eta);
    },
  },
});

// ---- classifiers ------------------------------------------------------------------------------------

const classifier = { ...coefficients, classes_: labels };
type Classifier = Fitted<typeof classifier>;

export function decision(m: Linear, x: V, g: GraphBuilder): V {
  return raveled(affine(m, x, g), g);
}

const predict = (m: Classifier, x: V, g: GraphBuilder): V => predictedLabel(m.classes_, decision(m, x, g), g);

const classifiers = estimator(['Perceptron', 'PassiveAggressiveClassifier'], classifier, {
  modules: [...['_perceptron', 'perceptron', '_passive_aggressive', 'passive_aggressive']].map(
    (file) => `sklearn.linear_model.${file}`,
  ),
  input: 'matrix',
  features,
  methods: { decision_function: decision, predict },
});

const logisticState = { ...classifier, multi_class: optional(text, 'auto'), solver: optional(text, 'lbfgs') };

/**
 * One-vs-rest or softmax: 1.8 dropped the parameter and always fits softmax beyond two classes; before,
 * `auto` meant one-vs-rest for two classes and for liblinear, and up to 0.21 `ovr` was the default.
 */
function isOneVsRest(m: Fitted<typeof logisticState>): boolean {
  const few = m.classes_.data.length <= 2;
  if (m.version.atLeast(1, 8)) return few;
  if (m.multi_class === 'ovr' || m.multi_class === 'warn') return true;
  // Before 0.20 two classes had one sigmoid, whatever this said.
  if (m.version.before(0, 20) && m.coef_.shape[0] === 1) return true;
  // newton-cholesky had only one-vs-rest when it came in 1.2, and until 1.5.
  const rest = m.solver === 'liblinear' || (m.solver === 'newton-cholesky' && m.version.before(1, 6));
  return (m.multi_class === 'auto' || m.multi_class === 'deprecated') && (few || rest);
}

function logisticProba(m: Fitted<typeof logisticState>, x: V, g: GraphBuilder): V {
  const scores = decision(m, x, g);
  if (isOneVsRest(m)) return oneVsRestProba(scores, g, m.version);
  return g.softmax(scores.shape.length === 1 ? mirrored(scores, g) : scores);
}

const logistic = estimator(['LogisticRegression', 'LogisticRegressionCV'], logisticState, {
  modules: ['sklearn.linear_model._logistic', 'sklearn.linear_model.logistic'],
  input: 'matrix',
  features,
  methods: {
    decision_function: decision,
    predict,
    predict_proba: logisticProba,
    predict_log_proba: (m, x, g) => g.log(logisticProba(m, x, g)),
  },
});

const sgdState = { ...classifier, loss: text };

/** SGDClassifier's probabilities: those of the logistic loss, or Zadrozny's for the modified Huber loss. */
function sgdProba(m: Fitted<typeof sgdState>, x: V, g: GraphBuilder): V {
  const scores = decision(m, x, g);
  if (m.loss !== 'modified_huber') return oneVsRestProba(scores, g, m.version);
  const clipped = g.div(g.add(g.min(g.max(scores, -1), 1), 1), 2);
  if (scores.shape.length === 1) return bothClasses(clipped, g);
  return rowsToOneOrUniform(clipped, g);
}

const sgdClassifier = estimator('SGDClassifier', sgdState, {
  modules: ['sklearn.linear_model._stochastic_gradient', 'sklearn.linear_model.stochastic_gradient'],
  input: 'matrix',
  features,
  offers: (m, all) =>
    ['log', 'log_loss', 'modified_huber'].includes(m.loss) ? all : all.filter((name) => !name.includes('proba')),
  methods: {
    decision_function: decision,
    predict,
    predict_proba: sgdProba,
    predict_log_proba: (m, x, g) => g.log(sgdProba(m, x, g)),
  },
});

export const linearModels = [regressors, logLinkRegressors, tweedie, classifiers, logistic, sgdClassifier];
