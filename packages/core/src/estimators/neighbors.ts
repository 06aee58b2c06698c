import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { strings, type Tensor } from '../graph/tensor.js';
import { NdArray } from '../python/ndarray.js';
import { givenType, tuple, type Result } from './data.js';
import { estimator, type Finite, type Fitted } from './estimator.js';
import { array, list, number, optional, plainLabel, raw, sequenceOf, text, type Field } from './fields.js';
import { columnsOf, indexOf, neighborsState, readingOf, type Neighbors } from './neighbor_index.js';
import { rowsToOne } from './scores.js';
import { asProbabilities, labelsPerOutput } from './tree.js';

// ---- searches ---------------------------------------------------------------------------------------

/** The graph [n, points] of the k nearest neighbours. */
export function nearest(m: Neighbors, k: number, x: V, g: GraphBuilder): V {
  const index = indexOf(m, givenType(x));
  return g.own('Neighbors', [input(m, x, g)], { index, k }, graphType(index.count, x));
}

export function within(m: Neighbors, radius: number, sorted: boolean, x: V, g: GraphBuilder): V {
  const index = indexOf(m, givenType(x));
  return g.own('NeighborsWithin', [input(m, x, g)], { index, radius, sorted }, graphType(index.count, x));
}

type GraphType = { dtype: 'float64'; shape: (number | null)[]; layout: 'csr' };
const graphType = (count: number, x: V): GraphType => ({
  dtype: 'float64',
  shape: [x.shape[0] ?? null, count],
  layout: 'csr',
});

/** Trees take no sparse input in scikit-learn either. */
function input(m: Neighbors, x: V, g: GraphBuilder): V {
  return m._fit_method === 'brute' ? x : g.dense(x);
}

export const connected = (graph: V, g: GraphBuilder): V =>
  g.own('Connectivity', [graph], {}, { dtype: 'float64', shape: graph.shape, layout: 'csr' });

/** Distances and places: two tables [n, k]. */
export function neighborTables(graph: V, k: number, g: GraphBuilder): V[] {
  const shape = [graph.shape[0] ?? null, k];
  return g.ownMany('NeighborTable', [graph], { k }, [
    { dtype: 'float64', shape },
    { dtype: 'int64', shape },
  ]);
}

const searchState = {
  ...neighborsState,
  n_neighbors: optional(number),
  radius: optional(number),
  metric: raw,
};
type Search = Fitted<typeof searchState>;

function nearestOf(m: Search, x: V, g: GraphBuilder, more = 0): V {
  if (m.n_neighbors === undefined)
    throw new BrineError('BAD_STATE', `${m.estimator.name} was made without n_neighbors`, { path: m.estimator.path });
  return nearest(m, m.n_neighbors + more, x, g);
}

function withinOf(m: Search, x: V, g: GraphBuilder, sorted = false): V {
  if (m.radius === undefined)
    throw new BrineError('BAD_STATE', `${m.estimator.name} was made without a radius`, { path: m.estimator.path });
  return within(m, m.radius, sorted, x, g);
}

const byCount = {
  kneighbors: (m: Search, x: V, g: GraphBuilder): Result =>
    tuple(...neighborTables(nearestOf(m, x, g), m.n_neighbors ?? 0, g)),
  kneighbors_graph: (m: Search, x: V, g: GraphBuilder) => connected(nearestOf(m, x, g), g),
};

const byRadius = {
  radius_neighbors: (m: Search, x: V, g: GraphBuilder): Result => {
    const type = { dtype: 'object' as const, shape: [x.shape[0] ?? null] };
    return tuple(...g.ownMany('NeighborLists', [withinOf(m, x, g)], {}, [type, type]));
  },
  radius_neighbors_graph: (m: Search, x: V, g: GraphBuilder) => connected(withinOf(m, x, g), g),
};

const shared = {
  input: 'matrix' as const,
  features: columnsOf,
  finite: (m: Search): Finite => (m.metric === 'nan_euclidean' && m.version.atLeast(1, 3) ? 'nan' : 'all'),
};

const modules = (...files: string[]): string[] =>
  files.flatMap((file) => [`sklearn.neighbors._${file}`, `sklearn.neighbors.${file}`]);

const nearestNeighbors = estimator('NearestNeighbors', searchState, {
  ...shared,
  modules: modules('unsupervised'),
  methods: { ...byCount, ...byRadius },
});

const transformerState = { ...searchState, mode: text };
const names = (m: Search): string[] =>
  Array.from({ length: indexOf(m).count }, (_, i) => `${m.estimator.name.toLowerCase()}${i}`);

