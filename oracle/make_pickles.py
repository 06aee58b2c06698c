"""Writes fixtures/pickle/: pickle streams, what CPython's unpickler makes of them and what pickletools.dis
prints (cases.json); CPython's own tables of opcodes and renamed modules (tables.json). Needs nothing but Python 3.11 or newer:

    python oracle/make_pickles.py

Every stream is loaded by the C unpickler with a `find_class` that returns recording stand-ins, so that
expectations hold structure (what is called with what, what is shared) and nothing is imported.
`stricter` marks streams that CPython accepts and brine refuses on purpose, `more` the reverse.
"""

import base64
import collections
import copyreg
import datetime
import decimal
import fractions
import io
import json
import os
import pickle
import pickletools
import struct

OUT = os.path.join(os.path.dirname(__file__), "..", "fixtures", "pickle")


class Meta(type):
    def __call__(cls, *args, **kwargs):
        made = cls.__new__(cls, *args, **kwargs)
        made.made = "call"
        return made


def stand_in(module, name):
    """A class that records how it is made and changed."""

    def new(cls, *args, **kwargs):
        self = object.__new__(cls)
        d = self.__dict__
        d["made"] = "new"
        d["args"] = args
        d["kwargs"] = kwargs or None
        return self

    def setstate(self, state):
        self.__dict__["state"] = state

    def append(self, item):
        self.__dict__.setdefault("appended", []).append(item)

    def extend(self, items):
        self.__dict__.setdefault("appended", []).extend(items)

    def setitem(self, key, value):
        self.__dict__.setdefault("entries", {})[key] = value

    return Meta(
        name,
        (),
        {
            "__new__": new,
            "__setstate__": setstate,
            "append": append,
            "add": append,
            "extend": extend,
            "__setitem__": setitem,
            "__hash__": object.__hash__,
            "identity": (module, name),
        },
    )


class Persistent:
    def __init__(self, pid):
        self.pid = pid


def resolved(module, name, proto):
    import _compat_pickle as compat

    if proto < 3:
        if (module, name) in compat.NAME_MAPPING:
            return compat.NAME_MAPPING[(module, name)]
        if module in compat.IMPORT_MAPPING:
            return compat.IMPORT_MAPPING[module], name
    return module, name


class Loader(pickle.Unpickler):
    def __init__(self, data, **kwargs):
        super().__init__(io.BytesIO(data), encoding="latin1", **kwargs)
        self.known = {}
        self.data = data

    def find_class(self, module, name):
        # The C unpickler gives the names as written; the protocol of these streams is in their PROTO opcode.
        proto = self.data[1] if self.data[:1] == b"\x80" else 0
        key = resolved(module, name, proto)
        return self.known.setdefault(key, stand_in(*key))

    def persistent_load(self, pid):
        return Persistent(pid)


class Tagger:
    """Values as JSON, with ids where identity shows."""

    def __init__(self):
        self.ids = {}
        self.keep = []

    def tag(self, v):
        if v is None or isinstance(v, (bool, str)):
            return v
        if isinstance(v, int):
            return v if abs(v) <= 2**53 - 1 else {"$": "int", "value": hex(v)}
        if isinstance(v, float):
            return {"$": "float", "bits": struct.pack(">d", v).hex()}
        if isinstance(v, (bytes, memoryview)):
            return {"$": "bytes", "hex": bytes(v).hex()}
        if isinstance(v, Meta):
            return {"$": "class", "module": v.identity[0], "name": v.identity[1]}
        if isinstance(v, (tuple, frozenset)) and not v:
            return {"$": type(v).__name__, "items": []}
        if id(v) in self.ids:
            return {"$": "ref", "id": self.ids[id(v)]}
        n = self.ids[id(v)] = len(self.ids)
        self.keep.append(v)
        if isinstance(v, (list, tuple)):
            return {"$": type(v).__name__, "id": n, "items": [self.tag(x) for x in v]}
        if isinstance(v, (set, frozenset)):
            items = sorted((self.tag(x) for x in v), key=lambda t: json.dumps(t))
            return {"$": type(v).__name__, "id": n, "items": items}
        if isinstance(v, dict):
            return {"$": "dict", "id": n, "items": [[self.tag(k), self.tag(x)] for k, x in v.items()]}
        if isinstance(v, bytearray):
            return {"$": "bytearray", "id": n, "hex": v.hex()}
        if isinstance(v, Persistent):
            return {"$": "persistent", "id": n, "pid": self.tag(v.pid)}
        d = v.__dict__
        out = {"$": "instance", "id": n, "made": d["made"], "class": self.tag(type(v))}
        out["args"] = [self.tag(x) for x in d["args"]]
        out["kwargs"] = None if d["kwargs"] is None else [[k, self.tag(x)] for k, x in d["kwargs"].items()]
        if "state" in d:
            out["state"] = self.tag(d["state"])
        if "appended" in d:
            out["appended"] = [self.tag(x) for x in d["appended"]]
        if "entries" in d:
            out["entries"] = [[self.tag(k), self.tag(x)] for k, x in d["entries"].items()]
        return out


