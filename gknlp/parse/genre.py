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
    return None
