"""Tagged JSON of real Python objects, to compare brine's with. Runs on Python 2.7 and every Python 3."""
from __future__ import division

import collections
import datetime
import functools
import json
import math
import sys
import types

import numpy as np

try:
    import pandas as pd
except ImportError:
    pd = None
try:
    import scipy.sparse as sp
except ImportError:
    sp = None

PY2 = sys.version_info[0] == 2
if not PY2:
    unicode, long = str, int
    builtin_module = "builtins"
else:
    builtin_module = "builtins"  # brine gives Python 3's names

ATOMS = (bool, int, long, float, complex, unicode, bytes, type(None), np.generic, type, types.FunctionType,
         types.BuiltinFunctionType, np.ufunc)


class Tagger(object):
    def __init__(self, protocol):
        self.protocol = protocol
        self.seen = {}
        self.shared = set()
        self.ids = {}
        self.alive = []

    def tag(self, root):
        self.count(root)
        return self.emit(root)

    def has_identity(self, value):
        if isinstance(value, np.record):
            return False
        if isinstance(value, ATOMS) and type(value) in (bool, int, long, float, complex, unicode, bytes, type(None)):
            return False
        if isinstance(value, (np.generic, type, types.FunctionType, types.BuiltinFunctionType, np.ufunc)):
            return False
        return not (type(value) is tuple and not value)

    def count(self, root):
        todo = [root]
        while todo:
            value = todo.pop()
            if self.has_identity(value):
                if id(value) in self.seen:
                    self.shared.add(id(value))
                    continue
                self.seen[id(value)] = True
                self.alive.append(value)
            self.children = todo
            self.shape(value, lambda child: todo.append(child))

    def emit(self, value):
        identity = self.has_identity(value) and id(value) in self.shared
        if identity and id(value) in self.ids:
            return {"$": "ref", "id": self.ids[id(value)]}
        if identity:
            self.ids[id(value)] = len(self.ids) + 1
            number = self.ids[id(value)]
        shape = self.shape(value, self.emit)
        if identity:
            if isinstance(shape, list):
                return {"$": "list", "id": number, "items": shape}
            shape["id"] = number
        return shape

    # what a value looks like; `sub` tags what is inside
    def shape(self, value, sub):
        kind = type(value)
        if value is None or kind is bool or kind is unicode:
            return value
        if PY2 and kind is bytes:
            return value.decode("latin-1")
        if kind is bytes:
            return {"$": "bytes", "hex": value.hex()}
        if kind is bytearray:
            return {"$": "bytearray", "hex": "".join("%02x" % b for b in value)}
        if kind in (int, long):
            return value if abs(value) < 2 ** 53 else {"$": "int", "value": str(value)}
        if kind is float:
            return number(value)
        if kind is complex:
            return {"$": "complex", "real": number(value.real), "imag": number(value.imag)}
        if kind is list:
            return [sub(item) for item in value]
        if kind is tuple:
            return {"$": "tuple", "items": [sub(item) for item in value]}
        if kind in (set, frozenset):
            return {"$": kind.__name__, "items": [sub(item) for item in value]}
        if kind is dict:
            return {"$": "dict", "items": pairs(value, sub)}
        if kind in (collections.OrderedDict, collections.Counter):
            return {"$": "dict", "module": "collections", "name": kind.__name__, "items": pairs(value, sub)}
        if kind is collections.defaultdict:
            factory = sub(value.default_factory)
            return {"$": "dict", "module": "collections", "name": "defaultdict", "factory": factory, "items": pairs(value, sub)}
        if kind is collections.deque:
            return instance("collections", "deque", [[sub(item) for item in value], value.maxlen])
        if kind is datetime.datetime:
            v = value
            fields = [v.year, v.month, v.day, v.hour, v.minute, v.second, v.microsecond]
            return instance("datetime", "datetime", fields + ([sub(v.tzinfo)] if v.tzinfo is not None else []))
        if kind is datetime.date:
            return instance("datetime", "date", [value.year, value.month, value.day])
        if kind is datetime.time:
            return instance("datetime", "time", [value.hour, value.minute, value.second, value.microsecond])
        if kind is slice:
            return instance("builtins", "slice", [sub(value.start), sub(value.stop), sub(value.step)])
        if not PY2 and kind is range:
            return instance("builtins", "range", [value.start, value.stop, value.step])
        if kind is functools.partial:
            out = instance("functools", "partial", [sub(value.func)] + [sub(a) for a in value.args])
            if value.keywords:
                out["kwargs"] = {"$": "dict", "items": pairs(value.keywords, sub)}
            return out
        if kind is type(PATTERN):
            return instance("re", "compile", [sub(value.pattern), value.flags])
        if isinstance(value, types.BuiltinFunctionType) and isinstance(value.__self__, str) and not PY2:
            return instance("builtins", "getattr", [value.__self__, value.__name__])
        if isinstance(value, np.ufunc):
            return {"$": "class", "module": UFUNC_MODULE, "name": value.__name__}
        if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
            return {"$": "class", "module": module_of(value), "name": getattr(value, "__qualname__", value.__name__)}
        if isinstance(value, np.dtype):
            return {"$": "dtype", "dtype": dtype(value)}
        if isinstance(value, np.generic):
            return {"$": "scalar", "dtype": dtype(value.dtype), "value": element(value, value.dtype, sub)}
        if isinstance(value, np.ma.MaskedArray):
            return {
                "$": "masked", "dtype": dtype(value.dtype), "shape": list(value.shape),
                "data": flat(value.data, sub), "mask": flat(np.ma.getmaskarray(value), sub),
                "fill_value": sub(value._fill_value),
            }
        if kind in (np.ndarray, np.matrix, np.recarray, np.memmap, np.char.chararray):
            name = "matrix" if kind is np.matrix else "ndarray"
            return {"$": name, "dtype": dtype(value.dtype), "shape": list(value.shape), "data": flat(value, sub)}
        if kind.__name__ == "array" and kind.__module__ == "array":
            array = np.array(value, dtype=value.typecode)
            return {"$": "ndarray", "dtype": dtype(array.dtype), "shape": list(array.shape), "data": flat(array, sub)}
        if sp is not None and sp.issparse(value):
            return sparse(value, sub)
        if pd is not None:
            if isinstance(value, pd.DataFrame):
                return {
                    "$": "DataFrame", "columns": labels(value.columns, sub), "dtypes": [dtype_name(t) for t in value.dtypes],
                    "index": labels(value.index, sub),
                    "data": [column(value.iloc[:, i], sub) for i in range(value.shape[1])],
                }
            if isinstance(value, pd.Series):
                return {
                    "$": "Series", "name": sub(value.name), "dtype": dtype_name(value.dtype),
                    "index": labels(value.index, sub), "data": column(value, sub),
                }
            if isinstance(value, pd.Index):
                return {
                    "$": "Index", "class": type(value).__name__, "name": sub(value.name),
                    "dtype": dtype_name(value.dtype), "data": labels(value, sub),
                }
        return self.reduced(value, sub)

    def reduced(self, value, sub):
        parts = list(value.__reduce_ex__(self.protocol)) + [None] * 5
        self.alive.append(parts)
        call, args, state, items, entries = parts[:5]
        if call.__name__ == "__newobj__":
            cls, args = args[0], args[1:]
            out = instance(module_of(cls), getattr(cls, "__qualname__", cls.__name__), [sub(a) for a in args])
            if not args:
                del out["args"]
        elif call.__name__ == "_reconstructor":
            cls = args[0]
            out = {"$": "instance", "module": module_of(cls), "name": cls.__name__}
        elif call is getattr:
            out = instance("builtins", "getattr", [sub(a) for a in args])
        else:
            out = instance(module_of(call), getattr(call, "__qualname__", call.__name__), [sub(a) for a in args])
        items = list(items) if items is not None else []
        if items:
            out["items"] = [sub(item) for item in items]
        entries = list(entries) if entries is not None else []
        if entries:
            out["entries"] = [[sub(k), sub(v)] for k, v in entries]
        if state is not None:
            out["state"] = sub(state)
        return out


