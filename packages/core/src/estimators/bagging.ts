import type { GraphBuilder, V } from '../graph/builder.js';
import type { Ensemble } from '../graph/ensemble.js';
import { float64, int64, type Tensor } from '../graph/tensor.js';
import { estimator, type Estimator, type Finite, type Fitted } from './estimator.js';
import { child, integers, labels, list } from './fields.js';
import { ensembleOf, treeSums } from './tree.js';
import { nodeProbabilities, withValues } from './tree_nodes.js';
import { plainTrees, treesFinite } from './weight_boosting.js';

const state = { estimators_: list(child), estimators_features_: list(integers) };
const classifierState = { ...state, classes_: labels };
type Bagging = Fitted<typeof state>;
type Classifier = Fitted<typeof classifierState>;

const shared = {
  modules: ['sklearn.ensemble._bagging', 'sklearn.ensemble.bagging'],
  input: 'matrix' as const,
  // Since 0.20 the estimators inside decide.
  finite: (m: Bagging): Finite => {
    if (m.version.before(0, 20)) return 'all';
    return plainTrees(m.estimators_) ? treesFinite(m.estimators_) : 'any';
  },
};

/** Estimator i's own columns of the input. */
const own = (m: Bagging, i: number, x: V, g: GraphBuilder): V => g.columns(x, m.estimators_features_[i]);

const added = (parts: readonly V[], g: GraphBuilder): V => parts.reduce((a, b) => g.add(a, b));

/** All estimators as one ensemble, where they are trees of one width. */
function treesOf(m: Bagging, value: 'value' | 'probability', width: number): Ensemble | undefined {
  const trees = plainTrees(m.estimators_);
  if (!trees || trees.length < 2 || trees.some((t) => t.width !== width)) return undefined;
  return ensembleOf(m.estimator, value, () => ({
    nFeatures: m.nFeatures ?? 0,
    comparison: 'f32',
    outputs: width,
    trees: trees.map((t, i) =>
      withValues(t, value === 'value' ? t.values : nodeProbabilities(t), {
        features: Int32Array.from(m.estimators_features_[i]),
      }),
    ),
  }));
}

// ---- classification ---------------------------------------------------------------------------------

/** The estimators inside know the classes by their numbers: which of them this one knows. */
function knownClasses(e: Estimator): number[] {
  return (e.classes ?? []).map(Number);
}

/** Columns for all k classes from those that an estimator knows; the others hold `missing`. */
function spread(v: V, known: readonly number[], k: number, missing: number, g: GraphBuilder): V {
  if (known.length === k) return v;
  const filler = g.repeatRows(v, float64([1], Float64Array.of(missing)));
  const columns = Array.from({ length: k }, (_, c) => {
    const at = known.indexOf(c);
    return at < 0 ? filler : g.columns(v, [at]);
  });
  return g.concat(columns);
}

const numbered = (k: number): Tensor =>
  int64(
    [1, k],
    Array.from({ length: k }, (_, i) => i),
  );

/** An estimator without probabilities gives all to the class it chooses. */
function probabilityOf(m: Classifier, i: number, x: V, g: GraphBuilder): V {
  const e = m.estimators_[i];
  const k = m.classes_.data.length;
  const input = own(m, i, x, g);
  if (e.offers('predict_proba')) return spread(e.value('predict_proba', input, g), knownClasses(e), k, 0, g);
  const chosen = g.column(g.cast(e.value('predict', input, g), 'int64'));
  return g.cast(g.equal(chosen, numbered(k)), 'float64');
}

function proba(m: Classifier, x: V, g: GraphBuilder): V {
  const ensemble = treesOf(m, 'probability', m.classes_.data.length);
  const sum = ensemble
    ? treeSums(ensemble, x, g)
    : added(
        m.estimators_.map((_, i) => probabilityOf(m, i, x, g)),
        g,
      );
  return g.div(sum, m.estimators_.length);
}

/** The logarithm of the mean: log probabilities are added as `logaddexp` does. */
function logProba(m: Classifier, x: V, g: GraphBuilder): V {
  if (!m.estimators_.every((e) => e.offers('predict_log_proba')) || treesOf(m, 'probability', m.classes_.data.length))
    return g.log(proba(m, x, g));
  const k = m.classes_.data.length;
  const parts = m.estimators_.map((e, i) => {
    const logs = e.value('predict_log_proba', own(m, i, x, g), g);
    return g.reshape(spread(logs, knownClasses(e), k, -Infinity, g), [-1, 1, k]);
  });
  const all = g.concat(parts, 1);
  return g.sub(g.node('ReduceLogSumExp', [all, int64([1], [1])], { keepdims: 0 }), Math.log(parts.length));
}

const classifier = estimator('BaggingClassifier', classifierState, {
  ...shared,
  offers: (m, all) =>
    m.estimators_[0]?.offers('decision_function') ? all : all.filter((name) => name !== 'decision_function'),
  methods: {
    predict: (m, x, g) => g.label(m.classes_, g.argmax(proba(m, x, g))),
    predict_proba: proba,
    predict_log_proba: logProba,
    decision_function: (m, x, g) =>
      g.div(
        added(
          m.estimators_.map((e, i) => e.value('decision_function', own(m, i, x, g), g)),
          g,
        ),
        m.estimators_.length,
      ),
  },
});

// ---- regression -------------------------------------------------------------------------------------

const regressor = estimator('BaggingRegressor', state, {
  ...shared,
  methods: {
    predict: (m, x, g) => {
      const ensemble = treesOf(m, 'value', 1);
      const sum = ensemble
        ? g.flatten(treeSums(ensemble, x, g))
        : added(
            m.estimators_.map((e, i) => e.value('predict', own(m, i, x, g), g)),
            g,
          );
      return g.div(sum, m.estimators_.length);
    },
  },
});

export const baggings = [classifier, regressor];
