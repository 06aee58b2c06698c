import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { float64, int64, type Tensor } from '../graph/tensor.js';
import { pseudoInverse } from './eigen.js';
import { estimator, type Fitted } from './estimator.js';
import { flag, matrixField, number, optional, vector } from './fields.js';

const of = (...files: string[]): string[] => files.map((file) => `sklearn.covariance.${file}`);

const state = {
  location_: vector,
  covariance_: matrixField,
  precision_: optional(matrixField),
  store_precision: optional(flag, true),
};
type Covariance = Fitted<typeof state>;

function precisionOf(m: Covariance): Tensor {
  if (m.precision_ && m.store_precision) return m.precision_;
  const [n = 0] = m.covariance_.shape;
  return float64([n, n], pseudoInverse(m.covariance_.data as Float64Array, n));
}

/** Squared Mahalanobis distances to the location: [n]. */
function mahalanobis(m: Covariance, x: V, g: GraphBuilder): V {
  const gap = g.sub(x, m.location_);
  return g.sum(g.mul(g.matmul(gap, precisionOf(m)), gap), 1, false);
}

const features = (m: Covariance): number => m.location_.data.length;

const covariance = estimator(
  [
    ...['EmpiricalCovariance', 'ShrunkCovariance', 'LedoitWolf', 'OAS', 'MinCovDet'],
    ...['GraphicalLasso', 'GraphicalLassoCV', 'GraphLasso', 'GraphLassoCV'],
  ],
  state,
  {
    modules: of(
      ...['_empirical_covariance', 'empirical_covariance_', '_shrunk_covariance', 'shrunk_covariance_'],
      ...[
        '_robust_covariance',
        'robust_covariance',
        '_graph_lasso',
        'graph_lasso_',
        '_graphical_lasso',
        'graphical_lasso_',
      ],
    ),
    features,
    methods: { mahalanobis },
  },
);

// ---- EllipticEnvelope -------------------------------------------------------------------------------

// 0.20 turned the threshold on distances into an offset of scores.
const envelopeState = { ...state, offset_: optional(number), threshold_: optional(number) };
type Envelope = Fitted<typeof envelopeState>;

const ROOT = 0.33;

function decision(m: Envelope, x: V, g: GraphBuilder): V {
  if (m.offset_ !== undefined) return g.sub(g.neg(mahalanobis(m, x, g)), m.offset_);
  return g.sub(thresholdOf(m) ** ROOT, g.pow(mahalanobis(m, x, g), ROOT));
}

function thresholdOf(m: Envelope): number {
  if (m.threshold_ === undefined)
    throw new BrineError('BAD_STATE', 'EllipticEnvelope has neither offset_ nor threshold_', {
      path: m.estimator.path,
    });
  return m.threshold_;
}

const envelope = estimator('EllipticEnvelope', envelopeState, {
  modules: of('_elliptic_envelope', 'elliptic_envelope', 'outlier_detection'),
  features,
  offers: (m, all) => (m.offset_ === undefined ? all.filter((name) => name !== 'score_samples') : all),
  methods: {
    mahalanobis,
    score_samples: (m, x, g) => g.neg(mahalanobis(m, x, g)),
    decision_function: decision,
    predict: (m, x, g) => {
      const inside =
        m.offset_ === undefined
          ? g.lessOrEqual(mahalanobis(m, x, g), thresholdOf(m))
          : g.greaterOrEqual(decision(m, x, g), 0);
      return g.where(inside, int64([], [1]), int64([], [-1]));
    },
  },
});

export const covariances = [covariance, envelope];
