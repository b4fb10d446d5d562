"""PDF with a text layer: every cell of the form through page breaks, paragraphs as they were written, scans by name."""

import logging
import time
import zlib

import pytest

from gknlp.forms import load_forms
from gknlp.parse import parse_report
from gknlp.readers.container import Content
from gknlp.readers.pdf import read_pdf
from gknlp.readers.pdf_page import _as_written
from gknlp.readers.read import read_document
from gknlp.readers.unreadable import Unreadable
from tests.parse.documents import distinct_values, print_table
from tests.readers.pdf_forms import (
    Canvas,
    Style,
    join_objects,
    place_table,
    report_parts,
    report_pdf,
    stream,
    write_pdf,
)

FORMS = ("revised_2021", "trial_2019")
BREAKS = [
    Style(),
    Style(bottom=423.0),
    Style(bottom=392.0, rules="thin"),
    Style(bottom=702.0, mirrored=10.0),
    Style(bottom=606.0, repeat_header=True, page_numbers=True, running_head="柳湾镇文件"),
    Style(bottom=361.0, cut="closed"),
    Style(bottom=454.0, cut="open"),
    Style(bottom=392.0, cut="open", repeat_header=True),
]


def read(data):
    return read_document(Content(b"r.pdf", data), path_bytes=b"r.pdf")


def written(form):
    """The same report as plain text."""
    values = distinct_values(form)
    tables = {table.key: print_table(table, values, "a") for table in form.tables}
    text = "\n".join(tables.get(part, part) for part in report_parts(form))
    return read_document(Content(b"r.txt", text.encode()), path_bytes=b"r.txt")


def draw(*lines, style=None, size=14.0):
    """One page with text at given places: (x, top, text)."""
    canvas = Canvas(style or Style())
    for x, top, text in lines:
        canvas.draw(x, top, text, size)
    return canvas.finish()


def refuse(data):
    with pytest.raises(Unreadable) as caught:
        read_pdf(data)
    return caught.value.reason


@pytest.mark.parametrize("style", BREAKS, ids=str)
@pytest.mark.parametrize("key", FORMS)
def test_every_cell_and_every_section_wherever_pages_end(key, style):
    form = load_forms()[key]
    raw = read(report_pdf(key, style))
    report, plain = parse_report(raw), parse_report(written(form))
    assert {(c.table, c.row, c.column): c.raw for c in report.cells} == distinct_values(form)
    assert [(g.n_rows, g.n_columns) for g in raw.grids] == [
        (g.n_rows, g.n_columns) for g in read(report_pdf(key)).grids
    ]
    narrative = ("preamble", "overview", "problems_improvements", "other_matters", "signature")
    texts = [
        {s.key: r.text[s.span.start : s.span.end] for s in r.sections if s.key in narrative} for r in (report, plain)
    ]
    assert texts[0].keys() == set(narrative)
    assert {k: v.strip() for k, v in texts[0].items()} == {k: v.strip() for k, v in texts[1].items()}
    assert (report.title.value, report.year.value, report.form.value) == (
        plain.title.value, plain.year.value, plain.form.value)  # fmt: skip
    assert raw.text == read(report_pdf(key)).text


def test_the_grids_are_the_forms_own_cells():
    form = load_forms()["revised_2021"]
    raw = read(report_pdf("revised_2021", Style(bottom=423.0, repeat_header=True)))
    n_data = 0
    for table, grid in zip(form.tables, raw.grids, strict=True):
        placed, widths, _ = place_table(table, distinct_values(form))
        assert grid.n_columns <= len(widths)
        got = [(c.row, c.row_span, raw.text[c.span.start : c.span.end]) for c in grid.cells]
        assert sorted(got) == sorted((row, span, text) for row, _, span, _, text in placed)
        n_data += sum(text.isdigit() for *_, text in got)
    assert (n_data, sum(len(grid.cells) for grid in raw.grids) - n_data) == (200, 79)


def test_the_same_bytes_give_the_same_document():
    data = report_pdf("revised_2021", Style(bottom=423.0))
    assert read(data) == read(data)


