"""Every shipped rule has a case that fails, one that passes and one that cannot be assessed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gknlp.audit.view import ReportView
from tests.audit import test_audit, test_audit_cells, test_audit_claims, test_audit_cross_year
from tests.audit.printed_views import RULES, outcomes, view_report, view_text
from tests.parse.documents import print_report

OUTCOMES = {"fail", "pass", "not_assessable"}
COUNTY = {"title": "云泽县财政局2021年政府信息公开工作年度报告", "signature": "云泽县财政局\n2022年1月20日"}
UNPAID = {"t3/other_fee_unpaid/total": "1"}
LISTED = "本报告包括总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况，共六个部分。"
STALE = "本报告包括概述、主动公开政府信息情况、收费及减免情况、复议和诉讼情况，共六个部分。"


def bare(form="revised_2021"):
    return ReportView(doc_id="d", form=form, year=2021)


def without_sections():
    return replace(view_report(), sections={})


SIGNS = [
    # rule, instance, outcome, the report
    ("R306", "", "pass", lambda: view_report(cells=UNPAID, other="镇里寄出收费通知1份，对方逾期未缴。")),
    ("R306", "", "fail", lambda: view_report(cells=UNPAID, other="镇里没有其他事项。")),
    ("R306", "", "not_assessable", lambda: view_report(cells={"t3/other_fee_unpaid/total": "/"})),
    ("R801", "title", "pass", view_report),
    ("R801", "title", "fail", lambda: view_report(title="云泽县柳湾镇2020年政府信息公开工作年度报告")),
    ("R801", "published", "not_assessable", view_report),
    ("R802", "plan_1", "pass", lambda: view_report(problems="栏目偏少。2022年，我镇将增设栏目。")),
    ("R802", "plan_1", "fail", lambda: view_report(problems="栏目偏少。2021年，我镇将增设栏目。")),
    ("R802", "no_plan", "not_assessable", lambda: view_report(problems="栏目偏少。下一步将增设栏目。")),
    ("R803", "data_period", "pass", lambda: view_report(preamble="统计期限自2021年1月1日起至2021年12月31日止。")),
    ("R803", "data_period", "fail", lambda: view_report(preamble="统计期限自2021年1月1日起至2021年11月30日止。")),
    ("R803", "data_period", "not_assessable", lambda: view_report(preamble="本报告按格式写成。")),
    ("R804", "form", "pass", view_report),
    ("R804", "form", "fail", lambda: replace(view_report("trial_2019"), year=2021)),
    ("R804", "form", "not_assessable", lambda: replace(view_report(), year=None)),
    ("R805", "notice", "pass", lambda: view_report(preamble="按国办公开办函〔2021〕30号写成。")),
    ("R805", "notice", "fail", lambda: view_report(preamble="按国办公开办函〔2019〕60号写成。")),
    ("R805", "notice", "not_assessable", lambda: view_report(preamble="本报告按格式写成。")),
    ("R806", "other_matters", "pass", view_report),
    (
        "R806",
        "other_matters",
        "fail",
        lambda: view_text(print_report("revised_2021", "a").replace("六、其他需要报告的事项\n", "")),
    ),
    ("R806", "other_matters", "not_assessable", bare),
    ("R807", "platform", "pass", lambda: view_report(overview="2021年，镇里的公众号照常更新。")),
    ("R807", "platform", "fail", lambda: view_report(overview="2021年，柳湾镇照常办公。")),
    ("R807", "platform", "not_assessable", without_sections),
    ("R808", "fee", "pass", lambda: view_report(other="镇里全年没有收取信息处理费。")),
    ("R808", "fee", "fail", lambda: view_report(other="镇里没有别的事项。")),
    ("R808", "fee", "not_assessable", without_sections),
    ("R809", "problems", "pass", lambda: view_report(problems="存在的问题：栏目偏少，更新不勤。")),
    ("R809", "problems", "fail", lambda: view_report(problems="无。")),
    ("R809", "problems", "not_assessable", without_sections),
    ("R810", "published", "pass", lambda: view_report(hints={"published": "2022-01-25"}, **COUNTY)),
    ("R810", "published", "fail", lambda: view_report(hints={"published": "2022-02-25"}, **COUNTY)),
    ("R810", "published", "not_assessable", lambda: view_report(hints={"published": "2022-02-25"})),
    ("R811", "own", "pass", lambda: view_report(overview="2021年，我镇照常办公。")),
    ("R811", "我局", "fail", lambda: view_report(overview="2021年，我局照常办公。")),
    (
        "R811",
        "own",
        "not_assessable",
        lambda: view_report(overview="2021年照常办公。", problems="栏目偏少。", other="无。"),
    ),
    ("R812", "names", "pass", lambda: view_report(preamble=LISTED)),
    ("R812", "names", "fail", lambda: view_report(preamble=STALE)),
    ("R812", "names", "not_assessable", lambda: view_report(preamble="本报告按格式写成。")),
    ("R813", "bookmark", "pass", view_report),
    ("R813", "bookmark", "fail", lambda: view_report(overview="2021年，柳湾镇[bookmark: _GoBack]照常办公。")),
    ("R813", "bookmark", "not_assessable", bare),
]


@pytest.mark.parametrize(("rule", "instance", "outcome", "report"), SIGNS)
def test_signs_of_the_document(rule, instance, outcome, report):
    assert outcomes(rule, report())[instance][0] == outcome


def outcomes_of_cases():
    """Every outcome that a table of cases asks for, by rule; each of these tables is held by a test of its own."""
    found = {rule: set() for rule in RULES}
    pairs = [(rule, outcome) for rule, _, outcome, _ in SIGNS]
    pairs += [(case[1], case[3]) for case in test_audit.CASES]
    pairs += [(case[0], case[4]) for case in test_audit_cells.CASES]
    pairs += [(case[0], case[5]) for case in test_audit_cross_year.CASES]
    pairs += [("R208", case[3]) for case in test_audit_cross_year.MAGNITUDES]
    pairs += [("R601", case[3]) for case in test_audit_cross_year.HIERARCHY]
    pairs += [(case[0], claim[0]) for case in test_audit_claims.CASES for claim in case[3]]
    pairs += [("R708", expected[0]) for _, expected in test_audit_claims.PARTS if expected]
    for rule, outcome in pairs:
        found[rule].add(outcome)
    return found


def test_every_rule_has_a_case_of_each_outcome():
    found = outcomes_of_cases()
    assert len(found) == 42
    assert {rule: OUTCOMES - own for rule, own in found.items() if own != OUTCOMES} == {}
