import type { GraphBuilder, V } from '../graph/builder.js';
import { PyInstance } from '../pickle/values.js';
import { tuple } from './data.js';
import { estimator, type Fitted } from './estimator.js';
import { badState, child, list, type Field } from './fields.js';
import {
  asProbabilities,
  labelsPerOutput,
  leavesOf,
  mostProbable,
  pathsOf,
  perOutput,
  summing,
  treeFinite,
  treeSums,
  type Trees,
} from './tree.js';
import { savedTree, type SavedTree } from './tree_nodes.js';

/** The tree inside a fitted decision tree. */
const treeOf: Field<SavedTree> = (value, at) => {
  if (!(value instanceof PyInstance)) throw badState(at, 'a decision tree', value);
  return savedTree(value.attribute('tree_'), { owner: at.owner, path: `${at.path}.tree_` });
};

const forestState = { estimators_: list(treeOf) };
const classifierState = { ...forestState, classes_: labelsPerOutput };
type Forest = Fitted<typeof forestState>;

const all = (m: Forest): Trees => ({ trees: m.estimators_, nFeatures: m.nFeatures ?? 0 });

const shared = {
  modules: ['sklearn.ensemble._forest', 'sklearn.ensemble.forest'],
  input: 'matrix' as const,
  finite: (m: Forest) => treeFinite(m, m.estimator.name.startsWith('Extra') ? 6 : 4),
};

const applied = {
  apply: (m: Forest, x: V, g: GraphBuilder) => leavesOf(summing(m.estimator, all(m), 'value'), x, g),
  decision_path: (m: Forest, x: V, g: GraphBuilder) => {
    const { path, pointers } = pathsOf(m, all(m), x, g);
    return tuple(path, pointers);
  },
};

/** The mean of the trees' probabilities, one matrix per output. */
function probabilities(m: Fitted<typeof classifierState>, x: V, g: GraphBuilder): V[] {
  const mean = g.div(treeSums(summing(m.estimator, all(m), 'probability'), x, g), m.estimators_.length);
  return perOutput(mean, m.estimators_[0]?.width ?? 1, m.classes_, g);
}

const forestClassifier = estimator(['RandomForestClassifier', 'ExtraTreesClassifier'], classifierState, {
  ...shared,
  methods: {
    predict: (m, x, g) => mostProbable(probabilities(m, x, g), m.classes_, g),
    predict_proba: (m, x, g) => asProbabilities(probabilities(m, x, g)),
    predict_log_proba: (m, x, g) => asProbabilities(probabilities(m, x, g).map(g.log)),
    ...applied,
  },
});

const forestRegressor = estimator(['RandomForestRegressor', 'ExtraTreesRegressor'], forestState, {
  ...shared,
  methods: {
    predict: (m, x, g) => {
      const mean = g.div(treeSums(summing(m.estimator, all(m), 'value'), x, g), m.estimators_.length);
      return m.estimators_[0]?.outputs === 1 ? g.flatten(mean) : mean;
    },
    ...applied,
  },
});

// ---- RandomTreesEmbedding ---------------------------------------------------------------------------

const embedding = estimator(
  'RandomTreesEmbedding',
  { ...forestState, one_hot_encoder_: child },
  {
    ...shared,
    names: (m) =>
      m.one_hot_encoder_
        .outputNames(m.estimators_.map((_, tree) => `${tree}`))
        .map((name) => `randomtreesembedding_${name}`),
    methods: {
      transform: (m, x, g) => m.one_hot_encoder_.transform(g.cast(applied.apply(m, x, g), 'float64'), g),
      ...applied,
    },
  },
);

export const forests = [forestClassifier, forestRegressor, embedding];
