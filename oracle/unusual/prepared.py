"""Scalers, encoders, imputers, selectors, texts."""

import numpy as np
import pandas as pd
import scipy.sparse as sp
import sklearn.feature_extraction as fe
import sklearn.feature_extraction.text as ft
import sklearn.feature_selection as fs
import sklearn.preprocessing as pp
from linear import first, partial
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

try:
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401
except ImportError:
    pass
try:
    import sklearn.impute as im
except ImportError:
    im = None


def scalers(d, add):
    X, N = d.X, d.numbers
    S = sp.csr_matrix(np.where(np.abs(X) > 1, X, 0))
    holes = {"X": d.holes_test, "Xfull": d.T}
    numbers = d.frame[["age", "visits", "price €"]].fillna(0)
    numbers_test = d.frame_test[["age", "visits", "price €"]].fillna(0)
    for cls, options in (("StandardScaler", [{}, {"with_mean": False}, {"with_std": False}]), ("MinMaxScaler", [{"feature_range": (-2, 5)}, {"clip": True}]), ("MaxAbsScaler", [{}, {"clip": True}]), ("RobustScaler", [{"quantile_range": (5.0, 60.0)}, {"with_scaling": False}, {"unit_variance": True, "with_centering": False}])):
        for number, more in enumerate(options):
            add(f"{cls}-{number}", lambda c=cls, m=more: getattr(pp, c)(**m).fit(d.constant), N(d.constant_test))
            add(f"{cls}-holes-{number}", lambda c=cls, m=more: getattr(pp, c)(**m).fit(d.holes), holes)
        add(cls + "-float32", lambda c=cls: getattr(pp, c)().fit(X.astype("f4")), {"X": d.T.astype("f4"), "X64": d.T})
        add(cls + "-whole", lambda c=cls: getattr(pp, c)().fit(d.whole), {"X": d.whole_test})
        add(cls + "-bits", lambda c=cls: getattr(pp, c)().fit(d.bits), {"X": d.bits_test})
        add(cls + "-frame", lambda c=cls: getattr(pp, c)().set_output(transform="pandas").fit(numbers), {"X": numbers_test})
        add(cls + "-partial", lambda c=cls: getattr(pp, c)().partial_fit(X[:40]).partial_fit(X[40:]), N())
    add("standard-weights", lambda: pp.StandardScaler().fit(X, sample_weight=d.weights), N())
    add("standard-sparse", lambda: pp.StandardScaler(with_mean=False).fit(S), N(None, "S"))
    add("max-abs-sparse", lambda: pp.MaxAbsScaler().fit(S), N(None, "S"))
    add("robust-sparse", lambda: pp.RobustScaler(with_centering=False).fit(sp.csc_matrix(S)), N(None, "S"))
    for norm in ("l1", "l2", "max"):
        add("normalizer-" + norm, lambda n=norm: pp.Normalizer(n).fit(X), {"X": np.vstack([d.T, np.zeros(5)]), "S": sp.csr_matrix(d.T), "X32": d.T.astype("f4"), "Xi": d.whole_test[:, :5]})
    add("binarizer", lambda: pp.Binarizer(threshold=-0.2).fit(X), N())
    add("binarizer-sparse", lambda: pp.Binarizer(threshold=0.5).fit(S), N(None, "S"))
    add("kernel-centerer", lambda: pp.KernelCenterer().fit(X.dot(X.T)), {"X": d.T.dot(X.T)})
    for number, more in enumerate([{"degree": 3}, {"degree": (2, 3)}, {"degree": (0, 2), "include_bias": False}, {"degree": 2, "interaction_only": True, "order": "F"}, {"degree": 3, "interaction_only": True, "include_bias": False}, {"degree": 1}, {"degree": 0}, {"degree": 4, "include_bias": False}]):
        add(f"polynomial-{number}", lambda m=more: pp.PolynomialFeatures(**m).fit(X), N(None, "S"))
    add("polynomial-frame", lambda: pp.PolynomialFeatures(2).fit(numbers), {"X": numbers_test})
    for method, rows in (("yeo-johnson", (X, d.T)), ("box-cox", (d.positives, d.positives_test))):
        for standardize in (True, False):
            add(f"power-{method}-{standardize}", lambda m=method, s=standardize, r=rows: pp.PowerTransformer(m, standardize=s).fit(r[0]), {"X": rows[1], "X1": rows[1][:1]})
    add("power-holes", lambda: pp.PowerTransformer().fit(d.holes), holes)
    for output in ("uniform", "normal"):
        add("quantile-" + output, lambda o=output: pp.QuantileTransformer(n_quantiles=17, output_distribution=o, random_state=0).fit(X), {"X": d.T, "same": X[:6], "Xfar": d.T * 50})
        add("quantile-whole-" + output, lambda o=output: pp.QuantileTransformer(n_quantiles=30, output_distribution=o, subsample=60, random_state=0).fit(d.whole.astype(float)), {"X": d.whole_test})
        add("quantile-holes-" + output, lambda o=output: pp.QuantileTransformer(n_quantiles=20, output_distribution=o).fit(d.holes), holes)
    P = sp.csc_matrix(np.where(d.positives > 1, d.positives, 0))
    add("quantile-sparse", lambda: pp.QuantileTransformer(n_quantiles=20, ignore_implicit_zeros=True).fit(P), {"X": sp.csr_matrix(d.positives_test)})
    for number, more in enumerate([{"degree": 2, "n_knots": 4}, {"knots": "quantile", "extrapolation": "linear"}, {"extrapolation": "continue", "include_bias": False}, {"extrapolation": "periodic", "n_knots": 6}, {"extrapolation": "constant", "degree": 1}, {"knots": np.linspace(-40, 40, 5)[:, None] * np.ones(5), "degree": 2, "extrapolation": "linear"}, {"sparse_output": True}, {"degree": 0, "n_knots": 3}, {"handle_missing": "zeros"}, {"order": "F", "degree": 4}]):
        add(f"spline-{number}", lambda m=more: pp.SplineTransformer(**m).fit(X), N())
    add("spline-error", lambda: pp.SplineTransformer(extrapolation="error").fit(X), {"X": X[:4]})
    for strategy in ("uniform", "quantile", "kmeans"):
        for encode in ("onehot", "onehot-dense", "ordinal"):
            add(f"bins-{strategy}-{encode}", lambda s=strategy, e=encode: first(lambda: pp.KBinsDiscretizer(n_bins=4, strategy=s, encode=e, random_state=0, subsample=None).fit(X), lambda: pp.KBinsDiscretizer(n_bins=4, strategy=s, encode=e).fit(X)), N())
    add("bins-each", lambda: pp.KBinsDiscretizer(n_bins=[2, 3, 4, 5, 6], encode="ordinal", dtype=np.float32).fit(d.constant[:, :5]), N())
    add("bins-ties", lambda: pp.KBinsDiscretizer(n_bins=5, encode="onehot-dense", strategy="quantile").fit(d.whole), {"X": d.whole_test})
    add("bins-averaged", lambda: pp.KBinsDiscretizer(n_bins=5, encode="ordinal", strategy="quantile", quantile_method="averaged_inverted_cdf").fit(d.whole), {"X": d.whole_test})
    for number, (func, more) in enumerate([(np.log1p, {}), (np.sqrt, {"validate": True}), (np.exp, {"inverse_func": np.log, "check_inverse": False}), (np.abs, {"accept_sparse": True}), (np.clip, {"kw_args": {"a_min": -1, "a_max": 2}}), (np.round, {"kw_args": {"decimals": 1}}), (np.cbrt, {}), (np.tanh, {"inverse_func": np.arctanh}), (np.square, {}), (np.sign, {}), (np.rint, {}), (np.nan_to_num, {}), (np.sin, {"feature_names_out": "one-to-one"}), (np.negative, {}), (np.reciprocal, {}), (np.log2, {}), (np.expm1, {}), (np.floor, {}), (np.cumsum, {"kw_args": {"axis": 1}}), (None, {})]):
        add(f"function-{number}-{getattr(func, '__name__', None)}", lambda f=func, m=more: pp.FunctionTransformer(f, **m).fit(d.positives), {"X": d.positives_test, "X32": d.positives_test.astype("f4"), "Xi": d.whole_test[:, :5] + 1})
    add("function-scipy", lambda: pp.FunctionTransformer(__import__("scipy.special").special.expit, validate=False).fit(X), N())
    add("function-scale", lambda: pp.FunctionTransformer(pp.normalize, kw_args={"norm": "l1"}).fit(X), N())
    add("function-frame", lambda: pp.FunctionTransformer(np.log1p, feature_names_out="one-to-one").fit(numbers), {"X": numbers_test})
    add("function-to-numeric", lambda: pp.FunctionTransformer(pd.DataFrame.abs, feature_names_out="one-to-one").fit(numbers), {"X": numbers_test})


