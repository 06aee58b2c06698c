"""skops files, and the pickles of the very same objects, which are what they must be read as.

    python oracle/skops/make.py fixtures/skops LABEL

Run once for each generation of skops; LABEL (such as `skops0.9`) names the files. Writes LABEL-TOPIC.skops
and LABEL-TOPIC.pkl. The pickle is of the object as it
was saved, not as skops loads it: skops turns keys that were False into True.
"""
import collections
import functools
import operator
import os
import pickle
import sys
import warnings
import zipfile

warnings.simplefilter("ignore")

import numpy as np  # noqa: E402
import scipy.sparse as sp  # noqa: E402
import scipy.special  # noqa: E402
import skops  # noqa: E402
import skops.io as sio  # noqa: E402
from sklearn.compose import ColumnTransformer  # noqa: E402
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier  # noqa: E402
from sklearn.feature_selection import SelectKBest, f_classif  # noqa: E402
from sklearn.linear_model import LogisticRegression, SGDClassifier  # noqa: E402
from sklearn.pipeline import Pipeline  # noqa: E402
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler  # noqa: E402

HERE, LABEL = sys.argv[1:3]

shared = [1, 2.5]
random = np.random.RandomState(0)
X = random.rand(24, 3)
y = np.array(["no", "yes", "maybe"] * 8)

values = {
    "nothing": None,
    "flags": [True, False],
    "ints": [0, -1, 2**53 + 1, -(10**30)],
    "floats": [1.0, -0.0, 0.1, 1e300, 5e-324, float("inf"), -float("inf"), float("nan")],
    "text": ["", "plain", 'quote " and \\ and \n', "\u00e9\u4e2d\U0001f600", "\ud800"],
    "tuple": (1, (2, ()), [3]),
    "set": {7},
    "bytes": [b"\x00\xff", b"", bytearray(b"ab")],
    "slice": slice(1, None, -2),
    "shared": [shared, shared, {"again": shared}],
    "order": {"10": 1, "2": 2, "a": 3, "1": 4},
    "int keys": {10: "ten", 2: "two", -1: "minus"},
    "float keys": {0.5: 1, 1.0: 2, float("inf"): 3},
    "bool keys": {False: "f", True: "t"},
    "numpy keys": {np.int64(3): 1, np.float64(0.5): 2},
    "ordered": collections.OrderedDict([("b", 1), ("a", 2)]),
    "types": [int, str, np.float64, np.ndarray],
    "functions": [np.log1p, scipy.special.expit, f_classif] + ([] if LABEL == "skops0.5" else [len]),
    "partial": functools.partial(np.add, 1),
    "operators": [operator.itemgetter(1), operator.attrgetter("a", "b")] if LABEL != "skops0.5" else None,
    "method": StandardScaler().fit(X).transform,
}
arrays = {
    "shapes": [np.arange(6.0).reshape(2, 3), np.asfortranarray(np.arange(6).reshape(2, 3)), np.zeros((0, 2)), np.array(3)],
    "types": [np.arange(3).astype(t) for t in ("i1", "u2", ">i4", "f2", "f4", "c16", "?", "M8[D]")],
    "text": np.array(["a", "\u00e9\u4e2d"]),
    "bytes": np.array([b"a", b"bc"]),
    "records": np.array([(1, 0.5)], dtype=[("a", "i4"), ("b", "f8")]),
    "objects": np.array([1, "a", None, 2.5], dtype=object),
    "object table": np.array([[1, "a"], [None, 2.5]], dtype=object),
    "scalars": [np.float64(1.0), np.float32(0.1), np.int64(-5), np.uint8(200), np.bool_(True), np.str_("text")],
    "dtypes": [np.dtype("f4"), np.dtype(object), np.dtype([("a", "i4")])],
    "masked": np.ma.MaskedArray([1.0, 2.0, 3.0], mask=[0, 1, 0]),
    "csr": sp.csr_matrix(np.eye(3)),
    "csc": sp.csc_matrix(np.arange(6.0).reshape(2, 3)),
    "coo": sp.coo_matrix(np.eye(2)),
    "dia": sp.dia_matrix(np.eye(3)),
}
models = {
    "scaler": StandardScaler().fit(X),
    "logistic": LogisticRegression().fit(X, y),
    "forest": RandomForestClassifier(3, max_depth=3, random_state=0).fit(X, y),
    "boosting": GradientBoostingRegressor(n_estimators=2, random_state=0).fit(X, X[:, 0]),
    "sgd": SGDClassifier(random_state=np.random.RandomState(3)).fit(X, y),
    "pipeline": Pipeline(
        [
            ("columns", ColumnTransformer([("scale", StandardScaler(), [0, 1]), ("log", FunctionTransformer(np.log1p), slice(1, 3))])),
            ("best", SelectKBest(f_classif, k=2)),
            ("model", LogisticRegression(class_weight={"no": 1, "yes": 2.0, "maybe": 1})),
        ]
    ).fit(X, y),
    "encoder": OneHotEncoder().fit(np.array([["a", 1], ["b", 2]], dtype=object)),
}

for topic, content in [("values", values), ("arrays", arrays), ("models", models)]:
    base = os.path.join(HERE, "%s-%s" % (LABEL, topic))
    sio.dump(content, base + ".skops")
    if topic != "values":  # stored as skops writes it once, deflated elsewhere
        with zipfile.ZipFile(base + ".skops") as old:
            members = [(name, old.read(name)) for name in old.namelist()]
        with zipfile.ZipFile(base + ".skops", "w", zipfile.ZIP_DEFLATED) as new:
            for name, data in members:
                new.writestr(name, data)
    with open(base + ".pkl", "wb") as f:
        pickle.dump(content, f, protocol=4)
