import type { GraphBuilder, V } from '../graph/builder.js';
import { float64, type Tensor } from '../graph/tensor.js';
import { numbered } from './decomposition.js';
import { pseudoInverse } from './eigen.js';
import { estimator, takes, type Fitted } from './estimator.js';
import { flag, matrixField, optional } from './fields.js';
import { product, transposed } from './linalg.js';

const state = {
  components_: matrixField,
  inverse_components_: optional(matrixField),
  compute_inverse_components: optional(flag, false),
  dense_output: optional(flag, true),
};
type Projection = Fitted<typeof state>;

/** The pseudo-inverse of the components: [p, k]. */
function inverseOf(m: Projection): Tensor {
  if (m.compute_inverse_components && m.inverse_components_) return m.inverse_components_;
  const [k = 0, p = 0] = m.components_.shape;
  const c = m.components_.data as Float64Array;
  const turned = transposed(c, k, p);
  // The smaller of both Gram matrices is the one that can be inverted.
  if (k <= p) return float64([p, k], product(turned, pseudoInverse(product(c, turned, k, p, k), k), p, k, k));
  return float64([p, k], product(pseudoInverse(product(turned, c, p, k, p), p), turned, p, p, k));
}

function project(m: Projection, x: V, g: GraphBuilder): V {
  const out = g.linear(x, m.components_);
  return x.layout === 'csr' && m.estimator.name === 'SparseRandomProjection' && !m.dense_output ? g.sparse(out) : out;
}

const projections = estimator(['GaussianRandomProjection', 'SparseRandomProjection'], state, {
  modules: ['sklearn.random_projection'],
  input: 'matrix',
  features: (m) => m.components_.shape[1],
  // inverse_transform came with 1.1.
  offers: (m, all) => (m.version.before(1, 1) ? all.filter((name) => name !== 'inverse_transform') : all),
  methods: {
    transform: project,
    inverse_transform: takes('matrix', (m: Projection, x, g) => g.linear(x, inverseOf(m))),
  },
  names: (m) => numbered(m, m.components_.shape[0] ?? 0),
});

export const randomProjections = [projections];
