"""The live check: fresh models on fresh random data, answered by Python and by brine in the same run.

    python oracle/interop.py [--seed N | --random] [--models N] [--only TEXT] [--keep DIR]

Draws estimators, parameters, shapes, scales, number types and ways of saving from two fixed seeds, so
that a change is judged by the same models as the one before; `--random` draws a seed and prints it, for looking further:
where the library's own answer hangs on the order of its sums, it may now and then pass the tolerance. The answers are written as cases
(fixtures/README.md) and compared by tools/check-cases.mjs in one Node process; a few go through the command line.
The last line is `N passed, N failed`.
"""

import argparse
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd
import scipy.sparse as sp

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "oracle" / "fixtures"))

from cases import JOBLIBS, METHODS, PICKLES, Fixtures  # noqa: E402
from edges import at_thresholds  # noqa: E402
from sklearn.calibration import CalibratedClassifierCV  # noqa: E402
from sklearn.cluster import KMeans  # noqa: E402
from sklearn.compose import ColumnTransformer, make_column_selector  # noqa: E402
from sklearn.decomposition import PCA, TruncatedSVD  # noqa: E402
from sklearn.ensemble import (  # noqa: E402
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer  # noqa: E402
from sklearn.feature_selection import SelectKBest, VarianceThreshold, f_classif  # noqa: E402
from sklearn.impute import SimpleImputer  # noqa: E402
from sklearn.linear_model import (  # noqa: E402
    ElasticNet,
    Lasso,
    LinearRegression,
    LogisticRegression,
    Ridge,
    SGDClassifier,
    SGDRegressor,
)
from sklearn.model_selection import GridSearchCV  # noqa: E402
from sklearn.naive_bayes import GaussianNB, MultinomialNB  # noqa: E402
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor  # noqa: E402
from sklearn.neural_network import MLPClassifier, MLPRegressor  # noqa: E402
from sklearn.pipeline import FeatureUnion, make_pipeline  # noqa: E402
from sklearn.preprocessing import (  # noqa: E402
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    RobustScaler,
    StandardScaler,
)
from sklearn.svm import SVC, SVR, LinearSVC  # noqa: E402
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor  # noqa: E402

warnings.filterwarnings("ignore")
FIXED_SEEDS = (20240501, 20261121)


class Dice(np.random.RandomState):
    """Draws what a recipe leaves open."""

    def one(self, *options):
        return options[self.randint(len(options))]

    def seed_of(self):
        return int(self.randint(2**31 - 1))


# ---- what is drawn: a function of the dice that gives an estimator, by the kind of data it is trained on

TREE = dict(max_depth=lambda d: d.one(2, 4, 7, None), min_samples_leaf=lambda d: d.one(1, 3), random_state=Dice.seed_of)


def drawn(make, **options):
    return lambda dice: make(**{key: value(dice) if callable(value) else value for key, value in options.items()})


def forest(make):
    return drawn(make, n_estimators=lambda d: int(d.randint(1, 12)), **TREE)


def boosted(make, **options):
    return drawn(
        make,
        n_estimators=lambda d: int(d.randint(1, 15)),
        max_depth=lambda d: d.one(1, 2, 3),
        learning_rate=lambda d: d.one(0.05, 0.3),
        random_state=Dice.seed_of,
        **options,
    )


def histogram(make, **options):
    return drawn(
        make,
        max_iter=lambda d: int(d.randint(1, 12)),
        max_leaf_nodes=lambda d: d.one(3, 8, 31),
        min_samples_leaf=5,
        random_state=Dice.seed_of,
        **options,
    )


CLASSIFIERS = [
    drawn(LogisticRegression, C=lambda d: d.one(0.1, 1.0, 10.0), max_iter=300),
    drawn(SGDClassifier, loss=lambda d: d.one("hinge", "log_loss", "modified_huber"), random_state=Dice.seed_of),
    drawn(LinearSVC, dual=False),
    drawn(SVC, max_iter=5000, kernel=lambda d: d.one("rbf", "linear", "poly", "sigmoid"), decision_function_shape=lambda d: d.one("ovr", "ovo")),
    drawn(
        KNeighborsClassifier,
        n_neighbors=lambda d: int(d.randint(1, 8)),
        weights=lambda d: d.one("uniform", "distance"),
        algorithm=lambda d: d.one("kd_tree", "ball_tree", "brute"),
        p=lambda d: d.one(1, 2),
    ),
    drawn(GaussianNB),
    drawn(DecisionTreeClassifier, criterion=lambda d: d.one("gini", "entropy"), **TREE),
    forest(RandomForestClassifier),
    forest(ExtraTreesClassifier),
    boosted(GradientBoostingClassifier),
    histogram(HistGradientBoostingClassifier),
    drawn(
        MLPClassifier,
        hidden_layer_sizes=lambda d: d.one((4,), (6, 3)),
        activation=lambda d: d.one("relu", "tanh", "logistic"),
        max_iter=40,
        random_state=Dice.seed_of,
    ),
    lambda d: CalibratedClassifierCV(DecisionTreeClassifier(max_depth=3, random_state=0), method=d.one("sigmoid", "isotonic"), cv=2),
    lambda d: make_pipeline(d.one(StandardScaler(), RobustScaler(), MinMaxScaler()), LogisticRegression(max_iter=300)),
    lambda d: make_pipeline(PolynomialFeatures(2), StandardScaler(), SelectKBest(f_classif, k=2), GaussianNB()),
    lambda d: GridSearchCV(make_pipeline(StandardScaler(), SVC()), {"svc__C": [0.5, 5.0]}, cv=2),
]
REGRESSORS = [
    drawn(LinearRegression),
    drawn(Ridge, alpha=lambda d: d.one(0.01, 1.0, 50.0)),
    drawn(Lasso, alpha=lambda d: d.one(0.001, 0.1)),
    drawn(ElasticNet, alpha=0.01),
    lambda d: make_pipeline(StandardScaler(), SGDRegressor(random_state=d.seed_of())),
    drawn(SVR, max_iter=5000, kernel=lambda d: d.one("rbf", "linear"), C=lambda d: d.one(1.0, 10.0)),
    drawn(KNeighborsRegressor, n_neighbors=lambda d: int(d.randint(1, 8)), weights=lambda d: d.one("uniform", "distance")),
    drawn(DecisionTreeRegressor, criterion=lambda d: d.one("squared_error", "absolute_error"), **TREE),
    forest(RandomForestRegressor),
    forest(ExtraTreesRegressor),
    boosted(GradientBoostingRegressor, loss=lambda d: d.one("squared_error", "huber", "absolute_error")),
    histogram(HistGradientBoostingRegressor, loss=lambda d: d.one("squared_error", "absolute_error")),
    drawn(MLPRegressor, hidden_layer_sizes=lambda d: d.one((4,), (5, 3)), max_iter=40, random_state=Dice.seed_of),
]
TRANSFORMERS = [
    drawn(StandardScaler, with_mean=lambda d: d.one(True, False), with_std=lambda d: d.one(True, False)),
    drawn(MinMaxScaler, clip=lambda d: d.one(True, False)),
    drawn(MaxAbsScaler),
    drawn(RobustScaler, quantile_range=lambda d: d.one((25, 75), (5, 95))),
    drawn(Normalizer, norm=lambda d: d.one("l1", "l2", "max")),
    drawn(PolynomialFeatures, degree=lambda d: d.one(2, 3), interaction_only=lambda d: d.one(True, False)),
    drawn(SimpleImputer, strategy=lambda d: d.one("mean", "median", "most_frequent"), add_indicator=lambda d: d.one(True, False)),
    drawn(PCA, n_components=lambda d: d.one(1, 2, None), whiten=lambda d: d.one(True, False)),
    drawn(TruncatedSVD, n_components=2, random_state=Dice.seed_of),
    drawn(KMeans, n_clusters=lambda d: int(d.randint(2, 6)), n_init=2, random_state=Dice.seed_of),
    drawn(VarianceThreshold),
    lambda d: FeatureUnion([("a", StandardScaler()), ("b", PCA(1))]),
]
HOLES_ALLOWED = (SimpleImputer, StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler, HistGradientBoostingClassifier, HistGradientBoostingRegressor)
HOLES_ALLOWED += (DecisionTreeClassifier, RandomForestClassifier, RandomForestRegressor)

# PCA's likelihood inverts a covariance that these columns of very different scales leave close to singular.
ILL_CONDITIONED = {PCA: [method for method in METHODS if method != "score_samples"]}


def numbers(dice, rows, width):
    """Columns of different scales; some of them constant, whole or nearly constant."""
    X = dice.normal(size=(rows, width)) * 10.0 ** dice.uniform(-3, 3, width) + dice.normal(size=width) * 5
    for column in range(width):
        kind = dice.randint(6)
        if kind == 0:
            X[:, column] = dice.randint(0, 5, rows)
        elif kind == 1:
            X[:, column] = np.round(X[:, column], 1)
    return X


def labels(dice, scores):
    count = dice.one(2, 2, 3, 5)
    codes = np.digitize(scores, np.quantile(scores, np.arange(1, count) / count))
    names = dice.one(
        np.arange(count),
        np.arange(count) * 3 - 4,
        np.array(["no", "yes", "vielleicht", "été", "日本"][:count]),
        np.arange(count) * 2.0,
        np.array([False, True]) if count == 2 else np.arange(count) - 1,
    )
    return names[codes]


def number_case(dice, make, kind):
    rows, width = int(dice.randint(50, 160)), int(dice.randint(2, 10))
    X = numbers(dice, rows, width)
    scores = (X / (np.std(X, axis=0) + 1e-9)) @ dice.normal(size=width) + 0.3 * dice.normal(size=rows)
    y = labels(dice, scores) if kind == "classifier" else scores * 10
    model = make(dice)
    if isinstance(model, HOLES_ALLOWED) and dice.uniform() < 0.5:
        X[dice.uniform(size=X.shape) < 0.05] = np.nan
    holes = bool(np.isnan(X).any())
    form = dice.one("float64", "float64", "float32", "int64", "frame", "sparse")
    train, test = X[:-15], X[-15:]
    if form == "frame":
        names = [f"f{column} ü" if column % 3 == 0 else f"f{column}" for column in range(width)]
        train, test = pd.DataFrame(train, columns=names), pd.DataFrame(test, columns=names)
    model.fit(train, y[:-15])
    inputs = {"X": test}
    if form == "float32":
        inputs["X32"] = np.asarray(test, dtype=np.float32)
    elif form == "int64" and not holes:
        inputs["Xint"] = np.round(test).astype(np.int64)
    elif form == "sparse" and not holes:
        inputs["S"] = sp.csr_matrix(test * (dice.uniform(size=test.shape) < 0.5))
    if form != "frame" and (hasattr(model, "tree_") or hasattr(model, "estimators_") or hasattr(model, "_predictors")):
        edges = at_thresholds(model, test) if not isinstance(model, FeatureUnion) else np.empty((0, width))
        if len(edges):
            inputs["edges"] = edges
    inputs["X1"] = test[:1]
    return model, inputs


WORDS = "the cat sat on a mat été Straße naïve x2 3.14 snake_case don't 東京 UPPER Mixed α β_γ 👍 re-do no1 ... ﬁx".split()


def sentences(dice, count):
    made = [" ".join(dice.choice(WORDS, int(dice.randint(0, 14)))) for _ in range(count)]
    return [text.upper() if dice.uniform() < 0.1 else text for text in made]


def text_case(dice):
    documents = sentences(dice, 90) + ["plain words that always occur"] * 10
    y = np.array([dice.one("spam", "ham") for _ in documents])
    options = dict(
        ngram_range=dice.one((1, 1), (1, 2), (2, 3)),
        analyzer=dice.one("word", "word", "char", "char_wb"),
        strip_accents=dice.one(None, "ascii", "unicode"),
        lowercase=dice.one(True, False),
    )
    vectorizer = dice.one(
        CountVectorizer(**options, max_features=120, binary=dice.one(True, False)),
        TfidfVectorizer(**options, max_features=120, sublinear_tf=dice.one(True, False), norm=dice.one("l1", "l2", None)),
        HashingVectorizer(**options, n_features=dice.one(16, 1024), alternate_sign=dice.one(True, False)),
    )
    model = dice.one(vectorizer, make_pipeline(vectorizer, LogisticRegression()), make_pipeline(vectorizer, LinearSVC()))
    if isinstance(vectorizer, CountVectorizer) and dice.uniform() < 0.3:
        model = make_pipeline(vectorizer, MultinomialNB())
    model.fit(documents[:85] + documents[-10:], np.concatenate([y[:85], y[-10:]]))
    return model, {"X": documents[85:90] + ["", " \n", "entirely unseen"]}


def table(dice, rows):
    frame = pd.DataFrame(
        {
            "amount": np.round(dice.gamma(2, 50, rows), 2),
            "count": dice.randint(0, 9, rows),
            "kind": dice.choice(["a", "b", "c é", "日本"], rows).astype(object),
            "flag": dice.uniform(size=rows) < 0.5,
            "place": dice.choice(["north", "south"], rows).astype(object),
        }
    )
    frame.loc[dice.uniform(size=rows) < 0.1, "amount"] = np.nan
    frame.loc[dice.uniform(size=rows) < 0.1, "place"] = np.nan
    return frame


def table_case(dice):
    frame = table(dice, 140)
    y = np.where(frame["amount"].fillna(0) + 30 * frame["flag"] + dice.normal(0, 20, 140) > 90, "high", "low")
    words = dice.one(
        OneHotEncoder(handle_unknown="ignore"),
        OneHotEncoder(sparse_output=False, handle_unknown="infrequent_if_exist", max_categories=3),
        OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2),
    )
    numeric = make_pipeline(SimpleImputer(strategy=dice.one("mean", "median")), dice.one(StandardScaler(), RobustScaler()))
    selector = dice.one(["amount", "count"], make_column_selector(dtype_include="number"))
    columns = ColumnTransformer([("n", numeric, selector), ("w", words, ["kind", "place"])], remainder=dice.one("drop", "passthrough"))
    final = dice.one(
        LogisticRegression(max_iter=500),
        RandomForestClassifier(5, random_state=0),
        GradientBoostingClassifier(n_estimators=5, random_state=0),
        DecisionTreeClassifier(max_depth=4, random_state=0),
    )
    model = dice.one(columns, make_pipeline(columns, final), make_pipeline(columns, final))
    model.fit(frame[:120], y[:120])
    test = frame[120:].reset_index(drop=True)
    strange = test.head(3).copy()
    strange.loc[0, "kind"] = "never seen"
    extra = test[["place", "flag", "kind", "count", "amount"]].head(4).copy()
    extra["more"] = 1.5
    return model, {"X": test, "unseen": strange, "reordered": extra}


