"""Rules that need many agencies at once: magnitudes within a level and year, a government against those it covers."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from gknlp.audit.checks.cells import find_places
from gknlp.audit.checks.cross_year import agree
from gknlp.audit.finding import Finding, Outcome, join_spans, judge
from gknlp.audit.grid import printed_keys
from gknlp.audit.rows import Key
from gknlp.audit.rules import Rule
from gknlp.audit.view import ReportView
from gknlp.records import Span

_YUAN_IN_FORM_UNIT = 10_000
"""Sums are compared in 万元, the unit that the form prints for fees."""
_MAD_TO_SIGMA = 1.4826
"""Standard deviation of a normal distribution per median absolute deviation."""


def check_magnitude(rule: Rule, reports: Sequence[ReportView]) -> Iterator[Finding]:
    """One finding per report and cell: its robust z-score within level and year is not above the threshold.

    Numbers are compared as log10(1 + x), because agencies differ by orders of magnitude; the spread is never taken to be
    smaller than ``smallest_spread``. Below ``fewest`` numbers a group says nothing. A small number never fails: an agency
    without such powers rightly reports 0. ``expected`` is the bound, to three digits.

    Source: Iglewicz & Hoaglin (1993), How to Detect and Handle Outliers, modified z-score.
    """
    groups: dict[tuple[str | None, int | None, Key], list[tuple[ReportView, float | None]]] = defaultdict(list)
    for report in reports:
        if rule.applies_to(report.form):
            for key in _own_keys(rule, report):
                groups[report.level, report.year, key].append((report, _size(rule, report, key)))
    for (level, year, key), members in groups.items():
        known = [size for _, size in members if size is not None]
        comparable = level is not None and year is not None and len(known) >= rule.details["fewest"]
        bound = _upper_bound(known, rule.details) if comparable else None
        for report, size in members:
            holds = None if size is None or bound is None else math.log10(1 + size) <= bound
            expected = None if bound is None else f"≤ {_as_size(bound)}"
            name = f"{key[1]}.{key[2]}"
            places = report.span(*key)
            yield Finding(report.doc_id, rule.id, name, judge(holds=holds), rule.severity, expected, size, places)


def check_hierarchy(rule: Rule, reports: Sequence[ReportView]) -> Iterator[Finding]:
    """One finding per government report and cell: its number is the sum over the agencies that it says it covers.

    Assessed only where the report says whom its figures cover and the corpus has reports of such agencies, by place name,
    of the same year. Agencies missing from the corpus can only lower the sum: a lower sum is a failure only if as many
    reports are there as the government says it covers, a higher sum always is.
    """
    by_year: dict[int | None, list[ReportView]] = defaultdict(list)
    claims: dict[str, Span] = {}
    for report in reports:
        if rule.applies_to(report.form):
            by_year[report.year].append(report)
            if report.kind == "government" and (place := _coverage_claim(rule, report)) is not None:
                claims[report.doc_id] = place
    for report in (report for own in by_year.values() for report in own if report.kind == "government"):
        claim = claims.get(report.doc_id)
        parts = _Parts(0, None, ())
        if claim is not None:
            members = _members(rule, report, by_year[report.year], claims)
            parts = _Parts(len(members), _stated_count(rule, report.text[claim.start : claim.end]), members)
        for key in (tuple(cell) for cell in rule.details["cells"]):
            yield _compare(rule, report, key, parts, () if claim is None else (claim,))


@dataclass(frozen=True, slots=True)
class _Parts:
    """Those that a government covers: how many the corpus has, how many its report states, reports by agency."""

    n_found: int
    n_stated: int | None
    agencies: tuple[tuple[ReportView, ...], ...]


def _compare(rule: Rule, report: ReportView, key: Key, parts: _Parts, claim: tuple[Span, ...]) -> Finding:
    own = report.value(*key)
    values = [agree(member.value(*key) for member in agency) for agency in parts.agencies]
    known = [value for value in values if value is not None]
    total = float(sum(known)) if known else None
    outcome: Outcome = "not_assessable"
    if own is not None and total is not None:
        all_known = len(known) == len(values)
        too_many = parts.n_stated is not None and parts.n_found > parts.n_stated
        if total == own and all_known and not too_many:
            outcome = "pass"
        elif (total > own and not too_many) or (total < own and all_known and parts.n_found == parts.n_stated):
            outcome = "fail"
    places = join_spans(find_places(report, [key]), claim)
    return Finding(report.doc_id, rule.id, f"{key[1]}.{key[2]}", outcome, rule.severity, total, own, places)


def _coverage_claim(rule: Rule, report: ReportView) -> Span | None:
    """Where the report says whose figures it holds; None where it does not say."""
    for name in rule.details["sections"]:
        section = report.sections.get(name)
        match = re.search(rule.details["covers"], report.section_text(name)) if section else None
        if section and match:
            return Span(section.start + match.start(), section.start + match.end())
    return None


def _stated_count(rule: Rule, claim: str) -> int | None:
    if re.search(rule.details["uncounted"], claim):
        return None
    counts = [int(match[1]) for match in re.finditer(rule.details["count"], claim)]
    return sum(counts) if counts else None


def _members(
    rule: Rule, head: ReportView, reports: Sequence[ReportView], claims: Mapping[str, Span]
) -> tuple[tuple[ReportView, ...], ...]:
    """Reports of the agencies right below a government; those below a member that itself covers others are left out."""
    below = [report for report in reports if _is_below(rule, report, head)]
    covering = [report for report in below if report.doc_id in claims]
    direct: dict[str, list[ReportView]] = {}
    for report in below:
        if not any(_is_below(rule, report, other) for other in covering if other is not report):
            direct.setdefault(report.agency_id or report.doc_id, []).append(report)
    return tuple(tuple(direct[key]) for key in sorted(direct))


def _is_below(rule: Rule, report: ReportView, head: ReportView) -> bool:
    """Whether an agency belongs to a government's place: by its name's beginning, or by the end of its region."""
    place, name = (_bare_name(rule, own) for own in (head, report))
    if not place or not name or name == place or report.doc_id == head.doc_id:
        return False
    if report.agency_id is not None and report.agency_id == head.agency_id:
        return False
    if name.startswith(place):
        return head.region is None or report.region is None or _nested(head.region, report.region)
    return report.region is not None and report.region.endswith(place)


def _nested(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _bare_name(rule: Rule, report: ReportView) -> str:
    name = "".join((report.agency or "").split())
    for ending in rule.details["name_endings"]:
        name = name.removesuffix(ending)
    return name


def _own_keys(rule: Rule, report: ReportView) -> list[Key]:
    wanted = {tuple(cell) for cell in rule.details["cells"]}
    return [key for key in printed_keys(report.form, rule.details["table"]) if key[1:] in wanted]


def _size(rule: Rule, report: ReportView, key: Key) -> float | None:
    """A cell's number, sums of money in 万元; None where unknown, of unknown unit or negative."""
    cell = report.cells.get(key)
    if cell is None:
        return None
    if key[2] in rule.details["money"]:
        value = None if cell.value_yuan is None else cell.value_yuan / _YUAN_IN_FORM_UNIT
    else:
        value = cell.value
    return value if value is not None and value >= 0 else None


def _upper_bound(sizes: Sequence[float], details: Mapping[str, Any]) -> float:
    logs = [math.log10(1 + size) for size in sizes]
    middle = median(logs)
    spread: float = max(_MAD_TO_SIGMA * median(abs(log - middle) for log in logs), details["smallest_spread"])
    return middle + float(details["threshold"]) * spread


def _as_size(log: float) -> str:
    """The number behind a logarithm, to three digits.

    >>> _as_size(1.75), _as_size(0.0), _as_size(4.1)
    ('55.2', '0', '12600')
    """
    size = 10**log - 1
    digits = 2 - math.floor(math.log10(size)) if size > 0 else 0
    return f"{round(size, digits):.{max(0, min(digits, 3))}f}"


CORPUS_CHECKS: Mapping[str, Callable[[Rule, Sequence[ReportView]], Iterator[Finding]]] = {
    "magnitude": check_magnitude,
    "hierarchy": check_hierarchy,
}
