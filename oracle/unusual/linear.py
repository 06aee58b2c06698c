"""Linear models, support vector machines, naive Bayes, discriminants, neural networks."""

import numpy as np
import scipy.sparse as sp
import sklearn.discriminant_analysis as da
import sklearn.isotonic
import sklearn.kernel_ridge
import sklearn.linear_model as lm
import sklearn.naive_bayes as nb
import sklearn.neural_network as nn
import sklearn.svm as svm


def first(*fits):
    """What the first of these gives that the version knows: names of the same thing."""
    for fit in fits[:-1]:
        try:
            return fit()
        except Exception:
            continue
    return fits[-1]()


def partial(model, X, y, **options):
    half = len(X) // 2
    model.partial_fit(X[:half], y[:half], **options)
    return model.partial_fit(X[half:], y[half:])


def regressions(d, add):
    X, y, yy, N = d.X, d.yr, d.yr2, d.numbers
    S = sp.csr_matrix(np.where(np.abs(X) > 1, X, 0))
    add("linear-positive", lambda: lm.LinearRegression(positive=True).fit(X, y), N())
    add("linear-weights", lambda: lm.LinearRegression().fit(X, y, sample_weight=d.weights), N())
    add("linear-column", lambda: lm.LinearRegression().fit(X, y[:, None]), N())
    add("linear-two", lambda: lm.LinearRegression(fit_intercept=False).fit(X, yy), N())
    add("linear-sparse", lambda: lm.LinearRegression().fit(S, y), N(None, "S"))
    add("linear-one-feature", lambda: lm.LinearRegression().fit(X[:, :1], y), N(d.T[:, :1]))
    add("linear-float32", lambda: lm.LinearRegression().fit(X.astype("f4"), y.astype("f4")), {"X": d.T, "X32": d.T.astype("f4")})
    add("linear-whole", lambda: lm.LinearRegression().fit(d.whole, y), {"X": d.whole_test})
    add("linear-constant", lambda: lm.LinearRegression().fit(d.constant, y), N(d.constant_test))
    add("linear-normalize", lambda: lm.LinearRegression(normalize=True).fit(X, yy), N())
    add("linear-frame", lambda: lm.LinearRegression().fit(d.frame[["visits", "price €", "member"]], y), {"X": d.frame_test[["visits", "price €", "member"]]})
    for solver in ("svd", "cholesky", "lsqr", "sparse_cg", "sag", "saga", "lbfgs"):
        more = {"positive": True} if solver == "lbfgs" else {}
        add("ridge-" + solver, lambda s=solver, m=more: lm.Ridge(0.3, solver=s, random_state=1, tol=1e-6, **m).fit(X, y), N())
    add("ridge-alphas", lambda: lm.Ridge(np.array([0.1, 40])).fit(X, yy), N())
    add("ridge-sparse", lambda: lm.Ridge(solver="sparse_cg").fit(S, yy), N(None, "S"))
    add("ridge-normalize", lambda: lm.Ridge(normalize=True).fit(X, y), N())
    add("ridge-cv", lambda: lm.RidgeCV([0.1, 1, 10], cv=3).fit(X, yy), N())
    add("ridge-cv-store", lambda: first(lambda: lm.RidgeCV(store_cv_results=True).fit(X, y), lambda: lm.RidgeCV(store_cv_values=True).fit(X, y)), N())
    add("ridge-cv-per-target", lambda: lm.RidgeCV([0.1, 9.0], alpha_per_target=True).fit(X, yy), N())
    for name, labels in (("words", d.words), ("two", d.bool), ("many", d.many), ("bytes", d.bytes), ("negative", d.negative)):
        add("ridge-classifier-" + name, lambda l=labels: lm.RidgeClassifier(2.0, class_weight=None if l.ndim > 1 else "balanced").fit(X, l), N())
    add("ridge-classifier-cv", lambda: lm.RidgeClassifierCV([0.1, 3], class_weight={"été": 2, "zebra": 1, "Apfel": 0.5}).fit(X, d.words), N())
    add("lasso-positive", lambda: lm.Lasso(0.05, positive=True, selection="random", random_state=0).fit(X, y), N())
    add("lasso-two", lambda: lm.Lasso(0.1, precompute=True, warm_start=True).fit(X, yy), N())
    add("lasso-sparse", lambda: lm.Lasso(0.1).fit(sp.csc_matrix(S), y), N(None, "S"))
    add("elastic-weights", lambda: lm.ElasticNet(0.1, l1_ratio=0.9).fit(X, y, sample_weight=d.weights), N())
    add("elastic-cv", lambda: lm.ElasticNetCV(l1_ratio=[0.1, 0.9], cv=3).fit(X, y), N())
    add("lasso-cv", lambda: lm.LassoCV(alphas=[0.01, 0.1], fit_intercept=False, cv=3).fit(X, y), N())
    add("multi-task-lasso", lambda: lm.MultiTaskLasso(0.2).fit(X, yy), N())
    add("multi-task-elastic", lambda: lm.MultiTaskElasticNet(0.2, fit_intercept=False).fit(X, yy), N())
    add("multi-task-lasso-cv", lambda: lm.MultiTaskLassoCV(cv=3, max_iter=2000).fit(X, yy), N())
    add("multi-task-elastic-cv", lambda: lm.MultiTaskElasticNetCV(l1_ratio=[0.2, 0.8], cv=3).fit(X, yy), N())
    add("lars", lambda: lm.Lars(n_nonzero_coefs=3).fit(X, yy), N())
    add("lars-cv", lambda: lm.LarsCV(cv=3, max_n_alphas=50).fit(X, y), N())
    add("lasso-lars", lambda: lm.LassoLars(0.01, positive=True).fit(X, y), N())
    add("lasso-lars-two", lambda: lm.LassoLars(0.01, fit_path=False).fit(X, yy), N())
    add("lasso-lars-cv", lambda: lm.LassoLarsCV(cv=4).fit(X, y), N())
    add("lasso-lars-bic", lambda: lm.LassoLarsIC("bic").fit(X, y), N())
    add("omp", lambda: lm.OrthogonalMatchingPursuit(n_nonzero_coefs=2).fit(X, yy), N())
    add("omp-tol", lambda: lm.OrthogonalMatchingPursuit(tol=5.0, fit_intercept=False).fit(X, y), N())
    add("omp-cv", lambda: lm.OrthogonalMatchingPursuitCV(cv=3).fit(X, y), N())
    add("huber", lambda: lm.HuberRegressor(epsilon=1.1, alpha=0.01).fit(X, y, sample_weight=d.weights), N())
    add("theil-sen", lambda: lm.TheilSenRegressor(random_state=0, max_subpopulation=200).fit(X, y), N())
    add("ransac", lambda: lm.RANSACRegressor(random_state=3).fit(X, y), N())
    add("ransac-svr", lambda: first(lambda: lm.RANSACRegressor(estimator=svm.SVR(), min_samples=30, random_state=3).fit(X, y), lambda: lm.RANSACRegressor(base_estimator=svm.SVR(), min_samples=30, random_state=3).fit(X, y)), N())
    add("ransac-loss", lambda: first(lambda: lm.RANSACRegressor(loss="squared_error", random_state=3).fit(X, yy), lambda: lm.RANSACRegressor(loss="squared_loss", random_state=3).fit(X, yy)), N())
    add("quantile", lambda: lm.QuantileRegressor(quantile=0.8, alpha=0.01, solver="highs").fit(X, y), N())
    add("tweedie", lambda: lm.TweedieRegressor(power=1.7, link="log").fit(X, d.positive, sample_weight=d.weights), N())
    add("tweedie-identity", lambda: lm.TweedieRegressor(power=0, link="identity", fit_intercept=False).fit(X, y), N())
    add("poisson", lambda: lm.PoissonRegressor(alpha=0.2, max_iter=300).fit(X, d.counts), N())
    add("gamma", lambda: lm.GammaRegressor(warm_start=True).fit(X / X.std(0), d.positive), N(d.T / X.std(0)))
    add("bayesian-ridge", lambda: lm.BayesianRidge(compute_score=True).fit(X, y, sample_weight=d.weights), N())
    add("bayesian-ridge-plain", lambda: lm.BayesianRidge(fit_intercept=False, lambda_1=1e-3).fit(X, y), N())
    add("ard", lambda: lm.ARDRegression(threshold_lambda=50).fit(d.constant, y), N(d.constant_test))
    for loss in ("squared_error", "huber", "epsilon_insensitive", "squared_epsilon_insensitive"):
        add("sgd-regressor-" + loss, lambda l=loss: first(lambda: lm.SGDRegressor(loss=l, penalty="l1", random_state=0, tol=1e-3).fit(X / X.std(0), y), lambda: lm.SGDRegressor(loss=l.replace("squared_error", "squared_loss"), penalty="elasticnet", random_state=0).fit(X / X.std(0), y)), N(d.T / X.std(0)))
    add("sgd-regressor-average", lambda: lm.SGDRegressor(average=10, early_stopping=True, random_state=0).fit(X / X.std(0), y), N(d.T / X.std(0)))
    add("passive-regressor", lambda: lm.PassiveAggressiveRegressor(random_state=0, average=True).fit(X / X.std(0), y), N(d.T / X.std(0)))
    add("isotonic", lambda: sklearn.isotonic.IsotonicRegression(out_of_bounds="clip", increasing="auto").fit(X[:, 0], -y), {"X": np.sort(d.T[:, 0] * 3)})
    add("isotonic-nan", lambda: sklearn.isotonic.IsotonicRegression(y_min=0.0, y_max=4.0).fit(X[:, 0], y, sample_weight=d.weights), {"X": d.T[:, 0] * 4})
    add("isotonic-raise", lambda: sklearn.isotonic.IsotonicRegression(out_of_bounds="raise").fit(d.whole[:, 0], y), {"X": np.array([0.0, 0.5, 1, 1.75, 2])})
    add("isotonic-column", lambda: sklearn.isotonic.IsotonicRegression(out_of_bounds="clip", increasing=False).fit(X[:, :1], y), {"X": d.T[:, :1]})
    add("isotonic-constant", lambda: sklearn.isotonic.IsotonicRegression(out_of_bounds="clip").fit(np.ones(20), y[:20]), {"X": np.array([0.0, 1, 2])})
    for kernel in ("rbf", "poly", "sigmoid", "laplacian", "cosine", "polynomial"):
        add("kernel-ridge-" + kernel, lambda k=kernel: sklearn.kernel_ridge.KernelRidge(alpha=0.5, kernel=k, gamma=0.03, degree=2, coef0=0.3).fit(X / X.std(0), yy), N(d.T / X.std(0)))
    for kernel in ("chi2", "additive_chi2"):
        add("kernel-ridge-" + kernel, lambda k=kernel: sklearn.kernel_ridge.KernelRidge(alpha=[0.5], kernel=k).fit(d.positives, y), {"X": d.positives_test})
    add("kernel-ridge-sparse", lambda: sklearn.kernel_ridge.KernelRidge(kernel="rbf").fit(S, y), N(None, "S"))


