"""Sheets of texts as an .xlsx workbook: frozen header, locked and open columns, drop-downs; no cell is ever a formula.

Every text is written as an inline string, which no spreadsheet executes. The same sheets give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from gknlp.errors import UsageError

MAX_CHARS = 32_767
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_HEADER, _LOCKED, _OPEN = 1, 2, 3
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="4"><fill><patternFill patternType="none"/>'
    '</fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid">'
    '<fgColor rgb="FFE7E6E6"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFF8DC"/>'
    '</patternFill></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0"/>'
    '<xf numFmtId="49" fontId="1" fillId="2" applyFont="1" applyFill="1" applyNumberFormat="1"/>'
    '<xf numFmtId="49" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="49" fillId="3" applyFill="1" applyNumberFormat="1" applyAlignment="1" applyProtection="1">'
    '<alignment vertical="top" wrapText="1"/><protection locked="0"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, its width in characters, whether people may write in it, whether it is shown."""

    name: str
    width: int = 12
    is_open: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class DropDown:
    """The cells (ranges such as I2:K5) that take nothing but the values in a range of another sheet."""

    ranges: tuple[str, ...]
    source: str
    message: str


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet of texts, rows of as many cells as there are columns. A protected one can be changed in open columns only."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]]
    drop_downs: tuple[DropDown, ...] = ()
    protected: bool = True
    hidden: bool = False


def encode_workbook(pages: Sequence[Page]) -> bytes:
    """The bytes of a workbook of these pages.

    Raises
    ------
    UsageError : a text is longer than a cell can hold.
    """
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for path, text in _parts(pages):
            member = zipfile.ZipInfo(path, _FIRST_DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0
            archive.writestr(member, (_HEAD + text).encode())
    return sink.getvalue()


def column_letters(place: int) -> str:
    """The name of a column: 0 is A, 25 Z, 26 AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _parts(pages: Sequence[Page]) -> list[tuple[str, str]]:
    numbers = range(1, len(pages) + 1)
    sheets = "".join(
        f'<sheet name={quoteattr(page.name)} sheetId="{number}"{" state=" + quoteattr("hidden") if page.hidden else ""}'
        f' r:id="rId{number}"/>'
        for number, page in zip(numbers, pages, strict=True)
    )
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/>'
        for number in numbers
    )
    relations = [(f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    return [
        (
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/>{overrides}</Types>',
        ),
        ("_rels/.rels", _relations([("rId1", "officeDocument", "xl/workbook.xml")])),
        ("xl/_rels/workbook.xml.rels", _relations([*relations, ("rIdS", "styles", "styles.xml")])),
        ("xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'),
        ("xl/styles.xml", _STYLES),
        *((f"xl/worksheets/sheet{number}.xml", _sheet(page)) for number, page in zip(numbers, pages, strict=True)),
    ]


def _relations(targets: Sequence[tuple[str, str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for key, kind, target in targets
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _sheet(page: Page) -> str:
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{column.width}" customWidth="1"{" hidden=" + quoteattr("1") if column.hidden else ""}/>'
        for number, column in enumerate(page.columns, 1)
    )
    header = _row(1, [(column.name, _HEADER) for column in page.columns])
    styles = [_OPEN if column.is_open else _LOCKED for column in page.columns]
    rows = "".join(_row(number, list(zip(row, styles, strict=True))) for number, row in enumerate(page.rows, 2))
    locked = '<sheetProtection sheet="1" objects="1" scenarios="1" formatColumns="0" formatRows="0" autoFilter="0"/>'
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        f'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>{widths}</cols>'
        f"<sheetData>{header}{rows}</sheetData>{locked if page.protected else ''}{_validations(page.drop_downs)}</worksheet>"
    )


def _validations(drop_downs: Sequence[DropDown]) -> str:
    if not drop_downs:
        return ""
    listed = "".join(
        f'<dataValidation type="list" allowBlank="1" showErrorMessage="1" errorTitle="codebook" error={quoteattr(item.message)} '
        f'sqref="{" ".join(item.ranges)}"><formula1>{escape(item.source)}</formula1></dataValidation>'
        for item in drop_downs
    )
    return f'<dataValidations count="{len(drop_downs)}">{listed}</dataValidations>'


def _row(number: int, cells: Sequence[tuple[str, int]]) -> str:
    written = (_cell(f"{column_letters(place)}{number}", text, style) for place, (text, style) in enumerate(cells))
    return f'<row r="{number}">{"".join(written)}</row>'


def _cell(place: str, text: str, style: int) -> str:
    if not text:
        return f'<c r="{place}" s="{style}"/>'
    if len(text.encode("utf-16-le", "surrogatepass")) > 2 * MAX_CHARS:
        raise UsageError(
            f"the text in {place} has more than {MAX_CHARS} characters, more than a cell can hold: use .csv"
        )
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{_xml_text(text)}</t></is></c>'


def _xml_text(text: str) -> str:
    """The text as Excel writes it: what XML cannot hold as _xHHHH_, and what looks like that with its own _ escaped."""
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return escape(_NOT_XML.sub(lambda match: f"_x{ord(match.group()):04X}_", text))
