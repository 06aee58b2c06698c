"""Merges swept names (sweep.py), names seen in files, and the lists below into packages/core/src/audit/known/*.ts.

    python oracle/audit/make_known.py [--observed names.json] sweep-1.json sweep-2.json …

`--observed` is {name: {module: [versions]}}: names that harmless files of old libraries hold. Without it, the ones
that are already in the tables stay.
"""

import json
import re
import sys
from collections import defaultdict
from pathlib import Path

OUT = Path(__file__).resolve().parents[2] / "packages/core/src/audit/known"

# The standard library's constructors of data, and builtins that are only ever types or pure functions.
PYTHON = {
    "builtins": "bool bytearray bytes complex dict enumerate float frozenset int list object range reversed set slice "
    "str tuple zip abs all any ascii bin chr divmod hash hex isinstance issubclass len max min oct ord pow repr round "
    "sorted sum NoneType NotImplementedType Ellipsis NotImplemented ellipsis iter map filter staticmethod "
    "Exception ValueError TypeError KeyError IndexError RuntimeError AttributeError NotImplementedError StopIteration "
    "Warning UserWarning DeprecationWarning FutureWarning RuntimeWarning OSError ImportError ArithmeticError "
    "ZeroDivisionError OverflowError AssertionError LookupError UnicodeDecodeError",
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
    "types": "SimpleNamespace MappingProxyType NoneType",
    "enum": "Enum IntEnum Flag IntFlag auto",
    "uuid": "UUID SafeUUID",
    "pathlib": "Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath",
    "pathlib._local": "Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath",
    "random": "Random",
    "itertools": "chain count cycle repeat islice product permutations combinations",
    "operator": "itemgetter add sub mul truediv floordiv mod neg pos abs eq ne lt le gt ge and_ or_ xor not_ inv",
    "_operator": "itemgetter add sub mul truediv floordiv mod neg pos abs eq ne lt le gt ge and_ or_ xor not_ inv",
    "math": "acos asin atan atan2 ceil copysign cos cosh degrees erf exp expm1 fabs factorial floor fmod frexp gamma "
    "hypot isfinite isinf isnan ldexp lgamma log log10 log1p log2 modf pow radians sin sinh sqrt tan tanh trunc",
    "statistics": "mean median mode stdev variance",
    "string": "Template capwords",
    "ipaddress": "IPv4Address IPv6Address IPv4Network IPv6Network",
    "_struct": "Struct",
    "unicodedata": "normalize",
}

# Joblib's array wrappers, under the names of all its copies.
JOBLIB = ["joblib", "sklearn.externals.joblib", "externals.joblib", "sklearn.utils.joblib"]

