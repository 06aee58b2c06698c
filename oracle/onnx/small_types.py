"""Tests of the number types of eight bits and fewer as one file of JSON lines, like those of node_tests.py.

    pip install onnx onnxruntime
    python small_types.py OUT.jsonl

Three parts. Every node test of the ONNX project that holds such a type, its tensors once as raw bytes and once in the
typed fields. Then tables: all codes of a type as floats, and the floats at and beside every boundary between two codes
as that type. Then QuantizeLinear and DequantizeLinear for every type, by tensor, by axis and by block. The answers of
the last two are those of ONNX's reference evaluator, except of casts to float8e8m0, where it departs from the standard
(infinity, zero without saturation, numbers below 2^-126) and onnxruntime does not.
"""
import json
import sys

import ml_dtypes  # noqa: F401 - numpy learns the types
import numpy as np
import onnx
import onnxruntime
from node_tests import b64, encode
from onnx import TensorProto, helper, numpy_helper
from onnx.backend.test.case.node import collect_testcases
from onnx.reference import ReferenceEvaluator

FLOATS = ["FLOAT8E4M3FN", "FLOAT8E4M3FNUZ", "FLOAT8E5M2", "FLOAT8E5M2FNUZ", "FLOAT8E8M0", "FLOAT4E2M1",
          "FLOAT6E2M3", "FLOAT6E3M2"]
INTEGERS = ["INT4", "UINT4", "INT2", "UINT2"]
BITS = {"FLOAT4E2M1": 4, "FLOAT6E2M3": 6, "FLOAT6E3M2": 6, "INT4": 4, "UINT4": 4, "INT2": 2, "UINT2": 2}
NAMES = [n for n in FLOATS + INTEGERS if hasattr(TensorProto, n)]
TYPES = {getattr(TensorProto, n) for n in NAMES}
OPSET = onnx.defs.onnx_opset_version()


def numpy_type(name):
    return helper.tensor_dtype_to_np_dtype(getattr(TensorProto, name))


def typed(array):
    """The tensor with its numbers in int32_data; numpy_helper must read the same bits from it."""
    array = np.asarray(array)
    kind = helper.np_dtype_to_tensor_dtype(array.dtype)
    out = TensorProto(data_type=kind, dims=array.shape)
    bits = BITS.get(TensorProto.DataType.Name(kind), 8)
    raw = numpy_helper.from_array(array).raw_data
    out.int32_data.extend((array.reshape(-1).view(np.uint8) & 63).tolist() if bits == 6 else raw)
    again = numpy_helper.to_array(out)
    assert again.shape == array.shape and again.tobytes() == array.tobytes(), TensorProto.DataType.Name(kind)
    return out


def encoded(value, info, fields):
    if fields and info.type.tensor_type.elem_type in TYPES:
        return "tensor", b64(typed(numpy_helper.to_array(value) if isinstance(value, TensorProto) else value))
    return encode(value, info.type)


def types_of(graph):
    found = {i.type.tensor_type.elem_type for i in [*graph.input, *graph.output, *graph.value_info]}
    found |= {i.data_type for i in graph.initializer}
    for node in graph.node:
        found |= {a.i for a in node.attribute if a.name == "to"}
        found |= {a.t.data_type for a in node.attribute if a.type == a.TENSOR}
    return found


def row(name, model, inputs, outputs, fields):
    graph = model.graph
    return {
        "name": f"{name}, typed fields" if fields else name,
        "ops": sorted({n.op_type for n in graph.node}),
        "model": b64(model),
        "inputs": [encoded(v, i, fields) for v, i in zip(inputs, graph.input)],
        "outputs": [encoded(v, o, fields) for v, o in zip(outputs, graph.output)],
    }


def node_tests():
    for case in collect_testcases(None):
        if case.model is None or not case.data_sets or not types_of(case.model.graph) & TYPES:
            continue
        for fields in (False, True):
            yield row(case.name, case.model, *case.data_sets[0], fields)


def by_onnxruntime(node, infos, given):
    """Its Python hands out no float8: as float32, which holds all of them, and back."""
    middle = onnx.NodeProto()
    middle.CopyFrom(node)
    middle.output[0] = "m"
    wide = helper.make_node("Cast", ["m"], ["y"], to=TensorProto.FLOAT)
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph([middle, wide], "cast", infos, [y])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 25)], ir_version=11)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return [session.run(None, given)[0].astype(numpy_type("FLOAT8E8M0"))]


def own(name, op, inputs, output, both=True, **attributes):
    """One node, answered by the reference evaluator."""
    infos = [
        helper.make_tensor_value_info(f"x{i}", helper.np_dtype_to_tensor_dtype(a.dtype), a.shape)
        for i, a in enumerate(inputs)
    ]
    node = helper.make_node(op, [i.name for i in infos], ["y"], **attributes)
    y = helper.make_tensor_value_info("y", output, None)
    model = helper.make_model(helper.make_graph([node], name, infos, [y]), opset_imports=[helper.make_opsetid("", OPSET)])
    given = {i.name: a for i, a in zip(infos, inputs)}
    if op == "Cast" and output == TensorProto.FLOAT8E8M0:
        answers = by_onnxruntime(node, infos, given)
    else:
        with np.errstate(all="ignore"):
            answers = ReferenceEvaluator(model).run(None, given)
    for fields in (False, True) if both else (False,):
        yield row(name, model, inputs, answers, fields)


