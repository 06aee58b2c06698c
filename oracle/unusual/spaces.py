"""Neighbours, clusters, decompositions, manifolds, covariances, mixtures, Gaussian processes."""

import numpy as np
import scipy.sparse as sp
import sklearn.cluster as cl
import sklearn.covariance as cv
import sklearn.cross_decomposition as cd
import sklearn.decomposition as de
import sklearn.gaussian_process as gp
import sklearn.gaussian_process.kernels as k
import sklearn.kernel_approximation as ka
import sklearn.manifold as mf
import sklearn.mixture as mx
import sklearn.neighbors as ne
import sklearn.random_projection as rp
from linear import first, partial


def double(distances):
    return 1 / (distances + 0.5)


def neighbours(d, add):
    X, N = d.X / d.X.std(0), d.numbers
    T = d.T / d.X.std(0)
    S = sp.csr_matrix(np.where(np.abs(X) > 0.8, X, 0))
    variance, inverse = np.var(X, axis=0), np.linalg.inv(np.cov(X.T))
    metrics = [("manhattan", {}), ("chebyshev", {}), ("minkowski", {"p": 3}), ("cosine", {}), ("canberra", {}), ("braycurtis", {}), ("correlation", {}), ("sqeuclidean", {}), ("seuclidean", {"metric_params": {"V": variance}}), ("mahalanobis", {"metric_params": {"VI": inverse}}), ("minkowski", {"p": 1}), ("infinity", {}), ("l1", {})]
    for number, (metric, more) in enumerate(metrics):
        algorithm = ["auto", "brute", "ball_tree", "kd_tree"][number % 4]
        for a in (algorithm, "auto"):
            add(f"knn-{metric}-{number}-{a}", lambda m=metric, o=more, a=a: ne.KNeighborsClassifier(4, weights="distance", metric=m, algorithm=a, leaf_size=7, **o).fit(X, d.words), N(T, *(["S"] if metric == "manhattan" else [])))
            add(f"knn-regressor-{metric}-{number}-{a}", lambda m=metric, o=more, a=a: ne.KNeighborsRegressor(3, metric=m, algorithm=a, **o).fit(X, d.yr2), N(T))
    for metric in ("hamming", "jaccard", "dice", "russellrao", "rogerstanimoto", "sokalsneath", "sokalmichener", "yule", "matching", "kulsinski"):
        for a in ("brute", "ball_tree"):
            add(f"knn-bits-{metric}-{a}", lambda m=metric, a=a: ne.KNeighborsClassifier(5, metric=m, algorithm=a, weights=double if m == "dice" else "uniform").fit(d.bits, d.y3), {"X": d.bits_test})
    rad = np.radians(X[:, :2] * 20)
    add("knn-haversine", lambda: ne.KNeighborsClassifier(3, metric="haversine", algorithm="ball_tree").fit(rad, d.words), {"X": np.radians(T[:, :2] * 20)})
    add("knn-precomputed", lambda: ne.KNeighborsClassifier(3, metric="precomputed").fit(np.abs(X[:, None] - X[None]).sum(2), d.words), {"X": np.abs(T[:, None] - X[None]).sum(2)})
    for kind in ("two_words", "bytes", "bool", "many", "negative", "objects"):
        add("knn-" + kind, lambda kind=kind: ne.KNeighborsClassifier(4, algorithm="kd_tree", weights="distance").fit(X, getattr(d, kind)), {"X": T, "same": X[:5]})
    add("knn-sparse", lambda: ne.KNeighborsClassifier(5).fit(S, d.words), N(T, "S"))
    add("knn-weights-float32", lambda: ne.KNeighborsRegressor(3, weights="distance").fit(X.astype("f4"), d.yr), {"X": T, "X32": T.astype("f4")})
    for name, more in (("plain", {}), ("distance", {"weights": "distance", "algorithm": "kd_tree"}), ("manhattan", {"metric": "manhattan", "algorithm": "brute"})):
        add("radius-" + name, lambda m=more: ne.RadiusNeighborsClassifier(4.5, **m).fit(X, d.words), N(T))
        add("radius-regressor-" + name, lambda m=more: ne.RadiusNeighborsRegressor(4.5, **m).fit(X, d.yr2), N(T))
    add("radius-outlier", lambda: ne.RadiusNeighborsClassifier(0.7, outlier_label="été").fit(X, d.words), N(T))
    add("radius-outlier-frequent", lambda: ne.RadiusNeighborsClassifier(0.7, outlier_label="most_frequent").fit(X, d.y3), N(T))
    add("radius-outlier-number", lambda: ne.RadiusNeighborsClassifier(0.7, outlier_label=-1).fit(X, d.y3), N(T))
    add("radius-regressor-empty", lambda: ne.RadiusNeighborsRegressor(0.6).fit(X, d.yr), N(T))
    for metric, more in (("euclidean", {}), ("manhattan", {}), ("euclidean", {"shrink_threshold": 0.4}), ("euclidean", {"priors": "empirical"}), ("cosine", {}), ("chebyshev", {})):
        add(f"centroid-{metric}-{'-'.join(more)}", lambda m=metric, o=more: ne.NearestCentroid(metric=m, **o).fit(X, d.bytes), N(T))
    for kernel in ("gaussian", "tophat", "epanechnikov", "exponential", "linear", "cosine"):
        add("density-" + kernel, lambda k=kernel: ne.KernelDensity(bandwidth=1.7, kernel=k, leaf_size=9).fit(X), N(T))
    add("density-weights", lambda: ne.KernelDensity(bandwidth=0.8, metric="manhattan", algorithm="ball_tree").fit(X, sample_weight=d.weights), N(T))
    add("density-scott", lambda: ne.KernelDensity(bandwidth="scott", rtol=1e-6).fit(X), N(T))
    for name, more in (("plain", {"n_neighbors": 7}), ("manhattan", {"metric": "manhattan", "algorithm": "ball_tree"}), ("cosine", {"metric": "cosine", "contamination": 0.1})):
        add("outlier-" + name, lambda m=more: ne.LocalOutlierFactor(novelty=True, **m).fit(X), N(T))
    add("nearest", lambda: ne.NearestNeighbors(n_neighbors=3, radius=2.0, metric="minkowski", p=1.5).fit(X), N(T))
    add("nearest-sparse", lambda: ne.NearestNeighbors(n_neighbors=3, radius=2.0, metric="cosine").fit(S), N(T, "S"))
    add("nca", lambda: ne.NeighborhoodComponentsAnalysis(2, random_state=0, max_iter=10, init="pca").fit(X, d.words), N(T))
    for mode in ("distance", "connectivity"):
        add("knn-transformer-" + mode, lambda m=mode: ne.KNeighborsTransformer(n_neighbors=3, mode=m).fit(X), N(T))
        add("radius-transformer-" + mode, lambda m=mode: ne.RadiusNeighborsTransformer(radius=1.5, mode=m).fit(X), N(T))


