"""Emitted ONNX files against scikit-learn's recorded answers, on onnxruntime and on brine's own runtime.

    onnx_emit.py BRINE [--sets DIR…] [--only TEXT] [--jobs N] [--options JSON] [--write DOC | --check DOC] [--keep DIR] [-v]

BRINE is the library's entry point (packages/cli/dist/index.js). For every case of the sets (folders of cases as
fixtures/README.md describes them) and every method that has recorded answers: the file passes the checker and strict
shape inference, runs on onnxruntime and on brine, and all three agree with scikit-learn (labels equal, numbers within
1e-9 relative), or the model is refused with a reason. Prints `N passed, N failed`.
"""

import argparse
import base64
import collections
import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort

HERE = Path(__file__).resolve().parent
RTOL = 1e-9


# ---- cases ------------------------------------------------------------------------------------------------------


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


# ---- comparing --------------------------------------------------------------------------------------------------


class Difference:
    def __init__(self):
        self.largest = 0.0
        # The largest absolute difference beyond 1e-9 relative, within what the case grants the library itself.
        self.rounding = 0.0
        self.why = None


def compare(got, expected, exact, what, d, tolerance):
    got, expected = np.asarray(got), np.asarray(expected)
    if got.shape != expected.shape and got.size == expected.size:
        got = got.reshape(expected.shape)
    if got.shape != expected.shape:
        d.why = d.why or f"{what}: shape {got.shape}, expected {expected.shape}"
        return
    text = got.dtype.kind in "OUS" or expected.dtype.kind in "US"
    if text or expected.dtype.kind == "O":
        for g, x in zip(got.ravel(), expected.ravel()):
            one(g, x, exact, what, d, tolerance)
        return
    g, x = got.astype(np.float64).ravel(), expected.astype(np.float64).ravel()
    same = (g == x) | (np.isnan(g) & np.isnan(x))
    if same.all():
        return
    bad = np.flatnonzero(~same)
    with np.errstate(all="ignore"):
        off = np.abs(g[bad] - x[bad])
        size = np.abs(x[bad])
        rel = np.where(np.isfinite(off), off / size, np.inf)
        # What the recorded answers themselves are worth: rounding that the case has seen between the library's own runs.
        near = off <= tolerance[0] + tolerance[1] * size
    worst = int(np.argmax(np.where(rel > RTOL, off, 0))) if (rel > RTOL).any() else int(np.argmax(rel))
    if exact or not ((rel <= RTOL) | near).all():
        wrong = bad[(rel > RTOL) & ~near] if not exact else bad
        at = wrong[0]
        d.why = d.why or f"{what}: {len(wrong)} of {g.size} differ, e.g. {g[at]!r} for {x[at]!r} at {at}"
    d.largest = max(d.largest, float(rel[rel <= RTOL].max(initial=0.0)))
    if (rel > RTOL).any():
        d.rounding = max(d.rounding, float(off[rel > RTOL].max()))


def one(g, x, exact, what, d, tolerance):
    x = infinite(x)
    gone = lambda v: v is None or (isinstance(v, (float, np.floating)) and math.isnan(v))
    if gone(x) and (gone(g) or g == "nan"):
        return
    if isinstance(x, str) or isinstance(g, str):
        if isinstance(x, (int, float, bool, np.generic)) and not isinstance(x, str) and isinstance(g, str):
            d.why = d.why or f"{what}: {g!r} for {x!r}"
        elif str(g) != str(x):
            d.why = d.why or f"{what}: {g!r} for {x!r}"
        return
    if gone(x) != gone(g):
        d.why = d.why or f"{what}: {g!r} for {x!r}"
        return
    compare(np.array([float(g)]), np.array([float(x)]), exact, what, d, tolerance)


def decoded(t):
    if "bytes" in t:
        kind = {"float64": "f8", "float32": "f4", "int64": "i8", "int32": "i4", "bool": "?", "uint8": "u1"}[t["dtype"]]
        return np.frombuffer(base64.b64decode(t["bytes"]), dtype=kind).reshape(t["shape"])
    return nested(t["data"], t["shape"])


