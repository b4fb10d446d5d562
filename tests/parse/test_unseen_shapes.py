"""Shapes of real reports first met on web pages, in fictional wording: furniture, cited titles, parts that look like sections."""

from __future__ import annotations

import time

import pytest

from gknlp.parse.agency import classify_agency, strip_office
from gknlp.parse.furniture import is_furniture
from gknlp.text.lines import split_lines
from tests.parse.documents import parse, print_report

SIX = ["overview", "proactive_table", "requests_table", "review_table", "problems_improvements", "other_matters"]
NO_TITLE = {"title": "", "signature": ""}


def keys(report):
    return [section.key for section in report.sections]


def codes(report):
    return {diagnostic.code for diagnostic in report.diagnostics}


PARTS = [
    "（一）主动公开情况。全年挂出九条。\n（二）依申请公开情况。没有来件。\n（三）政府信息管理情况。专人经办。",
    "(一)主动公开政府信息的情况\n全年挂出九条。\n(二)依申请公开政府信息办理情况\n没有来件。\n(三)因政府信息公开申请行政复议、提起行政诉讼的情况\n没有。",
    "1.主动公开情况。全年挂出九条。\n2.依申请公开情况。没有来件。",
    "• 主动公开情况\n全年挂出九条。\n• 依申请公开情况\n没有来件。",
    "（一）组织领导情况\n专人经办。\n（二）主动公开情况\n全年挂出九条。\n（三）依申请公开情况\n没有来件。",
]


@pytest.mark.parametrize("parts", PARTS)
@pytest.mark.parametrize("cut", ["", "三、收到和处理政府信息公开申请情况"])
def test_the_parts_of_section_one_open_no_section(parts, cut):
    text = print_report("revised_2021", "d", overview=parts)
    report = parse(text[: text.index(cut)] if cut else text)
    assert keys(report)[:3] == ["preamble", "overview", "proactive_table"]
    section = report.sections[2]
    assert section.heading.startswith("二、")
    assert {cell.value for cell in report.cells if cell.table == "t2"} == {0.0}
    assert report.form.value == "revised_2021"


def test_a_report_numbered_in_brackets_throughout_has_its_sections():
    text = print_report("revised_2021", "a")
    for number, name in zip("一二三四五六", ["总体", "主动", "收到", "政府", "存在", "其他"], strict=True):
        text = text.replace(f"{number}、{name}", f"（{number}）{name}")
    assert keys(parse(text)) == ["preamble", *SIX, "signature"]


NAMES = [
    ("一、总体情况", "一、2021年政务公开总体情况", "overview"),
    ("一、总体情况", "一、本年度政府信息公开工作的基本情况", "overview"),
    ("一、总体情况", "一、政务信息公开工作的基本情况", "overview"),
    ("一、总体情况", "一、工作基本情况", "overview"),
    ("二、主动公开政府信息情况", "二、主动公开政务信息情况", "proactive_table"),
    ("五、存在的主要问题及改进情况", "五、政府信息公开工作存在的主要问题和改进措施", "problems_improvements"),
]


@pytest.mark.parametrize(("printed", "said", "key"), NAMES)
def test_a_heading_may_name_the_year_and_the_subject_first(printed, said, key):
    report = parse(print_report("revised_2021", "a").replace(printed, said, 1))
    assert keys(report) == ["preamble", *SIX, "signature"]
    assert next(s for s in report.sections if s.key == key).heading.strip() == said


LEGACY_ON_ONE_LINE = (
    "2013年度芦溪镇政府信息公开工作年度报告 | ||\n2013年，镇里照条例办理。现将情况报告如下: 一、政府信息主动公开情况 全年挂出四条。 "
    "二、政府依申请公开政府信息和不予公开信息情况 没有来件。 三、政府信息公开收费和减免情况 没有收费。 "
    "四、政府信息公开申请行政复议、行政诉讼情况 没有。 五、政府信息公开工作存在的主要问题和改进措施 更新偏慢。下一步按月核对。 "
    "六、其他需要报告的事项 没有。 |\n||\n"
)


def test_a_legacy_report_in_one_cell_of_a_layout_table():
    report = parse(LEGACY_ON_ONE_LINE)
    expected = ["proactive", "on_request", "fees_waivers", "review_litigation", "problems_improvements", "other"]
    assert [key for key in keys(report) if key != "preamble"] == expected
    assert (report.title.value, report.agency.name.value) == ("2013年度芦溪镇政府信息公开工作年度报告", "芦溪镇")
    assert (report.year.value, report.form.value) == (2013, "legacy_2008")


