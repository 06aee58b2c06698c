"""Files that do something when Python loads them, and what Python did: fixtures/audit/malicious.json.

    python oracle/audit/make_malicious.py

Each is loaded in a process of its own by pickle.load or joblib.load, with an audit hook (PEP 578) that writes down the
first event of the dangerous kinds and stops there. `did` is that event; null where the sample does its harm otherwise,
or where this Python refuses to load it.
"""

import base64
import builtins
import functools
import importlib
import io
import json
import operator
import os
import pickle
import runpy
import shutil
import struct
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import cloudpickle
import joblib
import joblib.numpy_pickle
import numpy as np
import pandas as pd

warnings.simplefilter("ignore")
OUT = Path(__file__).resolve().parents[2] / "fixtures/audit/malicious.json"
samples = {}


class Call:
    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def text(word):
    encoded = word.encode()
    return b"\x8c" + bytes([len(encoded)]) + encoded


def dumped(value, **options):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.joblib"
        joblib.dump(value, path, **options)
        return path.read_bytes()


run = Call(os.system, "id")
objects = np.array([run, 1], dtype=object)
RAW = b"cos\nsystem\n(S'id'\ntR."

for protocol in range(6):
    samples[f"os.system, protocol {protocol}"] = pickle.dumps({"a": [1, 2], "x": run}, protocol)
for function, *arguments in [
    (eval, "1+1"), (exec, "import os"), (compile, "1", "", "eval"), (__import__, "os"), (open, "/etc/passwd"),
    (subprocess.Popen, ["id"]), (subprocess.check_output, ["id"]), (importlib.import_module, "os"),
    (runpy.run_path, "x"), (shutil.rmtree, "/nowhere"), (np.load, "x.npy", None, True), (joblib.load, "x"),
    (pd.read_pickle, "x"), (pickle.loads, pickle.dumps(run)),
]:
    samples[f"calls {function.__module__}.{function.__qualname__}"] = pickle.dumps(Call(function, *arguments))
for module, name, argument in [
    ("pkgutil", "resolve_name", "os:system"), ("webbrowser", "open", "http://localhost"), ("timeit", "timeit", "1"),
    ("ctypes", "CDLL", "x"), ("socket", "create_connection", "x"), ("pty", "spawn", "id"), ("code", "interact", "x"),
    ("pydoc", "locate", "os"), ("asyncio", "run", "x"), ("multiprocessing.util", "spawnv_passfds", "x"),
    ("idlelib.pyshell", "ModifiedInterpreter", "x"), ("cProfile", "run", "1"), ("doctest", "debug_script", "1"),
    ("pip", "main", "x"), ("distutils.spawn", "spawn", "x"), ("logging.config", "fileConfig", "x"),
    ("torch.storage", "_load_from_bytes", "x"), ("numpy.testing._private.utils", "runstring", "1"),
    ("pandas.core.computation.eval", "eval", "1"), ("uuid", "_get_command_stdout", "x"), ("linecache", "getlines", "/etc/passwd"),
]:
    samples[f"calls {module}.{name}"] = b"\x80\x04" + text(module) + text(name) + b"\x93" + text(argument) + b"\x85R."

for place, value in [("in a joblib object array", {"m": objects}), ("beside a joblib array", {"m": [run, np.arange(4.0)]})]:
    samples[place] = dumped(value)
    for compressor in ("zlib", "gzip", "bz2", "lzma", "xz"):
        samples[f"{place}, {compressor}"] = dumped(value, compress=(compressor, 3))
buffer = io.BytesIO()
np.save(buffer, objects, allow_pickle=True)
samples["in an .npy file"] = buffer.getvalue()
buffer = io.BytesIO()
np.savez(buffer, a=np.arange(3), b=objects)
samples["in an .npz file"] = buffer.getvalue()

for module, name in [
    ("pathlib", "os.system"), ("sklearn.base", "os.system"), ("numpy", "lib.os.system"), ("joblib.memory", "os.system"),
]:
    samples[f"dotted: {module} {name}"] = b"\x80\x04" + text(module) + text(name) + b"\x93" + text("id") + b"\x85R."
