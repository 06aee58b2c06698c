"""Makes fixtures/identify: one small file of each format that brine must know by its content, by the real libraries.

    python -m venv v
    v/bin/pip install numpy scipy scikit-learn joblib lz4 skops h5py onnx xgboost lightgbm pyreadstat safetensors \
        pyarrow pandas py7zr zstandard
    v/bin/python oracle/make_identify.py

What no library writes any more (R, Java, old PyTorch and XGBoost, Core ML, SavedModel, IDL) is built byte by byte from
the formats' descriptions. The table of what each file is stands in identify.test.ts.
"""
import bz2
import gzip
import io
import json
import lzma
import pickle
import sqlite3
import struct
import tarfile
import warnings
import zipfile
import zlib
from pathlib import Path

import h5py
import joblib
import lightgbm
import numpy as np
import onnx
import pandas as pd
import py7zr
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pyreadstat
import safetensors.numpy
import scipy.sparse
import skops.io
import xgboost
import zstandard
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

warnings.simplefilter("ignore")
OUT = Path(__file__).resolve().parent.parent / "fixtures" / "identify"
OUT.mkdir(parents=True, exist_ok=True)
X = np.arange(24.0).reshape(8, 3)
y = np.array([0, 1] * 4)
model = LogisticRegression().fit(X, y)


def save(name, data):
    (OUT / name).write_bytes(data if isinstance(data, bytes) else data.encode())


# pickles and joblib
for protocol in range(6):
    save(f"protocol{protocol}.pkl", pickle.dumps(model, protocol))
save("none.pkl", pickle.dumps(None, 0))
save("list.pkl", pickle.dumps([1, 2.5, "three", None, True], 0))
save("words.pkl", pickle.dumps({"model": "tree", "features": ["a", "b"]}, 1))
save("vectorizer.ubj", pickle.dumps(model, 3))
for name in ("joblib", "joblib.z", "joblib.gz", "joblib.bz2", "joblib.xz", "joblib.lzma", "joblib.lz4"):
    joblib.dump(model, OUT / f"model.{name}")
joblib.dump({"no": "arrays"}, OUT / "plain.joblib", compress=("zlib", 3))
zf = pickle.dumps(model, 2)
save("old.joblib", b"ZF" + hex(len(zf)).ljust(19).encode() + zlib.compress(zf))
save("twice.pkl.gz", gzip.compress(zlib.compress(pickle.dumps(model, 4)), mtime=0))
save("model.pkl.zst", zstandard.compress(pickle.dumps(model, 4)))
save("torch-legacy.pt", pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(1001, 2) + pickle.dumps({}, 2))

# archives
skops.io.dump(model, OUT / "model.skops")
skops.io.dump(model, OUT / "deflated.skops", compression=zipfile.ZIP_DEFLATED)
np.save(OUT / "array.npy", X)
np.savez(OUT / "arrays.npz", a=X, b=y)
scipy.sparse.save_npz(OUT / "sparse.npz", scipy.sparse.csr_matrix(X))


def zipped(name, members):
    with zipfile.ZipFile(OUT / name, "w") as z:
        for member, data in members.items():
            z.writestr(zipfile.ZipInfo(member, (2020, 1, 1, 0, 0, 0)), data)


zipped("new.pt", {"archive/data.pkl": pickle.dumps({}, 2), "archive/version": "3\n"})
zipped("script.pt", {"m/data.pkl": pickle.dumps({}, 2), "m/constants.pkl": pickle.dumps((), 2), "m/code/__torch__.py": ""})
zipped("model.pt2", {"m/archive_format": "pt2", "m/models/model.json": "{}", "m/data/weights/w.pt": ""})
zipped("model.keras", {"metadata.json": "{}", "config.json": "{}", "model.weights.h5": ""})
zipped("model.mlpackage.zip", {"m.mlpackage/Manifest.json": "{}", "m.mlpackage/Data/com.apple.CoreML/model.mlmodel": ""})
zipped("two.zip", {"a.onnx": "", "b.onnx": ""})
zipped("table.xlsx", {"[Content_Types].xml": "", "xl/workbook.xml": ""})
save("cut.npz", (OUT / "arrays.npz").read_bytes()[:300])
with py7zr.SevenZipFile(OUT / "model.7z", "w") as z:
    z.writestr(pickle.dumps(model), "model.pkl")
