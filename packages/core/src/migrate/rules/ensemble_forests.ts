/** Forests, and the isolation forest. */
import { isolation } from '../states/forests.js';
import { added, meant, real, removed, retired, succeeded, words, rules } from '../define.js';

const forests = ['ExtraTreesClassifier', 'ExtraTreesRegressor', 'RandomForestClassifier', 'RandomForestRegressor'];
const forestsAndEmbedding = [...forests, 'RandomTreesEmbedding'];
/** In the order in which the rules for what they share with other ensembles name them. */
const all = [
  'RandomForestClassifier',
  'RandomForestRegressor',
  'ExtraTreesClassifier',
  'ExtraTreesRegressor',
  'RandomTreesEmbedding',
  'IsolationForest',
];

export const forestRules = rules([
  words(
    '1.1',
    'max_features',
    [['auto', 'sqrt']],
    ['RandomForestClassifier', 'ExtraTreesClassifier'],
    'sklearn/ensemble/_forest.py; #20803',
  ),
  words(
    '1.1',
    'max_features',
    [['auto', real(1)]],
    ['RandomForestRegressor', 'ExtraTreesRegressor'],
    'sklearn/ensemble/_forest.py; #20803',
  ),
  succeeded('1.2', 'base_estimator', 'estimator', all, 'sklearn/ensemble/_base.py; #23819'),
  removed('1.4', 'base_estimator', 'deprecated', all, 'sklearn/ensemble/_base.py; #26830'),
  ...isolation,
  added('0.18', 'min_impurity_split', 1e-7, forestsAndEmbedding, 'sklearn/ensemble/forest.py'),
  added('0.19', 'min_impurity_decrease', real(0), forestsAndEmbedding, 'sklearn/ensemble/forest.py'),
  added('0.20', 'behaviour', 'old', ['IsolationForest'], 'sklearn/ensemble/iforest.py'),
  meant('0.20', 'contamination', 'legacy', 0.1, ['IsolationForest'], 'sklearn/ensemble/iforest.py', 'came'),
  meant('0.20', 'n_estimators', 'warn', 10, forestsAndEmbedding, 'sklearn/ensemble/forest.py', 'came'),
  added('0.21', 'warm_start', false, ['IsolationForest'], 'sklearn/ensemble/iforest.py'),
  added('0.22', 'ccp_alpha', real(0), forests, 'sklearn/ensemble/_forest.py'),
  added('0.22', 'max_samples', null, forests, 'sklearn/ensemble/_forest.py'),
  retired('0.22', 'behaviour', 'old', ['IsolationForest'], 'sklearn/ensemble/_iforest.py'),
  meant('0.22', 'contamination', 'legacy', 0.1, ['IsolationForest'], 'sklearn/ensemble/_iforest.py', 'went'),
  meant('0.22', 'n_estimators', 'warn', 10, forestsAndEmbedding, 'sklearn/ensemble/_forest.py', 'went'),
  removed('0.24', 'behaviour', 'deprecated', ['IsolationForest'], 'sklearn/ensemble/_iforest.py'),
  removed('1.0', 'min_impurity_split', null, forestsAndEmbedding, 'sklearn/ensemble/_forest.py'),
  added('1.4', 'monotonic_cst', null, forests, 'sklearn/ensemble/_forest.py'),
]);
