"""The names that pickles of this environment's libraries may hold, as JSON on standard output.

    python oracle/audit/sweep.py > scikit-learn-1.9.json

Run it in one environment per generation of the libraries; make_known.py merges the results into
packages/core/src/audit/known/. A pair (module, name) is listed if calling it with any arguments, or making an
instance and giving it any state, does nothing but build data: no file, no network, no code, no other call than of
what the file itself names.
"""

import importlib
import inspect
import json
import pkgutil
import sys
import warnings
from collections import defaultdict

warnings.simplefilter("ignore")
found = defaultdict(set)

# Nothing of these is vouched for: they read files, run code or templates, or are for tests and plots.
UNVOUCHED = (
    "sklearn.externals", "sklearn._build_utils", "sklearn.datasets", "sklearn.conftest", "sklearn.inspection",
    "sklearn.metrics._plot", "sklearn.model_selection._plot", "sklearn.utils._testing", "sklearn.utils._repr_html",
    "sklearn.utils._estimator_html_repr", "sklearn.utils.estimator_checks", "sklearn.utils._pprint",
    "sklearn.utils.fixes", "sklearn.utils.deprecation", "sklearn.utils.parallel", "sklearn.utils._joblib",
    "sklearn.utils._mocking", "sklearn.utils._plotting", "sklearn.utils._tags", "sklearn.utils._available_if",
    "sklearn.utils.metaestimators", "sklearn.utils._show_versions", "sklearn.__check_build", "sklearn.callback",
    "sklearn.utils._tempita", "sklearn.utils._array_api", "sklearn.utils.discovery", "sklearn._config",
)


def modules(package):
    yield package
    for info in pkgutil.walk_packages(package.__path__, package.__name__ + ".", onerror=lambda name: None):
        if ".tests" in info.name or info.name.endswith((".setup", "__main__")) or info.name.startswith(UNVOUCHED):
            continue
        try:
            yield importlib.import_module(info.name)
        except BaseException:  # optional dependencies, scripts
            continue


def vouch(module, *names):
    found[module].update(names)


def sweep_sklearn():
    import sklearn

    functions = (
        "sklearn.metrics", "sklearn.feature_selection", "sklearn.preprocessing", "sklearn.neural_network._base",
        "sklearn.utils.extmath", "sklearn.utils.validation", "sklearn.gaussian_process", "sklearn.neighbors",
        "sklearn.feature_extraction.text", "sklearn.covariance", "sklearn.tree", "sklearn.cluster", "sklearn._loss",
        "sklearn.linear_model", "sklearn.decomposition", "sklearn.manifold", "sklearn.model_selection._search",
    )
    for module in modules(sklearn):
        for name, value in vars(module).items():
            home = getattr(value, "__module__", None)
            # Cython's _loss calls itself by its last name alone.
            if home != module.__name__ and not (home == "_loss" and module.__name__ == "sklearn._loss._loss"):
                continue
            if inspect.isclass(value):
                if not issubclass(value, BaseException):
                    vouch(home, value.__qualname__)
                    vouch(module.__name__, value.__qualname__)
            elif name.startswith("__pyx_unpickle_") or name == "newObj":
                vouch(home, name)
                vouch(module.__name__, name)
            elif callable(value) and getattr(value, "__name__", "<").isidentifier() and module.__name__.startswith(functions):
                vouch(home, value.__name__)


def sweep_numpy():
    import numpy as np

    # They touch files, call what they are given, or change the interpreter.
    not_functions = set(
        "load save savez savez_compressed loadtxt genfromtxt savetxt fromfile fromregex memmap DataSource source info "
        "lookfor apply_along_axis apply_over_axes frompyfunc fromfunction piecewise fromstring fromiter "
        "from_dlpack get_include show_config show_runtime deprecate deprecate_with_doc set_printoptions seterr "
        "seterrcall setbufsize set_string_function setdiffcall test who disp add_docstring add_newdoc "
        "add_newdoc_ufunc safe_eval byte_bounds printoptions errstate".split()
    )
    for name in dir(np):
        value = getattr(np, name, None)
        if isinstance(value, np.ufunc):
            vouch("numpy", name)
            for home in ("numpy.core._multiarray_umath", "numpy._core._multiarray_umath"):
                vouch(home, value.__name__)
        elif inspect.isclass(value) and issubclass(value, np.generic):
            vouch("numpy", name)
        elif callable(value) and not inspect.isclass(value) and not name.startswith("_") and name not in not_functions:
            if getattr(value, "__module__", "") and value.__module__.split(".")[0] == "numpy":
                vouch("numpy", name)
                if value.__module__.startswith(("numpy.core", "numpy._core", "numpy.lib")):
                    vouch(value.__module__, value.__name__)
    vouch("numpy", "dtype", "ndarray", "matrix", "recarray", "record", "vectorize", "poly1d", "bool_", "str_", "bytes_")
    for name in dir(getattr(np, "dtypes", None)):
        if name.endswith("DType"):
            vouch("numpy.dtypes", name)
    for name in np.random.__all__:
        value = getattr(np.random, name)
        if inspect.isclass(value):
            vouch(value.__module__, name)
            vouch("numpy.random", name)


