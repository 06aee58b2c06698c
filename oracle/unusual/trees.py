"""Trees, forests, boosting, and what is put together from several estimators."""

import numpy as np
import scipy.sparse as sp
import sklearn.ensemble as en
import sklearn.tree as tr
from linear import first
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, SGDClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR, LinearSVC

try:
    from sklearn.experimental import enable_hist_gradient_boosting  # noqa: F401
except ImportError:
    pass


def single(d, add):
    X, N = d.X, d.numbers
    S = sp.csc_matrix(np.where(np.abs(X) > 1, X, 0))
    for cls in ("DecisionTree", "ExtraTree"):
        C, R = (lambda c=cls, **m: getattr(tr, c + "Classifier")(random_state=2, **m)), (lambda c=cls, **m: getattr(tr, c + "Regressor")(random_state=2, **m))
        for criterion in ("entropy", "gini", "log_loss"):
            add(f"{cls}-{criterion}", lambda C=C, c=criterion: C(criterion=c, max_leaf_nodes=7, class_weight="balanced").fit(X, d.words), N())
        add(cls + "-two-kinds", lambda C=C: C(max_depth=4, class_weight=[{0: 1, 1: 2, 2: 1}, "balanced"][0:0] or None).fit(X, d.two_kinds), N())
        add(cls + "-two-words", lambda C=C: C(max_depth=4).fit(X, d.two_words), N())
        add(cls + "-many", lambda C=C: C(max_depth=4).fit(X, d.many), N())
        for kind in ("bytes", "bool", "negative", "floats", "objects"):
            add(f"{cls}-{kind}", lambda C=C, k=kind: C(max_depth=3, min_weight_fraction_leaf=0.05).fit(X, getattr(d, k), sample_weight=d.weights), N())
        add(cls + "-one-class", lambda C=C: C().fit(X, np.full(len(X), "only")), N())
        add(cls + "-stump", lambda C=C: C(max_depth=1).fit(X[:, :1], d.y3), N(d.T[:, :1]))
        add(cls + "-sparse", lambda C=C: C(max_depth=4, max_features="log2").fit(S, d.words), N(None, "S"))
        add(cls + "-holes", lambda C=C: C(max_depth=5).fit(d.holes, d.words), {"X": d.holes_test, "Xfull": d.T})
        add(cls + "-monotonic", lambda C=C: C(monotonic_cst=[1, -1, 0, 0, 0], max_depth=4).fit(X, d.bool), N())
        add(cls + "-pruned", lambda C=C: C(ccp_alpha=0.02).fit(X.astype("f4"), d.unsigned), N())
        add(cls + "-bits", lambda C=C: C(max_depth=4).fit(d.bits, d.words), {"X": d.bits_test})
        for new, old in (("squared_error", "mse"), ("absolute_error", "mae"), ("friedman_mse", "friedman_mse"), ("poisson", "poisson")):
            add(f"{cls}-regressor-{new}", lambda R=R, n=new, o=old: first(lambda: R(criterion=n, max_depth=4).fit(X, d.counts), lambda: R(criterion=o, max_depth=4).fit(X, d.counts)), N())
        add(cls + "-regressor-two", lambda R=R: R(max_depth=4, min_samples_leaf=3).fit(X, d.yr2, sample_weight=d.weights), N())
        add(cls + "-regressor-holes", lambda R=R: R(max_depth=5).fit(d.holes, d.yr), {"X": d.holes_test})
        add(cls + "-regressor-column", lambda R=R: R(max_depth=2).fit(X, d.yr[:, None]), N())
        add(cls + "-regressor-constant", lambda R=R: R().fit(X, np.full(len(X), 3.25)), N())
        add(cls + "-regressor-whole", lambda R=R: R(max_depth=3).fit(d.whole, d.whole[:, 0]), {"X": d.whole_test})


