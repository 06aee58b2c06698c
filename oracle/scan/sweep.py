"""What every name of this environment's libraries can do when a pickle names it, as JSON on standard output.

    python oracle/scan/sweep.py > sweep-1.9.1.json          # one environment per generation; known.py merges them
    python oracle/scan/sweep.py transformers shap > …       # of these packages alone

A class is judged by what loading an instance of it runs: __new__ and __setstate__ (and what pickle calls on the way:
__setattr__, property setters, append, extend, add, __setitem__, __hash__, __eq__, __getattr__, __del__) for an instance
that is made and given a state, __init__ besides where the file calls the class. Each of these methods that is written
in Python is read as a syntax tree, and so are the functions it calls, to a depth of four; a method that opens files,
imports, evaluates, starts something, calls what it was given, or loads, is not vouched for. JUDGED holds what a person
read where the tree cannot say, with the reason. Every judgement is in the output: known.py keeps them in judged.json.

    makes    calling it with any arguments, or giving its instance any state, only builds data
    state    an instance may be made without __init__ and given any state; a call is not vouched for
    guarded  as makes, if the state is one that the library itself would have written: the scanner looks at it
    refers   it may be named (the function of a FunctionTransformer, a metric); a call at load is not vouched for
    no       not vouched for, and why
"""

import ast
import enum
import importlib
import inspect
import json
import pkgutil
import sys
import textwrap
import types
import warnings

warnings.simplefilter("ignore")
found = {}
versions = {}

try:
    from scipy.stats._distn_infrastructure import rv_generic

    GENERIC = (rv_generic,) if hasattr(rv_generic, "__setstate__") else ()
except ImportError:
    GENERIC = ()

# Modules of which nothing is vouched for: they read files, run code or templates, or are for tests and plots.
SKIPPED = (
    "sklearn.externals", "sklearn._build_utils", "sklearn.datasets", "sklearn.conftest", "sklearn.utils._testing",
    "sklearn.utils.testing", "sklearn.utils._repr_html", "sklearn.utils._estimator_html_repr",
    "sklearn.utils.estimator_checks", "sklearn.utils._pprint", "sklearn.utils._joblib", "sklearn.utils._mocking",
    "sklearn.utils.mocking", "sklearn.utils._show_versions", "sklearn.__check_build", "sklearn.utils._tempita",
    "sklearn.utils.discovery", "sklearn.experimental", "imblearn.datasets", "imblearn.utils", "imblearn.tensorflow",
    "imblearn.keras", "xgboost.spark", "xgboost.dask", "xgboost.testing", "xgboost.tracker", "xgboost.collective",
    "xgboost.federated", "lightgbm.dask", "lightgbm.plotting", "xgboost.plotting", "catboost.widget", "catboost.hnsw",
    "catboost.dev_utils", "catboost.eval", "catboost.monoforest", "statsmodels.datasets", "statsmodels.sandbox",
    "statsmodels.graphics", "statsmodels.iolib", "statsmodels.tools", "statsmodels.compat", "statsmodels.formula",
    "pyod.utils.data", "pyod.models.thresholds", "mlxtend.data", "mlxtend.plotting", "feature_engine.dataframe_checks",
    "umap.plot", "umap.parametric", "hdbscan.plots", "hdbscan.flat", "sktime.datasets", "sktime.utils",
    "sktime.benchmarking", "sktime.registry", "sktime.libs", "category_encoders.datasets", "torch.nn.parallel",
    "mlxtend.externals", "ngboost.examples", "interpret.ext", "interpret.visual", "interpret.provider",
    "nltk.app", "nltk.book", "nltk.corpus", "nltk.draw", "nltk.twitter", "nltk.test", "nltk.downloader", "nltk.sem",
    "nltk.inference", "nltk.chat", "nltk.parse", "nltk.internals", "nltk.data", "gensim.downloader", "gensim.scripts",
    "gensim.test", "gensim.nosy", "optuna.visualization", "optuna.storages._rdb", "optuna.storages._journal",
    "optuna.storages._grpc", "optuna.artifacts", "optuna.cli", "optuna.integration", "optuna._callbacks",
    "river.datasets", "river.stream", "river.checks", "river.utils.pretty", "lifelines.datasets", "lifelines.plotting",
    "pmdarima.datasets", "pmdarima._build_utils", "tsfresh.scripts", "tsfresh.examples", "tsfresh.feature_extraction",
    "tsfresh.utilities.distribution", "dask_ml.datasets", "dask_ml.xgboost", "dask_ml.tensorflow", "implicit.datasets",
    "implicit.gpu", "surprise.builtin_datasets", "surprise.dump", "statsforecast.distributed", "prophet.serialize",
    "prophet.plot", "prophet.diagnostics", "flaml.default", "flaml.autogen", "flaml.onlineml", "flaml.tune", "econml.utilities",
    "econml.dowhy", "econml.cate_interpreter", "econml.solutions", "shap.datasets", "shap.plots", "shap.benchmark",
    "shap.other", "sktime.clustering", "sktime.detection", "sktime.annotation", "sktime.networks", "sktime.param_est",
    "sktime.regression", "sktime.proba", "sktime.dists_kernels", "sktime.pipeline", "sktime.alignment",
    "sktime.base._meta", "skbase.utils", "skbase.testing", "skbase.lookup", "pycaret.internal.plots", "pycaret.datasets",
    "pycaret.internal.tunable", "pycaret.loggers", "pycaret.utils.time_series", "formulaic.utils.sparse", "skorch.dataset",
    "skorch.helper", "skorch.hf", "skorch.llm", "skorch.history", "skorch.cli", "sentence_transformers.datasets",
    "sklearnex.spmd", "onedal.spmd", "sklearnex.tests", "onedal.tests", "daal4py.sklearn.monkeypatch", "imodels.util.data_util",
    "imodels.experimental", "tslearn.datasets", "tslearn.docs", "autogluon.common.loaders", "autogluon.common.savers",
    "autogluon.common.utils", "autogluon.core.utils", "autogluon.core.ray", "autogluon.core.searcher", "autogluon.core.hpo",
    "autogluon.tabular.testing", "autogluon.tabular.experimental",
)

