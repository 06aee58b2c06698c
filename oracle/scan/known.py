"""Merges sweeps (sweep.py), names seen in old files, and the lists below into oracle/scan/known.json, from which
tools/known.mjs writes packages/core/src/audit/known/*.ts (and checks them in CI, without Python).

    python oracle/scan/known.py [--seen names.json] sweep-1.json sweep-2.json …
    python oracle/scan/known.py --add sweep-3.json …          to what known.json says already

`--seen` is {name: {module: [versions]}}: what harmless files of old libraries hold. A pair that no sweep met is
vouched for as its namesake of the same library in another version is; without a namesake it is not vouched for. Where
versions differ, the worst judgement counts. Without `--seen`, seen names that are in known.json already stay.
"""

import json
import re
import sys
from collections import defaultdict
from pathlib import Path

OUT = Path(__file__).resolve().parent / "known.json"

LIBRARIES = {
    "sklearn": "scikit-learn", "_loss": "scikit-learn", "externals": "joblib", "joblib": "joblib", "numpy": "numpy",
    "scipy": "scipy", "pandas": "pandas", "imblearn": "imbalanced-learn", "category_encoders": "category-encoders",
    "xgboost": "XGBoost", "lightgbm": "LightGBM", "catboost": "CatBoost", "_catboost": "CatBoost",
    "statsmodels": "statsmodels", "umap": "umap-learn", "hdbscan": "hdbscan", "pyod": "PyOD", "mlxtend": "mlxtend",
    "feature_engine": "feature-engine", "sktime": "sktime", "sklego": "scikit-lego", "sklearn_pandas": "sklearn-pandas",
    "ngboost": "NGBoost", "boruta": "Boruta", "kmodes": "kmodes", "treelib": "treelib", "skopt": "scikit-optimize",
    "interpret": "interpret", "pynndescent": "pynndescent", "torch": "PyTorch", "tokenizers": "tokenizers",
    "transformers": "transformers", "pytz": "pytz", "dateutil": "dateutil", "pyarrow": "pyarrow", "CHAID": "CHAID",
    "flaml": "FLAML", "optbinning": "optbinning", "causalml": "CausalML", "treeple": "treeple", "sktree": "treeple",
    "tpot": "TPOT", "sklearn2pmml": "sklearn2pmml", "river": "river", "gensim": "gensim", "hmmlearn": "hmmlearn",
    "nltk": "nltk", "lifelines": "lifelines", "formulaic": "formulaic", "optuna": "optuna", "prophet": "prophet",
    "surprise": "scikit-surprise", "sklearn_crfsuite": "sklearn-crfsuite", "pycrfsuite": "sklearn-crfsuite",
    "pmdarima": "pmdarima", "tsfresh": "tsfresh", "dask_ml": "dask-ml", "implicit": "implicit",
    "statsforecast": "statsforecast", "skbase": "sktime", "econml": "econml", "shap": "shap", "h2o": "h2o",
    "pycaret": "pycaret", "cmdstanpy": "cmdstanpy", "stanio": "cmdstanpy", "skorch": "skorch",
    "sentence_transformers": "sentence-transformers", "slicer": "shap",
    "sklearnex": "scikit-learn-intelex", "onedal": "scikit-learn-intelex", "daal4py": "scikit-learn-intelex",
    "imodels": "imodels", "tslearn": "tslearn", "autogluon": "AutoGluon", "scikeras": "SciKeras",
}
# Under which package a sweep says the version of what is named otherwise.
VERSION_OF = {"_loss": "sklearn", "externals": "joblib", "_catboost": "catboost"}

