"""Makes fixtures/tables: data files by pandas, pyarrow and numpy, and what those libraries read from them.

    python -m venv v && v/bin/pip install pandas==3.1.1 pyarrow==26.0.1 && v/bin/python oracle/make_tables.py

`expected.json` holds for each file the columns as the library reads them: name, dtype, values. A missing value is
null, an infinite float "inf" or "-inf", an integer beyond 2^53 a string, a time ISO 8601. `written.json` holds
numbers and a table as Python and pandas write them.
"""

import gzip
import io
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "tables"
OUT.mkdir(parents=True, exist_ok=True)
expected = {}


def plain(value):
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        value = int(value)
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, (float, np.floating)):
        value = float(value)
        if math.isnan(value):
            return None
        return value if math.isfinite(value) else ("inf" if value > 0 else "-inf")
    if isinstance(value, pd.Timestamp):
        text = value.isoformat()
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def tell(name, frame, options=None):
    columns = [
        {"name": str(c), "dtype": str(frame[c].dtype), "values": [plain(v) for v in frame[c]]} for c in frame.columns
    ]
    expected[name] = {"columns": columns, **({"options": options} if options else {})}


def csv(name, text, encoding="utf-8", options=None, **how):
    """A text file, and what read_csv makes of it (pandas 3.1 rounds correctly, older ones with 'round_trip')."""
    data = text.encode(encoding)
    (OUT / name).write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
    frame = pd.read_csv(OUT / name, encoding=encoding, **how)
    tell(name, frame, options)


csv("plain.csv", "age,income,member\n39,1234.5,True\n28,,False\n51,99.25,True\n")
csv("text.csv", 'name,n\n"Doe, Jane",1\n"say ""hi""",2\n"two\nlines",3\n5" pipe,4\n"""x""",5\n')
csv("missing.csv", "a,b,c,d\n" + "".join(
    f"{t},{i}.5,x{t},{t}\n"
    for i, t in enumerate(["", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
                           "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"])) + "1,1,1,1\n")
csv("not-missing.csv", "a\n NA\nNa\nna\nNONE\nNil\n?\n-\nNULL \n")
csv("numbers.csv", "a\n1\n-1.5\n+2.\n.5\n1e5\n1E+5\n 7 \n0.1\n1e400\n-1e-400\n2.2250738585072011e-308\n9007199254740993.0\n"
    "0.1234567890123456789\n123456789012345678901234567890\n179769313486231570000e289\n")
csv("infinite.csv", "a\n1\ninf\n-inf\n+inf\nInfinity\n-INFINITY\n+Infinity\nINF\n")
csv("integers.csv", "small,padded,big,unsigned,gap\n1,007,9223372036854775807,18446744073709551615,5\n"
    "-2,+5,-9223372036854775808,0,\n3, 9 ,1,1,9007199254740993\n")
for i, word in enumerate(["0x10", "1_000", "1e", "1-", "- 5", "1d5", "\u00a05", "0b1", "0o7", "١"]):
    csv(f"not-number-{i}.csv", f"a\n{word}\n7\n")
csv("booleans.csv", "a,b,c,d\nTrue,true,True,True\nFALSE,fAlse,,1\nTrue,TRUE,False,False\n")
csv("semicolon.csv", "a;b;c\n1;x,y;2.5\n2;z,w;3.5\n", sep=";")
csv("pipe.csv", "a|b\n1|x\n2|y\n", sep="|")
csv("tabs.tsv", "a\tb c\td\n1\tx, y\t2.5\n2\t z\t\n", sep="\t")
csv("misnamed.csv", "a\tb\n1\tx\n2\ty\n", sep="\t")
csv("one-column.csv", "text\nHello there\n\n  \n\"\"\n\"  \"\nGood bye\n")
csv("windows.csv", 'a,b\r\n1,"x\r\ny"\r\n2,z\r\n')
csv("mac.csv", "a,b\r1,x\r2,y")
csv("mixed-ends.csv", "a,b\r1,2\r\n3,4\n5,6")
csv("bom.csv", "a,é\n1,ü\n2,😀\n", encoding="utf-8-sig")
csv("utf16.csv", "a,b\n1,ü\n2,x\n", encoding="utf-16")
csv("latin1.csv", "a,b\n1,ü\n2,x\n", encoding="latin-1", options={"encoding": "windows-1252"})
csv("zipped.csv.gz", "a,b\n1,x\n2,y\n")
csv("no-header.csv", "5.1,3.5,setosa\n4.9,,virginica\n", header=None)
csv("index.csv", ",a,b\n0,1,x\n1,2,y\n")
csv("unnamed.csv", "0,1,2\n1.5,2,x\n2.5,3,y\n")
csv("quoted-header.csv", '"a","b"\n1,2\n3,4\n')

