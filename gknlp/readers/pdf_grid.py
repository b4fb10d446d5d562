"""Ruled lines to tables: rows and columns from the lines' own places, merged cells where a line is missing.

pdfplumber snaps and joins the lines; the cells are ours, since its finder is quadratic in the crossings and loses the
cells that a page break leaves open.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pdfplumber.table import merge_edges

from gknlp.readers.pdf_page import Edge

_NEAR = 3.0
"""Points within which lines are one line, ends meet, and columns of two pages are the same (pdfplumber's default)."""
_OVERHANG = 24.0
_MOST_EDGES = 3000
_MOST_SQUARES = 40_000


@dataclass(frozen=True, slots=True)
class Box:
    """One cell: its rows and columns in the grid, half-open."""

    row: int
    row_end: int
    column: int
    column_end: int


@dataclass(frozen=True, slots=True)
class Ruling:
    """One table's lines: the places of its columns and rows, its cells; ``open_top``: no line above the first row.

    ``owners``: for each square, row by row, the number of its cell. ``open_floor``: columns with no line below the
    last row.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    boxes: tuple[Box, ...]
    owners: tuple[int, ...]
    open_top: bool
    open_floor: frozenset[int]

    def locate(self, x: float, y: float) -> int | None:
        """Which of ``boxes`` holds a point; None outside. Out of a cell without floor, text may hang at a page's end."""
        if not (self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1] + _OVERHANG):
            return None
        row = min(bisect_right(self.ys, y) - 1, len(self.ys) - 2)
        column = min(bisect_right(self.xs, x) - 1, len(self.xs) - 2)
        if y > self.ys[-1] and column not in self.open_floor:
            return None
        return self.owners[row * (len(self.xs) - 1) + column]


def find_rulings(edges: Sequence[Edge]) -> list[Ruling] | None:
    """The tables that lines draw, from top to bottom; a frame around one cell is none; None: too many lines."""
    if len(edges) > 20 * _MOST_EDGES:
        return None
    merged = _merge(edges)
    if len(merged) > _MOST_EDGES:
        return None
    found = [ruling for group in _connected(merged) if (ruling := _make_ruling(group))]
    return sorted(found, key=lambda ruling: (ruling.ys[0], ruling.xs[0]))


def _merge(edges: Iterable[Edge]) -> list[Edge]:
    objects = [_as_object(edge) for edge in edges]
    if not objects:
        return []
    merged = merge_edges(objects, _NEAR, _NEAR, _NEAR, _NEAR)
    return [
        Edge(True, o["x0"], o["top"], o["bottom"])
        if o["orientation"] == "v"
        else Edge(False, o["top"], o["x0"], o["x1"])
        for o in merged
    ]


def _as_object(edge: Edge) -> dict[str, float | str]:
    x0, x1 = (edge.at, edge.at) if edge.vertical else (edge.start, edge.end)
    top, bottom = (edge.start, edge.end) if edge.vertical else (edge.at, edge.at)
    return {
        "orientation": "v" if edge.vertical else "h",
        "object_type": "line",
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "width": x1 - x0,
        "height": bottom - top,
        "doctop": top,
    }


def _connected(edges: Sequence[Edge]) -> list[list[Edge]]:
    """Lines that touch each other, directly or through others; each group has both directions."""
    upright = [i for i, edge in enumerate(edges) if edge.vertical]
    level = [i for i, edge in enumerate(edges) if not edge.vertical]
    parent = list(range(len(edges)))
    for i in upright:
        for j in level:
            if _touch(edges[i], edges[j]):
                parent[_root(parent, i)] = _root(parent, j)
    groups: dict[int, list[Edge]] = defaultdict(list)
    for i, edge in enumerate(edges):
        groups[_root(parent, i)].append(edge)
    lone = [group[0] for group in groups.values() if len(group) == 1 and group[0].vertical]
    return [_adopt(group, lone) for group in groups.values() if len(group) > 2]


def _adopt(group: list[Edge], lone: Sequence[Edge]) -> list[Edge]:
    """The group with the upright lines that touch nothing but reach as far: sides of a cell that goes on over a page."""
    ends = [end for edge in group if edge.vertical for end in (edge.start, edge.end)]
    top, bottom = min(ends), max(ends)
    return group + [e for e in lone if abs(e.start - top) <= 2 * _NEAR and abs(e.end - bottom) <= 2 * _NEAR]


