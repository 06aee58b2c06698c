"""Archives and compressions: fixtures/audit/formats/containers/.

    python oracle/audit/formats/make_containers.py

Needs the pins of oracle/requirements/formats.txt.
"""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

import lz4.frame
import numpy as np
import py7zr
import zstandard
from samples import DATE, Family, evil, harmless

family = Family("containers")


def seven(members, **options):
    target = io.BytesIO()
    with py7zr.SevenZipFile(target, "w", **options) as archive:
        for name, content in members.items():
            archive.writestr(content, name)
    return target.getvalue()


TEXT = b"".join(b"%d: call \xe8%c%c%c\0 it a model\n" % (i, i, i, i) for i in range(200))
FILTERS = {
    "lzma2-x86": None,
    "lzma2": [{"id": py7zr.FILTER_LZMA2, "preset": 6}],
    "lzma": [{"id": py7zr.FILTER_LZMA}],
    "delta": [{"id": py7zr.FILTER_DELTA, "dist": 4}, {"id": py7zr.FILTER_LZMA2, "preset": 6}],
    "deflate": [{"id": py7zr.FILTER_DEFLATE}],
    "bzip2": [{"id": py7zr.FILTER_BZIP2}],
    "zstd": [{"id": py7zr.FILTER_ZSTD}],
    "copy": [{"id": py7zr.FILTER_COPY}],
}
for name, filters in FILTERS.items():
    family.add(f"{name}.7z", seven({"a/model.pkl": harmless(), "notes.txt": TEXT}, filters=filters), "unknown", "not-examined")
    family.add(f"{name}-evil.7z", seven({"notes.txt": TEXT, "a/model.bin": evil()}, filters=filters), "dangerous", "dangerous-call")
family.add("good.7z", seven({"model.pkl": harmless(), "README.md": b"A model.\n"}), "clean")
family.add("plain-header.7z", seven({"model.pkl": evil()}, header_encryption=False), "dangerous", "dangerous-call")
family.add("encrypted.7z", seven({"model.pkl": evil()}, password="x"), "incomplete")
family.add("ppmd.7z", seven({"model.pkl": evil()}, filters=[{"id": py7zr.FILTER_PPMD, "order": 6, "mem": 24}]), "incomplete")
family.add("cut.7z", seven({"model.pkl": evil()})[:-9], "incomplete")


def zipped(members, method=zipfile.ZIP_DEFLATED):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, DATE), content, method)
    return target.getvalue()


def tarred(members, format=tarfile.PAX_FORMAT):
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=format) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if isinstance(content, bytes):
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
            else:
                info.type, info.linkname = content
                archive.addfile(info)
    return target.getvalue()


array = io.BytesIO()
np.save(array, np.arange(6.0))
good = [("model.pkl", harmless()), ("array.npy", array.getvalue())]
bad = [("README", b"A model.\n"), ("weights.bin", evil())]
family.add("good.zip", zipped(good), "clean")
family.add("evil.zip", zipped(bad), "dangerous", "dangerous-call")
family.add("stored-evil.zip", zipped(bad, zipfile.ZIP_STORED), "dangerous", "dangerous-call")
family.add("bzip2-evil.zip", zipped(bad, zipfile.ZIP_BZIP2), "dangerous", "dangerous-call")
family.add("lzma-evil.zip", zipped(bad, zipfile.ZIP_LZMA), "dangerous", "dangerous-call")
family.add("good.tar", tarred(good), "clean")
family.add("evil.tar", tarred(bad), "dangerous", "dangerous-call")
family.add("slip.tar", tarred([("../../etc/cron.d/x", b"x\n"), *good]), "dangerous", "path-escape")
family.add("absolute.tar", tarred([("/etc/cron.d/x", b"x\n")]), "dangerous", "path-escape")
family.add("symlink.tar", tarred([("model", (tarfile.SYMTYPE, "/etc/passwd"))]), "dangerous", "path-escape")
family.add("hardlink.tar", tarred([("model", (tarfile.LNKTYPE, "../../etc/passwd"))]), "dangerous", "path-escape")
family.add("inner-link.tar", tarred([*good, ("latest.pkl", (tarfile.SYMTYPE, "model.pkl"))]), "unknown")
family.add("slip.zip", zipped([("../../../home/.bashrc", b"id\n")]), "dangerous", "path-escape")
family.add("backslash.zip", zipped([("..\\..\\x.txt", b"id\n")]), "dangerous", "path-escape")

nested = evil()
for layer in range(3):
    nested = zipped([(f"{layer}.zip" if layer else "model.pkl", nested)])
