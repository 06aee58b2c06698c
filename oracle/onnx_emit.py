"""Emitted ONNX files against scikit-learn's answers, on onnxruntime and on brine's own runtime.

    onnx_emit.py BRINE [--fresh] [--seed N] [--sets DIR…] [--only TEXT] [--options JSON] [--write DOC | --check DOC] [--keep DIR] [-v]

BRINE is the library's entry point (packages/cli/dist/index.js). `--fresh` fits every estimator that brine runs, anew, on
data drawn from the seed (1 unless told; needs scikit-learn and pandas); `--sets` takes folders of cases as
fixtures/README.md describes them. For every method that has answers: the file passes the checker and strict shape
inference, runs on onnxruntime and on brine, and all three agree with scikit-learn (labels equal, numbers within 1e-9
relative), or the model is refused with a reason. What scikit-learn refuses for its values, the file refuses too.
`--check DOC` also compares the table with the document, all but the size of the differences.
Prints `N passed, N failed`.
"""

import argparse
import base64
import collections
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "emit"))

from document import differs, document  # noqa: E402
from reading import Unfit, cases, feeds, infinite, nested, read_expected, read_input  # noqa: E402

RTOL = 1e-9


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


def judge(record, entry, sessions):
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
    without_answers(record, entry, session, folder, d)
    if d.why:
        return "failed", d, d.why
    return ("passed" if ran or record["method"] == "" else "skipped"), d, ""


def without_answers(record, entry, session, folder, d):
    """Inputs that the library refuses, in fresh cases: for their values, so the file refuses them too; or for want of
    rows, where the file answers with none."""
    for kind in ("refuses", "empty"):
        for name in entry.get(kind, {}).get(record["method"], []):
            own = record["runs"].get(name, {})
            try:
                got = session.run(None, feeds(session, read_input(folder, entry["inputs"][name])))
            except Unfit:
                continue
            except Exception as e:
                got = str(e)
            if kind == "refuses":
                if not isinstance(got, str) or "error" not in own:
                    who = "brine" if isinstance(got, str) else "onnxruntime"
                    d.why = d.why or f"{who}({name}): answers what the library refuses"
            elif isinstance(got, str) or "error" in own:
                d.why = d.why or f"({name}): {got if isinstance(got, str) else own['error']['message']}"[:300]
            elif any(np.asarray(a).size for a in got):
                d.why = d.why or f"onnxruntime({name}): answers of shape {[np.shape(a) for a in got]} to no row"


def judged(folders, brine, out, options, verbose):
    """A row for each method of each case."""
    session = ort.SessionOptions()
    session.log_severity_level = 4
    session.intra_op_num_threads = 1
    rows = []
    size = 150
    for start in range(0, len(folders), size):
        where = out / str(start)
        command = ["node", str(HERE / "emit/emit.mjs"), brine, str(where), options, *folders[start : start + size]]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        for record in json.loads((where / "results.json").read_text()):
            folder = Path(record["folder"])
            entry = json.loads((folder / "case.json").read_text())
            status, d, why = judge(record, entry, session)
            row = {"set": folder.parent.name, "case": folder.name, "estimator": entry["estimator"], "method": record["method"]}
            numbers = {"largest": d.largest, "rounding": d.rounding} if d else {"largest": 0.0, "rounding": 0.0}
            rows.append({**row, "status": status, **numbers, "why": why})
            if status == "failed" or (verbose and status != "passed"):
                print(f"{status} {row['set']}/{row['case']} {record['method'] or '(usual)'}: {why}", flush=True)
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("brine")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--seed", type=int, nargs="+", default=[1])
    parser.add_argument("--sets", nargs="+", default=[])
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--options", default="{}")
    parser.add_argument("--write")
    parser.add_argument("--check")
    parser.add_argument("--keep")
    parser.add_argument("--json")
    parser.add_argument("-v", "--verbose", action="store_true")
    args = parser.parse_args()
    counts = collections.Counter()
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(args.keep or temporary)
        sets = list(args.sets)
        if args.fresh:
            import fresh

            for seed in args.seed:
                written, unfit = fresh.write(out / f"seed-{seed}", seed, args.only)
                print(f"seed {seed}: {written} models", flush=True)
                sets.append(str(out / f"seed-{seed}"))
                for line in unfit + [f"no recipe in emit/recipes.py: {name}" for name in fresh.missing_recipes()]:
                    print(f"failed {line}")
                    counts["failed"] += 1
        elif not sets:
            sets = sorted(str(p) for p in (HERE.parent / "fixtures/models").iterdir() if p.is_dir())
        folders = [str(folder) for folder, _ in cases(sets, args.only)]
        rows = judged(folders, args.brine, out / "files", args.options, args.verbose)
    counts.update(r["status"] for r in rows)
    if args.json:
        Path(args.json).write_text(json.dumps(rows))
    if args.write:
        Path(args.write).write_text(document(rows))
    for line in differs(Path(args.check).read_text(), rows) if args.check else []:
        print(f"failed {args.check} {line}: write it anew with --write")
        counts["failed"] += 1
    print(f"{counts['refused']} refused, {counts['skipped']} skipped")
    print(f"{counts['passed']} passed, {counts['failed']} failed")
    sys.exit(1 if counts["failed"] else 0)


if __name__ == "__main__":
    main()
