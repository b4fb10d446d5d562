"""What the narrative says in numbers against the tables: every rule failing, passing, not assessable, and what is no claim."""

from __future__ import annotations

import time

import pytest

from gknlp.audit.checks.prose import compile_pattern, freeze_words, read_count
from gknlp.audit.view import ReportView
from gknlp.records import Span
from tests.audit.printed_views import RULES, check, hostile, outcomes, patterns_of, quoted, view_report

NEW, IN, OUT = "t3/new_requests/total", "t3/carried_in/total", "t3/carried_out/total"
DONE, REVIEW = "t3/outcome_total/total", "t4/review/total"
DIRECT, AFTER = "t4/litigation_direct/total", "t4/litigation_after_review/total"
ISSUED, MADE = "t2/normative_documents/issued", "t2/normative_documents/newly_made"
NOTHING = {}

# rule, sentence of the overview, cells, (outcome, table's number, claim's number) of the claims in order
CASES = [
    # R701: requests received
    ("R701", "镇里全年收到政府信息公开申请5件。", {NEW: "5"}, [("pass", 5, 5)]),
    ("R701", "镇里全年收到政府信息公开申请5件。", {NEW: "4"}, [("fail", 4, 5)]),
    ("R701", "镇里全年收到政府信息公开申请5件。", {NEW: "/"}, [("not_assessable", None, 5)]),
    ("R701", "镇里没有谈到这方面的数字。", {NEW: "4"}, NOTHING),
    ("R701", "依申请公开方面，共收到申请六件，含转来的一件。", {NEW: "5", IN: "1"}, [("pass", 6, 6)]),
    ("R701", "新收信息公开申请十二件。", {NEW: "12"}, [("pass", 12, 12)]),
    ("R701", "受理依申请公开申请两件。", {NEW: "3"}, [("fail", 3, 2)]),
    ("R701", "接到1,204件政府信息公开申请。", {NEW: "1204"}, [("pass", 1204, 1204)]),
    ("R701", "收到公民、法人和其他组织提出的政府信息公开申请 ２ 件。", {NEW: "2"}, [("pass", 2, 2)]),
    ("R701", "镇里对外公布的事项中，共受理低保申请25件。", {NEW: "2"}, NOTHING),
    ("R701", "便民大厅收到宅基地申请14件，结果已公开。", {NEW: "2"}, NOTHING),
    (
        "R701",
        "收到信息公开申请5件，其中收到网络申请3件、信函申请2件。",
        {NEW: "5"},
        [("pass", 5, 5)],
    ),
    ("R701", "通过信函收到信息公开申请3件。", {NEW: "5"}, NOTHING),
    ("R701", "上年收到信息公开申请9件。", {NEW: "5"}, NOTHING),
    ("R701", "2020年收到信息公开申请9件，2021年收到信息公开申请5件。", {NEW: "5"}, [("pass", 5, 5)]),
    ("R701", "上半年收到信息公开申请2件。", {NEW: "5"}, NOTHING),
    ("R701", "收到信息公开申请比上年增加2件。", {NEW: "5"}, NOTHING),
    ("R701", "收到信息公开申请5件，同比减少4件。", {NEW: "5"}, [("pass", 5, 5)]),
    ("R701", "收到信息公开申请30余件。", {NEW: "34"}, NOTHING),
    ("R701", "各部门共收到信息公开申请40件。", {NEW: "5"}, [("not_assessable", 5, 40)]),
    ("R701", "各部门共收到信息公开申请5件。", {NEW: "5"}, [("pass", 5, 5)]),
    ("R701", "全县共收到信息公开申请40件。", {NEW: "5"}, [("not_assessable", 5, 40)]),
    ("R701", "展板上写着“收到信息公开申请9件”的字样。", {NEW: "5"}, NOTHING),
    # R702: none received
    ("R702", "本年度未收到政府信息公开申请。", {NEW: "0"}, [("pass", 0, 0)]),
    ("R702", "本年度未收到政府信息公开申请。", {NEW: "3"}, [("fail", 3, 0)]),
    ("R702", "镇里没有收到任何公开申请。", {NEW: "1"}, [("fail", 1, 0)]),
    ("R702", "收到信息公开申请0件。", {NEW: "2"}, [("fail", 2, 0)]),
    ("R702", "全年无信息公开申请。", {NEW: "0"}, [("pass", 0, 0)]),
    ("R702", "本年度未收到政府信息公开申请。", {NEW: "/"}, [("not_assessable", None, 0)]),
    ("R702", "未收到政府信息公开申请人的投诉。", {NEW: "3"}, NOTHING),
    ("R702", "没有收到因公开申请引发的投诉。", {NEW: "3"}, NOTHING),
    ("R702", "上年未收到信息公开申请。", {NEW: "3"}, NOTHING),
    ("R702", "其中通过信函未收到信息公开申请。", {NEW: "3"}, NOTHING),
    ("R702", "没有收到低保申请。", {NEW: "3"}, NOTHING),
    # R703: reviews
    ("R703", "因信息公开被申请行政复议1件。", {REVIEW: "1"}, [("pass", 1, 1)]),
    ("R703", "因信息公开被申请行政复议一件。", {REVIEW: "0"}, [("fail", 0, 1)]),
    ("R703", "因信息公开被申请行政复议1件。", {REVIEW: "/"}, [("not_assessable", None, 1)]),
    ("R703", "发生信息公开行政复议和行政诉讼案件共3件。", {REVIEW: "1", DIRECT: "1", AFTER: "1"}, [("pass", 3, 3)]),
    ("R703", "发生信息公开行政复议和行政诉讼案件共3件。", {REVIEW: "1"}, [("fail", 1, 3)]),
    ("R703", "行政复议、行政诉讼各1件。", {REVIEW: "1", DIRECT: "1"}, [("pass", 1, 1)]),
    ("R703", "未发生因信息公开引起的行政复议和行政诉讼。", {REVIEW: "2"}, [("fail", 2, 0)]),
    ("R703", "未发生因信息公开引起的行政复议和行政诉讼。", {REVIEW: "0"}, [("pass", 0, 0)]),
    ("R703", "复议与诉讼两栏全年为空。", {REVIEW: "0"}, [("pass", 0, 0)]),
    ("R703", "信息公开引发1起行政复议。", {REVIEW: "1"}, [("pass", 1, 1)]),
    ("R703", "未发生行政复议被纠错的情形。", {REVIEW: "2"}, NOTHING),
    ("R703", "局里审理行政复议案件35件。", {REVIEW: "0"}, NOTHING),
    ("R703", "上年发生行政复议4件。", {REVIEW: "0"}, NOTHING),
    ("R703", "行政复议较上年减少2件。", {REVIEW: "0"}, NOTHING),
    ("R703", "镇里没有谈到这方面的数字。", {REVIEW: "0"}, NOTHING),
    # R704: lawsuits
    ("R704", "行政诉讼2件。", {DIRECT: "1", AFTER: "1"}, [("pass", 2, 2)]),
    ("R704", "行政诉讼2件。", {DIRECT: "1"}, [("fail", 1, 2)]),
    ("R704", "行政诉讼2件。", {DIRECT: "/"}, [("not_assessable", None, 2)]),
    ("R704", "行政复议3件、行政诉讼1件。", {REVIEW: "3", DIRECT: "1"}, [("pass", 1, 1)]),
    ("R704", "行政复议和行政诉讼共3件。", {REVIEW: "3"}, NOTHING),
    ("R704", "行政复议、行政诉讼各1件。", {REVIEW: "1"}, [("fail", 0, 1)]),
    ("R704", "当年没有因公开工作被申请复议，也没有被提起诉讼。", {DIRECT: "1"}, [("fail", 1, 0)]),
    ("R704", "未发生因信息公开引起的行政复议和行政诉讼。", {}, [("pass", 0, 0)]),
    ("R704", "未发生行政诉讼败诉案件。", {DIRECT: "1"}, NOTHING),
    ("R704", "出庭应诉行政诉讼6件。", {}, NOTHING),
    # R705: normative documents
    ("R705", "镇里制发规范性文件3件。", {ISSUED: "3"}, [("pass", 3, 3)]),
    ("R705", "镇里制发规范性文件3件。", {ISSUED: "2"}, [("fail", 2, 3)]),
    ("R705", "镇里制发规范性文件3件。", {ISSUED: "/"}, [("not_assessable", None, 3)]),
    ("R705", "出台两件行政规范性文件。", {ISSUED: "2"}, [("pass", 2, 2)]),
    ("R705", "我镇没有制定规范性文件。", {ISSUED: "1"}, [("fail", 1, 0)]),
    ("R705", "公开规范性文件8件。", {ISSUED: "1"}, NOTHING),
    ("R705", "清理规范性文件8件，废止2件。", {ISSUED: "1"}, NOTHING),
    ("R705", "学习县政府印发的规范性文件4件。", {ISSUED: "1"}, NOTHING),
    ("R705", "未制定规范性文件管理制度。", {ISSUED: "1"}, NOTHING),
    # R706: answers
    ("R706", "收到申请5件，办结4件。", {NEW: "5", DONE: "4"}, [("pass", 4, 4)]),
    ("R706", "收到申请5件，办结5件。", {NEW: "5", DONE: "4"}, [("fail", 4, 5)]),
    ("R706", "收到申请5件，办结5件。", {DONE: "/"}, [("not_assessable", None, 5)]),
    ("R706", "办结政策咨询类来电63件。", {DONE: "4"}, NOTHING),
    ("R706", "收到人大建议6件，办结6件。", {DONE: "4"}, NOTHING),
    ("R706", "收到信息公开申请5件，处理网友留言后答复9件。", {DONE: "4"}, NOTHING),
    (
        "R706",
        "收到申请5件，按期答复3件、延期答复1件。",
        {DONE: "4"},
        [("not_assessable", 4, 3), ("not_assessable", 4, 1)],
    ),
    ("R706", "对收到的公开申请均按时答复。", {NEW: "0"}, [("fail", 0, 0)]),
    ("R706", "对收到的公开申请均按时答复。", {NEW: "2"}, [("pass", 2, 0)]),
    # R707: carried over
    ("R707", "结转下年继续办理2件。", {OUT: "2"}, [("pass", 2, 2)]),
    ("R707", "结转下年继续办理2件。", {OUT: "1"}, [("fail", 1, 2)]),
    ("R707", "结转下年继续办理2件。", {OUT: "/"}, [("not_assessable", None, 2)]),
    ("R707", "上年结转三件，已全部答复。", {IN: "3", OUT: "1"}, [("pass", 3, 3)]),
    ("R707", "上年结转三件，已全部答复。", {IN: "0", OUT: "3"}, [("fail", 0, 3)]),
    ("R707", "结转1件。", {IN: "1"}, [("pass", 1, 1)]),
    ("R707", "项目资金结转2件。", {OUT: "1"}, NOTHING),
    ("R707", "没有结转下年度的申请。", {OUT: "1"}, [("fail", 1, 0)]),
]