# Functions of these may be named: what people pass to FunctionTransformer, scorers, kernels and metrics.
FUNCTIONS = (
    "sklearn.metrics", "sklearn.feature_selection", "sklearn.preprocessing", "sklearn.neural_network._base",
    "sklearn.utils.extmath", "sklearn.utils.validation", "sklearn.gaussian_process", "sklearn.neighbors",
    "sklearn.feature_extraction.text", "sklearn.covariance", "sklearn.tree", "sklearn.cluster", "sklearn._loss",
    "sklearn.linear_model", "sklearn.decomposition", "sklearn.manifold", "sklearn.model_selection._search",
    "sklearn.utils.fixes", "sklearn.ensemble", "scipy.special", "scipy.stats", "scipy.spatial.distance", "scipy.linalg",
    "imblearn.metrics", "imblearn.over_sampling", "imblearn.under_sampling", "umap.distances", "hdbscan", "pyod.utils",
    "mlxtend.evaluate", "category_encoders.utils", "xgboost.sklearn", "lightgbm.sklearn", "torch.nn.functional",
    "torch.nn.init", "feature_engine", "gensim.models.tfidfmodel", "gensim.models.phrases", "gensim.utils", "gensim.matutils",
    "optuna.samplers._tpe.sampler", "lifelines.utils", "formulaic.transforms", "river.utils.math", "nltk.metrics",
    "econml.score", "shap.utils._legacy", "shap.links", "sktime.performance_metrics",
)

# Packages that are walked, and under what a version is looked for.
PACKAGES = {
    "sklearn": "scikit-learn", "imblearn": "imbalanced-learn", "category_encoders": "category-encoders",
    "xgboost": "XGBoost", "lightgbm": "LightGBM", "catboost": "CatBoost", "statsmodels": "statsmodels",
    "umap": "umap-learn", "hdbscan": "hdbscan", "pyod": "PyOD", "mlxtend": "mlxtend",
    "feature_engine": "feature-engine", "sklego": "scikit-lego", "sklearn_pandas": "sklearn-pandas",
    "ngboost": "NGBoost", "boruta": "Boruta", "kmodes": "kmodes", "treelib": "treelib", "skopt": "scikit-optimize",
    "interpret": "interpret", "pynndescent": "pynndescent", "river": "river", "gensim": "gensim", "hmmlearn": "hmmlearn",
    "nltk": "nltk", "lifelines": "lifelines", "formulaic": "formulaic", "optuna": "optuna", "prophet": "prophet",
    "surprise": "scikit-surprise", "sklearn_crfsuite": "sklearn-crfsuite", "pycrfsuite": "python-crfsuite",
    "pmdarima": "pmdarima", "tsfresh": "tsfresh", "dask_ml": "dask-ml", "implicit": "implicit",
    "statsforecast": "statsforecast", "sktime": "sktime", "skbase": "scikit-base", "flaml": "FLAML", "econml": "econml",
    "shap": "shap", "h2o": "h2o", "pycaret": "pycaret", "cmdstanpy": "cmdstanpy", "stanio": "stanio", "skorch": "skorch",
    "sentence_transformers": "sentence-transformers", "slicer": "slicer", "sklearnex": "scikit-learn-intelex",
    "onedal": "scikit-learn-intelex", "daal4py": "scikit-learn-intelex", "imodels": "imodels", "tslearn": "tslearn",
    "autogluon.common": "autogluon.common", "autogluon.features": "autogluon.features",
    "autogluon.core": "autogluon.core", "autogluon.tabular": "autogluon.tabular", "scikeras": "scikeras",
}