def encoders(d, add):
    words, test = d.frame[["city", "size"]], d.frame_test[["city", "size"]]
    known = d.frame[["city", "size"]].iloc[:7].reset_index(drop=True)
    mixed, mixed_test = d.frame[["city", "visits", "member"]], d.frame_test[["city", "visits", "member"]]
    numbers, numbers_test = d.whole.clip(0, 4), d.whole_test
    gaps, gaps_test = words.copy(), test.copy()
    gaps.loc[::9, "city"], gaps_test.loc[0, "city"], gaps.loc[::11, "size"] = None, None, None
    nan, nan_test = words.copy(), test.copy()
    nan.loc[::9, "city"], nan_test.loc[0, "city"] = np.nan, np.nan
    ignore = {"handle_unknown": "ignore"}
    for number, more in enumerate([ignore, dict(ignore, drop="if_binary"), dict(ignore, drop="first"), {"handle_unknown": "infrequent_if_exist", "min_frequency": 8}, {"handle_unknown": "infrequent_if_exist", "max_categories": 3}, {"handle_unknown": "infrequent_if_exist", "min_frequency": 0.1, "drop": "first"}, {"handle_unknown": "warn", "min_frequency": 6}, dict(ignore, dtype=np.int32), dict(ignore, feature_name_combiner="concat")]):
        for kind, (rows, rest) in (("words", (words, test)), ("mixed", (mixed, mixed_test)), ("gaps", (gaps, gaps_test)), ("nan", (nan, nan_test)), ("numbers", (numbers, numbers_test))):
            add(f"onehot-{number}-{kind}", lambda m=more, r=rows: first(lambda: pp.OneHotEncoder(sparse_output=number % 2 > 0, **m).fit(r), lambda: pp.OneHotEncoder(sparse=number % 2 > 0, **m).fit(r)), {"X": rest})
    add("onehot-drop-list", lambda: pp.OneHotEncoder(drop=["Oslo", "M"]).fit(words), {"X": known})
    add("onehot-given", lambda: pp.OneHotEncoder(categories=[["Rom", "Oslo", "Atlantis", "Köln"], ["S", "M", "L", "XL"]], handle_unknown="ignore").fit(words), {"X": test})
    add("onehot-strings", lambda: pp.OneHotEncoder(handle_unknown="ignore").fit(words.values.astype(str)), {"X": test.values.tolist()})
    add("onehot-pandas", lambda: pp.OneHotEncoder(handle_unknown="ignore", sparse_output=False).set_output(transform="pandas").fit(words), {"X": test})
    add("onehot-values", lambda: pp.OneHotEncoder(n_values=9, handle_unknown="ignore").fit(numbers), {"X": numbers_test})
    for number, (chosen, more) in enumerate([([0, 2], {"sparse": False}), ([2, 0], {}), ([-1], {"sparse": False}), (np.array([1, 0]), {"n_values": 12}), ([True, False, True, True, False, False], {"sparse": False}), (np.arange(6) % 3 == 2, {}), ([], {"sparse": False}), ([0, 1, 2], {"sparse": False}), ([0, 2], {"sparse": False, "dtype": np.float32}), ([1], {"sparse": False, "dtype": np.int64, "n_values": 12}), ("all", {})]):
        add(f"onehot-some-{number}", lambda c=chosen, m=more: pp.OneHotEncoder(categorical_features=c, handle_unknown="ignore", **m).fit(numbers), {"X": numbers_test})
        add(f"onehot-some-{number}-fractions", lambda c=chosen, m=more: pp.OneHotEncoder(categorical_features=c, handle_unknown="ignore", **m).fit(numbers + 0.25), {"X": numbers_test + 0.25})
    add("onehot-bits", lambda: pp.OneHotEncoder(drop="if_binary").fit(d.bits), {"X": d.bits_test})
    for number, more in enumerate([{"handle_unknown": "use_encoded_value", "unknown_value": -1}, {"handle_unknown": "use_encoded_value", "unknown_value": np.nan}, {"handle_unknown": "use_encoded_value", "unknown_value": 99, "dtype": np.int64}, {"encoded_missing_value": -7, "handle_unknown": "use_encoded_value", "unknown_value": -1}, {"min_frequency": 9, "handle_unknown": "use_encoded_value", "unknown_value": -1}, {"max_categories": 2, "handle_unknown": "use_encoded_value", "unknown_value": -2}]):
        for kind, (rows, rest) in (("words", (words, test)), ("mixed", (mixed, mixed_test)), ("gaps", (gaps, gaps_test)), ("nan", (nan, nan_test)), ("numbers", (numbers, numbers_test))):
            add(f"ordinal-{number}-{kind}", lambda m=more, r=rows: pp.OrdinalEncoder(**m).fit(r), {"X": rest})
    add("ordinal-plain", lambda: pp.OrdinalEncoder().fit(words), {"X": known})
    for kind, y in (("two", d.bool), ("words", d.words), ("number", d.yr)):
        for smooth in ("auto", 3.0):
            add(f"target-{kind}-{smooth}", lambda y=y, s=smooth: pp.TargetEncoder(smooth=s, random_state=0, cv=3).fit(gaps, y), {"X": gaps_test})
    add("target-given", lambda: pp.TargetEncoder(categories=[["Rom", "Oslo", "Köln", "New York", "Łódź", "Bern"]], target_type="multiclass", random_state=0).fit(words[["city"]], d.y3), {"X": test[["city"]]})
    for kind in ("words", "bytes", "bool", "negative", "floats", "objects", "unsigned"):
        y = getattr(d, kind)
        add("label-" + kind, lambda y=y: pp.LabelEncoder().fit(y), {"X": y[:7] if y.dtype.kind in "fiub" else y[:7].tolist()})
        for sparse in (False, True):
            more = {} if sparse else {"neg_label": -2, "pos_label": 3}
            add(f"binarize-{kind}-{sparse}", lambda y=y, s=sparse, m=more: pp.LabelBinarizer(sparse_output=s, **m).fit(y), {"X": y[:7] if y.dtype.kind in "fiub" else y[:7].tolist()})
    add("binarize-many", lambda: pp.LabelBinarizer().fit(d.many), {"X": d.many[:6]})
    sets = [["a", "b"], ["é"], [], ["b", "c", "a"]]
    add("multi-label", lambda: pp.MultiLabelBinarizer().fit(sets), {"X": sets[:3]})
    add("multi-label-given", lambda: pp.MultiLabelBinarizer(classes=["c", "é", "a", "b"], sparse_output=True).fit(sets), {"X": sets})
    add("multi-label-numbers", lambda: pp.MultiLabelBinarizer().fit([[1, 5], [3]]), {"X": [[5], [1, 3], []]})


