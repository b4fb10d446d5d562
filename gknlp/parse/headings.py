"""Level-one headings (一、总体情况): found by order and vocabulary together.

Neither alone will do: table rows are numbered like headings (一、本年新收…), preambles list the six section names, and
table captions repeat them. So every place that looks like a heading becomes a candidate with a score, and the best
increasing chain of sections wins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
# The numeral first and what stands before it second: a pattern that opens with a set of letters is searched for fast.
_INSIDE = re.compile(rf"[{CHINESE_NUMBER}](?<=[^\w（(].)[{CHINESE_NUMBER}]?\s*[、．.]\s*")
_FUZZY_FLOOR = 0.72
"""One slip in a short heading (5 of 7 characters right) still counts; two different sections never come that close."""
_SHORTEST_PREFIX = 4
_SHORTEST_RUNNING = 8
"""Letters of a line that can hold a mark of the sentence before, a numeral and the shortest name."""
_LONGEST_HEADING = 45
_SHORT = re.compile(r"\w{2,3}(?=[\s:：。])")
_BULLET = re.compile(r"[•·●○◆◇■□▪►▶*＊—–-]")
# What agencies put before a section's name: 2023年政务公开总体情况, 本年度政府信息公开工作的基本情况.
_NAME_BEFORE = re.compile(
    r"(?:20\d\d年度?|本年度?|全年)?(?:政府信息公开|信息公开|政务公开|政府(?=依申请))?(?:工作)?(?:开展)?(?:中|的)?"
)
_SCORE_NUMBER_RIGHT, _SCORE_NUMBER_OTHER, _SCORE_CHINESE = 3.0, 1.5, 1.0
_SCORE_EXACT, _SCORE_PREFIX, _SCORE_LINE_START, _SCORE_OWN_LINE = 3.0, 2.0, 2.0, 1.0
_SCORE_AFTER_STOP, _STOPS = 0.5, "。！ \t\u3000\xa0"
"""In running text a heading stands behind a full stop or white space; in a list of names, behind 由 or a semicolon."""
_LEAST_PLAIN = 6.0
_FEWEST_ALIKE = 3
"""Three sections numbered alike are the report's own numbering, whatever it is."""
_LEAST_SCORE = 4.4
"""Inside a line only a numbered, exact name reaches this; at the start of a line a name alone does."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading and the section it opens; ``body`` is where its text begins.

    ``deep`` says that it is marked as headings inside a section are - （一）, 1., a bullet - and not by the section's own number.
    """

    key: str
    order: int
    span: Span
    body: int
    score: float
    deep: bool = False
    plain: bool = False
    bullet: bool = False
    right: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class _Names:
    exact: dict[str, tuple[str, int, str]]
    by_length: tuple[str, ...]
    shortest: int
    by_opening: dict[str, tuple[str, ...]]

    def find_opening(self, whole: str) -> tuple[str, int] | None:
        """The longest name of at least four letters that ``whole`` begins with, and how many of its letters that takes.

        Where no name stands at the very beginning, it may stand behind the year and the subject of the report.
        """
        for skipped in (0, _len_before(whole)):
            name = self._opening(whole[skipped:])
            if name is not None:
                return name, skipped + len(name)
        return None

    def _opening(self, whole: str) -> str | None:
        return next((name for name in self.by_opening.get(whole[:2], ()) if whole.startswith(name)), None)

    def find_short(self, following: str) -> tuple[str, int] | None:
        """A name of two or three letters (概述) that white space or a mark sets apart from the sentence behind it."""
        word = _SHORT.match(following)
        return (word[0], len(word[0])) if word and word[0] in self.exact else None

    def find_exact(self, whole: str) -> str | None:
        """The name that ``whole`` is, with or without the year and the subject of the report before it."""
        if whole in self.exact:
            return whole
        bare = whole[_len_before(whole) :]
        return bare if bare in self.exact else None


def _len_before(whole: str) -> int:
    found = _NAME_BEFORE.match(whole)
    return found.end() if found else 0


def _fold_heading(text: str) -> str:
    """Letters and digits only; 政务信息 is what some agencies call 政府信息."""
    return fold_label(text).replace("政务信息", "政府信息")


