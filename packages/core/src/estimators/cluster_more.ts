import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import type { Pool } from '../graph/own-decomposition.js';
import { float64, int64 } from '../graph/tensor.js';
import { PyInstance, type PyValue } from '../pickle/values.js';
import { halfDistances, squaredDistances } from './cluster.js';
import { numbered } from './decomposition.js';
import { estimator, takes, type Fitted } from './estimator.js';
import { array, asNumber, globalName, integers, labels, matrixField, optional, raw, vector } from './fields.js';

const of = (...files: string[]): string[] => files.map((file) => `sklearn.cluster.${file}`);

// ---- the nearest of some centres --------------------------------------------------------------------

const birch = estimator(
  'Birch',
  { subcluster_centers_: matrixField, subcluster_labels_: labels },
  {
    modules: of('_birch', 'birch'),
    input: 'matrix',
    features: (m) => m.subcluster_centers_.shape[1],
    methods: {
      predict: (m, x, g) => g.label(m.subcluster_labels_, g.argmin(halfDistances(x, m.subcluster_centers_, g))),
      transform: (m, x, g) => g.sqrt(squaredDistances(x, m.subcluster_centers_, g)),
    },
    names: (m) => numbered(m, m.subcluster_centers_.shape[0] ?? 0),
  },
);

const nearestCentre = estimator(
  ['MeanShift', 'AffinityPropagation'],
  { cluster_centers_: optional(array) },
  {
    modules: of('_mean_shift', 'mean_shift_', '_affinity_propagation', 'affinity_propagation_'),
    input: 'matrix',
    features: (m) => m.cluster_centers_?.shape[1],
    offers: (m, all) => (m.cluster_centers_ ? all : []),
    methods: {
      predict: (m, x, g) => {
        const centres = m.cluster_centers_;
        if (!centres || centres.shape[0] === 0) {
          // It did not converge: every row is told to belong to no cluster.
          return g.flatten(g.repeatRows(x, int64([1], [-1])));
        }
        return g.argmin(halfDistances(x, centres, g));
      },
    },
  },
);

// ---- BisectingKMeans --------------------------------------------------------------------------------

const bisectingState = { cluster_centers_: matrixField, _bisecting_tree: raw, _X_mean: optional(vector) };
type Bisecting = Fitted<typeof bisectingState>;

/** Clusters in one tree: as many as there are rows at most (CWE-674). */
const TREE_NODES = 1_000_000;

/** From the root each row goes to the nearer of both halves, until there is none. */
function descend(m: Bisecting, x: V, g: GraphBuilder): V {
  const at = (path: string): { owner: typeof m.estimator; path: string } => ({ owner: m.estimator, path });
  const centre = (node: PyInstance, path: string): Float64Array => {
    const { data } = array(node.attribute('center'), at(`${path}.center`));
    const mean = m._X_mean?.data as Float64Array | undefined;
    return mean ? (data as Float64Array).map((v, i) => v + mean[i]) : (data as Float64Array);
  };
  // Nodes from the root on; children come after their parents, so labels are settled from the end.
  interface Node {
    readonly node: PyInstance;
    readonly path: string;
    left: number;
    right: number;
  }
  const nodes: Node[] = [];
  const add = (value: PyValue | undefined, path: string): number => {
    if (!(value instanceof PyInstance))
      throw new BrineError('BAD_STATE', 'the tree of clusters is not whole', { path });
    if (nodes.length >= TREE_NODES)
      throw new BrineError('LIMIT', `a tree of more than ${TREE_NODES} clusters`, { path });
    return nodes.push({ node: value, path, left: -1, right: -1 }) - 1;
  };
  add(m._bisecting_tree, `${m.estimator.path}._bisecting_tree`);
  for (let i = 0; i < nodes.length; i++) {
    const { node, path } = nodes[i];
    if (!(node.attribute('left') instanceof PyInstance)) continue;
    nodes[i].left = add(node.attribute('left'), `${path}.left`);
    nodes[i].right = add(node.attribute('right'), `${path}.right`);
  }
  const answers: V[] = [];
  const rows = g.flatten(g.repeatRows(x, int64([1], [0])));
  for (let i = nodes.length - 1; i >= 0; i--) {
    const { node, path, left, right } = nodes[i];
    if (left < 0) {
      answers[i] = g.add(rows, int64([], [asNumber(node.attribute('label')) ?? 0]));
      continue;
    }
    const both = [centre(nodes[left].node, `${path}.left`), centre(nodes[right].node, `${path}.right`)];
    const width = both[0].length;
    const centres = new Float64Array(2 * width);
    centres.set(both[0]);
    centres.set(both[1], width);
    const side = g.argmin(halfDistances(x, float64([2, width], centres), g));
    answers[i] = g.where(g.equal(side, int64([], [0])), answers[left], answers[right]);
  }
  return answers[0];
}

const bisecting = estimator('BisectingKMeans', bisectingState, {
  modules: of('_bisect_k_means'),
  input: 'matrix',
  features: (m) => m.cluster_centers_.shape[1],
  methods: {
    predict: descend,
    transform: (m, x, g) => g.sqrt(squaredDistances(x, m.cluster_centers_, g)),
  },
  names: (m) => numbered(m, m.cluster_centers_.shape[0] ?? 0),
});

// ---- FeatureAgglomeration ---------------------------------------------------------------------------

const agglomerationState = { labels_: integers, pooling_func: optional(globalName, 'numpy.mean') };
type Agglomeration = Fitted<typeof agglomerationState>;

const pools = new Map<string, Pool>([
  ['mean', 'mean'],
  ['max', 'max'],
  ['amax', 'max'],
  ['min', 'min'],
  ['amin', 'min'],
  ['sum', 'sum'],
  ['median', 'median'],
]);

function groupsOf(m: Agglomeration): number[][] {
  const groups = new Map<number, number[]>();
  m.labels_.forEach((label, feature) => {
    const group = groups.get(label);
    if (group) group.push(feature);
    else groups.set(label, [feature]);
  });
  return [...groups.entries()].sort(([a], [b]) => a - b).map(([, features]) => features);
}

function pooled(m: Agglomeration, x: V, g: GraphBuilder): V {
  const name = m.pooling_func.startsWith('numpy.') ? m.pooling_func.split('.').at(-1) : undefined;
  const pool = name === undefined ? undefined : pools.get(name);
  if (!pool)
    throw new BrineError('UNSUPPORTED', `FeatureAgglomeration with pooling_func=${m.pooling_func}`, {
      path: m.estimator.path,
    });
  const groups = groupsOf(m);
  return g.own('PoolColumns', [x], { groups, pool }, { dtype: 'float64', shape: [x.shape[0] ?? null, groups.length] });
}

const agglomeration = estimator('FeatureAgglomeration', agglomerationState, {
  modules: of('_agglomerative', 'hierarchical', '_feature_agglomeration'),
  features: (m) => m.labels_.length,
  methods: {
    transform: pooled,
    inverse_transform: takes('dense', (m: Agglomeration, x, g) => {
      const place = new Map(groupsOf(m).flatMap((features, i) => features.map((f) => [f, i] as const)));
      return g.columns(
        x,
        m.labels_.map((_, f) => place.get(f) ?? 0),
      );
    }),
  },
  names: (m) => numbered(m, groupsOf(m).length),
});

export const moreClusters = [birch, nearestCentre, bisecting, agglomeration];
