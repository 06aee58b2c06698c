"""How the scripts beside this one write fixtures/audit/formats/: files, and index.json that says what each must be."""

import json
import os
import pickle
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
    """The samples of one family of formats, in a folder of their own."""

    def __init__(self, name):
        self.folder = OUT / name
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in self.folder.iterdir():
            if old.is_file():
                old.unlink()
        self.index = {}

    def add(self, name, content, verdict, rule=None, note=None):
        """`verdict`: what a scanner must say; `rule`: one that must be among its findings."""
        (self.folder / name).write_bytes(content)
        self.index[name] = {"verdict": verdict, **({"rule": rule} if rule else {}), **({"note": note} if note else {})}

    def done(self):
        (self.folder / "index.json").write_text(json.dumps(self.index, indent=1, ensure_ascii=False) + "\n")
        size = sum(f.stat().st_size for f in self.folder.iterdir())
        print(f"{self.folder.name}: {len(self.index)} samples, {size} bytes")
