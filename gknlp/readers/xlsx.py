"""Spreadsheets (.xlsx): every visible sheet in order, its lines of text and its tables with their merged cells.

A row with one filled cell is a line of text, neighbouring rows with several are a table. Rows with one cell that
stand among a table's rows (第二十条第（一）项) belong to it where they are framed as it is and other text is not.
Hidden sheets are left out (their number is noted) unless all are hidden; hidden rows and columns are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gknlp.readers.gate import GateLimits
from gknlp.readers.linear import Linear, LinearBuilder, TableCell
from gknlp.readers.ooxml import Element, Package, parse_xml
from gknlp.readers.unreadable import Unreadable
from gknlp.readers.xlsx_sheet import RawSheet, find, parse_sheet
from gknlp.readers.xlsx_values import Book, Looks, parse_looks, print_values
from gknlp.records import Diagnostic

_MAIN = "xl/workbook.xml"
_RELATION_IDS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_HIDDEN = ("hidden", "veryHidden")
_MAX_SHEETS = 200
_MAX_TABLE = 200_000
"""Places of a table, filled or not; of a wider one only the filled cells are given."""
_NO_LOOKS = Looks()
Places = dict[tuple[int, int], tuple[int, int]]
"""Last row and column of a merge by its first."""


@dataclass(frozen=True, slots=True)
class _Filled:
    column: int
    text: str
    bordered: bool


_Row = tuple[int, list[_Filled]]


def read_xlsx(data: bytes) -> Linear:
    """The workbook's visible text and its tables.

    Raises
    ------
    Unreadable : encrypted, damaged, too large, or without a workbook part.
    """
    package = Package(data, "xlsx", GateLimits())
    main = package.find_main(_MAIN)
    workbook = package.read_xml(main)
    if workbook is None:
        raise Unreadable("xlsx: no workbook in it", "read")
    relations = package.relations(main)
    parts = {kind.rpartition("/")[2]: target for kind, target in relations.values()}
    styles = package.read_part(parts.get("styles", "xl/styles.xml"))
    strings = package.read_part(parts.get("sharedStrings", "xl/sharedStrings.xml"))
    properties = find(workbook, "workbookPr")
    book = Book(strings, styles, properties is not None and properties.get("date1904") in ("1", "true"))
    looks = parse_looks(parse_xml(styles, "xlsx") if styles else None)
    names, n_hidden = _sheet_parts(workbook, relations)
    builder = LinearBuilder()
    for name in names:
        root = package.read_xml(name)
        if root is not None:
            _add_sheet(parse_sheet(root), book, looks, builder)
    notes = [Diagnostic("hidden_sheets_left_out", "info", None, "0", str(n_hidden))] if n_hidden else []
    return builder.finish(notes=notes)


def _sheet_parts(workbook: Element, relations: dict[str, tuple[str, str]]) -> tuple[list[str], int]:
    """The parts of the sheets to read in the workbook's order, and how many hidden ones are left out."""
    sheets = find(workbook, "sheets")
    found: list[tuple[str, bool]] = []
    for sheet in sheets if sheets is not None else ():
        relation = next((sheet.get(name) for name in _RELATION_IDS if sheet.get(name)), "")
        kind, target = relations.get(relation, ("", ""))
        if kind.endswith("/worksheet"):
            found.append((target, sheet.get("state") in _HIDDEN))
    if len(found) > _MAX_SHEETS:
        raise Unreadable(f"xlsx: more than {_MAX_SHEETS} sheets", "gate")
    visible = [target for target, hidden in found if not hidden]
    return (visible, len(found) - len(visible)) if visible else ([target for target, _ in found], 0)


def _add_sheet(sheet: RawSheet, book: Book, looks: Sequence[Looks], builder: LinearBuilder) -> None:
    rows: dict[int, list[_Filled]] = {}
    for cell, text in zip(sheet.cells, print_values(sheet.cells, book, looks), strict=True):
        if text.strip():
            bordered = looks[cell.style].bordered if cell.style < len(looks) else _NO_LOOKS.bordered
            rows.setdefault(cell.row, []).append(_Filled(cell.column, text, bordered))
    for block in _split_blocks(list(rows.items()), sheet.merges):
        if any(len(cells) > 1 for _, cells in block):
            builder.add_table(_place_cells(block, sheet.merges))
        else:
            for _, cells in block:
                builder.add_line(cells[0].text)


def _split_blocks(rows: list[_Row], merges: Places) -> Iterator[list[_Row]]:
    """Neighbouring rows that make one table, or one line; a merge that reaches down holds rows together."""
    single = [cells[0].bordered for _, cells in rows if len(cells) == 1]
    frames_tell = not all(single)
    block: list[_Row] = []
    reach = last = -2
    for number, cells in rows:
        held = bool(block) and number <= reach
        belongs = len(cells) > 1 or held or (frames_tell and cells[0].bordered)
        if block and not (belongs and (held or number == last + 1)):
            yield block
            block, reach = [], -2
        if belongs:
            block.append((number, cells))
            reach = max([reach, *(merges.get((number, cell.column), (-2, 0))[0] for cell in cells)])
        else:
            yield [(number, cells)]
        last = number
    if block:
        yield block


def _place_cells(block: list[_Row], merges: Places) -> list[TableCell]:
    """A table's cells from row 0 and column 0: filled ones, and blank ones that no merge covers."""
    filled = {(row, cell.column): cell.text for row, cells in block for cell in cells}
    top, bottom = block[0][0], block[-1][0]
    left = min(column for _, column in filled)
    right = max(max(column, merges.get((row, column), (0, 0))[1]) for row, column in filled)
    small = (bottom - top + 1) * (right - left + 1) <= _MAX_TABLE
    numbers = [row for row, _ in block]
    every = ((row, column) for row in numbers for column in range(left, right + 1)) if small else iter(sorted(filled))
    covered: set[tuple[int, int]] = set()
    placed = []
    for row, column in every:
        if (row, column) in covered and (row, column) not in filled:
            continue
        end = merges.get((row, column), (row, column)) if small else (row, column)
        end = min(end[0], bottom), min(end[1], right)
        if end != (row, column):
            _cover(covered, (row, column), end)
        text = filled.get((row, column), "")
        placed.append(TableCell(row - top, column - left, text, end[0] - row + 1, end[1] - column + 1))
    return placed


def _cover(covered: set[tuple[int, int]], start: tuple[int, int], end: tuple[int, int]) -> None:
    """Marks the places of a merge until the first that another one has (merges do not overlap in a sound sheet)."""
    for row in range(start[0], end[0] + 1):
        for column in range(start[1], end[1] + 1):
            if (row, column) in covered and (row, column) != start:
                return
            covered.add((row, column))
