import { choices, olderAttributes } from '../states/backward.js';
import { renamedClasses } from '../states/classes.js';
import { older } from '../states/older.js';
import { single, splines } from '../states/single.js';
import type { Chapter } from '../rule.js';

export const utils: Chapter = {
  module: 'sklearn.utils',
  rules: [...older, ...choices, ...olderAttributes, ...renamedClasses, ...single, ...splines],
  moves: [
    {
      since: '0.19',
      from: 'sklearn.utils.fixes',
      to: 'scipy.special',
      names: ['expit'],
      source: 'sklearn/utils/fixes.py',
    },
    {
      since: '0.18',
      from: 'sklearn.utils',
      to: 'sklearn.exceptions',
      names: ['DataDimensionalityWarning'],
      source: 'sklearn/exceptions.py',
    },
    {
      since: '1.1',
      from: 'sklearn.utils',
      to: 'sklearn.utils._bunch',
      names: ['Bunch'],
      source: 'sklearn/utils/_bunch.py',
    },
  ],
};
