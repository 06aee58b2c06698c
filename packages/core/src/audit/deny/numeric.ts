import type { DenyTable } from './harms.js';

const readers =
  'read_csv read_json read_excel read_html read_sql read_sql_query read_sql_table read_parquet read_feather read_orc ' +
  'read_xml read_table read_stata read_sas read_fwf read_gbq read_iceberg';

/** numpy, scipy, pandas, joblib, scikit-learn and what stands beside them. */
export const numeric: readonly DenyTable[] = [
  {
    library: 'numpy',
    modules: {
      code: 'numpy.testing numpy.f2py numpy.conftest numpy._pytesttester numpy.array_api',
      shell: 'numpy.distutils numpy._build_utils',
      native: 'numpy.ctypeslib numpy.core._internal._ctypes numpy._core._internal._ctypes',
      files: 'numpy.lib.npyio numpy.lib._npyio_impl numpy.lib._datasource numpy.compat.py3k',
      pickle: 'numpy.lib.format numpy.lib._format_impl',
    },
    names: {
      numpy: {
        pickle: 'load loads',
        files:
          'save savez savez_compressed savetxt loadtxt genfromtxt fromfile tofile fromregex memmap recfromcsv ' +
          'recfromtxt ndfromtxt mafromtxt',
        network: 'DataSource',
        inspect: 'source setattr set_printoptions seterrcall seterrobj set_numeric_ops',
        code: 'safe_eval set_string_function test',
        calls: 'frompyfunc fromfunction apply_along_axis apply_over_axes piecewise',
        imports: 'info lookfor',
        memory: 'from_dlpack',
      },
      'numpy.core.multiarray': { files: 'fromfile', code: 'set_string_function', calls: 'frompyfunc' },
      'numpy._core.multiarray': { files: 'fromfile', code: 'set_string_function', calls: 'frompyfunc' },
      'numpy.core._multiarray_umath': { files: 'fromfile', code: 'set_string_function', calls: 'frompyfunc' },
      'numpy._core._multiarray_umath': { files: 'fromfile', code: 'set_string_function', calls: 'frompyfunc' },
      'numpy.core.memmap': { files: 'memmap' },
      'numpy._core.memmap': { files: 'memmap' },
      'numpy.core.records': { files: 'fromfile' },
      'numpy._core.records': { files: 'fromfile' },
      'numpy.core.numeric': { files: 'load', calls: 'fromfunction' },
      'numpy.lib.utils': { code: 'safe_eval', imports: 'info lookfor', inspect: 'source' },
      'numpy.lib._utils_impl': { code: 'safe_eval', imports: 'info' },
      'numpy.lib.shape_base': { calls: 'apply_along_axis apply_over_axes' },
      'numpy.lib._shape_base_impl': { calls: 'apply_along_axis apply_over_axes' },
      'numpy.lib.function_base': { calls: 'piecewise' },
      'numpy.lib._function_base_impl': { calls: 'piecewise' },
      'numpy.ma': { calls: 'apply_along_axis apply_over_axes' },
    },
  },
  {
    library: 'scipy',
    modules: {
      files: 'scipy.io scipy.datasets',
      code: 'scipy.weave scipy._lib._testutils scipy.conftest',
      native: 'scipy._lib._ccallback scipy._lib._ccallback_c',
    },
    names: {
      scipy: { native: 'LowLevelCallable', code: 'test' },
      'scipy.misc': { network: 'electrocardiogram face ascent' },
    },
  },
  {
    library: 'pandas',
    modules: {
      files: 'pandas.io pandas._libs.parsers pandas.compat.pickle_compat pandas._testing pandas.util._print_versions',
      code: 'pandas.core.computation pandas.conftest pandas.tests pandas.core._numba',
      network: 'pandas.util.testing',
    },
    names: {
      pandas: {
        pickle: 'read_pickle',
        network: readers,
        files: 'read_hdf read_spss HDFStore ExcelFile ExcelWriter to_pickle',
        inspect: 'read_clipboard set_option option_context',
        code: 'eval test',
      },
      'pandas.core.frame': { code: 'DataFrame.eval DataFrame.query DataFrame.pipe DataFrame.apply' },
      'pandas.compat._optional': { imports: 'import_optional_dependency' },
    },
  },
  {
    library: 'joblib',
    modules: {
      code:
        'joblib.externals joblib.parallel joblib._parallel_backends joblib._dask joblib.executor joblib.pool loky ' +
        'joblib.testing joblib._cloudpickle_wrapper',
      files:
        'joblib.memory joblib._store_backends joblib._memmapping_reducer joblib.disk joblib.logger joblib.backports ' +
        'joblib.compressor',
      pickle: 'joblib.numpy_pickle_utils',
    },
    // Keeps the function that it was given, and caches nothing.
    except: { 'joblib.memory': 'NotMemorizedFunc', 'sklearn.externals.joblib.memory': 'NotMemorizedFunc' },
    names: {
      joblib: {
        pickle: 'load',
        files: 'dump Memory MemorizedResult',
        code: 'Parallel delayed parallel_backend parallel_config wrap_non_picklable_objects',
      },
      'joblib.numpy_pickle': {
        pickle: 'load _unpickle NumpyUnpickler',
        files: 'dump load_temporary_memmap NumpyPickler',
      },
      'joblib.numpy_pickle_compat': {
        pickle: 'load_compatibility ZipNumpyUnpickler NumpyUnpickler',
        files: 'read_zfile',
      },
      'sklearn.externals.joblib': { pickle: 'load', files: 'dump' },
    },
  },
  {
    library: 'scikit-learn',
    modules: {
      files: 'sklearn.datasets',
      code:
        'sklearn.utils._tempita sklearn.externals._tempita sklearn._build_utils sklearn.conftest ' +
        'sklearn.utils._testing sklearn.utils.testing sklearn.utils.estimator_checks sklearn.externals._numpydoc',
      imports: 'sklearn.utils.discovery',
    },
    except: { 'sklearn.datasets.base': 'Bunch', 'sklearn.datasets._base': 'Bunch' },
    names: {
      'sklearn.utils.parallel': { code: 'Parallel delayed _FuncWrapper' },
      'sklearn.utils.fixes': { code: 'delayed _FuncWrapper' },
      'scikeras._saving_utils': {
        code: 'unpack_keras_model unpack_keras_optimizer unpack_keras_metric unpack_keras_loss',
      },
      'skops.io': { code: 'load loads' },
      'skops.io._persist': { code: 'load loads' },
      statsmodels: { pickle: 'load_pickle' },
      'statsmodels.iolib.smpickle': { pickle: 'load_pickle' },
      'statsmodels.datasets': { network: 'get_rdataset webuse' },
      'statsmodels.api': { pickle: 'load load_pickle' },
      'xgboost.core': { native: 'ctypes _LIB' },
      'xgboost.collective': { network: 'init CommunicatorContext' },
      'xgboost.tracker': { network: 'RabitTracker' },
      'lightgbm.basic': { native: 'ctypes _LIB' },
      'catboost.utils': { files: 'read_cd create_cd' },
      'imblearn.datasets': { network: 'fetch_datasets' },
      'imblearn.utils.testing': { imports: 'all_estimators' },
    },
  },
];
