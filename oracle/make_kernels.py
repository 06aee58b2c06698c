"""Writes fixtures/kernels/*.json.gz: scikit-learn's trees, distances and neighbour searches, with its own answers.

Usage: python oracle/make_kernels.py        (scikit-learn 1.9, numpy 2; the seeds are fixed)
       python oracle/make_kernels.py neighbors        (the same with 1.8, which orders equal distances otherwise)
       python oracle/make_kernels.py old        (metrics that 1.1 had)
Arrays are {"dtype", "shape", "data": base64 of the little-endian bytes}.
"""
import base64
import gzip
import json
import os
import sys

import numpy as np
import sklearn
from scipy import sparse
from sklearn.ensemble import (
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.ensemble._gradient_boosting import predict_stages
from sklearn.metrics import DistanceMetric, pairwise_distances
from sklearn.metrics.pairwise import euclidean_distances
from sklearn.neighbors import BallTree, KDTree, NearestNeighbors
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
from threadpoolctl import threadpool_limits

OUT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "fixtures", "kernels")


def array(a):
    a = np.ascontiguousarray(a)
    return {"dtype": a.dtype.str, "shape": list(a.shape), "data": base64.b64encode(a.tobytes()).decode()}


def table(nodes):
    return {
        "count": len(nodes),
        "stride": nodes.dtype.itemsize,
        "offsets": {name: place[1] for name, place in nodes.dtype.fields.items()},
        "data": base64.b64encode(nodes.tobytes()).decode(),
    }


def save(name, content):
    text = json.dumps(content, separators=(",", ":")) + "\n"
    with open(os.path.join(OUT, name + ".json.gz"), "wb") as file:
        file.write(gzip.compress(text.encode(), 9, mtime=0))


