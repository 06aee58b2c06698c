"""Pipelines, columns, searches, and estimators made of others."""

import numpy as np
import scipy.sparse as sp
import sklearn.calibration as ca
import sklearn.model_selection as ms
import sklearn.multiclass as mc
import sklearn.multioutput as mo
import sklearn.pipeline as pi
import sklearn.preprocessing as pp
import sklearn.semi_supervised as ss
from linear import first
from scipy.stats import uniform
from sklearn.decomposition import PCA
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest, SelectPercentile, f_classif
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression, Perceptron, Ridge, RidgeClassifier, SGDClassifier
from sklearn.naive_bayes import GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.svm import SVC, SVR, LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

try:
    from sklearn.experimental import enable_halving_search_cv  # noqa: F401
except ImportError:
    pass
try:
    import sklearn.compose as co
except ImportError:
    co = None
try:
    from sklearn.impute import SimpleImputer
except ImportError:
    SimpleImputer = None


def logistic(**more):
    return LogisticRegression(**dict({"solver": "liblinear", "random_state": 0}, **more))


def pipelines(d, add):
    X, N = d.X, d.numbers
    table, test = d.frame, d.frame_test
    onehot = lambda **m: first(lambda: pp.OneHotEncoder(handle_unknown="ignore", sparse_output=False, **m), lambda: pp.OneHotEncoder(handle_unknown="ignore", sparse=False, **m))  # noqa: E731
    numbers = lambda: pi.make_pipeline(SimpleImputer(strategy="median"), pp.StandardScaler())  # noqa: E731
    mask = [True, False, False, True, False]
    add("columns-slice", lambda: co.ColumnTransformer([("a", pp.StandardScaler(), slice(0, 2)), ("b", "passthrough", slice(-1, None)), ("c", "drop", [2])], remainder=pp.MinMaxScaler()).fit(X), N())
    add("columns-mask", lambda: co.ColumnTransformer([("m", PCA(1), mask), ("n", pp.Binarizer(), [1, -1])], remainder="passthrough").fit(X), N())
    add("columns-scalar", lambda: co.ColumnTransformer([("t", TfidfVectorizer(), "text"), ("n", numbers(), ["age"])], remainder="drop").fit(table.iloc[:52].assign(text=d.documents)), {"X": test.iloc[:8].assign(text=d.documents_test[:8])})
    add("columns-empty", lambda: co.ColumnTransformer([("e", pp.StandardScaler(), []), ("n", numbers(), ["age", "visits"])], remainder="drop").fit(table), {"X": test})
    add("columns-callable", lambda: co.ColumnTransformer([("n", numbers(), co.make_column_selector(dtype_include=np.number)), ("w", onehot(), co.make_column_selector(dtype_include=object))], remainder="drop").fit(table), {"X": test})
    add("columns-pattern", lambda: co.ColumnTransformer([("n", numbers(), co.make_column_selector("^(age|vis)")), ("w", onehot(), ["city"])], verbose_feature_names_out=False, remainder="drop").fit(table), {"X": test})
    add("columns-weights", lambda: co.ColumnTransformer([("n", numbers(), ["age"]), ("w", onehot(), ["size", "city"])], transformer_weights={"n": 2.5}, sparse_threshold=1.0).fit(table), {"X": test})
    add("columns-names", lambda: co.ColumnTransformer([("n", numbers(), ["age"])], remainder="passthrough", verbose_feature_names_out="{feature_name}-{transformer_name}").fit(table[["age", "visits", "price €"]]), {"X": test[["age", "visits", "price €"]]})
    add("columns-nested", lambda: co.ColumnTransformer([("in", co.ColumnTransformer([("x", numbers(), ["age"])], remainder="passthrough"), ["age", "visits"]), ("w", onehot(), ["size"])]).fit(table), {"X": test})
    add("columns-same-twice", lambda: co.ColumnTransformer([("a", numbers(), ["age"]), ("b", SimpleImputer(add_indicator=True), ["age", "visits"])], n_jobs=None).fit(table), {"X": test})
    add("columns-pandas", lambda: co.ColumnTransformer([("n", numbers(), ["age"]), ("w", onehot(), ["size"])], remainder="passthrough", verbose_feature_names_out=False).set_output(transform="pandas").fit(table[["age", "size", "visits"]]), {"X": test[["age", "size", "visits"]]})
    whole = lambda model: pi.Pipeline([("columns", co.ColumnTransformer([("n", numbers(), ["age", "visits", "price €"]), ("w", onehot(), ["city", "size"])])), ("model", model)])  # noqa: E731
    finals = [("logistic", lambda: logistic(), d.words), ("forest", lambda: RandomForestClassifier(n_estimators=4, max_depth=4, random_state=0), d.bytes), ("svc", lambda: SVC(gamma=0.1, probability=True, random_state=0), d.bool), ("knn", lambda: KNeighborsClassifier(3, weights="distance"), d.objects), ("boosting", lambda: GradientBoostingClassifier(n_estimators=4, random_state=0), d.words), ("ridge", lambda: RidgeClassifier(), d.words)]
    for name, model, y in finals:
        add("whole-" + name, lambda m=model, y=y: whole(m()).fit(table, y), {"X": test, "X1": test.head(1), "other": test[test.columns[::-1]]})
    for name, model in (("ridge", lambda: Ridge()), ("tree", lambda: DecisionTreeRegressor(max_depth=3, random_state=0)), ("svr", lambda: SVR(gamma=0.1)), ("lasso", lambda: Lasso(0.1))):
        add("whole-regressor-" + name, lambda m=model: whole(m()).fit(table, d.yr), {"X": test})
    add("pipeline-passthrough", lambda: pi.Pipeline([("a", "passthrough"), ("b", pp.StandardScaler()), ("c", None), ("d", logistic())]).fit(X, d.words), N())
    add("pipeline-nested", lambda: pi.make_pipeline(pi.make_pipeline(pp.StandardScaler(), PCA(3)), pi.make_pipeline(SelectKBest(f_classif, k=2), logistic())).fit(X, d.words), N())
    add("pipeline-last", lambda: pi.Pipeline([("a", pp.StandardScaler()), ("b", "passthrough")]).fit(X), N())
    add("pipeline-function", lambda: pi.make_pipeline(pp.FunctionTransformer(np.log1p, validate=False), pp.FunctionTransformer(np.square, validate=False), Ridge()).fit(d.positives, d.yr), {"X": d.positives_test})
    add("pipeline-memory", lambda: pi.Pipeline([("s", pp.StandardScaler()), ("m", logistic(penalty="l1"))], memory=None).fit(X, d.bool), N())
    union = lambda **m: pi.FeatureUnion([("a", PCA(2)), ("b", SelectPercentile(f_classif, percentile=40)), ("c", pp.StandardScaler())], **m)  # noqa: E731
    add("union-weights", lambda: union(transformer_weights={"a": 3, "c": 0.1}).fit(X, d.y3), N())
    add("union-drop", lambda: union().set_params(b="drop").fit(X, d.y3), N())
    add("union-none", lambda: union().set_params(b=None).fit(X, d.y3), N())
    add("union-pass", lambda: union().set_params(b="passthrough").fit(X, d.y3), N())
    add("union-names", lambda: union(verbose_feature_names_out=False).fit(X, d.y3), N())
    texts = {"X": d.documents_test}
    add("text-nb", lambda: pi.Pipeline([("c", CountVectorizer(ngram_range=(1, 2))), ("t", TfidfTransformer(use_idf=False)), ("m", MultinomialNB(alpha=0.1))]).fit(d.documents, d.topics), texts)
    add("text-hash", lambda: pi.make_pipeline(HashingVectorizer(n_features=128, alternate_sign=False), TfidfTransformer(), SGDClassifier(random_state=0)).fit(d.documents, d.topics), texts)
    add("text-union", lambda: pi.make_pipeline(pi.make_union(TfidfVectorizer(), TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 3))), LinearSVC(random_state=0)).fit(d.documents, d.topics), texts)
    add("text-forest", lambda: pi.make_pipeline(CountVectorizer(stop_words="english"), RandomForestClassifier(n_estimators=5, random_state=0)).fit(d.documents, d.topics), texts)
    for func, inverse in ((np.log1p, np.expm1), (np.sqrt, np.square), (np.log, np.exp)):
        add("target-" + func.__name__, lambda f=func, i=inverse: co.TransformedTargetRegressor(Ridge(), func=f, inverse_func=i).fit(X, d.positive), N())
    for transformer in (pp.StandardScaler, pp.MinMaxScaler, pp.RobustScaler):
        add("target-" + transformer.__name__, lambda t=transformer: co.TransformedTargetRegressor(KNeighborsRegressor(3), transformer=t()).fit(X, d.yr2), N())
    add("target-power", lambda: co.TransformedTargetRegressor(RandomForestRegressor(n_estimators=3, random_state=0), transformer=pp.PowerTransformer()).fit(X, d.yr), N())
    add("target-quantile", lambda: co.TransformedTargetRegressor(LinearRegression(), transformer=pp.QuantileTransformer(n_quantiles=20, output_distribution="normal"), check_inverse=False).fit(X, d.yr), N())