def imputers(d, add):
    holes = {"X": d.holes_test, "Xfull": d.T}
    hollow = d.holes.copy()
    hollow[:, 3] = np.nan
    words = d.frame[["city", "size"]].copy()
    words.loc[::5, "city"] = np.nan
    test = d.frame_test[["city", "size"]].copy()
    test.loc[[0, 3], "city"] = np.nan
    marked, marked_test = words.fillna("?"), test.fillna("?")
    none, none_test = words.where(words.notnull(), None), test.where(test.notnull(), None)
    if im is None or not hasattr(im, "SimpleImputer"):
        for strategy in ("mean", "median", "most_frequent"):
            add("old-imputer-" + strategy, lambda s=strategy: pp.Imputer(strategy=s).fit(d.holes), holes)
        add("old-imputer-axis", lambda: pp.Imputer(missing_values=0, strategy="median").fit(d.whole), {"X": d.whole_test})
        return
    add("old-imputer", lambda: pp.Imputer().fit(d.holes), holes)
    for strategy in ("mean", "median", "most_frequent", "constant"):
        for number, more in enumerate([{}, {"add_indicator": True}, {"keep_empty_features": True, "add_indicator": True}]):
            add(f"simple-{strategy}-{number}", lambda s=strategy, m=more: im.SimpleImputer(strategy=s, **m).fit(hollow), holes)
    add("simple-zero", lambda: im.SimpleImputer(missing_values=0, strategy="mean").fit(d.whole), {"X": d.whole_test})
    add("simple-minus", lambda: im.SimpleImputer(missing_values=-1, strategy="most_frequent").fit(np.where(d.bits, -1.0, 2.5)), {"X": np.where(d.bits_test, -1.0, 4)})
    add("simple-words", lambda: im.SimpleImputer(strategy="most_frequent").fit(words), {"X": test})
    add("simple-words-constant", lambda: im.SimpleImputer(strategy="constant", fill_value="nil", add_indicator=True).fit(words), {"X": test})
    add("simple-words-missing", lambda: im.SimpleImputer(strategy="constant").fit(words), {"X": test})
    add("simple-mark", lambda: im.SimpleImputer(missing_values="?", strategy="most_frequent").fit(marked), {"X": marked_test})
    add("simple-none", lambda: im.SimpleImputer(missing_values=None, strategy="constant", fill_value="none").fit(none), {"X": none_test})
    add("simple-sparse", lambda: im.SimpleImputer(strategy="mean").fit(sp.csc_matrix(d.holes)), {"X": sp.csr_matrix(d.holes_test)})
    add("simple-float32", lambda: im.SimpleImputer(strategy="median").fit(d.holes.astype("f4")), {"X": d.holes_test.astype("f4"), "X64": d.holes_test})
    add("simple-frame", lambda: im.SimpleImputer(strategy="median", add_indicator=True).fit(d.frame[["age", "visits"]]), {"X": d.frame_test[["age", "visits"]]})
    for features in ("missing-only", "all"):
        add("indicator-" + features, lambda f=features: im.MissingIndicator(features=f, error_on_new=False).fit(hollow), holes)
    add("indicator-sparse", lambda: im.MissingIndicator(sparse=True, error_on_new=False).fit(d.holes), holes)
    for number, more in enumerate([{"weights": "distance"}, {"n_neighbors": 2, "add_indicator": True}, {"keep_empty_features": True}]):
        add(f"neighbours-imputer-{number}", lambda m=more: im.KNNImputer(**m).fit(hollow if "keep_empty_features" in m else d.holes), holes)
    for number, more in enumerate([{"imputation_order": "roman"}, {"imputation_order": "descending", "initial_strategy": "median"}, {"imputation_order": "arabic", "min_value": -2, "max_value": [3, 30, 1, 9, 3]}, {"skip_complete": True, "add_indicator": True}, {"n_nearest_features": 2}, {"keep_empty_features": True}]):
        add(f"iterative-{number}", lambda m=more: im.IterativeImputer(max_iter=3, random_state=0, **m).fit(hollow if "keep_empty_features" in m else d.holes), holes)
    for name, estimator in (("ridge", lambda: Ridge()), ("forest", lambda: RandomForestRegressor(n_estimators=3, max_depth=3, random_state=0)), ("linear", lambda: LinearRegression())):
        add("iterative-" + name, lambda e=estimator: im.IterativeImputer(e(), max_iter=2, random_state=0).fit(d.holes), holes)


