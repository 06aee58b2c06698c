"""Writes packages/core/src/audit/formats/torch-ops.ts: the operators that TorchScript code and .pt2 graphs may use.

    python oracle/audit/formats/make_torch_ops.py

By torch itself: every operator it has registered, but those that reach files, other machines or Python.
"""

import re
from pathlib import Path

import torch
import torch._dynamo
import torch._higher_order_ops
from torch._ops import _higher_order_ops

from wrapped import wrap

OUT = Path(__file__).resolve().parents[3] / "packages/core/src/audit/formats/torch-ops.ts"
DENIED = re.compile(
    r"aten::(save|from_file|_test_.*)|prim::(rpc_.*|PythonOp|IgnoredPythonOp|awaitable.*|profile.*)|(c10d|_c10d\w*|symm_mem|_dtensor|"
    r"static_runtime|_test|profiler|debug\w*|_native|export|inductor\w*|onednn|onnx|rngprims)::.*"
)
NAMESPACES = "aten prim prims quantization _quantized quantized sparse mkldnn mkldnn_prepacked mkl".split()
table = {}
for schema in torch._C._jit_get_all_schemas():
    if not DENIED.fullmatch(schema.name):
        namespace, name = schema.name.split("::")
        if namespace not in NAMESPACES:
            continue
        table.setdefault(namespace, set()).add(name)
# Names that TorchScript's printer has for what is no operator.
table["prim"] |= {"is_cuda", "RaiseException", "Print", "unchecked_cast", "annotate", "isinstance", "min", "max", "NumToTensor"}
table["aten"] |= {"_size_if_not_equal", "len", "range", "ge", "device", "dtype", "layout", "memory_format"}
table["higher_order"] = {"cond", "while_loop", "scan", "associative_scan", "map", "map_impl", "flex_attention", "wrap_with_set_grad_enabled", "wrap_with_autocast", "auto_functionalized", "auto_functionalized_v2", "out_dtype", "checkpoint"} & set(_higher_order_ops)


text = f"""/**
 * The operators of torch {torch.__version__.split('+')[0]} that compute and do nothing else, by namespace. Written by
 * oracle/audit/formats/make_torch_ops.py.
 */
export const torchOperators: Readonly<Record<string, string>> = {{
"""
for namespace, names in sorted(table.items()):
    text += f"  {namespace}:\n    '{wrap(sorted(names), 104)}',\n"
OUT.write_text(text + "};\n")
print({k: len(v) for k, v in table.items()})
