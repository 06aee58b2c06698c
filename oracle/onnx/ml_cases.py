"""Random models of ai.onnx.ml with onnxruntime's answers, in the format of node_tests.py: fixtures/onnx/ml.jsonl.

    pip install onnx onnxruntime
    python ml_cases.py ../../fixtures/onnx/ml.jsonl
"""
import base64
import json
import sys

import numpy as np
import onnxruntime as rt
from onnx import TensorProto as T, helper as h, numpy_helper as nh

rng = np.random.default_rng(11)
rows = []
ML = "ai.onnx.ml"
info = h.make_tensor_value_info
b64 = lambda m: base64.b64encode(m.SerializeToString()).decode()
TYPES = {np.dtype(np.float32): T.FLOAT, np.dtype(np.float64): T.DOUBLE, np.dtype(np.int64): T.INT64, np.dtype(object): T.STRING}


def case(name, op, attributes, inputs, outputs=1, version=3, domain=ML, rtol=1e-5, atol=1e-6):
    """Runs one node in onnxruntime; what it refuses is no case."""
    names = [f"i{k}" for k in range(len(inputs))]
    outs = [f"o{k}" for k in range(outputs)]
    node = h.make_node(op, names, outs, domain=domain, **attributes)
    # The types of the outputs are inferred where onnxruntime loads the model.
    graph = h.make_graph([node], name, [info(n, TYPES[x.dtype], [None] * x.ndim) for n, x in zip(names, inputs)], [h.make_empty_tensor_value_info(o) for o in outs])
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", 17), h.make_opsetid(domain, version)], ir_version=8)
    if attributes.get("post_transform") == "PROBIT":
        rtol, atol = 1e-2, 1e-4  # steep where a sum in single precision is near 0 or 1
    try:
        options = rt.SessionOptions()
        options.log_severity_level = 4
        options.intra_op_num_threads = 1
        session = rt.InferenceSession(model.SerializeToString(), options)
        answers = session.run(None, dict(zip(names, inputs)))
    except Exception as e:  # noqa: BLE001
        print("refused", name, str(e)[:160])
        return
    rows.append({"name": name, "ops": [f"{domain}:{op}"], "rtol": rtol, "atol": atol, "model": b64(model),
                 "inputs": [["tensor", b64(nh.from_array(x))] for x in inputs],
                 "outputs": [["tensor", b64(nh.from_array(np.asarray(a)))] for a in answers]})


def trees(count, depth, features, targets, prefix, modes=("BRANCH_LEQ",), signed=True, only=None, missing=False, sparse=False):
    a = {k: [] for k in ("nodes_treeids nodes_nodeids nodes_featureids nodes_modes nodes_values nodes_truenodeids "
                         "nodes_falsenodeids nodes_missing_value_tracks_true").split()}
    v = {f"{prefix}_{k}": [] for k in ("treeids", "nodeids", "ids", "weights")}
    for t in range(count):
        n = 2 ** (depth + 1) - 1
        for i in range(n):
            leaf = i >= n // 2
            a["nodes_treeids"].append(t)
            a["nodes_nodeids"].append(i)
            a["nodes_featureids"].append(0 if leaf else int(rng.integers(features)))
            a["nodes_modes"].append("LEAF" if leaf else str(rng.choice(modes)))
            a["nodes_values"].append(0.0 if leaf else float(np.float32(rng.integers(-8, 8) / 4)))
            a["nodes_truenodeids"].append(0 if leaf else 2 * i + 1)
            a["nodes_falsenodeids"].append(0 if leaf else 2 * i + 2)
            a["nodes_missing_value_tracks_true"].append(int(missing and not leaf and rng.random() < 0.5))
            if leaf:
                for c in ([only] if only is not None else range(targets)):
                    if sparse and rng.random() < 0.5:
                        continue
                    v[f"{prefix}_treeids"].append(t)
                    v[f"{prefix}_nodeids"].append(i)
                    v[f"{prefix}_ids"].append(c)
                    w = rng.standard_normal() if signed else rng.random() / count
                    v[f"{prefix}_weights"].append(float(np.float32(w)))
    return {**a, **v}


X = (rng.integers(-12, 12, (9, 4)) / 4).astype(np.float32)
XN = X.copy()
XN[rng.random(X.shape) < 0.25] = np.nan
POST = ["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO", "PROBIT"]
ALL = ("BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ")

