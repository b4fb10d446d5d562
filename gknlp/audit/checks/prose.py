"""Narrative text as checks read it: folded, without white space and quotations, with the way back to the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from gknlp.audit.rows import Row
from gknlp.audit.view import ReportView
from gknlp.records import Span
from gknlp.text.folding import fold_width

HIDDEN = "\x00"
"""Stands for each character of a quotation: what is quoted is nobody's claim."""
REACH = 300
"""How far around a place a check looks: no sentence that people write is longer."""
_QUOTED = re.compile(r"“[^”“]{0,80}”|《[^》《]{0,80}》|「[^」「]{0,80}」|‘[^’‘]{0,80}’")
_OPENED = (("《", "<"), ("》", ">"), ("“", "'"), ("”", "'"))
_INK = re.compile(r"\S+")
_SENTENCE = re.compile(r"[^。;!?]+")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000}
NUMBER = r"(?:\d{1,3},\d{3}|\d{1,7}|[零〇一二两三四五六七八九十百千]{1,7})"
_YEAR = re.compile(r"20\d\d|二[〇○零][〇○零一二三四五六七八九]{2}")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a source as it is matched; ``places[i]`` is where its i-th character stands in the source."""

    text: str
    places: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """The source's stretch behind ``text[start:end]``, which must not be empty."""
        return Span(self.places[start], self.places[end - 1] + 1)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a unit: ``stretch.text[start:end]``, and the heading that the unit stands under."""

    stretch: Stretch
    start: int
    end: int
    heading: str

    def ahead(self, place: int) -> str:
        """What stands in the sentence before ``place``; at most ``REACH`` characters."""
        return self.stretch.text[max(self.start, place - REACH) : place]

    def around(self, start: int, end: int) -> str:
        """The unit's heading and what stands in the unit up to ``end``, or to the end of the sentence if that is near."""
        return self.heading + "。" + self.stretch.text[max(0, start - REACH) : min(self.end, end + REACH)]


@lru_cache(maxsize=512)
def squeeze(text: str, start: int, end: int) -> Stretch:
    r"""``text[start:end]`` in half width, without white space, quotations hidden.

    >>> squeeze("收到 申请\n５件，按“我镇”办", 0, 15).text.replace(HIDDEN, "_")
    '收到申请5件,按____办'
    """
    joined, places = _join(text, start, end)
    return Stretch(_hide_quoted(joined), places)


def squeeze_with_names(text: str, start: int, end: int) -> Stretch:
    """The same with “” and 《》 as plain marks, what they hold left to be read: the name of a notice stands in 《》."""
    joined, places = _join(text, start, end)
    for mark, plain in _OPENED:
        joined = joined.replace(mark, plain)
    return Stretch(_hide_quoted(joined), places)


def _join(text: str, start: int, end: int) -> tuple[str, Sequence[int]]:
    folded = fold_text(text)
    runs = [match.span() for match in _INK.finditer(text, start, end)]
    joined = "".join([folded[first:last] for first, last in runs])
    return joined, range(*runs[0]) if len(runs) == 1 else tuple(chain.from_iterable(range(*run) for run in runs))


def _hide_quoted(joined: str) -> str:
    return _QUOTED.sub(lambda match: HIDDEN * len(match.group()), joined)


@lru_cache(maxsize=16)
def fold_text(text: str) -> str:
    """A whole text in half width, of the same length; kept, because every check on a report asks for it."""
    return fold_width(text)


def unit_stretch(report: ReportView, unit: Row) -> Stretch:
    """One unit's text as it is matched."""
    return squeeze(report.text, unit["start"], unit["end"])


def body_span(report: ReportView, key: str) -> Span | None:
    """One section without its heading; None where the section is missing."""
    span = report.sections.get(key)
    return None if span is None else Span(min(span.start + len(report.headings.get(key, "")), span.end), span.end)


def body_stretch(report: ReportView, key: str) -> Stretch:
    """One section without its heading, as it is matched; empty where it is missing."""
    span = body_span(report, key)
    return Stretch("", ()) if span is None else squeeze(report.text, span.start, span.end)


def list_sentences(report: ReportView, sections: Sequence[str], *, needs: Sequence[str] = ()) -> Iterator[Sentence]:
    """The sentences of the units of these sections, in text order; only of units that have one of the words ``needs``."""
    has_any = compile_pattern("|".join(needs)).search
    for unit in report.units:
        if unit["section"] in sections:
            stretch = unit_stretch(report, unit)
            if not has_any(stretch.text):
                continue
            heading = fold_width(unit["heading"] or "")
            for match in _SENTENCE.finditer(stretch.text):
                yield Sentence(stretch, match.start(), match.end(), heading)


@lru_cache(maxsize=256)
def compile_pattern(pattern: str, words: tuple[tuple[str, str], ...] = ()) -> re.Pattern[str]:
    """A rule's pattern; ``<N>`` stands for a number (group n), ``<KEY>`` for an entry of ``words``."""
    for key, value in words:
        pattern = pattern.replace(f"<{key}>", value)
    return re.compile(pattern.replace("<N>", f"(?<![\\d.])(?P<n>{NUMBER})"))


def freeze_words(details: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """The ``words`` of a rule's details as pairs, () where there are none."""
    words = details.get("words", {})
    return tuple(sorted(words.items())) if isinstance(words, dict) else ()


def read_count(raw: str) -> int | None:
    """A count in Arabic or Chinese digits; None where it is not one.

    >>> [read_count(raw) for raw in ("1,204", "两", "十二", "一百零三", "二十", "百二")]
    [1204, 2, 12, 103, 20, None]
    """
    if raw[0].isascii():
        return int(raw.replace(",", ""))
    if not any(char in _SCALES for char in raw):
        return _DIGITS[raw] if len(raw) == 1 else None
    total, digit, scale = 0, None, 10_000
    for char in raw:
        if char in _SCALES:
            ordered = _SCALES[char] < scale and digit != 0
            opens_with_ten = digit is None and char == "十" and total == 0
            if not ordered or (digit is None and not opens_with_ten):
                return None
            total, digit, scale = total + (digit or 1) * _SCALES[char], None, _SCALES[char]
        elif digit in (None, 0):
            digit = _DIGITS[char]
        else:
            return None
    return None if digit and scale > 10 and "零" not in raw and "〇" not in raw else total + (digit or 0)


def read_year(raw: str) -> int | None:
    """The first year in Arabic or Chinese digits; None where there is none.

    >>> read_year("柳湾镇二〇二一年年报"), read_year("年报")
    (2021, None)
    """
    match = _YEAR.search(raw)
    return int("".join(str(_DIGITS.get(char, char)) for char in match.group())) if match else None