def dis(data):
    """The lines of pickletools.dis, up to its first complaint, and whether there was one."""
    out = io.StringIO()
    try:
        pickletools.dis(data, out)
    except Exception:
        return out.getvalue().splitlines(), False
    return out.getvalue().splitlines(), True


cases = []


def case(name, data, buffers=None, extensions=(), stricter=None, more=None):
    entry = {"name": name, "data": base64.b64encode(data).decode()}
    for module, attr, code in extensions:
        copyreg.add_extension(module, attr, code)
        entry.setdefault("extensions", {})[code] = [module, attr]
    try:
        loader = Loader(data, buffers=buffers)
        value = loader.load()
        entry["value"] = Tagger().tag(value)
    except Exception as e:
        entry["error"] = f"{type(e).__name__}: {e}"
    for module, attr, code in extensions:
        copyreg.remove_extension(module, attr, code)
    if buffers is not None:
        entry["buffers"] = [bytes(b).hex() for b in buffers]
    if stricter:
        entry["stricter"] = stricter
    if more:
        entry["more"] = more
    lines, whole = dis(data)
    if sum(map(len, lines)) < 20_000:
        entry["dis"] = "\n".join(lines)
        entry["disWhole"] = whole
    cases.append(entry)


# ---- what Python writes, protocols 0 to 5 ----


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y


class Slotted:
    __slots__ = ("a", "b")


class NewArgs:
    def __new__(cls, *args, **kwargs):
        return object.__new__(cls)

    def __getnewargs_ex__(self):
        return (1, "two"), {"three": 3}


class MyList(list):
    pass


class MyDict(dict):
    pass


class OldStyle:
    """Stands in for a Python 2 class."""


Pair = collections.namedtuple("Pair", "left right")
for cls in (Point, Slotted, NewArgs, MyList, MyDict, OldStyle, Pair):
    cls.__module__ = "__main__"

shared = [1, 2]
cycle = [1]
cycle.append(cycle)
dict_cycle = {}
dict_cycle["self"] = dict_cycle
tuple_cycle = ([],)
tuple_cycle[0].append(tuple_cycle)
instance_cycle = Point(1, None)
instance_cycle.y = instance_cycle
slotted = Slotted()
slotted.a, slotted.b = 1, "b"
my_list = MyList([1, 2])
my_list.extra = "attribute"
my_dict = MyDict(a=1)
my_dict.extra = shared