def test_a_document_without_tables_and_without_indents():
    text = "本镇年内挂出消息三十七条，其中规划计划九条、财政收支十二条、民生服务十六条，都按时限挂出并且逐条核对过两遍"
    canvas = Canvas(Style(indent=0))
    for part in (text + "。", "（一）栏目维护", text + "；", text + "。"):
        canvas.paragraph(part)
    assert read_pdf(canvas.finish()).text == f"{text}。\n（一）栏目维护\n{text}；\n{text}。\n"


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([(80, 100, "以下简 称 “条例”")], "以下简称“条例”\n"),
        ([(80, 100, "2021 年 1 月 1 日")], "2021年1月1日\n"),
        ([(80, 100, "Open Data 栏目")], "Open Data栏目\n"),
        ([(80, 100, "行政许可"), (200, 100, "7"), (260, 100, "-2")], "行政许可 7 -2\n"),
        ([(80, 100, "柳湾镇人民政府"), (330, 100, "2022年1月20日")], "柳湾镇人民政府 2022年1月20日\n"),
        ([(80, 100, "公开"), (80.4, 100, "公开")], "公开\n"),
        ([(80, 100, "人人共享11次")], "人人共享11次\n"),
        ([(80, 130, "第二行"), (80, 100, "第一行")], "第一行\n第二行\n"),
        ([(80, 100, "A|B")], "A|B\n"),
        ([(700, 100, "页外"), (80, 100, "页内")], "页内\n"),
    ],
)
def test_spaces_and_order(lines, text):
    assert read_pdf(draw(*lines)).text == text


@pytest.mark.parametrize(
    ("drawn", "meant"),
    [("⼀", "一"), ("⾃", "自"), ("⻓", "长"), ("⼾", "户"), ("ﬁ", "fi"), ("“", "“"), ("\u00ad", ""), ("①", "①")],
)
def test_radicals_and_soft_marks_are_read_as_what_they_look_like(drawn, meant):
    assert _as_written(drawn) == meant


def boxed(cells, widths=(60.0, 60.0, 60.0), style=None, **more):
    canvas = Canvas(style or Style())
    canvas.table(cells, widths, **more)
    return read_pdf(canvas.finish())


def test_cells_keep_their_spans_and_lose_their_line_ends():
    linear = boxed(
        [(0, 0, 2, 1, "申请人"), (0, 1, 1, 2, "法人或其他组织"), (1, 1, 1, 1, "商业企业"), (1, 2, 1, 1, "科研机构"),
         (2, 0, 1, 1, "自|然"), (2, 1, 1, 1, ""), (2, 2, 1, 1, "-12")],
        (19.9, 60.0, 40.0),
    )  # fmt: skip
    assert linear.text == "申请人 | 法人或其他组织 | \n商业企业 | 科研机构 | \n自｜然 |  | -12 | \n"
    [grid] = linear.grids
    spans = [(c.row, c.column, c.row_span, c.column_span) for c in grid.cells]
    assert spans == [(0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1), (2, 0, 1, 1), (2, 1, 1, 1), (2, 2, 1, 1)]


def test_two_numbers_below_each_other_stay_two_and_one_that_did_not_fit_stays_one():
    canvas = Canvas()
    canvas.table([(0, 0, 1, 1, "甲"), (0, 1, 1, 1, ""), (1, 0, 2, 1, "乙"), (1, 1, 2, 1, "")], (60.0, 60.0))
    canvas.draw(146, 92, "12", 9)
    canvas.draw(146, 104, "34", 9)
    assert read_pdf(canvas.finish()).text == "甲 |  | \n乙 | 12 34 | \n"
    assert boxed([(0, 0, 1, 1, "123456"), (0, 1, 1, 1, "x")], (24.0, 60.0)).text == "123456 | x | \n"


@pytest.mark.parametrize("rules", ["stroke", "thin", "dashes"])
def test_whatever_draws_the_lines(rules):
    assert boxed([(0, 0, 1, 1, "甲"), (0, 1, 1, 2, "7")], style=Style(rules=rules)).text == "甲 | 7 | \n"


def test_a_frame_around_text_and_a_line_under_it_are_no_tables():
    canvas = Canvas()
    canvas.paragraph("柳湾镇文件")
    for line in ((70, 60, 520, 60), (70, 60, 70, 300), (520, 60, 520, 300), (70, 300, 520, 300), (80, 92, 200, 92)):
        canvas.rule(*line)
    linear = read_pdf(canvas.finish())
    assert (linear.text, linear.grids) == ("柳湾镇文件\n", ())


def two_parts(first, second, *, widths=((200.0, 40.0), (200.0, 40.0)), between=""):
    canvas = Canvas()
    canvas.table(first, widths[0])
    if between:
        canvas.paragraph(between)
    canvas.break_page()
    canvas.table(second, widths[1])
    return read_pdf(canvas.finish())