@cache
def _names(form: Form) -> _Names:
    exact: dict[str, tuple[str, int, str]] = {}
    for order, section in enumerate(form.sections):
        for name in (section.title, *section.variants):
            exact.setdefault(fold_label(name), (section.key, order, section.number))
    by_length = tuple(sorted(exact, key=lambda name: (-len(name), name)))
    long_enough = [name for name in by_length if len(name) >= _SHORTEST_PREFIX]
    openings = dict.fromkeys(name[:2] for name in long_enough)
    by_opening = {opening: tuple(name for name in long_enough if name.startswith(opening)) for opening in openings}
    return _Names(exact, by_length, len(by_length[-1]), by_opening)


def find_headings(text: str, lines: Sequence[Line], form: Form) -> tuple[Heading, ...]:
    """The headings of one report in text order, at most one a section.

    ``form`` gives the vocabulary; where its sections are ordered the chain must keep that order. No heading: ().
    """
    return choose_headings(find_candidates(text, lines, form), form)


def choose_headings(candidates: Sequence[Heading], form: Form) -> tuple[Heading, ...]:
    """The candidates that are headings: the best chain in order, or the first of each section where order is free."""
    level_one = _drop_deeper(candidates)
    return _best_chain(level_one) if form.ordered else _first_of_each(level_one)


def _drop_deeper(candidates: Sequence[Heading]) -> Sequence[Heading]:
    """The candidates of level one: where sections are numbered 一、二、 their parts （一）, 1. and bullets open no section.

    Section one names its parts almost as the next sections are named: （一）主动公开情况 stands before 二、主动公开政府信息情况.
    """
    if not any(heading.plain and heading.score >= _LEAST_PLAIN for heading in candidates):
        numbered = {heading.key for heading in candidates if not heading.bullet}
        if len(numbered) >= _FEWEST_ALIKE or all(heading.right for heading in candidates if not heading.bullet):
            return candidates
        return [heading for heading in candidates if heading.bullet or heading.right]
    return [heading for heading in candidates if not heading.deep]


def find_candidates(text: str, lines: Sequence[Line], form: Form) -> list[Heading]:
    """Every place that looks like a level-one heading of this form, in text order."""
    names = _names(form)
    found: list[Heading] = []
    numbers: dict[str, int] = {}
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        begin = line.span.start + (len(line.text) - len(line.text.lstrip("|")))
        number = _NUMBER.match(text, begin, line.span.end)
        listed = number is not None and _goes_on(number, numbers)
        if len(line.text) <= names.shortest:
            continue
        heading = _at_line_start(text, line, begin, number, following, names)
        if heading:
            found.append(replace(heading, deep=True) if listed else heading)
        if len(line.text) >= _SHORTEST_RUNNING:
            found.extend(_inside_line(text, line, names, heading))
    return found


def _goes_on(number: re.Match[str], numbers: dict[str, int]) -> bool:
    """Whether this number goes on a list inside a section: （二） behind （一）, with no 一、 between them.

    ``numbers`` holds the last number of each kind and is kept up to date.
    """
    if number["plain"] or number["part"]:
        numbers.clear()
        return False
    kind = "bracket" if number["bracket"] else "digit"
    value = CHINESE_NUMBER.index(number["bracket"]) + 1 if number["bracket"] else int(number["digit"])
    listed = value > 1 and numbers.get(kind) == value - 1
    numbers[kind] = value
    return listed


def _at_line_start(
    text: str, line: Line, begin: int, number: re.Match[str] | None, following: Line | None, names: _Names
) -> Heading | None:
    if number is None:
        return _unnumbered(line, names)
    whole = _fold_heading(text[number.end() : min(line.span.end, number.end() + _LONGEST_HEADING)])
    if not whole:
        return None
    bonus = _number_score(number)
    known = names.find_exact(whole)
    if known is not None:
        return _heading(names, known, Span(begin, line.span.end), number, bonus + _SCORE_EXACT + 3.0)
    if following is not None and len(whole) >= _SHORTEST_PREFIX and len(line.text) <= _LONGEST_HEADING:
        joined = names.find_exact(whole + _fold_heading(following.text[:_LONGEST_HEADING]))
        if joined is not None:
            return _heading(names, joined, Span(begin, following.span.end), number, bonus + _SCORE_EXACT + 3.0)
    return _glued(text, line, number, whole, names) or _misspelt(line, begin, number, whole, names)


