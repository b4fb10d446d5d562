"""What became of the plans of each year: one bar a year, told as done, not told, and what nobody can know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gknlp.pages.figures.svg import Figure, both, element, hint, join
from gknlp.pages.words import number, percent, say, word

_LEFT, _WIDTH, _ROW, _TOP = 56.0, 420.0, 30.0, 8.0
STYLES = {"kept": "bar", "not_kept": "unreadable", "not_assessable": "missing"}
"""Solid, dashed outline, hatched: told apart without colour."""


def draw_promises(found: Mapping[str, Any]) -> Figure:
    """``found`` as ``find_promises`` gives it; a year without any plan has no bar, but says that it has none."""
    years = found["years"]
    largest = max((year["n"] for year in years), default=0) or 1
    parts: list[Any] = [_draw_year(year, _TOP + at * _ROW, largest) for at, year in enumerate(years)]
    bottom = _TOP + len(years) * _ROW
    parts += _draw_key(bottom + 20)
    unit = say(
        "条长：当年计划单元数；右：写到已做 / 可判断（比例）",
        "bar: planned units of the year; right: told as done / assessable (share)",
    )
    parts.append(both(unit, x=_LEFT, y=bottom + 44, class_="axis"))
    return Figure("promises", _LEFT + _WIDTH + 150, bottom + 54, join(parts), found["title"], "promises")


def _draw_year(year: Mapping[str, Any], y: float, largest: int) -> Any:
    parts: list[Any] = [element("text", str(year["year"]), x=_LEFT - 8, y=y + 17, text_anchor="end", class_="name")]
    x = _LEFT
    for outcome, style in STYLES.items():
        n = year["counts"][outcome]
        size = _WIDTH * n / largest
        if n:
            parts.append(element("rect", x=x, y=y + 3, width=max(2.0, size), height=20, class_=style))
            if size > 24:
                kind = "on-dark" if outcome == "kept" else "name"
                parts.append(element("text", number(n), x=x + size / 2, y=y + 17, text_anchor="middle", class_=kind))
        x += size
    judged = f"{number(year['counts']['kept'])} / {number(year['n_judged'])} ({percent(year['share'])})"
    parts.append(element("text", judged if year["n"] else "n = 0", x=_LEFT + _WIDTH + 10, y=y + 17))
    told = {
        one: "; ".join(f"{word('promise_outcomes', key)[one]} {year['counts'][key]}" for key in STYLES)
        for one in ("zh", "en")
    }
    note = say(f"{year['year']}：{told['zh']}，n = {year['n']}", f"{year['year']}: {told['en']}, n = {year['n']}")
    return element("g", *parts, hint(note))


def _draw_key(y: float) -> list[Any]:
    parts: list[Any] = []
    for place, (outcome, style) in enumerate(STYLES.items()):
        x = _LEFT + place * 168
        parts.append(element("rect", x=x, y=y - 11, width=16, height=12, class_=style))
        parts.append(both(word("promise_outcomes", outcome), x=x + 22, y=y))
    return parts
