"""What the target's own code answers otherwise, whatever a file says: no rule of a migration could keep these.

Each excuse is narrow: named by method, estimator and versions (KNOWN), or proven on the spot, by the target's library
itself (PROOFS). Used by judge.py.
"""

import collections
import inspect
import json
import warnings

import numpy as np
import scipy.sparse as sp
import sklearn
from sklearn.base import BaseEstimator, clone

# What the target's own code answers otherwise, whatever the state says: (method, estimator, text of the difference,
# release that wrote it, release that reads it, what to say); None is any. No rule could keep these.
KNOWN = [
    ("transform", "OneHotEncoder", "ufunc 'isnan' not supported", None, None, "numbers are refused where the categories are texts"),
    ("parameters", "NearestCentroid", "'metric' parameter", None, None, "the metric trains no more since 1.5, and predicts as ever"),
    ("staged_predict", "HistGradientBoostingClassifier", "value", None, None, "a sum within rounding of zero: before 1.5 the probability decided, which rounds to one half"),
    ("predict_proba", "SGDClassifier", "differ, by up to 0", None, None, "so far out that every sigmoid is 0: NaN until 1.8, even shares since"),
    ("predict_log_proba", "SGDClassifier", "differ, by up to 0", None, None, "so far out that every sigmoid is 0: NaN until 1.8, even shares since"),
    ("transform", "KBinsDiscretizer", "differ, by up to 1", None, "0.", "before 1.1 a value within 1e-5 of an edge went to the bin above"),
    ("predict_log_proba", "LinearDiscriminantAnalysis", "by up to inf", None, "0.", "before 0.24 probabilities that round to 0 had no finite logarithm"),
    ("predict_return_std", "GaussianProcessRegressor", "value", None, "0.", "before 0.24 the deviation came by way of an inverse, with 8 digits"),
    ("transform", "KNNImputer", "shape", "0.", None, "until 1.3 an input without missing values got no columns that tell of them"),
    ("transform", "KNNImputer", "shape", "1.", None, "until 1.3 an input without missing values got no columns that tell of them"),
    ("predict_log_proba", "QuadraticDiscriminantAnalysis", "by up to inf", None, None, "until 1.5 probabilities that round to 0 had no finite logarithm"),
    ("predict_proba", "OneVsRestClassifier", "differ, by up to 0", None, None, "rows of zeros: NaN until 1.6, zeros since"),
    ("transform", "PolynomialFeatures", "shape", None, None, "until 1.0 sparse rows kept their features where degree is 0"),
    ("transform", "LabelBinarizer", "differ, by up to 6.55e+04", "1.8", None, "1.8 answered unsigned integers in their own type, which has no negative numbers"),
    ("parameters", "KNeighborsClassifier", "'metric' parameter", None, None, "the metric trains no more since 1.3, and predicts as ever"),
    ("parameters", "HistGradientBoostingRegressor", "'loss' parameter", None, None, "the loss gamma, which came with 1.3, trains not there, and predicts as ever"),
    ("transform", "NMF", "`alpha` was deprecated", "1.", None, "1.0 and 1.1 warn of alpha, and mean it"),
    ("parameters", "OutputCodeClassifier", "'estimator' parameter", "0.18", None, "regressors train it no more, and predict as ever"),
    ("decision_function", None, "has no attribute", "0.18", None, "regressors lost decision_function, which was predict, with 0.20"),
    ("transform", None, "has no attribute", "0.18", None, "classifiers and regressors lost transform, which selected features, with 0.19"),
    ("decision_function", "OneVsOneClassifier", "shape", "0.18", None, "until 0.18 two classes had two columns"),
    ("decision_function", "OneVsRestClassifier", "shape", "0.18", None, "until 0.18 two classes had one column"),
    ("parameters", "SparseCoder", "lacks a parameter", None, "0.", "until 0.23 the library kept no dictionary, which is a parameter, itself"),
    (None, None, "By default transform_alpha will be", None, "1.", "1.0 and 1.1 warn of transform_alpha, in models of their own too"),
    (None, None, "Given feature/column names", None, "0.", "columns in another order are refused there, or warned of"),
    ("get_feature_names_out", None, "", None, "1.0", "1.0 names the outputs of few transformers"),
]



# `again(value)`: nothing, or in what the model's answer to another input differs from what is expected.
Answer = collections.namedtuple("Answer", "about expected why value model again folder")
Answer.__new__.__defaults__ = (None, None, None, None)


