"""What the year of a report makes binding: the form, the notice it cites, the date of publication."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from gknlp.audit.checks.prose import Stretch, compile_pattern, squeeze_with_names
from gknlp.audit.finding import Finding, judge
from gknlp.audit.rules import Rule
from gknlp.audit.view import ReportView
from gknlp.forms import load_forms
from gknlp.records import Span

_DATE = re.compile(r"(20\d\d)\D(\d{1,2})\D(\d{1,2})")
_FIRST_ONLINE_YEAR = 2004
"""Before this year no report was published on line: an earlier date is a server's default."""


def check_form(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """Whether the form that the header cells show is the one of the report's year."""
    expected = form_of_year(report.year)
    told = report.form_status in ("found", "conflict")
    holds = report.form == expected if told and expected is not None else None
    spans = tuple(Span(row["start"], row["end"]) for row in report.evidence if row["field"] == "form" and row["end"])
    yield Finding(report.doc_id, rule.id, "form", judge(holds=holds), rule.severity, expected, report.form, spans)


def form_of_year(year: int | None) -> str | None:
    """The form in force for a report year; None for no year.

    >>> form_of_year(2018), form_of_year(2020), form_of_year(2024)
    ('legacy_2008', 'trial_2019', 'revised_2021')
    """
    forms = load_forms().values() if year is not None else ()
    fitting = (form.key for form in forms if form.first_year <= (year or 0) <= (form.last_year or year or 0))
    return next(fitting, None)


def check_notice(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """Whether the notice that the report cites, by number or name, is the one of its year; several: one must be."""
    cited: list[tuple[str, Span]] = []
    for key in rule.details["sections"]:
        span = report.sections.get(key)
        stretch = squeeze_with_names(report.text, span.start, span.end) if span else Stretch("", ())
        for notice in rule.details["notices"]:
            matches = compile_pattern(notice["pattern"]).finditer(stretch.text)
            cited += [(notice["form"], stretch.span(match.start(), match.end())) for match in matches]
    expected = form_of_year(report.year)
    fits = any(form == expected for form, _ in cited)
    found = expected if fits else cited[0][0] if cited else None
    holds = fits if cited and expected is not None else None
    spans = tuple(sorted(span for _, span in cited))
    yield Finding(report.doc_id, rule.id, "notice", judge(holds=holds), rule.severity, expected, found, spans)


def check_deadline(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """Whether the report was published by the legal date of its level and kind; no law names one for townships."""
    day, limit = read_publication(report), _deadline(rule, report)
    holds = None if day is None or limit is None or report.year is None or day.year <= report.year else day <= limit
    expected, found = (value.isoformat() if value else None for value in (limit, day))
    yield Finding(report.doc_id, rule.id, "published", judge(holds=holds), rule.severity, expected, found)


def _deadline(rule: Rule, report: ReportView) -> date | None:
    for limit in rule.details["deadlines"]:
        if report.year is None or not limit["first_year"] <= report.year <= limit.get("last_year", report.year):
            continue
        if report.level in limit["levels"] and report.kind in limit["kinds"]:
            return date(report.year + 1, limit["month"], limit["day"])
    return None


def read_publication(report: ReportView) -> date | None:
    """The day of publication; None where it is unknown, no date, or a server's default of before the first reports."""
    match = _DATE.search(report.published or "")
    try:
        day = date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None
    return day if day and day.year >= _FIRST_ONLINE_YEAR else None


DATE_CHECKS: Mapping[str, Callable[[Rule, ReportView], Iterator[Finding]]] = {
    "form_fits": check_form,
    "notice": check_notice,
    "deadline": check_deadline,
}
