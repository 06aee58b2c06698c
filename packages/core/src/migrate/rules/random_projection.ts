import { added } from '../define.js';
import type { Chapter } from '../rule.js';

export const randomProjection: Chapter = {
  module: 'sklearn.random_projection',
  rules: [
    added(
      '1.1',
      'compute_inverse_components',
      false,
      ['GaussianRandomProjection', 'SparseRandomProjection'],
      'sklearn/random_projection.py',
    ),
  ],
};