const kTransformer = estimator('KNeighborsTransformer', transformerState, {
  ...shared,
  modules: modules('graph'),
  names,
  methods: {
    // One more, since each training row is its own nearest neighbour.
    transform: (m, x, g) => (m.mode === 'distance' ? nearestOf(m, x, g, 1) : connected(nearestOf(m, x, g), g)),
    ...byCount,
  },
});

const radiusTransformer = estimator('RadiusNeighborsTransformer', transformerState, {
  ...shared,
  modules: modules('graph'),
  names,
  methods: {
    transform: (m, x, g) => (m.mode === 'distance' ? withinOf(m, x, g, true) : connected(withinOf(m, x, g, true), g)),
    ...byRadius,
  },
});

// ---- regression -------------------------------------------------------------------------------------

const supervisedState = { ...searchState, weights: raw, _y: array };
type Supervised = Fitted<typeof supervisedState>;

function isUniform(m: Supervised): boolean {
  if (m.weights === 'uniform' || m.weights === null || m.weights === undefined) return true;
  if (m.weights === 'distance') return false;
  throw new BrineError('UNSUPPORTED', `the weights of ${m.estimator.name} are a Python function`, {
    path: readingOf(m, 'weights').path,
  });
}

/** The number of outputs, where the targets have one value for each point. */
function outputsOf(m: Supervised): number {
  const [rows = 0, outputs = 1] = m._y.shape;
  if (rows !== indexOf(m).count)
    throw new BrineError('BAD_STATE', `${rows} targets for ${indexOf(m).count} points`, { path: m.estimator.path });
  return outputs;
}

function means(m: Supervised, graph: V, none: number, g: GraphBuilder): V {
  const outputs = outputsOf(m);
  const attributes = { targets: m._y.data as Float64Array, outputs, uniform: isUniform(m), none };
  const shape = [graph.shape[0] ?? null, outputs];
  const values = g.own('NeighborMeans', [graph], attributes, { dtype: 'float64', shape });
  return m._y.shape.length === 1 ? g.flatten(values) : values;
}

const kRegressor = estimator('KNeighborsRegressor', supervisedState, {
  ...shared,
  modules: modules('regression'),
  methods: { predict: (m, x, g) => means(m, nearestOf(m, x, g), NaN, g), ...byCount },
});

/** Without neighbours: NaN, which numpy makes the least integer where targets are integers (since 0.20). */
function emptyMean(m: Supervised): number {
  const y = m.estimator.instance.attribute('_y');
  const whole = y instanceof NdArray && y.dtype.type === 'i';
  return whole && m.version.atLeast(0, 20) ? -(2 ** (8 * y.dtype.itemsize - 1)) : NaN;
}

const radiusRegressor = estimator('RadiusNeighborsRegressor', supervisedState, {
  ...shared,
  modules: modules('regression'),
  methods: { predict: (m, x, g) => means(m, withinOf(m, x, g), emptyMean(m), g), ...byRadius },
});

// ---- classification ---------------------------------------------------------------------------------

const classifierState = { ...supervisedState, classes_: labelsPerOutput };
type Classifier = Fitted<typeof classifierState>;

type None = { readonly refuse?: string; readonly column?: number };

/** Votes [n, classes] for each output. */
function votes(m: Classifier, graph: V, pairwise: boolean, none: (output: number) => None, g: GraphBuilder): V[] {
  const outputs = outputsOf(m);
  const y = m._y.data as Float64Array;
  if (m.classes_.length !== outputs)
    throw new BrineError('BAD_STATE', `classes of ${m.classes_.length} outputs, targets of ${outputs}`, {
      path: m.estimator.path,
    });
  return m.classes_.map((labels, o) => {
    const classes = labels.data.length;
    const codes = Int32Array.from({ length: y.length / outputs }, (_, i) => y[i * outputs + o]);
    const wrong = codes.findIndex((c) => c < 0 || c >= classes);
    if (wrong >= 0)
      throw new BrineError('BAD_STATE', `point ${wrong} is of class ${codes[wrong]}, of ${classes}`, {
        path: readingOf(m, '_y').path,
      });
    const attributes = { codes, classes, uniform: isUniform(m), pairwise, none: none(o) };
    return g.own('NeighborVotes', [graph], attributes, {
      dtype: 'float64',
      shape: [graph.shape[0] ?? null, classes],
    });
  });
}

const nothing = (): None => ({});

function labelled(columns: readonly V[], g: GraphBuilder): V {
  return columns.length === 1 ? columns[0] : g.concat(columns.map((c) => g.column(c)));
}

const kClassifier = estimator('KNeighborsClassifier', classifierState, {
  ...shared,
  modules: modules('classification'),
  methods: {
    predict: (m, x, g) =>
      labelled(
        votes(m, nearestOf(m, x, g), true, nothing, g).map((v, o) => g.label(m.classes_[o], g.argmax(v))),
        g,
      ),
    predict_proba: (m, x, g) =>
      asProbabilities(votes(m, nearestOf(m, x, g), false, nothing, g).map((v) => rowsToOne(v, g))),
    ...byCount,
  },
});

