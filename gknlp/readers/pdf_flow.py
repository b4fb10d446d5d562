"""Pages of ink to the flow of a document: running heads left out, paragraphs and tables whole again over page breaks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from gknlp.readers.linear import Linear, LinearBuilder
from gknlp.readers.pdf_grid import Ruling, find_rulings
from gknlp.readers.pdf_lines import TextLine, join_texts, make_lines, same_size
from gknlp.readers.pdf_page import Glyph, PageInk
from gknlp.readers.pdf_table import PlacedTable, fill_table, list_cells, stitch_tables
from gknlp.records import Diagnostic

Block = TextLine | PlacedTable
_HEAD_SHARE, _FOOT_SHARE = 0.08, 0.12
"""Of a page's height: where running heads and page numbers stand. Text begins 72 points below the edge of 842 where an
office program's margins were left alone; page numbers of official letters stand 80 points above the lower edge."""
_WIDE_SHARE = 0.72
"""Of a page's width: a right margin further in is that of short lines only."""
_RUNNING_LINES = 3
_PAGE_NUMBER = re.compile(r"[-—–‐·~.\s]*(?:第\s*)?\d{1,3}(?:\s*页)?(?:\s*[/／,，共]+\s*\d{1,4}\s*页?)?[-—–‐·~.\s]*")
_STOPS = "。！？；：.!?;:"
_HEADING = re.compile(
    r"[一二三四五六七八九十]{1,3}\s*、|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十]+部分"
)
_ROOM = 2.1
"""Em that a full line may leave free: punctuation that may not stand at a line's start takes its neighbour along."""
_INDENT = 0.8
_FARTHEST = 2.5
"""Em between two lines of one paragraph, at most: double spacing leaves 1.3."""
_NEAR = 3.0


@dataclass(frozen=True, slots=True)
class _Margins:
    left: float
    right: float
    indents: bool


def arrange_pages(pages: Sequence[PageInk]) -> tuple[list[Block], list[Diagnostic]]:
    """Paragraphs and tables in reading order, and what was left out; pages without ink give nothing."""
    notes: list[Diagnostic] = []
    contents = []
    for number, page in enumerate(pages, start=1):
        rulings = find_rulings(page.edges)
        if rulings is None:
            notes.append(Diagnostic("too_many_lines", "warning", None, "a table's lines", f"page {number}"))
        contents.append(_read_blocks(page, rulings or []))
    running = _running_lines(pages, contents)
    notes += [Diagnostic("running_line_left_out", "info", None, None, text) for text in sorted(running[1])]
    kept = [[block for block in blocks if id(block) not in running[0]] for blocks in contents]
    return _join_blocks(kept, _find_margins(kept, pages)), notes


def write_blocks(blocks: Iterable[Block]) -> Linear:
    """The blocks as linear text."""
    builder = LinearBuilder()
    for block in blocks:
        if isinstance(block, TextLine):
            builder.add_line(block.text)
        else:
            builder.add_table(list_cells(block))
    return builder.finish()


def _read_blocks(page: PageInk, rulings: Sequence[Ruling]) -> list[Block]:
    """Lines and tables of one page from top to bottom; of two tables, one in the other, the inner one has the text."""
    inside: list[list[list[Glyph]]] = [[[] for _ in ruling.boxes] for ruling in rulings]
    order = sorted(range(len(rulings)), key=lambda i: _area(rulings[i]))
    body: list[Glyph] = []
    for glyph in page.glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
        place = next(((i, box) for i in order if (box := rulings[i].locate(x, y)) is not None), None)
        if place is None:
            body.append(glyph)
        else:
            inside[place[0]][place[1]].append(glyph)
    tables = [fill_table(ruling, glyphs) for ruling, glyphs in zip(rulings, inside, strict=True) if any(glyphs)]
    blocks: list[Block] = [*make_lines(body), *tables]
    return sorted(blocks, key=lambda block: block.top)


def _area(ruling: Ruling) -> float:
    return (ruling.xs[-1] - ruling.xs[0]) * (ruling.ys[-1] - ruling.ys[0])


