"""Balances (勾稽关系) that the form itself prints or implies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gknlp.audit.finding import Finding, join_spans, judge
from gknlp.audit.rules import Rule
from gknlp.audit.view import Key, ReportView
from gknlp.forms import load_forms
from gknlp.records import Span

LEAF_OUTCOMES = "leaf_outcomes"


def check_balance(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """One finding per row or column of the rule's table: the left cells' sum against the right cells'.

    Source: the annual report form, 国办公开办函〔2019〕60号 and 〔2021〕30号.
    """
    by_row = rule.details["by"] == "row"
    table: str = rule.details["table"]
    own = [key for key in report.cells if key[0] == table]
    left = _leaf_outcomes(report.form) if rule.details["left"] == [LEAF_OUTCOMES] else rule.details["left"]
    for instance in dict.fromkeys(key[1] if by_row else key[2] for key in own):
        sides = [
            [
                (rule.details["table"], instance, key) if by_row else (rule.details["table"], key, instance)
                for key in keys
            ]
            for keys in (left, rule.details["right"])
        ]
        left_total, right_total = (_add_up(report, keys) for keys in sides)
        holds = None if left_total is None or right_total is None else left_total == right_total
        spans = _places(report, [key for keys in sides for key in keys])
        outcome = judge(holds=holds)
        yield Finding(report.doc_id, rule.id, instance, outcome, rule.severity, left_total, right_total, spans)


def _leaf_outcomes(form: str | None) -> tuple[str, ...]:
    table = load_forms()[form].table("t3") if form else None
    return tuple(row.key for block in table.blocks for row in block.rows if row.parent) if table else ()


def _add_up(report: ReportView, keys: Sequence[Key]) -> float | None:
    values = [report.value(*key) for key in keys]
    known = [value for value in values if value is not None]
    return float(sum(known)) if len(known) == len(values) else None


def _places(report: ReportView, keys: Sequence[Key]) -> tuple[Span, ...]:
    return join_spans(*(report.span(*key) for key in keys))
