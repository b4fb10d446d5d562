"""One wording through time: a line for each place, the earliest on top, a mark for each report."""

from __future__ import annotations

import unicodedata
from typing import Any

from gknlp.pages.figures.svg import Figure, both, element, hint, join, link
from gknlp.pages.words import say

LEFT, WIDTH, ROW, TOP = 150.0, 560.0, 20.0, 20.0


def draw_timeline(found: dict[str, Any]) -> Figure:
    """Filled marks are dated, open ones known by their year alone; a ring is round those that were first."""
    lines = found["lines"]
    low, high = found["from"] or 0, found["to"] or 1
    height = TOP + len(lines) * ROW + 24
    parts: list[Any] = []
    years = range(int(low), int(high) + 1)
    step = 1 if len(years) <= 12 else 2
    for year in years:
        x = _x(year, low, high)
        parts.append(element("line", x1=x, x2=x, y1=TOP - 4, y2=height - 22, class_="grid"))
        if (year - years[0]) % step == 0:
            parts.append(element("text", str(year), x=x, y=TOP - 8, text_anchor="middle"))
    for at, line in enumerate(lines):
        y = TOP + (at + 0.5) * ROW
        parts.append(element("text", _cut(line["name"]), x=LEFT - 12, y=y + 4, text_anchor="end", class_="name"))
        parts.append(element("line", x1=LEFT, x2=LEFT + WIDTH, y1=y, y2=y, class_="grid"))
        parts += [_mark(mark, _x(mark["at"], low, high), y) for mark in line["marks"]]
    if found["n_more"]:
        note = say(f"另有 {found['n_more']} 处未画", f"{found['n_more']} more not drawn")
        parts.append(both(note, x=LEFT, y=height - 6, class_="axis"))
    title = say("出现的时间与地方，最早者在上", "occurrences by date and place, the earliest on top")
    return Figure("timeline", LEFT + WIDTH + 20, height, join(parts), title)


def _x(year: float, low: float, high: float) -> float:
    return LEFT + WIDTH * (year - low) / max(1, high - low)


def _mark(mark: dict[str, Any], x: float, y: float) -> Any:
    shapes = [element("circle", cx=x, cy=y, r=4, class_="dot" if mark["dated"] else "dot open")]
    if mark["first"]:
        shapes.append(element("circle", cx=x, cy=y, r=7, class_="ring"))
    zh, en = ("最早", "first") if mark["first"] else ("", "")
    unsure = say("（无公布日期）", " (no date of publication)") if not mark["dated"] else say("", "")
    told = say(
        f"{mark['label']}{unsure['zh']}{'，' + zh if zh else ''}",
        f"{mark['label']}{unsure['en']}{', ' + en if en else ''}",
    )
    return link(mark["href"], *shapes, hint(told))


def _cut(text: str) -> str:
    """The end of a long name, which tells places apart where their province is the same."""
    if sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text) <= 22:
        return text
    return "…" + text[-10:]
