import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { matrix } from './data.js';
import { numbered } from './decomposition.js';
import { estimator, type Estimator } from './estimator.js';
import { array, child, matrixField, number, optional } from './fields.js';

/** Distances and indices of the nearest training rows: [n, k] each. */
function nearest(neighbours: Estimator, x: V, g: GraphBuilder): readonly [V, V] {
  const found = neighbours.run('kneighbors', matrix(x), g);
  if (!('kind' in found) || found.kind !== 'tuple' || found.items.length < 2)
    throw new BrineError('BAD_STATE', 'kneighbors gives no indices', { path: neighbours.path });
  return [found.items[0], g.cast(found.items[1], 'int64')];
}

const isomap = estimator(
  'Isomap',
  {
    nbrs_: child,
    kernel_pca_: child,
    dist_matrix_: matrixField,
    n_neighbors: optional(number),
    embedding_: optional(matrixField),
  },
  {
    modules: ['sklearn.manifold._isomap', 'sklearn.manifold.isomap'],
    features: (m) => m.nbrs_.nFeatures,
    methods: {
      transform: (m, x, g) => {
        if (m.n_neighbors === undefined)
          throw new BrineError('UNSUPPORTED', 'Isomap with a radius', { path: m.estimator.path });
        const [distances, indices] = nearest(m.nbrs_, x, g);
        // By way of the neighbour that makes the way to each training row shortest.
        const ways = g.add(g.gather(m.dist_matrix_, indices), g.reshape(distances, [0, 0, 1]));
        const shortest = g.reduceMin(ways, 1, false);
        return m.kernel_pca_.value('transform', g.mul(g.mul(shortest, shortest), -0.5), g);
      },
    },
    names: (m) => numbered(m, m.embedding_?.shape[1] ?? 0),
  },
);

const locallyLinear = estimator(
  'LocallyLinearEmbedding',
  { nbrs_: child, embedding_: matrixField, reg: number },
  {
    modules: ['sklearn.manifold._locally_linear', 'sklearn.manifold.locally_linear'],
    features: (m) => m.nbrs_.nFeatures,
    methods: {
      transform: (m, x, g) => {
        const [, indices] = nearest(m.nbrs_, x, g);
        const rows = array(m.nbrs_.instance.attribute('_fit_X'), {
          owner: m.estimator,
          path: `${m.estimator.path}.nbrs_._fit_X`,
        });
        const outputs = m.embedding_.shape[1] ?? 0;
        const attributes = {
          rows: rows.data as Float64Array,
          columns: rows.shape[1] ?? 0,
          embedding: m.embedding_.data as Float64Array,
          outputs,
          regularization: m.reg,
        };
        return g.own('Barycentre', [x, indices], attributes, {
          dtype: 'float64',
          shape: [x.shape[0] ?? null, outputs],
        });
      },
    },
    names: (m) => numbered(m, m.embedding_.shape[1] ?? 0),
  },
);

export const manifolds = [isomap, locallyLinear];
