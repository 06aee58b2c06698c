"""Operators of onnxruntime's own that its optimisers and quantisers write, with its answers, in the format of
node_tests.py: fixtures/onnx/contrib.jsonl.

    pip install onnx onnxruntime
    python contrib_cases.py ../../fixtures/onnx/contrib.jsonl
"""

import base64
import json
import sys

import numpy as np
import onnxruntime as rt
from onnx import helper as h
from onnx import numpy_helper as nh

rng = np.random.default_rng(5)
rows = []
b64 = lambda m: base64.b64encode(m.SerializeToString()).decode()
F = np.float32


def case(name, op, attributes, inputs, outputs=1, domain="com.microsoft", rtol=1e-4, atol=1e-5):
    """Runs one node in onnxruntime. `None` among the inputs is one left out."""
    names = ["" if x is None else f"i{k}" for k, x in enumerate(inputs)]
    outs = [f"o{k}" for k in range(outputs)] if isinstance(outputs, int) else outputs
    given = {n: np.asarray(x) for n, x in zip(names, inputs) if n}
    infos = [h.make_tensor_value_info(n, h.np_dtype_to_tensor_dtype(x.dtype), list(x.shape)) for n, x in given.items()]
    node = h.make_node(op, names, outs, domain=domain, **{k: v for k, v in attributes.items() if v != []})
    graph = h.make_graph([node], name, infos, [h.make_empty_tensor_value_info(o) for o in outs if o])
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", 21), h.make_opsetid("com.microsoft", 1)], ir_version=10)
    options = rt.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    try:
        answers = rt.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"]).run(None, given)
    except Exception as e:  # noqa: BLE001
        print("refused", name, str(e)[:200])
        return
    ops = [f"{domain}:{op}" if domain else op]
    tensors = lambda many: [["tensor", b64(nh.from_array(np.asarray(x)))] for x in many]
    rows.append({"name": name, "ops": ops, "rtol": rtol, "atol": atol, "model": b64(model), "inputs": tensors(given.values()), "outputs": tensors(answers)})


def normal(*shape):
    return rng.normal(size=shape).astype(F)


def codes(dtype, *shape):
    limits = np.iinfo(dtype)
    return rng.integers(limits.min, limits.max + 1, size=shape).astype(dtype)


def scale(*shape):
    return rng.uniform(0.01, 0.05, size=shape).astype(F)


def activations():
    x, b = normal(3, 4, 6) * 3, normal(6)
    case("gelu", "Gelu", {}, [x])
    case("bias_gelu", "BiasGelu", {}, [x, b])
    case("fast_gelu", "FastGelu", {}, [x])
    case("fast_gelu_bias", "FastGelu", {}, [x, b])
    case("quick_gelu", "QuickGelu", {}, [x])
    case("quick_gelu_1", "QuickGelu", {"alpha": 1.0}, [x])