def codes(name):
    """All values of a type, in the order of their codes, and one more, that packed ones end within a byte."""
    count = 2 ** BITS.get(name, 8)
    if name in ("INT4", "INT2"):
        all_codes = np.arange(-count // 2, count // 2).astype(numpy_type(name))
    elif name in INTEGERS:
        all_codes = np.arange(count).astype(numpy_type(name))
    else:
        all_codes = np.arange(count, dtype=np.uint8).view(numpy_type(name))
    return np.concatenate([all_codes, all_codes[1:2]])


def boundaries(name):
    """Floats at, just below and just above every value of a type and every middle between two, and the extremes."""
    values = codes(name).astype(np.float32)
    values = np.unique(values[np.isfinite(values)])
    if name == "FLOAT8E8M0":
        values = values[:: 8]
    middles = (values[1:].astype(np.float64) + values[:-1]) / 2
    step = values[-1] - values[-2]
    over = np.array([values[-1] + step / 2, values[-1] + step, values[-1] * 1.999, 1e30], np.float64)
    with np.errstate(over="ignore"):
        at = np.concatenate([values, middles, over, -over]).astype(np.float32)
    at = at[np.isfinite(at)]
    below, above = np.nextafter(at, np.float32(-np.inf)), np.nextafter(at, np.float32(np.inf))
    special = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e-45, -1e-45], np.float32)
    return np.concatenate([np.unique(np.concatenate([at, below, above])), special])


def tables():
    for name in NAMES:
        kind = getattr(TensorProto, name)
        yield from own(f"{name} codes to FLOAT", "Cast", [codes(name)], TensorProto.FLOAT, to=TensorProto.FLOAT)
        if name in INTEGERS:
            wide = np.arange(-128, 128, dtype=np.int8)
            yield from own(f"INT8 to {name}", "Cast", [wide], kind, to=kind)
            held = np.linspace(*([-2.9, 1.9] if name == "INT2" else [-8.9, 7.9] if name == "INT4" else
                                 [0, 3.9] if name == "UINT2" else [0, 15.9]), 97).astype(np.float32)
            yield from own(f"FLOAT to {name}", "Cast", [held], kind, to=kind)
        elif name == "FLOAT8E8M0":
            # Of negative numbers, and of -0, the standard says nothing.
            positive = boundaries(name)
            positive = positive[~np.signbit(positive)]
            for mode in ("up", "down", "nearest"):
                for saturate in (1, 0):
                    label = f"FLOAT to {name}, {mode}, saturate {saturate}"
                    yield from own(label, "Cast", [positive], kind, False, to=kind, saturate=saturate, round_mode=mode)
        else:
            for saturate in (1, 0) if name.startswith("FLOAT8") else (1,):
                given = boundaries(name)
                if not name.startswith("FLOAT8"):
                    # What has no place for NaN leaves open what NaN becomes.
                    given = given[~np.isnan(given)]
                label = f"boundaries to {name}, saturate {saturate}"
                yield from own(label, "Cast", [given], kind, False, to=kind, saturate=saturate)
    for a in FLOATS[:4]:
        for b in FLOATS[:4]:
            if a != b:
                kind = getattr(TensorProto, b)
                yield from own(f"{a} to {b}", "CastLike", [codes(a), codes(b)[:1]], kind, False)


def quantisation():
    rng = np.random.default_rng(5)
    for name in NAMES:
        if name == "FLOAT8E8M0":
            continue
        kind = getattr(TensorProto, name)
        numbers = codes(name).astype(np.float32)
        largest = np.nanmax(np.abs(numbers[np.isfinite(numbers)]))
        x = (rng.standard_normal((3, 4, 6)) * largest / 2).astype(np.float32)
        some = np.resize(codes(name)[np.isfinite(numbers)], (3, 4, 6))
        ways = {"tensor": ((), {}), "axis": ((4,), {"axis": 1}), "block": ((3, 4, 2), {"axis": 2, "block_size": 3})}
        for way, (shape, attributes) in ways.items():
            scale = rng.choice(np.array([0.1, 0.3, 0.5, 1, 1.7], np.float32), shape)
            scale = np.asarray(scale, np.float32)
            zero = np.zeros(shape, numpy_type(name))
            if name in INTEGERS:
                zero = np.asarray(rng.choice(codes(name), shape)).astype(numpy_type(name))
            yield from own(f"{name} quantised by {way}", "QuantizeLinear", [x, scale, zero], kind, False, **attributes)
            yield from own(f"{name} dequantised by {way}", "DequantizeLinear", [some, scale, zero], TensorProto.FLOAT,
                           way == "block", **attributes)
        one = np.float32(0.3)
        yield from own(f"{name} named as output", "QuantizeLinear", [x, np.asarray(one)], kind, False, output_dtype=kind)
        if name.startswith("FLOAT8"):
            yield from own(f"{name} without saturation", "QuantizeLinear",
                           [x, np.asarray(one), np.zeros((), numpy_type(name))], kind, False, saturate=0)


def main():
    rows = [*node_tests(), *tables(), *quantisation()]
    with open(sys.argv[1], "w") as f:
        for test in rows:
            f.write(json.dumps(test, separators=(",", ":")) + "\n")
    print(len(rows), "tests")


main()