def clusters(d, add):
    X, N = d.X / d.X.std(0), d.numbers
    T = d.T / d.X.std(0)
    S = sp.csr_matrix(np.where(np.abs(X) > 0.8, X, 0))
    add("kmeans-init", lambda: cl.KMeans(3, init=X[:3], n_init=1).fit(X, sample_weight=d.weights), N(T))
    add("kmeans-elkan", lambda: cl.KMeans(4, algorithm="elkan", n_init=2, random_state=0).fit(X.astype("f4")), N(T))
    add("kmeans-sparse", lambda: cl.KMeans(3, init="random", n_init=2, random_state=0).fit(S), N(T, "S"))
    add("kmeans-one", lambda: cl.KMeans(1, n_init=1, random_state=0).fit(X[:, :1]), N(T[:, :1]))
    add("kmeans-mini", lambda: cl.MiniBatchKMeans(3, batch_size=20, n_init=2, random_state=0, reassignment_ratio=0.1).fit(X), N(T))
    add("kmeans-mini-partial", lambda: cl.MiniBatchKMeans(3, random_state=0).partial_fit(X).partial_fit(X), N(T))
    add("kmeans-bisecting", lambda: cl.BisectingKMeans(5, bisecting_strategy="largest_cluster", random_state=0).fit(X, sample_weight=d.weights), N(T))
    add("birch", lambda: cl.Birch(threshold=0.7, n_clusters=3).fit(X), N(T))
    add("birch-none", lambda: cl.Birch(threshold=0.9, n_clusters=None, compute_labels=False).fit(X), N(T))
    add("birch-agglomerative", lambda: cl.Birch(threshold=0.9, n_clusters=cl.AgglomerativeClustering(n_clusters=4)).fit(X), N(T))
    add("mean-shift", lambda: cl.MeanShift(bandwidth=2.0, bin_seeding=True, cluster_all=False).fit(X), N(T))
    add("affinity", lambda: first(lambda: cl.AffinityPropagation(damping=0.8, preference=-20, random_state=0).fit(X), lambda: cl.AffinityPropagation(damping=0.8, preference=-20).fit(X)), N(T))
    add("agglomeration", lambda: cl.FeatureAgglomeration(2, linkage="average").fit(X), N(T))
    add("agglomeration-max", lambda: cl.FeatureAgglomeration(3, pooling_func=np.max).fit(X), N(T))
    add("agglomeration-median", lambda: cl.FeatureAgglomeration(3, pooling_func=np.median).fit(X), N(T))
    add("agglomeration-distance", lambda: cl.FeatureAgglomeration(n_clusters=None, distance_threshold=12.0).fit(X), N(T))


