"""What the judge of emitted files fits: for every estimator that brine runs, ways of using it, each on fresh data.

RECIPES[class name] = [(kind of data, function of the dice that gives the estimator, options of the data)…]. The kinds are
in kinds.py. A class of docs/estimators.md that the library still has and that is not here fails the judge.
"""

import warnings

import numpy as np
from sklearn import (
    calibration,
    cluster,
    compose,
    covariance,
    cross_decomposition,
    decomposition,
    discriminant_analysis,
    dummy,
    ensemble,
    feature_selection,
    frozen,
    gaussian_process,
    impute,
    isotonic,
    kernel_approximation,
    kernel_ridge,
    linear_model,
    manifold,
    mixture,
    model_selection,
    multiclass,
    multioutput,
    naive_bayes,
    neighbors,
    neural_network,
    pipeline,
    preprocessing,
    random_projection,
    semi_supervised,
    svm,
    tree,
)
from sklearn.experimental import enable_halving_search_cv, enable_iterative_imputer  # noqa: F401
from sklearn.feature_extraction import DictVectorizer, FeatureHasher, image, text
from sklearn.gaussian_process import kernels
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline

warnings.filterwarnings("ignore")

linear, trees, prep, select = linear_model, tree, preprocessing, feature_selection
logistic = lambda d, **o: linear.LogisticRegression(max_iter=300, C=d.one(0.1, 1.0, 10.0), **o)
scaled = lambda last: make_pipeline(prep.StandardScaler(), last)
seeded = lambda make, **o: lambda d: make(random_state=d.seed_of(), **o)
plain = lambda make, **o: lambda d: make(**o)


def R(kind, make, **options):
    return kind, make, options


def forests(make, classifier):
    few = {"n_estimators": 5}
    kind, many = ("classes", {"count": 12}) if classifier else ("target", {})
    found = [
        R(kind, seeded(make, max_depth=6, **few)),
        R(kind, seeded(make, max_depth=5, min_samples_leaf=3, **few), holes=True),
        R(kind, seeded(make, max_leaf_nodes=9, **few), frame=True, **many),
        R("both" if classifier else "targets", seeded(make, max_depth=4, **few)),
    ]
    return found + ([R("classes", seeded(make, max_depth=4, class_weight="balanced", **few), count=2)] if classifier else [])


def single_trees(make, classifier):
    """The ways of a forest, for one tree."""
    return forests(lambda n_estimators, **options: make(**options), classifier)


def boosted(make, classifier, *losses):
    kind = "classes" if classifier else "target"
    return [
        R(kind, seeded(make, n_estimators=6, max_depth=3)),
        R(kind, seeded(make, n_estimators=5, init="zero"), **({"count": 4} if classifier else {})),
        *(R(kind, seeded(make, n_estimators=5, loss=loss), **({"count": 2} if classifier else {})) for loss in losses),
    ]


def histogram(make, classifier, *losses):
    kind, base = ("classes" if classifier else "target"), {"max_iter": 6, "min_samples_leaf": 4}
    return [
        R(kind, seeded(make, max_leaf_nodes=7, **base)),
        R(kind, seeded(make, max_depth=4, **base), holes=True, frame=True),
        R("coded" if classifier else "coded_target", seeded(make, categorical_features=[0, 2], **base)),
        R("typed" if classifier else "typed_target", seeded(make, categorical_features="from_dtype", **base)),
        *(R("positive_target", seeded(make, loss=loss, **base)) for loss in losses),
    ]


def searches(search, space="param_grid", **options):
    tree_of = lambda d: trees.DecisionTreeClassifier(random_state=d.seed_of())
    return [
        R("classes", lambda d: search(scaled(svm.SVC()), **{space: {"svc__C": [0.5, 5.0]}}, cv=2, **options)),
        R("classes", lambda d: search(tree_of(d), **{space: {"max_depth": [2, 4]}}, cv=2, **options), count=2),
        R("table", lambda d: search(table_pipeline(d, logistic(d)), **{space: {"logisticregression__C": [0.5, 5.0]}}, cv=2, **options)),
    ]


def table_columns(d):
    numbers = make_pipeline(impute.SimpleImputer(strategy=d.one("mean", "median")), d.one(prep.StandardScaler(), prep.RobustScaler()))
    words = d.one(
        prep.OneHotEncoder(handle_unknown="ignore"),
        prep.OneHotEncoder(sparse_output=False, handle_unknown="infrequent_if_exist", max_categories=3),
        prep.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2),
    )
    parts = [("numbers", numbers, ["amount", "count"]), ("words", words, ["kind", "place"])]
    return compose.ColumnTransformer(parts, remainder=d.one("drop", "passthrough"))


def table_pipeline(d, last):
    return make_pipeline(table_columns(d), last)


def two(d):
    return [("one", logistic(d)), ("two", trees.DecisionTreeClassifier(max_depth=4, random_state=d.seed_of()))]


def two_regressors(d):
    return [("one", linear.Ridge()), ("two", trees.DecisionTreeRegressor(max_depth=4, random_state=d.seed_of()))]


