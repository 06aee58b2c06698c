import { PyDict, PyGlobal, PyInstance, PyTuple, pyFloat, type PyValue } from '../pickle/values.js';
import { Version } from '../estimators/index.js';
import { Dtype, NdArray } from '../python/ndarray.js';
import { PySlice } from '../python/values.js';

/** The first release whose ColumnTransformer keeps fitted transformers in place of the word `passthrough`. */
const FITTED_PASSTHROUGH = [1, 4] as const;

export function instanceOf(module: string, name: string, state: readonly (readonly [string, PyValue])[]): PyInstance {
  const made = new PyInstance('new', new PyGlobal(module, name), new PyTuple([]));
  made.state = PyDict.from(state);
  return made;
}

function names(columns: readonly string[]): NdArray {
  return new NdArray(new Dtype('O', 8, '|'), [columns.length], false, [...columns]);
}

/**
 * A fitted ColumnTransformer that hands on these columns, in this order, and drops all others: what
 * `ColumnTransformer([('columns', 'passthrough', columns)]).fit(X)` leaves in that version of scikit-learn (read off
 * 0.20 to 1.9). `tables`: its answer is a table with the columns' own names, for a next step that was fitted on one;
 * scikit-learn can say so from 1.2 on.
 */
export function columnSelector(columns: readonly string[], version: Version, tables: boolean): PyInstance {
  const since = (major: number, minor: number): boolean => version.atLeast(major, minor);
  const list = (): PyValue[] => [...columns];
  const output = tables && since(1, 2) ? 'pandas' : 'default';
  const passthrough = (): PyInstance =>
    instanceOf('sklearn.preprocessing._function_transformer', 'FunctionTransformer', [
      ['func', null],
      ['inverse_func', null],
      ['validate', false],
      ['accept_sparse', true],
      ['check_inverse', false],
      ['feature_names_out', 'one-to-one'],
      ['kw_args', null],
      ['inv_kw_args', null],
      ['_sklearn_output_config', PyDict.from([['transform', output]])],
      ['n_features_in_', columns.length],
      ['feature_names_in_', names(columns)],
      ['_sklearn_version', version.text],
    ]);
  const fitted = since(...FITTED_PASSTHROUGH) ? passthrough() : 'passthrough';
  const indices = columns.map((_, i): PyValue => i);
  const state: (readonly [string, PyValue] | false)[] = [
    ['transformers', [new PyTuple(['columns', 'passthrough', list()])]],
    ['remainder', 'drop'],
    ['sparse_threshold', pyFloat(0.3)],
    ['n_jobs', null],
    ['transformer_weights', null],
    since(0, 21) && ['verbose', false],
    since(1, 0) && ['verbose_feature_names_out', output !== 'pandas'],
    // A parameter of 1.5 to 1.8 only.
    since(1, 5) && version.before(1, 9) && ['force_int_remainder_cols', since(1, 7) ? 'deprecated' : true],
    !since(1, 0) && since(0, 22) && ['_feature_names_in', names(columns)],
    since(1, 0) && ['feature_names_in_', names(columns)],
    since(0, 23) && ['n_features_in_', columns.length],
    ['_columns', [list()]],
    since(0, 23) && version.before(1, 0) && ['_has_str_cols', true],
    since(1, 0) && [
      '_transformer_to_input_indices',
      PyDict.from([
        ['columns', indices],
        ['remainder', []],
      ]),
    ],
    !since(...FITTED_PASSTHROUGH) && ['_n_features', columns.length],
    ['_remainder', new PyTuple(['remainder', 'drop', since(1, 0) ? [] : null])],
    ['sparse_output_', false],
    since(1, 2) &&
      !since(...FITTED_PASSTHROUGH) && ['_name_to_fitted_passthrough', PyDict.from([['columns', passthrough()]])],
    ['transformers_', [new PyTuple(['columns', fitted, list()])]],
    since(1, 0) && [
      'output_indices_',
      PyDict.from([
        ['columns', new PySlice(0, columns.length, null)],
        ['remainder', new PySlice(0, 0, null)],
      ]),
    ],
    output === 'pandas' && ['_sklearn_output_config', PyDict.from([['transform', 'pandas']])],
    ['_sklearn_version', version.text],
  ];
  const kept = state.filter((entry): entry is readonly [string, PyValue] => entry !== false);
  return instanceOf('sklearn.compose._column_transformer', 'ColumnTransformer', kept);
}

/** A Pipeline of fitted steps, as that version of scikit-learn has it. */
export function pipelineOf(steps: readonly (readonly [string, PyValue])[], version: Version): PyInstance {
  return instanceOf('sklearn.pipeline', 'Pipeline', [
    ['steps', steps.map(([name, step]) => new PyTuple([name, step]))],
    ...(version.atLeast(1, 6) ? [['transform_input', null] as const] : []),
    ['memory', null],
    ...(version.atLeast(0, 21) ? [['verbose', false] as const] : []),
    ['_sklearn_version', version.text],
  ]);
}
