"""Formats of tensors, trees and the rest: fixtures/audit/formats/others/.

    python oracle/audit/formats/make_others.py

Needs the pins of oracle/requirements/formats.txt.
"""

import io
import json
import os
import struct
import tempfile
import warnings
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.simplefilter("ignore")
import catboost
import coremltools
import gguf
import lightgbm
import numpy as np
import safetensors.numpy
import tensorflow as tf
import xgboost
from coremltools.models import datatypes
from coremltools.models.neural_network import NeuralNetworkBuilder
from samples import Family, evil

family = Family("others")
work = Path(tempfile.mkdtemp())
rng = np.random.default_rng(0)
X = rng.normal(size=(60, 3))
y = (X[:, 0] > 0).astype(int)

# safetensors
tensors = {"w": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.zeros(2, np.int64)}
base = safetensors.numpy.save(tensors, metadata={"format": "np"})
family.add("good.safetensors", base, "clean")
family.add("trailing.safetensors", base + b"x" * 9, "incomplete")
family.add("cut.safetensors", base[:-5], "incomplete")


def header(content, data=b"\0" * 64):
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return struct.pack("<Q", len(text)) + text + data


one = {"dtype": "F32", "shape": [16], "data_offsets": [0, 64]}
family.add("overlap.safetensors", header({"a": one, "b": one}), "incomplete")
family.add("gap.safetensors", header({"a": {**one, "shape": [8], "data_offsets": [32, 64]}}), "incomplete")
family.add("twice.safetensors", header(b'{"a":' + json.dumps(one).encode() + b',"a":' + json.dumps(one).encode() + b"}"), "incomplete")
family.add("shape.safetensors", header({"a": {**one, "shape": [2**40, 2**40]}}), "incomplete")
family.add("pickle-in.safetensors", header({"a": {"dtype": "U8", "shape": [64], "data_offsets": [0, 64]}}, evil().ljust(64, b"\0")), "clean", None, "numbers, whatever they look like")

