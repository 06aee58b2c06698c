import { supportCounts, supportVectors } from '../states/svm.js';
import { added, meant, removed } from '../define.js';
import type { Chapter } from '../rule.js';

export const svm: Chapter = {
  module: 'sklearn.svm',
  moves: [
    { since: '0.22', from: 'sklearn.svm.base', to: 'sklearn.svm._base', source: 'sklearn/svm/_base.py' },
    { since: '0.22', from: 'sklearn.svm.bounds', to: 'sklearn.svm._bounds', source: 'sklearn/svm/_bounds.py' },
    { since: '0.22', from: 'sklearn.svm.classes', to: 'sklearn.svm._classes', source: 'sklearn/svm/_classes.py' },
  ],
  rules: [
    ...supportVectors,
    ...supportCounts,

    meant(
      '0.20',
      'gamma',
      'auto_deprecated',
      'auto',
      ['NuSVC', 'NuSVR', 'OneClassSVM', 'SVC', 'SVR'],
      'sklearn/svm/classes.py',
      'came',
    ),
    added('0.22', 'break_ties', false, ['NuSVC', 'SVC'], 'sklearn/svm/_classes.py', { answers: true }),
    meant(
      '0.22',
      'gamma',
      'auto_deprecated',
      'auto',
      ['NuSVC', 'NuSVR', 'OneClassSVM', 'SVC', 'SVR'],
      'sklearn/svm/_classes.py',
      'went',
    ),
    removed('0.22', 'random_state', null, ['OneClassSVM'], 'sklearn/svm/_classes.py'),
    meant('1.3', 'dual', 'auto', true, ['LinearSVC', 'LinearSVR'], 'sklearn/svm/_classes.py', 'came'),
    meant('1.3', 'dual', 'warn', true, ['LinearSVC', 'LinearSVR'], 'sklearn/svm/_classes.py', 'came'),
    meant('1.5', 'dual', 'warn', true, ['LinearSVC', 'LinearSVR'], 'sklearn/svm/_classes.py', 'went'),
  ],
};
