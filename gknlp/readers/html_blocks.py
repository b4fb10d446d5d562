"""A page's tables taken out of its tree, and an element of it as paragraphs and tables in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from gknlp.readers.html_grid import MOST_SLOTS, Table, is_layout, place_cells, read_table
from gknlp.readers.html_text import ARTICLE, BREAK, CELL, TABLE, text_of, tidy_text
from gknlp.readers.linear import TableCell

Item = str | list[TableCell]
_PLACE = re.compile(f"{TABLE}([0-9]+){TABLE}")
_NUMBERED = re.compile(r"[(（]?(?:[0-9０-９]|[一二三四五六七八九十]{1,3}[、.．)）]|第[一二三四五六七八九十]|[①-⑳])")
_INPUTS = frozenset((None, "", "text", "number"))
_MOST_INPUTS = 5_000
_SMALL = 50
"""Characters of a table that may stand in a cell of a grid without making that a layout, too."""
_FIRST_TEXTS = 20
_LONGEST_NUMBER = 6


def take_tables(root: Any) -> list[Table]:
    """The page's grids; in the tree a mark with the grid's number takes the place of each.

    Tables are visited from the inside out. One that only lays out the page stays in the tree, and so does every table
    around it; hence no text is read twice but that of small ones.
    """
    _print_inputs(root)
    found: list[Table] = []
    around: set[Any] = set()
    for element in reversed(list(root.iter("table"))):
        if element in around:
            _note_around(element, around)
            continue
        table = read_table(element)
        if is_layout(table):
            if sum(len(cell.text) for row in table.rows for cell in row) > _SMALL:
                _note_around(element, around)
            else:
                _replace(element, text_of(element).replace(CELL, BREAK))
            continue
        _replace(element, f"{BREAK}{TABLE}{len(found)}{TABLE}{BREAK}")
        found.append(table)
    return found


def _note_around(element: Any, around: set[Any]) -> None:
    outer = next(element.iterancestors("table"), None)
    if outer is not None:
        around.add(outer)


def _replace(element: Any, text: str) -> None:
    element.clear(keep_tail=True)
    element.text = text


def _print_inputs(root: Any) -> None:
    """What fields of a form in a table's cells hold is what a reader sees there."""
    for node in islice(root.iter("input"), _MOST_INPUTS):
        value = node.get("value")
        if value and node.get("type") in _INPUTS and next(node.iterancestors("td", "th"), None) is not None:
            node.tail = value + (node.tail or "")


def number_lists(root: Any) -> None:
    """Print the numbers of ordered lists (ol), which stand in no text, unless the items bring their own."""
    for node in root.iter("ol"):
        number = _first_number(node)
        for item in node.iterchildren("li") if number is not None else ():
            first = next(
                (text.strip() for text in islice(item.itertext(), _FIRST_TEXTS) if text.strip(BREAK).strip()), ""
            )
            if not _NUMBERED.match(first):
                item.text = f"{number}. {item.text or ''}"
            number = (number or 0) + 1


def _first_number(node: Any) -> int | None:
    """Where an ordered list begins to count; None where it shows no numbers."""
    if "none" in (node.get("style") or "") or node.get("type") not in (None, "1"):
        return None
    start = node.get("start") or "1"
    return int(start) if start.isascii() and start.isdigit() and len(start) < _LONGEST_NUMBER else None


def read_items(root: Any, article: Any, tables: Sequence[Table]) -> tuple[list[Item], list[Item]]:
    """The article's lines of text and tables in reading order, and those around it.

    A table inside a grid's cell follows that grid.
    """
    article.text = f"{ARTICLE}{article.text or ''}"
    article.append(article.makeelement("span"))
    article[-1].text = ARTICLE
    text = tidy_text(text_of(root)).replace(CELL, BREAK)
    before, inside, after = text.split(ARTICLE)
    return _items(inside, tables), _items(f"{before}{BREAK}{after}", tables)


def _items(text: str, tables: Sequence[Table]) -> list[Item]:
    items: list[Item] = []
    slots = MOST_SLOTS
    for piece in text.split(BREAK):
        line = piece.strip()
        if not line:
            continue
        place = _PLACE.fullmatch(line) if line[0] == TABLE else None
        if place is None:
            items.append(line)
            continue
        for table in _with_inner(int(place[1]), tables):
            if table.caption:
                items.append(table.caption)
            cells, spent = place_cells(table, slots)
            slots -= spent
            items.append(cells)
    return items


def _with_inner(number: int, tables: Sequence[Table]) -> Iterator[Table]:
    """A grid, then the grids that stood in its cells, whose marks leave its text."""
    waiting = [number]
    while waiting:
        table = tables[waiting.pop()]
        inner: list[int] = []
        for cell in (cell for row in table.rows for cell in row):
            if TABLE in cell.text:
                inner += [int(match[1]) for match in _PLACE.finditer(cell.text)]
                cell.text = " ".join(_PLACE.sub(" ", cell.text).split())
        yield table
        waiting.extend(reversed(inner))


def table_weight(text: str, tables: Sequence[Table]) -> int:
    """How many numbers stand in the tables that were taken out of a text node."""
    return sum(tables[int(match[1])].n_numbers for match in _PLACE.finditer(text)) if TABLE in text else 0
