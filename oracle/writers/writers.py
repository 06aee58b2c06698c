"""Do the files that brine writes load in the real libraries, and answer as what they were written from?

    python oracle/writers/writers.py [--all] [--only WAY] [--brine packages/cli/dist/index.js] [FOLDER…]
    python oracle/writers/writers.py --fresh [--seed N] [--all] [--only WAY] [--case TEXT…]

Every case of this interpreter's scikit-learn (fixtures/models/<version>, or the folders given) is converted: pickle of
every protocol, joblib with every compression, its arrays in files beside it, skops, and lean. `--fresh` fits every
estimator of docs/estimators.md anew instead, and fails where one has not been written as pickle, joblib and skops. Each
output is loaded here with warnings as errors and asked everything that the case records (of a fresh one: every method, of
every input); the answers must be those of the original, to the last bit. Without --all each case is written in some of
the ways, in turn, so that all are covered in a minute or so.
"""

import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import joblib  # noqa: E402
import sklearn  # noqa: E402

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE.parent / "migrate"), str(HERE.parent / "fixtures")]
from asking import alike, answered  # noqa: E402
from documented import documented  # noqa: E402
from judge import ask, flat, inputs  # noqa: E402
from ways import REFUSED, WAYS, job, load, load_strictly, mapped, skops_io  # noqa: E402

# Classes that are not written in a format, with the reason.
NOT_WRITTEN = {"skops": {"Birch": "its nodes hold each other, for which skops has no form: skops.io.dump refuses it too"}}


class Recorded:
    """A case of fixtures/README.md."""

    holds = frozenset()

    def __init__(self, where, case):
        self.name, self.file, self.where, self.case = where.name, where / case["model"], where, case

    def answers(self, model):
        values = {}
        for name, entry in self.case["inputs"].items():
            values[name] = next(inputs(self.where, entry))
        questions = [(e["method"], values.get(e.get("input"))) for e in self.case["expect"]]
        return answered(lambda method, value: flat(ask(model, method, value), []), questions)


def recorded(folders):
    """The cases of folders, with the ways in which each is to be written."""
    found = []
    for folder in folders:
        for where in sorted(folder.iterdir()):
            if (where / "case.json").exists():
                case = json.loads((where / "case.json").read_text(encoding="utf-8"))
                if isinstance(case["model"], str) and case["format"] in ("pickle", "joblib", "skops"):
                    if case["format"] != "skops" or skops_io is not None:
                        i = len(found)
                        found.append((Recorded(where, case), [WAYS[(i * 3 + k) % len(WAYS)] for k in range(3)]))
    return found


def converted(brine, jobs, out):
    """What brine says of each job, by its id."""
    (out / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
    ran = subprocess.run(["node", str(HERE / "convert.mjs"), brine, str(out / "jobs.json")], capture_output=True, text=True)
    if ran.returncode != 0:
        raise RuntimeError(ran.stderr)
    return {r["id"]: r for r in json.loads(ran.stdout)}


def fault(case, original, todo):
    """Nothing, or what is wrong with a file that was written."""
    try:
        model = load_strictly(Path(todo["to"]))
        answers = case.answers(model)
        if not alike(original, answers):
            different = [i for i, pair in enumerate(zip(original, answers)) if not alike(*pair)]
            return f"it answers otherwise: {len(different)} of {len(original)}, e.g. number {different[:1]}"
        return mapped(todo["to"]) if todo["how"] in ("joblib, none", "joblib, split") else None
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def uncovered(written, names):
    """Which of the documented classes no file of a format held, that was shown to be right."""
    lines = []
    for target in ("pickle", "joblib", "skops") if skops_io else ("pickle", "joblib"):
        without = NOT_WRITTEN.get(target, {})
        absent = [name for name in names if name not in written[target] and name not in without]
        print(f"{target}: {len(names) - len(absent) - len(without)} of the {len(names)} classes that brine reads")
        lines += [f"FAILED {name} was not written as {target}" for name in absent]
        lines += [f"FAILED {name} is written as {target}, though said not to be" for name in without if name in written[target]]
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="ways whose name holds this")
    parser.add_argument("--case", action="append", default=[], help="fresh cases whose name holds this")
    parser.add_argument("--brine", default=str(ROOT / "packages/cli/dist/index.js"))
    parser.add_argument("folders", nargs="*")
    args = parser.parse_args()
    passed = failed = 0
    refused = collections.defaultdict(list)
    written = collections.defaultdict(set)
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(temporary)
        if args.fresh:
            import anew

            cases, unfit = anew.models(out, args.seed, args.case)
            print("".join(f"FAILED to fit {line}\n" for line in unfit), end="")
            failed += len(unfit)
        else:
            cases = recorded([Path(f) for f in args.folders] or [ROOT / "fixtures/models" / sklearn.__version__])
        jobs = []
        for i, (case, ways) in enumerate(cases):
            if args.all or args.only:
                ways = [way for way in WAYS if args.only in f"{way[0]}, {way[1]}"]
            for k, way in enumerate(ways):
                jobs.append({"id": f"{i}-{k}", "case": i, "from": str(case.file), **job(way, out / f"{i}-{k}.out")})
        results = converted(args.brine, jobs, out)
        known = {}
        for todo in jobs:
            case = cases[todo["case"]][0]
            result = results[todo["id"]]
            if "refused" in result:
                if any(text in result["refused"] for text in REFUSED):
                    refused[result["refused"].split(" (")[0]].append(case.name)
                else:
                    failed += 1
                    print(f"FAILED {case.name} ({todo['how']}): {result['refused']}")
                continue
            if todo["case"] not in known:
                known.clear()
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    known[todo["case"]] = case.answers(load(case.file))
            why = fault(case, known[todo["case"]], todo)
            if why is None:
                passed += 1
                written[todo["target"]] |= case.holds
            else:
                failed += 1
                print(f"FAILED {case.name} ({todo['how']}): {why}")
    for text, names in refused.items():
        print(f"refused {len(names)}: {text} ({', '.join(sorted(set(names))[:4])})")
    if args.fresh and not args.case and not args.only:
        lines = uncovered(written, documented())
        failed += len(lines)
        print("".join(f"{line}\n" for line in lines), end="")
    print(f"scikit-learn {sklearn.__version__}, joblib {joblib.__version__}" + ("" if skops_io is None else f", skops {sys.modules['skops'].__version__}"))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