# GGUF
def written(template=None, extra=()):
    path = work / "x.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_uint32("x.count", 3)
    writer.add_array("tokens", ["a", "b"])
    writer.add_array("numbers", [1, 2, 3])
    if template:
        writer.add_chat_template(template)
    for key, value in extra:
        writer.add_string(key, value)
    writer.add_tensor("w", np.arange(64, dtype=np.float32).reshape(2, 32))
    writer.add_tensor("h", np.zeros((2, 32), np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path.read_bytes()


plain = "{% for m in messages %}{{ '<|' + m['role'] + '|>' + m['content'] | trim }}{% endfor %}"
family.add("good.gguf", written(plain), "clean")
family.add("template.gguf", written("{{ ''.__class__.__mro__[1].__subclasses__() }}"), "dangerous", "template-injection")
family.add("template-popen.gguf", written(plain + "{% set x = cycler.__init__.__globals__.os.popen('id').read() %}"), "dangerous", "template-injection")
family.add("template-attr.gguf", written(plain + "{{ x|attr('\\x5f\\x5fclass\\x5f\\x5f') }}"), "dangerous", "template-injection")
family.add("author.gguf", written(plain, [("general.source.url", "/home/jane/llama/convert.py")]), "clean", "author-path")
family.add("cut.gguf", written(plain)[:-100], "incomplete")
family.add("count.gguf", b"GGUF" + struct.pack("<IQQ", 3, 2**60, 2**60) + b"\0" * 64, "incomplete")

# TFLite
def lite(body, custom=False):
    module = tf.Module()
    module.f = tf.function(body, input_signature=[tf.TensorSpec([1, 3], tf.float32)])
    converter = tf.lite.TFLiteConverter.from_concrete_functions([module.f.get_concrete_function()], module)
    converter.allow_custom_ops = custom
    return converter.convert()


family.add("good.tflite", lite(lambda x: tf.nn.softmax(tf.nn.relu(x @ tf.ones((3, 2))))), "clean")
family.add("custom.tflite", lite(lambda x: tf.raw_ops.Betainc(a=x, b=x, x=x), True), "unknown", "unknown-operator")
# Flex operators are TensorFlow's own; names of the same length take the place of a custom one.
flex = lite(lambda x: tf.raw_ops.RandomGammaGrad(alpha=x, sample=x), True)
assert b"RandomGammaGrad" in flex
family.add("flex.tflite", flex.replace(b"RandomGammaGrad", b"FlexBatchMatMul"), "clean")
family.add("flex-python.tflite", flex.replace(b"RandomGammaGrad", b"FlexEagerPyFunc"), "dangerous", "tf-operator")
whole = lite(lambda x: x + 1)
family.add("cut.tflite", whole[: len(whole) // 2], "incomplete")

# Core ML
def network(custom=False):
    builder = NeuralNetworkBuilder([("x", datatypes.Array(3))], [("y", datatypes.Array(2))])
    builder.add_inner_product("dense", np.ones((2, 3)), None, 3, 2, False, "x", "y" if not custom else "h")
    if custom:
        from coremltools.proto import NeuralNetwork_pb2

        parameters = NeuralNetwork_pb2.CustomLayerParams()
        parameters.className = "AcmeLayer"
        builder.add_custom("c", ["h"], ["y"], parameters)
    return builder.spec.SerializeToString()


family.add("good.mlmodel", network(), "clean")
family.add("custom.mlmodel", network(True), "unknown", "unknown-operator")
family.add("cut.mlmodel", network()[:-20], "incomplete")

# XGBoost, LightGBM, CatBoost
booster = xgboost.train({"objective": "binary:logistic", "max_depth": 2}, xgboost.DMatrix(X, y, feature_names=["a", "b", "c"]), 3)
family.add("xgboost.json", bytes(booster.save_raw("json")), "clean")
family.add("xgboost.ubj", bytes(booster.save_raw("ubj")), "clean")
family.add("xgboost-cut.ubj", bytes(booster.save_raw("ubj"))[:-50], "incomplete")
family.add("xgboost-cut.json", bytes(booster.save_raw("json"))[:-50], "incomplete")
for path in sorted((Path(__file__).parent / "xgboost-1.5.2").glob("*.model")):
    family.add(f"xgboost-{path.stem}.model", path.read_bytes(), "clean")
    family.add(f"xgboost-{path.stem}-cut.model", path.read_bytes()[:-9], "incomplete")
light = lightgbm.train({"objective": "binary", "num_leaves": 3, "verbose": -1}, lightgbm.Dataset(X, y), 3).model_to_string()
family.add("lightgbm.txt", light.encode(), "clean")
family.add("lightgbm-cut.txt", light[: light.index("end of trees") - 20].encode(), "incomplete")
cat = catboost.CatBoostClassifier(iterations=3, depth=2, verbose=0, allow_writing_files=False).fit(X, y)
for form, name in {"cbm": "catboost.cbm", "json": "catboost.json"}.items():
    cat.save_model(work / name, form)
    family.add(name, (work / name).read_bytes(), "clean")
categories = np.array([["a", "b", "c"][i % 3] for i in range(60)], object)
mixed = [[X[i, 0], categories[i]] for i in range(60)]
ctr = catboost.CatBoostClassifier(iterations=3, depth=2, verbose=0, allow_writing_files=False, cat_features=[1]).fit(mixed, y)
ctr.save_model(work / "ctr.cbm")
family.add("catboost-ctr.cbm", (work / "ctr.cbm").read_bytes(), "clean")
family.add("catboost-cut.cbm", (work / "catboost.cbm").read_bytes()[:-30], "incomplete")
family.add("catboost-trailing.cbm", (work / "catboost.cbm").read_bytes() + b"x" * 40, "incomplete", "trailing-data")

# PMML
def pmml(before="", inside='<Apply function="+"><FieldRef field="x"/><Constant>1</Constant></Apply>'):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
{before}<PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/><DataDictionary><DataField name="x" optype="continuous" dataType="double"/></DataDictionary>
<TransformationDictionary><DerivedField name="y" optype="continuous" dataType="double">{inside}</DerivedField></TransformationDictionary></PMML>
""".encode()


family.add("good.pmml", pmml(), "clean")
family.add("entity.pmml", pmml('<!DOCTYPE PMML [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n'), "dangerous", "xml-entity")
family.add("doctype.pmml", pmml('<!DOCTYPE PMML SYSTEM "http://example.org/x.dtd">\n'), "dangerous", "xml-entity")
family.add("laughs.pmml", pmml('<!DOCTYPE PMML [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>\n'), "incomplete", "resource-bomb")
family.add("class.pmml", pmml(inside='<Apply function="java.lang.Runtime"><Constant>id</Constant></Apply>'), "unknown", "unknown-operator")
family.add("cut.pmml", pmml()[:-20], "incomplete")

# Java, R, MLflow, JSON
def java(*names):
    out = b"\xac\xed\0\5"
    for name in names:
        out += b"sr" + struct.pack(">H", len(name)) + name.encode() + b"\0" * 7 + b"\1\2\0\0xp"
    return out


family.add("weka.model", java("weka.classifiers.trees.J48", "java.util.ArrayList"), "unknown", "java-serialised")
family.add("gadget.ser", java("java.util.HashSet", "org.apache.commons.collections.functors.InvokerTransformer"), "dangerous", "java-gadget")
family.add("model.rds", b"X\n\0\0\0\3\0\4\3\1\0\3\5\0\0\0\0\5UTF-8\0\0\2\x13\0\0\0\0", "unknown", "not-examined")
MLMODEL = """artifact_path: model
flavors:
  python_function:
    env: conda.yaml
    loader_module: {loader}
    model_path: {path}
    python_version: 3.11.7
  sklearn:
    pickled_model: model.pkl
    sklearn_version: 1.9.1
mlflow_version: 3.1.0
run_id: 0123
"""
family.add("MLmodel", MLMODEL.format(loader="mlflow.sklearn", path="model.pkl").encode(), "clean")
family.add("MLmodel-custom", MLMODEL.format(loader="acme.loader", path="model.pkl").encode(), "unknown", "unknown-name")
family.add("MLmodel-os", MLMODEL.format(loader="os", path="model.pkl").encode(), "dangerous", "dangerous-name")
family.add("MLmodel-path", MLMODEL.format(loader="mlflow.sklearn", path="../../etc/passwd").encode(), "dangerous", "path-escape")
family.add("tokenizer_config.json", json.dumps({"chat_template": "{{ self.__init__.__globals__ }}"}).encode(), "dangerous", "template-injection")
family.add("config.json", json.dumps({"auto_map": {"AutoModel": "modeling_x.Model"}}).encode(), "unknown", "carried-source")
family.add("keras.json", json.dumps({"class_name": "Sequential", "config": {"layers": [{"class_name": "Lambda", "config": {"function": ["4wE=", None, None]}}]}}).encode(), "dangerous", "keras-lambda")
family.done()
