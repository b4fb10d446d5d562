"""Rules on cells of one report: failing, passing and not-assessable cases worked out by hand, and what always holds."""

from __future__ import annotations

import re
import time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from gknlp.audit import AuditConfig, check_reports, load_rules
from gknlp.audit.checks.cells import CELL_CHECKS
from gknlp.audit.grid import printed_keys
from gknlp.audit.view import CellView, ReportView, load_views
from gknlp.records import Span
from gknlp.schemas import CELLS
from gknlp.tables import table_of
from tests.audit.tables_of_views import check_views

RULES = {rule.id: rule for rule in load_rules()}
TRIAL, REVISED = "trial_2019", "revised_2021"
MISSING = "missing"  # the reader did not find the cell at all
BLANK = "blank"  # the cell is there, a stroke is printed in it


def cell_of(given, place):
    """A number, a printed amount such as "35.6万元", BLANK or MISSING, at its own place."""
    span = Span(10 * place, 10 * place + 1)
    if given == MISSING:
        return CellView(None)
    if given == BLANK:
        return CellView(None, "/", span)
    if isinstance(given, str):
        return CellView(float(re.match(r"[\d.]+", given)[0]), given, span)
    return CellView(float(given), f"{given:g}", span)


def report_of(changes, *, form=REVISED, **more):
    """A report with 0 in every cell but those given as ("t2", row, column): value."""
    keys = [key for table in ("t2", "t3", "t4") for key in printed_keys(form, table)]
    assert set(changes) <= set(keys)
    cells = {key: cell_of(changes.get(key, 0), place) for place, key in enumerate(keys)}
    return ReportView(**{"doc_id": "d", "form": form, "year": 2022, "level": "county", "cells": cells, **more})


def check(rule_id, report):
    rule = RULES[rule_id]
    assert rule.applies_to(report.form)
    found = check_views([rule_id], [report]) if rule.scope == "cells" else CELL_CHECKS[rule.check](rule, report)
    return {finding.instance: finding for finding in found}


def t2(row, **columns):
    return {("t2", row, column): value for column, value in columns.items()}


