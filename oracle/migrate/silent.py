"""Three files that today's scikit-learn loads and answers wrongly, without an error: shown wrong, migrated, shown right.

    python oracle/migrate/silent.py        in the virtualenv of the newest scikit-learn; the last line is `N passed, N failed`

1. A forest of 1.3 holds counts, which are answered as if they were probabilities.
2. A vectoriser of 1.3 or 1.4 loses its weights.
3. A logistic regression of several classes trained one against the rest is answered by softmax.
"""

import json
import pickle
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent.parent
CASES = [
    ("1.3.2/counts-as-probabilities", "predict_proba"),
    ("1.3.2/weights-lost", "transform"),
    ("1.4.2/weights-lost", "transform"),
    ("1.7.2/softmax-for-ovr", "predict_proba"),
]


def dense(answer):
    return np.asarray(answer.toarray() if hasattr(answer, "toarray") else answer, dtype=float)


def main():
    folders = [ROOT / "fixtures" / "migrate" / name for name, _ in CASES]
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        outs = [str(Path(scratch) / f"{i}.pkl") for i in range(len(CASES))]
        abouts = [json.loads((folder / "case.json").read_text()) for folder in folders]
        jobs = [{"file": str(f / a["model"]), "to": ["newest"], "out": [o]} for f, a, o in zip(folders, abouts, outs)]
        (Path(scratch) / "jobs.json").write_text(json.dumps(jobs))
        tool = ROOT / "tools" / "migrate-cases.mjs"
        subprocess.run(["node", str(tool), f"{scratch}/jobs.json", f"{scratch}/done.json"], check=True, cwd=ROOT)
        for (name, method), folder, about, out in zip(CASES, folders, abouts, outs):
            expected = next(e for e in about["expect"] if e["method"] == method)
            truth = np.load(folder / expected["file"])
            entry = about["inputs"][expected["input"]]["file"]
            X = np.load(folder / entry) if entry.endswith(".npy") else json.loads((folder / entry).read_text())
            with warnings.catch_warnings():
                # All that Python says: that the versions differ, which is true of every old file.
                warnings.simplefilter("ignore")
                by_python = dense(getattr(pickle.loads((folder / about["model"]).read_bytes()), method)(X))
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                by_brine = dense(getattr(pickle.loads(Path(out).read_bytes()), method)(X))
            wrong, right = np.abs(by_python - truth).max(), np.abs(by_brine - truth).max()
            ok = wrong > 1e-3 and right <= 1e-9
            failed += not ok
            said = f"off by {wrong:.3g} as it is, by {right:.3g} migrated"
            print(f"{'ok' if ok else 'WRONG'}  {name} {method}: {said}")
    print(f"{len(CASES) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
