"""Values of scipy's and numpy's functions that brine computes itself: fixtures/estimators/special.json.

Run with scikit-learn 1.9, scipy 1.17 and numpy 2.4 installed: python oracle/make_special_functions.py
"""

import json
from pathlib import Path

import numpy as np
from scipy import special, stats
from sklearn.preprocessing import SplineTransformer

out = {}
p = [1e-300, 1e-20, 1e-7, 1e-3, 0.02425, 0.2, 0.49999, 0.5, 0.6, 0.975, 1 - 1e-7, 1 - 1e-15]
out["normal_quantile"] = [[v, float(stats.norm.ppf(v))] for v in p]
x = [-37.0, -8.0, -5.2, -2.9, -2.8, -1.0, 0.0, 1e-9, 0.7, 2.83, 2.84, 6.0, 9.0]
out["normal_cdf"] = [[v, float(stats.norm.cdf(v))] for v in x]
out["bessel_k"] = [
    [nu, v, float(special.kv(nu, v))]
    for nu in (0.1, 0.5, 0.94, 1.42, 2.33, 3.3, 7.9)
    for v in (1e-10, 0.01, 0.9, 1.99, 2.0, 5.0, 80.0)
]
out["gamma"] = [[v, float(special.gamma(v))] for v in (0.2, 0.5, 0.94, 1.0, 1.42, 2.33, 3.3, 7.9)]
state = np.random.RandomState(997)
out["random"] = {
    "seed": 997,
    "randint7": state.randint(7, size=20).tolist(),
    "randint1000003": state.randint(1000003, size=5).tolist(),
    "permutation9": state.permutation(9).tolist(),
    "multinomial": state.multinomial(1, [0.2, 0.5, 0.05, 0.25], size=30).argmax(axis=1).tolist(),
}

# Degree 0 and 1 with linear extrapolation: the library's range shrinks from column to column.
X = np.random.RandomState(0).randn(40, 3)
T = np.r_[np.random.RandomState(1).randn(4, 3) * 3, [[0.0, 5.0, -5.0]]]
out["splines"] = []
for degree in (1, 2, 3):
    for extrapolation in ("constant", "linear", "continue", "periodic"):
        m = SplineTransformer(degree=degree, extrapolation=extrapolation).fit(X)
        out["splines"].append(
            {
                "degree": degree,
                "extrapolation": extrapolation,
                "knots": [b.t.tolist() for b in m.bsplines_],
                "coefficients": [np.asarray(b.c).tolist() for b in m.bsplines_],
                "x": T.tolist(),
                "expected": m.transform(T).tolist(),
            }
        )

target = Path(__file__).parent.parent / "fixtures" / "estimators" / "special.json"
target.parent.mkdir(parents=True, exist_ok=True)
target.write_text(json.dumps(out, separators=(",", ":")) + "\n")
