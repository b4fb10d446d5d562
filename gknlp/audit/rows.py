"""Rows of a corpus table by report: sorted once, cut in slices; cells are made into views when a check asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gknlp.records import Span

Key = tuple[str, str, str]
"""Table, row, column."""
Row = Mapping[str, Any]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell of the form: ``value`` None where it is blank or could not be read; ``span`` None where it was not found."""

    value: float | None
    raw: str | None = None
    span: Span | None = None
    value_yuan: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _CellColumns:
    """Table ``cells`` as lists, in order of report."""

    value: Sequence[float | None]
    raw: Sequence[str | None]
    start: Sequence[int | None]
    end: Sequence[int | None]
    value_yuan: Sequence[float | None]


class CellRows(Mapping[Key, CellView]):
    """One report's cells by key: a slice of the columns that begins at ``first``; ``places`` is shared by like reports."""

    __slots__ = ("_columns", "_first", "_places")

    def __init__(self, columns: _CellColumns, first: int, places: Mapping[Key, int]) -> None:
        self._columns, self._first, self._places = columns, first, places

    def __getitem__(self, key: Key) -> CellView:
        columns, at = self._columns, self._first + self._places[key]
        start, end = columns.start[at], columns.end[at]
        span = None if start is None or end is None else Span(start, end)
        return CellView(columns.value[at], columns.raw[at], span, columns.value_yuan[at])

    def get(self, key: Key, default: Any = None) -> Any:
        """The cell, or ``default``: without the exception that Mapping would raise and catch."""
        return self[key] if key in self._places else default

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __iter__(self) -> Iterator[Key]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@dataclass(frozen=True, slots=True, eq=False)
class ByReport(Generic[_T]):
    """Something for each report that has any."""

    groups: Mapping[str, _T]
    none: _T

    def of(self, doc_id: str) -> _T:
        """What belongs to a report; empty where nothing does."""
        return self.groups.get(doc_id, self.none)


def group_rows(table: pa.Table | None) -> ByReport[Sequence[Row]]:
    """Rows as dictionaries by report, in the order that the table has them; None counts as an empty table."""
    if table is None:
        return ByReport({}, ())
    table, slices = _slices(table)
    names = table.column_names
    columns = [column.to_pylist() for column in table.columns]
    rows = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
    return ByReport({doc_id: rows[first:last] for doc_id, first, last in slices}, ())


def group_cells(table: pa.Table | None) -> ByReport[Mapping[Key, CellView]]:
    """Cells by report; None counts as an empty table. Where a report lists a cell twice, the last one counts."""
    if table is None:
        return ByReport({}, {})
    table, slices = _slices(table)
    columns = _CellColumns(*(table[name].to_pylist() for name in ("value", "raw", "start", "end", "value_yuan")))
    names = [pc.dictionary_encode(table[name].combine_chunks()) for name in ("table", "row", "column")]
    words = [name.dictionary.to_pylist() for name in names]
    codes = np.stack([name.indices.to_numpy() for name in names], axis=1) if table.num_rows else np.zeros((0, 3))
    known: dict[bytes, Mapping[Key, int]] = {}
    groups = {}
    for doc_id, first, last in slices:
        own = codes[first:last]
        if (shape := own.tobytes()) not in known:
            keys = [(words[0][a], words[1][b], words[2][c]) for a, b, c in own.tolist()]
            known[shape] = {key: place for place, key in enumerate(keys)}
        groups[doc_id] = CellRows(columns, first, known[shape])
    return ByReport(groups, {})


def _slices(table: pa.Table) -> tuple[pa.Table, list[tuple[str, int, int]]]:
    """The table with each report's rows together, in their order, and where each report's rows begin and end."""
    encoded = pc.dictionary_encode(table["doc_id"].combine_chunks())
    codes, doc_ids = encoded.indices.to_numpy(), encoded.dictionary.to_pylist()
    if np.any(codes[1:] < codes[:-1]):
        order = np.argsort(codes, kind="stable")
        table, codes = table.take(pa.array(order)), codes[order]
    ends = np.searchsorted(codes, np.arange(len(doc_ids) + 1)).tolist()
    return table, list(zip(doc_ids, ends[:-1], ends[1:], strict=True))
