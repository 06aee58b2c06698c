import type { GraphBuilder, V } from '../graph/builder.js';
import { float64, int64, type Tensor } from '../graph/tensor.js';
import type { PyInstance } from '../pickle/values.js';
import { matrix, toMatrix, type Data } from './data.js';
import { estimator, type Estimator, type Fitted, type InputKind } from './estimator.js';
import { array, child, integers, labels, list, matrixField, object, optional, text, type Field } from './fields.js';
import { oneVsRestFromPairs } from './pairs.js';
import { raveled } from './scores.js';

const modules = ['sklearn.multiclass'];

/** What a binary estimator says of its second class [n]: a score, a probability, or a regressor's answer. */
function binaryScore(e: Estimator, data: Data, g: GraphBuilder): V {
  if (e.offers('decision_function')) return raveled(e.value('decision_function', data, g), g);
  if (e.offers('predict_proba')) return g.flatten(g.columns(e.value('predict_proba', data, g), [1]));
  return g.cast(e.value('predict', data, g), 'float64');
}

/** Where the second class begins: regressors and probabilities have no sign. */
const thresholdOf = (e: Estimator): number => (e.offers('decision_function') ? 0 : 0.5);

const scoreColumns = (estimators: readonly Estimator[], data: Data, g: GraphBuilder): V =>
  g.concat(estimators.map((e) => g.column(binaryScore(e, data, g))));

const shared = {
  modules,
  input: 'data' as const,
  finite: 'any' as const,
  takes: (m: { estimators_: readonly Estimator[] }): InputKind => m.estimators_[0]?.takes ?? 'data',
  columns: (m: { estimators_: readonly Estimator[] }) => m.estimators_[0]?.columns,
  inputNames: (m: { estimators_: readonly Estimator[] }) => m.estimators_[0]?.inputNames,
  features: (m: { estimators_: readonly Estimator[] }) => m.estimators_[0]?.nFeatures,
};

// ---- a class that is always or never there ----------------------------------------------------------

const constantState = { y_: array };

function constantScore(m: Fitted<typeof constantState>, data: Data, g: GraphBuilder): V {
  const x = data.kind === 'frame' ? data.columns[0].value : data.value;
  return g.flatten(g.repeatRows(x, float64([1], Float64Array.of(Number(m.y_.data[0])))));
}

const constantPredictor = estimator('_ConstantPredictor', constantState, {
  modules,
  input: 'data',
  picks: true,
  methods: {
    predict: (m, data, g) => g.cast(constantScore(m, data, g), 'int64'),
    decision_function: constantScore,
    predict_proba: (m, data, g) => {
      const p = g.column(constantScore(m, data, g));
      return g.concat([g.sub(1, p), p]);
    },
  },
});

// ---- one against the rest ---------------------------------------------------------------------------

/** `y_type_` of the label binarizer: `multiclass`, `binary`, or `multilabel-indicator`. */
const targetType: Field<string> = (value, at) => {
  const binarizer: PyInstance = object(value, at);
  return optional(text, 'multiclass')(binarizer.attribute('y_type_'), { ...at, path: `${at.path}.y_type_` });
};
const binarizerClasses: Field<Tensor> = (value, at) =>
  labels(object(value, at).attribute('classes_'), { ...at, path: `${at.path}.classes_` });

const restState = { estimators_: list(child), label_binarizer_: targetType };
type Rest = Fitted<typeof restState>;

function restClasses(m: Rest): Tensor {
  const { instance, path } = m.estimator;
  return binarizerClasses(instance.attribute('label_binarizer_'), { owner: m.estimator, path });
}

function restPredict(m: Rest, data: Data, g: GraphBuilder): V {
  const scores = scoreColumns(m.estimators_, data, g);
  const classes = restClasses(m);
  if (m.label_binarizer_ === 'multiclass') {
    if (m.version.atLeast(1, 8)) return g.label(classes, g.argmax(scores));
    // Before 1.8 the last of equal scores won.
    const count = m.estimators_.length;
    const backwards = g.columns(
      scores,
      Array.from({ length: count }, (_, i) => count - 1 - i),
    );
    return g.label(classes, g.sub(int64([], [count - 1]), g.argmax(backwards)));
  }
  const [first] = m.estimators_;
  const hits = g.cast(g.greater(scores, first ? thresholdOf(first) : 0), 'int64');
  if (m.label_binarizer_.startsWith('multilabel')) return hits;
  const index = g.flatten(hits);
  return g.label(classes, classes.data.length === 1 ? g.mul(index, int64([], [0])) : index);
}

