"""Writes the models beside it, in the binary form that newer versions no longer write. Needs xgboost 1.5.2 and numpy 1.26."""

from pathlib import Path

import numpy as np
import xgboost

rng = np.random.default_rng(0)
X = rng.normal(size=(40, 3))
y = (X[:, 0] > 0).astype(int)
kinds = {"tree": {}, "dart": {"booster": "dart"}, "linear": {"booster": "gblinear"}, "multi": {"objective": "multi:softprob", "num_class": 3}}
for name, parameters in kinds.items():
    labels = np.arange(40) % 3 if name == "multi" else y
    booster = xgboost.train({"max_depth": 2, "objective": "binary:logistic", **parameters}, xgboost.DMatrix(X, labels), 2)
    booster.set_attr(note="hello")
    (Path(__file__).parent / f"{name}.model").write_bytes(bytes(booster.save_raw()))
