/** OneHotEncoder: categories that were counted until 0.21, columns that were chosen, and what 'warn' does. */
import { PyDict, PyGlobal, PyTuple, type PyValue } from '../../pickle/values.js';
import { elements, toFloat64 } from '../../python/elements.js';
import { NdArray } from '../../python/ndarray.js';
import { rules } from '../define.js';
import type { Subject } from '../subject.js';
import { integers, numbersOf } from './arrays.js';

const ENCODERS = 'sklearn/preprocessing/_encoders.py';

/** Columns of the table before those that never occurred are left out: more are not made (CWE-770). */
const MAX_COLUMNS = 2 ** 22;

/** What only the counting needed. */
const counting = [
  ...['feature_indices_', 'active_features_', 'n_values_', '_feature_indices_', '_active_features_', '_n_values_'],
  ...['_n_values', '_categories', '_categorical_features', '_legacy_mode'],
];

/** True where categories were counted from zero: always until 0.19, and in the legacy mode of 0.20 and 0.21. */
const isCounted = (o: Subject): boolean => o.has('feature_indices_') || o.get('_legacy_mode') === true;

/** Of each feature, the numbers that have a column of their own. */
function counted(starts: Float64Array, active: Float64Array | undefined): number[][] | undefined {
  const width = starts[starts.length - 1] ?? 0;
  if (starts[0] !== 0 || !starts.every((at, i) => i === 0 || at >= starts[i - 1]) || width > MAX_COLUMNS)
    return undefined;
  const kept = active === undefined ? undefined : new Set(active);
  return Array.from({ length: starts.length - 1 }, (_, i) =>
    Array.from({ length: starts[i + 1] - starts[i] }, (__, k) => k).filter((k) => kept?.has(starts[i] + k) ?? true),
  );
}

/** The columns that a mask chooses; undefined where they are chosen by number. */
function maskOf(value: PyValue): boolean[] | undefined {
  if (value instanceof NdArray)
    return value.dtype.type === 'b' ? Array.from(toFloat64(value), (x) => x !== 0) : undefined;
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const flags = value.filter((item) => typeof item === 'boolean');
  return flags.length === value.length ? flags : undefined;
}

const noColumns = 'OneHotEncoder encodes no columns and hands all on, which none does since 0.22';

function nameCategories(o: Subject): void {
  const chosen = o.get('categorical_features') ?? null;
  const none = (Array.isArray(chosen) && chosen.length === 0) || (chosen instanceof NdArray && chosen.size === 0);
  if (none || (chosen !== null && maskOf(chosen)?.includes(true) === false)) throw o.refusal(noColumns);
  if (!isCounted(o)) {
    for (const name of counting) o.delete(name);
    return;
  }
  const starts = numbersOf(o.get('_feature_indices_') ?? o.get('feature_indices_'));
  const active = numbersOf(o.get('_active_features_') ?? o.get('active_features_'));
  const categories = starts && counted(starts, active);
  if (!starts || !categories) throw o.refusal(noColumns);
  const keepsDtype = o.has('_legacy_mode');
  const gaps = categories.some((values, i) => values.length < starts[i + 1] - starts[i]);
  for (const name of counting) o.delete(name);
  o.set(
    'categories_',
    categories.map((values) => integers(values)),
  );
  o.set('categories', 'auto');
  o.set('drop_idx_', null);
  o.tell('categories named by their numbers, which were counted');
  if (gaps && o.get('handle_unknown') === 'error') {
    o.set('handle_unknown', 'ignore');
    o.tell(
      "handle_unknown = 'ignore': numbers below the largest that never occurred were encoded as zeros, not refused",
    );
  }
  for (const name of ['categorical_features', 'n_values']) o.delete(name);
  const { attributes } = o;
  const encoder = o.create(o.module, o.name, PyDict.from([...(attributes?.entries() ?? [])]));
  const steps = cutThenEncoded(o, encoder);
  if (chosen !== null && chosen !== 'all' && choose(o, chosen, keepsDtype, steps)) return;
  o.become('sklearn.pipeline', 'Pipeline', PyDict.from(steps));
  o.tell('written as a Pipeline that cuts off fractions first, as counting did');
}

/** The state of a Pipeline: fractions were cut off where categories are counted, and are categories of their own since. */
function cutThenEncoded(o: Subject, encoder: PyValue): [string, PyValue][] {
  const cut = o.create(
    'sklearn.preprocessing._function_transformer',
    'FunctionTransformer',
    PyDict.from([
      ['func', new PyGlobal('numpy', 'trunc')],
      ['inverse_func', null],
      ['validate', false],
      ['accept_sparse', false],
      ['check_inverse', false],
      ['kw_args', null],
      ['inv_kw_args', null],
    ]),
  );
  return [
    ['steps', [new PyTuple(['whole', cut]), new PyTuple(['encoded', encoder])]],
    ['memory', null],
    ['verbose', false],
  ];
}

