"""Marks in a text (标记): pure functions over characters; the words' part comes from the pipeline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from gknlp.rhetoric.marks import Mark
from gknlp.rhetoric.patterns import ActorRules, Pattern
from gknlp.text.folding import fold_width
from gknlp.text.sentences import match_enumerator

_CLAUSE = re.compile(r"[^，。；：！？,;:!?\n]+")
_HEADING = re.compile(r"[^，。；：]{2,12}。")
_STAYING = ("self", "staff")  # named in a later clause they still act; the public there only looks on
_SIGNS = "，：；！？（）"


def fold_text(text: str) -> str:
    """Digits, letters and per cent signs half-width, offset for offset; Chinese signs stay as they are.

    >>> fold_text("（１２条，占９８％）")
    '（12条，占98%）'
    """
    folded = fold_width(text)
    return "".join(old if old in _SIGNS else new for old, new in zip(text, folded, strict=True))


def find_marks(text: str, patterns: Iterable[Pattern], *, more: Sequence[Mark] = ()) -> tuple[Mark, ...]:
    """Marks of the patterns' regexes and ``more`` (those of words), in order; '' gives ().

    A mark inside an ``unless`` of its pattern is void. Where marks of one facet's different kinds overlap the kind
    that comes first among the patterns stays, if the facet is specificity: a date's digits are no count.
    """
    folded = fold_text(text)
    skip = match_enumerator(folded, 0)
    start = skip[1] if skip else 0
    kept: list[Mark] = []
    taken: list[tuple[int, int]] = []
    for pattern in patterns:
        found = [mark for mark in more if (mark.facet, mark.value) == (pattern.facet, pattern.value)] if more else []
        if pattern.regex:
            spans = (match.span() for match in pattern.regex.finditer(folded, start))
            found += [Mark(pattern.facet, pattern.value, *span) for span in spans if span[0] < span[1]]
        if not found:
            continue
        voids = [match.span() for match in pattern.unless.finditer(folded)] if pattern.unless else []
        found = [mark for mark in found if mark.start >= start and not _is_inside(mark, voids)]
        if pattern.facet == "specificity":
            found = [mark for mark in _longest(found) if not _overlaps(mark, taken)]
            taken += [(mark.start, mark.end) for mark in found]
        kept += found
    return tuple(sorted(set(kept), key=lambda mark: (mark.start, mark.end, mark.facet, mark.value)))


def find_actors(text: str, rules: ActorRules) -> tuple[Mark, ...]:
    """The actor of the main clause: its subject, or the agent behind 由, 被 or 经; () where none is named.

    The main clause is the first that does not merely lead to another. If it names nobody, the first of the agency or
    its staff at the head of a later clause counts.

    >>> from gknlp.rhetoric.patterns import load_actors
    >>> [(m.value, m.start, m.end) for m in find_actors("今年，我镇召开专题会，群众也来旁听。", load_actors())]
    [('self', 3, 5)]
    """
    folded = fold_text(text)
    clauses = [match.span() for match in _CLAUSE.finditer(folded, skip_opener(folded))]
    for start, end in clauses:
        mark = _find_subject(folded, start, end, rules) or _find_agent(folded, start, end, rules)
        if mark:
            return (mark,)
        if not rules.adverbial.match(folded[start:end].strip()):
            break
    for start, end in clauses:
        mark = _find_subject(folded, start, end, rules)
        if mark and mark.value in _STAYING:
            return (mark,)
    return ()


def skip_opener(folded: str) -> int:
    """Where the sentence begins behind a list opener and a short run-in heading."""
    opener = match_enumerator(folded, 0)
    if opener is None:
        return 0
    heading = _HEADING.match(folded, opener[1])
    return heading.end() if heading and heading.end() < len(folded) else opener[1]


def _find_subject(folded: str, start: int, end: int, rules: ActorRules) -> Mark | None:
    """The longest actor's word at the head of a clause that is neither owner nor object."""
    lead = rules.leads.match(folded, start, end)
    found: list[Mark] = []
    for at in dict.fromkeys((lead.end() if lead else start, start)):
        for value, regex in rules.subjects:
            match = regex.match(folded, at, end)
            if match and not rules.owned.match(folded, match.end()):
                found.append(Mark("actor", value, *match.span()))
    return max(found, key=lambda mark: (mark.end, mark.start), default=None)


def _find_agent(folded: str, start: int, end: int, rules: ActorRules) -> Mark | None:
    found: list[Mark] = []
    for value, regex in rules.agents:
        spans = (match.span("agent") for match in regex.finditer(folded, start, end))
        found += [Mark("actor", value, *span) for span in spans if not rules.owned.match(folded, span[1])]
    return min(found, key=lambda mark: (mark.start, -mark.end), default=None)


def _is_inside(mark: Mark, voids: Sequence[tuple[int, int]]) -> bool:
    return any(start <= mark.start and mark.end <= end for start, end in voids)


def _overlaps(mark: Mark, taken: Sequence[tuple[int, int]]) -> bool:
    return any(mark.start < end and start < mark.end for start, end in taken)


def _longest(marks: Sequence[Mark]) -> list[Mark]:
    """Of marks that overlap the longest, then the first."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark.start - mark.end, mark.start, mark.value)):
        if not _overlaps(mark, [(other.start, other.end) for other in kept]):
            kept.append(mark)
    return kept
