"""The source text (原文) around some places: windows with the places marked, newlines kept, what lies between left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

_BEFORE, _AFTER = 44, 16
"""Characters of context: enough before a number of a table printed a cell a line to reach the label of its row."""
_LONGEST_MARK = 90
"""A longer place, such as a whole section, shows its beginning and its end."""
_ZEROS = frozenset({"", "0", "０", "/", "—"})

Span = tuple[int, int]


def cut_excerpt(text: str, spans: Iterable[Sequence[int]], *, longest: int = 480) -> dict[str, Any]:
    """What a reader needs to see of ``text``.

    Parameters
    ----------
    text : the whole text, as in the file.
    spans : places as half-open code points; those outside of the text are left out.
    longest : characters shown, about. Numbers other than zero come first where not all places fit.

    Returns
    -------
    ``pieces``: (text, kind) in text order, kind "plain", "mark" or "gap"; pieces between two gaps are exact slices.
    ``n_more``: places that did not fit. No place gives no pieces.

    >>> cut_excerpt("总计 | 7 |", [(5, 6)])["pieces"]
    [('总计 | ', 'plain'), ('7', 'mark'), (' |', 'plain')]
    """
    places = sorted({(a, b) for a, b in spans if 0 <= a <= b <= len(text)})
    shown: list[Span] = []
    windows: list[Span] = []
    for place in sorted(places, key=lambda span: (text[span[0] : span[1]].strip() in _ZEROS, span)):
        wider = _merge([*windows, *_windows(text, place)])
        if windows and sum(end - start for start, end in wider) > longest:
            continue
        windows, shown = wider, [*shown, place]
    covered = [span for span in places if any(a <= span[0] and span[1] <= b for a, b in windows)]
    marks = sorted({*shown, *covered})
    return {"pieces": list(_pieces(text, windows, marks)), "n_more": len(places) - len(marks)}


def _windows(text: str, place: Span) -> list[Span]:
    """The stretch around one place, from a line's start where one is near; two of a long place."""
    start, end = place
    low = max(0, start - _BEFORE)
    line = text.rfind("\n", max(0, low - _BEFORE), low) + 1
    first = low if low == 0 else line or text.find("\n", low, start) + 1 or low
    last = min(len(text), end + _AFTER)
    if end - start <= _LONGEST_MARK:
        return [(first, last)]
    return [(first, start + 2 * _LONGEST_MARK // 3), (end - _LONGEST_MARK // 3, last)]


def _merge(windows: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(windows):
        if merged and start <= merged[-1][1] + 4:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _pieces(text: str, windows: Sequence[Span], marks: Sequence[Span]) -> Iterable[tuple[str, str]]:
    for place, (start, end) in enumerate(windows):
        if place:
            yield "", "gap"
        at = start
        for first, last in marks:
            low, high = max(first, at), min(last, end)
            if last < start or first > end or (first < last and low >= high):
                continue
            if low > at:
                yield text[at:low], "plain"
            yield text[low:high], "mark"
            at = high
        if at < end:
            yield text[at:end], "plain"