ITEM = "normative_documents"
CASES = [
    # rule, form, changes, instance, outcome, expected, found
    ("R201", TRIAL, t2("licensing", items_last_year=86, change=-86), "licensing", "pass", "≥ 0", 0),
    ("R201", TRIAL, t2("licensing", items_last_year=86, change=12), "licensing", "pass", "≥ 0", 98),
    ("R201", TRIAL, t2("penalties", items_last_year=86, change=-2147), "penalties", "fail", "≥ 0", -2061),
    ("R201", TRIAL, t2("admin_fees", items_last_year=3, change=BLANK), "admin_fees", "not_assessable", "≥ 0", None),
    ("R201", TRIAL, t2("coercion", items_last_year=MISSING), "coercion", "not_assessable", "≥ 0", None),
    ("R202", TRIAL, t2(ITEM, newly_disclosed=9, disclosed_total=9), ITEM, "pass", "≥ 9", 9),
    ("R202", TRIAL, t2(ITEM, newly_disclosed=9, disclosed_total=8), ITEM, "fail", "≥ 9", 8),
    ("R202", TRIAL, t2(ITEM, newly_disclosed=BLANK, disclosed_total=8), ITEM, "not_assessable", None, 8),
    ("R203", TRIAL, t2(ITEM, newly_made=9, newly_disclosed=7, disclosed_total=7), ITEM, "pass", "≤ 9", 7),
    ("R203", TRIAL, t2(ITEM, newly_made=9, newly_disclosed=11, disclosed_total=40), ITEM, "fail", "≤ 9", 11),
    ("R203", TRIAL, t2(ITEM, newly_made=451), ITEM, "fail", "1 … 451", 0),
    ("R203", TRIAL, t2(ITEM, newly_made=451, disclosed_total=30), ITEM, "pass", "≤ 451", 0),
    ("R203", TRIAL, t2(ITEM, newly_made=451, disclosed_total=BLANK), ITEM, "not_assessable", "≤ 451", 0),
    ("R203", TRIAL, t2(ITEM, newly_made=BLANK), ITEM, "not_assessable", None, 0),
    ("R204", TRIAL, t2("procurement", projects=4, amount="35.6万元"), "procurement", "pass", "> 0", 35.6),
    ("R204", TRIAL, {}, "procurement", "pass", "0", 0),
    ("R204", TRIAL, t2("procurement", projects=4), "procurement", "fail", "> 0", 0),
    ("R204", TRIAL, t2("procurement", amount="35.6万元"), "procurement", "fail", "0", 35.6),
    ("R204", TRIAL, t2("procurement", projects=4, amount=BLANK), "procurement", "not_assessable", "> 0", None),
    ("R205", TRIAL, t2("procurement", amount="35.6万元"), "procurement", "pass", "元 / 万元 / 亿元 / 万", "35.6万元"),
    ("R205", TRIAL, {}, "procurement", "pass", "元 / 万元 / 亿元 / 万", "0"),
    ("R205", TRIAL, t2("procurement", amount="356000"), "procurement", "fail", "元 / 万元 / 亿元 / 万", "356000"),
    ("R205", TRIAL, t2("procurement", amount="4个"), "procurement", "fail", "元 / 万元 / 亿元 / 万", "4个"),
    ("R205", TRIAL, t2("procurement", amount=BLANK), "procurement", "not_assessable", "元 / 万元 / 亿元 / 万", "/"),
    ("R205", TRIAL, t2("procurement", amount=MISSING), "procurement", "not_assessable", "元 / 万元 / 亿元 / 万", None),
    ("R206", REVISED, {}, "in_force", "pass", "0", 0),
    ("R206", REVISED, t2("regulations", issued=2), "issued", "fail", "0", 2),
    ("R206", TRIAL, t2("regulations", disclosed_total=5), "disclosed_total", "fail", "0", 5),
    ("R206", REVISED, t2("regulations", repealed=BLANK), "repealed", "not_assessable", "0", None),
    ("R207", REVISED, t2(ITEM, issued=6, repealed=2, in_force=4), ITEM, "pass", "≥ 4", 4),
    ("R207", REVISED, t2(ITEM, issued=6, repealed=2, in_force=3), ITEM, "fail", "≥ 4", 3),
    ("R207", REVISED, t2(ITEM, issued=1, repealed=5, in_force=-1), ITEM, "fail", "≥ 0", -1),
    ("R207", REVISED, t2(ITEM, issued=6, repealed=MISSING, in_force=3), ITEM, "not_assessable", None, 3),
    ("R304", REVISED, {("t3", "granted", "total"): 3}, "granted.total", "pass", "≥ 0", 3),
    ("R304", REVISED, {("t3", "granted", "total"): -1}, "granted.total", "fail", "≥ 0", -1),
    ("R304", TRIAL, {("t3", "other_total", "business"): 2.5}, "other_total.business", "fail", "≥ 0", 2.5),
    ("R304", REVISED, {("t3", "granted", "total"): BLANK}, "granted.total", "not_assessable", "≥ 0", "/"),
    ("R304", REVISED, {("t3", "granted", "total"): MISSING}, "granted.total", "not_assessable", "≥ 0", None),
    ("R305", REVISED, {}, "", "pass", 0, 0),
    (
        "R305",
        REVISED,
        {("t3", "granted", "business"): BLANK, ("t3", "denied_by_law", "total"): BLANK},
        "",
        "fail",
        0,
        2,
    ),
    ("R305", REVISED, {("t3", "granted", "business"): MISSING}, "", "not_assessable", 0, 0),
    ("R305", TRIAL, dict.fromkeys(printed_keys(TRIAL, "t3"), BLANK), "", "not_assessable", 0, 161),
    ("R305", TRIAL, dict.fromkeys(printed_keys(TRIAL, "t3"), MISSING), "", "not_assessable", 0, 0),
    ("R402", REVISED, {("t4", "review", "pending"): 2}, "review.pending", "pass", "≥ 0", 2),
    ("R402", TRIAL, {("t4", "review", "pending"): -2}, "review.pending", "fail", "≥ 0", -2),
    ("R402", REVISED, {("t4", "review", "pending"): BLANK}, "review.pending", "not_assessable", "≥ 0", "/"),
]