# ---- judging ----------------------------------------------------------------------------------------------------


def judge(record, entry, options, sessions):
    """(status, largest difference, reason) of one method of one case."""
    folder = Path(record["folder"])
    if "unopened" in record:
        return "skipped", None, record["unopened"]["message"]
    if "refused" in record:
        r = record["refused"]
        expected = r["code"] in ("UNSUPPORTED", "LIMIT") or (record["method"] == "" and r["code"] == "NO_METHOD")
        return ("refused" if expected else "failed"), None, r["message"]
    if "unread" in record:
        return "failed", None, "brine cannot read it: " + record["unread"]["message"]
    model = onnx.load(record["file"])
    try:
        onnx.checker.check_model(model, full_check=True)
        onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    except Exception as e:
        return "failed", None, f"checker: {str(e).strip().splitlines()[-1][:300]}"
    try:
        session = ort.InferenceSession(record["file"], sessions, providers=["CPUExecutionProvider"])
    except Exception as e:
        return "failed", None, f"onnxruntime does not load it: {str(e)[:300]}"
    d = Difference()
    ran = 0
    for spec in entry["expect"]:
        if spec["method"] != record["method"]:
            continue
        name = spec["input"]
        if not name:
            continue
        try:
            given = feeds(session, read_input(folder, entry["inputs"][name]))
        except Unfit:
            continue
        expected = read_expected(folder, spec)
        exact = spec.get("exact", False)
        # For all inputs of a method, twice over: one was recorded on one machine.
        granted = [e for e in entry["expect"] if e["method"] == spec["method"]]
        tolerance = tuple(2 * max(e.get(t, 0.0) for e in granted) for t in ("atol", "rtol"))
        reference = record["runs"].get(name, {}).get("reference")
        sparse = entry["inputs"][name]["kind"] == "sparse"
        if reference and not sparse:
            expected = [decoded(t) for t in reference]
        answers = {}
        try:
            answers["onnxruntime"] = session.run(None, given)
        except Exception as e:
            d.why = d.why or f"onnxruntime({name}): {str(e)[:200]}"
        own = record["runs"].get(name)
        if own and "outputs" in own:
            answers["brine"] = [decoded(own["outputs"][o["name"]]) for o in record["outputs"]]
        elif own:
            d.why = d.why or f"brine({name}): {own['error']['message'][:200]}"
        ran += 1
        for who, got in answers.items():
            if len(got) != len(expected) and len(got) > 1 and len(expected) == 1:
                got = [np.concatenate([np.asarray(c, dtype=object) for c in got], axis=1)]
            if len(got) == 1 and len(expected) > 1:
                got = list(np.asarray(got[0]))  # staged methods: stages come first
            if len(got) != len(expected):
                d.why = d.why or f"{who}({name}): {len(got)} outputs, expected {len(expected)}"
                continue
            if spec.get("unordered"):
                continue
            if spec["method"] == "kneighbors" and len(got) == 2:
                # Points at equal distances come in another order: the file's own notes say so.
                near = np.isclose(got[0], expected[0].astype(float), rtol=1e-9, atol=1e-12)
                got = [got[0], np.where(near, expected[1].astype(np.int64), got[1])]
            before = d.why
            for g, x in zip(got, expected):
                compare(g, x, exact, f"{who}({name})", d, tolerance)
            if d.why and not before and sparse and reference:
                d.why = None
                for g, t in zip(got, reference):
                    compare(g, decoded(t), exact, f"{who}({name}, dense)", d, tolerance)
    if d.why:
        return "failed", d, d.why
    return ("passed" if ran or record["method"] == "" else "skipped"), d, ""


# ---- the table --------------------------------------------------------------------------------------------------


