"""Harmless saved models of the libraries that people use beside scikit-learn, each in the ways in which they are saved.

    python oracle/scan/libraries.py folder

Makes what the environment's libraries allow, and says what failed. `brine scan folder` must then find nothing dangerous;
what it calls unknown is either added (sweep.py, known.py) or rightly vouched for by nobody: classes of a script of one's
own, code that cloudpickle carries.
"""

import collections
import datetime
import decimal
import enum
import fractions
import functools
import importlib
import inspect
import operator
import pathlib
import pickle
import random
import re
import sys
import traceback
import uuid
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
import numpy as np

OUT = Path(sys.argv[1])
OUT.mkdir(parents=True, exist_ok=True)
rng = np.random.RandomState(0)
X = np.abs(rng.normal(size=(60, 4)))
y = (X[:, 0] > X[:, 1]).astype(int)
target = X @ np.array([1.0, 2.0, 0.5, 0.1])
recipes = []


def recipe(library):
    def keep(function):
        recipes.append((library, function))
        return function

    return keep


def save(name, value):
    """By pickle, joblib and cloudpickle."""
    for protocol in (2, 4):
        (OUT / ("%s.p%d.pkl" % (name, protocol))).write_bytes(pickle.dumps(value, protocol))
    import cloudpickle
    import joblib

    joblib.dump(value, str(OUT / (name + ".joblib")), compress=3)
    (OUT / (name + ".cloud.pkl")).write_bytes(cloudpickle.dumps(value))


def each(package, values):
    """Saves every (name, value) that there is; one that fails does not stop the others."""
    for name, make in values:
        try:
            save("%s-%s" % (package, name), make() if inspect.isroutine(make) else make)
        except Exception as error:
            print("not made: %s %s: %s" % (package, name, repr(error)[:120]), file=sys.stderr)


@recipe("numpy")
def python_values():
    class_of_enum = re.RegexFlag.IGNORECASE
    each("python", {
        "getattr": {"method": [1, 2].append, "bound": "a-{}".format, "classmethod": dict.fromkeys},
        "partial": functools.partial(np.clip, a_min=0, a_max=1),
        "partial-int": functools.partial(int, base=2),
        "getters": [operator.itemgetter(1), operator.itemgetter("a", "b"), operator.attrgetter("real")],
        "defaultdict": collections.defaultdict(list, {"a": [1]}),
        "defaultdict-int": collections.defaultdict(int, a=1),
        "counter": collections.Counter("abca"),
        "deque": collections.deque([1, 2], 3),
        "times": [datetime.datetime.now(datetime.timezone.utc), datetime.date.today(), datetime.timedelta(1), datetime.time(1, 2)],
        "paths": [pathlib.PurePosixPath("a/b"), pathlib.Path("models")],
        "uuid": uuid.UUID(int=5),
        "numbers": [decimal.Decimal("1.5"), fractions.Fraction(1, 3), complex(1, 2), 2**70, -(2**70), float("nan")],
        "regex": re.compile(r"\w+", re.I),
        "flag": class_of_enum,
        "random": random.Random(3),
        "generator": np.random.default_rng(3),
        "state": np.random.RandomState(3),
        "range": [range(3), slice(1, 2), Ellipsis, NotImplemented, type(None), bytearray(b"ab")],
        "types": [int, float, str, np.float32, np.ndarray, np.dtype("f4")],
        "functions": [len, max, np.mean, np.sin, np.log1p, operator.add],
        "ordered": collections.OrderedDict([("b", 1), ("a", 2)]),
        "namespace": __import__("types").SimpleNamespace(a=1),
        "exceptions": [ValueError("x"), KeyError("y")],
        "bytes": b"\x80\x04abc" * 3,
        "latin": {"text": "äöü€", "raw": bytes(range(256))},
        "dates": np.array(["2020-01-01"], "M8[D]"),
        "structured": np.zeros(2, [("a", "f4"), ("b", "U3")]),
        "matrix": np.matrix([[1, 2]]),
        "scalars": [np.float64(1), np.int8(1), np.bool_(True), np.str_("a"), np.datetime64("2020-01-01")],
    }.items())


@recipe("sklearn")
def functions():
    import scipy.special
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    each("functions", [(f.__name__, (lambda f=f: make_pipeline(FunctionTransformer(f)))) for f in (
        scipy.special.expit, scipy.special.logit, scipy.special.erf, scipy.special.boxcox1p, scipy.special.softmax, np.log1p, np.expm1, np.sqrt,
        np.abs, np.nan_to_num, np.square, np.cbrt, np.log10, np.clip, np.round, np.ravel, np.asarray, np.reciprocal)])
    import pandas as pd

    each("functions", [("to_numeric", lambda: FunctionTransformer(pd.to_numeric)), ("dummies", lambda: FunctionTransformer(pd.get_dummies)),
        ("partial", lambda: FunctionTransformer(functools.partial(np.clip, a_min=0, a_max=1)))])


