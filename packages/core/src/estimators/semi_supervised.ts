import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { squaredDistances } from './cluster.js';
import { matrix } from './data.js';
import { estimator, type Estimator, type Fitted } from './estimator.js';
import { child, labels, matrixField, number, oneOf, optional } from './fields.js';
import { predictedLabel, rowsToOne } from './scores.js';

// ---- label propagation ------------------------------------------------------------------------------

const state = {
  X_: matrixField,
  label_distributions_: matrixField,
  classes_: labels,
  kernel: oneOf('rbf', 'knn'),
  gamma: optional(number, 20),
  nn_fit: optional(child),
};
type Propagation = Fitted<typeof state>;

/** The labels of the training rows, weighted by their likeness to each row, or those of its neighbours. */
function proba(m: Propagation, x: V, g: GraphBuilder): V {
  if (m.kernel === 'rbf') {
    const likeness = g.exp(g.mul(squaredDistances(x, m.X_, g), -m.gamma));
    return rowsToOne(g.matmul(likeness, m.label_distributions_), g);
  }
  if (!m.nn_fit) throw new BrineError('BAD_STATE', 'the neighbours are not in the file', { path: m.estimator.path });
  const found = m.nn_fit.run('kneighbors', matrix(x), g);
  if (!('kind' in found) || found.kind !== 'tuple') throw new BrineError('BAD_STATE', 'kneighbors gives no indices');
  const neighbours = g.gather(m.label_distributions_, g.cast(found.items[1], 'int64'));
  return rowsToOne(g.sum(neighbours, 1, false), g);
}

const propagation = estimator(['LabelPropagation', 'LabelSpreading'], state, {
  modules: ['sklearn.semi_supervised._label_propagation', 'sklearn.semi_supervised.label_propagation'],
  features: (m) => m.X_.shape[1],
  methods: {
    predict_proba: proba,
    predict: (m, x, g) => predictedLabel(m.classes_, proba(m, x, g), g),
  },
});

// ---- self-training ----------------------------------------------------------------------------------

// Called base_estimator_ up to 1.5.
const selfState = { estimator_: optional(child), base_estimator_: optional(child) };
const selfMethods = ['predict', 'predict_proba', 'predict_log_proba', 'decision_function'];

function innerOf(m: Fitted<typeof selfState>): Estimator {
  const inner = m.estimator_ ?? m.base_estimator_;
  if (!inner)
    throw new BrineError('NOT_FITTED', 'SelfTrainingClassifier holds no fitted estimator', { path: m.estimator.path });
  return inner;
}

const selfTraining = estimator('SelfTrainingClassifier', selfState, {
  modules: ['sklearn.semi_supervised._self_training'],
  input: 'data',
  takes: (m) => innerOf(m).takes,
  columns: (m) => innerOf(m).columns,
  inputNames: (m) => innerOf(m).inputNames,
  features: (m) => innerOf(m).nFeatures,
  methods: {},
  offers: (m) => selfMethods.filter((name) => innerOf(m).offers(name)),
  any: (m, method, data, g) => innerOf(m).run(method, data, g),
});

export const semiSupervised = [propagation, selfTraining];
