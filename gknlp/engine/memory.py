"""Where large columns of numbers live: in memory, or in files that the system pages in and out."""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

_WRITE_AT_ONCE = 1 << 24


@dataclass(frozen=True, slots=True)
class Memory:
    """Room for columns; with a ``folder`` they are mapped from files there, which have no name and vanish with them.

    A mapped column is not bound to memory: what is not in use goes to the disk. Its file has its full size before it is
    mapped, so that a full disk is an error here, not a crash later.

    >>> Memory().join([np.array([1, 2]), np.array([3])], np.int32).tolist()
    [1, 2, 3]
    """

    folder: Path | None = None

    def full(self, n: int, value: int, dtype: DTypeLike) -> NDArray[Any]:
        """A column of n times the value. OSError where the folder cannot hold it."""
        if self.folder is None:
            return np.full(n, value, dtype)
        size = _WRITE_AT_ONCE
        return self.join((np.full(min(size, n - at), value, dtype) for at in range(0, n, size)), dtype)

    def join(self, parts: Iterable[NDArray[Any]], dtype: DTypeLike) -> NDArray[Any]:
        """One column of the parts; a single part is not copied. OSError where the folder cannot hold it."""
        if self.folder is not None:
            return self._write(parts, np.dtype(dtype))
        every = list(parts)
        return every[0] if len(every) == 1 else np.concatenate([np.zeros(0, dtype), *every], dtype=dtype)

    def _write(self, parts: Iterable[NDArray[Any]], dtype: np.dtype[Any]) -> NDArray[Any]:
        with tempfile.TemporaryFile(dir=self.folder) as file:
            size = 0
            for part in parts:
                size += file.write(np.ascontiguousarray(part, dtype).data.cast("B") if len(part) else b"")
            file.flush()
            if not size:
                return np.zeros(0, dtype)
            return np.frombuffer(mmap.mmap(file.fileno(), size), dtype)
