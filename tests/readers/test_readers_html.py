"""Government pages: every cell of the forms with its span, the article's text and nothing else, and hostile pages."""

import time

import pytest

from gknlp.forms import load_forms
from gknlp.parse import parse_report
from gknlp.readers.container import Content
from gknlp.readers.html import read_html
from gknlp.readers.read import read_document
from gknlp.readers.unreadable import Unreadable
from tests.parse.documents import distinct_values, make_raw, print_table
from tests.readers.html_forms import paragraph, plain_report, print_article, print_page

FORMS = ("revised_2021", "trial_2019")
BODY = "<html><body><p>本镇公开信息三百条。</p>"


def read_page(page, name=b"a.html", **hints):
    data = page if isinstance(page, bytes) else page.encode()
    return read_document(Content(name, data, hints=hints or None), path_bytes=name)


def cell_texts(raw, grid):
    return {(c.row, c.column, c.row_span, c.column_span): raw.text[c.span.start : c.span.end] for c in grid.cells}


def lines(page):
    return read_html(page.encode()).text.splitlines()


@pytest.mark.parametrize("key", FORMS)
@pytest.mark.parametrize("blank", ["", "every ninth", "all of table 3"])
def test_every_cell_of_the_form(key, blank):
    form = load_forms()[key]
    values = distinct_values(form)
    for number, cell in enumerate(values):
        if (blank == "every ninth" and number % 9 == 4) or (blank and cell[0] == "t3" and blank.endswith("3")):
            values[cell] = ""
    report = parse_report(read_page(print_page(form, values)))
    assert {(c.table, c.row, c.column): c.raw for c in report.cells} == values
    assert report.diagnostics == ()


def test_the_form_of_2021_has_200_numbers_and_79_header_cells_with_their_spans():
    form = load_forms()["revised_2021"]
    values = distinct_values(form)
    raw = read_page(print_page(form, values))
    t2, t3, t4 = (cell_texts(raw, grid) for grid in raw.grids)
    cells = [text for table in (t2, t3, t4) for text in table.values()]
    numbers = [text for text in cells if text.isdigit()]
    assert sorted(numbers) == sorted(values.values())
    assert (len(numbers), len(cells) - len(numbers)) == (
        200,
        79,
    )  # every cell that is no number: labels, heads, the note
    assert [len(table) for table in (t2, t3, t4)] == [10 + 20, 175 + 40, 15 + 19]
    assert t3[0, 0, 3, 3] == form.tables[1].note
    assert (t3[0, 3, 1, 7], t3[1, 3, 2, 1], t3[1, 4, 1, 5], t3[1, 9, 2, 1]) == (
        "申请人情况",
        "自然人",
        "法人或其他组织",
        "总计",
    )
    assert (t3[3, 0, 1, 3], t3[5, 0, 22, 1], t3[5, 1, 1, 2]) == (
        "一、本年新收政府信息公开申请数量",
        "三、本年度办理结果",
        "（一）予以公开",
    )
    assert (t3[7, 1, 8, 1], t3[15, 1, 3, 1], t3[18, 1, 5, 1], t3[23, 1, 3, 1]) == (
        "（三）不予公开",
        "（四）无法提供",
        "（五）不予处理",
        "（六）其他处理",
    )
    assert (t4[0, 0, 1, 5], t4[0, 5, 1, 10], t4[1, 0, 2, 1], t4[1, 5, 1, 5]) == (
        "行政复议",
        "行政诉讼",
        "结果维持",
        "未经复议直接起诉",
    )
    assert [(g.n_rows, g.n_columns) for g in raw.grids] == [(14, 4), (28, 10), (4, 15)]


@pytest.mark.parametrize("key", FORMS)
def test_sections_and_units_are_those_of_the_plain_text(key):
    form = load_forms()[key]
    values = distinct_values(form)
    tables = {table.key: print_table(table, values, "a") for table in form.tables}
    plain = parse_report(make_raw(plain_report(form, tables)))
    page = parse_report(read_page(print_page(form, values)))

    def narrative(report):
        kept = [s for s in report.sections if not s.key.endswith("_table")]
        return [(s.key, s.heading, report.text[s.span.start : s.span.end].strip()) for s in kept]

    assert narrative(page) == narrative(plain)
    assert [(s.key, s.heading) for s in page.sections] == [(s.key, s.heading) for s in plain.sections]
    assert [(u.section, u.part, u.heading, u.text) for u in page.units] == [
        (u.section, u.part, u.heading, u.text) for u in plain.units
    ]
    assert (page.title.value, page.agency.name.value, page.year.value) == (
        plain.title.value,
        plain.agency.name.value,
        plain.year.value,
    )


