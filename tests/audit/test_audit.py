"""Every rule with a failing, a passing and a not-assessable case, worked out by hand."""

from __future__ import annotations

import pytest

from gknlp.audit import AuditConfig, audit_corpus, check_reports, load_rules, summarise_findings
from gknlp.errors import UsageError
from gknlp.forms import load_forms
from gknlp.interop import finding_as_dict
from gknlp.tables import table_of


def cells_of(changes, form="revised_2021", doc_id="d"):
    rows = []
    for table in load_forms()[form].tables:
        for place, (_, row, column) in enumerate(table.slots()):
            value = changes.get((table.key, row.key, column.key), 0)
            keys = {"doc_id": doc_id, "table": table.key, "row": row.key, "column": column.key}
            rows.append({**keys, "value": value, "start": place, "end": place + 1})
    return rows


def reports_of(form="revised_2021", doc_id="d", **more):
    return [{"doc_id": doc_id, "form": form, "year": 2021, "level": "county", **more}]


def check_cells(cells, reports, *, config):
    return check_reports({"cells": cells, "reports": reports}, config=config)


def outcomes(changes, form="revised_2021"):
    findings = check_cells(
        table_of("cells", cells_of(changes, form)),
        table_of("reports", reports_of(form)),
        config=AuditConfig(rules=BALANCES),
    )
    rows = (finding_as_dict(row) for row in findings.to_pylist())
    return {(f["rule"], f["instance"]): (f["outcome"], f["expected"], f["found"]) for f in rows}


BALANCES = ("R301", "R302", "R303", "R401")
N = ("t3", "new_requests", "natural_person")
CASES = [
    # changes, rule, instance, outcome, left side, right side
    ({}, "R301", "granted", "pass", 0, 0),
    ({("t3", "granted", "business"): 2, ("t3", "granted", "total"): 2}, "R301", "granted", "pass", 2, 2),
    ({("t3", "granted", "business"): 2, ("t3", "granted", "total"): 3}, "R301", "granted", "fail", 2, 3),
    ({("t3", "granted", "total"): None}, "R301", "granted", "not_assessable", 0, None),
    ({("t3", "granted", "business"): 2, ("t3", "outcome_total", "business"): 2}, "R302", "business", "pass", 2, 2),
    ({("t3", "other_rest", "business"): 2, ("t3", "outcome_total", "business"): 2}, "R302", "business", "pass", 2, 2),
    ({("t3", "outcome_total", "business"): 4, ("t3", "carried_out", "business"): 4}, "R302", "business", "fail", 0, 4),
    ({("t3", "granted", "business"): None}, "R302", "business", "not_assessable", None, 0),
    ({N: 1, ("t3", "outcome_total", "natural_person"): 1}, "R303", "natural_person", "pass", 1, 1),
    (
        {N: 1, ("t3", "carried_in", "natural_person"): 1, ("t3", "carried_out", "natural_person"): 2},
        "R303",
        "natural_person",
        "pass",
        2,
        2,
    ),
    ({N: 2}, "R303", "natural_person", "fail", 2, 0),
    ({("t3", "carried_out", "natural_person"): None}, "R303", "natural_person", "not_assessable", 0, None),
    ({("t4", "review", "upheld"): 1, ("t4", "review", "total"): 1}, "R401", "review", "pass", 1, 1),
    ({("t4", "review", "pending"): 1}, "R401", "review", "fail", 1, 0),
    ({("t4", "litigation_direct", "other"): None}, "R401", "litigation_direct", "not_assessable", None, 0),
]


@pytest.mark.parametrize(("changes", "rule", "instance", "outcome", "left", "right"), CASES)
def test_outcomes(changes, rule, instance, outcome, left, right):
    assert outcomes(changes)[rule, instance] == (outcome, left, right)


@pytest.mark.parametrize(("form", "n"), [("trial_2019", 23 + 7 + 7 + 3), ("revised_2021", 25 + 7 + 7 + 3)])
def test_a_consistent_report_has_every_instance_and_no_failure(form, n):
    found = outcomes({}, form)
    assert len(found) == n
    assert {outcome for outcome, _, _ in found.values()} == {"pass"}


@pytest.mark.parametrize("form", ["trial_2019", "revised_2021"])
def test_every_single_edit_of_tables_3_and_4_is_found(form):
    keys = [(c["table"], c["row"], c["column"]) for c in cells_of({}, form) if c["table"] in ("t3", "t4")]
    silent = [key for key in keys if all(outcome == "pass" for outcome, _, _ in outcomes({key: 1}, form).values())]
    assert silent == []


def test_spans_lead_back_to_every_cell_of_the_equation():
    cells = table_of("cells", cells_of({}))
    findings = check_cells(cells, table_of("reports", reports_of()), config=AuditConfig(rules=("R303",))).to_pylist()
    place = {(c["row"], c["column"]): [c["start"], c["end"]] for c in cells.to_pylist() if c["table"] == "t3"}
    own = next(f for f in findings if f["instance"] == "total")
    assert own["spans"] == [
        place[row, "total"] for row in ("new_requests", "carried_in", "outcome_total", "carried_out")
    ]


def test_superseded_reports_and_reports_without_a_form_are_left_out():
    cells = table_of("cells", cells_of({N: 2}))
    for more in ({"superseded_by": "e"}, {"form": None}):
        reports = table_of("reports", [{**reports_of()[0], **more}])
        assert check_cells(cells, reports, config=AuditConfig(rules=BALANCES)).num_rows == 0


def test_no_reports_give_empty_tables():
    tables = audit_corpus({"cells": table_of("cells", []), "reports": table_of("reports", [])})
    assert {name: table.num_rows for name, table in tables.items()} == {"findings": 0, "rule_summary": 0}


def test_summary_rates_are_over_assessable_cases():
    cells = [*cells_of({("t4", "review", "pending"): 1}), *cells_of({("t4", "review", "total"): None}, doc_id="e")]
    reports = table_of("reports", [*reports_of(), *reports_of(doc_id="e")])
    findings = check_cells(table_of("cells", cells), reports, config=AuditConfig(rules=("R401",)))
    summary = summarise_findings(findings, reports).to_pylist()
    assert [(s["n_pass"], s["n_fail"], s["n_not_assessable"], s["failure_rate"]) for s in summary] == [(4, 1, 1, 0.2)]


def test_an_unknown_rule_names_the_known():
    with pytest.raises(UsageError, match="no rule R999; the rules are R201, "):
        check_cells(table_of("cells", []), table_of("reports", []), config=AuditConfig(rules=("R999",)))


def test_every_rule_has_words_in_two_languages_and_a_source():
    assert all(rule.title_zh and rule.title_en and rule.source for rule in load_rules())