def _touch(upright: Edge, level: Edge) -> bool:
    return (
        upright.start - _NEAR <= level.at <= upright.end + _NEAR
        and level.start - _NEAR <= upright.at <= level.end + _NEAR
    )


def _root(parent: list[int], i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


def _make_ruling(edges: Sequence[Edge]) -> Ruling | None:
    upright = [edge for edge in edges if edge.vertical]
    level = [edge for edge in edges if not edge.vertical]
    xs = _places([edge.at for edge in upright], [end for edge in level for end in (edge.start, edge.end)])
    ys = _places([edge.at for edge in level], [end for edge in upright for end in (edge.start, edge.end)])
    n_rows, n_columns = len(ys) - 1, len(xs) - 1
    if n_rows < 1 or n_columns < 1 or not 1 < n_rows * n_columns <= _MOST_SQUARES:
        return None
    walls = _covered(upright, xs, ys)
    floors = _covered(level, ys, xs)
    boxes = _boxes(n_rows, n_columns, walls, floors)
    if len(boxes) < 2:
        return None
    owners = [0] * (n_rows * n_columns)
    for number, box in enumerate(boxes):
        for row in range(box.row, box.row_end):
            for column in range(box.column, box.column_end):
                owners[row * n_columns + column] = number
    tops = sum((0, column) in floors for column in range(n_columns))
    floorless = frozenset(column for column in range(n_columns) if (n_rows, column) not in floors)
    return Ruling(tuple(xs), tuple(ys), tuple(boxes), tuple(owners), tops * 2 < n_columns, floorless)


def _places(lines: Iterable[float], ends: Iterable[float]) -> list[float]:
    """Where lines stand; an end counts where no line is near, since an open side has none."""
    found: list[float] = []
    for place in sorted(lines):
        if not found or place - found[-1] > _NEAR:
            found.append(place)
    extra: list[float] = []
    for place in sorted(ends):
        if all(abs(place - other) > 2 * _NEAR for other in (*found, *extra[-1:])):
            extra.append(place)
    return sorted(found + extra)


def _covered(lines: Iterable[Edge], across: Sequence[float], along: Sequence[float]) -> set[tuple[int, int]]:
    """(number of the place across, number of the stretch along) that a line covers the middle of."""
    found: set[tuple[int, int]] = set()
    middles = [(a + b) / 2 for a, b in pairwise(along)]
    for line in lines:
        at = min(range(len(across)), key=lambda i: abs(across[i] - line.at))
        found.update((at, i) for i, middle in enumerate(middles) if line.start <= middle <= line.end)
    return found


def _boxes(n_rows: int, n_columns: int, walls: set[tuple[int, int]], floors: set[tuple[int, int]]) -> list[Box]:
    """Squares with no line between them are one cell; one that is no rectangle falls into its rows."""
    parent = list(range(n_rows * n_columns))
    for row in range(n_rows):
        for column in range(n_columns):
            here = row * n_columns + column
            if column + 1 < n_columns and (column + 1, row) not in walls:
                parent[_root(parent, here)] = _root(parent, here + 1)
            if row + 1 < n_rows and (row + 1, column) not in floors:
                parent[_root(parent, here)] = _root(parent, here + n_columns)
    groups: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for here in range(n_rows * n_columns):
        groups[_root(parent, here)].append(divmod(here, n_columns))
    return sorted((box for group in groups.values() for box in _rectangles(group)), key=lambda b: (b.row, b.column))


def _rectangles(squares: Sequence[tuple[int, int]]) -> list[Box]:
    rows, columns = [r for r, _ in squares], [c for _, c in squares]
    whole = Box(min(rows), max(rows) + 1, min(columns), max(columns) + 1)
    if (whole.row_end - whole.row) * (whole.column_end - whole.column) == len(squares):
        return [whole]
    found: list[Box] = []
    for row, column in sorted(squares):
        if found and found[-1].row == row and found[-1].column_end == column:
            found[-1] = Box(row, row + 1, found[-1].column, column + 1)
        else:
            found.append(Box(row, row + 1, column, column + 1))
    return found
