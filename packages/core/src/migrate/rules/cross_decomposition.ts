import { crossDecompositionRules } from '../states/cross_decomposition.js';
import { removed } from '../define.js';
import type { Chapter } from '../rule.js';

export const crossDecomposition: Chapter = {
  module: 'sklearn.cross_decomposition',
  moves: [
    {
      since: '0.22',
      from: 'sklearn.cross_decomposition.cca_',
      to: 'sklearn.cross_decomposition._cca',
      source: 'sklearn/cross_decomposition/_cca.py',
    },
    {
      since: '0.22',
      from: 'sklearn.cross_decomposition.pls_',
      to: 'sklearn.cross_decomposition._pls',
      source: 'sklearn/cross_decomposition/_pls.py',
    },
    {
      since: '0.24',
      from: 'sklearn.cross_decomposition._cca',
      to: 'sklearn.cross_decomposition._pls',
      names: ['CCA'],
      source: 'sklearn/cross_decomposition/_pls.py',
    },
  ],
  rules: [
    ...crossDecompositionRules,
    removed('0.24', 'norm_y_weights', false, ['_PLS'], 'sklearn/cross_decomposition/_pls.py'),
  ],
};