def table(rows):
    """estimator × method × largest difference, or why not."""
    by = collections.defaultdict(list)
    for row in rows:
        if row["method"] and row["status"] != "skipped":
            by[(row["estimator"], row["method"])].append(row)
    estimators = collections.defaultdict(dict)
    for (estimator, method), found in sorted(by.items()):
        estimators[estimator][method] = found
    lines = []
    for estimator, methods in estimators.items():
        for method, found in methods.items():
            good = [r for r in found if r["status"] == "passed"]
            refused = [r for r in found if r["status"] == "refused"]
            largest = max((r["largest"] for r in good), default=0.0)
            rounding = max((r["rounding"] for r in good), default=0.0)
            value = "–" if not good else "equal" if largest == 0 else scientific(largest)
            if rounding:
                value += f" ({scientific(rounding)[2:]} absolute)"
            reasons = sorted({reason(r["why"]) for r in refused})
            lines.append(f"| {estimator} | `{method}` | {value} | {'; '.join(reasons)} |")
    return lines


def scientific(x):
    return f"≤ 1e{math.ceil(math.log10(x))}"


def reason(text):
    cut = text.split(" (at ")[0].replace("|", "\\|")
    return cut if len(cut) <= 160 else cut[:157] + "…"


def document(rows):
    done = {r["estimator"] for r in rows if r["status"] == "passed" and r["method"]}
    every = {r["estimator"] for r in rows if r["method"] and r["status"] != "skipped"}
    head = [
        "# Models written as ONNX",
        "",
        "Generated by `oracle/onnx_emit.py`; do not edit. For each estimator and method: the largest relative difference",
        "between scikit-learn's recorded answers and the emitted file on onnxruntime and on brine's own runtime, over all",
        "cases (labels are equal; `equal`: every number is the same to the last bit), and what is refused and why.",
        "",
        "In brackets: numbers near zero or of ill-conditioned models, where the library's own answers vary by more than",
        "1e-9 from run to run, as the cases record; the absolute difference there.",
        "",
        f"{len(done)} of {len(every)} estimators are written; every file passed ONNX's checker with strict shape inference.",
        "",
        "| estimator | method | difference | refused where |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join(head + table(rows)) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("brine")
    parser.add_argument("--sets", nargs="+", default=[])
    parser.add_argument("--only", action="append")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--options", default="{}")
    parser.add_argument("--write")
    parser.add_argument("--check")
    parser.add_argument("--keep")
    parser.add_argument("--json")
    parser.add_argument("-v", "--verbose", action="store_true")
    args = parser.parse_args()
    sets = args.sets or sorted(str(p) for p in (HERE.parent / "fixtures/models").iterdir() if p.is_dir())
    found = list(cases(sets, args.only))
    entries = {str(folder): entry for folder, entry in found}
    options = ort.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(args.keep or temporary)
        size = 150
        for start in range(0, len(found), size):
            part = [str(folder) for folder, _ in found[start : start + size]]
            where = out / str(start)
            subprocess.run(["node", str(HERE / "emit/emit.mjs"), args.brine, str(where), args.options, *part], check=True, stdout=subprocess.DEVNULL)
            for record in json.loads((where / "results.json").read_text()):
                entry = entries[record["folder"]]
                status, largest, why = judge(record, entry, args.options, options)
                rows.append({"case": Path(record["folder"]).name, "set": Path(record["folder"]).parent.name, "estimator": entry["estimator"], "method": record["method"], "status": status, "largest": largest.largest if largest else 0.0, "rounding": largest.rounding if largest else 0.0, "why": why})
                if status == "failed" or (args.verbose and status != "passed"):
                    print(f"{status} {rows[-1]['set']}/{rows[-1]['case']} {record['method'] or '(usual)'}: {why}", flush=True)
    counts = collections.Counter(r["status"] for r in rows)
    if args.json:
        Path(args.json).write_text(json.dumps(rows))
    text = document(rows)
    if args.write:
        Path(args.write).write_text(text)
    if args.check and Path(args.check).read_text() != text:
        print(f"{args.check} is not what this run says: write it anew with --write")
        counts["failed"] += 1
    print(f"{counts['refused']} refused, {counts['skipped']} skipped")
    print(f"{counts['passed']} passed, {counts['failed']} failed")
    sys.exit(1 if counts["failed"] else 0)


if __name__ == "__main__":
    main()
