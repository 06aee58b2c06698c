"""One measurement on Python's side; prints a line of JSON. run.mjs starts it, and reads it beside task.mjs.

Usage: python task.py FOLDER TASK [FILE [METHOD]]
"""
import json
import sys
from time import perf_counter, process_time

task, folder, arguments = sys.argv[2], sys.argv[1], sys.argv[3:]
METHOD = arguments[1] if len(arguments) > 1 else "predict"


def path(name):
    return f"{folder}/{name}"


def peak():
    """Bytes of memory at most resident (kilobytes in /proc; getrusage would count the parent's before exec)."""
    try:
        with open("/proc/self/status") as status:
            return 1024 * next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def report(**figures):
    print(json.dumps({**figures, "peak": peak()}))


def best(name, call, seconds=1.5, least=5):
    """Milliseconds of the quickest of many calls, by the clock and of the processor."""
    wall = cpu = float("inf")
    calls = 0
    end = perf_counter() + seconds
    while calls < least or (perf_counter() < end and calls < 20000):
        start, used = perf_counter(), process_time()
        call()
        cpu = min(cpu, process_time() - used)
        wall = min(wall, perf_counter() - start)
        calls += 1
    return {name: 1000 * wall, f"{name} cpu": 1000 * cpu}


def load():
    if arguments[0].endswith(".pkl"):
        import pickle

        with open(path(arguments[0]), "rb") as file:
            return pickle.load(file)
    import joblib

    return joblib.load(path(arguments[0]))


def cold():
    """What a script does: load a model, answer one row. The clock is run.mjs's."""
    import numpy as np

    row = np.array([[float(x) for x in sys.stdin.read().split(",")]])
    answer = int(load().predict(row)[0])
    report(answer=answer, **{"wall cpu": 1000 * process_time()})


def answers(result):
    """A figure that tells different answers apart."""
    return float((result if result.ndim == 1 else result[:, -1]).sum())


def rows():
    import numpy as np

    model = load()
    all_rows = np.load(path("rows.npy"))
    one = all_rows[:1].copy()
    call = getattr(model, METHOD)
    report(
        **best("row", lambda: call(one)),
        **best("rows", lambda: call(all_rows)),
        answer=answers(call(all_rows)),
    )


def text():
    model = load()
    with open(path("documents.json")) as file:
        documents = json.load(file)
    call = getattr(model, METHOD)
    report(
        **best("row", lambda: call(documents[:1])),
        **best("rows", lambda: call(documents)),
        answer=answers(call(documents)),
    )


def loading():
    load()
    report(**best("load", load))


def once():
    """Long loads: the quickest of three, each in the memory that the one before gave back."""
    import joblib

    load()
    figures = best("load", load, 0, 3)
    if arguments[0] == "array.joblib":
        figures.update(best("mapped", lambda: joblib.load(path(arguments[0]), mmap_mode="r"), 0.2))
    report(**figures)


{"cold": cold, "rows": rows, "text": text, "loading": loading, "once": once}[task]()
