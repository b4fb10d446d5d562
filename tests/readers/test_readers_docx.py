"""Word documents: what a person sees on the page comes out, in order, and every table cell in its own place."""

from __future__ import annotations

import time

import pytest

from gknlp.forms import load_forms
from gknlp.parse import parse_report
from gknlp.readers.container import Content
from gknlp.readers.docx import read_docx
from gknlp.readers.docx_numbering import format_number
from gknlp.readers.read import read_document
from gknlp.readers.unreadable import Unreadable
from tests.parse.documents import distinct_values, parse, print_report
from tests.readers.office_forms import docx, numbered, para, relations, report_docx, run, tbl, tc, zipped

DELETED = "<w:del><w:r><w:delText>删去的</w:delText></w:r></w:del>"
BOX = "<w:txbxContent>" + para("框内提示") + "</w:txbxContent>"
ALTERNATIVE = (
    f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{BOX}</wps:txbx></w:drawing></mc:Choice>'
    f"<mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("", ""),
        (para(run(" 十") + run("二 ")), "十二"),
        (para(run("十") + DELETED + run("二")), "十二"),
        (para(run("十") + "<w:r><w:t/><w:br/></w:r>" + run("二")), "十二"),
        (para("十") + para("二"), "十二"),
        (para("十件") + para("二"), "十件 二"),
        (para(""), ""),
    ],
)
def test_a_cell_of_plain_runs_reads_like_any_other(cell, text):
    raw = read_docx(docx(tbl([tc("甲"), tc("乙")], [tc(cell), tc("9")])))
    assert raw.text.splitlines()[1] == f"{text} | 9 | "


def mark(kind):
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def field(code, result):
    return (
        mark("begin") + f"<w:r><w:instrText>{code}</w:instrText></w:r>" + mark("separate") + run(result) + mark("end")
    )


def read_report(form_key, values, **parts):
    data = report_docx(form_key, values, **parts)
    raw = read_document(Content(b"r.docx", data), path_bytes=b"r.docx")
    return raw, parse_report(raw)


@pytest.mark.parametrize(
    ("form_key", "n_cells", "n_heads", "sizes"),
    [
        ("trial_2019", 198, [31, 37, 19], [(18, 4), (26, 10), (4, 15)]),
        # 20 + 40 + 19 = 79: every cell that holds no number, labels of rows and groups and the note of table 3 included.
        ("revised_2021", 200, [20, 40, 19], [(14, 4), (28, 10), (4, 15)]),
    ],
)
def test_every_cell_of_the_form_comes_back_in_its_own_place(form_key, n_cells, n_heads, sizes):
    values = distinct_values(load_forms()[form_key])
    raw, report = read_report(form_key, values)
    assert report.form.value == form_key
    assert {(cell.table, cell.row, cell.column): cell.raw for cell in report.cells} == values
    assert len(values) == n_cells
    assert [d.code for d in report.diagnostics] == []
    numbers = set(values.values())
    texts = [[raw.text[cell.span.start : cell.span.end] for cell in grid.cells] for grid in raw.grids]
    assert [sum(text not in numbers for text in grid) for grid in texts] == n_heads
    assert [(grid.n_rows, grid.n_columns) for grid in raw.grids] == sizes


