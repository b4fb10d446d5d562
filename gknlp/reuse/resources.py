"""What a search for copied text may use; what it finds is the same for any."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from gknlp.engine.memory import Memory

Int64s = NDArray[np.int64]
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """``workers``: threads (compiled code runs beside compiled code). ``memory``: where the large columns live.

    ``block``: characters folded and searched at once; 64 million are some 20,000 reports, and half a gigabyte of columns.
    ``part``: fingerprints sorted at once, the others waiting by their hash's prefix; 16 million are 128 MB of keys.
    """

    workers: int = 1
    memory: Memory = field(default_factory=Memory)
    block: int = 1 << 26
    part: int = 1 << 24

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Results in the order of the items, as many at a time as there are workers."""
        if self.workers == 1:
            yield from map(function, items)
            return
        with ThreadPoolExecutor(self.workers) as pool:
            yield from pool.map(function, items)

    def cut(self, bounds: Int64s) -> list[tuple[int, int]]:
        """Ranges of neighbouring items, whose sizes ``bounds`` tells, of about ``block`` together; with more workers, shorter."""
        n, total = len(bounds) - 1, int(bounds[-1] - bounds[0]) if len(bounds) else 0
        size = max(1, min(self.block, total // (2 * self.workers) + 1)) if self.workers > 1 else self.block
        ranges: list[tuple[int, int]] = []
        first = 0
        while first < n:
            last = max(first + 1, int(np.searchsorted(bounds, bounds[first] + size, side="right")) - 1)
            ranges.append((first, min(last, n)))
            first = ranges[-1][1]
        return ranges

    def n_parts(self, n_keys: int) -> int:
        """Into how many parts (a power of two) so many keys are cut by their prefix."""
        return 1 << max(0, (max(n_keys, 1) - 1).bit_length() - (self.part.bit_length() - 1))
