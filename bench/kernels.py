"""Trains the models that kernels.mjs times, writes their arrays to a folder, and prints scikit-learn's own times.

Usage: python kernels.py FOLDER    (one thread throughout; times are the best of several runs, in milliseconds)
"""
import json
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import sklearn
from sklearn.datasets import make_classification
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.neighbors import BallTree, KDTree, NearestNeighbors

folder = sys.argv[1]
X, y = make_classification(20000, 30, n_informative=15, random_state=0)
T = X[:10000].copy()
meta = {"versions": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, Python {sys.version.split()[0]}", "ms": {}}


def write(name, array):
    with open(os.path.join(folder, name), "wb") as file:
        for part in array if isinstance(array, list) else [array]:
            file.write(part.tobytes())


def timed(name, call, runs=7):
    call()
    best = min(_once(call) for _ in range(runs))
    meta["ms"][name] = best * 1e3


def _once(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def forest(name, trees, values, expected):
    dtype = trees[0].dtype
    meta[name] = {
        "counts": [len(nodes) for nodes in trees],
        "stride": dtype.itemsize,
        "offsets": {field: place[1] for field, place in dtype.fields.items()},
        "width": 1 if values is None else int(np.prod(values[0].shape[1:])),
    }
    write(name + ".nodes", trees)
    if values is not None:
        write(name + ".values", values)
    write(name + ".expected", expected)


def nodes_of(estimators):
    return [e.tree_.__getstate__()["nodes"] for e in estimators]


rf = RandomForestClassifier(100, random_state=0, n_jobs=-1).fit(X, y).set_params(n_jobs=1)
rf10 = RandomForestClassifier(100, max_depth=10, random_state=0, n_jobs=-1).fit(X, y).set_params(n_jobs=1)
gb = GradientBoostingClassifier(n_estimators=100, max_depth=6, subsample=0.5, random_state=0).fit(X[:8000], y[:8000])
hgb = HistGradientBoostingClassifier(early_stopping=False, random_state=0).fit(X, y)
for name, model in (("RF", rf), ("RF10", rf10), ("GB", gb), ("HGB", hgb)):
    timed(name, lambda: model.predict_proba(T))
    timed(name + " row", lambda: model.predict_proba(T[:1]), 50)
for name, model in (("RF", rf), ("RF10", rf10)):
    trees = model.estimators_
    forest(name, nodes_of(trees), [e.tree_.value for e in trees], model.predict_proba(T))
meta["GB init"] = float(gb._raw_predict_init(T[:1])[0, 0])
meta["GB scale"] = gb.learning_rate
forest("GB", nodes_of(gb.estimators_.ravel()), [e.tree_.value for e in gb.estimators_.ravel()], gb.decision_function(T))
meta["HGB init"] = float(hgb._baseline_prediction.ravel()[0])
forest("HGB", [p[0].nodes for p in hgb._predictors], None, hgb.decision_function(T))
write("X", T)

rng = np.random.default_rng(0)
for size in (128, 512, 1000):
    a, b = rng.standard_normal((2, size, size))
    write(f"gemm{size}", np.stack([a, b, a @ b]))
    timed(f"gemm {size}", lambda: a @ b, 5)
write("gemv", a[:1] @ b)
timed("gemm row", lambda: a[:1] @ b, 50)

data = rng.random((5000, 8))
query = rng.random((2000, 8))
write("points", data)
write("queries", query)
for name, tree in (("kd_tree", KDTree(data)), ("ball_tree", BallTree(data))):
    timed(name, lambda: tree.query(query, 5), 5)
    _, index, node_data, bounds = (np.asarray(a) for a in tree.__getstate__()[:4])
    distance, found = tree.query(query, 5)
    write(f"{name}.index", index)
    write(f"{name}.nodes", node_data)
    write(f"{name}.bounds", bounds)
    write(f"{name}.distance", distance)
    write(f"{name}.found", found)
brute = NearestNeighbors(n_neighbors=5, algorithm="brute").fit(data)
timed("brute", lambda: brute.kneighbors(query), 5)
write("brute.distance", brute.kneighbors(query)[0])

with open(os.path.join(folder, "meta.json"), "w") as file:
    json.dump(meta, file)
