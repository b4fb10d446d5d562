"""Spreadsheets: lines and tables as people see them, whatever addresses a sheet claims."""

from __future__ import annotations

import time

import pytest

from gknlp.forms import load_forms
from gknlp.parse import parse_report
from gknlp.readers.container import Content
from gknlp.readers.read import read_document
from gknlp.readers.unreadable import Unreadable
from gknlp.readers.xlsx import read_xlsx
from gknlp.readers.xlsx_sheet import parse_address
from gknlp.readers.xlsx_values import print_number
from tests.parse.documents import distinct_values, parse, print_report
from tests.readers.office_forms import BORDERS, relations, report_xlsx, sheet, xlsx, zipped

FORMATS = (
    '<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="10"/></cellXfs>'
)


def read_report(form_key, values, **options):
    data = report_xlsx(form_key, values, **options)
    raw = read_document(Content(b"r.xlsx", data), path_bytes=b"r.xlsx")
    return raw, parse_report(raw)


@pytest.mark.parametrize(
    ("form_key", "n_cells", "n_heads"), [("trial_2019", 198, [31, 37, 19]), ("revised_2021", 200, [20, 40, 19])]
)
def test_every_cell_of_the_form_comes_back_in_its_own_place(form_key, n_cells, n_heads):
    values = distinct_values(load_forms()[form_key])
    raw, report = read_report(form_key, values)
    assert {(cell.table, cell.row, cell.column): cell.raw for cell in report.cells} == values
    assert len(values) == n_cells
    assert [d.code for d in report.diagnostics] == []
    numbers = set(values.values())
    texts = [[raw.text[cell.span.start : cell.span.end] for cell in grid.cells] for grid in raw.grids]
    assert [sum(text not in numbers for text in grid) for grid in texts] == n_heads
    reach = {raw.text[c.span.start : c.span.end]: (c.row_span, c.column_span) for grid in raw.grids for c in grid.cells}
    assert reach["三、本年度办理结果"] == (22 if form_key == "revised_2021" else 20, 1)
    assert (reach["申请人情况"], reach["法人或其他组织"]) == ((1, 7), (1, 5))


@pytest.mark.parametrize("form_key", ["trial_2019", "revised_2021"])
def test_sections_and_units_equal_those_of_the_plain_text(form_key):
    values = distinct_values(load_forms()[form_key])
    _, report = read_report(form_key, values)
    plain = parse(print_report(form_key, "a", values))
    tables = ("proactive_table", "requests_table", "review_table")

    def texts(found):
        return {s.key: found.text[s.span.start : s.span.end].strip() for s in found.sections if s.key not in tables}

    assert texts(report) == texts(plain)
    assert len(texts(report)) == 5
    assert [s.heading for s in report.sections] == [s.heading for s in plain.sections]
    assert [unit.text for unit in report.units] == [unit.text for unit in plain.units]


def test_without_frames_rows_of_one_cell_are_lines_and_no_value_moves():
    values = distinct_values(load_forms()["revised_2021"])
    raw, report = read_report("revised_2021", values, bordered=False)
    assert {(cell.table, cell.row, cell.column): cell.raw for cell in report.cells} == values
    assert [len(grid.cells) for grid in raw.grids] == [12, 4, 6, 4, 215, 34]


def test_a_blank_cell_is_null_in_its_place_and_moves_no_other():
    blank = ("t3", "granted", "business")
    values = distinct_values(load_forms()["revised_2021"]) | {blank: ""}
    _, report = read_report("revised_2021", values)
    cells = {(cell.table, cell.row, cell.column): cell for cell in report.cells}
    assert cells[blank].value is None
    assert {key for key, cell in cells.items() if cell.raw != values[key]} <= {blank}


def c(place, value, kind="n", style=0):
    return f'<c r="{place}" t="{kind}" s="{style}"><v>{value}</v></c>'


def text(place, value, style=0):
    return f'<c r="{place}" t="inlineStr" s="{style}"><is><t>{value}</t></is></c>'