function restProba(m: Rest, data: Data, g: GraphBuilder): V {
  const columns = m.estimators_.map((e) => g.columns(e.value('predict_proba', data, g), [1]));
  const [only] = columns;
  const p = columns.length === 1 && only ? g.concat([g.sub(1, only), only]) : g.concat(columns);
  if (m.label_binarizer_.startsWith('multilabel')) return p;
  const total = g.sum(p, 1);
  // Since 1.7 rows of zeros stay; before they became NaN.
  return g.div(p, m.version.atLeast(1, 7) ? g.where(g.equal(total, 0), 1, total) : total);
}

const oneVsRest = estimator('OneVsRestClassifier', restState, {
  ...shared,
  offers: (m, all) => all.filter((name) => name === 'predict' || m.estimators_[0]?.offers(name)),
  methods: {
    predict: restPredict,
    predict_proba: restProba,
    decision_function: (m, data, g) => {
      const [first] = m.estimators_;
      // 0.18 had one column there.
      if (m.estimators_.length === 1 && first && m.version.atLeast(0, 19))
        return first.value('decision_function', data, g);
      return g.concat(m.estimators_.map((e) => g.column(e.value('decision_function', data, g))));
    },
  },
});

// ---- one against one --------------------------------------------------------------------------------

const pairState = { estimators_: list(child), classes_: labels, pairwise_indices_: optional(list(integers)) };
type Pairs = Fitted<typeof pairState>;

/** [pairs, classes]: a one for the first class of each pair. */
function firstOfPairs(classes: number): Tensor {
  const ones: number[] = [];
  for (let i = 0; i < classes; i++)
    for (let j = i + 1; j < classes; j++) for (let c = 0; c < classes; c++) ones.push(c === i ? 1 : 0);
  return float64([(classes * (classes - 1)) / 2, classes], Float64Array.from(ones));
}

function pairDecision(m: Pairs, data: Data, g: GraphBuilder): V {
  // Kernel matrices are cut down to the rows that each pair was fitted on.
  const inputs = m.estimators_.map((_, i) => {
    const some = m.pairwise_indices_?.[i];
    return some ? matrix(g.columns(toMatrix(data, g), some)) : data;
  });
  const count = m.classes_.data.length;
  const chosen = m.estimators_.map((e, i) => g.column(g.cast(e.value('predict', inputs[i], g), 'float64')));
  const scores = m.estimators_.map((e, i) => g.column(binaryScore(e, inputs[i], g)));
  const answers = g.concat(chosen);
  const votes = oneVsRestFromPairs(g.equal(answers, 1), g.concat(scores), count, m.version, g);
  // Regressors seldom say 0 or 1: then the pair votes for neither, not for its first class.
  const neither = g.not(g.or(g.equal(answers, 0), g.equal(answers, 1)));
  const y = g.sub(votes, g.matmul(g.cast(neither, 'float64'), firstOfPairs(count)));
  return count === 2 && m.version.atLeast(0, 19) ? g.flatten(g.columns(y, [1])) : y;
}

const oneVsOne = estimator('OneVsOneClassifier', pairState, {
  ...shared,
  features: (m) => (m.pairwise_indices_ ? undefined : m.estimators_[0]?.nFeatures),
  methods: {
    decision_function: pairDecision,
    predict: (m, data, g) => {
      const y = pairDecision(m, data, g);
      if (y.shape.length === 2) return g.label(m.classes_, g.argmax(y));
      const [first] = m.estimators_;
      const threshold = first && m.version.atLeast(1, 1) ? thresholdOf(first) : 0;
      return g.label(m.classes_, g.cast(g.greater(y, threshold), 'int64'));
    },
  },
});

// ---- error-correcting codes -------------------------------------------------------------------------

const outputCode = estimator(
  'OutputCodeClassifier',
  { estimators_: list(child), classes_: labels, code_book_: matrixField },
  {
    ...shared,
    methods: {
      predict: (m, data, g) => {
        const y = scoreColumns(m.estimators_, data, g);
        const [classes = 0, bits = 0] = m.code_book_.shape;
        const codes = m.code_book_.data as Float64Array;
        const norms = Float64Array.from({ length: classes }, (_, c) => {
          let sum = 0;
          for (let j = 0; j < bits; j++) sum += codes[c * bits + j] ** 2;
          return sum;
        });
        const doubled = float64(
          [classes, bits],
          codes.map((v) => -2 * v),
        );
        return g.label(m.classes_, g.argmin(g.linear(y, doubled, float64([classes], norms))));
      },
    },
  },
);

export const multiclassClassifiers = [constantPredictor, oneVsRest, oneVsOne, outputCode];
