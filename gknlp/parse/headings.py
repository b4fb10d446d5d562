"""Level-one headings (一、总体情况): found by order and vocabulary together.

Neither alone will do: table rows are numbered like headings (一、本年新收…), preambles list the six section names, and
table captions repeat them. So every place that looks like a heading becomes a candidate with a score, and the best
increasing chain of sections wins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from gknlp.forms import Form
from gknlp.parse.chains import Link, best_chain
from gknlp.records import Span
from gknlp.text.folding import fold_label, similarity
from gknlp.text.lines import Line
from gknlp.text.sentences import CHINESE_NUMBER

_NUMBER = re.compile(
    rf"(?:第(?P<part>[{CHINESE_NUMBER}])部分|[（(](?P<bracket>[{CHINESE_NUMBER}])[)）]|(?P<plain>[{CHINESE_NUMBER}]{{1,2}})"
    r"|(?P<digit>\d{1,2})(?=\s*[、．.]))\s*[、．.,，:：]?\s*"
)
_INSIDE = re.compile(rf"(?<=[^\w（(])(?:[{CHINESE_NUMBER}]{{1,2}})\s*[、．.]\s*")
_FUZZY_FLOOR = 0.72
"""One slip in a short heading (5 of 7 characters right) still counts; two different sections never come that close."""
_SHORTEST_PREFIX = 4
_SHORTEST_RUNNING = 8
"""Letters of a line that can hold a mark of the sentence before, a numeral and the shortest name."""
_LONGEST_HEADING = 45
_SCORE_NUMBER_RIGHT, _SCORE_NUMBER_OTHER, _SCORE_CHINESE = 3.0, 1.5, 1.0
_SCORE_EXACT, _SCORE_PREFIX, _SCORE_LINE_START, _SCORE_OWN_LINE = 3.0, 2.0, 2.0, 1.0
_LEAST_SCORE = 4.4
"""Inside a line only a numbered, exact name reaches this; at the start of a line a name alone does."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading and the section it opens; ``body`` is where its text begins."""

    key: str
    order: int
    span: Span
    body: int
    score: float


@dataclass(frozen=True, slots=True)
class _Names:
    exact: dict[str, tuple[str, int, str]]
    by_length: tuple[str, ...]
    by_opening: dict[str, tuple[str, ...]]

    def find_opening(self, whole: str) -> str | None:
        """The longest name of at least four letters that ``whole`` begins with."""
        return next((name for name in self.by_opening.get(whole[:2], ()) if whole.startswith(name)), None)


@cache
def _names(form: Form) -> _Names:
    exact: dict[str, tuple[str, int, str]] = {}
    for order, section in enumerate(form.sections):
        for name in (section.title, *section.variants):
            exact.setdefault(fold_label(name), (section.key, order, section.number))
    by_length = tuple(sorted(exact, key=lambda name: (-len(name), name)))
    long_enough = [name for name in by_length if len(name) >= _SHORTEST_PREFIX]
    openings = dict.fromkeys(name[:2] for name in long_enough)
    return _Names(exact, by_length, {o: tuple(n for n in long_enough if n.startswith(o)) for o in openings})


def find_headings(text: str, lines: Sequence[Line], form: Form) -> tuple[Heading, ...]:
    """The headings of one report in text order, at most one a section.

    ``form`` gives the vocabulary; where its sections are ordered the chain must keep that order. No heading: ().
    """
    return choose_headings(find_candidates(text, lines, form), form)


def choose_headings(candidates: Sequence[Heading], form: Form) -> tuple[Heading, ...]:
    """The candidates that are headings: the best chain in order, or the first of each section where order is free."""
    return _best_chain(candidates) if form.ordered else _first_of_each(candidates)


def find_candidates(text: str, lines: Sequence[Line], form: Form) -> list[Heading]:
    """Every place that looks like a level-one heading of this form, in text order."""
    names = _names(form)
    found: list[Heading] = []
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        heading = _at_line_start(text, line, following, names)
        if heading:
            found.append(heading)
        found.extend(_inside_line(text, line, names, heading))
    return found


def _at_line_start(text: str, line: Line, following: Line | None, names: _Names) -> Heading | None:
    begin = line.span.start + (len(line.text) - len(line.text.lstrip("|"))) if line.text[0] == "|" else line.span.start
    number = _NUMBER.match(text, begin, line.span.end)
    if number is None:
        return _unnumbered(line, names)
    whole = fold_label(text[number.end() : min(line.span.end, number.end() + _LONGEST_HEADING)])
    if not whole:
        return None
    bonus = _number_score(number)
    if whole in names.exact:
        return _heading(names, whole, Span(begin, line.span.end), number, bonus + _SCORE_EXACT + 3.0)
    if following is not None and len(whole) >= _SHORTEST_PREFIX and len(line.text) <= _LONGEST_HEADING:
        joined = whole + fold_label(following.text[:_LONGEST_HEADING])
        if joined in names.exact:
            return _heading(names, joined, Span(begin, following.span.end), number, bonus + _SCORE_EXACT + 3.0)
    return _glued(text, line, number, whole, names) or _misspelt(line, begin, number, whole, names)


