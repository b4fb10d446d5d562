"""The best increasing chain among scored stretches: what headings and row labels are both chosen by."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A stretch from ``start`` to ``end`` (exclusive) that stands for item ``rank`` of an ordered list, with its score."""

    start: int
    end: int
    rank: int
    score: float


def best_chain(links: Sequence[Link]) -> tuple[int, ...]:
    """Places in ``links`` (given by start) of the chain with the highest sum: stretches apart, ranks strictly rising.

    Of equal chains the one that ends first is taken. Time grows with the number of links times the number of ranks,
    so that a hostile text of headings alone costs no more than its length. No links give ().
    """
    best: list[tuple[float, int]] = []
    before: list[int] = []
    champion: dict[int, int] = {}
    waiting: list[tuple[int, int]] = []
    for place, link in enumerate(links):
        while waiting and waiting[0][0] <= link.start:
            _, done = heapq.heappop(waiting)
            rank = links[done].rank
            if rank not in champion or best[done][0] > best[champion[rank]][0]:
                champion[rank] = done
        lower = [champion[rank] for rank in champion if rank < link.rank]
        behind = max(lower, key=lambda done: (best[done][0], -done), default=-1)
        best.append((link.score + (best[behind][0] if behind >= 0 else 0.0), place))
        before.append(behind)
        heapq.heappush(waiting, (link.end, place))
    if not best:
        return ()
    place = max(range(len(best)), key=lambda i: (round(best[i][0], 9), -i))
    chain = []
    while place >= 0:
        chain.append(place)
        place = before[place]
    return tuple(reversed(chain))