def decompositions(d, add):
    X, N = d.X, d.numbers
    P, PT = d.positives, d.positives_test
    S = sp.csr_matrix(np.where(np.abs(X) > 1, X, 0))
    for name, more in (("mle", {"n_components": "mle", "svd_solver": "full"}), ("fraction", {"n_components": 0.95, "whiten": True}), ("randomized", {"n_components": 2, "svd_solver": "randomized", "random_state": 0}), ("arpack", {"n_components": 2, "svd_solver": "arpack", "random_state": 0}), ("covariance", {"svd_solver": "covariance_eigh", "n_components": 3}), ("power", {"n_components": 2, "svd_solver": "randomized", "power_iteration_normalizer": "LU", "random_state": 0})):
        add("pca-" + name, lambda m=more: de.PCA(**m).fit(X), N())
    add("pca-float32", lambda: de.PCA(2, whiten=True).fit(X.astype("f4")), {"X": d.T.astype("f4"), "X64": d.T})
    add("pca-frame", lambda: de.PCA(2).fit(d.frame[["visits", "price €"]]), {"X": d.frame_test[["visits", "price €"]]})
    add("pca-sparse", lambda: de.PCA(2, svd_solver="arpack", random_state=0).fit(S), N(None, "S"))
    add("pca-incremental", lambda: de.IncrementalPCA(2, batch_size=30, whiten=True).fit(X), N(None, "S"))
    for kernel in ("poly", "rbf", "sigmoid", "cosine", "linear"):
        add("kernel-pca-" + kernel, lambda k=kernel: de.KernelPCA(2, kernel=k, gamma=0.02, degree=2, coef0=0.5, fit_inverse_transform=True, alpha=0.5, random_state=0).fit(X), N())
    add("kernel-pca-precomputed", lambda: de.KernelPCA(2, kernel="precomputed").fit(X.dot(X.T)), {"X": d.T.dot(X.T)})
    add("kernel-pca-all", lambda: de.KernelPCA(remove_zero_eig=True, kernel="linear", eigen_solver="dense").fit(X), N())
    add("kernel-pca-sparse", lambda: de.KernelPCA(2, kernel="rbf", eigen_solver="arpack", random_state=0).fit(S), N(None, "S"))
    add("svd", lambda: de.TruncatedSVD(3, n_iter=9, random_state=0).fit(S), N(None, "S"))
    for method in ("lars", "cd"):
        add("sparse-pca-" + method, lambda m=method: de.SparsePCA(3, alpha=0.3, ridge_alpha=0.05, method=m, max_iter=50, random_state=0).fit(X), N())
    add("sparse-pca-mini", lambda: first(lambda: de.MiniBatchSparsePCA(2, alpha=0.2, random_state=0, max_iter=10).fit(X), lambda: de.MiniBatchSparsePCA(2, alpha=0.2, random_state=0, n_iter=10).fit(X)), N())
    for name, more in (("cd", {"init": "nndsvda"}), ("mu", {"solver": "mu", "beta_loss": "kullback-leibler", "init": "random"}), ("itakura", {"solver": "mu", "beta_loss": "itakura-saito", "init": "random"}), ("alpha", {"alpha_W": 0.1, "l1_ratio": 0.5, "init": "random"}), ("old-alpha", {"alpha": 0.1, "l1_ratio": 0.5, "init": "random"}), ("custom", {"init": "nndsvdar", "shuffle": True})):
        add("nmf-" + name, lambda m=more: de.NMF(2, random_state=0, max_iter=150, **m).fit(P), {"X": PT, "X1": PT[:1], "S": sp.csr_matrix(PT)})
    add("nmf-mini", lambda: de.MiniBatchNMF(2, random_state=0, batch_size=30, max_iter=20).fit(P), {"X": PT})
    for method in ("batch", "online"):
        add("topics-" + method, lambda m=method: first(lambda: de.LatentDirichletAllocation(3, learning_method=m, doc_topic_prior=0.3, max_iter=5, random_state=0).fit(d.whole), lambda: de.LatentDirichletAllocation(n_topics=3, learning_method=m, max_iter=5, random_state=0).fit(d.whole)), {"X": d.whole_test, "S": sp.csr_matrix(d.whole_test.astype(float))})
    for algorithm in ("parallel", "deflation"):
        for fun in ("logcosh", "exp", "cube"):
            add(f"ica-{algorithm}-{fun}", lambda a=algorithm, f=fun: de.FastICA(3, algorithm=a, fun=f, random_state=0, max_iter=60).fit(X), N())
    add("ica-arbitrary", lambda: de.FastICA(2, whiten="arbitrary-variance", random_state=0).fit(X), N())
    add("ica-raw", lambda: de.FastICA(whiten=False, random_state=0).fit(X), N())
    add("factors", lambda: de.FactorAnalysis(2, noise_variance_init=np.ones(5), random_state=0).fit(X), N())
    add("factors-rotated", lambda: de.FactorAnalysis(2, rotation="quartimax", svd_method="lapack").fit(X), N())
    for transform in ("omp", "lars", "lasso_lars", "lasso_cd", "threshold"):
        for split in (False, True):
            more = {"transform_n_nonzero_coefs": 2} if transform in ("omp", "lars") else {"transform_alpha": 0.4}
            add(f"dictionary-{transform}-{split}", lambda t=transform, s=split, m=more: de.DictionaryLearning(4, alpha=0.5, max_iter=8, transform_algorithm=t, split_sign=s, random_state=0, **m).fit(X), N())
    add("dictionary-positive", lambda: de.DictionaryLearning(3, fit_algorithm="cd", positive_code=True, transform_algorithm="lasso_cd", max_iter=8, random_state=0).fit(X), N())
    add("dictionary-mini", lambda: first(lambda: de.MiniBatchDictionaryLearning(3, max_iter=8, random_state=0, transform_algorithm="omp").fit(X), lambda: de.MiniBatchDictionaryLearning(3, n_iter=8, random_state=0).fit(X)), N())
    words = X[:4] / np.linalg.norm(X[:4], axis=1)[:, None]
    for transform in ("omp", "lasso_cd", "threshold"):
        add("coder-" + transform, lambda t=transform: de.SparseCoder(words, transform_algorithm=t, transform_alpha=0.3, split_sign=t == "threshold").fit(X), N())
    for n, more in (("isomap", {"n_neighbors": 12}), ("isomap-metric", {"n_neighbors": 12, "metric": "manhattan", "path_method": "D"}), ("isomap-kd", {"n_neighbors": 15, "neighbors_algorithm": "kd_tree"}), ("isomap-radius", {"n_neighbors": None, "radius": 60.0})):
        add(n, lambda m=more: mf.Isomap(n_components=2, **m).fit(X), N())
    for method, n in (("standard", 8), ("modified", 8), ("hessian", 12), ("ltsa", 8)):
        add("lle-" + method, lambda m=method, n=n: mf.LocallyLinearEmbedding(n_neighbors=n, n_components=2, method=m, eigen_solver="dense").fit(X), N())
    for scale in (True, False):
        add(f"pls-{scale}", lambda s=scale: cd.PLSRegression(2, scale=s).fit(X, d.yr2), N())
        add(f"pls-canonical-{scale}", lambda s=scale: cd.PLSCanonical(2, scale=s, algorithm="svd").fit(X, d.yr2), N())
        add(f"cca-{scale}", lambda s=scale: cd.CCA(1, scale=s).fit(X, d.yr2), N())
        add(f"pls-svd-{scale}", lambda s=scale: cd.PLSSVD(2, scale=s).fit(X, d.yr2), N())
    add("pls-one", lambda: cd.PLSRegression(1).fit(X, d.yr), N())
    add("projection", lambda: rp.GaussianRandomProjection(3, random_state=0).fit(X), N(None, "S"))
    add("projection-inverse", lambda: rp.SparseRandomProjection(3, compute_inverse_components=True, random_state=0, density=0.5).fit(X), N(None, "S"))
    add("projection-dense", lambda: rp.SparseRandomProjection(3, dense_output=True, random_state=0).fit(S), N(None, "S"))
    add("sampler", lambda: ka.RBFSampler(gamma=0.02, n_components=6, random_state=0).fit(X), N(None, "S"))
    add("sampler-scale", lambda: ka.RBFSampler(gamma="scale", n_components=4, random_state=0).fit(X), N())
    for kernel in ("rbf", "poly", "laplacian", "sigmoid", "linear", "cosine"):
        add("nystroem-" + kernel, lambda k=kernel: ka.Nystroem(k, gamma=0.02 if k in ("rbf", "poly", "laplacian", "sigmoid") else None, coef0=1 if k in ("poly", "sigmoid") else None, degree=2 if k == "poly" else None, n_components=8, random_state=0).fit(X), N())
    add("nystroem-chi2", lambda: ka.Nystroem("chi2", n_components=6, random_state=0).fit(P), {"X": PT})
    add("skewed-chi2", lambda: ka.SkewedChi2Sampler(skewedness=0.2, n_components=5, random_state=0).fit(P), {"X": PT})
    add("additive-chi2", lambda: ka.AdditiveChi2Sampler(sample_steps=3, sample_interval=0.4).fit(P), {"X": PT, "S": sp.csr_matrix(PT)})
    add("count-sketch", lambda: ka.PolynomialCountSketch(gamma=0.5, degree=3, coef0=1, n_components=7, random_state=0).fit(X), N(None, "S"))


