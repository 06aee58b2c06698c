"""skops files: fixtures/audit/formats/skops/.

    python oracle/audit/formats/make_skops.py

Needs the pins of oracle/requirements/formats.txt.
"""

import io
import json
import zipfile

import numpy as np
import skops.io
from samples import DATE, Family, evil
from sklearn.datasets import load_iris
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.neighbors import KernelDensity, KNeighborsClassifier, LocalOutlierFactor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

family = Family("skops")
X, y = load_iris(return_X_y=True)
X, y = X[::5], y[::5]
good = {
    "pipeline": make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y),
    "forest": RandomForestClassifier(2, max_depth=2, random_state=0).fit(X, y),
    "boosting": GradientBoostingClassifier(n_estimators=2, max_depth=1).fit(X, y),
    "hist": HistGradientBoostingClassifier(max_iter=2, max_depth=1).fit(X, y),
    "sgd": SGDClassifier().fit(X, y),
    "kd-tree": KNeighborsClassifier(algorithm="kd_tree").fit(X, y),
    "ball-tree": KernelDensity(algorithm="ball_tree").fit(X),
    "outliers": LocalOutlierFactor(novelty=True, algorithm="kd_tree").fit(X),
    "function": FunctionTransformer(np.log1p).fit(X),
    "values": {"a": [1, 2.5, None, "x"], "b": np.arange(3), "c": (1, {2, 3})},
}
for name, value in good.items():
    family.add(f"{name}.skops", skops.io.dumps(value, compression=zipfile.ZIP_DEFLATED), "clean")


def changed(change, members=()):
    content = skops.io.dumps(good["pipeline"])
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "schema.json":
                schema = json.loads(data)
                data = json.dumps(change(schema) or schema)
            new.writestr(zipfile.ZipInfo(info.filename, DATE), data, zipfile.ZIP_DEFLATED)
        for name, data in members:
            new.writestr(zipfile.ZipInfo(name, DATE), data)
    return target.getvalue()


def node(loader, module, name, **more):
    return {"__class__": name, "__module__": module, "__loader__": loader, "__id__": 99, **more}


TEXT = node("JsonNode", "builtins", "str", content='"id"', is_json=True)
ARGS = node("TupleNode", "builtins", "tuple", content=[TEXT])
EMPTY = node("DictNode", "builtins", "dict", content={}, key_types=node("ListNode", "builtins", "list", content=[]))


def step(new):
    def change(schema):
        schema["content"]["content"]["extra"] = new
        schema["content"]["key_types"]["content"].append(node("TypeNode", "builtins", "str"))

    return change


bad = {
    "function": (node("FunctionNode", "os", "system"), "dangerous-name"),
    "type": (node("TypeNode", "subprocess", "Popen"), "dangerous-name"),
    "object": (node("ObjectNode", "builtins", "eval", content=None), "dangerous-name"),
    "partial": (node("PartialNode", "functools", "partial", content={"func": node("FunctionNode", "os", "system"), "args": ARGS, "kwds": EMPTY, "namespace": EMPTY}), "dangerous-name"),
    "reduce": (node("ConstructorFromReduceNode", "os", "system", content=ARGS), "dangerous-name"),
    "tree": (node("TreeNode", "os", "system", content=EMPTY, **{"__reduce__": {"args": ARGS}}), "dangerous-name"),
    "loss": (node("LossNode", "os", "system", content=EMPTY, **{"__reduce__": {"args": ARGS}}), "dangerous-name"),
    "operator-call": (node("OperatorFuncNode", "operator", "call", attrs=ARGS), "skops-two-names"),
    "operator-other": (node("OperatorFuncNode", "sklearn.linear_model._logistic", "methodcaller", attrs=ARGS), "skops-two-names"),
    "operator-dunder": (node("OperatorFuncNode", "operator", "attrgetter", attrs=node("TupleNode", "builtins", "tuple", content=[node("JsonNode", "builtins", "str", content='"__init__.__globals__"')])), "attribute-chain"),
    "method": (node("MethodNode", "sklearn.linear_model._logistic", "LogisticRegression", content={"func": "system", "obj": node("TypeNode", "os", "path")}), "skops-two-names"),
    "default": (node("DefaultDictNode", "collections", "defaultdict", content={"main": EMPTY, "default_factory": node("FunctionNode", "os", "getcwd")}), "dangerous-name"),
}
for name, (new, rule) in bad.items():
    family.add(f"evil-{name}.skops", changed(step(new)), "dangerous", rule)


def protocol0(schema):
    schema["protocol"] = 0
    step(node("FunctionNode", "numpy", "log1p", content={"module_path": "os", "function": "system"}))(schema)


family.add("evil-function-protocol0.skops", changed(protocol0), "dangerous", "dangerous-name")
family.add("evil-member.skops", changed(lambda s: None, [("notes.txt", evil())]), "dangerous", "dangerous-call")
objects = io.BytesIO()
np.save(objects, np.array([1, "x"], object), allow_pickle=True)
family.add("unknown-class.skops", changed(step(node("ObjectNode", "acme.models", "Churn", content=None))), "unknown", "unknown-name")
family.add("unknown-loader.skops", changed(step(node("AcmeNode", "builtins", "str", content=None))), "incomplete")
whole = skops.io.dumps(good["pipeline"])
family.add("cut.skops", whole[:-300], "incomplete")
family.done()
