"""What changed in scikit-learn from version to version, as far as a saved model can tell.

    python oracle/migrate/sweep.py names SOURCES OUT.json      modules, parameters and defaults, read from source text
    python oracle/migrate/sweep.py attributes SET OUT.json     what fitted estimators of a conformance set hold
    python oracle/migrate/sweep.py diff A.json B.json          what B has that A has not, and the reverse

`SOURCES` is an unpacked wheel or a site-packages folder that holds `sklearn/`. Nothing of it is imported, so every
version can be read by any Python. `attributes` runs in a virtualenv whose scikit-learn opens the set.
The rules in packages/core/src/migrate/rules were written from these lists, and the release notes say why.
"""

import ast
import json
import pickle
import sys
import warnings
from pathlib import Path


# ---- names: classes, functions, parameters


def modules(root):
    for path in sorted(root.glob("sklearn/**/*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        if "tests" in parts or parts[-1] in {"setup", "conftest"}:
            continue
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def parameters(function):
    """[[name, default as source text or None], …] of an `__init__`, without self."""
    args = function.args
    plain = args.posonlyargs + args.args
    defaults = [None] * (len(plain) - len(args.defaults)) + [ast.unparse(d) for d in args.defaults]
    out = [[a.arg, d] for a, d in zip(plain, defaults)][1:]
    out += [[a.arg, None if d is None else ast.unparse(d)] for a, d in zip(args.kwonlyargs, args.kw_defaults)]
    return out


def names(root):
    classes, functions = {}, {}
    for module, path in modules(root):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                init = next((n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"), None)
                bases = [b.attr if isinstance(b, ast.Attribute) else getattr(b, "id", "?") for b in node.bases]
                classes.setdefault(node.name, {})[module] = {"bases": bases, "init": None if init is None else parameters(init)}
            elif isinstance(node, ast.FunctionDef):
                functions.setdefault(node.name, []).append(module)
    out = {}
    for name, places in classes.items():
        for module in places:
            out.setdefault(name, {})[module] = inherited(classes, name, module, set())
    return {"classes": out, "functions": functions}


def inherited(classes, name, module, seen):
    places = classes.get(name)
    if not places or name in seen:
        return None
    entry = places.get(module) or next(iter(places.values()))
    if entry["init"] is not None:
        return entry["init"]
    for base in entry["bases"]:
        found = inherited(classes, base, module, seen | {name})
        if found is not None:
            return found
    return None


# ---- attributes: what a fitted one holds


def kind(value):
    name = f"{type(value).__module__}.{type(value).__name__}"
    dtype = getattr(value, "dtype", None)
    if isinstance(dtype, np.dtype) and isinstance(getattr(value, "shape", None), tuple):
        return f"{name}[{dtype.str if dtype.names is None else 'record'}]{len(value.shape)}d"
    if isinstance(value, (list, tuple)) and value:
        return f"{name} of {kind(value[0])}"
    return name


def walk(value, found, seen):
    if id(value) in seen:
        return
    seen[id(value)] = value
    cls = type(value)
    if cls.__module__.startswith("sklearn") or cls.__module__ == "_loss":
        entry = found.setdefault(cls.__name__, {"modules": [], "attributes": {}, "count": 0})
        entry["count"] += 1
        if cls.__module__ not in entry["modules"]:
            entry["modules"].append(cls.__module__)
        state = getattr(value, "__dict__", None)
        if state is None:
            try:
                state = value.__reduce__()[2]
            except Exception:
                state = None
        if isinstance(state, dict):
            for key, item in state.items():
                kinds = entry["attributes"].setdefault(str(key), {})
                kinds[kind(item)] = kinds.get(kind(item), 0) + 1
                walk(item, found, seen)
        elif state is not None:
            entry["attributes"].setdefault("(state)", {})[kind(state)] = 1
    if isinstance(value, dict):
        for item in value.values():
            walk(item, found, seen)
    elif isinstance(value, (list, tuple)):
        for item in value:
            walk(item, found, seen)
    elif isinstance(value, np.ndarray) and value.dtype == object and value.size < 10_000:
        for item in value.ravel().tolist():
            walk(item, found, seen)


def attributes(folder):
    global np
    import numpy as np

    found, failed = {}, {}
    for case in sorted(folder.glob("*/case.json")):
        about = json.loads(case.read_text())
        if about["format"] == "skops":
            continue
        path = case.parent / about["model"]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if about["format"] == "joblib":
                    import joblib

                    model = joblib.load(path)
                else:
                    model = pickle.loads(path.read_bytes())
            walk(model, found, {})
        except Exception as error:
            failed[about["id"]] = f"{type(error).__name__}: {error}"
    return {"classes": found, "failed": failed}


# ---- diff


def diff_names(a, b):
    for name in sorted(set(a["classes"]) | set(b["classes"])):
        was, now = a["classes"].get(name), b["classes"].get(name)
        if was is None:
            print(f"new    {name}: {', '.join(now)}")
            continue
        if now is None:
            print(f"gone   {name}: {', '.join(was)}")
            continue
        if set(was) != set(now):
            print(f"moved  {name}: {', '.join(sorted(set(was) - set(now)))} -> {', '.join(sorted(set(now) - set(was)))}")
        before = dict(next((p for p in was.values() if p), []))
        after = dict(next((p for p in now.values() if p), []))
        for key in before.keys() - after.keys():
            print(f"param- {name}.{key} (was {before[key]})")
        for key in after.keys() - before.keys():
            print(f"param+ {name}.{key} = {after[key]}")
        for key in after.keys() & before.keys():
            if before[key] != after[key]:
                print(f"param~ {name}.{key}: {before[key]} -> {after[key]}")
    for name in sorted(set(a["functions"]) | set(b["functions"])):
        was, now = set(a["functions"].get(name, [])), set(b["functions"].get(name, []))
        if was != now and not name.startswith("_test") and was:
            print(f"func   {name}: {', '.join(sorted(was - now))} -> {', '.join(sorted(now - was))}")


def diff_attributes(a, b):
    for name in sorted(set(a["classes"]) | set(b["classes"])):
        was, now = a["classes"].get(name), b["classes"].get(name)
        if was is None or now is None:
            print(f"{'new ' if was is None else 'gone'}   {name}: {', '.join((was or now)['modules'])}")
            continue
        if set(was["modules"]) != set(now["modules"]):
            print(f"moved  {name}: {was['modules']} -> {now['modules']}")
        for key in sorted(was["attributes"].keys() - now["attributes"].keys()):
            print(f"attr-  {name}.{key} ({', '.join(was['attributes'][key])})")
        for key in sorted(now["attributes"].keys() - was["attributes"].keys()):
            print(f"attr+  {name}.{key} ({', '.join(now['attributes'][key])})")
        for key in sorted(now["attributes"].keys() & was["attributes"].keys()):
            x, y = set(was["attributes"][key]), set(now["attributes"][key])
            if not x & y:
                print(f"attr~  {name}.{key}: {', '.join(sorted(x))} -> {', '.join(sorted(y))}")


def main():
    command, *args = sys.argv[1:] or ["help"]
    if command == "names" and len(args) == 2:
        Path(args[1]).write_text(json.dumps(names(Path(args[0])), indent=1))
    elif command == "attributes" and len(args) == 2:
        out = attributes(Path(args[0]))
        Path(args[1]).write_text(json.dumps(out, indent=1))
        print(f"{len(out['classes'])} classes, {len(out['failed'])} files did not load")
    elif command == "diff" and len(args) == 2:
        a, b = (json.loads(Path(p).read_text()) for p in args)
        (diff_names if "functions" in a else diff_attributes)(a, b)
    else:
        raise SystemExit(__doc__)


main()