def sparse_codes(make, **base):
    return [
        R("plain", seeded(make, transform_algorithm="omp", transform_n_nonzero_coefs=2, **base)),
        R("plain", seeded(make, transform_algorithm="threshold", transform_alpha=0.2, split_sign=True, **base)),
        R("plain", seeded(make, transform_algorithm="lasso_lars", transform_alpha=0.3, **base)),
    ]


def vectorizers(make):
    return [
        R("documents", plain(make)),
        R("documents", plain(make, ngram_range=(1, 2), strip_accents="unicode", stop_words="english")),
        R("documents", plain(make, analyzer="char", ngram_range=(1, 3))),
        R("documents", plain(make, analyzer="char_wb", ngram_range=(2, 3), lowercase=False)),
        R("documents", plain(make, token_pattern=r"(?u)[#@]?\w+(?:['-]\w+)*", strip_accents="ascii", binary=True)),
    ]


def neighbor_ways(make, kind, **base):
    return [
        R(kind, plain(make, **base)),
        R(kind, plain(make, algorithm="brute", metric="manhattan", **base)),
        R(kind, plain(make, algorithm="kd_tree", p=1, leaf_size=5, **base)),
        R(kind, plain(make, algorithm="ball_tree", metric="chebyshev", **base)),
    ]


def mixtures(make):
    ways = ("full", "tied", "diag", "spherical")
    return [R("plain", seeded(make, n_components=3, covariance_type=way, max_iter=50)) for way in ways]


def vector_machines(make, kind, **base):
    ways = ({}, {"kernel": "poly", "degree": 2, "coef0": 1.0}, {"kernel": "linear"}, {"kernel": "sigmoid", "gamma": 0.01})
    return [R(kind, plain(make, **way, **base)) for way in ways]


def nb(make, kind):
    return [R(kind, plain(make)), R(kind, plain(make, alpha=0.3, fit_prior=False), count=2)]


