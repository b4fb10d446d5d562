"""Topics of several fits in, which topic of one is which of another out, and the fit that stands for all. Fits nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Doubles = NDArray[np.float64]

_DECIMALS = 9  # partners are chosen on rounded cosines: the last bits of a sum decide nothing


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """For each topic of one fit its partner in another, their cosine and their Jensen-Shannon divergence (bits, 0 to 1)."""

    partner: NDArray[np.int64]
    cosine: Doubles
    divergence: Doubles


def match_topics(words: Doubles, other: Doubles) -> Match:
    """Partners one to one so that the sum of cosines is largest (Hungarian method); -1, 0 and 1 where there is none.

    Parameters
    ----------
    words, other : topics x words over one vocabulary, rows sum to 1; their numbers of topics may differ.

    Source: Kuhn 1955; matching of topics as in Greene, O'Callaghan & Cunningham 2014 (arXiv:1404.4606).

    >>> fit, refit = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0.0, 1.0], [0.5, 0.5]])
    >>> match = match_topics(fit, refit)
    >>> match.partner.tolist(), match.cosine.round(3).tolist(), match.divergence.round(3).tolist()
    ([1, 0], [0.707, 1.0], [0.311, 0.0])
    """
    cosines = np.round(multiply(unit_rows(words), unit_rows(other)), _DECIMALS)
    rows, columns = linear_sum_assignment(cosines, maximize=True)
    partner = np.full(len(words), -1, dtype=np.int64)
    cosine, divergence = np.zeros(len(words)), np.ones(len(words))
    partner[rows] = columns
    cosine[rows] = cosines[rows, columns]
    divergence[rows] = [measure_divergence(words[a], other[b]) for a, b in zip(rows, columns, strict=True)]
    return Match(partner, cosine, divergence)


def find_medoid(fits: Sequence[Doubles]) -> tuple[int, Doubles]:
    """The position of the fit most like all others, and how like each fit is to the others on average (0 to 1).

    Likeness of two fits is the mean cosine of matched topics; of equal ones the first is taken; one fit alone is 1.

    Source: the idea is ldaPrototype's (Rieger, Rahnenfuehrer & Jentsch 2020; doi:10.21105/joss.02181), which keeps the
    replication with the highest mean likeness; it measures likeness by clustering all topics (S-CLOP), we by matching.
    """
    n = len(fits)
    likeness = np.eye(n)
    for a in range(n):
        for b in range(a + 1, n):
            likeness[a, b] = likeness[b, a] = float(match_topics(fits[a], fits[b]).cosine.mean())
    mean = (likeness.sum(axis=1) - 1) / (n - 1) if n > 1 else np.ones(n)
    return int(np.argmax(np.round(mean, _DECIMALS))), mean


def measure_divergence(one: Doubles, other: Doubles) -> float:
    """Jensen-Shannon divergence (bits) of two distributions: 0 where equal, 1 where they share no word. Source: Lin 1991."""
    middle = (one + other) / 2
    return max(0.0, (_kullback(one, middle) + _kullback(other, middle)) / 2)


def _kullback(one: Doubles, other: Doubles) -> float:
    there = one > 0
    return float((one[there] * np.log2(one[there] / other[there])).sum())


def unit_rows(words: Doubles) -> Doubles:
    """The rows at length 1; a row of zeros stays."""
    unit: Doubles = words / np.maximum(np.sqrt((words**2).sum(axis=1, keepdims=True)), 1e-300)
    return unit


def multiply(one: Doubles, other: Doubles) -> Doubles:
    """The product one @ other.T without BLAS, whose last bits depend on its threads."""
    product: Doubles = np.stack([(row * other).sum(axis=1) for row in one])
    return product
