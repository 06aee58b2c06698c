import type { GraphBuilder, V } from '../graph/builder.js';
import { float64, type Tensor } from '../graph/tensor.js';
import { BrineError } from '../errors.js';
import { tuple, type Result } from './data.js';
import { estimator, type Fitted } from './estimator.js';
import { array, child, labels, matrixField, number, optional, text, vector } from './fields.js';
import { kernelProgram } from './gaussian_kernels.js';

// ---- regression -------------------------------------------------------------------------------------

const state = {
  kernel_: kernelProgram,
  X_train_: optional(matrixField),
  alpha_: array,
  L_: matrixField,
  _y_train_mean: optional(array),
  // 0.18 had no underscore before it.
  y_train_mean: optional(array, float64([], Float64Array.of(0))),
  // Before 0.23 targets were centred, not scaled.
  _y_train_std: optional(array, float64([], Float64Array.of(1))),
};
type Regressor = Fitted<typeof state>;

function training(m: { X_train_: Tensor | undefined; estimator: { path: string } }): Tensor {
  if (!m.X_train_)
    throw new BrineError('NOT_FITTED', 'the Gaussian process was not fitted', { path: m.estimator.path });
  return m.X_train_;
}

function likeness(m: Regressor, x: V, g: GraphBuilder): V {
  const others = training(m);
  const type = { dtype: 'float64', shape: [x.shape[0] ?? null, others.shape[0] ?? null] } as const;
  return g.own('KernelMatrix', [x], { program: m.kernel_, others }, type);
}

/** Of one target [n], of several [n, t]. */
function mean(m: Regressor, k: V, g: GraphBuilder): V {
  const [rows = 0, targets = 1] = m.alpha_.shape;
  const y = g.matmul(k, float64([rows, targets], m.alpha_.data as Float64Array));
  const scaled = g.add(g.mul(y, m._y_train_std), m._y_train_mean ?? m.y_train_mean);
  return targets === 1 ? g.flatten(scaled) : scaled;
}

/** The part of the variance that the training rows explain is the square of this: [n, rows]. */
function explained(m: { L_: Tensor }, k: V, g: GraphBuilder): V {
  return g.own('SolveLower', [k], { lower: m.L_.data as Float64Array }, { dtype: 'float64', shape: k.shape });
}

/** Variances [n, …] times those of the targets, one column or slice for each where they are several. */
function perTarget(m: Regressor, variance: V, g: GraphBuilder): V {
  const scale = m._y_train_std.data as Float64Array;
  const targets = m.alpha_.shape[1] ?? 1;
  // Before 1.0 several targets had one variance, where they were not scaled apart.
  if (targets === 1 || (scale.length === 1 && m.version.before(1, 0))) return g.mul(variance, scale[0] ** 2);
  const squares = float64(
    [scale.length],
    scale.map((s) => s * s),
  );
  const shape = variance.shape.length === 1 ? [-1, 1] : [0, 0, 1];
  return g.mul(g.reshape(variance, shape), squares);
}

function withDeviation(m: Regressor, x: V, g: GraphBuilder): Result {
  const k = likeness(m, x, g);
  const v = explained(m, k, g);
  const prior = g.own('KernelDiagonal', [x], { program: m.kernel_ }, { dtype: 'float64', shape: [x.shape[0] ?? null] });
  const variance = g.max(g.sub(prior, g.sum(g.mul(v, v), 1, false)), 0);
  return tuple(mean(m, k, g), g.sqrt(perTarget(m, variance, g)));
}

function withCovariance(m: Regressor, x: V, g: GraphBuilder): Result {
  const k = likeness(m, x, g);
  const v = explained(m, k, g);
  const rows = x.shape[0] ?? null;
  const prior = g.own(
    'KernelMatrix',
    [x],
    { program: m.kernel_, others: undefined },
    { dtype: 'float64', shape: [rows, rows] },
  );
  return tuple(mean(m, k, g), perTarget(m, g.sub(prior, g.matmul(v, g.transpose(v))), g));
}