def classifications(d, add):
    X, N = d.X, d.numbers
    S = sp.csr_matrix(np.where(np.abs(X) > 1, X, 0))
    Z, ZT = X / X.std(0), d.T / X.std(0)
    for solver, penalty in (("lbfgs", "l2"), ("liblinear", "l1"), ("liblinear", "l2"), ("newton-cg", "l2"), ("sag", "l2"), ("saga", "l1"), ("newton-cholesky", "l2")):
        for kind, labels in (("words", d.words), ("two", d.y2)):
            add(f"logistic-{solver}-{penalty}-{kind}", lambda s=solver, p=penalty, l=labels: lm.LogisticRegression(solver=s, penalty=p, C=0.7, random_state=0, class_weight="balanced", max_iter=300).fit(Z, l), N(ZT))
    for multi in ("ovr", "multinomial"):
        for kind, labels in (("floats", d.floats), ("bool", d.bool), ("bytes", d.bytes)):
            add(f"logistic-{multi}-{kind}", lambda m=multi, l=labels: lm.LogisticRegression(multi_class=m, solver="lbfgs", fit_intercept=False, max_iter=300).fit(Z, l), N(ZT))
    add("logistic-none", lambda: first(lambda: lm.LogisticRegression(penalty=None, max_iter=50).fit(Z, d.y3), lambda: lm.LogisticRegression(penalty="none", solver="lbfgs", max_iter=50).fit(Z, d.y3)), N(ZT))
    add("logistic-elastic", lambda: lm.LogisticRegression(penalty="elasticnet", solver="saga", l1_ratio=0.4, random_state=0).fit(Z, d.objects, sample_weight=d.weights), N(ZT))
    add("logistic-l1-ratio", lambda: lm.LogisticRegression(solver="saga", l1_ratio=1.0, C=np.inf, random_state=0).fit(Z, d.objects), N(ZT))
    add("logistic-scaling", lambda: lm.LogisticRegression(solver="liblinear", intercept_scaling=5.0, dual=True, random_state=1).fit(Z, d.y3), N(ZT))
    add("logistic-sparse", lambda: lm.LogisticRegression(solver="liblinear").fit(S, d.words).sparsify(), N(None, "S"))
    add("logistic-float32", lambda: lm.LogisticRegression(solver="lbfgs").fit(Z.astype("f4"), d.small), {"X": ZT.astype("f4"), "X64": ZT})
    add("logistic-warm", lambda: lm.LogisticRegression(solver="sag", warm_start=True, random_state=0).fit(Z, d.unsigned).fit(Z, d.unsigned), N(ZT))
    add("logistic-frame", lambda: lm.LogisticRegression(solver="lbfgs", max_iter=500).fit(d.frame[["visits", "member"]], d.frame["size"]), {"X": d.frame_test[["visits", "member"]]})
    for name, more in (("plain", {}), ("no-refit", {"refit": False}), ("ovr", {"multi_class": "ovr", "solver": "liblinear", "penalty": "l1"}), ("multinomial", {"multi_class": "multinomial"}), ("scoring", {"scoring": "neg_log_loss", "class_weight": "balanced"}), ("elastic", {"penalty": "elasticnet", "solver": "saga", "l1_ratios": [0.2, 0.9]})):
        add("logistic-cv-" + name, lambda m=more: lm.LogisticRegressionCV(Cs=3, cv=3, max_iter=400, **dict({"random_state": 0}, **m)).fit(Z, d.words), N(ZT))
    add("logistic-cv-two", lambda: lm.LogisticRegressionCV(Cs=[0.1, 2], cv=3).fit(Z, d.bool), N(ZT))
    for loss in ("hinge", "log_loss", "modified_huber", "squared_hinge", "perceptron", "huber", "squared_error", "epsilon_insensitive"):
        for kind, labels in (("words", d.words), ("two", d.y2)):
            old = {"log_loss": "log", "squared_error": "squared_loss"}.get(loss, loss)
            add(f"sgd-{loss}-{kind}", lambda l=loss, o=old, y=labels: first(lambda: lm.SGDClassifier(loss=l, random_state=0, alpha=0.01, class_weight="balanced").fit(Z, y), lambda: lm.SGDClassifier(loss=o, random_state=0, alpha=0.01).fit(Z, y)), N(ZT))
    add("sgd-average", lambda: lm.SGDClassifier(average=True, penalty="elasticnet", early_stopping=True, random_state=0).fit(Z, d.bytes), N(ZT))
    add("sgd-average-two", lambda: lm.SGDClassifier(average=5, random_state=0).fit(Z, d.bool), N(ZT))
    add("sgd-partial", lambda: partial(lm.SGDClassifier(random_state=0, loss="modified_huber"), Z, d.y3, classes=[0, 1, 2, 3]), N(ZT))
    add("sgd-optimal", lambda: lm.SGDClassifier(learning_rate="adaptive", eta0=0.1, random_state=0).fit(S, d.negative), N(None, "S"))
    add("perceptron", lambda: lm.Perceptron(penalty="l1", random_state=0).fit(Z, d.objects), N(ZT))
    add("passive", lambda: lm.PassiveAggressiveClassifier(C=0.5, loss="squared_hinge", random_state=0).fit(Z, d.floats), N(ZT))
    add("sgd-one-class", lambda: lm.SGDOneClassSVM(nu=0.2, random_state=0, average=True).fit(Z), N(ZT))
    for kernel, more in (("linear", {}), ("poly", {"degree": 2, "coef0": 1.5, "gamma": 0.1}), ("sigmoid", {"coef0": 0.2, "gamma": 0.05}), ("rbf", {"gamma": "auto"}), ("rbf", {"gamma": 0.4})):
        for kind, labels in (("words", d.words), ("two", d.y2), ("bytes", d.bytes)):
            add(f"svc-{kernel}-{len(more)}-{kind}-{more.get('gamma', '')}", lambda k=kernel, m=more, l=labels: svm.SVC(kernel=k, class_weight="balanced", C=2.0, **m).fit(Z, l), N(ZT))
    add("svc-ovo", lambda: svm.SVC(decision_function_shape="ovo", gamma=0.2, cache_size=50).fit(Z, d.negative), N(ZT))
    add("svc-break-ties", lambda: svm.SVC(break_ties=True, gamma=0.2).fit(Z, d.words), N(ZT))
    add("svc-probability", lambda: svm.SVC(probability=True, gamma=0.2, random_state=1).fit(Z, d.words, sample_weight=d.weights), N(ZT))
    add("svc-probability-two", lambda: svm.SVC(probability=True, kernel="linear", random_state=1).fit(Z, d.bool), N(ZT))
    add("svc-sparse", lambda: svm.SVC(gamma=0.1, probability=True, random_state=1).fit(S, d.words), N(None, "S"))
    add("svc-sparse-linear", lambda: svm.SVC(kernel="linear").fit(S, d.words), N(None, "S"))
    add("svc-precomputed", lambda: svm.SVC(kernel="precomputed").fit(Z.dot(Z.T), d.y3), {"X": ZT.dot(Z.T)})
    add("nu-svc", lambda: svm.NuSVC(nu=0.3, gamma=0.2, kernel="poly", coef0=1).fit(Z, d.words), N(ZT))
    add("nu-svc-probability", lambda: svm.NuSVC(nu=0.2, gamma="scale", probability=True, random_state=0).fit(Z, d.bool), N(ZT))
    add("one-class-svm", lambda: svm.OneClassSVM(kernel="poly", nu=0.3, gamma=0.1, coef0=1).fit(Z), N(ZT))
    add("one-class-svm-sparse", lambda: svm.OneClassSVM(nu=0.2, gamma=0.2).fit(S), N(None, "S"))
    for kernel in ("linear", "poly", "rbf", "sigmoid"):
        add("svr-" + kernel, lambda k=kernel: svm.SVR(kernel=k, gamma=0.1, coef0=0.5, C=3, epsilon=0.05).fit(Z, d.yr, sample_weight=d.weights), N(ZT))
    add("nu-svr", lambda: svm.NuSVR(nu=0.4, kernel="sigmoid", gamma=0.05).fit(Z, d.yr), N(ZT))
    add("svr-sparse", lambda: svm.SVR(gamma=0.1).fit(S, d.yr), N(None, "S"))
    for name, more, labels in (("crammer", {"multi_class": "crammer_singer"}, d.words), ("crammer-two", {"multi_class": "crammer_singer"}, d.y2), ("l1", {"penalty": "l1", "dual": False}, d.bytes), ("hinge", {"loss": "hinge"}, d.bool), ("plain", {"fit_intercept": False, "class_weight": "balanced"}, d.floats)):
        add("linear-svc-" + name, lambda m=more, l=labels: svm.LinearSVC(random_state=0, **m).fit(Z, l), N(ZT))
    add("linear-svr", lambda: svm.LinearSVR(loss="squared_epsilon_insensitive", epsilon=0.1, random_state=0, intercept_scaling=2).fit(Z, d.yr), N(ZT))