def test_merged_cells_keep_their_reach():
    raw, _ = read_report("revised_2021", distinct_values(load_forms()["revised_2021"]))
    reach = {raw.text[c.span.start : c.span.end]: (c.row_span, c.column_span) for grid in raw.grids for c in grid.cells}
    assert reach[load_forms()["revised_2021"].table("t3").note] == (3, 3)
    assert reach["申请人情况"] == (1, 7)
    assert reach["法人或其他组织"] == (1, 5)
    assert reach["三、本年度办理结果"] == (22, 1)
    assert [reach[g] for g in ("（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理")] == [
        (8, 1),
        (3, 1),
        (5, 1),
        (3, 1),
    ]


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


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("", ""),
        ("<w:p/>" + para("  "), ""),
        (para(run("柳湾") + run("镇") + run("年报")), "柳湾镇年报\n"),
        (para(run("联系人") + "<w:r><w:tab/></w:r>" + run("办公室")), "联系人\t办公室\n"),
        (para(run("柳湾镇") + "<w:r><w:br/></w:r>" + run("年度报告")), "柳湾镇\n年度报告\n"),
        (para(run("公开") + DELETED + run("三件")), "公开三件\n"),
        (para("<w:moveFrom>" + run("旧处") + "</w:moveFrom>" + "<w:moveTo>" + run("新处") + "</w:moveTo>"), "新处\n"),
        (para("<w:ins>" + run("补记") + "</w:ins>"), "补记\n"),
        (para(run("前半", "") , "<w:rPr><w:del/></w:rPr>") + para("后半"), "前半后半\n"),
        (para(run("看得见") + run("看不见", "<w:rPr><w:vanish/></w:rPr>")), "看得见\n"),
        (para(run("仍可见", '<w:rPr><w:vanish w:val="0"/></w:rPr>')), "仍可见\n"),
        (para("<w:hyperlink>" + run("门户") + "</w:hyperlink><w:smartTag>" + run("网站") + "</w:smartTag>"), "门户网站\n"),
        (para("<w:sdt><w:sdtPr/><w:sdtContent>" + run("控件") + "</w:sdtContent></w:sdt>"), "控件\n"),
        ("<w:sdt><w:sdtContent>" + para("块") + tbl([tc("甲"), tc("1")]) + "</w:sdtContent></w:sdt>", "块\n甲 | 1 | \n"),
        (para('<w:bookmarkStart w:id="0" w:name="_GoBack"/><w:bookmarkEnd w:id="0"/>' + run("正文")), "正文\n"),
        (para(run("共") + field(" SUM(ABOVE) ", "12") + run("件")), "共12件\n"),
        (para(run("页") + field(" PAGE ", "3")), "页\n"),
        (para('<w:fldSimple w:instr=" DATE ">' + run("1月") + "</w:fldSimple>"), "1月\n"),
        (para(mark("begin") + "<w:r><w:instrText>TOC \\o</w:instrText></w:r>" + mark("separate") + run("一、总体情况 1"))
         + para(run("二、附表 2") + mark("end")) + para("一、总体情况"), "一、总体情况\n"),
        (para(mark("begin") + "<w:r><w:instrText>TOC</w:instrText></w:r>" + mark("separate")) + para("没有收尾"), "没有收尾\n"),
        ('<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
         "<w:sdtContent>" + para("目录") + "</w:sdtContent></w:sdt>" + para("正文"), "正文\n"),
        (para(run("正文") + f"<w:r>{ALTERNATIVE}</w:r>"), "正文\n框内提示\n"),
        (para("<w:ruby><w:rt>" + run("hàn") + "</w:rt><w:rubyBase>" + run("汉") + "</w:rubyBase></w:ruby>"), "汉\n"),
        (para(run("A&B") + "<!-- 注 -->" + run("<丙>")), "A&B<丙>\n"),
    ],
)  # fmt: skip
def test_what_is_seen_is_read(body, text):
    linear = read_docx(docx(body))
    assert (linear.text, linear.notes) == (text, ())


def test_strict_documents_are_read_alike():
    linear = read_docx(docx(para("正文"), space="http://purl.oclc.org/ooxml/wordprocessingml/main"))
    assert linear.text == "正文\n"


def test_headers_footers_and_notes_stay_out_and_notes_are_counted():
    body = para(run("公开三件") + '<w:r><w:footnoteReference w:id="2"/></w:r>') + para("柳湾镇人民政府")
    linear = read_docx(
        docx(body, header1=para("页眉"), footer1=para("第1页"), footnotes=f"<w:footnote>{para('脚注')}</w:footnote>")
    )
    assert linear.text == "公开三件\n柳湾镇人民政府\n"
    assert [(note.code, note.severity, note.found) for note in linear.notes] == [("notes_left_out", "info", "1")]


