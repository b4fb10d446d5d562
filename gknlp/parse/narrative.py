"""Units of coding (编码单元) from the narrative sections: clause groups with their spans and the heading above them.

Split at 。；！？ and at 一是 / （一） / 1. openers. A heading on its own line is metadata of the units under it; a run-in
heading belongs to the unit that it opens; a lead-in that ends in a colon is a unit; 其中 lists stay with their total.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gknlp.records import Span
from gknlp.text.folding import fold_label
from gknlp.text.lines import Line, lines_within, split_lines, trim_span
from gknlp.text.sentences import ENUMERATORS, match_enumerator, opens_list, split_sentences

_RANK = {kind: rank for rank, (kind, _) in enumerate(ENUMERATORS)}
_ENDED = "。！？!?；;：:，,、"
_LONGEST_HEADING = 40
_LONGEST_PLAIN_HEADING = 18
_RUN_IN, _RUN_IN_NUMBERED = 12, 20
"""A sentence of at most this many letters that opens a paragraph or a numbered item is a run-in heading: 强化保障。 + sentence."""
_LONGEST_JOINED = 1500
"""No clause group is longer than a page: what goes on beyond that is a broken text, and joining it would never end."""
_HEADED = 20
"""...and without a number only when the sentence behind it is at least this long: two short sentences are two sentences."""
_PLAN_OPENS = re.compile(r"下一?步|今后|接下来|为此|对此|针对|20\d\d\s*年|明年|来年")
"""What follows a named problem as its remedy is a unit of its own."""
_WRAPPED = 24
"""A line of at least this many characters without a final stop goes on in the next line."""
_OPENER_INSIDE = re.compile(
    r"[。；;：:，,\s](?=(?:第?[一二三四五六七八九十]{1,2}(?:是(?!否)|要(?=[^求素点闻]))|[第其][一二三四五六七八九十][,，、]"
    r"|[（(]\s*[一二三四五六七八九十\d]{1,2}\s*[)）]|[1-9]\d?(?:[、．]|\.(?!\d))|[①-⒛㈠-㈩]|(?:首先|其次|再次|最后)[,，]))"
)
_SENTENCE_END = re.compile(r"[。；;！？!?]")
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W_]")
_MARK_OR_DIGIT = re.compile(r"[：:；;，,]|\d")
_COUNTED = re.compile(r"\d|[一二三四五六七八九十百千](?:余)?(?:条|件|次|个|篇|份|期|项|人|场)")
_LIST_OF_PARTS = re.compile(r"(?:其中|分别(?:是|为)|包括)")
_PARTS_OPEN = re.compile(r"其中")
_PARTS_FOLLOW = re.compile(r"(?:其中|分别(?:是|为)|包括)[：:]?$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A unit before it knows its section's part: where it stands and the sub-heading above it ('' for none)."""

    span: Span
    heading: str


@dataclass(frozen=True, slots=True)
class _Paragraph:
    span: Span
    kind: str | None
    n_lines: int


def split_units(text: str, body: Span, lines: Sequence[Line] | None = None) -> tuple[Piece, ...]:
    """The units of one section's body in text order; a blank body gives none. ``lines``: those of the text, where known."""
    known = split_lines(text) if lines is None else lines
    paragraphs = _paragraphs(text, lines_within(text, known, body.start, body.end))
    pieces: list[Piece] = []
    above: list[tuple[int, str]] = []
    for index, paragraph in enumerate(paragraphs):
        rank = _RANK.get(paragraph.kind or "", len(_RANK))
        if _is_heading(text, paragraphs, index):
            above = [entry for entry in above if entry[0] < rank]
            above.append((rank, text[paragraph.span.start : paragraph.span.end]))
            continue
        spans = list(_split_paragraph(text, paragraph.span))
        for place, span in enumerate(spans):
            opener = match_enumerator(text, span.start, span.end)
            if opener:
                above = [entry for entry in above if entry[0] < _RANK[opener[0]]]
            if opener and _is_inline_heading(text, span, spans[place + 1 : place + 2], opener):
                above.append((_RANK[opener[0]], text[span.start : span.end]))
            else:
                pieces.append(Piece(span, above[-1][1] if above else ""))
    return tuple(pieces)


def _is_inline_heading(text: str, span: Span, behind: Sequence[Span], opener: tuple[str, int]) -> bool:
    """Whether a short numbered sentence only heads a list of a deeper kind on its line: （一）存在的问题。1.…2.…"""
    following = match_enumerator(text, behind[0].start, behind[0].end) if behind else None
    if following is None or _RANK[following[0]] <= _RANK[opener[0]] or opener[0] == "item":
        return False
    if not opens_list(text, behind[0].start, behind[0].end):
        return False
    content = text[opener[1] : span.end]
    return len(fold_label(content)) <= _RUN_IN_NUMBERED and not _MARK_OR_DIGIT.search(content)


def _paragraphs(text: str, lines: Sequence[Line]) -> list[_Paragraph]:
    """Lines, with those joined that an extractor broke in the middle of a sentence."""
    paragraphs: list[_Paragraph] = []
    for line in lines:
        kind = match_enumerator(text, line.span.start, line.span.end)
        last = paragraphs[-1] if paragraphs else None
        if last and kind is None and _goes_on(text, last, line):
            paragraphs[-1] = _Paragraph(Span(last.span.start, line.span.end), last.kind, last.n_lines + 1)
        else:
            paragraphs.append(_Paragraph(line.span, kind[0] if kind else None, 1))
    return paragraphs