@pytest.mark.parametrize(("rule", "sentence", "cells", "expected"), CASES)
def test_claims(rule, sentence, cells, expected):
    view = view_report(cells=cells, overview=f"2021年，柳湾镇照常办公。\n（一）依申请公开\n{sentence}")
    found = outcomes(rule, view)
    if expected is NOTHING:
        assert found == {"no_claim": ("not_assessable", None, None)}
    else:
        assert list(found.values()) == expected


def test_a_claim_on_documents_is_compared_with_the_column_of_its_form():
    view = view_report("trial_2019", cells={MADE: "3"}, overview="2019年，镇里制发规范性文件3件。")
    assert outcomes("R705", view) == {"claim_1": ("pass", 3, 3)}


def test_the_whole_county_is_the_own_circle_of_its_government():
    parts = {"title": "云泽县人民政府2021年政府信息公开工作年度报告", "signature": "云泽县人民政府\n2022年1月20日"}
    view = view_report(cells={NEW: "5"}, overview="2021年，全县共收到信息公开申请40件。", **parts)
    assert outcomes("R701", view) == {"claim_1": ("fail", 5, 40)}


def test_spans_show_the_claim_and_the_cell():
    view = view_report(cells={NEW: "4"}, overview="2021年，镇里收到信息公开 申请 5 件。")
    (finding,) = check("R701", view)
    assert quoted(view, finding) == ["收到信息公开申请5件", "4"]


