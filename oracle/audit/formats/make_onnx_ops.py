"""Writes packages/core/src/audit/formats/onnx-ops.ts: the operators that an ONNX graph may use.

    python oracle/audit/formats/make_onnx_ops.py

By the libraries themselves: every operator that the specification has ever had, and those that onnxruntime brings. Run it
where both are installed.
"""

from pathlib import Path

import onnx
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as state

from wrapped import wrap

OUT = Path(__file__).resolve().parents[3] / "packages/core/src/audit/formats/onnx-ops.ts"
# These load code, call Python or read files.
DENIED = {"EPContext", "PythonOp", "PythonOpGrad", "ATen", "TritonOp", "SNPE"}
table = {}
for schema in onnx.defs.get_all_schemas_with_history():
    table.setdefault(schema.domain, set()).add(schema.name)
for schema in state.get_all_operator_schema():
    if schema.name not in DENIED:
        table.setdefault(schema.domain if schema.domain != "ai.onnx" else "", set()).add(schema.name)


text = f"""/**
 * The operators of ONNX {onnx.__version__} and onnxruntime {onnxruntime.__version__}, by domain. Written by
 * oracle/audit/formats/make_onnx_ops.py.
 */
export const onnxOperators: Readonly<Record<string, string>> = {{
"""
for domain, names in sorted(table.items()):
    text += f"  '{domain}':\n    '{wrap(sorted(names))}',\n"
OUT.write_text(text + "};\n")
print({d: len(n) for d, n in table.items()})
