"""Fixtures for the tests of support vector machines, neighbours, densities and ensembles.

    python oracle/make_neighbors_svm.py        (scikit-learn 1.9, numpy 2)

It runs in one thread and without numpy's vector units: where distances are equal, both change which neighbour
scikit-learn finds. Writes fixtures/estimators/neighbors-svm.json.gz: pickled models, inputs, and what scikit-learn answers.
"""

import base64
import gzip
import json
import os
import pickle
import types
import warnings
from decimal import Decimal, getcontext
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["NPY_DISABLE_CPU_FEATURES"] = "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"

import numpy as np
import scipy.sparse as sp
import sklearn
from sklearn.ensemble import AdaBoostClassifier, BaggingClassifier, IsolationForest, StackingClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import (
    KernelDensity,
    KNeighborsClassifier,
    KNeighborsTransformer,
    LocalOutlierFactor,
    RadiusNeighborsClassifier,
    RadiusNeighborsRegressor,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import SVC, SVR, LinearSVC, OneClassSVM
from sklearn.tree import DecisionTreeClassifier

warnings.filterwarnings("ignore")
TARGET = Path(__file__).parent.parent / "fixtures" / "estimators"
rng = np.random.RandomState(0)
cases = []


def plain(value):
    if sp.issparse(value):
        value = value.toarray()
    if isinstance(value, types.GeneratorType):
        value = list(value)
    if isinstance(value, tuple | list) or (isinstance(value, np.ndarray) and value.dtype == object):
        return [plain(v) for v in value]
    return np.asarray(value).tolist()


def add(name, model, X, methods):
    answers = {method: plain(getattr(model, method)(X)) for method in methods}
    if sp.issparse(X):
        X = X.tocsr()
        given = {"shape": X.shape, "indptr": X.indptr.tolist(), "indices": X.indices.tolist(), "data": X.data.tolist()}
    else:
        given = {"shape": X.shape, "data": np.asarray(X, dtype=float).ravel().tolist()}
    model = base64.b64encode(pickle.dumps(model, protocol=4)).decode()
    cases.append({"name": name, "model": model, "input": given, "answers": answers})


# Support vector machines: sparse training, several classes, features of very different size.
S = sp.random(60, 200, 0.04, random_state=1, format="csr")
Q = sp.random(8, 200, 0.04, random_state=2, format="csr")
y = rng.randint(0, 4, 60)
for kernel in ["linear", "poly", "rbf", "sigmoid"]:
    add(f"sparse {kernel}", SVC(kernel=kernel, C=10, coef0=0.3, probability=True, random_state=0).fit(S, y), Q,
        ["decision_function", "predict", "predict_proba"])
add("sparse far apart", SVC(gamma=0.01).fit(S * 1e3, y), sp.vstack([S[:3] * 1001, Q * 1e3]).tocsr(), ["decision_function"])
D = rng.randn(60, 5) * [1, 10, 100, 1000, 0.1] + [0, 5, 0, 500, 0]
for shape in ["ovo", "ovr"]:
    add(f"dense linear {shape}", SVC(kernel="linear", decision_function_shape=shape, C=3).fit(D[:, :3], y), D[:9, :3],
        ["decision_function", "predict"])
add("break ties", SVC(break_ties=True).fit(D, y), D[:20], ["predict", "decision_function"])
add("two classes", SVC(kernel="poly", degree=5).fit(D, y > 1), D[:5], ["predict", "decision_function"])
add("no support vectors", SVR(epsilon=100).fit(D, rng.randn(60)), D[:5], ["predict"])
add("one class", OneClassSVM(kernel="sigmoid").fit(D), D[:5], ["predict", "decision_function", "score_samples"])
add("sparsified", LinearSVC().fit(S, y).sparsify(), Q, ["predict", "decision_function"])

# Neighbours where distances are equal: points on a grid.
G = rng.randint(0, 4, (300, 3)).astype(float)
gy = rng.randint(0, 3, 300)
GQ = rng.randint(0, 4, (25, 3)).astype(float)
for metric in ["euclidean", "manhattan", "hamming", "jaccard"]:
    for k in [3, 8]:
        add(f"ties {metric} {k}", KNeighborsClassifier(k, algorithm="brute", metric=metric).fit(G, gy), GQ,
            ["kneighbors", "predict", "predict_proba"])
for algorithm in ["kd_tree", "ball_tree"]:
    add(f"ties {algorithm}", KNeighborsClassifier(9, algorithm=algorithm, weights="distance", leaf_size=5).fit(G, gy), GQ,
        ["kneighbors", "predict", "predict_proba", "kneighbors_graph"])
add("braycurtis", KNeighborsClassifier(3, algorithm="brute", metric="braycurtis").fit(D, y), D[:5] + 1, ["kneighbors"])
for metric in ["euclidean", "cosine", "manhattan"]:
    add(f"sparse {metric} neighbours", KNeighborsClassifier(3, metric=metric, weights="distance").fit(S, y), Q,
        ["kneighbors", "predict_proba"])
graph = KNeighborsTransformer(n_neighbors=8).fit(D)
add("graph of neighbours", KNeighborsClassifier(3, metric="precomputed").fit(graph.transform(D), y),
    graph.transform(D[:7] + 0.1), ["kneighbors", "predict"])
far = np.vstack([D[:4], [[1e5] * 5]])
add("outlier label", RadiusNeighborsClassifier(50, outlier_label=9).fit(D, y), far, ["predict", "predict_proba"])
add("outlier number", RadiusNeighborsClassifier(50, outlier_label=7, metric="manhattan", algorithm="brute").fit(D, y + 5),
    far, ["predict", "predict_proba"])
add("integer targets", RadiusNeighborsRegressor(50).fit(D, rng.randint(0, 30, (60, 2))), far, ["predict"])
add("local outliers", LocalOutlierFactor(novelty=True).fit(D), far, ["predict", "score_samples", "decision_function"])
for kernel in ["gaussian", "exponential", "linear", "epanechnikov"]:
    for breadth in [True, False]:
        add(f"density {kernel} {breadth}",
            KernelDensity(kernel=kernel, bandwidth=0.7, rtol=1e-3, breadth_first=breadth, leaf_size=5).fit(
                G, sample_weight=rng.rand(300) + 0.1), GQ[:9] + 0.3, ["score_samples"])

# Ensembles of estimators that are no trees.
names = np.array(["a", "b", "c", "d"])[y]
add("boosted Bayes", AdaBoostClassifier(GaussianNB(), n_estimators=4).fit(D, names), D[:6],
    ["predict", "predict_proba", "staged_predict", "staged_decision_function"])
add("bagged regressions", BaggingClassifier(LogisticRegression(), n_estimators=4, max_features=3, max_samples=6,
                                            random_state=0).fit(D / 100, names), D[:6] / 100,
    ["predict", "predict_proba", "predict_log_proba"])
add("isolation of some features", IsolationForest(n_estimators=5, max_features=3, random_state=0).fit(D), far,
    ["predict", "score_samples", "decision_function"])
pair = [("bayes", GaussianNB()), ("gone", "drop"), ("tree", DecisionTreeClassifier(max_depth=3, random_state=0))]
add("hard votes", VotingClassifier(pair, weights=[1, 5, 2]).fit(D, names), D[:6], ["predict", "transform"])
add("soft votes", VotingClassifier(pair, voting="soft", flatten_transform=False).fit(D, names), D[:6],
    ["predict", "predict_proba", "transform"])
add("stack", StackingClassifier(pair, passthrough=True).fit(D, names), D[:6], ["predict", "predict_proba", "transform"])

getcontext().prec = 40
x = np.concatenate([rng.uniform(-708, 709, 300), rng.uniform(-1, 1, 300), [0, -0.0, 5e-324, -1e-17, 1.5, -700]])
exponentials = [[float(v), float(Decimal(float(v)).exp())] for v in x]
x = np.concatenate([10 ** rng.uniform(-300, 300, 200), rng.uniform(0.5, 2, 300), [1, 1e-310]])
logarithms = [[float(v), float(Decimal(float(v)).ln())] for v in x]

TARGET.mkdir(parents=True, exist_ok=True)
text = json.dumps({"sklearn": sklearn.__version__, "cases": cases, "exp": exponentials, "log": logarithms})
with gzip.GzipFile(TARGET / "neighbors-svm.json.gz", "wb", mtime=0) as file:
    file.write(text.encode())
