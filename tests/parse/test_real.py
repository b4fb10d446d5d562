"""The three real reports, cell by cell: expected values were read off the reports by hand, once."""

from __future__ import annotations

import pytest

from gknlp.audit import AuditConfig, check_reports
from gknlp.forms import load_forms
from gknlp.tables import table_of
from tests.parse.documents import LAYOUTS, distinct_values, parse, print_table

pytestmark = pytest.mark.real

JUYUAN, TONGJIANG, YUTAN = "juyuan-town-2020", "tongjiang-city-2020", "yutan-town-2021"
NOT_ZERO = {
    JUYUAN: {
        "t2": {"procurement.projects": 2, "procurement.amount": 103.7},
        "t3": {"new_requests.natural_person": 1, "new_requests.legal_service_org": 1, "new_requests.total": 2},
    },
    TONGJIANG: {
        "t2": {
            "normative_documents.newly_made": 10,
            "normative_documents.newly_disclosed": 10,
            "normative_documents.disclosed_total": 119,
            "licensing.items_last_year": 2359,
            "licensing.change": -2147,
            "licensing.decisions": 4273,
            "other_services.items_last_year": 6,
            "other_services.change": 451,
            "other_services.decisions": 99,
            "penalties.items_last_year": 901,
            "penalties.change": 1188,
            "penalties.decisions": 642,
            "coercion.items_last_year": 12,
            "coercion.change": 146,
            "coercion.decisions": 5,
            "admin_fees.items_last_year": 37,
            "procurement.projects": 210,
            "procurement.amount": 21997,
        },
        "t3": {
            "new_requests.natural_person": 21,
            "new_requests.legal_service_org": 4,
            "new_requests.total": 25,
            "granted.natural_person": 9,
            "granted.total": 9,
            "denied_third_party.natural_person": 1,
            "denied_third_party.total": 1,
            "unavailable_not_held.natural_person": 2,
            "unavailable_not_held.total": 2,
            "not_processed_petition.natural_person": 6,
            "not_processed_petition.total": 6,
            "not_processed_repeat.natural_person": 1,
            "not_processed_repeat.total": 1,
            "other_total.natural_person": 2,
            "other_total.total": 2,
            "outcome_total.natural_person": 21,
            "outcome_total.legal_service_org": 4,
            "outcome_total.total": 25,
            "carried_out.legal_service_org": 4,
            "carried_out.total": 4,
        },
        "t4": {"review.pending": 1, "review.total": 1},
    },
    YUTAN: {
        "t3": {
            "new_requests.natural_person": 1,
            "new_requests.total": 1,
            "unavailable_not_held.natural_person": 1,
            "unavailable_not_held.total": 1,
            "outcome_total.natural_person": 1,
            "outcome_total.total": 1,
        }
    },
}
FORM = {JUYUAN: "trial_2019", TONGJIANG: "trial_2019", YUTAN: "revised_2021"}
SIX = ("overview", "proactive_table", "requests_table", "review_table", "problems_improvements", "other_matters")


@pytest.fixture(params=sorted(NOT_ZERO))
def name(request):
    return request.param


@pytest.fixture
def report(name, real_reports):
    return parse((real_reports / f"{name}.txt").read_text("utf-8"))


def test_every_cell(name, report):
    form = load_forms()[FORM[name]]
    expected = {
        (table.key, row.key, column.key): NOT_ZERO[name].get(table.key, {}).get(f"{row.key}.{column.key}", 0)
        for table in form.tables
        for _, row, column in table.slots()
    }
    assert report.form.value == form.key
    assert {(c.table, c.row, c.column): c.value for c in report.cells} == expected
    counts = [sum(cell.table == key for cell in report.cells) for key in ("t2", "t3", "t4")]
    assert counts == ([22, 161, 15] if form.key == "trial_2019" else [10, 175, 15])


def test_sections_and_spans(report):
    assert tuple(s.key for s in report.sections if s.key not in ("preamble", "signature")) == SIX
    assert all(report.text[s.span.start :].startswith(s.heading) for s in report.sections)
    assert all(report.text[u.span.start : u.span.end] == u.text for u in report.units)
    assert all(report.text[c.span.start : c.span.end] == c.raw for c in report.cells)
    assert [d.severity for d in report.diagnostics if d.severity == "error"] == []


