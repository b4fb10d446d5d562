"""Counted words in, a start for a topic model out: words that stand for one topic each (锚词). Knows no report.

Variational Bayes from a random start merges topics and never parts them again: on 20 planted topics scikit-learn's
batch LDA recovers 13 to 16, and the same updates from here 20 (``python -m tests.bench.topics`` has the figures).

Source: anchor words of Arora, Ge, Halpern, Mimno, Moitra, Sontag, Wu & Zhu 2013 (found by Gram-Schmidt on the rows of
the co-occurrence table); as a start for variational inference, Roberts, Stewart & Tingley 2016.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

Doubles = NDArray[np.float64]

# Of the words that may be anchors, drawn anew for each seed: starts must differ, or fits would agree because they began
# alike (five topics on two planted themes came back with 0.98) and stability would say nothing.
_SHARE = 0.5
_DOCUMENT_SHARE = 0.9  # drawn anew, too; of 900 overlapping documents, half lose 3 of 20 topics, nine tenths 1
_MOST_DOCUMENTS = 20_000  # enough for co-occurrence; keeps memory bounded
_N_SIGNS = 128  # co-occurrence is seen through this many random signs (Johnson-Lindenstrauss); 32 lost topics
_FEWEST_DOCUMENTS = 3
_OWN = 0.9  # weight of the anchor's company in the start; the rest is all words, so that none is shut out


def start_topics(matrix: Any, *, n_topics: int, rng: np.random.Generator) -> Doubles:
    """Topics x words: distributions to start from, each the company of one anchor word.

    Parameters
    ----------
    matrix : documents x words, sparse rows; more words than topics.
    rng : where the documents that are looked at come from.
    """
    sample = _draw_documents(matrix, n_topics, rng)
    pairs = _weigh_pairs(sample)
    anchors = _find_anchors(sample, pairs, n_topics, rng)
    company = np.asarray((pairs[:, anchors].T @ sample).toarray(), dtype=np.float64)
    company /= np.maximum(company.sum(axis=1, keepdims=True), 1e-300)
    overall = matrix.sum(axis=0) / matrix.sum()
    start: Doubles = _OWN * company + (1 - _OWN) * overall
    return start


def _draw_documents(matrix: Any, n_topics: int, rng: np.random.Generator) -> Any:
    """Some documents of at least two words, counts as floats; all documents where that would leave too few."""
    long = np.flatnonzero(matrix.sum(axis=1) >= 2)
    if not len(long):
        long = np.arange(matrix.shape[0])
    n_drawn = min(max(int(len(long) * _DOCUMENT_SHARE), min(len(long), 4 * n_topics)), _MOST_DOCUMENTS)
    return sparse.csr_array(matrix[np.sort(rng.permutation(long)[:n_drawn])]).astype(np.float64)


def _weigh_pairs(sample: Any) -> Any:
    """The counts, each document's divided by its number of ordered pairs of words, so that long ones do not lead."""
    lengths = sample.sum(axis=1)
    weights = 1 / np.maximum(lengths * (lengths - 1), 1)
    return sparse.csr_array(sparse.diags_array(weights) @ sample)


def _find_anchors(sample: Any, pairs: Any, n_topics: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Columns of the words whose company is farthest from what the anchors before them span."""
    signs = rng.integers(0, 2, (sample.shape[1], _N_SIGNS)) * 2.0 - 1.0
    seen = np.asarray(pairs.T @ (sample @ signs)) - np.asarray(pairs.sum(axis=0))[:, None] * signs
    lengths = sample.sum(axis=1)
    total = (sparse.diags_array(np.maximum(lengths - 1, 0)) @ pairs).sum(axis=0)
    rows = seen / np.maximum(total, 1e-300)[:, None]
    candidates = _choose_candidates(sample, n_topics)
    n_drawn = max(int(len(candidates) * _SHARE), min(len(candidates), n_topics + 1))
    candidates = np.sort(rng.permutation(candidates)[:n_drawn])
    rest = rows[candidates]
    chosen = [int(np.argmax((rest**2).sum(axis=1)))]
    rest = rest - rest[chosen[0]]
    with threadpool_limits(limits=1):
        for _ in range(n_topics - 1):
            lengths = (rest**2).sum(axis=1)
            lengths[chosen] = -1.0
            chosen.append(int(np.argmax(lengths)))
            axis = rest[chosen[-1]] / max(np.sqrt(max(lengths[chosen[-1]], 0.0)), 1e-300)
            rest = rest - np.outer(rest @ axis, axis)
    return candidates[chosen]


def _choose_candidates(sample: Any, n_topics: int) -> NDArray[np.int64]:
    """Words in at least half of a topic's even part of the documents; in fewer where that leaves too few words.

    A rare word's company is noise: on overlapping planted topics, perplexity is 964 with words in 1 % of the documents
    and 850 with words in 3 % (20 topics; their even part is 5 %).
    """
    n_holding = (sample > 0).sum(axis=0)
    least = max(_FEWEST_DOCUMENTS, sample.shape[0] / (2 * n_topics))
    while (n_holding >= least).sum() < 2 * n_topics and least > 1:
        least /= 2
    found = np.flatnonzero(n_holding >= least)
    return found if len(found) >= n_topics else np.argsort(-n_holding, kind="stable")[:n_topics]