@recipe("pandas")
def pandas():
    import pandas as pd

    each("pandas", {
        "frame": pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": pd.Categorical(["u", "v"]), "d": pd.to_datetime(["2020-01-01", "2021-01-01"])}),
        "index": pd.DataFrame({"a": [1, 2]}, index=pd.date_range("2020", periods=2, freq="D", tz="UTC")),
        "multi": pd.DataFrame({"a": [1, 2]}, index=pd.MultiIndex.from_tuples([(1, "a"), (2, "b")])),
        "dtypes": pd.DataFrame({"a": pd.array([1, None], "Int64"), "b": pd.array(["x", None], "string"), "c": pd.array([True, None], "boolean")}),
        "interval": pd.cut(pd.Series([1.0, 2.0, 3.0]), 2),
        "period": pd.Series(pd.period_range("2020-01", periods=2, freq="M")),
        "timestamp": [pd.Timestamp("2020-01-01"), pd.Timedelta(1, "D"), pd.NaT, pd.NA],
        "dtype-map": {"a": pd.CategoricalDtype(["x", "y"])},
        "offsets": [pd.offsets.BDay(), pd.offsets.MonthEnd()],
        "sparse": pd.DataFrame({"a": pd.arrays.SparseArray([0, 0, 1])}),
    }.items())


@recipe("xgboost")
def xgboost():
    import xgboost as m

    def made(cls, **k):
        return lambda: cls(n_estimators=3, **k).fit(X, y if "Class" in cls.__name__ else target)

    each("xgboost", [(c.__name__, made(c)) for c in (m.XGBClassifier, m.XGBRegressor, m.XGBRFClassifier, m.XGBRFRegressor) if c])
    each("xgboost", [("callbacks", lambda: m.XGBClassifier(n_estimators=3, callbacks=[m.callback.EarlyStopping(2)]).fit(X, y, eval_set=[(X, y)])),
        ("booster", lambda: m.train({"objective": "binary:logistic"}, m.DMatrix(X, y), 3)),
        ("ranker", lambda: m.XGBRanker(n_estimators=2).fit(X, y, group=[30, 30]))])


@recipe("lightgbm")
def lightgbm():
    import lightgbm as m

    k = dict(n_estimators=3, min_child_samples=2)
    each("lightgbm", [("classifier", lambda: m.LGBMClassifier(**k).fit(X, y)), ("regressor", lambda: m.LGBMRegressor(**k).fit(X, target)),
        ("ranker", lambda: m.LGBMRanker(**k).fit(X, y, group=[30, 30])),
        ("booster", lambda: m.train({"objective": "binary", "verbose": -1}, m.Dataset(X, y), 3)),
        ("cv", lambda: m.cv({"objective": "binary", "verbose": -1}, m.Dataset(X, y), 3, return_cvbooster=True)["cvbooster"])])


@recipe("catboost")
def catboost():
    import catboost as m

    k = dict(iterations=3, verbose=False, allow_writing_files=False)
    each("catboost", [("classifier", lambda: m.CatBoostClassifier(**k).fit(X, y)), ("regressor", lambda: m.CatBoostRegressor(**k).fit(X, target)),
        ("base", lambda: m.CatBoost(dict(loss_function="Logloss", **k)).fit(X, y))])


@recipe("imblearn")
def imblearn():
    import imblearn as m
    from sklearn.linear_model import LogisticRegression

    def all_of(space, **k):
        for name, cls in sorted(vars(space).items()):
            if inspect.isclass(cls) and hasattr(cls, "get_params"):
                yield name, lambda cls=cls: fitted(cls())

    def fitted(model):
        return model.fit(X, y) if not hasattr(model, "fit_resample") else (model.fit_resample(X, y), model)[1]

    for space in ("over_sampling", "under_sampling", "combine", "ensemble"):
        each("imblearn", all_of(importlib.import_module("imblearn." + space)))
    each("imblearn", [("pipeline", lambda: m.pipeline.make_pipeline(m.over_sampling.SMOTE(k_neighbors=2), LogisticRegression()).fit(X, y)),
        ("sampler", lambda: m.FunctionSampler().fit(X, y))])


@recipe("category_encoders")
def category_encoders():
    import category_encoders as m
    import pandas as pd

    frame = pd.DataFrame({"a": list("xyxzxyxz"), "b": range(8)})
    each("category-encoders", [(n, lambda n=n: getattr(m, n)(cols=["a"]).fit(frame, [0, 1, 0, 1, 0, 1, 1, 0])) for n in m.__all__])