for name, members in {"model.tar": ["model.pkl"], "old-torch.tar": ["sys_info", "pickle", "tensors", "storages"]}.items():
    with tarfile.open(OUT / name, "w") as t:
        for member in members:
            item = tarfile.TarInfo(member)
            item.size = 3
            t.addfile(item, io.BytesIO(b"abc"))
save("model.tar.gz", gzip.compress((OUT / "model.tar").read_bytes(), mtime=0))

# deep learning
with h5py.File(OUT / "arrays.h5", "w") as f:
    f["x"] = X
with h5py.File(OUT / "keras.h5", "w") as f:
    f.attrs["keras_version"] = "2.9.0"
    f.attrs["model_config"] = '{"class_name": "Sequential"}'
with h5py.File(OUT / "block.h5", "w", userblock_size=2048) as f:
    f["x"] = X
node = onnx.helper.make_node("Relu", ["x"], ["y"])
value = lambda n: onnx.helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, [1])
graph = onnx.helper.make_graph([node], "g", [value("x")], [value("y")])
onnx_model = onnx.helper.make_model(graph, producer_name="a producer").SerializeToString()
save("model.onnx", onnx_model)
save("cut.onnx", onnx_model[:40])
safetensors.numpy.save_file({"w": X}, OUT / "model.safetensors")
save("cut.safetensors", (OUT / "model.safetensors").read_bytes()[:60])
save("model.gguf", b"GGUF" + struct.pack("<IQQ", 3, 0, 0))
save("model.tflite", struct.pack("<I", 28) + b"TFL3" + bytes(24))


def field(number, content):
    """A protobuf field of bytes."""
    content = content if isinstance(content, bytes) else content.encode()
    return bytes([number << 3 | 2]) + bytes([len(content)]) + content


info = field(1, field(2, field(1, field(1, "Placeholder"))) + field(4, "serve") + field(5, "2.15.0"))
save("saved_model.pb", b"\x08\x01" + field(2, info + field(2, field(1, field(1, "x") + field(2, "Placeholder")))))
save("frozen.pb", field(1, field(1, "x") + field(2, "Placeholder")) + field(1, field(1, "y") + field(2, "MatMul")))
description = field(1, field(1, "x")) + field(10, field(1, "y")) + field(11, "y")
save("model.mlmodel", b"\x08\x04" + field(2, description) + b"\xa2\x19\x04" + field(1, b"\x08\x01"))

# trees
booster = xgboost.train({"max_depth": 2}, xgboost.DMatrix(X, y), 2)
booster.save_model(OUT / "xgboost.json")
booster.save_model(OUT / "xgboost.ubj")
booster.dump_model(OUT / "xgboost-dump.txt")
booster.dump_model(OUT / "xgboost-dump.json", dump_format="json")
legacy = bytes(136) + b"".join(struct.pack("<Q", len(s)) + s for s in (b"binary:logistic", b"gbtree")) + bytes(160)
save("xgboost.model", legacy)
save("xgboost-binf.model", b"binf" + legacy)
trees = lightgbm.train({"verbose": -1, "min_data_in_leaf": 1, "min_data_in_bin": 1}, lightgbm.Dataset(X, y), 2)
trees.save_model(OUT / "lightgbm.txt")
save("lightgbm.json", json.dumps(trees.dump_model()))
save("model.cbm", b"CBM1" + struct.pack("<I", 8) + bytes(8))
save(
    "model.pmml",
    '<?xml version="1.0"?>\n<!-- made by hand -->\n<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/></PMML>',
)