# What is not vouched for although its class would load: it evaluates texts, talks to servers, or changes the process.
NOT_VOUCHED = re.compile(
    r"Expression|^sklearn2pmml\.util|__dict__|Predicate|^sklearn2pmml.*Business|Customization|^_create|Spark|^torch\.nn\.modules\.module$|"
    r"^torch\.nn\.modules\.lazy|RemoteModule|_ForwardHook|ScoringMonitor|^sklearn\.callback|__getattr__$|"
    r"^numpy\.testing|option_context$|^sklearn\.utils\.(fixes|parallel)\.(_FuncWrapper|delayed|Parallel)$" r"|^lightgbm\.compat|^xgboost\.compat\.LazyLoader|^h2o|^pycaret\.(internal\.(patches|memory|parallel|persistence|logging|meta_estimators)|loggers|parallel|distributions)|"
    r"^optuna\.(storages\.(journal|_rdb|_grpc|_heartbeat|_callbacks|_cached)|_imports|artifacts|cli|_gp)|"
    r"^nltk(\.(inference|pathsec|huggingface|sem|parse|chat|corpus|app|draw|twitter|downloader|data|internals|toolbox|sentiment|ccg|misc)|$)|"
    r"^nltk\..*(weka|megam|senna|stanford|hunpos|repp|corenlp|tadm|boxer|malt)|^nltk\.[A-Z_]|"
    r"^gensim\.(corpora\.(_mmreader|opinosiscorpus|ucicorpus|sharded_corpus)|similarities\.(docsim|annoy|nmslib)|topic_coherence|"
    r"examples|scripts|test|nosy|downloader|models\.(wrappers|lda_dispatcher|lda_worker|lsi_dispatcher|lsi_worker))|"
    r"^river\.(datasets|stream|drift\.datasets|bandit|api|checks|evaluate|utils\.(pretty|vectordict_test))|"
    r"^(flaml\.(automl\.(spark|logger|nlp)|tune|onlineml|fabric)|econml\.(federated_learning|tests)|sktime\.(libs|datasets|utils)|"
    # Native handles; predictors that read further files from where their state says.
    r"daal4py(\.(_daal4py|mb)|$)|onedal(\._|$)|sklearnex\.utils|imodels\.(tree\.c45_tree|experimental)|"
    r"^sentence_transformers(\..*)?\.(\w*train\w*|evaluation|data_collator|losses|sampler|fit_mixin|util|peft_mixin|backend)|"
    r"^sentence_transformers\.\w*(Train|Evaluator|Logging)|autogluon\.(tabular\.(predictor|trainer|learner)|core\.(trainer|learner|models\.ensemble|scheduler|_setup))|autogluon.*(Ray|Bagged|Stacker)|"
    r"shap\.(explainers\.(other|pytree|_gpu)|plots|actions|benchmark)|skorch\.(llm|hf|history)|transformers\.(utils|integrations|pipelines))"
)

