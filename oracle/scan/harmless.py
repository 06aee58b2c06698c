"""Harmless files of one environment's libraries, in all formats and compressions they have: for the corpus of compare.py.

    python oracle/scan/harmless.py folder [every]

Every estimator that can be fitted on small data is fitted, and written in the next of the formats; `every` keeps one
in so many. With xgboost, lightgbm, catboost, imbalanced-learn, category-encoders, skops, skl2onnx, torch or safetensors
in the environment, their files are written besides.
"""

import io
import itertools
import pickle
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
import numpy as np
import scipy.sparse
import sklearn

try:
    import joblib
except ImportError:
    from sklearn.externals import joblib

OUT = Path(sys.argv[1])
EVERY = int(sys.argv[2]) if len(sys.argv) > 2 else 1
OUT.mkdir(parents=True, exist_ok=True)
VERSION = sklearn.__version__
count = itertools.count()
kept = 0

rng = np.random.RandomState(0)
X = np.abs(rng.normal(size=(40, 4)))
y = (X[:, 0] > X[:, 1]).astype(int)
target = X @ np.array([1.0, 2.0, 0.5, 0.1])


def write(name, how, what, wanted=False):
    """One file, if its turn has come; `what` writes to the path."""
    global kept
    if not wanted and next(count) % EVERY:
        return
    path = OUT / ("%s-%s%s" % (VERSION, name, how))
    try:
        what(path)
        kept += 1
    except Exception as error:
        print("not written:", path.name, repr(error)[:100], file=sys.stderr)
        if path.exists():
            path.unlink()


def pickled(protocol):
    return lambda value: lambda path: path.write_bytes(pickle.dumps(value, protocol))


def dumped(**options):
    return lambda value: lambda path: joblib.dump(value, str(path), **options)


def clouded(value):
    import cloudpickle

    return lambda path: path.write_bytes(cloudpickle.dumps(value))


def arrays(value):
    return lambda path: np.save(str(path), np.array([value], dtype=object), allow_pickle=True)


formats = [(".p%d.pkl" % p, pickled(p)) for p in range(min(6, pickle.HIGHEST_PROTOCOL + 1))]
formats += [(".joblib", dumped())]
formats += [(".%s.joblib" % c, dumped(compress=(c, 3))) for c in ("zlib", "gzip", "bz2", "lzma", "xz")]
try:
    import lz4.frame  # noqa: F401

    formats.append((".lz4.joblib", dumped(compress=("lz4", 3))))
except ImportError:
    pass
try:
    import cloudpickle  # noqa: F401

    formats.append((".cloud.pkl", clouded))
except ImportError:
    pass
formats.append((".object.npy", arrays))
turn = itertools.cycle(formats)


def save(name, value):
    how, writer = next(turn)
    write(name, how, writer(value))


def fitted(estimator):
    name = type(estimator).__name__
    for data in ((X, y), (X, target), (X, np.stack([y, 1 - y], 1)), (X, np.stack([target, target], 1)), (X,), (X[:, 0], target), (["a b", "b c", "c a"],), ([{"a": 1}, {"b": 2}],), (y,)):
        try:
            return estimator.fit(*data)
        except Exception:
            continue
    raise ValueError("%s fits nothing" % name)


def classes():
    """Public estimators, as (name, class); all_estimators imports test modules in old versions."""
    import importlib

    from sklearn.base import BaseEstimator

    found = {}
    for module in sklearn.__all__:
        try:
            space = vars(importlib.import_module("sklearn." + module))
        except ImportError:
            continue
        for name, cls in space.items():
            if isinstance(cls, type) and issubclass(cls, BaseEstimator) and not getattr(cls, "__abstractmethods__", None):
                if not name.startswith(("_", "Base")):
                    found[name] = cls
    return sorted(found.items())


