"""The table audit (表格核对) for display: every rule with its three outcomes, and each failed case written out."""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import quote

from gknlp.pages.findings.arithmetic import expressions_of, involved_cells, write_arithmetic
from gknlp.pages.findings.layout import Labels, form_labels, name_instance
from gknlp.pages.findings.run import Row, Run, label_of, levels_of, report_href, rows_of, years_of
from gknlp.pages.words import number, percent, plural, say

_Z = 1.959963984540054  # the normal quantile of a two-sided 95 % interval
N_CASES = 1000
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
    """Rules as rows and failed cases; no findings give empty lists and rates of None."""
    labels = form_labels()
    findings = rows_of(run, "findings")
    books = {str(rule["id"]): rule for rule in run.about.get("rules") or () if rule.get("id")}
    rules = [_rule(run, rule_id, books.get(rule_id, {}), findings) for rule_id in sorted({f["rule"] for f in findings})]
    rules.sort(key=lambda rule: (_SEVERITY.get(rule["severity"], 3), -rule["n_fail"], rule["id"]))
    failed = [f for f in findings if f["outcome"] == "fail"]
    failed.sort(
        key=lambda f: (
            _SEVERITY.get(f["severity"], 3),
            f["rule"],
            label_of(run, f["doc_id"]),
            f["doc_id"],
            f["instance"],
        )
    )
    counts = {outcome: sum(f["outcome"] == outcome for f in findings) for outcome in OUTCOMES}
    errors = {f["doc_id"] for f in failed if f["severity"] == "error"}
    return {
        "rules": rules,
        "cases": [describe_case(run, finding, labels) for finding in failed[:N_CASES]],
        "n_cases": len(failed),
        "counts": counts,
        "n_reports": len({f["doc_id"] for f in findings}),
        "n_reports_with_error": len(errors),
        "years": years_of(run),
        "levels": levels_of(run),
        "title": _title(rules, len(errors), len({f["doc_id"] for f in findings})),
    }


def _rule(run: Run, rule_id: str, book: dict[str, Any], findings: tuple[Row, ...]) -> dict[str, Any]:
    mine = [f for f in findings if f["rule"] == rule_id]
    groups: dict[tuple[int, str], dict[str, int]] = {}
    for finding in mine:
        report = run.report.get(finding["doc_id"], {})
        group = groups.setdefault((report.get("year") or 0, report.get("level") or ""), dict.fromkeys(OUTCOMES, 0))
        if finding["outcome"] in group:
            group[finding["outcome"]] += 1
    counts = {outcome: sum(group[outcome] for group in groups.values()) for outcome in OUTCOMES}
    checked = counts["pass"] + counts["fail"]
    interval = wilson(counts["fail"], checked)
    title_en = book.get("title_en") or book.get("expr") or rule_id
    return {
        "id": rule_id,
        "title": say(book.get("title_zh") or title_en, title_en),
        "expr": book.get("expr") or "",
        "severity": mine[0]["severity"] or book.get("severity"),
        "n_pass": counts["pass"],
        "n_fail": counts["fail"],
        "n_not_assessable": counts["not_assessable"],
        "checked": checked,
        "rate": counts["fail"] / checked if checked else None,
        "interval": list(interval) if interval else None,
        "cells": [[year, level, *group.values()] for (year, level), group in sorted(groups.items())],
    }


def describe_case(run: Run, finding: Row, labels: Labels) -> dict[str, Any]:
    """One failed case: where, the arithmetic, and the address of the marked cells in the report."""
    expression = expressions_of(run).get(finding["rule"], "")
    cells = involved_cells(run, finding, expression)
    report = run.report.get(finding["doc_id"], {})
    anchor = f"f-{finding['rule']}-{finding['instance'] or 'all'}"
    starts = [cell["start"] for cell in cells if cell["start"] is not None]
    starts = starts or [span[0] for span in finding["spans"] or () if span]
    return {
        "rule": finding["rule"],
        "severity": finding["severity"],
        "instance": name_instance(labels, report.get("form"), finding),
        "arithmetic": write_arithmetic(run, finding, expression),
        "label": label_of(run, finding["doc_id"]),
        "year": report.get("year"),
        "level": report.get("level"),
        "href": report_href(finding["doc_id"]) + "#" + quote(anchor, safe=""),
        "anchor": anchor,
        "start": min(starts) if starts else None,
        "cells": sorted({(cell["table"], cell["row"], cell["column"]) for cell in cells}),
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