def _goes_on(text: str, last: _Paragraph, line: Line) -> bool:
    blank_line = text.count("\n", last.span.end, line.span.start) > 1
    if blank_line or text[last.span.end - 1] in "。！？!?；;：:":
        return False
    if text[last.span.end - 1] in "，,、" or line.text[0] in "，,。；;、）)":
        return True
    above = text[last.span.start : last.span.end]
    if _COUNTED.search(above) and (_PARTS_OPEN.match(line.text) or _is_list_of_counts(above)):
        return _COUNTED.search(line.text) is not None
    indented = line.indent.replace("\ufeff", "") != ""
    return not indented and len(last.span) >= _WRAPPED


def _is_list_of_counts(above: str) -> bool:
    """Whether lines of a paragraph are a total and its parts, line by line: …九十条 / 其中：网站五十条."""
    return any(_PARTS_OPEN.match(line.strip()) for line in above.splitlines()[1:])


def _is_heading(text: str, paragraphs: Sequence[_Paragraph], index: int) -> bool:
    """Whether a paragraph is a heading on its own line: short, one sentence, and something stands under it."""
    paragraph = paragraphs[index]
    if index + 1 == len(paragraphs) or paragraph.n_lines > 1 or paragraph.kind == "item":
        return False
    content = text[paragraph.span.start : paragraph.span.end]
    if _SENTENCE_END.search(content, 0, len(content) - 1) or content[-1] in "；;，,、：:":
        return False
    following = paragraphs[index + 1]
    if paragraph.kind is None:
        return (
            len(content) <= _LONGEST_PLAIN_HEADING
            and content[-1] not in _ENDED
            and not content[-1].isdigit()
            and len(following.span) > len(content)
        )
    if len(content) > _LONGEST_HEADING or following.kind == paragraph.kind:
        return False
    if following.kind is not None and following.kind != "item" and _RANK[following.kind] < _RANK[paragraph.kind]:
        return False
    return not _is_list_item(text, paragraphs, index)


def _is_list_item(text: str, paragraphs: Sequence[_Paragraph], index: int) -> bool:
    """Whether the paragraph just before is an item of the same list: then this one, too, is an item and no heading."""
    if index == 0 or paragraphs[index - 1].kind != paragraphs[index].kind:
        return False
    before = text[paragraphs[index - 1].span.start : paragraphs[index - 1].span.end]
    return before[-1] in "。；;"


def _split_paragraph(text: str, span: Span) -> Iterator[Span]:
    """Sentences and items of one paragraph, run-in headings and 其中 lists joined to what they open."""
    starts = [match.end() for match in _OPENER_INSIDE.finditer(text, span.start, span.end)]
    pieces: list[Span] = []
    for sentence in split_sentences(text, span.start, span.end):
        cuts = starts[bisect_right(starts, sentence.start) : bisect_left(starts, sentence.end)]
        if not cuts:
            _append(text, pieces, sentence, span.start)
            continue
        edges = [sentence.start, *cuts, sentence.end]
        for left, right in pairwise(edges):
            piece = trim_span(text, left, right)
            if len(piece):
                _append(text, pieces, piece, span.start)
    yield from pieces


def _append(text: str, pieces: list[Span], piece: Span, paragraph_start: int) -> None:
    if pieces and len(pieces[-1]) <= _LONGEST_JOINED and _belongs(text, pieces[-1], piece, paragraph_start):
        pieces[-1] = Span(pieces[-1].start, piece.end)
    else:
        pieces.append(piece)


def _belongs(text: str, last: Span, piece: Span, paragraph_start: int) -> bool:
    """Whether a piece continues the unit before it: mere punctuation, behind a bare opener, a list's parts, a run-in."""
    before = text[last.start : last.end]
    opener = match_enumerator(text, last.start, last.end)
    said = before[opener[1] - last.start :] if opener else before
    if not _LETTER.search(text, piece.start, piece.end) or not _LETTER.search(said):
        return True
    if _is_part(text, before, piece):
        return True
    if match_enumerator(text, piece.start, piece.end):
        return False
    if before[-1] != "。" or "。" in before[:-1] or _PLAN_OPENS.match(text, piece.start):
        return False
    n_behind = len(fold_label(text[piece.start : piece.end]))
    return _is_run_in(fold_label(said), n_behind, numbered=opener is not None, opens=last.start == paragraph_start)


def _is_part(text: str, before: str, piece: Span) -> bool:
    """Whether a piece is one of the parts (其中) of the total that is counted before it."""
    if not _COUNTED.search(before) or _PLAN_OPENS.match(text, piece.start):
        return False
    if _PARTS_OPEN.match(text, piece.start):
        return True
    numbered = match_enumerator(text, piece.start, piece.end)
    if numbered and not _COUNTED.search(text, numbered[1], piece.end):
        return False
    if _PARTS_FOLLOW.search(before):
        return True
    return before[-1] in "；;" and _LIST_OF_PARTS.search(before) is not None


def _is_run_in(said: str, n_behind: int, *, numbered: bool, opens: bool) -> bool:
    """Whether a short sentence heads the one of ``n_behind`` letters behind it; ``opens``: it opens its paragraph."""
    if _DIGIT.search(said):
        return False
    if numbered:
        return len(said) <= _RUN_IN_NUMBERED
    return opens and len(said) <= _RUN_IN and n_behind >= _HEADED
