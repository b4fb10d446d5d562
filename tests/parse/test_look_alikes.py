"""Look-alikes and hijacked copies are kept out with their reason; honest reports of similar words are not."""

from __future__ import annotations

import pytest

from gknlp.parse.hijack import check_host
from tests.parse.documents import parse, print_report

EXPLANATION = "not a report: an explanation (解读) of a report"
SCHOOL_YEAR = "not a report: a university's report of a school year (学年)"
MODEL = "not a report: a model text (范文) with placeholders"
ENTRY = "not a report: an encyclopaedia's entry (词条) on the reports"


def refusals(report):
    return [note.found for note in report.diagnostics if note.code == "not_a_report"]


TITLES = [
    ("《云泽县2021年政府信息公开工作年度报告》解读", EXPLANATION),
    ("《云泽县2021年政府信息公开工作年度报告》政策解读", EXPLANATION),
    ("关于《云泽县2021年政府信息公开工作年度报告》的文字解读", EXPLANATION),
    ("云泽县2021年政府信息公开工作年度报告（图文解读）", EXPLANATION),
    ("云泽县2021年政府信息公开年报图解", EXPLANATION),
    ("图解丨云泽县2021年政府信息公开工作年度报告", EXPLANATION),
    ("解读《云泽县2021年政府信息公开工作年度报告》", EXPLANATION),
    ("云泽学院2020—2021学年信息公开工作年度报告", SCHOOL_YEAR),
    ("云泽学院2020至2021学年度\n信息公开年度报告", SCHOOL_YEAR),
    ("云泽学院2020/2021学年校务信息公开工作报告", SCHOOL_YEAR),
    ("云泽学院学年信息公开工作年度报告", SCHOOL_YEAR),
    ("×××县2021年政府信息公开工作年度报告", MODEL),
    ("云泽县20XX年政府信息公开工作年度报告", MODEL),
    ("云泽县20**年政府信息公开工作年度报告", MODEL),
    ("（单位名称）2021年政府信息公开工作年度报告", MODEL),
    ("2021年乡镇政府信息公开工作年度报告范文", MODEL),
    ("2021年政府信息公开工作年度报告（通用范本）", MODEL),
]


@pytest.mark.parametrize(("title", "reason"), TITLES)
def test_look_alikes_by_their_title(title, reason):
    assert refusals(parse(print_report("revised_2021", "a", title=title))) == [reason]


def test_a_university_is_told_by_the_months_it_counts():
    period = "本报告所列数据统计期限自2020年9月1日起至2021年8月31日止，条例要求的信息公开事项均已列入。"
    report = parse(print_report("revised_2021", "a", title="云泽学院信息公开工作年度报告", preamble=period))
    assert refusals(report) == [SCHOOL_YEAR]


@pytest.mark.parametrize(
    "opening",
    [
        "政府信息公开工作年度报告是指行政机关每年向社会说明政府信息公开办理情况的文书，由各机关自行写成。",
        "政府信息公开工作年度报告（简称年报），是各级行政机关就政府信息公开写成的文书，每年一份，向社会发布。",
        "政府信息公开工作年度报告又称年报，是行政机关的一类文书，说的是上一年政府信息公开做了哪些事。",
    ],
)
def test_an_encyclopaedia_s_entry_is_no_report(opening):
    assert refusals(parse(f"政府信息公开工作年度报告\n{opening}\n词条目录\n1 由来\n2 写法\n3 参考")) == [ENTRY]


HONEST = [
    {"overview": "2021年，镇里发布2021-2022学年义务教育招生办法，并为年度报告配了解读。"},
    {"title": "首页 政府信息公开年度报告 政策解读 回应关切\n云泽县柳湾镇2021年政府信息公开工作年度报告"},
    {"title": "政府信息公开年度报告政策解读回应关切\n云泽县柳湾镇2021年政府信息公开工作年度报告"},
    {
        "preamble": "本报告按省里下发的2021年政府信息公开工作年度报告模板写成，统计期限自2021年1月1日起至2021年12月31日止。"
    },
    {"preamble": "本年度报告是各站所数据汇总而成。统计期限自2021年1月1日起至2021年12月31日止。"},
    {"title": "云泽县政策解读中心2021年政府信息公开工作年度报告"},
    {"title": "云泽学院2021年信息公开工作年度报告"},
    {"overview": "2021年，**镇里办了两期业务讲座**，联系电话为XXXX-1234。"},
]


@pytest.mark.parametrize("parts", HONEST)
def test_honest_reports_of_similar_words_are_kept(parts):
    assert refusals(parse(print_report("revised_2021", "a", **parts))) == []


PHRASE = "政府信息公开"


