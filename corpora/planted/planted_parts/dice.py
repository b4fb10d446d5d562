"""Seeded choice that gives the same picks on every Python: only ``Random.random`` is used, whose stream is promised."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A stream of choices named by a string seed."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed).random

    def below(self, n: int) -> int:
        """A whole number in ``[0, n)``; ``n`` >= 1."""
        return int(self._random() * n)

    def between(self, low: int, high: int) -> int:
        """A whole number in ``[low, high]``."""
        return low + int(self._random() * (high - low + 1))

    def within(self, low: float, high: float) -> float:
        """A number in ``[low, high)``."""
        return low + self._random() * (high - low)

    def chance(self, share: float) -> bool:
        """True with the probability ``share``."""
        return self._random() < share

    def pick(self, items: Sequence[T]) -> T:
        """One of ``items``, which are not empty."""
        return items[int(self._random() * len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """All ``items`` in a new order."""
        left = list(items)
        for index in range(len(left) - 1, 0, -1):
            other = self.below(index + 1)
            left[index], left[other] = left[other], left[index]
        return left
