import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { float64, int64 } from '../graph/tensor.js';
import { PyGlobal, PyInstance, type PyValue } from '../pickle/values.js';
import { elements } from '../python/elements.js';
import { NdArray } from '../python/ndarray.js';
import { columnsOf, finiteNumbers, fromColumns, matrix, toDense, type Column, type Data } from './data.js';
import { estimator, takes, type Finite, type Fitted } from './estimator.js';
import {
  badState,
  child,
  flag,
  integers,
  number,
  oneOf,
  optional,
  plainLabel,
  raw,
  text,
  type Field,
} from './fields.js';
import { stack } from './stack.js';

/** What counts as missing: null for NaN, None and pandas' NA; else the value itself. */
export const missingValue: Field<string | number | null> = (value, at) => {
  if (value === undefined || value === null) return null;
  // Before 0.20 NaN was written as text; pandas' NA is an object of its own.
  if (value === 'NaN' || (value instanceof PyGlobal && value.name === 'NA')) return null;
  if (value instanceof PyInstance && value.module.startsWith('pandas')) return null;
  const plain = plainLabel(value);
  if (typeof plain === 'number') return Number.isNaN(plain) ? null : plain;
  if (typeof plain === 'string') return plain;
  throw badState(at, 'a value that counts as missing', value);
};

/** The value that each feature's missing ones become; null where the feature had none to learn from. */
export const statistics: Field<(string | number | boolean | null)[]> = (value, at) => {
  if (!(value instanceof NdArray)) throw badState(at, 'an array of statistics', value);
  return elements(value).map((item: PyValue) => {
    const plain = plainLabel(item);
    if (typeof plain === 'number') return Number.isNaN(plain) ? null : plain;
    if (typeof plain === 'bigint') return Number(plain);
    return typeof plain === 'string' || typeof plain === 'boolean' ? plain : null;
  });
};

/** Columns of numbers take NaN only where NaN is what counts as missing. */
export const finiteWhere = (m: { missing_values: string | number | null }): Finite =>
  m.missing_values === null ? 'nan' : 'all';

/** True where a value of the column counts as missing: bool [n]. */
export function isMissing(x: V, missing: string | number | null, g: GraphBuilder): V {
  if (x.dtype === 'string' || x.dtype === 'object') {
    const keys = { dtype: 'object' as const, shape: [1], data: [missing] };
    const values = { dtype: 'bool' as const, shape: [1], data: Uint8Array.of(1) };
    return g.own('Lookup', [x], { keys, values, otherwise: 0, who: '' }, { dtype: 'bool', shape: x.shape });
  }
  const numbers = g.cast(x, 'float64');
  if (typeof missing === 'string') return g.less(g.abs(numbers), -1);
  return missing === null ? g.isNaN(numbers) : g.equal(numbers, missing);
}

// ---- SimpleImputer ----------------------------------------------------------------------------------

const state = {
  statistics_: statistics,
  missing_values: missingValue,
  strategy: text,
  add_indicator: optional(flag, false),
  indicator_: optional(child),
  keep_empty_features: optional(flag, false),
  axis: optional(number, 0),
};
type Imputer = Fitted<typeof state>;

/** The features that come out: those without a statistic are dropped unless they are to be kept. */
function keptFeatures(m: Imputer): number[] {
  const keepAll = m.keep_empty_features || (m.strategy === 'constant' && m.version.before(1, 2));
  return m.statistics_.flatMap((s, i) => (s === null && !keepAll ? [] : [i]));
}

function filled(m: Imputer, column: Column, feature: number, g: GraphBuilder): Column {
  const fill = m.statistics_[feature] ?? null;
  const { name, value } = column;
  const counts = m.strategy === 'mean' || m.strategy === 'median';
  if (!counts && (value.dtype === 'string' || value.dtype === 'object')) {
    const attributes = { missing: m.missing_values, fill };
    return { name, value: g.own('FillMissing', [value], attributes, { dtype: value.dtype, shape: value.shape }) };
  }
  if (typeof fill === 'string') {
    // Text for a column of numbers: the result is mixed, unless nothing can be missing.
    const attributes = { missing: m.missing_values, fill };
    return {
      name,
      value: g.own('FillMissing', [g.cast(value, 'object')], attributes, { dtype: 'object', shape: value.shape }),
    };
  }
  // A mean belongs to numbers: text that is none is refused by row and column.
  const what = `column ${name === undefined ? feature : JSON.stringify(name)}`;
  const numbers = counts
    ? g.own('Numbers', [value], { what }, { dtype: 'float64', shape: value.shape })
    : g.cast(value, 'float64');
  const mark = isMissing(numbers, m.missing_values, g);
  return { name, value: g.where(mark, fill === null ? NaN : Number(fill), numbers) };
}

function impute(m: Imputer, data: Data, g: GraphBuilder): Data {
  if (m.axis !== 0)
    throw new BrineError('UNSUPPORTED', 'Imputer with axis=1, which learns from the rows at hand', {
      path: m.estimator.path,
    });
  const features = keptFeatures(m);
  const numeric = data.kind === 'matrix' && data.value.dtype !== 'string' && data.value.dtype !== 'object';
  const imputed = numeric ? imputeMatrix(m, toDense(data, g), features, g) : imputeColumns(m, data, features, g);
  if (!m.indicator_) return imputed;
  return stack([imputed, m.indicator_.transform(data, g)], g);
}

