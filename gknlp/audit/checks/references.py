"""How a report speaks of itself (自称): 我镇, 全局 - a word that its agency's name rules out shows text from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gknlp.audit.checks.prose import compile_pattern, unit_stretch
from gknlp.audit.finding import Finding, Outcome
from gknlp.audit.rules import Rule
from gknlp.audit.view import ReportView
from gknlp.records import Span
from gknlp.text.folding import fold_width


@dataclass(frozen=True, slots=True)
class _Kind:
    """What an agency's name says of it: words it may use of itself, the territories it names, by rank."""

    own: frozenset[str]
    named: Mapping[str, int]
    base: int | None


def check_references(rule: Rule, report: ReportView) -> Iterator[Finding]:
    """One finding per word of self-reference that does not fit the agency, with all its places; one for those that do.

    A territory above the agency's own fits (a town may speak of 我县), one beside or below it does not; quotations are
    not read. For a township, the name of another town as the one that acts is foreign, too. Not assessable: no
    self-reference, or a name that does not tell what the agency is.
    """
    kind = _read_kind(rule, report)
    fitting: list[Span] = []
    foreign: dict[str, list[Span]] = {}
    for word, place, span in _references(rule, report):
        if kind is None or _fits(rule, report, kind, word):
            fitting.append(span)
        else:
            foreign.setdefault(place, []).append(span)
    if kind is not None and kind.base == 1:
        for place, span in _other_towns(rule, report):
            foreign.setdefault(place, []).append(span)
    own = "、".join(sorted(kind.own)) if kind else None
    for place, spans in sorted(foreign.items()):
        yield Finding(report.doc_id, rule.id, place, "fail", rule.severity, own, place, tuple(sorted(spans)))
    if (fitting and kind) or not foreign:
        outcome: Outcome = "pass" if fitting and kind else "not_assessable"
        yield Finding(report.doc_id, rule.id, "own", outcome, rule.severity, own, None, tuple(sorted(fitting)))


def _references(rule: Rule, report: ReportView) -> Iterator[tuple[str, str, Span]]:
    """Each self-reference: its word (镇), as printed (我镇), and where."""
    entries = rule.details["references"]
    any_word = f"(?:{'|'.join(rule.details['needs'])})({'|'.join(entry['word'] for entry in entries)})"
    for unit in report.units:
        stretch = unit_stretch(report, unit)
        said = set(compile_pattern(any_word).findall(stretch.text))
        for entry in entries if said else ():
            if entry["word"] not in said:
                continue
            for match in compile_pattern(entry["pattern"]).finditer(stretch.text):
                yield entry["word"], match.group(), stretch.span(match.start(), match.end())


def _other_towns(rule: Rule, report: ReportView) -> Iterator[tuple[str, Span]]:
    """Names of towns that act in the text and are not in the agency's name."""
    own = fold_width("".join((report.agency or "").split()))
    for unit in report.units:
        stretch = unit_stretch(report, unit)
        for match in compile_pattern(rule.details["town_acts"]).finditer(stretch.text):
            if match["name"] not in own:
                yield match["name"], stretch.span(*match.span("name"))


def _read_kind(rule: Rule, report: ReportView) -> _Kind | None:
    if not report.agency:
        return None
    name = fold_width("".join(report.agency.split()))
    own: set[str] = set()
    for part in re.split(r"[()、/]", name):
        bare = compile_pattern(rule.details["body"]).sub("", part)
        for entry in rule.details["kinds"]:
            if compile_pattern(entry["suffix"]).search(bare):
                own.update(entry["own"])
    named = {
        entry["word"]: entry["rank"]
        for entry in rule.details["territories"]
        if compile_pattern(entry["named"]).search(name)
    }
    if not own:
        return None
    return _Kind(frozenset(own), named, min(named.values()) if named else None)


def _fits(rule: Rule, report: ReportView, kind: _Kind, word: str) -> bool:
    if word in kind.own or word in kind.named:
        return True
    rank = _rank(rule, word)
    if rank is None:
        return word in rule.details["government_tolerates"] and report.kind == "government" and kind.base != 1
    if word == "区" and compile_pattern(rule.details["autonomous"]).search(f"{report.agency}{report.region or ''}"):
        return True
    lowest = kind.base if kind.base is not None else 1
    return rank > lowest and rank not in kind.named.values()


def _rank(rule: Rule, word: str) -> int | None:
    ranks: list[Mapping[str, Any]] = rule.details["territories"]
    return next((entry["rank"] for entry in ranks if entry["word"] == word), None)


REFERENCE_CHECKS: Mapping[str, Callable[[Rule, ReportView], Iterator[Finding]]] = {"references": check_references}
