"""Counts by agency in, intervals out: agencies, not units, are drawn again, for units of one agency are alike.

Source: Efron & Tibshirani 1993, An introduction to the bootstrap (percentile interval); Field & Welsh 2007 for clusters.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_LOW, _HIGH = 2.5, 97.5


def draw_counts(n_clusters: int, *, n_draws: int, seed: int) -> NDArray[np.float64]:
    """Draws x clusters: how often each cluster was drawn, ``n_clusters`` with replacement a draw."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(n_clusters, np.full(n_clusters, 1 / max(n_clusters, 1)), size=n_draws).astype(np.float64)


def percentile_interval(values: Floats) -> tuple[float | None, float | None]:
    """The bounds that hold the middle 95 %; draws without a value (NaN) are left out; (None, None) if all are."""
    known = values[~np.isnan(values)]
    if not len(known):
        return None, None
    low, high = np.percentile(known, [_LOW, _HIGH])
    return float(low), float(high)
