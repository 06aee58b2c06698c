"""ONNX files: fixtures/audit/formats/onnx/.

    python oracle/audit/formats/make_onnx.py

Needs the pins of oracle/requirements/formats.txt.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from samples import Family, evil

family = Family("onnx")
X = helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 3])
Y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
W = numpy_helper.from_array(np.arange(6, dtype=np.float32).reshape(3, 2), "w")


def model(nodes, initializers=(W,), opsets=(("", 21), ("ai.onnx.ml", 4)), functions=(), sparse=(), **more):
    graph = helper.make_graph(nodes, "g", [X], [Y], list(initializers), sparse_initializer=list(sparse))
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid(d, v) for d, v in opsets], functions=list(functions))
    for key, value in more.items():
        setattr(made, key, value)
    return made


matmul = helper.make_node("MatMul", ["x", "w"], ["y"])
good = model([matmul])
family.add("good.onnx", good.SerializeToString(), "clean")
scaler = helper.make_node("Scaler", ["x"], ["y"], domain="ai.onnx.ml", offset=[0.0], scale=[1.0])
family.add("ml.onnx", model([scaler]).SerializeToString(), "clean")
gelu = helper.make_node("Gelu", ["x"], ["y"], domain="com.microsoft")
family.add("contrib.onnx", model([gelu], opsets=(("", 21), ("com.microsoft", 1))).SerializeToString(), "clean")
function = helper.make_function("acme", "Twice", ["a"], ["b"], [helper.make_node("Add", ["a", "a"], ["b"])], [helper.make_opsetid("", 21)])
twice = helper.make_node("Twice", ["x"], ["y"], domain="acme")
family.add("function.onnx", model([twice], opsets=(("", 21), ("acme", 1)), functions=[function]).SerializeToString(), "clean")
family.add("custom-op.onnx", model([twice], opsets=(("", 21), ("acme", 1))).SerializeToString(), "unknown", "unknown-operator")
python = helper.make_node("PyOp", ["x"], ["y"], domain="ai.onnx.contrib", id=1)
family.add("py-op.onnx", model([python], opsets=(("", 21), ("ai.onnx.contrib", 1))).SerializeToString(), "dangerous", "onnx-operator")
context = helper.make_node("EPContext", ["x"], ["y"], domain="com.microsoft", ep_cache_context="/tmp/x.bin", embed_mode=0)
family.add("ep-context.onnx", model([context], opsets=(("", 21), ("com.microsoft", 1))).SerializeToString(), "dangerous", "onnx-operator")


def external(location, **more):
    tensor = TensorProto()
    tensor.CopyFrom(W)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in {"location": location, **more}.items():
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
    return tensor


for name, location in {"up": "../../../etc/passwd", "absolute": "/etc/passwd", "backslash": "..\\..\\x", "drive": "C:\\x", "home": "~/x", "hidden-up": "a/../../x", "url": "http://example.org/x"}.items():
    family.add(f"external-{name}.onnx", model([matmul], [external(location)]).SerializeToString(), "dangerous", "outside-file")
family.add("external-beside.onnx", model([matmul], [external("weights.bin")]).SerializeToString(), "incomplete", None, "its weights are not beside it")
inner = helper.make_tensor_value_info("b", TensorProto.FLOAT, None)
constant = helper.make_node("Constant", [], ["b"], value=external("../x"))
branch = helper.make_graph([constant], "t", [], [inner])
condition = numpy_helper.from_array(np.array(True), "c")
family.add("external-in-branch.onnx", model([helper.make_node("If", ["c"], ["y"], then_branch=branch, else_branch=branch)], [condition]).SerializeToString(), "dangerous", "outside-file")
sparse = helper.make_sparse_tensor(external("../x"), numpy_helper.from_array(np.arange(6), "i"), [3, 2])
sparse.values.name = "w"
family.add("external-in-sparse.onnx", model([matmul], [], sparse=[sparse]).SerializeToString(), "dangerous", "outside-file")
in_function = helper.make_function("acme", "Twice", ["a"], ["b"], [helper.make_node("Constant", [], ["b"], value=external("../x"))], [helper.make_opsetid("", 21)])
family.add("external-in-function.onnx", model([twice], opsets=(("", 21), ("acme", 1)), functions=[in_function]).SerializeToString(), "dangerous", "outside-file")

shape = numpy_helper.from_array(np.array([2**20, 2**20, 2**10], np.int64), "s")
family.add("huge-constant.onnx", model([helper.make_node("ConstantOfShape", ["s"], ["y"])], [shape]).SerializeToString(), "incomplete", "resource-bomb")
family.add("huge-expand.onnx", model([helper.make_node("Expand", ["x", "s"], ["y"])], [shape]).SerializeToString(), "incomplete", "resource-bomb")
small = numpy_helper.from_array(np.array([2, 3], np.int64), "s")
family.add("small-constant.onnx", model([helper.make_node("ConstantOfShape", ["s"], ["y"])], [small]).SerializeToString(), "clean")
body_in = [helper.make_tensor_value_info("i", TensorProto.INT64, []), helper.make_tensor_value_info("k", TensorProto.BOOL, []), helper.make_tensor_value_info("v", TensorProto.FLOAT, None)]
body_out = [helper.make_tensor_value_info("k2", TensorProto.BOOL, []), helper.make_tensor_value_info("v2", TensorProto.FLOAT, None)]
body = helper.make_graph([helper.make_node("Identity", ["k"], ["k2"]), helper.make_node("Add", ["v", "v"], ["v2"])], "body", body_in, body_out)
loop = helper.make_node("Loop", ["", "c", "x"], ["y"], body=body)
family.add("endless-loop.onnx", model([loop], [condition]).SerializeToString(), "incomplete", "resource-bomb")
trips = numpy_helper.from_array(np.array(10, np.int64), "n")
family.add("short-loop.onnx", model([helper.make_node("Loop", ["n", "c", "x"], ["y"], body=body)], [condition, trips]).SerializeToString(), "clean")
wrong = TensorProto()
wrong.CopyFrom(W)
wrong.raw_data = W.raw_data[:8]
family.add("short-tensor.onnx", model([matmul], [wrong]).SerializeToString(), "incomplete")

noted = model([matmul], doc_string="trained by /home/jane/projects/churn/train.py")
entry = noted.metadata_props.add()
entry.key, entry.value = "s3", "AKIA" + "ABCDEFGHIJKLMNOP"
entry = noted.metadata_props.add()
entry.key, entry.value = "hub", "hf_" + "aBcDeFgHiJkLmNoPqRsTuVwXyZabcdefgh"
family.add("secrets.onnx", noted.SerializeToString(), "clean", "secret")
family.add("author.onnx", noted.SerializeToString(), "clean", "author-path")
family.add("cut.onnx", good.SerializeToString()[:-20], "incomplete")
family.add("pickle.onnx", evil(), "dangerous", "dangerous-call")
family.done()