def products():
    a, b, c = normal(3, 5), normal(5, 4), normal(4)
    for act, o in {"Relu": {}, "Sigmoid": {}, "Tanh": {}, "LeakyRelu": {"activation_alpha": 0.2}, "Elu": {"activation_alpha": 0.7}, "HardSigmoid": {"activation_alpha": 0.3, "activation_beta": 0.4}}.items():
        case(f"fused_gemm_{act}", "FusedGemm", {"activation": act, **o}, [a, b, c])
    case("fused_gemm_turned", "FusedGemm", {"activation": "Relu", "transA": 1, "transB": 1, "alpha": 0.5, "beta": 2.0}, [a.T.copy(), b.T.copy(), c])
    for ta in (0, 1):
        for tb in (0, 1):
            case(f"fused_matmul_{ta}{tb}", "FusedMatMul", {"alpha": 0.25, "transA": ta, "transB": tb}, [normal(2, 3, *((4, 5) if not ta else (5, 4))), normal(2, 3, *((5, 2) if not tb else (2, 5)))])
    x, w, bias = normal(2, 3, 7, 7), normal(4, 3, 3, 3), normal(4)
    for act, p in {"Relu": [], "LeakyRelu": [0.1], "Clip": [-0.5, 0.5], "HardSigmoid": [0.2, 0.5], "Tanh": []}.items():
        case(f"fused_conv_{act}", "FusedConv", {"activation": act, "activation_params": p, "kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}, [x, w, bias])
    case("fused_conv_sum", "FusedConv", {"activation": "Relu", "kernel_shape": [3, 3]}, [x, w, bias, normal(2, 4, 5, 5)])


def normalisation():
    x, s, g, b, bias = normal(2, 3, 8), normal(2, 3, 8), normal(8), normal(8), normal(8)
    case("skip_layer", "SkipLayerNormalization", {"epsilon": 1e-5}, [x, s, g, b])
    case("skip_layer_bias", "SkipLayerNormalization", {"epsilon": 1e-3}, [x, s, g, b, bias])
    case("skip_layer_no_beta", "SkipLayerNormalization", {}, [x, s, g])
    case("skip_layer_sum", "SkipLayerNormalization", {}, [x, s, g, b, bias], ["o0", "", "", "o3"])
    case("skip_layer_broadcast", "SkipLayerNormalization", {}, [x, s[:1], g, b])
    case("skip_simplified", "SkipSimplifiedLayerNormalization", {"epsilon": 1e-5}, [x, s, g])
    case("skip_simplified_sum", "SkipSimplifiedLayerNormalization", {}, [x, s, g, bias], ["o0", "", "", "o3"])
    case("simplified", "SimplifiedLayerNormalization", {"epsilon": 1e-6}, [x, g], domain="")
    ids, segments = rng.integers(0, 9, (2, 5)).astype(np.int32), rng.integers(0, 2, (2, 5)).astype(np.int32)
    mask = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]], dtype=np.int32)
    tables = [normal(9, 8), normal(7, 8), normal(2, 8)]
    case("embed_layer", "EmbedLayerNormalization", {}, [ids, segments, *tables, g, b, mask], 2)
    case("embed_layer_sum", "EmbedLayerNormalization", {"epsilon": 1e-5}, [ids, segments, *tables, g, b], 3)
    case("embed_layer_plain", "EmbedLayerNormalization", {}, [ids, None, tables[0], tables[1], None, g, b], 2)
    case("embed_layer_places", "EmbedLayerNormalization", {}, [ids, segments, *tables, g, b, None, rng.integers(0, 7, (2, 5)).astype(np.int32)], 2)


MASKS = {
    "raw": np.array([[1, 1, 1, 0], [1, 1, 1, 1]], dtype=np.int32),
    "lengths": np.array([3, 4], dtype=np.int32),
    "ends_starts": np.array([3, 4, 0, 1], dtype=np.int32),
    "square": np.tril(np.ones((2, 4, 4), dtype=np.int32)),
}


def attention():
    x, w, b = normal(2, 4, 6), normal(6, 24), normal(24)
    case("attention", "Attention", {"num_heads": 2}, [x, w, b])
    case("attention_one_way", "Attention", {"num_heads": 2, "unidirectional": 1}, [x, w, b])
    case("attention_scale", "Attention", {"num_heads": 4, "scale": 0.3}, [x, w, b])
    case("attention_added", "Attention", {"num_heads": 2}, [x, w, b, None, None, normal(2, 2, 4, 4)])
    case("attention_sizes", "Attention", {"num_heads": 2, "qkv_hidden_sizes": [8, 8, 4]}, [x, w[:, :20].copy(), b[:20].copy()])
    for name, mask in MASKS.items():
        case(f"attention_{name}", "Attention", {"num_heads": 2}, [x, w, b, mask])
    case("attention_filter", "Attention", {"num_heads": 2, "mask_filter_value": -5.0}, [x, w, b, MASKS["raw"]])
    case("attention_one_way_masked", "Attention", {"num_heads": 2, "unidirectional": 1}, [x, w, b, MASKS["raw"]])
    q, k, v = normal(2, 4, 8), normal(2, 4, 8), normal(2, 4, 8)
    case("multi_head", "MultiHeadAttention", {"num_heads": 2}, [q, k, v])
    case("multi_head_bias", "MultiHeadAttention", {"num_heads": 2}, [q, k, v, normal(24)])
    case("multi_head_mask", "MultiHeadAttention", {"num_heads": 2}, [q, k, v, None, MASKS["raw"]])
    case("multi_head_added", "MultiHeadAttention", {"num_heads": 2}, [q, k, v, None, None, normal(2, 2, 4, 4)])
    case("multi_head_across", "MultiHeadAttention", {"num_heads": 4}, [q, normal(2, 7, 8), normal(2, 7, 8)])
    for kind in (np.int8, np.uint8):
        weights = codes(kind, 6, 24)
        zero = np.array(3, dtype=kind)
        given = [codes(np.uint8, 2, 4, 6), weights, b, np.array(0.02, F), np.array(0.03, F), None, np.array(120, np.uint8), zero]
        case(f"q_attention_{kind.__name__}", "QAttention", {"num_heads": 2}, given)
    case("q_attention_mask", "QAttention", {"num_heads": 2}, [*given[:5], MASKS["raw"], *given[6:]])