def bayes(d, add):
    X, N = d.X, d.numbers
    W = {"X": d.whole_test, "Xf": d.whole_test.astype(float) / 2, "S": sp.csr_matrix(d.whole_test.astype(float))}
    add("gaussian-nb-priors", lambda: nb.GaussianNB(priors=[0.2, 0.5, 0.3]).fit(X, d.words), N())
    add("gaussian-nb-weights", lambda: nb.GaussianNB(var_smoothing=1e-3).fit(X, d.bytes, sample_weight=d.weights), N())
    add("gaussian-nb-partial", lambda: partial(nb.GaussianNB(), X, d.y3, classes=[0, 1, 2]), N())
    add("gaussian-nb-constant", lambda: nb.GaussianNB().fit(d.constant, d.y2), N(d.constant_test))
    add("gaussian-nb-one-class", lambda: nb.GaussianNB().fit(X, np.ones(len(X), int)), N())
    for cls in ("MultinomialNB", "ComplementNB", "BernoulliNB"):
        make = lambda cls=cls, **more: getattr(nb, cls)(**more)  # noqa: E731
        add(cls + "-words", lambda m=make: m(alpha=0.3).fit(d.whole, d.words), W)
        add(cls + "-two", lambda m=make: m(fit_prior=False).fit(sp.csr_matrix(d.whole.astype(float)), d.bool), W)
        add(cls + "-partial", lambda m=make: partial(m(), d.whole, d.y3, classes=[0, 1, 2, 9]), W)
        add(cls + "-weights", lambda m=make: m(class_prior=[0.5, 0.3, 0.2]).fit(d.whole, d.negative, sample_weight=d.weights), W)
        add(cls + "-alphas", lambda m=make: m(alpha=np.array([0.1, 1, 2, 3, 4, 5.0])).fit(d.whole, d.y3), W)
        add(cls + "-one-class", lambda m=make: m().fit(d.whole, np.zeros(len(d.whole), int)), W)
    add("complement-norm", lambda: nb.ComplementNB(norm=True).fit(d.whole, d.words), W)
    add("bernoulli-bits", lambda: nb.BernoulliNB(binarize=None).fit(d.bits, d.y3), {"X": d.bits_test, "Xi": d.bits_test.astype(int)})
    add("bernoulli-threshold", lambda: nb.BernoulliNB(binarize=0.5, alpha=0.01).fit(X, d.words), N(None, "S"))
    C, CT = d.whole.clip(0, 4), d.whole_test.clip(0, 4)
    add("categorical-nb", lambda: nb.CategoricalNB(alpha=0.5, min_categories=6).fit(C, d.words), {"X": CT})
    add("categorical-nb-each", lambda: nb.CategoricalNB(min_categories=[6, 7, 8, 9, 6, 6], fit_prior=False).fit(C, d.bool, sample_weight=d.weights), {"X": CT})
    add("categorical-nb-partial", lambda: partial(nb.CategoricalNB(min_categories=9), C, d.y3, classes=[0, 1, 2]), {"X": CT})
    for name, more in (("svd", {}), ("lsqr", {"solver": "lsqr", "shrinkage": "auto"}), ("eigen", {"solver": "eigen", "shrinkage": 0.3}), ("priors", {"priors": [0.1, 0.2, 0.7], "n_components": 1}), ("store", {"store_covariance": True, "tol": 0.01})):
        add("lda-" + name, lambda m=more: da.LinearDiscriminantAnalysis(**m).fit(X, d.words), N())
        if "priors" not in more:
            add("lda-two-" + name, lambda m=more: da.LinearDiscriminantAnalysis(**m).fit(X, d.bool), N())
    for name, more in (("reg", {"reg_param": 0.2}), ("store", {"store_covariance": True}), ("priors", {"priors": np.array([0.3, 0.3, 0.4])}), ("eigen", {"solver": "eigen", "shrinkage": "auto"})):
        add("qda-" + name, lambda m=more: da.QuadraticDiscriminantAnalysis(**m).fit(X, d.bytes), N())
    add("qda-two", lambda: da.QuadraticDiscriminantAnalysis().fit(X, d.bool), N())