# Read by a person: (judgement, reason).
EXTENSION = "extension type: takes numbers, arrays and objects of its own kind"
JUDGED = {
    "numpy.ndarray": ("makes", "allocates; a buffer that is not one is refused"),
    "numpy.dtype": ("makes", "parses a description"),
    "numpy.vectorize": ("makes", "keeps the function, which runs when the object is called"),
    "numpy.memmap": ("no", "opens files"),
    "xgboost.core.Booster": ("state", "__setstate__ hands the bytes to the native reader; __init__ may take a file name"),
    "lightgbm.basic.Booster": ("state", "__setstate__ hands the text to the native parser; __init__ may take a file name"),
    "catboost.core.CatBoost": ("state", "__setstate__ hands the bytes to the native reader and sets parameters"),
    "catboost.core.CatBoostClassifier": ("state", "as CatBoost"),
    "catboost.core.CatBoostRegressor": ("state", "as CatBoost"),
    "catboost.core.CatBoostRanker": ("state", "as CatBoost"),
    "sklearn.utils._bunch.Bunch": ("makes", "a dict; its __setstate__ ignores the state"),
    "sklearn.utils.Bunch": ("makes", "a dict; its __setstate__ ignores the state"),
    "pandas.core.internals.managers.BlockManager": ("makes", "checks its arrays; no call of what it is given"),
    "pandas.core.internals.managers.SingleBlockManager": ("makes", "checks its arrays; no call of what it is given"),
    "pandas.DataFrame": ("makes", "copies what it is given; a callable stays a value"),
    "pandas.core.frame.DataFrame": ("makes", "copies what it is given; a callable stays a value"),
    "pandas.Series": ("makes", "copies what it is given; a callable stays a value"),
    "pandas.core.series.Series": ("makes", "copies what it is given; a callable stays a value"),
    "scipy.stats._distn_infrastructure.rv_frozen": ("state", "__setstate__ is __dict__.update; __init__ calls the class of what it is given"),
    "catboost.core.Pool": ("no", "reads the file it is given the name of"),
    "joblib.parallel.Parallel": ("no", "starts processes"),
    "tokenizers.Tokenizer": ("state", "__setstate__ parses JSON in Rust; there is no __init__ with a path"),
}

# Functions that files call while they are loaded, and that only build data.
REBUILDERS = {
    **{m: "_reconstruct scalar" for m in ("numpy.core.multiarray", "numpy._core.multiarray", "numpy.multiarray",
                                            "numpy.core._multiarray_umath", "numpy._core._multiarray_umath")},
    **{m: "_frombuffer" for m in ("numpy.core.numeric", "numpy._core.numeric")},
    **{m: "_convert_to_stringdtype_kwargs" for m in ("numpy.core._internal", "numpy._core._internal")},
    "numpy.ma.core": "_mareconstruct", "numpy.ma": "_mareconstruct",
    "numpy.random._pickle": "__randomstate_ctor __generator_ctor __bit_generator_ctor",
    "numpy.random": "__RandomState_ctor __randomstate_ctor __generator_ctor __bit_generator_ctor",
    "numpy.random.mtrand": "__RandomState_ctor",
    "pandas.core.indexes.base": "_new_Index", "pandas.indexes.base": "_new_Index", "pandas.core.index": "_new_Index",
    "pandas.core.indexes.datetimes": "_new_DatetimeIndex", "pandas.core.indexes.period": "_new_PeriodIndex",
    "pandas.core.indexes.interval": "_new_IntervalIndex", "pandas.tseries.index": "_new_DatetimeIndex",
    "pandas._libs.internals": "_unpickle_block", "pandas.core.internals.blocks": "new_block",
    "pandas._libs.tslibs.timestamps": "_unpickle_timestamp", "pandas._libs.tslibs.timedeltas": "_timedelta_unpickle",
    "pandas._libs.tslibs.nattype": "_nat_unpickle __nat_unpickle",
    "torch._utils": "_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter "
    "_rebuild_parameter_with_state _rebuild_qtensor _rebuild_sparse_tensor _rebuild_sparse_csr_tensor "
    "_rebuild_nested_tensor _rebuild_device_tensor_from_numpy _rebuild_meta_tensor_no_storage",
}

