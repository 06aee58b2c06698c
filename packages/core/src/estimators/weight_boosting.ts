import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import type { Ensemble } from '../graph/ensemble.js';
import { float64, int64, type Tensor } from '../graph/tensor.js';
import type { Estimator, Finite, Fitted } from './estimator.js';
import { estimator } from './estimator.js';
import { child, labels, list, optional, text, vector } from './fields.js';
import { mirrored } from './scores.js';
import { ensembleOf, treeFinite, treeSums } from './tree.js';
import { nodeProbabilities, savedTree, withValues, type SavedTree } from './tree_nodes.js';

// ---- trees ------------------------------------------------------------------------------------------

/** The trees inside single decision trees of one output; undefined if any is something else. */
export function plainTrees(estimators: readonly Estimator[]): SavedTree[] | undefined {
  const trees: SavedTree[] = [];
  for (const e of estimators) {
    if (!/^(DecisionTree|ExtraTree)(Classifier|Regressor)$/.test(e.name)) return undefined;
    const tree = savedTree(e.instance.attribute('tree_'), { owner: e, path: `${e.path}.tree_` });
    if (tree.outputs !== 1) return undefined;
    trees.push(tree);
  }
  return trees;
}

/** What decision trees take: missing values since 1.3 (ExtraTree since 1.6). */
export function treesFinite(estimators: readonly Estimator[]): Finite {
  const [first] = estimators;
  return first ? treeFinite(first, first.name.startsWith('Extra') ? 6 : 3) : 'all';
}

/** What each node's values [width] are made into, node by node. */
function mapNodes(
  tree: SavedTree,
  values: Float64Array,
  make: (node: Float64Array) => readonly number[],
): Float64Array {
  const { width } = tree;
  const out = new Float64Array(values.length);
  for (let at = 0; at < values.length; at += width) out.set(make(values.subarray(at, at + width)), at);
  return out;
}

// ---- AdaBoostClassifier -----------------------------------------------------------------------------

const classifierState = {
  estimators_: list(child),
  estimator_weights_: vector,
  classes_: labels,
  algorithm: optional(text, 'SAMME'),
};
type Classifier = Fitted<typeof classifierState>;

const modules = ['sklearn.ensemble._weight_boosting', 'sklearn.ensemble.weight_boosting'];
const weightsOf = (m: { estimator_weights_: Tensor }): Float64Array => m.estimator_weights_.data as Float64Array;
const classCount = (m: Classifier): number => m.classes_.data.length;
/** SAMME.R was removed in 1.6; its estimators all weigh the same. */
const isReal = (m: Classifier): boolean => m.algorithm === 'SAMME.R';

/** The votes of SAMME: the weight for the class chosen, and since 1.3 a part of it against all others. */
function voteOf(m: Classifier, weight: number): { chosen: number; other: number } {
  return { chosen: weight, other: m.version.atLeast(1, 3) ? (-1 / (classCount(m) - 1)) * weight : 0 };
}

/** Clipped below at float64's epsilon, so that the logarithm is defined. */
const EPSILON = 2 ** -52;

/** (k - 1)(log p - mean of log p), algorithm 4 of Zhu et al.: one estimator's part of SAMME.R. */
function realVotes(p: V, k: number, g: GraphBuilder): V {
  const logs = g.log(g.max(p, EPSILON));
  return g.mul(g.sub(logs, g.mul(g.sum(logs, 1), 1 / k)), k - 1);
}

function realNode(p: Float64Array): number[] {
  const logs = Array.from(p, (x) => Math.log(Math.max(x, EPSILON)));
  const sum = logs.reduce((a, b) => a + b, 0);
  return logs.map((l) => (p.length - 1) * (l - (1 / p.length) * sum));
}

/** The index of the first largest value. */
function largest(node: Float64Array): number {
  let best = 0;
  for (let c = 1; c < node.length; c++) if (node[c] > node[best]) best = c;
  return best;
}