for n, labels in [(2, [0, 1]), (3, [10, 20, 30]), (2, ["no", "yes"]), (3, ["a", "b", "c"])]:
    key = {"classlabels_int64s": labels} if isinstance(labels[0], int) else {"classlabels_strings": labels}
    for post in POST:
        for signed in (True, False):
            if post == "PROBIT" and signed:
                continue
            for base in ([], [0.25], [0.1, -0.3, 0.2][:n]):
                if len(base) == 1 and n == 3:
                    continue
                a = trees(3, 2, 4, n, "class", signed=signed)
                case(f"classifier_{n}_{labels[0]}_{post}_{signed}_{len(base)}", "TreeEnsembleClassifier",
                     {**a, **key, "post_transform": post, **({"base_values": base} if base else {})}, [X], 2)
for only in (0, 1):
    for post in POST:
        for signed in (True, False):
            for base in ([], [0.25], [0.5, 0.5]):
                if post == "PROBIT":
                    continue
                a = trees(4, 2, 4, 2, "class", signed=signed, only=only)
                case(f"binary_{only}_{post}_{signed}_{len(base)}", "TreeEnsembleClassifier",
                     {**a, "classlabels_int64s": [0, 1], "post_transform": post, **({"base_values": base} if base else {})}, [X], 2)
case("classifier_sparse", "TreeEnsembleClassifier", {**trees(3, 2, 4, 3, "class", sparse=True, signed=False), "classlabels_int64s": [0, 1, 2]}, [X], 2)
case("classifier_missing", "TreeEnsembleClassifier", {**trees(3, 3, 4, 3, "class", missing=True), "classlabels_int64s": [0, 1, 2]}, [XN], 2)

for targets in (1, 3):
    for aggregate in ("SUM", "AVERAGE", "MIN", "MAX"):
        for modes in (("BRANCH_LEQ",), ("BRANCH_LT",), ("BRANCH_GT",), ("BRANCH_GTE",), ALL):
            a = trees(3, 3, 4, targets, "target", modes=modes, missing=True)
            base = {"base_values": [0.5, -1.0, 2.0][:targets]} if targets == 3 or aggregate == "SUM" else {}
            case(f"regressor_{targets}_{aggregate}_{modes[-1]}_{len(modes)}", "TreeEnsembleRegressor",
                 {**a, **base, "n_targets": targets, "aggregate_function": aggregate}, [XN])
case("regressor_double", "TreeEnsembleRegressor", {**trees(3, 2, 4, 1, "target"), "n_targets": 1}, [X.astype(np.float64)])

# version 5, in both precisions, with sets
for dtype, number in ((np.float32, T.FLOAT), (np.float64, T.DOUBLE)):
    for aggregate in range(4):
        tensor = lambda n, v, t=number: h.make_tensor(n, t, [len(v)], v)
        a = dict(
            n_targets=2, aggregate_function=aggregate, post_transform=0, tree_roots=[0, 3],
            nodes_featureids=[0, 1, 2, 3, 0], nodes_modes=tensor("m", [0, 6, 1, 6, 3], T.UINT8),
            nodes_splits=tensor("s", [0.25, 0.0, -0.5, 0.0, 1.0]),
            nodes_truenodeids=[1, 0, 2, 4, 5], nodes_falsenodeids=[2, 1, 3, 4, 6],
            nodes_trueleafs=[0, 1, 1, 0, 1], nodes_falseleafs=[0, 1, 1, 1, 1],
            nodes_missing_value_tracks_true=[1, 0, 0, 1, 0],
            membership_values=tensor("v", [1.0, 2.0, -1.0, float("nan"), 0.25, 0.5, float("nan")]),
            leaf_targetids=[0, 1, 0, 1, 0, 1, 0], leaf_weights=tensor("w", [1.5, -2.25, 0.1, 7.0, 3.3, -0.7, 0.9]))
        case(f"ensemble_{np.dtype(dtype).name}_{aggregate}", "TreeEnsemble", a, [XN.astype(dtype)], version=5)

for post in POST[:4]:
    for n in (2, 3):
        case(f"linear_{n}_{post}", "LinearClassifier", dict(coefficients=rng.standard_normal(4 * n).tolist(), intercepts=rng.standard_normal(n).tolist(), classlabels_ints=list(range(5, 5 + n)), post_transform=post), [X], 2)
    case(f"linear_regressor_{post}", "LinearRegressor", dict(coefficients=rng.standard_normal(8).tolist(), intercepts=[0.5, -0.5], targets=2, post_transform=post), [X])
case("linear_single", "LinearClassifier", dict(coefficients=rng.standard_normal(4).tolist(), intercepts=[0.1], classlabels_strings=["n", "y"], post_transform="NONE"), [X], 2)
case("linear_single_logistic", "LinearClassifier", dict(coefficients=rng.standard_normal(4).tolist(), intercepts=[0.1], classlabels_strings=["n", "y"], post_transform="LOGISTIC"), [X], 2)

