"""How everything here is timed: processor time of this process, the median of several rounds after a warm-up.

Standard library only: the peers' own interpreter reads it, too.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

WARM_UP = 2


def seconds(work: Callable[[], object], *, rounds: int = 5, clock: Callable[[], float] = time.process_time) -> float:
    """Median of a few rounds; ``clock=time.perf_counter`` where other processes do the work."""
    for _ in range(WARM_UP):
        work()
    times = []
    for _ in range(rounds):
        began = clock()
        work()
        times.append(clock() - began)
    return statistics.median(times)


def measure(work: Callable[[], object], *, budget: float = 1.5) -> float:
    """Median of as many rounds as fit a budget of seconds, 5 to 51."""
    once = seconds(work, rounds=1)
    return seconds(work, rounds=min(51, max(5, int(budget / max(once, 1e-6)))) | 1)