def test_nothing_but_the_article_is_left_and_the_metadata_block_gives_hints():
    form = load_forms()["revised_2021"]
    raw = read_page(print_page(form, distinct_values(form)))
    got = raw.text.splitlines()
    assert got[0] == "云泽县柳湾镇2021年政府信息公开工作年度报告"
    assert got[1].startswith("依照《中华人民共和国政府信息公开条例》")
    assert got[-2:] == ["云泽县柳湾镇人民政府", "2022年1月20日"]
    assert raw.hints == {"agency": "云泽县柳湾镇", "published": "2022-01-21"}
    assert raw.source.media_type == "text/html"


def test_what_the_container_says_outweighs_the_page():
    form = load_forms()["revised_2021"]
    raw = read_page(print_page(form, distinct_values(form)), published="2022-02-02", year="2021")
    assert raw.hints == {"agency": "云泽县柳湾镇", "published": "2022-02-02", "year": "2021"}


@pytest.mark.parametrize("key", FORMS)
def test_a_page_that_is_one_table(key):
    """The whole page in a table used for layout: menu left, report right, the forms inside its cell."""
    form = load_forms()[key]
    values = distinct_values(form)
    article = (
        "<table width=1000><tr><td colspan=2><a href=/>首页</a></td></tr><tr><td><a href=1>指南</a></td><td><table><tr><td>"
        f"{print_article(form, values)}</td></tr></table></td></tr></table>"
    )
    report = parse_report(read_page(print_page(form, values, article=article)))
    assert {(c.table, c.row, c.column): c.raw for c in report.cells} == values
    assert report.diagnostics == ()


def test_layout_tables_are_lines_and_grids_are_rows():
    layout = "<table><tr><td>甲栏的话很短</td><td><p>第一段。第二句。</p><p>第二段。</p></td></tr><tr><td>丙</td><td>丁</td></tr></table>"
    assert lines(BODY + layout) == ["本镇公开信息三百条。", "甲栏的话很短", "第一段。第二句。", "第二段。", "丙", "丁"]
    grid = "<table><caption>附表</caption><tr><th>指标<th>单位<th>数<tr><td>公开信息数<td>条<td>&nbsp;</table>"
    assert lines(BODY + grid)[1:] == ["附表", "指标 | 单位 | 数 | ", "公开信息数 | 条 |  | "]
    signature = "<table><tr><td></td><td>云泽县柳湾镇</td></tr></table>"
    assert lines(BODY + signature)[1:] == ["云泽县柳湾镇"]


def test_spans_end_at_the_edge_of_the_table_and_of_what_a_page_may_cover():
    page = (
        f"{BODY}<table><tr><td rowspan=99>1<td colspan=0>2<td rowspan=x>3<tr><td colspan=4>4<tr><td colspan=2000>5<td>6"
    )
    [grid] = read_html(page.encode()).grids
    assert [(c.row, c.column, c.row_span, c.column_span) for c in grid.cells] == [
        (0, 0, 3, 1), (0, 1, 1, 1), (0, 2, 1, 1), (1, 1, 1, 4), (2, 1, 1, 1000), (2, 1001, 1, 1),
    ]  # fmt: skip
    bomb = f"{BODY}<table>" + "<tr><td colspan=1000>1<td>2" * 2_500
    [grid] = read_html(bomb.encode()).grids
    assert [c.column_span for c in grid.cells[:2]] == [1000, 1]
    assert sum(c.row_span * c.column_span for c in grid.cells) <= 2_000_000 + len(grid.cells)


