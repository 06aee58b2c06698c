import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { int64, type Tensor } from '../graph/tensor.js';
import { PyDict, PyGlobal, PyInstance } from '../pickle/values.js';
import type { Data } from './data.js';
import { classesBehind, estimator, type Estimator, type Fitted } from './estimator.js';
import { asText, child, labels, number, optional, plainLabel, raw } from './fields.js';

/** Binary classifiers with a threshold of their own. Source: sklearn/model_selection/_classification_threshold.py */

const state = {
  estimator_: optional(child),
  response_method: raw,
  pos_label: raw,
  threshold: raw,
  best_threshold_: optional(number),
  _curve_scorer: raw,
};
type Thresholded = Fitted<typeof state>;

const methods = ['predict', 'predict_proba', 'predict_log_proba', 'decision_function'];

/** The fitted estimator; a FixedThresholdClassifier may hold one that was fitted before. */
function innerOf(m: Thresholded): Estimator {
  if (m.estimator_) return m.estimator_;
  const { instance, path } = m.estimator;
  return child(instance.attribute('estimator'), { owner: m.estimator, path: `${path}.estimator` });
}

function classesOf(m: Thresholded): Tensor {
  const at = { owner: m.estimator, path: `${m.estimator.path}.classes_` };
  return labels(classesBehind(m.estimator.instance) ?? classesBehind(innerOf(m).instance), at);
}

/** Scores whose `pos_label` is 1 unless told; the others do not have it. */
const scoresWithPositive = /^(f1|fbeta|precision|recall|jaccard|average_precision|precision_recall_fscore)/;

/** The label that the threshold was tuned for; null: the last class. */
function positive(m: Thresholded): unknown {
  if (m.estimator.name === 'FixedThresholdClassifier') return plainLabel(m.pos_label ?? null);
  const scorer = m._curve_scorer;
  if (!(scorer instanceof PyInstance)) return null;
  const options = scorer.attribute('_kwargs');
  if (options instanceof PyDict)
    for (const [key, value] of options.entries()) if (asText(key) === 'pos_label') return plainLabel(value);
  const scored = scorer.attribute('_score_func');
  const known = scored instanceof PyGlobal && scored.module.startsWith('sklearn.metrics');
  if (known) return scoresWithPositive.test(scored.name) ? 1 : null;
  // Of a function that is not in the file nothing is known; with classes 0 and 1 every convention agrees.
  const [first, second] = Array.from(classesOf(m).data as ArrayLike<unknown>, Number);
  if (first === 0 && second === 1) return null;
  throw new BrineError('UNSUPPORTED', 'the threshold was tuned by a Python function that is not in the file', {
    path: `${m.estimator.path}._curve_scorer`,
  });
}

function predict(m: Thresholded, data: Data, g: GraphBuilder): V {
  const inner = innerOf(m);
  const classes = classesOf(m);
  const label = positive(m);
  const values = Array.from(classes.data as ArrayLike<unknown>);
  const place =
    label === null
      ? 1
      : values.findIndex((c) => c === label || (typeof label !== 'string' && Number(c) === Number(label)));
  if (place < 0 || values.length !== 2)
    throw new BrineError('BAD_STATE', 'the positive label is not among two classes', { path: m.estimator.path });
  const wanted = asText(m.response_method);
  const byProba = wanted === 'predict_proba' || (wanted !== 'decision_function' && inner.offers('predict_proba'));
  let score: V;
  if (byProba) score = g.flatten(g.columns(inner.value('predict_proba', data, g), [place]));
  else {
    const decision = inner.value('decision_function', data, g);
    score = place === 0 ? g.neg(decision) : decision;
  }
  const fixed = m.threshold === 'auto' ? (byProba ? 0.5 : 0) : Number(plainLabel(m.threshold ?? null));
  const threshold = m.best_threshold_ ?? fixed;
  const map = int64([2], [1 - place, place]);
  return g.label(classes, g.gather(map, g.cast(g.greaterOrEqual(score, threshold), 'int64')));
}

const thresholded = estimator(['FixedThresholdClassifier', 'TunedThresholdClassifierCV'], state, {
  modules: ['sklearn.model_selection._classification_threshold'],
  input: 'data',
  picks: true,
  takes: (m) => innerOf(m).takes,
  columns: (m) => innerOf(m).columns,
  inputNames: (m) => innerOf(m).inputNames,
  features: (m) => innerOf(m).nFeatures,
  offers: (m) => methods.filter((name) => name === 'predict' || innerOf(m).offers(name)),
  methods: { predict },
  any: (m, method, data, g) => innerOf(m).run(method, data, g),
});

export const thresholdClassifiers = [thresholded];
