import type { GraphBuilder, V } from '../graph/builder.js';
import { estimator, type Fitted } from './estimator.js';
import { list, matrixField, oneOf, optional, raw, vector } from './fields.js';
import { BrineError } from '../errors.js';
import { PyInstance } from '../pickle/values.js';
import { labelsPerOutput } from './tree.js';
import { bothClasses } from './scores.js';

const modules = ['sklearn.neural_network._multilayer_perceptron', 'sklearn.neural_network.multilayer_perceptron'];

const layers = {
  coefs_: list(matrixField),
  intercepts_: list(vector),
  activation: oneOf('identity', 'logistic', 'tanh', 'relu'),
  out_activation_: oneOf('identity', 'logistic', 'softmax', 'exp'),
};
type Layers = Fitted<typeof layers>;

const activations: Readonly<Record<string, (x: V, g: GraphBuilder) => V>> = {
  identity: (x) => x,
  logistic: (x, g) => g.sigmoid(x),
  tanh: (x, g) => g.tanh(x),
  relu: (x, g) => g.relu(x),
  softmax: (x, g) => g.softmax(x),
  exp: (x, g) => g.exp(x),
};

/** The output layer [n, k]. Source: sklearn/neural_network/_multilayer_perceptron.py, `_forward_pass_fast`. */
function forward(m: Layers, x: V, g: GraphBuilder): V {
  if (m.coefs_.length === 0 || m.intercepts_.length !== m.coefs_.length)
    throw new BrineError('BAD_STATE', `${m.coefs_.length} weight matrices with ${m.intercepts_.length} biases`, {
      path: m.estimator.path,
    });
  const last = m.coefs_.length - 1;
  return m.coefs_.reduce((value, weights, i) => {
    const sum = g.node('Gemm', [value, weights, m.intercepts_[i]]);
    return activations[i === last ? m.out_activation_ : m.activation](sum, g);
  }, x);
}

const features = (m: Layers): number | undefined => m.coefs_[0]?.shape[0];

const regressor = estimator('MLPRegressor', layers, {
  modules,
  input: 'matrix',
  features,
  methods: {
    predict: (m, x, g) => {
      const y = forward(m, x, g);
      return y.shape[1] === 1 ? g.flatten(y) : y;
    },
  },
});

const classifierState = { ...layers, classes_: labelsPerOutput, _label_binarizer: optional(raw) };
type Classifier = Fitted<typeof classifierState>;

/** True for multilabel targets, whose answer is an indicator matrix. */
function isMultilabel(m: Classifier): boolean {
  const binarizer = m._label_binarizer;
  const type = binarizer instanceof PyInstance ? binarizer.attribute('y_type_') : undefined;
  return typeof type === 'string' && type.startsWith('multilabel');
}

function proba(m: Classifier, x: V, g: GraphBuilder): V {
  const y = forward(m, x, g);
  return y.shape[1] === 1 ? bothClasses(g.flatten(y), g) : y;
}

const classifier = estimator('MLPClassifier', classifierState, {
  modules,
  input: 'matrix',
  features,
  methods: {
    predict: (m, x, g) => {
      const y = forward(m, x, g);
      if (isMultilabel(m)) return g.cast(g.greater(y, 0.5), 'int64');
      const index = y.shape[1] === 1 ? g.cast(g.greater(g.flatten(y), 0.5), 'int64') : g.argmax(y);
      return g.label(m.classes_[0], index);
    },
    predict_proba: proba,
    predict_log_proba: (m, x, g) => g.log(proba(m, x, g)),
  },
});

export const neuralNetworks = [regressor, classifier];
