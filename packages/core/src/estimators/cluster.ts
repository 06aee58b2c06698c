import type { GraphBuilder, V } from '../graph/builder.js';
import { float64, type Tensor } from '../graph/tensor.js';
import { estimator } from './estimator.js';
import { matrixField } from './fields.js';

/**
 * |c|² - 2 x·c: squared distances without |x|², which is the same for every centre. scikit-learn leaves it
 * out when it looks for the nearest.
 */
export function halfDistances(x: V, centres: Tensor, g: GraphBuilder): V {
  const [k = 0, p = 0] = centres.shape;
  const data = centres.data as Float64Array;
  const norms = Float64Array.from({ length: k }, (_, c) => {
    let sum = 0;
    for (let j = 0; j < p; j++) sum += data[c * p + j] ** 2;
    return sum;
  });
  return g.linear(
    x,
    float64(
      [k, p],
      Float64Array.from(data, (v) => -2 * v),
    ),
    float64([k], norms),
  );
}

/**
 * Squared distances [n, k] as scikit-learn's `euclidean_distances` has them, by the dot-product formula, so
 * that the nearest centre is the one that it finds: |x|² - 2 x·c + |c|², never below zero.
 */
export function squaredDistances(x: V, centres: Tensor, g: GraphBuilder): V {
  const products = halfDistances(x, centres, g);
  const squares = g.sum(g.mul(g.dense(x), g.dense(x)), 1);
  return g.max(g.add(products, squares), 0);
}

const kMeans = estimator(
  ['KMeans', 'MiniBatchKMeans'],
  { cluster_centers_: matrixField },
  {
    modules: ['sklearn.cluster._kmeans', 'sklearn.cluster.k_means_', 'sklearn.cluster._k_means_'],
    input: 'matrix',
    features: (m) => m.cluster_centers_.shape[1],
    methods: {
      predict: (m, x, g) => g.argmin(halfDistances(x, m.cluster_centers_, g)),
      transform: (m, x, g) => g.sqrt(squaredDistances(x, m.cluster_centers_, g)),
    },
    names: (m) =>
      Array.from({ length: m.cluster_centers_.shape[0] ?? 0 }, (_, i) => `${m.estimator.name.toLowerCase()}${i}`),
  },
);

export const clusters = [kMeans];
