"""Writes packages/core/src/environment/sklearn-names.ts from the lists that sweep.py made.

    python oracle/environment/tables.py names-0.18.2.json names-0.19.2.json …      oldest first
"""

import json
import re
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parents[2] / "packages/core/src/environment/sklearn-names.ts"
# Copies of other libraries, and what no model holds.
LEFT_OUT = ("sklearn.externals.array_api", "sklearn.externals._", "sklearn.datasets", "sklearn.utils._test", "sklearn.utils.estimator_checks", "sklearn.utils.testing", "sklearn.utils._testing", "sklearn.externals.conftest", "sklearn.externals.joblib.")

# Functions that no pickle names.
PRIVATE = re.compile(r"_(?!passthrough_scorer)[a-z]|test_")

lists = [json.loads(Path(p).read_text()) for p in sys.argv[1:]]
minors = [".".join(x["version"].split(".")[:2]) for x in lists]


def span(present):
    first, last = min(present), max(present)
    return first, last


def text(first, last):
    """`0.22-1.2`: since 0.22, last in 1.2; an end that is ours is left open."""
    return f"{'' if first == 0 else minors[first]}-{'' if last == len(minors) - 1 else minors[last]}"


modules, own = {}, {}
for i, each in enumerate(lists):
    for module, names in each["names"].items():
        if module.startswith(LEFT_OUT):
            continue
        modules.setdefault(module, {})[i] = {n.lstrip("*") for n in names}
        own.setdefault(module, set()).update(n[1:] for n in names if n.startswith("*") and not PRIVATE.match(n[1:]))
    # Modules that were moved away hand every name on to the new place, but do not list it.
    for module in each["deprecated"]:
        if module in modules:
            modules[module][i] = None

lines = []
for module in sorted(modules):
    by_version = {i: own[module] if names is None else names for i, names in modules[module].items()}
    whole = span(by_version)
    exceptions = {}
    for name in sorted(own[module]):
        at = [i for i in by_version if name in by_version[i]]
        if span(at) != whole:
            exceptions.setdefault(text(*span(at)), []).append(name)
    parts = [f"{module} {text(*whole)}"] + [f"{when} {' '.join(names)}" for when, names in exceptions.items()]
    lines.append("; ".join(parts))

deprecated = sorted({m for x in lists for m in x["deprecated"] if not m.startswith(LEFT_OUT)})
body = "\n".join(lines)
TARGET.write_text(
    f"""// Written by oracle/environment/tables.py from what scikit-learn {lists[0]['version']} to {lists[-1]['version']} import. Do not edit.
// A line a module: the minor versions that have it, first and last (open where the swept ones end), then names that
// only some of those have. {len(lists)} versions: {', '.join(x['version'] for x in lists)}.
export const SWEPT = {json.dumps(minors)} as const;

export const sklearnNames = `
{body}
`;
"""
)
print(len(lines), "modules", len(body), "bytes", len(deprecated), "deprecated")
