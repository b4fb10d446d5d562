"""Which version of the form a report uses: told by its header cells, not by its year."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from gknlp.forms import Form
from gknlp.parse.headings import Heading
from gknlp.records import Diagnostic, Found, Span
from gknlp.text.folding import fold_label, fold_width

_ENOUGH_SECTIONS = 4
"""Four of the six headings show the national form even where its tables are lost."""


@cache
def _marker_pattern(marker: str) -> re.Pattern[str]:
    return re.compile(r"[\W_]*".join(map(re.escape, fold_label(marker))))


def find_form(
    text: str, region: Span, headings: Sequence[Heading], year: Found, forms: Mapping[str, Form]
) -> tuple[Found, list[Diagnostic]]:
    """The form's key with the header cells that show it.

    Where no header cell is left, the headings show the national form and the year its version: status damaged.
    """
    folded = fold_width(text[region.start : region.end])
    votes = {key: _markers_found(folded, region.start, form) for key, form in forms.items() if form.markers}
    ranked = sorted(votes, key=lambda key: -len(votes[key]))
    if ranked and votes[ranked[0]]:
        best, second = ranked[0], ranked[1]
        if len(votes[second]) >= 2:
            conflict = Diagnostic("form_conflict", "warning", votes[second][0], best, second)
            return Found(best, "conflict", (*votes[best], *votes[second]), "header_cells"), [conflict]
        return Found(best, "found", tuple(votes[best]), "header_cells"), []
    return _without_cells(headings, year, forms)


def _markers_found(folded: str, offset: int, form: Form) -> list[Span]:
    found = []
    for marker in form.markers:
        match = _marker_pattern(marker).search(folded)
        if match:
            found.append(Span(offset + match.start(), offset + match.end()))
    return found


def _without_cells(
    headings: Sequence[Heading], year: Found, forms: Mapping[str, Form]
) -> tuple[Found, list[Diagnostic]]:
    spans = tuple(heading.span for heading in headings)
    six = {section.key for form in forms.values() if form.ordered for section in form.sections}
    if sum(heading.key in six for heading in headings) < _ENOUGH_SECTIONS:
        return Found(None, "missing"), [Diagnostic("form_missing", "warning")]
    for form in forms.values():
        fits = isinstance(year.value, int) and form.first_year <= year.value <= (form.last_year or year.value)
        if form.ordered and fits:
            return Found(form.key, "damaged", spans, "year"), []
    return Found(None, "damaged", spans, "headings"), [Diagnostic("form_missing", "warning")]
