"""Balances checked on cells: pass, fail, or not assessable where a cell is null."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from gknlp.audit.rules import LEAF_OUTCOMES, AuditConfig, Balance, select_rules
from gknlp.audit.summary import summarise_findings
from gknlp.forms import load_forms
from gknlp.tables import table_of

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Side:
    total: float | None
    spans: tuple[list[int], ...]


def audit_corpus(tables: Mapping[str, pa.Table], *, config: AuditConfig | None = None) -> dict[str, pa.Table]:
    """Findings and their summary by rule, year and level, from the corpus tables ``cells`` and ``reports``."""
    findings = check_cells(tables["cells"], tables["reports"], config=config or AuditConfig())
    return {"findings": findings, "rule_summary": summarise_findings(findings, tables["reports"])}


def check_cells(cells: pa.Table, reports: pa.Table, *, config: AuditConfig) -> pa.Table:
    """One finding per rule instance of every report whose form is known, superseded ones left out.

    Parameters
    ----------
    cells, reports : corpus tables; a cell that was blank or could not be read has a null value.
    config : the rules to check.

    Returns
    -------
    Table ``findings``; ``expected`` is the sum of the left side, ``found`` of the right, null where a cell is null.
    Empty tables give an empty table.

    Source: the annual report form, 国办公开办函〔2019〕60号 and 〔2021〕30号.
    """
    rules = select_rules(config)
    forms = {
        row["doc_id"]: row["form"]
        for row in reports.select(["doc_id", "form", "superseded_by"]).to_pylist()
        if row["superseded_by"] is None
    }
    rows: list[dict[str, Any]] = []
    for doc_id, own in _cells_by_report(cells):
        if forms.get(doc_id):
            for rule in rules:
                rows.extend({"doc_id": doc_id, **finding} for finding in _check_rule(rule, own, forms[doc_id]))
    return table_of("findings", rows)


def _cells_by_report(cells: pa.Table) -> Iterator[tuple[str, dict[Key, dict[str, Any]]]]:
    grouped: dict[str, dict[Key, dict[str, Any]]] = {}
    for cell in cells.select(["doc_id", "table", "row", "column", "value", "start", "end"]).to_pylist():
        grouped.setdefault(cell["doc_id"], {})[(cell["table"], cell["row"], cell["column"])] = cell
    yield from sorted(grouped.items())


def _check_rule(rule: Balance, cells: Mapping[Key, dict[str, Any]], form: str) -> Iterator[dict[str, Any]]:
    own = [key for key in cells if key[0] == rule.table]
    by_row = rule.scope == "each_row"
    instances = list(dict.fromkeys(key[1] if by_row else key[2] for key in own))
    left = _leaf_outcomes(form) if rule.left == (LEAF_OUTCOMES,) else rule.left
    for instance in instances:
        sides = [
            _add_up([cells.get((rule.table, instance, key) if by_row else (rule.table, key, instance)) for key in keys])
            for keys in (left, rule.right)
        ]
        yield _finding(rule, instance, sides[0], sides[1])


def _leaf_outcomes(form: str) -> tuple[str, ...]:
    table = load_forms()[form].table("t3")
    return tuple(row.key for block in table.blocks for row in block.rows if row.parent) if table else ()


def _add_up(cells: Sequence[dict[str, Any] | None]) -> _Side:
    spans = tuple([cell["start"], cell["end"]] for cell in cells if cell and cell["start"] is not None)
    values: list[float] = [cell["value"] for cell in cells if cell and cell["value"] is not None]
    return _Side(float(sum(values)) if len(values) == len(cells) else None, spans)


def _finding(rule: Balance, instance: str, left: _Side, right: _Side) -> dict[str, Any]:
    if left.total is None or right.total is None:
        outcome = "not_assessable"
    else:
        outcome = "pass" if left.total == right.total else "fail"
    return {
        "rule": rule.id,
        "instance": instance,
        "outcome": outcome,
        "severity": rule.severity,
        "expected": left.total,
        "found": right.total,
        "spans": [*left.spans, *right.spans],
    }
