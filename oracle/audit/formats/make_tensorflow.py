"""TensorFlow's files: fixtures/audit/formats/tensorflow/.

    python oracle/audit/formats/make_tensorflow.py

Needs the pins of oracle/requirements/formats.txt.
"""

import io
import os
import tempfile
import zipfile
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import tensorflow as tf
from keras import layers
from samples import DATE, Family
from tensorflow.core.framework import graph_pb2
from tensorflow.core.protobuf import saved_model_pb2

keras.utils.set_random_seed(1)
family = Family("tensorflow")
work = Path(tempfile.mkdtemp())


class Module(tf.Module):
    def __init__(self, body, signature=(tf.TensorSpec([None, 3], tf.float32),)):
        super().__init__()
        self.w = tf.Variable(tf.ones((3, 2)))
        self.body = body
        self.f = tf.function(lambda *xs: self.body(self, *xs), input_signature=signature)


def folder(module, name):
    path = work / name
    tf.saved_model.save(module, path, signatures=module.f if hasattr(module, "f") else None)
    return path


def pb(body, name, **options):
    return (folder(Module(body, **options), name) / "saved_model.pb").read_bytes()


def good(self, x):
    y = tf.nn.relu(x @ self.w)
    y = tf.while_loop(lambda i, z: i < 3, lambda i, z: (i + 1, z * 2), [0, y])[1]
    return tf.cond(tf.reduce_sum(y) > 0, lambda: tf.nn.softmax(y), lambda: tf.strings.to_number(tf.strings.as_string(y)))


base = folder(Module(good), "good")
family.add("good.pb", (base / "saved_model.pb").read_bytes(), "clean")
family.add("variables.index", (base / "variables/variables.index").read_bytes(), "clean")
family.add("fingerprint.pb", (base / "fingerprint.pb").read_bytes(), "clean")


