/** Dummy estimators. */
import { NdArray } from '../../python/ndarray.js';
import { derived, rules } from '../define.js';

export const dummies = rules([
  derived(
    '0.22',
    '_strategy',
    (o) => (o.has('classes_') ? (o.get('strategy') ?? undefined) : undefined),
    ['DummyClassifier'],
    'sklearn/dummy.py; #15382',
  ),
  {
    since: '0.22',
    classes: ['DummyRegressor'],
    source: 'sklearn/dummy.py',
    what: 'attribute constant_ has two dimensions',
    up: (o) => {
      const constant = o.get('constant_');
      if (!(constant instanceof NdArray) || constant.shape.length === 2) return;
      o.set('constant_', new NdArray(constant.dtype, [1, constant.size], false, constant.data));
      o.tell('attribute constant_ made a row');
    },
  },
]);