def public(package, fit, skip=()):
    """Every estimator that a package offers by its own name."""
    found = {}
    for name, cls in sorted(vars(package).items()):
        if inspect.isclass(cls) and hasattr(cls, "fit") and name not in skip and not name.startswith(("_", "Base")):
            found[name] = cls
    return [(name, lambda cls=cls: fit(cls)) for name, cls in found.items()]


@recipe("mlxtend")
def mlxtend():
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier

    import mlxtend.classifier as c
    import mlxtend.cluster as k
    import mlxtend.feature_extraction as fe
    import mlxtend.feature_selection as fs
    import mlxtend.preprocessing as p
    import mlxtend.regressor as r

    each("mlxtend", public(c, lambda cls: cls().fit(X, y)) + public(r, lambda cls: cls().fit(X, target)) + public(k, lambda cls: cls().fit(X)) + public(fe, lambda cls: cls().fit(X)) + public(p, lambda cls: cls().fit(X)))
    each("mlxtend", [("stacking", lambda: c.StackingClassifier([KNeighborsClassifier()], LogisticRegression()).fit(X, y)),
        ("stacking-cv", lambda: c.StackingCVClassifier([KNeighborsClassifier()], LogisticRegression()).fit(X, y)),
        ("vote", lambda: c.EnsembleVoteClassifier([LogisticRegression()]).fit(X, y)),
        ("stacking-regressor", lambda: r.StackingRegressor([LinearRegression()], LinearRegression()).fit(X, target)),
        ("sequential", lambda: fs.SequentialFeatureSelector(KNeighborsClassifier(), k_features=2).fit(X, y)),
        ("columns", lambda: fs.ColumnSelector([0, 1]).fit(X)),
        ("transactions", lambda: p.TransactionEncoder().fit([["a", "b"], ["b"]]))])


@recipe("feature_engine")
def feature_engine():
    import pandas as pd

    frame = pd.DataFrame({"a": list("xyxzxyxz"), "b": np.arange(8.0) + 1, "c": [1.0, 2, None, 4, 5, 6, 7, 8], "d": pd.date_range("2020", periods=8)})
    label = [0, 1, 0, 1, 0, 1, 1, 0]
    for space in ("encoding", "imputation", "discretisation", "outliers", "transformation", "selection", "creation", "datetime", "wrappers", "preprocessing", "scaling"):
        try:
            module = importlib.import_module("feature_engine." + space)
        except ImportError:
            continue

        def fit(cls):
            for data in ((frame, label), (frame.drop(columns=["a", "d"]).fillna(0), label), (frame.fillna(0), pd.Series(label))):
                try:
                    return cls().fit(*data)
                except Exception:
                    continue
            return cls()

        each("feature-engine", public(module, fit))


@recipe("umap")
def umap():
    import umap as m

    each("umap", [("model", lambda: m.UMAP(n_neighbors=5, n_epochs=5).fit(X)), ("supervised", lambda: m.UMAP(n_neighbors=5, n_epochs=5).fit(X, y))])


@recipe("hdbscan")
def hdbscan():
    import hdbscan as m

    each("hdbscan", [("model", lambda: m.HDBSCAN(min_cluster_size=5, prediction_data=True).fit(X)), ("robust", lambda: m.RobustSingleLinkage().fit(X))])


@recipe("statsmodels")
def statsmodels():
    import pandas as pd
    import statsmodels.api as sm
    import statsmodels.formula.api as smf

    frame = pd.DataFrame(X, columns=list("abcd"))
    frame["y"], frame["t"] = y, target + rng.normal(size=len(X))
    series = pd.Series(np.cumsum(rng.normal(size=60)), index=pd.date_range("2020", periods=60, freq="D"))
    each("statsmodels", [("ols", lambda: sm.OLS(frame.t, sm.add_constant(X)).fit()), ("logit", lambda: sm.Logit(rng.randint(0, 2, 60), X).fit(disp=0)),
        ("glm", lambda: sm.GLM(y, X, family=sm.families.Poisson()).fit()), ("formula", lambda: smf.ols("t ~ a + np.log(b)", frame).fit()),
        ("arima", lambda: sm.tsa.ARIMA(series, order=(1, 0, 0)).fit()), ("smoothing", lambda: sm.tsa.ExponentialSmoothing(series, trend="add").fit()),
        ("sarimax", lambda: sm.tsa.SARIMAX(series, order=(1, 1, 0)).fit(disp=0)), ("rlm", lambda: sm.RLM(frame.t, X).fit()),
        ("quantile", lambda: smf.quantreg("t ~ a", frame).fit()), ("mixed", lambda: smf.mixedlm("t ~ a", frame, groups=frame.y).fit())])


