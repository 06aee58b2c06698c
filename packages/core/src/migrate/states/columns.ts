/** Column transformers: which columns go where, and what passes through. */
import { PyDict, PyInstance, PyTuple, type PyValue } from '../../pickle/values.js';
import { NdArray } from '../../python/ndarray.js';
import { elements, toFloat64 } from '../../python/elements.js';
import { PandasIndex } from '../../python/pandas/pandas-index.js';
import { integerOf, rules } from '../define.js';
import type { Rule } from '../rule.js';
import type { Subject } from '../subject.js';
import { object as OBJECT } from './arrays.js';

/** What a column transformer puts in the place of `passthrough`, with every parameter of 1.4. */
function passthrough(o: Subject, columns: PyValue | undefined): PyInstance {
  const numbers = Array.isArray(columns) ? columns.map((c) => integerOf(c) ?? 0) : undefined;
  const all = namesOf(o.get('feature_names_in_') ?? null);
  const names = all && numbers?.map((n) => all[n]);
  return o.create(
    'sklearn.preprocessing._function_transformer',
    'FunctionTransformer',
    PyDict.from([
      ['func', null],
      ['inverse_func', null],
      ['validate', false],
      ['accept_sparse', true],
      ['check_inverse', false],
      ['feature_names_out', 'one-to-one'],
      ['kw_args', null],
      ['inv_kw_args', null],
      ...(numbers ? ([['n_features_in_', numbers.length]] as [string, PyValue][]) : []),
      ...(names
        ? ([['feature_names_in_', new NdArray(OBJECT, [names.length], false, names)]] as [string, PyValue][])
        : []),
    ]),
  );
}

function tuplesOf(value: PyValue | undefined): PyTuple[] {
  return Array.isArray(value) ? value.filter((item): item is PyTuple => item instanceof PyTuple) : [];
}

const COLUMNS = 'sklearn/compose/_column_transformer.py';

/** Which columns of the input a transformer gets, by number; undefined where that is not plain. */
function columnNumbers(columns: PyValue, names: readonly PyValue[] | undefined, width: number): number[] | undefined {
  const one = (value: PyValue): number | undefined => {
    const number = integerOf(value);
    if (number !== undefined) return number < 0 ? number + width : number;
    const at = typeof value === 'string' ? names?.indexOf(value) : undefined;
    return at === -1 ? undefined : at;
  };
  if (columns instanceof NdArray && columns.dtype.type === 'b') {
    return [...toFloat64(columns).keys()].filter((i) => toFloat64(columns)[i] !== 0);
  }
  const items = columns instanceof NdArray ? [...toFloat64(columns)] : Array.isArray(columns) ? columns : undefined;
  if (items) {
    if (items.length > 0 && items.every((item) => typeof item === 'boolean')) {
      return items.flatMap((item, i) => (item ? [i] : []));
    }
    const numbers = items.map(one);
    return numbers.every((n) => n !== undefined) ? numbers : undefined;
  }
  const single = one(columns);
  return single === undefined ? undefined : [single];
}