def module_of(thing):
    import pickle
    name = getattr(thing, "__qualname__", thing.__name__)
    if PY2:
        module = pickle.whichmodule(thing, name) if getattr(thing, "__module__", None) is None else thing.__module__
    else:
        module = pickle.whichmodule(thing, name)
    renames = {"__builtin__": "builtins", "copy_reg": "copyreg"}
    return renames.get(module, module)


def instance(module, name, args):
    return {"$": "instance", "module": module, "name": name, "args": args}


def number(value):
    if value == value and abs(value) != float("inf"):
        return value
    return {"$": "float", "value": "nan" if value != value else "inf" if value > 0 else "-inf"}


def pairs(mapping, sub):
    return [[sub(k), sub(v)] for k, v in mapping.items()]


def dtype(value):
    if value.names is None:
        return value.str if value.kind != "T" else "|T16"
    out = []
    for name in value.names:
        field = value.fields[name][0]
        if field.subdtype:
            out.append([name, dtype(field.subdtype[0]), list(field.subdtype[1])])
        else:
            out.append([name, dtype(field)])
    return out


def element(value, kind, sub):
    if kind.names is not None:
        fields = [kind.fields[name][0] for name in kind.names]
        return [flat(np.asarray(v), sub) if f.subdtype else element(v, f, sub) for v, f in zip(value, fields)]
    if kind.kind in "Mm":
        return sub(int(np.asarray(value).astype("i8")))
    if kind.kind == "S" and PY2:
        return {"$": "bytes", "hex": bytes(value).encode("hex")}
    if kind.kind in "fiubcUS" and not (kind.kind in "fc" and kind.itemsize > (16 if kind.kind == "c" else 8)):
        return sub(value.item() if isinstance(value, np.generic) else value)
    return sub(value)


