"""A document as linear text with the tables its format still had: what every reader of a rich format returns.

A table row is one line of the text, its cells parted by ``|`` (the layout that plain-text reports use for tables), so
that parsing needs to know no format. Cells that a span covers are not printed again; an empty cell is printed empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import NamedTuple

from gknlp.records import Diagnostic, Grid, GridCell, Span

_by_place = itemgetter(0, 1)
_PIPE, _WIDE_PIPE = "|", "\uff5c"


@dataclass(frozen=True, slots=True)
class Linear:
    """Linear text, the grids in it, and how it was decoded (None for formats that say so themselves).

    ``hints``: what the document's own metadata says about it, see RawDocument.
    """

    text: str
    grids: tuple[Grid, ...] = ()
    encoding: str | None = None
    notes: tuple[Diagnostic, ...] = ()
    hints: Mapping[str, str] | None = None


class TableCell(NamedTuple):
    """One cell as a format gives it: where it begins in the grid, how far it reaches, and its text.

    A tuple, as documents have hundreds and a frozen dataclass takes four times as long to make.
    """

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1


@dataclass(slots=True)
class LinearBuilder:
    """Collects paragraphs and tables in reading order."""

    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _grids: list[Grid] = field(default_factory=list)

    def add_line(self, text: str) -> None:
        """A paragraph: its inner line breaks are kept, its outer white space is not; a blank one adds nothing."""
        kept = text.strip()
        if kept:
            self._append(kept + "\n")

    def add_table(self, cells: Iterable[TableCell]) -> None:
        """A table: one line a row, each cell followed by a pipe; white space inside a cell becomes one space."""
        start, end = self._length, self._length
        parts, placed = self._parts, list[GridCell]()
        n_rows = n_columns = 0
        last = None
        for row, column, printed, row_span, column_span in sorted(cells, key=_by_place):
            if row != last:
                if last is not None:
                    parts.append("\n")
                    end += 1
                last = row
            text = " ".join(printed.split()).replace(_PIPE, _WIDE_PIPE)
            parts.append(text)
            parts.append(" | ")
            span = Span(end, end + len(text))
            end = span.end + 3
            placed.append(GridCell(row, column, row_span, column_span, span))
            n_rows, n_columns = max(n_rows, row + row_span), max(n_columns, column + column_span)
        if last is None:
            return
        parts.append("\n")
        self._length = end + 1
        self._grids.append(Grid(n_rows, n_columns, tuple(placed), Span(start, self._length)))

    def finish(self, *, encoding: str | None = None, notes: Sequence[Diagnostic] = ()) -> Linear:
        """The document so far."""
        return Linear("".join(self._parts), tuple(self._grids), encoding, tuple(notes))

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def open_end(linear: Linear) -> Linear:
    """The document without what closes its last line or cell: for a source that ends inside of one.

    A text that ends without a line break or a pipe tells the parser that its last number may lack digits.
    """
    text = linear.text.removesuffix("\n").removesuffix(" | ")
    grids = [replace(grid, span=Span(grid.span.start, min(grid.span.end, len(text)))) for grid in linear.grids]
    return replace(linear, text=text, grids=tuple(grids))
