import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { densityKernels } from '../graph/own-kernels.js';
import type { NeighborIndex } from '../graph/neighbor-index.js';
import { float64 } from '../graph/tensor.js';
import { PyInstance, PyTuple } from '../pickle/values.js';
import { tuple } from './data.js';
import { estimator, type Finite, type Fitted } from './estimator.js';
import { array, flag, labels, matrixField, number, oneOf, optional, raw, vector } from './fields.js';
import { columnsOf, heapMetrics, metricOf, neighborsState, savedNeighborTree, sortOf } from './neighbor_index.js';
import { connected, nearest, neighborTables } from './neighbors.js';
import { squaredDistances } from './cluster.js';

const modules = (...files: string[]): string[] =>
  files.flatMap((file) => [`sklearn.neighbors._${file}`, `sklearn.neighbors.${file}`]);

// ---- LocalOutlierFactor -----------------------------------------------------------------------------

const outlierState = {
  ...neighborsState,
  metric: raw,
  novelty: optional(flag, false),
  n_neighbors_: number,
  offset_: optional(number),
  _lrd: vector,
  _distances_fit_X_: matrixField,
};
type Outlier = Fitted<typeof outlierState>;

/** The opposite of the mean ratio of the neighbours' density to the own one. */
function outlierScores(m: Outlier, x: V, g: GraphBuilder): V {
  const k = m.n_neighbors_;
  const [distances, places] = neighborTables(nearest(m, k, x, g), k, g);
  const [rows = 0, width = 0] = m._distances_fit_X_.shape;
  const fitted = m._distances_fit_X_.data as Float64Array;
  const farthest = float64(
    [rows],
    Float64Array.from({ length: rows }, (_, i) => fitted[i * width + k - 1]),
  );
  const reach = g.max(distances, g.gather(farthest, places));
  const density = g.div(1, g.add(g.mean(reach, 1), 1e-10));
  return g.neg(g.mean(g.div(g.gather(m._lrd, places), density), 1, false));
}

const decision = (m: Outlier, x: V, g: GraphBuilder): V => g.sub(outlierScores(m, x, g), m.offset_ ?? 0);

const outliers = estimator('LocalOutlierFactor', outlierState, {
  modules: modules('lof'),
  input: 'matrix',
  features: columnsOf,
  finite: (m): Finite => (m.metric === 'nan_euclidean' && m.version.atLeast(1, 3) ? 'nan' : 'all'),
  // Without novelty=True only the training rows have scores.
  offers: (m, all) => (m.novelty ? all : all.filter((name) => name.startsWith('kneighbors'))),
  methods: {
    predict: (m, x, g) => g.cast(g.where(g.less(decision(m, x, g), 0), -1, 1), 'int64'),
    decision_function: decision,
    score_samples: outlierScores,
    kneighbors: (m, x, g) => tuple(...neighborTables(nearest(m, m.n_neighbors_, x, g), m.n_neighbors_, g)),
    kneighbors_graph: (m, x, g) => connected(nearest(m, m.n_neighbors_, x, g), g),
  },
});

// ---- KernelDensity ----------------------------------------------------------------------------------

const densityState = {
  tree_: raw,
  kernel: oneOf(...densityKernels),
  metric: raw,
  metric_params: raw,
  bandwidth: raw,
  bandwidth_: optional(number),
  atol: optional(number, 0),
  rtol: optional(number, 0),
  breadth_first: optional(flag, true),
};
type Density = Fitted<typeof densityState>;

/** The weights of the points are the last thing in a tree's state, since 0.20. */
function treeWeights(m: Density): Float64Array | undefined {
  const state = m.tree_ instanceof PyInstance && m.tree_.state instanceof PyTuple ? m.tree_.state.items[12] : null;
  if (state === undefined || state === null) return undefined;
  return vector(state, { owner: m.estimator, path: `${m.estimator.path}.tree_[12]` }).data as Float64Array;
}

const density = estimator('KernelDensity', densityState, {
  modules: modules('kde'),
  features: (m) =>
    savedNeighborTree(m.tree_, { owner: m.estimator, path: `${m.estimator.path}.tree_` }).points.shape[1],
  methods: {
    score_samples: (m, x, g) => {
      const at = (name: string): { owner: typeof m.estimator; path: string } => ({
        owner: m.estimator,
        path: `${m.estimator.path}.${name}`,
      });
      const { points, nodes: tree } = savedNeighborTree(m.tree_, at('tree_'));
      const weights = treeWeights(m);
      if (weights && weights.length !== points.shape[0])
        throw new BrineError('BAD_STATE', `${weights.length} weights for ${points.shape[0]} points`, {
          path: m.estimator.path,
        });
      const metric = metricOf(m.metric, m.metric_params, at('metric'));
      const bandwidth = m.bandwidth_ ?? number(m.bandwidth, at('bandwidth'));
      const { kernel, atol, rtol, breadth_first: breadthFirst } = m;
      const attributes = { points, tree, weights, metric, kernel, bandwidth, atol, rtol, breadthFirst };
      return g.own('LogDensity', [x], attributes, { dtype: 'float64', shape: [x.shape[0] ?? null] });
    },
  },
});

