"""A table of shares or counts as shaded cells with n under each column's name; no units is hatched, zero is a dot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from gknlp.pages.figures.matrix import name_width, shorten_name
from gknlp.pages.figures.svg import Figure, both, element, hint, join, link
from gknlp.pages.words import Words, number, say


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column: its name, what n counts in it (None: nothing written), and the band it stands in."""

    name: Words
    n: int | None = None
    band: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says (text, shade 0 to 5, words on pointing, address); a ``text`` of None has no units."""

    text: str | None
    step: int = 0
    told: Words | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Crosstab:
    """Rows by columns of cells, with the unit of the shares and of n."""

    name: str
    rows: Sequence[Line]
    columns: Sequence[Line]
    cells: Sequence[Sequence[Cell]]
    title: Words
    unit: Words
    csv: str = ""
    width: float = 46.0


_HEIGHT, _APART, _TURNED = 24.0, 10.0, 0.9


def draw_crosstab(table: Crosstab) -> Figure:
    """Row names with their n on the left, column names standing on top with their n below them, bands a little apart."""
    counted = 40.0 if any(row.n is not None for row in table.rows) else 0.0
    left = 16 + counted + 6.6 * max((name_width(row.name) for row in table.rows), default=4)
    top = 32 + 5.6 * max((name_width(column.name) for column in table.columns), default=4)
    xs, ys = _offsets(table.columns, left, table.width), _offsets(table.rows, top, _HEIGHT)
    parts: list[Any] = []
    for column, x in zip(table.columns, xs, strict=True):
        middle = x + table.width / 2
        turned = f"rotate(-62 {middle + 4:.1f} {top - 22:.1f})"
        parts.append(both(shorten_name(column.name), x=middle + 4, y=top - 22, transform=turned, class_="name"))
        if column.n is not None:
            parts.append(element("text", f"n={number(column.n)}", x=middle, y=top - 6, class_="count"))
    for row, y, cells in zip(table.rows, ys, table.cells, strict=True):
        at = {"y": y + _HEIGHT / 2 + 4, "text_anchor": "end"}
        parts.append(both(shorten_name(row.name), x=left - 6 - counted, class_="name", **at))
        if row.n is not None:
            parts.append(element("text", number(row.n), x=left - 6, **at))
        parts += [_draw_cell(cell, x, y, table.width) for cell, x in zip(cells, xs, strict=True)]
    right = xs[-1] + table.width if xs else left
    bottom = ys[-1] + _HEIGHT if ys else top
    parts.append(both(table.unit, x=4, y=bottom + 20, class_="axis"))
    least = 8 + 6.4 * max(_length(table.unit), 30)
    return Figure(
        table.name, max(right + _TURNED * top * 0.45, least), bottom + 30, join(parts), table.title, table.csv
    )


def shade(share: float | None, top: float) -> int:
    """The shade of a share, 1 to 5; 0 for none at all.

    >>> shade(0.0, 0.6), shade(0.01, 0.6), shade(0.6, 0.6)
    (0, 1, 5)
    """
    return 0 if not share or top <= 0 else min(5, 1 + int(5 * share / top))


def _length(words: Words) -> int:
    return max(len(words["zh"]) * 2, len(words["en"]))


def _offsets(lines: Sequence[Line], start: float, size: float) -> list[float]:
    found, at = [], start
    for place, line in enumerate(lines):
        at += _APART if place and line.band != lines[place - 1].band else 0
        found.append(at)
        at += size
    return found


def _draw_cell(cell: Cell, x: float, y: float, width: float) -> Markup:
    box = {"x": x + 0.5, "y": y + 0.5, "width": width - 1, "height": _HEIGHT - 1}
    told = [hint(cell.told)] if cell.told else []
    if cell.text is None:
        return element("g", element("rect", class_="missing", **box), *(told or [hint(say("没有单元", "no units"))]))
    parts: list[Any] = [element("rect", class_=f"q{cell.step}", **box)]
    if cell.step:
        middle = {"x": x + width / 2, "y": y + _HEIGHT / 2 + 4}
        parts.append(element("text", cell.text, class_=f"t{cell.step} share", **middle))
    else:
        parts.append(element("circle", cx=x + width / 2, cy=y + _HEIGHT / 2, r=1.2, class_="zero"))
    return link(cell.href, *parts, *told)
