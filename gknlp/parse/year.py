"""The year reported on (报告年度), by the order of trust found on real reports.

Data period, title, opening of section one, announcement, signature minus one, what the container says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from gknlp.parse.outline import DATE, Outline
from gknlp.parse.title import year_number
from gknlp.records import Diagnostic, Found, Span

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
_OPENING_REACH = 60
_ANNOUNCED = re.compile(r"(?:现将|现公布|公布|编制|发布)[^，。；]{0,30}?(?P<year>20\d\d)\s*年")


def find_year(text: str, outline: Outline, title: Found, hints: Mapping[str, str]) -> tuple[Found, list[Diagnostic]]:
    """The year with its evidence; status conflict where data period, title and opening disagree."""
    firm = [found for found in (_period(text, outline), title, _opening(text, outline)) if found and found.value]
    if firm:
        values = {found.value for found in firm}
        evidence = tuple(span for found in firm for span in found.evidence)
        if len(values) == 1:
            return Found(firm[0].value, "found", evidence, firm[0].rule), []
        other = next(found for found in firm if found.value != firm[0].value)
        return Found(firm[0].value, "conflict", evidence, firm[0].rule), [
            Diagnostic("year_conflict", "warning", other.evidence[0], str(firm[0].value), str(other.value))
        ]
    for found in (_announced(text, outline), _signed(text, outline), _hinted(hints)):
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


def _opening(text: str, outline: Outline) -> Found | None:
    body = outline.bodies.get("overview") or outline.bodies.get("summary")
    if body is None:
        return None
    match = _OPENING.search(text, body.start, min(body.end, body.start + _OPENING_REACH))
    if match is None:
        return None
    return Found(int(match["year"]), "found", (Span(match.start(), match.end()),), "opening")


def _announced(text: str, outline: Outline) -> Found | None:
    body = outline.bodies.get("preamble")
    match = _ANNOUNCED.search(text, body.start, body.end) if body else None
    if match is None:
        return None
    return Found(int(match["year"]), "found", (Span(match.start("year"), match.end("year")),), "announced")


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