frame = pd.DataFrame({
    "f": [0.1, None, -1e300, 5e-324], "i": [1, -2, 3, 2**53 + 1], "b": [True, False, True, True],
    "s": ["x", None, "ü😀", ""], "hole": [1.0, 2.0, None, 4.0],
})
frame["s"] = frame["s"].astype("str")


def json_file(name, text, options=None):
    (OUT / name).write_text(text, encoding="utf-8")
    tell(name, json_frame, options)


json_frame = frame
# By Python's json, for to_json keeps 15 digits at most; and Python writes NaN bare.
records = frame.astype(object).where(frame.notna(), None).to_dict("records")
json_file("records.json", json.dumps(records))
json_file("records.jsonl", "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records))
json_file("nan.json", json.dumps(frame.to_dict("records")))
json_file("lists.json", json.dumps({k: [r[k] for r in records] for k in frame}, indent=1))
json_file("table-input.json", json.dumps({"columns": {k: [r[k] for r in records] for k in frame}}))
json_file("split.json", json.dumps({"columns": list(frame), "index": [0, 1, 2, 3], "data": [list(r.values()) for r in records]}))
shuffled = ["10", "2", "1", "7"]
json_file("columns.json", json.dumps({k: {label: r[k] for label, r in zip(shuffled, records)} for k in frame}))
json_file("index.json", json.dumps({label: r for label, r in zip(shuffled, records)}))
json_frame = pd.DataFrame([[1.5, "x"], [2.5, "y"]])
json_file("rows.json", "[[1.5, \"x\"], [2.5, \"y\"]]\n")
json_file("rows.jsonl", "[1.5, \"x\"]\n[2.5, \"y\"]\n")
json_frame = pd.DataFrame({"0": ["a doc", "another"]})
json_file("documents.json", json.dumps(["a doc", "another"]))
json_frame = pd.DataFrame({"10": [1, 3], "2": [2, 4]})
json_file("numbered.json", '[{"10": 1, "2": 2}, {"10": 3, "2": 4}]')

# What pandas itself writes by default.
small = pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": [0.5, None]})
json_frame = small
for orient in ["records", "split", "columns", "index", "table"]:
    json_file(f"pandas-{orient}.json", small.to_json(orient=orient))
json_file("pandas-lines.jsonl", small.to_json(orient="records", lines=True))

wide = frame.copy()
wide["f32"] = np.array([0.1, 2, 3, 4], dtype="float32")
wide["i8"] = np.array([-128, 0, 1, 127], dtype="int8")
wide["u32"] = np.array([0, 1, 2, 2**32 - 1], dtype="uint32")
wide["u64"] = np.array([0, 1, 2, 2**64 - 1], dtype="uint64")
wide["cat"] = pd.Categorical(["lo", "hi", None, "lo"])
wide["t"] = pd.to_datetime(["2024-02-29 12:30:00.5", None, "1969-12-31 23:59:59.999999", "2024-01-01"], format="ISO8601")


def arrow_file(name, write, frame=wide):
    write(OUT / name)
    tell(name, frame)


def stream(path, table, **options):
    with pa.ipc.new_stream(path, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as out:
        out.write_table(table, max_chunksize=3)


table = pa.Table.from_pandas(wide)
for codec in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]:
    arrow_file(f"{codec}.parquet", lambda p: pa.parquet.write_table(table, p, compression=codec, row_group_size=3))
arrow_file("plain.parquet", lambda p: pa.parquet.write_table(table, p, use_dictionary=False, version="1.0", data_page_version="2.0"))
arrow_file("spark.parquet", lambda p: pa.parquet.write_table(table, p, use_deprecated_int96_timestamps=True))
arrow_file("pandas.parquet", lambda p: wide.set_index(pd.Index([5, 6, 7, 8], name="id")).to_parquet(p))
arrow_file("stream.arrows", lambda p: stream(p, table))
for codec in ["uncompressed", "lz4", "zstd"]:
    arrow_file(f"{codec}.feather", lambda p: pa.feather.write_feather(wide, p, compression=codec, chunksize=3))
decimals = pa.table({"d": pa.array([None, "0.7", "-12345678901234567.89"], pa.string()).cast(pa.decimal128(30, 2)),
                     "big": pa.array(["1.1", None, "2.25"], pa.string()).cast(pa.decimal256(60, 10)),
                     "day": pa.array([19782, None, -1], pa.date32()),
                     "null": pa.nulls(3)})
told = pd.DataFrame({"d": [None, 0.7, -12345678901234567.89], "big": [1.1, None, 2.25],
                     "day": pd.Series(["2024-02-29", None, "1969-12-31"], dtype="object"), "null": [np.nan] * 3})
arrow_file("decimal.parquet", lambda p: pa.parquet.write_table(decimals, p), told)
arrow_file("decimal.arrows", lambda p: stream(p, decimals), told)
nested = pa.table({"a": [1, 2], "list": [[1, 2], None], "record": [{"x": 1}, {"x": 2}]})
pa.parquet.write_table(nested, OUT / "nested.parquet")
stream(OUT / "nested.arrows", nested)
deltas = {"i8": "DELTA_BINARY_PACKED", "u64": "DELTA_BINARY_PACKED", "t": "DELTA_BINARY_PACKED", "f32": "BYTE_STREAM_SPLIT"}
texts = [c for c in wide if wide[c].dtype in ("str", "object")]
for version, encoding in {"1.0": "DELTA_LENGTH_BYTE_ARRAY", "2.0": "DELTA_BYTE_ARRAY"}.items():
    arrow_file(f"deltas-{version[0]}.parquet", lambda p: pa.parquet.write_table(
        table, p, use_dictionary=False, data_page_version=version, compression="zstd" if version == "2.0" else "none",
        column_encoding={**deltas, **{c: encoding for c in texts}}))
# Nothing to work on, and a small file that would fill the memory.
pa.parquet.write_table(nested.select(["a"]).slice(0, 0), OUT / "no-rows.parquet")
pa.feather.write_feather(nested.select(["a"]).slice(0, 0), OUT / "no-rows.feather")
pd.DataFrame(index=range(3)).to_parquet(OUT / "no-columns.parquet")
pd.DataFrame(index=range(3)).to_feather(OUT / "no-columns.feather")
many = pa.table({"a": pa.nulls(20_000_000, pa.float64())})
pa.parquet.write_table(many, OUT / "bomb.parquet", row_group_size=len(many), write_batch_size=len(many), data_page_size=2**30)

matrix = np.array([[0.1, -2.5, 3], [np.nan, np.inf, 1e300]])
for name, array in {
    "matrix.npy": matrix, "fortran.npy": np.asfortranarray(matrix), "float32.npy": np.minimum(matrix, 1e30).astype("float32"),
    "big-endian.npy": matrix.astype(">f8"), "vector.npy": np.array([1, 2, 2**53 + 1]), "bools.npy": np.array([True, False]),
    "texts.npy": np.array(["x", "ü😀", ""]), "int8.npy": np.array([[1, -2], [3, 4]], dtype="int8"),
    "half.npy": np.array([0.1, 65504], dtype="float16"),
}.items():
    np.save(OUT / name, array)
    tell(name, pd.DataFrame(array))
records_array = np.array([(1, 0.5, "x"), (2, 1.5, "yy")], dtype=[("i", "<i4"), ("f", "<f8"), ("s", "<U2")])
np.save(OUT / "records.npy", records_array)
tell("records.npy", pd.DataFrame.from_records(records_array))
np.save(OUT / "cube.npy", np.zeros((2, 2, 2)))
np.save(OUT / "objects.npy", np.array(["a", None, 1], dtype=object), allow_pickle=True)
np.savez(OUT / "one.npz", X=matrix)
tell("one.npz", pd.DataFrame(matrix))
np.savez_compressed(OUT / "two.npz", X=matrix, y=np.array([0, 1]))
tell("two.npz", pd.DataFrame(matrix), {"array": "X"})

# How Python and pandas write numbers and tables.
rng = np.random.default_rng(0)
doubles = np.concatenate([
    rng.integers(0, 2**64, 150, dtype="uint64").view("float64"), 10.0 ** np.arange(-20, 25), rng.normal(size=50), [0.0, -0.0, 1e16 - 2, 1e22, 5e-324]
])
singles = np.concatenate([
    rng.integers(0, 2**32, 100, dtype="uint32").view("float32"), rng.normal(size=50).astype("float32"), np.float32([0.1, 16777216, 1e-5])
])
mixed = pd.DataFrame({
    "f": [1.0, 0.1, np.nan], "i": [1, -2, 3], "b": [True, False, True],
    "s": ['plain', 'with, comma', 'say "hi"'], "n": ["two\nlines", None, " space "], "é": [1e-5, 1e16, -np.inf],
})
written = {
    "float64": [[d.tobytes().hex(), repr(float(d))] for d in doubles],
    "float32": [[d.tobytes().hex(), str(d)] for d in singles if np.isfinite(d)],
    "csv": mixed.to_csv(index=False), "tsv": mixed.to_csv(index=False, sep="\t"),
}
(OUT / "written.json").write_text(json.dumps(written, ensure_ascii=False) + "\n", encoding="utf-8")

lines = [f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False, allow_nan=False)}" for k, v in expected.items()]
(OUT / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
