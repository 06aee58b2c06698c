import type { GraphBuilder, V } from '../graph/builder.js';
import { float64, isFloat, type DType, type Tensor } from '../graph/tensor.js';
import { givenType } from './data.js';
import { estimator, type Definition, type Fitted, type State } from './estimator.js';
import { array, list, matrixField, oneOf, optional, vector } from './fields.js';
import { product, transposed } from './linalg.js';
import { digamma } from './special.js';

const INNER_AXIS: Tensor = { dtype: 'int64', shape: [1], data: BigInt64Array.of(1n) };
const numbers = (t: Tensor): Float64Array => t.data as Float64Array;
const sum = (x: Iterable<number>): number => {
  let total = 0;
  for (const v of x) total += v;
  return total;
};

const state = {
  means_: matrixField,
  precisions_cholesky_: array,
  covariance_type: oneOf('full', 'tied', 'diag', 'spherical'),
};
type Mixture = Fitted<typeof state>;

/** log N(x | component) of every row and component: [n, k]. Source: sklearn/mixture/_gaussian_mixture.py */
function logGaussian(m: Mixture, x: V, g: GraphBuilder): V {
  const [k = 0, p = 0] = m.means_.shape;
  const means = numbers(m.means_);
  const precisions = numbers(m.precisions_cholesky_);
  const logDet = new Float64Array(k);
  let squares: V;
  if (m.covariance_type === 'full' || m.covariance_type === 'tied') {
    const columns = Array.from({ length: k }, (_, c) => {
      const from = m.covariance_type === 'full' ? c * p * p : 0;
      const root = precisions.subarray(from, from + p * p);
      logDet[c] = sum(Array.from({ length: p }, (__, j) => Math.log(root[j * (p + 1)])));
      const centre = product(means.subarray(c * p, (c + 1) * p), root, 1, p, p);
      const gap = g.sub(g.matmul(x, float64([p, p], root)), float64([p], centre));
      return g.sum(g.mul(gap, gap), 1);
    });
    squares = asGiven(m, g.concat(columns), givenType(x), g);
  } else {
    const spherical = m.covariance_type === 'spherical';
    const at = (c: number, j: number): number => precisions[spherical ? c : c * p + j];
    const inverse = Float64Array.from({ length: k * p }, (_, i) => at(Math.floor(i / p), i % p) ** 2);
    const constant = Float64Array.from({ length: k }, (_, c) =>
      sum(Array.from({ length: p }, (__, j) => means[c * p + j] ** 2 * inverse[c * p + j])),
    );
    for (let c = 0; c < k; c++) logDet[c] = sum(Array.from({ length: p }, (_, j) => Math.log(at(c, j))));
    const cross = g.matmul(
      x,
      float64(
        [p, k],
        transposed(
          means.map((v, i) => v * inverse[i]),
          k,
          p,
        ),
      ),
    );
    const own = g.matmul(g.mul(x, x), float64([p, k], transposed(inverse, k, p)));
    squares = g.add(g.sub(float64([k], constant), g.mul(cross, 2)), own);
  }
  return g.add(g.mul(g.add(squares, p * logTwoPi(m, givenType(x))), -0.5), float64([k], logDet));
}

/** Since 1.7 the squares are put into a table of the input's type: integers are cut off, float32 rounded. */
function asGiven(m: Mixture, squares: V, dtype: DType, g: GraphBuilder): V {
  if (dtype === 'float64' || m.version.before(1, 7)) return squares;
  return g.cast(g.cast(squares, dtype), 'float64');
}

/** 1.7 has this constant in the input's type, too. */
function logTwoPi(m: Mixture, dtype: DType): number {
  const exact = Math.log(2 * Math.PI);
  if (dtype === 'float64' || m.version.before(1, 7) || m.version.atLeast(1, 8)) return exact;
  return isFloat(dtype) ? Math.fround(exact) : Math.trunc(exact);
}

/** A mixture is the joint log-probability of rows and components [n, k]; everything else follows from it. */
function mixture<S extends State & typeof state>(
  name: string,
  modules: readonly string[],
  own: S,
  offsets: (m: Fitted<S>) => Float64Array,
): Definition {
  const joint = (m: Fitted<S>, x: V, g: GraphBuilder): V => {
    const values = offsets(m);
    return g.add(logGaussian(m as unknown as Mixture, x, g), float64([values.length], values));
  };
  const total = (v: V, keep: 0 | 1, g: GraphBuilder): V =>
    g.node('ReduceLogSumExp', [v, INNER_AXIS], { keepdims: keep });
  return estimator(name, own, {
    modules,
    features: (m) => (m as unknown as Mixture).means_.shape[1],
    methods: {
      predict: (m, x, g) => g.argmax(joint(m, x, g)),
      predict_proba: (m, x, g) => {
        const values = joint(m, x, g);
        return g.exp(g.sub(values, total(values, 1, g)));
      },
      score_samples: (m, x, g) => total(joint(m, x, g), 0, g),
    },
  });
}

const gaussianState = { ...state, weights_: vector };
const gaussian = mixture(
  'GaussianMixture',
  ['sklearn.mixture._gaussian_mixture', 'sklearn.mixture.gaussian_mixture'],
  gaussianState,
  (m: Fitted<typeof gaussianState>) => numbers(m.weights_).map(Math.log),
);

// ---- BayesianGaussianMixture ------------------------------------------------------------------------

const bayesianState = {
  ...state,
  weight_concentration_prior_type: optional(oneOf('dirichlet_process', 'dirichlet_distribution'), 'dirichlet_process'),
  weight_concentration_: array,
  degrees_of_freedom_: vector,
  mean_precision_: vector,
};
type Bayesian = Fitted<typeof bayesianState>;

function logWeights(m: Bayesian): Float64Array {
  if (m.weight_concentration_prior_type === 'dirichlet_distribution') {
    const values = numbers(m.weight_concentration_);
    const all = digamma(sum(values));
    return values.map((v) => digamma(v) - all);
  }
  const { instance, path } = m.estimator;
  const at = { owner: m.estimator, path: `${path}.weight_concentration_` };
  const [a, b] = list(vector)(instance.attribute('weight_concentration_'), at).map(numbers);
  let rest = 0;
  return a.map((v, i) => {
    const both = digamma(v + b[i]);
    const here = digamma(v) - both + rest;
    rest += digamma(b[i]) - both;
    return here;
  });
}

/** What the uncertainty of weights, means and precisions adds to each component. */
function expectations(m: Bayesian): Float64Array {
  const p = m.means_.shape[1] ?? 0;
  const precision = numbers(m.mean_precision_);
  const weights = logWeights(m);
  // Components that are tied share one number of degrees of freedom.
  const freedoms = numbers(m.degrees_of_freedom_);
  return precision.map((_, c) => {
    const freedom = freedoms[freedoms.length === 1 ? 0 : c];
    const spread = sum(Array.from({ length: p }, (__, j) => digamma(0.5 * (freedom - j))));
    const logLambda = p * Math.log(2) + spread;
    return -0.5 * p * Math.log(freedom) + 0.5 * (logLambda - p / precision[c]) + weights[c];
  });
}

const bayesian = mixture(
  'BayesianGaussianMixture',
  ['sklearn.mixture._bayesian_mixture', 'sklearn.mixture.bayesian_mixture'],
  bayesianState,
  expectations,
);

export const mixtures = [gaussian, bayesian];