NUMERIC = {
    **{f"{home}.numpy_pickle": "NumpyArrayWrapper NDArrayWrapper ZNDArrayWrapper" for home in JOBLIB},
    **{f"{home}.numpy_pickle_compat": "NumpyArrayWrapper NDArrayWrapper ZNDArrayWrapper" for home in JOBLIB},
    **{
        module: "_reconstruct scalar"
        for module in ("numpy.core.multiarray", "numpy._core.multiarray", "numpy.core._multiarray_umath",
                       "numpy._core._multiarray_umath", "numpy.multiarray")
    },
    "numpy.core.numeric": "_frombuffer",
    "numpy._core.numeric": "_frombuffer",
    "numpy.core._internal": "_convert_to_stringdtype_kwargs",
    "numpy._core._internal": "_convert_to_stringdtype_kwargs",
    "numpy.ma.core": "_mareconstruct MaskedArray MaskedConstant MaskError masked_array nomask",
    "numpy.ma": "_mareconstruct MaskedArray masked_array",
    "numpy.matrixlib.defmatrix": "matrix",
    "numpy.core.defmatrix": "matrix",
    **{
        module: names
        for version in ("core", "_core")
        for module, names in {
            f"numpy.{version}.records": "recarray record",
            f"numpy.{version}.memmap": "memmap",
            f"numpy.{version}.defchararray": "chararray",
        }.items()
    },
    "numpy.rec": "recarray record",
    **{f"scipy.sparse.{kind}": f"{kind}_matrix" for kind in ("csr", "csc", "coo", "bsr", "dia", "lil", "dok")},
    **{f"scipy.sparse._{kind}": f"{kind}_matrix {kind}_array" for kind in ("csr", "csc", "coo", "bsr", "dia", "lil", "dok")},
    "scipy._lib.array_api_compat.numpy._aliases": "asarray",
    "numpy": "round_ product cumproduct sometrue alltrue in1d row_stack trapz msort int0 uint0 float_ complex_ bool8 object0 str0 bytes0 void0 unicode_ string_ float96 float128 int_ uint "
    "object_ void datetime64 timedelta64 longdouble clongdouble half single double",
    "numpy.random": "__RandomState_ctor __randomstate_ctor __generator_ctor __bit_generator_ctor RandomState Generator",
    "numpy.random._pickle": "__randomstate_ctor __generator_ctor __bit_generator_ctor",
    "numpy.random.bit_generator": "SeedSequence __pyx_unpickle_SeedSequence SeedlessSeedSequence",
    "numpy.random.mtrand": "RandomState __RandomState_ctor",
    "numpy.random._mt19937": "MT19937",
    "numpy.random._pcg64": "PCG64 PCG64DXSM",
    "numpy.random._philox": "Philox",
    "numpy.random._sfc64": "SFC64",
    "numpy.lib.polynomial": "poly1d",
    "numpy.lib._polynomial_impl": "poly1d",
    "numpy.lib.function_base": "vectorize",
    "numpy.lib._function_base_impl": "vectorize",
    "numpy.polynomial.polynomial": "Polynomial",
    "scipy.stats._distn_infrastructure": "rv_frozen rv_continuous_frozen rv_discrete_frozen rv_sample rv_histogram",
    "scipy.interpolate.interpolate": "interp1d PPoly",
    "scipy.interpolate._interpolate": "interp1d PPoly",
    "scipy.interpolate._bsplines": "BSpline",
    "scipy.special._ufuncs": "expit logit",
    "scipy.special": "expit logit",
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
    "pandas.core.arrays.integer": "IntegerArray Int8Dtype Int16Dtype Int32Dtype Int64Dtype UInt8Dtype UInt16Dtype UInt32Dtype UInt64Dtype",
    "pandas.core.arrays.string_": "StringArray StringDtype",
    "pandas.core.arrays.string_arrow": "ArrowStringArray ArrowStringArrayNumpySemantics",
    "pandas.core.arrays.boolean": "BooleanArray BooleanDtype",
    "pandas.core.arrays.floating": "FloatingArray Float32Dtype Float64Dtype",
    "pandas.core.arrays.numpy_": "PandasArray NumpyExtensionArray PandasDtype",
    "pandas.core.arrays.sparse.array": "SparseArray",
    "pandas.core.arrays.sparse.dtype": "SparseDtype",
    "pandas._libs.tslibs.timestamps": "Timestamp _unpickle_timestamp",
    "pandas._libs.tslibs.nattype": "NaTType _nat_unpickle __nat_unpickle",
    "pandas._libs.tslibs.timedeltas": "Timedelta _timedelta_unpickle",
    "pandas._libs.internals": "_unpickle_block BlockPlacement",
    "pandas._libs.arrays": "NDArrayBacked __pyx_unpickle_NDArrayBacked",
    "pandas._libs.missing": "NA NAType",
    "pytz": "_UTC _p timezone",
    "dateutil.tz.tz": "tzutc tzlocal tzoffset",
    "pyarrow.lib": "_restore_array py_buffer type_for_alias",
}

