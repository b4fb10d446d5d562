"""A report's text cut where any marking begins or ends, so that each piece carries exactly one set of marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gknlp.pages.findings.run import Row

PRECEDENCE = ("mandated", "self", "model_text", "formula", "regional", "viral", "peer")
"""The stratum shown where passages overlap: the first of these, the order in which shares are attributed."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked in one text: passages, stretches by stratum, coding units, cells of failed equations, places to jump to,
    and the words that show facets as (facet, value, start, end).
    """

    passages: tuple[Row, ...] = ()
    stretches: tuple[Row, ...] = ()
    units: tuple[Row, ...] = ()
    failed: tuple[tuple[int, int], ...] = ()
    targets: frozenset[int] = field(default_factory=frozenset)
    facets: tuple[tuple[str, str, int, int], ...] = ()


def order_passages(passages: Iterable[Row]) -> tuple[Row, ...]:
    """Passages in painting order: where two overlap the first of PRECEDENCE wins."""
    rank = {stratum: place for place, stratum in enumerate(PRECEDENCE)}
    return tuple(
        sorted(passages, key=lambda row: (-rank.get(row["stratum"], len(rank)), -row["start"], row["passage_id"]))
    )


def cut_text(text: str, start: int, end: int, marks: Marks) -> list[dict[str, Any]]:
    """The pieces of ``text[start:end]`` in order; joined they are that text. Empty for an empty stretch.

    Each piece: text, start, passage and stretch (places in ``marks`` or None), unit, failed, the facets it shows as
    (facet, value), and whether it begins its stretch or unit, so that the word of a stratum or theme is written once.
    """
    size = max(0, end - start)
    if not size:
        return []
    passage = _paint(start, size, ((row["start"], row["end"], place) for place, row in enumerate(marks.passages)))
    unit = _paint(start, size, ((row["start"], row["end"], place) for place, row in enumerate(marks.units)))
    failed = _paint(start, size, ((low, high, 0) for low, high in marks.failed))
    stretch = _paint(start, size, ((row["start"], row["end"], place) for place, row in enumerate(marks.stretches)))
    facets = {
        facet: _paint(start, size, ((mark[2], mark[3], at) for at, mark in enumerate(marks.facets) if mark[0] == facet))
        for facet in sorted({mark[0] for mark in marks.facets})
    }
    cuts = [
        at
        for at in range(size)
        if at == 0 or _differ(at, passage, stretch, unit, failed, *facets.values()) or start + at in marks.targets
    ]
    pieces = []
    for at, until in zip(cuts, [*cuts[1:], size], strict=True):
        pieces.append(
            {
                "text": text[start + at : start + until],
                "start": start + at,
                "passage": passage[at],
                "stretch": stretch[at],
                "unit": unit[at],
                "failed": failed[at] is not None,
                "facets": [marks.facets[shown][:2] for canvas in facets.values() if (shown := canvas[at]) is not None],
                "opens_stretch": _opens(stretch, at, start, marks.stretches),
                "opens_unit": _opens(unit, at, start, marks.units),
                "target": start + at in marks.targets,
            }
        )
    return pieces


def _paint(start: int, size: int, spans: Iterable[tuple[int, int, int]]) -> list[int | None]:
    canvas: list[int | None] = [None] * size
    for low, high, value in spans:
        first, last = max(0, low - start), min(size, high - start)
        if last > first:
            canvas[first:last] = [value] * (last - first)
    return canvas


def _opens(canvas: list[int | None], at: int, start: int, rows: tuple[Row, ...]) -> bool:
    """Whether a marking begins here rather than going on from before, also from before this stretch of text."""
    place = canvas[at]
    if place is None:
        return False
    return canvas[at - 1] != place if at else bool(rows[place]["start"] >= start)


def _differ(at: int, *canvases: list[int | None]) -> bool:
    return any(canvas[at] != canvas[at - 1] for canvas in canvases)


def blocks_of(text: str, sections: Iterable[Row]) -> list[dict[str, Any]]:
    """The whole text as sections in order, the stretches between them included; their spans cover it without overlap."""
    blocks: list[dict[str, Any]] = []
    at = 0
    for section in sorted(sections, key=lambda row: (row["start"], row["end"])):
        low, high = max(at, section["start"]), min(len(text), section["end"])
        if high <= low:
            continue
        if low > at:
            blocks.append({"key": None, "start": at, "end": low})
        blocks.append({"key": section["key"], "start": low, "end": high})
        at = high
    if at < len(text):
        blocks.append({"key": None, "start": at, "end": len(text)})
    return blocks


def theme_of_units(labels: Iterable[Row]) -> Mapping[str, Row]:
    """Theme labels by unit."""
    return {row["unit_id"]: row for row in labels}
