"""Small ONNX files for the reader's tests, with what onnx itself reads from them: fixtures/onnx/reader/.

    pip install onnx
    python reader_cases.py ../../fixtures/onnx/reader
"""
import json
import os
import sys

import numpy as np
import onnx
from onnx import TensorProto as T, helper as h, numpy_helper as nh

out = sys.argv[1]
os.makedirs(out, exist_ok=True)
info = h.make_tensor_value_info
answers = {}


def save(name, model, **more):
    onnx.checker.check_model(model)
    with open(os.path.join(out, f"{name}.onnx"), "wb") as f:
        f.write(model.SerializeToString())
    answers[name] = more


def model(nodes, inputs, outputs, initializers=(), opset=21, **kw):
    graph = h.make_graph(nodes, "g", inputs, outputs, list(initializers))
    opsets = [h.make_opsetid("", opset)] + [h.make_opsetid(d, 1) for d in kw.pop("domains", [])]
    return h.make_model(graph, opset_imports=opsets, ir_version=kw.pop("ir_version", 10), **kw)


# every element type, as raw bytes and in the typed fields
types = [n for n in T.DataType.keys() if n not in ("UNDEFINED", "STRING", "COMPLEX64", "COMPLEX128")]
rng = np.random.default_rng(0)
tensors, values = [], {}
for name in types:
    number = T.DataType.Value(name)
    dtype = h.tensor_dtype_to_np_dtype(number)
    data = np.array([0, 1, 2, 1, 0, 1, 3], dtype=np.float64)
    if "U" not in name and "E8M0" not in name and name != "BOOL":
        data[2] = -2 if "INT2" not in name else -1
    if "INT2" in name:
        data = np.clip(data, 0 if "U" in name else -2, 3 if "U" in name else 1)
    if "E8M0" in name:
        data = np.array([1, 2, 4, 0.5, 1, 2, 8])
    array = data.astype(dtype)
    for kind in ("raw", "typed"):
        if kind == "raw":
            t = nh.from_array(array, f"{name}_{kind}")
        else:
            t = h.make_tensor(f"{name}_{kind}", number, array.shape, array.tolist() if "FLOAT" not in name or name in ("FLOAT", "FLOAT16") else array.astype(np.float32).tolist())
        tensors.append(t)
        values[t.name] = [float(v) for v in nh.to_array(t).astype(np.float64)]
tensors.append(h.make_tensor("STRING_typed", T.STRING, [2], ["a", "ü"]))
values["STRING_typed"] = ["a", "ü"]
save("types", model([h.make_node("Identity", ["x"], ["y"])], [info("x", T.FLOAT, [1])], [info("y", T.FLOAT, [1])], tensors, opset=25, ir_version=13), values=values)

# functions in functions, with attributes handed on; a subgraph that captures across them
inner = h.make_function("f", "Scaled", ["x"], ["y"], [
    h.make_node("Constant", [], ["k"]),
    h.make_node("Mul", ["x", "k"], ["y"]),
], [h.make_opsetid("", 21)], ["factor"])
a = inner.node[0].attribute.add()
a.name, a.ref_attr_name, a.type = "value_float", "factor", onnx.AttributeProto.FLOAT
outer = h.make_function("f", "Twice", ["x"], ["y"], [
    h.make_node("Scaled", ["x"], ["t"], domain="f", factor=3.0),
    h.make_node("Scaled", ["t"], ["y"], domain="f", factor=2.0),
], [h.make_opsetid("", 21), h.make_opsetid("f", 1)])
then = h.make_graph([h.make_node("Add", ["d", "w"], ["r"])], "then", [], [info("r", T.FLOAT, None)])
other = h.make_graph([h.make_node("Identity", ["d"], ["r"])], "else", [], [info("r", T.FLOAT, None)])
m = model(
    [h.make_node("Twice", ["x"], ["d"], domain="f"), h.make_node("If", ["c"], ["y"], then_branch=then, else_branch=other)],
    [info("x", T.FLOAT, [2]), info("c", T.BOOL, [])], [info("y", T.FLOAT, [2])],
    [nh.from_array(np.array([10, 20], np.float32), "w")], domains=["f"])
m.functions.extend([inner, outer])
m.metadata_props.add(key="source", value="a test")
save("functions", m, then=[16.0, 32.0], otherwise=[6.0, 12.0])

# external data beside the model
m = model([h.make_node("Add", ["x", "w"], ["y"])], [info("x", T.FLOAT, [3])], [info("y", T.FLOAT, [3])],
          [nh.from_array(np.array([1, 2, 3], np.float32), "w")])
onnx.save(m, os.path.join(out, "external.onnx"), save_as_external_data=True, location="external.bin", size_threshold=0)
answers["external"] = {"y": [2.0, 3.0, 4.0]}

# a sparse initializer
sparse = h.make_sparse_tensor(h.make_tensor("w", T.FLOAT, [2], [5.0, 7.0]), h.make_tensor("w_i", T.INT64, [2], [1, 5]), [2, 3])
g = h.make_graph([h.make_node("Add", ["x", "w"], ["y"])], "g", [info("x", T.FLOAT, [2, 3])], [info("y", T.FLOAT, [2, 3])])
g.sparse_initializer.append(sparse)
m = h.make_model(g, opset_imports=[h.make_opsetid("", 21)], ir_version=10)
save("sparse", m, y=[0.0, 5.0, 0.0, 0.0, 0.0, 7.0])

with open(os.path.join(out, "answers.json"), "w") as f:
    json.dump(answers, f, indent=1)
