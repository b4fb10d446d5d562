"""Agencies by years: what the corpus holds, holds twice, holds only superseded, could not read, and lacks."""

from __future__ import annotations

from typing import Any

from gknlp.pages.figures.svg import Figure, both, element, hint, join, link
from gknlp.pages.words import say, word

MOST = 60
"""Agencies drawn; more would make rows too low to read, and the table below the figure lists all."""


def draw_coverage(found: dict[str, Any]) -> Figure:
    """The coverage grid; an empty corpus gives a figure that says so."""
    lines, years = found["lines"][:MOST], found["years"]
    left, top, row, column = 190, 34, 17, 54
    parts = [
        both(
            say("机关（行）× 报告年度（列）", "agencies (rows) by year reported on (columns)"), x=0, y=12, class_="axis"
        )
    ]
    for place, year in enumerate(years):
        parts.append(element("text", str(year), x=left + place * column + column / 2, y=top - 6, text_anchor="middle"))
    for line_place, line in enumerate(lines):
        y = top + line_place * row
        parts.append(
            element("text", line["agency"][:14], x=left - 8, y=y + row - 4.5, text_anchor="end", class_="name")
        )
        parts += [_mark(cell, line["agency"], left + place * column, y) for place, cell in enumerate(line["cells"])]
    height = top + len(lines) * row + 32
    parts.append(_key(height - 8))
    if len(found["lines"]) > MOST:
        height += 18
        note = say(f"只画前 {MOST} 个机关", f"the first {MOST} agencies only")
        parts.append(both(note, x=0, y=height - 6, class_="axis"))
    width = max(_KEY_WIDTH, left + len(years) * column + 8)
    return Figure("coverage", width, height, join(parts), found["title"], "reports")


def _mark(cell: dict[str, Any], agency: str, x: float, y: float) -> Any:
    state, words = cell["state"], word("coverage", cell["state"])
    lost = f"（{cell['aside']['path']}：{cell['aside']['reason']}）" if cell["aside"] else ""
    note = hint(say(f"{agency} {cell['year']}：{words['zh']}{lost}", f"{cell['year']}: {words['en']}"))
    shape = draw_state(state, x + 3, y + 1.5, 48)
    if not cell["docs"]:
        return element("g", *shape, note)
    count = len(cell["docs"])
    middle = {"x": x + 27, "y": y + 12.5, "text_anchor": "middle"}
    extra = [element("text", f"×{count}", class_="on-dark", **middle)] if count > 1 and state == "present" else []
    return link(cell["docs"][0]["href"], *shape, *extra, note)


def draw_state(state: str, x: float, y: float, width: float) -> list[Any]:
    """The mark of a state, 14 high: filled, filled twice, struck through, an exclamation mark, hatched, a short line."""
    size = {"x": x, "y": y, "width": width, "height": 14}
    if state == "republished":
        behind = element("rect", class_="present", x=x, y=y, width=width - 5, height=10, rx=1.5)
        return [behind, element("rect", class_="again", x=x + 5, y=y + 4, width=width - 5, height=10, rx=1.5)]
    if state == "superseded":
        line = element("line", class_="strike", x1=x + 3, x2=x + width - 3, y1=y + 7, y2=y + 7)
        return [element("rect", class_="superseded", rx=1.5, **size), line]
    if state == "unreadable":
        mark = element("text", "!", class_="alarm", x=x + width / 2, y=y + 11.5, text_anchor="middle")
        return [element("rect", class_="unreadable", rx=1.5, **size), mark]
    if state == "ended":
        return [element("line", class_="base", x1=x + width / 2 - 5, x2=x + width / 2 + 5, y1=y + 7, y2=y + 7)]
    return [element("rect", class_=state, rx=1.5, **size)]


_KEYS = (("present", 0), ("republished", 82), ("superseded", 192), ("unreadable", 296), ("missing", 396))
_KEY_WIDTH = 460
_SHORT = {"republished": say("有，另有重发", "republished")}


def _key(y: float) -> Any:
    parts: list[Any] = []
    for state, x in _KEYS:
        parts += draw_state(state, x, y - 11, 20)
        parts.append(both(_SHORT.get(state, word("coverage", state)), x=x + 25, y=y))
    return join(parts)
