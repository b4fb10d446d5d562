"""A table as an .xlsx workbook: one sheet, the header frozen, texts as texts, so that no formula can ever execute."""

from __future__ import annotations

import io
import json
import math
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

import pyarrow as pa

from gknlp.errors import UsageError

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_CHARS = 32_767
CUT_MARK = "…[cut]"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_CHUNK_ROWS = 2_000
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
_SHEET_OPENS = (
    f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def encode_xlsx(table: pa.Table, *, name: str) -> tuple[bytes, int]:
    """The bytes of a workbook with one sheet called ``name``, and how many texts were cut to what a cell can hold.

    Numbers are numbers, truth values 1 or 0, lists JSON, null and NaN an empty cell. The same table gives the same bytes.

    Raises
    ------
    UsageError : more rows or columns than a sheet can hold.
    """
    if table.num_rows + 1 > MAX_ROWS or table.num_columns > MAX_COLUMNS:
        raise UsageError(
            f"{table.num_rows} rows of {table.num_columns} columns do not fit on a sheet ({MAX_ROWS - 1} rows, "
            f"{MAX_COLUMNS} columns): export to .csv or .parquet instead"
        )
    sink = io.BytesIO()
    n_cut = 0
    book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="{escape(name[:31])}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    with zipfile.ZipFile(sink, "w") as archive:
        for path, text in {**_PARTS, "xl/workbook.xml": book}.items():
            archive.writestr(_member(path), _HEAD + text)
        with archive.open(_member("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as sheet:
            sheet.write((_HEAD + _SHEET_OPENS + _row(1, table.column_names)).encode())
            for chunk, cut in _chunks(table):
                sheet.write(chunk.encode())
                n_cut += cut
            sheet.write(b"</sheetData></worksheet>")
    return sink.getvalue(), n_cut


def _member(path: str) -> zipfile.ZipInfo:
    """An archive member without clock or system."""
    member = zipfile.ZipInfo(path, _FIRST_DAY)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.create_system = 0
    return member


def _chunks(table: pa.Table) -> Iterator[tuple[str, int]]:
    """Some rows as XML at a time, with how many of their texts were cut."""
    number = 1
    for batch in table.to_batches(max_chunksize=_CHUNK_ROWS):
        rows, n_cut = [], 0
        for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            number += 1
            texts = [_cut(_plain(value)) for value in values]
            n_cut += sum(is_cut for _, is_cut in texts)
            rows.append(_row(number, [value for value, _ in texts]))
        yield "".join(rows), n_cut


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value


def _cut(value: Any) -> tuple[Any, bool]:
    """The value, a text cut to 32,767 UTF-16 units, the mark included; whether it was cut."""
    if not isinstance(value, str) or len(value) * 2 <= MAX_CHARS:
        return value, False
    encoded = value.encode("utf-16-le", "surrogatepass")
    if len(encoded) <= MAX_CHARS * 2:
        return value, False
    return encoded[: (MAX_CHARS - len(CUT_MARK)) * 2].decode("utf-16-le", "ignore") + CUT_MARK, True


def _row(number: int, values: Sequence[Any]) -> str:
    cells = (_cell(f"{_letters(place)}{number}", value) for place, value in enumerate(values))
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(place: str, value: Any) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{_xml_text(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


def _xml_text(text: str) -> str:
    """The text as Excel writes it: what XML cannot hold as _xHHHH_, and what looks like that with its own _ escaped."""
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return escape(_NOT_XML.sub(lambda match: f"_x{ord(match.group()):04X}_", text))


def _letters(place: int) -> str:
    """The name of a column: 0 is A, 25 Z, 26 AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
