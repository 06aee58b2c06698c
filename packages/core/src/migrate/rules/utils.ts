import { choices, olderAttributes } from '../states/backward.js';
import { renamedClasses } from '../states/classes.js';
import { single, splines } from '../states/single.js';
import type { Chapter } from '../rule.js';

export const utils: Chapter = {
  module: 'sklearn.utils',
  rules: [...choices, ...olderAttributes, ...renamedClasses, ...single, ...splines],
  moves: [
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