// ---- NearestCentroid --------------------------------------------------------------------------------

const centroidState = {
  centroids_: matrixField,
  classes_: labels,
  metric: raw,
  class_prior_: optional(vector),
  within_class_std_dev_: optional(array),
};
type Centroid = Fitted<typeof centroidState>;

/** The label of the nearest centroid; of equal ones the first. */
function nearestLabel(m: Centroid, x: V, g: GraphBuilder): V {
  const metric = metricOf(m.metric, undefined, { owner: m.estimator, path: `${m.estimator.path}.metric` });
  const index: NeighborIndex = {
    points: m.centroids_,
    count: m.centroids_.shape[0],
    metric,
    tree: undefined,
    heap: m.version.atLeast(1, 1) && heapMetrics.has(metric.name),
    sort: sortOf(m.version),
  };
  const type = { dtype: 'float64' as const, shape: [x.shape[0] ?? null, index.count], layout: 'csr' as const };
  const [, places] = neighborTables(g.own('Neighbors', [x], { index, k: 1 }, type), 1, g);
  return g.label(m.classes_, g.flatten(places));
}

/** Squared distances in units of the deviations within classes, and the priors: [n, k]. Since 1.6. */
function discriminants(m: Centroid, x: V, g: GraphBuilder): V {
  if (!m.class_prior_ || !m.within_class_std_dev_)
    throw new BrineError('BAD_STATE', `${m.estimator.name} has no class_prior_`, { path: m.estimator.path });
  const spread = (m.within_class_std_dev_.data as Float64Array).map((s) => (s === 0 ? 1 : s));
  const [k = 0, p = 0] = m.centroids_.shape;
  const scaled = (m.centroids_.data as Float64Array).map((v, i) => v / spread[i % p]);
  const distances = squaredDistances(g.div(g.dense(x), float64([p], spread)), float64([k, p], scaled), g);
  const priors = (m.class_prior_.data as Float64Array).map((prior) => 2 * Math.log(prior));
  return g.add(g.neg(distances), float64([k], priors));
}

/** As numpy's `isclose` with its default tolerances. */
function uniformPriors(m: Centroid): boolean {
  const priors = m.class_prior_?.data as Float64Array | undefined;
  return !priors || priors.every((prior) => Math.abs(prior - 1 / priors.length) <= 1e-8 + 1e-5 / priors.length);
}

function centroidLogProba(m: Centroid, x: V, g: GraphBuilder): V {
  const scores = discriminants(m, x, g);
  const relative = g.sub(scores, g.reduceMax(scores, 1));
  return g.sub(relative, g.log(g.sum(g.exp(relative), 1)));
}

const centroid = estimator('NearestCentroid', centroidState, {
  modules: modules('nearest_centroid'),
  input: 'matrix',
  features: (m) => m.centroids_.shape[1],
  finite: (m): Finite => (m.metric === 'nan_euclidean' && uniformPriors(m) ? 'nan' : 'all'),
  offers: (m, all) => (m.class_prior_ && m.metric === 'euclidean' ? all : ['predict']),
  methods: {
    predict: (m, x, g) =>
      uniformPriors(m) ? nearestLabel(m, x, g) : g.label(m.classes_, g.argmax(discriminants(m, x, g))),
    decision_function: (m, x, g) => {
      const scores = discriminants(m, x, g);
      if (m.classes_.data.length !== 2) return scores;
      return g.flatten(g.sub(g.columns(scores, [1]), g.columns(scores, [0])));
    },
    predict_log_proba: centroidLogProba,
    predict_proba: (m, x, g) => g.exp(centroidLogProba(m, x, g)),
  },
});

// ---- NeighborhoodComponentsAnalysis -----------------------------------------------------------------

const components = estimator(
  'NeighborhoodComponentsAnalysis',
  { components_: matrixField, _n_features_out: optional(number) },
  {
    modules: modules('nca'),
    features: (m) => m.components_.shape[1],
    // Before 1.5 there were as many names as columns that go in.
    names: (m) =>
      Array.from(
        { length: m._n_features_out ?? m.components_.shape[0] },
        (_, i) => `neighborhoodcomponentsanalysis${i}`,
      ),
    methods: { transform: (m, x, g) => g.linear(x, m.components_) },
  },
);

export const moreNeighbors = [outliers, density, centroid, components];
