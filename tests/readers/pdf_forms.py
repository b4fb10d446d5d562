"""PDF files written by hand for tests: text in a font that is only named, tables of ruled lines, broken over pages.

The font is one of those that every reader knows by its encoding (Adobe-GB1 under UniGB-UCS2-H), so nothing is embedded.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gknlp.forms import Form, FormTable, load_forms
from tests.parse.documents import Key, distinct_values

WIDTH, HEIGHT = 595.0, 842.0
LEFT, RIGHT, TOP = 80.0, 515.0, 72.0
GROUPS = {
    "denied": "（三）不予公开",
    "unavailable": "（四）无法提供",
    "not_processed": "（五）不予处理",
    "other": "（六）其他处理",
}
Placed = tuple[int, int, int, int, str]
"""Row, column, row span, column span, text."""


@dataclass(frozen=True)
class Style:
    """How a document is printed. ``bottom``: where pages end; ``rules``: what draws lines; ``cut``: rows may be cut,
    with a line at the break ("closed") or none ("open")."""

    bottom: float = 770.0
    rules: str = "stroke"
    cut: str = ""
    repeat_header: bool = False
    running_head: str = ""
    page_numbers: bool = False
    indent: int = 2
    mirrored: float = 0.0


@dataclass
class Canvas:
    """Pages of drawing operators, written from the top of a page down."""

    style: Style = field(default_factory=Style)
    pages: list[list[str]] = field(default_factory=lambda: [[]])
    y: float = TOP

    @property
    def shift(self) -> float:
        return self.style.mirrored * ((len(self.pages) - 1) % 2)

    def draw(self, x: float, top: float, text: str, size: float = 14.0, page: int = -1) -> None:
        code = text.encode("utf-16-be").hex()
        self.pages[page].append(f"BT /F1 {size} Tf 1 0 0 1 {x:.2f} {HEIGHT - top - 0.86 * size:.2f} Tm <{code}> Tj ET")

    def rule(self, x0: float, y0: float, x1: float, y1: float, page: int = -1) -> None:
        if self.style.rules == "thin":
            self.pages[page].append(f"{x0:.2f} {HEIGHT - y1:.2f} {max(x1 - x0, 0.5):.2f} {max(y1 - y0, 0.5):.2f} re f")
        elif self.style.rules == "dashes":
            n = max(1, int(max(x1 - x0, y1 - y0) / 4))
            for i in range(n):
                at = [(a + (b - a) * (i + k) / n) for k in (0, 0.6) for a, b in ((x0, x1), (y0, y1))]
                self.pages[page].append(f"{at[0]:.2f} {HEIGHT - at[1]:.2f} m {at[2]:.2f} {HEIGHT - at[3]:.2f} l S")
        else:
            self.pages[page].append(f"{x0:.2f} {HEIGHT - y0:.2f} m {x1:.2f} {HEIGHT - y1:.2f} l S")

    def break_page(self) -> None:
        self.pages.append([])
        self.y = TOP

    def paragraph(self, text: str, size: float = 14.0, *, indent: int | None = None, centre: bool = False) -> None:
        first = self.style.indent if indent is None else indent
        for number, line in enumerate(wrap(text, RIGHT - LEFT, size, 0 if centre else first)):
            if self.y + size > self.style.bottom:
                self.break_page()
            x = LEFT + first * size * (number == 0)
            if centre:
                x = (LEFT + RIGHT - text_width(line, size)) / 2
            self.draw(x + self.shift, self.y, line, size)
            self.y += 1.6 * size
        self.y += 0.2 * size

    def table(self, cells: Sequence[Placed], widths: Sequence[float], n_header: int = 0, size: float = 9.0) -> None:
        """A table that goes on over as many pages as it needs; each cell's lines flow through its parts."""
        xs = [LEFT + sum(widths[:i]) for i in range(len(widths) + 1)]
        step = 1.3 * size
        lines = {cell: wrap(cell[4], sum(widths[cell[1] : cell[1] + cell[3]]) - 10.8, size) for cell in cells}
        heights = [step + 4] * max(cell[0] + cell[2] for cell in cells)
        for cell in sorted(cells, key=lambda cell: cell[2]):
            rows = range(cell[0], cell[0] + cell[2])
            heights[rows[-1]] += max(0.0, len(lines[cell]) * step + 4 - sum(heights[row] for row in rows))
        slices: list[tuple[int, int, float, float]] = []
        header = [cell for cell in cells if cell[0] + cell[2] <= n_header]
        for row, height in enumerate(heights):
            rest = height
            while self.y + rest > self.style.bottom:
                room = int((self.style.bottom - self.y - 4) / step) * step + 4
                if self.style.cut and room > step + 3 and rest - room > step - 1:
                    slices.append((row, len(self.pages) - 1, self.y, self.y + room))
                    rest -= room - 4
                self.break_page()
                if self.style.repeat_header and row >= n_header:
                    for cell in header:
                        top = TOP + sum(heights[: cell[0]])
                        parts = [(len(self.pages) - 1, top, top + sum(heights[cell[0] : cell[0] + cell[2]]))]
                        self._draw_cell(cell, lines[cell], xs, parts, step)
                    self.y += sum(heights[:n_header])
            slices.append((row, len(self.pages) - 1, self.y, self.y + rest))
            self.y += rest
        for cell in cells:
            parts: dict[int, tuple[float, float]] = {}
            for row, page, top, bottom in slices:
                if cell[0] <= row < cell[0] + cell[2]:
                    parts[page] = (parts.get(page, (top, 0))[0], bottom)
            self._draw_cell(cell, lines[cell], xs, [(page, *ends) for page, ends in parts.items()], step)
        self.y += 14

    def _draw_cell(self, cell, lines, xs, parts, step) -> None:
        lines = list(lines)
        for number, (page, top, bottom) in enumerate(parts):
            shift = self.style.mirrored * (page % 2)
            x0, x1 = xs[cell[1]] + shift, xs[cell[1] + cell[3]] + shift
            is_open = self.style.cut == "open"
            if not (is_open and number > 0):
                self.rule(x0, top, x1, top, page)
            if not (is_open and number + 1 < len(parts)):
                self.rule(x0, bottom, x1, bottom, page)
            self.rule(x0, top, x0, bottom, page)
            self.rule(x1, top, x1, bottom, page)
            n_lines = len(lines) if number + 1 == len(parts) else max(0, int((bottom - top - 4 + 0.01) / step))
            for i, line in enumerate(lines[:n_lines]):
                self.draw(x0 + 5.4, top + 2 + i * step, line, step / 1.3, page)
            lines = lines[n_lines:]

    def finish(self) -> bytes:
        for number, page in enumerate(self.pages):
            count = len(page)
            if self.style.running_head:
                self.draw(LEFT, 40, self.style.running_head, 10, number)
            if self.style.page_numbers:
                self.draw(290, 800, f"- {number + 1} -", 10, number)
            page[:] = page[count:] + page[:count]
        return write_pdf(["\n".join(page).encode("ascii") for page in self.pages])