def searches(d, add):
    X, N = d.X, d.numbers
    pipe = lambda: pi.Pipeline([("s", pp.StandardScaler()), ("m", logistic())])  # noqa: E731
    add("grid", lambda: ms.GridSearchCV(pipe(), {"m__C": [0.1, 1], "s": [pp.StandardScaler(), pp.MinMaxScaler(), "passthrough"]}, cv=2).fit(X, d.words), N())
    add("grid-many-scores", lambda: ms.GridSearchCV(pipe(), {"m__C": [0.1, 1]}, scoring=["accuracy", "f1_macro"], refit="f1_macro", return_train_score=True, cv=2).fit(X, d.words), N())
    add("grid-svc", lambda: ms.GridSearchCV(SVC(probability=True, random_state=0), [{"kernel": ["linear"]}, {"kernel": ["rbf"], "gamma": [0.1, 1]}], cv=2).fit(X, d.bool), N())
    add("grid-pca", lambda: ms.GridSearchCV(PCA(), {"n_components": [1, 2]}, cv=2).fit(X), N())
    add("random", lambda: ms.RandomizedSearchCV(Ridge(), {"alpha": uniform(0.1, 5)}, n_iter=3, cv=2, random_state=0).fit(X, d.yr), N())
    add("random-forest", lambda: ms.RandomizedSearchCV(RandomForestClassifier(random_state=0, n_estimators=3), {"max_depth": [1, 2, 3], "criterion": ["gini", "entropy"]}, n_iter=3, cv=ms.StratifiedKFold(2), random_state=np.random.RandomState(0)).fit(X, d.bytes), N())
    add("halving-grid", lambda: ms.HalvingGridSearchCV(DecisionTreeClassifier(random_state=0), {"max_depth": [1, 2, 3, 4]}, cv=2, random_state=0).fit(X, d.words), N())
    add("halving-random", lambda: ms.HalvingRandomSearchCV(KNeighborsClassifier(), {"n_neighbors": [1, 2, 3, 4]}, cv=2, random_state=0).fit(X, d.words), N())
    inner = [("logistic", lambda: logistic()), ("svc", lambda: LinearSVC(random_state=0)), ("forest", lambda: RandomForestClassifier(n_estimators=3, random_state=0)), ("nb", lambda: GaussianNB())]
    for method in ("sigmoid", "isotonic", "temperature"):
        for name, make in inner:
            for kind in ("words", "bool", "bytes"):
                add(f"calibrated-{method}-{name}-{kind}", lambda m=method, e=make, k=kind: ca.CalibratedClassifierCV(e(), method=m, cv=3).fit(X, getattr(d, k)), N())
        add(f"calibrated-{method}-one", lambda m=method: ca.CalibratedClassifierCV(SVC(gamma=0.1, random_state=0), method=m, ensemble=False, cv=3).fit(X, d.words, sample_weight=d.weights), N())
        add(f"calibrated-{method}-prefit", lambda m=method: ca.CalibratedClassifierCV(pipe().fit(X, d.words), method=m, cv="prefit").fit(X, d.words), N())
        add(f"calibrated-{method}-frozen", lambda m=method: ca.CalibratedClassifierCV(__import__("sklearn.frozen").frozen.FrozenEstimator(pipe().fit(X, d.words)), method=m).fit(X, d.words), N())
    add("threshold-fixed", lambda: ms.FixedThresholdClassifier(logistic(), threshold=0.3, pos_label="yes", response_method="predict_proba").fit(X, np.where(d.bool, "yes", "no")), N())
    add("threshold-decision", lambda: ms.FixedThresholdClassifier(LinearSVC(random_state=0), threshold=-0.4, response_method="decision_function").fit(X, d.bool), N())
    add("threshold-tuned", lambda: ms.TunedThresholdClassifierCV(logistic(), scoring="balanced_accuracy", cv=3, thresholds=20).fit(X, d.y2), N())
    add("threshold-tuned-prefit", lambda: ms.TunedThresholdClassifierCV(logistic().fit(X, d.y2), cv="prefit", refit=False).fit(X, d.y2), N())