def selectors(d, add):
    X, N = d.X, d.numbers
    W = {"X": d.whole_test, "S": sp.csr_matrix(d.whole_test.astype(float))}
    add("variance", lambda: fs.VarianceThreshold(0.5).fit(d.constant), N(d.constant_test))
    for name in ("f_classif", "mutual_info_classif", "chi2"):
        rows, rest = (d.positives, d.positives_test)
        add("best-" + name, lambda n=name: fs.SelectKBest(getattr(fs, n), k=2).fit(rows, d.words), {"X": rest})
    for name in ("f_regression", "mutual_info_regression", "r_regression"):
        add("best-" + name, lambda n=name: fs.SelectPercentile(getattr(fs, n), percentile=40).fit(X, d.yr), N())
    add("fpr", lambda: fs.SelectFpr(fs.chi2, alpha=0.4).fit(d.whole, d.y3), W)
    add("fdr", lambda: fs.SelectFdr(fs.f_classif, alpha=0.01).fit(X, d.words), N())
    add("fwe", lambda: fs.SelectFwe(fs.f_regression, alpha=0.01).fit(X, d.yr), N())
    for mode, param in (("percentile", 50), ("k_best", 2), ("fpr", 0.01), ("fdr", 0.01), ("fwe", 0.01)):
        add("univariate-" + mode, lambda m=mode, p=param: fs.GenericUnivariateSelect(fs.f_classif, mode=m, param=p).fit(X, d.words), N())
    add("rfe", lambda: fs.RFE(LogisticRegression(solver="liblinear"), n_features_to_select=2, step=2).fit(X, d.words), N())
    add("rfe-svc", lambda: fs.RFE(SVC(kernel="linear", probability=True, random_state=0), n_features_to_select=3).fit(X, d.bool), N())
    add("rfe-fraction", lambda: fs.RFE(RandomForestClassifier(n_estimators=3, random_state=0), n_features_to_select=0.5, importance_getter="feature_importances_").fit(X, d.bytes), N())
    add("rfecv", lambda: fs.RFECV(DecisionTreeClassifier(max_depth=3, random_state=0), cv=3, min_features_to_select=2).fit(X, d.words), N())
    add("rfecv-regressor", lambda: fs.RFECV(Ridge(), cv=3, step=1).fit(X, d.yr), N())
    for number, (make, y, more) in enumerate([(lambda: Lasso(0.1), d.yr, {}), (lambda: LogisticRegression(solver="liblinear", penalty="l1"), d.words, {"threshold": "1.25*mean"}), (lambda: RandomForestClassifier(n_estimators=4, random_state=0), d.words, {"threshold": "median"}), (lambda: LinearSVC(random_state=0), d.words, {"norm_order": 2, "threshold": 0.02}), (lambda: Ridge(), d.yr2, {"max_features": 2, "threshold": -np.inf})]):
        add(f"from-model-{number}", lambda m=make, y=y, o=more: fs.SelectFromModel(m(), **o).fit(X, y), N())
    add("from-model-prefit", lambda: fs.SelectFromModel(Lasso(0.1).fit(X, d.yr), prefit=True).fit(X, d.yr), N())
    add("from-model-raw", lambda: fs.SelectFromModel(Lasso(0.1).fit(X, d.yr), prefit=True), N())
    for direction in ("forward", "backward"):
        add("sequential-" + direction, lambda v=direction: fs.SequentialFeatureSelector(KNeighborsClassifier(3), n_features_to_select=2, direction=v, cv=2).fit(X, d.y3), N())