RISKY_BUILTINS = {"exec", "eval", "compile", "open", "__import__", "input", "breakpoint", "execfile", "globals"}
RISKY_MODULES = {
    "os", "subprocess", "shutil", "socket", "ctypes", "importlib", "pickle", "cPickle", "marshal", "tempfile", "threading",
    "multiprocessing", "urllib", "requests", "http", "sqlite3", "webbrowser", "runpy", "io", "codecs", "sys", "joblib",
    "cloudpickle", "dill", "concurrent", "signal", "pathlib", "glob", "inspect", "gc", "zipfile", "tarfile", "pkgutil",
}
# Of these modules, what is only asked for.
HARMLESS = {"os.path", "os.environ", "os.getenv", "os.cpu_count", "sys.version_info", "sys.platform", "sys.maxsize",
            "inspect.signature", "inspect.isclass", "inspect.getmro", "inspect.getfullargspec", "inspect.Parameter",
            "sys.getsizeof", "pathlib.Path", "inspect.isfunction", "os.linesep", "os.sep", "inspect.isgenerator",
            "sys.modules", "sys.stdout", "inspect.stack", "sys.stderr", "inspect.currentframe", "inspect.getfile", "os.fspath",
            "joblib.parallel.effective_n_jobs", "joblib.effective_n_jobs", "joblib.cpu_count", "sys._getframe",
            "inspect.wrapped_inspect_signature", "sys.exc_info", "sys.getrecursionlimit", "inspect.ismethod",
            "inspect.Signature", "inspect.cleandoc", "inspect.getdoc", "sys.byteorder", "sys.float_info"}
RISKY_METHODS = {
    "load", "loads", "Load", "load_model", "loadModel", "eval", "query", "system", "to_csv", "to_pickle", "tofile",
    "start", "run", "connect", "urlopen", "import_module", "read_csv", "read_pickle", "fromfile", "memmap", "save",
    "popen", "Popen", "unlink", "rmtree", "mkdir", "makedirs", "write_text", "write_bytes", "read_text", "read_bytes",
    "rmdir", "open", "exec_module", "genfromtxt", "loadtxt", "from_pretrained", "hf_hub_download", "load_state",
    "LoadFromFile", "download",
}
HOOKS = ("__new__", "__setstate__", "__setattr__", "__del__", "__getattr__", "__getattribute__", "__hash__", "__eq__",
         "append", "extend", "add", "__setitem__", "__index__", "__len__", "__bool__", "__iter__", "__instancecheck__")


