"""Claims (数字表述) of the narrative against the cells of the form, and lists of parts against their total."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gknlp.audit.checks.prose import (
    HIDDEN,
    REACH,
    Sentence,
    Stretch,
    compile_pattern,
    freeze_words,
    list_sentences,
    read_count,
    unit_stretch,
)
from gknlp.audit.finding import Finding, Outcome, join_spans, judge
from gknlp.audit.rows import Key
from gknlp.audit.rules import Rule
from gknlp.audit.view import ReportView
from gknlp.records import Span

_OTHER_YEAR = re.compile(r"(20\d\d)年")
_MOST_PARTS = 40
_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {"equal": operator.eq, "more": operator.gt}


@dataclass(frozen=True, slots=True)
class _Claim:
    value: int
    span: Span
    cells: Sequence[Sequence[str]]
    compare: str
    is_loose: bool


def check_claims(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """One finding per claim of the rule's kinds: its number against the cells that the form holds for it.

    ``expected`` is the table's number, ``found`` the claim's. Several sets of cells are alternatives: one that agrees
    is enough. A claim on a wider or narrower circle (``loose``) passes where it agrees and is not assessable where it
    does not. A report without such a claim gives one finding that is not assessable.
    """
    claims = sorted(_read_claims(rule, report), key=lambda claim: claim.span)
    for place, claim in enumerate(claims, 1):
        yield _compare(rule, report, claim, f"claim_{place}")
    if not claims:
        yield Finding(report.doc_id, rule.id, "no_claim", "not_assessable", rule.severity)


def _read_claims(rule: Rule, report: ReportView) -> Iterator[_Claim]:
    words = freeze_words(rule.details)
    for sentence in list_sentences(report, rule.details["sections"], needs=rule.details["needs"]):
        taken: list[tuple[int, int]] = []
        for kind in rule.details["claims"]:
            pattern = compile_pattern(kind["pattern"], words)
            for match in pattern.finditer(sentence.stretch.text, sentence.start, sentence.end):
                value = _value(kind, match)
                free = all(match.end() <= start or end <= match.start() for start, end in taken)
                if value is None or not free or _is_about_else(rule, report, sentence, match):
                    continue
                taken.append(match.span())
                loose = _is_loose(rule, kind, report, sentence.ahead(match.end()))
                span = sentence.stretch.span(match.start(), match.end())
                yield _Claim(value, span, kind["cells"], kind.get("compare", "equal"), loose)


def _value(kind: Mapping[str, Any], match: re.Match[str]) -> int | None:
    if "value" in kind:
        return int(kind["value"])
    value = read_count(match["n"])
    return None if (value == 0 and kind.get("zero") == "never") or (value and kind.get("zero") == "only") else value


def _is_about_else(rule: Rule, report: ReportView, sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether another year, a part of the whole or another matter is what the claim counts."""
    details = rule.details
    ahead = sentence.ahead(match.start())
    clause = ahead[ahead.rfind(",") + 1 :]
    years = _OTHER_YEAR.findall(ahead)
    if years and report.year is not None and int(years[-1]) != report.year:
        return True
    for key, where in (("unless", ahead), ("unless_clause", clause)):
        if key in details and compile_pattern(details[key]).search(where):
            return True
    if "context" in details and not compile_pattern(details["context"]).search(sentence.around(*match.span())):
        return True
    if "objects" not in details:
        return False
    said = sentence.heading + sentence.stretch.text[max(0, match.start() - REACH) : match.end()]
    named = compile_pattern(details["objects"]).findall(said)
    return not named or named[-1] != details["own_object"]


def _is_loose(rule: Rule, kind: Mapping[str, Any], report: ReportView, said: str) -> bool:
    """Whether the claim may count a wider or narrower circle than the table: by the rule, by the kind of claim."""
    patterns = [rule.details.get("loose"), kind.get("loose")]
    if report.kind != "government" or report.level == "township":
        patterns.append(rule.details.get("loose_unless_government"))
    return any(compile_pattern(pattern).search(said) for pattern in patterns if pattern)