FURNITURE = [
    "索 引 号:73100/2021-1 主题分类:综合政务",
    "发布机构:芦溪镇 发布日期:2022-01-03",
    "来源：芦溪镇    发布时间：2022-01-03 08:15:02    浏览次数：17    【字体：大 中 小】",
    "• 发布时间:2022-01-03 14:26",
    "您现在所在的位置: 网站首页 > 政务公开 > 芦溪镇 > 年报",
    "打印",
    "字号:",
    "||||||",
    "（2022年1月 25日）",
    "登录 | 注册",
    "智能问答 长者模式",
]
SENTENCES = [
    "根据《",
    "引 言",
    "本报告由芦溪镇编制",
    "现将情况报告如下：",
    "2021年，镇里照条例办理。",
    "编制说明：数据截至年底",
]


@pytest.mark.parametrize("line", FURNITURE)
def test_page_furniture_is_no_text_of_the_report(line):
    assert is_furniture(split_lines(line)[0])
    body = print_report("revised_2021", "a").split("\n", 1)
    report = parse(f"{line}\n{body[0]}\n{line}\n{body[1]}")
    plain = parse("\n".join(body))
    assert [unit.text for unit in report.units] == [unit.text for unit in plain.units]
    assert (report.title.value, report.agency.name.value) == (plain.title.value, plain.agency.name.value)


@pytest.mark.parametrize("line", SENTENCES)
def test_a_short_line_of_the_report_is_no_furniture(line):
    assert not is_furniture(split_lines(line)[0])


AGENCIES = [
    # preamble, agency, rule
    ("特向社会公布云泽县芦溪乡人民政府2021年政府信息公开工作年度报告。", "云泽县芦溪乡人民政府", "announced"),
    (
        "现公布《青澜市人民政府(市人民政府办公厅)2021年政府信息公开工作年度报告》。",
        "青澜市人民政府(市人民政府办公厅)",
        "announced",
    ),
    ("特向社会公布2021年芦溪镇政府信息公开工作年度报告。", "芦溪镇", "announced"),
    ("现公布贵坪市2021年政府信息公开工作年度报告。", "贵坪市", "announced"),
    ("按要求编制云泽县水利局2021年政府信息公开工作年度报告。", "云泽县水利局", "announced"),
    ("现公布云泽经济开发区（以下简称开发区）2021年政府信息公开工作年度报告。", "云泽经济开发区", "announced"),
    ("本报告由云泽县教育局办公室编制。", "云泽县教育局", "compiler"),
    ("本报告由青澜市人民政府办公室根据《条例》汇总各县情况而成。", "青澜市人民政府办公室", "compiler"),
    ("如有疑问，请与芦溪镇人民政府党政办联系（地址略）。", "芦溪镇人民政府", "contact"),
    ("如有疑问，请与云泽区卫生健康局综合科联系。", "云泽区卫生健康局", "contact"),
    ("如有疑问，请联系：云泽区河口街道办事处；电话略。", "云泽区河口街道办事处", "contact"),
    ("为做好云泽县水利局政府信息公开工作，写成本报告。", "云泽县水利局", "concerning"),
]


@pytest.mark.parametrize(("preamble", "agency", "rule"), AGENCIES)
def test_agency_of_a_report_without_title_and_signature(preamble, agency, rule):
    report = parse(print_report("revised_2021", "a", preamble=preamble, **NO_TITLE))
    assert (report.agency.name.value, report.agency.name.rule) == (agency, rule)
    span = report.agency.name.evidence[0]
    assert agency.startswith(report.text[span.start : span.end])


OPENINGS = [
    ("2021年，云泽县水利局认真办理。", "云泽县水利局"),
    ("全年如常。2021年云泽县水利局全面落实要求。", "云泽县水利局"),
    ("2021年，县水利局认真办理。", None),
    ("在县委、县政府领导下，我局认真办理。", None),
    ("主动公开情况我局按照要求办理。", None),
]


@pytest.mark.parametrize(("overview", "agency"), OPENINGS)
def test_section_one_names_the_agency_where_nothing_else_does(overview, agency):
    report = parse(print_report("revised_2021", "a", preamble="写成本报告。", overview=overview, **NO_TITLE))
    assert report.agency.name.value == agency


def test_an_agency_on_the_line_below_a_title_that_names_none():
    title = "2021年政府信息公开工作年度报告\n云泽经开区(江湾)管委会"
    report = parse(print_report("revised_2021", "a", title=title, signature=""))
    assert (report.agency.name.value, report.agency.name.rule) == ("云泽经开区(江湾)管委会", "byline")


@pytest.mark.parametrize(
    ("opening", "agency"),
    [
        ("云泽县人民政府2021年 政府信息公开工作年度报告 一、总体情况 2021年，县里照条例办理。", "云泽县人民政府"),
        (
            "云泽县水利局2021年政府信息公开工作年度报告云泽县水利局2021年政府信息公开工作年度报告2021年，局里照条例办理，成立工作专班，按月核对栏目，按季通报进度。一、总体情况2021年，局里如常办理。",
            "云泽县水利局",
        ),
    ],
)
def test_a_title_run_into_the_text_behind_it(opening, agency):
    rest = print_report("revised_2021", "a").split("二、主动公开", 1)[1]
    report = parse(f"{opening}\n二、主动公开{rest}")
    assert (report.title.status, report.agency.name.value) == ("found", agency)


