"""Counted words in, a fitted model of topics out: batch LDA on one thread. Knows no report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import LatentDirichletAllocation
from threadpoolctl import threadpool_limits

from gknlp.features.counts import WordCounts


@dataclass(frozen=True, slots=True)
class TopicModel:
    """Topics as distributions over the vocabulary: ``words`` is topics x words, each row sums to 1."""

    words: NDArray[np.float64]
    estimator: Any


def fit_lda(counts: WordCounts, *, n_topics: int, seed: int, max_iter: int) -> TopicModel:
    """A latent Dirichlet allocation (LDA) fitted to all documents at once by variational Bayes.

    The same counts and seed give the same model to the last bit, whatever the number of cores: sums in several threads
    add up in another order, so one thread is used. Priors are scikit-learn's, 1 / n_topics for shares and for words.

    Source: Blei, Ng & Jordan 2003; the batch algorithm of Hoffman, Blei & Bach 2010 as in scikit-learn.
    """
    estimator = LatentDirichletAllocation(
        n_topics, learning_method="batch", max_iter=max_iter, random_state=seed, n_jobs=1
    )
    with threadpool_limits(limits=1):
        estimator.fit(counts.matrix)
    weights = estimator.components_
    return TopicModel(weights / weights.sum(axis=1, keepdims=True), estimator)


def infer_shares(model: TopicModel, counts: WordCounts) -> NDArray[np.float64]:
    """Documents x topics: the share of each topic in each document; rows sum to 1. No documents give 0 rows."""
    if not counts.matrix.shape[0]:
        return np.zeros((0, len(model.words)))
    with threadpool_limits(limits=1):
        shares: NDArray[np.float64] = model.estimator.transform(counts.matrix)
    return shares