# Automatic numbers --------------------------------------------------------------------------------------------------


def shape(key, *levels, extra=""):
    listed = "".join(
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'
        for index, (style, text, more) in enumerate(levels)
    )
    return f'<w:abstractNum w:abstractNumId="{key}">{extra}{listed}</w:abstractNum>'


def listing(number, key, override=""):
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{key}"/>{override}</w:num>'


NUMBERING = (
    shape(0, ("chineseCounting", "%1、", ""), ("chineseCounting", "（%2）", ""), ("decimal", "%3.", ""))
    + shape(1, ("decimal", "%1", ""), ("decimal", "%1.%2", ""))
    + shape(2, ("bullet", "", ""))
    + listing(1, 0)
    + listing(2, 1)
    + listing(3, 2)
    + listing(4, 0, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>')
)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (numbered("总体情况", 1) + numbered("主动公开", 1, 1) + numbered("依申请公开", 1, 1) + numbered("附表", 1)
         + numbered("说明", 1, 1), "一、总体情况\n（一）主动公开\n（二）依申请公开\n二、附表\n（一）说明\n"),
        (numbered("甲", 1, 2) + numbered("乙", 1, 2), "1.甲\n2.乙\n"),
        (numbered("甲", 2) + numbered("乙", 2, 1) + numbered("丙", 2, 1), "1 甲\n1.1 乙\n1.2 丙\n"),
        (numbered("甲", 3), "甲\n"),
        (numbered("甲", 9) + numbered("乙", 0), "甲\n乙\n"),
        (numbered("甲", 1) + numbered("乙", 1) + numbered("丙", 4) + numbered("丁", 4), "一、甲\n二、乙\n一、丙\n二、丁\n"),
        (numbered("甲", 1) + numbered("", 1) + numbered("丙", 1), "一、甲\n三、丙\n"),
        (numbered("甲", 1) + para("", "<w:numPr><w:numId w:val=\"1\"/></w:numPr><w:rPr><w:del/></w:rPr>")
         + numbered("乙", 1), "一、甲\n二、乙\n"),
        (para("标题", '<w:pStyle w:val="H1"/>') + para("下级", '<w:pStyle w:val="H2"/>'), "一、标题\n（一）下级\n"),
        (para("不编号", '<w:pStyle w:val="H1"/><w:numPr><w:numId w:val="0"/></w:numPr>'), "不编号\n"),
        (tbl([tc(numbered("", 1, 2)), tc("甲")], [tc(numbered("", 1, 2)), tc("乙")]), "1. | 甲 | \n2. | 乙 | \n"),
    ],
)  # fmt: skip
def test_automatic_numbers_are_part_of_the_text(body, text):
    styles = (
        '<w:style w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="H2"><w:basedOn w:val="H1"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>'
        "</w:pPr></w:style>"
    )
    assert read_docx(docx(body, numbering=NUMBERING, styles=styles)).text == text


