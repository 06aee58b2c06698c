import { added, removed, succeeded } from '../define.js';
import type { Chapter } from '../rule.js';

export const discriminantAnalysis: Chapter = {
  module: 'sklearn.discriminant_analysis',
  rules: [
    succeeded(
      '0.19',
      'store_covariances',
      'store_covariance',
      ['QuadraticDiscriminantAnalysis'],
      'sklearn/discriminant_analysis.py',
    ),
    removed('0.21', 'store_covariances', null, ['QuadraticDiscriminantAnalysis'], 'sklearn/discriminant_analysis.py'),
    added('0.24', 'covariance_estimator', null, ['LinearDiscriminantAnalysis'], 'sklearn/discriminant_analysis.py'),
    added('1.8', 'covariance_estimator', null, ['QuadraticDiscriminantAnalysis'], 'sklearn/discriminant_analysis.py'),
    added('1.8', 'shrinkage', null, ['QuadraticDiscriminantAnalysis'], 'sklearn/discriminant_analysis.py'),
    added('1.8', 'solver', 'svd', ['QuadraticDiscriminantAnalysis'], 'sklearn/discriminant_analysis.py'),
  ],
};
