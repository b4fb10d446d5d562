"""Where one report ends and another begins, when a file holds two: they are never mixed."""

from __future__ import annotations

from collections.abc import Sequence

from gknlp.parse.headings import Heading
from gknlp.parse.title import find_title
from gknlp.text.lines import Line

_STRONG = 8.0
"""Score of a heading that is numbered rightly and stands at the start of its line: no list of names reaches it."""
_LATE_SECTION = 4
"""Section five: once it has begun, a new section one is another report's."""


def find_second_report(candidates: Sequence[Heading], lines: Sequence[Line]) -> int | None:
    """Where a second report begins, title included; None for a file of one report.

    ``candidates`` are those of the six sections. A second report shows as a strong section one behind a strong section five or six.
    """
    strong = [candidate for candidate in candidates if candidate.score >= _STRONG]
    late = next((candidate for candidate in strong if candidate.order >= _LATE_SECTION), None)
    if late is None:
        return None
    again = next((candidate for candidate in strong if candidate.order == 0 and candidate.span.start > late.body), None)
    return None if again is None else _title_before(lines, late, again)


def _title_before(lines: Sequence[Line], late: Heading, again: Heading) -> int:
    between = [line for line in lines if late.body <= line.span.start < again.span.start]
    title = find_title(between[-12:], again.span.start).title
    return title.evidence[0].start if title.evidence else again.span.start
