"""The one door to numba: functions over number arrays, compiled to machine code.

Compiled code is kept in a folder of the package's own bytecode, so only the first call on a machine waits for the
compiler. numba asks only whether the file of the function itself has changed, but functions are compiled into those
that call them: so the folder is named by the hash of all modules that hold compiled code, and another source never
meets it. Compiled code runs beside other threads. Floats are never reordered (no fastmath): the same input gives the same bits everywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from numba import config as numba_config
from numba import njit

settings: Any = numba_config
"""numba reads its settings at run time; it declares none."""

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function, compiled when it is first called with arguments of these types.

    Where the package's folder cannot be written to, numba keeps its code wherever it otherwise would.
    """
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(_cache_folder(before))
    try:
        return cast("Callable[P, R]", njit(cache=True, nogil=True)(function))
    finally:
        settings.CACHE_DIR = before


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """A small function that compiled ones call in their innermost loops."""
    return cast("Callable[P, R]", njit(inline="always")(function))


@cache
def _cache_folder(chosen: str) -> Path:
    """Below the folder that NUMBA_CACHE_DIR chooses, else below the package's bytecode: one folder for each state of the source."""
    package = Path(__file__).parents[1]
    return Path(chosen or package / "__pycache__") / f"compiled-{hash_sources(package)}"


def hash_sources(package: Path) -> str:
    """BLAKE2b-64 over the modules of the rooms that hold compiled functions, by name."""
    digest = hashlib.blake2b(digest_size=8)
    for room in ("features", "reuse"):
        for module in sorted((package / room).rglob("*.py")):
            digest.update(module.relative_to(package).as_posix().encode() + b"\0" + module.read_bytes() + b"\0")
    return digest.hexdigest()
