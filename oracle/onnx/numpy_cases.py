"""What numpy and scipy answer, bit for bit, for the operators that lowered estimators use: fixtures/onnx/numpy.json.

    pip install numpy scipy
    python numpy_cases.py ../../fixtures/onnx/numpy.json

Numbers are the hex digits of little-endian float64, so that NaN, -0 and last bits survive.
"""
import json
import sys

import numpy as np
from scipy import sparse
from scipy.special import erf

rng = np.random.default_rng(7)
cases = []


def pack(a):
    a = np.asarray(a)
    if a.dtype == bool:
        a = a.astype(np.uint8)
    kind = {"f": "float64", "i": "int64", "u": "bool"}[a.dtype.kind]
    return {"dtype": kind, "shape": list(a.shape), "hex": np.ascontiguousarray(a).tobytes().hex()}


def pack_csr(m):
    m = sparse.csr_matrix(m)
    return {"csr": True, "shape": list(m.shape), "indptr": m.indptr.tolist(), "indices": m.indices.tolist(),
            "hex": m.data.astype(np.float64).tobytes().hex()}


def case(op, inputs, output, ulp=0, **attributes):
    cases.append({"op": op, "inputs": inputs, "attributes": attributes, "output": output, "ulp": ulp})


special = np.array([0.0, -0.0, 1.5, -2.5, np.nan, np.inf, -np.inf, 3.0])
axis = lambda a: pack(np.array([a], dtype=np.int64))

# sums: numpy adds pairwise along rows and row by row along columns
for n in [1, 2, 7, 8, 9, 15, 16, 17, 127, 128, 129, 136, 257, 1031]:
    x = rng.standard_normal((2, n)) * 10.0 ** rng.integers(-8, 8, (2, n))
    case("ReduceSum", [pack(x), axis(1)], pack(x.sum(axis=1)), keepdims=0)
    case("ReduceMean", [pack(x), axis(1)], pack(x.mean(axis=1, keepdims=True)))
    case("ReduceSum", [pack(x.T), axis(0)], pack(np.ascontiguousarray(x.T).sum(axis=0)), keepdims=0)
x = rng.standard_normal((4, 5, 6))
case("ReduceSum", [pack(x), axis(1)], pack(x.sum(axis=1)), keepdims=0)
case("ReduceMax", [pack(np.where(x > 1, np.nan, x)), axis(2)], pack(np.where(x > 1, np.nan, x).max(axis=2)), keepdims=0)
case("ReduceMin", [pack(x), axis(0)], pack(x.min(axis=0)), keepdims=0)
case("ReduceProd", [pack(x), axis(2)], pack(x.prod(axis=2)), keepdims=0, ulp=4)

# broadcasting, special values
pairs = [(special, special[::-1].copy()), (x, x[0]), (x, x[:, :1, :]), (x[:, :, :1], x[0, 0]), (x, np.array(2.5)),
         (rng.standard_normal((5, 3)), rng.standard_normal(3)), (rng.standard_normal((5, 3)), rng.standard_normal((5, 1))),
         (np.zeros((0, 3)), np.zeros(3))]
