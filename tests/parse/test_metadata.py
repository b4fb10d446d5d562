"""Title, agency, year, level: realistic wording, fictional names."""

from __future__ import annotations

import pytest

from gknlp.parse.agency import classify_agency
from tests.parse.documents import parse, print_report

TITLES = [
    # printed, agency, year
    ("云泽县柳湾镇2021年政府信息公开工作年度报告", "云泽县柳湾镇", 2021),
    ("云泽县财政局2021年度政府信息公开工作年度报告", "云泽县财政局", 2021),
    ("2021年云泽县财政局政府信息公开工作年度报告", "云泽县财政局", 2021),
    ("2021年度云泽县人民政府信息公开工作年度报告", "云泽县人民政府", 2021),
    ("云泽县人民政府2021年政府信息公开工作年度报告", "云泽县人民政府", 2021),
    ("云泽县柳湾镇人民政府\n2021年政府信息公开工作\n年度报告", "云泽县柳湾镇人民政府", 2021),
    ("云泽县水利局2021年\n政府信息公开工作年度报告", "云泽县水利局", 2021),
    ("云 泽 县 水 利 局 2 0 2 1 年 政府信息公开工作年度报告", "云泽县水利局", 2021),
    ("关于云泽县水利局2021年政府信息公开工作年度报告", "云泽县水利局", 2021),
    ("云泽县水利局2021年政府信息公开工作年度报告.docx", "云泽县水利局", 2021),
    ("云泽县水利局2021年政府信息公开年报", "云泽县水利局", 2021),
    ("云泽县水利局二〇二一年政府信息公开工作年度报告", "云泽县水利局", 2021),
    ("云泽县水利局2021年信息公开工作年度报告。", "云泽县水利局", 2021),
    ("云泽县水利局政府信息公开工作2021年度报告", "云泽县水利局", 2021),
    ("首页 > 政务公开 > 年报\n云泽县水利局2021年政府信息公开工作年度报告", "云泽县水利局", 2021),
    ("云泽县水利局2021年政府信息公开工作年度报告\n2021年政府信息公开工作年度报告", "云泽县水利局", 2021),
    ("云泽县水利局政府信息公开工作年度报告", "云泽县水利局", None),
]


@pytest.mark.parametrize(("printed", "agency", "year"), TITLES)
def test_titles(printed, agency, year):
    report = parse(print_report("revised_2021", "a", title=printed))
    assert report.title.status == "found"
    assert (report.agency.name.value, report.agency.name.rule) == (agency, "title")
    for found in (report.title, report.agency.name):
        slices = "".join(report.text[span.start : span.end] for span in found.evidence)
        assert "".join(slices.split()) == found.value
    assert report.year.value == (year or 2021)
    assert report.sections[0].key == "preamble"


def test_a_title_without_agency_leaves_it_to_the_signature():
    report = parse(print_report("revised_2021", "a", title="2021年政府信息公开工作年度报告"))
    assert (report.agency.name.value, report.agency.name.rule) == ("云泽县柳湾镇人民政府", "signature")


AGENCIES_ELSEWHERE = [
    ("按照《条例》，现公布云泽县柳湾镇2021年政府信息公开工作年度报告。", "云泽县柳湾镇", "announced"),
    ("本报告由云泽县水利局编制，数据统计期限为2021年1月1日至12月31日。", "云泽县水利局", "compiler"),
    ("云泽县水利局根据条例写成本报告。", "云泽县水利局", "subject"),
    ("如有疑问，请与云泽县水利局联系。", "云泽县水利局", "contact"),
]


@pytest.mark.parametrize(("preamble", "agency", "rule"), AGENCIES_ELSEWHERE)
def test_agency_without_a_title(preamble, agency, rule):
    report = parse(print_report("revised_2021", "a", title="", preamble=preamble, signature=""))
    assert (report.title.status, report.agency.name.value, report.agency.name.rule) == ("missing", agency, rule)


def test_another_agency_in_the_signature_is_a_conflict_and_the_title_stands():
    report = parse(print_report("revised_2021", "a", signature="北岭乡人民政府\n2022年1月5日"))
    assert (report.agency.name.value, report.agency.name.status) == ("云泽县柳湾镇", "conflict")
    assert "agency_conflict" in {d.code for d in report.diagnostics}


YEARS = [
    # preamble, overview, year, status
    ("统计期限自2021年1月1日起至2021年12月31日止。", "2021年，镇里如常办理。", 2021, "found"),
    ("统计期限为2021 年 1 月 1 日至 12 月 31 日。", "镇里如常办理。", 2021, "found"),
    ("统计期限从2021年1月1日到2021年12月31日。", "2020年，镇里如常办理。", 2021, "conflict"),
    ("统计期限自20211月1日至202112月31日。", "镇里如常办理。", 2021, "found"),
    ("统计期限自202111日至20211231日。", "镇里如常办理。", 2021, "found"),
    ("依据国办公开办函〔2019〕60号和国务院令第711号写成。", "2021年，镇里如常办理。", 2021, "found"),
    ("写成本报告。", "镇里如常办理，2019年起设有公示栏。", 2021, "found"),
]


@pytest.mark.parametrize(("preamble", "overview", "year", "status"), YEARS)
def test_year(preamble, overview, year, status):
    report = parse(
        print_report(
            "revised_2021", "a", title="云泽县柳湾镇政府信息公开工作年度报告", preamble=preamble, overview=overview
        )
    )
    assert (report.year.value, report.year.status) == (year, status)


def test_a_glued_date_outside_the_data_period_is_no_year():
    preamble, overview = "编号20231月2日的来信已答复。", "镇里如常办理。"
    text = print_report(
        "revised_2021",
        "a",
        title="云泽县柳湾镇政府信息公开工作年度报告",
        preamble=preamble,
        overview=overview,
        signature="",
    )
    assert (parse(text).year.value, parse(text).year.status) == (None, "missing")


def test_what_the_container_says_fills_what_the_report_does_not():
    text = print_report("revised_2021", "a", title="", preamble="写成本报告。", overview="镇里如常办理。", signature="")
    report = parse(text, agency="云泽县水利局", year="2021")
    assert (report.agency.name.value, report.agency.name.rule) == ("云泽县水利局", "hint")
    assert (report.year.value, report.year.rule) == (2021, "hint")


LEVELS = [
    ("云泽县柳湾镇", "township", "government"),
    ("云泽县柳湾镇人民政府", "township", "government"),
    ("柳湾街道办事处", "township", "government"),
    ("云泽县人民政府", "county", "government"),
    ("云泽县财政局", "county", "department"),
    ("青澜市云泽区", "county", "government"),
    ("青澜市云泽区卫生健康局", "county", "department"),
    ("青澜省财政厅", "province", "department"),
    ("国家税务总局云泽县税务局", "county", "other"),
    ("云泽县经济开发区管理委员会", "county", "other"),
    ("云泽县供销合作社联合社", "county", "other"),
    ("青澜市", None, "government"),
    ("", None, None),
]


@pytest.mark.parametrize(("name", "level", "kind"), LEVELS)
def test_level_and_kind(name, level, kind):
    assert classify_agency(name) == (level, kind)


@pytest.mark.parametrize(
    ("text", "level"), [("督促各县区按月上报", "city"), ("指导各乡镇按月上报", "county"), ("", None)]
)
def test_a_bare_city_is_placed_by_whom_it_instructs(text, level):
    assert classify_agency("青澜市", text) == (level, "government")
