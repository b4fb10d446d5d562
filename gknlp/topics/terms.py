"""Topics over a vocabulary in, the words that tell what each is about out: by probability, FREX and lift. Knows no report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Doubles = NDArray[np.float64]
Ranking = Literal["probability", "frex", "lift"]

RANKINGS: tuple[Ranking, ...] = ("probability", "frex", "lift")
_DECIMALS = 6  # ranks are read off rounded values: the last bits of a sum put no word before another
_LEAST_COUNT = 5  # lift is listed for words that come at least so often: of a rare word it says little


def measure_exclusivity(words: Doubles) -> Doubles:
    """Topics x words: a topic's part of what all topics give the word, 0 to 1.

    >>> measure_exclusivity(np.array([[0.6, 0.4], [0.2, 0.8]])).round(3).tolist()
    [[0.75, 0.333], [0.25, 0.667]]
    """
    total = words.sum(axis=0)
    share: Doubles = np.divide(words, total, out=np.zeros_like(words), where=total > 0)
    return share


def measure_frex(words: Doubles, *, exclusivity_weight: float = 0.5) -> Doubles:
    """Topics x words: FREX, the harmonic mean of a word's rank by exclusivity and by frequency in the topic, 0 to 1.

    Ranks are shares of the vocabulary that come no higher (empirical distribution functions), within a topic.

    Source: Bischof & Airoldi 2012; Roberts, Stewart & Airoldi 2016 (weight 0.5 in lists of words, 0.7 in averages).
    """
    frequent = _rank_share(np.round(words, 12))
    exclusive = _rank_share(np.round(measure_exclusivity(words), 9))
    frex: Doubles = 1 / (exclusivity_weight / exclusive + (1 - exclusivity_weight) / frequent)
    return frex


def measure_lift(words: Doubles, n_counted: NDArray[np.int64]) -> Doubles:
    """Topics x words: a word's probability in the topic over its share of all counted words; 1 means no more than usual.

    Source: Taddy 2012 (as in stm's ``labelTopics``).
    """
    share = n_counted / max(int(n_counted.sum()), 1)
    lift: Doubles = np.divide(words, share, out=np.zeros_like(words), where=share > 0)
    return lift


def rank_words(
    values: Doubles, vocabulary: Sequence[str], n_words: int, *, allowed: NDArray[np.bool_] | None = None
) -> list[list[tuple[str, float]]]:
    """For each topic its highest words with their rounded values, equal ones in code-point order."""
    listed = []
    for row in np.round(values, _DECIMALS):
        first = np.argsort(-row, kind="stable")
        if allowed is not None:
            first = first[allowed[first]]
        listed.append([(vocabulary[column], float(row[column])) for column in first[:n_words].tolist()])
    return listed


def list_terms(
    words: Doubles, vocabulary: Sequence[str], n_counted: NDArray[np.int64], n_words: int
) -> dict[Ranking, list[list[tuple[str, float]]]]:
    """For each ranking and each topic the highest words and their values."""
    common = n_counted >= min(_LEAST_COUNT, int(n_counted.max(initial=0)))
    return {
        "probability": rank_words(words, vocabulary, n_words),
        "frex": rank_words(measure_frex(words), vocabulary, n_words),
        "lift": rank_words(measure_lift(words, n_counted), vocabulary, n_words, allowed=common),
    }


def _rank_share(values: Doubles) -> Doubles:
    ranks: Doubles = rankdata(values, method="max", axis=1) / values.shape[1]
    return ranks
