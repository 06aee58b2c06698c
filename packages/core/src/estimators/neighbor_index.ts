import { BrineError } from '../errors.js';
import type { NeighborIndex, NeighborMetric, NeighborTreeNodes } from '../graph/neighbor-index.js';
import { float64, isCsr, type DType, type Tensor } from '../graph/tensor.js';
import { PyDict, PyGlobal, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { fieldArray, toFloat64, toIntegers } from '../python/elements.js';
import { NdArray } from '../python/ndarray.js';
import type { Base } from './estimator.js';
import { array, asNumber, asText, badState, denseOrSparse, type Field, type Reading } from './fields.js';
import type { Version } from './version.js';

/** A KDTree or BallTree: its points, and its nodes. */
export interface SavedNeighborTree {
  readonly points: Tensor;
  readonly nodes: NeighborTreeNodes;
}

/**
 * A tree's state is a tuple: points, their order, node records, bounds, and counts that a search does not need.
 * Source: sklearn/neighbors/_binary_tree.pxi.tp, `__getstate__`.
 */
export const savedNeighborTree: Field<SavedNeighborTree> = (value, at) => {
  const state = value instanceof PyInstance ? value.state : undefined;
  if (!(value instanceof PyInstance) || !(state instanceof PyTuple)) throw badState(at, 'a KDTree or BallTree', value);
  // Made by `newObj(KDTree)`.
  const made = value.args.items[0];
  const name = made instanceof PyGlobal ? made.name : value.name;
  // In 0.18 and 0.19 both are called BinaryTree, and the module tells them apart.
  const home = made instanceof PyGlobal ? made.module : value.module;
  const told = name === 'BinaryTree' ? (home.endsWith('kd_tree') ? 'KDTree' : 'BallTree') : name;
  const kind = told.startsWith('KDTree') ? 'kd' : told.startsWith('BallTree') ? 'ball' : undefined;
  if (kind === undefined) throw badState(at, 'a KDTree or BallTree', value);
  const [points, order, nodes, bounds] = state.items;
  if (![points, order, nodes, bounds].every((part) => part instanceof NdArray))
    throw badState(at, 'a KDTree or BallTree with its arrays', value);
  const data = points as NdArray;
  const table = nodes as NdArray;
  if (data.shape.length !== 2) throw badState(at, 'a tree of points in rows', data);
  const column = (name: string): NdArray => fieldArray(table, name);
  return {
    points: float64(data.shape, toFloat64(data)),
    nodes: {
      kind,
      indices: Int32Array.from(toIntegers(order as NdArray)),
      starts: Int32Array.from(toIntegers(column('idx_start'))),
      ends: Int32Array.from(toIntegers(column('idx_end'))),
      isLeaf: Uint8Array.from(toIntegers(column('is_leaf'))),
      radii: toFloat64(column('radius')),
      bounds: toFloat64(bounds as NdArray),
    },
  };
};

/** A metric by name and parameters. Throws UNSUPPORTED for a Python function. */
export function metricOf(name: PyValue | undefined, params: PyValue | undefined, at: Reading): NeighborMetric {
  const text = asText(name);
  if (name === undefined) throw badState(at, 'the name of a metric', name);
  if (text === undefined) {
    const what = name instanceof PyGlobal ? `a Python function, ${name.fullName}` : 'an object of its own';
    throw new BrineError('UNSUPPORTED', `the metric of ${at.owner.name} is ${what}`, { path: at.path });
  }
  const get = (key: string): PyValue | undefined => (params instanceof PyDict ? params.get(key) : undefined);
  const numbers = (key: string): Float64Array | undefined => {
    const value = get(key);
    if (value === undefined || value === null) return undefined;
    return array(value, { owner: at.owner, path: `${at.path}[${JSON.stringify(key)}]` }).data as Float64Array;
  };
  const p = asNumber(get('p'));
  const [w, V, VI] = [numbers('w'), numbers('V'), numbers('VI')];
  return { name: text, ...(p === undefined ? {} : { p }), ...(w && { w }), ...(V && { V }), ...(VI && { VI }) };
}

/** Metrics that scikit-learn's heap search computes (sklearn/metrics/_pairwise_distances_reduction, `valid_metrics`). */
export const heapMetrics: ReadonlySet<string> = new Set(
  [
    ['euclidean', 'l2', 'sqeuclidean', 'minkowski', 'p', 'manhattan', 'cityblock', 'l1', 'chebyshev', 'infinity'],
    ['seuclidean', 'wminkowski', 'canberra', 'braycurtis', 'haversine'],
  ].flat(),
);

export const sortOf = (version: Version): NeighborIndex['sort'] => (version.atLeast(1, 9) ? 'introsort' : 'quicksort');

/** The attributes of everything that looks for neighbours among the points it was fitted on. */
export const neighborsState = {
  _fit_X: ((value) => value) as Field<PyValue | undefined>,
  _tree: ((value) => value) as Field<PyValue | undefined>,
  _fit_method: ((value) => value) as Field<PyValue | undefined>,
  effective_metric_: ((value) => value) as Field<PyValue | undefined>,
  effective_metric_params_: ((value) => value) as Field<PyValue | undefined>,
};
export type Neighbors = { readonly [K in keyof typeof neighborsState]: PyValue | undefined } & Base;

/** Where an attribute of a fitted estimator is, for messages. */
export function readingOf(m: Base, name: string): Reading {
  const { path } = m.estimator;
  return { owner: m.estimator, path: path === '' ? name : `${path}.${name}` };
}

interface Indexes {
  readonly doubles: NeighborIndex;
  readonly others: NeighborIndex;
}
const indexes = new WeakMap<object, Indexes>();

/**
 * The index of a fitted estimator, described once. The heap search wants rows of the type of the points: integers and
 * float32 are looked for as pairwise distances, which scipy computes (sklearn/metrics/_pairwise_distances_reduction,
 * `is_usable_for`).
 */
export function indexOf(m: Neighbors, given: DType = 'float64'): NeighborIndex {
  let both = indexes.get(m.estimator);
  if (!both) {
    const doubles = describe(m);
    indexes.set(m.estimator, (both = { doubles, others: doubles.heap ? { ...doubles, heap: false } : doubles }));
  }
  return given === 'float64' ? both.doubles : both.others;
}

function describe(m: Neighbors): NeighborIndex {
  const at = (name: string): Reading => readingOf(m, name);
  const metric = metricOf(m.effective_metric_, m.effective_metric_params_, at('effective_metric_'));
  const sort = sortOf(m.version);
  // Which scipy computes it is not in the file; before 1.6 rows without a difference were NaN apart.
  if (metric.name === 'yule' && m.version.before(1, 5))
    throw new BrineError('UNSUPPORTED', `the distance metric "yule" of scikit-learn ${m.version.text}`, {
      path: at('effective_metric_').path,
    });
  if (m._fit_method === 'kd_tree' || m._fit_method === 'ball_tree') {
    const { points, nodes } = savedNeighborTree(m._tree, at('_tree'));
    return { points, count: points.shape[0], metric, tree: nodes, heap: false, sort };
  }
  if (m._fit_method !== 'brute') throw badState(at('_fit_method'), 'kd_tree, ball_tree or brute', m._fit_method);
  const points = denseOrSparse(m._fit_X, at('_fit_X'));
  const [count = 0] = points.shape;
  if (metric.name === 'precomputed') return { points: undefined, count, metric, tree: undefined, heap: false, sort };
  const doubles = m._fit_X instanceof NdArray && m._fit_X.dtype.type === 'f' && m._fit_X.dtype.itemsize === 8;
  const heap = m.version.atLeast(1, 1) && !isCsr(points) && doubles && heapMetrics.has(metric.name);
  return { points, count, metric, tree: undefined, heap, sort };
}

/** The number of columns of the points: files before 0.24 do not record it. */
export function columnsOf(m: Neighbors): number | undefined {
  if (m._fit_X instanceof NdArray) return m._fit_X.shape[1];
  const { points, count } = indexOf(m);
  return points ? points.shape[1] : count;
}
