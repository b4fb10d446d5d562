"""A square or oblong table of counts as shaded cells; zero is a dot, a place that cannot be filled is hatched."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gknlp.pages.figures.svg import Figure, both, element, hint, join, link
from gknlp.pages.words import Words, number, say

STEPS = 5
"""Shades of the scale: more cannot be told apart in small cells."""

_CELLS = ((34.0, 16), (30.0, 26))
"""Sizes of a cell, and the most columns at which it is taken; from 30 pixels on a number fits in."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows by columns of counts (None: not possible), with what each cell leads to and is said to be."""

    name: str
    rows: Sequence[Words]
    columns: Sequence[Words]
    values: Sequence[Sequence[int | None]]
    title: Words
    unit: Words
    target: str | None = None
    csv: str = ""


def draw_matrix(matrix: Matrix) -> Figure:
    """The matrix with row names on the left and column names standing on top; numbers are written while they fit."""
    cell = next((size for size, most in _CELLS if len(matrix.columns) <= most), 22.0)
    left = 14 + 6.6 * max(map(name_width, matrix.rows), default=4)
    top = 14 + 5.9 * max(map(name_width, matrix.columns), default=4)
    largest = _largest(matrix)
    parts: list[Any] = []
    for place, words in enumerate(matrix.columns):
        x = left + place * cell + cell / 2 + 4
        parts.append(both(shorten_name(words), x=x, y=top - 6, transform=f"rotate(-65 {x:.1f} {top - 6:.1f})"))
    for row_place, words in enumerate(matrix.rows):
        y = top + row_place * cell
        parts.append(both(shorten_name(words), x=left - 6, y=y + cell / 2 + 4, text_anchor="end", class_="name"))
        for place, value in enumerate(matrix.values[row_place]):
            pair = (words, matrix.columns[place])
            parts.append(_cell(matrix, value, largest, (left + place * cell, y, cell), pair))
    width = left + len(matrix.columns) * cell + top * 0.5
    height = top + len(matrix.rows) * cell + 30
    parts.append(both(matrix.unit, x=left, y=height - 10, class_="axis"))
    return Figure(matrix.name, max(width, 300.0), height, join(parts), matrix.title, matrix.csv)


def _largest(matrix: Matrix) -> int:
    """The upper end of the shades: of a matrix of names by the same names, the diagonal would drown all others."""
    square = list(matrix.rows) == list(matrix.columns)
    values = [v for r, row in enumerate(matrix.values) for c, v in enumerate(row) if v and not (square and r == c)]
    return max(values, default=1)


def _cell(
    matrix: Matrix, value: int | None, largest: int, box: tuple[float, float, float], pair: tuple[Words, Words]
) -> Any:
    x, y, size = box
    place = {"x": x + 0.5, "y": y + 0.5, "width": size - 1, "height": size - 1}
    if value is None:
        return element("g", element("rect", class_="missing", **place), hint(say("不适用", "not applicable")))
    if value == 0:
        dot = element("circle", cx=x + size / 2, cy=y + size / 2, r=1.2, class_="zero")
        return element("g", element("rect", class_="q0", **place), dot, hint(_told(pair, 0)))
    step = min(STEPS, 1 + int(STEPS * (value - 1) / largest))
    parts = [element("rect", class_=f"q{step}", **place)]
    if size >= 30:
        text = number(value) if value < 10000 else f"{value / 1000:.0f}k"
        parts.append(element("text", text, x=x + size / 2, y=y + size / 2 + 4, text_anchor="middle", class_=f"t{step}"))
    data = {"data_a": pair[0]["zh"], "data_b": pair[1]["zh"]}
    return link(matrix.target, *parts, hint(_told(pair, value)), **(data if matrix.target else {}))


def _told(pair: tuple[Words, Words], value: int) -> Words:
    return say(
        f"{pair[0]['zh']} × {pair[1]['zh']}：{number(value)}", f"{pair[0]['en']} × {pair[1]['en']}: {number(value)}"
    )


def name_width(words: Words) -> int:
    """Columns that the longer of a name's two languages takes, shortened."""
    return max(map(_width, shorten_name(words).values()))


def shorten_name(words: Words) -> Words:
    """The name of a row or column, cut to what fits beside the cells."""

    def cut(text: str, longest: int) -> str:
        return text if _width(text) <= longest else text[: longest // (2 if _width(text) > len(text) else 1) - 1] + "…"

    return say(cut(words["zh"], 24), cut(words["en"], 24))


def _width(text: str) -> int:
    """Columns a text takes: two for a Chinese character, one for a Latin one."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
