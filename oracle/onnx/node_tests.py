"""Node tests of the ONNX project as one file of JSON lines: model, inputs and expected outputs, base64.

    pip install onnx
    python node_tests.py OUT.jsonl [--all]

Without --all a selection small enough to commit: for each operator its smallest tests, and every small test with
sequences, optionals, maps or the small number types.
"""
import base64
import json
import sys

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper
from onnx.backend.test.case.node import collect_testcases

SMALL_TYPES = {
    TensorProto.BFLOAT16, TensorProto.FLOAT8E4M3FN, TensorProto.FLOAT8E4M3FNUZ, TensorProto.FLOAT8E5M2,
    TensorProto.FLOAT8E5M2FNUZ, TensorProto.INT4, TensorProto.UINT4, TensorProto.FLOAT4E2M1, TensorProto.FLOAT16,
    getattr(TensorProto, "FLOAT8E8M0", -1), getattr(TensorProto, "INT2", -1), getattr(TensorProto, "UINT2", -1),
}
BUDGET = 1_000_000
LARGEST = 16_000


def b64(message):
    return base64.b64encode(message.SerializeToString()).decode()


def encode(value, type_proto):
    """One value as (kind, protobuf)."""
    kind = type_proto.WhichOneof("value") if type_proto is not None else None
    if kind == "sequence_type":
        return "sequence", b64(numpy_helper.from_list([np.asarray(v) for v in value]))
    if kind == "optional_type":
        if value is None:
            return "optional", b64(onnx.OptionalProto())
        if isinstance(value, list):
            inner = onnx.OptionalProto()
            inner.elem_type = onnx.OptionalProto.SEQUENCE
            inner.sequence_value.CopyFrom(numpy_helper.from_list([np.asarray(v) for v in value]))
            return "optional", b64(inner)
        return "optional", b64(numpy_helper.from_optional(np.asarray(value)))
    if isinstance(value, TensorProto):
        return "tensor", b64(value)
    return "tensor", b64(numpy_helper.from_array(np.asarray(value)))


def special(case):
    g = case.model.graph
    for info in list(g.input) + list(g.output):
        kind = info.type.WhichOneof("value")
        if kind != "tensor_type" or info.type.tensor_type.elem_type in SMALL_TYPES:
            return True
    return False


def main():
    out, everything = sys.argv[1], "--all" in sys.argv
    rows, skipped = [], []
    for case in collect_testcases(None):
        if case.model is None or not case.data_sets:
            continue
        inputs, outputs = case.data_sets[0]
        g = case.model.graph
        try:
            row = {
                "name": case.name,
                "ops": sorted({f"{n.domain}:{n.op_type}".lstrip(":") for n in g.node}),
                "rtol": case.rtol,
                "atol": case.atol,
                "model": b64(case.model),
                "inputs": [encode(v, g.input[i].type) for i, v in enumerate(inputs)],
                "outputs": [encode(v, g.output[i].type) for i, v in enumerate(outputs)],
            }
        except Exception as e:  # noqa: BLE001 - a value that protobuf cannot carry
            skipped.append(f"{case.name}: {e}")
            continue
        rows.append((len(json.dumps(row)), special(case), row))
    if not everything:
        chosen, per, total = [], {}, 0
        for size, is_special, row in sorted(rows, key=lambda r: r[0]):
            key = "+".join(row["ops"])
            limit = 4
            bucket = (key, is_special)
            if size > LARGEST or per.get(bucket, 0) >= limit or len(row["ops"]) > 3 or total + size > BUDGET:
                continue
            per[bucket] = per.get(bucket, 0) + 1
            total += size
            chosen.append((size, is_special, row))
        rows = sorted(chosen, key=lambda r: r[2]["name"])
    with open(out, "w") as f:
        for _, _, row in rows:
            f.write(json.dumps(row) + "\n")
    print(len(rows), "tests;", len(skipped), "skipped", skipped[:3])


if __name__ == "__main__":
    main()
