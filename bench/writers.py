"""Python's side of writers.mjs: makes the forest, and times joblib.dump, skops.io.load and `skops convert`.

    python bench/writers.py FOLDER make | dump | skops-load | skops-convert
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

folder, task = Path(sys.argv[1]), sys.argv[2]
TIMES = 5


def best(run):
    least = float("inf")
    for _ in range(TIMES):
        begin = time.perf_counter()
        run()
        least = min(least, time.perf_counter() - begin)
    return 1000 * least


if task == "make":
    import joblib
    from sklearn.datasets import load_iris, make_classification
    from sklearn.ensemble import RandomForestClassifier

    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "forest.joblib").exists():
        X, y = make_classification(8500, 20, n_informative=12, n_classes=3, flip_y=0.1, random_state=0)
        joblib.dump(RandomForestClassifier(100, random_state=0, n_jobs=1).fit(X, y), folder / "forest.joblib")
    try:
        import skops.io

        if not (folder / "iris.skops").exists():
            skops.io.dump(RandomForestClassifier(100, random_state=0).fit(*load_iris(return_X_y=True)), folder / "iris.skops")
    except ImportError:
        pass
    sys.exit()

import joblib

if task == "dump":
    model = joblib.load(folder / "forest.joblib")
    ms = best(lambda: joblib.dump(model, folder / "python.joblib"))
elif task == "skops-load":
    import skops.io

    path = folder / "iris.skops"
    trusted = skops.io.get_untrusted_types(file=path)

    def cost(run):
        ms = cpu = float("inf")
        for _ in range(TIMES):
            begin, used = time.perf_counter(), time.process_time()
            run()
            ms = min(ms, 1000 * (time.perf_counter() - begin))
            cpu = min(cpu, 1000 * (time.process_time() - used))
        return {"ms": ms, "cpu": cpu}

    load = cost(lambda: skops.io.load(path, trusted=trusted))
    answer = cost(lambda: skops.io.load(path, trusted=trusted).predict([[5.1, 3.5, 1.4, 0.2]]))
    print(json.dumps({"load": load, "answer": answer}))
    sys.exit()
else:
    # What `skops convert` does, without starting Python: load, then dump.
    import skops.io

    TIMES = 1
    ms = best(lambda: skops.io.dump(joblib.load(folder / "forest.joblib"), folder / "python.skops"))
print(json.dumps({"ms": ms, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, "size": os.path.getsize(folder / "forest.joblib")}))
