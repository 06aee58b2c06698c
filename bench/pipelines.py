"""What people put into pipelines, over a table of 10,000 rows: makes the files once, times them, prints a line of JSON.

Usage: python pipelines.py FOLDER     run.mjs starts it, and reads it beside pipelines.mjs
"""
import json
import os
import sys
from time import process_time

import joblib
import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.compose import make_column_transformer
from sklearn.datasets import make_classification
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, PolynomialFeatures, QuantileTransformer, StandardScaler
from sklearn.svm import SVC

folder = os.path.join(sys.argv[1], "pipelines")
os.makedirs(folder, exist_ok=True)
path = lambda name: os.path.join(folder, name)

X, y = make_classification(20000, 30, n_informative=15, random_state=0)
X3, y3 = make_classification(20000, 30, n_informative=15, n_classes=3, random_state=1)
target = 2 * X[:, 0] + X[:, 1]
rng = np.random.default_rng(0)
holes = X[:10000].copy()
holes[rng.random(holes.shape) < 0.05] = np.nan
n = 10000
table = pd.DataFrame(
    {
        "age": rng.normal(40, 10, n),
        "income": rng.normal(5e4, 1e4, n),
        "fare": rng.random(n) * 100,
        "city": rng.choice(["Paris", "Rome", "Oslo", "Bonn", "Bern", "Wien"], n),
        "kind": rng.choice(list("abcdefghijkl"), n),
    }
)
older = (table.age + 9 * (table.city == "Rome") > 41).astype(int)
with open(os.path.join(sys.argv[1], "documents.json")) as file:
    documents = json.load(file)
data = {"rows": X[:10000].copy(), "few": X[:1000].copy(), "holes": holes, "table": table, "documents": documents}

logistic = LogisticRegression(max_iter=1000)
columns = make_column_transformer(
    (make_pipeline(SimpleImputer(), StandardScaler()), ["age", "income", "fare"]),
    (OneHotEncoder(handle_unknown="ignore"), ["city", "kind"]),
)
cases = [
    ("imputer + scaler + LR, 3 classes", "holes", "predict_proba", make_pipeline(SimpleImputer(), StandardScaler(), logistic), X3, y3),
    ("imputer + scaler + LinearRegression", "holes", "predict", make_pipeline(SimpleImputer(), StandardScaler(), LinearRegression()), X, target),
    ("MinMaxScaler + LR", "rows", "predict", make_pipeline(MinMaxScaler(), logistic), X, y),
    ("PCA + LR", "rows", "predict_proba", make_pipeline(PCA(10), logistic), X, y),
    ("polynomial + Ridge", "rows", "predict", make_pipeline(PolynomialFeatures(2), Ridge()), X[:5000], target[:5000]),
    ("quantiles + LR", "rows", "predict_proba", make_pipeline(QuantileTransformer(n_quantiles=100), logistic), X[:5000], y[:5000]),
    ("columns + one-hot + LR", "table", "predict_proba", make_pipeline(columns, logistic), table, older),
    ("GaussianNB", "rows", "predict_proba", GaussianNB(), X, y),
    ("KMeans", "rows", "predict", KMeans(8, n_init=1, random_state=0), X, y),
    ("MLP, 100", "rows", "predict_proba", MLPClassifier((100,), max_iter=10, random_state=0), X[:5000], y[:5000]),
    ("SVC", "few", "predict", SVC(), X[:5000], y[:5000]),
    ("kNN, brute", "few", "predict", KNeighborsClassifier(algorithm="brute"), X[:4000], y[:4000]),
    ("kNN, k-d tree", "few", "predict", KNeighborsClassifier(algorithm="kd_tree"), X[:4000], y[:4000]),
    ("counts + MultinomialNB", "documents", "predict_proba", make_pipeline(CountVectorizer(), MultinomialNB()), documents, rng.integers(0, 2, len(documents))),
]  # fmt: skip


def best(call, seconds):
    """Milliseconds of the processor in the quickest of several calls."""
    least = float("inf")
    end = process_time() + seconds
    calls = 0
    while calls < 3 or process_time() < end:
        start = process_time()
        call()
        least = min(least, process_time() - start)
        calls += 1
    return 1000 * least


if not os.path.exists(path("table.json")):
    import warnings

    warnings.simplefilter("ignore")
    for name, _, _, model, features, wanted in cases:
        joblib.dump(model.fit(features, wanted), path(f"{name}.joblib"))
    np.save(path("holes.npy"), holes)
    with open(path("table.json"), "w") as file:
        json.dump({name: table[name].tolist() for name in table}, file)

figures = []
for name, kind, method, *_ in cases:
    rows = data[kind]
    call = getattr(joblib.load(path(f"{name}.joblib")), method)
    result = call(rows)
    figures.append(
        {
            "name": name,
            "data": kind,
            "method": method,
            "count": len(rows),
            "row": best(lambda: call(rows[:1]), 0.05),
            "rows": best(lambda: call(rows), 0.2),
            "answer": float((result if result.ndim == 1 else result[:, -1]).sum()),
        }
    )
print(json.dumps(figures))
