"""Counted words and a list of fits to make in, the fits out: side by side in threads, one thread inside each.

Threads, not processes: the fits are compiled code that holds no lock, and all read one table of counts, which a million
units need not have copied. Each fit is a sequence of its own, so their number side by side changes no bit.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from gknlp.topics.lda import FittedTopics, fit_lda_batch, fit_lda_reference, fit_nmf

Doubles = NDArray[np.float64]

_SUBSAMPLE = 0.8  # of the documents, for refits of NMF, whose start is not random; Greene et al. 2014


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """One fit to make. ``first``: of several seeds the first, which for NMF alone is fitted to all documents."""

    method: str
    n_topics: int
    seed: int
    max_iter: int
    tolerance: float
    first: bool = True
    cue_words: tuple[Doubles, ...] = ()


def fit_all(matrix: Any, orders: Sequence[Order], *, workers: int | None = None) -> list[FittedTopics]:
    """The fits in the order asked for; ``workers`` side by side (None: one for each core)."""
    n_workers = max(1, min(workers or os.cpu_count() or 1, len(orders)))
    with warnings.catch_warnings(), threadpool_limits(limits=1), ThreadPoolExecutor(n_workers) as pool:
        warnings.simplefilter("ignore", ConvergenceWarning)  # how many passes a fit took is reported with it
        return list(pool.map(lambda order: fit_one(matrix, order), orders))


def fit_one(matrix: Any, order: Order) -> FittedTopics:
    """One fit by its method: lda, seeded, reference or nmf."""
    size = {"n_topics": order.n_topics, "seed": order.seed, "max_iter": order.max_iter}
    if order.method == "reference":
        return fit_lda_reference(matrix, **size)
    if order.method == "nmf":
        return fit_nmf(matrix if order.first else _draw(matrix, order), **size)
    return fit_lda_batch(matrix, **size, tolerance=order.tolerance, cue_words=order.cue_words)


def _draw(matrix: Any, order: Order) -> Any:
    n_documents = matrix.shape[0]
    n_drawn = max(min(n_documents, order.n_topics), int(_SUBSAMPLE * n_documents))
    return matrix[np.sort(np.random.default_rng(order.seed).permutation(n_documents)[:n_drawn])]
