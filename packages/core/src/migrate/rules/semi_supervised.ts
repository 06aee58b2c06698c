import { selfTraining } from '../states/single.js';
import { added, removed, succeeded } from '../define.js';
import type { Chapter } from '../rule.js';

export const semiSupervised: Chapter = {
  module: 'sklearn.semi_supervised',
  moves: [
    {
      since: '0.22',
      from: 'sklearn.semi_supervised.label_propagation',
      to: 'sklearn.semi_supervised._label_propagation',
      source: 'sklearn/semi_supervised/_label_propagation.py',
    },
  ],
  rules: [
    ...selfTraining,

    added('0.18', 'n_jobs', 1, ['LabelPropagation', 'LabelSpreading'], 'sklearn/semi_supervised/label_propagation.py'),
    removed('0.21', 'alpha', null, ['LabelPropagation'], 'sklearn/semi_supervised/label_propagation.py'),
    succeeded(
      '1.6',
      'base_estimator',
      'estimator',
      ['SelfTrainingClassifier'],
      'sklearn/semi_supervised/_self_training.py',
    ),
    removed(
      '1.8',
      'base_estimator',
      'deprecated',
      ['SelfTrainingClassifier'],
      'sklearn/semi_supervised/_self_training.py',
    ),
  ],
  existence: [{ since: '0.24', names: ['SelfTrainingClassifier'], change: 'came' }],
};