def forests(d, add):
    X, N = d.X, d.numbers
    S = sp.csr_matrix(np.where(np.abs(X) > 1, X, 0))
    for cls in ("RandomForest", "ExtraTrees"):
        C, R = (lambda c=cls, **m: getattr(en, c + "Classifier")(**dict({"n_estimators": 5, "max_depth": 4, "random_state": 1}, **m))), (lambda c=cls, **m: getattr(en, c + "Regressor")(**dict({"n_estimators": 5, "max_depth": 4, "random_state": 1}, **m)))
        add(cls + "-subsample", lambda C=C: C(class_weight="balanced_subsample", bootstrap=True).fit(X, d.words), N())
        add(cls + "-oob", lambda C=C: C(oob_score=True, bootstrap=True, n_estimators=25).fit(X, d.bytes), N())
        add(cls + "-two-words", lambda C=C: C().fit(X, d.two_words), N())
        add(cls + "-many", lambda C=C: C(bootstrap=False).fit(X, d.many, sample_weight=d.weights), N())
        add(cls + "-one-class", lambda C=C: C().fit(X, np.zeros(len(X))), N())
        add(cls + "-warm", lambda C=C: C(warm_start=True, n_estimators=3).fit(X, d.negative).set_params(n_estimators=6).fit(X, d.negative), N())
        add(cls + "-sparse", lambda C=C: C(max_samples=0.7, bootstrap=True).fit(S, d.objects), N(None, "S"))
        add(cls + "-holes", lambda C=C: C().fit(d.holes, d.words), {"X": d.holes_test})
        add(cls + "-frame", lambda C=C: C().fit(d.frame[["visits", "price €"]], d.frame["size"]), {"X": d.frame_test[["visits", "price €"]]})
        add(cls + "-monotonic", lambda C=C: C(monotonic_cst=[1, 0, 0, -1, 0]).fit(X, d.y2), N())
        add(cls + "-leaf-nodes", lambda C=C: C(max_leaf_nodes=5, criterion="entropy", max_features=None).fit(X, d.floats), N())
        add(cls + "-regressor-two", lambda R=R: R(max_features=0.5).fit(X, d.yr2), N())
        add(cls + "-regressor-poisson", lambda R=R: R(criterion="poisson").fit(X, d.counts), N())
        add(cls + "-regressor-absolute", lambda R=R: first(lambda: R(criterion="absolute_error").fit(X, d.yr), lambda: R(criterion="mae").fit(X, d.yr)), N())
        add(cls + "-regressor-float32", lambda R=R: R(oob_score=True, bootstrap=True, n_estimators=20).fit(X.astype("f4"), d.yr.astype("f4")), N())
        add(cls + "-regressor-holes", lambda R=R: R().fit(d.holes, d.yr), {"X": d.holes_test})
    add("embedding", lambda: en.RandomTreesEmbedding(n_estimators=4, max_depth=3, random_state=1).fit(X), N(None, "S"))
    add("embedding-dense", lambda: en.RandomTreesEmbedding(n_estimators=3, max_leaf_nodes=5, sparse_output=False, random_state=1).fit(X), N())
    add("isolation", lambda: en.IsolationForest(n_estimators=12, max_features=3, bootstrap=True, random_state=0).fit(X), N())
    add("isolation-contamination", lambda: en.IsolationForest(n_estimators=8, contamination=0.15, max_samples=0.5, random_state=0).fit(X), N(None, "S"))
    add("isolation-new", lambda: en.IsolationForest(n_estimators=8, behaviour="new", contamination="auto", random_state=0).fit(X), N())
    add("isolation-frame", lambda: en.IsolationForest(n_estimators=8, warm_start=True, random_state=0).fit(d.frame[["visits", "price €"]]), {"X": d.frame_test[["visits", "price €"]]})
    add("isolation-one-feature", lambda: en.IsolationForest(n_estimators=8, random_state=0).fit(X[:, :1].astype("f4")), N(d.T[:, :1]))