def estimators(value, seen, out):
    """Every estimator in reach of parameters and attributes."""
    if id(value) in seen or len(seen) > 5000:
        return out
    seen[id(value)] = value
    if isinstance(value, BaseEstimator):
        out.append(value)
        for item in vars(value).values():
            estimators(item, seen, out)
    elif isinstance(value, (list, tuple)):
        for item in value[:50]:
            estimators(item, seen, out)
    elif isinstance(value, dict):
        for item in list(value.values())[:50]:
            estimators(item, seen, out)
    elif isinstance(value, np.ndarray) and value.dtype == object and value.size < 200:
        for item in value.ravel().tolist():
            estimators(item, seen, out)
    return out



def release(version):
    return tuple(int("".join(c for c in part if c.isdigit()) or 0) for part in version.split(".")[:2])


def worst(a):
    """The largest difference, relative to the largest number that is expected; None where it is not known."""
    path = a.folder / a.expected["file"]
    if path.suffix == ".npy":
        truth = np.load(path)
    else:
        truth = json.loads(path.read_text(encoding="utf-8"))
        truth = [np.ravel(np.array(part, dtype=float)) for part in truth["tuple"]] if isinstance(truth, dict) else [np.array(truth, dtype=float)]
        truth = np.concatenate([np.ravel(part) for part in truth])
    method = a.expected["method"]
    got = a.model.predict(a.value, return_std=True) if method == "predict_return_std" else getattr(a.model, method)(a.value)
    if not isinstance(got, (np.ndarray, tuple)) and not sp.issparse(got):
        got = list(got)
    parts = got if isinstance(got, (tuple, list)) else [got]
    got = np.concatenate([np.ravel(part.toarray() if sp.issparse(part) else np.asarray(part)).astype(float) for part in parts])
    truth = np.ravel(truth).astype(float)
    if got.shape != truth.shape:
        return None
    return float(np.max(np.abs(got - truth)) / max(np.max(np.abs(truth)), 1e-300))


def is_narrow(model):
    """True where something was fitted in float32."""
    return any(isinstance(v, np.ndarray) and v.dtype == np.float32 for one in estimators(model, {}, []) for v in vars(one).values())


def float32_rows(a):
    """Rows of float32 are computed with in float32 by now, and were in float64: asked in float64, it answers as it did."""
    if not (isinstance(a.value, np.ndarray) and a.value.dtype == np.float32) or a.again(a.value.astype(float)) is not None:
        return None
    return "rows of float32 are computed with in float32 there; of float64, the answers are the same"


def float32_within(a):
    """Rows of float32, of which the library computed a part in float32 then, or does now."""
    if not (isinstance(a.value, np.ndarray) and a.value.dtype == np.float32) or (worst(a) or 1) > 1e-5:
        return None
    return "rows of float32 are in part computed with in float32: the library's own answers are certain to seven digits"


def scaled_votes(a):
    """Until 0.20 the scores between votes were scaled by the largest of all rows: votes are the same, and so is their order."""
    if a.expected["method"] != "decision_function" or release(a.about["versions"]["sklearn"]) >= (0, 21):
        return None
    if not any(type(one).__name__ in ("SVC", "NuSVC", "OneVsOneClassifier") for one in estimators(a.model, {}, [])):
        return None
    truth, got = np.load(a.folder / a.expected["file"]), np.asarray(a.model.decision_function(a.value))
    if truth.ndim == 1:
        truth, got = np.stack([-truth, truth], axis=1), np.stack([-got, got], axis=1)
    if truth.shape != got.shape or np.abs(got - truth).max() > 1 or not np.array_equal(np.argmax(truth, axis=1), np.argmax(got, axis=1)):
        return None
    return "until 0.20 the scores between the votes were scaled by the largest of all rows; the votes are the same"


def stacked_outputs(a):
    """0.18 stacked the probabilities of outputs."""
    if a.expected["method"] != "predict_proba" or not a.about["versions"]["sklearn"].startswith("0.18.") or a.about["estimator"] != "MultiOutputClassifier":
        return None
    truth = np.load(a.folder / a.expected["file"])
    return "0.18 stacked the probabilities of all outputs, which come as a list since" if np.allclose(np.dstack(a.model.predict_proba(a.value)), truth, rtol=1e-9, atol=1e-12) else None


def other_metric(a):
    """Yule's distance is scipy's: before 1.6 it was NaN where nothing differs."""
    if getattr(a.model, "effective_metric_", None) != "yule" or release(a.about["versions"]["sklearn"]) >= (1, 5):
        return None
    return "Yule's distance of rows without a difference was NaN before scipy 1.6"