def _unnumbered(line: Line, names: _Names) -> Heading | None:
    if len(line.text) > _LONGEST_HEADING:
        return None
    whole = fold_label(line.text)
    if len(whole) < _SHORTEST_PREFIX or whole not in names.exact:
        return None
    key, order, _ = names.exact[whole]
    return Heading(key, order, line.span, line.span.end, _SCORE_EXACT + _SCORE_LINE_START + _SCORE_OWN_LINE)


def _glued(text: str, line: Line, number: re.Match[str], whole: str, names: _Names) -> Heading | None:
    """A heading run into the sentence after it: 一、总体情况2021年，我镇…"""
    name = names.find_opening(whole)
    if name is None:
        return None
    end = _raw_end(text, number.end(), line.span.end, len(name))
    score = _number_score(number) + _SCORE_PREFIX + _SCORE_LINE_START
    return _heading(names, name, Span(number.start(), end), number, score)


def _misspelt(line: Line, begin: int, number: re.Match[str], whole: str, names: _Names) -> Heading | None:
    if line.span.end - number.end() > _LONGEST_HEADING:
        return None
    best, close = _closest_name(names.by_length, whole)
    if close == 0.0 or len(whole) < _SHORTEST_PREFIX:
        return None
    score = _number_score(number) + 2.0 * close + _SCORE_LINE_START + _SCORE_OWN_LINE
    return _heading(names, best, Span(begin, line.span.end), number, score)


@lru_cache(maxsize=4096)
def _closest_name(known: tuple[str, ...], whole: str) -> tuple[str, float]:
    """The known name that is closest, and how close: remembered, since the rows of the form come in every report."""
    return max(((name, similarity(whole, name, _FUZZY_FLOOR)) for name in known), key=lambda found: found[1])


def _inside_line(text: str, line: Line, names: _Names, first: Heading | None) -> list[Heading]:
    """Headings in running text, where a whole report stands on few lines."""
    found: list[Heading] = []
    if len(line.text) < _SHORTEST_RUNNING:
        return found
    for number in _INSIDE.finditer(text, line.span.start + 1, line.span.end):
        if first and number.start() < first.body:
            continue
        whole = fold_label(text[number.end() : min(line.span.end, number.end() + _LONGEST_HEADING)])
        name = names.find_opening(whole)
        if name is not None:
            end = _raw_end(text, number.end(), line.span.end, len(name))
            match = _NUMBER.match(text, number.start(), line.span.end)
            if match is not None:
                found.append(
                    _heading(names, name, Span(number.start(), end), match, _number_score(match) + _SCORE_PREFIX)
                )
    return found


def _number_score(number: re.Match[str]) -> float:
    return _SCORE_CHINESE if number["plain"] or number["part"] else 0.0


def _heading(names: _Names, name: str, span: Span, number: re.Match[str], score: float) -> Heading:
    key, order, expected = names.exact[name]
    printed = number["plain"] or number["part"] or number["bracket"] or ""
    if number["digit"]:
        printed = CHINESE_NUMBER[int(number["digit"]) - 1] if 1 <= int(number["digit"]) <= 10 else ""
    right = printed == expected or not expected
    return Heading(key, order, span, span.end, score + (_SCORE_NUMBER_RIGHT if right else _SCORE_NUMBER_OTHER))


def _raw_end(text: str, start: int, end: int, n_folded: int) -> int:
    """Where the first ``n_folded`` letters or digits of ``text[start:end]`` end."""
    place = start
    while n_folded and place < end:
        n_folded -= len(fold_label(text[place]))
        place += 1
    return place


def _best_chain(candidates: Sequence[Heading]) -> tuple[Heading, ...]:
    strong = [candidate for candidate in candidates if candidate.score >= _LEAST_SCORE]
    links = [Link(heading.span.start, heading.body, heading.order, heading.score) for heading in strong]
    return tuple(strong[place] for place in best_chain(links))


def _first_of_each(candidates: Sequence[Heading]) -> tuple[Heading, ...]:
    """Free order: the first strong heading of each section, not overlapping the one before."""
    chain: list[Heading] = []
    seen: set[str] = set()
    for heading in candidates:
        numbered = heading.score > _SCORE_EXACT + _SCORE_LINE_START + _SCORE_OWN_LINE
        if numbered and heading.key not in seen and (not chain or heading.span.start >= chain[-1].body):
            seen.add(heading.key)
            chain.append(heading)
    return tuple(chain)
