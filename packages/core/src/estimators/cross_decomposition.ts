import type { GraphBuilder, V } from '../graph/builder.js';
import type { Tensor } from '../graph/tensor.js';
import { numbered } from './decomposition.js';
import { estimator, type Fitted } from './estimator.js';
import { array, flag, matrixField, optional, vector } from './fields.js';
import { BrineError } from '../errors.js';

const modules = [
  'sklearn.cross_decomposition._pls',
  'sklearn.cross_decomposition.pls_',
  'sklearn.cross_decomposition._cca',
  'sklearn.cross_decomposition.cca_',
];

// Means and deviations got their underscore in front in 0.24.
const moments = {
  _x_mean: optional(vector),
  _x_std: optional(vector),
  _y_mean: optional(vector),
  x_mean_: optional(vector),
  x_std_: optional(vector),
  y_mean_: optional(vector),
};
type Moments = Fitted<typeof moments>;

function needed(value: Tensor | undefined, name: string, m: Moments): Tensor {
  if (!value) throw new BrineError('BAD_STATE', `${m.estimator.name} has no ${name}`, { path: m.estimator.path });
  return value;
}
const meanOf = (m: Moments): Tensor => needed(m._x_mean ?? m.x_mean_, '_x_mean', m);
const deviationOf = (m: Moments): Tensor => needed(m._x_std ?? m.x_std_, '_x_std', m);

const scaled = (m: Moments, x: V, g: GraphBuilder): V => g.div(g.sub(x, meanOf(m)), deviationOf(m));

const plsState = {
  ...moments,
  x_rotations_: matrixField,
  x_loadings_: matrixField,
  // 1.1 and 1.2 kept the turned coefficients beside those of old.
  _coef_: optional(matrixField),
  coef_: optional(matrixField),
  intercept_: optional(array),
  _predict_1d: optional(flag, false),
};
type Pls = Fitted<typeof plsState>;

function predict(m: Pls, x: V, g: GraphBuilder): V {
  const turned = m.version.atLeast(1, 3) ? m.coef_ : m._coef_;
  // Since 1.5 the coefficients are those of features as they come.
  const input = m.version.atLeast(1, 5) ? g.sub(x, meanOf(m)) : scaled(m, x, g);
  const y = turned
    ? g.add(g.linear(input, turned), needed(m.intercept_, 'intercept_', m))
    : g.add(g.matmul(input, needed(m.coef_, 'coef_', m)), needed(m._y_mean ?? m.y_mean_, '_y_mean', m));
  return m._predict_1d ? g.flatten(y) : y;
}

const pls = estimator(['PLSRegression', 'PLSCanonical', 'CCA'], plsState, {
  modules,
  features: (m) => m.x_rotations_.shape[0],
  offers: (m, all) => (m.version.before(0, 22) ? all.filter((name) => name !== 'inverse_transform') : all),
  methods: {
    transform: (m, x, g) => g.matmul(scaled(m, x, g), m.x_rotations_),
    predict,
    inverse_transform: (m, x, g) => g.add(g.mul(g.linear(x, m.x_loadings_), deviationOf(m)), meanOf(m)),
  },
  names: (m) => numbered(m, m.x_rotations_.shape[1] ?? 0),
});

const plsSvd = estimator(
  'PLSSVD',
  { ...moments, x_weights_: matrixField },
  {
    modules,
    features: (m) => m.x_weights_.shape[0],
    methods: { transform: (m, x, g) => g.matmul(scaled(m, x, g), m.x_weights_) },
    names: (m) => numbered(m, m.x_weights_.shape[1] ?? 0),
  },
);

export const crossDecompositions = [pls, plsSvd];