def narrow_densities(a):
    if a.about["estimator"] != "PCA" or a.expected["method"] != "score_samples" or not is_narrow(a.model) or (worst(a) or 1) > 1e-3:
        return None
    return "fitted in float32, in which the covariance is inverted: the library's own densities are certain to three digits"


def ends_of_quantiles(a):
    if a.about["estimator"] != "QuantileTransformer" or release(a.about["versions"]["sklearn"]) >= (0, 21) or (worst(a) or 1) > 1e-5:
        return None
    return "until 0.20 the ends of the range began 1e-7 before them"


def float32_model(a):
    if not is_narrow(a.model) or (worst(a) or 1) > 1e-5:
        return None
    return "fitted in float32: the library's own answers are certain to seven digits"


def whole_mixture(a):
    """Since 1.7 densities are put into a table of the rows' type: those of whole numbers are cut off."""
    if not a.about["estimator"].endswith("GaussianMixture") or release(sklearn.__version__) < (1, 7):
        return None
    if not (isinstance(a.value, np.ndarray) and a.value.dtype.kind in "iu") or a.again(a.value.astype(float)) is not None:
        return None
    return "1.7 and later cut off the densities of rows of integers; as floats, the answers are the same"


def whole_mixture_before(a):
    """What 1.7 and later cut off of the densities of whole numbers (1.7 also a constant) comes back elsewhere."""
    if not a.about["estimator"].endswith("GaussianMixture") or release(a.about["versions"]["sklearn"]) < (1, 7):
        return None
    return "1.7 and later cut off the densities of rows of integers (1.7 also a constant)" if isinstance(a.value, np.ndarray) and a.value.dtype.kind in "iu" else None


def float_rows_of_means(a):
    if "Buffer dtype mismatch" not in a.why or "KMeans" not in a.about["estimator"] and "Bisecting" not in a.about["estimator"]:
        return None
    centres = a.model.cluster_centers_.dtype
    if a.value.dtype == centres or a.again(a.value.astype(centres)) is not None:
        return None
    return "since 0.23 rows must have the type of the centres, float32 or float64; in that the answers are the same"


def old_deviation(a):
    if a.expected["method"] != "predict_return_std" or release(a.about["versions"]["sklearn"]) >= (0, 24) or (worst(a) or 1) > 1e-5:
        return None
    return "before 0.24 the deviation came by way of an inverse, with 8 digits"


def tied_neighbours(a):
    """Neighbours that are equally far: which of them come first is not a matter of the model."""
    model, k = a.model, getattr(a.model, "n_neighbors", None)
    if not hasattr(model, "kneighbors") or not hasattr(model, "_fit_X") or k is None:
        return None
    count = model._fit_X.shape[0]
    distances, places = model.kneighbors(a.value, n_neighbors=count)
    if a.expected["method"] == "kneighbors":
        truth = json.loads((a.folder / a.expected["file"]).read_text(encoding="utf-8"))["tuple"]
        wanted, where = np.array(truth[0], dtype=float), np.array(truth[1], dtype=int)
        far = np.empty_like(distances)
        np.put_along_axis(far, places, distances, axis=1)
        same = np.allclose(np.take_along_axis(far, where, axis=1), wanted, rtol=1e-9, atol=1e-7) and np.allclose(distances[:, :k], wanted, rtol=1e-9, atol=1e-7)
        return "neighbours that are equally far come in another order" if same else None
    if a.expected["method"] not in ("predict", "predict_proba") or k >= count:
        return None
    truth = np.load(a.folder / a.expected["file"]) if a.expected["file"].endswith(".npy") else np.array(json.loads((a.folder / a.expected["file"]).read_text(encoding="utf-8")))
    got = np.asarray(getattr(model, a.expected["method"])(a.value))
    tied = np.isclose(distances[:, k - 1], distances[:, k], rtol=1e-9, atol=1e-7)
    same = (got == truth).reshape(len(tied), -1).all(axis=1) | np.isclose(got.astype(float), truth.astype(float), rtol=1e-9).reshape(len(tied), -1).all(axis=1) if got.dtype.kind in "fiub" else (got.astype(str) == truth.astype(str)).reshape(len(tied), -1).all(axis=1)
    return "the last neighbour and the one behind it are equally far" if (same | tied).all() else None


