"""Would Python still import anything that nobody vouches for, from files that the scanner calls clean?

    python oracle/scan/survivors.py folder

`node tools/fuzz-scan.mjs --survivors folder` leaves there what began as malicious and was found clean. Each is loaded in
every way that Python has (pickle, joblib, numpy, members of archives, compressed), by an unpickler that imports nothing:
every name becomes an inert stand-in, is written down, and must be on the list of names that are vouched for.
"""

import bz2
import gzip
import io
import json
import lzma
import pickle
import sys
import tarfile
import zipfile
import zlib
from pathlib import Path

import joblib.numpy_pickle
import numpy as np

known = json.loads((Path(__file__).resolve().parent / "known.json").read_text())
VOUCHED = {
    (module, name)
    for modules in known["libraries"].values()
    for module, names in modules.items()
    for name, (use, *_) in names.items()
    if use != "no"
}
# Harmless with harmless arguments: the scanner looks at each call.
VOUCHED |= {
    (module, name)
    for module, names in {
        "builtins": "getattr type", "__builtin__": "getattr type", "functools": "partial", "_functools": "partial",
        "copyreg": "_reconstructor __newobj__ __newobj_ex__", "copy_reg": "_reconstructor __newobj__ __newobj_ex__",
        "numpy.core": "_ufunc_reconstruct", "numpy._core": "_ufunc_reconstruct", "torch.storage": "_load_from_bytes",
    }.items()
    for name in names.split()
}
# Of these, the calls are looked at here too.
CALLS = {
    ("operator", "attrgetter"): lambda *words: all(isinstance(w, str) and not any(p.startswith("_") for p in w.split(".")) for w in words),
    ("_operator", "attrgetter"): lambda *words: CALLS["operator", "attrgetter"](*words),
    ("operator", "methodcaller"): lambda word=None, *_: word is None or CALLS["operator", "attrgetter"](word),
    ("_operator", "methodcaller"): lambda *words: CALLS["operator", "methodcaller"](*words),
    ("joblib.memory", "Memory"): lambda location=None, *_, **__: location is None,
    ("sklearn.externals.joblib.memory", "Memory"): lambda location=None, *_, **__: location is None,
}
# What reading arrays needs in earnest.
REAL = {
    ("joblib.numpy_pickle", "NumpyArrayWrapper"), ("numpy", "dtype"), ("numpy", "ndarray"),
    ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"),
}
MAX_BYTES = 64 << 20


class Nothing:
    """Whatever a file names: it takes everything, and does nothing."""

    def __new__(cls, *arguments, **keywords):
        return object.__new__(cls)

    def __init__(self, *arguments, **keywords):
        pass

    def __call__(self, *arguments, **keywords):
        return Nothing()

    def __setstate__(self, state):
        pass

    def __setitem__(self, key, value):
        pass

    def append(self, item):
        pass

    extend = append
    add = append

    def __hash__(self):
        return 1

    def __eq__(self, other):
        return self is other


def find(imported):
    def find_class(self, module, name):
        imported.append((module, name))
        if (module, name) in REAL:
            return pickle.Unpickler.find_class(self, module, name)
        harmless = CALLS.get((module, name))
        if harmless is None:
            return Nothing

        class Called(Nothing):
            def __new__(cls, *arguments, **keywords):
                if not harmless(*arguments, **keywords):
                    imported.append((module, f"{name}{arguments}"))
                return object.__new__(Nothing)

        return Called

    return find_class


def unpickle(content, imported):
    cls = type("Reader", (pickle.Unpickler,), {"find_class": find(imported), "persistent_load": lambda self, pid: None})
    cls(io.BytesIO(content), encoding="latin1").load()


def unjoblib(content, imported):
    cls = type("Reader", (joblib.numpy_pickle.NumpyUnpickler,), {"find_class": find(imported)})
    stream = io.BytesIO(content)
    # Object arrays are pickles of their own, which joblib gives to pickle.load.
    inner = pickle.load
    pickle.load = lambda handle, **options: unpickle(handle.read(), imported)
    try:
        try:
            cls("x", stream, ensure_native_byte_order=True).load()
        except TypeError:
            cls("x", stream).load()
    finally:
        pickle.load = inner


def unnumpy(content, imported):
    stream = io.BytesIO(content)
    version = np.lib.format.read_magic(stream)
    header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    _, _, dtype = header(stream)
    if dtype.hasobject:
        unpickle(stream.read(), imported)


def unpacked(content):
    """What lies inside, by every container that Python opens."""
    for open_ in (gzip.decompress, bz2.decompress, lzma.decompress, lambda c: zlib.decompressobj().decompress(c, MAX_BYTES),
                  lambda c: zlib.decompressobj().decompress(c[21:], MAX_BYTES)):
        try:
            yield open_(content)
        except Exception:
            pass
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                try:
                    yield archive.read(member)
                except Exception:
                    pass
    except Exception:
        pass
    try:
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            for member in archive:
                if member.isfile():
                    yield archive.extractfile(member).read()
    except Exception:
        pass


def imports(content, depth=0):
    found = []
    for load in (unpickle, unjoblib, unnumpy):
        try:
            load(content, found)
        except BaseException:
            pass
    if depth < 3:
        for inner in unpacked(content):
            if len(inner) < MAX_BYTES:
                found += imports(inner, depth + 1)
    return found


def importable(module, name):
    """Numbers that are taken for opcodes name modules that cannot be."""
    return all(character.isidentifier() for part in (module, name.split("(")[0]) for character in part.split("."))


def main(folder):
    passed = failed = 0
    for path in sorted(Path(folder).iterdir()):
        if "-clean" not in path.name:
            continue
        bad = sorted({f"{module}.{name}" for module, name in imports(path.read_bytes()) if (module, name) not in VOUCHED and (module, name) not in CALLS and importable(module, name)})
        if bad:
            failed += 1
            print(f"{path.name}: Python would import {', '.join(bad)}")
        else:
            passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main(sys.argv[1]))