# scikit-learn before 0.22 called its modules without the underscore, and these otherwise.
RENAMED = {
    "sklearn.tree._classes": "sklearn.tree.tree",
    "sklearn.svm._classes": "sklearn.svm.classes",
    "sklearn.ensemble._gb": "sklearn.ensemble.gradient_boosting",
    "sklearn.ensemble._gb_losses": "sklearn.ensemble.gradient_boosting",
    "sklearn.cluster._kmeans": "sklearn.cluster.k_means_",
    "sklearn.cluster._affinity_propagation": "sklearn.cluster.affinity_propagation_",
    "sklearn.cluster._mean_shift": "sklearn.cluster.mean_shift_",
    "sklearn.cluster._agglomerative": "sklearn.cluster.hierarchical",
    "sklearn.cluster._dbscan": "sklearn.cluster.dbscan_",
    "sklearn.cluster._optics": "sklearn.cluster.optics_",
    "sklearn.decomposition._fastica": "sklearn.decomposition.fastica_",
    "sklearn.decomposition._lda": "sklearn.decomposition.online_lda",
    "sklearn.covariance._empirical_covariance": "sklearn.covariance.empirical_covariance_",
    "sklearn.covariance._graph_lasso": "sklearn.covariance.graph_lasso_",
    "sklearn.covariance._shrunk_covariance": "sklearn.covariance.shrunk_covariance_",
    "sklearn.linear_model._stochastic_gradient": "sklearn.linear_model.stochastic_gradient",
    "sklearn.preprocessing._encoders": "sklearn.preprocessing._encoders",
    "sklearn.gaussian_process._gpc": "sklearn.gaussian_process.gpc",
    "sklearn.gaussian_process._gpr": "sklearn.gaussian_process.gpr",
    "sklearn.metrics._scorer": "sklearn.metrics.scorer",
    "sklearn.metrics._dist_metrics": "sklearn.neighbors.dist_metrics",
    "sklearn.cross_decomposition._pls": "sklearn.cross_decomposition.pls_",
    "sklearn.cross_decomposition._cca": "sklearn.cross_decomposition.cca_",
    "sklearn.feature_extraction._hash": "sklearn.feature_extraction.hashing",
    "sklearn.neural_network._multilayer_perceptron": "sklearn.neural_network.multilayer_perceptron",
    "sklearn.utils._bunch": "sklearn.utils",
    "sklearn.impute._base": "sklearn.impute",
    "sklearn.inspection._partial_dependence": "sklearn.ensemble.partial_dependence",
}

# Names that only old versions had.
OLD_SKLEARN = {
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
    "sklearn.ensemble._gradient_boosting": "_random_sample_mask",
    "sklearn.ensemble._hist_gradient_boosting.loss": "BinaryCrossEntropy CategoricalCrossEntropy LeastSquares LeastAbsoluteDeviation Poisson",
    "sklearn.ensemble.voting_classifier": "VotingClassifier",
    "sklearn.linear_model.sgd_fast": "Hinge Log ModifiedHuber SquaredHinge SquaredLoss Huber EpsilonInsensitive SquaredEpsilonInsensitive",
    "sklearn.linear_model._sgd_fast": "Hinge Log ModifiedHuber SquaredHinge SquaredLoss Huber EpsilonInsensitive "
    "SquaredEpsilonInsensitive CyHalfBinomialLoss CyHalfSquaredError CyHuberLoss",
    "sklearn.neighbors.dist_metrics": "EuclideanDistance ManhattanDistance MinkowskiDistance ChebyshevDistance newObj DistanceMetric HaversineDistance",
    "sklearn.neighbors._dist_metrics": "EuclideanDistance ManhattanDistance MinkowskiDistance ChebyshevDistance newObj DistanceMetric HaversineDistance",
    "sklearn.neighbors.kd_tree": "BinaryTree KDTree newObj",
    "sklearn.neighbors.ball_tree": "BinaryTree BallTree newObj",
    "sklearn.neighbors._kd_tree": "BinaryTree KDTree newObj",
    "sklearn.neighbors._ball_tree": "BinaryTree BallTree newObj",
    "sklearn.metrics.scorer": "_PredictScorer _ProbaScorer _ThresholdScorer _passthrough_scorer",
    "sklearn.metrics._scorer": "_PredictScorer _ProbaScorer _ThresholdScorer _passthrough_scorer",
    "sklearn.utils": "Bunch",
    "sklearn.utils.random": "sample_without_replacement",
    "sklearn.feature_selection.univariate_selection": "chi2 f_classif f_regression mutual_info_classif mutual_info_regression",
    "sklearn.feature_selection.mutual_info_": "mutual_info_classif mutual_info_regression",
    "sklearn.feature_selection.from_model": "SelectFromModel",
    "sklearn.calibration": "_CalibratedClassifier _SigmoidCalibration",
    "sklearn.utils.deprecation": "DeprecationDict",
    "sklearn.cross_decomposition.pls_": "PLSRegression PLSCanonical PLSSVD _PLS",
    "sklearn.cross_decomposition.cca_": "CCA",
    "sklearn.covariance.graph_lasso_": "GraphLasso GraphLassoCV GraphicalLasso GraphicalLassoCV _DictWithDeprecatedKeys",
    "sklearn.covariance._graph_lasso": "_DictWithDeprecatedKeys",
    "sklearn.cluster._kmeans": "_kmeans_single_lloyd _kmeans_single_elkan",
    "sklearn.model_selection._search_successive_halving": "_refit_callable _top_k",
    "sklearn._loss.glm_distribution": "TweedieDistribution NormalDistribution PoissonDistribution GammaDistribution InverseGaussianDistribution DistributionBoundary",
}

