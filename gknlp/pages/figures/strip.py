"""One report as a strip: its whole text as one bar, stretches in the colours of their strata, ticks where something is wrong."""

from __future__ import annotations

from typing import Any

from gknlp.pages.figures.svg import Figure, both, element, hint, join, link
from gknlp.pages.words import number, say, word

WIDTH = 1000.0


def draw_strip(found: dict[str, Any]) -> Figure:
    """The strip on a scale of the text's characters; a text without passages is an empty bar, an empty one a line."""
    size = found["n_chars"] or 1
    parts: list[Any] = [element("rect", x=0, y=10, width=WIDTH, height=26, class_="s-original")]
    for span in found["spans"]:
        x, end = WIDTH * span["start"] / size, WIDTH * span["end"] / size
        shape = element("rect", x=x, y=10, width=max(end - x, 0.6), height=26, class_=f"s-{span['stratum']}")
        words = word("strata", span["stratum"])
        told = say(
            f"{words['zh']}，第 {span['start']}–{span['end']} 字",
            f"{words['en']}, characters {span['start']}–{span['end']}",
        )
        parts.append(link(span.get("href") or f"#c{span['start']}", shape, hint(told)))
    for tick in found["ticks"]:
        x = WIDTH * tick / size
        mark = element("path", d=f"M{x:.1f} 9L{x - 4:.1f} 1H{x + 4:.1f}Z", class_="fail")
        parts.append(
            link(f"#c{tick}", mark, hint(say(f"第 {tick} 字：有问题待看", f"character {tick}: something to look at")))
        )
    parts.append(element("text", "0", x=0, y=51))
    parts.append(both(say(f"{number(size)} 字", f"{number(size)} characters"), x=WIDTH, y=51, text_anchor="end"))
    spans, ticks = len(found["spans"]), len(found["ticks"])
    title = say(
        f"全文 {number(size)} 字，{spans} 段见于别处或属规定，{ticks} 处待看",
        f"{number(size)} characters, {spans} stretches that stand elsewhere or are mandated, {ticks} places to look at",
    )
    return Figure("strip", WIDTH, 56, join(parts), title)