def text_width(text: str, size: float) -> float:
    return sum(size * (0.5 if c < "\x7f" else 1.0) for c in text)


def wrap(text: str, width: float, size: float, indent: int = 0) -> list[str]:
    """Lines as an office program breaks them: no stop at the start of a line, no break inside a number."""
    lines, used = [""], indent * size
    for char in text:
        step = text_width(char, size)
        if lines[-1] and used + step > width + 0.01 and char not in "。，、；：）”":
            carried = ""
            while lines[-1][-1:].isdigit() and char.isdigit() and not lines[-1].isdigit():
                carried, lines[-1] = lines[-1][-1] + carried, lines[-1][:-1]
            lines.append(carried)
            used = text_width(carried, size)
        lines[-1] += char
        used += step
    return [line for line in lines if line]


FONT = [
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UCS2-H /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500] "
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 5 0 R >>",
    b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
    b"/Ascent 880 /Descent -140 /CapHeight 880 /StemV 93 >>",
]


def write_pdf(
    contents: Iterable[bytes], *, extra: Sequence[bytes] = (), resources: bytes = b"", page: bytes = b""
) -> bytes:
    """A PDF with one page for each content stream. Objects 1 catalogue, 2 pages, 3 to 5 the font, then ``extra``
    from 6 on, then pages. ``resources`` and ``page`` are added to each page's dictionaries."""
    contents = list(contents)
    first = 6 + len(extra)
    kids = b" ".join(b"%d 0 R" % (first + 2 * i) for i in range(len(contents)))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(contents))]
    objects += [*FONT, *extra]
    for i, content in enumerate(contents):
        box = b"/MediaBox [0 0 %d %d]" % (WIDTH, HEIGHT)
        entries = b"/Resources << /Font << /F1 3 0 R >> %s >> /Contents %d 0 R %s" % (
            resources,
            first + 2 * i + 1,
            page,
        )
        objects.append(b"<< /Type /Page /Parent 2 0 R %s %s >>" % (box, entries))
        objects.append(stream(content))
    return join_objects(objects)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(content)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (len(packed), entries, packed)


