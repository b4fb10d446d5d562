"""One worksheet as filled cells at their addresses and merged ranges: sparse, whatever addresses it claims."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gknlp.readers.ooxml import Element
from gknlp.readers.unreadable import Unreadable

_SHEET_SPACES = (
    "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}",
    "{http://purl.oclc.org/ooxml/spreadsheetml/main}",
)
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
"""The size of a sheet by the standard; an address beyond it is no address."""
_MAX_CELLS = 500_000
"""Filled cells of a workbook; a report has some 400, a year of a province's reports 60,000."""
_MAX_MERGES = 100_000


@dataclass(frozen=True, slots=True)
class RawCell:
    """A filled cell as stored, from row 0 and column 0: type, style and content before any meaning is given to them."""

    row: int
    column: int
    kind: str
    style: int
    content: str


@dataclass(frozen=True, slots=True)
class RawSheet:
    """The filled cells in the order of their addresses, and the last row and column of each merge by its first cell."""

    cells: tuple[RawCell, ...]
    merges: dict[tuple[int, int], tuple[int, int]]


def parse_sheet(root: Element) -> RawSheet:
    """The filled cells and merges of a worksheet part.

    Raises
    ------
    Unreadable : more cells or merges than a report can have.
    """
    cells: dict[tuple[int, int], RawCell] = {}
    data = find(root, "sheetData")
    row = -1
    for line in data if data is not None else ():
        row = _row_number(line.get("r"), row + 1)
        column = -1
        for node in line:
            place = parse_address(node.get("r") or "")
            row, column = place or (row, column + 1)
            content = _content(node)
            if content and row < MAX_ROWS and column < MAX_COLUMNS:
                kind = node.get("t") or "n"
                cells[row, column] = RawCell(row, column, kind, _number(node.get("s")), content)
        if len(cells) > _MAX_CELLS:
            raise Unreadable(f"xlsx: more than {_MAX_CELLS} filled cells", "gate")
    return RawSheet(tuple(cells[place] for place in sorted(cells)), _merges(root))


def find(parent: Element, name: str) -> Element:
    """The first child of this name in either standard, None where there is none."""
    return next((found for space in _SHEET_SPACES if (found := parent.find(space + name)) is not None), None)


def local_name(node: Element) -> str:
    """The name of an element without its namespace."""
    return str(node.tag).rpartition("}")[2]


def parse_address(printed: str) -> tuple[int, int] | None:
    """Row and column, from 0, of an address; None for what is none on a sheet.

    >>> parse_address("C12"), parse_address("XFE1"), parse_address("")
    ((11, 2), None, None)
    """
    match = _ADDRESS.fullmatch(printed)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(match[2])
    return (row - 1, column - 1) if 1 <= row <= MAX_ROWS and column <= MAX_COLUMNS else None


def _content(node: Element) -> str:
    """What a cell stores: its cached value, or its own rich text without reading aids (rPh)."""
    for part in node:
        name = local_name(part)
        if name == "v":
            return part.text or ""
        if name == "is":
            return "".join(
                text.text or ""
                for text in part.iter()
                if local_name(text) == "t" and local_name(text.getparent()) != "rPh"
            )
    return ""


def _merges(root: Element) -> dict[tuple[int, int], tuple[int, int]]:
    merged = find(root, "mergeCells")
    found: dict[tuple[int, int], tuple[int, int]] = {}
    if merged is None:
        return found
    if len(merged) > _MAX_MERGES:
        raise Unreadable(f"xlsx: more than {_MAX_MERGES} merged ranges", "gate")
    for node in merged:
        first, _, last = (node.get("ref") or "").partition(":")
        start, end = parse_address(first), parse_address(last)
        if start and end and end[0] >= start[0] and end[1] >= start[1]:
            found.setdefault(start, end)
    return found


def _row_number(printed: str | None, default: int) -> int:
    number = _number(printed)
    return number - 1 if number else default


def _number(printed: str | None) -> int:
    return int(printed) if printed and printed.isascii() and printed.isdigit() and len(printed) < 9 else 0
