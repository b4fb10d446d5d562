"""Lines of a text with their offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gknlp.records import Span

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
BLANK = " \t\u3000\xa0\u2002\u2003\u2009\u200b\ufeff"
"""White space seen at the edges of lines: ASCII, ideographic, no-break and zero-width."""


@dataclass(frozen=True, slots=True)
class Line:
    """A non-blank line: ``text`` without white space at its edges, and where that stands."""

    text: str
    span: Span
    indent: str


def split_lines(text: str, start: int = 0, end: int | None = None) -> tuple[Line, ...]:
    r"""The non-blank lines of ``text[start:end]``; empty text gives none.

    >>> [line.text for line in split_lines("甲\n\n　乙 ")]
    ['甲', '乙']
    """
    found = []
    for match in _LINE.finditer(text, start, len(text) if end is None else end):
        whole = match.group()
        kept = whole.strip(BLANK)
        if kept:
            n_indent = 0 if whole[0] == kept[0] else len(whole) - len(whole.lstrip(BLANK))
            begin = match.start() + n_indent
            found.append(Line(kept, Span(begin, begin + len(kept)), whole[:n_indent]))
    return tuple(found)


def trim_span(text: str, start: int, end: int) -> Span:
    """The stretch without white space at its edges; an all-blank stretch gives an empty span at its start."""
    first = start
    while first < end and text[first].isspace():
        first += 1
    while end > first and text[end - 1].isspace():
        end -= 1
    return Span(first, end) if first < end else Span(start, start)