def several(d, add):
    X, N = d.X / d.X.std(0), d.numbers
    T = d.T / d.X.std(0)
    S = sp.csr_matrix(np.where(np.abs(X) > 0.8, X, 0))
    makers = [("logistic", lambda: logistic()), ("svc", lambda: SVC(gamma=0.1)), ("perceptron", lambda: Perceptron(random_state=0)), ("tree", lambda: DecisionTreeClassifier(max_depth=3, random_state=0)), ("nb", lambda: GaussianNB()), ("proba-svc", lambda: SVC(gamma=0.1, probability=True, random_state=0)), ("linear-svc", lambda: LinearSVC(random_state=0)), ("ridge", lambda: Ridge())]
    for name, make in makers:
        for kind in ("words", "bool", "bytes", "many"):
            add(f"ovr-{name}-{kind}", lambda m=make, k=kind: mc.OneVsRestClassifier(m()).fit(X, getattr(d, k)), N(T))
        for kind in ("words", "bool", "negative"):
            if name != "ridge":
                add(f"ovo-{name}-{kind}", lambda m=make, k=kind: mc.OneVsOneClassifier(m()).fit(X, getattr(d, k)), N(T))
        add("codes-" + name, lambda m=make: mc.OutputCodeClassifier(m(), code_size=3, random_state=0).fit(X, d.words), N(T))
    many = d.many.copy()
    many[:, 2] = 1
    add("ovr-constant", lambda: mc.OneVsRestClassifier(logistic()).fit(X, many), N(T))
    add("ovr-sparse", lambda: mc.OneVsRestClassifier(logistic()).fit(S, sp.csr_matrix(d.many)), N(T, "S"))
    add("ovr-pipeline", lambda: mc.OneVsRestClassifier(pi.make_pipeline(pp.StandardScaler(), logistic())).fit(X, d.words), N(T))
    for name, make in makers[:1] + makers[3:6]:
        for kind in ("two_kinds", "two_words", "many"):
            add(f"outputs-{name}-{kind}", lambda m=make, k=kind: mo.MultiOutputClassifier(m()).fit(X, getattr(d, k)), N(T))
        for number, more in enumerate([{}, {"order": [2, 0, 1]}, {"order": "random", "cv": 2}]):
            add(f"chain-{name}-{number}", lambda m=make, o=more: mo.ClassifierChain(m(), random_state=0, **o).fit(X, d.many), N(T))
    add("chain-decision", lambda: mo.ClassifierChain(logistic(), chain_method="decision_function").fit(X, d.many), N(T))
    add("chain-proba", lambda: mo.ClassifierChain(logistic(), chain_method=["predict_proba", "predict"]).fit(X, d.many), N(T))
    for name, make in (("svr", lambda: SVR(gamma=0.1)), ("ridge", lambda: Ridge()), ("tree", lambda: DecisionTreeRegressor(max_depth=3, random_state=0)), ("neighbours", lambda: KNeighborsRegressor(3))):
        add("outputs-regressor-" + name, lambda m=make: mo.MultiOutputRegressor(m()).fit(X, d.yr2), N(T))
        for number, more in enumerate([{}, {"order": [1, 0]}, {"cv": 2}]):
            add(f"chain-regressor-{name}-{number}", lambda m=make, o=more: mo.RegressorChain(m(), **o).fit(X, d.yr2), N(T))
    half = d.y3.copy()
    half[::2] = -1
    half_words = np.where(half == -1, -1, d.y3 + 10)
    for kernel in ("knn", "rbf"):
        add("propagation-" + kernel, lambda k=kernel: ss.LabelPropagation(kernel=k, gamma=0.3, n_neighbors=6, max_iter=300).fit(X, half), N(T))
        add("spreading-" + kernel, lambda k=kernel: ss.LabelSpreading(kernel=k, gamma=0.3, n_neighbors=6, alpha=0.3).fit(X, half_words), N(T))
    for number, more in enumerate([{}, {"criterion": "k_best", "k_best": 5}, {"threshold": 0.9, "max_iter": None}]):
        add(f"self-training-{number}", lambda o=more: ss.SelfTrainingClassifier(logistic(), **o).fit(X, half), N(T))
        add(f"self-training-svc-{number}", lambda o=more: ss.SelfTrainingClassifier(SVC(probability=True, gamma=0.1, random_state=0), **o).fit(X, half), N(T))


CHAPTERS = [pipelines, searches, several]
