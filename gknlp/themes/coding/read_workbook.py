"""The first visible sheet of an .xlsx workbook as texts at addresses, with its merged ranges: what people sent back.

A workbook is hostile until read: parts larger than a coding sheet can be, entities and far cells cost nothing.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from lxml import etree

from gknlp.errors import UsageError
from gknlp.themes.coding.table import RawRow, RawTable

_SPACE = "{*}"
_MAX_PART = 256 << 20
_MAX_CELLS = 2_000_000
_MAX_COLUMNS = 256
_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    LookupError,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What zipfile and lxml raise on archives with changed bytes."""
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def decode_workbook(data: bytes, name: str) -> RawTable:
    """The rows of the first visible sheet, the header among them.

    Raises
    ------
    UsageError : no workbook, a damaged one, or one larger than a coding sheet can be.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            strings = _strings(archive)
            root = _parse(archive, _first_sheet(archive))
    except _DAMAGE as error:
        raise UsageError(f"{name}: is no readable .xlsx workbook ({error}); save it again as .xlsx or .csv") from error
    merged = frozenset(_merged_rows(root))
    rows = []
    n_cells = 0
    for number, cells in _rows(root, strings):
        n_cells += len(cells)
        if n_cells > _MAX_CELLS:
            raise UsageError(f"{name}: has more than {_MAX_CELLS} filled cells: no coding sheet")
        rows.append(RawRow(number, cells, number in merged))
    return RawTable(tuple(rows))


def _parse(archive: zipfile.ZipFile, part: str) -> Any:
    with archive.open(part) as handle:
        data = handle.read(_MAX_PART + 1)
    if len(data) > _MAX_PART:
        raise UsageError(f"{part} is larger than {_MAX_PART >> 20} MB: no coding sheet")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(data, parser)


def _first_sheet(archive: zipfile.ZipFile) -> str:
    workbook = _parse(archive, "xl/workbook.xml")
    relations = {node.get("Id"): node.get("Target") or "" for node in _parse(archive, "xl/_rels/workbook.xml.rels")}
    for sheet in workbook.iterfind(f"{_SPACE}sheets/{_SPACE}sheet"):
        if sheet.get("state") not in ("hidden", "veryHidden"):
            target = relations[sheet.get(_RELATION)]
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError("no visible sheet")


def _strings(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [_text_of(node) for node in _parse(archive, "xl/sharedStrings.xml").iterfind(f"{_SPACE}si")]


def _text_of(node: Any) -> str:
    """The text of a string item without its reading aids (rPh)."""
    parts = (part for part in node.iter(f"{_SPACE}t") if etree.QName(part.getparent()).localname != "rPh")
    return _unescape("".join(part.text or "" for part in parts))


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _rows(root: Any, strings: list[str]) -> Iterator[tuple[int, dict[int, str]]]:
    number = 0
    for row in root.iterfind(f"{_SPACE}sheetData/{_SPACE}row"):
        printed = row.get("r") or ""
        number = int(printed) if printed.isdecimal() else number + 1
        cells: dict[int, str] = {}
        column = -1
        for cell in row.iterfind(f"{_SPACE}c"):
            place = _ADDRESS.fullmatch(cell.get("r") or "")
            column = _column(place[1]) if place else column + 1
            text = _cell_text(cell, strings)
            if text and column < _MAX_COLUMNS:
                cells[column] = text
        yield number, cells


def _cell_text(cell: Any, strings: list[str]) -> str:
    kind = cell.get("t")
    if kind == "inlineStr":
        inline = cell.find(f"{_SPACE}is")
        return "" if inline is None else _text_of(inline)
    value = cell.findtext(f"{_SPACE}v") or ""
    if kind == "s":
        return strings[int(value)] if value.isdecimal() and int(value) < len(strings) else ""
    return _unescape(value) if kind == "str" else value


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def _merged_rows(root: Any) -> Iterator[int]:
    """Every row that a merged range touches, a range at most a sheet's length of used rows."""
    used = [number for number, _ in _rows(root, [])]
    for node in root.iterfind(f"{_SPACE}mergeCells/{_SPACE}mergeCell"):
        first, _, last = (node.get("ref") or "").partition(":")
        start, end = _ADDRESS.fullmatch(first), _ADDRESS.fullmatch(last or first)
        if start and end:
            yield from (number for number in used if int(start[2]) <= number <= int(end[2]))