def quantised():
    for kind in (np.uint8, np.int8):
        name = kind.__name__
        zero = np.array(4, dtype=kind)
        a, b = codes(kind, 2, 3, 4), codes(kind, 4)
        one = lambda x: [x, np.array(0.02, F), zero]
        for op in ("QLinearAdd", "QLinearMul"):
            case(f"{op}_{name}", op, {}, [*one(a), *one(b), np.array(0.05, F), zero])
        case(f"QLinearSigmoid_{name}", "QLinearSigmoid", {}, [*one(a), np.array(1 / 256, F), zero])
        case(f"QLinearLeakyRelu_{name}", "QLinearLeakyRelu", {"alpha": 0.3}, [*one(a), np.array(0.02, F), zero])
        case(f"QLinearSoftmax_{name}", "QLinearSoftmax", {"axis": -1, "opset": 13}, [*one(a), np.array(1 / 256, F), np.array(np.iinfo(kind).min, kind)], atol=1)
        case(f"QLinearGlobalAveragePool_{name}", "QLinearGlobalAveragePool", {}, [*one(codes(kind, 2, 3, 4, 5)), np.array(0.01, F), zero], atol=1)
        case(f"QLinearConcat_{name}", "QLinearConcat", {"axis": 1}, [np.array(0.03, F), zero, *one(a), *one(codes(kind, 2, 2, 4))])
        for turned in (0, 1):
            A, B = codes(kind, 3, 5), codes(np.int8 if kind == np.int8 else np.uint8, 5, 4)
            B = B.T.copy() if turned else B
            C = rng.integers(-500, 500, 4).astype(np.int32)
            zb = np.zeros(4, B.dtype)
            case(f"QGemm_{name}_{turned}", "QGemm", {"transB": turned, "alpha": 0.5}, [A, np.array(0.02, F), zero, B, scale(4), zb, C])
            case(f"QGemm_{name}_{turned}_coded", "QGemm", {"transB": turned}, [A, np.array(0.02, F), zero, B, np.array(0.01, F), np.array(1, B.dtype), C, np.array(0.1, F), zero])
        case(f"QuantizeLinear_{name}", "QuantizeLinear", {}, [normal(3, 4), np.array(0.02, F), zero])
        case(f"DequantizeLinear_{name}", "DequantizeLinear", {}, [a, np.array(0.02, F), zero])
    for kind in (np.int8, np.uint8):
        name = kind.__name__
        B = codes(kind, 5, 4)
        case(f"MatMulIntegerToFloat_{name}", "MatMulIntegerToFloat", {}, [codes(np.uint8, 2, 3, 5), B, np.array(0.02, F), np.array(0.03, F), np.array(7, np.uint8), np.array(1, kind), normal(4)])
        case(f"MatMulIntegerToFloat_{name}_columns", "MatMulIntegerToFloat", {}, [codes(np.uint8, 3, 5), B, np.array(0.02, F), scale(4), np.array(7, np.uint8), codes(kind, 4)])
        case(f"DynamicQuantizeMatMul_{name}", "DynamicQuantizeMatMul", {}, [normal(3, 5), B, np.array(0.03, F), np.array(2, kind), normal(4)], rtol=1e-3)
        case(f"DynamicQuantizeMatMul_{name}_columns", "DynamicQuantizeMatMul", {}, [normal(3, 5), B, scale(4), codes(kind, 4)], rtol=1e-3)
    for bits in (2, 4, 8):
        for k, size in ((32, 16), (40, 32)):
            n, blocks = 3, -(-k // size)
            given = [normal(2, k), codes(np.uint8, n, blocks, size * bits // 8), scale(n * blocks)]
            o = {"K": k, "N": n, "bits": bits, "block_size": size}
            case(f"MatMulNBits_{bits}_{k}", "MatMulNBits", o, given, rtol=1e-3, atol=1e-3)
            case(f"MatMulNBits_{bits}_{k}_zeros", "MatMulNBits", o, [*given, codes(np.uint8, n * -(-blocks * bits // 8))], rtol=1e-3, atol=1e-3)
            case(f"MatMulNBits_{bits}_{k}_bias", "MatMulNBits", o, [*given, None, None, normal(n)], rtol=1e-3, atol=1e-3)


for group in (activations, products, normalisation, attention, quantised):
    group()
with open(sys.argv[1], "w", encoding="utf-8") as file:
    for row in rows:
        file.write(json.dumps(row) + "\n")
print(len(rows), "cases")