# The standard library: constructors of data …
MAKES = {
    "builtins": "bool bytearray bytes complex dict enumerate float frozenset int list object range reversed set slice "
    "str tuple zip NoneType NotImplementedType Ellipsis NotImplemented ellipsis staticmethod iter "
    "Exception ValueError TypeError KeyError IndexError RuntimeError AttributeError NotImplementedError StopIteration "
    "Warning UserWarning DeprecationWarning FutureWarning RuntimeWarning OSError ImportError ArithmeticError "
    "ZeroDivisionError OverflowError AssertionError LookupError UnicodeDecodeError FloatingPointError "
    "PendingDeprecationWarning FileNotFoundError",
    "_codecs": "encode",
    "collections": "OrderedDict defaultdict deque Counter ChainMap UserDict UserList UserString",
    "collections.abc": "Mapping Sequence Iterable Callable Hashable Sized",
    "_collections": "OrderedDict defaultdict deque _tuplegetter",
    "datetime": "date datetime time timedelta timezone tzinfo",
    "_pydatetime": "date datetime time timedelta timezone tzinfo",
    "zoneinfo": "ZoneInfo ZoneInfo._unpickle",
    "decimal": "Decimal Context",
    "_decimal": "Decimal",
    "fractions": "Fraction",
    "numbers": "Number Integral Real Complex",
    "array": "array _array_reconstructor",
    "re": "_compile compile RegexFlag Pattern",
    "_sre": "compile",
    "types": "SimpleNamespace MappingProxyType NoneType GenericAlias",
    "enum": "Enum IntEnum Flag IntFlag auto",
    "uuid": "UUID SafeUUID",
    "pathlib": "Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath",
    "pathlib._local": "Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath",
    "random": "Random",
    "itertools": "chain count cycle repeat islice product permutations combinations",
    "operator": "itemgetter",
    "_operator": "itemgetter",
    "string": "Template",
    "ipaddress": "IPv4Address IPv6Address IPv4Network IPv6Network",
    "_struct": "Struct",
    "io": "BytesIO StringIO",
    "_io": "BytesIO StringIO",
    "inspect": "Signature Parameter _ParameterKind _empty",
    "__future__": "_Feature",
    "regex._regex_core": "RegexFlag",
    "river._river_rust.vectordict": "VectorDict",
    "pytz": "_UTC _p timezone",
    "dateutil.tz.tz": "tzutc tzlocal tzoffset",
    "pyarrow.lib": "_restore_array py_buffer type_for_alias",
    "logging": "getLogger",
    "argparse": "Namespace",
    # numpy's under the names that only old versions had.
    "numpy": "round_ float_ complex_ bool8 object0 str0 bytes0 void0 unicode_ string_ float96 float128 int0 uint0 int_ "
    "uint object_ void datetime64 timedelta64 longdouble clongdouble half single double",
    "numpy.core.defmatrix": "matrix",
    "numpy.matrixlib.defmatrix": "matrix",
    "numpy.core.records": "recarray record",
    "numpy._core.records": "recarray record",
    "numpy.rec": "recarray record",
    "numpy.core.defchararray": "chararray",
    "numpy._core.defchararray": "chararray",
    "numpy.ma": "MaskedArray masked_array",
    "numpy.ma.core": "MaskedArray MaskedConstant MaskError masked_array nomask",
    "numpy.lib.polynomial": "poly1d",
    "numpy.lib._polynomial_impl": "poly1d",
    "numpy.lib.function_base": "vectorize",
    "numpy.lib._function_base_impl": "vectorize",
    "numpy.random.bit_generator": "SeedSequence __pyx_unpickle_SeedSequence SeedlessSeedSequence",
    "numpy.random.mtrand": "RandomState",
    "numpy.random._mt19937": "MT19937",
    "numpy.random._pcg64": "PCG64 PCG64DXSM",
    "numpy.random._philox": "Philox",
    "numpy.random._sfc64": "SFC64",
    "scipy.sparse": "csr_matrix csc_matrix coo_matrix bsr_matrix dia_matrix lil_matrix dok_matrix",
    **{f"scipy.sparse.{kind}": f"{kind}_matrix" for kind in ("csr", "csc", "coo", "bsr", "dia", "lil", "dok")},
    **{f"scipy.sparse._{kind}": f"{kind}_matrix {kind}_array" for kind in ("csr", "csc", "coo", "bsr", "dia", "lil", "dok")},
    "scipy.interpolate.interpolate": "interp1d PPoly",
    "scipy.interpolate._interpolate": "interp1d PPoly",
    "scipy.interpolate._bsplines": "BSpline",
    # pandas of all ages: its own pickles name these.
    "pandas": "NA NaT DataFrame Series Index MultiIndex RangeIndex",
    "pandas.core.frame": "DataFrame",
    "pandas.core.series": "Series TimeSeries",
    "pandas.core.index": "Index Int64Index Float64Index MultiIndex RangeIndex DatetimeIndex CategoricalIndex _new_Index",
    "pandas.core.internals": "BlockManager SingleBlockManager",
    "pandas.core.internals.managers": "BlockManager SingleBlockManager",
    "pandas.core.internals.blocks": "new_block",
    "pandas.core.indexes.base": "Index _new_Index",
    "pandas.core.indexes.numeric": "Int64Index UInt64Index Float64Index NumericIndex",
    "pandas.core.indexes.range": "RangeIndex",
    "pandas.core.indexes.multi": "MultiIndex",
    "pandas.core.indexes.category": "CategoricalIndex",
    "pandas.core.indexes.datetimes": "DatetimeIndex _new_DatetimeIndex",
    "pandas.core.indexes.timedeltas": "TimedeltaIndex",
    "pandas.core.indexes.period": "PeriodIndex _new_PeriodIndex",
    "pandas.core.indexes.interval": "IntervalIndex _new_IntervalIndex",
    "pandas.core.indexes.frozen": "FrozenList FrozenNDArray",
    "pandas.indexes.base": "Index _new_Index",
    "pandas.indexes.numeric": "Int64Index Float64Index",
    "pandas.indexes.range": "RangeIndex",
    "pandas.indexes.multi": "MultiIndex",
    "pandas.tseries.index": "DatetimeIndex _new_DatetimeIndex",
    "pandas.tslib": "Timestamp Timedelta NaTType __nat_unpickle",
    "pandas.core.categorical": "Categorical",
    "pandas.core.arrays.categorical": "Categorical",
    "pandas.core.dtypes.dtypes": "CategoricalDtype DatetimeTZDtype PeriodDtype IntervalDtype SparseDtype",
    "pandas.types.dtypes": "CategoricalDtype DatetimeTZDtype",
    "pandas.core.arrays.string_": "StringArray StringDtype",
    "pandas.core.arrays.string_arrow": "ArrowStringArray ArrowStringArrayNumpySemantics",
    "pandas.core.arrays.numpy_": "PandasArray NumpyExtensionArray PandasDtype",
    "pandas.core.arrays.boolean": "BooleanArray BooleanDtype",
    "pandas.core.arrays.integer": "IntegerArray Int8Dtype Int16Dtype Int32Dtype Int64Dtype UInt8Dtype UInt16Dtype "
    "UInt32Dtype UInt64Dtype",
    "pandas.core.arrays.floating": "FloatingArray Float32Dtype Float64Dtype",
    "pandas.core.arrays.sparse.array": "SparseArray",
    "pandas.core.arrays.sparse.dtype": "SparseDtype",
    "pandas._libs.tslibs.timestamps": "Timestamp _unpickle_timestamp",
    "pandas._libs.tslibs.nattype": "NaTType _nat_unpickle __nat_unpickle",
    "pandas._libs.tslibs.timedeltas": "Timedelta _timedelta_unpickle",
    "pandas._libs.tslibs.period": "Period",
    "pandas._libs.interval": "Interval",
    "pandas._libs.internals": "_unpickle_block BlockPlacement",
    "pandas._libs.arrays": "NDArrayBacked __pyx_unpickle_NDArrayBacked",
    "pandas._libs.missing": "NA NAType _NA",
    # scikit-learn's that are gone.
    "sklearn.preprocessing.imputation": "Imputer",
    "sklearn.grid_search": "GridSearchCV RandomizedSearchCV ParameterGrid ParameterSampler _CVScoreTuple",
    "sklearn.cross_validation": "KFold StratifiedKFold LeaveOneOut ShuffleSplit StratifiedShuffleSplit LabelKFold",
    "sklearn.lda": "LDA",
    "sklearn.qda": "QDA",
    "sklearn.decomposition.pca": "PCA RandomizedPCA ProbabilisticPCA",
    "sklearn.ensemble.gradient_boosting": "BinomialDeviance MultinomialDeviance LeastSquaresError ExponentialLoss "
    "LogOddsEstimator ScaledLogOddsEstimator PriorProbabilityEstimator MeanEstimator QuantileEstimator ZeroEstimator "
    "HuberLossFunction LeastAbsoluteError QuantileLossFunction LossFunction VerboseReporter",
    "sklearn.ensemble._gb_losses": "BinomialDeviance MultinomialDeviance LeastSquaresError ExponentialLoss "
    "HuberLossFunction LeastAbsoluteError QuantileLossFunction",
    "sklearn.ensemble._hist_gradient_boosting.loss": "BinaryCrossEntropy CategoricalCrossEntropy LeastSquares "
    "LeastAbsoluteDeviation Poisson",
    "sklearn.datasets.base": "Bunch",
    "sklearn.datasets._base": "Bunch",
    "sklearn.tree._tree": "Tree Gini Entropy MSE BestSplitter PresortBestSplitter RandomSplitter DepthFirstTreeBuilder "
    "BestFirstTreeBuilder",
    "sklearn.linear_model.sgd_fast": "Hinge Log ModifiedHuber SquaredHinge SquaredLoss Huber EpsilonInsensitive "
    "SquaredEpsilonInsensitive",
    "sklearn.neighbors.kd_tree": "BinaryTree KDTree newObj",
    "sklearn.neighbors.ball_tree": "BinaryTree BallTree newObj",
    "sklearn.neighbors.dist_metrics": "EuclideanDistance ManhattanDistance MinkowskiDistance ChebyshevDistance newObj",
}