def sweep_scipy():
    import scipy.interpolate
    import scipy.sparse
    import scipy.spatial
    import scipy.special
    import scipy.stats

    for package in (scipy.sparse, scipy.interpolate, scipy.spatial):
        for name in dir(package):
            value = getattr(package, name, None)
            if inspect.isclass(value) and not issubclass(value, BaseException):
                vouch(value.__module__, value.__name__)
                vouch(package.__name__, value.__name__)
    import scipy.spatial.distance as distance

    for name in distance.__all__:
        vouch("scipy.spatial.distance", name)
    import numpy as np

    for name in dir(scipy.special):
        if isinstance(getattr(scipy.special, name), np.ufunc):
            vouch("scipy.special", name)
            vouch("scipy.special._ufuncs", name)
    for home in ("_continuous_distns", "_discrete_distns", "_distn_infrastructure"):
        module = importlib.import_module(f"scipy.stats.{home}")
        for name, value in vars(module).items():
            if inspect.isclass(value) and value.__module__ == module.__name__ and not issubclass(value, BaseException):
                vouch(module.__name__, name)
    vouch("scipy.stats._distn_infrastructure", "rv_frozen", "rv_continuous_frozen", "rv_discrete_frozen")
    vouch("scipy.optimize._optimize", "OptimizeResult")
    vouch("scipy.optimize.optimize", "OptimizeResult")


def sweep_pandas():
    import pandas as pd

    for name in dir(pd):
        value = getattr(pd, name, None)
        if inspect.isclass(value) and not issubclass(value, BaseException):
            if name in ("ExcelFile", "ExcelWriter", "HDFStore"):
                continue
            vouch("pandas", name)
            vouch(value.__module__, value.__name__)
    for name in dir(pd.arrays):
        value = getattr(pd.arrays, name)
        if inspect.isclass(value):
            vouch("pandas.arrays", name)
            vouch(value.__module__, value.__name__)
    for home in ("pandas.core.internals.managers", "pandas.core.internals.blocks", "pandas.core.indexes.frozen"):
        try:
            module = importlib.import_module(home)
        except ImportError:
            continue
        for name, value in vars(module).items():
            if inspect.isclass(value) and value.__module__ == home and not issubclass(value, BaseException):
                vouch(home, name)
    for home in ("pandas.tseries.offsets", "pandas._libs.tslibs.offsets"):
        module = importlib.import_module(home)
        for name, value in vars(module).items():
            if inspect.isclass(value) and value.__module__.startswith("pandas.") and not issubclass(value, BaseException):
                vouch(home, name)
                vouch(value.__module__, value.__name__)
    vouch("pandas.core.indexes.base", "_new_Index")
    vouch("pandas.core.indexes.datetimes", "_new_DatetimeIndex")
    vouch("pandas.core.indexes.period", "_new_PeriodIndex")
    vouch("pandas._libs.internals", "_unpickle_block")
    vouch("pandas._libs.arrays", "__pyx_unpickle_NDArrayBacked")
    vouch("pandas._libs.missing", "NA", "NAType", "_NA")
    vouch("pandas._libs.tslibs.timestamps", "_unpickle_timestamp", "Timestamp")
    vouch("pandas._libs.tslibs.timedeltas", "_timedelta_unpickle", "Timedelta")
    vouch("pandas._libs.tslibs.nattype", "_nat_unpickle", "NaTType")
    vouch("pandas._libs.tslibs.period", "Period")
    vouch("pandas._libs.interval", "Interval")


sweep_sklearn()
sweep_numpy()
sweep_scipy()
sweep_pandas()
json.dump({module: sorted(names) for module, names in sorted(found.items())}, sys.stdout, indent=0)