def boosting(d, add):
    X, N = d.X, d.numbers
    S = sp.csr_matrix(np.where(np.abs(X) > 1, X, 0))
    small = {"n_estimators": 6, "random_state": 0}
    for loss, old in (("log_loss", "deviance"), ("exponential", "exponential")):
        for kind in ("bool", "words", "bytes", "negative"):
            if loss == "log_loss" or kind == "bool":
                add(f"gb-{loss}-{kind}", lambda l=loss, o=old, k=kind: first(lambda: en.GradientBoostingClassifier(loss=l, **small).fit(X, getattr(d, k)), lambda: en.GradientBoostingClassifier(loss=o, **small).fit(X, getattr(d, k))), N())
    for name, init in (("zero", lambda: "zero"), ("logistic", lambda: LogisticRegression(solver="liblinear")), ("forest", lambda: en.RandomForestClassifier(n_estimators=3, random_state=0)), ("dummy", lambda: DummyClassifier(strategy="prior"))):
        add("gb-init-" + name, lambda i=init: en.GradientBoostingClassifier(init=i(), **small).fit(X, d.words), N())
        add("gb-init-two-" + name, lambda i=init: en.GradientBoostingClassifier(init=i(), **small).fit(X, d.bool), N())
    add("gb-stop", lambda: en.GradientBoostingClassifier(n_estimators=40, n_iter_no_change=2, subsample=0.8, max_features="sqrt", random_state=0).fit(X, d.words), N())
    add("gb-sparse", lambda: en.GradientBoostingClassifier(max_leaf_nodes=4, **small).fit(S, d.words, sample_weight=d.weights), N(None, "S"))
    for loss, old in (("squared_error", "ls"), ("absolute_error", "lad"), ("huber", "huber"), ("quantile", "quantile")):
        add("gb-regressor-" + loss, lambda l=loss, o=old: first(lambda: en.GradientBoostingRegressor(loss=l, alpha=0.8, **small).fit(X, d.yr), lambda: en.GradientBoostingRegressor(loss=o, alpha=0.8, **small).fit(X, d.yr)), N())
    for name, init in (("zero", lambda: "zero"), ("linear", lambda: LinearRegression()), ("svr", lambda: SVR(gamma=0.1)), ("median", lambda: DummyRegressor(strategy="median")), ("neighbours", lambda: KNeighborsRegressor(3))):
        add("gb-regressor-init-" + name, lambda i=init: en.GradientBoostingRegressor(init=i(), **small).fit(X, d.yr), N())
    add("gb-regressor-warm", lambda: en.GradientBoostingRegressor(warm_start=True, **small).fit(X, d.yr).set_params(n_estimators=9).fit(X, d.yr), N())
    H, HR = (lambda **m: en.HistGradientBoostingClassifier(**dict({"max_iter": 6, "random_state": 0, "min_samples_leaf": 4}, **m))), (lambda **m: en.HistGradientBoostingRegressor(**dict({"max_iter": 6, "random_state": 0, "min_samples_leaf": 4}, **m)))
    for kind in ("words", "bool", "bytes", "floats", "objects"):
        add("hist-" + kind, lambda k=kind: H(max_leaf_nodes=8, l2_regularization=0.5).fit(X, getattr(d, k)), N())
    add("hist-holes", lambda: H(max_bins=16, learning_rate=0.3).fit(d.holes, d.words), {"X": d.holes_test, "Xfull": d.T})
    add("hist-monotonic", lambda: H(monotonic_cst=[1, -1, 0, 0, 0]).fit(d.holes, d.bool), {"X": d.holes_test})
    add("hist-interaction", lambda: H(interaction_cst=[{0, 1}, {2, 3, 4}], class_weight="balanced").fit(X, d.words), N())
    add("hist-pairwise", lambda: HR(interaction_cst="pairwise", max_features=0.6).fit(X, d.yr), N())
    add("hist-stop", lambda: H(max_iter=40, early_stopping=True, n_iter_no_change=2, scoring="loss", max_depth=3).fit(X, d.words, sample_weight=d.weights), N())
    add("hist-warm", lambda: H(warm_start=True).fit(X, d.words).set_params(max_iter=9).fit(X, d.words), N())
    whole = np.column_stack([d.whole[:, 0], d.X[:, 0], d.whole[:, 1]]).astype(float)
    whole_test = np.column_stack([d.whole_test[:, 0], d.T[:, 0], d.whole_test[:, 1]]).astype(float)
    whole_test[0, 0], whole_test[1, 2], whole_test[2, 0] = 99, np.nan, -1
    add("hist-categories", lambda: H(categorical_features=[0, 2]).fit(whole, d.words), {"X": whole_test})
    add("hist-categories-mask", lambda: HR(categorical_features=np.array([True, False, False]), max_leaf_nodes=None).fit(whole, d.yr), {"X": whole_test})
    frame, test = d.frame[["age", "city", "visits", "size"]].copy(), d.frame_test[["age", "city", "visits", "size"]].copy()
    for part in (frame, test):
        for column in ("city", "size"):
            part[column] = part[column].astype("category")
    add("hist-dtype", lambda: H(categorical_features="from_dtype").fit(frame, d.words), {"X": test})
    add("hist-names", lambda: HR(categorical_features=["city", "size"]).fit(frame, d.yr), {"X": test})
    add("hist-float32", lambda: H().fit(X.astype("f4"), d.small), N())
    for loss, y in (("squared_error", d.yr), ("absolute_error", d.yr), ("poisson", d.counts), ("gamma", d.positive), ("quantile", d.yr), ("least_squares", d.yr)):
        more = {"quantile": 0.7} if loss == "quantile" else {}
        add("hist-regressor-" + loss, lambda l=loss, y=y, m=more: HR(loss=l, **m).fit(d.holes, y), {"X": d.holes_test})


