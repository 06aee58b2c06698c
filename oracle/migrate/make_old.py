"""Writes fixtures/migrate/<version>/: models that a later scikit-learn refuses, or answers wrongly, and what their own version said.

    python oracle/migrate/make_old.py fixtures/migrate       in a virtualenv of 0.22.2, 0.24.2, 1.3.2, 1.4.2 or 1.7.2

0.22 and 0.24 have wheels for Python 3.8: pins in oracle/migrate/requirements/.
"""

import sys
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.datasets import load_iris, load_wine

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "fixtures"))
from cases import Fixtures  # noqa: E402

warnings.filterwarnings("ignore")
RELEASE = ".".join(sklearn.__version__.split(".")[:2])
TEXTS = [
    "the cat sat on the mat",
    "dogs and cats living together",
    "the stock market fell today",
    "shares rose as the market opened",
    "a kitten and a puppy play",
    "investors sold bonds and shares",
    "my dog ate the cat food",
    "rates fell and bonds rose",
]
TOPICS = ["pets", "pets", "money", "money", "pets", "money", "pets", "money"]


def old(out):
    import pandas as pd
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.compose import ColumnTransformer
    from sklearn.cross_decomposition import PLSRegression
    from sklearn.decomposition import KernelPCA
    from sklearn.ensemble import GradientBoostingClassifier, IsolationForest, RandomForestClassifier, RandomForestRegressor
    from sklearn.experimental import enable_hist_gradient_boosting  # noqa: F401
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression, SGDClassifier
    from sklearn.model_selection import GridSearchCV
    from sklearn.naive_bayes import GaussianNB
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler
    from sklearn.svm import SVC

    X, y = load_iris(return_X_y=True)
    wine, kinds = load_wine(return_X_y=True)
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    out.add("forest", RandomForestClassifier(n_estimators=5, max_depth=4, random_state=0).fit(wine, kinds), {"X": wine[::7]}, "pickle4")
    out.add("forest-regressor", RandomForestRegressor(n_estimators=3, max_depth=4, random_state=0).fit(X[:, :3], X[:, 3]), {"X": X[::9, :3]}, "joblib")
    out.add("boosting", GradientBoostingClassifier(n_estimators=3, random_state=0).fit(X, names), {"X": X[::9]}, "joblib:zlib")
    out.add("histogram-boosting", HistGradientBoostingClassifier(max_iter=3, random_state=0).fit(X, names), {"X": X[::9]}, "pickle4")
    out.add("logistic-ovr", LogisticRegression(multi_class="ovr", solver="liblinear").fit(X, names), {"X": X[::9]}, "pickle2")
    out.add("text", make_pipeline(TfidfVectorizer(), LogisticRegression(solver="liblinear")).fit(TEXTS, TOPICS), {"X": TEXTS}, "joblib")
    out.add("isolation", IsolationForest(n_estimators=3, max_samples=32, contamination=0.1, random_state=0).fit(X), {"X": X[::9]}, "joblib")
    out.add("neighbours", KNeighborsClassifier(3, algorithm="kd_tree", p=3).fit(X, names), {"X": X[::9]}, "pickle4")
    out.add("search", GridSearchCV(make_pipeline(StandardScaler(), SVC(random_state=0)), {"svc__C": [0.1, 1]}, cv=2).fit(X, names), {"X": X[::9]}, "joblib")
    out.add("calibrated", CalibratedClassifierCV(GaussianNB(), cv=2).fit(X, names), {"X": X[::9]}, "pickle4")
    out.add("partial-least-squares", PLSRegression(2).fit(X[:, :3], X[:, 3]), {"X": X[::9, :3]}, "pickle4")
    out.add("kernel-pca", KernelPCA(2, kernel="rbf").fit(X[::5]), {"X": X[::9]}, "pickle4")
    out.add("sgd", SGDClassifier(loss="log", random_state=0).fit(X, names), {"X": X[::9]}, "pickle4")
    frame = pd.DataFrame({"sepal": X[:, 0], "petal": X[:, 2], "kind": names})
    columns = ColumnTransformer([("scale", StandardScaler(), ["sepal"]), ("kind", OneHotEncoder(), ["kind"])], remainder="passthrough")
    out.add("columns", columns.fit(frame), {"X": frame.iloc[::9]}, "joblib")


def silent(out):
    """Models that Python itself loads in a later version and answers wrongly, without a word of it."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    X, y = load_iris(return_X_y=True)
    if RELEASE == "1.3":
        forest = RandomForestClassifier(n_estimators=3, max_depth=3, bootstrap=False, random_state=0).fit(X, y)
        out.add("counts-as-probabilities", forest, {"X": X[::9]}, "pickle4", methods=["predict", "predict_proba"])
    if RELEASE in ("1.3", "1.4"):
        out.add("weights-lost", TfidfVectorizer().fit(TEXTS), {"X": TEXTS}, "pickle4", methods=["transform"], inverse=False)
    if RELEASE == "1.7":
        logistic = LogisticRegression(solver="liblinear").fit(X, y)
        out.add("softmax-for-ovr", logistic, {"X": X[::9]}, "pickle4", methods=["predict", "predict_proba"])


def main():
    out = Fixtures(Path(sys.argv[1]) / sklearn.__version__)
    (old if RELEASE.startswith("0.") else silent)(out)
    for line in out.refused:
        print(f"  left out, because the library refuses it: {line}")
    print(f"{out.written} cases in {out.folder}")


main()