def test_a_table_inside_a_cell_follows_its_table_and_is_not_doubled():
    inner = "<table><tr><td>子项<td>数<tr><td>其一<td>4<tr><td>其二<td>5</table>"
    page = f"{BODY}<table><tr><td>项<td>数<td>注<tr><td>许可<td>9<td>见{inner}后</table><p>末段。</p>"
    assert lines(page)[1:] == [
        "项 | 数 | 注 | ", "许可 | 9 | 见 后 | ", "子项 | 数 | ", "其一 | 4 | ", "其二 | 5 | ", "末段。",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>主动<b>公</b>开<span>信\n   息</span>12<i>3</i>条</p>", ["主动公开信息123条"]),
        ("<p>一、总体情况<br>本年<br/>二、表</p>", ["一、总体情况", "本年", "二、表"]),
        ("<div>甲<p>乙</p>丙</div>丁", ["甲", "乙", "丙", "丁"]),
        ("<p>&nbsp;&nbsp;　　2021&nbsp;年&#8203;度\t a  b</p>", ["2021 年度 a b"]),
        (
            "<p>公开<del>旧话</del><s>旧</s><span style='DISPLAY : none'>藏</span><em hidden>藏</em>信息</p>",
            ["公开信息"],
        ),
        (
            "<p>甲<span style='text-decoration: line-through'>乙</span><span style='border:1px solid'>丙</span></p>",
            ["甲丙"],
        ),
        ("<ruby>機<rp>(</rp><rt>jī</rt><rp>)</rp></ruby>關", ["機關"]),
        ("<ol><li>查栏目</li><li>补人手</li></ol><ul><li>其他</li></ul>", ["1. 查栏目", "2. 补人手", "其他"]),
        (
            "<ol start=3><li>查</li><li>4. 补</li></ol><ol style='list-style:none'><li>无</li></ol>",
            ["3. 查", "4. 补", "无"],
        ),
        ("<pre>一、总体情况\n本年\n</pre>", ["一、总体情况", "本年"]),
        ("<h2>一、总体情况</h2>本年<!-- 注 -->度", ["一、总体情况", "本年度"]),
        ("<p>您现在的位置：<a href=/>首页</a> > 公开</p><p>【字体：<a>大</a> 中 小】</p><p>打印 | 关闭</p>", []),
        ("<p>发布日期：2022-01-21 来源：柳湾镇</p><dl><dt>索引号</dt><dd>YZ-1</dd></dl>", []),
        (
            "<p>当前位置信息不全的栏目有三个，来源不明的有两个。</p>",
            ["当前位置信息不全的栏目有三个，来源不明的有两个。"],
        ),
        ("<script>document.write('<p>脚本</p>')</script><style>p{}</style><textarea>框</textarea>文", ["文"]),
        ("<![if !x]>一<![endif]><o:p>二</o:p>\ufdd0\ufdd1三", ["一二三"]),
    ],
)
def test_text(html, expected):
    assert lines(f"{BODY}<div>{html}</div>")[1:] == expected


@pytest.mark.parametrize(
    "row",
    [
        "<td>许可<td>9",
        "<td title='<td >'>许可</td><textarea><td></textarea><td>9",
        "<TD>许可</TD>\n<Th>9",
        "<form><td>许可<td>9</form>",
    ],
)
def test_cells_keep_their_places_whatever_the_parser_drops(row):
    got = lines(f"{BODY}<table><tr><td>项<td>数<tr>{row}<tr><td>处罚<td>5</table>")
    assert got[1:] == ["项 | 数 | ", "许可 | 9 | ", "处罚 | 5 | "]


@pytest.mark.parametrize(
    ("head", "body", "first"),
    [
        ("<title>云泽县财政局2021年政府信息公开工作年度报告-云泽县人民政府</title>", "", "云泽县财政局2021年政府信息公开工作年度报告"),
        ("<meta name=ArticleTitle content='云泽县2021年政府信息公开工作年度报告'>", "", "云泽县2021年政府信息公开工作年度报告"),
        ("", "<header><h1>云泽县2021年政府信息公开工作年度报告</h1></header>", "云泽县2021年政府信息公开工作年度报告"),
        ("<title>云泽县人民政府</title>", "", "依照条例，写成本报告，数字都取自当年的台账，特此说明。"),
        ("<title>甲局2021年政府信息公开年报</title>", "<p>甲局2021年</p><p>政府信息公开年报</p>", "甲局2021年"),
    ],
)  # fmt: skip
def test_the_title_is_found_once_wherever_it_stands(head, body, first):
    text = "<div id=zoom><p>依照条例，写成本报告，数字都取自当年的台账，特此说明。</p><p>二、总体情况</p></div>"
    got = lines(f"<html><head>{head}</head><body><div>{body}{text}</div></body></html>")
    assert got[0] == first
    assert sum("公开" in line for line in got) == (1 if "公开" in head + body else 0)


