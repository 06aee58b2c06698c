import { columnRules } from '../states/columns.js';
import { added, removed, retired } from '../define.js';
import type { Chapter } from '../rule.js';

export const compose: Chapter = {
  module: 'sklearn.compose',
  rules: [
    ...columnRules,

    added('0.21', 'verbose', false, ['ColumnTransformer'], 'sklearn/compose/_column_transformer.py'),
    added('1.0', 'verbose_feature_names_out', true, ['ColumnTransformer'], 'sklearn/compose/_column_transformer.py'),
    added('1.5', 'force_int_remainder_cols', true, ['ColumnTransformer'], 'sklearn/compose/_column_transformer.py'),
    retired('1.7', 'force_int_remainder_cols', true, ['ColumnTransformer'], 'sklearn/compose/_column_transformer.py'),
    removed(
      '1.9',
      'force_int_remainder_cols',
      'deprecated',
      ['ColumnTransformer'],
      'sklearn/compose/_column_transformer.py',
    ),
  ],
  existence: [{ since: '0.20', names: ['ColumnTransformer', 'TransformedTargetRegressor'], change: 'came' }],
};
