"""Decoupling (言行脱节): what a report claims against what its tables show, both among its like."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence


def measure_z_scores(
    values: Sequence[float | None], groups: Sequence[Hashable], *, at_least: int
) -> list[float | None]:
    """Each value's distance from its group's mean in standard deviations of the group (n - 1 below the line).

    None where the value is None, where fewer than ``at_least`` values of the group are known, or where they are all
    the same. Empty input gives [].

    >>> measure_z_scores([1.0, 2.0, 3.0, None], ["a"] * 4, at_least=3)
    [-1.0, 0.0, 1.0, None]
    """
    by_group: dict[Hashable, list[float]] = {}
    for value, group in zip(values, groups, strict=True):
        if value is not None:
            by_group.setdefault(group, []).append(value)
    spread = {group: _spread(found) for group, found in by_group.items() if len(found) >= at_least}
    return [
        None
        if value is None or group not in spread or not spread[group][1]
        else (value - spread[group][0]) / spread[group][1]
        for value, group in zip(values, groups, strict=True)
    ]


def _spread(values: Sequence[float]) -> tuple[float, float]:
    mean = math.fsum(values) / len(values)
    if min(values) == max(values):
        return mean, 0.0
    return mean, math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))


def measure_decoupling(claim: float | None, granted: float | None, corrected: float | None) -> float | None:
    """Decoupling: z of what is claimed - z of what the tables show; above 0, more is said than done.

    Parameters
    ----------
    claim : z-score of the share of units that claim to handle requests.
    granted : z-score of the disclosure rate.
    corrected : z-score of the correction rate; counts against the agency. Timeliness stands in no table and is left out.

    Unit: difference of z-scores. The tables' side is the mean of what is known; None where the claim is unknown or
    both are.
    Source: symbolic compliance, Meyer and Rowan 1977; performative governance, Ding 2020, World Politics (abstract
    read); the index is ours.

    >>> measure_decoupling(1.0, -1.0, None), measure_decoupling(1.0, None, None)
    (2.0, None)
    """
    shown = [score for score in (granted, None if corrected is None else -corrected) if score is not None]
    return None if claim is None or not shown else claim - sum(shown) / len(shown)