def densities(d, add):
    X, N = d.X, d.numbers
    for name, more in (("EmpiricalCovariance", {"assume_centered": True}), ("EmpiricalCovariance", {}), ("ShrunkCovariance", {"shrinkage": 0.3}), ("LedoitWolf", {}), ("OAS", {"store_precision": False}), ("MinCovDet", {"random_state": 0, "support_fraction": 0.7}), ("GraphicalLasso", {"alpha": 0.05}), ("GraphLasso", {"alpha": 0.05}), ("GraphicalLassoCV", {"cv": 3}), ("EllipticEnvelope", {"contamination": 0.2, "random_state": 0})):
        add(f"covariance-{name}-{len(more)}", lambda n=name, m=more: getattr(cv, n)(**m).fit(X / X.std(0)), N(d.T / X.std(0)))
    for kind in ("full", "tied", "diag", "spherical"):
        add("mixture-" + kind, lambda c=kind: mx.GaussianMixture(3, covariance_type=c, reg_covar=1e-3, random_state=0, init_params="random" if c == "tied" else "kmeans").fit(X), N())
        add("mixture-bayes-" + kind, lambda c=kind: mx.BayesianGaussianMixture(n_components=4, covariance_type=c, weight_concentration_prior_type="dirichlet_distribution" if c == "diag" else "dirichlet_process", weight_concentration_prior=0.1, random_state=0, max_iter=30).fit(X), N())
    add("mixture-one", lambda: mx.GaussianMixture(1).fit(X[:, :1]), N(d.T[:, :1]))
    add("mixture-float32", lambda: mx.GaussianMixture(2, random_state=0).fit(X.astype("f4")), N())