def flat(array, sub):
    array = np.asarray(array)
    out = []
    for value in array.ravel(order="C"):
        out.append(element(value, array.dtype, sub))
    return out


def sparse(value, sub):
    out = {
        "$": "sparse", "format": value.format, "shape": list(value.shape),
        "container": "array" if type(value).__name__.endswith("_array") else "matrix",
    }
    if value.format == "dok":
        out["items"] = pairs(value._dict if hasattr(value, "_dict") else value, sub)
        return out
    out["dtype"] = dtype(value.data.dtype)
    out["data"] = flat(value.data, sub)
    if value.format == "coo":
        out["coords"] = [flat(c, sub) for c in (value.coords if hasattr(value, "coords") else (value.row, value.col))]
    elif value.format == "dia":
        out["offsets"] = flat(value.offsets, sub)
    elif value.format == "lil":
        out["rows"] = flat(value.rows, sub)
    else:
        if value.format == "bsr":
            out["blocksize"] = list(value.blocksize)
        out["indptr"], out["indices"] = flat(value.indptr, sub), flat(value.indices, sub)
    return out


def dtype_name(value):
    text = str(value)
    if text.startswith("interval"):
        # 0.x and 1.x until 1.2 leave out which ends are closed
        return text if "," in text else text.replace("]", ", right]")
    return "period" if text.startswith("period") else text


def cell(value, sub):
    if value is pd.NaT or value is getattr(pd, "NA", None):
        return None
    if isinstance(value, pd.Interval):
        return {"$": "tuple", "items": [cell(value.left, sub), cell(value.right, sub)]}
    if isinstance(value, tuple):
        return {"$": "tuple", "items": [cell(v, sub) for v in value]}
    return sub(value.item() if isinstance(value, np.generic) else value)


def dates(values, unit, zone):
    # numpy's own text of the UTC counts
    texts = np.datetime_as_string(np.asarray(values).astype("M8[%s]" % unit))
    return [None if t == "NaT" else str(t) + zone for t in texts]


def column(series, sub):
    kind = str(series.dtype)
    if kind.startswith("datetime64"):
        unit = kind[11:].split(",")[0].rstrip("]")
        zone = "Z" if "," in kind else ""
        if zone:
            series = series.dt.tz_convert("UTC").dt.tz_localize(None)
        return dates(series.values, unit, zone)
    if kind.startswith("timedelta64"):
        counts = [int(v) for v in series.values.astype("i8")]
        return [None if v == -2 ** 63 else v for v in counts]
    if kind == "category":
        values = list(series.cat.categories)
        return [None if c < 0 else cell(values[c], sub) for c in series.cat.codes]
    if kind.startswith(("Int", "UInt")):
        # 0.24 had NaN where NA is now
        return [None if missing else cell(v, sub) for v, missing in zip(series.tolist(), series.isnull())]
    return [cell(v, sub) for v in series.tolist()]


def labels(index, sub):
    if isinstance(index, pd.MultiIndex):
        return [cell(v, sub) for v in index.tolist()]
    if isinstance(index, pd.CategoricalIndex):
        return [cell(v, sub) for v in index.tolist()]
    return column(index.to_series(), sub)


import re  # noqa: E402

PATTERN = re.compile("")
UFUNC_MODULE = "numpy"


def text(value, protocol):
    return json.dumps(Tagger(protocol).tag(value), sort_keys=True, separators=(",", ":"))
