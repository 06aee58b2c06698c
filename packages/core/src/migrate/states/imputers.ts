/** Imputers: masks, bounds and dtypes that later versions ask for. */
import type { PyValue } from '../../pickle/values.js';
import { Dtype, NdArray } from '../../python/ndarray.js';
import { elements, toFloat64, numberOf } from '../../python/elements.js';
import { derived, real, rules } from '../define.js';
import { isNaNValue } from './encoders.js';
import { floats, bools, integers, numbersOf } from './arrays.js';
import type { Subject } from '../subject.js';

function flags(value: PyValue | undefined): Uint8Array | undefined {
  return value instanceof NdArray && value.dtype.type === 'b' && value.data instanceof Uint8Array && !value.fortran
    ? value.data
    : undefined;
}

/** True unless it is certain that no feature was empty in training. */
export function maybeEmpty(o: Subject): boolean {
  const statistics = o.get('statistics_');
  if (statistics instanceof NdArray) return elements(statistics).some(isNaNValue);
  const valid = o.get('_valid_mask');
  if (valid instanceof NdArray) return flags(valid)?.every((one) => one !== 0) !== true;
  const empty = o.get('_is_empty_feature');
  return !(empty instanceof NdArray) || flags(empty)?.some((one) => one !== 0) !== false;
}

export const moreImputers = rules([
  {
    since: '0.23',
    classes: ['IterativeImputer'],
    source: 'sklearn/impute/_iterative.py; #16493',
    what: 'the bounds of imputed values are kept for each feature',
    up: (o) => {
      const width = o.child('initial_imputer_')?.get('statistics_');
      if (!(width instanceof NdArray)) return;
      for (const [name, otherwise] of [
        ['_min_value', -Infinity],
        ['_max_value', Infinity],
      ] as const) {
        const bound = o.get(name) ?? o.get(name.slice(1)) ?? null;
        if (bound instanceof NdArray) continue;
        o.set(name, floats(new Float64Array(width.size).fill(bound === null ? otherwise : numberOf(bound))));
      }
      o.tell('attributes _min_value and _max_value made one number for each feature');
    },
    down: (o) => {
      for (const name of ['_min_value', '_max_value']) {
        const bounds = o.get(name);
        if (!(bounds instanceof NdArray) || bounds.size === 0) continue;
        const numbers = toFloat64(bounds);
        if (numbers.some((x) => x !== numbers[0]))
          throw o.refusal('IterativeImputer has bounds for each feature, which came with 0.23');
        o.set(name, real(numbers[0]));
      }
      o.tell('attributes _min_value and _max_value made one number for all features');
    },
  },
  derived('1.2', 'n_features_in_', (o) => o.get('_n_features'), ['MissingIndicator'], 'sklearn/impute/_base.py'),
  derived(
    '1.1',
    '_valid_mask',
    (o) => {
      const mask = o.get('_mask_fit_X');
      if (!(mask instanceof NdArray)) return undefined;
      const [rows, columns] = mask.shape;
      const own = flags(mask) ?? Uint8Array.from(toFloat64(mask));
      return bools(
        Array.from(
          { length: columns },
          (_, j) => rows === 0 || !Array.from({ length: rows }, (_, i) => own[i * columns + j]).every((x) => x !== 0),
        ),
      );
    },
    ['KNNImputer'],
    'sklearn/impute/_knn.py; #23833',
  ),
  derived(
    '1.6',
    '_is_empty_feature',
    (o) => {
      const initial = o.child('initial_imputer_');
      const statistics = numbersOf(initial?.get('statistics_'));
      return statistics && bools(Array.from(statistics, Number.isNaN));
    },
    ['IterativeImputer'],
    'sklearn/impute/_iterative.py; #29451',
  ),
  {
    since: '1.6',
    classes: ['IterativeImputer'],
    source: 'sklearn/impute/_iterative.py; #29451',
    what: 'keep_empty_features keeps what is empty, and imputes the others; before, those kept their first imputation as well',
    down: (o) => {
      const steps = o.get('imputation_sequence_');
      if (o.get('keep_empty_features') !== true || !Array.isArray(steps) || steps.length === 0) return;
      const initial = o.child('initial_imputer_');
      if (!maybeEmpty(o) && initial?.get('keep_empty_features') === true) {
        // Without an empty feature there is nothing to keep, and both ways are one.
        o.set('keep_empty_features', false);
        initial.set('keep_empty_features', false);
        o.tell('parameter keep_empty_features set to False, as before 1.6 True imputed nothing: no feature was empty');
        return;
      }
      throw o.refusal(
        'IterativeImputer(keep_empty_features=True) imputes the features that are not empty since 1.6 only',
      );
    },
  },
  {
    since: '1.8',
    classes: ['SimpleImputer'],
    source: 'sklearn/impute/_base.py',
    what: "strategy 'constant' leaves out empty features where keep_empty_features is False; before, it filled them",
    down: (o) => {
      if (o.get('strategy') !== 'constant') return;
      const statistics = o.get('statistics_');
      const empty = statistics instanceof NdArray ? elements(statistics).filter(isNaNValue) : [];
      if (empty.length > 0 && o.get('keep_empty_features') !== true)
        throw o.refusal("SimpleImputer(strategy='constant') leaves out empty features, which it does since 1.8 only");
      const dtype = o.get('_fit_dtype');
      if (!(statistics instanceof NdArray) || statistics.dtype.type !== 'O' || !(dtype instanceof Dtype)) return;
      if (!'fi'.includes(dtype.type) || dtype.itemsize !== 8) return;
      const numbers = elements(statistics).map(numberOf);
      o.set('statistics_', dtype.type === 'f' ? floats(numbers) : integers(numbers));
      o.tell('attribute statistics_ written as numbers');
    },
  },
  derived(
    '0.24',
    '_precomputed',
    // Those inside imputers are given the mask itself.
    (o) => (o.has('features_') ? (o.holder?.has('add_indicator') ?? false) : undefined),
    ['MissingIndicator'],
    'sklearn/impute/_base.py; #16426',
  ),
]);