# … and functions, which may be named.
REFERS = {
    "pycaret.internal.pipeline": "_fit_one _transform_one _inverse_transform_one _fit_transform_one _full_transform _noop_transform",
    "builtins": "abs all any ascii bin chr divmod hash hex isinstance issubclass len max min oct ord pow repr round "
    "sorted sum map filter callable print format",
    "operator": "add sub mul truediv floordiv mod neg pos abs eq ne lt le gt ge and_ or_ xor not_ inv",
    "_operator": "add sub mul truediv floordiv mod neg pos abs eq ne lt le gt ge and_ or_ xor not_ inv",
    "math": "acos asin atan atan2 ceil copysign cos cosh degrees erf exp expm1 fabs factorial floor fmod frexp gamma "
    "hypot isfinite isinf isnan ldexp lgamma log log10 log1p log2 modf pow radians sin sinh sqrt tan tanh trunc",
    "statistics": "mean median mode stdev variance",
    "string": "capwords",
    "unicodedata": "normalize",
    "re": "sub findall split match search",
    "sklearn.ensemble._gradient_boosting": "_random_sample_mask",
    "sklearn.utils.random": "sample_without_replacement",
    "sklearn.model_selection._search_successive_halving": "_refit_callable _top_k",
    "sklearn.feature_selection.univariate_selection": "chi2 f_classif f_regression mutual_info_classif mutual_info_regression",
    "sklearn.metrics.scorer": "_passthrough_scorer",
    "numpy": "product cumproduct sometrue alltrue in1d row_stack trapz msort",
    "scipy._lib.array_api_compat.numpy._aliases": "asarray",
    "scipy.special._ufuncs": "expit logit",
    "scipy.special": "expit logit",
    "pandas": "get_dummies to_datetime to_numeric isna notna concat cut qcut factorize",
    "pandas.core.reshape.encoding": "get_dummies",
    "pandas.core.tools.datetimes": "to_datetime",
    "pandas.core.reshape.reshape": "get_dummies",
    # Methods that libraries keep, of their own classes: with an underscore they are named one by one.
    "river.naive_bayes.gaussian": "GaussianNB._make_gaussian",
    "lifelines.fitters": "ParametricRegressionFitter._add_penalty ParametricRegressionFitter._log_likelihood_right_censoring "
    "ParametricRegressionFitter._create_neg_likelihood_with_penalty_function",
    "lifelines.fitters.nelson_aalen_fitter": "NelsonAalenFitter._additive_f_smooth NelsonAalenFitter._variance_f_smooth",
    "river._river_rust.vectordict": "euclidean_distance_tuple",
    "pandas.core.tools.numeric": "to_numeric",
}

