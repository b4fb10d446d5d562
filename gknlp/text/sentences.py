"""Sentences and enumerators (一是, （一）, 1.) of Chinese administrative prose."""

from __future__ import annotations

import re

from gknlp.records import Span
from gknlp.text.lines import trim_span

_ENDERS = "。！？!?；;"
_OPEN = "（(《〔[【“「『"
_CLOSE = "）)》〕]】”」』"
_LOOKED_AT = re.compile(rf"[{_ENDERS}{re.escape(_OPEN)}{re.escape(_CLOSE)}]")
_PAIR = dict(zip(_CLOSE, _OPEN, strict=True))
# A bracket that never closes must not swallow the rest of a report: after this many characters it is taken as a slip.
_LONGEST_BRACKET = 120

CHINESE_NUMBER = "一二三四五六七八九十"
ENUMERATORS: tuple[tuple[str, re.Pattern[str]], ...] = (
    # 一、二季度 counts quarters and opens nothing.
    ("section", re.compile(rf"[{CHINESE_NUMBER}]{{1,3}}\s*[、．.](?![{CHINESE_NUMBER}](?:季度|级|线|类|批|月))\s*")),
    ("bracket", re.compile(rf"[（(]\s*[{CHINESE_NUMBER}]{{1,3}}\s*[)）]\s*[、.．]?\s*|[㈠-㈩]\s*")),
    ("digit", re.compile(r"(?:[1-9]\d?)\s*(?:[、．]|\.(?!\d))\s*|[⒈-⒛]\s*")),
    ("digit_bracket", re.compile(r"[（(]\s*[1-9]\d?\s*[)）]\s*[、.．]?\s*|[①-⑳⑴-⒇]\s*")),
    (
        "item",
        re.compile(
            rf"(?:第?[{CHINESE_NUMBER}]{{1,2}}(?:是(?!否)|要(?=[^求素点闻]))|[第其][{CHINESE_NUMBER}]{{1,2}}[,，、]"
            r"|(?:首先|其次|再次|最后)[,，])"
        ),
    ),
)
"""Kinds of enumerator from the outermost to the innermost, each anchored where it is matched."""
_ENUMERATOR = re.compile("|".join(f"(?P<{kind}>{pattern.pattern})" for kind, pattern in ENUMERATORS))

_MARKS = re.compile(r"[（(第其\s]")
_FIRST = re.compile(rf"[一㈠⒈①⑴](?![{CHINESE_NUMBER}])|1(?!\d)|首")


def match_enumerator(text: str, start: int, end: int | None = None) -> tuple[str, int] | None:
    """Kind and end offset of the enumerator that begins at ``start``; None where there is none.

    >>> match_enumerator("（二）改进措施", 0), match_enumerator("3.5万元", 0)
    (('bracket', 3), None)
    """
    match = _ENUMERATOR.match(text, start, len(text) if end is None else end)
    return (str(match.lastgroup), match.end()) if match else None


def opens_list(text: str, start: int, end: int | None = None) -> bool:
    """Whether the enumerator that begins at ``start`` is the first of its list; False where there is none.

    >>> opens_list("（一）甲", 0), opens_list("二是乙", 0), opens_list("丙", 0)
    (True, False, False)
    """
    found = match_enumerator(text, start, end)
    return found is not None and _FIRST.match(_MARKS.sub("", text[start : found[1]])) is not None


def split_sentences(text: str, start: int = 0, end: int | None = None) -> tuple[Span, ...]:
    """Sentences of ``text[start:end]``, split after 。！？； outside brackets and quotes; blank pieces are left out.

    >>> [("甲。乙（丙。丁）；戊")[s.start:s.end] for s in split_sentences("甲。乙（丙。丁）；戊")]
    ['甲。', '乙（丙。丁）；', '戊']
    """
    stop = len(text) if end is None else end
    spans: list[Span] = []
    opened: list[tuple[str, int]] = []
    begin = start
    for match in _LOOKED_AT.finditer(text, start, stop):
        mark, place = match.group(), match.start()
        if place < begin:
            continue
        while opened and place - opened[-1][1] > _LONGEST_BRACKET:
            opened.pop()
        if mark in _OPEN:
            opened.append((mark, place))
        elif mark in _PAIR:
            if opened and opened[-1][0] == _PAIR[mark]:
                opened.pop()
        elif not opened:
            begin = _append(spans, text, begin, _after_enders(text, place + 1, stop))
    _append(spans, text, begin, stop)
    return tuple(spans)


def _after_enders(text: str, place: int, stop: int) -> int:
    while place < stop and text[place] in _ENDERS + "”」』）)":
        place += 1
    return place


def _append(spans: list[Span], text: str, begin: int, end: int) -> int:
    if end <= begin:
        return begin
    span = trim_span(text, begin, end)
    if len(span):
        spans.append(span)
    return end
