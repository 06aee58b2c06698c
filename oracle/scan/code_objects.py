"""CPython's bytecode, 3.8 to 3.14: opcode tables and test vectors, judged by each interpreter's own `dis`.

    python oracle/scan/code_objects.py vector > vector-3.12.json       # once with each interpreter, 3.8 to 3.13
    python oracle/scan/code_objects.py table  > table-3.12.json        # the same
    node oracle/scan/code_objects_314.mjs …                            # the same of 3.14, which Pyodide has
    python oracle/scan/code_objects.py write folder                    # from all of them: opcodes.ts, fixtures/audit/code.json
"""

import dis
import io
import json
import opcode
import pickle
import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SOURCES = {
    "arithmetic": "lambda x: np.log1p(x.clip(0)) / 2 - x.mean(axis=0)",
    "loops": """
def f(rows, *, scale=1.5, **more):
    out = []
    for i, row in enumerate(rows):
        if not row or row[0] in (None, ''):
            continue
        try:
            out.append(float(row[0]) ** 2 % 7 @ scale)
        except (ValueError, TypeError) as error:
            out[i:] = [str(error)]
        finally:
            more['n'] = more.get('n', 0) + 1
    while len(out) > 3:
        out.pop()
    return {k: v for k, v in zip(range(9), out)}, [*out, *more], f'{scale:.2f}'
""",
    "closure": """
def f(a):
    total = a
    def add(b):
        nonlocal total
        total += b
        return lambda c: total * c + offset
    return add
""",
    "class": """
def f():
    class Mean(Base, metaclass=Meta):
        name: str = 'mean'
        def __init__(self, p=2):
            super().__init__()
            self.p = p
        @property
        def q(self):
            return super().q - self.p
    return Mean
""",
    "generator": """
def f(xs):
    with open_it(xs) as handle:
        for x in handle:
            y = yield x
            yield from (z for z in x if z is not y)
""",
    "reaching": """
def f(x):
    import os
    from subprocess import check_output as run
    import urllib.request as net
    global STATE
    STATE = run(['id'])
    os.environ['A'] = net.urlopen('http://example.invalid').read()
    return getattr(__import__('socket'), 'create_connection')(('example.invalid', 80)) or eval(x)
""",
    "wide": "def f(x):\n" + "".join("    a%d = x.b%d + c%d\n" % (i, i, i) for i in range(130)) + "    return a129 if x else a0\n",
}
if sys.version_info >= (3, 10):
    SOURCES["match"] = """
async def f(x):
    match x:
        case {'a': [1, *rest]} if rest:
            return await x.go(rest)
        case Point(x=0) | None:
            pass
    async for y in x:
        async with y as z:
            del z.attribute, x[0]
    assert x, 'none'
"""


def function_code(source):
    space = {}
    if source.startswith("lambda"):
        source = "f = " + source
    return next(c for c in compile(source, "<model>", "exec").co_consts if isinstance(c, types.CodeType))


def arguments(code):
    new = hasattr(code, "co_exceptiontable")
    return (
        code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_nlocals, code.co_stacksize, code.co_flags,
        code.co_code, code.co_consts, code.co_names, code.co_varnames, code.co_filename, code.co_name,
        *((code.co_qualname,) if new else ()), code.co_firstlineno,
        code.co_linetable if hasattr(code, "co_linetable") else code.co_lnotab,
        *((code.co_exceptiontable,) if new else ()), code.co_freevars, code.co_cellvars,
    )


class Pickler(pickle._Pickler):
    """Writes code objects as calls of types.CodeType, as cloudpickle does by its own ways."""

    dispatch = dict(pickle._Pickler.dispatch)

    def save_code(self, code):
        self.write(pickle.GLOBAL + b"types\nCodeType\n")
        self.save(arguments(code))
        self.write(pickle.REDUCE)
        self.memoize(code)

    def save_type(self, obj):
        if obj is Ellipsis:
            self.write(pickle.GLOBAL + b"builtins\nEllipsis\n")
        else:
            super().save_type(obj)

    dispatch[types.CodeType] = save_code


def walk(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from walk(constant)


def vector():
    import base64
    import marshal

    out = {}
    for name, source in SOURCES.items():
        code = function_code(source)
        stream = io.BytesIO()
        Pickler(stream, 4).dump(code)
        listing = {}
        for each in walk(code):
            listing[getattr(each, "co_qualname", each.co_name)] = " ".join(
                "%d:%s:%s" % (i.offset, i.opname, "" if i.arg is None else i.arg) for i in dis.get_instructions(each)
            )
        out[name] = {"pickle": base64.b64encode(stream.getvalue()).decode(), "codes": listing}
        if name in ("arithmetic", "reaching", "closure"):
            out[name]["marshal"] = base64.b64encode(marshal.dumps(code)).decode()
        if name == "wide":
            # Long: its first instructions and how many there are will do.
            for key, text in listing.items():
                listing[key] = " ".join(text.split(" ")[-40:])
    json.dump(out, sys.stdout)


def table():
    special = set(getattr(opcode, "_specialized_instructions", []) or getattr(opcode, "_specialized_opmap", {}))
    names = ["" if n.startswith(("<", "INSTRUMENTED")) or n in special else n for n in opcode.opname[:256]]
    caches = getattr(opcode, "_inline_cache_entries", {})
    if not isinstance(caches, dict):
        caches = {opcode.opname[i]: n for i, n in enumerate(caches)}
    has = set(getattr(opcode, "hasarg", [])) if sys.version_info >= (3, 13) else set(range(opcode.HAVE_ARGUMENT, 256))
    json.dump({
        "names": names, "caches": {n: c for n, c in caches.items() if c and n in names and n != "CACHE"},
        "withArgument": [n for i, n in enumerate(names) if n and i in has],
    }, sys.stdout)


def write(folder):
    """opcodes.ts: for each version, its opcodes as `number name[:caches]`, those without an argument marked by a dot."""
    lines = [
        "// Generated by oracle/scan/code_objects.py from the interpreters' own tables; do not edit.",
        "/** Version → opcodes: `number:name`, `:caches` where cache words follow, a dot in front where there is no argument. */",
        "export const opcodes: Readonly<Record<string, string>> = {",
    ]
    vectors = {}
    for version in ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14"):
        t = json.loads((Path(folder) / f"table-{version}.json").read_text())
        items = [
            f"{'' if name in t['withArgument'] else '.'}{code}:{name}" + (f":{t['caches'][name]}" if name in t["caches"] else "")
            for code, name in enumerate(t["names"])
            if name and name != "CACHE"
        ]
        lines.append(f"  '{version}':\n    '{' '.join(items)}',")
        path = Path(folder) / f"vector-{version}.json"
        if path.exists():
            vectors[version] = json.loads(path.read_text())
    lines.append("};")
    (ROOT / "packages/core/src/audit/bytecode/opcodes.ts").write_text("\n".join(lines) + "\n")
    (ROOT / "fixtures/audit/code.json").write_text(json.dumps(vectors, indent=0) + "\n")


if __name__ == "__main__":
    {"vector": vector, "table": table}.get(sys.argv[1], lambda: write(sys.argv[2]))()