# … and classes of which an instance may be made and given its state: written in Rust, where the sweep sees nothing.
STATE = {
    "torch.torch_version": "TorchVersion",
    "joblib.memory": "NotMemorizedFunc",
    "sklearn.externals.joblib.memory": "NotMemorizedFunc",
    "tokenizers": "Encoding",
    "river._river_rust.drift": "AdaptiveWindowing",
}

# Read by a person, where the sweep could not say or said too much: (module pattern, name) -> (use, reason).
GIVEN = "an item set on it may call what its state names: that is a name in the file, and judged as one"
JUDGED = {
    (r"pycaret\.internal\.pipeline", "Pipeline"): ("guarded", "__setstate__ makes a cache of the state's _memory, which is saved as None"),
    (r"pycaret\.internal\.pipeline", "TimeSeriesPipeline"): ("guarded", "__setstate__ makes a cache of the state's _memory, which is saved as None"),
    (r"scipy\.sparse(\._?bsr|\._arrays)?", "bsr_matrix"): ("makes", GIVEN),
    (r"scipy\.sparse(\._?bsr|\._arrays)?", "bsr_array"): ("makes", GIVEN),
    (r"pandas(\..*)?", "CategoricalDtype"): ("makes", "its hash asks its own categories, an Index"),
    (r"pandas(\..*)?", "IntervalArray"): ("makes", "compares intervals"),
    (r"pandas(\..*)?", "Categorical"): ("makes", "an item set on it is coded by its own categories"),
    (r"pandas(\..*)?", "PeriodArray"): ("makes", "an item set on it is compared by its frequency"),
    (r"pandas(\..*)?", "DatetimeArray"): ("makes", "compares dates; it is not hashable"),
    (r"pandas(\..*)?", "DatetimeIndex"): ("makes", "iterates over dates"),
    (r"imblearn\.metrics(\..*)?", "make_index_balanced_accuracy"): ("refers", "a function: may be named, not called"),
    (r"nltk\.probability", "FreqDist"): ("makes", "a Counter"),
    (r"gensim\.corpora\.dictionary", "Dictionary"): ("state", "a mapping over its own dicts"),
    (r"formulaic\.formula", "SimpleFormula"): ("state", "checks that its terms are terms, and sorts them"),
    (r"formulaic\.model_spec", "ModelSpec"): ("state", "a frozen dataclass"),
    (r"formulaic\.parser\.types\.ordered_set", "OrderedSet"): ("state", "a set over its own dict"),
    (r"transformers\.tokenization_utils_base", "BatchEncoding"): ("state", "a UserDict"),
    (r"optuna\.storages\._in_memory", "InMemoryStorage"): ("state", "__setstate__ makes a lock"),
    (r"lightgbm(\.engine)?", "CVBooster"): ("state", "__setstate__ is vars().update; what is asked of it besides goes to its boosters"),
    (r"sklearn\.compose\._column_transformer", "_RemainderColsList"): ("makes", "a list that warns when it is used"),
    (r"pandas\.core\.internals(\..*)?", "BlockManager"): ("makes", "checks its arrays; calls nothing that it is given"),
    (r"pandas\.core\.internals(\..*)?", "SingleBlockManager"): ("makes", "checks its arrays; calls nothing that it is given"),
}

