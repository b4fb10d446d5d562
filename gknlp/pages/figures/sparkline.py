"""A word-sized line over the years; a missing year is a gap in it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from gknlp.pages.figures.svg import Figure, element, hint, join
from gknlp.pages.words import percent, same, say


def draw_sparkline(points: Sequence[dict[str, Any]], *, width: float = 120, height: float = 28) -> Figure:
    """``points``: year and share; the scale begins at zero and ends at the series' own largest value."""
    top = max((point["share"] for point in points if point["share"] is not None), default=0.0) or 1.0
    step = (width - 8) / max(1, len(points) - 1)
    places = [
        (4 + place * step, None if point["share"] is None else 3 + (height - 6) * (1 - point["share"] / top))
        for place, point in enumerate(points)
    ]
    parts = [element("line", x1=0, x2=width, y1=height - 2, y2=height - 2, class_="base")]
    for (x1, y1), (x2, y2) in pairwise(places):
        if y1 is not None and y2 is not None:
            parts.append(element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_="series"))
    for (x, y), point in zip(places, points, strict=True):
        if y is not None:
            note = hint(same(f"{point['year']}: {percent(point['share'], digits=1)}"))
            parts.append(element("circle", note, cx=x, cy=y, r=2.4, class_="dot"))
    told = ", ".join(f"{point['year']} {percent(point['share'])}" for point in points)
    return Figure("sparkline", width, height, join(parts), say(f"逐年：{told}", f"by year: {told}"))