@recipe("lifelines")
def lifelines():
    import lifelines as m
    import pandas as pd

    frame = pd.DataFrame(X[:, :2] + 0.1, columns=["T", "x"])
    frame["E"] = 1
    each("lifelines", [("cox", lambda: m.CoxPHFitter().fit(frame, "T", "E")), ("kaplan", lambda: m.KaplanMeierFitter().fit(frame["T"])),
        ("weibull", lambda: m.WeibullAFTFitter().fit(frame, "T", "E")), ("nelson", lambda: m.NelsonAalenFitter().fit(frame["T"]))])


@recipe("prophet")
def prophet():
    import pandas as pd
    from prophet import Prophet

    each("prophet", [("unfitted", lambda: Prophet()), ("model", lambda: Prophet().fit(pd.DataFrame({"ds": pd.date_range("2020", periods=60), "y": target})))])


@recipe("hmmlearn")
def hmmlearn():
    from hmmlearn import hmm

    each("hmmlearn", [("gaussian", lambda: hmm.GaussianHMM(2).fit(X)), ("categorical", lambda: hmm.CategoricalHMM(2).fit(y.reshape(-1, 1))), ("gmm", lambda: hmm.GMMHMM(2).fit(X)), ("poisson", lambda: hmm.PoissonHMM(2).fit(y.reshape(-1, 1)))])


@recipe("nltk")
def nltk():
    from nltk.classify import MaxentClassifier, NaiveBayesClassifier
    from nltk.classify.scikitlearn import SklearnClassifier
    from nltk.probability import FreqDist
    from nltk.stem import PorterStemmer, SnowballStemmer
    from nltk.tag import DefaultTagger, PerceptronTagger, UnigramTagger
    from nltk.tokenize import RegexpTokenizer, TreebankWordTokenizer
    from nltk.tokenize.punkt import PunktSentenceTokenizer, PunktTrainer
    from sklearn.naive_bayes import BernoulliNB

    train = [({"a": 1, "b": "x"}, "p"), ({"a": 0, "b": "y"}, "n"), ({"a": 1, "b": "y"}, "p")]
    tagged = [[("the", "D"), ("dog", "N")], [("a", "D"), ("cat", "N")]]
    each("nltk", [("bayes", lambda: NaiveBayesClassifier.train(train)), ("maxent", lambda: MaxentClassifier.train(train, trace=0, max_iter=3)),
        ("sklearn", lambda: SklearnClassifier(BernoulliNB()).train(train)), ("frequencies", lambda: FreqDist("abcab")),
        ("porter", lambda: PorterStemmer()), ("snowball", lambda: SnowballStemmer("english")),
        ("tagger", lambda: UnigramTagger(tagged, backoff=DefaultTagger("N"))), ("regexp", lambda: RegexpTokenizer(r"\w+")), ("treebank", lambda: TreebankWordTokenizer()),
        ("punkt", lambda: PunktSentenceTokenizer(PunktTrainer("A b. C d. E.g. f.").get_params())), ("perceptron", lambda: PerceptronTagger(load=False))])


@recipe("sklearn_crfsuite")
def crfsuite():
    from sklearn_crfsuite import CRF

    each("crfsuite", [("model", lambda: CRF(max_iterations=3).fit([[{"a": "1"}, {"b": "2"}]], [["x", "y"]]))])


@recipe("optuna")
def optuna():
    import optuna as m

    m.logging.set_verbosity(m.logging.ERROR)

    def study(sampler):
        study = m.create_study(sampler=sampler)
        study.optimize(lambda trial: trial.suggest_float("x", 0, 1) ** 2 + trial.suggest_int("n", 1, 3), n_trials=3)
        return study

    each("optuna", [("study", lambda: study(m.samplers.TPESampler(seed=0))), ("random", lambda: study(m.samplers.RandomSampler(seed=0))), ("trial", lambda: study(None).best_trial)])


@recipe("river")
def river():
    from river import anomaly, cluster, compose, drift, ensemble, forest, linear_model, metrics, naive_bayes, neighbors, optim, preprocessing, stats, tree

    rows = [(dict(zip("abcd", map(float, r))), bool(c)) for r, c in zip(X, y)]

    def learned(model):
        for x, c in rows:
            try:
                model.learn_one(x, c)
            except TypeError:
                model.learn_one(x)
        return model

    each("river", [("logistic", lambda: learned(preprocessing.StandardScaler() | linear_model.LogisticRegression(optim.SGD(0.1)))), ("tree", lambda: learned(tree.HoeffdingTreeClassifier())),
        ("forest", lambda: learned(forest.ARFClassifier(3))), ("bayes", lambda: learned(naive_bayes.GaussianNB())), ("knn", lambda: learned(neighbors.KNNClassifier())),
        ("bagging", lambda: learned(ensemble.BaggingClassifier(linear_model.LogisticRegression(), 2))), ("kmeans", lambda: learned(cluster.KMeans(2))),
        ("metric", lambda: metrics.Accuracy()), ("mean", lambda: stats.Mean()), ("adwin", lambda: drift.ADWIN()), ("trees", lambda: learned(anomaly.HalfSpaceTrees(seed=1))), ("linear", lambda: linear_model.LinearRegression()),
        ("select", lambda: compose.Select("a") | preprocessing.MinMaxScaler())])


