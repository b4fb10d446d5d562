"""Agencies by years: what the corpus holds (filled), holds only superseded (half), and lacks (hatched)."""

from __future__ import annotations

from typing import Any

from gknlp.pages.figures.svg import Figure, both, element, hint, join, link
from gknlp.pages.words import same, say, word

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
    height = top + len(lines) * row + 30
    parts.append(_key(height - 8, left))
    if len(found["lines"]) > MOST:
        note = say(f"只画前 {MOST} 个机关", f"the first {MOST} agencies only")
        parts.append(both(note, x=0, y=height - 8, class_="axis"))
    width = max(420, left + len(years) * column + 8)
    return Figure("coverage", width, height, join(parts), found["title"], "reports")


def _mark(cell: dict[str, Any], agency: str, x: float, y: float) -> Any:
    size = {"x": x + 3, "y": y + 1.5, "width": 48, "height": 14}
    note = hint(
        say(f"{agency} {cell['year']}：{word('coverage', cell['state'])['zh']}", f"{cell['year']}: {cell['state']}")
    )
    if cell["state"] == "missing":
        return element("g", element("rect", class_="missing", **size), note)
    shape = element("rect", class_=cell["state"], rx=1.5, **size)
    count = len(cell["docs"])
    extra = (
        [element("text", f"×{count}", x=x + 27, y=y + 12.5, text_anchor="middle", class_="on-dark")]
        if count > 1
        else []
    )
    return link(cell["docs"][0]["href"], shape, *extra, note)


def _key(y: float, left: float) -> Any:
    parts = []
    for place, state in enumerate(("present", "superseded", "missing")):
        x = left + place * 92
        parts.append(element("rect", x=x, y=y - 10, width=16, height=11, class_=state))
        label = word("coverage", state)
        short = same(label["zh"]) if label["zh"] == label["en"] else label
        parts.append(
            both(say(short["zh"].replace("仅有已被替换的版本", "已被替换"), short["en"].split()[0]), x=x + 21, y=y)
        )
    return join(parts)
