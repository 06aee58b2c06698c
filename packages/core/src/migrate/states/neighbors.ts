/** Neighbours: distances and their weights. */
import { PyDict, PyGlobal, PyTuple } from '../../pickle/values.js';
import { NdArray } from '../../python/ndarray.js';
import { toFloat64 } from '../../python/elements.js';
import { SparseMatrix } from '../../python/sparse.js';
import { heapMetrics } from '../../estimators/neighbor_index.js';
import { derived, rules } from '../define.js';
import type { Subject } from '../subject.js';
import { floats } from './arrays.js';

/** A weighted Minkowski metric has a weight for each feature; an unweighted one said a single 0 before. */
function weights(o: Subject, from: number, to: number): void {
  const [type] = o.instance.args.items;
  if (!(type instanceof PyGlobal) || !type.name.startsWith('MinkowskiDistance')) return;
  const { state } = o.instance;
  const vector = state instanceof PyTuple ? state.items[1] : undefined;
  if (!(state instanceof PyTuple) || !(vector instanceof NdArray) || vector.size !== from) return;
  if (from === 1 && toFloat64(vector)[0] !== 0) return;
  state.items[1] = floats(new Float64Array(to));
  o.tell('no weights said by an array of length ' + String(to));
}

/** True for a metric that was given weights for each feature. */
function isWeighted(o: Subject): boolean {
  for (const name of ['effective_metric_params_', 'metric_params']) {
    const given = o.get(name);
    if (given instanceof PyDict && (given.get('w') ?? null) !== null) return true;
  }
  return false;
}

const neighbours = [
  'KNeighborsClassifier',
  'KNeighborsRegressor',
  'NearestNeighbors',
  'LocalOutlierFactor',
  'RadiusNeighborsClassifier',
  'RadiusNeighborsRegressor',
];

/** What 1.4 to 1.8 cannot ask of themselves: which texts count most among neighbours by brute force. */
function refuseTextClasses(o: Subject): void {
  const { target } = o.migration;
  if (target.index < o.migration.releaseOf('1.4') || target.index >= o.migration.releaseOf('1.9')) return;
  const classes = o.get('classes_');
  const metric = o.get('effective_metric_');
  const counted = o.get('_fit_method') === 'brute' && (o.get('weights') ?? 'uniform') === 'uniform';
  if (!counted || typeof metric !== 'string' || !heapMetrics.has(metric) || /euclidean|l2/.test(metric)) return;
  if (classes instanceof NdArray && 'UOS'.includes(classes.dtype.type))
    throw o.refusal(
      `RadiusNeighborsClassifier of classes that are texts, with the metric ${metric} by brute force: 1.4 to 1.8 take them for numbers and fail`,
    );
}

export const nearest = rules([
  ...(['1.4', '1.9'] as const).map((since) => ({
    since,
    classes: ['RadiusNeighborsClassifier'],
    source: 'sklearn/neighbors/_classification.py, RadiusNeighborsClassMode',
    what:
      since === '1.4'
        ? 'votes within a radius are counted by another way, which takes classes for numbers'
        : 'votes within a radius are counted for classes of any type',
    [since === '1.4' ? 'up' : 'down']: refuseTextClasses,
  })),
  {
    since: '1.0',
    classes: neighbours,
    source: 'sklearn/metrics/_dist_metrics.pyx, MinkowskiDistance; #21741',
    what: 'the minkowski metric may have weights',
    down: (o) => {
      if (!isWeighted(o) || o.get('effective_metric_') === 'wminkowski') return;
      throw o.refusal(`${o.name} weights its features in a minkowski metric, which came with 1.0`);
    },
  },
  {
    since: '1.3',
    classes: neighbours,
    source: 'sklearn/metrics/_dist_metrics.pyx.tp, WMinkowskiDistance; #21873',
    what: 'the metric wminkowski went; minkowski with weights to the power of p takes its place when a model is trained anew',
    up: (o) => {
      if (o.get('effective_metric_') !== 'wminkowski' && o.get('metric') !== 'wminkowski') return;
      throw o.refusal(`${o.name} uses the metric wminkowski, which 1.3 took out`);
    },
  },
  {
    since: '1.3',
    classes: ['newObj'],
    source: 'sklearn/metrics/_dist_metrics.pyx.tp, MahalanobisDistance',
    what: 'MahalanobisDistance has room of its own to compute in; before, that was a vector of its state',
    down: (o) => {
      const [type] = o.instance.args.items;
      const { state } = o.instance;
      if (!(type instanceof PyGlobal) || !type.name.startsWith('MahalanobisDistance')) return;
      const matrix = state instanceof PyTuple ? state.items[2] : undefined;
      if (!(state instanceof PyTuple) || !(matrix instanceof NdArray)) return;
      // Too short a vector would be written beyond its end.
      state.items[1] = floats(new Float64Array(matrix.shape[0]));
      o.tell('a vector to compute in added');
    },
  },
  {
    since: '1.1',
    classes: ['newObj'],
    source: 'sklearn/metrics/_dist_metrics.pyx, MinkowskiDistance; #21741',
    what: 'MinkowskiDistance may have weights: none is an empty array, where it was a single 0',
    up: (o) => {
      weights(o, 1, 0);
    },
    down: (o) => {
      weights(o, 0, 1);
    },
  },
  {
    since: '1.1',
    classes: [
      'KNeighborsClassifier',
      'KNeighborsRegressor',
      'NearestNeighbors',
      'LocalOutlierFactor',
      'RadiusNeighborsClassifier',
      'RadiusNeighborsRegressor',
    ],
    source: 'sklearn/metrics/_pairwise_distances_reduction.pyx; #21987',
    what:
      'brute force computes distances itself, where scipy did: for braycurtis scipy divides by |x + y|, scikit-learn by |x| + |y|. ' +
      'Models that met scipy’s name its function',
    up: (o) => {
      if (o.get('_fit_method') !== 'brute' || o.get('effective_metric_') !== 'braycurtis') return;
      const metric = o.function('scipy.spatial.distance', 'braycurtis');
      o.set('metric', metric);
      o.set('effective_metric_', metric);
      o.tell('metric braycurtis written as scipy’s function, which it was');
    },
    down: (o) => {
      if (o.get('_fit_method') !== 'brute' || o.get('effective_metric_') !== 'braycurtis') return;
      throw o.refusal(`${o.name} has scikit-learn’s own braycurtis distance by brute force, which came with 1.1`);
    },
  },
  derived(
    '0.22',
    'n_samples_fit_',
    (o) => {
      const fit = o.get('_fit_X');
      return fit instanceof NdArray || fit instanceof SparseMatrix ? fit.shape[0] : undefined;
    },
    [
      'KNeighborsClassifier',
      'KNeighborsRegressor',
      'RadiusNeighborsClassifier',
      'RadiusNeighborsRegressor',
      'NearestNeighbors',
      'LocalOutlierFactor',
    ],
    'sklearn/neighbors/_base.py; #10482',
  ),
  derived(
    '1.6',
    'class_prior_',
    (o) => {
      const classes = o.get('classes_');
      if (!o.has('centroids_') || !(classes instanceof NdArray)) return undefined;
      return floats(new Float64Array(classes.size).fill(1 / classes.size));
    },
    ['NearestCentroid'],
    'sklearn/neighbors/_nearest_centroid.py; #26689',
    'attribute class_prior_ came: all classes alike, as before',
  ),
]);
