"""Counted words in, topics with their inference out: own batch LDA, scikit-learn's as the reference. Knows no report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import NMF, LatentDirichletAllocation
from sklearn.feature_extraction.text import TfidfTransformer
from threadpoolctl import threadpool_limits

from gknlp.features.variational import LANES, measure_change, update_documents, weigh_words
from gknlp.topics.anchors import start_topics

Doubles = NDArray[np.float64]

# Documents start afresh in the first passes: what they held from poor topics would hold them back (measured: going on
# from the start leaves 6 of 20 planted topics). After that topics hardly change, and going on saves two thirds.
_FRESH_PASSES, _FRESH_UPDATES, _LATER_UPDATES = 10, 10, 3
_TOLERANCE = 1e-3  # scikit-learn's, for a document's parameters
_INFER_UPDATES, _INFER_TOLERANCE = 200, 1e-5
_SMALLEST = 1e-7  # what NMF leaves at 0 would make a held-out word impossible


@dataclass(frozen=True, slots=True, eq=False)
class FittedTopics:
    """Topics as distributions over the vocabulary, and what it takes to find them in documents.

    ``words`` : topics x words, rows sum to 1; ``weighed`` : words x topics (filled up to lanes), how a word speaks for
    a topic; ``prior`` : the Dirichlet prior of a document's shares; ``n_passes`` : passes over the documents.
    """

    words: Doubles
    weighed: Doubles
    prior: Doubles
    n_passes: int

    def infer(self, matrix: Any) -> Doubles:
        """Documents x topics: the Dirichlet parameters of each document's shares; their mean is row / sum of row.

        A document's parameters add up to its number of words + the prior's, so the longer, the surer. No documents
        give 0 rows; a document without words gets the prior.
        """
        n_topics = len(self.words)
        found = _start_documents(matrix.shape[0], self.prior)
        none = np.zeros((0, self.prior.size))
        update_documents(
            *_as_arrays(matrix), self.weighed, self.prior, found, none, _INFER_UPDATES, _INFER_TOLERANCE / n_topics
        )
        return np.ascontiguousarray(found[:, :n_topics])


def fit_lda_batch(
    matrix: Any, *, n_topics: int, seed: int, max_iter: int, tolerance: float, cue_words: Sequence[Doubles] = ()
) -> FittedTopics:
    """A latent Dirichlet allocation (LDA) by the batch updates of variational Bayes, started from anchor words.

    One thread, one order: the same counts and seed give the same bits, wherever. Priors are 1 / n_topics like
    scikit-learn's. Stops after ``max_iter`` passes, or when no topic moves by more than ``tolerance`` of its mass.

    Parameters
    ----------
    matrix : documents x words, sparse rows.
    cue_words : for the first topics, prior weights of the words (one array over the vocabulary each): seeded topics.
    """
    rng = np.random.default_rng(seed)
    n_words, eta = matrix.shape[1], 1 / n_topics
    prior = _make_prior(n_topics)
    expected = np.zeros((n_words, prior.size))
    expected[:, :n_topics] = eta
    for topic, weights in enumerate(cue_words):
        expected[:, topic] += weights
    weights = expected.copy()
    weights[:, :n_topics] += _start_words(matrix, n_topics, rng, cue_words).T * (matrix.sum() / n_topics)
    weighed, found = np.zeros_like(weights), np.zeros_like(weights)
    arrays, shares = _as_arrays(matrix), _start_documents(matrix.shape[0], prior)
    n_passes = 0
    while n_passes < max_iter:
        fresh = n_passes < _FRESH_PASSES
        if fresh:
            shares[:, :n_topics] = 1.0
        weigh_words(weights, weighed)
        update_documents(
            *arrays, weighed, prior, shares, found, _FRESH_UPDATES if fresh else _LATER_UPDATES, _TOLERANCE
        )
        found += expected
        n_passes += 1
        moved = measure_change(weights, found)
        weights, found = found, weights
        if not fresh and moved < tolerance:
            break
    return _as_topics(weights, n_topics, n_passes)


def fit_lda_reference(matrix: Any, *, n_topics: int, seed: int, max_iter: int) -> FittedTopics:
    """scikit-learn's batch LDA from its own random start, on one thread: the yardstick for ``fit_lda_batch``."""
    estimator = LatentDirichletAllocation(
        n_topics, learning_method="batch", max_iter=max_iter, random_state=seed, n_jobs=1
    )
    with threadpool_limits(limits=1):
        estimator.fit(matrix)
    weights = np.zeros((matrix.shape[1], _make_prior(n_topics).size))
    weights[:, :n_topics] = estimator.components_.T
    return _as_topics(weights, n_topics, int(estimator.n_iter_))


