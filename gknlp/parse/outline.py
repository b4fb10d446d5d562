"""The outline of a report: title region, preamble, sections, signature - spans only."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from gknlp.parse.headings import Heading
from gknlp.records import Section, Span
from gknlp.text.lines import Line, trim_span
from gknlp.text.sentences import CHINESE_NUMBER

_DIGITS = CHINESE_NUMBER + "〇○零0-9０-９"
DATE = re.compile(
    rf"(?P<year>[{_DIGITS}]{{4}})\s*年\s*(?P<month>[{_DIGITS}]{{1,3}})\s*月\s*(?P<day>[{_DIGITS}]{{1,3}})\s*日"
)
_LONGEST_SIGNER = 40
_TAIL = 5
"""How many last lines may hold the signature: agency, date, a page number, an attachment line."""


@dataclass(frozen=True, slots=True)
class Outline:
    """Sections in text order; ``signer`` and ``signed`` are the agency and date of the signature, where printed."""

    sections: tuple[Section, ...]
    bodies: dict[str, Span]
    signer: Span | None
    signed: Span | None


def make_outline(text: str, lines: Sequence[Line], headings: Sequence[Heading], title_end: int) -> Outline:
    """Sections from headings; what stands before the first is the preamble, the signed end is the signature."""
    signature, signer, signed = _find_signature(text, lines, headings[-1].body if headings else title_end)
    end = signature.start if signature else len(text)
    sections: list[Section] = []
    bodies: dict[str, Span] = {}
    first = headings[0].span.start if headings else end
    preamble = trim_span(text, title_end, first)
    if len(preamble):
        sections.append(Section("preamble", "", preamble))
        bodies["preamble"] = preamble
    for index, heading in enumerate(headings):
        stop = headings[index + 1].span.start if index + 1 < len(headings) else end
        body = trim_span(text, heading.body, stop)
        sections.append(
            Section(
                heading.key,
                text[heading.span.start : heading.span.end],
                Span(heading.span.start, max(body.end, heading.body)),
            )
        )
        bodies[heading.key] = body
    if signature:
        sections.append(Section("signature", "", signature))
    return Outline(tuple(sections), bodies, signer, signed)


def _find_signature(text: str, lines: Sequence[Line], after: int) -> tuple[Span | None, Span | None, Span | None]:
    """The signature's span, the signer's and the date's; a date alone on a line (or with the agency) near the end."""
    tail = [line for line in lines if line.span.start >= after][-_TAIL:]
    for index in range(len(tail) - 1, -1, -1):
        line = tail[index]
        date = _last_date(text, line)
        if date is None:
            continue
        before = trim_span(text, line.span.start, date.start)
        if len(before):
            if len(before) <= _LONGEST_SIGNER and not re.search(r"[，,。；;：:]", text[before.start : before.end]):
                return Span(before.start, len(text.rstrip())), before, date
            return _run_in_signature(text, line, date)
        signer = _signer(tail[:index])
        start = signer.start if signer else date.start
        return Span(start, len(text.rstrip())), signer, date
    return None, None, None


def _last_date(text: str, line: Line) -> Span | None:
    found = deque(DATE.finditer(text, line.span.start, line.span.end), maxlen=1)
    if not found or line.span.end - found[0].end() > 3:
        return None
    return Span(found[0].start(), found[0].end())


def _run_in_signature(text: str, line: Line, date: Span) -> tuple[Span | None, Span | None, Span | None]:
    """A signature at the end of a long line: …。某某局 2021年1月20日"""
    stop = max(text.rfind(mark, line.span.start, date.start) for mark in "。！；")
    signer = trim_span(text, stop + 1, date.start)
    if stop < 0 or len(signer) > _LONGEST_SIGNER or re.search(r"[，,：:]", text[signer.start : signer.end]):
        return None, None, None
    start = signer.start if len(signer) else date.start
    return Span(start, len(text.rstrip())), signer if len(signer) else None, date


def _signer(before: Sequence[Line]) -> Span | None:
    if not before:
        return None
    line = before[-1]
    plain = not re.search(r"[，,。；;：:！!]", line.text) and not line.text[0].isdigit()
    return (
        line.span
        if plain and 3 <= len(line.text) <= _LONGEST_SIGNER and not re.match(r"[（(]?[一二三四五六]", line.text)
        else None
    )