@recipe("gensim")
def gensim():
    from gensim.corpora import Dictionary
    from gensim.models import Doc2Vec, FastText, LdaModel, LsiModel, Phrases, TfidfModel, Word2Vec
    from gensim.models.doc2vec import TaggedDocument

    texts = [["a", "b", "c"], ["a", "c", "d"], ["b", "d"]] * 5
    words = Dictionary(texts)
    bags = [words.doc2bow(t) for t in texts]
    each("gensim", [("word2vec", lambda: Word2Vec(texts, vector_size=4, min_count=1, epochs=1, workers=1)), ("vectors", lambda: Word2Vec(texts, vector_size=4, min_count=1, epochs=1, workers=1).wv),
        ("doc2vec", lambda: Doc2Vec([TaggedDocument(t, [i]) for i, t in enumerate(texts)], vector_size=4, min_count=1, epochs=1, workers=1)),
        ("fasttext", lambda: FastText(texts, vector_size=4, min_count=1, epochs=1, workers=1, bucket=100)), ("lda", lambda: LdaModel(bags, 2, words)), ("lsi", lambda: LsiModel(bags, id2word=words, num_topics=2)),
        ("tfidf", lambda: TfidfModel(bags)), ("dictionary", words), ("phrases", lambda: Phrases(texts, min_count=1))])
    Word2Vec(texts, vector_size=4, min_count=1, epochs=1, workers=1).save(str(OUT / "gensim-saved.model"))
    LdaModel(bags, 2, words).save(str(OUT / "gensim-saved-lda.model"))


@recipe("pmdarima")
def pmdarima():
    import pmdarima as m

    series = np.cumsum(rng.normal(size=60))
    each("pmdarima", [("arima", lambda: m.ARIMA((1, 0, 0)).fit(series)), ("auto", lambda: m.auto_arima(series, start_p=0, start_q=0, max_p=1, max_q=1, seasonal=False)), ("pipeline", lambda: importlib.import_module("pmdarima.pipeline").Pipeline([("b", importlib.import_module("pmdarima.preprocessing").BoxCoxEndogTransformer(lmbda2=100)), ("a", m.ARIMA((1, 0, 0)))]).fit(series))])


@recipe("surprise")
def surprise():
    import pandas as pd
    import surprise as m

    data = m.Dataset.load_from_df(pd.DataFrame({"u": [1, 1, 2, 2, 3], "i": [1, 2, 1, 3, 2], "r": [1.0, 2, 3, 4, 5]}), m.Reader()).build_full_trainset()
    each("surprise", [(n, lambda n=n: getattr(m, n)().fit(data)) for n in ("SVD", "SVDpp", "NMF", "KNNBasic", "KNNWithMeans", "BaselineOnly", "SlopeOne", "CoClustering", "NormalPredictor")])


@recipe("implicit")
def implicit():
    import implicit as m
    import scipy.sparse

    counts = scipy.sparse.csr_matrix((X > 0.8).astype("f4"))
    def fit(model):
        model.fit(counts, show_progress=False)
        return model

    each("implicit", [("als", lambda: fit(m.cpu.als.AlternatingLeastSquares(factors=2, iterations=2))), ("bpr", lambda: fit(m.cpu.bpr.BayesianPersonalizedRanking(factors=2, iterations=2))), ("bm25", lambda: fit(m.nearest_neighbours.BM25Recommender()))])


@recipe("dask_ml")
def dask_ml():
    import dask_ml.linear_model as l
    import dask_ml.preprocessing as p
    import dask_ml.wrappers as w
    from sklearn.linear_model import LogisticRegression

    each("dask-ml", [("scaler", lambda: p.StandardScaler().fit(X)), ("post", lambda: w.ParallelPostFit(LogisticRegression()).fit(X, y)), ("incremental", lambda: w.Incremental(importlib.import_module("sklearn.linear_model").SGDClassifier()).fit(X, y, classes=[0, 1])), ("logistic", lambda: l.LogisticRegression())])


