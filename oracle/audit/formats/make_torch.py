"""PyTorch files of every generation: fixtures/audit/formats/torch/.

    python oracle/audit/formats/make_torch.py

Needs the pins of oracle/requirements/formats.txt.
"""

import io
import os
import pickle
import struct
import tarfile
import tempfile
import zipfile
from collections import OrderedDict
from pathlib import Path

import torch
from samples import DATE, Call, Family, evil
from torch import nn

torch.manual_seed(0)
family = Family("torch")
work = Path(tempfile.mkdtemp())
run = Call(os.system, "id")


def saved(value, **options):
    target = io.BytesIO()
    torch.save(value, target, **options)
    return target.getvalue()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 4)
        self.norm = nn.BatchNorm1d(4)
        self.b = nn.Linear(4, 2)

    def forward(self, x):
        x = self.norm(torch.relu(self.a(x)))
        if x.sum() > 0:
            x = x * 2
        return torch.softmax(self.b(x), dim=1)


net = Net()
net(torch.randn(4, 3))
net.eval()
optimizer = torch.optim.Adam(net.parameters())
checkpoint = {"epoch": 3, "model": net.state_dict(), "optimizer": optimizer.state_dict(), "lr": 1e-3, "tags": ["a"]}
kinds = {str(t)[6:]: torch.zeros(3, dtype=t) for t in (torch.float16, torch.bfloat16, torch.int64, torch.uint8, torch.bool, torch.complex64, torch.float64)}
kinds["float8_e4m3fn"] = torch.zeros(3).to(torch.float8_e4m3fn)
kinds["sparse"] = torch.eye(3).to_sparse()
kinds["csr"] = torch.eye(3).to_sparse_csr()
kinds["parameter"] = nn.Parameter(torch.zeros(2))
kinds["strided"] = torch.zeros(4, 4)[::2, 1:]
kinds["size"] = torch.Size([1, 2])
kinds["device"] = torch.device("cpu")
kinds["dtype"] = torch.float32
kinds["quantized"] = torch.quantize_per_tensor(torch.zeros(3), 0.1, 0, torch.qint8)
good = {"state-dict": net.state_dict(), "checkpoint": checkpoint, "tensor": torch.arange(6.0).reshape(2, 3), "kinds": kinds,
        "sequential": nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Dropout(), nn.LayerNorm(2), nn.Conv1d(2, 2, 1), nn.LSTM(2, 2), nn.Embedding(3, 2))}
for name, value in good.items():
    family.add(f"{name}.pt", saved(value), "clean")
    if name != "kinds":
        family.add(f"{name}-legacy.pt", saved(value, _use_new_zipfile_serialization=False), "clean")
family.add("protocol4.pt", saved(net.state_dict(), pickle_protocol=4), "clean")
family.add("module.pt", saved(net), "unknown", "unknown-name", "a class of the author's own")
family.add("module-legacy.pt", saved(net, _use_new_zipfile_serialization=False), "unknown", "unknown-name")
state = OrderedDict(net.state_dict())
state["x"] = run
family.add("evil.pt", saved(state), "dangerous", "dangerous-call")
family.add("evil.bin", saved(state), "dangerous", "dangerous-call")
family.add("evil-legacy.pt", saved(state, _use_new_zipfile_serialization=False), "dangerous", "dangerous-call")


def rezipped(content, change, method=zipfile.ZIP_STORED):
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        members = {info.filename: old.read(info) for info in old.infolist()}
        change(members)
        for name, data in members.items():
            new.writestr(zipfile.ZipInfo(name, DATE), data, method)
    return target.getvalue()


base = saved(net.state_dict())
family.add("deflated.pt", rezipped(base, lambda m: None, zipfile.ZIP_DEFLATED), "clean", None, "rezipped by hand")
family.add("evil-extra.pt", rezipped(base, lambda m: m.update({"archive/extra/notes.txt": evil()})), "dangerous", "dangerous-call")
family.add("evil-in-storage.pt", rezipped(base, lambda m: m.update({"archive/data/0": evil().ljust(48, b"\0")})), "dangerous", "dangerous-call")
family.add("short-storage.pt", rezipped(base, lambda m: m.update({"archive/data/0": b"\0" * 4})), "dangerous", "torch-storage")
family.add("missing-storage.pt", rezipped(base, lambda m: m.pop("archive/data/0")), "incomplete")
family.add("unused-bytes.pt", rezipped(base, lambda m: m.update({"archive/data/99": bytes(range(1, 200))})), "unknown")
family.add("cut.pt", base[:-200], "incomplete")
family.add("cut-legacy.pt", saved(net.state_dict(), _use_new_zipfile_serialization=False)[:-20], "incomplete")
legacy = saved(net.state_dict(), _use_new_zipfile_serialization=False)
family.add("legacy-trailing.pt", legacy + evil(), "dangerous", "dangerous-call")
family.add("legacy-noise.pt", legacy + b"abcdefg", "incomplete", "trailing-data")
# The magic number made by a call: what looks at its bytes first does not see a torch file (GHSA-97f8-7cmv-76j2).
magic = pickle.dumps(Call(eval, "0x1950a86a20f9469cfc6c"), 2)
family.add("eval-magic.pt", magic + legacy[legacy.index(b".") + 1 :], "dangerous", "dangerous-call")


class Storage:
    def __init__(self, key):
        self.key = key


