"""The table audit (表格核对) for display: every rule with its three outcomes, and each failed case written out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from gknlp.pages.findings.cases import case_id, describe_case
from gknlp.pages.findings.encoded import encode_audit
from gknlp.pages.findings.layout import form_labels
from gknlp.pages.findings.place import places_of
from gknlp.pages.findings.run import Row, Run, agency_of, label_of, levels_of, report_href, rows_of, years_of
from gknlp.pages.words import number, percent, plural, say

_Z = 1.959963984540054  # the normal quantile of a two-sided 95 % interval
N_CASES = 2000
"""Cases listed on the page; a browser lays out no more of them at once without delay."""
_SEVERITY = {"error": 0, "warning": 1, "info": 2}
OUTCOMES = ("pass", "fail", "not_assessable")


def wilson(failed: int, checked: int) -> tuple[float, float] | None:
    """The 95 % interval of a rate; None where nothing was checked. Source: Wilson 1927, JASA 22, 209-212.

    >>> [round(bound, 3) for bound in wilson(1, 10)]
    [0.018, 0.404]
    """
    if not checked:
        return None
    rate, z2 = failed / checked, _Z * _Z
    centre = rate + z2 / (2 * checked)
    spread = _Z * math.sqrt(rate * (1 - rate) / checked + z2 / (4 * checked * checked))
    scale = 1 + z2 / checked
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def find_audit(run: Run) -> dict[str, Any]:
    """Rules as rows and failed cases; no findings give empty lists and rates of None.

    Cases beyond the first ``N_CASES`` (errors first) are counted by agency, with the reports that show them.
    """
    labels = form_labels()
    findings = rows_of(run, "findings")
    places = places_of(run)
    rules = _rules(run, findings, places)
    failed = sort_failed(run)
    listed = failed[:N_CASES]
    n_reports = len({f["doc_id"] for f in findings})
    errors = {f["doc_id"] for f in failed if f["severity"] == "error"}
    cases = [describe_case(run, finding, labels) for finding in listed]
    return {
        "rules": rules,
        "severities": [
            {"severity": severity, "rules": list(members)}
            for severity, members in groupby(rules, key=lambda rule: rule["severity"])
        ],
        "cases": cases,
        "groups": _groups(cases, rules),
        "n_cases": len(failed),
        "rest": _rest(run, failed[N_CASES:]),
        "counts": {outcome: sum(f["outcome"] == outcome for f in findings) for outcome in OUTCOMES},
        "n_reports": n_reports,
        "n_reports_with_error": len(errors),
        "years": years_of(run),
        "levels": levels_of(run),
        "places": sorted(set(places.values())) if len(set(places.values())) > 1 else [],
        "data": encode_audit(run, rules, cases, places),
        "title": _title(rules, len(errors), n_reports),
    }


def sort_failed(run: Run) -> list[Row]:
    """The failed findings as they are listed: by severity, rule, report and instance."""
    failed = [f for f in rows_of(run, "findings") if f["outcome"] == "fail"]
    return sorted(
        failed,
        key=lambda f: (
            _SEVERITY.get(f["severity"], 3),
            f["severity"] or "",
            f["rule"],
            label_of(run, f["doc_id"]),
            f["doc_id"],
            f["instance"],
        ),
    )


def listed_cases(run: Run) -> frozenset[str]:
    """The ids of the cases that the audit page shows, for those who link to them."""
    return frozenset(case_id(finding) for finding in sort_failed(run)[:N_CASES])


def _groups(cases: list[dict[str, Any]], rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_id = {rule["id"]: rule for rule in rules}
    groups = groupby(cases, key=lambda case: (case["severity"], case["rule"]))
    return [{"rule": by_id[rule], "severity": severity, "cases": list(members)} for (severity, rule), members in groups]


def _rest(run: Run, failed: list[Row]) -> list[dict[str, Any]]:
    """What is not listed, by agency: how many cases, and in which reports."""
    agencies: dict[str, dict[str, int]] = {}
    for finding in failed:
        docs = agencies.setdefault(agency_of(run, finding["doc_id"]), {})
        docs[finding["doc_id"]] = docs.get(finding["doc_id"], 0) + 1
    return [
        {
            "agency": agency,
            "n": sum(docs.values()),
            "docs": [
                {"year": run.report.get(doc_id, {}).get("year"), "n": n, "href": report_href(doc_id) + "#findings"}
                for doc_id, n in sorted(docs.items(), key=lambda item: (label_of(run, item[0]), item[0]))
            ],
        }
        for agency, docs in sorted(agencies.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    ]


def _rules(run: Run, findings: tuple[Row, ...], places: Mapping[str, str]) -> list[dict[str, Any]]:
    books = {str(rule["id"]): rule for rule in run.about.get("rules") or () if rule.get("id")}
    where = {doc_id: (row["year"], row["level"] or "", places.get(doc_id, "")) for doc_id, row in run.report.items()}
    groups: dict[str, dict[tuple[Any, ...], list[int]]] = {}
    severities: dict[str, str | None] = {}
    for finding in findings:
        severities.setdefault(finding["rule"], finding["severity"])
        place = where.get(finding["doc_id"], (None, "", ""))
        counts = groups.setdefault(finding["rule"], {}).setdefault(place, [0, 0, 0])
        if finding["outcome"] in OUTCOMES:
            counts[OUTCOMES.index(finding["outcome"])] += 1
    rules = [_rule(rule_id, books.get(rule_id, {}), severities[rule_id], cells) for rule_id, cells in groups.items()]
    return sorted(
        rules,
        key=lambda rule: (_SEVERITY.get(rule["severity"], 3), rule["severity"] or "", -rule["n_fail"], rule["id"]),
    )


def _rule(
    rule_id: str, book: Mapping[str, Any], severity: str | None, cells: Mapping[tuple[Any, ...], list[int]]
) -> dict[str, Any]:
    n_pass, n_fail, n_open = (sum(counts[place] for counts in cells.values()) for place in range(3))
    checked = n_pass + n_fail
    interval = wilson(n_fail, checked)
    title_en = book.get("title_en") or book.get("expr") or rule_id
    ordered = sorted(cells.items(), key=lambda item: (item[0][0] or 0, *item[0][1:]))
    return {
        "id": rule_id,
        "title": say(book.get("title_zh") or title_en, title_en),
        "expr": book.get("expr") or "",
        "severity": severity or book.get("severity"),
        "n_pass": n_pass,
        "n_fail": n_fail,
        "n_not_assessable": n_open,
        "checked": checked,
        "rate": n_fail / checked if checked else None,
        "interval": list(interval) if interval else None,
        "cells": [[*place, *counts] for place, counts in ordered],
    }


def _title(rules: list[dict[str, Any]], n_errors: int, n_reports: int) -> dict[str, str]:
    if not n_reports:
        return say("没有可核对的表格", "There was no table to check")
    worst = max(rules, key=lambda rule: (rule["severity"] == "error", rule["n_fail"], rule["id"]))
    tail_zh = f"；最常不成立的是 {worst['id']}（{percent(worst['rate'])}）" if worst["n_fail"] else ""
    tail_en = f"; {worst['id']} fails most often ({percent(worst['rate'])} of checks)" if worst["n_fail"] else ""
    return say(
        f"{number(n_reports)} 份报告中有 {number(n_errors)} 份至少有一条“错误”级规则不成立{tail_zh}",
        f"{number(n_errors)} of {plural(n_reports, 'report')} break at least one rule of severity error{tail_en}",
    )
