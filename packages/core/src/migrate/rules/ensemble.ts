import { stacks } from '../states/single.js';
import { votes } from '../states/steps.js';
import { adaBoost } from '../states/forests.js';
import { boostingRules } from './ensemble_boosting.js';
import { forestRules } from './ensemble_forests.js';
import { histogramRules } from './ensemble_histogram.js';
import { countedFeatures, added, removed, renamed, succeeded, words } from '../define.js';
import type { Chapter } from '../rule.js';

export const ensemble: Chapter = {
  module: 'sklearn.ensemble',
  moves: [
    {
      since: '0.21',
      from: 'sklearn.ensemble.voting_classifier',
      to: 'sklearn.ensemble.voting',
      source: 'sklearn/ensemble/voting.py',
    },
    {
      since: '0.22',
      from: 'sklearn.ensemble.bagging',
      to: 'sklearn.ensemble._bagging',
      source: 'sklearn/ensemble/_bagging.py',
    },
    {
      since: '0.22',
      from: 'sklearn.ensemble.base',
      to: 'sklearn.ensemble._base',
      names: ['BaseEnsemble'],
      source: 'sklearn/ensemble/_base.py',
    },
    {
      since: '0.22',
      from: 'sklearn.ensemble.forest',
      to: 'sklearn.ensemble._forest',
      source: 'sklearn/ensemble/_forest.py',
    },
    {
      since: '0.22',
      from: 'sklearn.ensemble.gradient_boosting',
      to: 'sklearn.ensemble._gb',
      source: 'sklearn/ensemble/_gb.py',
    },
    {
      since: '0.22',
      from: 'sklearn.ensemble.iforest',
      to: 'sklearn.ensemble._iforest',
      source: 'sklearn/ensemble/_iforest.py',
    },
    {
      since: '0.22',
      from: 'sklearn.ensemble.voting',
      to: 'sklearn.ensemble._voting',
      names: ['VotingClassifier', 'VotingRegressor', '_BaseVoting'],
      source: 'sklearn/ensemble/_voting.py',
    },
    {
      since: '0.22',
      from: 'sklearn.ensemble.weight_boosting',
      to: 'sklearn.ensemble._weight_boosting',
      source: 'sklearn/ensemble/_weight_boosting.py',
    },
    {
      since: '1.1',
      from: 'sklearn.ensemble._hist_gradient_boosting.loss',
      to: 'sklearn._loss.loss',
      source: 'sklearn/_loss/loss.py',
    },
  ],
  rules: [
    ...stacks,
    ...votes,
    words(
      '1.0',
      'criterion',
      [
        ['mse', 'squared_error'],
        ['mae', 'absolute_error'],
      ],
      [
        'RandomForestClassifier',
        'RandomForestRegressor',
        'ExtraTreesClassifier',
        'ExtraTreesRegressor',
        'GradientBoostingClassifier',
        'GradientBoostingRegressor',
      ],
      'sklearn/ensemble/_forest.py; #19554',
    ),
    renamed(
      '1.2',
      'base_estimator_',
      'estimator_',
      [
        'AdaBoostClassifier',
        'AdaBoostRegressor',
        'BaggingClassifier',
        'BaggingRegressor',
        'RandomForestClassifier',
        'RandomForestRegressor',
        'ExtraTreesClassifier',
        'ExtraTreesRegressor',
        'RandomTreesEmbedding',
        'IsolationForest',
      ],
      'sklearn/ensemble/_base.py; #23819',
    ),
    ...countedFeatures(
      [
        'BaggingClassifier',
        'BaggingRegressor',
        'RandomForestClassifier',
        'RandomForestRegressor',
        'ExtraTreesClassifier',
        'ExtraTreesRegressor',
        'RandomTreesEmbedding',
        'IsolationForest',
        'GradientBoostingClassifier',
        'GradientBoostingRegressor',
      ],
      'sklearn/ensemble/_forest.py',
    ),
    ...adaBoost,
    added('0.18', 'n_jobs', 1, ['VotingClassifier'], 'sklearn/ensemble/voting_classifier.py'),
    added('0.19', 'flatten_transform', null, ['VotingClassifier'], 'sklearn/ensemble/voting_classifier.py'),
    added('0.23', 'verbose', false, ['VotingClassifier', 'VotingRegressor'], 'sklearn/ensemble/_voting.py'),
    succeeded(
      '1.2',
      'base_estimator',
      'estimator',
      ['AdaBoostClassifier', 'AdaBoostRegressor', 'BaggingClassifier', 'BaggingRegressor'],
      'sklearn/ensemble/_weight_boosting.py',
    ),
    removed(
      '1.4',
      'base_estimator',
      'deprecated',
      ['BaggingClassifier', 'BaggingRegressor'],
      'sklearn/ensemble/_bagging.py',
    ),
    removed(
      '1.4',
      'base_estimator',
      'deprecated',
      ['AdaBoostClassifier', 'AdaBoostRegressor'],
      'sklearn/ensemble/_weight_boosting.py',
    ),
    ...forestRules,
    ...boostingRules,
    ...histogramRules,
  ],
  existence: [
    { since: '0.18', names: ['IsolationForest'], change: 'came' },
    {
      since: '0.21',
      names: [
        'BaseHistGradientBoosting',
        'HistGradientBoostingClassifier',
        'HistGradientBoostingRegressor',
        'TreePredictor',
        'VotingRegressor',
        '_BaseVoting',
        '_BinMapper',
      ],
      change: 'came',
    },
    {
      since: '0.22',
      names: ['StackingClassifier', 'StackingRegressor', '_BaseHeterogeneousEnsemble', '_BaseStacking'],
      change: 'came',
    },
    { since: '0.23', names: ['Poisson'], change: 'came' },
    {
      since: '0.23',
      names: [
        'LogOddsEstimator',
        'MeanEstimator',
        'PriorProbabilityEstimator',
        'QuantileEstimator',
        'ScaledLogOddsEstimator',
        'ZeroEstimator',
      ],
      change: 'went',
    },
  ],
};
