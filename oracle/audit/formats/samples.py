"""How the scripts beside this one write fixtures/audit/formats/: an archive for each family, with an
index.json that says what each file must be."""

import io
import json
import os
import pickle
import tarfile
from pathlib import Path

OUT = Path(__file__).resolve().parents[3] / "fixtures/audit/formats"
# One date in every archive, so that a second run writes the same bytes.
DATE = (2026, 1, 1, 0, 0, 0)


class Call:
    """Pickles as a call of `function`."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def evil(protocol=4):
    """A pickle that runs a program when it is loaded."""
    return pickle.dumps(Call(os.system, "id"), protocol)


def harmless(protocol=4):
    return pickle.dumps({"a": [1, 2.5, "x"], "b": None}, protocol)


class Family:
    """The samples of one family of formats: fixtures/audit/formats/NAME.tar.xz, with an index.json."""

    def __init__(self, name):
        self.name = name
        self.files = {}
        self.index = {}

    def add(self, name, content, verdict, rule=None, note=None):
        """`verdict`: what a scanner must say; `rule`: one that must be among its findings."""
        assert name not in self.files, name
        self.files[name] = content
        self.index[name] = {"verdict": verdict, **({"rule": rule} if rule else {}), **({"note": note} if note else {})}

    def done(self):
        OUT.mkdir(parents=True, exist_ok=True)
        path = OUT / f"{self.name}.tar.xz"
        index = json.dumps(self.index, indent=1, ensure_ascii=False).encode() + b"\n"
        with tarfile.open(path, "w:xz", preset=9) as archive:
            for name, content in [("index.json", index), *self.files.items()]:
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
        total = sum(len(content) for content in self.files.values())
        print(f"{self.name}: {len(self.index)} samples, {total} bytes, packed {path.stat().st_size}")
