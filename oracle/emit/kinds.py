"""The kinds of data that the judge of emitted files draws: KINDS[kind](dice, options) gives (X, y, {name: input}).

Options: rows, width, holes (values missing), frame (columns with names), count (of classes). The inputs hold what users
send and tests forget: one row, none, hundreds, missing and infinite values, what was never seen, numbers that came as
float32, text of other scripts.
"""

import numpy as np
import pandas as pd

ROWS, TEST = 90, 12
WORDS = [["été", "Zürich", "日本", "no", "Ω mega"], ["a", "B", "c'd", "-", "x y"], ["1", "2", "10", "nan?", "ﬁ"]]
TEXT = "the cat sat on a mat été Straße naïve x2 3.14 snake_case don't 東京 UPPER Mixed α β_γ 👍 re-do no1 #tag @you İstanbul ﬁx".split()
NAMES = ["no", "vielleicht", "été", "日本", "yes", "Ωmega", "a", "B", "c d", "", "e\u0301", "42"]


class Dice(np.random.RandomState):
    """Draws what a recipe leaves open."""

    def one(self, *options):
        return options[self.randint(len(options))]

    def seed_of(self):
        return int(self.randint(2**31 - 1))


def numbers(d, o):
    """Columns of different scales, one of whole numbers, one rounded: ties and exact hits happen."""
    rows, width = o.get("rows", ROWS) + TEST, o.get("width", int(d.randint(3, 6)))
    X = d.normal(size=(rows, width)) * 10.0 ** d.uniform(-1, 1, width) + d.normal(size=width) * 2
    X[:, 0] = d.randint(-3, 9, rows)
    X[:, -1] = np.round(X[:, -1], 1)
    return X


def scores_of(d, X):
    scores = (X / (X.std(axis=0) + 1e-9)) @ d.normal(size=X.shape[1]) + 0.3 * d.normal(size=len(X))
    return scores - np.median(scores)


def classes_of(d, scores, o):
    count = o.get("count") or d.one(2, 3, 4)
    codes = np.digitize(scores, np.quantile(scores, np.arange(1, count) / count))
    kinds = [np.arange(count), np.arange(count) * 3 - 4, np.array(NAMES[:count]), np.array(NAMES[:count], dtype=object), np.arange(count) * 2.0]
    return d.one(*kinds, *([np.array([False, True])] if count == 2 else []))[codes]


def number_inputs(test, train, frame, near):
    """Everything that a matrix of numbers may be given as. `near`: whether values next to the test's may be made up."""
    named = (lambda a: pd.DataFrame(a, columns=[f"f {i} ü" if i % 2 else f"f{i}" for i in range(a.shape[1])])) if frame else (lambda a: a)
    inputs = {"X": test, "X1": test[:1], "none": test[:0], "many": np.tile(test, (25, 1)), "known": train[:4]}
    if near:
        inputs["single"] = test.astype(np.float32).astype(np.float64)
        missing = test[:4].copy()
        missing[0, 0], missing[1, -1], missing[2, :] = np.nan, np.nan, np.nan
        endless = test[:3].copy()
        endless[0, 0], endless[1, -1] = np.inf, -np.inf
        inputs |= {"missing": missing, "endless": endless, "zeros": np.zeros_like(test[:2]), "far": test[:4] * 1e6}
    return {name: named(value) for name, value in inputs.items()}, named


def matrix(make, target=lambda d, X, o: None, near=True):
    """A kind whose X is a matrix of numbers."""

    def kind(d, o):
        X = make(d, o)
        y = target(d, X, o)
        if o.get("holes"):
            X = X.copy()
            X[d.uniform(size=X.shape) < 0.08] = np.nan
        train, test = X[:-TEST], X[-TEST:]
        inputs, named = number_inputs(test, train, o.get("frame"), near)
        return named(train), None if y is None else y[:-TEST], inputs

    return kind


def unit(d, o):
    return d.normal(size=(o.get("rows", ROWS) + TEST, o.get("width", 3)))


def counts(d, o):
    return d.poisson(2.0, size=(ROWS + TEST, 5)).astype(float)


def codes(d, o):
    return d.randint(0, 4, size=(ROWS + TEST, 3)).astype(float)


def two_targets(d, X, o):
    return np.column_stack([scores_of(d, X), 10 * scores_of(d, X)])


