"""Does brine answer what `skops.io.get_untrusted_types` answers?

    python oracle/skops/judge.py [--brine packages/cli/dist/index.js] [FILE or FOLDER…]

Of every skops file in the folders (by default fixtures), and of what brine itself writes as skops from each
case of fixtures/models/<this scikit-learn>. Where skops raises instead of answering, brine must have an answer, or say
why it has none; those are listed. Needs skops; the last line is `N passed, N failed`.
"""
import argparse
import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import sklearn
import skops.io

warnings.simplefilter("ignore")
ROOT = Path(__file__).resolve().parents[2]

parser = argparse.ArgumentParser()
parser.add_argument("--brine", default=str(ROOT / "packages/cli/dist/index.js"))
parser.add_argument("paths", nargs="*", default=[str(ROOT / "fixtures")])
options = parser.parse_args()

found = [Path(p) for p in options.paths]
found = [file for p in found for file in ([p] if p.is_file() else sorted(p.rglob("*.skops")))]
with tempfile.TemporaryDirectory() as folder:
    jobs = [{"file": str(file)} for file in found]
    cases = sorted((ROOT / "fixtures/models" / sklearn.__version__).glob("*/model.*"))
    saved = [file for file in cases if file.suffix in (".pkl", ".joblib")]
    jobs += [{"from": str(file), "file": f"{folder}/{file.parent.name}.skops"} for file in saved]
    (Path(folder) / "jobs.json").write_text(json.dumps(jobs))
    node = ["node", str(Path(__file__).parent / "untrusted.mjs"), options.brine, f"{folder}/jobs.json"]
    answers = json.loads(subprocess.run(node, check=True, stdout=subprocess.PIPE, text=True).stdout)

    passed = failed = refused = 0
    for job, answer in zip(jobs, answers):
        name = job["file"]
        if "from" in job and "written" not in answer:
            # What skops has no place for is refused when it is written: `writers.py` looks at that.
            refused += 1
            continue
        try:
            theirs = skops.io.get_untrusted_types(file=name)
        except Exception as error:  # noqa: BLE001
            print(f"{name}\n  skops: {type(error).__name__}: {error}\n  brine: {answer.get('untrusted', answer.get('refused'))}")
            right = "untrusted" in answer or answer.get("code") not in (None, "INTERNAL")
        else:
            right = answer.get("untrusted") == theirs
            if not right:
                print(f"{name}\n  skops: {theirs}\n  brine: {answer.get('untrusted', answer.get('refused'))}")
        passed, failed = passed + right, failed + (not right)

print(f"{len(found)} files of skops, {len(jobs) - len(found) - refused} that brine wrote ({refused} it does not write)")
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