/** All features at once: [n, p] numbers. */
function imputeMatrix(m: Imputer, x: V, features: readonly number[], g: GraphBuilder): Data {
  const finite = finiteNumbers(x, m.estimator.name, g, m.missing_values === null);
  const some = g.columns(finite, features);
  const fill = Float64Array.from(features, (f) => Number(m.statistics_[f] ?? NaN));
  return matrix(g.where(isMissing(some, m.missing_values, g), float64([fill.length], fill), some));
}

function imputeColumns(m: Imputer, data: Data, features: readonly number[], g: GraphBuilder): Data {
  const columns = columnsOf(data, g);
  if (columns.length !== m.statistics_.length)
    throw new BrineError(
      'BAD_INPUT',
      `the input has ${columns.length} columns, ${m.estimator.name} expects ${m.statistics_.length}`,
    );
  return fromColumns(
    features.map((f) => filled(m, columns[f], f, g)),
    g,
  );
}

/** Where the indicator says so, the value was missing; features without an indicator stay as they are. */
function unimpute(m: Imputer, x: V, g: GraphBuilder): V {
  if (!m.indicator_)
    throw new BrineError('UNSUPPORTED', 'inverse_transform needs an imputer made with add_indicator=True', {
      path: m.estimator.path,
    });
  const { features_ } = m.indicator_.fitted as unknown as Indicator;
  const kept = keptFeatures(m).length;
  const all = m.statistics_.length;
  const nothing = g.repeatRows(x, float64([1], Float64Array.of(0)));
  const marks = g.cast(
    g.concat(
      m.statistics_.map((_, f) => {
        const mark = features_.indexOf(f);
        return mark < 0 ? nothing : g.cast(g.not(g.equal(g.columns(x, [kept + mark]), 0)), 'float64');
      }),
    ),
    'float64',
  );
  // Values go to the features in turn, past those that are missing in every row at hand: those count as dropped.
  const dropped = g.reduceMin(marks, 0, false);
  const before = g.node('CumSum', [g.sub(1, dropped), g.constant(int64([], [0]))], { exclusive: 1 });
  const own = float64(
    [all],
    Float64Array.from({ length: all }, (_, f) => kept + f),
  );
  const none = g.not(g.less(before, kept));
  const places = g.where(g.equal(dropped, 1), own, g.where(none, own, before));
  const values = g.concat([
    g.columns(
      x,
      Array.from({ length: kept }, (_, i) => i),
    ),
    marks,
  ]);
  const missing = m.missing_values === null ? NaN : Number(m.missing_values);
  return g.where(g.equal(marks, 1), missing, g.gather(values, g.cast(places, 'int64'), 1));
}

const simpleImputer = estimator(['SimpleImputer', 'Imputer'], state, {
  modules: ['sklearn.impute._base', 'sklearn.impute', 'sklearn.preprocessing.imputation'],
  input: 'data',
  features: (m) => m.statistics_.length,
  columns: (m) => m.statistics_.map((s) => (typeof s === 'string' ? 'text' : typeof s === 'number' ? 'number' : 'any')),
  methods: { transform: impute, inverse_transform: takes('dense', unimpute) },
  offers: (m, all) => (m.add_indicator ? all : all.filter((name) => name !== 'inverse_transform')),
  names: (m, input) => [
    ...keptFeatures(m).map((f) => input[f] ?? `x${f}`),
    ...(m.indicator_ ? m.indicator_.outputNames(input) : []),
  ],
});

// ---- MissingIndicator -------------------------------------------------------------------------------

const indicatorState = {
  features_: integers,
  features: oneOf('missing-only', 'all'),
  missing_values: missingValue,
  error_on_new: optional(flag, true),
  _n_features: optional(number),
  sparse: raw,
};
type Indicator = Fitted<typeof indicatorState>;

const indicator = estimator('MissingIndicator', indicatorState, {
  modules: ['sklearn.impute._base', 'sklearn.impute'],
  input: 'data',
  features: (m) => m._n_features,
  finite: finiteWhere,
  methods: {
    transform: (m, data, g) => {
      const numeric = data.kind === 'matrix' && data.value.dtype !== 'string' && data.value.dtype !== 'object';
      const all = numeric
        ? isMissing(
            finiteNumbers(toDense(data, g), m.estimator.name, g, m.missing_values === null),
            m.missing_values,
            g,
          )
        : g.concat(columnsOf(data, g).map((c) => g.column(isMissing(c.value, m.missing_values, g))));
      if (m.features === 'all') return all;
      const chosen = g.columns(all, m.features_);
      if (!m.error_on_new) return chosen;
      const others = Array.from({ length: all.shape[1] ?? 0 }, (_, i) => i).filter((i) => !m.features_.includes(i));
      if (others.length === 0) return chosen;
      const clean = g.equal(g.sum(g.cast(g.columns(all, others), 'float64'), 1, false), 0);
      const message = 'MissingIndicator: a feature has missing values that had none at fitting';
      return g.own('Require', [chosen, clean], { message }, { dtype: 'bool', shape: chosen.shape });
    },
  },
  names: (m, input) => m.features_.map((f) => `missingindicator_${input[f] ?? `x${f}`}`),
});

export const imputers = [simpleImputer, indicator];
