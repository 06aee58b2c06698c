import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { float64, int64, type Tensor } from '../graph/tensor.js';
import { matrix, toMatrix, tuple, type Data } from './data.js';
import { estimator, type Fitted } from './estimator.js';
import { array, asNumber, labels, list, optional, raw, sequenceOf, text, type Field } from './fields.js';
import { NdArray } from '../python/ndarray.js';
import { asProbabilities, labelsPerOutput } from './tree.js';

/** Prior probabilities of one output, or of each of several. */
const priors: Field<Tensor[]> = (value, at) =>
  sequenceOf(value)[0] instanceof NdArray ? list(array)(value, at) : [array(value, at)];

const classifierState = {
  classes_: labelsPerOutput,
  class_prior_: priors,
  strategy: text,
  _strategy: optional(text),
  random_state: raw,
  constant: raw,
};
type Classifier = Fitted<typeof classifierState>;

/** The one class that each output always answers, by position. */
function constantClass(m: Classifier): number[] {
  if (strategyOf(m) === 'constant') {
    const wanted = labels(
      Array.isArray(m.constant) || m.constant instanceof NdArray ? m.constant : [m.constant ?? null],
      {
        owner: m.estimator,
        path: `${m.estimator.path}.constant`,
      },
    );
    return m.classes_.map((classes, k) => Array.from(classes.data as ArrayLike<unknown>).indexOf(wanted.data[k]));
  }
  return m.class_prior_.map((prior) => {
    const values = prior.data as Float64Array;
    return values.indexOf(values.reduce((a, b) => Math.max(a, b), -Infinity));
  });
}

/** The first column of anything with rows, for their number. */
const rowsOf = (data: Data, g: GraphBuilder): V =>
  data.kind === 'list' ? data.value : data.kind === 'frame' ? data.columns[0].value : toMatrix(matrix(data.value), g);

/**
 * The class that each row gets by chance: int64 [n, outputs]. With a whole number as `random_state` every call
 * draws the same.
 */
function drawn(m: Classifier, data: Data, g: GraphBuilder): V {
  const seed = asNumber(m.random_state);
  if (seed === undefined || !Number.isSafeInteger(seed) || seed < 0 || seed > 0xffffffff)
    throw new BrineError(
      'UNSUPPORTED',
      `DummyClassifier with strategy=${strategyOf(m)} answers at random: without a whole number as random_state no answer can be told`,
      { path: m.estimator.path },
    );
  const weights = m.class_prior_.map((prior) => prior.data as Float64Array);
  const x = rowsOf(data, g);
  const type = { dtype: 'int64', shape: [x.shape[0] ?? null, weights.length] } as const;
  return g.own('RandomClasses', [x], { seed, weights, uniform: strategyOf(m) === 'uniform' }, type);
}

/** `warn` was 0.22's and 0.23's way to say stratified. */
function strategyOf(m: Classifier): string {
  const strategy = m._strategy ?? m.strategy;
  return strategy === 'warn' ? 'stratified' : strategy;
}
const isRandom = (m: Classifier): boolean => ['stratified', 'uniform'].includes(strategyOf(m));

function proba(m: Classifier, data: Data, g: GraphBuilder): V[] {
  if (strategyOf(m) === 'stratified') {
    const index = drawn(m, data, g);
    return m.classes_.map((classes, k) => {
      const count = classes.data.length;
      const all = int64(
        [count],
        Array.from({ length: count }, (_, i) => i),
      );
      return g.cast(g.equal(g.columns(index, [k]), all), 'float64');
    });
  }
  if (strategyOf(m) === 'uniform')
    return m.classes_.map(({ data: { length } }) =>
      g.repeatRows(rowsOf(data, g), float64([length], new Float64Array(length).fill(1 / length))),
    );
  const chosen = constantClass(m);
  return m.classes_.map((classes, k) => {
    const sure = Float64Array.from({ length: classes.data.length }, (_, i) => (i === chosen[k] ? 1 : 0));
    const values = strategyOf(m) === 'prior' ? (m.class_prior_[k].data as Float64Array) : sure;
    return g.repeatRows(rowsOf(data, g), float64([values.length], values));
  });
}

const classifier = estimator('DummyClassifier', classifierState, {
  modules: ['sklearn.dummy'],
  input: 'data',
  picks: true,
  methods: {
    predict: (m, data, g) => {
      if (isRandom(m)) {
        const index = drawn(m, data, g);
        const drawnLabels = m.classes_.map((classes, k) => g.label(classes, g.columns(index, [k])));
        return drawnLabels.length === 1 ? g.flatten(drawnLabels[0]) : g.concat(drawnLabels);
      }
      const chosen = constantClass(m);
      const columns = m.classes_.map((classes, k) =>
        g.repeatRows(rowsOf(data, g), { ...classes, shape: [1], data: classes.data.slice(chosen[k], chosen[k] + 1) }),
      );
      return columns.length === 1 ? g.flatten(columns[0]) : g.concat(columns);
    },
    predict_proba: (m, data, g) => asProbabilities(proba(m, data, g)),
    predict_log_proba: (m, data, g) => asProbabilities(proba(m, data, g).map(g.log)),
  },
});

const regressor = estimator(
  'DummyRegressor',
  { constant_: array },
  {
    modules: ['sklearn.dummy'],
    input: 'data',
    picks: true,
    methods: {
      predict: (m, data, g) => {
        const values = m.constant_.data as Float64Array;
        const y = g.repeatRows(rowsOf(data, g), float64([values.length], values));
        return values.length === 1 ? g.flatten(y) : y;
      },
      // The constant has no spread.
      predict_return_std: (m, data, g) => {
        const values = m.constant_.data as Float64Array;
        const zeros = float64([values.length], new Float64Array(values.length));
        const [y, std] = [float64([values.length], values), zeros].map((t) => g.repeatRows(rowsOf(data, g), t)) as [
          V,
          V,
        ];
        return values.length === 1 ? tuple(g.flatten(y), g.flatten(std)) : tuple(y, std);
      },
    },
  },
);

export const dummies = [classifier, regressor];
