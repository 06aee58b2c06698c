"""Fresh cases for the judge of emitted files: every estimator that brine runs and the library has, fitted on data drawn
from a seed, with the library's own answers. The cases are those of fixtures/README.md, and a little more:

- `refuses`: {method: [inputs that the library refuses for their values]}: the written file has to refuse them too
- `empty`: {method: [inputs without a row, that the library does not take at all]}: the file answers with no row
"""

import inspect
import json
import os
import sys
import zlib
from pathlib import Path

# Small matrices: threads would only wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import scipy.sparse as sp  # noqa: E402
from sklearn.utils import all_estimators  # noqa: E402

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "fixtures"))

import cases as fixtures  # noqa: E402
from documented import documented  # noqa: E402
from kinds import KINDS, Dice  # noqa: E402
from recipes import RECIPES  # noqa: E402

METHODS = [
    *("predict", "predict_proba", "predict_log_proba", "predict_joint_log_proba", "decision_function", "transform"),
    *("predict_return_std", "predict_return_cov", "score_samples", "mahalanobis", "kneighbors", "kneighbors_graph"),
    *("radius_neighbors", "radius_neighbors_graph", "apply", "decision_path"),
    *("staged_predict", "staged_predict_proba", "staged_decision_function"),
]
WIDE = ("decision_path", "staged_predict", "staged_predict_proba", "staged_decision_function", "kneighbors_graph")  # asked once
LONG = ("many", "none", "X1", "single")  # of no other kind than X: no need to see how certain the answer is, row by row
# What a written file refuses in words that name the value; another refusal of the library is of another kind.
OF_VALUES = ("NaN", "infinity", "missing", "unknown categor", "Negative", "negative", "strictly positive", "unseen labels", "out of bounds", "too large")


def missing_recipes():
    """Classes of docs/estimators.md that this version of the library has, and that no recipe fits."""
    return sorted((set(documented()) & {name for name, _ in all_estimators()}) - set(RECIPES))


def inside(model):
    """The estimators inside an estimator, itself first."""
    found, todo = [], [model]
    while todo:
        one = todo.pop()
        if isinstance(one, (list, tuple, np.ndarray)):
            todo.extend(one if not isinstance(one, np.ndarray) or one.dtype == object else [])
        elif isinstance(one, dict):
            todo.extend(one.values())
        elif hasattr(one, "get_params") or type(one).__name__ == "_CalibratedClassifier":
            found.append(one)
            todo.extend(v for k, v in vars(one).items() if k != "base_estimator" and not isinstance(v, (str, bytes)))
    return found


def splits(model):
    """(feature, threshold) of every split of every tree inside, spread over the trees."""
    found = []
    for part in inside(model):
        if hasattr(part, "_predictors"):
            nodes = [n for iteration in part._predictors for p in iteration for n in p.nodes]
            found += [(int(n["feature_idx"]), float(n["num_threshold"])) for n in nodes if not n["is_leaf"] and not n["is_categorical"]]
        elif hasattr(getattr(part, "tree_", None), "threshold"):
            found += [(int(f), float(t)) for f, t in zip(part.tree_.feature, part.tree_.threshold) if f >= 0]
    return [s for s in dict.fromkeys(found) if np.isfinite(s[1])]