for kernel in ("LINEAR", "POLY", "RBF", "SIGMOID"):
    common = dict(kernel_type=kernel, kernel_params=[0.3, 0.1, 2.0])
    sv = lambda n: rng.standard_normal(4 * n).tolist()
    case(f"svr_{kernel}", "SVMRegressor", dict(**common, n_supports=5, support_vectors=sv(5), coefficients=rng.standard_normal(5).tolist(), rho=[0.2]), [X], rtol=1e-4, atol=1e-5)
    case(f"svr_one_{kernel}", "SVMRegressor", dict(**common, n_supports=5, support_vectors=sv(5), coefficients=rng.standard_normal(5).tolist(), rho=[0.2], one_class=1), [X], rtol=1e-4, atol=1e-5)
    for n, per in ((2, [2, 3]), (3, [2, 3, 2])):
        total, pairs = sum(per), n * (n - 1) // 2
        base = dict(**common, classlabels_ints=list(range(n)), vectors_per_class=per, support_vectors=sv(total), coefficients=rng.standard_normal((n - 1) * total).tolist(), rho=rng.standard_normal(pairs).tolist())
        for post in ("NONE", "LOGISTIC"):
            case(f"svc_{kernel}_{n}_{post}", "SVMClassifier", {**base, "post_transform": post}, [X], 2, rtol=1e-4, atol=1e-5)
        case(f"svc_{kernel}_{n}_proba", "SVMClassifier", {**base, "prob_a": rng.standard_normal(pairs).tolist(), "prob_b": rng.standard_normal(pairs).tolist()}, [X], 2, rtol=1e-4, atol=1e-5)

case("scaler", "Scaler", dict(offset=[1.0, 2.0, 3.0, 4.0], scale=[0.5, 2.0, 1.0, 3.0]), [X], version=1)
for norm in ("MAX", "L1", "L2"):
    case(f"normalizer_{norm}", "Normalizer", dict(norm=norm), [np.abs(X)], version=1)
case("binarizer", "Binarizer", dict(threshold=0.5), [X], version=1)
case("imputer", "Imputer", dict(imputed_value_floats=[1.0, 2.0, 3.0, 4.0], replaced_value_float=float("nan")), [XN], version=1)
case("imputer_int", "Imputer", dict(imputed_value_int64s=[9], replaced_value_int64=0), [np.array([[0, 1], [2, 0]])], version=1)
case("extractor", "ArrayFeatureExtractor", {}, [X, np.array([2, 0, 3])], version=1)
case("vectorizer", "FeatureVectorizer", dict(inputdimensions=[4, 2]), [X, X[:, :2]], version=1)
case("onehot", "OneHotEncoder", dict(cats_int64s=[3, 1, 2], zeros=1), [np.array([[1, 2], [3, 9]])], version=1)
case("onehot_text", "OneHotEncoder", dict(cats_strings=["a", "b"], zeros=1), [np.array(["b", "a", "z"], dtype=object)], version=1)
case("labels", "LabelEncoder", dict(keys_strings=["a", "b"], values_int64s=[5, 6], default_int64=-7), [np.array(["b", "x", "a"], dtype=object)], version=2)
case("labels_floats", "LabelEncoder", dict(keys_floats=[1.0, float("nan")], values_strings=["one", "none"], default_string="?"), [np.array([1.0, np.nan, 2.0], dtype=np.float32)], version=2)
case("mapper", "CategoryMapper", dict(cats_strings=["a", "b"], cats_int64s=[5, 6], default_int64=-1), [np.array(["b", "q"], dtype=object)], version=1)
for metric in ("euclidean", "sqeuclidean"):
    case(f"cdist_{metric}", "CDist", dict(metric=metric), [X, X[:3] + 0.5], domain="com.microsoft", version=1, rtol=1e-4, atol=1e-4)
words = np.array(["a b,c", "", "dé fg"], dtype=object)
for extra in (dict(separators=[" ", ","]), dict(tokenexp="[a-z]+"), dict(separators=[""])):
    case(f"tokenizer_{list(extra)[0]}_{len(list(extra.values())[0])}", "Tokenizer", dict(mark=0, mincharnum=1, pad_value="#", **extra), [words], domain="com.microsoft", version=1)
case("tokenizer_mark", "Tokenizer", dict(mark=1, mincharnum=2, pad_value="", separators=[" "]), [words], domain="com.microsoft", version=1)

with open(sys.argv[1], "w") as f:
    for row in rows:
        f.write(json.dumps(row) + "\n")
print(len(rows), "cases")