/** The label of outliers, for each output: `outlier_label_` since 0.22, the parameter before. */
const outlierLabels: Field<unknown[] | undefined> = (value, at) => {
  if (value === undefined || value === null) return undefined;
  const items = value instanceof NdArray || typeof value === 'object' ? sequenceOf(value) : [];
  return (items.length > 0 ? list(raw)(value, at) : [value]).map((item) => plainLabel(item ?? null));
};
const radiusState = { ...classifierState, outlier_label: raw, outlier_label_: outlierLabels };
type RadiusClassifier = Fitted<typeof radiusState>;

function outlierLabel(m: RadiusClassifier, output: number): unknown {
  const labels = m.version.atLeast(0, 22)
    ? m.outlier_label_
    : outlierLabels(m.outlier_label, readingOf(m, 'outlier_label'));
  return labels?.[labels.length === 1 ? 0 : output];
}

/**
 * What a row without neighbours gets. The fast way that scikit-learn takes since 1.4 by brute force compares the
 * parameter `outlier_label` with the numbers of the classes, not with their labels; so does brine for such files.
 */
function noneOf(m: RadiusClassifier, x: V): (output: number) => None {
  const { heap, metric } = indexOf(m, givenType(x));
  const fast = m.version.atLeast(1, 4) && heap && !metric.name.includes('euclidean') && isUniform(m);
  return (output) => {
    const label = outlierLabel(m, output);
    if (label === undefined)
      return { refuse: `${m.estimator.name}: no neighbours within ${m.radius}, and no outlier_label` };
    const classes = m.classes_[output].data;
    const column =
      fast && m.classes_.length === 1
        ? Array.from(classes).findIndex((_, i) => i === plainLabel(m.outlier_label ?? null))
        : Array.from(classes as ArrayLike<unknown>).findIndex((c) => sameLabel(c, label));
    return column < 0 ? {} : { column };
  };
}

const sameLabel = (a: unknown, b: unknown): boolean =>
  typeof a === 'string' || typeof b === 'string' ? a === b : Number(a) === Number(b);

/** classes, then the label of outliers, in the type of the classes. */
function withOutlier({ dtype, data }: Tensor, label: unknown): Tensor {
  const shape = [data.length + 1];
  if (label === undefined) return { dtype, shape: [data.length], data };
  switch (dtype) {
    case 'string':
      return strings(shape, [...(data as readonly string[]), typeof label === 'string' ? label : null]);
    case 'int64':
      return {
        dtype,
        shape,
        data: BigInt64Array.from([...(data as BigInt64Array), BigInt(Math.trunc(Number(label)))]),
      };
    case 'float64':
      return { dtype, shape, data: Float64Array.from([...(data as Float64Array), Number(label)]) };
    default:
      return { dtype: 'object', shape, data: [...(data as readonly unknown[]), label] };
  }
}

/** Since 0.22 the most probable label; before, the one with most votes, which none of the outliers' is. */
function radiusLabels(m: RadiusClassifier, x: V, g: GraphBuilder): V {
  const old = m.version.before(0, 22);
  const none = noneOf(m, x);
  const counted = votes(m, withinOf(m, x, g), old, (o) => (old && none(o).refuse === undefined ? {} : none(o)), g);
  return labelled(
    counted.map((v, o) => {
      const classes = m.classes_[o];
      const nobody = g.equal(g.reduceMax(v, 1, false), 0);
      const label = outlierLabel(m, o);
      const index = label === undefined ? g.argmax(v) : g.where(nobody, int(classes.data.length), g.argmax(v));
      return g.label(withOutlier(classes, label), index);
    }),
    g,
  );
}

const int = (n: number): Tensor => ({ dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(n)) });

function radiusProba(m: RadiusClassifier, x: V, g: GraphBuilder): Result {
  const parts = votes(m, withinOf(m, x, g), false, noneOf(m, x), g);
  return asProbabilities(
    parts.map((v) => {
      const total = g.sum(v, 1);
      return g.div(v, g.where(g.equal(total, 0), 1, total));
    }),
  );
}

const radiusClassifier = estimator('RadiusNeighborsClassifier', radiusState, {
  ...shared,
  modules: modules('classification'),
  offers: (m, all) => (m.version.atLeast(0, 22) ? all : all.filter((name) => name !== 'predict_proba')),
  methods: { predict: radiusLabels, predict_proba: radiusProba, ...byRadius },
});

export const neighbors = [
  nearestNeighbors,
  kTransformer,
  radiusTransformer,
  kRegressor,
  radiusRegressor,
  kClassifier,
  radiusClassifier,
];
