import { ties } from '../states/multiclass.js';
import { added } from '../define.js';
import type { Chapter } from '../rule.js';

export const multiclass: Chapter = {
  module: 'sklearn.multiclass',
  rules: [...ties, added('1.1', 'verbose', 0, ['OneVsRestClassifier'], 'sklearn/multiclass.py')],
};