@pytest.mark.parametrize(("rule", "form", "changes", "instance", "outcome", "expected", "found"), CASES)
def test_outcomes(rule, form, changes, instance, outcome, expected, found):
    own = check(rule, report_of(changes, form=form))[instance]
    assert (own.outcome, own.expected, own.found, own.severity) == (outcome, expected, found, RULES[rule].severity)


@pytest.mark.parametrize(
    ("rule", "form", "instances"),
    [
        ("R201", TRIAL, ["licensing", "other_services", "penalties", "coercion", "admin_fees"]),
        ("R202", TRIAL, ["regulations", ITEM]),
        ("R203", TRIAL, ["regulations", ITEM]),
        ("R206", TRIAL, ["newly_made", "newly_disclosed", "disclosed_total"]),
        ("R206", REVISED, ["issued", "repealed", "in_force"]),
        ("R207", REVISED, ["regulations", ITEM]),
    ],
)
def test_every_instance_is_there_and_a_table_of_zeros_passes(rule, form, instances):
    found = check(rule, report_of({}, form=form))
    assert list(found) == instances
    assert {finding.outcome for finding in found.values()} == {"pass"}


@pytest.mark.parametrize(("rule", "form", "n"), [("R304", TRIAL, 161), ("R304", REVISED, 175), ("R402", TRIAL, 15)])
def test_a_report_without_tables_is_not_assessable_cell_by_cell(rule, form, n):
    found = check(rule, ReportView(doc_id="d", form=form))
    assert len(found) == n
    assert {(finding.outcome, finding.spans) for finding in found.values()} == {("not_assessable", ())}


@pytest.mark.parametrize("rule", ["R201", "R202", "R203", "R204", "R205"])
def test_reports_of_the_later_form_have_no_such_cells(rule):
    assert not RULES[rule].applies_to(REVISED)
    assert not RULES[rule].applies_to("legacy_2008")


POWER_CASES = [
    ("city", "pass", "≥ 0"),
    ("province", "pass", "≥ 0"),
    ("national", "pass", "≥ 0"),
    ("township", "fail", "0"),
    (None, "not_assessable", None),
]


@pytest.mark.parametrize(("level", "outcome", "expected"), POWER_CASES)
def test_the_power_to_issue_regulations_depends_on_the_level(level, outcome, expected):
    own = check("R206", report_of(t2("regulations", issued=2), level=level))["issued"]
    assert (own.outcome, own.expected, own.found) == (outcome, expected, 2)


HEAD = "六、其他需要报告的事项\n"
FEES = [
    # section six, outcome, found
    (HEAD + "本年共发出收费通知2件，金额160元，均未缴纳。", "fail_not", "收费通知"),
    (HEAD + "1名申请人逾期未按收费通知要求缴费，我局不再处理。", "fail_not", "收费通知"),
    (HEAD + "我局就信息处理费寄出书面通知一份。", "fail_not", "信息处理费寄出书面通知"),
    (HEAD + "本机关今年没有其他事项需要说明。", "fail", ""),
    (HEAD + "本年度未产生信息处理费。", "fail", ""),
    (HEAD + "全年未发出收费通知。", "fail", "未发出收费通知"),
]


@pytest.mark.parametrize(("text", "outcome", "found"), FEES)
def test_unpaid_fees_are_explained_in_section_six(text, outcome, found):
    text, start = "总体情况。" + text, 5
    more = {"text": text, "sections": {"other_matters": Span(start, len(text))}}
    changes = {("t3", "other_fee_unpaid", "total"): 1}
    report = report_of(changes, **more)
    (own,) = check("R306", report).values()
    assert (own.outcome, own.found) == ("fail" if outcome == "fail" else "pass", found)
    cell, place = own.spans
    assert cell == report.cells["t3", "other_fee_unpaid", "total"].span
    assert text[place.start : place.end] == (found or text[start:])


