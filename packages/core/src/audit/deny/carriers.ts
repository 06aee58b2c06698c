/**
 * Names that make functions, classes and modules of what the file carries: their code runs when it is used, not before.
 * cloudpickle's are named one by one, under each of the packages that carry a copy of it.
 */
const cloudpickle =
  '_make_function _function_setstate _make_skel_func _fill_function _make_skeleton_class _make_skeleton_enum ' +
  '_class_setstate _rehydrate_skeleton_class _make_cell _make_empty_cell _empty_cell_value cell_set _builtin_type ' +
  '_make_dict_keys _make_dict_values _make_dict_items _make_typevar _get_bases _gen_ellipsis _gen_not_implemented ' +
  '_genpartial _load_class _load_namedtuple _restore_attr _modules_to_main _lookup_class_or_track _file_reconstructor ' +
  '_get_dataclass_field_type_sentinel subimport dynamic_subimport';

const dill =
  '_create_function _create_code _create_type _create_cell _create_lock _create_rlock _load_type _create_array ' +
  '_create_namedtuple _get_attr _import_module _setitems _create_typemap _create_weakref _create_weakproxy ' +
  '_create_dtypemeta _create_ftype _get_typedict_abc _get_typedict_enum _get_typedict_type';

/** Numba's, of functions that it compiles: see numba.ts. */
const numba = '_unpickle__CustomPickled _CustomPickled custom_rebuild _rebuild_reduction';

const homes = [
  '',
  'joblib.externals.',
  'sklearn.externals.joblib.externals.',
  'ray.',
  'srsly.',
  'pyspark.',
  'distributed.',
  'numba.',
];

export const carriers: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    types: 'CodeType FunctionType LambdaType MethodType CellType',
    builtins: 'code function method cell',
    new: 'code function instancemethod classobj',
    'pyspark.serializers': '_restore',
    'numba.core.serialize': numba,
    'numba.serialize': numba,
    'numba.core.registry': 'CPUDispatcher',
    'numba.targets.registry': 'CPUDispatcher',
    ...Object.fromEntries(
      homes.flatMap((home) =>
        ['cloudpickle', 'cloudpickle.cloudpickle', 'cloudpickle.cloudpickle_fast'].map((module) => [
          `${home}${module}`,
          cloudpickle,
        ]),
      ),
    ),
    dill,
    'dill._dill': dill,
    'dill.dill': dill,
  }).map(([module, names]) => [module, new Set(names.split(' '))]),
);