def estimators():
    found = classes()
    slow = {"GaussianProcessClassifier"}
    found = [(name, cls) for name, cls in found if not name.startswith("_") and name not in slow]
    for name, cls in found:
        if next(count) % EVERY:
            next(turn)
            continue
        try:
            try:
                model = cls()
            except TypeError:
                from sklearn.linear_model import LogisticRegression, Ridge

                for argument in (LogisticRegression(), [("a", LogisticRegression()), ("b", LogisticRegression())], [("a", Ridge()), ("b", Ridge())]):
                    try:
                        model = cls(argument)
                        break
                    except TypeError:
                        model = cls(LogisticRegression(), {"C": [1.0, 2.0]})
            for parameter, value in (("n_estimators", 5), ("max_iter", 20), ("n_components", 2), ("n_init", 1)):
                if parameter in model.get_params():
                    model.set_params(**{parameter: value})
            yield name, fitted(model)
        except BaseException:
            try:
                yield name + "-unfitted", cls()
            except BaseException:
                continue


for name, model in estimators():
    how, writer = next(turn)
    write(name, how, writer(model), True)

from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import make_scorer, f1_score
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC

import pandas as pd
import scipy.stats

pipe = make_pipeline(StandardScaler(), FunctionTransformer(np.tanh, validate=False), LogisticRegression())
composed = {
    "pipeline": pipe.fit(X, y),
    "grid": GridSearchCV(SVC(), {"C": [1, 10]}, scoring=make_scorer(f1_score), cv=3).fit(X, y),
    "randomized": RandomizedSearchCV(LogisticRegression(), {"C": scipy.stats.uniform(0, 4)}, n_iter=2, cv=3).fit(X, y),
    "randomized-integers": RandomizedSearchCV(RandomForestClassifier(n_estimators=3), {"max_depth": scipy.stats.randint(1, 5)}, n_iter=2, cv=3).fit(X, y),
    "text": make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(["good", "bad", "good bad", "so"], [1, 0, 1, 0]),
    "dict": {"model": RandomForestClassifier(n_estimators=3).fit(X, y), "columns": ["a", "b"], "version": 1.5, "classes": {0: "no", 1: "yes"}},
    "tuple": (StandardScaler().fit(X), LogisticRegression().fit(X, y), None, True, 10**30, b"bytes", {1, 2}),
    "union": FeatureUnion([("a", StandardScaler()), ("b", StandardScaler())]).fit(X),
    "neighbors-balltree": KNeighborsClassifier(algorithm="ball_tree").fit(X, y),
    "neighbors-kdtree": KNeighborsClassifier(algorithm="kd_tree", metric="manhattan").fit(X, y),
    "frame": pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": pd.Categorical(["u", "v"]), "d": pd.to_datetime(["2020-01-01", "2021-01-01"])}),
    "series": pd.Series([1.5, None], index=["a", "b"]),
    "sparse": scipy.sparse.csr_matrix(X > 1),
    "random-state": np.random.RandomState(1),
    "masked": np.ma.array([1, 2], mask=[0, 1]),
    "records": np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
}
try:
    from sklearn.compose import ColumnTransformer
    from sklearn.preprocessing import OneHotEncoder

    composed["columns"] = ColumnTransformer([("n", StandardScaler(), ["a"]), ("c", OneHotEncoder(handle_unknown="ignore"), ["b"])], remainder="drop").fit(pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": ["x", "y", "x"]}))
except ImportError:
    pass
for name, value in composed.items():
    for _ in range(2):
        save(name, value)
write("array", ".npy", lambda path: np.save(str(path), X))
write("text-array", ".npy", lambda path: np.save(str(path), np.array(["a", "bc"])))
write("arrays", ".npz", lambda path: np.savez(str(path), x=X, y=y))
write("arrays-compressed", ".npz", lambda path: np.savez_compressed(str(path), x=X, y=np.array([{"a": 1}], dtype=object)))
write("sparse", ".npz", lambda path: scipy.sparse.save_npz(str(path), scipy.sparse.csr_matrix(X)))

try:
    import skops.io

    for name, value in list(composed.items())[:6] + [("forest", RandomForestClassifier(n_estimators=3).fit(X, y))]:
        write(name, ".skops", lambda path, value=value: skops.io.dump(value, str(path)))
        import zipfile

        write(name + "-deflated", ".skops", lambda path, value=value: skops.io.dump(value, str(path), compression=zipfile.ZIP_DEFLATED))
except ImportError:
    pass
try:
    from skl2onnx import to_onnx

    for name, value in (("logistic", LogisticRegression().fit(X, y)), ("forest", RandomForestClassifier(n_estimators=3).fit(X, y)), ("pipeline", make_pipeline(StandardScaler(), SVC(probability=True)).fit(X, y)), ("knn", KNeighborsClassifier().fit(X, y))):
        write(name, ".onnx", lambda path, value=value: path.write_bytes(to_onnx(value, X[:1].astype("f4")).SerializeToString()))
except ImportError:
    pass
try:
    import xgboost

    for cls in (xgboost.XGBClassifier, xgboost.XGBRegressor, xgboost.XGBRFClassifier):
        model = cls(n_estimators=3).fit(X, y)
        save(cls.__name__, model)
        save(cls.__name__, make_pipeline(StandardScaler(), model))
        for suffix in (".json", ".ubj"):
            write(cls.__name__, suffix, lambda path, model=model: model.save_model(str(path)))
        save(cls.__name__ + "-booster", model.get_booster())
except ImportError:
    pass
try:
    import lightgbm

    for cls in (lightgbm.LGBMClassifier, lightgbm.LGBMRegressor):
        model = cls(n_estimators=3, min_child_samples=2, verbose=-1).fit(X, y)
        save(cls.__name__, model)
        save(cls.__name__ + "-booster", model.booster_)
        write(cls.__name__, ".txt", lambda path, model=model: model.booster_.save_model(str(path)))
except ImportError:
    pass
try:
    import catboost

    for cls in (catboost.CatBoostClassifier, catboost.CatBoostRegressor):
        model = cls(iterations=3, verbose=False, allow_writing_files=False).fit(X, y)
        save(cls.__name__, model)
        write(cls.__name__, ".cbm", lambda path, model=model: model.save_model(str(path)))
        write(cls.__name__, ".json", lambda path, model=model: model.save_model(str(path), format="json"))
except ImportError:
    pass
try:
    from imblearn.over_sampling import SMOTE, RandomOverSampler
    from imblearn.pipeline import Pipeline
    from imblearn.ensemble import BalancedRandomForestClassifier

    save("imblearn-pipeline", Pipeline([("smote", SMOTE(k_neighbors=2)), ("model", LogisticRegression())]).fit(X, y))
    save("imblearn-forest", BalancedRandomForestClassifier(n_estimators=3).fit(X, y))
    save("imblearn-sampler", RandomOverSampler().fit(X, y))
except ImportError:
    pass
try:
    import category_encoders

    frame = pd.DataFrame({"a": ["x", "y", "x", "z"], "b": [1, 2, 3, 4]})
    for name in ("OrdinalEncoder", "OneHotEncoder", "BinaryEncoder", "TargetEncoder", "CountEncoder", "HashingEncoder", "WOEEncoder"):
        save("category-" + name, getattr(category_encoders, name)(cols=["a"]).fit(frame, [0, 1, 0, 1]))
except ImportError:
    pass
try:
    import torch

    net = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.ReLU(), torch.nn.BatchNorm1d(3), torch.nn.Dropout(), torch.nn.Linear(3, 1))
    write("state-dict", ".pt", lambda path: torch.save(net.state_dict(), str(path)))
    write("state-dict-legacy", ".pt", lambda path: torch.save(net.state_dict(), str(path), _use_new_zipfile_serialization=False))
    write("module", ".pt", lambda path: torch.save(net, str(path)))
    write("checkpoint", ".pth", lambda path: torch.save({"epoch": 3, "model": net.state_dict(), "optimizer": torch.optim.Adam(net.parameters()).state_dict(), "loss": 0.5}, str(path)))
    write("convolution", ".bin", lambda path: torch.save(torch.nn.Sequential(torch.nn.Conv2d(3, 2, 3), torch.nn.MaxPool2d(2), torch.nn.Flatten()).state_dict(), str(path)))
    write("lstm", ".pt", lambda path: torch.save(torch.nn.LSTM(4, 3), str(path)))
    write("tensor", ".pt", lambda path: torch.save(torch.arange(6).reshape(2, 3).half(), str(path)))
    write("script", ".torchscript.pt", lambda path: torch.jit.script(net).save(str(path)))
    from safetensors.torch import save_file

    write("state-dict", ".safetensors", lambda path: save_file(net.state_dict(), str(path)))
except ImportError:
    pass
print(VERSION, kept, "files")
