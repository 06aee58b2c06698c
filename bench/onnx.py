"""The other side of onnx.mjs: makes the files (`make`), and times onnxruntime on one thread (`time`, `dense`)."""

import json
import sys
import time
from pathlib import Path

# This file is not the package of that name.
sys.path.pop(0)

import numpy as np  # noqa: E402

what, folder = sys.argv[1], Path(sys.argv[2])
ROWS, COLUMNS = 4000, 20
NETWORKS = {"30-100-1": [30, 100, 1], "20-64-32-2": [20, 64, 32, 2], "784-256-128-10": [784, 256, 128, 10]}
DENSE_ROWS = [1, 100, 1000, 10000]


def quickest(work, times):
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best * 1000


def session(path):
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def save(path, nodes, inputs, outputs, weights):
    from onnx import helper, save_model

    graph = helper.make_graph(nodes, path.stem, inputs, outputs, weights)
    save_model(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), str(path))


def make_networks(dice):
    from onnx import helper, numpy_helper

    for name, widths in NETWORKS.items():
        for dtype in ("float64", "float32"):
            nodes, weights, at = [], [], "X"
            for i, (k, m) in enumerate(zip(widths, widths[1:])):
                weights.append(numpy_helper.from_array((dice.normal(size=(k, m)) / k**0.5).astype(dtype), f"w{i}"))
                weights.append(numpy_helper.from_array(dice.normal(size=m).astype(dtype), f"b{i}"))
                nodes.append(helper.make_node("Gemm", [at, f"w{i}", f"b{i}"], [f"z{i}"]))
                at = f"z{i}"
                if i < len(widths) - 2:
                    nodes.append(helper.make_node("Relu", [at], [f"a{i}"]))
                    at = f"a{i}"
            kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
            x, y = (helper.make_tensor_value_info(v, kind, [None, w]) for v, w in (("X", widths[0]), (at, widths[-1])))
            save(folder / f"dense-{name}-{dtype}.onnx", nodes, [x], [y], weights)
    (folder / "dense.json").write_text(json.dumps({"networks": NETWORKS, "rows": DENSE_ROWS}))


def make_large(dice):
    """100 MB of weights as raw bytes, the same as typed floats, and two million typed floats."""
    from onnx import TensorProto, helper, numpy_helper

    numbers = dice.normal(size=25_000_000).astype(np.float32)
    for name, count, typed in (("raw", 25_000_000, False), ("typed", 25_000_000, True), ("2m", 2_000_000, True)):
        if typed:
            weight = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[count])
            weight.float_data.extend(numbers[:count].tolist())
        else:
            weight = numpy_helper.from_array(numbers, "w")
        x, y = (helper.make_tensor_value_info(v, TensorProto.FLOAT, [count]) for v in ("X", "Y"))
        save(folder / f"large-{name}.onnx", [helper.make_node("Add", ["X", "w"], ["Y"])], [x], [y], [weight])


if what == "make":
    folder.mkdir(exist_ok=True)
    model = folder / "onnx-forest.joblib"
    dice = np.random.default_rng(0)
    if not model.exists():
        import joblib
        from sklearn.ensemble import RandomForestClassifier

        x = dice.normal(size=(11000, COLUMNS))
        y = (x[:, 0] + x[:, 1] * x[:, 2] + dice.normal(size=len(x)) > 0).astype(int)
        forest = RandomForestClassifier(100, random_state=0).fit(x, y)
        joblib.dump(forest, model)
        dice.normal(size=(ROWS, COLUMNS)).tofile(folder / "onnx-rows.f64")
        (folder / "onnx-forest.json").write_text(str(sum(t.tree_.node_count for t in forest.estimators_)))
    if not (folder / "dense.json").exists():
        make_networks(dice)
    if not (folder / "large-2m.onnx").exists():
        make_large(dice)
    print(json.dumps({"rows": ROWS, "columns": COLUMNS, "nodes": int((folder / "onnx-forest.json").read_text())}))
elif what == "dense":
    figures = {}
    for name, widths in NETWORKS.items():
        for dtype in ("float64", "float32"):
            network = session(folder / f"dense-{name}-{dtype}.onnx")
            work = sum(2 * k * m for k, m in zip(widths, widths[1:]))
            for n in DENSE_ROWS:
                feeds = {"X": np.sin(1.37 * np.arange(n * widths[0])).reshape(n, -1).astype(dtype)}
                calls = max(1, int(4e6 // (work * n)))
                best, least, end, turns = float("inf"), float("inf"), time.perf_counter() + 0.5, 0
                while turns < 3 or time.perf_counter() < end:
                    start, used = time.perf_counter(), time.process_time()
                    for _ in range(calls):
                        network.run(None, feeds)
                    least = min(least, (time.process_time() - used) / calls)
                    best = min(best, (time.perf_counter() - start) / calls)
                    turns += 1
                figures[f"{name} {dtype} {n}"] = best * 1e6
                figures[f"{name} {dtype} {n} cpu"] = least * 1e6
    print(json.dumps(figures))
else:
    forest = session(folder / "onnx-forest.onnx")
    x = np.fromfile(folder / "onnx-rows.f64").reshape(ROWS, COLUMNS)
    batch, single = {"X": x}, {"X": x[:1].copy()}
    print(
        json.dumps(
            {
                "batch": quickest(lambda: forest.run(None, batch), 7),
                "single": quickest(lambda: forest.run(None, single), 5000),
            }
        )
    )