def draw(dice, number):
    """The case of this number: which kind follows from the number, the rest from the dice."""
    table_of = [("classifier", CLASSIFIERS), ("regressor", REGRESSORS), ("transformer", TRANSFORMERS)]
    turn = number % 8
    if turn == 6:
        return text_case(dice)
    if turn == 7:
        return table_case(dice)
    kind, makers = table_of[turn % 3]
    return number_case(dice, makers[(number // 8 * 2 + turn // 3) % len(makers)], kind)


def write(folder, seed, count, only):
    dice, out = Dice(seed), Fixtures(folder)
    for number in range(count):
        one = Dice(dice.seed_of())
        model, inputs = draw(one, number)
        how = one.one(*PICKLES, *JOBLIBS)
        name = f"{seed}-{number:04d}-{type(model).__name__}"
        if only in name:
            out.add(name, model, inputs, how, methods=ILL_CONDITIONED.get(type(model), METHODS))
    return out.written


def compare(folder):
    """Through the library, in one Node process."""
    command = ["node", str(ROOT / "tools" / "check-cases.mjs"), str(folder)]
    run = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"^(\d+) passed, (\d+) failed\s*\Z", run.stdout, re.MULTILINE)
    sys.stdout.write(run.stdout[: found.start()] if found else run.stdout)
    sys.stderr.write(run.stderr)
    return (int(found[1]), int(found[2])) if found else (0, 1)


def as_csv(case, entry, path):
    """The input of a case as a CSV file; False where it is of a kind that no CSV holds."""
    if entry["kind"] == "dense":
        X = np.load(case / entry["file"])
        pd.DataFrame(X, columns=[f"column {number}" for number in range(X.shape[1])]).to_csv(path, index=False)
    elif entry["kind"] == "frame":
        frame = json.loads((case / entry["file"]).read_text(encoding="utf-8"))
        pd.DataFrame(frame["columns"]).to_csv(path, index=False)
    else:
        return False
    return True


def from_csv(path):
    return pd.read_csv(path, float_precision="round_trip", keep_default_na=False, na_values=[""]).to_numpy()


def command_line_differs(case, scratch):
    """Asks `brine predict` for the first answer of a case; a sentence where it is not Python's, None where the case
    is not for a command line."""
    described = json.loads((case / "case.json").read_text(encoding="utf-8"))
    expected = next((e for e in described["expect"] if e["input"] == "X" and e["method"] in ("predict", "transform")), None)
    data, out = scratch / "data.csv", scratch / "out.csv"
    if expected is None or not as_csv(case, described["inputs"]["X"], data):
        return None
    command = ["node", str(ROOT / "packages" / "cli" / "dist" / "main.js"), "predict", str(case / described["model"]), str(data)]
    run = subprocess.run([*command, "--method", expected["method"], "--ignore-extra", "-o", str(out)], capture_output=True, text=True)
    if run.returncode != 0:
        return f"exit {run.returncode}: {run.stderr.strip()}"
    got = from_csv(out)
    file = case / expected["file"]
    want = np.load(file) if file.suffix == ".npy" else np.array(json.loads(file.read_text(encoding="utf-8")), dtype=object)
    want = want.reshape(len(want), -1)
    if got.shape != want.shape:
        return f"shape {got.shape}, expected {want.shape}"
    if want.dtype.kind in "fiu":
        close = np.isclose(got.astype(float), want, rtol=expected["rtol"], atol=expected["atol"], equal_nan=True)
    else:
        close = got.astype(str) == want.astype(str)
    return "" if close.all() else f"{(~close).sum()} of {close.size} values differ, first {got[~close][0]} for {want[~close][0]}"


def command_line(folder, count):
    """Some of the cases through `brine predict`, with a CSV file in and out."""
    passed = failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for case in sorted(folder.iterdir()):
            if passed + failed == count:
                break
            why = command_line_differs(case, Path(scratch))
            if why == "":
                passed += 1
            elif why is not None:
                failed += 1
                print(f"FAIL brine predict {case.name}\n     {why}")
    print(f"command line: {passed} of {passed + failed} tables")
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, help="use this seed alone")
    parser.add_argument("--random", action="store_true", help="draw a seed, and print it")
    parser.add_argument("--models", type=int, default=240, help="models per seed")
    parser.add_argument("--tables", type=int, default=25, help="of these, tables that go through the command line")
    parser.add_argument("--only", default="", help="cases whose name holds this text")
    parser.add_argument("--keep", type=Path, help="write the cases here and keep them")
    options = parser.parse_args()
    seeds = [options.seed] if options.seed is not None else [secrets.randbelow(2**31)] if options.random else list(FIXED_SEEDS)
    passed = failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for seed in seeds:
            folder = (options.keep or Path(scratch)) / str(seed)
            count = write(folder, seed, options.models, options.only)
            print(f"seed {seed}: {count} models (again with: python oracle/interop.py --seed {seed})", flush=True)
            for right, wrong in (compare(folder), command_line(folder, options.tables)):
                passed, failed = passed + right, failed + wrong
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
