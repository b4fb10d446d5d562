"""The one door to numba: functions over number arrays, compiled to machine code.

Compiled code is kept beside the module (numba's own cache, keyed by source and machine), so only the first call on a
machine waits for the compiler. Floats are never reordered (no fastmath): the same input gives the same bits everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function, compiled when it is first called with arguments of these types."""
    return cast("Callable[P, R]", njit(cache=True)(function))


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """A small function that compiled ones call in their innermost loops."""
    return cast("Callable[P, R]", njit(inline="always")(function))