def test_a_last_section_outside_the_main_container_is_kept():
    main = "".join(f"<p>本镇按周核对栏目，第{i}次核对的结果已经登记在册，并报县里备查。</p>" for i in range(40))
    page = f"<body><div class=w><div id=zoom>{main}</div><div>六、其他需要报告的事项</div><div>无。</div></div></body>"
    assert lines(page)[-2:] == ["六、其他需要报告的事项", "无。"]


@pytest.mark.parametrize(
    ("declared", "codec", "encoding"),
    [
        ("gb2312", "utf-8", "utf-8"),
        ("gb2312", "gbk", "gb18030"),
        ("utf-8", "gb18030", "gb18030"),
        ("big5", "gb18030", "gb18030"),
        ("x-nothing", "utf-16", "utf-16-le"),
        ("utf-8", "utf-16-be", "utf-16-be"),
        ("utf-8", "utf-8-sig", "utf-8"),
    ],
)
def test_a_declared_charset_counts_only_where_the_bytes_bear_it_out(declared, codec, encoding):
    form = load_forms()["revised_2021"]
    values = distinct_values(form)
    raw = read_page(print_page(form, values, charset=declared).encode(codec))
    assert raw.source.encoding == encoding
    assert raw.text == read_page(print_page(form, values)).text


def test_a_page_with_one_bad_byte_is_read_by_its_declared_charset_with_a_note():
    page = print_page(load_forms()["revised_2021"], distinct_values(load_forms()["revised_2021"]), charset="gbk")
    raw = read_page(page.encode("gbk").replace("人手不足".encode("gbk"), b"\xff" + "人手不足".encode("gbk")))
    [note] = raw.notes
    assert (note.code, raw.text[note.span.start : note.span.end + 4]) == ("replacement_characters", "\ufffd人手不足")


@pytest.mark.parametrize(
    "page", ["", " \n", "<!-- x -->", "<html><head><title></title></head><body></body></html>", "<p>&nbsp;"]
)
def test_an_empty_page(page):
    assert read_html(page.encode()).text == ""
    with pytest.raises(Unreadable):
        read_page(page or " ")


def test_no_entity_is_expanded_and_nothing_is_fetched(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密的话")
    page = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}">]><html><body><p>甲&x;乙</p><iframe src="{secret.as_uri()}">'
    assert "甲&x;乙" in read_html(page.encode()).text
    assert "机密" not in read_html(page.encode()).text


HOSTILE = {
    "colspans": "<table>" + "<tr>" + "<td colspan=1000000>1" * 2_000 + "<tr><td>2<td>3" * 2_000,
    "colspan rows": "<table>" + "<tr><td colspan=1000000>1<td>2" * 10_000,
    "rowspans": "<table>" + "<tr><td rowspan=999999999 colspan=0>1<td rowspan=0>2" * 3_000,
    "grids in grids": "<table><tr><td>1<td>2<tr><td>3<td>" * 500,
    "layouts in layouts": ("<table><tr><td>" + "这一格里是一句话。又是一句话。" * 10) * 600,
    "unclosed inline": "<font><b>" * 900,
    "unclosed paragraphs": "<p>公开" * 20_000,
    "blanks": "<p>" + " " * 1_000_000 + "x" + "\n \t" * 300_000,
    "broken lines": "公\n" * 200_000,
    "comments": "<!--" * 200_000,
    "scripts": "<script><style>" * 100_000,
    "quotes": "<a b='\">" * 30_000,
    "names": "<a" * 500_000,
    "angles": "<" * 1_000_000,
    "labels": "<p>" + "发布日期 " * 100_000 + "</p>" + "<p>索 引 号</p>" * 5_000,
    "attribute": "<img src='data:" + "A" * 5_000_000 + "'>",
    "lists": "<ol><li>" * 600,
    "preformatted": "<pre>" * 500 + "公\n" * 50_000,
    "menus": "<nav>公" * 1_500,
    "deleted": "<del>x</del>公" * 20_000,
}
REFUSED = {
    "depth": ("<div>" * 100_000, "html: more than 2000 elements inside each other"),
    "tables": ("<table><tr><td>" * 50_000, "html: more than 2000 elements inside each other"),
    "attributes": (
        "<p " + " ".join(f"a{i}='>'" for i in range(50_000)) + ">",
        "html: more than 200 attributes in one tag",
    ),
    "tags": ("<br>" * 2_000_001, "html: more than 2000000 tags"),
}


