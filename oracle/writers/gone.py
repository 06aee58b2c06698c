"""Estimators that today's scikit-learn no longer has: stand-ins of their names, in their modules, for the judge of files.

What a writer has to carry over is a class's name and a state. Each stand-in is fitted as the old class was, keeps what it
kept, and answers by today's code; that old releases load such files is for oracle/migrate, which runs them.
"""

import sys
import types

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.covariance import GraphicalLasso, GraphicalLassoCV
from sklearn.decomposition import NMF, PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.impute import SimpleImputer


class Imputer(TransformerMixin, BaseEstimator):
    """As of 0.17 to 0.21, where a missing value could be named 'NaN'."""

    def __init__(self, missing_values="NaN", strategy="mean", axis=0, verbose=0, copy=True):
        self.missing_values, self.strategy, self.axis, self.verbose, self.copy = missing_values, strategy, axis, verbose, copy

    def fit(self, X, y=None):
        self.statistics_ = SimpleImputer(strategy=self.strategy).fit(X).statistics_
        return self

    def transform(self, X):
        return np.where(np.isnan(X), self.statistics_, X)


# name: (module, what it was or is made of, last release that had it, kind of data in emit/kinds.py, options)
GONE = {
    "GraphLasso": ("sklearn.covariance.graph_lasso_", GraphicalLasso, "0.21", "plain", {"alpha": 0.1}),
    "GraphLassoCV": ("sklearn.covariance.graph_lasso_", GraphicalLassoCV, "0.21", "plain", {"cv": 2, "n_refinements": 2}),
    "Imputer": ("sklearn.preprocessing.imputation", Imputer, "0.21", "classes", {"strategy": "median"}),
    "LDA": ("sklearn.lda", LinearDiscriminantAnalysis, "0.18", "classes", {}),
    "ProjectedGradientNMF": ("sklearn.decomposition.nmf", NMF, "0.18", "counts", {"n_components": 2, "max_iter": 500}),
    "QDA": ("sklearn.qda", QuadraticDiscriminantAnalysis, "0.18", "classes", {}),
    "RandomizedPCA": ("sklearn.decomposition.pca", PCA, "0.19", "plain", {"n_components": 2, "svd_solver": "randomized", "random_state": 0}),
}


def stand_in(name):
    """The class, where Python finds it on loading."""
    where, base, *_ = GONE[name]
    module = sys.modules.get(where)
    if module is None:
        module = sys.modules[where] = types.ModuleType(where)
    if not hasattr(module, name):
        setattr(module, name, type(name, (base,), {"__module__": where, "__qualname__": name}))
    return getattr(module, name)


def recipes():
    """name: (kind of data, function that gives the estimator, options of the data), as emit/recipes.py has them."""
    return {name: [(kind, lambda dice, name=name, options=options: stand_in(name)(**options), {})] for name, (_, _, _, kind, options) in GONE.items()}