samples["dotted: globals of a method"] = (
    b"\x80\x04" + text("logging") + text("Logger.debug.__globals__") + b"\x93."
)
samples["getattr of an import"] = (
    b"\x80\x02cbuiltins\ngetattr\n(cbuiltins\n__import__\n(X\x02\x00\x00\x00ostRX\x06\x00\x00\x00systemtR(X\x02\x00\x00\x00idtR."
)
samples["getattr to subclasses"] = b"\x80\x02cbuiltins\ngetattr\n(cnumpy\nndarray\nX\x0e\x00\x00\x00__subclasses__tR)R."
samples["getattr to globals"] = (
    b"\x80\x04" + text("builtins") + text("getattr") + b"\x93(" + text("sklearn.utils.validation") + text("check_array")
    + b"\x93" + text("__globals__") + b"tR."
)
samples["getattr of a module's os"] = (
    b"\x80\x04" + text("builtins") + text("getattr") + b"\x93(" + text("joblib.memory") + text("os") + b"\x93"
    + text("system") + b"tR" + text("id") + b"\x85R."
)
samples["OBJ"] = b"(cos\nsystem\nS'id'\no."
samples["OBJ dropped again"] = b"(cos\nsystem\nS'id'\no0N."
samples["INST"] = b"(S'id'\nios\nsystem\n."
samples["Python 2 names"] = b"c__builtin__\neval\n(S'1'\ntR."
samples["copyreg.__newobj__"] = b"\x80\x02ccopyreg\n__newobj__\n(csubprocess\nPopen\nX\x02\x00\x00\x00idtR."
samples["copyreg._reconstructor"] = b"ccopy_reg\n_reconstructor\n(csubprocess\nPopen\nc__builtin__\nobject\nNtR."
samples["a second pickle"] = pickle.dumps([1, 2]) + pickle.dumps(run)
samples["broken behind the call"] = pickle.dumps({"x": run})[:-1] + b"\xff\xff"
samples["text behind the pickle"] = RAW + b"hello world this is text\nand more\n"
samples["a table that is a pickle"] = RAW + b"\na,b\n1,2\n"
samples["state of a function"] = b"\x80\x02cnumpy\nsize\n}X\x0c\x00\x00\x00__builtins__NsbN."
samples["state of a class"] = (
    b"\x80\x02csklearn.base\nBaseEstimator\n}X\x0c\x00\x00\x00__setstate__cos\nsystem\nsb."
)
body = text("os") + text("system") + b"\x93" + text("id") + b"\x85R."
samples["a frame that ends within an opcode"] = b"\x80\x04\x95" + struct.pack("<Q", 3) + body
samples["a frame beyond the end"] = b"\x80\x04\x95" + struct.pack("<Q", len(body) + 9) + body + b"\0" * 9
samples["map"] = pickle.dumps(Call(list, Call(map, os.system, ["id"])))
samples["partial called"] = pickle.dumps(Call(functools.partial(os.system, "id")))
samples["methodcaller"] = pickle.dumps(Call(operator.methodcaller("system", "id"), 1))
samples["attrgetter"] = pickle.dumps(Call(operator.attrgetter("__globals__"), pd.isna))
samples["DataFrame.eval"] = pickle.dumps(Call(pd.DataFrame({"a": [1]}).eval, '@__import__("os").system("id")'))
samples["ndarray.tofile"] = pickle.dumps(Call(np.arange(3).tofile, "/nowhere/x"))
samples["_ufunc_reconstruct"] = (
    b"\x80\x02cnumpy.core\n_ufunc_reconstruct\n(X\x02\x00\x00\x00osX\x06\x00\x00\x00systemtR(X\x02\x00\x00\x00idtR."
)
samples["dill reaches it"] = (
    b"\x80\x02cdill._dill\n_get_attr\n(cdill._dill\n_import_module\n(X\x02\x00\x00\x00ostRX\x06\x00\x00\x00systemtR(X\x02\x00\x00\x00idtR."
)
samples["an item of a name"] = b"cos\nenviron\nS'BRINE'\nS'x'\ns."
samples["a lambda, called"] = cloudpickle.dumps(Call(lambda x: open("/etc/passwd"), 1))
# Without alignment, as joblib wrote before 1.2, pickle.load comes right to the array's bytes.
made = joblib.numpy_pickle.NumpyArrayWrapper.__init__


def unaligned(self, subclass, shape, order, dtype, allow_mmap=False, numpy_array_alignment_bytes=None):
    made(self, subclass, shape, order, dtype, allow_mmap, None)


joblib.numpy_pickle.NumpyArrayWrapper.__init__ = unaligned
samples["an array that is opcodes"] = dumped({"x": np.frombuffer(RAW, dtype="u1").copy()})

WATCHED = (
    "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.putenv", "subprocess.Popen",
    "socket.connect", "socket.getaddrinfo", "ctypes.dlopen", "shutil.rmtree", "webbrowser.open", "pty.spawn", "exec",
    "compile", "open",
)

LOADER = """
import sys, io, pickle, warnings
warnings.simplefilter("ignore")
import joblib, numpy, pandas, sklearn.base, sklearn.utils.validation, cloudpickle, logging, pathlib, importlib, runpy, shutil
import subprocess, functools, operator, joblib.memory, copyreg, codecs, encodings.raw_unicode_escape, encodings.latin_1
import multiprocessing, webbrowser, timeit, socket, pty, code, pydoc, asyncio, cProfile, doctest, logging.config, pkgutil
import ctypes, uuid, linecache, pandas.core.computation.eval, pandas.core.computation.api, idlelib, runpy
path, how = sys.argv[1:]
content = open(path, "rb").read()
watched = set(%r)
imports = ("site-packages", "/lib/python", ".pyc", ".py")
def hook(event, arguments):
    if event not in watched or not armed: return
    if event == "open" and any(part in str(arguments[0]) for part in (path, *imports)): return
    if event in ("compile", "exec") and any(part in str(arguments[-1]) for part in imports): return
    print(event, flush=True)
    import os; os._exit(0)
armed = False
sys.addaudithook(hook)
armed = True
try:
    pickle.load(io.BytesIO(content)) if how == "pickle" else numpy.load(path, allow_pickle=True) if how == "numpy" else joblib.load(path)
except BaseException as error:
    pass
""" % (WATCHED,)


def did(content):
    """The first event that one of the ways to load it sets off."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample"
        path.write_bytes(content)
        for how in ("pickle", "joblib", "numpy"):
            answer = subprocess.run(
                [sys.executable, "-c", LOADER, str(path), how], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                cwd=folder, timeout=60,
            ).stdout.strip()
            # An interactive prompt is no event.
            if answer and not answer.startswith(">>>"):
                return answer.splitlines()[0]
    return None


if __name__ == "__main__":
    report = []
    for name, content in samples.items():
        event = did(content)
        print(f"{event or '-':18} {name}")
        report.append({"name": name, "did": event, "content": base64.b64encode(content).decode()})
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(report, indent=1) + "\n")