objects = {
    "constants": [None, True, False, Ellipsis, NotImplemented],
    "small integers": [0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, -(2**31), 2**31, -(2**31) - 1],
    "large integers": [2**53 - 1, 2**53, -(2**53) + 1, -(2**53), 2**63, -(2**63), 2**64, -(2**64) - 1]
    + [s * (256**n + d) for n in (5, 6, 7, 8, 100, 255, 256, 300) for s in (1, -1) for d in (-1, 0, 1)],
    "floats": [0.0, -0.0, 1.0, -1.5, 1e-5, 1e-4, 123456789.125, 1e15, 1e16, 1.5e300, 5e-324, 2**70 * 1.0]
    + [float("inf"), float("-inf"), float("nan"), 0.1, 1 / 3],
    "text": ["", "a", "plain", "two\nlines", "back\\slash", "\\u0041", "quotes ' and \"", "it's", "\x00\x01\x1a\r\t\x7f\x80\xff"]
    + ["ünïcödé", "日本語", "😀", "\ud800", "a\udfffb", "\ufeffbom", "\u2028\u00a0\u00ad", "x" * 255, "é" * 128, "x" * 300],
    "bytes": [b"", b"a", bytes(range(256)), b"x" * 300, b"it's", b"\"'", bytearray(b""), bytearray(b"abc"), bytearray(range(256)), bytearray(b"it's"), bytearray(b'"')],
    "containers": [[], (), {}, set(), frozenset(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [[[]]], {"a": {"b": {}}}],
    "sets": [{1, 2, 3}, frozenset(["a", "b"]), {(1, 2)}, set(range(1200))],
    "keys": {1: "int", "1": "str", (1, 2): "tuple", None: "none", 2.5: "float", b"b": "bytes", frozenset([1]): "fs", -0.0: "z"},
    "long list": list(range(1005)),
    "long dict": {f"key{i}": i for i in range(1005)},
    "shared": [shared, shared, {"again": shared}, (shared, (shared,))],
    "cycles": [cycle, dict_cycle, tuple_cycle, instance_cycle],
    "instances": [Point(1, "y"), slotted, NewArgs(), my_list, my_dict, Pair(1, 2)],
    "classes": [Point, int, len, collections.OrderedDict, pickle.dumps],
    "library": [
        collections.OrderedDict(a=1, b=[2]),
        collections.defaultdict(list, {"k": [1]}),
        collections.deque([1, 2], 5),
        collections.Counter("abca"),
        datetime.datetime(2020, 1, 2, 3, 4, 5, 6, datetime.timezone.utc),
        datetime.date(2020, 1, 2),
        decimal.Decimal("1.10"),
        fractions.Fraction(1, 3),
        complex(1, -2),
        range(3),
        slice(1, None, 2),
    ],
    "exceptions": [ValueError("v"), KeyError("k")],
}
big = ("long list", "long dict", "sets", "large integers")
for name, value in objects.items():
    for protocol in (1, 4) if name in big else range(6):
        kept = value
        if name == "instances" and protocol < 4:  # slots need protocol 2, keyword arguments 4 (or a partial)
            kept = [v for v in value if not isinstance(v, NewArgs if protocol >= 2 else (Slotted, NewArgs))]
        case(f"{name}, protocol {protocol}", pickle.dumps(kept, protocol))
    if name not in big:
        case(f"{name}, optimized", pickletools.optimize(pickle.dumps(value, 4)))

case("one big frame and bytes outside of it", pickle.dumps([b"x" * 70000, "y" * 70000, list(range(300))], 4))
payload = [pickle.PickleBuffer(b"readonly"), pickle.PickleBuffer(bytearray(b"writable"))]
case("buffers in band", pickle.dumps(payload, 5))
outside = []
case("buffers out of band", pickle.dumps(payload, 5, buffer_callback=outside.append), buffers=[b"readonly", bytearray(b"writable")])
case("buffers missing", pickle.dumps(payload, 5, buffer_callback=outside.append))
case("buffers too few", pickle.dumps(payload, 5, buffer_callback=outside.append), buffers=[b"readonly"])

# ---- streams that Python no longer writes ----


def u32(n):
    return struct.pack("<I", n)


def frame(body):
    return b"\x95" + struct.pack("<Q", len(body)) + body


hand = {
    "INT booleans": b"(I00\nI01\nI1\nI0\nI-5\nl.",
    "INT large": b"I123456789012345678901234567890\n.",
    "INT blank": b"I\n.",
    "INT text": b"Ix1\n.",
    "LONG with and without L": b"(L5L\nL5\nL-7L\nL0L\nL123456789012345678901234567890L\nl.",
    "FLOAT forms": b"(F1\nF1.5\nF-1e5\nFinf\nF-inf\nFnan\nF1E+3\nF.5\nF5.\nl.",
    "FLOAT text": b"Fabc\n.",
    "STRING escapes": b"(S'plain'\nS\"it's\"\nS'a\\n\\t\\\\ \\' \\x41\\xff\\101\\0\\08\\q\\a\\b\\f\\v\\r'\nl.",
    "STRING high bytes": b"S'\\x80\\xff\\n'\n.",
    "STRING raw high bytes": b"S'\x80\xff'\n.",
    "STRING unquoted": b"Sabc\n.",
    "STRING half quoted": b"S'abc\n.",
    "STRING one quote": b"S'\n.",
    "STRING bad hex": b"S'\\xg0'\n.",
    "STRING cut escape": b"S'\\x4'\n.",
    "STRING trailing backslash": b"S'abc\\'\n.",
    "UNICODE escapes": b"(Vabc\nV\\u0041\\U0001F600\nV\\\\u0041\nV\\\\\\u0041\nV\xe9\nVa\\nb\nV\nV\\\nl.",
    "UNICODE surrogates": b"V\\ud800x\n.",
    "UNICODE cut escape": b"V\\u00\n.",
    "UNICODE too large": b"V\\U00110000\n.",
    "BINSTRING": b"(T" + u32(3) + b"a\xffbU\x03a\xfebU\x00t.",
    "BINSTRING negative": b"T\xff\xff\xff\xffabc.",
    "LONG4": b"\x80\x02(\x8b" + u32(0) + b"\x8b" + u32(1) + b"\xff\x8b" + u32(9) + b"\x00" * 8 + b"\x01l.",
    "LONG4 negative length": b"\x80\x02\x8b\xff\xff\xff\xff.",
    "LONG1 forms": b"\x80\x02(\x8a\x00\x8a\x01\x80\x8a\x02\xff\x00\x8a\x06" + b"\xff" * 6 + b"\x8a\x07" + b"\xff" * 6 + b"\x7fl.",
    "BINUNICODE8 and BINBYTES8": b"\x80\x04(\x8d" + struct.pack("<Q", 2) + b"hi\x8e" + struct.pack("<Q", 2) + b"\x00\x01l.",
    "BINUNICODE invalid": b"X" + u32(2) + b"\xc3\x28.",
    "BINUNICODE overlong": b"X" + u32(2) + b"\xc0\x80.",
    "BINUNICODE surrogate": b"X" + u32(3) + b"\xed\xa0\x80.",
    "BINUNICODE cut": b"X" + u32(2) + b"\xe2\x82.",
    "BINUNICODE beyond Unicode": b"X" + u32(4) + b"\xf4\x90\x80\x80.",
    "BYTEARRAY8 then GET": b"\x80\x05\x96" + struct.pack("<Q", 2) + b"ab\x94h\x00\x86.",
    "DUP shares": b"]2\x86." ,
    "POP": b"K\x01K\x020.",
    "POP takes a mark": b"K\x01(0.",
    "POP_MARK": b"K\x01(K\x02K\x031.",
    "MARK inside": b"((K\x01t(K\x02tt.",
    "LIST and DICT": b"((K\x01K\x02lp0\n(S'k'\nI1\ndp1\ng0\ng1\nt.",
    "DICT odd": b"(K\x01d.",
    "SETITEMS odd": b"}(K\x01u.",
    "APPEND to tuple": b")K\x01a.",
    "SETITEM on tuple": b")K\x01K\x02s.",
    "ADDITEMS to list": b"\x80\x04](K\x01\x90.",
    "duplicate keys": b"}(K\x01S'a'\nF1.0\nS'b'\nI01\nS'c'\nu.",
    "duplicate keys by SETITEM": b"}K\x01K\x02sI01\nK\x03s.",
    "memo index beyond": b"h\x05.",
    "memo sparse then MEMOIZE": b"\x80\x04K\x01q\x01K\x02\x94h\x01\x86.",
    "memo overwritten": b"K\x01q\x000K\x02q\x00h\x00\x86.",
    "memo gap": b"K\x01p1\n0K\x02p5\n0g1\ng5\n\x86.",
    "PUT negative": b"Np-1\n.",
    "PUT on empty": b"p0\nN.",
    "GET text": b"ga\n.",
    "PUT memoises before a change": b"]q\x00K\x01ah\x00\x86.",
    "INST": b"(S'x'\ni__builtin__\nlist\n.",
    "INST of an old class": b"(i__main__\nOldStyle\np0\n(dp1\nS'a'\nI1\nsb.",
    "OBJ": b"(c__main__\nOldStyle\nK\x01K\x02o.",
    "OBJ without arguments": b"(c__main__\nOldStyle\no}b.",
    "OBJ without a class": b"(o.",
    "OBJ with a string": b"(S'os.system'\no.",
    "NEWOBJ with a list": b"\x80\x02c__main__\nPoint\n]\x81.",
    "NEWOBJ_EX": b"\x80\x04c__main__\nPoint\n(K\x01t}\x8c\x01kK\x02s\x92.",
    "NEWOBJ_EX without a dict": b"\x80\x04c__main__\nPoint\n)]\x92.",
    "REDUCE on a string": b"S'os.system'\n)R.",
    "REDUCE with a list": b"c__main__\nPoint\n]R.",
    "REDUCE on a tuple": b"))R.",
    "BUILD on a list with None": b"]Nb.",
    "BUILD on a list with a dict": b"]}S'a'\nK\x01sb.",
    "BUILD with a pair": b"\x80\x02c__main__\nPoint\n)\x81N}U\x01aK\x01s\x86b.",
    "APPENDS to an instance": b"\x80\x02c__main__\nMyList\n)\x81(K\x01K\x02eK\x03a.",
    "SETITEMS on an instance": b"\x80\x02c__main__\nMyDict\n)\x81(U\x01aK\x01uU\x01bK\x02s.",
    "GLOBAL in UTF-8": "cmodül\nnäme\n.".encode(),
    "GLOBAL cut": b"cos\nsystem",
    "STACK_GLOBAL": b"\x80\x04\x8c\x02os\x8c\x06system\x93.",
    "STACK_GLOBAL dotted": b"\x80\x04\x8c\x07pathlib\x8c\x09os.system\x93.",
    "STACK_GLOBAL with an int": b"\x80\x04\x8c\x02osK\x01\x93.",
    "STACK_GLOBAL with a newline": b"\x80\x04\x8c\x03a\nb\x8c\x01c\x93.",
    "PERSID": b"(Pabc\nPdef\nl.",
    "BINPERSID": b"\x80\x02(U\x07storageK\x01tQ.",
    "EXT unknown": b"\x80\x02\x82\x01.",
    "EXT zero": b"\x80\x02\x82\x00.",
    "EXT negative": b"\x80\x02\x84\xff\xff\xff\xff.",
    "PROTO again": b"\x80\x02\x80\x03N.",
    "PROTO 6": b"\x80\x06N.",
    "unknown opcode": b"\x80\x02\x01.",
    "STOP on nothing": b".",
    "STOP under a mark": b"N(.",
    "STOP with more below": b"K\x01K\x02.",
    "no STOP": b"K\x01",
    "TUPLE2 across a mark": b"K\x01(K\x02\x86.",
    "TUPLE without a mark": b"K\x01t.",
    "APPENDS without a list": b"(K\x01e.",
    "REDUCE on nothing": b"R.",
    "READONLY_BUFFER on an int": b"\x80\x05K\x01\x98.",
    "READONLY_BUFFER on bytearray": b"\x80\x05\x96" + struct.pack("<Q", 2) + b"ab\x98.",
    "NEXT_BUFFER without": b"\x80\x05\x97.",
    "frame": b"\x80\x04" + frame(b"K\x01K\x02\x86."),
    "frames in a row": b"\x80\x04" + frame(b"K\x01") + frame(b"K\x02\x86") + b".",
    "frame of nothing": b"\x80\x04" + frame(b"") + b"N.",
    "frame cut": b"\x80\x04" + frame(b"K\x01.")[:-2],
    "calls hidden by POP": b"(cos\nsystem\nS'id'\no0N.",
    "Python 2 instance": b"(i__main__\nOldStyle\np0\n(dp1\nS'coef_'\np2\ncnumpy.core.multiarray\n_reconstruct\np3\n(cnumpy\nndarray\np4\n(I0\ntp5\nS'b'\np6\ntp7\nRp8\n(I1\n(I2\ntp9\ncnumpy\ndtype\np10\n(S'f8'\np11\nI0\nI1\ntp12\nRp13\n(I3\nS'<'\np14\nNNNI-1\nI-1\nI0\ntp15\nbI00\nS'\\x00\\x00\\x00\\x00\\x00\\x00\\xf8?\\x00\\x00\\x00\\x00\\x00\\x00\\x04@'\np16\ntp17\nbsS'it\\'s'\np18\nV\\u2713\np19\nsb.",
    "Python 2 reconstructor": b"ccopy_reg\n_reconstructor\np0\n(c__main__\nPoint\np1\nc__builtin__\nobject\np2\nNtp3\nRp4\n(dp5\nS'a'\nL5L\nsb.",
    "Python 2 names": b"(c__builtin__\nunicode\nc__builtin__\nxrange\ncexceptions\nValueError\ncexceptions\nStandardError\ncitertools\nizip\ncurllib2\nURLError\ncUserDict\nUserDict\ncUserDict\nDictMixin\ncStringIO\nStringIO\ncmultiprocessing\nTimeoutError\ncmultiprocessing\nprocess.Process\ncnumpy\nndarray\nl.",
    "Python 2 names, protocol 2": b"\x80\x02(c__builtin__\nset\ncopy_reg\nx\nl.",
    "Python 2 names, protocol 3": b"\x80\x03c__builtin__\nset\n.",
    "Python 2 dict of bytes and text": b"\x80\x02}q\x01(U\x03keyq\x02K\x01X\x04\x00\x00\x00key2q\x03U\x03\xe9t\xe9q\x04u.",
    "old set": b"\x80\x02c__builtin__\nset\nq\x00]q\x01(K\x01K\x02e\x85q\x02Rq\x03.",
    "bytes by codecs": b"\x80\x02c_codecs\nencode\nq\x00X\x04\x00\x00\x00a\xc3\xbfbq\x01X\x06\x00\x00\x00latin1q\x02\x86q\x03Rq\x04.",
}
for name, data in hand.items():
    case(name, data)

case("EXT1", b"\x80\x02\x82\x07.", extensions=[("collections", "OrderedDict", 7)])
case("EXT2 and EXT4", b"\x80\x02\x83\x00\x01\x84\x00\x00\x01\x00\x86.", extensions=[("a", "B", 256), ("c", "D.e", 65536)])

# ---- what CPython's C unpickler accepts and brine refuses ----
case("argument across a frame's end", b"\x80\x04\x95" + struct.pack("<Q", 1) + b"K\x01.", stricter="the pure-Python unpickler refuses it too")
case("frame within a frame", b"\x80\x04\x95" + struct.pack("<Q", 12) + frame(b"K\x01") + b".", stricter="the pure-Python unpickler refuses it too")
case("STOP before the frame's end", b"\x80\x04" + frame(b"K\x01.cos\nsystem\n"), stricter="what follows is seen by some readers only")
case("INT octal", b"I010\n.", stricter="8 to the C unpickler, an error to the Python one, 10 to pickletools")
case("INT hexadecimal", b"I0x10\n.", stricter="no writer ever wrote it")
case("SETITEM on a list", b"]K\x01aK\x00K\x02s.", stricter="typed opcodes: a list has no keys")
case("APPENDS to a bytearray", b"\x80\x05\x96" + struct.pack("<Q", 1) + b"a(K\x01e.", stricter="typed opcodes")

case("memo put huge", b"Nr\xff\xff\xff\x7f0j\xff\xff\xff\x7f.", more="CPython allocates an array of that length, or fails to")

os.makedirs(OUT, exist_ok=True)
with open(os.path.join(OUT, "cases.json"), "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
print(len(cases), "cases")

# ---- tables ----

import _compat_pickle  # noqa: E402

names = [[m, n, *to] for (m, n), to in _compat_pickle.NAME_MAPPING.items()]
names += [[m, "anything", to, "anything"] for m, to in _compat_pickle.IMPORT_MAPPING.items()]
table = {
    "python3Names": names,
    "opcodes": [
        {
            "code": ord(o.code),
            "name": o.name,
            "argument": o.arg and o.arg.name,
            "protocol": o.proto,
            "before": ["slice" if x.name == "stackslice" else x.name for x in o.stack_before],
            "after": [x.name for x in o.stack_after],
        }
        for o in pickletools.opcodes
    ],
}
with open(os.path.join(OUT, "tables.json"), "w") as f:
    json.dump(table, f)
    f.write("\n")

