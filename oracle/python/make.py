"""Pickles of what numpy, scipy, pandas and the standard library make, and their tagged JSON.

    python oracle/python/make.py fixtures/python LABEL

Run once for each generation of libraries; LABEL (such as `numpy1.14-pandas0.22`) names the files. Writes
LABEL-TOPIC-pPROTOCOL.pkl and LABEL-TOPIC.json.
"""
from __future__ import division

import array
import collections
import datetime
import decimal
import fractions
import functools
import io
import json
import os
import pickle
import re
import sys
import uuid
import warnings

warnings.simplefilter("ignore")

import numpy as np  # noqa: E402

from tag import Tagger, sp, pd, PY2  # noqa: E402

HERE, LABEL = sys.argv[1:3]


class Sub(object):
    """A class of nobody's: stays an instance."""

    def __init__(self):
        self.a = [1, 2.5]
        self.b = None


Sub.__module__ = "project.model"


class SubDict(dict):
    pass


SubDict.__module__ = "project.model"


class SubList(list):
    pass


SubList.__module__ = "project.model"
sys.modules["project"] = type(sys)("project")
sys.modules["project.model"] = type(sys)("project.model")
for cls in (Sub, SubDict, SubList):
    setattr(sys.modules["project.model"], cls.__name__, cls)


def numpy_values():
    rng = np.random.RandomState(0)
    record = np.dtype([("a", "<i2"), ("b", ">f8"), ("c", "S3"), ("d", "<f4", (2,))])
    aligned = np.dtype([("x", "u1"), ("y", "<f8")], align=True)
    nested = np.dtype([("p", [("q", "<u2"), ("r", "?")]), ("s", "<U2")])
    padded = np.zeros(2, dtype=aligned)  # zeros: what lies between the fields is written too
    padded["x"], padded["y"] = [1, 3], [2.0, 4.0]
    objects = np.empty((2, 2), dtype=object)
    objects[:] = [[None, "x"], [1.5, (1, 2)]]
    big = np.arange(6, dtype=">i4").reshape(2, 3)
    values = {
        "kinds": [np.array([1, 0, 1]).astype(t) for t in "? i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 c8 c16".split()],
        "special": np.array([np.nan, np.inf, -np.inf, -0.0, 5e-324, 1.7976931348623157e308]),
        "wide": np.array([2 ** 62, -2 ** 63, 2 ** 53 - 1], dtype="i8"),
        "unsigned": np.array([2 ** 64 - 1], dtype="u8"),
        "big": big,
        "fortran": np.asfortranarray(rng.rand(2, 3)),
        "cube": np.asfortranarray(np.arange(24).reshape(2, 3, 4).astype("f4")),
        "transposed": np.arange(6).reshape(2, 3).T,
        "strided": np.arange(10)[::3],
        "zero": np.array(2.5), "empty": np.zeros((0, 3)), "nothing": np.array([]),
        "text": np.array([[u"a", u"\u00e9\U0001f600"], [u"", u"bcd"]]),
        "bigtext": np.array([u"ab", u"\u0416"]).astype(">U2"),
        "bytes": np.array([b"ab", b"c\xff"]),
        "objects": objects, "objectsF": np.asfortranarray(objects),
        "record": np.array([(1, 2.5, b"xy", (1, 2)), (3, -1, b"", (3, 4))], dtype=record),
        "aligned": padded,
        "nested": np.array([((1, True), u"a"), ((2, False), u"bc")], dtype=nested),
        "recordF": np.asfortranarray(np.array([[(1, 2), (3, 4)], [(5, 6), (7, 8)]], dtype=[("a", "u1"), ("b", "<i8")])),
        "recordO": np.array([(1, "x"), (2, None)], dtype=[("a", "i4"), ("o", object)]),
        "titled": np.array([(1,)], dtype=[(("Title", "n"), "i4")]),
        "dates": np.array(["2020-02-29", "NaT", "1969-12-31"], dtype="M8[D]"),
        "times": np.array(["2020-02-29T12:34:56.789"], dtype="M8[ms]"),
        "every25": np.array([1, 2], dtype="M8[25s]"),
        "deltas": np.array([1, -5], dtype="m8[h]"),
        "matrix": np.matrix([[1, 2], [3, 4]]),
        "recarray": np.rec.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
        "masked": np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 0]),
        "masked2": np.ma.array([[1, 2], [3, 4]], mask=False, fill_value=7),
        "maskedrecord": np.ma.array([(1, 2.0), (3, 4.0)], mask=[(0, 1), (1, 0)], dtype=[("a", "i4"), ("b", "f8")]),
        "scalars": [np.float64(1.5), np.float32(0.1), np.int64(-3), np.uint8(200), np.bool_(True), np.complex128(1 + 2j),
                    np.float64("nan"), np.datetime64("2020-01-01"), np.timedelta64(3, "D"), np.int16(7)],
        "strings": [np.bytes_(b"a"), np.array([u"x"])[0]] if not PY2 else [],
        "void": np.array([(1, 2.5)], dtype=[("a", "i4"), ("b", "f8")])[0],
        "dtypes": [np.dtype(t) for t in ["f8", ">i4", "S5", "U3", "O", "?", "M8[ns]", "V7"]] + [record, nested],
        "classes": [np.float64, np.ndarray, np.float32],
        "shared": [big, big],
    }
    if hasattr(np, "dtypes") and hasattr(np.dtypes, "StringDType"):
        values["stringdtype"] = np.array(["a", "long enough to be no short string"], dtype=np.dtypes.StringDType())
    return values


