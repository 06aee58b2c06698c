import { maybeEmpty, moreImputers } from '../states/imputers.js';
import { imputers } from '../states/encoders.js';
import { added, removed, retired } from '../define.js';
import type { Chapter } from '../rule.js';

export const impute: Chapter = {
  module: 'sklearn.impute',
  moves: [{ since: '0.21', from: 'sklearn.impute', to: 'sklearn.impute._base', source: 'sklearn/impute/_base.py' }],
  rules: [
    ...moreImputers,

    ...imputers,

    added('0.21', 'add_indicator', false, ['SimpleImputer'], 'sklearn/impute/_base.py', { answers: true }),
    added('0.22', 'skip_complete', false, ['IterativeImputer'], 'sklearn/impute/_iterative.py'),
    retired('1.1', 'verbose', 0, ['SimpleImputer'], 'sklearn/impute/_base.py'),
    added('1.2', 'keep_empty_features', false, ['SimpleImputer'], 'sklearn/impute/_base.py', { answers: maybeEmpty }),
    added('1.2', 'keep_empty_features', false, ['IterativeImputer'], 'sklearn/impute/_iterative.py', { answers: true }),
    added('1.2', 'keep_empty_features', false, ['KNNImputer'], 'sklearn/impute/_knn.py', { answers: maybeEmpty }),
    added('1.3', 'fill_value', null, ['IterativeImputer'], 'sklearn/impute/_iterative.py'),
    removed('1.3', 'verbose', 'deprecated', ['SimpleImputer'], 'sklearn/impute/_base.py'),
  ],
  existence: [
    { since: '0.20', names: ['MissingIndicator', 'SimpleImputer'], change: 'came' },
    { since: '0.21', names: ['IterativeImputer'], change: 'came' },
    { since: '0.22', names: ['KNNImputer', '_BaseImputer'], change: 'came' },
  ],
};
