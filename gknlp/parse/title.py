"""The title of a report: over one to four lines, with or without agency and year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gknlp.parse.furniture import is_furniture, skip_furniture
from gknlp.records import Found, Span
from gknlp.text.folding import fold_width
from gknlp.text.lines import Line

_KIND = r"(?:政府|政务)?(?:信息|政务)?公开(?:工作)?(?:情况)?(?:的)?(?:\d{4}年?)?(?:年度)?(?:工作)?(?:情况)?(?:的)?(?:总结)?(?:报告|年报)"
_YEAR = r"(?:20\d\d|二[〇○零ОO0]{1}[〇○零ОO0一二三四五六七八九]{2})\s*年?\s*(?:年度|度)?"
_TITLE = re.compile(rf"(?:关于)?《?(?P<head>.*?)(?P<kind>{_KIND})(?:\(全文\)|》|。|\.|\.(?:docx?|pdf|wps))?$")
_PARTS = re.compile(rf"^(?P<before>.*?)(?P<year>{_YEAR})(?P<after>.*)$")
_NO_TITLE = re.compile(r"[，,；;：:!！?？>|]|。.|首页|公布|以下简称|根据|按照|现将|来源|当前位置|编制")
_RUN_ON = re.compile(
    r"(?P<title>[^。，,；;：:!！?？>|]{6,60}?公开(?:工作)?(?:年度)?(?:工作)?(?:情况)?(?:报告|年报))(?P<after>\s|$|根据|按照|依据|本)"
)
"""A title run into the text behind it, as extractors print whole reports on one line."""
_BYLINE = re.compile(
    r"[一-鿿·]{2,20}(?:[（(][一-鿿]{1,8}[)）])?[一-鿿]{0,12}(?:人民政府|政府|办事处|镇|乡|苏木|局|委员会|管委会|办公室|厅|海关|中学|学院|学校)$"
)
_MOST_LINES, _LONGEST_TITLE, _LINES_LOOKED_AT = 4, 60, 40


@dataclass(frozen=True, slots=True)
class Title:
    """A title and what it names: agency and year with their own stretches; ``end`` is where the text goes on."""

    title: Found
    agency: Found
    year: Found
    end: int


_NONE = Found(None, "missing")
NO_TITLE = Title(_NONE, _NONE, _NONE, 0)


@dataclass(frozen=True, slots=True)
class _Joined:
    """Lines joined without white space, each character with its place in the text."""

    text: str
    places: tuple[int, ...]

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        runs: list[Span] = []
        for place in self.places[start:end]:
            if runs and runs[-1].end == place:
                runs[-1] = Span(runs[-1].start, place + 1)
            else:
                runs.append(Span(place, place + 1))
        return tuple(runs)


def find_title(lines: Sequence[Line], before: int) -> Title:
    """The title among the lines that begin before offset ``before``; NO_TITLE where none is printed."""
    head = [_cut(line, before) for line in lines[:_LINES_LOOKED_AT] if line.span.start < before]
    best: tuple[float, Title] = (0.0, NO_TITLE)
    for first in range(len(head)):
        for last in range(first, min(first + _MOST_LINES, len(head))):
            if len(head[last].text) > _LONGEST_TITLE:
                break
            scored = _read_title(head[first : last + 1])
            if scored and scored[0] - 0.1 * first > best[0]:
                best = (scored[0] - 0.1 * first, scored[1])
    title = best[1] if best[0] else _run_on_title(head)
    end = _skip_repetition(head, title)
    agency = title.agency if title.title.value is None or title.agency.value else _byline(head, end)
    return Title(title.title, agency, title.year, skip_furniture(lines, end, before))


def _cut(line: Line, before: int) -> Line:
    """The line up to ``before``, without the pipes of a table that frames it: pages lay out with tables."""
    text = line.text[: before - line.span.start].rstrip("| \t\u3000")
    bare = text.lstrip("| \t\u3000")
    if not bare:
        return line
    start = line.span.start + len(text) - len(bare)
    return Line(bare, Span(start, start + len(bare)), line.indent)


def _run_on_title(head: Sequence[Line]) -> Title:
    """A title at the beginning of a long line, where white space, the title again or 根据 follows; NO_TITLE for none."""
    for line in head:
        found = _RUN_ON.match(line.text)
        title = found["title"] if found else _doubled(line.text)
        if title and len(line.text) > len(title):
            scored = _read_title([replace(line, text=title, span=Span(line.span.start, line.span.start + len(title)))])
            if scored:
                return scored[1]
    return NO_TITLE


def _doubled(text: str) -> str | None:
    end = text.find("报告", 0, _LONGEST_TITLE) + 2
    return text[:end] if end > 8 and text.startswith(text[:end], end) else None


def _byline(head: Sequence[Line], end: int) -> Found:
    """The agency on a line of its own under a title that names none."""
    for line in head:
        if line.span.start >= end:
            name = "".join(line.text.split())
            if _BYLINE.match(name):
                return Found(name, "found", (line.span,), "byline")
            if not is_furniture(line):
                break
    return _NONE


def _read_title(lines: Sequence[Line]) -> tuple[float, Title] | None:
    joined = _join(lines)
    if len(joined.text) > _LONGEST_TITLE or _NO_TITLE.search(joined.text):
        return None
    match = _TITLE.match(joined.text)
    if match is None:
        return None
    agency, year = _split_head(joined, match)
    score = 6.0 + 2.0 * (year.value is not None) + 2.0 * (agency.value is not None) - 0.5 * len(lines)
    whole = Found("".join(_original(lines)), "found", joined.spans(0, len(joined.text)), "title")
    return score, Title(whole, agency, year, lines[-1].span.end)


def _original(lines: Sequence[Line]) -> list[str]:
    return [char for line in lines for char in line.text if not char.isspace()]


def _join(lines: Sequence[Line]) -> _Joined:
    pairs = [
        (fold_width(char), line.span.start + index)
        for line in lines
        for index, char in enumerate(line.text)
        if not char.isspace()
    ]
    return _Joined("".join(char for char, _ in pairs), tuple(place for _, place in pairs))


def _split_head(joined: _Joined, match: re.Match[str]) -> tuple[Found, Found]:
    head, start = match["head"], match.start("head")
    parts = _PARTS.match(head)
    if parts is None:
        year_in_kind = re.search(r"20\d\d", match["kind"])
        year = _NONE
        if year_in_kind:
            at = match.start("kind") + year_in_kind.start()
            year = Found(int(year_in_kind.group()), "found", joined.spans(at, at + 4), "title")
        return _agency(joined, start, match.end("head"), match), year
    year_span = joined.spans(start + parts.start("year"), start + parts.end("year"))
    year = Found(year_number(parts["year"]), "found", year_span, "title")
    if parts["before"].strip("-—·"):
        return _agency(joined, start, start + parts.end("before"), match), year
    return _agency(joined, start + parts.start("after"), match.end("head"), match), year


def _agency(joined: _Joined, start: int, end: int, match: re.Match[str]) -> Found:
    """The agency's stretch; 2021年甲县人民|政府信息公开… gives the 政府 back to 甲县人民政府."""
    if joined.text[start:end].endswith("人民") and match["kind"].startswith("政府"):
        end += 2
    while end > start and joined.text[end - 1] in "的-—·":
        end -= 1
    if joined.text[start:end].endswith("年度"):
        end -= 2
    if end - start < 2:
        return _NONE
    return Found(joined.text[start:end], "found", joined.spans(start, end), "title")


def _skip_repetition(head: Sequence[Line], title: Title) -> int:
    """Titles are often printed twice, the second time without the agency: the text goes on after the last."""
    if title.title.value is None:
        return 0
    end = title.end
    for line in head:
        if end <= line.span.start <= end + 40 and len(line.text) <= _LONGEST_TITLE:
            joined = _join([line]).text
            if not _NO_TITLE.search(joined) and _TITLE.match(joined):
                end = line.span.end
    return end


_CHINESE_DIGITS = {char: digit for digit, char in enumerate("零一二三四五六七八九")} | dict.fromkeys("〇○ОO", 0)


def year_number(text: str) -> int:
    """The year in Arabic or Chinese digits.

    >>> year_number("二〇二一年"), year_number("2020 年")
    (2021, 2020)
    """
    digits = [char if char.isdigit() and char.isascii() else str(_CHINESE_DIGITS.get(char, "")) for char in text]
    return int("".join(digits)[:4])
