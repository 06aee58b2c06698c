"""Loads migrated models in the scikit-learn of this interpreter and asks them what their cases expect.

    python oracle/migrate/judge.py JOBS.json OUT.json

`JOBS.json` is a list of {"id", "case": folder, "model": migrated file}; `OUT.json` gets for each
{"id", "right": bool, "why": text, "skipped": [methods that this scikit-learn does not have]}.
Warnings while loading are errors. Called by matrix.py.
"""

import importlib
import json
import os
import pickle
import pkgutil
import sys
import warnings
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
import scipy.sparse as sp
import sklearn

sys.path.insert(0, str(Path(__file__).resolve().parent))
from excuses import Answer, estimators, excuse  # noqa: E402


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def column(values, dtype):
    if dtype == "string":
        return pd.Series([v for v in values], dtype=object)
    if dtype == "category":
        return pd.Series(pd.Categorical(values))
    if dtype.startswith("datetime64"):
        return pd.Series(pd.to_datetime(values))
    return pd.Series([np.nan if v is None else v for v in values], dtype=dtype)


def inputs(folder, entry):
    """Every way in which the input may have been given: a missing value is None or NaN."""
    path = folder / entry["file"]
    kind = entry["kind"]
    if kind == "dense":
        yield np.load(path)
        return
    data = read_json(path)
    if kind == "sparse":
        yield sp.csr_matrix((np.array(data["data"], dtype=float), data["indices"], data["indptr"]), shape=data["shape"])
    elif kind == "frame":
        yield pd.DataFrame({name: column(values, data["dtypes"][name]) for name, values in data["columns"].items()})
        strings = [name for name, dtype in data["dtypes"].items() if dtype == "string" and None in data["columns"][name]]
        if strings:
            frame = pd.DataFrame({name: column(values, data["dtypes"][name]) for name, values in data["columns"].items()})
            for name in strings:
                frame[name] = pd.Series([np.nan if v is None else v for v in data["columns"][name]], dtype=object)
            yield frame
    elif kind == "text":
        yield data
        yield np.array(data, dtype=object)
        yield np.array(data)
        if all(isinstance(v, str) and v.isascii() for v in data):
            yield np.array([v.encode() for v in data])
    else:
        if data and isinstance(data[0], dict):
            yield data
            return
        yield objects(data, None)
        yield objects(data, np.nan)
        yield data


def objects(rows, missing):
    if not rows or not all(isinstance(row, list) for row in rows) or len({len(row) for row in rows}) != 1:
        return rows
    out = np.empty((len(rows), len(rows[0])), dtype=object)
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            out[i, j] = missing if value is None else value
    return out


def ask(model, method, value):
    if method == "predict_return_std":
        return model.predict(value, return_std=True)
    if method == "staged_predict":
        return list(model.staged_predict(value))
    if method == "get_feature_names_out":
        try:
            return model.get_feature_names_out()
        except Exception:
            return model.get_feature_names_out(value)
    if method == "kneighbors":
        return model.kneighbors(value)
    return getattr(model, method)(value)


def flat(answer, out):
    """Numbers and texts in order, whatever holds them."""
    if sp.issparse(answer):
        answer = answer.toarray()
    if isinstance(answer, (pd.DataFrame, pd.Series)):
        answer = answer.to_numpy()
    if isinstance(answer, np.ndarray) and answer.dtype.kind != "O":
        answer = answer.tolist()
    if isinstance(answer, (list, tuple, np.ndarray)):
        for part in answer:
            flat(part, out)
    elif isinstance(answer, dict):
        for key in sorted(answer):
            out.append(key)
            flat(answer[key], out)
    elif isinstance(answer, bytes):
        out.append(answer.decode("latin1"))
    elif isinstance(answer, (pd.Timestamp, np.datetime64)):
        out.append(pd.Timestamp(answer).isoformat())
    else:
        out.append(answer)
    return out


def missing(value):
    return value is None or value is pd.NaT or (isinstance(value, float) and value != value)


def number(value):
    if isinstance(value, str):
        return {"Infinity": np.inf, "-Infinity": -np.inf}.get(value)
    return float(value) if isinstance(value, (int, float, np.integer, np.floating, bool, np.bool_)) else None


