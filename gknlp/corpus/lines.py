"""The lines of the ``sources`` table: one for each input, whatever became of it."""

from __future__ import annotations

import base64
from typing import Any

import pyarrow as pa

from gknlp.readers.read import display_path
from gknlp.schemas import SOURCES

Line = dict[str, Any]
"""One row of ``sources`` by column."""


def source_row(source: int, path: bytes, sha256: str | None, *, outcome: str, **more: Any) -> tuple[Any, ...]:
    """A row of the ``sources`` table; columns not given are null, ``findings`` an empty list."""
    row = {
        "source": source,
        "path": display_path(path),
        "path_b64": base64.b64encode(path).decode("ascii"),
        "sha256": sha256,
        "outcome": outcome,
        "findings": [],
        **more,
    }
    return tuple(row.get(name) for name in SOURCES.names)


def as_line(row: tuple[Any, ...]) -> Line:
    """A row by column."""
    return dict(zip(SOURCES.names, row, strict=True))


def table_of_lines(lines: list[Line]) -> pa.Table:
    """The lines as a ``sources`` table, in the order given."""
    return pa.Table.from_pylist(lines, schema=SOURCES)