def root_of(node):
    """`a.b.c` as ('a', 'a.b.c'); (None, None) for anything else."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None, None
    parts.append(node.id)
    return node.id, ".".join(reversed(parts))


trees = {}


def tree_of(function):
    function = inspect.unwrap(function)
    code = getattr(function, "__code__", None)
    if code not in trees:
        try:
            trees[code] = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
        except (OSError, TypeError, SyntaxError, IndentationError, IndexError):
            trees[code] = None
    return trees[code]


def risk(function, owner=None, depth=0, seen=None):
    """What is wrong with running a function with any arguments: a few words, or None."""
    seen = set() if seen is None else seen
    function = getattr(function, "__func__", function)
    if not isinstance(function, types.FunctionType):
        return None
    if function in seen or depth > 4:
        return None
    seen.add(function)
    tree = tree_of(function)
    if tree is None:
        return "its source cannot be read"
    if isinstance(tree, ast.ClassDef) or not hasattr(tree, "args"):
        return None
    arguments = tree.args
    names = [a.arg for a in arguments.args + arguments.kwonlyargs + getattr(arguments, "posonlyargs", [])]
    own = names[0] if names and owner is not None else None
    given = set(names[1:] if own else names)
    space = function.__globals__
    local = {}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                module = getattr(node, "module", None) or alias.name
                local[alias.asname or alias.name.split(".")[0]] = module if isinstance(node, ast.ImportFrom) else alias.name
                if (module or "").split(".")[0] in RISKY_MODULES and isinstance(node, ast.ImportFrom):
                    local[alias.asname or alias.name] = "%s.%s" % (module, alias.name)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node is not tree:
            given.discard(node.name)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name):
            name = called.id
            if name in given:
                return "calls what it is given (%s)" % name
            if name in RISKY_BUILTINS and name not in space:
                return "calls %s" % name
            target = space.get(name)
            if isinstance(target, types.FunctionType):
                home = target.__module__ or ""
                if home.split(".")[0] in RISKY_MODULES:
                    if "%s.%s" % (home, name) not in HARMLESS:
                        return "calls %s.%s" % (home, name)
                    continue
                why = risk(target, None, depth + 1, seen)
                if why and not why.startswith("calls what"):
                    return why
            elif inspect.isclass(target) and target.__module__ not in ("builtins",):
                if target.__module__.split(".")[0] in RISKY_MODULES:
                    return "makes %s.%s" % (target.__module__, name)
            elif name in local and local[name].split(".")[0] in RISKY_MODULES and local[name] not in HARMLESS:
                return "calls %s" % local[name]
        elif isinstance(called, ast.Attribute):
            root, path = root_of(called)
            if root is not None:
                target = space.get(root)
                if type(target).__name__ in ("CDLL", "PyDLL"):
                    return "calls native code"
                module = target.__name__ if isinstance(target, types.ModuleType) else local.get(root)
                if module is not None:
                    full = ".".join([module] + path.split(".")[1:])
                    if module.split(".")[0] in RISKY_MODULES and not any(full.startswith(h) for h in HARMLESS):
                        return "calls %s" % full
                elif root == own and path.count(".") == 1 and owner is not None:
                    method = inspect.getattr_static(owner, called.attr, None)
                    method = getattr(method, "__func__", method)
                    if isinstance(method, types.FunctionType):
                        why = risk(method, owner, depth + 1, seen)
                        if why:
                            return why
                    elif method is not None and callable(method) and native(owner, called.attr):
                        return "calls native .%s" % called.attr
                    elif method is None and called.attr not in dir(object) and called.attr not in dir(dict) + dir(list):
                        return "calls an attribute that the state gives (%s)" % called.attr
            if called.attr in RISKY_METHODS and root not in ("np", "numpy") or called.attr in ("fromfile", "memmap"):
                return "calls .%s" % called.attr
        elif isinstance(called, ast.Call):
            if isinstance(called.func, ast.Name) and called.func.id in ("type", "super", "namedtuple", "partial"):
                continue
            return "calls what another call gives"
        elif isinstance(called, ast.Subscript):
            return "calls what a table gives"
    return None


def judge_class(cls):
    full = "%s.%s" % (cls.__module__, cls.__qualname__)
    if full in JUDGED:
        return JUDGED[full]
    if issubclass(cls, BaseException):
        return ("no", "an exception")
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        return ("makes", "a named tuple")
    if issubclass(cls, enum.Enum):
        return ("makes", "looks a member up by its value")
    if issubclass(cls, GENERIC):
        return ("guarded", "scipy's __setstate__ runs the text in _parse_arg_template: the state must hold scipy's own")
    hooks, bad = [], None
    unhashable = cls.__hash__ is None or refuses(cls.__hash__)
    for base in cls.__mro__:
        if base.__module__ in ("builtins", "abc", "typing", "collections", "enum"):
            continue
        if full in JUDGED or "%s.%s" % (base.__module__, base.__qualname__) in JUDGED:
            pass
        for name, value in list(vars(base).items()):
            setter = value.fset if isinstance(value, property) else None
            function = value.__func__ if isinstance(value, (staticmethod, classmethod)) else setter or value
            if name == "__eq__" and (unhashable or hasattr(cls, "__dataclass_fields__")):
                continue
            if (name in HOOKS or setter) and isinstance(function, types.FunctionType):
                hooks.append(name)
                bad = bad or with_place(risk(function, cls), name)
    meta = type(cls)
    if isinstance(vars(meta).get("__call__"), types.FunctionType):
        return ("no", "its metaclass answers calls") if bad is None else ("no", bad)
    if bad:
        return ("no", bad)
    extension = not any(isinstance(getattr(cls, hook, None), types.FunctionType) for hook in ("__init__",)) and is_extension(cls)
    init = None
    for base in cls.__mro__:
        function = vars(base).get("__init__")
        if isinstance(function, types.FunctionType):
            init = with_place(risk(function, cls), "__init__")
            break
    said = "reads: %s" % " ".join(sorted(set(hooks))) if hooks else "no method of its own runs"
    if init:
        return ("state", "%s; %s" % (said, init))
    return ("makes", EXTENSION if extension else said)


def native(owner, name):
    """A method of an extension type of the library itself, about which the tree says nothing."""
    for base in owner.__mro__:
        if name in vars(base):
            return is_extension(base) and base.__module__.split(".")[0] not in ("builtins", "numpy", "collections")
    return False


def refuses(function):
    """A __hash__ that raises."""
    tree = tree_of(function) if isinstance(function, types.FunctionType) else None
    return tree is not None and isinstance(tree.body[-1], ast.Raise)


def with_place(why, name):
    return None if why is None else "%s %s" % (name, why)


def is_extension(cls):
    return not (cls.__flags__ & (1 << 9))  # Py_TPFLAGS_HEAPTYPE: made by a class statement


def note(module, name, judgement):
    kind, why = judgement
    known = found.setdefault(module, {}).get(name)
    # Re-exported under a second module: the judgement is the object's own.
    if known is None or known[0] == "no":
        found[module][name] = [kind, why]


def modules(package, only=None):
    yield package
    if not hasattr(package, "__path__"):
        return
    for info in pkgutil.walk_packages(package.__path__, package.__name__ + ".", onerror=lambda name: None):
        parts = info.name.split(".")
        if only and not any(info.name.startswith(o) or o.startswith(info.name + ".") for o in only):
            continue
        if {"tests", "test", "setup", "__main__", "conftest", "_testing", "testing", "benchmarks", "examples"} & set(parts):
            continue
        if info.name.startswith(SKIPPED):
            continue
        try:
            yield importlib.import_module(info.name)
        except BaseException:  # optional dependencies, scripts
            continue


def sweep_package(package, only=None):
    top = package.__name__.split(".")[0]
    for module in modules(package, only):
        if only and not any(module.__name__.startswith(o) for o in only):
            continue
        for name, value in list(vars(module).items()):
            home = getattr(value, "__module__", None)
            if not isinstance(home, str):
                continue
            # Cython's _loss calls itself by its last name alone.
            if home.split(".")[0] != top and not (home == "_loss" and module.__name__ == "sklearn._loss._loss"):
                continue
            if home != module.__name__ and home != "_loss" and not (inspect.isclass(value) and module.__name__ == top):
                continue
            if inspect.isclass(value):
                judgement = judge_class(value)
                if judgement[0] != "no" or judgement[1] != "an exception":
                    note(home, value.__qualname__, judgement)
                    note(module.__name__, value.__qualname__, judgement)
                for inner in vars(value).values():
                    if inspect.isclass(inner) and inner.__qualname__ == "%s.%s" % (value.__qualname__, inner.__name__) and inner.__module__ == home:
                        judgement = judge_class(inner)
                        if judgement[1] != "an exception":
                            note(home, inner.__qualname__, judgement)
            elif name.startswith("__pyx_unpickle_") or name == "newObj":
                note(home, name, ("makes", "Cython's: makes an instance of its own class and sets its fields"))
                note(module.__name__, name, ("makes", "Cython's: makes an instance of its own class and sets its fields"))
            elif callable(value) and getattr(value, "__name__", "<").isidentifier() and module.__name__.startswith(FUNCTIONS):
                why = risk(value) if isinstance(value, types.FunctionType) else None
                if why and not why.startswith(("calls what", "its source")):
                    note(home, value.__name__, ("no", why))
                else:
                    note(home, value.__name__, ("refers", "a function: may be named, not called"))


def sweep_numpy():
    import numpy as np

    versions["numpy"] = np.__version__
    not_functions = set(
        "load loads save savez savez_compressed loadtxt genfromtxt savetxt fromfile fromregex memmap DataSource source info "
        "lookfor apply_along_axis apply_over_axes frompyfunc fromfunction piecewise fromstring fromiter recfromcsv "
        "recfromtxt ndfromtxt mafromtxt from_dlpack get_include show_config show_runtime deprecate deprecate_with_doc "
        "set_printoptions seterr seterrcall seterrobj setbufsize set_string_function setdiffcall test who disp "
        "add_docstring add_newdoc add_newdoc_ufunc safe_eval byte_bounds printoptions errstate set_numeric_ops".split()
    )
    for name in dir(np):
        value = getattr(np, name, None)
        if isinstance(value, np.ufunc):
            note("numpy", name, ("refers", "a ufunc"))
            for home in ("numpy.core._multiarray_umath", "numpy._core._multiarray_umath"):
                note(home, value.__name__, ("refers", "a ufunc"))
        elif inspect.isclass(value) and issubclass(value, np.generic):
            note("numpy", name, ("makes", "a scalar type"))
        elif callable(value) and not inspect.isclass(value) and not name.startswith("_") and name not in not_functions:
            if getattr(value, "__module__", "") and value.__module__.split(".")[0] == "numpy":
                note("numpy", name, ("refers", "a function: may be named, not called"))
                if value.__module__.startswith(("numpy.core", "numpy._core", "numpy.lib")) and "npyio" not in value.__module__:
                    note(value.__module__, value.__name__, ("refers", "a function: may be named, not called"))
    for name in "dtype ndarray matrix recarray record vectorize poly1d bool_ str_ bytes_".split():
        if hasattr(np, name):
            note("numpy", name, ("makes", "builds an array, or describes one"))
    for name in dir(getattr(np, "dtypes", None)):
        if name.endswith("DType"):
            note("numpy.dtypes", name, ("makes", "a description"))
    for name in np.random.__all__:
        value = getattr(np.random, name)
        if inspect.isclass(value):
            note(value.__module__, name, ("makes", "a generator's state"))
            note("numpy.random", name, ("makes", "a generator's state"))
    for home in ("numpy.polynomial.polynomial", "numpy.polynomial.chebyshev", "numpy.polynomial.legendre"):
        module = importlib.import_module(home)
        for name, value in vars(module).items():
            if inspect.isclass(value) and value.__module__ == home:
                note(home, name, judge_class(value))


def sweep_scipy():
    import numpy as np
    import scipy
    import scipy.interpolate
    import scipy.sparse
    import scipy.spatial
    import scipy.special
    import scipy.stats

    versions["scipy"] = scipy.__version__
    for home, module in sorted(sys.modules.items()):
        if not home.startswith("scipy.special"):
            continue
        for name in dir(scipy.special):
            value = getattr(scipy.special, name)
            # pickle names the first module that it finds a ufunc in; functions name their own.
            if isinstance(value, np.ufunc) and getattr(module, value.__name__, None) is value:
                note(home, value.__name__, ("refers", "a ufunc"))
            elif isinstance(value, types.FunctionType) and value.__module__ == home and not risk(value):
                note(home, value.__name__, ("refers", "a function: may be named, not called"))
    for package in (scipy.sparse, scipy.interpolate, scipy.spatial):
        for name in dir(package):
            value = getattr(package, name, None)
            if inspect.isclass(value) and not issubclass(value, BaseException):
                judgement = judge_class(value)
                note(value.__module__, value.__name__, judgement)
                note(package.__name__, value.__name__, judgement)
    import scipy.spatial.distance as distance

    for name in distance.__all__:
        note("scipy.spatial.distance", name, ("refers", "a function: may be named, not called"))
    for name in dir(scipy.special):
        if isinstance(getattr(scipy.special, name), np.ufunc):
            note("scipy.special", name, ("refers", "a ufunc"))
            note("scipy.special._ufuncs", name, ("refers", "a ufunc"))
    for home in ("_continuous_distns", "_discrete_distns", "_distn_infrastructure"):
        module = importlib.import_module("scipy.stats.%s" % home)
        for name, value in list(vars(module).items()):
            if inspect.isclass(value) and value.__module__ == module.__name__ and not issubclass(value, BaseException):
                note(module.__name__, name, judge_class(value))
    for home in ("scipy.optimize._optimize", "scipy.optimize.optimize", "scipy.stats._stats_py", "scipy.stats.kde", "scipy.stats._kde",
                 "scipy.optimize._lbfgsb_py", "scipy.optimize.lbfgsb"):
        try:
            module = importlib.import_module(home)
        except ImportError:
            continue
        for name in ("OptimizeResult", "gaussian_kde", "LbfgsInvHessProduct"):
            if hasattr(module, name):
                note(home, name, judge_class(getattr(module, name)))


def sweep_pandas():
    import pandas as pd

    versions["pandas"] = pd.__version__
    for space in (pd, getattr(pd, "arrays", types.SimpleNamespace())):
        for name in dir(space):
            value = getattr(space, name, None)
            if inspect.isclass(value) and not issubclass(value, BaseException) and "pandas" in value.__module__:
                if name in ("ExcelFile", "ExcelWriter", "HDFStore"):
                    continue
                judgement = judge_class(value)
                # Their __init__ is long, takes callables nowhere, and is called by files of old versions.
                note(getattr(space, "__name__", "pandas.arrays"), name, judgement)
                note(value.__module__, value.__name__, judgement)
    for home in ("pandas.core.internals.managers", "pandas.core.internals.blocks", "pandas.core.indexes.frozen",
                 "pandas.tseries.offsets", "pandas._libs.tslibs.offsets", "pandas.core.dtypes.dtypes",
                 "pandas._libs.internals", "pandas._libs.tslibs.timestamps", "pandas._libs.tslibs.period",
                 "pandas._libs.interval", "pandas._libs.missing", "pandas._libs.arrays", "pandas._libs.sparse"):
        try:
            module = importlib.import_module(home)
        except ImportError:
            continue
        for name, value in list(vars(module).items()):
            if inspect.isclass(value) and str(value.__module__).startswith("pandas.") and not issubclass(value, BaseException):
                judgement = judge_class(value)
                note(home, name, judgement)
                note(value.__module__, value.__name__, judgement)
            elif name.startswith("__pyx_unpickle_"):
                note(home, name, ("makes", "Cython's: makes an instance of its own class and sets its fields"))


def sweep_torch():
    import torch

    versions["torch"] = torch.__version__.split("+")[0]
    sweep_package(torch.nn, ("torch.nn.modules", "torch.nn.parameter", "torch.nn.functional"))
    sweep_package(torch.optim)
    for name in dir(torch):
        value = getattr(torch, name)
        if isinstance(value, torch.dtype):
            note("torch", name, ("makes", "a data type"))
        elif name.endswith("Storage") and inspect.isclass(value):
            note("torch", name, ("makes", "a block of numbers; the class is only named"))
    for name in ("Size", "device", "Tensor", "dtype", "per_tensor_affine", "per_channel_affine"):
        note("torch", name, ("makes", "a number, a shape or a block of numbers"))
    note("torch.storage", "TypedStorage", ("state", "a block of numbers"))
    note("torch.storage", "UntypedStorage", ("state", "a block of numbers"))
    note("torch.nn.parameter", "Parameter", ("makes", "a tensor"))
    note("torch.serialization", "_get_layout", ("makes", "looks a layout up by name"))
    for name in ("gelu", "relu", "silu", "softplus", "mish", "elu_", "hardtanh", "leaky_relu", "log_sigmoid"):
        note("torch._C._nn", name, ("refers", "a function: may be named, not called"))
    for name in "relu tanh sigmoid softmax log_softmax exp log abs add mul matmul cat stack sum mean flatten".split():
        note("torch", name, ("refers", "a function: may be named, not called"))


def sweep_tokenizers():
    import tokenizers

    versions["tokenizers"] = tokenizers.__version__
    note("tokenizers", "Tokenizer", ("state", "__setstate__ parses JSON in Rust"))
    note("tokenizers", "Encoding", ("state", "__setstate__ parses JSON in Rust"))
    note("tokenizers", "AddedToken", ("makes", "a text and its flags"))
    for sub in ("models", "normalizers", "pre_tokenizers", "processors", "decoders"):
        module = importlib.import_module("tokenizers.%s" % sub)
        for name, value in vars(module).items():
            if inspect.isclass(value) and str(value.__module__).startswith("tokenizers"):
                note(value.__module__, name, ("state", "__setstate__ parses JSON in Rust"))


def sweep_transformers():
    import transformers

    versions["transformers"] = transformers.__version__
    for home in ("transformers.tokenization_utils_base", "transformers.tokenization_utils_fast",
                 "transformers.tokenization_utils_tokenizers", "transformers.configuration_utils",
                 "transformers.tokenization_utils", "transformers.tokenization_python"):
        try:
            module = importlib.import_module(home)
        except BaseException:
            continue
        for name, value in list(vars(module).items()):
            if inspect.isclass(value) and value.__module__ == home and not issubclass(value, BaseException):
                note(home, name, judge_class(value))
    for info in pkgutil.walk_packages(importlib.import_module("transformers.models").__path__, "transformers.models."):
        if not (".tokenization_" in info.name or ".configuration_" in info.name) or "auto" in info.name:
            continue
        try:
            module = importlib.import_module(info.name)
        except BaseException:
            continue
        for name, value in list(vars(module).items()):
            if inspect.isclass(value) and value.__module__ == info.name and not issubclass(value, BaseException):
                note(info.name, name, judge_class(value))


def sweep_joblib():
    try:
        import joblib
    except ImportError:
        from sklearn.externals import joblib
    versions["joblib"] = joblib.__version__
    for home in ("joblib", "sklearn.externals.joblib", "externals.joblib", "sklearn.utils.joblib"):
        for module in ("numpy_pickle", "numpy_pickle_compat"):
            for name in ("NumpyArrayWrapper", "NDArrayWrapper", "ZNDArrayWrapper"):
                note("%s.%s" % (home, module), name, ("makes", "describes an array; the array follows it in the file"))


def main():
    out, sys.stdout = sys.stdout, sys.stderr  # some packages greet
    only = sys.argv[1:]
    if "transformers" in only:
        sweep_transformers()
    for sweep in () if only else (sweep_joblib, sweep_numpy, sweep_scipy, sweep_pandas, sweep_torch, sweep_tokenizers, sweep_transformers):
        try:
            sweep()
        except ImportError:
            continue
    for name in [each for each in PACKAGES if not only or each in only]:
        try:
            package = importlib.import_module(name)
        except BaseException:
            continue
        versions[name] = str(getattr(package, "__version__", "?"))
        if versions[name] == "?":
            try:
                from importlib.metadata import version

                versions[name] = version(PACKAGES[name].lower())
            except Exception:
                pass
        sweep_package(package)
    try:
        from statsmodels.tools.tools import Bunch

        note("statsmodels.tools.tools", "Bunch", judge_class(Bunch))
    except ImportError:
        pass
    for module, names in REBUILDERS.items():
        if module.split(".")[0] in versions:
            for name in names.split():
                found.setdefault(module, {})[name] = ["makes", "rebuilds what its library saved; takes data and its own types"]
    for full, (kind, why) in JUDGED.items():
        module, _, name = full.rpartition(".")
        if name in found.get(module, {}):
            found[module][name] = [kind, why]
    json.dump({"versions": versions, "names": {m: dict(sorted(n.items())) for m, n in sorted(found.items())}}, out, indent=0)


main()