def stdlib_values():
    shared = [1]
    cyclic = []
    cyclic.append(cyclic)
    deque = collections.deque([1, 2, 3], 5)
    od = collections.OrderedDict([("b", 1), ("a", [2])])
    dd = collections.defaultdict(list)
    dd["k"].append(1)
    values = [
        ("plain", [None, True, False, 0, -1, 255, 65536, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, 2 ** 64, -(10 ** 30), 1.0, 0.1,
                   -0.0, float("nan"), float("inf"), -float("inf"), 1e300, u"", u"\u00e9\u4e2d\U0001f600", "a\n\\b'\"", (), (1,), [], {}]),
        ("bytes", [b"", b"abc", bytes(bytearray(range(256)))]),
        ("bytearray", bytearray(b"xyz")),
        ("keys", {1: "one", (1, 2): "pair", None: "none", 2.5: "float", "s": {}}),
        ("complex", 1 - 2.5j),
        ("frozen", frozenset([3])), ("set", {7}),
        ("shared", [shared, shared, (shared,)]), ("cyclic", cyclic),
        ("ordered", od), ("default", dd), ("counter", collections.Counter("a")), ("deque", deque),
        ("dates", [datetime.datetime(2020, 2, 29, 1, 2, 3, 456789), datetime.date(1, 1, 1), datetime.date(9999, 12, 31),
                   datetime.time(23, 59, 59, 999999), datetime.timedelta(-1, 5, 7)]),
        ("decimal", decimal.Decimal("-1.50")), ("fraction", fractions.Fraction(3, 4)),
        ("slice", [slice(1, None, 2), slice(None)] if not PY2 else []),
        ("partial", functools.partial(Sub, 1, k=2)),
        ("pattern", re.compile(u"(?u)\\b\\w\\w+\\b")),
        ("array", [array.array("d", [1.5, -2]), array.array("i", [1, -2]), array.array("B", [200])]),
        ("uuid", uuid.UUID(int=5)),
        ("instance", Sub()), ("class", Sub), ("none", type(None) if not PY2 else None),
    ]
    sub = SubDict(x=1)
    sub.extra = True
    sublist = SubList([1, 2])
    sublist.extra = None
    values += [("subdict", sub), ("sublist", sublist)]
    if not PY2:
        import pathlib
        import types
        values += [("range", range(1, 10, 3)), ("path", pathlib.PurePosixPath("a/b")), ("simple", types.SimpleNamespace(a=1)),
                   ("utc", datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)), ("method", "abc".upper)]
    return collections.OrderedDict(values)


def scipy_values():
    dense = np.array([[0, 1.5, 0], [0, 0, 0], [2.0, 0, -3.0], [0, 0, 4]])
    make = sp.csr_matrix(dense)
    values = [(f, make.asformat(f)) for f in ("csr", "csc", "coo", "dia", "lil", "dok")]
    values.append(("bsr", sp.bsr_matrix(dense, blocksize=(2, 1))))
    values.append(("dup", sp.coo_matrix(([1.0, 2.0, 4.0], ([0, 0, 1], [1, 1, 0])), shape=(2, 2))))
    if hasattr(sp, "csr_array"):
        values += [(f + "_array", getattr(sp, f + "_array")(dense)) for f in ("csr", "csc", "coo", "dia", "lil", "dok")]
    values.append(("empty", sp.csr_matrix((2, 3))))
    return collections.OrderedDict(values)


