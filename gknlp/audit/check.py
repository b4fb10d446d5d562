"""Every rule on every report: findings with three outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from gknlp.audit.checks import CHECKS, GRID_CHECKS
from gknlp.audit.columns import collect_findings, grid_findings, join_findings
from gknlp.audit.finding import Finding
from gknlp.audit.grid import build_grid
from gknlp.audit.rules import AuditConfig, Rule, select_rules
from gknlp.audit.summary import summarise_findings
from gknlp.audit.view import ReportView, load_views, make_series


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
    rules = select_rules(config)
    reports = load_views(tables)
    parts = _check_grids(rules, reports, tables["cells"]) if "cells" in tables else ()
    return join_findings([collect_findings(_check_views(rules, reports)), *parts])


def _check_views(rules: Sequence[Rule], reports: Sequence[ReportView]) -> Iterator[Finding]:
    """Report by report, so that a text is prepared once for all rules that read it; then those that need several."""
    single = [rule for rule in rules if rule.scope == "report"]
    for report in reports:
        for rule in single:
            if rule.applies_to(report.form):
                yield from CHECKS[rule.check](rule, report)
    series = make_series(reports) if any(rule.scope == "series" for rule in rules) else ()
    for rule in rules:
        if rule.scope == "series":
            for own in series:
                yield from CHECKS[rule.check](rule, own)
        elif rule.scope == "corpus":
            yield from CHECKS[rule.check](rule, reports)


def _check_grids(rules: Sequence[Rule], reports: Sequence[ReportView], cells: pa.Table) -> Iterator[pa.Table]:
    """Form by form, because all reports of a form have the same cells, and table by table."""
    on_cells = [rule for rule in rules if rule.scope == "cells"]
    for form in sorted({report.form for report in reports if report.form is not None}):
        doc_ids = [report.doc_id for report in reports if report.form == form]
        own = [rule for rule in on_cells if rule.applies_to(form)]
        for table in sorted({rule.details["table"] for rule in own}):
            grid = build_grid(cells, doc_ids, form=form, table=table)
            for rule in own:
                if rule.details["table"] == table:
                    yield grid_findings(rule, grid, GRID_CHECKS[rule.check](rule, grid))