@pytest.mark.parametrize(
    ("cell", "printed"),
    [
        (c("A1", "8040"), "8040"),
        (c("A1", "8040.0"), "8040"),
        (c("A1", "0.30000000000000004"), "0.3"),
        (c("A1", "88.2"), "88.2"),
        (c("A1", "-12"), "-12"),
        (c("A1", "0.256", style=2), "25.6%"),
        (c("A1", "44216", style=1), "2021-01-20"),
        (c("A1", "44216.5", style=1), "2021-01-20 12:00"),
        (c("A1", "2021-01-20", "d"), "2021-01-20"),
        (c("A1", "1", "b"), "TRUE"),
        (c("A1", "#DIV/0!", "e"), "#DIV/0!"),
        (c("A1", "0", "s"), "共享文字"),
        (c("A1", "公式的结果", "str"), "公式的结果"),
        ('<c r="A1"><f>SUM(B1:B9)</f><v>17</v></c>', "17"),
        ('<c r="A1"><f>SUM(B1:B9)</f></c>', ""),
        (text("A1", "第一行\n第二行"), "第一行\n第二行"),
        (text("A1", "A&amp;B &lt;丙&gt;"), "A&B <丙>"),
        ('<c r="A1" t="inlineStr"><is><r><t>分</t></r><rPh sb="0" eb="1"><t>fēn</t></rPh><r><t>段</t></r></is></c>', "分段"),
        ("<c><v>5</v></c>", "5"),
        (c("A1", "5", style=77), "5"),
        ('<c r="A1" s="1"/>', ""),
        ("", ""),
    ],
)  # fmt: skip
def test_values_as_people_see_them(cell, printed):
    strings = ["<r><t>共享</t></r><r><t>文字</t></r><rPh><t>x</t></rPh>"]
    linear = read_xlsx(xlsx(sheet(f'<row r="1">{cell}</row>'), strings=strings, styles=FORMATS))
    assert linear.text == (printed and printed + "\n")


@pytest.mark.parametrize(
    ("value", "printed"), [(0.0, "0"), (1e15, "1000000000000000"), (1e-7, "0.0000001"), (-3.50, "-3.5")]
)
def test_numbers_in_plain_figures(value, printed):
    assert print_number(value) == printed


def test_days_counted_from_1904():
    data = xlsx(
        sheet(f'<row r="1">{c("A1", "42754", style=1)}</row>'), styles=FORMATS, book='<workbookPr date1904="1"/>'
    )
    assert read_xlsx(data).text == "2021-01-20\n"


def rows(*lines, style=0):
    return "".join(
        f'<row r="{number}">{"".join(text(f"{column}{number}", value, style) for column, value in line.items())}</row>'
        for number, line in enumerate(lines, 1)
        if line
    )


@pytest.mark.parametrize(
    ("lines", "merges", "printed"),
    [
        ([{"A": "标题"}, {"A": "甲", "B": "1"}, {"A": "正文"}], [], "标题\n甲 | 1 | \n正文\n"),
        ([{"A": "甲", "C": "1"}, {"B": "2", "C": "3"}], [], "甲 |  | 1 | \n | 2 | 3 | \n"),
        ([{"A": "甲", "B": "1"}, {}, {"A": "乙", "B": "2"}], [], "甲 | 1 | \n乙 | 2 | \n"),
        ([{"A": "组", "B": "甲", "C": "1"}, {"B": "乙"}, {"B": "丙", "C": "3"}], ["A1:A3"],
         "组 | 甲 | 1 | \n乙 |  | \n丙 | 3 | \n"),
        ([{"A": "组", "B": "甲", "C": "1"}, {}, {"B": "丙", "C": "3"}], ["A1:A3"], "组 | 甲 | 1 | \n丙 | 3 | \n"),
        ([{"A": "甲", "D": "1"}, {"A": "乙", "D": "2"}], ["A1:C1", "A2:B2", "B9:A1", "A1:XFE9"],
         "甲 | 1 | \n乙 |  | 2 | \n"),
        ([{"A": "  ", "B": "1"}], [], "1\n"),
    ],
)  # fmt: skip
def test_lines_and_tables(lines, merges, printed):
    assert read_xlsx(xlsx(sheet(rows(*lines), merges))).text == printed


@pytest.mark.parametrize(
    ("style_of_text", "printed"), [(0, "标题\n小组 | \n甲 | 1 | \n"), (1, "标题\n小组\n甲 | 1 | \n")]
)
def test_a_row_of_one_cell_is_in_the_table_where_only_the_table_is_framed(style_of_text, printed):
    body = (
        f'<row r="1">{text("A1", "标题", style_of_text)}</row><row r="2">{text("A2", "小组", 1)}</row>'
        f'<row r="3">{text("A3", "甲", 1)}{text("B3", "1", 1)}</row>'
    )
    assert read_xlsx(xlsx(sheet(body, ["A2:B2"]), styles=BORDERS)).text == printed


