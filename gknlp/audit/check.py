"""Every rule on every report: findings with three outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from gknlp.audit.checks import CHECKS
from gknlp.audit.finding import Finding, fact_text
from gknlp.audit.rules import AuditConfig, Rule, select_rules
from gknlp.audit.summary import summarise_findings
from gknlp.audit.view import ReportView, load_views, make_series
from gknlp.tables import table_of


def audit_corpus(tables: Mapping[str, pa.Table], *, config: AuditConfig | None = None) -> dict[str, pa.Table]:
    """Findings and their summary by rule, year and level, from the corpus tables."""
    findings = check_reports(tables, config=config or AuditConfig())
    return {"findings": findings, "rule_summary": summarise_findings(findings, tables["reports"])}


def check_reports(tables: Mapping[str, pa.Table], *, config: AuditConfig) -> pa.Table:
    """One finding per rule instance of every report in force that the rule applies to.

    Parameters
    ----------
    tables : corpus tables; ``reports`` and ``cells`` at least, the others (``gknlp.audit.view.READS``) for rules on text.
    config : the rules to check.

    Returns
    -------
    Table ``findings``; ``expected`` and ``found`` are null where they are unknown. Empty tables give an empty table.
    """
    reports = load_views(tables)
    found = [finding for rule in select_rules(config) for finding in _check_rule(rule, reports)]
    return table_of("findings", (_row(finding) for finding in found))


def _check_rule(rule: Rule, reports: Sequence[ReportView]) -> Iterator[Finding]:
    check = CHECKS[rule.check]
    if rule.scope == "report":
        for report in reports:
            if rule.applies_to(report.form):
                yield from check(rule, report)
    elif rule.scope == "series":
        for series in make_series(reports):
            yield from check(rule, series)
    else:
        yield from check(rule, reports)


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "doc_id": finding.doc_id,
        "rule": finding.rule,
        "instance": finding.instance,
        "outcome": finding.outcome,
        "severity": finding.severity,
        "expected": fact_text(finding.expected),
        "found": fact_text(finding.found),
        "spans": [[span.start, span.end] for span in finding.spans],
    }