def tied_scores(a):
    """Classes whose scores are equal but for the last bit."""
    if a.expected["method"] != "staged_predict" or not hasattr(a.model, "staged_decision_function"):
        return None
    truth = json.loads((a.folder / a.expected["file"]).read_text(encoding="utf-8"))
    truth = truth["tuple"] if isinstance(truth, dict) else truth
    for wanted, got, scores in zip(truth, a.model.staged_predict(a.value), a.model.staged_decision_function(a.value)):
        scores = np.sort(np.column_stack([-scores, scores]) if scores.ndim == 1 or scores.shape[1] == 1 else scores, axis=1)
        if any(str(w) != str(g) and s[-1] - s[-2] > 1e-12 for w, g, s in zip(wanted, got, scores)):
            return None
    return "a sum within rounding of zero: before 1.5 the probability decided, which rounds to one half"


def followed_gaps(a):
    if a.expected["method"] == "decision_path" and isinstance(a.value, np.ndarray) and a.value.dtype.kind == "f" and np.isnan(a.value).any():
        return "decision_path follows missing values as predict does since 1.8 only"
    return None

def filled(value):
    """The same input, dense and without missing values, so that a model can be trained with it."""
    if sp.issparse(value):
        value = value.toarray()
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return np.where(np.isnan(value), 0.0, value)
    return value


def labels(model, count):
    """Labels as the model knows them, each in turn; zeros and ones where it knows none."""
    known = np.asarray(getattr(model, "classes_", [0, 1]))
    return known[np.arange(count) % len(known)] if known.ndim == 1 and known.dtype != object else np.arange(count) % 2


def trained_there(a):
    """A model of the same parameters that the target's own library trains with the rows in question."""
    fresh, rows = clone(a.model), filled(a.value)
    if a.expected["method"] == "inverse_transform" and hasattr(a.model, "categories_"):
        # The rows in question are codes: it is trained with the categories behind them.
        longest = max(map(len, a.model.categories_))
        rows = np.array([[known[i % len(known)] for known in a.model.categories_] for i in range(longest)], dtype=object)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if len(inspect.signature(fresh.fit).parameters) == 1:
            return fresh.fit(rows)
        return fresh.fit(rows, labels(a.model, rows.shape[0] if hasattr(rows, "shape") else len(rows)))


def refused_there(a):
    """What is refused in the same words by a model that is trained there, is refused by the library and not for the file's sake."""
    try:
        getattr(trained_there(a), a.expected["method"])(a.value)
    except (TypeError, ValueError, IndexError) as error:
        first = (str(error).strip().splitlines() or [""])[0][:200]
        if f"{type(error).__name__}: {first}" == a.why:
            return f"a model trained there refuses it too: {a.why[:80]}"
    return None


def cube_roots(a):
    """Until 0.19 the decision was a difference of (nearly) cube roots, which the target's distances give back."""
    if a.about["estimator"] != "EllipticEnvelope" or a.expected["method"] != "decision_function":
        return None
    truth, rows = np.load(a.folder / a.expected["file"]), a.model.mahalanobis(a.value)
    roots = (-a.model.offset_) ** 0.33 - rows**0.33
    return "until 0.19 the difference of cube roots, which follows from the same distances" if np.allclose(roots, truth, rtol=1e-9, atol=1e-12) else None


def named_there(a):
    """As many names as the target's own library gives a model of these parameters, of these inputs."""
    if a.expected["method"] != "get_feature_names_out" or not a.why.endswith("values, expected " + a.why.rsplit(" ", 1)[1]):
        return None
    own = list(trained_there(a).get_feature_names_out())
    return "a model trained there has as many names of outputs, and the same" if own == list(a.model.get_feature_names_out()) else None


PROOFS = [
    *(refused_there, named_there, cube_roots),
    *(followed_gaps, float_rows_of_means, whole_mixture, whole_mixture_before, float32_rows, float32_within, float32_model),
    *(old_deviation, tied_neighbours, tied_scores, other_metric, scaled_votes, stacked_outputs, narrow_densities, ends_of_quantiles),
]


def excuse(a):
    """Why the answer may differ, or None."""
    written = a.about["versions"]["sklearn"]
    for one, estimator, text, source, target, reason in KNOWN:
        if one in (None, a.expected["method"]) and estimator in (None, a.about["estimator"]) and text in a.why:
            if (source is None or written.startswith(source.rstrip(".") + ".")) and (target is None or sklearn.__version__.startswith(target.rstrip(".") + ".")):
                return reason
    if a.again is None:
        return None
    for proof in PROOFS:
        try:
            reason = proof(a)
        except Exception:  # the model does not answer that
            reason = None
        if reason is not None:
            return reason
    return None
