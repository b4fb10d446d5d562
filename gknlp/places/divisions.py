"""The table of divisions (行政区划): province, city, county and township, by code and by name.

Source: the statistical division codes of the National Bureau of Statistics; date, licence and gaps on the card
corpora/divisions/corpus.toml, which the recipe beside it writes together with the table.
"""

from __future__ import annotations

import lzma
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from gknlp.places.names import full_names

Level = Literal["province", "city", "county", "township"]


@dataclass(frozen=True, slots=True, order=True)
class Division:
    """One division: six digits of code down to the county (县级), nine for a township (乡级)."""

    code: str
    name: str
    level: Level


@dataclass(frozen=True, slots=True, eq=False)
class Divisions:
    """All divisions of one day. ``codes`` are sorted; ``full`` maps each name with its ending (市, 县, 镇 ...) to codes.

    A name of ``full`` may be shorter than the official one where usage drops the nationality: 恩施州, 管城区.
    ``lengths`` gives for the first two characters of such names how long they may be, longest first.
    """

    codes: tuple[str, ...]
    names: Mapping[str, str]
    full: Mapping[str, tuple[str, ...]]
    lengths: Mapping[str, tuple[int, ...]]

    def __len__(self) -> int:
        return len(self.codes)

    def get(self, code: str) -> Division | None:
        """The division with this code of six or nine digits; None for an unknown one.

        >>> load_divisions().get("230104")
        Division(code='230104', name='道外区', level='county')
        """
        name = self.names.get(code)
        return None if name is None else Division(code, name, level_of(code))

    def named(self, name: str) -> tuple[Division, ...]:
        """The divisions of this full name (with 省, 市, 县, 镇 ...), by code; () for a name of none."""
        return tuple(Division(code, self.names[code], level_of(code)) for code in self.full.get(name, ()))

    def parent(self, code: str) -> str | None:
        """The code of the division above; None for a province.

        Counties of a municipality or directly under a province have the province, townships of a city without
        counties and of a zone have the city.
        """
        if code.endswith("0000"):
            return None
        above = (code[:6], code[:4] + "00", code[:2] + "0000")
        return next((other for other in above if other != code and other in self.names), None)

    def children(self, code: str) -> tuple[Division, ...]:
        """The divisions directly below, by code; () for a township or an unknown code."""
        if code not in self.names:
            return ()
        stem = stem_of(code)
        below = self.codes[bisect_left(self.codes, stem) : bisect_left(self.codes, stem + ":")]  # ':' follows '9'
        return tuple(Division(c, self.names[c], level_of(c)) for c in below if self.parent(c) == code)

    def path(self, code: str) -> tuple[str, ...]:
        """Names from the province down to this division; () for an unknown code."""
        names: list[str] = []
        at = code if code in self.names else None
        while at is not None:
            names.append(self.names[at])
            at = self.parent(at)
        return tuple(reversed(names))


def level_of(code: str) -> Level:
    """The level that the shape of a code says."""
    if len(code) == 9:
        return "township"
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"


def stem_of(code: str) -> str:
    """What all codes below this one begin with: 2, 4, 6 or 9 digits."""
    return code[: {"province": 2, "city": 4, "county": 6, "township": 9}[level_of(code)]]


def is_under(code: str, above: str) -> bool:
    """Whether ``code`` lies below ``above``; a division does not lie below itself."""
    return code != above and code.startswith(stem_of(above))


@cache
def load_divisions() -> Divisions:
    """The shipped table, unpacked at the first call."""
    packed = files("gknlp.places").joinpath("divisions.tsv.xz").read_bytes()
    return read_divisions(lzma.decompress(packed).decode("utf-8"))


def read_divisions(text: str) -> Divisions:
    """Divisions from the table's lines: code, tab, name; three digits continue the six-digit code above them."""
    names: dict[str, str] = {}
    head = ""
    for line in text.splitlines():
        code, _, name = line.partition("\t")
        if len(code) == 6:
            head = code
        else:
            code = head + code
        if name:
            names[code] = name
    full: dict[str, tuple[str, ...]] = {}
    for code, name in names.items():
        for written in full_names(name):
            full[written] = (*full[written], code) if written in full else (code,)
    return Divisions(tuple(names), names, full, _lengths(full))


def _lengths(full: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[int, ...]]:
    by_start: dict[str, int] = {}  # as bits: a set for each of ten thousand starts would double the time to load
    for name in full:
        start = name[:2]
        by_start[start] = by_start.get(start, 0) | 1 << len(name)
    masks = {mask: _bits(mask) for mask in set(by_start.values())}
    return {start: masks[mask] for start, mask in by_start.items()}


def _bits(mask: int) -> tuple[int, ...]:
    """The numbers of the bits that are set, highest first."""
    return tuple(bit for bit in range(mask.bit_length() - 1, -1, -1) if mask >> bit & 1)
