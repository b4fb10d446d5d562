"""Is this text a disclosure report at all? A reason in words where it is not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gknlp.parse.headings import Heading
from gknlp.records import Found

_SUBJECT = re.compile(r"(?:政府|政务)?信息\s*公开|政务\s*公开|依申请\s*公开")
_FEWEST_MENTIONS = 2
_HAN = re.compile(r"[一-鿿]")
_FEWEST_HAN = 50
_OPENING = 600
_PLACEHOLDER = r"[xX×ＸｘＸ*＊○]"
_LOOK_ALIKES = (
    (
        "not a report: an explanation (解读) of a report",
        re.compile(r"年度报告[》”]?(?:的)?(?:政策)?解读|(?:图解|图文解读|一图读懂)[：:]?.{0,20}年度报告"),
    ),
    (
        "not a report: a university's report of a school year (学年)",
        re.compile(r"20\d\d\s*[-—－~至]{1,2}\s*20\d\d\s*学年|学年度?(?:政府)?信息公开"),
    ),
    (
        "not a report: a model text (范文) with placeholders",
        re.compile(
            rf"20[12]?{_PLACEHOLDER}{{1,2}}\s*年|{_PLACEHOLDER}{{2,}}(?:省|市|县|区|镇|乡|局|街道)|某某(?:县|镇|局|乡|市)"
        ),
    ),
)
"""Texts with a report's title and sections that are none; told by their opening."""


def refuse_genre(text: str, headings: Sequence[Heading], title: Found) -> str | None:
    """Why the text is kept out of a corpus; None for a report.

    A report has a report's title, or three of a report's sections, and speaks of disclosure.
    """
    if not text.strip():
        return "empty text"
    if len(_HAN.findall(text[:20000])) < _FEWEST_HAN:
        return "not a report: hardly any Chinese text"
    if len(_SUBJECT.findall(text)) < _FEWEST_MENTIONS:
        return "not a report: it does not speak of government information disclosure"
    if title.value is None and len(headings) < 3:
        return "not a report: neither a report's title nor three of its sections"
    return next((reason for reason, pattern in _LOOK_ALIKES if pattern.search(text[:_OPENING])), None)