@pytest.mark.parametrize(
    ("which", "agency", "year", "title_status", "level"),
    [
        (JUYUAN, "道外区巨源镇", 2020, "found", "township"),
        (TONGJIANG, "同江市", 2020, "found", "county"),
        (YUTAN, "玉潭镇人民政府", 2021, "missing", "township"),
    ],
)
def test_metadata(which, agency, year, title_status, level, real_reports):
    report = parse((real_reports / f"{which}.txt").read_text("utf-8"))
    assert (report.agency.name.value, report.year.value, report.title.status) == (agency, year, title_status)
    assert (report.agency.level, report.agency.kind) == (level, "government")
    joined = "".join(report.text[s.start : s.end] for s in report.agency.name.evidence)
    assert "".join(joined.split()) == agency


@pytest.mark.parametrize(("which", "n_problems", "n_improvements"), [(JUYUAN, 2, 1), (TONGJIANG, 4, 4), (YUTAN, 3, 3)])
def test_section_five_in_two_parts(which, n_problems, n_improvements, real_reports):
    report = parse((real_reports / f"{which}.txt").read_text("utf-8"))
    parts = [unit.part for unit in report.units if unit.section == "problems_improvements"]
    assert parts == ["problems"] * n_problems + ["improvements"] * n_improvements or which == JUYUAN
    assert (parts.count("problems"), parts.count("improvements")) == (n_problems, n_improvements)


BROKEN = {
    JUYUAN: {("R303", "natural_person"), ("R303", "legal_service_org"), ("R303", "total")},
    TONGJIANG: {
        ("R302", "legal_service_org"),
        ("R302", "total"),
        ("R303", "legal_service_org"),
        ("R303", "total"),
    },
    YUTAN: set(),
}


def test_exactly_the_broken_identities_fail(name, report):
    cells = [
        {"doc_id": "d", "table": c.table, "row": c.row, "column": c.column, "value": c.value, "start": 0, "end": 1}
        for c in report.cells
    ]
    reports = [{"doc_id": "d", "form": report.form.value, "year": report.year.value}]
    tables = {"cells": table_of("cells", cells), "reports": table_of("reports", reports)}
    rules = AuditConfig(rules=("R301", "R302", "R303", "R401"))
    findings = check_reports(tables, config=rules).to_pylist()
    assert {(f["rule"], f["instance"]) for f in findings if f["outcome"] == "fail"} == BROKEN[name]
    assert all(f["outcome"] != "not_assessable" for f in findings)
    assert len(findings) == (23 if report.form.value == "trial_2019" else 25) + 7 + 7 + 3


def test_distinct_numbers_in_the_layout_as_received(name, report):
    values = distinct_values(load_forms()[FORM[name]])
    text = report.text
    for cell in sorted(report.cells, key=lambda c: -c.span.start):
        text = text[: cell.span.start] + values[cell.table, cell.row, cell.column] + text[cell.span.end :]
    again = parse(text)
    assert {(c.table, c.row, c.column): c.raw for c in again.cells} == values


@pytest.mark.parametrize("layout", LAYOUTS)
def test_distinct_numbers_in_every_layout(name, report, layout):
    form = load_forms()[FORM[name]]
    values = distinct_values(form)
    text = report.text
    spans = {section.key: section for section in report.sections}
    for table in reversed(form.tables):
        section = spans[table.section]
        printed = f"{section.heading}\n{print_table(table, values, layout)}\n"
        text = text[: section.span.start] + printed + text[section.span.end :]
    again = parse(text)
    assert {(c.table, c.row, c.column): c.raw for c in again.cells} == values


@pytest.mark.nightly
def test_cut_anywhere_nothing_raises_and_no_cell_is_wrong(name, report):
    whole = {(c.table, c.row, c.column): c.value for c in report.cells}
    for end in range(0, len(report.text), 101):
        cut = parse(report.text[:end])
        wrong = [c for c in cut.cells if c.value is not None and c.value != whole.get((c.table, c.row, c.column))]
        assert wrong == [] or any(d.severity == "error" for d in cut.diagnostics), end