export const columnRules = rules([
  {
    since: '0.22',
    classes: ['ColumnTransformer'],
    source: `${COLUMNS}; #14544`,
    what: 'the names of the columns are kept where there are any',
    up: (o) => {
      if (!o.has('transformers_') || o.has('_feature_names_in')) return;
      o.set('_feature_names_in', null);
      o.tell('attribute _feature_names_in = None added');
    },
    down: (o) => {
      o.delete('_feature_names_in');
    },
  },
  {
    since: '0.23',
    classes: ['ColumnTransformer'],
    source: `${COLUMNS}; #16652`,
    what: 'attribute _has_str_cols came: whether columns are chosen by name',
    up: (o) => {
      if (!o.has('transformers_') || o.has('_has_str_cols')) return;
      const columns = o.get('_columns') ?? tuplesOf(o.get('transformers_')).map(({ items }) => items[2]);
      o.set('_has_str_cols', Array.isArray(columns) && columns.some(hasText));
      o.tell('attribute _has_str_cols added');
    },
    down: (o) => {
      o.delete('_has_str_cols');
    },
  },
  {
    since: '1.0',
    classes: ['ColumnTransformer'],
    source: `${COLUMNS}; #18444`,
    what: 'the columns of each transformer are kept as numbers too, and the names of the input as feature_names_in_',
    up: (o) => {
      if (o.has('_transformer_to_input_indices') || !o.has('transformers_')) return;
      const found = o.get('_df_columns') ?? o.get('_feature_names_in') ?? null;
      const names = namesOf(found);
      if (names && !o.has('feature_names_in_')) {
        o.set('feature_names_in_', new NdArray(OBJECT, [names.length], false, [...names]));
        o.set('n_features_in_', names.length);
      }
      const width = integerOf(o.get('n_features_in_') ?? o.get('_n_features')) ?? names?.length ?? 0;
      const indices = new PyDict();
      for (const { items } of tuplesOf(o.get('transformers_'))) {
        const numbers = items.length === 3 ? columnNumbers(items[2], names, width) : undefined;
        if (numbers) indices.set(items[0], numbers);
      }
      if (!indices.has('remainder')) indices.set('remainder', []);
      o.set('_transformer_to_input_indices', indices);
      for (const name of ['_df_columns', '_feature_names_in', '_has_str_cols']) o.delete(name);
      o.tell('attribute _transformer_to_input_indices added');
    },
    down: (o) => {
      if (!o.has('transformers_')) return;
      const names = o.get('feature_names_in_') ?? null;
      o.set('_feature_names_in', names);
      o.set(
        '_has_str_cols',
        tuplesOf(o.get('transformers_')).some(({ items }) => hasText(items[2])),
      );
      o.delete('_transformer_to_input_indices');
      o.delete('output_indices_');
      o.tell('attributes _feature_names_in and _has_str_cols added, as before 1.0');
    },
  },
  {
    since: '1.3',
    classes: ['ColumnTransformer'],
    source: `${COLUMNS}, _parameter_constraints`,
    what: 'verbose_feature_names_out is True or False; before, whatever it was counted as one of them',
    up: (o) => {
      const had = o.get('verbose_feature_names_out');
      if (typeof had !== 'string') return;
      o.set('verbose_feature_names_out', had !== '');
      o.tell('verbose_feature_names_out written as True or False, which it counted as');
    },
  },
  {
    since: '1.6',
    classes: ['ColumnTransformer'],
    source: COLUMNS,
    what: 'verbose_feature_names_out may be a template or a function',
    down: (o) => {
      const had = o.get('verbose_feature_names_out');
      if (had === undefined || typeof had === 'boolean') return;
      throw o.refusal('ColumnTransformer names its features by a template, which came with 1.6');
    },
  },
  {
    since: '1.4',
    classes: ['ColumnTransformer'],
    source: `${COLUMNS}; #27204`,
    what: "fitted transformers have a FunctionTransformer where they said 'passthrough'",
    up: (o) => {
      let changed = false;
      for (const { items } of tuplesOf(o.get('transformers_'))) {
        if (items[1] !== 'passthrough') continue;
        const places = o.get('_transformer_to_input_indices');
        items[1] = passthrough(o, places instanceof PyDict ? places.get(items[0]) : undefined);
        changed = true;
      }
      o.delete('_name_to_fitted_passthrough');
      o.delete('_n_features');
      if (changed) o.tell("'passthrough' in transformers_ written as a FunctionTransformer");
    },
    down: (o) => {
      o.set('_name_to_fitted_passthrough', new PyDict());
      const width = o.get('n_features_in_');
      if (width !== undefined) o.set('_n_features', width);
      o.tell('attributes _name_to_fitted_passthrough and _n_features added');
    },
  },
  ...(
    [
      ['1.7', 'up', 'the remaining columns are a plain list, no longer one that warns'],
      ['1.5', 'down', 'the remaining columns are a list that warns'],
    ] as const
  ).map(([since, way, what]): Rule => ({
    since,
    classes: ['ColumnTransformer'],
    source: `${COLUMNS}; #31167`,
    what,
    [way]: (o: Subject): void => {
      const plain = (value: PyValue): PyValue => {
        if (!(value instanceof PyInstance) || value.name !== '_RemainderColsList') return value;
        o.migration.forget(value);
        return value.attribute('data') ?? [];
      };
      const holders = [...tuplesOf(o.get('transformers_')), o.get('_remainder')];
      let changed = false;
      for (const holder of holders) {
        if (!(holder instanceof PyTuple)) continue;
        holder.items.forEach((item, i) => {
          const now = plain(item);
          if (now === item) return;
          holder.items[i] = now;
          changed = true;
        });
      }
      if (changed) o.tell('list of the remaining columns made plain');
    },
  })),
]);

/** True for columns that are named. */
function hasText(columns: PyValue | undefined): boolean {
  return typeof columns === 'string' || (Array.isArray(columns) && columns.some((c) => typeof c === 'string'));
}

/** Column names, where all are text. */
function namesOf(value: PyValue): readonly PyValue[] | undefined {
  const items =
    value instanceof PandasIndex
      ? value.labels()
      : value instanceof NdArray
        ? elements(value)
        : Array.isArray(value)
          ? value
          : undefined;
  return items?.every((item) => typeof item === 'string') === true && items.length > 0 ? items : undefined;
}
