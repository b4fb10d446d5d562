"""Lines of a text with their offsets."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from gknlp.records import Span

BLANK = " \t\u3000\xa0\u2002\u2003\u2009\u200b\ufeff"
"""White space seen at the edges of lines: ASCII, ideographic, no-break and zero-width."""
_EDGES = BLANK + "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""...and what ends a line (the line boundaries of ``str.splitlines``)."""


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
    for whole in text[start:end].splitlines(keepends=True):
        kept = whole.strip(_EDGES)
        if kept:
            n_indent = whole.index(kept[0])
            begin = start + n_indent
            found.append(Line(kept, Span(begin, begin + len(kept)), whole[:n_indent]))
        start += len(whole)
    return tuple(found)


def lines_within(text: str, lines: Sequence[Line], start: int, end: int) -> tuple[Line, ...]:
    r"""What ``split_lines(text, start, end)`` gives, from the ``lines`` of the whole text: only a line that an edge cuts is split anew.

    >>> text = "甲乙\n丙\n丁戊"
    >>> [line.text for line in lines_within(text, split_lines(text), 1, 6)]
    ['乙', '丙', '丁']
    """
    first = bisect_left(lines, start, key=_begin)
    last = bisect_right(lines, end, lo=first, key=_stop)
    if first == last:
        return split_lines(text, start, end)
    head = split_lines(text, start, _begin(lines[first]))
    return (*head, *lines[first:last], *split_lines(text, _stop(lines[last - 1]), end))


def _begin(line: Line) -> int:
    return line.span.start - len(line.indent)


def _stop(line: Line) -> int:
    return line.span.end


def trim_span(text: str, start: int, end: int) -> Span:
    """The stretch without white space at its edges; an all-blank stretch gives an empty span at its start."""
    whole = text[start:end]
    kept = whole.strip()
    if not kept:
        return Span(start, start)
    first = start + whole.index(kept[0])
    return Span(first, first + len(kept))