@pytest.mark.parametrize("word", ["星海乐园", "ABC88体育", "南山茶业官网"])
def test_a_hijacked_copy_is_kept_out_with_its_word(word):
    report = parse(print_report("revised_2021", "a").replace(PHRASE, word))
    assert refusals(report) == [f"not a report: a hijacked copy, {word} stands where the official phrase belongs"]
    flags = [note for note in report.diagnostics if note.code == "falsified_heading"]
    assert [(note.severity, note.expected, note.found) for note in flags] == [("warning", PHRASE, word)] * 2
    assert [report.text[note.span.start : note.span.end] for note in flags] == [word] * 2


HALF_HIJACKED = [
    [("处理政府信息公开申请", "处理星海乐园申请"), ("2021年政府信息公开", "2021年星海乐园")],
    [("处理政府信息公开申请", "处理星海乐园申请"), ("共和国政府信息公开条例", "共和国星海乐园条例")],
    [("四、政府信息公开", "四、星海乐园"), ("处理政府信息公开申请", "处理星海乐园申请")],
    [("主动公开政府信息情况", "主动公开星海乐园情况"), ("处理政府信息公开申请", "处理星海乐园申请")],
    [("2021年政府信息公开", "2021年星海乐园"), ("条例》写", "条例》（星海乐园令第711号）写")],
]


@pytest.mark.parametrize("changes", HALF_HIJACKED)
def test_one_foreign_word_in_two_kinds_of_place_is_a_hijack(changes):
    text = print_report("revised_2021", "a")
    if "711" in changes[1][1]:
        text = text.replace("中华人民共和国政府信息公开条例", "中华人民共和国星海乐园条例")
    for honest, false in changes:
        assert honest in text
        text = text.replace(honest, false)
    assert refusals(parse(text)) == ["not a report: a hijacked copy, 星海乐园 stands where the official phrase belongs"]


def test_a_foreign_word_in_one_heading_is_told_and_the_report_kept():
    report = parse(print_report("revised_2021", "a").replace("处理政府信息公开申请情况", "处理星海乐园申请情况"))
    assert refusals(report) == []
    assert [note.found for note in report.diagnostics if note.code == "falsified_heading"] == ["星海乐园"]


VARIANTS = [
    "政务公开", "信息公开", "政府信息", "府信息公开", "政府信公开", "政府信息公升", "政付信息公开", "依申请公开", "", "公民、法人和其他组织政府信息公开",
    "政府信息公开公开", "群众", "社会公众", "本年度政府信息公开", "各类", "政务信息公开", "网上", "信访投诉",
]  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
def test_slips_and_usual_variants_are_no_falsification(variant):
    text = print_report("revised_2021", "a").replace("处理政府信息公开申请情况", f"处理{variant}申请情况")
    report = parse(text.replace("四、政府信息公开", f"四、{variant}"))
    assert {note.code for note in report.diagnostics} & {"falsified_heading", "not_a_report"} == set()


def test_an_agency_behind_the_year_is_no_foreign_word():
    preamble = (
        "《中华人民共和国政府信息公开条例》《不动产登记暂行条例》《云泽省档案条例》均是依据，现公布2021年云泽县财政局工作年度报告。"
        "统计期限自2021年1月1日起至2021年12月31日止。"
    )
    title = "2021年云泽县财政局政府信息公开工作年度报告"
    report = parse(print_report("revised_2021", "a", title=title, preamble=preamble))
    assert {note.code for note in report.diagnostics} & {"falsified_heading", "not_a_report"} == set()


HOSTS = [
    ("http://www.example.gov.cn/a.html", None),
    ("https://zwgk.example.gov.cn:8443/a", None),
    ("WWW.EXAMPLE.GOV.CN/a", None),
    ("http://192.0.2.7:8080/a", None),
    ("http://[2001:db8::7]/a", None),
    ("http://www.example.gov.cn.evil.example/a", "www.example.gov.cn.evil.example"),
    ("http://examplegov.cn/a", "examplegov.cn"),
    ("https://user@mirror.example:99/a?b=.gov.cn", "mirror.example"),
    ("//mirror.example/a", "mirror.example"),
    ("", None),
    ("not an address", None),
]


@pytest.mark.parametrize(("url", "host"), HOSTS)
def test_hosts(url, host):
    assert [(note.code, note.severity, note.found) for note in check_host({"url": url})] == (
        [("not_government_host", "info", host)] if host else []
    )


def test_a_report_on_a_mirror_is_kept_and_told():
    report = parse(print_report("revised_2021", "a"), url="http://mirror.example/a.html")
    assert [(note.code, note.found) for note in report.diagnostics] == [("not_government_host", "mirror.example")]