def both(d, X, o):
    return np.column_stack([np.digitize(scores_of(d, X), [-1, 1]), (scores_of(d, X) > 0).astype(int)])


def positive(d, X, o):
    return np.exp(scores_of(d, X) / X.shape[1])


def partly_labelled(d, X, o):
    y = np.digitize(X[:, 0] / (X[:, 0].std() + 1e-9), [-0.5, 0.5])
    y[d.uniform(size=len(y)) < 0.4] = -1
    return y


# ---- words and tables ---------------------------------------------------------------------------------------------


def words(target=None):
    """Columns of categories as text; `unseen` holds what the model never saw."""

    def kind(d, o):
        rows = ROWS + TEST
        chance = np.array([0.4, 0.3, 0.15, 0.1, 0.05])
        X = np.array([[d.choice(WORDS[c], p=chance) for c in range(3)] for _ in range(rows)], dtype=object)
        y = None if target is None else target(d, np.array([[len(w) for w in row] for row in X], dtype=float), o)
        if o.get("holes"):
            X[d.uniform(size=X.shape) < 0.08] = np.nan
        train, test = X[:-TEST], X[-TEST:]
        unseen = test[:4].copy()
        unseen[0, 0], unseen[1, 1], unseen[2, :] = "Atlantis", "", ["不明", "é", "NaN"]
        missing = test[:3].copy()
        missing[0, 0], missing[2, :] = np.nan, np.nan
        inputs = {"X": test, "X1": test[:1], "many": np.tile(test, (25, 1)), "unseen": unseen, "missing": missing}
        if o.get("frame"):
            inputs["none"] = test[:0]
        named = (lambda a: pd.DataFrame(a, columns=["kind", "place é", "size"])) if o.get("frame") else (lambda a: a)
        return named(train), None if y is None else y[:-TEST], {n: named(v) for n, v in inputs.items()}

    return kind


def coded(target):
    """Numbers, two columns of which are codes of categories."""

    def kind(d, o):
        X = np.column_stack([d.randint(0, 6, ROWS + TEST), d.normal(size=ROWS + TEST), d.randint(0, 12, ROWS + TEST), d.normal(size=ROWS + TEST) * 30])
        y = target(d, X, o)
        X[d.uniform(size=X.shape) < 0.05] = np.nan
        test = X[-TEST:].copy()
        unseen = test[:5].copy()
        unseen[0, 0], unseen[1, 2], unseen[2, 0], unseen[3, [0, 2]], unseen[4, 0] = 77, 40, -3, np.nan, 2.5
        return X[:-TEST], y[:-TEST], {"X": test, "X1": test[:1], "none": test[:0], "many": np.tile(test, (25, 1)), "unseen": unseen}

    return kind


def typed(target):
    """A table with columns of pandas's own categories."""

    def kind(d, o):
        rows = ROWS + TEST
        place = d.choice(WORDS[0], rows)
        frame = pd.DataFrame({"n": d.normal(size=rows), "place": pd.Categorical(place, categories=WORDS[0]), "m": d.randint(0, 50, rows).astype(float)})
        y = target(d, np.column_stack([frame["n"], frame["m"], [WORDS[0].index(p) for p in place]]).astype(float), o)
        frame.loc[d.uniform(size=rows) < 0.06, "place"] = np.nan
        frame.loc[d.uniform(size=rows) < 0.06, "n"] = np.nan
        test = frame[-TEST:].reset_index(drop=True)
        return frame[:-TEST], y[:-TEST], {"X": test, "X1": test[:1], "many": pd.concat([test] * 25, ignore_index=True)}

    return kind