PARTS = [
    ("公布各类消息100条，其中网站60条、公众号30条、公示栏10条。", ("pass", 100, 100)),
    ("公布各类消息100条，其中网站60条、公众号30条、公示栏7条。", ("fail", 100, 97)),
    ("公布各类消息100条，其中：网站60条；公众号30条；公示栏10条。", ("pass", 100, 100)),
    ("公布各类消息100条，其中网站60条（含转载12条）、公众号40条。", ("pass", 100, 100)),
    ("收到申请十二件，其中网络十件、信函两件，办结12件。", ("pass", 12, 12)),
    ("公布各类消息100条，其中网站60条、公众号70条。", ("fail", 100, 130)),
    ("收到申请5件，其中网络申请6件。", ("fail", 5, 6)),
    ("公布各类消息1072条，其中政策20条、重点领域30条。", ("not_assessable", 1072, 50)),
    ("公布各类消息100条，其中网站60条、公众号30条等。", ("not_assessable", 100, 90)),
    ("收到申请5件，其中网络申请3件。", None),
    ("公布各类消息约100条，其中网站60条、公众号30条。", None),
    ("公布各类消息100条，其中办理复议2件、诉讼1件。", None),
    ("自然人占60%、企业占30%、其他占9.9%。", ("pass", 100, 99.9)),
    ("自然人占60%、企业占30%、其他占5%。", ("fail", 100, 95)),
    ("网站占12%、公众号占8%、公示栏占5%。", ("not_assessable", 100, 25)),
    ("网站同比增长60%、公众号增长30%、公示栏增长5%。", None),
]