def networks(d, add):
    X, N = d.X / d.X.std(0), d.numbers
    T = d.T / d.X.std(0)
    small = {"hidden_layer_sizes": (5, 4), "random_state": 0, "max_iter": 20}
    for activation in ("identity", "logistic", "tanh", "relu"):
        for kind, labels in (("words", d.words), ("two", d.bool), ("many", d.many), ("bytes", d.bytes)):
            add(f"mlp-{activation}-{kind}", lambda a=activation, l=labels: nn.MLPClassifier(activation=a, solver="lbfgs", **small).fit(X, l), N(T))
    add("mlp-sgd", lambda: nn.MLPClassifier(solver="sgd", learning_rate="adaptive", early_stopping=True, **small).fit(X, d.y3), N(T))
    add("mlp-partial", lambda: partial(nn.MLPClassifier(hidden_layer_sizes=(3,), random_state=0), X, d.y3, classes=[0, 1, 2]), N(T))
    add("mlp-float32", lambda: nn.MLPClassifier(**small).fit(X.astype("f4"), d.y3), {"X": T.astype("f4"), "X64": T})
    add("mlp-none", lambda: nn.MLPClassifier(hidden_layer_sizes=(), random_state=0, max_iter=20).fit(X, d.words), N(T))
    add("mlp-regressor", lambda: nn.MLPRegressor(activation="tanh", solver="lbfgs", **small).fit(X, d.yr), N(T))
    add("mlp-regressor-two", lambda: nn.MLPRegressor(activation="logistic", **small).fit(X, d.yr2), N(T))
    add("mlp-regressor-poisson", lambda: nn.MLPRegressor(loss="poisson", **small).fit(X, d.counts), N(T))
    add("mlp-sparse", lambda: nn.MLPClassifier(**small).fit(sp.csr_matrix(X), d.objects), N(T, "S"))
    add("rbm", lambda: nn.BernoulliRBM(n_components=3, n_iter=3, random_state=0).fit(d.bits), {"X": d.bits_test.astype(float)})
    add("rbm-sparse", lambda: nn.BernoulliRBM(n_components=2, n_iter=2, random_state=0).fit(sp.csr_matrix(d.bits.astype(float))), {"X": sp.csr_matrix(d.bits_test.astype(float))})


CHAPTERS = [regressions, classifications, bayes, networks]
