import { gaussianProcesses } from '../states/single.js';
import { added } from '../define.js';
import type { Chapter } from '../rule.js';

export const gaussianProcess: Chapter = {
  module: 'sklearn.gaussian_process',
  moves: [
    {
      since: '0.22',
      from: 'sklearn.gaussian_process.gpc',
      to: 'sklearn.gaussian_process._gpc',
      source: 'sklearn/gaussian_process/_gpc.py',
    },
    {
      since: '0.22',
      from: 'sklearn.gaussian_process.gpr',
      to: 'sklearn.gaussian_process._gpr',
      source: 'sklearn/gaussian_process/_gpr.py',
    },
  ],
  rules: [
    ...gaussianProcesses,
    added('1.3', 'n_targets', null, ['GaussianProcessRegressor'], 'sklearn/gaussian_process/_gpr.py'),
  ],
  existence: [
    {
      since: '0.18',
      names: [
        'CompoundKernel',
        'ConstantKernel',
        'DotProduct',
        'ExpSineSquared',
        'Exponentiation',
        'GaussianProcessClassifier',
        'GaussianProcessRegressor',
        'Kernel',
        'Matern',
        'PairwiseKernel',
        'Product',
        'RBF',
        'RationalQuadratic',
        'Sum',
        'WhiteKernel',
        '_BinaryGaussianProcessClassifierLaplace',
      ],
      change: 'came',
    },
    { since: '0.20', names: ['GaussianProcess'], change: 'went' },
  ],
};
