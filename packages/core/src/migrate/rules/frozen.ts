import type { Chapter } from '../rule.js';

export const frozen: Chapter = {
  module: 'sklearn.frozen',
  existence: [{ since: '1.6', names: ['FrozenEstimator'], change: 'came' }],
};