def processes(d, add):
    X, N = d.X[:40] / d.X.std(0), d.numbers
    T, y = d.T / d.X.std(0), d.yr[:40]
    kernels = {
        "ard": lambda: k.ConstantKernel(2.0) * k.RBF([1, 2, 3, 4, 5]) + k.WhiteKernel(0.3),
        "matern05": lambda: k.Matern(2.0, nu=0.5) + 0.5,
        "matern15": lambda: 1.5 * k.Matern([1, 1, 2, 2, 3], nu=1.5),
        "matern25": lambda: k.Matern(1.0, nu=2.5) ** 2,
        "matern-inf": lambda: k.Matern(2.0, nu=np.inf) * k.DotProduct(0.5),
        "matern-odd": lambda: k.Matern(2.0, nu=0.9),
        "rational": lambda: k.RationalQuadratic(1.2, alpha=0.4) + k.WhiteKernel(),
        "periodic": lambda: k.ExpSineSquared(1.3, 3.0) * k.RBF(4.0),
        "exponent": lambda: k.Exponentiation(k.RationalQuadratic(2.0), 3),
        "fixed": lambda: k.RBF(2.0, length_scale_bounds="fixed"),
        "pairwise-poly": lambda: k.PairwiseKernel(gamma=0.1, metric="poly"),
        "pairwise-laplacian": lambda: k.PairwiseKernel(gamma=0.3, metric="laplacian") + k.WhiteKernel(0.1),
        "pairwise-cosine": lambda: k.PairwiseKernel(metric="cosine") + k.WhiteKernel(0.1),
    }
    for name in sorted(kernels):
        add("gpr-" + name, lambda f=kernels[name]: gp.GaussianProcessRegressor(f(), alpha=1e-2, optimizer=None).fit(X, y), N(T))
    add("gpr-fitted", lambda: gp.GaussianProcessRegressor(kernels["ard"](), normalize_y=True, n_restarts_optimizer=1, random_state=0).fit(X, y), N(T))
    add("gpr-two", lambda: gp.GaussianProcessRegressor(k.RBF(2.0), alpha=np.linspace(0.1, 1, 40), normalize_y=True).fit(X, d.yr2[:40]), N(T))
    add("gpr-plain", lambda: gp.GaussianProcessRegressor(alpha=0.1).fit(X, y), N(T))
    for name in ("ard", "matern15", "rational", "periodic"):
        for multi in ("one_vs_rest", "one_vs_one"):
            add(f"gpc-{name}-{multi}", lambda f=kernels[name], m=multi: gp.GaussianProcessClassifier(f(), optimizer=None, multi_class=m).fit(X, d.words[:40]), N(T))
    add("gpc-two", lambda: gp.GaussianProcessClassifier(1.0 * k.RBF(1.5), n_restarts_optimizer=1, random_state=0).fit(X, d.bool[:40]), N(T))
    add("gpc-bytes", lambda: gp.GaussianProcessClassifier(warm_start=True).fit(X, d.bytes[:40]), N(T))


CHAPTERS = [neighbours, clusters, decompositions, densities, processes]
