"""Which stretches of a report are narrative, and which are tables, set apart."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from gknlp.forms import load_forms
from gknlp.records import Span

SectionSpan = tuple[str, int, int]
"""key, start, end: one row of the sections table without its heading."""


def find_narrative(sections: Iterable[SectionSpan], n_chars: int) -> tuple[Span, ...]:
    """The narrative stretches (叙述部分) of a report, headings included, ascending and apart.

    Narrative are the preamble and every section that its form calls narrative: overview, problems_improvements and
    other_matters of the six-section forms, all but the annex of the older ones. The signature and what precedes the
    first section are neither narrative nor table. Touching stretches are joined, so that a passage may cross a heading.

    Parameters
    ----------
    sections : (key, start, end) in code points, any order; clipped to the text.
    n_chars : length of the report's text.

    Returns
    -------
    No sections give no narrative.

    >>> find_narrative([("preamble", 0, 9), ("overview", 9, 40), ("proactive_table", 40, 90)], 100)
    (Span(start=0, end=40),)
    """
    kinds = _section_kinds()
    return _join_spans((start, min(end, n_chars)) for key, start, end in sections if kinds.get(key) == "narrative")


def count_table_chars(sections: Iterable[SectionSpan], n_chars: int) -> int:
    """Code points in the report's table sections (with whatever prose they hold); 0 without sections."""
    kinds = _section_kinds()
    spans = _join_spans((start, min(end, n_chars)) for key, start, end in sections if kinds.get(key) == "table")
    return sum(len(span) for span in spans)


@cache
def _section_kinds() -> dict[str, str]:
    kinds = {section.key: section.kind for form in load_forms().values() for section in form.sections}
    return {"preamble": "narrative"} | kinds


def _join_spans(spans: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if joined and start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, end))
        else:
            joined.append(Span(start, end))
    return tuple(joined)