def at_thresholds(model, rows, most=30):
    """Rows with one value at a split of a tree: on it, and a step of float64 or float32 to either side."""
    found, made = splits(model), []
    for number, (feature, threshold) in enumerate(found[:: max(1, len(found) // most)]):
        if feature >= rows.shape[1]:
            continue
        single = np.float32(threshold)
        steps = [np.nextafter(single, np.float32(s * np.inf)) for s in (-1, 1)]
        for value in (threshold, np.nextafter(threshold, -np.inf), np.nextafter(threshold, np.inf), single, *steps):
            row = np.array(rows[number % len(rows)], dtype=float)
            row[feature] = value
            made.append(row)
    return np.array(made)


def fitted(make, kind, options, dice):
    X, y, inputs = KINDS[kind](dice, options)
    model = make(dice)
    if options.get("inner"):
        model.estimator.fit(X, y)
    if kind in ("labels", "label_sets"):
        model.fit(X)
    else:
        model.fit(X, y)
    test = inputs["X"]
    if isinstance(test, np.ndarray) and test.dtype == np.float64 and test.ndim == 2:
        edges = at_thresholds(model, test)
        if len(edges):
            inputs["edges"] = edges
    return model, inputs


ARGUMENTS = {"predict_return_std": "return_std", "predict_return_cov": "return_cov"}
ask_plainly = fixtures.ask


def ask(model, method, value):
    if method in ARGUMENTS:
        return model.predict(value, **{ARGUMENTS[method]: True})
    if method.startswith("staged_"):
        return list(getattr(model, method)(value))
    return ask_plainly(model, method, value)


# What the tolerances ask for again is asked in the same way.
fixtures.ask = ask


def offers(model, method):
    if method in ARGUMENTS:
        return ARGUMENTS[method] in inspect.signature(getattr(model, "predict", write)).parameters
    return hasattr(model, method)


class Fresh(fixtures.Fixtures):
    """Writes cases, and which inputs the library refuses for what they hold."""

    def answers(self, folder, model, inputs, methods, inverse=True, case=""):
        self.refuses, self.empty, entries, expect = {}, {}, {}, []
        searched = getattr(model, "best_estimator_", model)
        given = dict(inputs)
        if inverse and hasattr(model, "inverse_transform") and hasattr(model, "transform"):
            try:
                back = model.transform(inputs["X"])
                given["Z"] = back.toarray() if sp.issparse(back) else back.to_numpy() if isinstance(back, pd.DataFrame) else back
            except Exception as error:
                self.refused.append(f"{case} transform(X): {error}")
        for name, value in given.items():
            entries[name] = fixtures.write_input(folder, name, value)
            for method in ["inverse_transform"] if name == "Z" else methods:
                if not offers(model, method) or (method in WIDE and name != "X"):
                    continue
                try:
                    answer = ask(model, method, value)
                except Exception as error:
                    self.note_refusal(method, name, str(error))
                    continue
                if isinstance(answer, pd.DataFrame):
                    answer = answer.to_numpy()
                limits = fixtures.tolerance(searched, method, value, answer) if name not in LONG else {"atol": 1e-12, "rtol": 1e-9, "exact": False}
                stem = f"{method}-{name}"
                expect.append({"method": method, "input": name, "file": fixtures.write_answer(folder, stem, answer), **limits})
        return entries, expect

    def note_refusal(self, method, name, message):
        if name == "none":
            self.empty.setdefault(method, []).append(name)
        elif any(word in message for word in OF_VALUES):
            self.refuses.setdefault(method, []).append(name)
        else:
            self.refused.append(f"{method}({name}): {message.splitlines()[0][:90]}")

    def finish(self, folder, entry):
        answered = {e["method"] for e in entry["expect"]}
        told = {key: {m: v for m, v in of.items() if m in answered} for key, of in (("refuses", self.refuses), ("empty", self.empty))}
        super().finish(folder, {**entry, **told})


def drawn(seed, only=(), recipes=RECIPES):
    """(case, class, model, inputs, dice) of each recipe; without a model, the reason stands in its place."""
    for name, ways in recipes.items():
        for number, (kind, make, options) in enumerate(ways):
            case = f"{name}-{number}"
            if only and not any(o in case for o in only):
                continue
            # Of its own seed, so that a case is the same whichever others are drawn.
            dice = Dice(zlib.crc32(f"{seed} {case}".encode()))
            np.random.seed(dice.randint(2**31 - 1))
            try:
                model, inputs = fitted(make, kind, options, dice)
            except Exception as error:
                yield case, name, None, f"{type(error).__name__}: {str(error).splitlines()[0][:150]}", dice
                continue
            yield case, name, model, inputs, dice


def write(folder, seed, only=()):
    """Writes the cases of one seed; returns how many, and the names of those that could not be fitted with the reason."""
    out, unfit = Fresh(folder), []
    for case, name, model, inputs, dice in drawn(seed, only):
        if model is None:
            unfit.append(f"{case}: {inputs}")
            continue
        how = dice.one(*fixtures.PICKLES, *fixtures.JOBLIBS)
        out.add(case, model, inputs, how, methods=METHODS, about=name)
    return out.written, unfit


if __name__ == "__main__":
    written, unfit = write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1, sys.argv[3:])
    print(json.dumps({"written": written, "unfit": unfit, "missing": missing_recipes()}, indent=1, ensure_ascii=False))