ROWS = [(0, 0, 1, 1, "信息内容"), (0, 1, 1, 1, "数量"), (1, 0, 1, 1, "规章"), (1, 1, 1, 1, "3")]


@pytest.mark.parametrize(
    ("second", "more", "n_grids", "end"),
    [
        ([(0, 0, 1, 1, "行政许可"), (0, 1, 1, 1, "4")], {}, 1, "规章 | 3 | \n行政许可 | 4 | \n"),
        ([*ROWS[:2], (1, 0, 1, 1, "行政许可"), (1, 1, 1, 1, "4")], {}, 1, "规章 | 3 | \n行政许可 | 4 | \n"),
        (ROWS, {}, 1, "规章 | 3 | \n规章 | 3 | \n"),
        ([(0, 0, 1, 1, "行政许可"), (0, 1, 1, 1, "")], {}, 1, "规章 | 3 | \n行政许可 |  | \n"),
        ([(0, 0, 1, 1, "行政许可"), (0, 1, 1, 1, "4")], {"between": "表二"}, 2, "表二\n行政许可 | 4 | \n"),
        ([(0, 0, 1, 1, "许可"), (0, 1, 1, 1, "4")], {"widths": ((200.0, 40.0), (90.0, 40.0))}, 2, "许可 | 4 | \n"),
    ],
)
def test_what_is_stitched_over_a_page_break(second, more, n_grids, end):
    linear = two_parts(ROWS, second, **more)
    assert (len(linear.grids), linear.text) == (n_grids, "信息内容 | 数量 | \n" + ("规章 | 3 | \n" + end).removeprefix(
        "规章 | 3 | \n" if end.startswith("规章") else ""))  # fmt: skip


def test_a_row_cut_by_the_page_is_one_row():
    label = "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"
    first = [(0, 0, 1, 1, "1.重复申请"), (0, 1, 1, 1, "2"), (1, 0, 1, 1, label[:19]), (1, 1, 1, 1, "3")]
    second = [(0, 0, 1, 1, label[19:]), (0, 1, 1, 1, ""), (1, 0, 1, 1, "其他"), (1, 1, 1, 1, "")]
    assert (
        two_parts(first, second, widths=((182.0, 40.0),) * 2).text == f"1.重复申请 | 2 | \n{label} | 3 | \n其他 |  | \n"
    )


def test_page_numbers_and_running_heads_are_left_out_and_noted():
    canvas = Canvas(Style(running_head="柳湾镇文件", page_numbers=True))
    for number in "一二三":
        canvas.paragraph(f"{number}、第{number}页只有这一行")
        canvas.break_page()
    canvas.paragraph("2021")
    linear = read_pdf(canvas.finish())
    assert linear.text == "一、第一页只有这一行\n二、第二页只有这一行\n三、第三页只有这一行\n2021\n"
    assert [(note.code, note.found) for note in linear.notes] == [("running_line_left_out", "柳湾镇文件")]


@pytest.mark.parametrize("text", ["- 3 -", "第3页", "第 3 页 共 12 页", "3/12", "— 3 —", "3"])
def test_page_numbers(text):
    assert read_pdf(draw((80, 100, "正文"), (290, 800, text), size=10)).text == "正文\n"


IMAGE = stream(
    b"\0" * 12, b"/Type /XObject /Subtype /Image /Width 2 /Height 2 /BitsPerComponent 8 /ColorSpace /DeviceRGB"
)
SCAN = b"q 500 0 0 700 40 40 cm /Im1 Do Q"
IMAGES = {"extra": [IMAGE], "resources": b"/XObject << /Im1 6 0 R >>"}


def test_scans_are_named():
    assert refuse(write_pdf([SCAN, SCAN], **IMAGES)) == "no text: scanned pages"
    assert refuse(write_pdf([b""])) == "no text: scanned pages"
    text = Canvas()
    text.paragraph("封面")
    linear = read_pdf(write_pdf(["\n".join(text.pages[0]).encode(), SCAN, b""], **IMAGES))
    assert linear.text == "封面\n"
    assert [(n.code, n.severity, n.found) for n in linear.notes] == [("page_without_text", "warning", "page 2")]


def test_characters_without_codes_are_no_text():
    data = report_pdf("revised_2021").replace(b"/UniGB-UCS2-H", b"/Identity-H").replace(b"(GB1)", b"(Own)")
    assert refuse(data) == "no text: fonts without character codes"