def named(cls, inner, **more):
    """Ensembles of one kind of estimator, which was called base_estimator once."""
    return first(lambda: cls(estimator=inner, **more), lambda: cls(base_estimator=inner, **more))


def together(d, add):
    X, N = d.X, d.numbers
    S = sp.csr_matrix(np.where(np.abs(X) > 1, X, 0))
    for algorithm in ("SAMME", "SAMME.R"):
        for kind in ("words", "bool"):
            add(f"ada-{algorithm}-{kind}", lambda a=algorithm, k=kind: named(en.AdaBoostClassifier, tr.DecisionTreeClassifier(max_depth=2), algorithm=a, n_estimators=5, random_state=0).fit(X, getattr(d, k)), N())
    add("ada-nb", lambda: named(en.AdaBoostClassifier, GaussianNB(), n_estimators=4, random_state=0, learning_rate=0.5).fit(X, d.bytes), N())
    add("ada-svc", lambda: named(en.AdaBoostClassifier, SVC(probability=True, gamma=0.1, random_state=0), n_estimators=3, random_state=0).fit(X, d.y3), N())
    for loss in ("linear", "square", "exponential"):
        add("ada-regressor-" + loss, lambda l=loss: named(en.AdaBoostRegressor, Ridge() if l == "square" else None, loss=l, n_estimators=5, random_state=0).fit(X, d.yr), N())
    add("bagging-features", lambda: named(en.BaggingClassifier, tr.DecisionTreeClassifier(max_depth=3), n_estimators=5, max_features=0.6, bootstrap_features=True, random_state=0).fit(X, d.words), N())
    add("bagging-hinge", lambda: named(en.BaggingClassifier, LinearSVC(random_state=0), n_estimators=4, random_state=0).fit(X, d.words), N())
    add("bagging-logistic", lambda: named(en.BaggingClassifier, make_pipeline(StandardScaler(), LogisticRegression(solver="liblinear")), n_estimators=4, oob_score=True, random_state=0).fit(X, d.bool), N())
    add("bagging-missing-class", lambda: named(en.BaggingClassifier, KNeighborsClassifier(1), n_estimators=6, max_samples=4, random_state=0).fit(X, d.bytes), N())
    add("bagging-sparse", lambda: named(en.BaggingClassifier, SGDClassifier(random_state=0), n_estimators=4, random_state=0).fit(S, d.objects), N(None, "S"))
    add("bagging-regressor", lambda: named(en.BaggingRegressor, KNeighborsRegressor(3), n_estimators=4, max_features=2, warm_start=True, random_state=0).fit(X, d.yr), N())
    add("bagging-regressor-two", lambda: named(en.BaggingRegressor, Ridge(), n_estimators=4, bootstrap=False, max_samples=0.5, random_state=0).fit(X, d.yr2), N())
    trio = lambda: [("a", LogisticRegression(solver="liblinear")), ("b", tr.DecisionTreeClassifier(max_depth=2, random_state=0)), ("c", GaussianNB())]  # noqa: E731
    for voting in ("hard", "soft"):
        for kind in ("words", "bool", "bytes"):
            add(f"voting-{voting}-{kind}", lambda v=voting, k=kind: en.VotingClassifier(trio(), voting=v, weights=[1, 2, 1.5]).fit(X, getattr(d, k)), N())
    add("voting-flat", lambda: en.VotingClassifier(trio(), voting="soft", flatten_transform=False).fit(X, d.words), N())
    add("voting-drop", lambda: en.VotingClassifier(trio(), weights=[3, 1, 1]).set_params(b="drop").fit(X, d.words), N())
    add("voting-none", lambda: en.VotingClassifier(trio(), voting="soft").set_params(a=None).fit(X, d.words), N())
    add("voting-regressor", lambda: en.VotingRegressor([("r", Ridge()), ("t", tr.DecisionTreeRegressor(max_depth=2, random_state=0)), ("k", KNeighborsRegressor())], weights=[1, 2, 1]).fit(X, d.yr), N())
    for method in ("auto", "predict", "decision_function", "predict_proba"):
        inner = [("a", LogisticRegression(solver="liblinear")), ("b", SVC(probability=True, random_state=0, gamma=0.1))]
        add("stacking-" + method, lambda m=method, i=inner: en.StackingClassifier(i, stack_method=m, cv=3).fit(X, d.bool if m != "predict" else d.y3), N())
    add("stacking-through", lambda: en.StackingClassifier(trio(), final_estimator=en.RandomForestClassifier(n_estimators=3, random_state=0), passthrough=True, cv=3).fit(X, d.words), N())
    add("stacking-drop", lambda: en.StackingClassifier(trio(), cv=3).set_params(b="drop").fit(X, d.words), N())
    add("stacking-prefit", lambda: en.StackingClassifier([(n, e.fit(X, d.y3)) for n, e in trio()], cv="prefit").fit(X, d.y3), N())
    add("stacking-many", lambda: en.StackingClassifier([("k", KNeighborsClassifier()), ("t", tr.DecisionTreeClassifier(max_depth=3, random_state=0))], final_estimator=KNeighborsClassifier(), cv=3).fit(X, d.many), N())
    add("stacking-sparse", lambda: en.StackingClassifier(trio()[:2], passthrough=True, cv=3).fit(S, d.words), N(None, "S"))
    add("stacking-regressor", lambda: en.StackingRegressor([("r", Ridge()), ("k", KNeighborsRegressor())], final_estimator=SVR(gamma=0.1), passthrough=True, cv=3).fit(X, d.yr), N())
    for strategy in ("most_frequent", "prior", "constant"):
        for kind in ("words", "bytes", "many", "two_words", "bool"):
            y = getattr(d, kind)
            more = {"constant": y[0].tolist() if y.ndim > 1 else y[0]} if strategy == "constant" else {}
            add(f"dummy-{strategy}-{kind}", lambda s=strategy, y=y, m=more: DummyClassifier(strategy=s, **m).fit(X, y, sample_weight=d.weights), N())
    for strategy, more in (("mean", {}), ("median", {}), ("quantile", {"quantile": 0.3}), ("constant", {"constant": [1.5, -2]})):
        add("dummy-regressor-" + strategy, lambda s=strategy, m=more: DummyRegressor(strategy=s, **m).fit(X, d.yr2), N())


CHAPTERS = [single, forests, boosting, together]
