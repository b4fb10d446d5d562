"""Seeded choice that gives the same picks on every Python: only ``Random.random`` is used, whose stream is promised."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A stream of choices named by a string seed."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def below(self, n: int) -> int:
        """A whole number in ``[0, n)``; ``n`` >= 1."""
        return int(self._random.random() * n)

    def between(self, low: int, high: int) -> int:
        """A whole number in ``[low, high]``."""
        return low + self.below(high - low + 1)

    def chance(self, share: float) -> bool:
        """True with the probability ``share``."""
        return self._random.random() < share

    def pick(self, items: Sequence[T]) -> T:
        """One of ``items``, which are not empty."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """All ``items`` in a new order."""
        left = list(items)
        for index in range(len(left) - 1, 0, -1):
            other = self.below(index + 1)
            left[index], left[other] = left[other], left[index]
        return left

    def weighted(self, weights: dict[str, float]) -> str:
        """One key, with a probability in proportion to its weight."""
        mark = self._random.random() * sum(weights.values())
        for key, weight in weights.items():
            mark -= weight
            if mark < 0:
                return key
        return list(weights)[-1]
