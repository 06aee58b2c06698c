"""joblib files of one joblib version, and the tagged JSON of what they hold.

    python oracle/python/make_joblib.py fixtures/joblib LABEL

Writes LABEL.json and LABEL-HOW.joblib for every way of compressing that the version knows.
"""
from __future__ import division

import collections
import io
import json
import os
import sys
import warnings

warnings.simplefilter("ignore")

import joblib  # noqa: E402
import numpy as np  # noqa: E402

from tag import PY2, Tagger, sp  # noqa: E402

HERE, LABEL = sys.argv[1:3]
VERSION = tuple(int(part) for part in joblib.__version__.split(".")[:2])


def values():
    objects = np.empty(3, dtype=object)
    objects[:] = [u"a", None, (1, 2.5)]
    inner = np.empty(2, dtype=object)
    inner[:] = [np.arange(3), objects]
    record = np.array([(1, 2.5), (3, -1)], dtype=[("a", "<i2"), ("b", "<f8")])
    return collections.OrderedDict([
        ("before", u"text"),
        ("floats", np.linspace(0, 1, 5)),
        ("fortran", np.asfortranarray(np.arange(6.0).reshape(2, 3))),
        ("int", np.array([[1, 2], [3, -4]])),
        ("bytes", np.arange(3, dtype="u1")),
        ("big", np.arange(3, dtype=">i4")),
        ("objects", objects), ("inner", inner),
        ("record", record), ("text", np.array([u"x", u"yz\u00e9"])),
        ("bool", np.array([True, False])),
        ("zero", np.array(1.5)), ("empty", np.zeros((0, 2))),
        ("dates", np.array(["2020-01-01"], dtype="M8[D]")),
        ("scalar", np.float64(2.5)),
        ("masked", np.ma.array([1.0, 2.0], mask=[1, 0])),
        ("sparse", sp.csr_matrix(np.array([[0, 1.5], [2, 0]]))),
        ("list", [np.arange(2), 1, [np.arange(2.0)]]),
        ("matrix", np.matrix([[1.5, 2]])),
        ("after", [1.0, None]),
    ])


ways = collections.OrderedDict([("raw", 0), ("zlib", 3)])
if VERSION >= (0, 10):
    for name in ("gzip", "bz2", "xz", "lzma"):
        if not PY2 or name in ("gzip", "bz2"):
            ways[name] = (name, 3)
if VERSION >= (0, 13):
    try:
        import lz4.frame  # noqa: F401
        ways["lz4"] = ("lz4", 3)
    except ImportError:
        pass

for how, compress in ways.items():
    joblib.dump(values(), os.path.join(HERE, "%s-%s.joblib" % (LABEL, how)), compress=compress)
if VERSION < (0, 10):
    # Arrays above the cache size go to files of their own even when compressed.
    joblib.dump(values(), os.path.join(HERE, "%s-parts.joblib" % LABEL), compress=3, cache_size=0)

tagged = Tagger(2).tag(values())
with io.open(os.path.join(HERE, LABEL + ".json"), "w", encoding="ascii") as file:
    file.write(u"%s\n" % json.dumps(tagged, sort_keys=True, separators=(",", ":")))