# statistics
r = b"X\n" + struct.pack(">III", 3, 0x40300, 0x30500) + struct.pack(">I", 5) + b"UTF-8" + bytes(12)
save("model.rds", gzip.compress(r, mtime=0))
save("xz.rds", lzma.compress(r))
save("plain.rds", r)
save("ascii.rds", "A\n3\n262912\n197888\n5\nUTF-8\n254\n")
save("model.RData", gzip.compress(b"RDX3\n" + r, mtime=0))
save("bz2.RData", bz2.compress(b"RDX2\n" + r))
save("weka.model", b"\xac\xed\0\x05sr\0\x1bweka.classifiers.trees.J48" + bytes(20))
save("list.ser", b"\xac\xed\0\x05sr\0\x13java.util.ArrayList" + bytes(20))
pyreadstat.write_sav(pd.DataFrame({"a": [1.0, 2.0]}), str(OUT / "spss.sav"))
pyreadstat.write_sav(pd.DataFrame({"a": [1.0, 2.0]}), str(OUT / "zlib.sav"), compress=True)
save("ebcdic.sav", "$FL2@(#) IBM SPSS".encode("cp500") + bytes(160))
save("idl.sav", b"SR\0\x04" + bytes(60))

# what else is found where a model should be
frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
pa.parquet.write_table(pa.Table.from_pandas(frame), OUT / "table.parquet")
pa.feather.write_feather(frame, OUT / "table.feather")
with pa.OSFile(str(OUT / "table.arrows"), "wb") as sink, pa.ipc.new_stream(sink, pa.schema([("a", pa.int64())])) as writer:
    writer.write_table(pa.table({"a": [1, 2]}))
(OUT / "data.db").unlink(missing_ok=True)
with sqlite3.connect(OUT / "data.db") as db:
    db.execute("create table t (a)")
save("table.csv", "a,b,c\n1,2,3\n4,5,6\n")
save("quoted.csv", 'name,"a, b",c\n"x, y",2,3\n"z",5,6\n')
save("wide.csv", "a,b\n1,2\n".encode("utf-16"))
save("table.tsv", "a\tb\n1\t2\n3\t4\n")
save("rows.jsonl", '{"a": 1}\n{"a": 2}\n')
save("data.json", '{"a": [1, 2, 3]}')
save("notes.pkl", "This model was trained on Tuesday.\nAsk Anna for the file.\n")
save("pointer.pkl", "version https://git-lfs.github.com/spec/v1\noid sha256:" + "ab" * 32 + "\nsize 12345678\n")
save("login.pkl", "<!DOCTYPE html>\n<html><head><title>Sign in · Example</title></head><body></body></html>")
save("page.joblib", "\n<html>\n<head><title>model.joblib at main</title></head></html>")
save("denied.onnx", '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>')
save("other.xml", "<note><to>you</to></note>")
save("empty.pkl", b"")
save("empty.pkl.gz", gzip.compress(b"", mtime=0))
save("zeros.pkl", bytes(5000))
save("strange.bin", b"\x01\x02\x03\xff\xfe strange")
save("image.pkl", b"\x89PNG\r\n\x1a\n" + bytes(30))
save("paper.pdf", "%PDF-1.7\n")
save("libmodel.so", b"\x7fELF\x02\x01\x01" + bytes(60))
save("model.dll", b"MZ" + bytes(58) + struct.pack("<I", 128) + bytes(64) + b"PE\0\0" + bytes(20))
save("cut.joblib.gz", (OUT / "model.joblib.gz").read_bytes()[:200])
save("damaged.joblib.xz", (OUT / "model.joblib.xz").read_bytes()[:40] + b"damage" + (OUT / "model.joblib.xz").read_bytes()[46:])
save("script.sh", b"#!/bin/sh\n" * 10 + (OUT / "two.zip").read_bytes())
