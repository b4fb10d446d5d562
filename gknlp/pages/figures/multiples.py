"""Small multiples: one small panel a series over the years, all on one scale, with the form breaks of 2019 and 2021."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from gknlp.pages.figures.svg import Figure, both, element, hint, join
from gknlp.pages.words import Words, percent, say

WIDTH, HEIGHT = 182.0, 104.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 40.0, 8.0, 24.0, 20.0
BREAKS = (2019, 2021)
"""Report years from which a new official form applies: the line stands before them."""


def draw_panel(
    name: str, title: Words, points: Sequence[dict[str, Any]], top: float, *, stratum: str = "", note: str = ""
) -> Figure:
    """One panel. ``points``: year, share (None is a gap, never zero) and n; ``top``: the scale's upper end, above 0.

    ``stratum``: whose colour stands before the title; ``note``: what stands between the years below, such as n.
    """
    years = [point["year"] for point in points]
    parts = [
        _frame(top),
        draw_breaks(years, [_x(place, len(years)) for place in range(len(years))], _TOP - 4, HEIGHT - _BOTTOM),
        _line(points, top),
        _dots(points, top),
        _ends(years),
    ]
    shown = say(_cut(title["zh"], 12), _cut(title["en"], 26))
    if stratum:
        parts.append(element("rect", x=0.5, y=2, width=15, height=11, class_=f"s-{stratum}"))
    parts.append(both(shown, x=21 if stratum else 0, y=12, class_="panel-title"))
    if note:
        parts.append(
            element("text", note, x=(_LEFT + WIDTH - _RIGHT) / 2, y=HEIGHT - 6, text_anchor="middle", class_="count")
        )
    return Figure(name, WIDTH, HEIGHT, join(parts), title)


def scale_top(shares: Sequence[float | None]) -> float:
    """A round upper end for a common scale: the smallest of 5 %, 10 %, 20 %, 40 %, 60 %, 80 %, 100 % that holds all."""
    largest = max((share for share in shares if share is not None), default=0.0)
    return next((end for end in (0.05, 0.1, 0.2, 0.4, 0.6, 0.8) if largest <= end), 1.0)


def compose(name: str, title: Words, panels: Sequence[Figure], *, columns: int = 4) -> Figure:
    """Panels set in rows as one drawing, for a file."""
    rows = -(-len(panels) // columns)
    body = [
        element(
            "g",
            panel.body,
            transform=f"translate({place % columns * (WIDTH + 12):.0f} {place // columns * (HEIGHT + 10):.0f})",
        )
        for place, panel in enumerate(panels)
    ]
    return Figure(name, columns * (WIDTH + 12), max(1, rows) * (HEIGHT + 10), join(body), title)


def _x(place: int, count: int) -> float:
    return _LEFT + (WIDTH - _LEFT - _RIGHT) * (place + 0.5) / max(1, count)


def _y(share: float, top: float) -> float:
    return _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - share / top)


def _frame(top: float) -> Markup:
    lines = []
    for share in (0.0, top / 2, top):
        y = _y(share, top)
        lines.append(element("line", x1=_LEFT, x2=WIDTH - _RIGHT, y1=y, y2=y, class_="grid" if share else "base"))
    for share in (0.0, top):
        digits = 0 if share in (0.0, 1.0) or share >= 0.01 else 1
        lines.append(
            element("text", percent(share, digits=digits), x=_LEFT - 4, y=_y(share, top) + 4, text_anchor="end")
        )
    return join(lines)


def draw_breaks(years: Sequence[int], places: Sequence[float], top: float, bottom: float) -> Markup:
    """A line halfway before the first year of each new form; ``places``: where each year stands."""
    lines = []
    for year in BREAKS:
        if year in years and years.index(year) > 0:
            x = (places[years.index(year)] + places[years.index(year) - 1]) / 2
            note = hint(say(f"{year} 年起用新格式", f"a new form from {year}"))
            lines.append(element("line", note, x1=x, x2=x, y1=top, y2=bottom, class_="break"))
    return join(lines)


def _line(points: Sequence[dict[str, Any]], top: float) -> Markup:
    """A line through neighbouring years only: a missing year breaks it."""
    lines = []
    for place in range(1, len(points)):
        before, after = points[place - 1]["share"], points[place]["share"]
        if before is not None and after is not None:
            ends = {
                "x1": _x(place - 1, len(points)),
                "x2": _x(place, len(points)),
                "y1": _y(before, top),
                "y2": _y(after, top),
            }
            lines.append(element("line", class_="series", **ends))
    return join(lines)


def _dots(points: Sequence[dict[str, Any]], top: float) -> Markup:
    marks = []
    for place, point in enumerate(points):
        x = _x(place, len(points))
        if point["share"] is None:
            marks.append(element("text", "×", x=x, y=HEIGHT - _BOTTOM - 3, text_anchor="middle", class_="gap-mark"))
            continue
        note = hint(
            say(
                f"{point['year']}：{percent(point['share'], digits=1)}，n = {point['n']}",
                f"{point['year']}: {percent(point['share'], digits=1)}, n = {point['n']}",
            )
        )
        marks.append(element("circle", note, cx=x, cy=_y(point["share"], top), r=3, class_="dot"))
    return join(marks)


def _ends(years: Sequence[int]) -> Markup:
    shown = [0, len(years) - 1] if len(years) > 1 else [0] if years else []
    y = HEIGHT - 6
    return join(
        element("text", str(years[place]), x=_x(place, len(years)), y=y, text_anchor="middle") for place in shown
    )


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
