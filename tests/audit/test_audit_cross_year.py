"""Rules over one agency's years and over many agencies: cases worked out by hand."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest

from gknlp.audit import load_rules
from gknlp.audit.checks.corpus_wide import CORPUS_CHECKS
from gknlp.audit.checks.cross_year import CROSS_YEAR_CHECKS
from gknlp.audit.view import CellView, ReportView, Series, load_views, make_series
from gknlp.forms import load_forms
from gknlp.records import Span
from gknlp.tables import table_of

RULES = {rule.id: rule for rule in load_rules()}
TRIAL, REVISED = "trial_2019", "revised_2021"
MISSING, BLANK = "missing", "blank"


def report_of(year, changes=None, *, form=None, doc_id=None, **more):
    """A report with 0 in every cell but those given; a number of 万元 is worth that many 万元."""
    form = form or (TRIAL if year < 2021 else REVISED)
    cells = {}
    for table in load_forms()[form].tables:
        for _, row, column in table.slots():
            key, place = (table.key, row.key, column.key), 2 * len(cells)
            value = (changes or {}).get(key, 0)
            number = None if value in (MISSING, BLANK) else float(value)
            yuan = None if number is None or not column.money else number * 10_000
            span = None if value == MISSING else Span(place, place + 1)
            cells[key] = CellView(number, str(value), span, yuan)
    assert set(changes or {}) <= set(cells)
    own = {"doc_id": doc_id or f"d{year}", "agency_id": "a", "year": year, "form": form, "level": "county"}
    return ReportView(**{**own, "cells": cells, **more})


def check_series(rule_id, *reports):
    rule = RULES[rule_id]
    found = CROSS_YEAR_CHECKS[rule.check](rule, Series("a", reports))
    return {(f.doc_id, f.instance): f for f in found}


def facts(finding):
    return finding.outcome, finding.expected, finding.found


IN, OUT = ("t3", "carried_in", "natural_person"), ("t3", "carried_out", "natural_person")
ITEM = "normative_documents"
PENDING, UPHELD = ("t4", "review", "pending"), ("t4", "review", "upheld")


def t2(row, **columns):
    return {("t2", row, column): value for column, value in columns.items()}


CASES = [
    # rule, earlier year and changes, later changes, instance, outcome, expected, found
    ("R501", 2021, {OUT: 3}, {IN: 3}, "natural_person", "pass", 3, 3),
    ("R501", 2020, {OUT: 3}, {IN: 3}, "natural_person", "pass", 3, 3),
    ("R501", 2019, {OUT: 3}, {IN: 2}, "natural_person", "fail", 3, 2),
    ("R501", 2021, {OUT: 3}, {}, "natural_person", "fail", 3, 0),
    ("R501", 2021, {OUT: 3}, {}, "total", "pass", 0, 0),
    ("R501", 2021, {OUT: BLANK}, {IN: 3}, "natural_person", "not_assessable", None, 3),
    ("R501", 2021, {OUT: 3}, {IN: MISSING}, "natural_person", "not_assessable", 3, None),
    ("R502", 2019, t2("licensing", items_last_year=80, change=6), t2("licensing", items_last_year=86), "licensing", "pass", 86, 86),
    ("R502", 2019, t2("licensing", items_last_year=80, change=-6), t2("licensing", items_last_year=80), "licensing", "fail", 74, 80),
    ("R502", 2019, t2("licensing", items_last_year=80, change=BLANK), t2("licensing", items_last_year=80), "licensing", "not_assessable", None, 80),
    ("R503", 2021, t2(ITEM, in_force=20), t2(ITEM, issued=4, repealed=1, in_force=23), ITEM, "pass", 23, 23),
    ("R503", 2022, t2(ITEM, in_force=20), t2(ITEM, issued=4, repealed=1, in_force=20), ITEM, "fail", 23, 20),
    ("R503", 2022, t2(ITEM, in_force=20), t2(ITEM, issued=4, repealed=BLANK, in_force=20), ITEM, "not_assessable", None, 20),
    ("R505", 2021, {PENDING: 2}, {UPHELD: 1, ("t4", "review", "other"): 1}, "review", "pass", "≥ 2", 2),
    ("R505", 2021, {PENDING: 2}, {UPHELD: 1, PENDING: 1}, "review", "fail", "≥ 2", 1),
    ("R505", 2021, {PENDING: MISSING}, {UPHELD: 1}, "review", "not_assessable", None, 1),
    ("R505", 2021, {PENDING: 2}, {UPHELD: BLANK}, "review", "not_assessable", "≥ 2", None),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "year", "before", "now", "instance", "outcome", "expected", "found"), CASES)
def test_a_report_follows_from_the_one_before(rule, year, before, now, instance, outcome, expected, found):
    own = check_series(rule, report_of(year, before), report_of(year + 1, now))
    assert facts(own[f"d{year + 1}", instance]) == (outcome, expected, found)
    assert {f.outcome for (doc_id, _), f in own.items() if doc_id == f"d{year}"} <= {"not_assessable"}


INSTANCES = [
    ("R501", 2022, ["natural_person", "business", "research_institution", "public_welfare_org", "legal_service_org", "other_org", "total"]),
    ("R502", 2020, ["licensing", "other_services", "penalties", "coercion", "admin_fees"]),
    ("R503", 2022, ["regulations", ITEM]),
    ("R505", 2022, ["review", "litigation_direct", "litigation_after_review"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "year", "instances"), INSTANCES)
def test_without_the_year_before_nothing_can_be_assessed(rule, year, instances):
    for reports in ([report_of(year)], [report_of(year - 2), report_of(year)]):
        own = {key: f for key, f in check_series(rule, *reports).items() if key[0] == f"d{year}"}
        assert [instance for _, instance in own] == instances
        assert {f.outcome for f in own.values()} == {"not_assessable"}
    assert check_series(rule) == {}


@pytest.mark.parametrize(("rule", "first"), [("R501", 2020), ("R502", 2020), ("R503", 2022), ("R505", 2020)])
def test_the_first_year_of_a_form_has_no_predecessor_to_follow(rule, first):
    assert check_series(rule, report_of(first - 1, form=RULES[rule].forms[0])) == {}


def test_totals_disclosed_of_2020_are_never_compared_with_documents_in_force_of_2021():
    reports = [report_of(2020, t2(ITEM, disclosed_total=90)), report_of(2021, t2(ITEM, in_force=7))]
    assert "R504" not in RULES
    assert check_series("R502", *reports).keys() == {("d2020", row) for row in RULES["R502"].details["instances"]}
    assert check_series("R503", *reports) == {}


def test_the_obsolete_form_the_year_before_leaves_documents_in_force_open():
    own = check_series("R503", report_of(2021, form=TRIAL), report_of(2022, t2(ITEM, in_force=7)))
    assert facts(own["d2022", ITEM]) == ("not_assessable", None, 7)


def test_spans_are_cells_of_the_later_report_only():
    later = report_of(2022, t2(ITEM, issued=4, in_force=20))
    own = check_series("R503", report_of(2021, t2(ITEM, in_force=20)), later)["d2022", ITEM]
    assert own.spans == tuple(later.cells["t2", ITEM, column].span for column in ("issued", "repealed", "in_force"))


TWICE = [
    # two reports of the year before: their numbers, the region of the second, outcome, expected
    (3, 3, "东", "pass", 3),
    (3, 4, "东", "not_assessable", None),
    (3, BLANK, "东", "pass", 3),
    (3, 4, "西", "pass", 3),
]


@pytest.mark.parametrize(("one", "other", "region", "outcome", "expected"), TWICE)
def test_two_reports_of_the_year_before_count_if_they_agree(one, other, region, outcome, expected):
    earlier = [
        report_of(2021, {OUT: one}, doc_id="e", region="东"),
        report_of(2021, {OUT: other}, doc_id="f", region=region),
    ]
    later = report_of(2022, {IN: 3}, region="东")
    for reports in (earlier, earlier[::-1]):
        own = check_series("R501", *reports, later)
        assert facts(own["d2022", "natural_person"]) == (outcome, expected, 3)


def test_superseded_reports_are_no_predecessors():
    shared = {"agency_id": "a", "form": REVISED}
    rows = [
        {"doc_id": "old", "year": 2021, "superseded_by": "new", **shared},
        {"doc_id": "new", "year": 2021, **shared},
        {"doc_id": "now", "year": 2022, **shared},
    ]
    keys = {"table": "t3", "column": "total"}
    cells = [
        {"doc_id": "old", "row": "carried_out", "value": 9, **keys},
        {"doc_id": "new", "row": "carried_out", "value": 2, **keys},
        {"doc_id": "now", "row": "carried_in", "value": 2, **keys},
    ]
    (series,) = make_series(load_views({"reports": table_of("reports", rows), "cells": table_of("cells", cells)}))
    found = {(f.doc_id, f.instance): f for f in CROSS_YEAR_CHECKS["carry_over"](RULES["R501"], series)}
    assert facts(found["now", "total"]) == ("pass", 2, 2)
    assert ("old", "total") not in found


# --- magnitudes


def check_corpus(rule_id, *reports):
    rule = RULES[rule_id]
    return {(f.doc_id, f.instance): f for f in CORPUS_CHECKS[rule.check](rule, reports)}


LICENSING = ("t2", "licensing", "decisions")
FEES = ("t2", "admin_fees", "amount")


def towns(key, *values, **more):
    names = [f"t{number:02}" for number in range(len(values))]
    return [
        report_of(2022, {key: value}, doc_id=name, agency_id=name, level="township", **more)
        for name, value in zip(names, values, strict=True)
    ]


MAGNITUDES = [
    # key, seven values of others, own value, outcome, expected
    (LICENSING, [0, 0, 0, 0, 0, 0, 0], 9, "pass", "≤ 55.2"),
    (LICENSING, [0, 0, 0, 0, 0, 0, 0], 24_000, "fail", "≤ 55.2"),
    (LICENSING, [99, 99, 99, 99, 99, 99, 99], 5000, "pass", "≤ 5620"),
    (LICENSING, [99, 99, 99, 99, 99, 99, 99], 24_000, "fail", "≤ 5620"),
    (LICENSING, [99, 99, 99, 99, 99, 99, 99], 0, "pass", "≤ 5620"),
    (LICENSING, [0, 9, 99, 999, 9999, 99_999, 999_999], 24_000_000, "pass", None),
    (LICENSING, [0, 0, 0, 0, 0, 0, 0], BLANK, "not_assessable", None),
    (LICENSING, [0, 0, 0, 0, 0, 0, MISSING], 24_000, "not_assessable", None),
    (FEES, [0, 0, 0, 0, 0, 0, 0], 30, "pass", "≤ 55.2"),
    (FEES, [0, 0, 0, 0, 0, 0, 0], 300_000, "fail", "≤ 55.2"),
]


@pytest.mark.parametrize(("key", "others", "own", "outcome", "expected"), MAGNITUDES)
def test_magnitudes_are_compared_within_level_and_year(key, others, own, outcome, expected):
    far = [
        report_of(2023, {key: 10**6}, doc_id="later", level="township"),
        report_of(2022, {key: 10**6}, doc_id="city"),
    ]
    found = check_corpus("R208", *towns(key, *others, own), *far)
    finding = found["t07", f"{key[1]}.{key[2]}"]
    assert finding.outcome == outcome
    assert finding.found == (None if own in (BLANK, MISSING) else own)
    assert expected is None or finding.expected == expected
    assert found["later", f"{key[1]}.{key[2]}"].outcome == "not_assessable"


def test_magnitudes_need_eight_reports_a_known_level_and_a_known_unit():
    assert {f.outcome for f in check_corpus("R208", *towns(LICENSING, *[0] * 7)).values()} == {"not_assessable"}
    assert {f.outcome for f in check_corpus("R208", *towns(LICENSING, *[0] * 8)).values()} == {"pass"}
    nowhere = [report_of(2022, doc_id=f"n{n}", level=None) for n in range(9)]
    assert {f.outcome for f in check_corpus("R208", *nowhere).values()} == {"not_assessable"}
    group = towns(FEES, *[0] * 8)
    bare = ReportView(
        doc_id="x", year=2022, level="township", form=REVISED, cells={FEES: CellView(5.0, "5", Span(3, 4))}
    )
    found = check_corpus("R208", *group, bare)
    assert facts(found["x", "admin_fees.amount"])[0::2] == ("not_assessable", None)
    assert found["x", "licensing.decisions"].outcome == "not_assessable"
    assert check_corpus("R208") == {}


def test_magnitudes_name_the_cells_that_the_form_prints():
    assert [i for _, i in check_corpus("R208", report_of(2019))] == [
        "licensing.decisions", "other_services.decisions", "penalties.decisions", "coercion.decisions",
    ]  # fmt: skip
    assert [i for _, i in check_corpus("R208", report_of(2022))] == [
        "licensing.decisions", "penalties.decisions", "coercion.decisions", "admin_fees.amount",
    ]  # fmt: skip


# --- mergers


def merger_of(*names, since=2022, region=None):
    rows = [
        {"agency_id": name, "name": name, "successor_id": "a", "since": since, "kind": "merger", "region": region}
        for name in names
    ]
    return table_of("agencies", rows)


def check_merged(rule_id, reports, agencies):
    """Findings on agency ``a``, its predecessors told as a corpus tells them."""
    rows = [{"doc_id": r.doc_id, "agency_id": r.agency_id, "year": r.year, "region": r.region} for r in reports]
    told = load_views({"reports": table_of("reports", rows), "agencies": agencies})
    views = [replace(r, predecessors=next(v.predecessors for v in told if v.doc_id == r.doc_id)) for r in reports]
    (series,) = [own for own in make_series(views) if own.agency_id == "a"]
    rule = RULES[rule_id]
    return {(f.doc_id, f.instance): f for f in CROSS_YEAR_CHECKS[rule.check](rule, series)}


MERGED = [
    # rule, cells of the predecessors p and q (None: no report), of the agency's own year before, its cells, outcome, expected
    ("R501", "natural_person", {OUT: 3}, {OUT: 4}, None, {IN: 7}, "pass", 7),
    ("R501", "natural_person", {OUT: 3}, {OUT: 4}, None, {IN: 3}, "fail", 7),
    ("R501", "natural_person", {OUT: 3}, {OUT: 4}, {OUT: 2}, {IN: 9}, "pass", 9),
    ("R501", "natural_person", {OUT: 3}, None, None, {IN: 3}, "not_assessable", None),
    ("R501", "natural_person", {OUT: 3}, {OUT: BLANK}, None, {IN: 3}, "not_assessable", None),
    ("R503", ITEM, t2(ITEM, in_force=8), t2(ITEM, in_force=5), None, t2(ITEM, issued=1, in_force=14), "pass", 14),
    ("R503", ITEM, t2(ITEM, in_force=8), t2(ITEM, in_force=5), None, t2(ITEM, issued=1, in_force=9), "fail", 14),
    ("R505", "review", {PENDING: 1}, {PENDING: 2}, None, {UPHELD: 3}, "pass", "≥ 3"),
    ("R505", "review", {PENDING: 1}, {PENDING: 2}, None, {UPHELD: 2}, "fail", "≥ 3"),
    ("R505", "review", {PENDING: 1}, None, None, {UPHELD: 2}, "not_assessable", None),
]


@pytest.mark.parametrize(("rule", "instance", "p", "q", "own", "now", "outcome", "expected"), MERGED)
def test_a_merged_agency_carries_on_the_sum_of_its_predecessors(rule, instance, p, q, own, now, outcome, expected):
    before = [
        report_of(2021, cells, doc_id=name, agency_id=name)
        for name, cells in (("p", p), ("q", q), ("a", own))
        if cells is not None
    ]
    found = check_merged(rule, [*before, report_of(2022, now)], merger_of("p", "q"))
    assert facts(found["d2022", instance])[:2] == (outcome, expected)


def test_a_merger_holds_in_its_year_and_region_and_an_old_agency_needs_its_own_year():
    before = [report_of(2021, {OUT: 3}, doc_id="p", agency_id="p"), report_of(2021, {OUT: 5}, doc_id="o")]
    later = report_of(2022, {IN: 5}, region="北省")
    for agencies in (merger_of("p", since=2021), merger_of("p", region="南省"), merger_of()):
        assert facts(check_merged("R501", [*before, later], agencies)["d2022", "natural_person"]) == ("pass", 5, 5)
    found = check_merged("R501", [*before, later], merger_of("p", region="北省"))
    assert facts(found["d2022", "natural_person"]) == ("fail", 8, 5)
    gap = [before[0], report_of(2020, {OUT: 5}, doc_id="o"), later]
    found = check_merged("R501", gap, merger_of("p"))
    assert facts(found["d2022", "natural_person"]) == ("not_assessable", None, 5)


# --- hierarchy

NEW = ("t3", "new_requests", "total")
SAYS = "本报告数据涵盖全县1个乡镇和2个县直部门。"


def county(value, text, **more):
    full = {"doc_id": "head", "agency": "云泽县人民政府", "agency_id": "h", "kind": "government", **more}
    return report_of(
        2022, {NEW: value}, text="一、总体情况\n" + text, sections={"overview": Span(0, 7 + len(text))}, **full
    )


def below(*values):
    names = ["云泽县财政局", "云泽县教育局", "云泽县柳湾镇人民政府", "云泽县水务局"]
    return [
        report_of(2022, {NEW: value}, doc_id=name, agency_id=name, agency=name, kind="department")
        for name, value in zip(names, values, strict=False)
    ]


HIERARCHY = [
    # government's number, its words, numbers of those below, outcome, sum
    (9, SAYS, [2, 3, 4], "pass", 9),
    (8, SAYS, [2, 3, 4], "fail", 9),
    (10, SAYS, [2, 3, 4], "fail", 9),
    (10, SAYS, [2, 3], "not_assessable", 5),
    (4, SAYS, [2, 3], "fail", 5),
    (10, SAYS, [2, 3, BLANK], "not_assessable", 5),
    (5, SAYS, [2, 3, BLANK], "not_assessable", 5),
    (4, SAYS, [2, 3, BLANK], "fail", 5),
    (9, SAYS, [2, 3, 4, 1], "not_assessable", 10),
    (BLANK, SAYS, [2, 3, 4], "not_assessable", 9),
    (9, SAYS, [], "not_assessable", None),
    (9, "本报告统计范围包括县政府各部门和各乡镇。", [2, 3, 4], "pass", 9),
    (10, "本报告统计范围包括县政府各部门和各乡镇。", [2, 3, 4], "not_assessable", 9),
    (8, "本报告统计范围包括县政府各部门和各乡镇。", [2, 3, 4], "fail", 9),
    (8, "本报告数据不包括各部门、各乡镇。", [2, 3, 4], "not_assessable", None),
    (8, "本报告数据不包含县直部门。", [2, 3, 4], "not_assessable", None),
    (8, "全县各部门一年来重视公开工作。", [2, 3, 4], "not_assessable", None),
]


@pytest.mark.parametrize(("own", "words", "others", "outcome", "total"), HIERARCHY)
def test_a_government_adds_up_those_it_says_it_covers(own, words, others, outcome, total):
    head = county(own, words)
    found = check_corpus("R601", *below(*others), head)
    assert {doc_id for doc_id, _ in found} == {"head"}
    assert len(found) == 10
    finding = found["head", "new_requests.total"]
    assert facts(finding) == (outcome, total, None if own == BLANK else own)
    assert head.cells[NEW].span in finding.spans
    claims = [span for span in finding.spans if span != head.cells[NEW].span]
    assert bool(claims) == (re.search("涵盖|范围包括", words) is not None)
    assert all("部门" in head.text[span.start : span.end] for span in claims)


def test_only_agencies_of_the_same_place_and_year_are_added():
    others = below(2, 3, 4)
    strangers = [
        report_of(2021, {NEW: 50}, doc_id="last", agency="云泽县水务局", agency_id="w"),
        report_of(2022, {NEW: 50}, doc_id="else", agency="青禾县水务局", agency_id="x"),
        report_of(2022, {NEW: 50}, doc_id="far", agency="云泽县审计局", agency_id="y", region="南省"),
        report_of(2022, {NEW: 50}, doc_id="twin", agency="云泽县人民政府办公室", agency_id="z", kind="government"),
    ]
    found = check_corpus("R601", county(9, SAYS, region="北省"), *others, *strangers)
    assert facts(found["head", "new_requests.total"]) == ("pass", 9, 9)


def test_a_town_named_without_its_county_is_found_by_its_region():
    town = report_of(2022, {NEW: 4}, doc_id="town", agency="柳湾镇人民政府", agency_id="t", region="北省云泽县")
    found = check_corpus("R601", county(9, SAYS), *below(2, 3), town)
    assert facts(found["head", "new_requests.total"]) == ("pass", 9, 9)


def test_an_agency_published_twice_counts_once_and_those_a_member_covers_count_with_it():
    others = below(2, 3, 4)
    again = report_of(2022, {NEW: 2}, doc_id="again", agency="云泽县财政局", agency_id="云泽县财政局")
    assert facts(check_corpus("R601", county(9, SAYS), *others, again)["head", "new_requests.total"]) == ("pass", 9, 9)
    words = "数据包括1个县和1个市直部门。"
    city = county(12, words, doc_id="city", agency="岚江市人民政府", agency_id="c", level="city")
    lower = county(9, SAYS, agency="岚江市云泽县人民政府")
    parts = [
        report_of(2022, {NEW: n}, doc_id=name, agency=name, agency_id=name)
        for n, name in ((2, "岚江市云泽县财政局"), (7, "岚江市云泽县教育局"), (3, "岚江市财政局"))
    ]
    found = check_corpus("R601", city, lower, *parts)
    assert facts(found["city", "new_requests.total"]) == ("pass", 12, 12)
    assert facts(found["head", "new_requests.total"]) == ("pass", 9, 9)
    assert check_corpus("R601") == {}


@pytest.mark.nightly
@pytest.mark.parametrize("filler", ["本报告数据", "数据包括", "含", "统计范围内容", "12 个"])
def test_the_pattern_of_coverage_stays_linear(filler):
    text = filler * (60_000 // len(filler))
    began = time.process_time()
    for pattern in ("covers", "count"):
        list(re.finditer(RULES["R601"].details[pattern], text))
    assert time.process_time() - began < 1.0