@recipe("tsfresh")
def tsfresh():
    from tsfresh.feature_selection.relevance import calculate_relevance_table  # noqa: F401
    from tsfresh.transformers import FeatureAugmenter, FeatureSelector, RelevantFeatureAugmenter

    import pandas as pd

    each("tsfresh", [("selector", lambda: FeatureSelector().fit(pd.DataFrame(X), pd.Series(y))), ("augmenter", lambda: FeatureAugmenter(column_id="id", column_sort="t")), ("relevant", lambda: RelevantFeatureAugmenter(column_id="id", column_sort="t"))])


@recipe("spacy")
def spacy():
    import spacy as m

    each("spacy", [("blank", lambda: m.blank("en")), ("doc", lambda: m.blank("en")("Hello world."))])


@recipe("statsforecast")
def statsforecast():
    import pandas as pd
    from statsforecast import StatsForecast
    from statsforecast.models import AutoARIMA, AutoETS, Naive, SeasonalNaive

    frame = pd.DataFrame({"unique_id": "a", "ds": pd.date_range("2020", periods=60), "y": target})
    def fit(model):
        model.fit(frame)
        return model

    each("statsforecast", [("models", lambda: fit(StatsForecast([Naive(), SeasonalNaive(7)], freq="D"))), ("arima", lambda: AutoARIMA().fit(target)), ("ets", lambda: AutoETS().fit(target))])


@recipe("skorch")
def skorch():
    import torch
    from skorch import NeuralNetClassifier

    each("skorch", [("net", lambda: NeuralNetClassifier(torch.nn.Sequential(torch.nn.Linear(4, 2), torch.nn.Softmax(-1)), max_epochs=1, verbose=0).fit(X.astype("f4"), y))])


@recipe("tokenizers")
def tokenizers():
    import tokenizers as m

    bpe = m.Tokenizer(m.models.BPE())
    bpe.train_from_iterator(["hello world"], m.trainers.BpeTrainer(vocab_size=30))
    word = m.Tokenizer(m.models.WordPiece({"[UNK]": 0, "a": 1}, unk_token="[UNK]"))
    word.pre_tokenizer, word.normalizer, word.decoder = m.pre_tokenizers.BertPreTokenizer(), m.normalizers.BertNormalizer(), m.decoders.WordPiece()
    each("tokenizers", [("bpe", bpe), ("wordpiece", word), ("parts", [word.pre_tokenizer, word.normalizer, word.decoder, m.pre_tokenizers.ByteLevel(), m.normalizers.Sequence([m.normalizers.NFC()])]), ("added", m.AddedToken("<x>"))])


@recipe("transformers")
def transformers():
    import tempfile

    import tokenizers as t
    import transformers as m

    vocab = {w: i for i, w in enumerate("[UNK] [CLS] [SEP] [PAD] [MASK] hello world ##s a b <s> </s> <unk> <pad> <mask>".split())}
    folder = tempfile.mkdtemp()
    text = Path(folder, "vocab.txt")
    text.write_text("\n".join(vocab))
    merges = Path(folder, "merges.txt")
    merges.write_text("#version: 0.2\na b\n")
    import json

    table = Path(folder, "vocab.json")
    table.write_text(json.dumps({**vocab, "ab": 15, "<|endoftext|>": 16}))
    raw = t.Tokenizer(t.models.WordLevel(vocab, unk_token="[UNK]"))
    made = {"plain": lambda: m.PreTrainedTokenizerFast(tokenizer_object=raw, unk_token="[UNK]", pad_token="[PAD]")}
    for name in ("BertTokenizer", "BertTokenizerFast", "DistilBertTokenizer", "DistilBertTokenizerFast", "ElectraTokenizer", "MobileBertTokenizer", "MPNetTokenizer"):
        made[name] = lambda name=name: getattr(m, name)(vocab=str(text)) if not hasattr(getattr(m, name), "vocab_files_names_old") and m.__version__[0] >= "5" else getattr(m, name)(str(text))
    for name in ("GPT2Tokenizer", "GPT2TokenizerFast", "RobertaTokenizer", "RobertaTokenizerFast", "BartTokenizer", "CLIPTokenizer", "LongformerTokenizer"):
        made[name] = lambda name=name: getattr(m, name)(vocab=str(table), merges=str(merges)) if m.__version__[0] >= "5" else getattr(m, name)(str(table), str(merges))
    for name in ("BertConfig", "GPT2Config", "RobertaConfig", "T5Config", "DistilBertConfig", "ViTConfig", "LlamaConfig", "WhisperConfig"):
        made[name] = lambda name=name: getattr(m, name)()
    made["encoding"] = lambda: m.PreTrainedTokenizerFast(tokenizer_object=raw, unk_token="[UNK]")("hello world")
    each("transformers", made.items())