def fit_nmf(matrix: Any, *, n_topics: int, seed: int, max_iter: int) -> FittedTopics:
    """Topics by non-negative matrix factorisation (NMF) of TF-IDF, started by NNDSVD.

    The factors are divided by the words' IDF, so that they speak of counts, and normed; shares of documents are then
    inferred as for an LDA with these topics, so that all methods are read and judged alike.

    Source: Lee & Seung 1999; Boutsidis & Gallopoulos 2008 (NNDSVD).
    """
    weigher = TfidfTransformer()
    with threadpool_limits(limits=1):
        estimator = NMF(n_topics, init="nndsvd", max_iter=max_iter, random_state=seed)
        estimator.fit(weigher.fit_transform(matrix))
    weights = estimator.components_ / weigher.idf_ + 0.0
    total = weights.sum(axis=1, keepdims=True)
    words = np.where(total > 0, weights / np.maximum(total, 1e-300), 1 / matrix.shape[1])
    return topics_of(words, n_passes=int(estimator.n_iter_))


def topics_of(words: Doubles, *, n_passes: int = 0) -> FittedTopics:
    """Topics that came from elsewhere (topics x words), ready for inference as those of an LDA; no word is impossible."""
    words = (words + _SMALLEST) / (words + _SMALLEST).sum(axis=1, keepdims=True)
    prior = _make_prior(len(words))
    weighed = np.zeros((words.shape[1], prior.size))
    weighed[:, : len(words)] = words.T
    return FittedTopics(words, weighed, prior, n_passes)


def weigh_cues(
    cues: Mapping[str, Sequence[str]], vocabulary: Sequence[str], n_counted: float, *, weight: float
) -> list[Doubles]:
    """For each name in ``cues``, in their order, the prior weights of its words: ``weight`` x all counted words, shared out.

    A cue that the vocabulary does not hold counts nothing; a name of which it holds none starts as an ordinary topic.

    Source: seeded LDA after Lu, Ott, Cardie & Tsou 2011; weight as a share of the corpus, Watanabe & Baturo 2024.
    """
    column_of = {word: column for column, word in enumerate(vocabulary)}
    weighed = []
    for words in cues.values():
        columns = sorted({column_of[word] for word in words if word in column_of})
        weights = np.zeros(len(vocabulary))
        if columns:
            weights[columns] = weight * n_counted / len(columns)
        weighed.append(weights)
    return weighed


def _start_words(matrix: Any, n_topics: int, rng: np.random.Generator, cue_words: Sequence[Doubles]) -> Doubles:
    """Anchored topics; those with cues start from the documents that hold the cues instead."""
    start = start_topics(matrix, n_topics=n_topics, rng=rng)
    for topic, weights in enumerate(cue_words):
        company = matrix.T @ (matrix @ (weights > 0).astype(np.float64))
        if company.sum() > 0:
            overall = matrix.sum(axis=0) / matrix.sum()
            start[topic] = 0.9 * company / company.sum() + 0.1 * overall
    return start


def _make_prior(n_topics: int) -> Doubles:
    prior = np.zeros(-(-n_topics // LANES) * LANES)
    prior[:n_topics] = 1 / n_topics
    return prior


def _start_documents(n_documents: int, prior: Doubles) -> Doubles:
    return np.where(prior > 0, 1.0, 0.0) * np.ones((n_documents, 1))


def _as_arrays(matrix: Any) -> tuple[Any, Any, Any]:
    """The sparse rows as the compiled functions take them; small types, since the counts of a corpus are many."""
    whole = np.issubdtype(matrix.data.dtype, np.integer)  # not where near-copies share one weight
    data = matrix.data.astype(np.int32 if whole else np.float64)
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), data


def _as_topics(weights: Doubles, n_topics: int, n_passes: int) -> FittedTopics:
    weighed = np.zeros_like(weights)
    weigh_words(weights, weighed)
    words = weights[:, :n_topics].T
    words = np.ascontiguousarray(words / words.sum(axis=1, keepdims=True))
    return FittedTopics(words, weighed, _make_prior(n_topics), n_passes)