def _compare(rule: Rule, report: ReportView, claim: _Claim, instance: str) -> Finding:
    known = [[_key(cell) for cell in cells] for cells in claim.cells]
    known = [keys for keys in known if all(key in report.cells for key in keys)] or known
    sums = [_add_up(report, keys) for keys in known]
    holds = _COMPARISONS[claim.compare]
    agreeing = next((i for i, total in enumerate(sums) if total is not None and holds(total, claim.value)), None)
    outcome: Outcome = "fail"
    if agreeing is not None:
        outcome = "pass"
    elif claim.is_loose or any(total is None for total in sums):
        outcome = "not_assessable"
    place = agreeing or 0
    spans = join_spans([claim.span], *(report.span(*key) for key in known[place]))
    return Finding(report.doc_id, rule.id, instance, outcome, rule.severity, sums[place], claim.value, spans)


def _key(cell: str) -> Key:
    table, row, column = cell.split("/")
    return table, row, column


def _add_up(report: ReportView, keys: Sequence[Key]) -> float | None:
    values = [report.value(*key) for key in keys]
    known = [value for value in values if value is not None]
    return float(sum(known)) if len(known) == len(values) else None


def check_parts(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """Listed parts (其中…) against the stated total, listed shares against 100.

    Parts that stay far below their total are highlights and no partition: not assessable. ``expected`` is the total,
    ``found`` the sum of what is listed.
    """
    n_parts = n_shares = 0
    for unit in report.units:
        stretch = unit_stretch(report, unit)
        for span, total, found, outcome in _listed_parts(rule, stretch):
            n_parts += 1
            yield Finding(report.doc_id, rule.id, f"parts_{n_parts}", outcome, rule.severity, total, found, (span,))
        for span, share, outcome in _listed_shares(rule, stretch):
            n_shares += 1
            yield Finding(report.doc_id, rule.id, f"shares_{n_shares}", outcome, rule.severity, 100, share, (span,))
    if not n_parts + n_shares:
        yield Finding(report.doc_id, rule.id, "no_list", "not_assessable", rule.severity)


def _listed_parts(rule: Rule, stretch: Stretch) -> Iterator[tuple[Span, int, int, Outcome]]:
    if rule.details["parts_need"] not in stretch.text:
        return
    text = re.sub(r"\([^()]{0,60}\)", lambda match: HIDDEN * len(match.group()), stretch.text)
    item = compile_pattern(rule.details["item"])
    for match in compile_pattern(rule.details["total"]).finditer(text):
        total, sums, ends = read_count(match["n"]), [0], [match.end()]
        found = item.match(text, ends[-1])
        while found and found["u"] == match["u"] and len(sums) < _MOST_PARTS:
            sums.append(sums[-1] + (read_count(found["n"]) or 0))
            ends.append(found.end())
            found = item.match(text, ends[-1])
        if total is None or len(sums) == 1:
            continue
        is_open = bool(compile_pattern(rule.details["open"]).match(text, ends[-1])) or found is not None
        outcome = _judge_parts(total, sums[1:], is_open=is_open, near=rule.details["near"])
        if outcome is not None:
            last = sums.index(total) if outcome == "pass" else -1
            yield stretch.span(match.start(), ends[last]), total, sums[last], outcome


def _judge_parts(total: int, sums: Sequence[int], *, is_open: bool, near: float) -> Outcome | None:
    """By the running sums of a list; it may go on to other matters, so that a prefix that fits is enough.

    None for a single part that fits: nothing is listed then.
    """
    if total in sums[1:]:
        return "pass"
    if len(sums) == 1:
        return "fail" if sums[0] > total else None
    if sums[0] > total or sums[1] > total or (sums[-1] > total and not is_open):
        return "fail"
    return "fail" if not is_open and sums[-1] >= near * total else "not_assessable"


def _listed_shares(rule: Rule, stretch: Stretch) -> Iterator[tuple[Span, float, Outcome]]:
    if rule.details["shares_need"] not in stretch.text:
        return
    low, high = rule.details["share_band"]
    for sentence in re.finditer(r"[^。!?]+", stretch.text):
        said = sentence.group()
        found = list(compile_pattern(rule.details["share"]).finditer(said))
        if len(found) < rule.details["fewest_shares"] or compile_pattern(rule.details["rates"]).search(said):
            continue
        total = round(sum(float(match["share"]) for match in found), 6)
        fits = abs(total - 100) <= rule.details["share_tolerance"]
        holds = fits if fits or low <= total <= high else None
        span = stretch.span(sentence.start() + found[0].start(), sentence.start() + found[-1].end())
        yield span, total, judge(holds=holds)


CLAIM_CHECKS: Mapping[str, Callable[[Rule, ReportView], Iterator[Finding]]] = {
    "claims": check_claims,
    "parts": check_parts,
}