def archive(path):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as out:
        for file in sorted(path.rglob("*")):
            if file.is_file():
                out.writestr(zipfile.ZipInfo(f"{path.name}/{file.relative_to(path)}", DATE), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return target.getvalue()


family.add("good.zip", archive(base), "clean")
model = keras.Sequential([layers.Input((8, 8, 1)), layers.Conv2D(2, 3), layers.BatchNormalization(), layers.Flatten(), layers.Dense(2)])
model.export(work / "keras", verbose=False)
family.add("keras-export.pb", (work / "keras/saved_model.pb").read_bytes(), "clean")
recurrent = keras.Sequential([layers.Input((4, 2)), layers.LSTM(2), layers.Dense(1)])
recurrent.export(work / "lstm", verbose=False)
family.add("lstm.pb", (work / "lstm/saved_model.pb").read_bytes(), "clean")


class Lookup(tf.Module):
    def __init__(self):
        super().__init__()
        vocabulary = work / "vocabulary.txt"
        vocabulary.write_text("a\nb\n")
        self.table = tf.lookup.StaticHashTable(tf.lookup.TextFileInitializer(
            tf.saved_model.Asset(str(vocabulary)).asset_path, tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER), -1)
        self.f = tf.function(lambda x: self.table.lookup(x), input_signature=(tf.TensorSpec([None], tf.string),))


family.add("lookup.pb", (folder(Lookup(), "lookup") / "saved_model.pb").read_bytes(), "clean")

bad = {
    "read-file": lambda self, x: tf.strings.length(tf.io.read_file("/etc/passwd")),
    "write-file": lambda self, x: (tf.io.write_file("/tmp/x", "x"), x)[1],
    "matching-files": lambda self, x: tf.io.matching_files("/home/*"),
    "py-function": lambda self, x: tf.py_function(lambda y: y, [x], tf.float32),
    "numpy-function": lambda self, x: tf.numpy_function(lambda y: y, [x], tf.float32),
    "print-file": lambda self, x: (tf.print(x, output_stream="file:///tmp/x"), x)[1],
    "save": lambda self, x: (tf.raw_ops.SaveV2(prefix="/tmp/x", tensor_names=["a"], shape_and_slices=[""], tensors=[x]), x)[1],
    "restore": lambda self, x: tf.raw_ops.RestoreV2(prefix="/etc/secret", tensor_names=["a"], shape_and_slices=[""], dtypes=[tf.float32])[0],
    "text-lines": lambda self, x: tf.data.TextLineDataset("/etc/passwd").reduce("", lambda a, b: a + b),
    "table-file": lambda self, x: (tf.raw_ops.InitializeTableFromTextFileV2(table_handle=tf.raw_ops.HashTableV2(key_dtype=tf.string, value_dtype=tf.int64), filename="/etc/passwd", key_index=-2, value_index=-1), x)[1],
    "in-a-branch": lambda self, x: tf.cond(tf.reduce_sum(x) > 0, lambda: tf.io.read_file("/etc/passwd"), lambda: tf.constant("")),
    "in-a-map": lambda self, x: tf.map_fn(lambda y: tf.strings.length(tf.io.read_file("/etc/passwd")), x, tf.int32),
}
for name, body in bad.items():
    family.add(f"{name}.pb", pb(body, name), "dangerous", "tf-operator")

serialized = tf.data.Dataset.from_tensors("/tmp/x").map(lambda x: tf.io.read_file(x))._as_serialized_graph().numpy()
family.add("dataset-from-graph.pb", pb(lambda self, x: tf.data.experimental.from_variant(tf.raw_ops.DatasetFromGraph(graph_def=serialized), tf.TensorSpec([], tf.string)).reduce("", lambda a, b: a + b), "dfg"), "dangerous", "tf-operator")

# An operator under a name that no function has: the runtime falls back to the operator itself.
model = saved_model_pb2.SavedModel()
model.ParseFromString((base / "saved_model.pb").read_bytes())
for function in model.meta_graphs[0].graph_def.library.function:
    for node in function.node_def:
        if node.op == "StatelessIf" or node.op == "If":
            node.attr["then_branch"].func.name = "ReadFile"
family.add("operator-as-function.pb", model.SerializeToString(), "dangerous", "tf-operator")
model.ParseFromString((base / "saved_model.pb").read_bytes())
model.meta_graphs[0].graph_def.node.add(name="c", op="AcmeCustom")
family.add("custom-op.pb", model.SerializeToString(), "unknown", "unknown-operator")
model.ParseFromString((base / "saved_model.pb").read_bytes())
asset = model.meta_graphs[0].asset_file_def.add(filename="../../etc/passwd")
asset.tensor_info.name = "x:0"
family.add("asset-path.pb", model.SerializeToString(), "dangerous", "path-escape")
whole = (base / "saved_model.pb").read_bytes()
family.add("cut.pb", whole[: len(whole) // 2], "incomplete")


def frozen(op, **attrs):
    graph = graph_pb2.GraphDef()
    graph.node.add(name="x", op="Placeholder")
    node = graph.node.add(name="y", op=op)
    node.input.append("x")
    return graph.SerializeToString()


family.add("frozen-good.pb", frozen("Relu"), "clean")
family.add("frozen-evil.pb", frozen("ReadFile"), "dangerous", "tf-operator")


def metadata(config):
    """keras_metadata.pb of Keras 2: SavedMetadata { nodes { node_path, identifier, metadata } }."""
    def field(number, content):
        content = content.encode() if isinstance(content, str) else content
        length = len(content)
        size = b""
        while length > 127:
            size += bytes([length & 127 | 128])
            length >>= 7
        return bytes([number << 3 | 2]) + size + bytes([length]) + content

    import json
    node = b"\x10\x00" + field(3, "root") + field(4, "_tf_keras_sequential") + field(5, json.dumps(config))
    return field(1, node)


dense = {"name": "s", "class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Dense", "config": {"name": "d", "units": 2, "activation": "relu"}}]}}
lam = {"name": "s", "class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Lambda", "config": {"name": "l", "function": {"class_name": "__tuple__", "items": ["4wEAAAA=\n", None, None]}, "function_type": "lambda"}}]}}
family.add("keras_metadata.pb", metadata(dense), "clean")
family.add("keras_metadata-lambda.pb", metadata(lam), "dangerous", "keras-lambda")
family.done()
