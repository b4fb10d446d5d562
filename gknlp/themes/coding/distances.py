"""How far two codes are apart: the difference functions of Krippendorff's alpha, as matrices over the values in use.

Source: Krippendorff, K. (2011), Computing Krippendorff's Alpha-Reliability (nominal, ordinal, interval, ratio);
Passonneau, R. (2006), Measuring Agreement on Set-valued Items (MASI) for Semantic and Pragmatic Annotation, LREC.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Distance = Callable[[Sequence[Any], Floats], Floats]
"""Values in their order and how often each is used -> squared differences, values x values, zeros on the diagonal."""


def nominal(values: Sequence[Any], _counts: Floats) -> Floats:
    """1 for two different values, whatever they are."""
    return 1.0 - np.eye(len(values))


def interval(values: Sequence[Any], _counts: Floats) -> Floats:
    """The squared difference of two numbers."""
    numbers = np.asarray(values, dtype=np.float64)
    return np.square(numbers[:, None] - numbers[None, :])


def ratio(values: Sequence[Any], _counts: Floats) -> Floats:
    """The squared difference of two numbers by their sum; 0 for two zeros."""
    numbers = np.asarray(values, dtype=np.float64)
    sums = numbers[:, None] + numbers[None, :]
    return np.square((numbers[:, None] - numbers[None, :]) / np.where(sums == 0, 1.0, sums))


def ordinal(_values: Sequence[Any], counts: Floats) -> Floats:
    """The squared number of codes between two ranks, half of the codes at both ends; the values must ascend."""
    middle = np.cumsum(counts) - counts / 2
    return np.square(middle[:, None] - middle[None, :])


def jaccard(values: Sequence[Any], _counts: Floats) -> Floats:
    """1 - |A ∩ B| / |A ∪ B| of two sets; 0 for two empty ones."""
    return _of_sets(values, jaccard_distance)


def masi(values: Sequence[Any], _counts: Floats) -> Floats:
    """Passonneau's distance of two sets (see `masi_distance`)."""
    return _of_sets(values, masi_distance)


def jaccard_distance(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the union that two sets do not have in common.

    >>> jaccard_distance(frozenset({"O05", "O13"}), frozenset({"O05"}))
    0.5
    """
    return 1.0 - len(one & other) / len(one | other) if one | other else 0.0


def masi_distance(one: frozenset[str], other: frozenset[str]) -> float:
    """1 - Jaccard x monotonicity: 1 for equal sets, 2/3 where one holds the other, 1/3 where both have more, 0 for disjoint.

    >>> round(masi_distance(frozenset("ab"), frozenset("abcd")), 4)
    0.6667
    """
    if one == other:
        return 0.0
    monotonicity = 2 / 3 if one <= other or other <= one else 1 / 3
    return 1.0 - (1.0 - jaccard_distance(one, other)) * monotonicity


def _of_sets(values: Sequence[Any], distance: Callable[[frozenset[str], frozenset[str]], float]) -> Floats:
    return np.array([[distance(one, other) for other in values] for one in values]).reshape(len(values), len(values))


DISTANCES: Mapping[str, Distance] = {
    "nominal": nominal,
    "ordinal": ordinal,
    "interval": interval,
    "ratio": ratio,
    "jaccard": jaccard,
    "masi": masi,
}