/** All estimators as one ensemble of trees, where they are trees that know every class. */
function treesOf(m: Classifier): Ensemble | undefined {
  const k = classCount(m);
  const trees = plainTrees(m.estimators_);
  if (!trees || trees.length === 0 || trees.some((t) => t.width !== k)) return undefined;
  return ensembleOf(m.estimator, 'votes', () => ({
    nFeatures: m.nFeatures ?? m.estimators_[0].nFeatures ?? 0,
    comparison: 'f32',
    outputs: k,
    trees: trees.map((t, i) => {
      if (isReal(m)) return withValues(t, mapNodes(t, nodeProbabilities(t), realNode));
      const { chosen, other } = voteOf(m, weightsOf(m)[i]);
      const vote = (node: Float64Array): number[] => {
        const best = largest(node);
        return Array.from(node, (_, c) => (c === best ? chosen : other));
      };
      return withValues(t, mapNodes(t, t.values, vote));
    }),
  }));
}

/** What estimator i adds: [n, k]. */
function contribution(m: Classifier, i: number, x: V, g: GraphBuilder): V {
  const k = classCount(m);
  const inner = m.estimators_[i];
  if (isReal(m)) return realVotes(inner.value('predict_proba', x, g), k, g);
  const { chosen, other } = voteOf(m, weightsOf(m)[i]);
  const { dtype, data } = m.classes_;
  const hit = g.equal(g.column(inner.value('predict', x, g)), { dtype, shape: [1, k], data });
  return g.where(hit, chosen, other);
}

function checked(m: Classifier): void {
  if (m.estimators_.length === 0 || weightsOf(m).length < m.estimators_.length)
    throw new BrineError(
      'BAD_STATE',
      `${m.estimator.name} has ${m.estimators_.length} estimators and ${weightsOf(m).length} weights`,
      { path: m.estimator.path },
    );
}

/** Summed over all estimators: [n, k]. */
function sums(m: Classifier, x: V, g: GraphBuilder): V {
  checked(m);
  const ensemble = treesOf(m);
  if (ensemble) return treeSums(ensemble, x, g);
  return m.estimators_.map((_, i) => contribution(m, i, x, g)).reduce((a, b) => g.add(a, b));
}

/** The same after each estimator: [stages, n, k]. */
function stagedSums(m: Classifier, x: V, g: GraphBuilder): V {
  checked(m);
  const k = classCount(m);
  const ensemble = treesOf(m);
  const rows = x.shape[0] ?? null;
  if (ensemble)
    return g.own(
      'ForestStages',
      [x],
      { ensemble, perStage: 1 },
      { dtype: 'float64', shape: [m.estimators_.length, rows, k] },
    );
  return stacked(
    running(
      m.estimators_.map((_, i) => contribution(m, i, x, g)),
      g,
    ),
    k,
    g,
  );
}

function running(parts: readonly V[], g: GraphBuilder): V[] {
  const out: V[] = [];
  for (const part of parts) out.push(out.length === 0 ? part : g.add(out[out.length - 1], part));
  return out;
}

/** [n, k] each to [stages, n, k]. */
const stacked = (parts: readonly V[], k: number, g: GraphBuilder): V =>
  g.concat(
    parts.map((p) => g.reshape(p, [1, -1, k])),
    0,
  );

/** numpy's sum of the weights so far, for each stage. */
function norms(m: Classifier): Tensor {
  let sum = 0;
  const stages = m.estimators_.length;
  return float64(
    [stages, 1, 1],
    Float64Array.from({ length: stages }, (_, i) => (sum += weightsOf(m)[i])),
  );
}

const totalWeight = (m: Classifier): number => weightsOf(m).reduce((a, b) => a + b, 0);

/** Two classes: the second one's score less the first one's. */
function folded(m: Classifier, scores: V, g: GraphBuilder): V {
  if (classCount(m) !== 2) return scores;
  const axis = scores.shape.length - 1;
  const at = (c: number): V => g.node('Gather', [scores, int64([], [c])], { axis });
  return g.add(g.neg(at(0)), at(1));
}

const decision = (m: Classifier, x: V, g: GraphBuilder): V => folded(m, g.div(sums(m, x, g), totalWeight(m)), g);
const stagedDecision = (m: Classifier, x: V, g: GraphBuilder): V => folded(m, g.div(stagedSums(m, x, g), norms(m)), g);

function label(m: Classifier, scores: V, g: GraphBuilder): V {
  const index = classCount(m) === 2 ? g.cast(g.greater(scores, 0), 'int64') : g.argmax(scores, -1);
  return g.label(m.classes_, index);
}

