"""Headings, sections, signature: order and vocabulary together."""

from __future__ import annotations

import pytest

from gknlp.forms import load_forms
from tests.parse.documents import distinct_values, parse, print_report

SIX = ["overview", "proactive_table", "requests_table", "review_table", "problems_improvements", "other_matters"]


def keys(report):
    return [section.key for section in report.sections]


HEADING_SLIPS = [
    ("一、总体情况", "一 、 总体情况", "overview"),
    ("一、总体情况", "一、概述", "overview"),
    ("一、总体情况", "1、 总体情况", "overview"),
    ("一、总体情况", "（一）总体情况", "overview"),
    ("一、总体情况", "第一部分 总体情况", "overview"),
    ("一、总体情况", "　　一、总体情况：", "overview"),
    ("一、总体情况", "总体情况", "overview"),
    ("二、主动公开政府信息情况", "二、主动公开政府信息的情况", "proactive_table"),
    ("三、收到和处理政府信息公开申请情况", "三、收到和处理政府信息公开申请的情况", "requests_table"),
    ("四、政府信息公开行政复议、行政诉讼情况", "四、政府信息公开行政复议、\n行政诉讼情况", "review_table"),
    (
        "四、政府信息公开行政复议、行政诉讼情况",
        "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        "review_table",
    ),
    ("五、存在的主要问题及改进情况", "五、存在的主要问题及改进", "problems_improvements"),
    ("五、存在的主要问题及改进情况", "5、存在的主要问题及改进情况", "problems_improvements"),
    ("六、其他需要报告的事项", "六、其它需要报告的事项", "other_matters"),
    ("六、其他需要报告的事项", "七、其他需要报告的事项", "other_matters"),
]


@pytest.mark.parametrize(("printed", "slip", "key"), HEADING_SLIPS)
def test_headings_despite_slips(printed, slip, key):
    report = parse(print_report("revised_2021", "a").replace(printed, slip, 1))
    assert keys(report) == ["preamble", *SIX, "signature"]
    section = next(s for s in report.sections if s.key == key)
    assert section.heading.strip() == slip.strip(" 　")
    assert all(cell.value == 0 for cell in report.cells)


PREAMBLES = [
    "全文由总体情况，主动公开政府信息情况，收到和处理政府信息公开申请情况，政府信息公开行政复议、行政诉讼情况，存在的主要问题及改进情况，其他需要报告的事项六部分组成。",
    "全文由一、总体情况；二、主动公开政府信息情况；三、收到和处理政府信息公开申请情况；四、政府信息公开行政复议、行政诉讼情况；五、存在的主要问题及改进情况；六、其他需要报告的事项组成。",
]


@pytest.mark.parametrize("preamble", PREAMBLES)
def test_a_preamble_that_lists_the_sections_opens_none_of_them(preamble):
    report = parse(print_report("revised_2021", "b", preamble=preamble))
    assert keys(report) == ["preamble", *SIX, "signature"]
    first = report.sections[0]
    assert preamble in report.text[first.span.start : first.span.end]


def test_the_whole_report_on_one_line():
    text = print_report("revised_2021", "a", preamble=PREAMBLES[0])
    head, tail = text.split("二、主动公开政府信息情况\n")[0], "五、存在的主要问题" + text.split("五、存在的主要问题")[1]
    flat = (
        head
        + "二、主动公开政府信息情况 三、收到和处理政府信息公开申请情况 四、政府信息公开行政复议、行政诉讼情况 "
        + tail
    ).replace("\n", " ")
    assert keys(parse(flat))[-7:] == [*SIX, "signature"] or keys(parse(flat))[-6:] == SIX


def test_numbered_problems_open_no_sections():
    problems = "一、栏目更新偏慢。二、主动公开的意识不强。三、收到的申请答复不够规范。下一步，镇里将逐项整改。"
    report = parse(print_report("trial_2019", "e", problems=problems))
    assert keys(report) == ["preamble", *SIX, "signature"]


def test_order_is_kept_and_what_is_missing_is_said():
    text = print_report("revised_2021", "a").replace("五、存在的主要问题及改进情况\n", "")
    report = parse(text)
    assert "problems_improvements" not in keys(report)
    assert [(d.code, d.expected) for d in report.diagnostics] == [("section_missing", "五、存在的主要问题及改进情况")]


SIGNATURES = [
    ("云泽县柳湾镇人民政府\n2022年1月20日", "云泽县柳湾镇人民政府\n2022年1月20日"),
    ("          云泽县柳湾镇人民政府          2022年1月20日\n1", "云泽县柳湾镇人民政府          2022年1月20日\n1"),
    ("二〇二二年一月二十日", "二〇二二年一月二十日"),
    ("2022 年 1 月 20 日", "2022 年 1 月 20 日"),
]