def texts(d, add):
    docs, inputs = d.documents, {"X": d.documents_test}
    options = [{}, {"lowercase": False}, {"strip_accents": "ascii"}, {"strip_accents": "unicode", "analyzer": "char"}, {"analyzer": "char_wb", "ngram_range": (2, 3), "max_features": 60}, {"ngram_range": (1, 3), "min_df": 2}, {"max_df": 0.4, "min_df": 0.05}, {"stop_words": "english"}, {"stop_words": ["the", "cat"]}, {"token_pattern": r"\w+"}, {"token_pattern": r"(?u)\b\w\w\w+\b"}, {"token_pattern": r"[a-zA-Z]+|[0-9.]+%?"}, {"token_pattern": r"(?i)(\b[a-z]+)\d*"}, {"token_pattern": r"\S+"}, {"token_pattern": r"[^\W\d]+"}, {"analyzer": "char", "ngram_range": (1, 2), "lowercase": False}, {"binary": True, "dtype": np.float32}, {"vocabulary": {"cat": 1, "dog": 0, "fell": 2}}, {"vocabulary": ["the", "of", "café"]}, {"max_features": 10, "stop_words": "english", "ngram_range": (2, 2)}, {"tokenizer": str.split, "token_pattern": None}, {"preprocessor": str.lower}, {"analyzer": str.split}]
    for number, more in enumerate(options):
        add(f"counts-{number}", lambda m=more: ft.CountVectorizer(**m).fit(docs), inputs)
    weights = [{}, {"norm": "l1"}, {"norm": None, "use_idf": False}, {"smooth_idf": False, "sublinear_tf": True}]
    for number, more in enumerate(options[:16:2]):
        add(f"tfidf-{number}", lambda m=more, w=weights[number % 4]: ft.TfidfVectorizer(**dict(m, **w)).fit(docs), inputs)
    hashing = [{"alternate_sign": False}, {"norm": None}, {"norm": "l1", "binary": True}, {"n_features": 2**20}]
    for number, more in enumerate(options[1:17:2]):
        add(f"hashing-{number}", lambda m=more, h=hashing[number % 4]: ft.HashingVectorizer(**dict(dict(n_features=50), **dict({k: v for k, v in m.items() if k not in ("max_features", "min_df", "max_df")}, **h))).fit(docs), inputs)
    counts = d.whole
    for number, more in enumerate(weights + [{"norm": "l2", "sublinear_tf": True}, {"use_idf": False}]):
        add(f"tfidf-transformer-{number}", lambda m=more: ft.TfidfTransformer(**m).fit(sp.csr_matrix(counts)), {"X": d.whole_test, "S": sp.csr_matrix(d.whole_test.astype(float))})
    records = [{"a": 1, "b": "x"}, {"b": "y", "c": 2.5}, {"a": 0, "d": True}, {}]
    for number, more in enumerate([{}, {"sparse": False}, {"separator": "::"}, {"sort": False, "dtype": np.float32}]):
        add(f"records-{number}", lambda m=more: fe.DictVectorizer(**m).fit(records), {"X": records + [{"z": 4, "b": "new"}]})
    lists = [{"tags": ["a", "b"], "n": 1}, {"tags": ["c"]}, {"n": 3}]
    add("records-lists", lambda: fe.DictVectorizer().fit(lists), {"X": lists})
    for number, more in enumerate([{}, {"alternate_sign": False}, {"dtype": np.float32}]):
        add(f"hasher-{number}", lambda m=more: fe.FeatureHasher(12, **m).fit(records), {"X": [{k: v for k, v in r.items()} for r in records]})
    add("hasher-strings", lambda: fe.FeatureHasher(10, input_type="string").fit([["a"]]), {"X": [["cat", "dog", "cat"], ["é"], []]})
    add("hasher-pairs", lambda: fe.FeatureHasher(10, input_type="pair").fit([[("a", 1)]]), {"X": [[["cat", 2.0], ["dog", -1]], [["é", 0.5]]]})


CHAPTERS = [scalers, encoders, imputers, selectors, texts]