const regressor = estimator('GaussianProcessRegressor', state, {
  modules: ['sklearn.gaussian_process._gpr', 'sklearn.gaussian_process.gpr'],
  features: (m) => m.X_train_?.shape[1],
  methods: {
    predict: (m, x, g) => mean(m, likeness(m, x, g), g),
    predict_return_std: withDeviation,
    predict_return_cov: withCovariance,
  },
});

// ---- classification ---------------------------------------------------------------------------------

const binaryState = {
  kernel_: kernelProgram,
  X_train_: optional(matrixField),
  y_train_: vector,
  pi_: vector,
  W_sr_: vector,
  L_: matrixField,
  classes_: labels,
};
type Binary = Fitted<typeof binaryState>;

const numbers = (t: Tensor): Float64Array => t.data as Float64Array;

function latent(m: Binary, x: V, g: GraphBuilder): { k: V; mean: V } {
  const others = training(m);
  const type = { dtype: 'float64', shape: [x.shape[0] ?? null, others.shape[0] ?? null] } as const;
  const k = g.own('KernelMatrix', [x], { program: m.kernel_, others }, type);
  const residuals = numbers(m.y_train_).map((y, i) => y - numbers(m.pi_)[i]);
  return { k, mean: g.flatten(g.matmul(k, float64([residuals.length, 1], residuals))) };
}

/**
 * The logistic function as a mixture of five error functions, so that its mean under a normal distribution has a
 * closed form. Source: Williams and Barber (1998), appendix A; sklearn/gaussian_process/_gpc.py
 */
const WIDTHS = [0.41, 0.4, 0.37, 0.44, 0.39];
const HEIGHTS = [-1854.8214151, 3516.89893646, 221.29346712, 128.12323805, -2010.49422654];

function binaryProba(m: Binary, x: V, g: GraphBuilder): V {
  const { k, mean: centre } = latent(m, x, g);
  const v = explained(m, g.mul(k, m.W_sr_), g);
  const prior = g.own('KernelDiagonal', [x], { program: m.kernel_ }, { dtype: 'float64', shape: [x.shape[0] ?? null] });
  const variance = g.sub(prior, g.sum(g.mul(v, v), 1, false));
  const alpha = g.div(1, g.mul(variance, 2));
  const scale = g.div(g.sqrt(g.div(Math.PI, alpha)), g.mul(g.sqrt(g.mul(variance, 2 * Math.PI)), 2));
  const terms = WIDTHS.map((width, i) => {
    const reach = g.sqrt(g.div(alpha, g.add(alpha, width * width)));
    const erf = g.node('Erf', [g.mul(g.mul(centre, width), reach)]);
    return g.mul(g.mul(scale, erf), HEIGHTS[i]);
  });
  const half = 0.5 * HEIGHTS.reduce((a, b) => a + b, 0);
  const p = g.column(
    g.add(
      terms.reduce((a, b) => g.add(a, b)),
      half,
    ),
  );
  return g.concat([g.sub(1, p), p]);
}

const binary = estimator('_BinaryGaussianProcessClassifierLaplace', binaryState, {
  modules: ['sklearn.gaussian_process._gpc', 'sklearn.gaussian_process.gpc'],
  features: (m) => m.X_train_?.shape[1],
  methods: {
    predict: (m, x, g) => g.label(m.classes_, g.cast(g.greater(latent(m, x, g).mean, 0), 'int64')),
    predict_proba: binaryProba,
  },
});

const classifier = estimator(
  'GaussianProcessClassifier',
  { base_estimator_: child, n_classes_: optional(number, 2), multi_class: optional(text, 'one_vs_rest') },
  {
    modules: ['sklearn.gaussian_process._gpc', 'sklearn.gaussian_process.gpc'],
    features: (m) => m.base_estimator_.nFeatures,
    offers: (m, all) => (m.n_classes_ > 2 && m.multi_class === 'one_vs_one' ? ['predict'] : all),
    methods: {
      predict: (m, x, g) => m.base_estimator_.value('predict', x, g),
      predict_proba: (m, x, g) => m.base_estimator_.value('predict_proba', x, g),
    },
  },
);

export const gaussianProcesses = [regressor, binary, classifier];