@pytest.mark.parametrize(("printed", "expected"), SIGNATURES)
def test_signature_stands_apart(printed, expected):
    report = parse(print_report("revised_2021", "a", signature=printed))
    last = report.sections[-1]
    assert (last.key, report.text[last.span.start : last.span.end]) == ("signature", expected)
    assert all(unit.section != "signature" for unit in report.units)


def test_without_a_signature_there_is_no_signature_section():
    assert keys(parse(print_report("revised_2021", "a", signature="")))[-1] == "other_matters"


FREE_ORDER = """云泽县水利局2015年政府信息公开工作年度报告
依照条例写成本报告，统计期限为2015年1月1日至12月31日。
一、概述
水利局在政务公开方面设有专栏，政府信息公开由办公室经办。
二、主动公开政府信息的情况
全年挂出消息五十一条。
三、依申请公开政府信息情况
全年没有人提出申请。
四、政府信息公开的收费及减免情况
没有收费。
五、存在的主要问题和改进措施
更新偏慢。下一步将按月核对。
"""


def test_a_report_before_2019_is_read_by_its_own_headings():
    report = parse(FREE_ORDER)
    assert (report.form.value, report.year.value) == ("legacy_2008", 2015)
    assert keys(report) == ["preamble", "summary", "proactive", "on_request", "fees_waivers", "problems_improvements"]


NOT_REPORTS = [
    ("", "empty text"),
    (" \n\u3000\n", "empty text"),
    ("Annual report of nothing in particular", "not a report: hardly any Chinese text"),
    (
        "柳湾镇今天举行了一场热闹的采茶比赛，来自各村的队伍先后登场，评委从速度与品质两方面打分，最后北坡队以微弱优势胜出，全场观众鼓掌祝贺。",
        "not a report: it does not speak of government information disclosure",
    ),
    (
        "柳湾镇召开会议布置政务公开。会上说到政府信息公开要做细做实，各村都要有人经手，年底逐村查看，查到问题当场指出并限期改好，改得好的在全镇会上说一说。",
        "not a report: neither a report's title nor three of its sections",
    ),
]


@pytest.mark.parametrize(("text", "reason"), NOT_REPORTS)
def test_what_is_no_report_says_why(text, reason):
    report = parse(text)
    assert [d.found for d in report.diagnostics if d.code == "not_a_report"] == [reason]


LOOK_ALIKES = [
    ("云泽县水利局2021年政府信息公开工作年度报告解读", "not a report: an explanation (解读) of a report"),
    ("一图读懂：云泽县2021年政府信息公开工作年度报告", "not a report: an explanation (解读) of a report"),
    ("云泽学院2020-2021学年信息公开工作年度报告", "not a report: a university's report of a school year (学年)"),
    ("xx镇201x年政府信息公开工作年度报告", "not a report: a model text (范文) with placeholders"),
    ("某某县2021年政府信息公开工作年度报告", "not a report: a model text (范文) with placeholders"),
]


@pytest.mark.parametrize(("title", "reason"), LOOK_ALIKES)
def test_look_alikes_are_kept_out_with_their_reason(title, reason):
    report = parse(print_report("revised_2021", "a", title=title))
    assert [d.found for d in report.diagnostics if d.code == "not_a_report"] == [reason]


def test_a_report_that_speaks_of_explaining_policies_is_a_report():
    report = parse(print_report("revised_2021", "a", overview="2021年，镇里为每份文件配了政策解读。"))
    assert report.diagnostics == ()


def test_two_reports_in_one_file_are_never_mixed():
    first = print_report("revised_2021", "a")
    second = print_report(
        "trial_2019", "e", distinct_values(load_forms()["trial_2019"]), title="北岭乡2019年政府信息公开工作年度报告"
    )
    report = parse(first + "\n\n" + second)
    assert (report.agency.name.value, report.year.value, report.form.value) == ("云泽县柳湾镇", 2021, "revised_2021")
    assert all(cell.value == 0 for cell in report.cells)
    flag = next(d for d in report.diagnostics if d.code == "second_report")
    assert (flag.severity, report.text[flag.span.start :][:8]) == ("error", "北岭乡2019年")
    assert keys(report) == ["preamble", *SIX, "signature"]
    assert all(unit.span.end <= flag.span.start for unit in report.units)


def test_a_report_printed_twice_is_told_too():
    whole = print_report("revised_2021", "b")
    assert "second_report" in {d.code for d in parse(whole + "\n" + whole).diagnostics}
