"""The summary by rule, year, level and place: who is counted, which rate over what, and its interval."""

from __future__ import annotations

import pytest

from gknlp.audit import AuditConfig, check_reports, summarise_findings
from gknlp.audit.rules import select_rules
from gknlp.audit.summary import place_of_code, total_by, wilson_interval
from gknlp.errors import UsageError
from gknlp.schemas import RULE_SUMMARY, SORT_KEYS
from gknlp.tables import sort_table, table_of
from tests.audit.test_audit import N, cells_of, reports_of

R303 = AuditConfig(rules=("R303",))


def summarise(*reports, failing=()):
    cells = [
        cell for row in reports for cell in cells_of({N: 2} if row["doc_id"] in failing else {}, doc_id=row["doc_id"])
    ]
    tables = {"cells": table_of("cells", cells), "reports": table_of("reports", reports)}
    return summarise_findings(check_reports(tables, config=R303), tables["reports"])


def report(doc_id, **more):
    return reports_of(doc_id=doc_id, **more)[0]


# Worked out by hand: n, failed, the formula of Wilson with z = 1.959964.
@pytest.mark.parametrize(
    ("n_fail", "n", "low", "high"),
    [
        (0, 0, None, None),
        (0, 10, 0.0, 0.27753),
        (10, 10, 0.72247, 1.0),
        (1, 10, 0.01788, 0.40415),
        (5, 10, 0.23659, 0.76341),
    ],
)
def test_the_interval_of_wilson(n_fail, n, low, high):
    found = wilson_interval(n_fail, n)
    assert found == (None, None) if n == 0 else found == pytest.approx((low, high), abs=1e-5)


def test_groups_by_place_with_the_unknown_last():
    reports = [
        report("a", region="乙县"),
        report("b", region="甲县"),
        report("c", code="230104105"),
        report("d", code="230104"),
        report("e"),
        report("f", code="000000"),
    ]
    rows = summarise(*reports, failing=("b", "d")).to_pylist()
    assert [(row["place"], row["n_fail"], row["n_pass"]) for row in rows] == [
        ("乙县", 0, 7),
        ("甲县", 1, 6),
        ("黑龙江省哈尔滨市道外区", 1, 13),
        (None, 0, 14),
    ]
    assert [row["failure_rate"] for row in rows] == [0, 1 / 7, 1 / 14, 0]


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("230104", "黑龙江省哈尔滨市道外区"),
        ("230104999", "黑龙江省哈尔滨市道外区"),
        ("230100", "黑龙江省哈尔滨市"),
        ("230000", "黑龙江省"),
        ("99", None),
        ("", None),
    ],
)
def test_the_place_of_a_code(code, place):
    assert place_of_code(code) == place


def test_superseded_and_republished_reports_count_for_nothing():
    rows = [report("a"), report("b", republication_of="a"), report("c", superseded_by="a")]
    (row,) = summarise(*rows, failing=("b",)).to_pylist()
    assert (row["n_pass"], row["n_fail"], row["failure_rate"], row["rate_low"]) == (7, 0, 0.0, 0.0)
    tables = {"cells": table_of("cells", cells_of({N: 2}, doc_id="b")), "reports": table_of("reports", rows)}
    findings = check_reports(tables, config=R303)
    assert "fail" in {f["outcome"] for f in findings.to_pylist() if f["doc_id"] == "b"}


def test_nothing_assessable_has_no_rate():
    reports = table_of("reports", [report("a")])
    cells = [{**cell, "value": None} for cell in cells_of({}, doc_id="a")]
    findings = check_reports({"cells": table_of("cells", cells), "reports": reports}, config=R303)
    (row,) = summarise_findings(findings, reports).to_pylist()
    assert (row["n_not_assessable"], row["failure_rate"], row["rate_low"], row["rate_high"]) == (7, None, None, None)


def test_an_empty_summary_has_every_column():
    table = summarise()
    assert (table.schema, table.num_rows, total_by(table, "rule")) == (RULE_SUMMARY, 0, [])


def test_totals_add_up_and_the_unknown_comes_last():
    summary = summarise(report("a", region="乙县", year=2022), report("b", year=None), report("c"), failing=("c",))
    assert [(row["year"], row["n_pass"], row["n_fail"]) for row in total_by(summary, "year")] == [
        (2021, 6, 1),
        (2022, 7, 0),
        (None, 7, 0),
    ]
    (row,) = total_by(summary, "rule")
    assert (row["n_pass"], row["n_fail"], row["rate_low"]) == (20, 1, pytest.approx(wilson_interval(1, 21)[0]))


def test_findings_come_in_their_one_order_whatever_the_order_of_rows():
    cells = cells_of({N: 2}, doc_id="b") + cells_of({}, doc_id="a")
    tables = {"cells": table_of("cells", cells), "reports": table_of("reports", [report("b"), report("a")])}
    findings = check_reports(tables, config=AuditConfig())
    assert findings.equals(sort_table("findings", findings))
    shuffled = {name: table.take(list(range(table.num_rows))[::-1]) for name, table in tables.items()}
    assert check_reports(shuffled, config=AuditConfig()).equals(findings)
    assert SORT_KEYS["findings"] == ("doc_id", "rule", "instance")


@pytest.mark.parametrize(("name", "meant"), [("R33", "R303"), ("r303", "R303")])
def test_an_unknown_rule_is_told_the_nearest(name, meant):
    with pytest.raises(UsageError, match=f"no rule {name}; did you mean {meant}"):
        select_rules(AuditConfig(rules=(name,)))
