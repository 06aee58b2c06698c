"""Every estimator, from every version, to every target: migrated by brine, loaded and asked by the target's scikit-learn.

    python oracle/migrate/matrix.py --venv 1.9.1=PYTHON [--venv 1.3.2=PYTHON …] [--cases DIR …] [--sample] [--write] [--only TEXT]

Warnings while loading are errors; the answers must be those that the version that wrote the file gave (case.json, its
tolerances). What brine refuses is listed with its reason; anything else that is not right is WRONG. `--cases` names folders
of cases or of sets of cases (default: .conformance, where it is there, else fixtures/models and fixtures/migrate);
`--sample` takes every few only; `--write` writes docs/migration-matrix.md. The last line is `N passed, N failed`.
"""

import argparse
import collections
import json
import os
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
JUDGE = Path(__file__).with_name("judge.py")
SAMPLE = 5  # every so many cases of a set
CHUNK = 500  # cases that one Python process judges
FORMATS = ("pickle", "joblib", "skops")


def cases(folders, only, sample):
    found = []
    for folder in folders:
        paths = sorted(folder.glob("**/case.json"))
        number = 0
        for path in paths:
            about = json.loads(path.read_text(encoding="utf-8"))
            # Models over several files, or inside of others, are told apart by their own tests.
            if about["format"] not in FORMATS or "sklearn" not in about["versions"] or "folder" in about or "pick" in about:
                continue
            if isinstance(about["model"], list) or only not in about["id"] or not about["expect"]:
                continue
            number += 1
            if not sample or number % SAMPLE == 0 or folder.name == "migrate":
                found.append((path.parent, about))
    return found


def ordered(version):
    return tuple(int("".join(c for c in part if c.isdigit()) or 0) for part in version.split(".")[:2])


def migrate(found, targets, scratch):
    jobs, outs = [], {}
    for number, (folder, about) in enumerate(found):
        out = [str(scratch / f"{number}-{target}.pkl") for target in targets]
        jobs.append({"file": str(folder / about["model"]), "to": targets, "out": out})
        for target, path in zip(targets, out):
            outs[path] = (number, target)
    (scratch / "jobs.json").write_text(json.dumps(jobs))
    node = ["node", "--max-old-space-size=4096", str(ROOT / "tools" / "migrate-cases.mjs")]
    subprocess.run([*node, str(scratch / "jobs.json"), str(scratch / "migrated.json")], check=True, cwd=ROOT)
    return [(outs[entry["out"]], entry) for entry in json.loads((scratch / "migrated.json").read_text())]


def judge(python, jobs, scratch):
    out = []
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    for start in range(0, len(jobs), CHUNK):
        chunk = jobs[start : start + CHUNK]
        given, answered = scratch / "judge.json", scratch / "judged.json"
        given.write_text(json.dumps(chunk))
        answered.unlink(missing_ok=True)
        subprocess.run([python, str(JUDGE), str(given), str(answered)], env=environment, check=False)
        got = json.loads(answered.read_text()) if answered.exists() else []
        out += got
        # A model that takes its interpreter down is wrong, and the rest of its chunk is judged without it.
        if len(got) < len(chunk):
            out.append({"id": chunk[len(got)]["id"], "right": False, "why": "the interpreter died", "skipped": [], "notes": []})
            out += judge(python, chunk[len(got) + 1 :], scratch)
    return out