def table(d, o):
    rows = ROWS + TEST
    frame = pd.DataFrame(
        {
            "amount": np.round(d.gamma(2, 50, rows), 2),
            "count": d.randint(0, 9, rows),
            "kind": d.choice(["a", "b", "c é", "日本"], rows).astype(object),
            "flag": d.uniform(size=rows) < 0.5,
            "place": d.choice(["north", "south"], rows).astype(object),
        }
    )[["amount", "count", "kind", "place"] + d.one([], ["flag"])]
    noise = d.normal(0, 20, rows)
    y = np.where(frame["amount"] + noise > np.median(frame["amount"] + noise), "hoch", "niedrig é")
    frame.loc[d.uniform(size=rows) < 0.1, "amount"] = np.nan
    frame.loc[d.uniform(size=rows) < 0.1, "place"] = np.nan
    frame = frame.assign(amount=frame["amount"].astype(d.one("float64", "float32")))
    test = frame[-TEST:].reset_index(drop=True)
    unseen = test.head(4).copy()
    unseen["kind"] = ["never seen", "", "日", "a"]
    unseen.loc[3, ["place", "amount"]] = np.nan
    turned = test[list(test.columns[::-1])].assign(more=1.5)
    return frame[:-TEST], y[:-TEST], {"X": test, "X1": test[:1], "none": test[:0], "many": pd.concat([test] * 25, ignore_index=True), "unseen": unseen, "turned": turned}


# ---- documents, labels, the rest ----------------------------------------------------------------------------------


def documents(d, o):
    made = [" ".join(d.choice(TEXT, int(d.randint(0, 12)))) for _ in range(ROWS + TEST)]
    made = [t.upper() if d.uniform() < 0.1 else t for t in made]
    y = np.array([d.one("spam", "ham é") for _ in made])
    odd = ["", "   \n\t ", "a I !", "never seen words", "İSTANBUL STRASSE ﬁx", "e\u0301te\u0301 été", "tabs\tand\u00a0no-break\u2003spaces", "東京 で 観測"]
    return made[:-TEST], y[:-TEST], {"X": made[-TEST:], "X1": made[:1], "none": [], "odd": odd}


def records(d, o):
    made = [{k: float(d.randint(1, 5)) for k in d.choice(["a", "b", "été"], 2)} for _ in range(30)]
    return made, None, {"X": made[:5]}


def images(d, o):
    made = d.normal(size=(4, 5, 5))
    return made, None, {"X": made}


def labels(d, o):
    count = o.get("count", 5)
    known = np.array(NAMES[:count]) if o.get("names") else np.arange(count) * 3 - 4
    y = np.concatenate([known, d.choice(known, 30)])
    return y, None, {"X": y[:9], "X1": y[:1]}


def label_sets(d, o):
    made = [[str(v) for v in d.choice(NAMES[:4], 2)] for _ in range(20)]
    return made, None, {"X": made[:5]}


def line(d, o):
    x = np.sort(d.normal(size=ROWS))
    y = x + d.normal(size=ROWS) * 0.3
    ends = np.array([x[0] - 1, x[0], x[40], np.nextafter(x[40], 9), (x[3] + x[4]) / 2, x[-1], x[-1] + 5])
    return x, y, {"X": d.normal(size=TEST) * 1.5, "ends": ends}


def kernel(d, o):
    X = d.normal(size=(ROWS, 3))
    return X @ X.T, None, {"X": (d.normal(size=(TEST, 3)) @ X.T)}


of_scores = lambda d, X, o: scores_of(d, X)
of_classes = lambda d, X, o: classes_of(d, scores_of(d, X), o)
KINDS = {
    "plain": matrix(numbers),
    "classes": matrix(numbers, of_classes),
    "target": matrix(numbers, of_scores),
    "targets": matrix(numbers, two_targets),
    "both": matrix(numbers, both),
    "multilabel": matrix(numbers, lambda d, X, o: np.column_stack([(scores_of(d, X) > 0).astype(int) for _ in range(3)])),
    "positive_target": matrix(numbers, positive),
    "partly": matrix(unit, partly_labelled),
    "unit": matrix(unit),
    "unit_classes": matrix(unit, of_classes),
    "unit_target": matrix(unit, of_scores),
    "counts": matrix(counts, near=False),
    "count_classes": matrix(counts, of_classes, near=False),
    "codes": matrix(codes, near=False),
    "code_classes": matrix(codes, of_classes, near=False),
    "positive": matrix(lambda d, o: np.exp(numbers(d, o) / 4), near=False),
    "shares": matrix(lambda d, o: d.uniform(size=(ROWS + TEST, 4)), near=False),
    "words": words(),
    "words_target": words(of_scores),
    "words_classes": words(of_classes),
    "coded": coded(of_classes),
    "coded_target": coded(of_scores),
    "typed": typed(of_classes),
    "typed_target": typed(of_scores),
    **{made.__name__: made for made in (table, documents, records, images, labels, label_sets, line, kernel)},
}