def join_objects(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def place_table(table: FormTable, values: Mapping[Key, str]) -> tuple[list[Placed], list[float], int]:
    """The form's table with its merged cells: cells, column widths in points, and how many rows are its header."""
    if table.layout == "one_row":
        return _place_one_row(table, values)
    return _place_requests(table, values) if table.key == "t3" else _place_blocks(table, values)


def _place_blocks(table: FormTable, values: Mapping[Key, str]) -> tuple[list[Placed], list[float], int]:
    cells: list[Placed] = []
    row = 0
    for block in table.blocks:
        span = 6 // len(block.columns)
        starts = [1 + span * i for i in range(len(block.columns))]
        cells += [(row, 0, 1, 7, block.label), (row + 1, 0, 1, 1, "信息内容")]
        cells += [(row + 1, at, 1, span, c.label) for at, c in zip(starts, block.columns, strict=True)]
        row += 2
        for entry in block.rows:
            cells.append((row, 0, 1, 1, entry.label))
            numbers = [values[table.key, entry.key, c.key] for c in block.columns]
            cells += [(row, at, 1, span, number) for at, number in zip(starts, numbers, strict=True)]
            row += 1
    return cells, [129.0, *[51.0] * 6], 0


def _place_requests(table: FormTable, values: Mapping[Key, str]) -> tuple[list[Placed], list[float], int]:
    [block] = table.blocks
    labels = [column.label for column in block.columns]
    cells: list[Placed] = [(0, 0, 3, 3, table.note), (0, 3, 1, 7, "申请人情况"), (1, 3, 2, 1, labels[0])]
    cells += [(1, 4, 1, 5, "法人或其他组织"), (1, 9, 2, 1, labels[6])]
    cells += [(2, 4 + i, 1, 1, label) for i, label in enumerate(labels[1:6])]
    outcomes = [row for row in block.rows if row.key not in ("new_requests", "carried_in", "carried_out")]
    parents = [row.parent for row in outcomes]
    for at, row in enumerate(block.rows, start=3):
        if row not in outcomes:
            cells.append((at, 0, 1, 3, row.label))
        else:
            if row is outcomes[0]:
                cells.append((at, 0, len(outcomes), 1, "三、本年度办理结果"))
            if row.parent in GROUPS:
                if outcomes[outcomes.index(row) - 1].parent != row.parent:
                    cells.append((at, 1, parents.count(row.parent), 1, GROUPS[row.parent]))
                cells.append((at, 2, 1, 1, row.label))
            else:
                cells.append((at, 1, 1, 2, row.label))
        cells += [(at, 3 + i, 1, 1, values[table.key, row.key, c.key]) for i, c in enumerate(block.columns)]
    return cells, [24.0, 45.0, 100.0, *[38.0] * 7], 3


def _place_one_row(table: FormTable, values: Mapping[Key, str]) -> tuple[list[Placed], list[float], int]:
    [block] = table.blocks
    labels = [column.label for column in block.columns]
    cells: list[Placed] = [(0, 0, 1, 5, "行政复议"), (0, 5, 1, 10, "行政诉讼")]
    cells += [(1, i, 2, 1, label) for i, label in enumerate(labels)]
    cells += [(1, 5, 1, 5, "未经复议直接起诉"), (1, 10, 1, 5, "复议后起诉")]
    cells += [(2, 5 + i, 1, 1, label) for i, label in enumerate(labels * 2)]
    cells += [(3, i, 1, 1, values[table.key, r.key, c.key]) for i, (_, r, c) in enumerate(table.slots())]
    return cells, [29.0] * 15, 3


OVERVIEW = (
    "{year}年，柳湾镇在门户网站挂出各类消息三十七条，其中规划计划九条、财政收支12条、民生服务十六条，全部按时限挂出并逐条核对。"
    "镇里办了两期业务讲座，参加者共计46人次，讲义和问答录音都放在网站上供人下载。"
)
PROBLEMS = (
    "栏目上新偏慢，人手不足，个别村的财务公开栏隔了两个季度才换新，群众来电询问时答复口径也不完全一致，需要逐项补齐。"
    "下一步，柳湾镇将按周核对栏目并增配一名专职人员，把各村公开栏的更换日期列成清单，由纪检干部按月抽查，抽查结果在镇务会上通报。"
)


def report_parts(form: Form) -> list[str]:
    """Headings and paragraphs of a fictional report; a table's key stands where its table stands."""
    year = form.first_year
    return [
        f"云泽县柳湾镇{year}年政府信息公开工作年度报告",
        f"依照《中华人民共和国政府信息公开条例》写成本报告，所列数据统计期限自{year}年1月1日起至{year}年12月31日止。",
        "一、总体情况",
        OVERVIEW.format(year=year),
        "二、主动公开政府信息情况",
        "t2",
        "三、收到和处理政府信息公开申请情况",
        "t3",
        "四、政府信息公开行政复议、行政诉讼情况",
        "t4",
        "五、存在的主要问题及改进情况",
        PROBLEMS,
        "六、其他需要报告的事项",
        "本年度没有收取信息处理费。",
        "云泽县柳湾镇人民政府",
        f"{year + 1}年1月20日",
    ]


def report_pdf(form_key: str, style: Style | None = None, values: Mapping[Key, str] | None = None) -> bytes:
    """The fictional report as a PDF."""
    form = load_forms()[form_key]
    numbers = values or distinct_values(form)
    canvas = Canvas(style or Style())
    title, *parts = report_parts(form)
    canvas.paragraph(title, 20, centre=True)
    for part in parts:
        table = form.table(part)
        if table:
            canvas.table(*place_table(table, numbers))
        else:
            canvas.paragraph(part)
    return canvas.finish()
