"""Characters with places to lines of text: what stands on one line, and where a space was meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gknlp.readers.pdf_page import Glyph

_SAME_LINE = 0.5
"""Of a font's height: how far the middles of two characters of one line may lie apart."""
_WIDE_GAP = 1.5
"""Em from which a gap between Chinese characters is meant (name and date of a signature); justified lines have less."""
_WORD_GAP = 0.3
_TWICE = 0.12
"""Em: the same character drawn again this close is bold type made by overprinting."""
_SAME_SIZE = 0.15


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line as printed; ``size`` is the height of its largest font."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float


def make_lines(glyphs: Iterable[Glyph]) -> list[TextLine]:
    """The lines that the characters stand on, from top to bottom; no characters give none."""
    rows: list[list[Glyph]] = []
    middle = 0.0
    for glyph in sorted(glyphs, key=lambda g: (g.top + g.bottom, g.x0)):
        here = (glyph.top + glyph.bottom) / 2
        if rows and here - middle <= _SAME_LINE * min(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
            middle = here
    return [_make_line(sorted(row, key=lambda g: g.x0)) for row in rows]


def join_texts(first: str, second: str) -> str:
    """Two lines of one paragraph as one: a space only between letters.

    >>> join_texts("政府信", "息公开"), join_texts("open", "data"), join_texts("2021", "年")
    ('政府信息公开', 'open data', '2021年')
    """
    if not first or not second:
        return first or second
    both = first[-1].isalpha() and second[0].isalpha() and not (_is_wide(first[-1]) or _is_wide(second[0]))
    return f"{first} {second}" if both else first + second


def same_size(first: TextLine, second: TextLine) -> bool:
    """Whether two lines are set in type of one size."""
    return abs(first.size - second.size) <= _SAME_SIZE * max(first.size, second.size)


def _make_line(row: Sequence[Glyph]) -> TextLine:
    parts = [row[0].text]
    last = row[0]
    for glyph in row[1:]:
        if glyph.text == last.text and abs(glyph.x0 - last.x0) <= _TWICE * glyph.size:
            continue
        if _is_space(last, glyph):
            parts.append(" ")
        parts.append(glyph.text)
        last = glyph
    return TextLine(
        "".join(parts),
        min(g.x0 for g in row),
        max(g.x1 for g in row),
        min(g.top for g in row),
        max(g.bottom for g in row),
        max(g.size for g in row),
    )


def _is_space(left: Glyph, right: Glyph) -> bool:
    gap = (right.x0 - left.x1) / max(right.size, 1.0)
    if gap >= _WIDE_GAP:
        return True
    if _is_wide(left.text[-1]) or _is_wide(right.text[0]):
        return False
    return right.spaced or gap >= _WORD_GAP


def _is_wide(character: str) -> bool:
    """Whether it is set in a square of its own: Chinese characters and punctuation, full-width forms, and “”…—."""
    return unicodedata.east_asian_width(character) in "WFA" and not character.isdigit()