with np.errstate(all="ignore"):
    for a, b in pairs:
        for op, f in [("Add", np.add), ("Sub", np.subtract), ("Mul", np.multiply), ("Div", np.divide),
                      ("Min", np.minimum), ("Max", np.maximum)]:
            case(op, [pack(a), pack(b)], pack(f(a, b)))
        for op, f in [("Equal", np.equal), ("Less", np.less), ("LessOrEqual", np.less_equal), ("Greater", np.greater),
                      ("GreaterOrEqual", np.greater_equal)]:
            case(op, [pack(a), pack(b)], pack(f(a, b)))
    case("Mod", [pack(np.array([5.5, -5.5, 5.5, -5.5])), pack(np.array([2.0, 2.0, -2.0, -2.0]))],
         pack(np.mod([5.5, -5.5, 5.5, -5.5], [2.0, 2.0, -2.0, -2.0])))
    case("Mod", [pack(np.array([7, -7, 7, -7])), pack(np.array([3, 3, -3, -3]))], pack(np.mod([7, -7, 7, -7], [3, 3, -3, -3])))
    for op, f in [("Neg", np.negative), ("Abs", np.abs), ("Sqrt", np.sqrt), ("Floor", np.floor), ("Ceil", np.ceil),
                  ("Round", np.rint), ("Sign", np.sign), ("Reciprocal", np.reciprocal)]:
        case(op, [pack(special)], pack(f(special)))
    y = np.concatenate([np.linspace(-30, 30, 121), [1e-300, -1e-17, 0.0, -0.0, 5e-324, np.nan, np.inf, -np.inf]])
    for op, f in [("Exp", np.exp), ("Tanh", np.tanh), ("Erf", erf), ("Sin", np.sin), ("Atan", np.arctan)]:
        case(op, [pack(y)], pack(f(y)), ulp=2)
    case("Log", [pack(np.abs(y))], pack(np.log(np.abs(y))), ulp=2)

# arg max and min: the first wins, NaN wins over all
z = np.array([[1, 3, 3, 2], [np.nan, 5, np.nan, 1], [-0.0, 0.0, -1, 0], [-np.inf, -np.inf, np.nan, 0]])
for a in (0, 1):
    case("ArgMax", [pack(z)], pack(np.argmax(z, axis=a)), axis=a, keepdims=0)
    case("ArgMin", [pack(z)], pack(np.argmin(z, axis=a)), axis=a, keepdims=0)

# moving
case("Transpose", [pack(x)], pack(x.transpose(2, 0, 1)), perm=[2, 0, 1])
case("Gather", [pack(x), pack(np.array([[1, -1], [0, 0]]))], pack(np.take(x, [[1, -1], [0, 0]], axis=1)), axis=1)
case("Concat", [pack(x), pack(x[:, :2])], pack(np.concatenate([x, x[:, :2]], axis=1)), axis=1)
case("CumSum", [pack(x), axis(1)], pack(np.cumsum(x, axis=1)))
case("Where", [pack(x > 0), pack(x), pack(x[0])], pack(np.where(x > 0, x, x[0])))

# sparse
d = rng.standard_normal((6, 5)) * (rng.random((6, 5)) < 0.4)
m = sparse.csr_matrix(d)
w, row, column = rng.standard_normal((5, 3)), rng.standard_normal(5), rng.standard_normal((6, 1))
case("MatMul", [pack_csr(m), pack(w)], pack(m @ w))
case("Gemm", [pack_csr(m), pack(np.ascontiguousarray(w.T)), pack(np.arange(3.0))], pack(m @ w + np.arange(3.0)), transB=1, ulp=4)
case("Mul", [pack_csr(m), pack(row)], pack_csr(m.multiply(row)))
case("Div", [pack_csr(m), pack(column)], pack_csr(m.multiply(1 / column)), ulp=1)
case("Gather", [pack_csr(m), pack(np.array([4, 1]))], pack_csr(m[:, [4, 1]]), axis=1)
case("Gather", [pack_csr(m), pack(np.array([5, 0, 5]))], pack_csr(m[[5, 0, 5]]), axis=0)
side = rng.standard_normal((6, 2))
case("Concat", [pack_csr(m), pack(side)], pack_csr(sparse.hstack([m, side])), axis=1)
case("Concat", [pack_csr(m), pack_csr(m)], pack_csr(sparse.vstack([m, m])), axis=0)
case("ReduceSum", [pack_csr(m), axis(1)], pack(np.asarray(m.sum(axis=1)).ravel()), keepdims=0, ulp=4)
case("ReduceSum", [pack_csr(m), axis(0)], pack(np.asarray(m.sum(axis=0)).ravel()), keepdims=0, ulp=4)
case("Abs", [pack_csr(m)], pack_csr(abs(m)))

with open(sys.argv[1], "w") as f:
    json.dump(cases, f)
print(len(cases), "cases")
