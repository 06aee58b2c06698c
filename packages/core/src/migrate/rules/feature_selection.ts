import { PyGlobal } from '../../pickle/values.js';
import { added, meant, removed, rules } from '../define.js';
import type { Chapter } from '../rule.js';

export const featureSelection: Chapter = {
  module: 'sklearn.feature_selection',
  moves: [
    {
      since: '0.22',
      from: 'sklearn.feature_selection.base',
      to: 'sklearn.feature_selection._base',
      source: 'sklearn/feature_selection/_base.py',
    },
    {
      since: '0.22',
      from: 'sklearn.feature_selection.from_model',
      to: 'sklearn.feature_selection._from_model',
      source: 'sklearn/feature_selection/_from_model.py',
    },
    {
      since: '0.22',
      from: 'sklearn.feature_selection.mutual_info_',
      to: 'sklearn.feature_selection._mutual_info',
      source: 'sklearn/feature_selection/_mutual_info.py',
    },
    {
      since: '0.22',
      from: 'sklearn.feature_selection.rfe',
      to: 'sklearn.feature_selection._rfe',
      source: 'sklearn/feature_selection/_rfe.py',
    },
    {
      since: '0.22',
      from: 'sklearn.feature_selection.univariate_selection',
      to: 'sklearn.feature_selection._univariate_selection',
      source: 'sklearn/feature_selection/_univariate_selection.py',
    },
    {
      since: '0.22',
      from: 'sklearn.feature_selection.variance_threshold',
      to: 'sklearn.feature_selection._variance_threshold',
      source: 'sklearn/feature_selection/_variance_threshold.py',
    },
  ],
  rules: [
    added('0.18', 'n_jobs', 1, ['RFECV'], 'sklearn/feature_selection/rfe.py'),
    removed('0.18', 'estimator_params', null, ['RFE', 'RFECV'], 'sklearn/feature_selection/rfe.py'),
    added('0.19', 'norm_order', 1, ['SelectFromModel'], 'sklearn/feature_selection/from_model.py', { answers: true }),
    added('0.20', 'max_features', null, ['SelectFromModel'], 'sklearn/feature_selection/from_model.py', {
      answers: true,
    }),
    added('0.20', 'min_features_to_select', 1, ['RFECV'], 'sklearn/feature_selection/rfe.py'),
    meant('0.20', 'cv', 'warn', null, ['RFECV'], 'sklearn/feature_selection/rfe.py', 'came'),
    meant('0.22', 'cv', 'warn', null, ['RFECV'], 'sklearn/feature_selection/_rfe.py', 'went'),
    added('0.24', 'importance_getter', 'auto', ['SelectFromModel'], 'sklearn/feature_selection/_from_model.py', {
      answers: true,
    }),
    added('0.24', 'importance_getter', 'auto', ['RFE', 'RFECV'], 'sklearn/feature_selection/_rfe.py', {
      answers: true,
    }),
    ...rules([
      {
        since: '1.0',
        classes: ['GenericUnivariateSelect', 'SelectFdr', 'SelectFpr', 'SelectFwe', 'SelectKBest', 'SelectPercentile'],
        source: 'sklearn/feature_selection/_univariate_selection.py',
        what: 'the function r_regression came',
        down: (o) => {
          const score = o.get('score_func');
          if (score instanceof PyGlobal && score.name === 'r_regression')
            throw o.refusal(`${o.name} scores by r_regression, which came with 1.0`);
        },
      },
    ]),
    added('1.1', 'tol', null, ['SequentialFeatureSelector'], 'sklearn/feature_selection/_sequential.py'),
    meant(
      '1.1',
      'n_features_to_select',
      'warn',
      null,
      ['SequentialFeatureSelector'],
      'sklearn/feature_selection/_sequential.py',
      'came',
    ),
    meant(
      '1.3',
      'n_features_to_select',
      'warn',
      null,
      ['SequentialFeatureSelector'],
      'sklearn/feature_selection/_sequential.py',
      'went',
    ),
  ],
  existence: [{ since: '0.24', names: ['SequentialFeatureSelector'], change: 'came' }],
};
