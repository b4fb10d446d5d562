"""Features and labels in, one linear score a theme out; four ways to fit it, one thread, the same bits every time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from gknlp.errors import UsageError

Floats = NDArray[np.float64]
_OUT = -1e30  # the score of a theme that the place rules out: its share is exactly 0
_MAX_STEPS = 100
_MEMORY = 6
_BIAS_PENALTY = 1e-3  # only to keep the biases finite: how common a theme is must be free


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What is learned from: rows of features, the weight of each theme as their label, the themes they could have.

    ``features`` n x f (CSR); ``labels`` n x k, a row's sum is the weight of the row; ``rivals`` n x k.
    """

    features: Any
    labels: Floats
    rivals: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """Scores = features @ ``weights`` + ``bias``: f x k and k."""

    weights: Floats
    bias: Floats


def fit_linear(lesson: Lesson, *, method: str, penalty: float) -> Linear:
    """A linear score for each theme by one of the ``METHODS``; UsageError naming them for any other."""
    if method not in METHODS:
        raise UsageError(f"no method is called {method!r}; the methods are: {', '.join(METHODS)}")
    with threadpool_limits(limits=1):  # the last bits of a product depend on the number of threads
        return METHODS[method](lesson, penalty)


def fit_choice(lesson: Lesson, penalty: float) -> Linear:
    """Conditional logit: each unit chooses among the themes its place allows, sharing one weight matrix between places.

    Penalised likelihood (ridge), by L-BFGS from zero, so without any random start.

    Source: McFadden 1974, Conditional logit analysis of qualitative choice behavior.
    """
    n_features, n_themes = lesson.features.shape[1], lesson.labels.shape[1]
    features = lesson.features.astype(np.float64)
    turned = features.T.tocsr()
    totals = lesson.labels.sum(axis=1, keepdims=True)
    held = lesson.labels > 0

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights, bias = flat[:-n_themes].reshape(n_features, n_themes), flat[-n_themes:]
        logs = log_shares(features @ weights + bias, lesson.rivals)
        misfit = -float((lesson.labels[held] * logs[held]).sum())
        error = np.exp(logs) * totals - lesson.labels
        value = misfit + penalty / 2 * float((weights**2).sum()) + _BIAS_PENALTY / 2 * float((bias**2).sum())
        slope = np.concatenate([(turned @ error + penalty * weights).ravel(), error.sum(axis=0) + _BIAS_PENALTY * bias])
        return value, slope

    start = np.zeros(n_features * n_themes + n_themes)
    options = {"maxiter": _MAX_STEPS, "maxcor": _MEMORY}
    flat = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x
    return Linear(flat[:-n_themes].reshape(n_features, n_themes), flat[-n_themes:])


def log_shares(scores: Floats, rivals: NDArray[np.bool_]) -> Floats:
    """Logarithms of the shares (softmax) among the rivals of each row; a very low number for all others."""
    masked = np.where(rivals, scores, _OUT)
    masked = masked - masked.max(axis=1, keepdims=True)
    shares: Floats = masked - np.log(np.exp(masked).sum(axis=1, keepdims=True))
    return shares


def fit_bayes(lesson: Lesson, penalty: float) -> Linear:
    """Complement naive Bayes: how unlikely a text is under all other themes; ``penalty`` is the smoothing.

    Source: Rennie, Shih, Teevan & Karger 2003, Tackling the poor assumptions of naive Bayes text classifiers.
    """
    return _fit_each(lesson, lambda rows, own, weights: _complement(rows, own, weights, penalty))


def fit_logistic(lesson: Lesson, penalty: float) -> Linear:
    """One ridge logistic regression a theme, against the other units that could have had it."""

    def fit(rows: Any, own: NDArray[np.bool_], weights: Floats) -> tuple[Floats, float]:
        model = LogisticRegression(C=1 / penalty, solver="lbfgs", max_iter=300, tol=1e-5)
        model.fit(rows, own, sample_weight=weights)
        return model.coef_[0], float(model.intercept_[0])

    return _fit_each(lesson, fit)


def fit_margin(lesson: Lesson, penalty: float) -> Linear:
    """One linear support vector machine (squared hinge) a theme, against the other units that could have had it."""

    def fit(rows: Any, own: NDArray[np.bool_], weights: Floats) -> tuple[Floats, float]:
        model = LinearSVC(C=1 / penalty, dual=True, random_state=0, max_iter=5000, tol=1e-3)
        model.fit(rows, own, sample_weight=weights)
        return model.coef_[0], float(model.intercept_[0])

    return _fit_each(lesson, fit)


METHODS: dict[str, Callable[[Lesson, float], Linear]] = {
    "choice": fit_choice,
    "bayes": fit_bayes,
    "logistic": fit_logistic,
    "margin": fit_margin,
}


def _complement(rows: Any, own: NDArray[np.bool_], weights: Floats, smoothing: float) -> tuple[Floats, float]:
    model = ComplementNB(alpha=smoothing)
    model.fit(rows, own, sample_weight=weights)
    return model.feature_log_prob_[1], 0.0


def _fit_each(lesson: Lesson, fit: Callable[[Any, NDArray[np.bool_], Floats], tuple[Floats, float]]) -> Linear:
    """A theme at a time against the rest; one that nobody has, or all have, scores 0 everywhere."""
    n_features, n_themes = lesson.features.shape[1], lesson.labels.shape[1]
    weights, bias = np.zeros((n_features, n_themes)), np.zeros(n_themes)
    features, row_weights = lesson.features.astype(np.float64), lesson.labels.sum(axis=1)
    for theme in range(n_themes):
        could = np.flatnonzero(lesson.rivals[:, theme] & (row_weights > 0))
        own = lesson.labels[could, theme] > 0
        if own.any() and not own.all():
            weights[:, theme], bias[theme] = fit(_narrow(features[could]), own, row_weights[could])
    return Linear(weights, bias)


def _narrow(rows: Any) -> Any:
    """The rows with 32-bit indices: scikit-learn's linear models take no others."""
    rows.indices, rows.indptr = rows.indices.astype(np.int32), rows.indptr.astype(np.int32)
    return rows
