"""Flattened tables back to cells: which layout a stretch of text has, and its cells in printed order.

Layouts as catalogued on real reports: a pipe row per line, b cell and pipe per line, c pipe on its own line,
d cell per line, e tab before each cell, f one row per line with spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from gknlp.records import Span
from gknlp.text.lines import Line, lines_within, split_lines, trim_span
from gknlp.text.numerals import parse_amount

Layout = Literal["pipe_rows", "pipe_cells", "tab_cells", "tab_rows", "lines", "spaced_rows", "empty"]
_LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"(?:\r?\n[ \u3000]*){2,}")
_WORD = re.compile(r"\S+")


class Token(NamedTuple):
    """One printed cell: its text without white space at the edges, its place, and the row where rows are lines."""

    raw: str
    span: Span
    row: int | None


@dataclass(frozen=True, slots=True)
class Flat:
    """A stretch of text as cells in printed order. ``keeps_blanks``: an empty cell is still a token."""

    layout: Layout
    tokens: tuple[Token, ...]
    keeps_blanks: bool


def flatten_region(text: str, lines: Sequence[Line], region: Span) -> Flat:
    """The cells of ``text[region]`` in its layout, ``lines`` being those of the whole text; a blank region gives no tokens."""
    lines = lines_within(text, lines, region.start, region.end)
    layout = _layout_of(lines)
    tokens: Iterator[Token]
    if layout == "pipe_rows":
        tokens = _row_tokens(text, region, "|")
    elif layout == "tab_rows":
        tokens = _row_tokens(text, region, "\t")
    elif layout == "pipe_cells":
        tokens = _pipe_cells(text, region)
    elif layout == "tab_cells":
        tokens = _tab_cells(text, region)
    elif layout == "spaced_rows":
        tokens = _spaced_rows(lines)
    else:
        tokens = (Token(line.text, line.span, None) for line in lines)
    return Flat(layout, tuple(tokens), layout in ("pipe_rows", "pipe_cells", "tab_cells", "tab_rows"))


def _layout_of(lines: Sequence[Line]) -> Layout:
    if not lines:
        return "empty"
    piped = [line for line in lines if "|" in line.text]
    if len(piped) >= 3:
        filled = [sum(map(bool, map(str.strip, line.text.split("|")))) for line in piped]
        many, single = sum(n >= 2 for n in filled), sum(n == 1 for n in filled)
        alone = sum(n == 0 for n in filled)
        return "pipe_rows" if many > max(single, alone) / 3 else "pipe_cells"
    tabbed = [line for line in lines if "\t" in line.indent]
    rows = sum(line.text.count("\t") >= 1 for line in lines)
    if rows >= 3 and rows > len(tabbed) / 2:
        return "tab_rows"
    if len(tabbed) >= 3 and len(tabbed) * 4 >= len(lines):
        return "tab_cells"
    spaced = [_spaced_numbers(line.text) for line in lines]
    return "spaced_rows" if sum(n >= 1 for n in spaced) >= 3 or max(spaced) >= 5 else "lines"


def _row_tokens(text: str, region: Span, separator: str) -> Iterator[Token]:
    """One row a line; the pipes that frame a row make no cells of their own.

    A row begins with a framing pipe only where most rows do: elsewhere a pipe that comes first ends a blank cell.
    """
    lines = [(n, trim_span(text, *edges)) for n, edges in enumerate(_physical_lines(text, region))]
    rows = [(number, span) for number, span in lines if len(span)]
    framed = 2 * sum(text[span.start] == separator for _, span in rows) > len(rows)
    for number, row in rows:
        begin, stop = row.start, row.end
        if framed and text[begin] == separator:
            begin += 1
        if stop > begin and text[stop - 1] == separator:
            stop -= 1
        for raw, span in _pieces(text, begin, stop, separator):
            yield Token(raw, span, number)


def _physical_lines(text: str, region: Span) -> Iterator[tuple[int, int]]:
    start = region.start
    for match in _LINE_BREAK.finditer(text, region.start, region.end):
        yield start, match.start()
        start = match.end()
    yield start, region.end


def _pieces(text: str, start: int, end: int, separator: str) -> Iterator[tuple[str, Span]]:
    """What stands between separators, without white space at its edges; a blank piece has an empty span at its start."""
    for piece in text[start:end].split(separator):
        raw = piece.strip()
        begin = start + piece.index(raw)
        yield raw, Span(begin, begin + len(raw))
        start += len(piece) + 1


def _pipe_cells(text: str, region: Span) -> Iterator[Token]:
    """Cells end at a pipe, on their line or on one of its own; a number before a line break ends there too."""
    for raw, span in _pieces(text, region.start, region.end, "|"):
        if "\n" in raw and any(parse_amount(part) for part in raw.split("\n")):
            for line in split_lines(text, span.start, span.end):
                yield Token(line.text, line.span, None)
        else:
            yield Token(raw, span, None)


def _tab_cells(text: str, region: Span) -> Iterator[Token]:
    """A cell begins at a tab and goes on over lines without one; a blank line after its text ends it."""
    start = region.start
    for piece in text[region.start : region.end].split("\t"):
        kept = piece.rstrip()
        if kept or start > region.start:
            yield from _paragraph_tokens(kept, start)
        start += len(piece) + 1


def _paragraph_tokens(cell: str, start: int) -> Iterator[Token]:
    """The paragraphs of a cell that begins at ``start``; the first is a token even where it is blank."""
    paragraphs = _BLANK_LINES.split(cell) if cell.count("\n") > 1 else [cell]
    place = 0
    for index, paragraph in enumerate(paragraphs):
        begin = cell.index(paragraph, place)
        place = begin + len(paragraph)
        raw = paragraph.strip()
        if raw or index == 0:
            first = start + begin + paragraph.index(raw)
            yield Token(raw, Span(first, first + len(raw)), None)


def _spaced_numbers(line: str) -> int:
    """How many numbers stand at the end of a line, after a label (行政许可 7 -2 31) or alone."""
    parts = line.split()
    if len(parts) < 2:
        return 0
    count = 0
    for part in reversed(parts):
        if parse_amount(part) is None:
            break
        count += 1
    return count


def _spaced_rows(lines: Sequence[Line]) -> Iterator[Token]:
    for number, line in enumerate(lines):
        n_numbers = _spaced_numbers(line.text)
        pieces = list(_WORD.finditer(line.text))
        label_end = pieces[-n_numbers].start() if n_numbers else len(line.text)
        label = line.text[:label_end].rstrip()
        if label:
            yield Token(label, Span(line.span.start, line.span.start + len(label)), number)
        for piece in pieces[len(pieces) - n_numbers :]:
            start = line.span.start + piece.start()
            yield Token(piece.group(), Span(start, line.span.start + piece.end()), number)