def test_unpaid_fees_without_section_or_number_are_not_assessable_and_none_unpaid_passes():
    key = ("t3", "other_fee_unpaid", "total")
    there = {"text": HEAD, "sections": {"other_matters": Span(0, len(HEAD))}}
    outcomes = [
        check("R306", report_of(changes, **more))[""].outcome
        for changes, more in (({key: 1}, {}), ({key: BLANK}, there), ({key: MISSING}, there), ({key: 0}, {}))
    ]
    assert outcomes == ["not_assessable", "not_assessable", "not_assessable", "pass"]


def test_spans_mark_every_cell_compared_and_for_blanks_only_the_blanks():
    report = report_of({**t2(ITEM, issued=6), ("t3", "granted", "business"): BLANK})
    place = {key: cell.span for key, cell in report.cells.items()}
    columns = ("issued", "repealed", "in_force")
    assert check("R207", report)[ITEM].spans == tuple(place["t2", ITEM, column] for column in columns)
    assert check("R305", report)[""].spans == (place["t3", "granted", "business"],)
    assert check("R305", report_of({}))[""].spans == tuple(place[key] for key in printed_keys(REVISED, "t3"))
    missing = report_of({("t3", "granted", "business"): MISSING})
    assert check("R304", missing)["granted.business"].spans == ()


def test_a_place_that_several_cells_share_is_shown_once_and_places_come_in_text_order():
    report = report_of({})
    shared = {("t4", "review", column): CellView(0.0, "0", Span(5, 6)) for column in ("upheld", "corrected", "other")}
    cells = {**report.cells, **shared, ("t4", "review", "total"): CellView(0.0, "0", Span(2, 3))}
    own = check("R401", ReportView(doc_id="d", form=REVISED, cells=cells))["review"]
    assert own.spans == (Span(2, 3), Span(5, 6), report.cells["t4", "review", "pending"].span)


def test_an_empty_cell_of_no_length_is_blank_and_an_unreadable_one_is_not():
    key = ("t3", "granted", "business")
    for cell, outcome in ((CellView(None, "", Span(7, 7)), "fail"), (CellView(None, "②", Span(7, 8)), "pass")):
        report = report_of({})
        own = check("R305", ReportView(doc_id="d", form=REVISED, cells={**report.cells, key: cell}))[""]
        assert own.outcome == outcome


def test_superseded_reports_do_not_reach_the_rules():
    rows = [{"doc_id": "old", "form": REVISED, "superseded_by": "new"}, {"doc_id": "new", "form": REVISED}]
    assert [view.doc_id for view in load_views({"reports": table_of("reports", rows)})] == ["new"]