YEARS = [
    # preamble, overview, year, status, rule
    (
        "统计期限自2021年1月1日起至2021年12月31日止。",
        "2020年，镇里得过表扬。2021年，镇里如常办理。",
        2021,
        "found",
        "data_period",
    ),
    ("写成本报告。", "现从六个方面汇报我镇2021年政府信息公开工作。", 2021, "found", "announced"),
    ("写成本报告。", "（一）主动公开。\n2021年挂出九条。\n（二）其他。\n2021年没有来件。", 2021, "found", "often_said"),
    ("写成本报告。", "（一）主动公开。\n2021年挂出九条。\n（二）其他。\n2020年没有来件。", None, "missing", None),
]


@pytest.mark.parametrize(("preamble", "overview", "year", "status", "rule"), YEARS)
def test_year_in_further_places(preamble, overview, year, status, rule):
    report = parse(
        print_report(
            "revised_2021",
            "a",
            preamble=preamble,
            overview=f"镇里成立专班，按月核对栏目，逐项销号，按季通报进度，并请居民代表到场评议一次，提出意见若干，均已照办完毕。\n{overview}"
            if rule in ("often_said", None)
            else overview,
            **NO_TITLE,
        )
    )
    assert (report.year.value, report.year.status) == (year, status)
    assert year is None or report.year.rule == rule


NOT_REPORTS = [
    "青澜市人民政府办公室关于做好2021年度政府信息公开工作年度报告有关事项的通知\n各县区：\n报告分下列各部分。\n一、概述\n二、主动公开政府信息情况\n三、依申请公开政府信息情况\n请各单位于三月底前报送政府信息公开年报，逾期通报批评，望遵照执行。",
    "政府信息公开年度报告制度\n第一条 为规范政府信息公开，制定本制度。\n第二条 各单位每年编制政府信息公开年度情况。\n第三条 内容包括：\n一、概述\n二、主动公开政府信息情况\n三、依申请公开政府信息情况\n四、存在的主要问题和改进措施\n第四条 自发布之日起施行。",
]


@pytest.mark.parametrize("text", NOT_REPORTS)
def test_rules_and_notices_on_writing_reports_are_none(text):
    assert "not_a_report" in codes(parse(text))


OPENINGS_OF_REPORTS = [
    "根据《条例》编制。本报告所列数据的统计期限自2021年1月1日起至2021年12月31日止，如有疑问请与云泽县水利局联系。\n一、总体情况\n2021年，局里照条例做好政府信息公开，主动公开十条，设有公示栏与查阅点。",
    "现公布云泽县水利局2021年政府信息公开工作年度报告，全文分六个部分，电子版见政府门户网站。\n一、总体情况\n2021年，局里主动公开十条，设有公示栏与查阅点，专人经办，按月核对栏目。",
]


@pytest.mark.parametrize("text", OPENINGS_OF_REPORTS)
def test_a_cut_report_without_title_says_what_it_is(text):
    assert "not_a_report" not in codes(parse(text))


@pytest.mark.parametrize(
    ("name", "level", "kind"),
    [
        ("海关总署(本级机关)", "national", "other"),
        ("自然资源部", "national", "department"),
        ("云泽二中", None, "other"),
        ("云泽县武装部", "county", "department"),
        ("云泽经开区管委会", None, "other"),
        ("北原盟行政公署办公室", "city", "government"),
    ],
)
def test_levels_and_kinds(name, level, kind):
    assert classify_agency(name) == (level, kind)


@pytest.mark.parametrize(
    ("name", "agency"),
    [
        ("芦溪镇人民政府党政综合办公室", "芦溪镇人民政府"),
        ("云泽县公安局政府信息公开领导小组办公室", "云泽县公安局"),
        ("云泽县人民政府办公室", "云泽县人民政府办公室"),
        ("云泽县教育局", "云泽县教育局"),
        ("", ""),
    ],
)
def test_the_office_is_not_the_agency(name, agency):
    assert strip_office(name) == agency


@pytest.mark.parametrize("piece", ["现公布云泽县", "由云泽县、", "(二)", "一、概述 ", "关于做好政府", "请联系：云泽"])
def test_time_grows_with_the_length(piece):
    def seconds(n: int) -> float:
        text = "云泽县水利局政府信息公开。" + piece * n
        start = time.process_time()
        parse(text)
        return time.process_time() - start

    seconds(200)
    small, large = min(seconds(500) for _ in range(3)), min(seconds(2000) for _ in range(3))
    assert large < 12 * small + 0.1