@recipe("torch")
def torch():
    import torch as m

    class_of = m.nn
    layers = {
        "dense": class_of.Sequential(class_of.Linear(4, 3), class_of.ReLU(), class_of.BatchNorm1d(3), class_of.Dropout(), class_of.Linear(3, 1)),
        "convolution": class_of.Sequential(class_of.Conv2d(3, 2, 3, padding="same"), class_of.GELU(), class_of.AdaptiveAvgPool2d(1), class_of.Flatten()),
        "lstm": class_of.LSTM(4, 3, 2, bidirectional=True), "gru": class_of.GRU(4, 3), "transformer": class_of.TransformerEncoder(class_of.TransformerEncoderLayer(4, 2, 8), 1),
        "embedding": class_of.EmbeddingBag(5, 3), "attention": class_of.MultiheadAttention(4, 2), "normed": class_of.utils.parametrizations.weight_norm(class_of.Linear(2, 2)),
        "modules": class_of.ModuleDict({"a": class_of.LayerNorm(3), "b": class_of.ModuleList([class_of.Linear(1, 1)])}),
    }
    for name, net in layers.items():
        try:
            m.save(net, str(OUT / ("torch-%s.pt" % name)))
            m.save(net.state_dict(), str(OUT / ("torch-%s-state.pt" % name)))
            m.save(net, str(OUT / ("torch-%s-legacy.pt" % name)), _use_new_zipfile_serialization=False)
            (OUT / ("torch-%s.pkl" % name)).write_bytes(pickle.dumps(net))
        except Exception as error:
            print("not made: torch", name, repr(error)[:120], file=sys.stderr)
    optimiser = m.optim.AdamW(layers["dense"].parameters())
    schedule = m.optim.lr_scheduler.StepLR(optimiser, 1)
    m.save({"epoch": 1, "model": layers["dense"].state_dict(), "optimizer": optimiser.state_dict(), "schedule": schedule.state_dict(), "rng": m.get_rng_state(), "args": __import__("argparse").Namespace(lr=0.1, device=m.device("cpu"))}, str(OUT / "torch-checkpoint.pt"))
    m.save(optimiser, str(OUT / "torch-optimiser.pt"))
    each("torch", [("tensor", m.arange(3)), ("values", {"a": m.float16, "b": m.Size([1, 2]), "c": m.device("cpu"), "p": m.nn.Parameter(m.ones(2))})])


@recipe("sentence_transformers")
def sentence_transformers():
    from sentence_transformers import models

    each("sentence-transformers", [("pooling", lambda: models.Pooling(8)), ("dense", lambda: models.Dense(8, 4))])


@recipe("sktime")
def sktime():
    import pandas as pd
    from sktime.classification.compose import ClassifierPipeline  # noqa: F401
    from sktime.classification.distance_based import KNeighborsTimeSeriesClassifier
    from sktime.classification.interval_based import TimeSeriesForestClassifier
    from sktime.forecasting.compose import TransformedTargetForecaster, make_reduction
    from sktime.forecasting.exp_smoothing import ExponentialSmoothing
    from sktime.forecasting.naive import NaiveForecaster
    from sktime.forecasting.theta import ThetaForecaster
    from sktime.forecasting.trend import PolynomialTrendForecaster
    from sktime.transformations.panel.rocket import MiniRocket, Rocket  # noqa: F401
    from sktime.transformations.series.detrend import Deseasonalizer, Detrender
    from sklearn.linear_model import LinearRegression

    series = pd.Series(target, index=pd.period_range("2020-01", periods=60, freq="M"))
    panel = rng.normal(size=(20, 1, 30))
    label = np.arange(20) % 2
    each("sktime", [("naive", lambda: NaiveForecaster(sp=12).fit(series, fh=[1, 2])), ("theta", lambda: ThetaForecaster(sp=12).fit(series)), ("smoothing", lambda: ExponentialSmoothing().fit(series)),
        ("trend", lambda: PolynomialTrendForecaster().fit(series)), ("reduction", lambda: make_reduction(LinearRegression(), window_length=5).fit(series, fh=[1])),
        ("pipeline", lambda: TransformedTargetForecaster([("d", Detrender()), ("s", Deseasonalizer(sp=12)), ("f", NaiveForecaster())]).fit(series)),
        ("forest", lambda: TimeSeriesForestClassifier(n_estimators=3).fit(panel, label)), ("knn", lambda: KNeighborsTimeSeriesClassifier().fit(panel, label)), ("rocket", lambda: Rocket(num_kernels=20).fit(panel))])


@recipe("flaml")
def flaml():
    from flaml import AutoML

    def fit():
        model = AutoML()
        model.fit(X, y, task="classification", time_budget=2, estimator_list=["lgbm", "rf"], verbose=0)
        return model

    each("flaml", [("automl", fit), ("estimator", lambda: fit().model)])