def oldest(payload=None, names=("sys_info", "pickle", "tensors", "storages")):
    """Before 0.1.10: a tar archive, as torch.serialization still reads."""
    member = {}
    member["sys_info"] = pickle.dumps({"protocol_version": 1000, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}, 2)
    storages = io.BytesIO()
    pickle.dump(1, storages, 2)
    pickle.dump((0, "cpu", torch.FloatStorage), storages, 2)
    storages.write(struct.pack("<q", 6) + struct.pack("<6f", *range(6)))
    pickle.dump([], storages, 2)
    member["storages"] = storages.getvalue()
    tensors = io.BytesIO()
    pickle.dump(1, tensors, 2)
    pickle.dump((5, 0, torch.FloatTensor), tensors, 2)
    tensors.write(struct.pack("<i", 2) + struct.pack("<4x") + struct.pack("<2q", 2, 3) + struct.pack("<2q", 3, 1) + struct.pack("<q", 0))
    member["tensors"] = tensors.getvalue()

    class Pickler(pickle._Pickler):
        def persistent_id(self, value):
            return value.key if isinstance(value, Storage) else None

    buffer = io.BytesIO()
    Pickler(buffer, 2).dump({"weight": Storage("5"), "x": payload})
    member["pickle"] = buffer.getvalue()
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = len(member[name])
            archive.addfile(info, io.BytesIO(member[name]))
    return target.getvalue()


def loads(content):
    path = work / "oldest.tar"
    path.write_bytes(content)
    return torch.load(path, weights_only=False)


assert loads(oldest())["weight"].tolist() == [[0, 1, 2], [3, 4, 5]]
family.add("oldest.tar", oldest(), "clean")
family.add("oldest-evil.tar", oldest(run), "dangerous", "dangerous-call")

# TorchScript
script = torch.jit.script(net)
buffer = io.BytesIO()
torch.jit.save(script, buffer, _extra_files={"notes.txt": "hello"})
family.add("scripted.pt", buffer.getvalue(), "clean")
buffer = io.BytesIO()
torch.jit.save(torch.jit.trace(net, torch.randn(2, 3)), buffer)
traced = buffer.getvalue()
family.add("traced.pt", traced, "clean")
family.add("scripted-evil-constants.pt", rezipped(traced, lambda m: m.update({next(k for k in m if k.endswith("constants.pkl")): evil(2)})), "dangerous", "dangerous-call")


class Reads(nn.Module):
    def forward(self, x):
        return torch.from_file("/etc/passwd", False, 10, dtype=torch.uint8)


buffer = io.BytesIO()
torch.jit.save(torch.jit.script(Reads()), buffer)
family.add("scripted-reads.pt", buffer.getvalue(), "dangerous", "torchscript-operator")


def custom(members):
    code = next(k for k in members if k.endswith(".py"))
    members[code] = members[code].replace(b"torch.relu(", b"ops.acme.relu(")


family.add("scripted-custom-op.pt", rezipped(traced, custom), "unknown")


class Control(nn.Module):
    def forward(self, x: torch.Tensor, names: list[str]) -> dict[str, torch.Tensor]:
        out: dict[str, torch.Tensor] = {}
        i = 0
        while i < len(names):
            if names[i] in out:
                raise RuntimeError("twice " + names[i])
            out[names[i].strip().lower()] = x[i : i + 1].clone()
            i += 1
        assert len(out) > 0
        print(len(out))
        return out


buffer = io.BytesIO()
torch.jit.save(torch.jit.script(Control()), buffer)
family.add("scripted-control.pt", buffer.getvalue(), "clean")

# .pt2
exported = torch.export.export(net, (torch.randn(2, 3),)) if False else torch.export.export(nn.Sequential(nn.Linear(3, 2), nn.ReLU()), (torch.randn(2, 3),))
path = work / "model.pt2"
torch.export.save(exported, path, extra_files={"notes.txt": "hello"})
family.add("model.pt2", path.read_bytes(), "clean")


def inside(ending, content):
    def change(members):
        name = next(k for k in members if k.endswith(ending))
        members[name] = content(members[name]) if callable(content) else content

    return change


family.add("evil-sample.pt2", rezipped(path.read_bytes(), inside("sample_inputs/model.pt", saved({"a": run}))), "dangerous", "dangerous-call")
family.add("evil-weight.pt2", rezipped(path.read_bytes(), inside("weight_0", saved({"a": run}))), "dangerous", "dangerous-call")
family.add("custom-op.pt2", rezipped(path.read_bytes(), inside("model.json", lambda b: b.replace(b"torch.ops.aten.relu.default", b"torch.ops.acme.relu.default"))), "unknown")
family.add("file-op.pt2", rezipped(path.read_bytes(), inside("model.json", lambda b: b.replace(b"torch.ops.aten.relu.default", b"torch.ops.aten.from_file.default"))), "dangerous", "torchscript-operator")

# torch.package
from torch.package import PackageExporter

path = work / "package.pt"
with PackageExporter(str(path)) as exporter:
    exporter.save_source_string("acme", "import os\nclass Model:\n    pass\nos.system('id')\n")
    exporter.extern("os")
    exporter.save_pickle("model", "model.pkl", {"a": 1, "w": torch.zeros(2)})
family.add("package-evil.pt", path.read_bytes(), "dangerous", "source-reaches")
path = work / "package-good.pt"
with PackageExporter(str(path)) as exporter:
    exporter.save_source_string("acme", "import torch\nclass Model(torch.nn.Module):\n    pass\n")
    exporter.save_pickle("model", "model.pkl", {"a": 1, "w": torch.zeros(2)})
family.add("package.pt", path.read_bytes(), "unknown", "carried-source")
family.done()
