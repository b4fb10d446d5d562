"""Krippendorff's alpha from its definition, with an interval by resampling units.

alpha = 1 - D_o / D_e. With n_uv = how often unit u was given value v, m_u = the codes of u (units with fewer than two
are not pairable and left out), n = the sum of m_u and d the squared difference of two values:
D_o = sum_u sum_vw n_uv n_uw d_vw / (m_u - 1) / n, and D_e = sum_vw n_v n_w d_vw / (n (n - 1)).

Source: Krippendorff, K. (2011), Computing Krippendorff's Alpha-Reliability, University of Pennsylvania.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gknlp.errors import UsageError
from gknlp.themes.coding.distances import DISTANCES, Floats

Coded = Sequence[Sequence[Hashable | None]]
"""For each unit, what each coder said; None where one said nothing."""
_SMALL = 1e-12


@dataclass(frozen=True, slots=True)
class Alpha:
    """An alpha with its interval; None where it is not defined (nothing pairable, or only one value was ever used).

    ``n_units`` counts the pairable units; ``percent`` is the share of pairs of coders, within units, that said the same;
    ``n_undefined`` counts the resamples without an alpha, left out of the interval.
    """

    alpha: float | None
    low: float | None
    high: float | None
    percent: float | None
    n_units: int
    n_undefined: int = 0


@dataclass(frozen=True, slots=True)
class _Tally:
    """Pairable units by pattern: ``counts`` patterns x values, ``times`` units of each pattern.

    Units that were coded alike are drawn alike, so resampling units is drawing patterns by how often they come.
    """

    values: tuple[Any, ...]
    counts: Floats
    times: Floats


def krippendorff_alpha(coded: Coded, *, distance: str = "nominal") -> float | None:
    """The coefficient alone; None where it is not defined (see `Alpha`).

    Raises
    ------
    UsageError : no such distance.

    >>> krippendorff_alpha([("O05", "O05"), ("O05", "O13"), ("O13", "O13"), ("O08", None)])
    0.4444444444444444
    """
    return measure_alpha(coded, distance=distance, n_resamples=0).alpha


def measure_alpha(
    coded: Coded, *, distance: str = "nominal", n_resamples: int = 1000, seed: int = 20210930, confidence: float = 0.95
) -> Alpha:
    """Alpha, percent agreement and the interval.

    Parameters
    ----------
    coded : one row a unit, one place a coder; values must sort for ordinal, be numbers for interval and ratio, be
        frozensets for jaccard and masi. No rows give an undefined alpha.
    n_resamples : units are drawn with replacement so often, and both disagreements are worked out anew each time;
        the interval is that of percentiles. (Hayes and Krippendorff 2007 hold D_e fixed and resample pairs instead,
        which leaves out that other units would have shown other values.) 0 gives no interval.
    """
    if distance not in DISTANCES:
        raise UsageError(f"no distance is called {distance!r}; there are: {', '.join(DISTANCES)}")
    tally = _tally(coded)
    n_units = int(tally.times.sum())
    if not n_units:
        return Alpha(None, None, None, None, 0)
    (alpha,) = _alphas(tally.times[None, :], tally, distance)
    rng = np.random.Generator(np.random.PCG64(seed))
    draws = rng.multinomial(n_units, tally.times / n_units, size=n_resamples).astype(np.float64)
    found = [value for value in _alphas(draws, tally, distance) if value is not None]
    tail = (1 - confidence) / 2
    low, high = (float(value) for value in np.quantile(found, [tail, 1 - tail])) if found else (None, None)
    return Alpha(alpha, low, high, _percent(tally), n_units, n_resamples - len(found))


def _tally(coded: Coded) -> _Tally:
    pairable = [[value for value in unit if value is not None] for unit in coded]
    pairable = [unit for unit in pairable if len(unit) > 1]
    values = sorted({value for unit in pairable for value in unit}, key=_sort_key)
    places = {value: place for place, value in enumerate(values)}
    patterns = Counter(tuple(sorted(places[value] for value in unit)) for unit in pairable)
    counts = np.zeros((len(patterns), len(values)))
    for row, pattern in enumerate(sorted(patterns)):
        np.add.at(counts[row], list(pattern), 1)
    times = np.array([patterns[pattern] for pattern in sorted(patterns)], dtype=np.float64)
    return _Tally(tuple(values), counts, times)


def _sort_key(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def _alphas(draws: Floats, tally: _Tally, distance: str) -> Iterator[float | None]:
    """Alpha of each row of draws, which say how often each pattern comes; None where nothing varies."""
    totals = draws @ tally.counts
    parts = within = None
    for times, total in zip(draws, totals, strict=True):
        if (
            parts is None or within is None or distance == "ordinal"
        ):  # only ordinal depends on how often values are used
            parts = DISTANCES[distance](tally.values, total)
            within = _disagreement(tally.counts, parts)
        n = float(total.sum())
        expected = float(total @ parts @ total) / (n * (n - 1))
        yield None if expected <= _SMALL else 1.0 - float(times @ within) / n / expected


def _disagreement(counts: Floats, parts: Floats) -> Floats:
    """For each pattern, the differences of its pairs of codes, each code counted as often as it can be paired."""
    within: Floats = ((counts @ parts) * counts).sum(axis=1) / (counts.sum(axis=1) - 1)
    return within


def _percent(tally: _Tally) -> float:
    sizes = tally.counts.sum(axis=1)
    same = (tally.counts * (tally.counts - 1)).sum(axis=1) @ tally.times
    return float(same / ((sizes * (sizes - 1)) @ tally.times))