@pytest.mark.parametrize(
    ("value", "style", "printed"),
    [
        (1, "chineseCounting", "一"),
        (10, "chineseCounting", "十"),
        (11, "chineseCountingThousand", "十一"),
        (20, "chineseCounting", "二十"),
        (105, "chineseCountingThousand", "一百零五"),
        (110, "japaneseCounting", "一百一十"),
        (0, "chineseCounting", "〇"),
        (10, "ideographDigital", "一〇"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (2, "ideographTraditional", "乙"),
        (3, "decimalEnclosedCircle", "③"),
        (21, "decimalEnclosedCircle", "21"),
        (7, "decimalFullWidth", "７"),
        (3, "decimalZero", "03"),
        (28, "lowerLetter", "bb"),
        (44, "upperRoman", "XLIV"),
        (5, "none", ""),
        (5, "unheardOf", "5"),
    ],
)
def test_number_formats(value, style, printed):
    assert format_number(value, style) == printed


def test_numbered_headings_of_a_report_are_found():
    lists = shape(0, ("chineseCounting", "%1、", "")) + listing(1, 0)
    titles = ["总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况"]
    body = para("云泽县柳湾镇2021年政府信息公开工作年度报告") + "".join(
        numbered(t, 1) + para("有一句话。") for t in titles
    )
    raw = read_document(Content(b"r.docx", docx(body, numbering=lists)), path_bytes=b"r.docx")
    keys = [section.key for section in parse_report(raw).sections]
    assert keys[-3:] == ["overview", "proactive_table", "requests_table"]


# Tables -------------------------------------------------------------------------------------------------------------


def grid_of(linear, index=0):
    return [
        (c.row, c.column, c.row_span, c.column_span, linear.text[c.span.start : c.span.end])
        for c in linear.grids[index].cells
    ]


def test_cells_left_out_at_the_start_of_a_row_move_the_others():
    row = '<w:tr><w:trPr><w:gridBefore w:val="2"/></w:trPr>' + tc("9") + "</w:tr>"
    body = tbl([tc("甲"), tc("乙"), tc("丙")]).replace("</w:tbl>", row + "</w:tbl>")
    assert grid_of(read_docx(docx(body)))[-1] == (1, 2, 1, 1, "9")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (tbl([tc("甲"), tc("")], [tc(""), tc("2")]), "甲 |  | \n | 2 | \n"),
        (tbl([tc("甲"), tc(DELETED and para(run("1") + DELETED))]), "甲 | 1 | \n"),
        (tbl([tc(para("自") + para("然") + para("人")), tc("3")]), "自然人 | 3 | \n"),
        (tbl([tc(para("1") + para("2")), tc("3")]), "1 2 | 3 | \n"),
        (tbl([tc("甲|乙"), tc("3")]), "甲｜乙 | 3 | \n"),
        (tbl([tc("甲", '<w:hMerge w:val="restart"/>'), tc("", "<w:hMerge/>"), tc("3")]), "甲 | 3 | \n"),
        (tbl([tc("甲"), tc("1")]).replace("</w:tbl>", "<w:tr><w:trPr><w:del/></w:trPr>" + tc("乙") + "</w:tr></w:tbl>"),
         "甲 | 1 | \n"),
        (tbl([tc("甲"), tc("旧", "<w:cellDel/>"), tc("1")]), "甲 | 1 | \n"),
        # Set for layout: one column, or one cell that holds running text or the real tables.
        (tbl([tc("第一段")], [tc(para("第二段") + para("第三段"))]), "第一段\n第二段\n第三段\n"),
        (tbl([tc(para("前文") + tbl([tc("甲"), tc("1")]) + para("后文"))]), "前文\n甲 | 1 | \n后文\n"),
        (tbl([tc("标题"), tc("2021")], [tc(""), tc(para("前文") + tbl([tc("甲"), tc("1")]) + para("后文"))]),
         "标题 | 2021 | \n前文\n甲 | 1 | \n后文\n"),
        # A table inside a table: after the row it stands in, once.
        (tbl([tc("外甲"), tc(para("说明") + tbl([tc("内"), tc("7")]))], [tc("外乙"), tc("2")]),
         "外甲 | 说明 | \n内 | 7 | \n外乙 | 2 | \n"),
    ],
)  # fmt: skip
def test_tables_as_rows_of_text(body, text):
    assert read_docx(docx(body)).text == text


