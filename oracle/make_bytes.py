"""Makes fixtures/bytes: files by the real tools for every codec and archive brine reads, and what they hold.

    python -m venv v && v/bin/pip install lz4 zstandard && v/bin/python oracle/make_bytes.py

Needs Python 3.11 or later; the xz and bzip2 of Python's own standard library.
"""
import bz2
import gzip
import hashlib
import io
import json
import lzma
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import lz4.block
import lz4.frame
import zstandard

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "bytes"
OUT.mkdir(parents=True, exist_ok=True)
manifest = []


def noise(n, seed=1):
    """The same bytes on every machine: a linear congruential generator."""
    out = bytearray()
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        out.append(seed >> 16 & 255)
    return bytes(out)


def mixed(n):
    """Words, floats, repetition at short and long distance, some noise: every kind of match and literal."""
    words = b"tree node left right feature threshold impurity samples value class weight".split()
    out, seed = bytearray(), 7
    while len(out) < n:
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        kind = seed >> 12 & 15
        if kind < 9:
            out += words[seed >> 16 & 7] + b" "
        elif kind < 12:
            out += struct.pack("<d", (seed >> 20) / 8)
        elif kind < 14 and len(out) > 600:
            start = (seed >> 3) % (len(out) - 300)
            out += out[start : start + (seed >> 18 & 255)]
        else:
            out += bytes([seed & 255]) * (seed >> 22 & 63)
    return bytes(out[:n])


CONTENTS = {
    "empty": b"",
    "one": b"!",
    "text": mixed(3000),
    "64k-1": mixed(65535),
    "64k": mixed(65536),
    "64k+1": mixed(65537),
    "noise": noise(1500),
    "zeros": bytes(300_000),
}


def save(name, codec, data, content):
    (OUT / name).write_bytes(data)
    manifest.append(
        {"file": name, "codec": codec, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    )


def zf(data, width=19):
    return b"ZF" + hex(len(data)).ljust(width).encode() + zlib.compress(data)


COMPRESSORS = {
    "zlib": zlib.compress,
    "gzip": lambda b: gzip.compress(b, mtime=0),
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda b: lzma.compress(b, format=lzma.FORMAT_ALONE),
    "lz4": lz4.frame.compress,
    "zstd": zstandard.ZstdCompressor(level=19, write_checksum=True).compress,
    "zf": zf,
}
for codec, compress in COMPRESSORS.items():
    for label, content in CONTENTS.items():
        save(f"{label}.{codec}", codec, compress(content), content)

text = CONTENTS["text"]
two = text + CONTENTS["noise"]
parts = (text, CONTENTS["noise"])

# zlib, gzip
raw = zlib.compressobj(9, zlib.DEFLATED, -15)
save("text.deflate", "deflate", raw.compress(text) + raw.flush(), text)
for level in (0, 1):
    save(f"level{level}.zlib", "zlib", zlib.compress(text, level), text)
fixed = zlib.compressobj(9, zlib.DEFLATED, 15, 9, zlib.Z_FIXED)
save("fixed.zlib", "zlib", fixed.compress(text) + fixed.flush(), text)
flushed = zlib.compressobj(6)
save("flushed.zlib", "zlib", b"".join(flushed.compress(p) + flushed.flush(zlib.Z_FULL_FLUSH) for p in parts) + flushed.flush(), two)
save("trailing.zlib", "zlib", zlib.compress(text) + b"what follows", text)
save("members.gzip", "gzip", b"".join(gzip.compress(p, mtime=0) for p in parts), two)
save("padded.gzip", "gzip", gzip.compress(text, mtime=0) + bytes(100), text)
named = io.BytesIO()
with gzip.GzipFile("a name.pkl", "wb", fileobj=named, mtime=0) as f:
    f.write(text)
save("named.gzip", "gzip", named.getvalue(), text)
body = gzip.compress(text, mtime=0)[10:]
header = b"\x1f\x8b\x08" + bytes([2 | 4 | 8 | 16]) + bytes(6) + b"\x03\0abc" + b"name\0" + b"comment\0"
header += struct.pack("<H", zlib.crc32(header) & 0xFFFF)
save("all-fields.gzip", "gzip", header + body, text)
save("wide.zf", "zf", zf(text, 20), text)

# bzip2: levels, several blocks, several streams
long = CONTENTS["64k"] * 3
save("blocks.bz2", "bz2", bz2.compress(long, 1), long)
save("streams.bz2", "bz2", b"".join(bz2.compress(p) for p in parts), two)
save("runs.bz2", "bz2", bz2.compress(b"".join(bytes([i & 255]) * i for i in range(600))), b"".join(bytes([i & 255]) * i for i in range(600)))

# xz: checks, blocks, streams, padding, properties
for check, name in [(lzma.CHECK_NONE, "none"), (lzma.CHECK_CRC32, "crc32"), (lzma.CHECK_SHA256, "sha256")]:
    save(f"{name}.xz", "xz", lzma.compress(text, check=check), text)
save("streams.xz", "xz", lzma.compress(text) + bytes(8) + lzma.compress(parts[1]), two)
for lc, lp, pb in [(0, 0, 0), (0, 4, 4), (4, 0, 2), (1, 3, 0)]:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 6, "lc": lc, "lp": lp, "pb": pb}]
    save(f"lc{lc}lp{lp}pb{pb}.xz", "xz", lzma.compress(text, filters=filters), text)
