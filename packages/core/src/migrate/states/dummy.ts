/** Dummy estimators. */
import type { PyValue } from '../../pickle/values.js';
import { Dtype, NdArray, NumpyScalar } from '../../python/ndarray.js';
import { derived, rules } from '../define.js';

/** A single value as an array of one, where it is numpy's own True or bytes: those are no constants since 1.2. */
function inArray(value: PyValue | undefined): NdArray | undefined {
  if (value instanceof NumpyScalar && 'bS'.includes(value.dtype.type) && value.data instanceof Uint8Array)
    return new NdArray(value.dtype, [1], false, value.data);
  return value instanceof Uint8Array ? new NdArray(new Dtype('S', value.length, '|'), [1], false, value) : undefined;
}

export const dummies = rules([
  {
    since: '1.2',
    classes: ['DummyClassifier'],
    source: 'sklearn/dummy.py, _parameter_constraints',
    what: 'constant is an integer, a text or an array',
    up: (o) => {
      const array = inArray(o.get('constant'));
      if (!array) return;
      o.set('constant', array);
      o.tell('constant written as an array of one');
    },
  },
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