L = {name: getattr(linear, name) for name in linear.__all__}
RECIPES = {
    # calibration, cluster, compose
    "CalibratedClassifierCV": [
        R("classes", lambda d: calibration.CalibratedClassifierCV(svm.LinearSVC(dual=False), cv=2)),
        R("classes", lambda d: calibration.CalibratedClassifierCV(naive_bayes.GaussianNB(), method="isotonic", cv=2)),
        R("classes", lambda d: calibration.CalibratedClassifierCV(two(d)[1][1], ensemble=False, cv=2), count=2),
        R("classes", lambda d: calibration.CalibratedClassifierCV(logistic(d), method="temperature", cv=2)),
        R("table", lambda d: calibration.CalibratedClassifierCV(table_pipeline(d, two(d)[1][1]), cv=2)),
    ],
    "AffinityPropagation": [R("plain", seeded(cluster.AffinityPropagation, damping=0.7))],
    "Birch": [R("plain", plain(cluster.Birch, n_clusters=3, threshold=0.8))],
    "BisectingKMeans": [R("plain", seeded(cluster.BisectingKMeans, n_clusters=4))],
    "FeatureAgglomeration": [R("plain", plain(cluster.FeatureAgglomeration, n_clusters=2)), R("plain", plain(cluster.FeatureAgglomeration, n_clusters=2, pooling_func=np.median))],
    "KMeans": [R("plain", seeded(cluster.KMeans, n_clusters=4, n_init=2)), R("plain", seeded(cluster.KMeans, n_clusters=3, n_init=1), frame=True)],
    "MeanShift": [R("plain", plain(cluster.MeanShift))],
    "MiniBatchKMeans": [R("plain", seeded(cluster.MiniBatchKMeans, n_clusters=4, n_init=2))],
    "ColumnTransformer": [
        R("table", table_columns),
        R("table", table_columns),
        R("table", lambda d: compose.ColumnTransformer([("codes", prep.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, min_frequency=20), ["kind"])], remainder="drop")),
        R("plain", lambda d: compose.ColumnTransformer([("a", prep.StandardScaler(), [0, 2]), ("b", "passthrough", slice(1, 2))], remainder=prep.MinMaxScaler())),
    ],
    "TransformedTargetRegressor": [
        R("target", lambda d: compose.TransformedTargetRegressor(linear.Ridge(), transformer=prep.StandardScaler())),
        R("positive_target", lambda d: compose.TransformedTargetRegressor(linear.Ridge(), func=np.log1p, inverse_func=np.expm1)),
        R("target", lambda d: compose.TransformedTargetRegressor(two_regressors(d)[1][1], transformer=prep.QuantileTransformer(n_quantiles=20))),
    ],
    # covariance, cross_decomposition
    "EllipticEnvelope": [R("plain", seeded(covariance.EllipticEnvelope))],
    **{
        name: [R("plain", plain(getattr(covariance, name), **o))]
        for name, o in {"EmpiricalCovariance": {}, "GraphicalLasso": {"alpha": 0.1}, "GraphicalLassoCV": {"cv": 2, "n_refinements": 2}, "LedoitWolf": {}, "OAS": {}, "ShrunkCovariance": {"shrinkage": 0.2}}.items()
    },
    "MinCovDet": [R("plain", seeded(covariance.MinCovDet))],
    **{name: [R("targets", plain(getattr(cross_decomposition, name), n_components=2))] for name in ("CCA", "PLSCanonical", "PLSSVD")},
    "PLSRegression": [R("targets", plain(cross_decomposition.PLSRegression, n_components=2)), R("target", plain(cross_decomposition.PLSRegression, scale=False))],
    # decomposition
    "DictionaryLearning": sparse_codes(decomposition.DictionaryLearning, n_components=4, max_iter=5),
    "MiniBatchDictionaryLearning": sparse_codes(decomposition.MiniBatchDictionaryLearning, n_components=4, max_iter=5),
    "SparseCoder": [
        R("plain", lambda d: decomposition.SparseCoder(d.normal(size=(4, 4)), transform_algorithm="omp", transform_n_nonzero_coefs=2), width=4),
        R("plain", lambda d: decomposition.SparseCoder(d.normal(size=(4, 4)), transform_algorithm="threshold", transform_alpha=0.3), width=4),
        R("plain", lambda d: decomposition.SparseCoder(d.normal(size=(4, 4)), transform_algorithm="lasso_cd", transform_alpha=0.3), width=4),
    ],
    "FactorAnalysis": [R("plain", seeded(decomposition.FactorAnalysis, n_components=2))],
    "FastICA": [R("plain", seeded(decomposition.FastICA, n_components=2)), R("plain", seeded(decomposition.FastICA, whiten=False))],
    "IncrementalPCA": [R("plain", plain(decomposition.IncrementalPCA, n_components=2, whiten=True))],
    "KernelPCA": [
        R("plain", plain(decomposition.KernelPCA, n_components=2, kernel="rbf", gamma=0.1, fit_inverse_transform=True)),
        *(R("plain", plain(decomposition.KernelPCA, n_components=2, kernel=k, gamma=0.01)) for k in ("linear", "poly", "sigmoid", "cosine")),
    ],
    "LatentDirichletAllocation": [R("counts", seeded(decomposition.LatentDirichletAllocation, n_components=3, max_iter=4))],
    "MiniBatchNMF": [R("counts", seeded(decomposition.MiniBatchNMF, n_components=2, max_iter=20))],
    "MiniBatchSparsePCA": [R("plain", seeded(decomposition.MiniBatchSparsePCA, n_components=2, max_iter=20))],
    "NMF": [R("counts", seeded(decomposition.NMF, n_components=2, max_iter=100)), R("counts", seeded(decomposition.NMF, n_components=2, solver="mu", max_iter=60))],
    "PCA": [R("plain", plain(decomposition.PCA, n_components=2)), R("plain", plain(decomposition.PCA, whiten=True), frame=True)],
    "SparsePCA": [R("plain", seeded(decomposition.SparsePCA, n_components=2, max_iter=20))],
    "TruncatedSVD": [R("plain", seeded(decomposition.TruncatedSVD, n_components=2))],
    # discriminant_analysis, dummy
    "LinearDiscriminantAnalysis": [R("classes", plain(discriminant_analysis.LinearDiscriminantAnalysis, solver=s)) for s in ("svd", "lsqr", "eigen")] + [R("classes", plain(discriminant_analysis.LinearDiscriminantAnalysis), count=2)],
    "QuadraticDiscriminantAnalysis": [R("classes", plain(discriminant_analysis.QuadraticDiscriminantAnalysis, reg_param=0.1)), R("classes", plain(discriminant_analysis.QuadraticDiscriminantAnalysis), count=2)],
    "DummyClassifier": [R("classes", plain(dummy.DummyClassifier)), R("classes", plain(dummy.DummyClassifier, strategy="most_frequent")), R("classes", seeded(dummy.DummyClassifier, strategy="stratified")), R("both", plain(dummy.DummyClassifier))],
    "DummyRegressor": [R("target", plain(dummy.DummyRegressor)), R("targets", plain(dummy.DummyRegressor, strategy="quantile", quantile=0.3))],
    # ensemble, tree
    "AdaBoostClassifier": [R("classes", seeded(ensemble.AdaBoostClassifier, n_estimators=5)), R("classes", lambda d: ensemble.AdaBoostClassifier(trees.DecisionTreeClassifier(max_depth=3), n_estimators=4, random_state=d.seed_of()), count=2)],
    "AdaBoostRegressor": [R("target", seeded(ensemble.AdaBoostRegressor, n_estimators=5))],
    "BaggingClassifier": [
        R("classes", seeded(ensemble.BaggingClassifier, n_estimators=4)),
        R("classes", lambda d: ensemble.BaggingClassifier(logistic(d), n_estimators=3, max_features=0.7, bootstrap_features=True, random_state=d.seed_of())),
        R("classes", lambda d: ensemble.BaggingClassifier(svm.SVC(), n_estimators=3, random_state=d.seed_of()), count=2),
    ],
    "BaggingRegressor": [R("target", seeded(ensemble.BaggingRegressor, n_estimators=4)), R("targets", seeded(ensemble.BaggingRegressor, n_estimators=3))],
    "ExtraTreesClassifier": forests(ensemble.ExtraTreesClassifier, True),
    "ExtraTreesRegressor": forests(ensemble.ExtraTreesRegressor, False),
    "RandomForestClassifier": forests(ensemble.RandomForestClassifier, True),
    "RandomForestRegressor": forests(ensemble.RandomForestRegressor, False),
    "DecisionTreeClassifier": single_trees(trees.DecisionTreeClassifier, True),
    "DecisionTreeRegressor": single_trees(trees.DecisionTreeRegressor, False),
    "ExtraTreeClassifier": single_trees(trees.ExtraTreeClassifier, True),
    "ExtraTreeRegressor": single_trees(trees.ExtraTreeRegressor, False),
    "GradientBoostingClassifier": boosted(ensemble.GradientBoostingClassifier, True, "exponential"),
    "GradientBoostingRegressor": boosted(ensemble.GradientBoostingRegressor, False, "huber", "quantile", "absolute_error"),
    "HistGradientBoostingClassifier": histogram(ensemble.HistGradientBoostingClassifier, True),
    "HistGradientBoostingRegressor": histogram(ensemble.HistGradientBoostingRegressor, False, "poisson", "gamma", "absolute_error"),
    "IsolationForest": [R("plain", seeded(ensemble.IsolationForest, n_estimators=6)), R("plain", seeded(ensemble.IsolationForest, n_estimators=5, contamination=0.1, max_features=0.6))],
    "RandomTreesEmbedding": [R("plain", seeded(ensemble.RandomTreesEmbedding, n_estimators=4, max_depth=3))],
    "StackingClassifier": [
        R("classes", lambda d: ensemble.StackingClassifier(two(d), cv=2)),
        R("classes", lambda d: ensemble.StackingClassifier([("svc", svm.SVC()), *two(d)], final_estimator=trees.DecisionTreeClassifier(max_depth=3), passthrough=True, cv=2), count=2),
        R("table", lambda d: ensemble.StackingClassifier([("a", table_pipeline(d, logistic(d))), ("b", table_pipeline(d, two(d)[1][1]))], cv=2)),
    ],
    "StackingRegressor": [R("target", lambda d: ensemble.StackingRegressor(two_regressors(d), cv=2)), R("target", lambda d: ensemble.StackingRegressor(two_regressors(d), passthrough=True, cv=2))],
    "VotingClassifier": [R("classes", lambda d: ensemble.VotingClassifier(two(d))), R("classes", lambda d: ensemble.VotingClassifier(two(d), voting="soft", weights=[2, 1]))],
    "VotingRegressor": [R("target", lambda d: ensemble.VotingRegressor(two_regressors(d), weights=[1, 3]))],
    # feature_extraction
    "CountVectorizer": vectorizers(text.CountVectorizer),
    "TfidfVectorizer": vectorizers(text.TfidfVectorizer),
    "HashingVectorizer": [R("documents", plain(text.HashingVectorizer, n_features=64)), R("documents", plain(text.HashingVectorizer, n_features=97, alternate_sign=False, norm="l1", ngram_range=(1, 2)))],
    "TfidfTransformer": [R("counts", plain(text.TfidfTransformer)), R("counts", plain(text.TfidfTransformer, sublinear_tf=True, norm="l1", smooth_idf=False))],
    "DictVectorizer": [R("records", plain(DictVectorizer)), R("records", plain(DictVectorizer, sparse=False))],
    "FeatureHasher": [R("records", plain(FeatureHasher, n_features=16))],
    "PatchExtractor": [R("images", plain(image.PatchExtractor, patch_size=(2, 2)))],
    # feature_selection, frozen
    "GenericUnivariateSelect": [R("classes", plain(select.GenericUnivariateSelect, mode="k_best", param=2))],
    "RFE": [R("classes", lambda d: select.RFE(logistic(d), n_features_to_select=2)), R("target", lambda d: select.RFE(linear.Ridge(), n_features_to_select=2))],
    "RFECV": [R("classes", lambda d: select.RFECV(logistic(d), cv=2))],
    "SelectFdr": [R("classes", plain(select.SelectFdr, alpha=0.5))],
    "SelectFpr": [R("classes", plain(select.SelectFpr, alpha=0.5))],
    "SelectFwe": [R("classes", plain(select.SelectFwe, alpha=0.5))],
    "SelectFromModel": [R("classes", lambda d: select.SelectFromModel(trees.DecisionTreeClassifier(random_state=0), max_features=2))],
    "SelectKBest": [R("classes", plain(select.SelectKBest, k=2)), R("classes", plain(select.SelectKBest, k=2), frame=True)],
    "SelectPercentile": [R("classes", plain(select.SelectPercentile, percentile=50))],
    "SequentialFeatureSelector": [R("target", lambda d: select.SequentialFeatureSelector(linear.Ridge(), n_features_to_select=2, cv=2))],
    "VarianceThreshold": [R("plain", plain(select.VarianceThreshold)), R("plain", plain(select.VarianceThreshold, threshold=0.5), holes=True)],
    "FrozenEstimator": [R("classes", lambda d: frozen.FrozenEstimator(logistic(d)), inner=True), R("plain", lambda d: frozen.FrozenEstimator(prep.StandardScaler()), inner=True)],
    # gaussian_process, impute, isotonic
    "GaussianProcessClassifier": [R("classes", seeded(gaussian_process.GaussianProcessClassifier, optimizer=None)), R("classes", seeded(gaussian_process.GaussianProcessClassifier, kernel=1.5 * kernels.RBF(2.0), optimizer=None), count=2)],
    "GaussianProcessRegressor": [
        R("unit_target", plain(gaussian_process.GaussianProcessRegressor, kernel=kernel, optimizer=None, alpha=0.1, normalize_y=True))
        for kernel in (kernels.RBF(1.5), kernels.Matern(1.2, nu=1.5) + kernels.WhiteKernel(0.1), kernels.ConstantKernel(2.0) * kernels.RationalQuadratic(1.0, 0.7), kernels.DotProduct(1.0) + kernels.WhiteKernel(0.5), kernels.RBF([1.0, 2.0, 0.5]))
    ],
    "IterativeImputer": [R("plain", seeded(impute.IterativeImputer, max_iter=3), holes=True), R("plain", lambda d: impute.IterativeImputer(trees.DecisionTreeRegressor(max_depth=3, random_state=0), max_iter=2, add_indicator=True, random_state=0), holes=True)],
    "KNNImputer": [R("plain", plain(impute.KNNImputer, n_neighbors=3), holes=True), R("plain", plain(impute.KNNImputer, n_neighbors=2, weights="distance"), holes=True)],
    "MissingIndicator": [R("plain", plain(impute.MissingIndicator), holes=True), R("plain", plain(impute.MissingIndicator, features="all"), holes=True)],
    "SimpleImputer": [
        *(R("plain", plain(impute.SimpleImputer, strategy=s, add_indicator=a), holes=True) for s, a in (("mean", False), ("median", True), ("most_frequent", False), ("constant", True))),
        R("words", plain(impute.SimpleImputer, strategy="most_frequent"), holes=True),
        R("words", plain(impute.SimpleImputer, strategy="constant", fill_value="été"), holes=True),
    ],
    "IsotonicRegression": [R("line", plain(isotonic.IsotonicRegression, out_of_bounds="clip")), R("line", plain(isotonic.IsotonicRegression, increasing=False, out_of_bounds="nan"))],
    # kernels, manifolds, mixtures
    "AdditiveChi2Sampler": [R("counts", plain(kernel_approximation.AdditiveChi2Sampler, sample_steps=2))],
    "Nystroem": [R("plain", seeded(kernel_approximation.Nystroem, n_components=6)), R("plain", seeded(kernel_approximation.Nystroem, n_components=5, kernel="poly", degree=2, coef0=1, gamma=0.1))],
    "PolynomialCountSketch": [R("plain", seeded(kernel_approximation.PolynomialCountSketch, n_components=8, degree=2))],
    "RBFSampler": [R("plain", seeded(kernel_approximation.RBFSampler, n_components=6))],
    "SkewedChi2Sampler": [R("counts", seeded(kernel_approximation.SkewedChi2Sampler, n_components=6))],
    "KernelRidge": [R("target", plain(kernel_ridge.KernelRidge, kernel=k, gamma=0.1)) for k in ("linear", "rbf", "poly", "laplacian")] + [R("targets", plain(kernel_ridge.KernelRidge))],
    "Isomap": [R("plain", plain(manifold.Isomap, n_neighbors=8))],
    "LocallyLinearEmbedding": [R("plain", seeded(manifold.LocallyLinearEmbedding, n_neighbors=8))],
    "BayesianGaussianMixture": mixtures(mixture.BayesianGaussianMixture),
    "GaussianMixture": mixtures(mixture.GaussianMixture),
    # linear_model
    **{name: [R("target", plain(L[name])), R("target", plain(L[name]), frame=True)] for name in ("ARDRegression", "BayesianRidge", "ElasticNet", "HuberRegressor", "Lasso", "LinearRegression", "Ridge", "LassoLars", "LassoLarsIC", "OrthogonalMatchingPursuit", "RidgeCV")},
    **{name: [R("target", plain(L[name], cv=2))] for name in ("ElasticNetCV", "LarsCV", "LassoCV", "LassoLarsCV", "OrthogonalMatchingPursuitCV")},
    **{name: [R("targets", plain(L[name], **o))] for name, o in {"MultiTaskElasticNet": {}, "MultiTaskElasticNetCV": {"cv": 2}, "MultiTaskLasso": {}, "MultiTaskLassoCV": {"cv": 2}}.items()},
    **{name: [R("positive_target", plain(L[name])), R("positive_target", plain(L[name], alpha=0.1, fit_intercept=False), width=2)] for name in ("GammaRegressor", "PoissonRegressor")},
    "Lars": [R("target", seeded(linear.Lars)), R("targets", seeded(linear.Lars))],
    "TweedieRegressor": [R("positive_target", plain(linear.TweedieRegressor, power=p)) for p in (0, 1.5, 3)],
    "LogisticRegression": [R("classes", logistic), R("classes", logistic, count=2), R("classes", logistic, count=12, frame=True), R("classes", lambda d: linear.LogisticRegression(solver="liblinear"), count=2), R("classes", lambda d: scaled(logistic(d)))],
    "LogisticRegressionCV": [R("classes", plain(linear.LogisticRegressionCV, Cs=2, cv=2, max_iter=100)), R("classes", plain(linear.LogisticRegressionCV, Cs=2, cv=2, max_iter=100), count=2)],
    **{name: [R("classes", seeded(L[name])), R("classes", seeded(L[name]), count=2)] for name in ("PassiveAggressiveClassifier", "Perceptron", "RidgeClassifier")},
    "RidgeClassifierCV": [R("classes", plain(linear.RidgeClassifierCV)), R("multilabel", plain(linear.RidgeClassifierCV))],
    "PassiveAggressiveRegressor": [R("target", seeded(linear.PassiveAggressiveRegressor))],
    "QuantileRegressor": [R("target", plain(linear.QuantileRegressor, quantile=0.3, alpha=0.01))],
    "RANSACRegressor": [R("target", seeded(linear.RANSACRegressor))],
    "SGDClassifier": [R("classes", seeded(linear.SGDClassifier, loss=loss)) for loss in ("hinge", "log_loss", "modified_huber")] + [R("classes", seeded(linear.SGDClassifier, loss="log_loss", average=True), count=2)],
    "SGDOneClassSVM": [R("plain", seeded(linear.SGDOneClassSVM))],
    "SGDRegressor": [R("target", lambda d: scaled(linear.SGDRegressor(random_state=d.seed_of()))), R("unit_target", seeded(linear.SGDRegressor, eta0=0.001))],
    "TheilSenRegressor": [R("target", seeded(linear.TheilSenRegressor, max_subpopulation=60))],
    # model_selection, multiclass, multioutput
    "FixedThresholdClassifier": [R("classes", lambda d: model_selection.FixedThresholdClassifier(logistic(d), threshold=0.3), count=2), R("classes", lambda d: model_selection.FixedThresholdClassifier(svm.SVC(), threshold=0.2, response_method="decision_function"), count=2)],
    "TunedThresholdClassifierCV": [R("classes", lambda d: model_selection.TunedThresholdClassifierCV(logistic(d), cv=2), count=2)],
    "GridSearchCV": searches(model_selection.GridSearchCV),
    "HalvingGridSearchCV": searches(model_selection.HalvingGridSearchCV),
    "HalvingRandomSearchCV": searches(model_selection.HalvingRandomSearchCV, "param_distributions"),
    "RandomizedSearchCV": searches(model_selection.RandomizedSearchCV, "param_distributions", n_iter=2),
    "OneVsOneClassifier": [R("classes", lambda d: multiclass.OneVsOneClassifier(svm.LinearSVC(dual=False))), R("classes", lambda d: multiclass.OneVsOneClassifier(logistic(d)), count=5)],
    "OneVsRestClassifier": [R("classes", lambda d: multiclass.OneVsRestClassifier(logistic(d))), R("multilabel", lambda d: multiclass.OneVsRestClassifier(logistic(d))), R("classes", lambda d: multiclass.OneVsRestClassifier(svm.SVC()), count=2)],
    "OutputCodeClassifier": [R("classes", lambda d: multiclass.OutputCodeClassifier(logistic(d), code_size=3, random_state=0))],
    "ClassifierChain": [R("multilabel", lambda d: multioutput.ClassifierChain(logistic(d), order="random", random_state=0)), R("multilabel", lambda d: multioutput.ClassifierChain(two(d)[1][1]))],
    "MultiOutputClassifier": [R("both", lambda d: multioutput.MultiOutputClassifier(logistic(d))), R("both", lambda d: multioutput.MultiOutputClassifier(two(d)[1][1]))],
    "MultiOutputRegressor": [R("targets", lambda d: multioutput.MultiOutputRegressor(two_regressors(d)[1][1]))],
    "RegressorChain": [R("targets", lambda d: multioutput.RegressorChain(linear.Ridge(), order=[1, 0]))],
    # naive_bayes, neighbors
    "BernoulliNB": nb(naive_bayes.BernoulliNB, "classes"),
    "CategoricalNB": nb(naive_bayes.CategoricalNB, "code_classes"),
    "ComplementNB": nb(naive_bayes.ComplementNB, "count_classes") + [R("count_classes", plain(naive_bayes.ComplementNB, norm=True))],
    "MultinomialNB": nb(naive_bayes.MultinomialNB, "count_classes"),
    "GaussianNB": [R("classes", plain(naive_bayes.GaussianNB)), R("classes", plain(naive_bayes.GaussianNB, var_smoothing=1e-4), count=12)],
    "KNeighborsClassifier": neighbor_ways(neighbors.KNeighborsClassifier, "classes", n_neighbors=3) + [R("both", plain(neighbors.KNeighborsClassifier, weights="distance"))],
    "KNeighborsRegressor": neighbor_ways(neighbors.KNeighborsRegressor, "target", n_neighbors=4, weights="distance") + [R("targets", plain(neighbors.KNeighborsRegressor))],
    "KNeighborsTransformer": [R("plain", plain(neighbors.KNeighborsTransformer, n_neighbors=3)), R("plain", plain(neighbors.KNeighborsTransformer, n_neighbors=3, mode="connectivity"))],
    "KernelDensity": [R("unit", plain(neighbors.KernelDensity, kernel=k, bandwidth=b)) for k, b in (("gaussian", 0.7), ("exponential", 0.5), ("tophat", 3.0), ("epanechnikov", 4.0))],
    "LocalOutlierFactor": [R("plain", plain(neighbors.LocalOutlierFactor, novelty=True, n_neighbors=6)), R("plain", plain(neighbors.LocalOutlierFactor, novelty=True, contamination=0.1, metric="manhattan"))],
    "NearestCentroid": [R("classes", plain(neighbors.NearestCentroid)), R("classes", plain(neighbors.NearestCentroid, metric="manhattan")), R("classes", plain(neighbors.NearestCentroid, shrink_threshold=0.2), count=2)],
    "NearestNeighbors": neighbor_ways(neighbors.NearestNeighbors, "plain", n_neighbors=3),
    "NeighborhoodComponentsAnalysis": [R("classes", seeded(neighbors.NeighborhoodComponentsAnalysis, n_components=2, max_iter=5))],
    "RadiusNeighborsClassifier": [R("unit_classes", plain(neighbors.RadiusNeighborsClassifier, radius=2.0, outlier_label="most_frequent")), R("unit_classes", plain(neighbors.RadiusNeighborsClassifier, radius=2.5, weights="distance", algorithm="brute", outlier_label="most_frequent"), count=2)],
    "RadiusNeighborsRegressor": [R("unit_target", plain(neighbors.RadiusNeighborsRegressor, radius=2.5, weights=w)) for w in ("uniform", "distance")],
    "RadiusNeighborsTransformer": [R("unit", plain(neighbors.RadiusNeighborsTransformer, radius=2.0, mode=m)) for m in ("distance", "connectivity")],
    # neural_network, pipeline
    "BernoulliRBM": [R("shares", seeded(neural_network.BernoulliRBM, n_components=3, n_iter=3))],
    "MLPClassifier": [R("classes", seeded(neural_network.MLPClassifier, hidden_layer_sizes=(6, 4), activation=a, max_iter=20)) for a in ("relu", "tanh", "logistic")] + [R("classes", seeded(neural_network.MLPClassifier, hidden_layer_sizes=(5,), max_iter=20), count=2), R("multilabel", seeded(neural_network.MLPClassifier, hidden_layer_sizes=(5,), max_iter=20))],
    "MLPRegressor": [R("target", seeded(neural_network.MLPRegressor, hidden_layer_sizes=(6,), max_iter=20)), R("targets", seeded(neural_network.MLPRegressor, hidden_layer_sizes=(5, 3), activation="identity", max_iter=20))],
    "FeatureUnion": [R("plain", lambda d: FeatureUnion([("a", decomposition.PCA(2)), ("b", "passthrough"), ("c", prep.StandardScaler())], transformer_weights={"a": 2.5})), R("documents", lambda d: FeatureUnion([("w", text.TfidfVectorizer()), ("c", text.CountVectorizer(analyzer="char"))]))],
    "Pipeline": [
        *(R("table", lambda d, last=last: table_pipeline(d, last(d))) for last in (logistic, lambda d: ensemble.RandomForestClassifier(4, random_state=0), lambda d: ensemble.HistGradientBoostingClassifier(max_iter=4, min_samples_leaf=5), lambda d: neighbors.KNeighborsClassifier())),
        R("documents", lambda d: make_pipeline(text.TfidfVectorizer(), logistic(d))),
        R("documents", lambda d: make_pipeline(text.CountVectorizer(ngram_range=(1, 2)), text.TfidfTransformer(), decomposition.TruncatedSVD(3, random_state=0), svm.SVC())),
        R("plain", lambda d: make_pipeline(impute.SimpleImputer(), prep.PolynomialFeatures(2), prep.StandardScaler(), decomposition.PCA(3)), holes=True),
        R("classes", lambda d: Pipeline([("select", select.SelectKBest(k=2)), ("none", "passthrough"), ("vote", ensemble.VotingClassifier(two(d)))])),
    ],
    # preprocessing
    "Binarizer": [R("plain", plain(prep.Binarizer, threshold=0.5))],
    "FunctionTransformer": [R("counts", plain(prep.FunctionTransformer, func=np.log1p, inverse_func=np.expm1)), R("plain", plain(prep.FunctionTransformer)), R("plain", plain(prep.FunctionTransformer, func=np.abs), holes=True)],
    "KBinsDiscretizer": [R("plain", plain(prep.KBinsDiscretizer, n_bins=4, encode=e, strategy=s, random_state=0)) for e, s in (("onehot", "quantile"), ("ordinal", "uniform"), ("onehot-dense", "kmeans"))],
    "KernelCenterer": [R("kernel", plain(prep.KernelCenterer))],
    "LabelBinarizer": [R("labels", plain(prep.LabelBinarizer)), R("labels", plain(prep.LabelBinarizer, neg_label=-1, pos_label=2), count=2), R("labels", plain(prep.LabelBinarizer), names=True)],
    "LabelEncoder": [R("labels", plain(prep.LabelEncoder), names=True), R("labels", plain(prep.LabelEncoder))],
    "MaxAbsScaler": [R("plain", plain(prep.MaxAbsScaler), holes=True), R("plain", plain(prep.MaxAbsScaler, clip=True))],
    "MinMaxScaler": [R("plain", plain(prep.MinMaxScaler, clip=True), holes=True), R("plain", plain(prep.MinMaxScaler, feature_range=(-1, 3)), frame=True)],
    "MultiLabelBinarizer": [R("label_sets", plain(prep.MultiLabelBinarizer))],
    "Normalizer": [R("plain", plain(prep.Normalizer, norm=n)) for n in ("l1", "l2", "max")],
    "OneHotEncoder": [
        *(R("words", plain(prep.OneHotEncoder, handle_unknown=how, **o), holes=h) for how, o, h in (("ignore", {}, True), ("infrequent_if_exist", {"min_frequency": 20}, True), ("ignore", {"drop": "if_binary", "sparse_output": False}, False), ("warn", {"max_categories": 2}, True))),
        R("words", plain(prep.OneHotEncoder, drop="first")),
        R("words", plain(prep.OneHotEncoder, handle_unknown="ignore"), frame=True, holes=True),
        R("codes", plain(prep.OneHotEncoder, handle_unknown="ignore", dtype=np.float32)),
    ],
    "OrdinalEncoder": [
        *(R("words", plain(prep.OrdinalEncoder, handle_unknown="use_encoded_value", **o), holes=True) for o in ({"unknown_value": -1}, {"unknown_value": np.nan, "encoded_missing_value": -5}, {"unknown_value": -9, "min_frequency": 20})),
        R("words", plain(prep.OrdinalEncoder, dtype=np.int64)),
        R("codes", plain(prep.OrdinalEncoder, handle_unknown="use_encoded_value", unknown_value=-1)),
    ],
    "PolynomialFeatures": [R("plain", plain(prep.PolynomialFeatures, degree=3)), R("plain", plain(prep.PolynomialFeatures, degree=(2, 3), interaction_only=True, include_bias=False))],
    "PowerTransformer": [R("plain", plain(prep.PowerTransformer), holes=True), R("positive", plain(prep.PowerTransformer, method="box-cox", standardize=False))],
    "QuantileTransformer": [R("plain", plain(prep.QuantileTransformer, n_quantiles=20), holes=True), R("plain", plain(prep.QuantileTransformer, n_quantiles=15, output_distribution="normal"))],
    "RobustScaler": [R("plain", plain(prep.RobustScaler, unit_variance=True), holes=True)],
    "SplineTransformer": [R("plain", plain(prep.SplineTransformer, extrapolation=e, degree=g)) for e, g in (("constant", 3), ("linear", 2), ("continue", 1), ("periodic", 3))],
    "StandardScaler": [R("plain", plain(prep.StandardScaler), holes=True), R("plain", plain(prep.StandardScaler, with_mean=False), frame=True)],
    "TargetEncoder": [R("words_target", plain(prep.TargetEncoder)), R("words_classes", plain(prep.TargetEncoder, smooth=3.0))],
    # random_projection, semi_supervised, svm
    "GaussianRandomProjection": [R("plain", seeded(random_projection.GaussianRandomProjection, n_components=3))],
    "SparseRandomProjection": [R("plain", seeded(random_projection.SparseRandomProjection, n_components=3, compute_inverse_components=True))],
    "LabelPropagation": [R("partly", plain(semi_supervised.LabelPropagation, gamma=0.5)), R("partly", plain(semi_supervised.LabelPropagation, kernel="knn", n_neighbors=5))],
    "LabelSpreading": [R("partly", plain(semi_supervised.LabelSpreading, gamma=0.5))],
    "SelfTrainingClassifier": [R("partly", lambda d: semi_supervised.SelfTrainingClassifier(logistic(d)))],
    "LinearSVC": [R("classes", plain(svm.LinearSVC, dual=False)), R("classes", plain(svm.LinearSVC, dual=False), count=2)],
    "LinearSVR": [R("target", seeded(svm.LinearSVR))],
    "NuSVC": vector_machines(svm.NuSVC, "classes", nu=0.2) + [R("classes", seeded(svm.NuSVC, nu=0.2, probability=True), count=2)],
    "NuSVR": vector_machines(svm.NuSVR, "target"),
    "OneClassSVM": vector_machines(svm.OneClassSVM, "unit"),
    "SVC": vector_machines(svm.SVC, "classes", decision_function_shape="ovo") + [R("classes", plain(svm.SVC, break_ties=True)), R("classes", seeded(svm.SVC, probability=True)), R("classes", plain(svm.SVC), count=2)],
    "SVR": vector_machines(svm.SVR, "target"),
}