def edges(rng, X, trees, rows, nan=False, inf=True):
    """Rows made of thresholds, their float32 roundings and neighbours, infinities, zeros and NaN."""
    X = X[rng.integers(len(X), size=rows)].astype(np.float64)
    for tree in trees:
        inner = np.flatnonzero(tree.children_left >= 0)
        for node in inner[: rows // 4]:
            t, row = tree.threshold[node], rng.integers(rows)
            near = np.float32(t)
            choices = [t, near, np.nextafter(near, np.float32(np.inf)), np.nextafter(near, np.float32(-np.inf)),
                       np.nextafter(t, np.inf), np.nextafter(t, -np.inf)]
            X[row, tree.feature[node]] = choices[rng.integers(len(choices))]
    special = [0.0, -0.0, 1e300, -1e300] + ([np.inf, -np.inf] if inf else []) + ([np.nan] * 4 if nan else [])
    with np.errstate(over="ignore"):
        for _ in range(rows):
            X[rng.integers(rows), rng.integers(X.shape[1])] = special[rng.integers(len(special))]
    return X


def sklearn_case(trees, X, sums, csr=False):
    with np.errstate(over="ignore"):
        X32 = X.astype(np.float32)
    given = sparse.csr_matrix(X32) if csr else X32
    paths = [t.decision_path(given) for t in trees]
    return {
        "nFeatures": X.shape[1],
        "trees": [table(t.__getstate__()["nodes"]) for t in trees],
        "values": [array(t.value.reshape(t.node_count, -1)) for t in trees],
        "X": array(X),
        "leaves": array(np.stack([t.apply(given) for t in trees], 1).astype("<i4")),
        "paths": [[array(p.indptr.astype("<i4")), array(p.indices.astype("<i4"))] for p in paths],
        "sums": array(sums(given)),
    }


def in_order(trees):
    def sums(X):
        out = np.zeros((X.shape[0], trees[0].value[0].size))
        for t in trees:
            out += t.predict(X).reshape(X.shape[0], -1)
        return out

    return sums


def forests():
    rng = np.random.default_rng(7)
    X = rng.standard_normal((300, 6)) * [1, 10, 1e-3, 1e6, 1, 1e-40]
    X[:, 4] = np.round(X[:, 4])
    y = (X[:, 0] + X[:, 4] + 0.3 * rng.standard_normal(300) > 0).astype(int) + (X[:, 1] > 5)
    Y = np.stack([y, y % 2, rng.integers(0, 3, 300)], 1)
    target = X[:, 0] * X[:, 4] + X[:, 1]
    cases = {}

    def add(name, model, X, rows=64, nan=False, csr=False):
        trees = [e.tree_ for e in getattr(model, "estimators_", [model])]
        cases[name] = sklearn_case(trees, edges(rng, X, trees, rows, nan), in_order(trees), csr)

    add("RandomForestClassifier", RandomForestClassifier(6, random_state=0).fit(X, y), X)
    add("multi-output", RandomForestClassifier(5, max_depth=5, random_state=1).fit(X, Y), X)
    add("best-first", ExtraTreesRegressor(6, max_leaf_nodes=20, random_state=2).fit(X, target), X)
    add("single node", DecisionTreeRegressor().fit(X, np.full(300, 2.5)), X, 8)
    add("stump", DecisionTreeClassifier(max_depth=1).fit(X, y), X, 9)
    holes = X.copy()
    holes[rng.random(X.shape) < 0.2] = np.nan
    add("missing", RandomForestRegressor(7, max_depth=8, random_state=3).fit(holes, target), holes, nan=True)
    add("missing unseen", RandomForestClassifier(6, max_depth=6, random_state=3).fit(X, y), X, nan=True)
    wide = rng.standard_normal((120, 700))
    add("many features", ExtraTreesRegressor(16, max_depth=6, max_features=3, random_state=4).fit(wide, wide @ rng.random(700)), wide, 12)
    texts = sparse.random(150, 400, 0.05, random_state=5).toarray()
    add("sparse", RandomForestClassifier(5, random_state=5).fit(sparse.csr_matrix(texts), texts.sum(1) > 10), texts, 20, csr=True)

    gb = GradientBoostingClassifier(n_estimators=7, max_depth=3, learning_rate=0.3, random_state=6).fit(X, y)
    trees = [e.tree_ for e in gb.estimators_.ravel()]

    def boosted(X32):
        raw = np.tile(gb._raw_predict_init(X[:1].astype(np.float32)), (len(X32), 1))
        cases_init.append(raw[0].tolist())
        predict_stages(gb.estimators_, np.ascontiguousarray(X32), gb.learning_rate, raw)
        return raw

    cases_init = []
    cases["GradientBoosting"] = sklearn_case(trees, edges(rng, X, trees, 50), boosted)
    cases["GradientBoosting"].update(init=cases_init[0], scale=gb.learning_rate, classes=gb.estimators_.shape[1])

    categories = rng.integers(0, 40, (400, 2)).astype(float)
    mixed = np.concatenate([categories, rng.standard_normal((400, 3))], 1)
    mixed[rng.random(mixed.shape) < 0.1] = np.nan
    value = np.nan_to_num(np.sin(mixed[:, 0] * 5) + mixed[:, 2] + np.cos(mixed[:, 1] * 3))
    for name, model in (
        ("HistGradientBoosting categories", HistGradientBoostingRegressor(max_iter=6, min_samples_leaf=5, categorical_features=[0, 1])),
        ("HistGradientBoosting numbers", HistGradientBoostingClassifier(max_iter=4, min_samples_leaf=5)),
    ):
        model.fit(mixed, value if "categories" in name else np.digitize(value, [-0.5, 0.5]))
        known, index = model._bin_mapper.make_known_categories_bitsets()
        query = mixed[rng.integers(400, size=80)].copy()
        query[:, :2] = rng.choice([-3.0, -0.5, -0.0, 1.9, 41, 64, 255, 256 + 7, 1e9 + 1, 2**31 + 1, 2**32 + 3, 1e300, np.inf, np.nan, 5, 11, 23], (80, 2))
        for predictors in model._predictors[:2]:
            for node in predictors[0].nodes[:20]:
                if not node["is_leaf"] and not node["is_categorical"]:
                    t = node["num_threshold"]
                    query[rng.integers(80), node["feature_idx"]] = rng.choice([t, np.nextafter(t, np.inf), np.nextafter(t, -np.inf), np.inf, -np.inf])
        # The predictors themselves: the estimator would encode the categories first.
        raw = np.zeros((80, model.n_trees_per_iteration_), order="F")
        raw += model._baseline_prediction
        model._predict_iterations(query, model._predictors, raw, False, 1)
        flat = [p for iteration in model._predictors for p in iteration]
        cases[name] = {
            "nFeatures": 5,
            "trees": [table(p.nodes) for p in flat],
            "bitsets": [array(p.raw_left_cat_bitsets) for p in flat],
            "known": array(known),
            "knownFeatures": [[int(f), int(index[f])] for f in (model.is_categorical_.nonzero()[0] if model.is_categorical_ is not None else [])],
            "X": array(query),
            "init": np.ravel(model._baseline_prediction).tolist(),
            "classes": model.n_trees_per_iteration_,
            "sums": array(np.ascontiguousarray(raw)),
        }
    save("forests", cases)


def old_distances():
    """Metrics that later versions dropped."""
    rng = np.random.default_rng(4)
    X, Y = rng.standard_normal((7, 5)), rng.standard_normal((6, 5))
    truth = [rng.integers(0, 2, (8, 9)).astype(float) for _ in range(2)]
    cases = {}
    for name, options in (("wminkowski", {"p": 3, "w": rng.random(5)}), ("kulsinski", {}), ("matching", {}), ("sokalmichener", {})):
        points = (X, Y) if options else truth
        metric = DistanceMetric.get_metric(name, **options)
        cases[name] = {
            "options": {key: array(v) if isinstance(v, np.ndarray) else v for key, v in options.items()},
            "X": array(points[0]), "Y": array(points[1]), "distances": array(metric.pairwise(*points)),
        }
    save("distances-1.1", {"metrics": cases})


BOOLEAN = ["jaccard", "dice", "rogerstanimoto", "russellrao", "sokalsneath"]


def distances():
    rng = np.random.default_rng(3)
    X, Y = rng.standard_normal((7, 5)), rng.standard_normal((6, 5))
    X[2] = Y[1]
    X[3] = 0
    Y[4] = 0
    root = rng.standard_normal((5, 5))
    given = {
        "euclidean": {}, "manhattan": {}, "chebyshev": {}, "canberra": {}, "braycurtis": {}, "hamming": {},
        "minkowski": {"p": 3}, "minkowski weighted": {"p": 1.5, "w": rng.random(5)}, "minkowski one": {"p": 1},
        "seuclidean": {"V": rng.random(5) + 0.1}, "mahalanobis": {"VI": root @ root.T},
    }
    cases = {}
    for name, options in given.items():
        metric = DistanceMetric.get_metric(name.split()[0], **options)
        cases[name] = {
            "options": {key: array(v) if isinstance(v, np.ndarray) else v for key, v in options.items()},
            "X": array(X), "Y": array(Y), "distances": array(metric.pairwise(X, Y)),
        }
    truth = [rng.integers(0, 2, (8, 9)).astype(float) for _ in range(2)]
    truth[0][0] = truth[1][0] = 1
    for name in BOOLEAN + ["hamming"]:
        metric = DistanceMetric.get_metric(name)
        cases[name + " truth"] = {"options": {}, "X": array(truth[0]), "Y": array(truth[1]), "distances": array(metric.pairwise(*truth))}
    places = [rng.uniform(-1.5, 1.5, (6, 2)) for _ in range(2)]
    cases["haversine"] = {"options": {}, "X": array(places[0]), "Y": array(places[1]),
                          "distances": array(DistanceMetric.get_metric("haversine").pairwise(*places))}
    save("distances", {
        "metrics": cases,
        "X": array(X), "Y": array(Y),
        "squared": array(euclidean_distances(X, Y, squared=True)),
        "cosine": array(pairwise_distances(X, Y, "cosine")),
        "product": array(X @ Y.T),
    })


def neighbors():
    """Points on a coarse grid, so that nearly all distances are exact and many are equal."""
    rng = np.random.default_rng(5)
    version = ".".join(sklearn.__version__.split(".")[:2])
    cases = {}
    for name, kind, metric, options, columns in (
        ("k-d euclidean", KDTree, "euclidean", {}, 3),
        ("k-d manhattan", KDTree, "manhattan", {}, 2),
        ("k-d chebyshev", KDTree, "chebyshev", {}, 3),
        ("k-d minkowski", KDTree, "minkowski", {"p": 3}, 2),
        ("ball euclidean", BallTree, "euclidean", {}, 3),
        ("ball manhattan", BallTree, "manhattan", {}, 4),
        ("ball hamming", BallTree, "hamming", {}, 4),
    ):
        data = rng.integers(0, 5, (150, columns)).astype(float)
        query = rng.integers(0, 11, (30, columns)) / 2
        tree = kind(data, leaf_size=6, metric=metric, **options)
        points, index, nodes, bounds = (np.asarray(part) for part in tree.__getstate__()[:4])
        found = {}
        for k in (1, 4, 40):
            distance, indices = tree.query(query, k)
            found[str(k)] = [array(distance), array(indices.astype("<i4"))]
        radii = {}
        for radius in (0.0, 0.25, 1.0, 1.5, 100.0):
            indices, distance = tree.query_radius(query, radius, return_distance=True)
            ordered, _ = tree.query_radius(query, radius, return_distance=True, sort_results=True)
            radii[str(radius)] = [array(np.concatenate(a).astype(t)) for a, t in ((distance, "<f8"), (indices, "<i4"), (ordered, "<i4"))]
            radii[str(radius)].append([len(i) for i in indices])
        cases[name] = {
            "kind": "kd" if kind is KDTree else "ball", "metric": metric, "options": options, "columns": columns,
            "data": array(points), "index": array(index.astype("<i4")), "bounds": array(bounds),
            "starts": array(nodes["idx_start"].astype("<i4")), "ends": array(nodes["idx_end"].astype("<i4")),
            "isLeaf": array(nodes["is_leaf"].astype("u1")), "radii": array(nodes["radius"]),
            "query": array(query), "found": found, "within": radii,
        }
    brute = {}
    for metric, n in (("euclidean", 40), ("euclidean", 1100), ("manhattan", 40), ("manhattan", 1100)):
        data = rng.integers(0, 5, (600, 2)).astype(float)
        query = rng.integers(0, 11, (n, 2)) / 2
        with threadpool_limits(1):
            model = NearestNeighbors(n_neighbors=7, algorithm="brute", metric=metric).fit(data)
            distance, indices = model.kneighbors(query)
        brute[f"{metric} {n}"] = {"data": array(data), "query": array(query),
                                  "distances": array(distance), "indices": array(indices.astype("<i2"))}
    values = [rng.integers(0, 9, size).astype(float) for size in (0, 1, 2, 3, 4, 15, 16, 40, 200)] + [np.arange(100.0), np.zeros(50)]
    sorts = []
    for v in values:
        # A tree of one leaf hands its points, in a heap's order or the file's, straight to the sort.
        if len(v) == 0:
            continue
        tree = KDTree(v[:, None], leaf_size=1000)
        indices, _ = tree.query_radius([[0.0]], 1e9, return_distance=True, sort_results=True)
        before = np.asarray(tree.__getstate__()[1])
        sorts.append([array(v[before]), array(before.astype("<i4")), array(indices[0].astype("<i4"))])
    save("neighbors-" + version, {"trees": cases, "brute": brute, "sorts": sorts})


if __name__ == "__main__":
    os.makedirs(OUT, exist_ok=True)
    if "neighbors" in sys.argv:
        neighbors()
    elif "old" in sys.argv:
        old_distances()
    else:
        forests()
        distances()
        neighbors()
