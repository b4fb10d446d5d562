"""Printers of Office files by hand: the official tables as grids with true merged cells, whole reports as docx and xlsx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from gknlp.forms import Form, FormTable, load_forms
from gknlp.readers.linear import TableCell
from tests.parse.documents import Key, print_report

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
GROUPS = {
    "denied": "（三）不予公开",
    "unavailable": "（四）无法提供",
    "not_processed": "（五）不予处理",
    "other": "（六）其他处理",
}
WIDTHS = {"t2": 4, "t3": 10, "t4": 15}


def form_grid(table: FormTable, values: Mapping[Key, str]) -> list[TableCell]:
    """One of the three tables as the form prints it, header cells and data cells with their spans."""
    return {"t2": _grid_2, "t3": _grid_3, "t4": _grid_4}[table.key](table, values)


def _grid_2(table, values):
    cells, row = [], 0
    for block in table.blocks:
        cells.append(TableCell(row, 0, block.label, 1, 4))
        heads = ["信息内容", *(column.label for column in block.columns)]
        lines = [heads] + [
            [line.label, *(values[table.key, line.key, column.key] for column in block.columns)] for line in block.rows
        ]
        for offset, line in enumerate(lines, 1):
            for column, text in enumerate(line):
                last = column == len(line) - 1
                cells.append(TableCell(row + offset, column, text, 1, 4 - column if last else 1))
        row += 1 + len(lines)
    return cells


def _grid_3(table, values):
    columns = table.blocks[0].columns
    cells = [TableCell(0, 0, table.note, 3, 3), TableCell(0, 3, "申请人情况", 1, 7)]
    cells += [TableCell(1, 3, "自然人", 2, 1), TableCell(1, 4, "法人或其他组织", 1, 5), TableCell(1, 9, "总计", 2, 1)]
    cells += [TableCell(2, 4 + index, column.label) for index, column in enumerate(columns[1:-1])]
    rows = table.blocks[0].rows
    inside = [row for row in rows if row.key not in ("new_requests", "carried_in", "carried_out")]
    number = 3
    seen: set[str] = set()
    for row in rows:
        if row not in inside:
            cells.append(TableCell(number, 0, row.label, 1, 3))
        else:
            if row is inside[0]:
                cells.append(TableCell(number, 0, "三、本年度办理结果", len(inside), 1))
            if row.parent in GROUPS:
                if row.parent not in seen:
                    size = sum(other.parent == row.parent for other in inside)
                    cells.append(TableCell(number, 1, GROUPS[row.parent], size, 1))
                seen.add(row.parent)
                cells.append(TableCell(number, 2, row.label))
            else:
                cells.append(TableCell(number, 1, row.label, 1, 2))
        cells += [
            TableCell(number, 3 + index, values[table.key, row.key, column.key]) for index, column in enumerate(columns)
        ]
        number += 1
    return cells


def _grid_4(table, values):
    cells = [TableCell(0, 0, "行政复议", 2, 5), TableCell(0, 5, "行政诉讼", 1, 10)]
    cells += [TableCell(1, 5, "未经复议直接起诉", 1, 5), TableCell(1, 10, "复议后起诉", 1, 5)]
    slots = list(table.slots())
    cells += [TableCell(2, index, column.label) for index, (_, _, column) in enumerate(slots)]
    cells += [TableCell(3, index, values[table.key, row.key, col.key]) for index, (_, row, col) in enumerate(slots)]
    return cells


def report_blocks(form: Form, values: Mapping[Key, str], **parts: str) -> list[str | list[TableCell]]:
    """The fictional report of ``print_report`` as lines and grids, so that both print the same report."""
    marks = {table.key: f"@@{table.key}" for table in form.tables}
    plain = print_report(form.key, "a", values, **parts)
    empty = {table.key: print_report_table(table, values) for table in form.tables}
    for key, printed in empty.items():
        assert printed in plain
        plain = plain.replace(printed, marks[key])
    blocks: list[str | list[TableCell]] = []
    for line in plain.split("\n"):
        table = next((table for table in form.tables if marks[table.key] == line), None)
        blocks.append(line if table is None else form_grid(table, values))
    return blocks


def print_report_table(table, values):
    from tests.parse.documents import print_table

    return print_table(table, values, "a")


def zipped(parts: Mapping[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", packing) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return packed.getvalue()


def relations(*targets: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="r{index}" Type="{R}/{kind}" Target="{target}"/>'
        for index, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{RELS}">{listed}</Relationships>'


# Word ---------------------------------------------------------------------------------------------------------------


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def para(content: str, properties: str = "") -> str:
    """A paragraph of runs (markup) or of plain text, which is split into two runs as Word likes to do."""
    if not content.startswith("<"):
        middle = len(content) // 2
        content = run(content[:middle]) + run(content[middle:]) if middle else run(content)
    return f"<w:p>{properties and f'<w:pPr>{properties}</w:pPr>'}{content}</w:p>"


def numbered(content: str, list_id: int, level: int = 0) -> str:
    return para(content, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def tc(content: str, properties: str = "") -> str:
    inner = content if content.startswith("<w:") else para(content) if content else "<w:p/>"
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def tbl(*rows: Iterable[str]) -> str:
    return "<w:tbl><w:tblPr/>" + "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows) + "</w:tbl>"


def word_table(cells: list[TableCell]) -> str:
    """A grid as Word stores it: gridSpan across, vMerge restart and continue down."""
    n_rows = max(cell.row + cell.row_span for cell in cells)
    rows: list[list[tuple[int, str]]] = [[] for _ in range(n_rows)]
    for cell in cells:
        span = f'<w:tcW w:w="{800 * cell.column_span}" w:type="dxa"/>'
        span += f'<w:gridSpan w:val="{cell.column_span}"/>' if cell.column_span > 1 else ""
        first = '<w:vMerge w:val="restart"/>' if cell.row_span > 1 else ""
        rows[cell.row].append((cell.column, tc(cell.text, span + first)))
        for below in range(1, cell.row_span):
            rows[cell.row + below].append((cell.column, tc("", span + "<w:vMerge/>")))
    n_columns = max(cell.column + cell.column_span for cell in cells)
    grid = "<w:tblGrid>" + '<w:gridCol w:w="800"/>' * n_columns + "</w:tblGrid>"
    return tbl(*([text for _, text in sorted(row)] for row in rows)).replace("<w:tblPr/>", "<w:tblPr/>" + grid)


def docx(body: str, *, space: str = W, **parts: str | bytes) -> bytes:
    """A .docx with this body; further parts by name (``numbering``, ``styles``, ``header1``, ``footnotes``)."""
    namespaces = (
        f'xmlns:w="{space}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": relations(("officeDocument", "word/document.xml")),
        "word/document.xml": f"<w:document {namespaces}><w:body>{body}<w:sectPr/></w:body></w:document>",
        "word/_rels/document.xml.rels": relations(*((name.rstrip("1"), f"{name}.xml") for name in parts)),
    }
    for name, data in parts.items():
        markup = f'<w:{name} xmlns:w="{space}">{data}</w:{name}>' if isinstance(data, str) else data
        files[f"word/{name}.xml"] = markup
    return zipped(files)


def report_docx(form_key: str, values: Mapping[Key, str], **parts: str) -> bytes:
    blocks = report_blocks(load_forms()[form_key], values, **parts)
    return docx("".join(para(block) if isinstance(block, str) else word_table(block) for block in blocks))


# Spreadsheets -------------------------------------------------------------------------------------------------------


def letters(column: int) -> str:
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def address(row: int, column: int) -> str:
    return f"{letters(column)}{row + 1}"


def sheet(rows: str, merges: Iterable[str] = ()) -> str:
    listed = "".join(f'<mergeCell ref="{merge}"/>' for merge in merges)
    merged = f"<mergeCells>{listed}</mergeCells>" if listed else ""
    return f'<worksheet xmlns="{S}"><sheetData>{rows}</sheetData>{merged}</worksheet>'


def xlsx(
    *sheets: str, strings: Iterable[str] = (), styles: str = "", states: Mapping[int, str] | None = None, book: str = ""
) -> bytes:
    """An .xlsx of these sheets; ``strings`` are ``<si>`` contents, ``states`` the state of a sheet by its number."""
    listed = "".join(
        f'<sheet name="表{index}" sheetId="{index + 1}" state="{(states or {}).get(index, "visible")}" r:id="r{index}"/>'
        for index in range(len(sheets))
    )
    targets = [("worksheet", f"worksheets/sheet{index + 1}.xml") for index in range(len(sheets))]
    kinds = {"workbook": "sheet.main", "sharedStrings": "sharedStrings", "styles": "styles"}
    kinds |= {target.removesuffix(".xml"): kind for kind, target in targets}
    overrides = "".join(
        f'<Override PartName="/xl/{name}.xml" '
        f'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>' + overrides + "</Types>",
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}">{book}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            *targets, ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")
        ),
        "xl/sharedStrings.xml": f'<sst xmlns="{S}">{"".join(f"<si>{si}</si>" for si in strings)}</sst>',
    }
    if styles:
        files["xl/styles.xml"] = f'<styleSheet xmlns="{S}">{styles}</styleSheet>'
    files.update({f"xl/worksheets/sheet{index + 1}.xml": text for index, text in enumerate(sheets)})
    return zipped(files)


BORDERS = (
    '<borders><border/><border><left style="thin"/><bottom style="thin"/></border></borders>'
    '<cellXfs><xf borderId="0"/><xf borderId="1"/></cellXfs>'
)


def report_xlsx(form_key: str, values: Mapping[Key, str], *, bordered: bool = True, **parts: str) -> bytes:
    """A report on one sheet: paragraphs merged across A:J, tables below each other, framed, numbers as numbers."""
    strings: list[str] = []
    rows: dict[int, dict[int, str]] = {}
    merges = []
    top = 0

    def put(row: int, column: int, text: str, style: int) -> None:
        if text.lstrip("-").isdigit():
            stored = f'<c r="{address(row, column)}" s="{style}"><v>{text}</v></c>'
        else:
            strings.append(f"<t>{escape(text)}</t>")
            stored = f'<c r="{address(row, column)}" s="{style}" t="s"><v>{len(strings) - 1}</v></c>'
        rows.setdefault(row, {})[column] = stored if text else f'<c r="{address(row, column)}" s="{style}"/>'

    for block in report_blocks(load_forms()[form_key], values, **parts):
        cells = [TableCell(0, 0, block, 1, 10)] if isinstance(block, str) else block
        for cell in cells:
            put(top + cell.row, cell.column, cell.text, int(bordered and block is cells))
            if cell.row_span * cell.column_span > 1:
                last = address(top + cell.row + cell.row_span - 1, cell.column + cell.column_span - 1)
                merges.append(f"{address(top + cell.row, cell.column)}:{last}")
        top += max(cell.row + cell.row_span for cell in cells)
    printed = "".join(
        f'<row r="{row + 1}">{"".join(rows[row][column] for column in sorted(rows[row]))}</row>' for row in sorted(rows)
    )
    return xlsx(sheet(printed, merges), strings=strings, styles=BORDERS)
