"""Python's side of writers.mjs: makes the forest, and times joblib.dump, skops.io.load and `skops convert`.

    python bench/writers.py FOLDER make | dump | skops-load | run COMMAND…

`run` starts a command and tells what it took: milliseconds by the clock and of the processor, bytes at most resident.
"""

import json
import os
import pickle
import resource
import subprocess
import sys
import time
from pathlib import Path

folder, task = Path(sys.argv[1]), sys.argv[2]
TIMES = 10


def cost(run):
    """Milliseconds of the quickest of several, by the clock and of the processor."""
    ms = cpu = float("inf")
    for _ in range(TIMES):
        begin, used = time.perf_counter(), time.process_time()
        run()
        ms = min(ms, 1000 * (time.perf_counter() - begin))
        cpu = min(cpu, 1000 * (time.process_time() - used))
    return {"ms": ms, "cpu": cpu}


if task == "make":
    import joblib
    from sklearn.datasets import load_iris, make_classification
    from sklearn.ensemble import RandomForestClassifier

    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "forest.joblib").exists():
        X, y = make_classification(8500, 20, n_informative=12, n_classes=3, flip_y=0.1, random_state=0)
        joblib.dump(RandomForestClassifier(100, random_state=0, n_jobs=1).fit(X, y), folder / "forest.joblib")
    if not (folder / "forest.pkl").exists():
        with open(folder / "forest.pkl", "wb") as out:
            pickle.dump(joblib.load(folder / "forest.joblib"), out)
    if not (folder / "large.pkl").exists():
        X, y = make_classification(43000, 20, n_informative=12, n_classes=3, flip_y=0.1, random_state=0)
        with open(folder / "large.pkl", "wb") as out:
            pickle.dump(RandomForestClassifier(100, random_state=0, n_jobs=1).fit(X, y), out)
    try:
        import skops.io

        if not (folder / "iris.skops").exists():
            skops.io.dump(RandomForestClassifier(100, random_state=0).fit(*load_iris(return_X_y=True)), folder / "iris.skops")
    except ImportError:
        pass
    sys.exit()

if task == "run":
    begin = time.perf_counter()
    subprocess.run(sys.argv[3:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    clock = 1000 * (time.perf_counter() - begin)
    print(json.dumps({"ms": clock, "cpu": 1000 * (used.ru_utime + used.ru_stime), "memory": used.ru_maxrss * 1024}))
    sys.exit()

import joblib

if task == "dump":
    model = joblib.load(folder / "forest.joblib")
    print(json.dumps(cost(lambda: joblib.dump(model, folder / "python.joblib"))))
else:
    import skops.io

    path = folder / "iris.skops"
    trusted = skops.io.get_untrusted_types(file=path)

    load = cost(lambda: skops.io.load(path, trusted=trusted))
    answer = cost(lambda: skops.io.load(path, trusted=trusted).predict([[5.1, 3.5, 1.4, 0.2]]))
    print(json.dumps({"load": load, "answer": answer}))
