"""What one environment answers to the models in fixtures/models: loads each, asks it for its recorded predictions.

    python oracle/environment/errors.py fixtures/models > errors-1.3.2.json

One line of JSON a file: what went wrong first, at which stage, and which warnings came before. Runs on Python 3.6 and
later; `brine env --check` is held against it.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np

try:
    import joblib
except ImportError:
    from sklearn.externals import joblib


def inputs(case, folder):
    for name, entry in case["inputs"].items():
        path = folder / entry["file"]
        if entry["kind"] == "dense":
            yield name, np.load(str(path))
        elif entry["kind"] in ("text", "rows"):
            rows = json.loads(path.read_text("utf-8"))
            yield name, rows if entry["kind"] == "text" else np.array(rows, dtype=object)


def judge(folder):
    case = json.loads((folder / "case.json").read_text("utf-8"))
    if isinstance(case["model"], list) or case["format"] not in ("pickle", "joblib"):
        return None
    told = {"case": str(folder), "sklearn": case["versions"].get("sklearn"), "stage": "load", "asked": 0}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            model = joblib.load(str(folder / case["model"]))
            told["stage"] = "predict"
            data = dict(inputs(case, folder))
            wrong = None
            for one in case["expect"]:
                if one["input"] in data and hasattr(model, one["method"]) and one["method"] in ("predict", "predict_proba", "transform", "decision_function"):
                    told["asked"] += 1
                    answer = getattr(model, one["method"])(data[one["input"]])
                    answer = answer.toarray() if hasattr(answer, "toarray") else answer
                    if one["file"].endswith(".npy") and hasattr(answer, "shape"):
                        expected = np.load(str(folder / one["file"]))
                        if expected.shape != answer.shape:
                            wrong = one["method"]
                        elif expected.dtype.kind == "f" and not np.allclose(answer, expected, rtol=1e-5, atol=1e-5 if expected.dtype == np.float32 else 1e-9, equal_nan=True):
                            wrong = one["method"]
            told["stage"] = "silent" if wrong else "done"
            if wrong:
                told["method"] = wrong
        except BaseException as error:
            told["error"] = "%s: %s" % (type(error).__name__, error)
    told["warnings"] = sorted({w.category.__name__ for w in caught})
    return told


for path in sorted(Path(sys.argv[1]).glob("*/*/case.json")):
    told = judge(path.parent)
    if told is not None:
        print(json.dumps(told))