# What a function may do when it is called, and no reason not to name it.
WORKERS = re.compile(r"calls (joblib\.parallel\.(delayed|cpu_count)|pickle\.dumps|multiprocessing\.cpu_count|inspect\.stack|sys\.\w+\.write)")

# Libraries of which an instance may be made without __init__ and given its state, as pickle does; a call of the class, which
# pickle makes of few, is vouched for where it was read.
NARROW = {"cmdstanpy", "dask-ml", "econml", "FLAML", "formulaic", "gensim", "hmmlearn", "implicit", "lifelines", "nltk", "optuna",
          "pmdarima", "prophet", "pycaret", "river", "imodels", "tslearn", "AutoGluon", "scikit-learn-intelex", "scikit-surprise", "shap", "sklearn-crfsuite", "sktime", "skorch",
          "statsforecast", "transformers", "tsfresh", "sentence-transformers"}
DATA = ("a named tuple", "looks a member up by its value", "Cython's")

ORDER = ["no", "guarded", "state", "refers", "makes"]
REASON = {"makes": "a constructor of data", "state": "takes the state that it gave", "refers": "a function: may be named, not called"}


def number(version):
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])


def short(version):
    return ".".join(version.split("+")[0].split(".")[:2])


def main(arguments):
    seen_path = arguments[arguments.index("--seen") + 1] if "--seen" in arguments else None
    sweeps = [a for a in arguments if a.endswith(".json") and a != seen_path]
    pairs = {}  # (module, name) -> [kind, {versions}, source, why]

    def add(module, name, kind, version, source, why):
        if kind == "no" and WORKERS.fullmatch(why):
            kind, why = "refers", "a function: may be named, not called; it counts processors or shares work out"
        known = pairs.get((module, name))
        if known is None:
            pairs[module, name] = [kind, {version} - {""}, source, why]
            return
        known[1].update({version} - {""})
        if source == "swept" and known[2] != "swept":
            known[2] = source
        if ORDER.index(kind) < ORDER.index(known[0]):
            known[0], known[3] = kind, why

    swept_in = defaultdict(set)
    if "--add" in arguments:
        before = json.loads(OUT.read_text())
        for top, swept in before["swept"].items():
            swept_in[top].update(swept)
        for table in before["libraries"].values():
            for module, names in table.items():
                for name, (kind, first, last, source, why) in names.items():
                    pairs[module, name] = [kind, {first, last} - {""}, source, before["reasons"][why]]
    for path in sweeps:
        sweep = json.loads(Path(path).read_text())
        for top, version in sweep["versions"].items():
            swept_in[top].add(short(version))
        for module, names in sweep["names"].items():
            top = module.split(".")[0]
            version = sweep["versions"].get(VERSION_OF.get(top, top), "")
            if NOT_VOUCHED.search(module):
                continue
            for name, (kind, why) in names.items():
                if "<" not in name and not NOT_VOUCHED.search(f"{module}.{name}"):
                    add(module, name, kind, short(version), "swept", why)
    for kind, table in (("makes", MAKES), ("refers", REFERS), ("state", STATE)):
        for module, names in table.items():
            for name in names.split():
                if (module, name) not in pairs:
                    add(module, name, kind, "", "read", REASON[kind])
    # A sweep knows old names by a namesake.
    namesakes = defaultdict(set)
    for (module, name), (kind, _, _, why) in pairs.items():
        namesakes[LIBRARIES.get(module.split(".")[0]), name].add((kind, why))
    if seen_path:
        for name, modules in json.loads(Path(seen_path).read_text()).items():
            for module, versions in modules.items():
                library = LIBRARIES.get(module.split(".")[0])
                if library is None or NOT_VOUCHED.search(f"{module}.{name}"):
                    continue
                if (module, name) in pairs:
                    if library == "scikit-learn":
                        pairs[module, name][1].update(v for v in versions if v != "?")
                    continue
                judged = namesakes.get((library, name))
                if judged:
                    kind, why = min(judged, key=lambda each: ORDER.index(each[0]))
                    for version in versions:
                        add(module, name, kind, version if version != "?" and library == "scikit-learn" else "", "seen", why)
    elif OUT.exists():
        before = json.loads(OUT.read_text())
        for library, table in before["libraries"].items():
            for module, names in table.items():
                for name, (kind, first, last, source, why) in names.items():
                    if source == "seen":
                        for version in {first, last}:
                            add(module, name, kind, version, source, why)
    for (module, name), known in list(pairs.items()):
        if NOT_VOUCHED.search(module) or NOT_VOUCHED.search(f"{module}.{name}"):
            del pairs[module, name]
        elif known[0] == "no" and module.startswith("river.") and known[3] == "__setitem__ its source cannot be read":
            known[0], known[3] = "state", "a UserList: keeps in a list what is set on it"
        elif known[0] == "makes" and known[2] == "swept" and LIBRARIES.get(module.split(".")[0]) in NARROW and not known[3].startswith(DATA):
            known[0] = "state"
    for (module, name), known in pairs.items():
        for (pattern, judged), (kind, why) in JUDGED.items():
            if name == judged and re.fullmatch(pattern, module):
                known[0], known[2], known[3] = kind, "read", why
    libraries = defaultdict(lambda: defaultdict(dict))
    for (module, name), (kind, versions, source, why) in sorted(pairs.items()):
        library = LIBRARIES.get(module.split(".")[0], "Python")
        ordered = sorted(versions, key=number)
        first, last = (ordered[0], ordered[-1]) if ordered else ("", "")
        libraries[library][module][name] = [kind, first, last, source, why]
    reasons = sorted({why for table in libraries.values() for ns in table.values() for *_, why in ns.values()})
    for table in libraries.values():
        for ns in table.values():
            for each in ns.values():
                each[4] = reasons.index(each[4])
    out = {
        "swept": {top: sorted(v, key=number) for top, v in sorted(swept_in.items())},
        # Of each pair: use, first and last version, how it was judged, and which of these reasons.
        "reasons": reasons,
        "libraries": {library: libraries[library] for library in sorted(libraries)},
    }
    text = json.dumps(out, indent=0, sort_keys=False)
    OUT.write_text(re.sub(r"\[\n((?!\"calls)[^\[\]{}]{1,400})\n\]", lambda m: "[" + m.group(1).replace("\n", " ") + "]", text) + "\n")
    for library, table in out["libraries"].items():
        kinds = defaultdict(int)
        for names in table.values():
            for kind, *_ in names.values():
                kinds[kind] += 1
        print(f"{library}: {dict(kinds)}")


main(sys.argv[1:])
