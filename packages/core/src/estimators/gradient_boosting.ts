import { BrineError } from '../errors.js';
import type { GraphBuilder, Operand, V } from '../graph/builder.js';
import type { Ensemble } from '../graph/ensemble.js';
import { float64, type Tensor } from '../graph/tensor.js';
import { PyInstance, type PyValue } from '../pickle/values.js';
import { NdArray } from '../python/ndarray.js';
import { binaryProba, largestLabel, signLabel, withoutLast } from './boosting_losses.js';
import { givenAs } from './data.js';
import { estimator, type Estimator, type Fitted } from './estimator.js';
import {
  array,
  badState,
  labels,
  number,
  object,
  optional,
  raw,
  sequenceOf,
  text,
  type Field,
  type Reading,
} from './fields.js';
import { bothClasses } from './scores.js';
import { ensembleOf, leavesOf, treeFinite } from './tree.js';
import { savedTree, withValues, type SavedTree } from './tree_nodes.js';
import { inFloat32, isHeldInFloat32 } from './precision.js';

/** The trees [stages, outputs], stage by stage. */
const stages: Field<{ trees: SavedTree[]; outputs: number }> = (value, at) => {
  if (!(value instanceof NdArray) || value.shape.length !== 2) throw badState(at, 'a matrix of trees', value);
  const trees = sequenceOf(value).map((item, i) => {
    if (!(item instanceof PyInstance)) throw badState(at, 'a decision tree', item);
    return savedTree(item.attribute('tree_'), { owner: at.owner, path: `${at.path}[${i}].tree_` });
  });
  return { trees, outputs: value.shape[1] ?? 1 };
};

const state = {
  estimators_: stages,
  init_: raw,
  init: raw,
  n_features: optional(number),
  learning_rate: number,
  loss: text,
  _loss: optional(object),
  loss_: optional(object),
};
const classifierState = { ...state, classes_: labels };
type Boosting = Fitted<typeof state>;
type Classifier = Fitted<typeof classifierState>;

// ---- where boosting begins --------------------------------------------------------------------------

/** Probabilities are kept away from 0 and 1 before the logarithm: by float32's epsilon, since 1.8 by float64's. */
function clipped(m: Boosting, p: V, g: GraphBuilder): V {
  const epsilon = m.version.atLeast(1, 8) ? 2 ** -52 : 2 ** -23;
  return g.min(g.max(p, epsilon), 1 - epsilon);
}

/** log(p / (1 - p)), halved for the exponential loss. */
function logOdds(m: Boosting, probabilities: V, g: GraphBuilder): V {
  const p = clipped(m, g.columns(probabilities, [1]), g);
  const odds = g.log(g.div(p, g.sub(1, p)));
  return m.loss === 'exponential' ? g.mul(odds, 0.5) : odds;
}

/** Before 1.4 the logarithm of each probability; since then without their mean, as the softmax link has it. */
function logProbabilities(m: Boosting, probabilities: V, g: GraphBuilder): V {
  const logs = g.log(clipped(m, probabilities, g));
  return m.version.atLeast(1, 4) ? g.sub(logs, g.mean(logs, 1)) : logs;
}

/** Constant first guesses of 0.20 and before, by class name (sklearn/ensemble/gradient_boosting.py). */
const oldGuesses: Readonly<Record<string, string>> = {
  MeanEstimator: 'mean',
  QuantileEstimator: 'quantile',
  LogOddsEstimator: 'prior',
  ScaledLogOddsEstimator: 'prior',
  PriorProbabilityEstimator: 'priors',
};

/** The raw predictions before the first tree: constant [outputs], or [n, outputs] from an estimator. */
function firstGuess(m: Boosting, x: V, g: GraphBuilder, isClassifier: boolean): Operand {
  const { outputs } = m.estimators_;
  const at: Reading = { owner: m.estimator, path: `${m.estimator.path}.init_` };
  const init: PyValue | undefined = m.init_;
  if (init === undefined || init === null || init === 'zero' || m.init === 'zero') return zeros(outputs);
  if (!(init instanceof PyInstance)) throw badState(at, 'an estimator', init);
  if (init.name === 'ZeroEstimator') return zeros(outputs);
  const attribute = oldGuesses[init.name];
  if (attribute !== undefined) {
    const values = array(init.attribute(attribute), at).data as Float64Array;
    return float64([outputs], values.length === outputs ? values : new Float64Array(outputs).fill(values[0] ?? NaN));
  }
  // The library has turned the input into float32 by now.
  const rounded = givenAs('float32', inFloat32(g.dense(x), g));
  const first = m.estimator.bind(init, at.path);
  if (m.version.before(0, 21)) return asMatrix(first.value('predict', rounded, g), g);
  if (!isClassifier) {
    const values = asMatrix(first.value('predict', rounded, g), g);
    return isNarrow(init) ? inFloat32(values, g) : values;
  }
  if (!first.offers('predict_proba'))
    throw new BrineError('BAD_STATE', `${first.name} as init has no probabilities`, { path: at.path });
  const probabilities = initialProba(first, init, rounded, g);
  return outputs === 1 ? logOdds(m, probabilities, g) : logProbabilities(m, probabilities, g);
}