def test_sheets_come_in_order_and_hidden_ones_are_noted():
    sheets = [sheet(rows({"A": name})) for name in ("甲", "乙", "丙")]
    linear = read_xlsx(xlsx(*sheets, states={1: "hidden"}))
    assert linear.text == "甲\n丙\n"
    assert [(note.code, note.found) for note in linear.notes] == [("hidden_sheets_left_out", "1")]
    everything = read_xlsx(xlsx(*sheets, states=dict.fromkeys(range(3), "veryHidden")))
    assert (everything.text, everything.notes) == ("甲\n乙\n丙\n", ())


@pytest.mark.parametrize(
    ("printed", "place"),
    [("A1", (0, 0)), ("$C$12", (11, 2)), ("XFD1048576", (1048575, 16383)), ("XFE1", None), ("A0", None), ("A1048577", None),
     ("", None), ("11", None), ("A１", None)],
)  # fmt: skip
def test_addresses(printed, place):
    assert parse_address(printed) == place


MAIN = {"_rels/.rels": relations(("officeDocument", "xl/workbook.xml"))}
ENTITY = '<!DOCTYPE x [<!ENTITY e "eeee">]>'


@pytest.mark.parametrize(
    ("data", "reason", "stage"),
    [
        (b"PK\x03\x04xl/", "xlsx: damaged, or no zip archive", "read"),
        (bytes.fromhex("d0cf11e0a1b11ae1"), "xlsx: encrypted, or of a version before 2007", "gate"),
        (zipped({"xl/styles.xml": "<a/>"}), "xlsx: no workbook in it", "read"),
        (zipped(MAIN | {"xl/workbook.xml": ENTITY + "<a>&e;</a>"}), "xlsx: a part declares a document type", "gate"),
        (xlsx(ENTITY + sheet(rows({"A": "甲"}))), "xlsx: a part declares a document type", "gate"),
        (xlsx("<worksheet>"), "xlsx: a part is damaged, or no XML", "read"),
        (xlsx(sheet(f'<row r="1">{c("A1", "9", "s")}</row>')), "xlsx: damaged strings or styles", "read"),
        (xlsx(sheet(" " * 9_000_000)), "zip: member expands more than 200 times", "gate"),
        (xlsx(*[sheet("")] * 201), "xlsx: more than 200 sheets", "gate"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(data, reason, stage):
    with pytest.raises(Unreadable) as caught:
        read_xlsx(data)
    assert (caught.value.reason, caught.value.stage) == (reason, stage)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("body", "merges", "start"),
    [
        (rows({"A": "甲"}) + f'<row r="1048576">{c("XFD1048576", "2")}</row>', [], "甲\n2\n"),
        (f'<row r="1">{c("A1", "1")}{c("XFD1", "2")}</row>', [], "1 |  | "),
        (f'<row r="1">{c("A1", "1")}{c("B1", "3")}</row><row r="1048576">{c("XFD1048576", "2")}</row>',
         ["A1:XFD1048576", "B1:XFD1048576"], "1 | 3 | \n2 | \n"),
        ("".join(f'<row r="{n}">{c(f"A{n}", n)}{c(f"Z{n}", n)}</row>' for n in range(1, 5000)),
         [f"A{n}:Z{n + 400}" for n in range(1, 5000)], "1 | 1 | \n"),
        ("".join(f'<row r="{n}">{c(f"A{n}", n)}</row>' for n in range(1, 20_000)), [], "1\n2\n"),
    ],
)  # fmt: skip
def test_far_wide_and_long_take_bounded_time_and_no_grid(body, merges, start):
    data = xlsx(sheet(body, merges))
    started = time.perf_counter()
    assert read_xlsx(data).text.startswith(start)
    assert time.perf_counter() - started < 5


def test_truncated_anywhere_only_unreadable_is_raised():
    data = xlsx(sheet(rows({"A": "甲", "B": "1"})))
    for end in range(0, len(data), 23):
        with pytest.raises(Unreadable):
            read_xlsx(data[:end])
