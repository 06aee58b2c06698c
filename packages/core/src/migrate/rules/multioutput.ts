import { added, removed, succeeded } from '../define.js';
import type { Chapter } from '../rule.js';

export const multioutput: Chapter = {
  module: 'sklearn.multioutput',
  rules: [
    added('1.2', 'verbose', false, ['ClassifierChain', 'RegressorChain'], 'sklearn/multioutput.py'),
    added('1.5', 'chain_method', 'predict', ['ClassifierChain'], 'sklearn/multioutput.py', { answers: true }),
    succeeded('1.7', 'base_estimator', 'estimator', ['ClassifierChain', 'RegressorChain'], 'sklearn/multioutput.py'),
    removed('1.9', 'base_estimator', 'deprecated', ['ClassifierChain', 'RegressorChain'], 'sklearn/multioutput.py'),
  ],
  existence: [
    { since: '0.18', names: ['MultiOutputClassifier', 'MultiOutputEstimator', 'MultiOutputRegressor'], change: 'came' },
    { since: '0.19', names: ['ClassifierChain'], change: 'came' },
    { since: '0.20', names: ['RegressorChain', '_BaseChain'], change: 'came' },
    { since: '0.22', names: ['_MultiOutputEstimator'], change: 'came' },
    { since: '0.24', names: ['MultiOutputEstimator'], change: 'went' },
  ],
};
