"""A ruled table with the text of its cells, and two of them on either side of a page break as one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gknlp.readers.linear import TableCell
from gknlp.readers.pdf_grid import Ruling
from gknlp.readers.pdf_lines import TextLine, join_texts, make_lines
from gknlp.readers.pdf_page import Glyph

_Columns = tuple[float, float]
_NEAR = 5.0
"""Points within which columns of two pages are the same: lines of one page are snapped together within 3."""
_PADDING = 12.0
"""Points that office programs leave free at a cell's two sides together (twice 5.4), rounded up."""
_FARTHEST_SHIFT = 60.0
"""Points by which a table may stand elsewhere on the next page: mirrored margins."""
_BEGINNING = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．]|第[一二三四五六七八九十]+")
"""How a row's label begins; the second half of a label does not begin so."""
_NUMBER = re.compile(r"[-+]?\d[\d,.]*")


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """One cell of a table: columns by the places of their edges; ``full``: its last line has no room for more."""

    row: int
    row_span: int
    x0: float
    x1: float
    text: str
    full: bool


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A table, or the part of it on one page. ``open_top``/``open_bottom``: no line at the break."""

    xs: tuple[float, ...]
    n_rows: int
    cells: tuple[PlacedCell, ...]
    top: float
    bottom: float
    open_top: bool
    open_bottom: bool


def fill_table(ruling: Ruling, glyphs: Sequence[Sequence[Glyph]]) -> PlacedTable:
    """The table of these lines; ``glyphs``: for each of its boxes the characters in it."""
    cells = []
    for box, inside in zip(ruling.boxes, glyphs, strict=True):
        x0, x1 = ruling.xs[box.column], ruling.xs[box.column_end]
        text, full = _cell_text(make_lines(inside), x1 - x0)
        cells.append(PlacedCell(box.row, box.row_end - box.row, x0, x1, text, full))
    n_rows = len(ruling.ys) - 1
    ends = ruling.ys[0], ruling.ys[-1]
    open_bottom = len(ruling.open_floor) * 2 > len(ruling.xs) - 1
    return PlacedTable(ruling.xs, n_rows, tuple(cells), *ends, ruling.open_top, open_bottom)


def list_cells(table: PlacedTable) -> list[TableCell]:
    """The cells with their columns as numbers."""
    column = {x: number for number, x in enumerate(table.xs)}
    return [
        TableCell(c.row, column[c.x0], c.text, c.row_span, column[c.x1] - column[c.x0])
        for c in sorted(table.cells, key=lambda c: (c.row, c.x0))
    ]


def stitch_tables(above: PlacedTable, below: PlacedTable) -> PlacedTable | None:
    """One table of its parts on two pages; None where the columns say that they are two tables.

    Header rows that are printed again are dropped. A row that the break cuts is joined: where no line closes it, or
    where one part of it goes on below in a label without a number of its own while the other part holds the numbers.
    """
    moved = _align(above, below)
    if moved is None:
        return None
    above, below = moved
    below = _drop_rows(below, _repeated_rows(above, below))
    if below.n_rows == 0:
        return above
    last = [cell for cell in above.cells if cell.row + cell.row_span == above.n_rows]
    first = {(cell.x0, cell.x1): cell for cell in below.cells if cell.row == 0}
    cut = (above.open_bottom and below.open_top) or _is_cut_row(last, first)
    shift = above.n_rows - cut
    uneven = {(cell.x0, cell.x1) for cell in last} != set(first)
    same = [cell for cell in last if _goes_on(cell, first, cut=cut, uneven=uneven)]
    merged = {id(cell): first[cell.x0, cell.x1] for cell in same}
    taken = {id(cell) for cell in merged.values()}
    cells = [_join_cells(cell, merged[id(cell)], cut=cut) if id(cell) in merged else cell for cell in above.cells]
    cells += [replace(cell, row=cell.row + shift) for cell in below.cells if id(cell) not in taken]
    ends = above.top, below.bottom
    return PlacedTable(above.xs, shift + below.n_rows, tuple(cells), *ends, above.open_top, below.open_bottom)


def _cell_text(lines: Sequence[TextLine], width: float) -> tuple[str, bool]:
    """A cell's lines as one text, and whether its last line leaves no room; two numbers stay two where there was room."""
    text = ""
    full = True
    for line in lines:
        apart = not full and text[-1:].isdigit() and line.text[:1].isdigit()
        text = f"{text} {line.text}" if apart else join_texts(text, line.text)
        step = 0.5 if line.text[-1:].isascii() else 1.0
        full = width - (line.x1 - line.x0) < step * line.size + _PADDING
    return text, full and bool(lines)


