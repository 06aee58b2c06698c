import { added, removed } from '../define.js';
import type { Chapter } from '../rule.js';

export const randomProjection: Chapter = {
  module: 'sklearn.random_projection',
  rules: [
    removed('1.1', 'dense_output', true, ['GaussianRandomProjection'], 'sklearn/random_projection.py; #22761'),
    added(
      '1.1',
      'compute_inverse_components',
      false,
      ['GaussianRandomProjection', 'SparseRandomProjection'],
      'sklearn/random_projection.py',
    ),
  ],
};
