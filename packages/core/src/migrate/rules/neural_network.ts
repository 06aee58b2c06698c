import { neuralNetworks } from '../states/single.js';
import { added } from '../define.js';
import type { Chapter } from '../rule.js';

export const neuralNetwork: Chapter = {
  module: 'sklearn.neural_network',
  moves: [
    {
      since: '0.22',
      from: 'sklearn.neural_network.multilayer_perceptron',
      to: 'sklearn.neural_network._multilayer_perceptron',
      source: 'sklearn/neural_network/_multilayer_perceptron.py',
    },
    {
      since: '0.22',
      from: 'sklearn.neural_network.rbm',
      to: 'sklearn.neural_network._rbm',
      source: 'sklearn/neural_network/_rbm.py',
    },
  ],
  rules: [
    ...neuralNetworks,

    added(
      '0.20',
      'n_iter_no_change',
      10,
      ['MLPClassifier', 'MLPRegressor'],
      'sklearn/neural_network/multilayer_perceptron.py',
    ),
    added(
      '0.22',
      'max_fun',
      15000,
      ['MLPClassifier', 'MLPRegressor'],
      'sklearn/neural_network/_multilayer_perceptron.py',
    ),
    added('1.7', 'loss', 'squared_error', ['MLPRegressor'], 'sklearn/neural_network/_multilayer_perceptron.py', {
      answers: true,
    }),
  ],
  existence: [{ since: '0.18', names: ['BaseMultilayerPerceptron', 'MLPClassifier', 'MLPRegressor'], change: 'came' }],
};
