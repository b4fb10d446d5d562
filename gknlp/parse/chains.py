"""The best increasing chain among scored stretches: what headings and row labels are both chosen by."""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A stretch from ``start`` to ``end`` (exclusive) that stands for item ``rank`` of an ordered list, with its score."""

    start: int
    end: int
    rank: int
    score: float


class _Stairs:
    """The best chains so far by the rank they end with: only those that no chain of a lower or the same rank beats."""

    def __init__(self) -> None:
        self._ranks: list[int] = []
        self._keys: list[tuple[float, int]] = []
        self._champions: dict[int, float] = {}

    def add(self, rank: int, score: float, place: int) -> None:
        """A chain that ends at ``place``; of two with one rank and sum the first added stays."""
        if score <= self._champions.get(rank, -math.inf):
            return
        self._champions[rank] = score
        key, step = (score, -place), bisect_left(self._ranks, rank)
        if step and self._keys[step - 1] > key:
            return
        beaten = step
        while beaten < len(self._keys) and self._keys[beaten] < key:
            beaten += 1
        self._ranks[step:beaten], self._keys[step:beaten] = [rank], [key]

    def best_below(self, rank: int) -> tuple[float, int]:
        """Sum and place of the best chain that ends below ``rank``, of equal ones the first; (0.0, -1) for none."""
        step = bisect_left(self._ranks, rank)
        if not step:
            return 0.0, -1
        score, place = self._keys[step - 1]
        return score, -place


def best_chain(links: Sequence[Link]) -> tuple[int, ...]:
    """Places in ``links`` (given by start) of the chain with the highest sum: stretches apart, ranks strictly rising.

    Of equal chains the one that ends first is taken. Time grows with the number of links times its logarithm,
    so that a hostile text of headings alone costs no more than its length. No links give ().
    """
    best: list[float] = []
    before: list[int] = []
    stairs = _Stairs()
    waiting: list[tuple[int, int]] = []
    for place, link in enumerate(links):
        while waiting and waiting[0][0] <= link.start:
            _, done = heapq.heappop(waiting)
            stairs.add(links[done].rank, best[done], done)
        sum_behind, behind = stairs.best_below(link.rank)
        best.append(link.score + sum_behind)
        before.append(behind)
        heapq.heappush(waiting, (link.end, place))
    if not best:
        return ()
    place = max(range(len(best)), key=lambda i: (round(best[i], 9), -i))
    chain = []
    while place >= 0:
        chain.append(place)
        place = before[place]
    return tuple(reversed(chain))