def reason_of(text):
    """The reason of a refusal, without the file and the versions that every one names."""
    text = text.split(" (in ")[0].split(" (at ")[0]
    start = text.find(": ") + 2 if text.startswith("this cannot be written") else 0
    return text[start:].replace(". The nearest version that can hold it is ", " — nearest: ").replace(". No version that brine writes for can hold it", "")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--venv", action="append", required=True, metavar="VERSION=PYTHON")
    arguments.add_argument("--cases", action="append", type=Path)
    arguments.add_argument("--only", default="")
    arguments.add_argument("--sample", action="store_true")
    arguments.add_argument("--write", action="store_true")
    options = arguments.parse_args()
    pythons = dict(entry.split("=", 1) for entry in options.venv)
    conformance = ROOT / ".conformance"
    here = [conformance / name for name in ("o21", "o24", "s11", "s13", "s15", "s19")]
    committed = [ROOT / "fixtures" / "models" / name.name for name in sorted((ROOT / "fixtures" / "models").iterdir())]
    default = here if all(folder.is_dir() for folder in here) and not options.sample else committed
    found = cases(options.cases or [*default, ROOT / "fixtures" / "migrate"], options.only, options.sample)
    targets = list(pythons)
    cells = collections.defaultdict(list)
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        jobs = collections.defaultdict(list)
        for (number, target), entry in migrate(found, targets, scratch):
            about = found[number][1]
            key = (about["estimator"], ".".join(about["versions"]["sklearn"].split(".")[:2]), target)
            if entry["ok"]:
                jobs[target].append({"id": number, "case": str(found[number][0]), "model": entry["out"]})
            elif entry["crash"]:
                cells[key].append(("wrong", entry["reason"]))
                wrong.append(f"{found[number][0]} → {target}: {entry['reason']}")
            else:
                cells[key].append(("refused", reason_of(entry["reason"])))
        for target, list_ in jobs.items():
            for got in judge(pythons[target], list_, scratch):
                about = found[got["id"]][1]
                key = (about["estimator"], ".".join(about["versions"]["sklearn"].split(".")[:2]), target)
                cells[key].append(("right", got["notes"]) if got["right"] else ("wrong", got["why"]))
                if not got["right"]:
                    wrong.append(f"{found[got['id']][0]} → {target}: {got['why']}")
    for line in wrong:
        print("WRONG", line)
    total = collections.Counter((key[2], outcome) for key, list_ in cells.items() for outcome, _ in list_)
    for target in targets:
        print(f"to {target}: {total[target, 'right']} right, {total[target, 'refused']} refused, {total[target, 'wrong']} wrong")
    remarks = collections.Counter((key[2], key[0], remark) for key, list_ in cells.items() for outcome, said in list_ if outcome == "right" for remark in said)
    for (target, estimator, remark), count in sorted(remarks.items()):
        print(f"excused to {target}: {count} {estimator}, {remark}")
    if options.write:
        write(cells, targets, total)
    passed = sum(n for (_, outcome), n in total.items() if outcome != "wrong")
    print(f"{passed} passed, {len(wrong)} failed")
    raise SystemExit(1 if wrong else 0)


def write(cells, targets, total):
    versions = sorted({key[1] for key in cells}, key=ordered)
    notes = {}

    def note(text):
        return notes.setdefault(text, len(notes) + 1)

    lines = [
        "# What migrates where",
        "",
        "Made by `oracle/migrate/matrix.py --write`: models of each estimator, saved by each version, migrated by `brine migrate`,",
        "loaded by the target's own scikit-learn with warnings turned into errors, and asked what the version that wrote them",
        "had answered. A number is how many models were right; `2 of 3 [4]` means that one was refused for reason 4;",
        "a bare `[5]` is a remark. Nothing is written that would answer otherwise.",
        "",
    ]
    for target in targets:
        right, refused = total[target, "right"], total[target, "refused"]
        lines += [f"## To scikit-learn {target}: {right} right, {refused} refused, {total[target, 'wrong']} wrong", ""]
        lines += ["| estimator | " + " | ".join(f"from {v}" for v in versions) + " |", "|---|" + "---|" * len(versions)]
        for estimator in sorted({key[0] for key in cells if key[2] == target}, key=str.lower):
            row = []
            for version in versions:
                list_ = cells.get((estimator, version, target))
                if not list_:
                    row.append("")
                    continue
                good = sum(1 for outcome, _ in list_ if outcome == "right")
                marks = {note(text) for outcome, text in list_ if outcome == "refused"}
                marks |= {note(remark) for outcome, remarks in list_ if outcome == "right" for remark in remarks}
                bad = sum(1 for outcome, _ in list_ if outcome == "wrong")
                text = str(good) if good == len(list_) else f"{good} of {len(list_)}"
                row.append(text + "".join(f" [{m}]" for m in sorted(marks)) + (f" WRONG {bad}" if bad else ""))
            lines.append(f"| {estimator} | " + " | ".join(row) + " |")
        lines.append("")
    lines += ["## Reasons and remarks", ""]
    lines += [f"{number}. {text}" for text, number in notes.items()]
    (ROOT / "docs" / "migration-matrix.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