def test_a_merge_goes_on_only_below_its_own_column():
    top, more = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    linear = read_docx(
        docx(tbl([tc("甲", top), tc("1")], [tc("", more), tc("2")], [tc("乙"), tc("3")], [tc("无上", more), tc("4")]))
    )
    assert grid_of(linear) == [
        (0, 0, 2, 1, "甲"),
        (0, 1, 1, 1, "1"),
        (1, 1, 1, 1, "2"),
        (2, 0, 1, 1, "乙"),
        (2, 1, 1, 1, "3"),
        (3, 0, 1, 1, "无上"),
        (3, 1, 1, 1, "4"),
    ]


# Hostile ------------------------------------------------------------------------------------------------------------

ENTITY = b'<!DOCTYPE x [<!ENTITY e SYSTEM "%s:///etc/hostname">]><x>&e;</x>' % b"file"
MAIN = {"_rels/.rels": relations(("officeDocument", "word/document.xml"))}


@pytest.mark.parametrize(
    ("data", "reason", "stage"),
    [
        (b"", "docx: damaged, or no zip archive", "read"),
        (b"PK\x03\x04word/", "docx: damaged, or no zip archive", "read"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"EncryptedPackage", "docx: encrypted, or of a version before 2007", "gate"),
        (docx(para("正文"))[:-40], "docx: damaged, or no zip archive", "read"),
        (zipped({"word/styles.xml": "<a/>"}), "docx: no main text in it", "read"),
        (zipped(MAIN | {"word/document.xml": "<a/>"}), "docx: no main text in it", "read"),
        (zipped(MAIN | {"word/document.xml": "<a><b></a>"}), "docx: a part is damaged, or no XML", "read"),
        (zipped(MAIN | {"word/document.xml": ENTITY}), "docx: a part declares a document type", "gate"),
        (zipped(MAIN | {"word/document.xml": b"<a>" + b" " * 9_000_000}), "zip: member expands more than 200 times", "gate"),
        (zipped(MAIN | {"word/document.xml": "<a>" * 400 + "</a>" * 400}), "docx: a part is damaged, or no XML", "read"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(data, reason, stage):
    started = time.perf_counter()
    with pytest.raises(Unreadable) as caught:
        read_docx(data)
    assert (caught.value.reason, caught.value.stage) == (reason, stage)
    assert time.perf_counter() - started < 2


def test_a_flipped_byte_is_damage():
    data = bytearray(docx(para("正文" * 400)))
    place = bytes(data).index(b"word/document.xml") + 60
    data[place] ^= 0xFF
    with pytest.raises(Unreadable, match="damaged"):
        read_docx(bytes(data))


def nested(depth):
    body = para("芯")
    for _ in range(depth):
        body = tbl([tc(body), tc("外")])
    return body


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("body", "start"),
    [
        (nested(75), " | 外 | \n"),
        (tbl([tc("甲", '<w:gridSpan w:val="999999999"/>'), tc("乙", '<w:gridSpan w:val="-7"/>')]), "甲 | 乙 | \n"),
        (para("".join(f"<w:r><w:t>{number}字</w:t></w:r>" for number in range(60_000))), "0字1字"),
        ("".join(para(mark("begin") + mark("separate") + run(str(number))) for number in range(9_000)), "0\n1\n"),
        (tbl(*([tc(str(row * 40 + column)) for column in range(40)] for row in range(400))), "0 | 1 | "),
    ],
)
def test_deep_wide_and_long_take_bounded_time(body, start):
    data = docx(body)
    started = time.perf_counter()
    assert read_docx(data).text.startswith(start)
    assert time.perf_counter() - started < 5


def test_spans_are_clamped():
    linear = read_docx(docx(tbl([tc("甲", '<w:gridSpan w:val="999999999"/>'), tc("乙")])))
    assert linear.grids[0].n_columns == 513


def test_truncated_anywhere_only_unreadable_is_raised():
    data = docx(para("正文") + tbl([tc("甲"), tc("1")]), numbering=NUMBERING)
    for end in range(0, len(data), 23):
        with pytest.raises(Unreadable):
            read_docx(data[:end])