/** Since 0.22 probabilities follow from the decision; before, SAMME averaged those of its estimators. */
function proba(m: Classifier, x: V, g: GraphBuilder): V {
  const k = classCount(m);
  if (m.version.atLeast(0, 22)) {
    const scores = decision(m, x, g);
    return g.softmax(k === 2 ? g.div(mirrored(scores, g), 2) : g.div(scores, k - 1));
  }
  const parts = isReal(m) ? sums(m, x, g) : weightedProba(m, x, g).reduce((a, b) => g.add(a, b));
  return oldProba(g.div(parts, totalWeight(m)), k, g);
}

const weightedProba = (m: Classifier, x: V, g: GraphBuilder): V[] =>
  m.estimators_.map((e, i) => g.mul(e.value('predict_proba', x, g), weightsOf(m)[i]));

function oldProba(mean: V, k: number, g: GraphBuilder): V {
  const p = g.exp(g.mul(mean, 1 / (k - 1)));
  const total = g.sum(p, -1);
  return g.div(p, g.where(g.equal(total, 0), 1, total));
}

function stagedProba(m: Classifier, x: V, g: GraphBuilder): V {
  const k = classCount(m);
  if (m.version.before(0, 22)) {
    const raw = isReal(m) ? stagedSums(m, x, g) : stacked(running(weightedProba(m, x, g), g), k, g);
    return oldProba(g.div(raw, norms(m)), k, g);
  }
  const scores = stagedDecision(m, x, g);
  if (k > 2) return g.softmax(g.div(scores, k - 1));
  const stages = m.estimators_.length;
  const column = g.reshape(scores, [stages, -1, 1]);
  return g.softmax(g.div(g.concat([g.neg(column), column], 2), 2));
}

const classifier = estimator('AdaBoostClassifier', classifierState, {
  modules,
  input: 'matrix',
  features: (m) => m.estimators_[0]?.nFeatures,
  methods: {
    decision_function: decision,
    predict: (m, x, g) => label(m, decision(m, x, g), g),
    predict_proba: proba,
    predict_log_proba: (m, x, g) => g.log(proba(m, x, g)),
    staged_decision_function: stagedDecision,
    staged_predict: (m, x, g) => label(m, stagedDecision(m, x, g), g),
    staged_predict_proba: stagedProba,
  },
});

// ---- AdaBoostRegressor ------------------------------------------------------------------------------

const regressorState = { estimators_: list(child), estimator_weights_: vector };
type Regressor = Fitted<typeof regressorState>;

/** The prediction of each estimator: [n, estimators]. */
function predictions(m: Regressor, x: V, g: GraphBuilder): V {
  const trees = plainTrees(m.estimators_);
  if (!trees || trees.length < 2) return g.concat(m.estimators_.map((e) => g.column(e.value('predict', x, g))));
  const ensemble = ensembleOf(m.estimator, 'columns', () => ({
    nFeatures: m.nFeatures ?? m.estimators_[0].nFeatures ?? 0,
    comparison: 'f32',
    outputs: trees.length,
    trees: trees.map((t, i) => withValues(t, t.values, { output: i })),
  }));
  return treeSums(ensemble, x, g);
}

/** The weighted median of the first `count` predictions: the least with half of the weight at or below it. */
function weightedMedian(m: Regressor, all: V, count: number, g: GraphBuilder): V {
  const some =
    count === m.estimators_.length
      ? all
      : g.gather(
          all,
          int64(
            [count],
            Array.from({ length: count }, (_, i) => i),
          ),
          1,
        );
  const [sorted, order] = g.nodes('TopK', [some, int64([1], [count])], { axis: 1, largest: 0, sorted: 1 }, 2);
  const cumulated = g.node('CumSum', [g.gather(m.estimator_weights_, order), int64([], [1])]);
  const half = g.mul(g.columns(cumulated, [count - 1]), 0.5);
  const median = g.argmax(g.cast(g.greaterOrEqual(cumulated, half), 'int64'));
  return g.flatten(g.node('GatherElements', [sorted, g.column(median)], { axis: 1 }));
}

const regressor = estimator('AdaBoostRegressor', regressorState, {
  modules,
  input: 'matrix',
  features: (m) => m.estimators_[0]?.nFeatures,
  methods: {
    predict: (m, x, g) => weightedMedian(m, predictions(m, x, g), m.estimators_.length, g),
    staged_predict: (m, x, g) => {
      const all = predictions(m, x, g);
      const stages = m.estimators_.map((_, i) => g.reshape(weightedMedian(m, all, i + 1, g), [1, -1]));
      return g.concat(stages, 0);
    },
  },
});

export const weightBoosting = [classifier, regressor];
