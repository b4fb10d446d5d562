"""Stored cells as people see them printed: what calamine makes of value, type and number format, without float noise.

calamine lays a sheet out as one dense grid: a cell at the far corner costs it 512 GB and ends the process. It is
therefore given the filled cells only, one below the other, in a workbook made here.
"""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from xml.sax.saxutils import escape

from python_calamine import CalamineError, CalamineWorkbook

from gknlp.readers.ooxml import Element
from gknlp.readers.unreadable import Unreadable
from gknlp.readers.xlsx_sheet import RawCell, find, local_name

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_STORED_KINDS = frozenset({"s", "n", "b", "d"})
"""Kinds that calamine gives a meaning to; the others hold their own text: str, inlineStr, e (#DIV/0!)."""
_PERCENT_FORMATS = (9, 10)
_EXACT_DIGITS = 15
"""Digits of a number that a spreadsheet shows at most; the sixteenth is noise of its binary form."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What a cell style shows: whether any border is drawn, whether numbers are shares (%)."""

    bordered: bool = False
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Book:
    """What cells refer to: the parts with shared strings and styles as bytes, and where days are counted from."""

    strings: bytes | None
    styles: bytes | None
    from_1904: bool = False


def parse_looks(root: Element) -> tuple[Looks, ...]:
    """The looks of each cell style (cellXfs) by its number; none where the styles part is missing (None)."""
    styles = None if root is None else find(root, "cellXfs")
    if styles is None:
        return ()
    borders = [_is_drawn(border) for border in _items(find(root, "borders"))]
    formats = {node.get("numFmtId"): "%" in (node.get("formatCode") or "") for node in _items(find(root, "numFmts"))}
    formats.update({str(known): True for known in _PERCENT_FORMATS})
    drawn = {str(number): is_drawn for number, is_drawn in enumerate(borders)}
    return tuple(
        Looks(drawn.get(style.get("borderId"), False), formats.get(style.get("numFmtId"), False)) for style in styles
    )


def print_values(cells: Sequence[RawCell], book: Book, looks: Sequence[Looks]) -> list[str]:
    """The text that each cell shows, in the given order.

    Raises
    ------
    Unreadable : calamine cannot read the styles or strings that the cells refer to.
    """
    if not cells:
        return []
    try:
        with CalamineWorkbook.from_filelike(BytesIO(_make_workbook(cells, book))) as workbook:
            rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise Unreadable("xlsx: damaged strings or styles", "read") from error
    values = [row[0] for row in rows] + [""] * (len(cells) - len(rows))
    return [_print_value(value, looks[cell.style : cell.style + 1]) for value, cell in zip(values, cells, strict=True)]


def _print_value(value: object, looks: Sequence[Looks]) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return print_number(value * 100) + "%" if looks and looks[0].percent else print_number(value)
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.strftime("%Y-%m-%d") if midnight else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value.strftime("%H:%M") if isinstance(value, datetime.time) else str(value)


def print_number(value: float) -> str:
    """A number in plain figures, at most 15 of them significant; whole numbers without a point.

    >>> print_number(8040.0), print_number(0.1 + 0.2), print_number(1e-7)
    ('8040', '0.3', '0.0000001')
    """
    return format(Decimal(format(value, f".{_EXACT_DIGITS}g")), "f")


def _make_workbook(cells: Iterable[RawCell], book: Book) -> bytes:
    """A workbook of one column that holds the cells, with the strings and styles of the original."""
    kinds = [("worksheet", "worksheets/sheet1.xml")]
    kinds += [("sharedStrings", "sharedStrings.xml")] if book.strings else []
    kinds += [("styles", "styles.xml")] if book.styles else []
    dates = f'<workbookPr date1904="{int(book.from_1904)}"/>'
    sheets = f'<sheets><sheet name="1" sheetId="1" xmlns:r="{_OFFICE}" r:id="r0"/></sheets>'
    rows = "".join(_print_row(number, cell) for number, cell in enumerate(cells, 1))
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        archive.writestr("xl/_rels/workbook.xml.rels", _relations(kinds))
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{_MAIN}">{dates}{sheets}</workbook>')
        archive.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        )
        for name, data in (("sharedStrings", book.strings), ("styles", book.styles)):
            if data:
                archive.writestr(f"xl/{name}.xml", data)
    return packed.getvalue()


def _print_row(number: int, cell: RawCell) -> str:
    kind = cell.kind if cell.kind in _STORED_KINDS else "str"
    value = f'<v xml:space="preserve">{escape(cell.content)}</v>'
    return f'<row r="{number}"><c r="A{number}" s="{cell.style}" t="{kind}">{value}</c></row>'


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{listed}</Relationships>'


def _items(parent: Element) -> Iterable[Element]:
    return () if parent is None else parent


def _is_drawn(border: Element) -> bool:
    return any(side.get("style") not in (None, "none") for side in border if local_name(side) != "diagonal")
