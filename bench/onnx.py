"""The other side of onnx.mjs: makes the forest (`make`), and times onnxruntime on one thread (`time`)."""

import json
import sys
import time
from pathlib import Path

import numpy as np

what, folder = sys.argv[1], Path(sys.argv[2])
ROWS, COLUMNS = 4000, 20


def quickest(work, times):
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best * 1000


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
    print(json.dumps({"rows": ROWS, "columns": COLUMNS, "nodes": int((folder / "onnx-forest.json").read_text())}))
else:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = ort.InferenceSession(str(folder / "onnx-forest.onnx"), options, providers=["CPUExecutionProvider"])
    x = np.fromfile(folder / "onnx-rows.f64").reshape(ROWS, COLUMNS)
    one = x[:1]
    print(json.dumps({"batch": quickest(lambda: session.run(None, {"X": x}), 7), "single": quickest(lambda: session.run(None, {"X": one}), 3000)}))
