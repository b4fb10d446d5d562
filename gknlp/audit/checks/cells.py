"""Rules on the cells of one report: what a cell may hold, and which cells bound each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from gknlp.audit.finding import Fact, Finding, fact_text, join_spans, judge
from gknlp.audit.grid import printed_keys
from gknlp.audit.rows import CellView, Key
from gknlp.audit.rules import Rule
from gknlp.audit.view import ReportView
from gknlp.records import Span
from gknlp.text.numerals import parse_amount

_NO_CELL = CellView(None)


def add_up(report: ReportView, keys: Sequence[Key]) -> float | None:
    """The sum of some cells; None where one of them has no number, 0 for no cells."""
    total = 0.0
    for key in keys:
        value = report.value(*key)
        if value is None:
            return None
        total += value
    return total


def find_places(report: ReportView, keys: Sequence[Key]) -> tuple[Span, ...]:
    """The places of some cells, in text order; cells that were not found have none."""
    return join_spans(*(report.span(*key) for key in keys))


def check_at_least(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """One finding per row: the sum of its ``value`` columns is at least ``plus`` less ``minus``, and never negative."""
    details = rule.details
    for row in details["rows"]:
        value, plus, minus = (_in_row(details, row, details[side]) for side in ("value", "plus", "minus"))
        own, more, less = (add_up(report, keys) for keys in (value, plus, minus))
        floor = None if more is None or less is None else max(0.0, more - less)
        holds = None if own is None or floor is None else own >= floor
        expected = None if floor is None else f"≥ {fact_text(floor)}"
        yield _finding(rule, report, row, holds=holds, compared=(expected, own), keys=(*value, *plus, *minus))


def check_made_and_disclosed(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """One finding per row: what was newly disclosed is at most what was newly made, and not nothing at all of it."""
    details = rule.details
    for row in details["rows"]:
        keys = _in_row(details, row, [details["made"], details["disclosed"], details["total"]])
        made, disclosed, total = (report.value(*key) for key in keys)
        if made is None or disclosed is None:
            yield _finding(rule, report, row, holds=None, compared=(None, disclosed), keys=keys)
            continue
        none_out = made > 0 and disclosed == 0
        holds = False if disclosed > made else (None if total is None else total > 0) if none_out else True
        expected = f"1 … {fact_text(made)}" if none_out and total == 0 else f"≤ {fact_text(made)}"
        yield _finding(rule, report, row, holds=holds, compared=(expected, disclosed), keys=keys)


def check_zero_together(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """One finding: a number of projects and their amount are both zero or both not."""
    details = rule.details
    keys = _in_row(details, details["row"], [details["count"], details["amount"]])
    count, amount = (report.value(*key) for key in keys)
    holds = None if count is None or amount is None else (count == 0) == (amount == 0)
    expected = None if count is None else "0" if count == 0 else "> 0"
    yield _finding(rule, report, details["row"], holds=holds, compared=(expected, amount), keys=keys)


def check_own_unit(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """One finding: a sum of money is printed with its unit (元, 万元, 亿元); zero needs none."""
    details = rule.details
    (key,) = keys = _in_row(details, details["row"], [details["amount"]])
    cell = report.cells.get(key, _NO_CELL)
    printed = parse_amount(cell.raw) if cell.raw is not None else None
    holds = None if cell.value is None or printed is None else cell.value == 0 or printed.unit in details["units"]
    compared = (" / ".join(details["units"]), cell.raw)
    yield _finding(rule, report, details["row"], holds=holds, compared=compared, keys=keys)


def check_regulation_power(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """One finding per column: a level without the power to issue regulations (规章) reports none."""
    details = rule.details
    for key in printed_keys(report.form, details["table"]):
        if key[1] != details["row"]:
            continue
        value = report.value(*key)
        may = report.level in details["levels"]
        holds = None if value is None or report.level is None else may or value == 0
        expected = None if report.level is None else "≥ 0" if may else "0"
        yield _finding(rule, report, key[2], holds=holds, compared=(expected, value), keys=(key,))


def check_fee_notices(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """One finding: where requests ended because a fee was not paid, a section mentions fee notices (收费通知).

    A sentence that none were sent is no mention. ``found`` is the mention, or the denial, or nothing.
    """
    details = rule.details
    key = (details["table"], details["row"], details["column"])
    unpaid, section = report.value(*key), report.sections.get(details["section"])
    own = report.span(*key)
    if unpaid == 0:
        yield Finding(report.doc_id, rule.id, "", "pass", rule.severity, "", "", own)
        return
    text = report.section_text(details["section"])
    if unpaid is None or section is None:
        yield Finding(report.doc_id, rule.id, "", "not_assessable", rule.severity, None, None, own)
        return
    denial = re.search(details["denial"], text)
    hit = denial or re.search(details["mention"], text)
    place = Span(section.start + hit.start(), section.start + hit.end()) if hit else section
    outcome = judge(holds=hit is not None and denial is None)
    found = hit[0] if hit else ""
    yield Finding(report.doc_id, rule.id, "", outcome, rule.severity, details["expected"], found, (*own, place))


def _in_row(details: Mapping[str, str], row: str, columns: Sequence[str]) -> tuple[Key, ...]:
    return tuple((details["table"], row, column) for column in columns)


def _finding(
    rule: Rule,
    report: ReportView,
    instance: str,
    *,
    holds: bool | None,
    compared: tuple[Fact, Fact],
    keys: Sequence[Key],
) -> Finding:
    expected, found = compared
    places = find_places(report, keys)
    return Finding(report.doc_id, rule.id, instance, judge(holds=holds), rule.severity, expected, found, places)


CELL_CHECKS: Mapping[str, Callable[[Rule, ReportView], Iterator[Finding]]] = {
    "at_least": check_at_least,
    "made_and_disclosed": check_made_and_disclosed,
    "zero_together": check_zero_together,
    "own_unit": check_own_unit,
    "regulation_power": check_regulation_power,
    "fee_notices": check_fee_notices,
}
