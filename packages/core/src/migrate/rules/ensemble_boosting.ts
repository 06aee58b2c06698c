/** Gradient boosting. */
import { clippedGuesses, gradientBoosting } from '../states/boosting.js';
import { added, real, removed, retired, words, rules } from '../define.js';

export const boostingRules = rules([
  ...clippedGuesses,
  words(
    '1.0',
    'loss',
    [
      ['ls', 'squared_error'],
      ['lad', 'absolute_error'],
    ],
    ['GradientBoostingRegressor'],
    'sklearn/ensemble/_gb.py; #18889',
  ),
  words(
    '1.1',
    'max_features',
    [['auto', null]],
    ['GradientBoostingClassifier', 'GradientBoostingRegressor'],
    'sklearn/ensemble/_gb.py; #20803',
  ),
  words('1.1', 'loss', [['deviance', 'log_loss']], ['GradientBoostingClassifier'], 'sklearn/ensemble/_gb.py; #23079'),
  ...gradientBoosting,
  added(
    '0.18',
    'criterion',
    'friedman_mse',
    ['GradientBoostingClassifier', 'GradientBoostingRegressor'],
    'sklearn/ensemble/gradient_boosting.py',
  ),
  added(
    '0.18',
    'min_impurity_split',
    1e-7,
    ['GradientBoostingClassifier', 'GradientBoostingRegressor'],
    'sklearn/ensemble/gradient_boosting.py',
  ),
  added(
    '0.19',
    'min_impurity_decrease',
    real(0),
    ['GradientBoostingClassifier', 'GradientBoostingRegressor'],
    'sklearn/ensemble/gradient_boosting.py',
  ),
  added(
    '0.20',
    'n_iter_no_change',
    null,
    ['GradientBoostingClassifier', 'GradientBoostingRegressor'],
    'sklearn/ensemble/gradient_boosting.py',
  ),
  added(
    '0.20',
    'tol',
    0.0001,
    ['GradientBoostingClassifier', 'GradientBoostingRegressor'],
    'sklearn/ensemble/gradient_boosting.py',
  ),
  added(
    '0.20',
    'validation_fraction',
    0.1,
    ['GradientBoostingClassifier', 'GradientBoostingRegressor'],
    'sklearn/ensemble/gradient_boosting.py',
  ),
  added(
    '0.22',
    'ccp_alpha',
    real(0),
    ['GradientBoostingClassifier', 'GradientBoostingRegressor'],
    'sklearn/ensemble/_gb.py',
  ),
  retired(
    '0.22',
    'presort',
    'auto',
    ['GradientBoostingClassifier', 'GradientBoostingRegressor'],
    'sklearn/ensemble/_gb.py',
  ),
  removed(
    '0.24',
    'presort',
    'deprecated',
    ['GradientBoostingClassifier', 'GradientBoostingRegressor'],
    'sklearn/ensemble/_gb.py',
  ),
  removed(
    '1.0',
    'min_impurity_split',
    null,
    ['GradientBoostingClassifier', 'GradientBoostingRegressor'],
    'sklearn/ensemble/_gb.py',
  ),
  retired(
    '1.9',
    'criterion',
    'friedman_mse',
    ['GradientBoostingClassifier', 'GradientBoostingRegressor'],
    'sklearn/ensemble/_gb.py',
  ),
]);
