"""Makes the files that run.mjs times, once: trained models, long pickles, and an array of 1 GiB.

Usage: python make.py FOLDER    (files that are there already are kept; takes one to two minutes)

The array's file is sparse: its header is what joblib writes, its zeros are never written to the disk.
"""
import json
import os
import pickle
import sys

import joblib
import numpy as np
import sklearn
from joblib import numpy_pickle
from sklearn.datasets import make_classification
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)


def path(name):
    return os.path.join(folder, name)


def missing(*names):
    return not all(os.path.exists(path(name)) for name in names)


def replace(name, write):
    """A file is there wholly or not at all."""
    part = path(name) + ".part"
    write(part)
    os.replace(part, path(name))


X, y = make_classification(20000, 30, n_informative=15, random_state=0)
rows = np.ascontiguousarray(X[:10000])
if missing("rows.npy"):
    replace("rows.npy", lambda part: np.save(open(part, "wb"), rows))

if missing("rf.joblib", "rf-3.joblib", "rf-5.pkl"):
    rf = RandomForestClassifier(100, random_state=0, n_jobs=-1).fit(X, y).set_params(n_jobs=1)
    replace("rf.joblib", lambda part: joblib.dump(rf, part))
    replace("rf-3.joblib", lambda part: joblib.dump(rf, part, compress=3))
    replace("rf-5.pkl", lambda part: pickle.dump(rf, open(part, "wb"), protocol=5))

for name, make in (
    ("lr", lambda: LogisticRegression(max_iter=1000)),
    ("scaler-lr", lambda: make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))),
    ("gb", lambda: GradientBoostingClassifier(n_estimators=100, max_depth=6, subsample=0.5, random_state=0)),
    ("hgb", lambda: HistGradientBoostingClassifier(early_stopping=False, random_state=0)),
):
    if missing(f"{name}.joblib"):
        model = make().fit(X[:8000], y[:8000]) if name == "gb" else make().fit(X, y)
        replace(f"{name}.joblib", lambda part: joblib.dump(model, part))

if missing("text.joblib", "documents.json"):
    # Words of a vocabulary drawn by Zipf's law, two topics: documents of some 100 words, as reviews or tickets are.
    rng = np.random.default_rng(0)
    syllables = [a + b for a in "bcdfghklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "is")]
    words = np.array(["".join(rng.choice(syllables, rng.integers(1, 5))) for _ in range(30000)])
    topics = [rng.permutation(len(words)) for _ in range(2)]
    chances = 1 / np.arange(1, len(words) + 1)
    chances /= chances.sum()
    labels = rng.integers(0, 2, 4000)
    documents = []
    for label in labels:
        drawn = rng.choice(len(words), rng.integers(40, 160), p=chances)
        shared = rng.random(len(drawn)) < 0.7
        documents.append(" ".join(words[np.where(shared, drawn, topics[label][drawn])]).capitalize() + ".")
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), min_df=2), LogisticRegression()).fit(documents, labels)
    replace("text.joblib", lambda part: joblib.dump(model, part))
    replace("documents.json", lambda part: json.dump(documents[:1000], open(part, "w")))

if missing("opcodes.pkl"):
    # Protocol 4 writes such a tuple in six opcodes: BININT, BINFLOAT, SHORT_BINUNICODE, MEMOIZE, TUPLE3, MEMOIZE.
    records = [(70000 + i, i / 8, f"r{i}") for i in range(833_000)]
    replace("opcodes.pkl", lambda part: pickle.dump(records, open(part, "wb"), protocol=4))

if missing("dict.pkl"):
    entries = {f"key-{i}": i / 8 for i in range(1_000_000)}
    replace("dict.pkl", lambda part: pickle.dump(entries, open(part, "wb"), protocol=4))

if missing("array.joblib"):

    def skip_zeros(self, array, pickler):
        handle = pickler.file_handle
        padding = numpy_pickle.NUMPY_ARRAY_ALIGNMENT_BYTES - (handle.tell() + 1) % numpy_pickle.NUMPY_ARRAY_ALIGNMENT_BYTES
        handle.write(bytes([padding]) + padding * b"\xff")
        handle.seek(array.nbytes, os.SEEK_CUR)

    numpy_pickle.NumpyArrayWrapper.write_array = skip_zeros
    replace("array.joblib", lambda part: joblib.dump(np.zeros((2**17, 2**10)), part))

with open(path("versions.json"), "w") as file:
    json.dump(
        {"Python": sys.version.split()[0], "scikit-learn": sklearn.__version__, "numpy": np.__version__, "joblib": joblib.__version__},
        file,
    )
