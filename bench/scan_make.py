"""The files that bench/scan.mjs scans: python bench/scan_make.py FOLDER (needs scikit-learn)."""

import gzip
import io
import pickle
import sys
import warnings
import zipfile
from pathlib import Path

import joblib
import numpy as np
from sklearn import datasets, ensemble, linear_model, naive_bayes, pipeline, preprocessing, tree

warnings.simplefilter("ignore")
folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)


def once(name):
    def made(write):
        path = folder / name
        if not path.exists():
            write(path)

    return made


@once("long.pkl")
def _(path):
    """15 MB, 5.2 million opcodes: a list of half a million small dicts."""
    rows = [{"identifier": f"row {i:07}", "value": (i * 0.5, i % 7)} for i in range(434_000)]
    path.write_bytes(pickle.dumps(rows, 4))


@once("models")
def _(path):
    """1,000 scikit-learn models of some 20 kB, pickled and by joblib, compressed and not."""
    partial = path.with_suffix(".part")
    partial.mkdir(exist_ok=True)
    x, y = datasets.load_breast_cancer(return_X_y=True)
    kinds = [
        lambda i: ensemble.RandomForestClassifier(8, max_depth=6, random_state=i),
        lambda i: pipeline.make_pipeline(preprocessing.PolynomialFeatures(2), preprocessing.StandardScaler(), linear_model.LogisticRegression(max_iter=20)),
        lambda i: tree.DecisionTreeClassifier(random_state=i, splitter="random"),
        lambda i: ensemble.GradientBoostingClassifier(n_estimators=12, random_state=i),
        lambda i: pipeline.make_pipeline(preprocessing.PolynomialFeatures(2), naive_bayes.GaussianNB()),
    ]
    models = [kinds[i % len(kinds)](i).fit(x[i:], y[i:]) for i in range(50)]
    for i in range(1000):
        if i % 2:
            joblib.dump(models[i % 50], partial / f"{i:04}.joblib", compress=3 if i % 4 == 1 else 0)
        else:
            (partial / f"{i:04}.pkl").write_bytes(pickle.dumps(models[i % 50]))
    partial.rename(path)


@once("arrays.joblib")
def _(path):
    """2 GiB of arrays in one joblib file."""
    joblib.dump({f"layer{i}": np.zeros(2**25) for i in range(8)}, path)


def bomb(name):
    return once(f"bombs/{name}")


(folder / "bombs").mkdir(exist_ok=True)


def zipped(inner, name="data.pkl"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(name, inner)
    return buffer.getvalue()


@bomb("zip-100mb.zip")
def _(path):
    path.write_bytes(zipped(b"\0" * 100_000_000))


@bomb("zip-in-zip.zip")
def _(path):
    inner = zipped(b"\0" * 30_000_000)
    for _level in range(4):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for i in range(16):
                archive.writestr(f"{i}.zip", inner)
        inner = buffer.getvalue()
    path.write_bytes(inner)


@bomb("gzip-10gb.joblib")
def _(path):
    with gzip.open(path, "wb", compresslevel=9) as file:
        block = b"\x80\x04" + b"\x8e" + (10**10).to_bytes(8, "little") + b"\0" * (2**20)
        file.write(block)
        for _ in range(10_000):
            file.write(b"\0" * 2**20)


@bomb("zlib-1gb.joblib")
def _(path):
    import zlib

    path.write_bytes(zlib.compress(pickle.dumps(b"\0" * 10**9, 4), 9))


@bomb("bz2-1gb.joblib")
def _(path):
    import bz2

    path.write_bytes(bz2.compress(pickle.dumps(b"\0" * 10**9, 4), 9))


@bomb("xz-1gb.joblib")
def _(path):
    import lzma

    path.write_bytes(lzma.compress(pickle.dumps(b"\0" * 10**9, 4)))


@bomb("doubling.pkl")
def _(path):
    """Tuples of tuples: 2^120 items if anybody counts them."""
    path.write_bytes(b"\x80\x02" + b"N" + b"\x85" + b"2\x86" * 120 + b".")


@bomb("doubling-repr.pkl")
def _(path):
    """The same as the argument of a call, which is to be shown."""
    path.write_bytes(b"\x80\x02cos\nsystem\n" + b"N\x85" + b"2\x86" * 120 + b"\x85R.")


@bomb("deep.pkl")
def _(path):
    path.write_bytes(b"\x80\x02" + b"]" * 1_000_000 + b"a" * 999_999 + b".")


@bomb("deep-calls.pkl")
def _(path):
    path.write_bytes(b"\x80\x02" + b"cfoo\nbar\n" + b")R" * 1_000_000 + b".")


@bomb("marks.pkl")
def _(path):
    path.write_bytes(b"\x80\x02" + b"(" * 20_000_000)


@bomb("dup.pkl")
def _(path):
    path.write_bytes(b"\x80\x02]" + b"2" * 20_000_000)


@bomb("long4.pkl")
def _(path):
    path.write_bytes(b"\x80\x02\x8b\xff\xff\xff\x7f" + b"\x01" * 100_000)


@bomb("binbytes8.pkl")
def _(path):
    path.write_bytes(b"\x80\x04\x8e" + b"\xff" * 7 + b"\x7f" + b"A" * 1000)


@bomb("bytes-of-a-list.pkl")
def _(path):
    path.write_bytes(b"\x80\x02cbuiltins\nbytearray\n\x8a\x05\xff\xff\xff\xff\x7f\x85R.")


@bomb("put-4-billion.pkl")
def _(path):
    path.write_bytes(b"\x80\x02" + b"".join(b"Nr" + (2**32 - 1 - 3 * i).to_bytes(4, "little") for i in range(500_000)) + b".")


@bomb("npy-shape.npy")
def _(path):
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (9007199254740991,), }"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)


@bomb("overlap.zip")
def _(path):
    """Ten thousand entries of one and the same member."""
    import struct
    import zlib

    data = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = b"\0" * 10_000_000
    packed = data.compress(content) + data.flush()
    crc = zlib.crc32(content)
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, crc, len(packed), len(content), 1, 0) + b"a" + packed
    central = b"".join(
        struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, crc, len(packed), len(content), 1, 0, 0, 0, 0, 0, 0) + b"a"
        for _ in range(9_999)
    )
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 9_999, 9_999, len(central), len(local), 0)
    path.write_bytes(local + central + end)


print(sum(1 for _ in (folder / "models").iterdir()), "models,", sum(1 for _ in (folder / "bombs").iterdir()), "bombs")
