"""Writes fixtures/environment/errors.json: for every environment a few of each kind of answer that errors.py got there.

    python oracle/environment/sample.py VENV=errors-1.3.2.json …
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EACH = 2
PACKAGES = ["scikit-learn", "numpy", "scipy", "joblib", "pandas", "cloudpickle", "lz4"]
LISTING = """import json,sys
try:
    from importlib.metadata import distributions
    found=[(d.metadata["Name"].lower(),d.version) for d in distributions()]
except ImportError:
    import pkg_resources
    found=[(d.project_name.lower(),d.version) for d in pkg_resources.working_set]
print(json.dumps([["Python","%d.%d.%d"%tuple(sys.version_info[:3])]]+found))"""


def kind(row):
    error = row.get("error", "")
    # What came through is one kind for each version that wrote it.
    return row["stage"], re.sub(r"\d+", "0", error.split("\n")[0])[:70] or row["sklearn"]


environments = []
for pair in sys.argv[1:]:
    venv, file = pair.split("=")
    told = dict(json.loads(subprocess.check_output([venv + "/bin/python", "-I", "-c", LISTING])))
    kept, counts = [], {}
    for line in open(file):
        row = json.loads(line)
        counts[kind(row)] = counts.get(kind(row), 0) + 1
        if counts[kind(row)] <= EACH:
            case = row["case"][row["case"].index("models/") + 7 :]
            error = row.get("error", "").split("\n")[0]
            error = re.sub(r" from '.*$", "", error)[:120]
            kept.append({"case": case, "stage": row["stage"], "asked": row["asked"], **({"error": error} if error else {})})
    environments.append({"versions": {k: told[k] for k in ["Python"] + PACKAGES if k in told}, "answers": kept})
target = ROOT / "fixtures/environment/errors.json"
target.parent.mkdir(exist_ok=True)
target.write_text("[\n" + ",\n".join(
    '{"versions": ' + json.dumps(e["versions"]) + ', "answers": [\n' + ",\n".join(json.dumps(a) for a in e["answers"]) + "\n]}"
    for e in environments) + "\n]\n")
print(sum(len(e["answers"]) for e in environments), "answers,", target.stat().st_size, "bytes")