@pytest.mark.nightly
@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_pages_take_linear_time_and_lose_no_text_before_them(case):
    start = time.process_time()
    text = read_html((BODY + HOSTILE[case]).encode()).text
    assert time.process_time() - start < 5
    assert text.startswith("本镇公开信息三百条。")


@pytest.mark.parametrize("case", REFUSED)
def test_what_no_page_has_is_refused(case):
    page, reason = REFUSED[case]
    start = time.process_time()
    with pytest.raises(Unreadable) as caught:
        read_html((BODY + page).encode())
    assert (caught.value.reason, caught.value.stage) == (reason, "gate")
    assert time.process_time() - start < 5


@pytest.mark.nightly
@pytest.mark.parametrize(
    "case", ["colspan rows", "grids in grids", "layouts in layouts", "quotes", "names", "broken lines"]
)
def test_twice_the_page_takes_no_more_than_some_twice_the_time(case):
    def seconds(times):
        unit = HOSTILE[case][: len(HOSTILE[case]) // 4]
        start = time.process_time()
        read_html((BODY + unit * times).encode())
        return time.process_time() - start

    assert min(seconds(4) for _ in range(2)) < 4 * 4 * max(min(seconds(1) for _ in range(2)), 0.005)


@pytest.mark.parametrize("step", range(7))
def test_a_page_cut_off_anywhere_is_read_without_wrong_cells(step):
    form = load_forms()["revised_2021"]
    values = distinct_values(form)
    page = print_page(form, values)
    for end in range(3000 + step * 131, len(page), 1801):
        report = parse_report(read_page(page[:end]))
        wrong = [c for c in report.cells if c.raw and c.raw != values[c.table, c.row, c.column]]
        assert not wrong or report.diagnostics


@pytest.mark.parametrize("tag", ["nav", "header", "aside", "select", "footer", "div style='display:none'"])
def test_a_menu_that_was_never_closed_does_not_hide_the_page(tag):
    form = load_forms()["revised_2021"]
    values = distinct_values(form)
    page = (
        print_page(form, values).replace('<div class="top">', f"<{tag} class=top>").replace("<body>", f"<body><{tag}>")
    )
    assert {c.raw for c in parse_report(read_page(page)).cells} == set(values.values())


def test_a_paragraph_of_a_word_processor():
    assert lines(BODY + paragraph("下一步，柳湾镇将按周核对栏目。"))[1:] == ["下一步，柳湾镇将按周核对栏目。"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("&#xfdd2;99&#xfdd2;", ["99"]),
        ("甲&#xFDD3;乙&#64979;丙", ["甲乙丙"]),
        ("甲&#xfdd&#1;0;乙", ["甲\u0fdd0;乙"]),
        ("<ol><li>\f查栏目</li></ol>", ["1. 查栏目"]),
        ("<table><tr><td><input value='&#12;7&#xfdd2;'><td>8<tr><td>9<td>1</table>", ["7 | 8 | ", "9 | 1 | "]),
    ],
)
def test_a_page_cannot_forge_the_marks_of_the_reader(html, expected):
    assert lines(BODY + html + "<p>末</p>")[1:] == [*expected, "末"]


MANY = " ".join(f"a{i}=1" for i in range(201))


@pytest.mark.parametrize(
    "tag",
    [
        f"<p {MANY}>",
        f"<p b='>' {MANY}>",
        f'<p b = ">" {MANY}>',
        "<p " + "".join(f"a{i}='>'" for i in range(201)) + ">",
        f"<p b='<p>' {MANY}",
    ],
)
def test_too_many_attributes_are_seen_however_they_are_quoted(tag):
    with pytest.raises(Unreadable, match="attributes"):
        read_html((BODY + "<p>公开的话。</p>" * 3_000 + tag).encode())
