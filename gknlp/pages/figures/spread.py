"""Small multiples of a distribution by year: lowest to highest as a line, the middle half as a bar, the median across it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from gknlp.pages.figures.multiples import draw_breaks, scale_top
from gknlp.pages.figures.svg import Figure, element, hint, join
from gknlp.pages.words import number, percent, same, say

WIDTH, HEIGHT = 264.0, 118.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 6.0, 10.0, 22.0


def draw_spread(measure: Mapping[str, Any]) -> Figure:
    """One panel of a measure as ``find_measures`` gives it; a year without a value is a cross, which is not zero."""
    points, kind = measure["years"], measure["kind"]
    low, high = scale_ends([point[end] for point in points for end in ("low", "high")], kind)
    places = [_x(place, len(points)) for place in range(len(points))]
    breaks = draw_breaks([point["year"] for point in points], places, _TOP - 6, HEIGHT - _BOTTOM)
    parts = [_frame(low, high, kind), breaks]
    parts += [_mark(point, place, len(points), (low, high), kind) for place, point in enumerate(points)]
    parts.append(_years([point["year"] for point in points]))
    title = say(f"{measure['key']}：{measure['title']['zh']}", f"{measure['key']}: {measure['title']['en']}")
    return Figure(measure["key"], WIDTH, HEIGHT, join(parts), title, "reuse_measures")


def scale_ends(values: Sequence[float | None], kind: str) -> tuple[float, float]:
    """Round ends of a scale that holds all values and 0: a share's from ``scale_top``, else 1, 2 or 5 times a power of ten.

    >>> scale_ends([0.12, None], "share"), scale_ends([-0.27, 0.13], "score"), scale_ends([], "count")
    ((0.0, 0.2), (-0.5, 0.2), (0.0, 1.0))
    """
    held = [value for value in values if value is not None]
    if kind == "share":
        return 0.0, scale_top(held)
    low, high = -_round_up(-min(held, default=0.0)), _round_up(max(held, default=0.0))
    return (low, high) if low < high else (0.0, 1.0)


def _round_up(value: float) -> float:
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if value <= step * power * (1 + 1e-9))


def write_end(value: float, kind: str) -> str:
    """The label of a scale's end."""
    if kind == "share":
        return percent(value)
    return number(round(value, 4)).replace("-", "−")


def compose_spreads(name: str, measures: Sequence[tuple[Mapping[str, Any], Figure]], *, columns: int = 3) -> Figure:
    """All panels with their names above them as one drawing, for a file."""
    body: list[Any] = []
    for place, (measure, panel) in enumerate(measures):
        x, y = place % columns * (WIDTH + 16), place // columns * (HEIGHT + 28)
        heading = element("text", measure["key"], x=0, y=12, class_="panel-title")
        inner = element("g", panel.body, transform="translate(0 18)")
        body.append(element("g", heading, inner, transform=f"translate({x:.0f} {y:.0f})"))
    rows = max(1, -(-len(measures) // columns))
    title = say("各项度量在各年度报告中的分布", "How each measure is spread over the reports of each year")
    return Figure(name, columns * (WIDTH + 16), rows * (HEIGHT + 28), join(body), title)


def _x(place: int, count: int) -> float:
    return _LEFT + (WIDTH - _LEFT - _RIGHT) * (place + 0.5) / max(1, count)


def _y(value: float, ends: tuple[float, float]) -> float:
    return _TOP + (HEIGHT - _TOP - _BOTTOM) * (ends[1] - value) / (ends[1] - ends[0])


def _frame(low: float, high: float, kind: str) -> Markup:
    ends, parts = (low, high), []
    for value in sorted({low, 0.0, high}):
        y = _y(value, ends)
        parts.append(element("line", x1=_LEFT, x2=WIDTH - _RIGHT, y1=y, y2=y, class_="grid" if value else "base"))
        parts.append(element("text", write_end(value, kind), x=_LEFT - 5, y=y + 4, text_anchor="end"))
    return join(parts)


def _mark(point: Mapping[str, Any], place: int, count: int, ends: tuple[float, float], kind: str) -> Markup:
    x = _x(place, count)
    if point["median"] is None:
        none = hint(say(f"{point['year']}：无法计算", f"{point['year']}: not assessable"))
        return element("text", "×", none, x=x, y=HEIGHT - _BOTTOM - 4, text_anchor="middle", class_="gap-mark")
    half = min(9.0, (WIDTH - _LEFT - _RIGHT) / max(1, count) * 0.32)
    at = {name: _y(point[name], ends) for name in ("low", "q1", "median", "q3", "high")}
    written = {name: _write(point[name], kind) for name in at}
    five = f"{written['low']} · {written['q1']} · {written['median']} · {written['q3']} · {written['high']}"
    told = same(
        f"{point['year']}: {five}; n = {point['n']}" + (f" + {point['n_missing']} ×" if point["n_missing"] else "")
    )
    return element(
        "g",
        hint(told),
        element("line", x1=x, x2=x, y1=at["high"], y2=at["low"], class_="whisker"),
        element("rect", x=x - half, y=at["q3"], width=2 * half, height=max(1.0, at["q1"] - at["q3"]), class_="half"),
        element("line", x1=x - half - 1.5, x2=x + half + 1.5, y1=at["median"], y2=at["median"], class_="median"),
    )


def _write(value: float, kind: str) -> str:
    return percent(value, digits=1) if kind == "share" else number(round(value, 3)).replace("-", "−")


def _years(years: Sequence[int]) -> Markup:
    """As many years as fit."""
    every = -(-len(years) * 34 // int(WIDTH - _LEFT - _RIGHT))
    return join(
        element("text", str(year), x=_x(place, len(years)), y=HEIGHT - 7, text_anchor="middle")
        for place, year in enumerate(years)
        if place % max(1, every) == 0
    )
