"""Models of every estimator that brine reads, fitted with this interpreter's scikit-learn by the recipes in ../emit."""

import pickle
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "emit"))

import fresh  # noqa: E402
import gone  # noqa: E402
import kinds  # noqa: E402
import numpy as np  # noqa: E402
from asking import Refused, answered  # noqa: E402
from recipes import RECIPES, logistic, multiclass  # noqa: E402
from ways import WAYS  # noqa: E402

# Asked of a whole matrix where that costs much.
ONCE = (*fresh.WIDE, "radius_neighbors_graph")

# What no recipe of the other judges needs: labels that every row has, whose classifier is a constant.
kinds.KINDS["always"] = kinds.matrix(kinds.numbers, lambda d, X, o: np.column_stack([kinds.scores_of(d, X) > 0, np.ones(len(X))]).astype(int))
MORE = {**gone.recipes(), "OneVsRestClassifier always": [("always", lambda d: multiclass.OneVsRestClassifier(logistic(d)), {})]}


def classes_inside(model):
    """The names of the classes of all that a model is made of."""
    names, seen, todo = set(), set(), [model]
    while todo:
        one = todo.pop()
        if id(one) in seen or isinstance(one, (str, bytes, int, float, type(None), type)):
            continue
        seen.add(id(one))
        names.add(type(one).__name__)
        if isinstance(one, np.ndarray):
            todo.extend(one.ravel().tolist() if one.dtype.hasobject else [])
        elif isinstance(one, (list, tuple, set, frozenset)):
            todo.extend(one)
        elif isinstance(one, dict):
            todo.extend(one.values())
        elif hasattr(one, "__dict__"):
            todo.extend(vars(one).values())
    return names


class Anew:
    """One fitted model, in a pickle that brine is to convert."""

    def __init__(self, name, file, model, inputs):
        self.name, self.file, self.inputs = name, file, inputs
        self.holds = classes_inside(model)
        file.write_bytes(pickle.dumps(model, protocol=5))

    def answers(self, model):
        methods = [m for m in (*fresh.METHODS, "inverse_transform") if fresh.offers(model, m)]
        questions = [(model, m, value) for name, value in self.inputs.items() for m in methods if m not in ONCE or name == "X"]
        out = answered(fresh.ask, questions)
        if "transform" in methods and "inverse_transform" in methods:
            out += answered(lambda: model.inverse_transform(model.transform(self.inputs["X"])), [()])
        if all(isinstance(answer, Refused) for answer in out):
            raise AssertionError(f"{self.name} answers nothing: {out[:1]}")
        return out + answered(lambda: model.get_feature_names_out(), [()]) + [repr(model)]


# Files of each format that a model is written to.
TURNS = {"pickle": 1, "joblib": 2, "skops": 1}


def models(folder, seed, only):
    """([models with the ways in which each is to be written], [what could not be fitted]). Each is written in every
    format; the ways of a format come in turn."""
    found, unfit, turns = [], [], dict.fromkeys(TURNS, 0)
    ways = {family: [way for way in WAYS if way[0] == family] for family in TURNS}
    for case, _, model, inputs, _ in fresh.drawn(seed, only, {**RECIPES, **MORE}):
        if model is None:
            unfit.append(f"{case}: {inputs}")
            continue
        chosen = []
        for family, count in TURNS.items():
            for _ in range(count if ways[family] else 0):
                chosen.append(ways[family][turns[family] % len(ways[family])])
                turns[family] += 1
        found.append((Anew(case, folder / f"{len(found)}.model.pkl", model, inputs), chosen))
    return found, unfit