def _running_lines(pages: Sequence[PageInk], contents: Sequence[Sequence[Block]]) -> tuple[set[int], set[str]]:
    """Page numbers, and lines that stand at the same height of the margin on half of all pages or more."""
    margin = [_margin_lines(page, blocks) for page, blocks in zip(pages, contents, strict=True)]
    seen = Counter(key for lines in margin for key in {_running_key(line) for line in lines})
    dropped: set[int] = set()
    texts: set[str] = set()
    for line in (line for lines in margin for line in lines):
        if _PAGE_NUMBER.fullmatch(line.text):
            dropped.add(id(line))
        elif seen[_running_key(line)] >= max(2, (len(pages) + 1) // 2):
            dropped.add(id(line))
            texts.add(line.text)
    return dropped, texts


def _margin_lines(page: PageInk, blocks: Sequence[Block]) -> list[TextLine]:
    """The outermost lines of the page's upper and lower margin."""
    high, low = _HEAD_SHARE * page.height, (1 - _FOOT_SHARE) * page.height
    heads = takewhile(lambda block: isinstance(block, TextLine) and block.bottom <= high, blocks[:_RUNNING_LINES])
    feet = takewhile(lambda block: isinstance(block, TextLine) and block.top >= low, blocks[: -_RUNNING_LINES - 1 : -1])
    return [block for block in (*heads, *feet) if isinstance(block, TextLine)]


def _running_key(line: TextLine) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(line.top / _NEAR)


def _find_margins(contents: Sequence[Sequence[Block]], pages: Sequence[PageInk]) -> _Margins:
    """The type area of the body: edges that several lines share."""
    lines = [block for blocks in contents for block in blocks if isinstance(block, TextLine)]
    if not lines:
        return _Margins(0.0, 0.0, indents=False)
    left = _shared_edge([line.x0 for line in lines], 1) or min(line.x0 for line in lines)
    width = max(page.width for page in pages)
    ends = [-line.x1 for line in lines if line.x1 >= _WIDE_SHARE * width]
    right = -(_shared_edge(ends, 2, spread=1.1 * max(line.size for line in lines)) or left - width)
    indented = sum(1.2 <= (line.x0 - left) / line.size <= 2.8 for line in lines)
    flush = sum(abs(line.x0 - left) <= 0.5 * line.size for line in lines)
    return _Margins(left, right, indents=indented > 1 and flush > 0)


def _shared_edge(places: Sequence[float], others: int, *, spread: float = _NEAR) -> float | None:
    """The smallest place that so many others lie within ``spread`` of; None where none is shared."""
    ordered = sorted(places)
    return next((a for a, b in zip(ordered, ordered[others:], strict=False) if b - a <= spread), None)


def _join_blocks(contents: Sequence[Sequence[Block]], margins: _Margins) -> list[Block]:
    joined: list[Block] = []
    last_line: TextLine | None = None
    for blocks in contents:
        for place, block in enumerate(blocks):
            before = joined[-1] if joined else None
            if isinstance(block, TextLine):
                new_page = place == 0
                if isinstance(before, TextLine) and last_line and _continues(last_line, block, margins, new_page):
                    joined[-1] = _extend(before, block)
                else:
                    joined.append(block)
                last_line = block
                continue
            stitched = stitch_tables(before, block) if place == 0 and isinstance(before, PlacedTable) else None
            if stitched:
                joined[-1] = stitched
            else:
                joined.append(block)
    return joined


def _continues(line: TextLine, following: TextLine, margins: _Margins, new_page: bool) -> bool:
    """Whether the line that follows belongs to the same paragraph."""
    em = following.size
    if not same_size(line, following) or margins.right - line.x1 > _ROOM * em:
        return False
    if following.x0 - margins.left > _INDENT * em:
        return _is_centred(following, margins) and line.x0 - margins.left < _INDENT * em and line.text[-1] not in _STOPS
    if not new_page and following.top - line.bottom > _FARTHEST * em:
        return False
    if line.text[-1] not in _STOPS:
        return True
    return margins.indents and not _HEADING.match(following.text)


def _is_centred(line: TextLine, margins: _Margins) -> bool:
    """Whether it is the short end of a title that is longer than a line."""
    return abs(line.x0 - margins.left - (margins.right - line.x1)) < 0.5 * line.size


def _extend(paragraph: TextLine, line: TextLine) -> TextLine:
    text = join_texts(paragraph.text, line.text)
    return TextLine(text, paragraph.x0, line.x1, paragraph.top, line.bottom, line.size)