@pytest.mark.parametrize(("sentence", "expected"), PARTS)
def test_listed_parts_and_shares(sentence, expected):
    found = outcomes("R708", view_report(overview=f"2021年，柳湾镇照常办公。{sentence}"))
    if expected is None:
        assert found == {"no_list": ("not_assessable", None, None)}
    else:
        assert list(found.values()) == [expected]


def test_a_report_without_narrative_has_no_claim():
    view = view_report(overview="", problems="", other="", preamble="")
    for rule in ("R701", "R702", "R703", "R704", "R705", "R706", "R707", "R708"):
        assert [f.outcome for f in check(rule, view)] == ["not_assessable"]


@pytest.mark.parametrize(
    ("raw", "count"),
    [
        ("0", 0),
        ("1,204", 1204),
        ("两", 2),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("三百零五", 305),
        ("一千二百", 1200),
    ],
)
def test_counts(raw, count):
    assert read_count(raw) == count


@pytest.mark.parametrize("raw", ["百", "百二", "十十", "一二", "一百二", "三百五", "零十"])
def test_what_is_no_sure_count_is_none(raw):
    assert read_count(raw) is None


@pytest.mark.nightly
@pytest.mark.parametrize("rule", sorted(rule for rule in RULES if rule.startswith(("R7", "R8"))))
def test_every_pattern_takes_time_in_proportion_to_its_text(rule):
    details = RULES[rule].details
    words = freeze_words(details)
    for raw in patterns_of(details):
        pattern = compile_pattern(raw, words)
        taken = [_time(pattern, n) for n in (4_000, 8_000, 16_000)]
        assert taken[2] < max(0.05, 6 * taken[0]), raw


@pytest.mark.nightly
@pytest.mark.parametrize("rule", sorted(rule for rule in RULES if rule.startswith(("R7", "R8"))))
def test_every_check_takes_time_in_proportion_to_its_text(rule):
    assert _time_check(rule, 16_000) < max(1.0, 10 * _time_check(rule, 4_000))


def _time_check(rule, n):
    slowest = 0.0
    for text in hostile(n):
        unit = {"section": "overview", "part": None, "heading": "", "text": text, "start": 0, "end": len(text)}
        view = ReportView(
            doc_id="d",
            form="revised_2021",
            year=2021,
            agency="云泽县柳湾镇",
            text=text,
            units=(unit,),
            sections={key: Span(0, len(text)) for key in ("preamble", "overview", "other_matters")},
        )
        start = time.process_time()
        check(rule, view)
        slowest = max(slowest, time.process_time() - start)
    return slowest


def _time(pattern, n):
    def once(text):
        start = time.process_time()
        for _ in pattern.finditer(text):
            pass
        return time.process_time() - start

    return max(min(once(text) for _ in range(2)) for text in hostile(n))