def test_a_watermark_is_left_out_and_noted():
    slanted = b"BT /F1 40 Tf 0.707 0.707 -0.707 0.707 150 300 Tm <8349 7a3f> Tj ET\n"
    canvas = Canvas()
    canvas.paragraph("正文一行")
    linear = read_pdf(write_pdf([slanted + canvas.pages[0][0].encode()]))
    assert (linear.text, [n.found for n in linear.notes]) == ("正文一行\n", ["page 1: 2 characters"])


def test_a_turned_page_is_read_upright():
    canvas = Canvas()
    canvas.draw(80, 400, "正文一行")
    turned = f"q 0 1 -1 0 595 0 cm {canvas.pages[0][0]} Q"
    assert read_pdf(write_pdf([turned.encode()], page=b"/Rotate 90")).text == "正文一行\n"


def test_wrong_places_in_the_list_of_objects_do_no_harm():
    data = report_pdf("revised_2021")
    assert read_pdf(data.replace(b"%PDF-1.7\n", b"%PDF-1.7\n%moved\n")) == read_pdf(data)


def encrypted(data):
    entry = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> /ID [<00> <00>]" % (
        b"00" * 32,
        b"11" * 32,
    )
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R " + entry)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7\n", "pdf: damaged, or no PDF"),
        (b"%PDF-1.7\n" + b"\0\xff(<<[" * 4000, "pdf: damaged, or no PDF"),
        (join_objects([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]), "pdf: no pages"),
        (join_objects([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"]), "pdf: no pages"),
        (encrypted(report_pdf("revised_2021")), "pdf: encrypted, opens only with a password"),
        (write_pdf([b"0 0 m 1 1 l S\n" * 250_000]), "pdf: more than 200000 drawn objects"),
        (write_pdf([b"q Q\n" * 7_000_000]), "pdf: more than 25165824 bytes of drawing"),
        (write_pdf([b" " * (300 << 20)]), "pdf: expands to more than 268435456 bytes"),
        (write_pdf([zlib.compress(b" " * (300 << 20))]), "pdf: expands to more than 268435456 bytes"),
        (write_pdf([b""] * 1001), "pdf: more than 1000 pages"),
    ],
    ids=["empty", "garbage", "no pages", "page loop", "encrypted", "lines", "operators", "bomb", "bomb in bomb", "pages"],
)  # fmt: skip
def test_hostile_files_end_in_seconds_with_a_reason(data, reason):
    start = time.monotonic()
    assert refuse(data) == reason
    assert time.monotonic() - start < 20


def test_forms_that_draw_each_other_end():
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>"
    forms = [stream(b"/X Do " * 20, entries % (7 + i)) for i in range(12)] + [stream(b"", entries % 6)]
    start = time.monotonic()
    assert refuse(write_pdf([b"/X Do"], extra=forms, resources=b"/XObject << /X 6 0 R >>")) == (
        "pdf: more than 200000 drawn objects"
    )
    loop = write_pdf([b"/X Do"], extra=[stream(b"/X Do", entries % 6)], resources=b"/XObject << /X 6 0 R >>")
    assert refuse(loop) == "no text: scanned pages"
    assert time.monotonic() - start < 40


def test_a_page_full_of_lines_is_text_with_a_note():
    lines = "".join(f"{x} 10 m {x} 800 l S\n" for x in range(10, 590, 4))
    lines += "".join(f"{x} {y} m {x + 3} {y} l S\n" for y in range(10, 800, 7) for x in range(10, 590, 8))
    canvas = Canvas()
    canvas.paragraph("正文一行")
    linear = read_pdf(write_pdf([lines.encode() + canvas.pages[0][0].encode()]))
    assert (linear.text, [n.code for n in linear.notes]) == ("正文一行\n", ["too_many_lines"])


def test_a_file_cut_off_anywhere_is_read_or_refused():
    data = report_pdf("revised_2021")
    for end in range(0, len(data), len(data) // 40):
        try:
            read_pdf(data[:end])
        except Unreadable as error:
            assert error.reason.startswith(("pdf: ", "no text"))


def test_libraries_log_nothing_and_keep_their_levels(caplog, capsys):
    before = logging.getLogger("pdfminer").level
    canvas = Canvas()
    canvas.paragraph("正文一行")
    with caplog.at_level(logging.DEBUG):
        read_pdf(write_pdf([b"BT /F9 12 Tf (x) Tj ET /Im9 Do 1 2 3 rg Bogus\n" + canvas.pages[0][0].encode()]))
    assert (caplog.records, capsys.readouterr().err) == ([], "")
    assert logging.getLogger("pdfminer").level == before
