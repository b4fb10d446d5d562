"""Rules on one agency's years: what a report carries in is what the report before it carried out.

A finding belongs to the later report and marks only its cells; the earlier report's number is in ``expected``. A report
whose predecessor is not in the corpus cannot be assessed. Who is one agency is decided by ``agency_id`` alone, which a
renamed agency keeps. After a merger last year's number is the sum over all that were merged, and over the agency itself
where it had reported before; where one of these reports is missing, nothing can be assessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from gknlp.audit.checks.cells import add_up, find_places
from gknlp.audit.finding import Finding, fact_text, judge
from gknlp.audit.rules import Rule
from gknlp.audit.view import ReportView, Series


def check_carry_over(rule: Rule, series: Series) -> Iterator[Finding]:
    """One finding per later report and row or column: its ``value`` is ``before`` of last year + ``plus`` - ``minus``.

    Source: the form's rows on last year (上年结转, 上一年项目数量) and 现行有效件数.
    """
    details = rule.details
    for report, earlier in _later_reports(rule, series):
        for instance in details["instances"]:
            value, before, plus, minus = (
                [_key(details, instance, name) for name in names]
                for names in ([details["value"]], details["before"], details["plus"], details["minus"])
            )
            last_year = total_of((add_up(own, before) for own in agency) for agency in earlier)
            terms = last_year, add_up(report, plus), add_up(report, minus)
            carried, more, less = terms
            expected = None if carried is None or more is None or less is None else carried + more - less
            found = add_up(report, value)
            holds = None if expected is None or found is None else expected == found
            places = find_places(report, (*value, *plus, *minus))
            yield Finding(report.doc_id, rule.id, instance, judge(holds=holds), rule.severity, expected, found, places)


def check_pending_decided(rule: Rule, series: Series) -> Iterator[Finding]:
    """One finding per later report and kind of case: as many were decided (审结) as were pending last year."""
    details = rule.details
    for report, earlier in _later_reports(rule, series):
        for row in details["rows"]:
            keys = [(details["table"], row, column) for column in details["decided"]]
            key = (details["table"], row, details["pending"])
            pending = total_of((own.value(*key) for own in agency) for agency in earlier)
            decided = add_up(report, keys)
            holds = None if pending is None or decided is None else decided >= pending
            expected = None if pending is None else f"≥ {fact_text(pending)}"
            places = find_places(report, keys)
            yield Finding(report.doc_id, rule.id, row, judge(holds=holds), rule.severity, expected, decided, places)


def agree(values: Iterable[float | None]) -> float | None:
    """The one number that several reports of the same agency and year give; None where they differ or give none.

    >>> agree([3.0, None, 3.0]), agree([3.0, 4.0]), agree([])
    (3.0, None, None)
    """
    known = sorted({value for value in values if value is not None})
    return known[0] if len(known) == 1 else None


def total_of(agencies: Iterable[Iterable[float | None]]) -> float | None:
    """The sum over agencies of the one number that each one's reports give; None where one of them gives none.

    >>> total_of([[3.0, 3.0], [4.0]]), total_of([[3.0], []]), total_of([])
    (7.0, None, None)
    """
    numbers = [agree(values) for values in agencies]
    known = [number for number in numbers if number is not None]
    return sum(known) if known and len(known) == len(numbers) else None


def same_place(one: ReportView, other: ReportView) -> bool:
    """Whether two reports may be of one place: agencies of the same name in two regions are two agencies."""
    return one.region is None or other.region is None or one.region == other.region


def _later_reports(rule: Rule, series: Series) -> Iterator[tuple[ReportView, list[list[ReportView]]]]:
    """Each report that has a year before, with that year's reports, agency by agency: several after a merger."""
    for report in series.reports:
        if report.year is None or report.year < rule.details["first_year"] or not rule.applies_to(report.form):
            continue
        yield report, list(_earlier(series, report, report.year))


def _earlier(series: Series, report: ReportView, year: int) -> Iterator[list[ReportView]]:
    """Last year's reports of each agency that a report carries on; an empty list for one that has none."""
    own = [other for other in series.reports if same_place(other, report)]
    if not report.predecessors or any(other.year is not None and other.year < year for other in own):
        yield [other for other in own if other.year == year - 1]
    for agency_id in report.predecessors:
        yield [
            other
            for other in series.merged
            if other.agency_id == agency_id and other.year == year - 1 and same_place(other, report)
        ]


def _key(details: Mapping[str, str], instance: str, name: str) -> tuple[str, str, str]:
    """The cell of a row or column ``instance``: ``name`` is then the column or the row."""
    row, column = (instance, name) if details["by"] == "row" else (name, instance)
    return details["table"], row, column


CROSS_YEAR_CHECKS: Mapping[str, Callable[[Rule, Series], Iterator[Finding]]] = {
    "carry_over": check_carry_over,
    "pending_decided": check_pending_decided,
}
