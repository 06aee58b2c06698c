/** Histogram boosting: the record of its nodes, its bins, and names that lost or gained an underscore. */
import { Dtype, NdArray } from '../../python/ndarray.js';
import { fieldColumn } from '../../python/elements.js';
import { derived, renamed, rules } from '../define.js';
import type { Subject } from '../subject.js';
import { hasLayout, recordLayout, relaid, type RecordLayout } from './arrays.js';

const hist = ['HistGradientBoostingClassifier', 'HistGradientBoostingRegressor'];
const FOLDER = 'sklearn/ensemble/_hist_gradient_boosting';

type Fields = readonly (readonly [string, 'f8' | 'f4' | 'i8' | 'u4' | 'u1'])[];

const head: Fields = [
  ['value', 'f8'],
  ['count', 'u4'],
];
const tail: Fields = [
  ['left', 'u4'],
  ['right', 'u4'],
  ['gain', 'f8'],
  ['depth', 'u4'],
  ['is_leaf', 'u1'],
  ['bin_threshold', 'u1'],
];
const categories: Fields = [
  ['is_categorical', 'u1'],
  ['bitset_idx', 'u4'],
];

/** The record of a node by release (common.pyx, PREDICTOR_RECORD_DTYPE). */
const layouts = {
  '0.21': recordLayout([...head, ['feature_idx', 'u4'], ['threshold', 'f8'], ...tail]),
  '0.22': recordLayout([...head, ['feature_idx', 'u4'], ['threshold', 'f8'], ['missing_go_to_left', 'u1'], ...tail]),
  '0.24': recordLayout([
    ...head,
    ['feature_idx', 'u4'],
    ['num_threshold', 'f8'],
    ['missing_go_to_left', 'u1'],
    ...tail,
    ...categories,
  ]),
  '1.3': recordLayout([
    ...head,
    ['feature_idx', 'i8'],
    ['num_threshold', 'f8'],
    ['missing_go_to_left', 'u1'],
    ...tail,
    ...categories,
  ]),
};

const aliases: Readonly<Record<string, string>> = { threshold: 'num_threshold', num_threshold: 'threshold' };

function relay(o: Subject, layout: RecordLayout): boolean {
  const nodes = o.get('nodes');
  if (!(nodes instanceof NdArray) || nodes.dtype.fields === undefined || hasLayout(nodes, layout)) return false;
  const has = (name: string): boolean => nodes.dtype.fields?.some((f) => f.name === name) === true;
  const other = (name: string): NdArray | number => {
    const alias = aliases[name];
    return alias !== undefined && has(alias) ? asDoubles(nodes, alias) : 0;
  };
  o.set('nodes', relaid(nodes, layout, other));
  return true;
}

function asDoubles(nodes: NdArray, name: string): NdArray {
  const values = Float64Array.from(fieldColumn(nodes, name) as ArrayLike<number>);
  return new NdArray(new Dtype('f', 8, '<'), [values.length], false, new Uint8Array(values.buffer));
}

function anyOf(o: Subject, name: string): boolean {
  const nodes = o.get('nodes');
  if (!(nodes instanceof NdArray) || nodes.dtype.fields?.some((f) => f.name === name) !== true) return false;
  return Array.from(fieldColumn(nodes, name) as ArrayLike<number>).some((x) => x !== 0);
}

/** No categories at all: bitsets for none of them. */
function noBitsets(): NdArray {
  return new NdArray(new Dtype('u', 4, '<'), [0, 8], false, new Uint8Array(0));
}

export const histogramNodes = rules([
  {
    since: '0.22',
    classes: ['TreePredictor'],
    source: `${FOLDER}/types.pyx; #13911`,
    what: 'nodes say where missing values go',
    up: (o) => {
      if (relay(o, layouts['0.22'])) o.tell('node table widened by missing_go_to_left');
    },
    down: (o) => {
      if (relay(o, layouts['0.21'])) o.tell('node table without missing_go_to_left: missing values are refused there');
    },
  },
  {
    since: '0.24',
    classes: ['TreePredictor'],
    source: `${FOLDER}/common.pyx; #18394`,
    what: 'nodes may split on sets of categories',
    up: (o) => {
      if (!relay(o, layouts['0.24'])) return;
      for (const name of ['binned_left_cat_bitsets', 'raw_left_cat_bitsets']) {
        if (!o.has(name)) o.set(name, noBitsets());
      }
      o.tell('node table widened by is_categorical and bitset_idx');
    },
    down: (o) => {
      if (anyOf(o, 'is_categorical')) throw o.refusal('a tree splits on sets of categories, which came with 0.24');
      relay(o, layouts['0.22']);
      for (const name of ['binned_left_cat_bitsets', 'raw_left_cat_bitsets']) o.delete(name);
      o.tell('node table without is_categorical and bitset_idx');
    },
  },
  {
    since: '1.3',
    classes: ['TreePredictor'],
    source: `${FOLDER}/common.pyx; #26041`,
    what: 'feature_idx has 64 bits',
    up: (o) => {
      if (relay(o, layouts['1.3'])) o.tell('node table written with 64-bit feature_idx');
    },
    down: (o) => {
      if (relay(o, layouts['0.24'])) o.tell('node table written with 32-bit feature_idx');
    },
  },
  renamed('0.24', 'loss_', '_loss', hist, `${FOLDER}/gradient_boosting.py`),
  renamed('0.24', 'bin_mapper_', '_bin_mapper', hist, `${FOLDER}/gradient_boosting.py`),
  renamed('0.24', 'scorer_', '_scorer', hist, `${FOLDER}/gradient_boosting.py`),
  renamed('0.24', 'n_features_', 'n_features_in_', hist, `${FOLDER}/gradient_boosting.py`),
  derived('0.24', '_n_features', (o) => o.get('n_features_in_'), hist, `${FOLDER}/gradient_boosting.py`),
  derived(
    '0.22',
    '_random_seed',
    (o) => (o.has('_predictors') ? 0 : undefined),
    hist,
    `${FOLDER}/gradient_boosting.py`,
  ),
  renamed('0.22', 'actual_n_bins_', 'n_bins_non_missing_', ['_BinMapper'], `${FOLDER}/binning.py; #13911`),
  renamed('0.22', 'max_bins', 'n_bins', ['_BinMapper'], `${FOLDER}/binning.py; #13911`, 'parameter'),
  derived(
    '0.22',
    'missing_values_bin_idx_',
    (o) => (o.has('bin_thresholds_') ? 255 : undefined),
    ['_BinMapper'],
    `${FOLDER}/binning.py`,
  ),
  derived(
    '0.24',
    'is_categorical_',
    (o) => {
      const bins = o.get('n_bins_non_missing_');
      if (!(bins instanceof NdArray)) return undefined;
      return new NdArray(new Dtype('u', 1, '|'), [bins.size], false, new Uint8Array(bins.size));
    },
    ['_BinMapper'],
    `${FOLDER}/binning.py; #18394`,
  ),
]);