@pytest.mark.nightly
@pytest.mark.parametrize("pattern", ["mention", "denial"])
@pytest.mark.parametrize("filler", ["信息处理费", "没有", "通知无信息", "收费的"])
def test_patterns_stay_linear(pattern, filler):
    text = filler * (60_000 // len(filler))
    began = time.process_time()
    list(re.finditer(RULES["R306"].details[pattern], text))
    assert time.process_time() - began < 1.0


# --- what always holds: consistent tables give no failure, any single edit gives one

T3_T4_RULES = ("R301", "R302", "R303", "R304", "R305", "R306", "R401", "R402")
APPLICANTS = (
    "natural_person",
    "business",
    "research_institution",
    "public_welfare_org",
    "legal_service_org",
    "other_org",
)
NOT_OUTCOMES = ("new_requests", "carried_in", "outcome_total", "carried_out")
HUGE = 10**9


def random_tables(form, n, rng):
    """Arrays of tables 3 (n, rows, 7) and 4 (n, 3, 5) whose equations all hold."""
    rows = list(dict.fromkeys(row for _, row, _ in printed_keys(form, "t3")))
    scale = rng.choice([1, 4, 40, 3000], size=(n, 1, 1))
    t3 = np.zeros((n, len(rows), 7), dtype=np.int64)
    leaves = [place for place, row in enumerate(rows) if row not in NOT_OUTCOMES]
    t3[:, leaves, :6] = rng.integers(0, scale, size=(n, len(leaves), 6))
    new, carried_in, outcome, carried_out = (rows.index(row) for row in NOT_OUTCOMES)
    t3[:, outcome] = t3[:, leaves].sum(axis=1)
    t3[:, carried_out, :6] = rng.integers(0, scale[:, 0], size=(n, 6))
    t3[:, carried_in, :6] = rng.integers(0, t3[:, outcome, :6] + t3[:, carried_out, :6] + 1)
    t3[:, new] = t3[:, outcome] + t3[:, carried_out] - t3[:, carried_in]
    t3[:, :, 6] = t3[:, :, :6].sum(axis=2)
    t4 = np.zeros((n, 3, 5), dtype=np.int64)
    t4[:, :, :4] = rng.integers(0, scale, size=(n, 3, 4))
    t4[:, :, 4] = t4[:, :, :4].sum(axis=2)
    return t3, t4


def tables_of(form, t3, t4):
    """Corpus tables of many reports: their cells of tables 3 and 4, and a section on fee notices."""
    n = len(t3)
    keys = (*printed_keys(form, "t3"), *printed_keys(form, "t4"))
    doc_ids = [f"{place:05}" for place in range(n)]
    numbers = np.concatenate([t3.reshape(n, -1), t4.reshape(n, -1)], axis=1).astype(float)
    table, row, column = (pa.array(names).take(np.tile(np.arange(len(keys)), n)) for names in zip(*keys, strict=True))
    own = {
        "doc_id": pa.array(doc_ids).take(np.repeat(np.arange(n), len(keys))),
        "table": table,
        "row": row,
        "column": column,
        "value": pa.array(numbers.ravel()),
    }
    own |= {name: pa.array(np.tile(np.arange(len(keys)), n)) for name in ("start", "end")}
    cells = pa.table({name: own.get(name, pa.nulls(numbers.size)) for name in CELLS.names})
    text = "我局全年寄出收费通知若干件。"
    section = {"key": "other_matters", "heading": "", "start": 0, "end": len(text)}
    return {
        "cells": cells.cast(CELLS),
        "reports": table_of("reports", [{"doc_id": doc_id, "form": form, "text": text} for doc_id in doc_ids]),
        "sections": table_of("sections", [{"doc_id": doc_id, **section} for doc_id in doc_ids]),
    }


def failed_rules(tables):
    """Rules that did not pass, by report."""
    findings = check_reports(tables, config=AuditConfig(rules=T3_T4_RULES))
    found = {doc_id: set() for doc_id in tables["reports"]["doc_id"].to_pylist()}
    for row in findings.filter(pc.not_equal(findings["outcome"], "pass")).select(["doc_id", "rule"]).to_pylist():
        found[row["doc_id"]].add(row["rule"])
    return found, findings.num_rows


@pytest.mark.nightly
def test_ten_thousand_random_consistent_tables_pass_every_rule():
    rng = np.random.default_rng(20_211_231)
    for form, n, n_findings in (
        (TRIAL, 5000, 23 + 7 + 7 + 161 + 1 + 3 + 15),
        (REVISED, 5000, 25 + 7 + 7 + 175 + 1 + 1 + 3 + 15),
    ):
        t3, t4 = random_tables(form, n, rng)
        assert t3.min() == 0
        assert t3.max() > HUGE // 10**5
        found, n_rows = failed_rules(tables_of(form, t3, t4))
        assert set().union(*found.values()) == set()
        assert n_rows == n * n_findings


@pytest.mark.parametrize(("form", "n"), [(TRIAL, 161 + 15), (REVISED, 175 + 15)])
@pytest.mark.parametrize("edit", [1, -1, 10, HUGE, 0.5])
def test_every_single_edit_of_tables_3_and_4_fails_a_rule(form, n, edit):
    t3, t4 = (table.reshape(1, -1) for table in random_tables(form, 1, np.random.default_rng(7)))
    numbers = np.repeat(np.concatenate([t3, t4], axis=1).astype(float), n, axis=0)
    assert numbers.shape == (n, n)
    numbers[np.arange(n), np.arange(n)] += edit
    found, _ = failed_rules(tables_of(form, numbers[:, : t3.size], numbers[:, t3.size :]))
    assert [place for place, rules in found.items() if not rules] == []
