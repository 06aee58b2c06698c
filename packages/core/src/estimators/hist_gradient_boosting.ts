import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import type { CategoricalNodes, Ensemble, TreeNodes } from '../graph/ensemble.js';
import { float64 } from '../graph/tensor.js';
import { PyInstance, type PyValue } from '../pickle/values.js';
import { toFloat64, toTyped } from '../python/elements.js';
import { NdArray } from '../python/ndarray.js';
import { binaryProba, largestLabel, signLabel, withoutLast } from './boosting_losses.js';
import { toDense, type Data } from './data.js';
import { estimator, type ColumnType, type Fitted } from './estimator.js';
import {
  array,
  badState,
  child,
  labels,
  object,
  optional,
  sequenceOf,
  text,
  type Field,
  type Reading,
} from './fields.js';
import { ensembleOf } from './tree.js';
import { columnOf, needColumn } from './tree_nodes.js';

/** Categories of one feature: 0 … 255, one bit each. */
const CATEGORY_WORDS = 8;

/**
 * One `TreePredictor`. Node records had 11 fields in 0.21, gained missing values in 0.22 and categories in
 * 0.24; `threshold` became `num_threshold` then. Source: _hist_gradient_boosting/common.pxd, `node_struct`.
 */
function predictorNodes(value: PyValue, output: number, at: Reading): TreeNodes {
  const nodes = value instanceof PyInstance ? value.attribute('nodes') : undefined;
  if (!(value instanceof PyInstance) || !(nodes instanceof NdArray)) throw badState(at, 'a tree predictor', value);
  const missing = columnOf(nodes, 'missing_go_to_left', at);
  const categorical = categoricalNodes(value, nodes, at);
  return {
    count: nodes.size,
    left: needColumn(nodes, 'left', at),
    right: needColumn(nodes, 'right', at),
    feature: needColumn(nodes, 'feature_idx', at),
    threshold: columnOf(nodes, 'num_threshold', at) ?? needColumn(nodes, 'threshold', at),
    isLeaf: needColumn(nodes, 'is_leaf', at),
    values: needColumn(nodes, 'value', at),
    output,
    ...(missing ? { missingGoLeft: missing } : {}),
    ...(categorical ? { categorical } : {}),
  };
}

function categoricalNodes(predictor: PyInstance, nodes: NdArray, at: Reading): CategoricalNodes | undefined {
  const isCategorical = columnOf(nodes, 'is_categorical', at);
  const sets = predictor.attribute('raw_left_cat_bitsets');
  if (!isCategorical || !(sets instanceof NdArray) || sets.size === 0) return undefined;
  const bits = toTyped(sets);
  if (!(bits instanceof Uint32Array)) throw badState(at, 'bit sets of 32-bit words', sets);
  return { isCategorical, bitset: needColumn(nodes, 'bitset_idx', at), bitsets: bits, words: CATEGORY_WORDS };
}

/** The predictors of each iteration: [iterations][outputs]. */
const predictors: Field<{ trees: TreeNodes[]; outputs: number }> = (value, at) => {
  const iterations = sequenceOf(value).map(sequenceOf);
  const outputs = iterations[0]?.length ?? 1;
  if (!iterations.every((trees) => trees.length === outputs))
    throw badState(at, `iterations of ${outputs} trees`, value);
  const trees = iterations.flatMap((row, i) =>
    row.map((tree, k) => predictorNodes(tree, k, { owner: at.owner, path: `${at.path}[${i}][${k}]` })),
  );
  return { trees, outputs };
};

/** The categories that training saw, by feature, as bit sets; others are treated as missing. */
const knownCategories: Field<Map<number, Uint32Array>> = (value, at) => {
  const known = new Map<number, Uint32Array>();
  const flags = value instanceof PyInstance ? value.attribute('is_categorical_') : undefined;
  if (!(value instanceof PyInstance) || !(flags instanceof NdArray)) return known;
  const thresholds = sequenceOf(value.attribute('bin_thresholds_'));
  toFloat64(flags).forEach((flag, feature) => {
    if (flag === 0) return;
    const bits = new Uint32Array(CATEGORY_WORDS);
    const categories = thresholds[feature];
    if (!(categories instanceof NdArray)) throw badState(at, `the categories of feature ${feature}`, categories);
    for (const category of toFloat64(categories)) {
      if (!(category >= 0 && category < 32 * CATEGORY_WORDS)) throw badState(at, 'categories of 0 to 255', categories);
      bits[category >> 5] |= 1 << (category & 31);
    }
    known.set(feature, bits);
  });
  return known;
};