def _unnumbered(line: Line, names: _Names) -> Heading | None:
    if not _SHORTEST_PREFIX <= len(line.text) <= _LONGEST_HEADING or line.text.isdecimal():
        return None
    whole = _fold_heading(line.text)
    if len(whole) < _SHORTEST_PREFIX or whole not in names.exact:
        return None
    key, order, _ = names.exact[whole]
    score = _SCORE_EXACT + _SCORE_LINE_START + _SCORE_OWN_LINE
    bullet = _BULLET.match(line.text) is not None
    return Heading(key, order, line.span, line.span.end, score, deep=bullet, bullet=bullet)


def _glued(text: str, line: Line, number: re.Match[str], whole: str, names: _Names) -> Heading | None:
    """A heading run into the sentence after it: 一、总体情况2021年，我镇…"""
    opening = names.find_opening(whole) or names.find_short(text[number.end() : min(line.span.end, number.end() + 4)])
    if opening is None:
        return None
    name, n_folded = opening
    end = _raw_end(text, number.end(), line.span.end, n_folded)
    score = _number_score(number) + _SCORE_PREFIX + _SCORE_LINE_START
    return _heading(names, name, Span(number.start(), end), number, score)


def _misspelt(line: Line, begin: int, number: re.Match[str], whole: str, names: _Names) -> Heading | None:
    if line.span.end - number.end() > _LONGEST_HEADING or len(whole) < _SHORTEST_PREFIX:
        return None
    best, close = _closest_name(names, whole)
    if close == 0.0:
        return None
    score = _number_score(number) + 2.0 * close + _SCORE_LINE_START + _SCORE_OWN_LINE
    return _heading(names, best, Span(begin, line.span.end), number, score)


@lru_cache(maxsize=4096)
def _closest_name(names: _Names, whole: str) -> tuple[str, float]:
    """The known name that is closest, and how close: remembered, since the rows of the form come in every report."""
    least, most = int(len(whole) * _FUZZY_FLOOR), len(whole) / _FUZZY_FLOOR + 1
    near = ((name, similarity(whole, name, _FUZZY_FLOOR)) for name in names.by_length if least <= len(name) <= most)
    return max(near, key=lambda found: found[1], default=("", 0.0))


def _inside_line(text: str, line: Line, names: _Names, first: Heading | None) -> list[Heading]:
    """Headings in running text, where a whole report stands on few lines."""
    found: list[Heading] = []
    for number in _INSIDE.finditer(text, line.span.start + 1, line.span.end):
        if first and number.start() < first.body:
            continue
        whole = _fold_heading(text[number.end() : min(line.span.end, number.end() + _LONGEST_HEADING)])
        opening = names.find_opening(whole) or names.find_short(
            text[number.end() : min(line.span.end, number.end() + 4)]
        )
        if opening is not None:
            name, n_folded = opening
            end = _raw_end(text, number.end(), line.span.end, n_folded)
            match = _NUMBER.match(text, number.start(), line.span.end)
            if match is not None:
                score = _number_score(match) + _SCORE_PREFIX
                score += _SCORE_AFTER_STOP if text[number.start() - 1] in _STOPS else 0.0
                found.append(_heading(names, name, Span(number.start(), end), match, score))
    return found


def _number_score(number: re.Match[str]) -> float:
    return _SCORE_CHINESE if number["plain"] or number["part"] else 0.0


def _heading(names: _Names, name: str, span: Span, number: re.Match[str], score: float) -> Heading:
    key, order, expected = names.exact[name]
    printed = number["plain"] or number["part"] or number["bracket"] or ""
    if number["digit"]:
        printed = CHINESE_NUMBER[int(number["digit"]) - 1] if 1 <= int(number["digit"]) <= 10 else ""
    right = printed == expected or not expected
    plain = bool(number["plain"] or number["part"])
    deep = not plain and not (expected and printed == expected)
    score += _SCORE_NUMBER_RIGHT if right else _SCORE_NUMBER_OTHER
    return Heading(key, order, span, span.end, score, deep=deep, plain=plain, right=right)


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
