import { friedman } from '../states/single.js';
import { nodeLayout, nodeValues } from '../states/trees.js';
import { countedFeatures, added, real, removed, retired, words } from '../define.js';
import type { Chapter } from '../rule.js';

export const tree: Chapter = {
  module: 'sklearn.tree',
  moves: [
    { since: '0.22', from: 'sklearn.tree.export', to: 'sklearn.tree._export', source: 'sklearn/tree/_export.py' },
    { since: '0.22', from: 'sklearn.tree.tree', to: 'sklearn.tree._classes', source: 'sklearn/tree/_classes.py' },
  ],
  rules: [
    ...friedman,

    words(
      '1.0',
      'criterion',
      [
        ['mse', 'squared_error'],
        ['mae', 'absolute_error'],
      ],
      ['DecisionTreeClassifier', 'DecisionTreeRegressor', 'ExtraTreeClassifier', 'ExtraTreeRegressor'],
      'sklearn/tree/_classes.py; #19554',
    ),
    words(
      '1.1',
      'max_features',
      [['auto', 'sqrt']],
      ['DecisionTreeClassifier', 'ExtraTreeClassifier'],
      'sklearn/tree/_classes.py; #20803',
    ),
    words(
      '1.1',
      'max_features',
      [['auto', real(1)]],
      ['DecisionTreeRegressor', 'ExtraTreeRegressor'],
      'sklearn/tree/_classes.py; #20803',
    ),
    ...countedFeatures(
      ['DecisionTreeClassifier', 'DecisionTreeRegressor', 'ExtraTreeClassifier', 'ExtraTreeRegressor'],
      'sklearn/tree/_classes.py',
    ),

    ...nodeLayout,
    ...nodeValues,

    added(
      '0.18',
      'min_impurity_split',
      1e-7,
      ['DecisionTreeClassifier', 'DecisionTreeRegressor', 'ExtraTreeClassifier', 'ExtraTreeRegressor'],
      'sklearn/tree/tree.py',
    ),
    added(
      '0.19',
      'min_impurity_decrease',
      real(0),
      ['DecisionTreeClassifier', 'DecisionTreeRegressor', 'ExtraTreeClassifier', 'ExtraTreeRegressor'],
      'sklearn/tree/tree.py',
    ),
    added(
      '0.22',
      'ccp_alpha',
      real(0),
      ['DecisionTreeClassifier', 'DecisionTreeRegressor', 'ExtraTreeClassifier', 'ExtraTreeRegressor'],
      'sklearn/tree/_classes.py',
    ),
    retired('0.22', 'presort', false, ['DecisionTreeClassifier', 'DecisionTreeRegressor'], 'sklearn/tree/_classes.py'),
    removed(
      '0.24',
      'presort',
      'deprecated',
      ['DecisionTreeClassifier', 'DecisionTreeRegressor'],
      'sklearn/tree/_classes.py',
    ),
    removed(
      '1.0',
      'min_impurity_split',
      null,
      ['DecisionTreeClassifier', 'DecisionTreeRegressor', 'ExtraTreeClassifier', 'ExtraTreeRegressor'],
      'sklearn/tree/_classes.py',
    ),
    added(
      '1.4',
      'monotonic_cst',
      null,
      ['DecisionTreeClassifier', 'DecisionTreeRegressor', 'ExtraTreeClassifier', 'ExtraTreeRegressor'],
      'sklearn/tree/_classes.py',
    ),
  ],
};
