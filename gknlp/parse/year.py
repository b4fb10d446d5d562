"""The year reported on (报告年度), by the order of trust found on real reports.

Data period, title, opening of section one, announcement, signature minus one, what the container says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from gknlp.parse.outline import DATE, Outline
from gknlp.parse.title import year_number
from gknlp.records import Diagnostic, Found, Scalar, Span

_TO = r"\s*(?:起|开始)?\s*(?:至|到|－+|—+|-+|~|～|–)\s*"
_PERIOD = re.compile(
    rf"(?P<year>20\d\d)\s*年\s*0?1\s*月\s*0?1\s*日?{_TO}(?:(?P<end>20\d\d)\s*年\s*)?12\s*月\s*(?P<day>\d{{1,2}})\s*日?"
)
_PERIOD_WORD = re.compile(r"统计(?:的)?(?:期限|时限|时间|时段|期|截止)|截止日期|核定时间|期限")
# Short text nodes get lost: 20231月1日, 202311日. Only inside a sentence on the data period is that a date.
_GLUED = re.compile(r"(?<!\d)(?P<year>20\d\d)\s*年?\s*\d{1,3}\s*月?\s*\d{0,2}\s*日?\s*(?:起)?\s*(?:至|到)")
_END_ONLY = re.compile(r"(?:截至|截止|截止到|至)\s*(?P<year>20\d\d)\s*年\s*12\s*月\s*(?P<day>\d{1,2})\s*日")
# At the start of a paragraph or sentence: 2021年，我局…; not 2019年起…, not a date with its month.
_OPENING = re.compile(
    r"(?:(?<=[\n\r。：\u3000 ])|\A)(?P<year>20\d\d)\s*年(?:度)?(?!\s*(?:\d{1,2}|[一二三四五六七八九十])\s*月|起|以来|前|底|末|至|到|[-—～~])"
)
_OPENING_REACH, _BACKGROUND_REACH, _ANNOUNCED_REACH = 60, 300, 1500
_OFTEN = 2
_ANNOUNCED = re.compile(
    r"(?:现将|现公布|公布|编制|发布(?!时间|日期|机构|单位)|汇报|报告)[^，。；]{0,30}?(?P<year>20\d\d)\s*年"
)


def find_year(text: str, outline: Outline, title: Found, hints: Mapping[str, str]) -> tuple[Found, list[Diagnostic]]:
    """The year with its evidence; status conflict where data period, title and opening disagree."""
    agreed = [found for found in (_period(text, outline), title) if found and found.value]
    opening = _opening(text, outline, agreed[0].value if agreed else None)
    firm = [*agreed, opening] if opening else agreed
    if firm:
        values = {found.value for found in firm}
        evidence = tuple(span for found in firm for span in found.evidence)
        if len(values) == 1:
            return Found(firm[0].value, "found", evidence, firm[0].rule), []
        other = next(found for found in firm if found.value != firm[0].value)
        return Found(firm[0].value, "conflict", evidence, firm[0].rule), [
            Diagnostic("year_conflict", "warning", other.evidence[0], str(firm[0].value), str(other.value))
        ]
    for found in (_announced(text, outline), _signed(text, outline), _hinted(hints), _often_said(text, outline)):
        if found:
            return found, []
    return Found(None, "missing"), [Diagnostic("year_missing", "warning")]


def _period(text: str, outline: Outline) -> Found | None:
    regions = [outline.bodies[key] for key in ("preamble", "overview", "summary") if key in outline.bodies]
    for region in regions:
        match = _PERIOD.search(text, region.start, region.end)
        if match and (match["end"] is None or match["end"] == match["year"]):
            return Found(int(match["year"]), "found", (Span(match.start(), match.end()),), "data_period")
        word = _PERIOD_WORD.search(text, region.start, region.end)
        if word:
            stop = min((p for p in (text.find("。", word.end()), region.end) if p >= 0), default=region.end)
            glued = _GLUED.search(text, word.end(), stop) or _END_ONLY.search(text, word.start(), stop)
            if glued:
                return Found(int(glued["year"]), "found", (Span(glued.start(), glued.end()),), "data_period")
    return None


def _opening(text: str, outline: Outline, agreed: Scalar) -> Found | None:
    """The year that section one opens with; the ``agreed`` one where it opens a sentence soon after: the other is background."""
    body = outline.bodies.get("overview") or outline.bodies.get("summary")
    if body is None:
        return None
    match = _OPENING.search(text, body.start, min(body.end, body.start + _OPENING_REACH))
    if match is None:
        return None
    if agreed is not None and int(match["year"]) != agreed:
        later = _OPENING.finditer(text, body.start, min(body.end, body.start + _BACKGROUND_REACH))
        match = next((found for found in later if int(found["year"]) == agreed), match)
    return Found(int(match["year"]), "found", (Span(match.start(), match.end()),), "opening")


def _announced(text: str, outline: Outline) -> Found | None:
    for key in ("preamble", "overview", "summary"):
        body = outline.bodies.get(key)
        match = _ANNOUNCED.search(text, body.start, min(body.end, body.start + _ANNOUNCED_REACH)) if body else None
        if match is not None:
            return Found(int(match["year"]), "found", (Span(match.start("year"), match.end("year")),), "announced")
    return None


def _often_said(text: str, outline: Outline) -> Found | None:
    """The one year that opens sentences in the whole report, at least twice: last resort of a report that nothing else dates."""
    start = outline.sections[0].span.start if outline.sections else 0
    found = list(_OPENING.finditer(text, start))
    years = {match["year"] for match in found}
    if len(years) != 1 or len(found) < _OFTEN:
        return None
    return Found(int(found[0]["year"]), "found", (Span(found[0].start(), found[0].end()),), "often_said")


def _signed(text: str, outline: Outline) -> Found | None:
    match = DATE.search(text, outline.signed.start, outline.signed.end) if outline.signed else None
    if match is None:
        return None
    year = year_number(match["year"])
    year -= match["month"].strip() not in ("12", "十二")
    return Found(year, "found", (Span(match.start(), match.end()),), "signature")


def _hinted(hints: Mapping[str, str]) -> Found | None:
    if hints.get("year", "").isdigit():
        return Found(int(hints["year"]), "found", (), "hint")
    published = re.match(r"(20\d\d)-", hints.get("published", ""))
    return Found(int(published[1]) - 1, "found", (), "published") if published else None
