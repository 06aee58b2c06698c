"""Do the files that brine writes load in the real libraries, and answer as what they were written from?

    python oracle/writers/writers.py [--all] [--brine packages/cli/dist/index.js] [FOLDER…]

Every case of this interpreter's scikit-learn (fixtures/models/<version>, or the folders given) is converted: pickle of
every protocol, joblib with every compression, its arrays in files beside it, skops, and lean. Each output is loaded here with warnings as errors and
asked everything that the case records; the answers must be those of the original, to the last bit. Without --all each
case is written in three of the ways, in turn, so that all are covered in a minute or so.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import joblib
import numpy as np
import sklearn

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "migrate"))
from judge import ask, flat, inputs  # noqa: E402

try:
    import skops
    import skops.io as skops_io
except ImportError:
    skops_io = None

NUMPY2 = int(np.__version__.split(".")[0]) >= 2
# skops's own protocol follows its version.
MINOR = None if skops_io is None else int(skops.__version__.split(".")[1])
SKOPS = None if MINOR is None else 0 if MINOR < 6 else 1 if MINOR < 10 else 2

WAYS = [("pickle", f"protocol {p}", "pkl", {"protocol": p}) for p in (2, 3, 4, 5)]
WAYS += [("joblib", how, "joblib", {"compress": how}) for how in ("none", "zlib", "gzip", "lz4", "xz")]
WAYS += [("joblib", "lean", "joblib", {"lean": True, "compress": "zlib"}), ("joblib", "split", "joblib", {"split": {"least": 1}})]
if NUMPY2:
    WAYS.append(("pickle", "protocol 5, numpy 2", "pkl", {"protocol": 5, "numpy": 2}))
if skops_io is not None:
    WAYS.append(("skops", f"protocol {SKOPS}", "skops", {"protocol": SKOPS, "numpy": 2 if NUMPY2 else 1}))

# What skops has no form for, and names that nobody vouches for; brine refuses both by name.
REFUSED = ("skops cannot hold", "whoever loads the output", "no array has 1 bytes")


def load(path):
    if path.suffix == ".skops":
        return skops_io.load(path, trusted=skops_io.get_untrusted_types(file=path))
    return joblib.load(path)


def answers(model, case, folder):
    """Everything that the case records, as flat lists; an exception is an answer too."""
    out = []
    for expected in case["expect"]:
        value = next(inputs(folder, case["inputs"][expected["input"]])) if expected.get("input") else None
        try:
            out.append(flat(ask(model, expected["method"], value), []))
        except Exception as error:
            out.append([f"{type(error).__name__}: {error}"])
    return out


def same(a, b):
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(same, a, b))
    return a is b or a == b or (a != a and b != b)


def mapped(path):
    """Every array of an uncompressed joblib file can be mapped, at a multiple of 64."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        todo, seen, count = [joblib.load(path, mmap_mode="r")], set(), 0
    while todo:
        value = todo.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, np.memmap):
            count += 1
            if value.ctypes.data % 64 and value.size:
                return f"an array lies at {value.ctypes.data % 64} behind a multiple of 64"
        elif isinstance(value, dict):
            todo += value.values()
        elif isinstance(value, (list, tuple)):
            todo += value
        elif hasattr(value, "__dict__"):
            todo += vars(value).values()
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", default="", help="ways whose name holds this")
    parser.add_argument("--brine", default=str(ROOT / "packages/cli/dist/index.js"))
    parser.add_argument("folders", nargs="*")
    args = parser.parse_args()
    folders = [Path(f) for f in args.folders] or [ROOT / "fixtures/models" / sklearn.__version__]
    cases = []
    for folder in folders:
        for where in sorted(folder.iterdir()):
            if (where / "case.json").exists():
                case = json.loads((where / "case.json").read_text(encoding="utf-8"))
                if isinstance(case["model"], str) and case["format"] in ("pickle", "joblib", "skops"):
                    if case["format"] != "skops" or skops_io is not None:
                        cases.append((where, case))
    passed = failed = 0
    refused = {}
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(temporary)
        jobs = []
        for i, (where, case) in enumerate(cases):
            chosen = [way for way in WAYS if args.only in f"{way[0]}, {way[1]}"]
            ways = chosen if args.all or args.only else [WAYS[(i * 3 + k) % len(WAYS)] for k in range(3)]
            for k, (target, how, extension, options) in enumerate(ways):
                to = out / f"{i}-{k}.{extension}"
                if "split" in options:
                    options = {**options, "split": {**options["split"], "name": to.name}}
                jobs.append({"id": f"{i}-{k}", "case": i, "how": f"{target}, {how}", "from": str(where / case["model"]), "to": str(to), "target": target, "options": options})
        (out / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
        ran = subprocess.run(["node", str(HERE / "convert.mjs"), args.brine, str(out / "jobs.json")], capture_output=True, text=True)
        if ran.returncode != 0:
            print(ran.stderr)
            print("0 passed, 1 failed")
            return 1
        results = {r["id"]: r for r in json.loads(ran.stdout)}
        known = {}
        for job in jobs:
            where, case = cases[job["case"]]
            result = results[job["id"]]
            if "refused" in result:
                if any(text in result["refused"] for text in REFUSED):
                    refused.setdefault(result["refused"].split(" (")[0], []).append(where.name)
                else:
                    failed += 1
                    print(f"FAILED {where.name} ({job['how']}): {result['refused']}")
                continue
            why = None
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    if job["case"] not in known:
                        known.clear()
                        known[job["case"]] = answers(load(where / case["model"]), case, where)
                with warnings.catch_warnings():
                    warnings.simplefilter("error")
                    # The class itself is deprecated, wherever its objects come from.
                    warnings.filterwarnings("ignore", message="Class PassiveAggressive")
                    # The layout of files beside is joblib 0.9's, and joblib says so.
                    warnings.filterwarnings("ignore", message="The file .* has been generated with a joblib version")
                    model = load(Path(job["to"]))
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    if not same(known[job["case"]], answers(model, case, where)):
                        why = "it answers otherwise"
                    elif job["how"] in ("joblib, none", "joblib, split"):
                        why = mapped(job["to"])
            except Exception as error:
                why = f"{type(error).__name__}: {error}"
            if why is None:
                passed += 1
            else:
                failed += 1
                print(f"FAILED {where.name} ({job['how']}): {why}")
    for text, names in refused.items():
        print(f"refused {len(names)}: {text} ({', '.join(sorted(set(names))[:4])})")
    print(f"scikit-learn {sklearn.__version__}, joblib {joblib.__version__}" + ("" if skops_io is None else f", skops {skops.__version__}"))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
