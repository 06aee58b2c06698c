import type { GraphBuilder, V } from '../graph/builder.js';
import type { Ensemble } from '../graph/ensemble.js';
import type { Tensor } from '../graph/tensor.js';
import { tuple, type Result } from './data.js';
import { estimator, type Finite, type Fitted } from './estimator.js';
import { integers, labels, list, number, optional, sequenceOf, type Field } from './fields.js';
import { NdArray } from '../python/ndarray.js';
import { nodeProbabilities, savedTree, withValues, type SavedTree } from './tree_nodes.js';
import type { Version } from './version.js';

/** Labels of one output, or of each of several: then a list of arrays. */
export const labelsPerOutput: Field<Tensor[]> = (value, at) =>
  sequenceOf(value)[0] instanceof NdArray ? list(labels)(value, at) : [labels(value, at)];

const treeState = { tree_: savedTree, max_features_: optional(number) };
const classifierState = { ...treeState, classes_: labelsPerOutput, n_classes_: optional(integers) };

type Tree = Fitted<typeof treeState>;
type Classifier = Fitted<typeof classifierState>;

/** One saved tree, or the trees of a forest: what the two kinds of classifiers and regressors share. */
export interface Trees {
  readonly trees: readonly SavedTree[];
  readonly nFeatures: number;
}

const described = new WeakMap<object, Map<string, Ensemble>>();

/** An ensemble of `trees`, described once per `owner` however many methods use it. */
export function ensembleOf(owner: object, key: string, make: () => Ensemble): Ensemble {
  let known = described.get(owner);
  if (!known) described.set(owner, (known = new Map<string, Ensemble>()));
  let ensemble = known.get(key);
  if (!ensemble) known.set(key, (ensemble = make()));
  return ensemble;
}

/** The trees with what `value` makes of each one's leaves, summed in float64 in the order of the trees. */
export function summing(owner: object, { trees, nFeatures }: Trees, value: 'value' | 'probability'): Ensemble {
  return ensembleOf(owner, value, () => {
    const first = trees[0];
    return {
      nFeatures,
      comparison: 'f32',
      outputs: first ? first.outputs * first.width : 0,
      trees: trees.map((t) => withValues(t, value === 'value' ? t.values : nodeProbabilities(t))),
    };
  });
}

/** Sums of leaf values: [n, outputs × width]. */
export function treeSums(ensemble: Ensemble, x: V, g: GraphBuilder): V {
  return g.own('Forest', [x], { ensemble }, { dtype: 'float64', shape: [x.shape[0] ?? null, ensemble.outputs] });
}

/** Cuts [n, outputs × width] into one [n, classes of the output] for each output. */
export function perOutput(sums: V, width: number, classes: readonly Tensor[], g: GraphBuilder): V[] {
  return classes.map((c, k) =>
    g.columns(
      sums,
      Array.from({ length: c.data.length }, (_, i) => k * width + i),
    ),
  );
}

/** Probabilities of one output as they are, of several as the list that Python gives. */
export function asProbabilities(parts: readonly V[]): Result {
  return parts.length === 1 ? parts[0] : tuple(...parts);
}

/** The most probable label of each output: [n], or [n, outputs]. */
export function mostProbable(parts: readonly V[], classes: readonly Tensor[], g: GraphBuilder): V {
  const chosen = parts.map((p, k) => g.label(classes[k], g.argmax(p)));
  return chosen.length === 1 ? chosen[0] : g.concat(chosen.map((c) => g.column(c)));
}

/** The leaf that each row ends in: int64 [n, trees]. */
export function leavesOf(ensemble: Ensemble, x: V, g: GraphBuilder): V {
  return g.own(
    'ForestLeaves',
    [x],
    { ensemble },
    { dtype: 'int64', shape: [x.shape[0] ?? null, ensemble.trees.length] },
  );
}

/**
 * The nodes that each row passes, and where each tree's begin. Before 1.8 `decision_path` sent every missing value
 * to the right, wherever the tree itself sends it (sklearn/tree/_tree.pyx, `_decision_path_dense`).
 */
export function pathsOf(
  m: { version: Version; estimator: object },
  { trees, nFeatures }: Trees,
  x: V,
  g: GraphBuilder,
): { path: V; pointers: V } {
  const rows = x.shape[0] ?? null;
  const ensemble = m.version.atLeast(1, 8)
    ? summing(m.estimator, { trees, nFeatures }, 'value')
    : ensembleOf(m.estimator, 'path', () => ({
        nFeatures,
        comparison: 'f32',
        outputs: 0,
        trees: trees.map(({ nodes: { count, left, right, feature, threshold } }) => ({
          count,
          left,
          right,
          feature,
          threshold,
        })),
      }));
  const [path, pointers] = g.ownMany('ForestPaths', [x], { ensemble }, [
    { dtype: 'float64', shape: [rows, null], layout: 'csr' },
    { dtype: 'int64', shape: [ensemble.trees.length + 1] },
  ]) as [V, V];
  return { path, pointers };
}

/** Trees take missing values since `since`, dense ones only; infinities and what float32 cannot hold never. */
export function treeFinite(m: { version: Version }, minor: number): Finite {
  return m.version.atLeast(1, minor) ? 'float32-nan' : 'float32';
}

// ---- single trees -----------------------------------------------------------------------------------

const nFeatures = (m: Tree): number => m.nFeatures ?? 0;
const own = (m: Tree): Trees => ({ trees: [m.tree_], nFeatures: nFeatures(m) });

const shared = {
  modules: ['sklearn.tree._classes', 'sklearn.tree.tree'],
  input: 'matrix' as const,
};

const applied = {
  apply: (m: Tree, x: V, g: GraphBuilder) => g.flatten(leavesOf(summing(m.estimator, own(m), 'value'), x, g)),
  decision_path: (m: Tree, x: V, g: GraphBuilder) => pathsOf(m, own(m), x, g).path,
};

function probabilities(m: Classifier, x: V, g: GraphBuilder): V[] {
  return perOutput(treeSums(summing(m.estimator, own(m), 'probability'), x, g), m.tree_.width, m.classes_, g);
}

const treeFiniteOf = (m: Tree): Finite => treeFinite(m, m.estimator.name.startsWith('Extra') ? 6 : 3);

const treeClassifier = estimator(['DecisionTreeClassifier', 'ExtraTreeClassifier'], classifierState, {
  ...shared,
  finite: treeFiniteOf,
  methods: {
    predict: (m, x, g) => {
      const values = treeSums(summing(m.estimator, own(m), 'value'), x, g);
      return mostProbable(perOutput(values, m.tree_.width, m.classes_, g), m.classes_, g);
    },
    predict_proba: (m, x, g) => asProbabilities(probabilities(m, x, g)),
    predict_log_proba: (m, x, g) => asProbabilities(probabilities(m, x, g).map(g.log)),
    ...applied,
  },
});

const treeRegressor = estimator(['DecisionTreeRegressor', 'ExtraTreeRegressor'], treeState, {
  ...shared,
  finite: treeFiniteOf,
  methods: {
    predict: (m, x, g) => {
      const values = treeSums(summing(m.estimator, own(m), 'value'), x, g);
      return m.tree_.outputs === 1 ? g.flatten(values) : values;
    },
    ...applied,
  },
});

export const trees = [treeClassifier, treeRegressor];