# Whole libraries of which the names in files are classes of models and their parts. Left out: what evaluates
# expressions, talks to a server, holds code or calls out when loaded (dill, h2o, hyperopt, pycaret, skops' own).
LIBRARIES = set(
    "CHAID boruta category_encoders causalml flaml imblearn interpret lightgbm mlxtend ngboost optbinning pyarrow "
    "sklearn_pandas sklego sktree treelib treeple statsmodels xgboost tpot sklearn2pmml catboost".split()
)
NOT_VOUCHED = re.compile(r"Expression|^sklearn2pmml\.util|__dict__|Predicate|Business|Customization|Checker|^_create|Spark")

EXTRA = {
    "imblearn.pipeline": "Pipeline",
    "lightgbm.basic": "Booster _ConfigAliases",
    "lightgbm.sklearn": "LGBMClassifier LGBMRegressor LGBMRanker LGBMModel _ObjectiveFunctionWrapper _EvalFunctionWrapper",
    "lightgbm.compat": "LGBMLabelEncoder _LGBMLabelEncoder",
    "xgboost.core": "Booster",
    "xgboost.sklearn": "XGBClassifier XGBRegressor XGBRanker XGBModel XGBRFClassifier XGBRFRegressor",
    "xgboost.compat": "XGBoostLabelEncoder",
    "catboost.core": "CatBoostClassifier CatBoostRegressor CatBoost CatBoostRanker",
}


def main(arguments):
    known = {"python": defaultdict(set), "numeric": defaultdict(set), "sklearn": defaultdict(set), "libraries": defaultdict(set)}

    def group(module):
        top = module.split(".")[0]
        if module.startswith(("sklearn", "_loss")):
            return "numeric" if "joblib" in module else "sklearn"
        if top in LIBRARIES and top != "pyarrow":
            return "libraries"
        if top in ("numpy", "scipy", "pandas", "joblib", "externals", "pytz", "dateutil", "pyarrow"):
            return "numeric"
        return "python"

    def add(table):
        for module, names in table.items():
            known[group(module)][module].update(names.split() if isinstance(names, str) else names)

    observed = arguments[arguments.index("--observed") + 1] if "--observed" in arguments else None
    sweeps = [a for a in arguments if a.endswith(".json") and a != observed]
    add(PYTHON)
    add(NUMERIC)
    add(OLD_SKLEARN)
    add(EXTRA)
    for path in sweeps:
        table = json.loads(Path(path).read_text())
        add(table)
        for module, names in table.items():
            old = RENAMED.get(module) or re.sub(r"\._(?=[a-z])", ".", module)
            if module.startswith("sklearn.") and old != module:
                add({old: names})
            # Cython's module calls itself by its last name alone in some versions.
            if module == "sklearn._loss._loss":
                add({"_loss": names})
            # Moved in 1.0.
            if module == "sklearn.metrics._dist_metrics":
                add({"sklearn.neighbors._dist_metrics": names})
    if observed:
        for name, modules in json.loads(Path(observed).read_text()).items():
            for module in modules:
                top = module.split(".")[0]
                vouched = top in LIBRARIES or top in ("sklearn", "_loss", "numpy", "scipy", "pandas")
                if vouched and not NOT_VOUCHED.search(f"{module}.{name}"):
                    add({module: [name]})
    else:
        for file in OUT.glob("*.ts"):
            if file.stem in known:
                for module, names in re.findall(r"^  '?([\w.]+)'?:\s*\n?\s*'([^']*)',$", file.read_text(), re.M):
                    known[file.stem][module].update(names.split())
    for name, table in known.items():
        lines = [f"// Generated by oracle/audit/make_known.py; do not edit. Exact pairs: module, then its names.", f"export const {name}: Readonly<Record<string, string>> = {{"]
        for module in sorted(table):
            names = " ".join(sorted(table[module]))
            key = module if re.fullmatch(r"[A-Za-z_]\w*", module) else f"'{module}'"
            line = f"  {key}: '{names}',"
            lines.append(line if len(line) <= 120 else f"  {key}:\n    '{names}',")
        lines.append("};")
        (OUT / f"{name}.ts").write_text("\n".join(lines) + "\n")
        print(name, len(table), "modules", sum(map(len, table.values())), "names")


main(sys.argv[1:])
