"""Writes packages/core/src/audit/formats/torch-names.ts: names in PyTorch's own files that build data and layers.

    python oracle/audit/formats/make_torch_names.py

By torch itself: what its `weights_only` loader allows, the classes of torch.nn and torch.optim, and the functions of
torch.nn.functional, which layers hold.
"""

import importlib
import inspect
import pkgutil
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
import torch
from torch._weights_only_unpickler import _get_allowed_globals

from wrapped import wrap

OUT = Path(__file__).resolve().parents[3] / "packages/core/src/audit/formats/torch-names.ts"
table = {}


def add(module, name):
    table.setdefault(module, set()).add(name)


for full in _get_allowed_globals():
    module, name = full.rsplit(".", 1)
    # These two make objects of classes that the file names.
    if module.startswith("torch") and name not in ("_rebuild_from_type_v2", "_rebuild_wrapper_subclass"):
        add(module, name)
for name in "_rebuild_sparse_csr_tensor _rebuild_buffer".split():
    add("torch._utils", name)
for name in "strided sparse_coo sparse_csr contiguous_format channels_last preserve_format".split():
    add("torch", name)
add("torch.storage", "_TypedStorage")
add("torch._C", "_TensorBase")
# Layers of old held the backend they ran on.
add("torch.nn.backends.thnn", "_get_thnn_function_backend")
packages = [torch.nn.modules, torch.optim, torch.ao.nn, torch.nn.utils]
for package in packages:
    for info in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        try:
            module = importlib.import_module(info.name)
        except Exception:
            continue
        for name, value in vars(module).items():
            if inspect.isclass(value) and value.__module__ == module.__name__:
                if issubclass(value, (torch.nn.Module, torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler)):
                    add(module.__name__, name)
add("torch.nn.modules.module", "Module")
for name in "Parameter Buffer UninitializedParameter UninitializedBuffer ParameterDict".split():
    add("torch.nn.parameter", name)
for name, value in vars(torch.nn.functional).items():
    if name[0].islower() and callable(value) and getattr(value, "__module__", "") == "torch.nn.functional":
        add("torch.nn.functional", name)


text = f"""/**
 * Names in PyTorch's own files that build tensors and layers, as torch {torch.__version__.split('+')[0]} has them. Written by
 * oracle/audit/formats/make_torch_names.py.
 */
export const torchNames: Readonly<Record<string, string>> = {{
"""
for module, names in sorted(table.items()):
    text += f"  '{module}':\n    '{wrap(sorted(names))}',\n"
OUT.write_text(text + "};\n")
print(len(table), sum(map(len, table.values())))