family.add("zip-in-zip-in-zip.zip", nested, "dangerous", "dangerous-call")
for layer in range(6):
    nested = zipped([(f"deeper{layer}.zip", nested)])
family.add("nine-zips.zip", nested, "incomplete")
family.add("zip-in-tar-gz.tgz", gzip.compress(tarred([("a.zip", zipped(bad))]), mtime=0), "dangerous", "dangerous-call")
family.add("good.tar.gz", gzip.compress(tarred(good), mtime=0), "clean")
family.add("7z-in-zip.zip", zipped([("a.7z", seven({"model.pkl": evil()}))]), "dangerous", "dangerous-call")
for name, compress in {
    "gz": lambda b: gzip.compress(b, mtime=0),
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda b: lzma.compress(b, lzma.FORMAT_ALONE),
    "zlib": zlib.compress,
    "lz4": lz4.frame.compress,
    "zst": zstandard.compress,
}.items():
    family.add(f"good.pkl.{name}", compress(harmless()), "clean")
    family.add(f"evil.zip.{name}", compress(zipped(bad)), "dangerous", "dangerous-call")
    family.add(f"evil.pkl.{name}", compress(evil()), "dangerous", "dangerous-call")

# Two readers, two files.
base = zipped(good)
family.add("pickle-before.zip", evil() + base, "dangerous", "dangerous-call")
family.add("zip-behind-a-pickle.pkl", harmless() + zipped(bad), "dangerous", "dangerous-call")
family.add("zip-behind-an-array.npy", array.getvalue() + zipped(bad), "dangerous", "dangerous-call")
family.add("text-before.zip", b"#!/bin/sh\n" + base, "unknown")
family.add("behind.zip", base + evil(), "dangerous", "dangerous-call")
family.add("noise-behind.zip", base + bytes(range(1, 99)), "incomplete")
family.add("duplicate.zip", zipped([("m.pkl", evil()), ("m.pkl", harmless())]), "dangerous", "dangerous-call")
family.add("duplicate-good.zip", zipped([("m.pkl", harmless(2)), ("m.pkl", harmless())]), "unknown", "archive-two-members")
family.add("cut.zip", zipped(bad)[:-30], "dangerous", "dangerous-call")
family.add("cut-good.zip", zipped(good)[:-30], "incomplete")


def patched(content, at, new):
    return content[:at] + new + content[at + len(new) :]


one = zipped([("m.pkl", evil())], zipfile.ZIP_STORED)
central = one.index(b"PK\1\2")
family.add("name-mismatch.zip", patched(one, 30, b"n.txt"), "dangerous", "dangerous-call")
harmless_one = zipped([("m.pkl", harmless())], zipfile.ZIP_STORED)
family.add("name-mismatch-good.zip", patched(harmless_one, 30, b"n.txt"), "dangerous", "archive-two-readings")
family.add("flag-encrypted.zip", patched(one, 6, b"\1\0"), "dangerous", "dangerous-call")
family.add("flag-encrypted-central.zip", patched(one, central + 8, b"\1\0"), "dangerous", "dangerous-call")
family.add("bad-crc.zip", patched(patched(one, 14, b"\0\0\0\0"), central + 16, b"\0\0\0\0"), "dangerous", "dangerous-call")
deflated = zipped([("m.pkl", evil() * 20)])
central = deflated.index(b"PK\1\2")
family.add("bad-size.zip", patched(patched(deflated, 22, b"\7\0\0\0"), central + 24, b"\7\0\0\0"), "dangerous", "dangerous-call")
# A member that only its local header tells of.
end = base.index(b"PK\1\2")
hidden = one[: one.index(b"PK\1\2")]
directory, tail = base[end : base.index(b"PK\5\6")], bytearray(base[base.index(b"PK\5\6") :])
struct.pack_into("<I", tail, 16, end + len(hidden))
family.add("hidden-member.zip", base[:end] + hidden + directory + bytes(tail), "dangerous", "dangerous-call")
struct.pack_into("<I", tail, 16, end + len(evil()))
family.add("hidden-pickle.zip", base[:end] + evil() + directory + bytes(tail), "dangerous", "dangerous-call")
# Data that look like opcodes to one reader only.
protected = bytearray(zipped([("m.pkl", evil())], zipfile.ZIP_STORED))
struct.pack_into("<H", protected, 8, 99)
struct.pack_into("<H", protected, protected.index(b"PK\1\2") + 10, 99)
family.add("method-aes.zip", bytes(protected), "dangerous", "dangerous-call")
zip_bomb = zipped([("zeros.bin", bytes(40_000_000))])
family.add("bomb.zip", zip_bomb, "incomplete")
family.done()
