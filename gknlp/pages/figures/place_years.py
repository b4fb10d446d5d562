"""Places by years as shaded cells with their numbers: a mean, how many reports, and apart from both that there is none."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from gknlp.pages.figures.matrix import STEPS, name_width, shorten_name
from gknlp.pages.figures.multiples import BREAKS, scale_top
from gknlp.pages.figures.svg import Figure, both, element, hint, join, link, shorten
from gknlp.pages.words import Words, percent, same, say

_WIDTH, _HEIGHT, _TOP, _APART = 48.0, 30.0, 34.0, 10.0


def draw_place_years(found: Mapping[str, Any], layer: Mapping[str, Any]) -> Figure:
    """One layer of ``find_place_years``: rows of places, a column a year and one for all years, the layers' one scale below."""
    rows, years = found["rows"], found["years"]
    top = scale_top([mean for row in rows for cell in row["cells"] for mean in cell["means"].values()])
    left = 14 + 6.6 * max((name_width(row["name"]) for row in rows), default=4)
    parts: list[Any] = [element("text", str(year), **_head(left, place)) for place, year in enumerate(years)]
    if years:
        parts.append(both(say("各年", "all years"), **_head(left + _APART, len(years))))
    for at, row in enumerate(rows):
        y = _TOP + at * _HEIGHT + (_APART if at == len(rows) - 1 else 0)
        name = shorten_name(row["name"])
        parts.append(both(name, x=left - 6, y=y + _HEIGHT / 2 + 4, text_anchor="end", class_="name"))
        for place, cell in enumerate([*row["cells"], row["total"]]):
            x = left + place * _WIDTH + (_APART if cell["year"] is None else 0)
            target = f"#of-{at}-{cell['year']}" if cell["year"] is not None and at < len(rows) - 1 else None
            parts.append(_cell(cell, layer["key"], top, (x, y), row["name"], target))
    bottom = _TOP + len(rows) * _HEIGHT + _APART
    parts.append(_breaks(years, left, bottom))
    parts.append(_key(top, bottom + 24))
    width = max(left + (len(years) + 1) * _WIDTH + _APART + 4, _KEY_WIDTH)
    return Figure(f"place_years_{layer['key']}", width, bottom + 32, join(parts), layer["title"], "coverage")


def step_of(share: float, top: float) -> int:
    """The shade of a share, 1 to STEPS; 0 for none at all.

    >>> step_of(0.0, 0.6), step_of(0.01, 0.6), step_of(0.6, 0.6)
    (0, 1, 5)
    """
    return 0 if share <= 0 else min(STEPS, 1 + int(STEPS * share / top))


def _head(left: float, place: int) -> dict[str, Any]:
    return {"x": left + (place + 0.5) * _WIDTH, "y": _TOP - 8, "text_anchor": "middle"}


def _cell(
    cell: Mapping[str, Any],
    layer: str,
    top: float,
    at: tuple[float, float],
    name: Words,
    target: str | None,
) -> Markup:
    x, y = at
    box = f"M{shorten(x + 0.5)} {shorten(y + 0.5)}h{_WIDTH - 1:.0f}v{_HEIGHT - 1:.0f}h-{_WIDTH - 1:.0f}z"
    share, middle = cell["means"][layer], shorten(x + _WIDTH / 2)
    if share is None:
        lost = cell["n_unassessed"]
        note = say(f"{lost} 份报告，无叙述文字", f"{lost} without narrative") if lost else say("没有报告", "no report")
        mark = [element("text", "?", x=middle, y=shorten(y + 19), class_="share")] if lost else []
        return element("g", element("path", class_="missing", d=box), *mark, hint(_told(name, cell, note)))
    step = step_of(share, top)
    parts = [
        element("path", class_=f"q{step}", d=box),
        element("text", percent(share), x=middle, y=shorten(y + 13.5), class_=f"t{max(1, step)} share"),
        element("text", f"n={cell['n']}", x=middle, y=shorten(y + 25), class_=f"t{max(1, step)} count"),
        hint(_told(name, cell, same(f"{percent(share, digits=1)}, n = {cell['n']}"))),
    ]
    return link(target, *parts)


def _told(name: Words, cell: Mapping[str, Any], words: Words) -> Words:
    """What is said of a cell; one line where both languages say the same."""
    when = say("", "") if cell["year"] is None else same(f" {cell['year']}")
    return say(*(f"{name[one]}{when[one]}: {words[one]}" for one in ("zh", "en")))


def _breaks(years: list[int], left: float, bottom: float) -> Markup:
    lines = []
    for year in BREAKS:
        if year in years and years.index(year) > 0:
            x = left + years.index(year) * _WIDTH
            note = hint(say(f"{year} 年起用新格式", f"a new form from {year}"))
            lines.append(element("line", note, x1=x, x2=x, y1=_TOP - 4, y2=bottom, class_="break over"))
            lines.append(both(say("新格式", "new form"), x=x, y=11, text_anchor="middle", class_="axis"))
    return join(lines)


_KEY_WIDTH, _KEY_STEP = 690.0, 86


def _key(top: float, y: float) -> Markup:
    """The shades with their bounds, then the mark of a cell without reports."""
    digits = 0 if top >= 0.2 else 1
    bounds = [top * step / STEPS for step in range(STEPS + 1)]
    told = ["0 %"] + [f"{100 * low:.{digits}f}–{percent(high, digits=digits)}" for low, high in pairwise(bounds)]
    parts: list[Any] = []
    for step, text in enumerate(told):
        x = 4 + step * _KEY_STEP
        parts.append(element("rect", class_=f"q{step}", x=float(x), y=y - 10, width=14, height=12))
        parts.append(element("text", text, x=x + 18, y=y))
    x = 4 + len(told) * _KEY_STEP
    parts.append(element("rect", class_="missing", x=float(x), y=y - 10, width=14, height=12))
    parts.append(both(say("没有报告（不是零）", "no report (not zero)"), x=x + 18, y=y))
    return join(parts)