def _align(above: PlacedTable, below: PlacedTable) -> tuple[PlacedTable, PlacedTable] | None:
    """Both on the same column places; None where the outer edges differ, or most of the inner ones."""
    shift = below.xs[0] - above.xs[0]
    if abs(shift) > _FARTHEST_SHIFT or abs(below.xs[-1] - shift - above.xs[-1]) > _NEAR:
        return None
    places = {x: _nearest(x - shift, above.xs) for x in below.xs}
    shared = sum(place in above.xs for place in list(places.values())[1:-1])
    if shared * 2 < min(len(above.xs), len(below.xs)) - 2:
        return None
    xs = tuple(sorted({*above.xs, *places.values()}))
    cells = tuple(replace(cell, x0=places[cell.x0], x1=places[cell.x1]) for cell in below.cells)
    return replace(above, xs=xs), replace(below, xs=xs, cells=cells)


def _nearest(x: float, places: Sequence[float]) -> float:
    best = min(places, key=lambda place: abs(place - x))
    return best if abs(best - x) <= _NEAR else x


def _repeated_rows(above: PlacedTable, below: PlacedTable) -> int:
    """How many rows at the start of both are the same header: equal cells, no numbers, and no cell reaching out."""
    most = 0
    for n_rows in range(1, min(above.n_rows, below.n_rows) + 1):
        tops = [_head(table, n_rows) for table in (above, below)]
        if tops[0] is None or tops[0] != tops[1]:
            continue
        if any(_NUMBER.fullmatch(text) for *_, text in tops[0]):
            break
        if any(text for *_, text in tops[0]):
            most = n_rows
    return most


def _head(table: PlacedTable, n_rows: int) -> list[tuple[int, int, float, float, str]] | None:
    cells = [cell for cell in table.cells if cell.row < n_rows]
    if any(cell.row + cell.row_span > n_rows for cell in cells):
        return None
    return sorted((cell.row, cell.row_span, cell.x0, cell.x1, cell.text) for cell in cells)


def _drop_rows(table: PlacedTable, n_rows: int) -> PlacedTable:
    if n_rows == 0:
        return table
    cells = tuple(replace(cell, row=cell.row - n_rows) for cell in table.cells if cell.row >= n_rows)
    return replace(table, n_rows=table.n_rows - n_rows, cells=cells, open_top=False)


def _is_cut_row(last: Sequence[PlacedCell], first: Mapping[_Columns, PlacedCell]) -> bool:
    """Whether the last row above and the first below are one: a full label goes on, and only one of them has numbers."""
    pairs = [(cell, first[cell.x0, cell.x1]) for cell in last if (cell.x0, cell.x1) in first]
    if len(pairs) < max(2, len(first), len(last)):
        return False
    if not any(below.text for below in first.values()):
        return True
    pairs = [(a, b) for a, b in pairs if a.row_span == b.row_span == 1]
    if any(_NUMBER.fullmatch(a.text) and _NUMBER.fullmatch(b.text) for a, b in pairs):
        return False
    both = [(a, b) for a, b in pairs if a.text and b.text]
    return bool(both) and all(_reads_on(a, b) for a, b in both)


def _goes_on(cell: PlacedCell, first: Mapping[_Columns, PlacedCell], *, cut: bool, uneven: bool) -> bool:
    """Whether the cell under the break is the same one. ``uneven``: the two rows have different columns, so that a
    cell in both may span both; one that holds a number, or nothing at all, does not.
    """
    below = first.get((cell.x0, cell.x1))
    if below is None:
        return False
    if cell.row_span == below.row_span == 1:
        if cut or not uneven or not cell.text or _NUMBER.fullmatch(cell.text):
            return cut
    elif cell.text == below.text:
        return True
    return not below.text or _reads_on(cell, below)


def _reads_on(cell: PlacedCell, below: PlacedCell) -> bool:
    """Whether a cell had no room for more, and the one below does not begin anything."""
    return (cell.full or not cell.text) and not _BEGINNING.match(below.text) and not _NUMBER.fullmatch(below.text)


def _join_cells(cell: PlacedCell, below: PlacedCell, *, cut: bool) -> PlacedCell:
    text = cell.text if cell.text == below.text else join_texts(cell.text, below.text)
    return replace(cell, row_span=cell.row_span + below.row_span - cut, text=text, full=below.full)
