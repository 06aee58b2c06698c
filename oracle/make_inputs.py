"""Which inputs scikit-learn refuses: fixtures/inputs/.

Fits one small model of every estimator of the first set, gives each inputs that are wrong in one way, and records
whether the library answered or refused (and in what words).

    python oracle/make_inputs.py        (scikit-learn 1.9.1, numpy 2)
"""

import json
import pickle
import pathlib
import warnings

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.feature_selection import SelectKBest, VarianceThreshold
from sklearn.impute import SimpleImputer
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, LogisticRegression, Ridge, SGDClassifier, SGDRegressor
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    RobustScaler,
    StandardScaler,
)
from sklearn.svm import SVC, SVR, LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

warnings.simplefilter("ignore")
OUT = pathlib.Path(__file__).parent.parent / "fixtures" / "inputs"
X, y = load_iris(return_X_y=True)
X, y = X[::4], y[::4]
HOLES = X.copy()
HOLES[::5, 1] = np.nan
WHOLE = np.round(X)

fitted: dict[str, BaseEstimator] = {}


def add(estimator: BaseEstimator, rows=X, name: str | None = None) -> None:
    fitted[name or type(estimator).__name__] = estimator.fit(rows, y)


for plain in (
    [StandardScaler(), MinMaxScaler(), MaxAbsScaler(), RobustScaler(), Normalizer(), SimpleImputer(), PolynomialFeatures(2)]
    + [SelectKBest(k=2), VarianceThreshold(), PCA(2), TruncatedSVD(2, random_state=0), FunctionTransformer(np.log1p)]
    + [LinearRegression(), Ridge(), Lasso(), ElasticNet(), LogisticRegression(), SGDClassifier(random_state=0)]
    + [SGDRegressor(random_state=0), DecisionTreeClassifier(max_depth=3), DecisionTreeRegressor(max_depth=3)]
    + [RandomForestClassifier(2, max_depth=3, random_state=0), RandomForestRegressor(2, max_depth=3, random_state=0)]
    + [ExtraTreesClassifier(2, max_depth=3, random_state=0), GradientBoostingClassifier(n_estimators=2)]
    + [GradientBoostingRegressor(n_estimators=2), HistGradientBoostingClassifier(max_iter=2)]
    + [HistGradientBoostingRegressor(max_iter=2), SVC(), SVR(), LinearSVC(), KNeighborsClassifier(), KNeighborsRegressor()]
    + [GaussianNB(), MultinomialNB(), MLPClassifier(hidden_layer_sizes=(3,), max_iter=20, random_state=0), KMeans(3, random_state=0)]
    + [MLPRegressor(hidden_layer_sizes=(3,), max_iter=20, random_state=0), TfidfTransformer()]
    + [CalibratedClassifierCV(LogisticRegression(), cv=2), GridSearchCV(Ridge(), {"alpha": [1]}, cv=2)]
):
    add(plain)
add(OneHotEncoder(handle_unknown="ignore"), WHOLE)
add(OrdinalEncoder(), WHOLE)
add(DecisionTreeClassifier(max_depth=3), HOLES, "DecisionTreeClassifier-holes")
add(RandomForestClassifier(2, max_depth=3, random_state=0), HOLES, "RandomForestClassifier-holes")
add(SimpleImputer(add_indicator=True), HOLES, "SimpleImputer-indicator")
add(make_pipeline(StandardScaler(), LogisticRegression()), name="Pipeline")
add(make_pipeline(SimpleImputer(), RandomForestClassifier(2, max_depth=3, random_state=0)), name="Pipeline-imputer")
add(FeatureUnion([("a", StandardScaler()), ("b", MinMaxScaler())]), name="FeatureUnion")
add(ColumnTransformer([("a", StandardScaler(), [0, 1]), ("b", "passthrough", [2])]), name="ColumnTransformer")
add(ColumnTransformer([("a", StandardScaler(), [0, 1])], remainder="passthrough"), name="ColumnTransformer-rest")

ROWS = WHOLE[:3]
METHODS = ["predict", "predict_proba", "decision_function", "transform", "apply", "kneighbors"]


def changed(value: float) -> np.ndarray:
    rows = ROWS.copy()
    rows[1, 2] = value
    return rows


INPUTS = {
    "right": ROWS,
    "narrow": ROWS[:, :3],
    "wide": np.hstack([ROWS, ROWS[:, :1]]),
    "no rows": ROWS[:0],
    "no columns": ROWS[:, :0],
    "flat": ROWS[0],
    "deep": ROWS[None],
    "nan": changed(np.nan),
    "inf": changed(np.inf),
    "minus inf": changed(-np.inf),
    "beyond float32": changed(1e39),
    "text": changed(0).astype(object),
    "numbers as text": ROWS.astype(str),
    "booleans": ROWS > 2,
    "float16": ROWS.astype(np.float16),
    "uint8": ROWS.astype(np.uint8),
    "int64": ROWS.astype(np.int64),
    "negative": -ROWS,
}
INPUTS["text"][1, 2] = "much"

answers: dict[str, dict] = {}
OUT.mkdir(exist_ok=True)
for name, model in fitted.items():
    (OUT / f"{name}.pickle").write_bytes(pickle.dumps(model, protocol=5))
    here: dict[str, dict] = {}
    for method in METHODS:
        if not hasattr(model, method):
            continue
        here[method] = {}
        for kind, rows in INPUTS.items():
            try:
                getattr(model, method)(rows)
                here[method][kind] = True
            except Exception as error:  # noqa: BLE001: whatever it raises is a refusal
                here[method][kind] = f"{type(error).__name__}: {error}".split("\n")[0][:160]
    answers[name] = here
(OUT / "refusals.json").write_text(json.dumps({"rows": ROWS.tolist(), "answers": answers}, indent=1) + "\n")