/**
 * The first estimator's probabilities. A linear model that was fitted on float32 answers in float32, which shows
 * where a probability is close to one; the logistic function is then computed in float32, step by step.
 */
function initialProba(first: Estimator, init: PyInstance, x: V, g: GraphBuilder): V {
  if (!isNarrow(init)) return first.value('predict_proba', x, g);
  const scores = first.offers('decision_function') ? first.value('decision_function', x, g) : undefined;
  if (scores?.shape.length !== 1) return inFloat32(first.value('predict_proba', x, g), g);
  const power = inFloat32(g.exp(g.neg(inFloat32(scores, g))), g);
  return bothClasses(inFloat32(g.div(1, inFloat32(g.add(1, power), g)), g), g);
}

/** Fitted on float32, as whatever comes first in boosting is. */
const isNarrow = (init: PyInstance): boolean => isHeldInFloat32(init, 'coef_');

const zeros = (outputs: number): Tensor => float64([outputs], new Float64Array(outputs));
const asMatrix = (v: V, g: GraphBuilder): V => g.cast(v.shape.length === 1 ? g.column(v) : v, 'float64');

// ---- raw predictions --------------------------------------------------------------------------------

function ensemble(m: Boosting): Ensemble {
  return ensembleOf(m.estimator, 'raw', () => {
    const { trees, outputs } = m.estimators_;
    return {
      nFeatures: m.nFeatures ?? 0,
      comparison: 'f32',
      outputs,
      trees: trees.map((t, i) => withValues(t, t.values, { scale: m.learning_rate, output: i % outputs })),
    };
  });
}

function rawPredictions(m: Boosting, x: V, g: GraphBuilder, isClassifier: boolean): V {
  const { outputs } = m.estimators_;
  const base = firstGuess(m, x, g, isClassifier);
  return g.own(
    'Forest',
    [x, base],
    { ensemble: ensemble(m) },
    { dtype: 'float64', shape: [x.shape[0] ?? null, outputs] },
  );
}

function stagedPredictions(m: Boosting, x: V, g: GraphBuilder, isClassifier: boolean): V {
  const { outputs, trees } = m.estimators_;
  const base = firstGuess(m, x, g, isClassifier);
  const shape = [trees.length / outputs, x.shape[0] ?? null, outputs];
  return g.own('ForestStages', [x, base], { ensemble: ensemble(m), perStage: outputs }, { dtype: 'float64', shape });
}

const leaves = (m: Boosting, x: V, g: GraphBuilder): V => g.cast(leavesOf(ensemble(m), x, g), 'float64');

const shared = {
  modules: ['sklearn.ensemble._gb', 'sklearn.ensemble.gradient_boosting'],
  // 0.18 counted them in what is a parameter by its name.
  features: (m: Boosting) => m.n_features,
  input: 'matrix' as const,
  // Where its trees take missing values, so does `apply`, which asks them alone.
  finite: (m: Boosting, method: string) => (method === 'apply' ? treeFinite(m, 3) : ('float32' as const)),
};

const regressor = estimator('GradientBoostingRegressor', state, {
  ...shared,
  methods: {
    predict: (m, x, g) => g.flatten(rawPredictions(m, x, g, false)),
    staged_predict: (m, x, g) => withoutLast(stagedPredictions(m, x, g, false), g),
    apply: leaves,
  },
});

// ---- classification ---------------------------------------------------------------------------------

function proba(m: Classifier, raws: V, g: GraphBuilder): V {
  if (m.estimators_.outputs > 1) return g.softmax(raws);
  return binaryProba(raws, m.loss === 'exponential' ? 2 : 1, g);
}

/** Since 1.4 the sign decides; before, the larger probability, so that a raw 0 was the first class. */
function label(m: Classifier, raws: V, g: GraphBuilder): V {
  if (m.estimators_.outputs > 1) return largestLabel(m.classes_, m.version.atLeast(1, 4) ? raws : proba(m, raws, g), g);
  if (m.version.atLeast(1, 4) || m.loss === 'exponential') return signLabel(m.classes_, raws, true, g);
  return largestLabel(m.classes_, proba(m, raws, g), g);
}

const predictions = (m: Classifier, x: V, g: GraphBuilder): V => rawPredictions(m, x, g, true);
const staged = (m: Classifier, x: V, g: GraphBuilder): V => stagedPredictions(m, x, g, true);

const classifier = estimator('GradientBoostingClassifier', classifierState, {
  ...shared,
  methods: {
    predict: (m, x, g) => label(m, predictions(m, x, g), g),
    predict_proba: (m, x, g) => proba(m, predictions(m, x, g), g),
    predict_log_proba: (m, x, g) => g.log(proba(m, predictions(m, x, g), g)),
    decision_function: (m, x, g) => withoutLast(predictions(m, x, g), g),
    staged_predict: (m, x, g) => label(m, staged(m, x, g), g),
    staged_predict_proba: (m, x, g) => proba(m, staged(m, x, g), g),
    // One column stays a column here.
    staged_decision_function: (m, x, g) => staged(m, x, g),
    apply: (m, x, g) => {
      const { trees, outputs } = m.estimators_;
      return g.reshape(leaves(m, x, g), [-1, trees.length / outputs, outputs]);
    },
  },
});

export const gradientBoosting = [regressor, classifier];
