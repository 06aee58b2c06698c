/** Encoders, imputers and other transformers: attributes that later versions ask for. */
import { PyDict, PyFloat, PyTuple, type PyValue } from '../../pickle/values.js';
import { Dtype, NdArray, NumpyScalar } from '../../python/ndarray.js';
import { elements, toFloat64 } from '../../python/elements.js';
import { derived, integerOf, rules } from '../define.js';
import type { Subject } from '../subject.js';
import { float64, object } from './arrays.js';

const ENCODERS = 'sklearn/preprocessing/_encoders.py';

function categoriesOf(o: Subject): NdArray[] | undefined {
  const list = o.get('categories_');
  return Array.isArray(list) && list.every((c) => c instanceof NdArray) ? list : undefined;
}

/** The place of NaN or None among the categories of each feature that has one. */
function missingPlaces(o: Subject): PyDict | undefined {
  const categories = categoriesOf(o);
  if (!categories) return undefined;
  const found = new PyDict();
  categories.forEach((category, feature) => {
    const items = elements(category);
    const at = items.findIndex((item) => isNaNValue(item));
    if (at !== -1) found.set(feature, at);
  });
  return found;
}

export function isNaNValue(value: PyValue): boolean {
  if (typeof value === 'number') return Number.isNaN(value);
  if (value instanceof PyFloat) return Number.isNaN(value.value);
  return value instanceof NumpyScalar && value.dtype.type === 'f' && Number.isNaN(toFloat64(asArray(value))[0]);
}

function asArray(scalar: NumpyScalar): NdArray {
  return new NdArray(scalar.dtype, [], false, scalar.data as Uint8Array);
}

function widths(o: Subject): PyValue | undefined {
  const categories = categoriesOf(o);
  const drop = o.get('drop_idx_');
  const dropped = drop instanceof NdArray ? elements(drop) : undefined;
  return categories?.map((c, i) => c.size - (dropped && dropped[i] !== null && dropped[i] !== undefined ? 1 : 0));
}

const fitted = (o: Subject): boolean => o.has('categories_');

export const encoders = rules([
  derived(
    '0.21',
    'drop_idx_',
    (o) => (fitted(o) && o.name === 'OneHotEncoder' ? null : undefined),
    ['OneHotEncoder'],
    ENCODERS,
  ),
  derived('0.24', 'n_features_in_', (o) => categoriesOf(o)?.length, ['OneHotEncoder', 'OrdinalEncoder'], ENCODERS),
  derived(
    '1.1',
    '_infrequent_enabled',
    (o) => (fitted(o) ? false : undefined),
    ['OneHotEncoder'],
    `${ENCODERS}; #16018`,
  ),
  derived('1.1', '_n_features_outs', widths, ['OneHotEncoder'], `${ENCODERS}; #16018`),
  derived('1.0', '_missing_indices', missingPlaces, ['OrdinalEncoder'], `${ENCODERS}; #21988`),
  derived(
    '1.2',
    '_drop_idx_after_grouping',
    (o) => (fitted(o) ? (o.get('drop_idx_') ?? null) : undefined),
    ['OneHotEncoder'],
    `${ENCODERS}; #23655`,
  ),
  derived(
    '1.3',
    '_infrequent_enabled',
    (o) => (fitted(o) ? false : undefined),
    ['OrdinalEncoder'],
    `${ENCODERS}; #25677`,
  ),
]);

/** The dtype that an imputer was fitted on, as far as its statistics tell. */
function fitDtype(o: Subject): PyValue | undefined {
  const statistics = o.get('statistics_');
  if (!(statistics instanceof NdArray)) return undefined;
  if (statistics.dtype.type === 'O') return object;
  return statistics.dtype.type === 'f' ? new Dtype('f', statistics.dtype.itemsize, '<') : float64;
}

export const imputers = rules([
  derived(
    '0.21',
    'indicator_',
    (o) => (o.has('statistics_') ? null : undefined),
    ['SimpleImputer'],
    'sklearn/impute.py',
  ),
  derived('1.1', '_fit_dtype', fitDtype, ['SimpleImputer'], 'sklearn/impute/_base.py; #22804'),
  derived(
    '1.8',
    '_fill_dtype',
    (o) => o.get('_fit_dtype') ?? fitDtype(o),
    ['SimpleImputer'],
    'sklearn/impute/_base.py; #31820',
  ),
  {
    since: '0.21',
    classes: ['_ImputerTriplet'],
    lasting: true,
    source: 'sklearn/impute/_iterative.py',
    what: 'named tuples are made from their parts',
    up: (o) => {
      const [only] = o.instance.args.items;
      if (o.instance.args.items.length !== 1 || !(only instanceof PyTuple)) return;
      Object.assign(o.instance, { args: only });
    },
  },
]);

/** n over k, as the number of monomials needs it. */
function choose(n: number, k: number): number {
  let out = 1;
  for (let i = 1; i <= k; i++) out = (out * (n - k + i)) / i;
  return Math.round(out);
}

function monomials(o: Subject): number | undefined {
  const features = integerOf(o.get('n_features_in_') ?? o.get('n_input_features_'));
  const degree = integerOf(o.get('degree'));
  if (features === undefined || degree === undefined) return undefined;
  let count = o.get('include_bias') === false ? 0 : 1;
  if (o.get('interaction_only') === true) {
    for (let k = 1; k <= Math.min(degree, features); k++) count += choose(features, k);
  } else {
    count += choose(features + degree, degree) - 1;
  }
  return count;
}

export const polynomials = rules([
  {
    since: '1.0',
    classes: ['PolynomialFeatures'],
    source: 'sklearn/preprocessing/_polynomial.py',
    what: 'degree may be a pair, the least and the greatest',
    down: (o) => {
      if (o.get('degree') instanceof PyTuple)
        throw o.refusal('PolynomialFeatures has a least and a greatest degree, which came with 1.0');
    },
  },
  {
    since: '1.0',
    classes: ['PolynomialFeatures'],
    source: 'sklearn/preprocessing/_polynomial.py; #20250',
    what: 'n_input_features_ is n_features_in_',
    up: (o) => {
      if (o.has('n_features_in_')) o.delete('n_input_features_');
    },
    down: (o) => {
      const count = o.get('n_features_in_');
      if (count === undefined) return;
      o.set('n_input_features_', count);
      o.tell('attribute n_input_features_ added');
    },
  },
  derived(
    '0.24',
    'n_features_in_',
    (o) => integerOf(o.get('n_input_features_')),
    ['PolynomialFeatures'],
    'sklearn/preprocessing/_data.py',
  ),
  derived(
    '1.0',
    '_min_degree',
    (o) => (o.has('n_output_features_') ? 0 : undefined),
    ['PolynomialFeatures'],
    'sklearn/preprocessing/_polynomial.py; #20250',
  ),
  derived(
    '1.0',
    '_max_degree',
    (o) => (o.has('n_output_features_') ? integerOf(o.get('degree')) : undefined),
    ['PolynomialFeatures'],
    'sklearn/preprocessing/_polynomial.py; #20250',
  ),
  derived('1.0', '_n_out_full', monomials, ['PolynomialFeatures'], 'sklearn/preprocessing/_polynomial.py; #20250'),
]);
