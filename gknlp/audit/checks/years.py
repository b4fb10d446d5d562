"""Years within a report against each other: which year it reports on, what its plans and its data period say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from gknlp.audit.checks.dates import read_publication
from gknlp.audit.checks.prose import body_stretch, compile_pattern, list_sentences, read_year
from gknlp.audit.finding import Finding, judge
from gknlp.audit.rules import Rule
from gknlp.audit.view import ReportView
from gknlp.records import Span

_YEAR = re.compile(r"(20\d\d)年")
_PERIOD_SECTIONS = ("preamble", "overview", "summary")


@dataclass(frozen=True, slots=True)
class _Said:
    """A year that one place of the report gives, and where."""

    year: int
    spans: tuple[Span, ...]


def check_years(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """One finding per place that names the year reported on, against the year that most places give.

    Places: title, data period, opening, the year named most, signature and publication less one, counts of the
    overview. A place that says nothing, or a single one that speaks, is not assessable.
    """
    places: dict[str, _Said | None] = {
        "title": _title_year(report),
        "data_period": _period_year(rule, report),
        "opening": _opening_year(rule, report),
        "signature": _signed_year(rule, report),
        "published": _published_year(report),
    }
    expected = _agreed_year(report, places)
    places["modal"] = _modal_year(rule, report, expected)
    places["counts"] = _counted_year(rule, report, expected)
    for instance, said in places.items():
        others = any(other is not None for key, other in places.items() if key != instance)
        holds = said.year == expected if said and others and expected is not None else None
        spans = said.spans if said else ()
        found = said.year if said else None
        yield Finding(report.doc_id, rule.id, instance, judge(holds=holds), rule.severity, expected, found, spans)


def _agreed_year(report: ReportView, places: Mapping[str, _Said | None]) -> int | None:
    counts = Counter(said.year for said in places.values() if said)
    best = [year for year, n in counts.items() if n == max(counts.values())]
    return report.year if report.year in best else best[0] if best else report.year


def _title_year(report: ReportView) -> _Said | None:
    year = read_year("".join((report.title or "").split()))
    spans = tuple(Span(row["start"], row["end"]) for row in report.evidence if row["field"] == "title" and row["end"])
    return None if year is None else _Said(year, spans)


def _period_year(rule: Rule, report: ReportView) -> _Said | None:
    found = _find_period(rule, report)
    return _Said(int(found[0]["year"]), (found[1],)) if found else None


def _opening_year(rule: Rule, report: ReportView) -> _Said | None:
    key = "overview" if "overview" in report.sections else "summary"
    stretch = body_stretch(report, key)
    match = compile_pattern(rule.details["opening"]).search(stretch.text, 0, rule.details["opening_reach"])
    return _Said(int(match["year"]), (stretch.span(*match.span("year")),)) if match else None


def _signed_year(rule: Rule, report: ReportView) -> _Said | None:
    """The year before the signature's; a signature in the covered year's last month stands for that year.

    One that is written long after tells nothing.
    """
    stretch = body_stretch(report, "signature")
    match = compile_pattern(rule.details["signed"]).search(stretch.text)
    year = read_year(match["year"]) if match else None
    if match is None or year is None:
        return None
    covered = year if match["month"] in ("12", "十二") else year - 1
    late = report.year is not None and covered > report.year + 1
    return None if late else _Said(covered, (stretch.span(match.start(), match.end()),))


def _published_year(report: ReportView) -> _Said | None:
    day = read_publication(report)
    if day is None or (report.year is not None and day.year - 1 > report.year):
        return None
    return _Said(day.year - 1, ())


def _modal_year(rule: Rule, report: ReportView, expected: int | None) -> _Said | None:
    """The year that the narrative names most; another than the expected one only where it leads clearly."""
    places: dict[int, list[Span]] = {}
    for key in rule.details["sections"]:
        stretch = body_stretch(report, key)
        for match in _YEAR.finditer(stretch.text):
            places.setdefault(int(match[1]), []).append(stretch.span(*match.span(1)))
    if not places:
        return None
    leader = max(places, key=lambda year: (len(places[year]), year == expected, -year))
    own = len(places.get(expected, ())) if expected is not None else 0
    clear = len(places[leader]) >= max(rule.details["modal_least"], rule.details["modal_lead"] * own)
    if leader == expected or clear:
        return _Said(leader, tuple(places[leader]))
    return _Said(expected, tuple(places[expected])) if expected in places else None


def _counted_year(rule: Rule, report: ReportView, expected: int | None) -> _Said | None:
    """The first sentence of the overview that gives counts of another year alone; else the first of the own year."""
    own: _Said | None = None
    for sentence in list_sentences(report, ("overview",)):
        match = compile_pattern(rule.details["counted"]).search(sentence.stretch.text, sentence.start, sentence.end)
        text = sentence.stretch.text[sentence.start : sentence.end]
        if match is None or compile_pattern(rule.details["compared"]).search(text):
            continue
        said = _Said(int(match["year"]), (sentence.stretch.span(*match.span("year")),))
        years = {int(year) for year in _YEAR.findall(text)}
        if years == {said.year} and said.year != expected:
            return said
        own = own or (said if said.year == expected else None)
    return own


def check_plans(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """One finding per plan that names its year: a report plans for the year after its own, or later."""
    n_plans = 0
    for sentence in list_sentences(report, rule.details["sections"]):
        text = sentence.stretch.text
        for match in compile_pattern(rule.details["plan"]).finditer(text, sentence.start, sentence.end):
            n_plans += 1
            found, year = int(match["year"]), report.year
            holds = None if year is None else found > year
            expected = None if year is None else year + 1
            spans = (sentence.stretch.span(match.start("year"), match.end()),)
            outcome = judge(holds=holds)
            yield Finding(report.doc_id, rule.id, f"plan_{n_plans}", outcome, rule.severity, expected, found, spans)
    if not n_plans:
        yield Finding(report.doc_id, rule.id, "no_plan", "not_assessable", rule.severity)


def check_period(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """Whether the data period (统计期限) runs from 1 January to 31 December of one year."""
    found = _find_period(rule, report)
    if found is None:
        yield Finding(report.doc_id, rule.id, "data_period", "not_assessable", rule.severity, "01-01/12-31")
        return
    match, span = found
    parts = match.groupdict()
    same_year = parts.get("end_year") in (None, parts["year"])
    start = f"{int(parts['month']):02}-{int(parts['day']):02}" if parts.get("month") else "01-01"
    end = f"{int(parts['end_month']):02}-{int(parts['end_day']):02}"
    said = f"{start}/{end}" if same_year else f"{parts['year']}-{start}/{parts['end_year']}-{end}"
    holds = same_year and (start, end) == ("01-01", "12-31")
    yield Finding(
        report.doc_id, rule.id, "data_period", judge(holds=holds), rule.severity, "01-01/12-31", said, (span,)
    )


def _find_period(rule: Rule, report: ReportView) -> tuple[re.Match[str], Span] | None:
    """The first range of dates in a sentence on the data, anywhere in the preamble."""
    for key in _PERIOD_SECTIONS:
        stretch = body_stretch(report, key)
        for sentence in re.finditer(r"[^。!?]+", stretch.text):
            named = compile_pattern(rule.details["period_words"]).search(sentence.group())
            if named is None and key != "preamble":
                continue
            for name in ("period", "period_end") if named else ("period",):
                match = compile_pattern(rule.details[name]).search(stretch.text, sentence.start(), sentence.end())
                if match:
                    return match, stretch.span(match.start(), match.end())
    return None


YEAR_CHECKS: Mapping[str, Callable[[Rule, ReportView], Iterator[Finding]]] = {
    "years": check_years,
    "plans": check_plans,
    "period": check_period,
}
