"""One table element: its cells with their spans, or the finding that it only lays out the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from gknlp.readers.html_text import BREAK, CELL, text_of, tidy_text
from gknlp.readers.linear import TableCell

MOST_COLUMNS = 1_000
"""As in the HTML standard, for a span and here for a table."""
MOST_SLOTS = 2_000_000
"""Grid places that the spans of one page may cover; later spans count as 1. A form has 300."""
_LONG_CELL = 200
"""Characters: the form's longest label has 45."""
_SURE_NUMBERS = 10
_FEW = 3
_NUMBER = re.compile(r"[-+－＋]?\d[\d,.]{0,20}\s?(?:万元|亿元|元|件|项|条|个)?")
_PLAIN_DIGITS = 9
_HOLDERS = frozenset(("tr", "table", "tbody", "thead", "tfoot", "form", "font", "center"))
_DIGITS = re.compile(r"\s{0,9}\+?([0-9]{1,9})")


@dataclass(slots=True)
class Cell:
    """A cell as printed: its text and how far it says it reaches (a row span of 0 means: to the end)."""

    text: str
    row_span: int
    column_span: int


@dataclass(slots=True)
class Table:
    """A table's rows of cells, the text outside them (its caption), and how many cells hold nothing but a number."""

    rows: list[list[Cell]]
    caption: str
    n_numbers: int = 0


def read_table(element: Any) -> Table:
    """The rows and cells of a table that holds no other table (those inside it have been taken out before)."""
    nodes = [(node, node.tag == "tr") for node in element.iter("tr", "td", "th")]
    caption, texts = _cell_texts(element, [node for node, is_row in nodes if not is_row])
    following = iter(texts)
    rows: list[list[Cell]] = []
    row: list[Cell] | None = None
    for node, is_row in nodes:
        if is_row or row is None:
            row = []
            rows.append(row)
        if is_row:
            continue
        text = next(following)
        if row and node.getparent().tag not in _HOLDERS:
            row[-1].text += f" {text}"  # a cell opened inside another one's block: part of that
        else:
            row.append(Cell(text, _span(node.get("rowspan"), 1 << 30), _span(node.get("colspan"), 1)))
    return Table(rows, caption, sum(1 for text in texts if _is_number(text)))


def _cell_texts(element: Any, cells: list[Any]) -> tuple[str, list[str]]:
    """The text before the first cell, and each cell's: what the marks in the page's text part.

    Where the parser let a cell's tag fall, there is a mark too many: then each cell is asked for its own text.
    """
    caption, *texts = _tidy_pieces(text_of(element).split(CELL))
    if len(texts) != len(cells):
        caption, texts = "", _tidy_pieces([text_of(cell).replace(CELL, " ") for cell in cells])
    return caption, texts


def _tidy_pieces(pieces: list[str]) -> list[str]:
    """Each piece tidied and without outer blanks; most hold nothing but those, so they go first."""
    bare = CELL.join([piece.strip() for piece in CELL.join(pieces).replace(BREAK, " ").split(CELL)])
    return [piece.strip() for piece in tidy_text(bare).split(CELL)] if pieces else []


def _is_number(text: str) -> bool:
    return (text.isdecimal() and len(text) <= _PLAIN_DIGITS) or _NUMBER.fullmatch(text) is not None


def _span(value: str | None, zero: int) -> int:
    """A span as the standard reads it: digits at the start, ``zero`` for 0, 1 for what is no number."""
    if value is None:
        return 1
    digits = _DIGITS.match(value)
    return (int(digits[1]) or zero) if digits else 1


def is_layout(table: Table) -> bool:
    """Whether a table only lays out the page: it holds paragraphs, or no grid of at least two by two.

    Many numbers make a grid, whatever else stands in it. A single row is a grid if it holds three numbers.
    """
    widest = max(map(len, table.rows), default=0)
    n_numbers = table.n_numbers
    if widest > MOST_COLUMNS:
        return True
    if n_numbers >= _SURE_NUMBERS:
        return False
    if sum(1 for row in table.rows if row) < 2:
        return n_numbers < _FEW
    filled = [cell.text for row in table.rows for cell in row if cell.text]
    if widest < 2 or len(filled) < _FEW:
        return True
    return any(len(text) > _LONG_CELL or text.count("。") > 1 for text in filled)


def place_cells(table: Table, slots: int) -> tuple[list[TableCell], int]:
    """The cells at their places in the grid, as the HTML standard places them, and how many places their spans take.

    Spans end at the table's edge; those that would take more than ``slots`` places together count as 1.
    """
    n_rows = len(table.rows)
    taken_until: list[int] = []
    placed = []
    spent = 0
    for row, cells in enumerate(table.rows):
        column = 0
        for cell in cells:
            while column < len(taken_until) and taken_until[column] > row:
                column += 1
            width, height = cell.column_span, cell.row_span
            if width > 1 or height > 1:
                width, height = min(width, MOST_COLUMNS), min(height, n_rows - row)
            if width * height > slots - spent:
                width = height = 1
            spent += width * height
            if len(taken_until) < column + width:
                taken_until.extend([0] * (column + width - len(taken_until)))
            if width == 1:
                taken_until[column] = row + height
            else:
                taken_until[column : column + width] = [row + height] * width
            placed.append(TableCell(row, column, cell.text, height, width))
            column += width
    return placed, spent
