"""The ways in which brine writes a model, and how Python reads each."""

import warnings

import joblib
import numpy as np

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
WAYS.append(("pickle", "gzip", "pkl.gz", {"compress": "gzip"}))
WAYS += [("joblib", how, "joblib", {"compress": how}) for how in ("none", "zlib", "gzip", "lz4", "xz")]
WAYS += [("joblib", "lean", "joblib", {"lean": True, "compress": "zlib"}), ("joblib", "split", "joblib", {"split": {"least": 1}})]
if NUMPY2:
    WAYS.append(("pickle", "protocol 5, numpy 2", "pkl", {"protocol": 5, "numpy": 2}))
if skops_io is not None:
    numpy = 2 if NUMPY2 else 1
    WAYS.append(("skops", f"protocol {SKOPS}", "skops", {"protocol": SKOPS, "numpy": numpy}))
    WAYS.append(("skops", "stored", "skops", {"protocol": SKOPS, "numpy": numpy, "compress": "none"}))

# What skops has no form for, and names that nobody vouches for; brine refuses both by name.
REFUSED = ("skops cannot hold", "whoever loads the output", "no array has 1 bytes")


def job(way, to):
    """What convert.mjs is to do, but for the input."""
    target, how, extension, options = way
    path = to.with_suffix(f".{extension}")
    if "split" in options:
        options = {**options, "split": {**options["split"], "name": path.name}}
    return {"how": f"{target}, {how}", "to": str(path), "target": target, "options": options}


def load(path):
    if path.suffix == ".skops":
        return skops_io.load(path, trusted=skops_io.get_untrusted_types(file=path))
    return joblib.load(path)


def load_strictly(path):
    """Warnings are errors, but for what no writer can help."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # The class itself is deprecated, wherever its objects come from.
        warnings.filterwarnings("ignore", message="Class PassiveAggressive")
        # Matrices: skops makes them by numpy's class, whoever wrote the file.
        warnings.filterwarnings("ignore", message="the matrix subclass is not")
        # The layout of files beside is joblib 0.9's, and joblib says so.
        warnings.filterwarnings("ignore", message="The file .* has been generated with a joblib version")
        return load(path)


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