/**
 * Only some columns: a ColumnTransformer encodes those, and lets the others through behind them. False where these are
 * all there are.
 */
function choose(o: Subject, chosen: PyValue, keepsDtype: boolean, steps: [string, PyValue][]): boolean {
  const mask = maskOf(chosen);
  if (!mask)
    throw o.refusal(
      'OneHotEncoder chooses its columns by number, and the file does not tell how many others there are; ' +
        'a ColumnTransformer has to know. Setting categorical_features to a mask (True and False for each column) ' +
        'before saving it tells',
    );
  if (!mask.includes(false)) return false;
  const dtype = o.get('dtype');
  if (keepsDtype && !(dtype instanceof PyGlobal && dtype.name === 'float64'))
    throw o.refusal(
      'OneHotEncoder turns the columns that it does not encode into its dtype, which none does since 0.22',
    );
  const places = (wanted: boolean): PyValue => mask.flatMap((is, i) => (is === wanted ? [i] : []));
  const sparse = o.get('sparse') !== false;
  const encoder = o.create('sklearn.pipeline', 'Pipeline', PyDict.from(steps));
  const step = (): PyValue => new PyTuple(['encoded', encoder, places(true)]);
  o.become(
    'sklearn.compose._column_transformer',
    'ColumnTransformer',
    PyDict.from([
      ['transformers', [step()]],
      ['remainder', 'passthrough'],
      ['sparse_threshold', sparse ? 1 : 0],
      ['n_jobs', null],
      ['transformer_weights', null],
      ['verbose', false],
      ['_feature_names_in', null],
      ['_columns', [places(true)]],
      ['_n_features', mask.length],
      ['n_features_in_', mask.length],
      ['_remainder', new PyTuple(['remainder', 'passthrough', places(false)])],
      ['sparse_output_', sparse],
      ['transformers_', [step(), new PyTuple(['remainder', 'passthrough', places(false)])]],
    ]),
  );
  o.tell(
    'written as a ColumnTransformer that cuts off fractions and encodes the columns of categorical_features, and lets the others through',
  );
  return true;
}

const isList = (value: PyValue | undefined): value is PyValue[] => Array.isArray(value);

/** True for features that have a group of infrequent categories; also whether one of those drops a category. */
function grouping(o: Subject): { readonly any: boolean; readonly drops: boolean } {
  const groups = o.get('_infrequent_enabled') === true ? o.get('_infrequent_indices') : undefined;
  const dropped = o.get('_drop_idx_after_grouping');
  const drops = dropped instanceof NdArray ? elements(dropped) : [];
  const has = isList(groups) ? groups.map((group) => group !== null) : [];
  return { any: has.includes(true), drops: has.some((is, i) => is && (drops[i] ?? null) !== null) };
}

/** Another word for 'warn', which answers the same. */
function reword(o: Subject, to: string, why: string): void {
  if (o.get('handle_unknown') !== 'warn') return;
  if (to === 'ignore' && grouping(o).drops)
    throw o.refusal("OneHotEncoder(handle_unknown='warn') drops a category where it groups infrequent ones");
  o.set('handle_unknown', to);
  o.tell(`handle_unknown = 'warn' written as '${to}': ${why}`);
}

export const oneHots = rules([
  {
    since: '0.22',
    classes: ['OneHotEncoder'],
    source: ENCODERS,
    what: 'categories are known by name, no longer counted from zero (n_values); all columns are encoded (categorical_features)',
    up: nameCategories,
  },
  {
    since: '1.3',
    classes: ['OrdinalEncoder'],
    source: `${ENCODERS}; #25677`,
    what: 'seldom categories may be grouped',
    down: (o) => {
      const groups = o.get('_infrequent_indices');
      if (isList(groups) && groups.some((group) => group !== null))
        throw o.refusal('OrdinalEncoder groups seldom categories, which came with 1.3');
    },
  },
  {
    since: '1.6',
    classes: ['OneHotEncoder'],
    source: ENCODERS,
    what: "handle_unknown='warn' came",
    down: (o) => {
      reword(o, 'ignore', "'warn' came with 1.6");
    },
  },
  {
    since: '1.8',
    classes: ['OneHotEncoder'],
    source: ENCODERS,
    what: "handle_unknown='warn' takes unknown categories for infrequent ones; before, they became zeros",
    up: (o) => {
      if (grouping(o).any) reword(o, 'ignore', 'unknown categories become zeros, as they did');
    },
    down: (o) => {
      if (grouping(o).any) reword(o, 'infrequent_if_exist', 'unknown categories count as infrequent ones');
    },
  },
]);
