"""Bags of features in, a value out: a conditional logit in which values of all bags of a unit compete.

A unit's value has the share of all bags that stand for it: exp(x W_k) summed over those bags, over the same sum for all
values. Which bag of a value is meant is learned without being told (a mixture of choices); so the bag that speaks loudest
shows the words that decide.

Source: McFadden 1974, Conditional logit analysis of qualitative choice behavior; the weights of a value are a common
part and its own, both held small by a ridge, after Evgeniou & Pontil 2004, Regularized multi-task learning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gknlp.errors import UsageError
from gknlp.rhetoric.learned.bags import Bag, weigh_grams

Float32s = NDArray[np.float32]
LOWEST = -1e30
"""A score that gives no share."""


@dataclass(frozen=True, eq=False)
class Choice:
    """A learned choice: ``names`` of features in ascending order, ``weights`` features x values (float32)."""

    values: tuple[str, ...]
    names: tuple[str, ...]
    weights: Float32s

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each feature."""
        return {name: row for row, name in enumerate(self.names)}

    def choose(self, bags: Sequence[Bag]) -> tuple[str, tuple[int, int] | None]:
        """The likeliest value and the span of the bag that speaks loudest for it; of equals the first value.

        UsageError for a unit without bags.
        """
        if not bags:
            raise UsageError("a unit without bags has no value to choose")
        if len(bags) == 1 and len(bags[0].values) == 1:
            return bags[0].values[0], bags[0].span
        if len(bags) == 1 and bags[0].values == self.values:
            return self.values[int(self._score(bags[0]).argmax())], bags[0].span
        totals: dict[str, list[float]] = {value: [] for value in self.values}
        loudest: dict[str, tuple[float, tuple[int, int] | None]] = {}
        for bag in bags:
            scores = self._score(bag)
            for value in bag.values:
                score = float(scores[self.values.index(value)])
                totals[value].append(score)
                if value not in loudest or score > loudest[value][0]:
                    loudest[value] = (score, bag.span)
        chosen = max(self.values, key=lambda value: _log_sum(totals[value]))
        return chosen, loudest[chosen][1]

    def _score(self, bag: Bag) -> NDArray[np.float64]:
        rows = self.rows
        plain = [row for name in bag.plain if (row := rows.get(name)) is not None]
        grams = [row for name in bag.grams if (row := rows.get(name)) is not None]
        scores: NDArray[np.float64] = self.weights[plain].sum(axis=0, dtype=np.float64)
        if grams:
            scores = scores + self.weights[grams].sum(axis=0, dtype=np.float64) * weigh_grams(len(grams))
        return scores


def _log_sum(scores: Sequence[float]) -> float:
    return float(np.logaddexp.reduce(scores)) if scores else LOWEST
