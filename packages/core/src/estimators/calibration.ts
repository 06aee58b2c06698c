import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import type { Tensor } from '../graph/tensor.js';
import { PyInstance, type PyValue } from '../pickle/values.js';
import type { Data } from './data.js';
import { estimator, type Estimator, type Fitted } from './estimator.js';
import { badState, labels, list, number, sequenceOf, type Field, type Reading } from './fields.js';
import { mirrored, predictedLabel } from './scores.js';

/** One fold: an estimator and what turns its scores into probabilities. */
interface Calibrated {
  readonly estimator: Estimator;
  readonly calibrators: readonly PyInstance[];
  readonly classes: Tensor;
  readonly path: string;
}

/** `estimator` was `base_estimator` before 1.2, `calibrators` had an underscore before 1.3, `classes` in 0.23. */
const calibrated: Field<Calibrated> = (value, at) => {
  if (!(value instanceof PyInstance)) throw badState(at, 'a calibrated classifier', value);
  const first = (...names: string[]): PyValue | undefined =>
    names.map((n) => value.attribute(n)).find((v) => v !== undefined && v !== null);
  const inner = first('estimator', 'base_estimator');
  const calibrators = sequenceOf(first('calibrators', 'calibrators_')).filter(
    (c): c is PyInstance => c instanceof PyInstance,
  );
  if (!(inner instanceof PyInstance) || calibrators.length === 0)
    throw badState(at, 'an estimator and its calibrators', value);
  const classes = first('classes', 'classes_');
  return {
    estimator: at.owner.bind(inner, `${at.path}.estimator`),
    calibrators,
    classes: labels(classes, { owner: at.owner, path: `${at.path}.classes` }),
    path: at.path,
  };
};

const state = { calibrated_classifiers_: list(calibrated), classes_: labels };
type CalibratedClassifier = Fitted<typeof state>;

/** Scores [n, 1] or [n, k]: `decision_function` if there is one, else probabilities. */
function scores(c: Calibrated, data: Data, g: GraphBuilder): { values: V; areProbabilities: boolean } {
  if (c.estimator.offers('decision_function')) {
    const values = c.estimator.value('decision_function', data, g);
    return { values: values.shape.length === 1 ? g.column(values) : values, areProbabilities: false };
  }
  const p = c.estimator.value('predict_proba', data, g);
  return { values: c.classes.data.length === 2 ? g.columns(p, [1]) : p, areProbabilities: true };
}

/** Scores [n] of one class to probabilities [n]. */
function calibrate(calibrator: PyInstance, t: V, at: Reading, g: GraphBuilder): V {
  if (calibrator.name === '_SigmoidCalibration') {
    const a = number(calibrator.attribute('a_'), { ...at, path: `${at.path}.a_` });
    const b = number(calibrator.attribute('b_'), { ...at, path: `${at.path}.b_` });
    return g.sigmoid(g.neg(g.add(g.mul(t, a), b)));
  }
  return at.owner.bind(calibrator, at.path).value('predict', t, g);
}

/** Added to probabilities before the logarithm. Source: sklearn/calibration.py, `_convert_to_logits`. */
const TEMPERATURE_EPSILON = 1e-12;

function tempered(c: Calibrated, calibrator: PyInstance, data: Data, at: Reading, g: GraphBuilder): V {
  const { values, areProbabilities } = scores(c, data, g);
  const beta = number(calibrator.attribute('beta_'), { ...at, path: `${at.path}.beta_` });
  const binary = values.shape[1] === 1;
  const both = areProbabilities && binary ? g.concat([g.sub(1, values), values]) : values;
  const logits = areProbabilities
    ? g.log(g.add(both, TEMPERATURE_EPSILON))
    : binary
      ? mirrored(g.flatten(values), g)
      : values;
  return g.softmax(g.mul(logits, beta));
}

/** Where the classes of the inner estimator stand among all classes. */
function positions(c: Calibrated): number[] {
  const all = Array.from(c.classes.data as ArrayLike<unknown>);
  const inner = c.estimator.classes ?? all;
  return inner.map((label) => all.findIndex((x) => x === label || Number(x) === Number(label)));
}

function proba(c: Calibrated, m: CalibratedClassifier, data: Data, g: GraphBuilder): V {
  const count = c.classes.data.length;
  const at = (i: number): Reading => ({ owner: m.estimator, path: `${c.path}.calibrators[${i}]` });
  const first = c.calibrators[0];
  if (first.name === '_TemperatureScaling') return atMostOne(tempered(c, first, data, at(0), g), g);
  const { values } = scores(c, data, g);
  if (count === 2) {
    const p = g.column(calibrate(first, g.flatten(values), at(0), g));
    return atMostOne(g.concat([g.sub(1, p), p]), g);
  }
  const places = positions(c);
  const nothing = g.mul(g.cast(g.isNaN(g.columns(values, [0])), 'float64'), 0);
  const columns = Array.from({ length: count }, (_, k) => {
    const i = places.indexOf(k);
    const calibrator = c.calibrators[i];
    return calibrator ? g.column(calibrate(calibrator, g.flatten(g.columns(values, [i])), at(i), g)) : nothing;
  });
  const raw = g.concat(columns);
  const total = g.sum(raw, 1);
  const normalised = g.div(raw, total);
  // Where every calibrator says zero, the classes are equally likely; old versions left NaN or divided.
  return atMostOne(g.where(g.equal(total, 0), 1 / count, normalised), g);
}

/** Probabilities that rounding put just above one become one. */
function atMostOne(p: V, g: GraphBuilder): V {
  return g.where(g.and(g.greater(p, 1), g.lessOrEqual(p, 1 + 1e-5)), 1, p);
}

function meanProba(m: CalibratedClassifier, data: Data, g: GraphBuilder): V {
  const parts = m.calibrated_classifiers_.map((c) => proba(c, m, data, g));
  if (parts.length === 0)
    throw new BrineError('BAD_STATE', 'there are no calibrated classifiers', { path: m.estimator.path });
  return g.div(
    parts.reduce((a, b) => g.add(a, b)),
    parts.length,
  );
}

const calibratedClassifier = estimator('CalibratedClassifierCV', state, {
  modules: ['sklearn.calibration'],
  input: 'data',
  takes: (m) => m.calibrated_classifiers_[0]?.estimator.takes ?? 'data',
  columns: (m) => m.calibrated_classifiers_[0]?.estimator.columns,
  inputNames: (m) => m.calibrated_classifiers_[0]?.estimator.inputNames,
  features: (m) => m.calibrated_classifiers_[0]?.estimator.nFeatures,
  methods: {
    predict_proba: meanProba,
    predict: (m, data, g) => predictedLabel(m.classes_, meanProba(m, data, g), g),
  },
});

export const calibrators = [calibratedClassifier];
