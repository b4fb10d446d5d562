"""Topics of several fits in, how far they come back out. Knows no report and fits nothing itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from threadpoolctl import threadpool_limits


def measure_stability(words: NDArray[np.float64], refits: Sequence[NDArray[np.float64]]) -> tuple[float, ...]:
    """For each topic, the mean cosine between its words and those of its partner in each refit.

    Partners are chosen one to one so that the sum of cosines is largest (Hungarian method). 1 means that the topic
    came back word for word from other random starts, about 0 that nothing like it did; no refits give 1 for each topic.

    This is a simple own measure. It takes from ldaPrototype (Rieger 2020, doi:10.21105/joss.02181) the idea of
    comparing replicated fits, and from Greene, O'Callaghan & Cunningham 2014 (arXiv:1404.4606) the matching; it is
    neither the S-CLOP of the first nor the rank agreement of the second, and it chooses no prototype.

    Parameters
    ----------
    words : topics x words, the fit that is reported.
    refits : the same from other seeds, over the same vocabulary.

    >>> fit, refit = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0.0, 1.0], [0.6, 0.8]])
    >>> [round(value, 3) for value in measure_stability(fit, [refit])]
    [0.6, 1.0]
    """
    if not refits:
        return (1.0,) * len(words)
    return tuple(float(value) for value in np.mean([_match_topics(words, refit) for refit in refits], axis=0))


def _match_topics(words: NDArray[np.float64], refit: NDArray[np.float64]) -> NDArray[np.float64]:
    """The cosine of each topic with its partner."""
    with threadpool_limits(limits=1):  # the last bits of a product depend on the number of threads
        cosines = _unit_rows(words) @ _unit_rows(refit).T
    rows, columns = linear_sum_assignment(cosines, maximize=True)
    matched: NDArray[np.float64] = cosines[rows, columns]
    return matched


def _unit_rows(words: NDArray[np.float64]) -> NDArray[np.float64]:
    unit: NDArray[np.float64] = words / np.linalg.norm(words, axis=1, keepdims=True)
    return unit