def difference(folder, expected, answer):
    """Nothing, or in what the answer differs."""
    path = folder / expected["file"]
    if path.suffix == ".npy":
        truth = np.load(path)
        try:
            got = answer.toarray() if sp.issparse(answer) else np.asarray(answer)
            got = np.asarray(got, dtype=float)
        except (TypeError, ValueError):
            got = np.array(flat(answer, []), dtype=float)
        truth = truth.astype(float)
        if expected.get("unordered"):
            truth, got = np.sort(truth, axis=-1), np.sort(got, axis=-1)
        if got.shape != truth.shape and got.size != truth.size:
            return f"shape {got.shape}, expected {truth.shape}"
        got = got.reshape(truth.shape)
        with np.errstate(invalid="ignore"):
            close = (np.abs(got - truth) <= expected["atol"] + expected["rtol"] * np.abs(truth)) | (got == truth)
        close |= np.isnan(got) & np.isnan(truth)
        if not close.all():
            with np.errstate(invalid="ignore"):
                worst = np.nanmax(np.where(close, 0, np.abs(got - truth)))
            return f"{np.count_nonzero(~close)} of {close.size} differ, by up to {worst:.3g}"
        return None
    truth = read_json(path)
    truth = flat(truth["tuple"] if isinstance(truth, dict) else truth, [])
    got = flat(answer, [])
    if expected.get("unordered"):
        truth, got = sorted(truth, key=str), sorted(got, key=str)
    if len(truth) != len(got):
        return f"{len(got)} values, expected {len(truth)}"
    for i, (a, b) in enumerate(zip(got, truth)):
        if missing(a) and missing(b):
            continue
        x, y = number(a), number(b)
        if x is not None and y is not None:
            if not (x == y or abs(x - y) <= max(expected["atol"], 1e-12) + max(expected["rtol"], 1e-9) * abs(y)):
                return f"value {i} is {a!r}, expected {b!r}"
        elif str(a) != str(b):
            return f"value {i} is {a!r}, expected {b!r}"
    return None


def said(error):
    first = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {first[0][:200]}"


def parameters(model):
    """Nothing, or what is wrong with the parameters: those of the class and no others, each with an allowed value."""
    for one in estimators(model, {}, []):
        if not type(one).__module__.startswith("sklearn.") or type(one).__name__.startswith("_"):
            continue
        try:
            with warnings.catch_warnings():
                # Until 0.23 a parameter that is not there is warned of, and is None.
                warnings.simplefilter("error")
                own = one.get_params(deep=False)
        except (AttributeError, FutureWarning) as error:
            return f"{type(one).__name__} lacks a parameter: {said(error)}"
        del own
        if hasattr(one, "_validate_params"):
            try:
                one._validate_params()
            except Exception as error:
                if type(error).__name__ == "InvalidParameterError":
                    return f"a parameter of {type(one).__name__}: {said(error)}"
    return None


def judge(job):
    folder = Path(job["case"])
    about = read_json(folder / "case.json")
    path = Path(job["model"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            model = pickle.loads(path.read_bytes())
        except BaseException as error:
            return f"does not load: {said(error)}", [], []
    for step in job.get("pick", []):
        model = model[step]
    skipped, notes = [], []
    for expected in about["expect"]:
        method = expected["method"].replace("predict_return_std", "predict")
        if not hasattr(type(model), method) and not hasattr(model, method):
            skipped.append(method)
            continue
        why = None
        for value in inputs(folder, about["inputs"][expected["input"]]):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    warnings.simplefilter("error", FutureWarning)
                    why = difference(folder, expected, ask(model, expected["method"], value))
            except BaseException as error:
                why = said(error)
            if why is None:
                break
        if why is not None:
            if expected["method"] == "get_feature_names_out" and "AttributeError" in why:
                skipped.append(method)
                continue
            known = excuse(Answer(about, expected, why, value, model, lambda v, e=expected: difference(folder, e, ask(model, e["method"], v)), folder))
            if known is None:
                return f"{expected['method']}({expected['input']}): {why}", skipped, notes
            notes.append(known)
    why = parameters(model)
    known = None if why is None else excuse(Answer(about, {"method": "parameters"}, why))
    if known is not None:
        notes.append(known)
        why = None
    return why, skipped, notes


def preload():
    """Old releases warn while they are imported, which is not the file's doing: import all of them beforehand."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for module in pkgutil.walk_packages(sklearn.__path__, "sklearn.", onerror=lambda _: None):
            if ".tests" not in module.name and not module.name.endswith((".setup", ".conftest")):
                try:
                    importlib.import_module(module.name)
                except Exception:
                    continue


def main():
    if sklearn.__version__.startswith("0."):
        preload()
    jobs = json.loads(Path(sys.argv[1]).read_text())
    out = []
    for job in jobs:
        why, skipped, notes = judge(job)
        out.append({"id": job["id"], "right": why is None, "why": why or "", "skipped": sorted(set(skipped)), "notes": sorted(set(notes))})
        if len(out) % 25 == 0 or len(out) == len(jobs):
            Path(sys.argv[2]).write_text(json.dumps(out))
    Path(sys.argv[2]).write_text(json.dumps(out))


if __name__ == "__main__":
    main()