save("stored.xz", "xz", lzma.compress(CONTENTS["noise"] * 2, preset=0), CONTENTS["noise"] * 2)
known = lzma.compress(text, format=lzma.FORMAT_ALONE)
save("known-size.lzma", "lzma", known[:5] + struct.pack("<Q", len(text)) + known[13:], text)
filters = [{"id": lzma.FILTER_LZMA1, "preset": 6, "lc": 0, "lp": 2, "pb": 1, "dict_size": 4096}]
save("small-dict.lzma", "lzma", lzma.compress(CONTENTS["64k"], format=lzma.FORMAT_ALONE, filters=filters), CONTENTS["64k"])

# lz4: every option of the frame, frames in sequence, a skippable one, the legacy frame
for linked in (False, True):
    for label, options in {
        "checked": {"block_checksum": True, "content_checksum": True},
        "sized": {"store_size": True},
        "plain": {"store_size": False},
        "high": {"compression_level": 12, "block_size": lz4.frame.BLOCKSIZE_MAX64KB},
    }.items():
        data = lz4.frame.compress(CONTENTS["64k+1"] + text, block_linked=linked, **options)
        save(f"{'linked' if linked else 'free'}-{label}.lz4", "lz4", data, CONTENTS["64k+1"] + text)
skippable = struct.pack("<II", 0x184D2A53, 5) + b"skip!"
save("frames.lz4", "lz4", lz4.frame.compress(text) + skippable + lz4.frame.compress(parts[1]), two)
block = lz4.block.compress(text, store_size=False)
save("legacy.lz4", "lz4", struct.pack("<II", 0x184C2102, len(block)) + block, text)

# zstd: levels, checksums, sizes, frames in sequence, long distances
for level in (-5, 1, 3, 22):
    data = zstandard.ZstdCompressor(level=level).compress(CONTENTS["64k"] + text)
    save(f"level{level}.zstd", "zstd", data, CONTENTS["64k"] + text)
stream = zstandard.ZstdCompressor(level=3, write_checksum=True, write_content_size=False).compressobj()
save("stream.zstd", "zstd", stream.compress(long) + stream.flush(), long)
save("frames.zstd", "zstd", zstandard.compress(text) + struct.pack("<II", 0x184D2A50, 5) + b"skip!" + zstandard.compress(parts[1]), two)
params = zstandard.ZstdCompressionParameters.from_level(19, window_log=27, enable_ldm=True)
far = CONTENTS["64k"] + noise(2000) + bytes(400_000) + CONTENTS["64k"]
save("far.zstd", "zstd", zstandard.ZstdCompressor(compression_params=params).compress(far), far)

