import { checks, countedFeaturesOfOld, unnamed } from '../states/single.js';
import { oneHots } from '../states/one_hot.js';
import { norms } from '../states/steps.js';
import { encoders, polynomials } from '../states/encoders.js';
import { added, meant, real, removed, retired, succeeded, tuple } from '../define.js';
import type { Chapter } from '../rule.js';

export const preprocessing: Chapter = {
  module: 'sklearn.preprocessing',
  moves: [
    {
      since: '0.20',
      from: 'sklearn.preprocessing.data',
      to: 'sklearn.preprocessing._encoders',
      names: ['OneHotEncoder'],
      source: 'sklearn/preprocessing/_encoders.py',
    },
    {
      since: '0.22',
      from: 'sklearn.preprocessing.data',
      to: 'sklearn.preprocessing._data',
      source: 'sklearn/preprocessing/_data.py',
    },
    {
      since: '0.22',
      from: 'sklearn.preprocessing.label',
      to: 'sklearn.preprocessing._label',
      source: 'sklearn/preprocessing/_label.py',
    },
    {
      since: '1.0',
      from: 'sklearn.preprocessing._data',
      to: 'sklearn.preprocessing._polynomial',
      names: ['PolynomialFeatures'],
      source: 'sklearn/preprocessing/_polynomial.py',
    },
  ],
  rules: [
    ...checks,
    ...unnamed,
    ...countedFeaturesOfOld,
    ...norms,

    ...oneHots,
    ...encoders,
    ...polynomials,

    added('0.18', 'inv_kw_args', null, ['FunctionTransformer'], 'sklearn/preprocessing/_function_transformer.py', {
      answers: true,
    }),
    added('0.18', 'inverse_func', null, ['FunctionTransformer'], 'sklearn/preprocessing/_function_transformer.py', {
      answers: true,
    }),
    added('0.18', 'kw_args', null, ['FunctionTransformer'], 'sklearn/preprocessing/_function_transformer.py', {
      answers: true,
    }),
    added('0.18', 'quantile_range', tuple(real(25), real(75)), ['RobustScaler'], 'sklearn/preprocessing/data.py'),
    retired('0.19', 'pass_y', false, ['FunctionTransformer'], 'sklearn/preprocessing/_function_transformer.py'),
    added('0.20', 'categories', null, ['OneHotEncoder'], 'sklearn/preprocessing/_encoders.py'),
    added('0.20', 'check_inverse', true, ['FunctionTransformer'], 'sklearn/preprocessing/_function_transformer.py'),
    added('0.21', 'drop', null, ['OneHotEncoder'], 'sklearn/preprocessing/_encoders.py', { answers: true }),
    added('0.21', 'order', 'C', ['PolynomialFeatures'], 'sklearn/preprocessing/data.py'),
    removed('0.22', 'categorical_features', null, ['OneHotEncoder'], 'sklearn/preprocessing/_encoders.py'),
    removed('0.22', 'n_values', null, ['OneHotEncoder'], 'sklearn/preprocessing/_encoders.py'),
    removed('0.22', 'pass_y', 'deprecated', ['FunctionTransformer'], 'sklearn/preprocessing/_function_transformer.py'),
    added('0.24', 'clip', false, ['MinMaxScaler'], 'sklearn/preprocessing/_data.py', { answers: true }),
    added('0.24', 'dtype', null, ['KBinsDiscretizer'], 'sklearn/preprocessing/_discretization.py'),
    added('0.24', 'handle_unknown', 'error', ['OrdinalEncoder'], 'sklearn/preprocessing/_encoders.py', {
      answers: true,
    }),
    added('0.24', 'unit_variance', false, ['RobustScaler'], 'sklearn/preprocessing/_data.py'),
    added('0.24', 'unknown_value', null, ['OrdinalEncoder'], 'sklearn/preprocessing/_encoders.py'),
    added('1.1', 'encoded_missing_value', real(NaN), ['OrdinalEncoder'], 'sklearn/preprocessing/_encoders.py', {
      answers: true,
    }),
    added('1.1', 'feature_names_out', null, ['FunctionTransformer'], 'sklearn/preprocessing/_function_transformer.py'),
    added('1.1', 'max_categories', null, ['OneHotEncoder'], 'sklearn/preprocessing/_encoders.py'),
    added('1.1', 'min_frequency', null, ['OneHotEncoder'], 'sklearn/preprocessing/_encoders.py'),
    added('1.1', 'random_state', null, ['KBinsDiscretizer'], 'sklearn/preprocessing/_discretization.py'),
    added('1.1', 'subsample', null, ['KBinsDiscretizer'], 'sklearn/preprocessing/_discretization.py'),
    succeeded('1.2', 'sparse', 'sparse_output', ['OneHotEncoder'], 'sklearn/preprocessing/_encoders.py'),
    added('1.3', 'feature_name_combiner', 'concat', ['OneHotEncoder'], 'sklearn/preprocessing/_encoders.py'),
    added('1.3', 'max_categories', null, ['OrdinalEncoder'], 'sklearn/preprocessing/_encoders.py'),
    added('1.3', 'min_frequency', null, ['OrdinalEncoder'], 'sklearn/preprocessing/_encoders.py'),
    added('1.3', 'sparse_output', false, ['SplineTransformer'], 'sklearn/preprocessing/_polynomial.py'),
    removed('1.4', 'sparse', 'deprecated', ['OneHotEncoder'], 'sklearn/preprocessing/_encoders.py'),
    meant('1.5', 'subsample', 'warn', null, ['KBinsDiscretizer'], 'sklearn/preprocessing/_discretization.py', 'went'),
    added('1.7', 'quantile_method', 'linear', ['KBinsDiscretizer'], 'sklearn/preprocessing/_discretization.py'),
    added('1.8', 'clip', false, ['MaxAbsScaler'], 'sklearn/preprocessing/_data.py', { answers: true }),
    added('1.8', 'handle_missing', 'error', ['SplineTransformer'], 'sklearn/preprocessing/_polynomial.py', {
      answers: true,
    }),
    meant(
      '1.9',
      'quantile_method',
      'warn',
      'linear',
      ['KBinsDiscretizer'],
      'sklearn/preprocessing/_discretization.py',
      'went',
    ),
    retired('1.9', 'random_state', null, ['TargetEncoder'], 'sklearn/preprocessing/_target_encoder.py'),
    retired('1.9', 'shuffle', true, ['TargetEncoder'], 'sklearn/preprocessing/_target_encoder.py'),
  ],
  existence: [
    { since: '0.19', names: ['QuantileTransformer'], change: 'came' },
    {
      since: '0.20',
      names: ['KBinsDiscretizer', 'OrdinalEncoder', 'PowerTransformer', '_BaseEncoder'],
      change: 'came',
    },
    { since: '0.22', names: ['Imputer'], change: 'went' },
    { since: '1.0', names: ['SplineTransformer'], change: 'came' },
    { since: '1.3', names: ['TargetEncoder'], change: 'came' },
  ],
};
