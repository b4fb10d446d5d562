"""Signs of the document: its sections, what they must cover, what was left in by mistake."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from gknlp.audit.checks.prose import body_span, body_stretch, compile_pattern, fold_text, read_count, squeeze
from gknlp.audit.finding import Finding, Outcome, judge
from gknlp.audit.rules import Rule
from gknlp.audit.view import ReportView
from gknlp.forms import load_forms
from gknlp.records import Span
from gknlp.text.folding import fold_label, fold_width
from gknlp.text.lines import Line, split_lines
from gknlp.text.sentences import match_enumerator

_NUMBER = re.compile(r"\|{0,8}\s{0,8}第?(?P<number>[(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)]?)")
_NARRATIVE = ("preamble", "overview", "problems_improvements", "other_matters")


def check_sections(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """One finding per section of the form: it is there, in its place, under its number. None at all: not assessable."""
    kinds = load_forms()[report.form].sections if report.form else ()
    present = [kind.key for kind in kinds if kind.key in report.sections]
    reached = -1
    for kind in kinds:
        span = report.sections.get(kind.key)
        heading = report.headings.get(kind.key, "")
        if span is None or not present:
            outcome: Outcome = "fail" if present else "not_assessable"
            yield Finding(report.doc_id, rule.id, kind.key, outcome, rule.severity, f"{kind.number}、{kind.title}")
            continue
        match = _NUMBER.match(fold_width(heading))
        printed = match["number"] if match else ""
        holds = printed == kind.number and span.start > reached
        reached = max(reached, span.start)
        place = (Span(span.start, span.start + len(heading)),)
        yield Finding(
            report.doc_id, rule.id, kind.key, judge(holds=holds), rule.severity, kind.number, printed or None, place
        )


def check_topics(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """One finding per topic that a section must cover, with the first words that do; no such section: not assessable."""
    key = rule.details["section"]
    stretch = body_stretch(report, key)
    headings = "。".join(fold_width(unit["heading"] or "") for unit in report.units if unit["section"] == key)
    for topic in rule.details["topics"]:
        pattern = compile_pattern(topic["pattern"])
        match = pattern.search(stretch.text)
        holds = None if key not in report.sections else bool(match or pattern.search(headings))
        if match:
            spans: tuple[Span, ...] = (stretch.span(match.start(), match.end()),)
        else:
            spans = (report.sections[key],) if key in report.sections else ()
        yield Finding(
            report.doc_id, rule.id, topic["key"], judge(holds=holds), rule.severity, topic["label"], None, spans
        )


def check_problems(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """Whether section five names a problem: it has text, not 无 alone, and not improvements alone."""
    key = rule.details["section"]
    if key not in report.sections:
        yield Finding(report.doc_id, rule.id, "problems", "not_assessable", rule.severity)
        return
    units = [unit for unit in report.units if unit["section"] == key]
    problems = [unit for unit in units if unit["part"] == "problems"]
    said = "".join(fold_label(unit["text"]) for unit in problems)
    denied = compile_pattern(rule.details["denied"]).fullmatch(said) is not None
    spans = tuple(Span(unit["start"], unit["end"]) for unit in problems) or (report.sections[key],)
    holds = bool(said) and not denied
    found = "无" if denied else f"{len(problems)}"
    yield Finding(report.doc_id, rule.id, "problems", judge(holds=holds), rule.severity, None, found, spans)


def check_contents(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """The list of contents in the preamble: this form's sections (instance names), their number (instance number).

    Fewer than three section names are no list: not assessable.
    """
    stretch = body_stretch(report, "preamble")
    text = stretch.text
    kinds = load_forms()[report.form].sections if report.form else ()
    names = [max((n for n in (kind.title, *kind.variants) if n in text), key=len, default=None) for kind in kinds]
    stale = list(compile_pattern(rule.details["legacy"]).finditer(text))
    n_named = sum(name is not None for name in names) + len(stale)
    holds = None if n_named < rule.details["fewest_names"] else not stale
    spans = tuple(stretch.span(match.start(), match.end()) for match in stale)
    found = stale[0].group() if stale else None
    yield Finding(report.doc_id, rule.id, "names", judge(holds=holds), rule.severity, len(kinds), found, spans)
    match = compile_pattern(rule.details["number"]).search(text)
    number = read_count(match["n"]) if match else None
    places = (stretch.span(match.start(), match.end()),) if match else ()
    holds = None if number is None else number == len(kinds)
    yield Finding(report.doc_id, rule.id, "number", judge(holds=holds), rule.severity, len(kinds), number, places)


def check_debris(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """One finding per kind of debris of editors and extractors: bookmarks, page numbers, runs of pipes, empty headings.

    Bookmarks are looked for everywhere, the rest outside the tables. A report without text is not assessable.
    """
    found = {
        "bookmark": [Span(*match.span()) for match in compile_pattern(rule.details["bookmark"]).finditer(report.text)],
        "instruction": _in_narrative(rule, report, "instruction"),
        "page_number": _page_numbers(rule, report),
        "pipes": _in_narrative(rule, report, "pipes"),
        "empty_heading": _empty_headings(report),
    }
    for instance, spans in found.items():
        holds = None if not report.text.strip() else not spans
        yield Finding(
            report.doc_id, rule.id, instance, judge(holds=holds), rule.severity, 0, len(spans), tuple(sorted(spans))
        )


def _in_narrative(rule: Rule, report: ReportView, name: str) -> list[Span]:
    pattern = compile_pattern(rule.details[name])
    found = []
    for key in _NARRATIVE:
        span = body_span(report, key)
        if span is not None:
            stretch = squeeze(report.text, span.start, span.end)
            found += [stretch.span(match.start(), match.end()) for match in pattern.finditer(stretch.text)]
    return found


def _page_numbers(rule: Rule, report: ReportView) -> list[Span]:
    """Lines that are a number alone; where there are many, every number stands on its own line: a layout, no debris."""
    pattern, goes_on = (compile_pattern(rule.details[name]) for name in ("page_number", "goes_on"))
    found, folded = [], fold_text(report.text)
    for key in (*_NARRATIVE, "signature"):
        span = body_span(report, key)
        lines = split_lines(report.text, span.start, span.end) if span is not None else ()
        for line, following in zip(lines, (*lines, None)[1:], strict=True):
            joined = following is not None and goes_on.match(following.text)
            if pattern.fullmatch(folded, line.span.start, line.span.end) and not joined:
                found.append(line.span)
    return found if len(found) <= rule.details["most_page_numbers"] else []


def _empty_headings(report: ReportView) -> list[Span]:
    """Section headings without text, bare enumerators, and sub-headings without the text that their likes have."""
    found = []
    for key in _NARRATIVE[1:]:
        span = body_span(report, key)
        if span is None:
            continue
        lines = split_lines(report.text, span.start, span.end)
        found += _bare_lines(lines) if lines else [report.sections[key]]
    return found


def _bare_lines(lines: Sequence[Line]) -> list[Span]:
    kinds = [match_enumerator(line.text, 0) for line in lines]
    bare = [line.span for line, kind in zip(lines, kinds, strict=True) if kind and kind[1] == len(line.text)]
    heads = [kind[0] if kind and _is_head(line) else None for line, kind in zip(lines, kinds, strict=True)]
    followed = [*heads[1:], "end"]
    with_text = {head for head, after in zip(heads, followed, strict=True) if head and after is None}
    empty = [
        line.span
        for line, head, after in zip(lines, heads, followed, strict=True)
        if head == "bracket" and head in with_text and after == head
    ]
    return [*bare, *empty]


def _is_head(line: Line) -> bool:
    return len(line.text) <= 25 and not re.search(r"[。;；，,：:！!？?]", line.text)


DOCUMENT_CHECKS: Mapping[str, Callable[[Rule, ReportView], Iterator[Finding]]] = {
    "sections": check_sections,
    "topics": check_topics,
    "problems": check_problems,
    "contents": check_contents,
    "debris": check_debris,
}
