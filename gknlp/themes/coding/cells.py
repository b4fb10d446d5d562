"""Cells of the random stratum: year x level x section family, joined where they are small, with their share of the draws."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gknlp.themes.coding.frame import FrameUnit

MIN_DRAWS = 2
"""Draws of every cell: with one a variance inside the cell cannot be estimated."""
_Key = tuple[str, int, str]
_LATE = 9999


@dataclass(frozen=True, slots=True)
class Cell:
    """Units of one section family, of neighbouring years and levels; ``n_drawn`` of ``units`` are drawn at random."""

    name: str
    units: tuple[FrameUnit, ...]
    n_drawn: int

    @property
    def weight(self) -> float:
        """1 / the inclusion probability of each of its units, to six decimals."""
        return round(len(self.units) / self.n_drawn, 6)


def make_cells(units: Iterable[FrameUnit], *, n: int) -> tuple[Cell, ...]:
    """The cells of a frame with ``n`` draws allotted in proportion to their units; no units or no draws give none.

    Years and levels of a family follow each other and are joined until a cell can expect two draws; so no unit has an
    inclusion probability of 0, however many years and levels there are. Each cell gets two draws first (one unit gets
    one), the rest goes by largest remainders.
    """
    parts: defaultdict[_Key, list[FrameUnit]] = defaultdict(list)
    for unit in units:
        parts[unit.family, _LATE if unit.year is None else unit.year, unit.level or "~"].append(unit)
    total = sum(map(len, parts.values()))
    if not total or n < 1:
        return ()
    groups = [group for family in _by_family(parts) for group in _join(family, parts, enough=MIN_DRAWS * total / n)]
    sizes = [sum(len(parts[key]) for key in group) for group in groups]
    drawn = _allot(sizes, min(n, total))
    names = _names(groups)
    return tuple(
        Cell(name, tuple(unit for key in group for unit in parts[key]), count)
        for name, group, count in zip(names, groups, drawn, strict=True)
        if count
    )


def _by_family(parts: Mapping[_Key, Sequence[FrameUnit]]) -> list[list[_Key]]:
    families: defaultdict[str, list[_Key]] = defaultdict(list)
    for key in sorted(parts):
        families[key[0]].append(key)
    return list(families.values())


def _join(keys: list[_Key], parts: Mapping[_Key, Sequence[FrameUnit]], *, enough: float) -> list[list[_Key]]:
    """Neighbouring keys in groups of ``enough`` units or more; a rest that is too small joins the group before."""
    groups: list[list[_Key]] = []
    open_group: list[_Key] = []
    size = 0
    for key in keys:
        open_group.append(key)
        size += len(parts[key])
        if size >= enough:
            groups.append(open_group)
            open_group, size = [], 0
    if open_group and groups:
        groups[-1] += open_group
    elif open_group:
        groups.append(open_group)
    return groups


def _allot(sizes: Sequence[int], n: int) -> list[int]:
    """Draws by cell: the minimum where it fits, then one draw at a time to the cell that is furthest behind its share."""
    drawn = [min(MIN_DRAWS, size) for size in sizes]
    total = sum(sizes)
    while sum(drawn) < n:
        behind = [(n * size / total - got, -place) for place, (size, got) in enumerate(zip(sizes, drawn, strict=True))]
        _, place = max(item for item in behind if drawn[-item[1]] < sizes[-item[1]])
        drawn[-place] += 1
    return drawn


def _names(groups: Sequence[Sequence[_Key]]) -> list[str]:
    """``family year level``, or from .. to of both ends; names are distinct because groups follow each other."""
    names = []
    for group in groups:
        ends = [group[0], group[-1]] if len(group) > 1 else [group[0]]
        names.append(f"{group[0][0]} " + " .. ".join(f"{_year(key)} {_level(key)}" for key in ends))
    return names


def _year(key: _Key) -> str:
    return "no-year" if key[1] == _LATE else str(key[1])


def _level(key: _Key) -> str:
    return "no-level" if key[2] == "~" else key[2]
