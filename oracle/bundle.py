"""Bundles of files that lie side by side, loaded by scikit-learn itself.

    python oracle/bundle.py [MAIN.js]

For every kind of classifier: column names, a scaler, the classifier of numbers and its LabelEncoder are saved as people
save them, `brine bundle` makes one pipeline of them, and scikit-learn loads that with warnings as errors and must answer
as the four did in turn. A bundle that brine refuses counts as right only where it is listed. The last line is
`N passed, N failed`.
"""

import os
import pickle
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import joblib
import numpy as np
import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.linear_model import (
    LogisticRegression,
    LogisticRegressionCV,
    Perceptron,
    RidgeClassifier,
    SGDClassifier,
)
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier, OutputCodeClassifier
from sklearn.naive_bayes import BernoulliNB, GaussianNB
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid, RadiusNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import LabelEncoder, PolynomialFeatures, StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

ROOT = Path(__file__).resolve().parent.parent
MAIN = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "packages/cli/dist/main.js")
COLUMNS = ["visits", "age", "spent"]

MODELS = {
    "logistic": LogisticRegression(),
    "logistic-cv": LogisticRegressionCV(cv=3, use_legacy_attributes=False, scoring="accuracy", l1_ratios=(0,)),
    "ridge": RidgeClassifier(),
    "sgd": SGDClassifier(random_state=0),
    "perceptron": Perceptron(),
    "tree": DecisionTreeClassifier(max_depth=4, random_state=0),
    "forest": RandomForestClassifier(10, random_state=0),
    "extra": ExtraTreesClassifier(10, random_state=0),
    "boosting": GradientBoostingClassifier(n_estimators=5, random_state=0),
    "histogram": HistGradientBoostingClassifier(max_iter=5, random_state=0),
    "ada": AdaBoostClassifier(n_estimators=5, random_state=0),
    "bagging": BaggingClassifier(n_estimators=4, random_state=0),
    "voting": VotingClassifier([("a", LogisticRegression()), ("b", GaussianNB())]),
    "voting-soft": VotingClassifier([("a", LogisticRegression()), ("b", GaussianNB())], voting="soft"),
    "stacking": StackingClassifier([("a", LogisticRegression()), ("b", GaussianNB())], cv=3),
    "svc": SVC(),
    "linear-svc": LinearSVC(),
    "gaussian-nb": GaussianNB(),
    "bernoulli-nb": BernoulliNB(),
    "knn": KNeighborsClassifier(3),
    "radius": RadiusNeighborsClassifier(3.0),
    "centroid": NearestCentroid(),
    "lda": LinearDiscriminantAnalysis(),
    "qda": QuadraticDiscriminantAnalysis(),
    "mlp": MLPClassifier((5,), max_iter=2000, random_state=0),
    "calibrated": CalibratedClassifierCV(GaussianNB(), cv=3),
    "one-vs-rest": OneVsRestClassifier(LogisticRegression()),
    "one-vs-one": OneVsOneClassifier(LogisticRegression()),
    "output-code": OutputCodeClassifier(LogisticRegression(), random_state=0),
    "search": GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=3),
    "pipeline": make_pipeline(PolynomialFeatures(2), LogisticRegression(max_iter=1000)),
}

WAYS = [
    lambda value, path: joblib.dump(value, path),
    lambda value, path: path.write_bytes(pickle.dumps(value)),
    lambda value, path: joblib.dump(value, path, compress=3),
]


def data(rng, classes):
    n = 90
    table = pd.DataFrame({"age": rng.normal(40, 10, n), "spent": rng.exponential(50, n), "noise": rng.normal(size=n), "visits": rng.integers(0, 30, n)})
    score = table["age"] / 10 + table["visits"] / 7 + rng.normal(0, 0.4, n)
    names = np.array(["bronze", "gold", "silver"][:classes], dtype=object)
    return table, names[np.digitize(score, np.quantile(score, np.arange(1, classes) / classes))]


def judge(name, model, classes, named, folder, rng):
    table, y = data(rng, classes)
    # A table for those that keep names, plain numbers for those that do not.
    x = table[COLUMNS] if named else table[COLUMNS].to_numpy()
    encoder = LabelEncoder().fit(y)
    scaler = StandardScaler().fit(x)
    model.fit(scaler.transform(x), encoder.transform(y))
    files = {"feature_columns.pkl": COLUMNS, "scaler.pkl": scaler, "model.sav": model, "label_encoder.pkl": encoder}
    for i, (file, value) in enumerate(files.items()):
        WAYS[(i + classes) % len(WAYS)](value, folder / file)
    output = folder / "pipeline.joblib"
    ran = subprocess.run(["node", MAIN, "bundle", *(str(folder / f) for f in files), "-o", str(output)], capture_output=True, text=True)
    if ran.returncode != 0:
        return "refused: " + ran.stderr.strip().split("\n")[0]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pipeline = joblib.load(output)
        shuffled = table[["noise", "spent", "age", "visits"]]
        if not np.array_equal(pipeline.predict(shuffled), encoder.inverse_transform(model.predict(scaler.transform(x)))):
            return "other labels"
        if hasattr(model, "predict_proba"):
            if not np.array_equal(pipeline.predict_proba(shuffled), model.predict_proba(scaler.transform(x))):
                return "other probabilities"
        if not np.array_equal(pipeline.classes_, encoder.classes_):
            return "other classes"
    return None


# Those that keep no classes of their own, with the reason.
REFUSED = {}

passed, failures = 0, []
for classes in (2, 3):
    for i, (name, model) in enumerate(MODELS.items()):
        with tempfile.TemporaryDirectory() as scratch:
            wrong = judge(name, model, classes, i % 2 == 0, Path(scratch), np.random.default_rng(i))
        if (wrong or "").startswith("refused") == (name in REFUSED) and (wrong is None or name in REFUSED):
            passed += 1
        else:
            failures.append(f"{name}, {classes} classes: {wrong}")
print("\n".join(failures))
print(f"{passed} passed, {len(failures)} failed")
sys.exit(1 if failures else 0)