# Bombs: zeros. The lz4 one is made longer by the test, as lz4 only reaches 255:1.
ZEROS = 256 * 2**20
bombs = {"gzip": gzip.compress, "bz2": bz2.compress, "xz": lambda b: lzma.compress(b, preset=0)}
bombs["lzma"] = lambda b: lzma.compress(b, format=lzma.FORMAT_ALONE, preset=0)
bombs["zstd"] = zstandard.ZstdCompressor(level=3).compress
for codec in ("bz2", "xz", "lzma", "zstd"):
    (OUT / f"bomb.{codec}").write_bytes(bombs[codec](bytes(ZEROS if codec in ("bz2", "zstd") else ZEROS // 4)))
(OUT / "bomb.lz4").write_bytes(lz4.frame.compress(bytes(4 * 2**20), block_size=lz4.frame.BLOCKSIZE_MAX4MB, store_size=False))

# zip
STAMP = (2020, 1, 1, 0, 0, 0)


def info(name, method=zipfile.ZIP_STORED):
    item = zipfile.ZipInfo(name, STAMP)
    item.compress_type = method
    return item


def zipped(members, target=None, comment=b""):
    target = target or io.BytesIO()
    with zipfile.ZipFile(target, "w") as z:
        z.comment = comment
        for name, method, data in members:
            z.writestr(info(name, method), data)
    return target.getvalue()


class Unseekable(io.BytesIO):
    """Makes zipfile write data descriptors."""

    def seekable(self):
        return False

    def tell(self):
        raise OSError


every = [
    ("stored.txt", zipfile.ZIP_STORED, text),
    ("folder/deflated.txt", zipfile.ZIP_DEFLATED, text),
    ("bzip2.txt", zipfile.ZIP_BZIP2, text),
    ("lzma.txt", zipfile.ZIP_LZMA, text),
    ("ünï.txt", zipfile.ZIP_STORED, b"utf-8"),
    ("empty", zipfile.ZIP_STORED, b""),
    ("folder/", zipfile.ZIP_STORED, b""),
]
(OUT / "every.zip").write_bytes(zipped(every, comment=b"a comment"))
(OUT / "descriptors.zip").write_bytes(zipped(every, Unseekable()))
(OUT / "prefixed.zip").write_bytes(b"#!/bin/sh\nexit\n" * 5 + zipped(every))
(OUT / "none.zip").write_bytes(zipped([]))
big = io.BytesIO()
with zipfile.ZipFile(big, "w") as z:
    for name, method, data in every:
        with z.open(info(name, method), "w", force_zip64=True) as f:
            f.write(data)
(OUT / "zip64.zip").write_bytes(big.getvalue())

# tar
for label, kind in [("ustar", tarfile.USTAR_FORMAT), ("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT)]:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=kind) as t:
        for name, data in [("short.txt", text), ("a/" * 40 + "long.txt", b"long"), ("empty", b"")]:
            item = tarfile.TarInfo(name)
            item.size = len(data)
            t.addfile(item, io.BytesIO(data))
        if label != "ustar":
            item = tarfile.TarInfo("ü" * 120)
            item.size = 3
            t.addfile(item, io.BytesIO(b"abc"))
        for name, kind_of, link in [("folder", tarfile.DIRTYPE, ""), ("soft", tarfile.SYMTYPE, "/etc/passwd"), ("hard", tarfile.LNKTYPE, "short.txt")]:
            item = tarfile.TarInfo(name)
            item.type = kind_of
            item.linkname = link
            t.addfile(item)
    (OUT / f"{label}.tar").write_bytes(target.getvalue())

(OUT / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
