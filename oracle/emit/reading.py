"""Cases as fixtures/README.md describes them: the inputs as an ONNX file takes them, and the expected answers."""

import json
import math
from pathlib import Path

import numpy as np

def cases(sets, only):
    for folder in sets:
        for case in sorted(Path(folder).iterdir()):
            file = case / "case.json"
            if not file.exists():
                continue
            entry = json.loads(file.read_text())
            if any(e["method"] != "run" for e in entry["expect"]) and (not only or any(o in f"{case.name} {entry['params']}" for o in only)):
                yield case, entry


def infinite(x):
    return {"Infinity": math.inf, "-Infinity": -math.inf}.get(x, x) if isinstance(x, str) else x


def number(x):
    return math.nan if x is None else float(infinite(x))


def read_input(folder, spec):
    """A matrix, a dict of columns, or a list of documents."""
    file = folder / spec["file"]
    if file.suffix == ".npy":
        return np.load(file)
    o = json.loads(file.read_text())
    if spec["kind"] == "sparse":
        x = np.zeros(o["shape"])
        for r in range(o["shape"][0]):
            for i in range(o["indptr"][r], o["indptr"][r + 1]):
                x[r, o["indices"][i]] += number(o["data"][i])
        return x
    if isinstance(o, dict) and "columns" in o:
        return o["columns"]
    if isinstance(o, dict) and "shape" in o:
        return np.array(o["data"], dtype=object).reshape(o["shape"])
    return o


def column(values, dtype, missing):
    if dtype == "tensor(string)":
        text = [missing if v is None or (isinstance(v, float) and math.isnan(v)) else v for v in values]
        if not all(isinstance(v, str) for v in text):
            raise Unfit("numbers in a column of text")
        return np.array(text, dtype=object)
    try:
        return np.array([number(v) if not isinstance(v, (int, float, np.generic)) else v for v in values], dtype=np.float64)
    except ValueError:
        raise Unfit("text in a column of numbers")


class Unfit(Exception):
    """The input is of another kind than the file's: a data frame of text for a model of numbers, say."""


TYPES = {"tensor(double)": np.float64, "tensor(float)": np.float32, "tensor(int64)": np.int64, "tensor(bool)": np.bool_}


def feeds(session, given):
    """What the case gives, as the file takes it: written without a look at how brine does it."""
    inputs = session.get_inputs()
    missing = session.get_modelmeta().custom_metadata_map.get("brine.missing_text", "nan")
    if len(inputs) == 1 and len(inputs[0].shape) == 1 and isinstance(given, list):
        return {inputs[0].name: column(given, inputs[0].type, missing)}
    if isinstance(given, list):
        if given and isinstance(given[0], dict):
            raise Unfit("records")
        given = np.array([[v for v in row] if isinstance(row, list) else [row] for row in given], dtype=object)
    if isinstance(given, dict):
        columns = list(given.values())
        by_name = given
    else:
        flat = given.reshape(len(given), -1) if given.ndim != 2 else given
        columns = [flat[:, i] for i in range(flat.shape[1])]
        by_name = None
    out = {}
    if len(inputs) == 1 and not (by_name and inputs[0].name in by_name):
        spec = inputs[0]
        rank = len(spec.shape)
        if isinstance(given, np.ndarray) and given.dtype != object and spec.type in TYPES and given.ndim == rank and given.dtype.kind not in "US":
            return {spec.name: given.astype(TYPES[spec.type])}
        cells = [column(list(c), spec.type, missing) for c in columns]
        stacked = np.stack(cells, axis=1) if cells else np.zeros((0, 0))
        if rank == 1:
            stacked = stacked[:, 0]
        return {spec.name: stacked.astype(TYPES[spec.type]) if spec.type in TYPES else stacked}
    for i, spec in enumerate(inputs):
        if by_name is not None and spec.name not in by_name:
            raise Unfit(f"no column {spec.name}")
        values = by_name[spec.name] if by_name is not None else columns[i]
        c = column(list(values), spec.type, missing)
        if spec.type in TYPES:
            c = c.astype(TYPES[spec.type])
        out[spec.name] = c.reshape(-1, 1) if len(spec.shape) == 2 else c
    return out


def nested(flat, shape):
    return np.array(flat, dtype=object).reshape(shape)


def read_expected(folder, spec):
    """A list of arrays: several where Python gives a tuple."""
    file = folder / spec["file"]
    if file.suffix == ".npy":
        return [np.load(file)]
    o = json.loads(file.read_text())
    parts = o["tuple"] if isinstance(o, dict) and "tuple" in o else [o]
    return [as_array(p) for p in parts]


def as_array(p):
    if isinstance(p, dict) and "indptr" in p:
        x = np.zeros(p["shape"])
        for r in range(p["shape"][0]):
            for i in range(p["indptr"][r], p["indptr"][r + 1]):
                x[r, p["indices"][i]] += number(p["data"][i])
        return x
    if isinstance(p, dict) and "data" in p and "shape" in p:
        return nested([infinite(v) for v in p["data"]], p["shape"])
    return np.array(p, dtype=object)