def pandas_values():
    stamps = pd.to_datetime(["2020-01-01 00:00:00.000", None, "2021-06-30 12:34:56.789"])
    frame = pd.DataFrame(collections.OrderedDict([
        ("f", [1.5, np.nan, 3.0]), ("i", [1, 2, 3]), ("s", [u"x", None, u"z"]), ("b", [True, False, True]),
        ("c", pd.Categorical(["u", None, "v"])), ("t", stamps), ("z", pd.Series(stamps).dt.tz_localize("Europe/Berlin")),
        ("d", pd.to_timedelta([1, 2, 3], unit="h")), ("g", [4.5, 5.5, 6.5]), ("f4", np.arange(3).astype("f4")),
    ]))
    values = [
        ("frame", frame),
        ("indexed", frame[["f", "i"]].set_index(pd.Index(["a", "b", "c"], name="key"))),
        ("plain", pd.DataFrame(np.arange(6.0).reshape(2, 3))),
        ("empty", pd.DataFrame()),
        ("series", pd.Series([1, 2, 3], name="y")),
        ("labels", pd.Series(["a", "b"], index=[10, 20])),
        ("categories", pd.Series(pd.Categorical([2, 1, 2]))),
        ("multi", pd.Series([1.0, 2.0], index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["l", "n"]))),
        ("range", pd.RangeIndex(2, 10, 3)), ("index", pd.Index([u"p", u"q"], name="n")), ("ints", pd.Index([3, 1])),
        ("floats", pd.Index([0.5])), ("stamps", stamps), ("intervals", pd.interval_range(0, 2) if hasattr(pd, "interval_range") else 0),
        ("catindex", pd.CategoricalIndex(["k", "j", "k"])),
        ("objects", pd.DataFrame({"o": [[1], {"a": 2}]})),
    ]
    if hasattr(pd, "array"):
        nullable = collections.OrderedDict([("Int64", pd.array([1, None], dtype="Int64"))])
        if hasattr(pd, "BooleanDtype"):
            nullable["boolean"] = pd.array([True, None], dtype="boolean")
            nullable["string"] = pd.array(["a", None], dtype="string")
        if hasattr(pd, "Float64Dtype"):
            nullable["Float64"] = pd.array([1.5, None], dtype="Float64")
        values.append(("nullable", pd.DataFrame(nullable)))
    return collections.OrderedDict(values)


topics = {"numpy": numpy_values, "stdlib": stdlib_values}
if sp is not None:
    topics["scipy"] = scipy_values
if pd is not None:
    topics["pandas"] = pandas_values
only = sys.argv[3:]

if not only:
    arrays = collections.OrderedDict(
        (name, value) for name, value in numpy_values().items() if isinstance(value, np.ndarray) and name != "stringdtype"
        and not isinstance(value, np.ma.MaskedArray)
    )
    # A matrix or record array comes back as a plain array.
    plain = collections.OrderedDict((name, np.asarray(value)) for name, value in arrays.items())
    np.savez(os.path.join(HERE, LABEL + "-arrays.npz"), **plain)
    np.savez_compressed(os.path.join(HERE, LABEL + "-arrays-compressed.npz"), **plain)
    with io.open(os.path.join(HERE, LABEL + "-arrays.json"), "w", encoding="ascii") as file:
        file.write(u"%s\n" % json.dumps([[name, Tagger(2).tag(value)] for name, value in plain.items()], sort_keys=True, separators=(",", ":")))

for topic, make in sorted(topics.items()):
    if only and topic not in only:
        continue
    values = make()
    # What a library writes depends on the protocol, what it means does not.
    protocols = [0, 2] if PY2 else [0, 2, pickle.HIGHEST_PROTOCOL]
    for protocol in protocols:
        name = os.path.join(HERE, "%s-%s-p%d.pkl" % (LABEL, topic, protocol))
        with open(name, "wb") as file:
            pickle.dump(values, file, protocol)
    if topic == "scipy":
        rows = {name: [m.indptr.tolist(), m.indices.tolist(), m.data.tolist()] for name, m in
                ((name, value.tocsr()) for name, value in values.items())}
        with io.open(os.path.join(HERE, "%s-tocsr.json" % LABEL), "w", encoding="ascii") as file:
            file.write(u"%s\n" % json.dumps(rows, sort_keys=True, separators=(",", ":")))
    tagged = Tagger(protocols[-1]).tag(values)
    with io.open(os.path.join(HERE, "%s-%s.json" % (LABEL, topic)), "w", encoding="ascii") as file:
        file.write(u"%s\n" % json.dumps(tagged, sort_keys=True, separators=(",", ":")))
