"""A fitted model and counted words in, the measures by which numbers of topics are compared out. Knows no report, fits nothing.

None chooses alone. Coherence says whether a topic's words stand together in units; it grows where topics repeat each
other or the boilerplate, and is highest for very few or very many topics; it says nothing on whether the text is covered
(perplexity), whether topics differ (exclusivity, diversity) or come back (stability).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gknlp.topics.lda import FittedTopics
from gknlp.topics.terms import measure_exclusivity, measure_frex

Doubles = NDArray[np.float64]

N_WORDS = 10
"""Words of a topic that are judged: Roeder's and Mimno's usual number."""
_FREX_WEIGHT = 0.7  # stm's for averages over topics
_EPSILON = 1e-12  # gensim's, so that a pair that never meets has a finite NPMI
_BLOCK = 8192


def split_completion(matrix: Any) -> tuple[Any, Any]:
    """Each document's words in two halves: every second token, in the vocabulary's order, goes to the second.

    Shapes are kept; of a word counted four times, two go to each half. No random numbers.
    """
    data = matrix.data
    before = np.concatenate([[0], np.cumsum(data)])
    begin = np.repeat(before[matrix.indptr[:-1]], np.diff(matrix.indptr))
    first, last = before[:-1] - begin, before[1:] - begin
    even = (last + 1) // 2 - (first + 1) // 2
    return _with_data(matrix, even), _with_data(matrix, data - even)


def measure_perplexity(fitted: FittedTopics, held_out: Any) -> float | None:
    """Held-out perplexity by document completion; None where no held-out document has two words.

    Shares are inferred from one half of each document and asked how probable the other half is:
    exp(-mean log sum over topics of share x probability). Lower is better; the size of the vocabulary is a model that
    knows nothing.

    Source: Wallach, Murray, Salakhutdinov & Mimno 2009; Asuncion, Welling, Smyth & Teh 2009.
    """
    read, asked = split_completion(held_out)
    n_asked = int(asked.data.sum())
    if not n_asked:
        return None
    shares = fitted.infer(read)
    shares /= shares.sum(axis=1, keepdims=True)
    rows = np.repeat(np.arange(asked.shape[0]), np.diff(asked.indptr))
    by_word = np.ascontiguousarray(fitted.words.T)
    total = 0.0
    for begin in range(0, len(rows), _BLOCK):
        part = slice(begin, begin + _BLOCK)
        probability = (shares[rows[part]] * by_word[asked.indices[part]]).sum(axis=1)
        total += float((asked.data[part] * np.log(np.maximum(probability, 1e-300))).sum())
    return float(np.exp(-total / n_asked))


def measure_coherence(top: Sequence[Sequence[int]], contexts: Any) -> tuple[list[float | None], list[float | None]]:
    """For each topic, NPMI and C_v of its top words (columns of ``contexts``); None for fewer than two words.

    NPMI is ``quality.measure_npmi``. C_v: each word's NPMI with all top words is a vector; mean cosine of these vectors with
    their sum. Contexts are units: like windows of 110 words, which is what C_v is defined on, as long as units are shorter.

    Source: Bouma 2009; Roeder, Both & Hinneburg 2015 (C_v; formulas as in gensim).
    """
    columns = sorted({column for words in top for column in words})
    place_of = {column: place for place, column in enumerate(columns)}
    present = (contexts[:, columns] > 0).astype(np.int64)
    both = np.asarray((present.T @ present).toarray(), dtype=np.float64) / max(contexts.shape[0], 1)
    found = [_cohere(both, [place_of[column] for column in words]) for words in top]
    return [npmi for npmi, _ in found], [c_v for _, c_v in found]


def _cohere(both: Doubles, places: Sequence[int]) -> tuple[float | None, float | None]:
    if len(places) < 2:
        return None, None
    joint = both[np.ix_(places, places)]
    alone = np.diag(joint)
    chance = np.maximum(np.outer(alone, alone), _EPSILON)
    with np.errstate(divide="ignore", invalid="ignore"):
        npmi = np.where(joint == 0, -1.0, np.where(joint == 1, 0.0, np.log(joint / chance) / -np.log(joint)))
    smooth = np.log((joint + _EPSILON) / chance) / -np.log(np.minimum(joint + _EPSILON, 1 - _EPSILON))
    total = smooth.sum(axis=0)
    lengths = np.sqrt((smooth**2).sum(axis=1)) * np.sqrt((total**2).sum())
    cosines = np.divide((smooth * total).sum(axis=1), lengths, out=np.zeros(len(places)), where=lengths > 0)
    return float(npmi[np.triu_indices(len(places), k=1)].mean()), float(cosines.mean())


def top_columns(words: Doubles, n_words: int = N_WORDS) -> list[list[int]]:
    """For each topic the columns of its most probable words, equal ones (to 9 decimals) in the vocabulary's order."""
    order = np.argsort(-np.round(words, 9), axis=1, kind="stable")[:, :n_words]
    found: list[list[int]] = order.tolist()
    return found


def average_exclusivity(words: Doubles, top: Sequence[Sequence[int]]) -> list[float]:
    """For each topic, the mean exclusivity of its top words, 1 / topics to 1."""
    exclusivity = measure_exclusivity(words)
    return [float(exclusivity[topic, columns].mean()) for topic, columns in enumerate(top)]


def average_frex(words: Doubles, top: Sequence[Sequence[int]]) -> list[float]:
    """For each topic, the mean FREX of its top words (stm's ``exclusivity``, there a sum), 0 to 1."""
    frex = measure_frex(words, exclusivity_weight=_FREX_WEIGHT)
    return [float(frex[topic, columns].mean()) for topic, columns in enumerate(top)]


def _with_data(matrix: Any, data: Any) -> Any:
    return type(matrix)((data, matrix.indices, matrix.indptr), shape=matrix.shape)