const state = {
  _predictors: predictors,
  _baseline_prediction: array,
  _bin_mapper: knownCategories,
  bin_mapper_: knownCategories,
  // Since 1.4: turns tables with categories into numbers, the categories first.
  _preprocessor: optional(child),
  loss: text,
  _loss: optional(object),
};
type Hist = Fitted<typeof state>;

function ensemble(m: Hist): Ensemble {
  return ensembleOf(m.estimator, 'raw', () => {
    const known = m._bin_mapper.size > 0 ? m._bin_mapper : m.bin_mapper_;
    return {
      nFeatures: m.nFeatures ?? 0,
      comparison: 'f64',
      outputs: m._predictors.outputs,
      trees: m._predictors.trees,
      ...(known.size > 0 ? { knownCategories: known } : {}),
    };
  });
}

function prepared(m: Hist, data: Data, g: GraphBuilder): V {
  if (!m._preprocessor) return toDense(data, g);
  return toDense(m._preprocessor.transform(data, g), g);
}

function baseline(m: Hist): ReturnType<typeof float64> {
  const { outputs } = m._predictors;
  const values = m._baseline_prediction.data as Float64Array;
  if (values.length === outputs) return float64([outputs], values);
  if (values.length === 1) return float64([outputs], new Float64Array(outputs).fill(values[0]));
  throw new BrineError('BAD_STATE', `${values.length} baseline predictions for ${outputs} outputs`, {
    path: m.estimator.path,
  });
}

function rawPredictions(m: Hist, data: Data, g: GraphBuilder): V {
  const x = prepared(m, data, g);
  const shape = [x.shape[0] ?? null, m._predictors.outputs];
  return g.own('Forest', [x, baseline(m)], { ensemble: ensemble(m) }, { dtype: 'float64', shape });
}

function stagedPredictions(m: Hist, data: Data, g: GraphBuilder): V {
  const x = prepared(m, data, g);
  const { outputs, trees } = m._predictors;
  const shape = [trees.length / outputs, x.shape[0] ?? null, outputs];
  return g.own(
    'ForestStages',
    [x, baseline(m)],
    { ensemble: ensemble(m), perStage: outputs },
    { dtype: 'float64', shape },
  );
}

const shared = {
  modules: [
    'sklearn.ensemble._hist_gradient_boosting.gradient_boosting',
    'sklearn.experimental._hist_gradient_boosting.gradient_boosting',
  ],
  input: 'data' as const,
  columns: (m: Hist) =>
    m._preprocessor ? m._preprocessor.columns : new Array<ColumnType>(m.nFeatures ?? 0).fill('number'),
};

/** Losses whose link is the logarithm. */
const logLink = new Set(['poisson', 'gamma']);

function expected(m: Hist, raw: V, g: GraphBuilder): V {
  const flat = withoutLast(raw, g);
  return logLink.has(m.loss) ? g.exp(flat) : flat;
}

const regressor = estimator('HistGradientBoostingRegressor', state, {
  ...shared,
  methods: {
    predict: (m, data, g) => expected(m, rawPredictions(m, data, g), g),
    staged_predict: (m, data, g) => expected(m, stagedPredictions(m, data, g), g),
  },
});

const classifierState = { ...state, classes_: labels };
type Classifier = Fitted<typeof classifierState>;

function proba(m: Classifier, raw: V, g: GraphBuilder): V {
  return m._predictors.outputs === 1 ? binaryProba(raw, 1, g) : g.softmax(raw);
}

/** Since 1.5 the raw prediction decides, before the probability: they differ where the sigmoid rounds to one half. */
function label(m: Classifier, raw: V, g: GraphBuilder): V {
  if (m.version.before(1, 5)) return largestLabel(m.classes_, proba(m, raw, g), g);
  return m._predictors.outputs === 1 ? signLabel(m.classes_, raw, false, g) : largestLabel(m.classes_, raw, g);
}

const classifier = estimator('HistGradientBoostingClassifier', classifierState, {
  ...shared,
  methods: {
    predict: (m, data, g) => label(m, rawPredictions(m, data, g), g),
    predict_proba: (m, data, g) => proba(m, rawPredictions(m, data, g), g),
    decision_function: (m, data, g) => withoutLast(rawPredictions(m, data, g), g),
    staged_predict: (m, data, g) => label(m, stagedPredictions(m, data, g), g),
    staged_predict_proba: (m, data, g) => proba(m, stagedPredictions(m, data, g), g),
    staged_decision_function: (m, data, g) => withoutLast(stagedPredictions(m, data, g), g),
  },
});

export const histGradientBoosting = [regressor, classifier];
