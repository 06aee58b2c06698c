import { removed } from '../define.js';
import type { Chapter } from '../rule.js';

export const mixture: Chapter = {
  module: 'sklearn.mixture',
  moves: [
    { since: '0.22', from: 'sklearn.mixture.base', to: 'sklearn.mixture._base', source: 'sklearn/mixture/_base.py' },
    {
      since: '0.22',
      from: 'sklearn.mixture.bayesian_mixture',
      to: 'sklearn.mixture._bayesian_mixture',
      source: 'sklearn/mixture/_bayesian_mixture.py',
    },
    {
      since: '0.22',
      from: 'sklearn.mixture.gaussian_mixture',
      to: 'sklearn.mixture._gaussian_mixture',
      source: 'sklearn/mixture/_gaussian_mixture.py',
    },
  ],
  rules: [
    removed('0.18', 'thresh', null, ['DPGMM', 'VBGMM'], 'sklearn/mixture/dpgmm.py'),
    removed('0.18', 'thresh', null, ['GMM'], 'sklearn/mixture/gmm.py'),
  ],
  existence: [
    {
      since: '0.18',
      names: ['BaseMixture', 'BayesianGaussianMixture', 'GaussianMixture', '_DPGMMBase', '_GMMBase'],
      change: 'came',
    },
    { since: '0.20', names: ['DPGMM', 'GMM', 'VBGMM', '_DPGMMBase', '_GMMBase'], change: 'went' },
  ],
};
