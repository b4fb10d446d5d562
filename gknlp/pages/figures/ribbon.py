"""Reports as thin stacked bars of their strata, the most shared on the left: the strata ribbon."""

from __future__ import annotations

from typing import Any

from gknlp.pages.figures.svg import Figure, both, element, hint, join, link
from gknlp.pages.words import percent, say, word
from gknlp.schemas import STRATA

WIDTH, HEIGHT, LEFT, TOP, MOST = 1030.0, 240.0, 44.0, 22.0, 400


def draw_ribbon(found: dict[str, Any], *, width: float = WIDTH) -> Figure:
    """One bar a report; above 400 reports, evenly spaced ones of the sorted list, and the figure says so."""
    bars = _thin(found["bars"])
    step = width / len(bars) if bars else width
    gap = 1.0 if step > 5 else 0.0
    parts = [_axis(width)]
    for place, bar in enumerate(bars):
        parts.append(_bar(bar, LEFT + place * step, max(step - gap, 0.5)))
    zh = f"每条为一份报告，共 {found['n']} 份" + (f"，画出 {len(bars)} 份" if len(bars) < found["n"] else "")
    en = f"one bar a report, n = {found['n']}" + (f", {len(bars)} drawn" if len(bars) < found["n"] else "")
    if found["n_unassessed"]:
        zh += f"；{found['n_unassessed']} 份无叙述文字，未计"
        en += f"; {found['n_unassessed']} without narrative text left out"
    parts.append(both(say(zh, en), x=LEFT, y=TOP + HEIGHT + 18, class_="axis"))
    parts.append(both(say("占叙述文字的比例", "share of the narrative text"), x=0, y=12, class_="axis"))
    return Figure("strata", LEFT + width + 4, TOP + HEIGHT + 26, join(parts), found["title"], "coverage")


def _thin(bars: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(bars) <= MOST:
        return bars
    return [bars[place * len(bars) // MOST] for place in range(MOST)]


def _axis(plot: float) -> Any:
    lines = []
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = TOP + HEIGHT * (1 - share)
        lines.append(element("line", x1=LEFT - 4, x2=LEFT + plot, y1=y, y2=y, class_="grid"))
        lines.append(element("text", percent(share), x=LEFT - 7, y=y + 4, text_anchor="end"))
    return join(lines)


def _bar(bar: dict[str, Any], x: float, width: float) -> Any:
    y, parts = TOP + HEIGHT, []
    for stratum in STRATA:
        height = HEIGHT * bar["shares"][stratum]
        if height > 0:
            y -= height
            parts.append(element("rect", x=x, y=y, width=width, height=height, class_=f"s-{stratum}"))
    told = [(word("strata", s), bar["shares"][s]) for s in STRATA if bar["shares"][s] > 0]
    zh = "，".join(f"{words['zh']} {percent(share)}" for words, share in told)
    en = ", ".join(f"{words['en']} {percent(share)}" for words, share in told)
    return link(bar["href"], *parts, hint(say(f"{bar['label']}：{zh}", en)))
