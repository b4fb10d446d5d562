"""A document as linear text with the tables its format still had: what every reader of a rich format returns.

A table row is one line of the text, its cells parted by ``|`` (the layout that plain-text reports use for tables), so
that parsing needs to know no format. Cells that a span covers are not printed again; an empty cell is printed empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gknlp.records import Diagnostic, Grid, GridCell, Span

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


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell as a format gives it: where it begins in the grid, how far it reaches, and its text."""

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
        rows: dict[int, list[TableCell]] = {}
        for cell in cells:
            rows.setdefault(cell.row, []).append(cell)
        if not rows:
            return
        start = self._length
        placed = [placed for row in sorted(rows) for placed in self._add_row(rows[row])]
        n_rows = max(cell.row + cell.row_span for cell in placed)
        n_columns = max(cell.column + cell.column_span for cell in placed)
        self._grids.append(Grid(n_rows, n_columns, tuple(placed), Span(start, self._length)))

    def finish(self, *, encoding: str | None = None, notes: Sequence[Diagnostic] = ()) -> Linear:
        """The document so far."""
        return Linear("".join(self._parts), tuple(self._grids), encoding, tuple(notes))

    def _add_row(self, cells: list[TableCell]) -> list[GridCell]:
        placed = []
        for cell in sorted(cells, key=lambda cell: cell.column):
            text = " ".join(cell.text.split()).replace(_PIPE, _WIDE_PIPE)
            start = self._length
            self._append(text)
            placed.append(GridCell(cell.row, cell.column, cell.row_span, cell.column_span, Span(start, self._length)))
            self._append(" | ")
        self._append("\n")
        return placed

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