@recipe("econml")
def econml():
    from econml.dml import CausalForestDML, LinearDML
    from econml.metalearners import TLearner, XLearner
    from sklearn.linear_model import LinearRegression

    each("econml", [("dml", lambda: LinearDML(cv=2).fit(target, X[:, 0], X=X[:, 1:])), ("forest", lambda: CausalForestDML(n_estimators=8, cv=2).fit(target, X[:, 0], X=X[:, 1:])),
        ("t", lambda: TLearner(models=LinearRegression()).fit(target, y, X=X)), ("x", lambda: XLearner(models=LinearRegression()).fit(target, y, X=X))])


@recipe("shap")
def shap():
    import shap as m
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LinearRegression

    each("shap", [("tree", lambda: m.TreeExplainer(RandomForestClassifier(3).fit(X, y))), ("linear", lambda: m.LinearExplainer(LinearRegression().fit(X, target), X)), ("explanation", lambda: m.TreeExplainer(RandomForestClassifier(3).fit(X, y))(X[:2])),
        ("kernel", lambda: m.KernelExplainer(LinearRegression().fit(X, target).predict, X[:3]))])


@recipe("pyod")
def pyod():
    for name in "iforest knn lof hbos ocsvm pca abod cblof copod ecod mcd feature_bagging loda cof".split():
        def make(name=name):
            module = importlib.import_module("pyod.models." + name)
            cls = next(c for n, c in vars(module).items() if inspect.isclass(c) and c.__module__ == module.__name__ and hasattr(c, "decision_function"))
            return cls().fit(X)

        each("pyod", [(name, make)])


@recipe("sklearnex")
def intelex():
    from sklearnex import cluster, decomposition, ensemble, linear_model, svm

    each("sklearnex", [(c.__name__, (lambda c=c: c().fit(X, y))) for c in (
        linear_model.LogisticRegression, linear_model.Ridge, svm.SVC, ensemble.RandomForestClassifier, cluster.KMeans, decomposition.PCA)])


@recipe("imodels")
def imodels():
    import imodels as m

    each("imodels", [(name, (lambda name=name: getattr(m, name)().fit(X, y))) for name in (
        "RuleFitClassifier FIGSClassifier FIGSRegressor GreedyTreeClassifier HSTreeClassifier HSTreeRegressor SkopeRulesClassifier "
        "BoostedRulesClassifier OneRClassifier TaoTreeClassifier").split()])


@recipe("tslearn")
def tslearn():
    from tslearn.clustering import KShape, TimeSeriesKMeans
    from tslearn.preprocessing import TimeSeriesScalerMeanVariance
    from tslearn.svm import TimeSeriesSVC

    series, labels = rng.normal(size=(12, 20, 1)), np.arange(12) % 2
    each("tslearn", [(c.__name__, (lambda c=c: c().fit(series, labels))) for c in (TimeSeriesKMeans, KShape, TimeSeriesScalerMeanVariance, TimeSeriesSVC)])


@recipe("pycaret")
def pycaret():
    import pandas as pd
    from pycaret import classification, regression

    frame = pd.DataFrame(X, columns=list("abcd")).assign(k=list("xyz") * 20, y=y, t=target)
    for name, space, column in (("classification", classification, "y"), ("regression", regression, "t")):
        def make(space=space, column=column):
            space.setup(frame[list("abcd") + ["k", column]], target=column, session_id=1, verbose=False, html=False, n_jobs=1)
            model = space.create_model("rf" if space is classification else "lr", verbose=False, cross_validation=False)
            space.save_model(model, str(OUT / ("pycaret-saved-" + column)), verbose=False)
            return space.finalize_model(model)

        each("pycaret", [(name, make)])


@recipe("ngboost")
def ngboost():
    import ngboost as m

    each("ngboost", [("regressor", lambda: m.NGBRegressor(n_estimators=3, verbose=False).fit(X, target)), ("classifier", lambda: m.NGBClassifier(n_estimators=3, verbose=False).fit(X, y))])


@recipe("h2o")
def h2o():
    from h2o.estimators import H2OGradientBoostingEstimator

    each("h2o", [("estimator", lambda: H2OGradientBoostingEstimator(ntrees=3))])


@recipe("scikeras")
def scikeras():
    from scikeras.wrappers import KerasClassifier

    import keras

    def net(meta):
        return keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])

    each("scikeras", [("unfitted", lambda: KerasClassifier(keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")]), loss="binary_crossentropy"))])


only = set(sys.argv[2:])
for library, function in recipes:
    if only and library not in only:
        continue
    try:
        importlib.import_module(library)
    except BaseException:
        continue
    try:
        function()
    except BaseException as error:
        print("failed:", library, repr(error)[:200], file=sys.stderr)
        if only:
            traceback.print_exc()
print(len(list(OUT.iterdir())), "files")
