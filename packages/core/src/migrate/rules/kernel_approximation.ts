import { added } from '../define.js';
import type { Chapter } from '../rule.js';

export const kernelApproximation: Chapter = {
  module: 'sklearn.kernel_approximation',
  rules: [added('0.24', 'n_jobs', null, ['Nystroem'], 'sklearn/kernel_approximation.py')],
  existence: [{ since: '0.24', names: ['PolynomialCountSketch'], change: 'came' }],
};
