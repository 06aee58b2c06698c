import { results } from '../states/single.js';
import { added, meant } from '../define.js';
import type { Chapter } from '../rule.js';

export const covariance: Chapter = {
  module: 'sklearn.covariance',
  moves: [
    {
      since: '0.20',
      from: 'sklearn.covariance.outlier_detection',
      to: 'sklearn.covariance.elliptic_envelope',
      source: 'sklearn/covariance/elliptic_envelope.py',
    },
    {
      since: '0.22',
      from: 'sklearn.covariance.elliptic_envelope',
      to: 'sklearn.covariance._elliptic_envelope',
      source: 'sklearn/covariance/_elliptic_envelope.py',
    },
    {
      since: '0.22',
      from: 'sklearn.covariance.empirical_covariance_',
      to: 'sklearn.covariance._empirical_covariance',
      source: 'sklearn/covariance/_empirical_covariance.py',
    },
    {
      since: '0.22',
      from: 'sklearn.covariance.graph_lasso_',
      to: 'sklearn.covariance._graph_lasso',
      source: 'sklearn/covariance/_graph_lasso.py',
    },
    {
      since: '0.22',
      from: 'sklearn.covariance.robust_covariance',
      to: 'sklearn.covariance._robust_covariance',
      source: 'sklearn/covariance/_robust_covariance.py',
    },
    {
      since: '0.22',
      from: 'sklearn.covariance.shrunk_covariance_',
      to: 'sklearn.covariance._shrunk_covariance',
      source: 'sklearn/covariance/_shrunk_covariance.py',
    },
  ],
  rules: [
    ...results,

    meant('0.20', 'cv', 'warn', null, ['GraphLassoCV'], 'sklearn/covariance/graph_lasso_.py', 'came'),
    meant('0.22', 'cv', 'warn', null, ['GraphicalLassoCV'], 'sklearn/covariance/_graph_lasso.py', 'went'),
    added('1.3', 'covariance', null, ['GraphicalLasso'], 'sklearn/covariance/_graph_lasso.py'),
    added(
      '1.3',
      'eps',
      2.220446049250313e-16,
      ['GraphicalLasso', 'GraphicalLassoCV'],
      'sklearn/covariance/_graph_lasso.py',
    ),
  ],
  existence: [
    { since: '0.20', names: ['GraphicalLasso', 'GraphicalLassoCV'], change: 'came' },
    { since: '0.22', names: ['GraphLasso', 'GraphLassoCV'], change: 'went' },
    { since: '1.0', names: ['_DictWithDeprecatedKeys'], change: 'came' },
    { since: '1.2', names: ['BaseGraphicalLasso'], change: 'came' },
    { since: '1.2', names: ['_DictWithDeprecatedKeys'], change: 'went' },
  ],
};
