"""Names of divisions in running text, by their endings: longest first, one pass."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from gknlp.places.divisions import Level, level_of, load_divisions
from gknlp.places.names import words

_ENDING = re.compile(r"[省县区市旗盟州镇乡木道处]")
# An ending that goes on to another word: 各乡村, 城区域, 江市场.
_GOES_ON = {"乡": ("村", "镇", "土"), "区": ("域", "间"), "市": ("场",)}
_KEY = 3  # names of three characters and more are looked up by their last three, the few shorter ones as a whole


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A name in a text, ``text[start:end]``, with the codes of all divisions of the asked levels so named, sorted."""

    start: int
    end: int
    codes: tuple[str, ...]

    @property
    def code(self) -> str | None:
        """The code where only one division has the name, else None."""
        return self.codes[0] if len(self.codes) == 1 else None


@dataclass(frozen=True, slots=True)
class _Endings:
    """``lengths`` by the last characters of a name; ``bounded`` names need a boundary before them."""

    lengths: Mapping[str, tuple[int, ...]]
    codes: Mapping[str, tuple[str, ...]]
    bounded: frozenset[str]
    before: frozenset[str]


def place_names_in(text: str, *, levels: Collection[Level] = ("county", "township")) -> tuple[Mention, ...]:
    """Names of divisions in a text, in order, the longest where they overlap; () for an empty text.

    Only names with their ending (县, 区, 镇 ...) count, and none that is a common noun as well (城区, 新城区). A
    township's name, and any of two characters, counts only after a boundary (another name, a sign, 在, 与 ...), since
    the tail of an unknown name may look like a known one.

    >>> [(m.start, m.end, m.code) for m in place_names_in("赴同江市调研，与道外区巨源镇座谈。")]
    [(1, 4, '230881'), (8, 11, '230104'), (11, 14, '230104109')]
    """
    index = _endings()
    mentions: list[Mention] = []
    for hit in _ENDING.finditer(text):
        end = hit.end()
        lengths = index.lengths.get(text[max(0, end - _KEY) : end]) or index.lengths.get(text[max(0, end - 2) : end])
        if lengths is None or text.startswith(_GOES_ON.get(hit[0], ()), end):
            continue
        name = next((n for length in lengths if (n := text[max(0, end - length) : end]) in index.codes), None)
        if name is not None:
            _take(mentions, Mention(end - len(name), end, index.codes[name]), text, index)
    kept = (Mention(m.start, m.end, tuple(c for c in m.codes if level_of(c) in levels)) for m in mentions)
    return tuple(m for m in kept if m.codes)


def _take(mentions: list[Mention], new: Mention, text: str, index: _Endings) -> None:
    """Append the mention, unless it lacks its boundary or overlaps a longer one; a shorter one gives way."""
    after_name = bool(mentions) and mentions[-1].end == new.start
    if text[new.start : new.end] in index.bounded and not after_name and new.start > 0:
        before = text[new.start - 1]
        if "一" <= before <= "鿿" and before not in index.before:
            return
    while mentions and mentions[-1].end > new.start:
        if mentions[-1].end - mentions[-1].start >= new.end - new.start:
            return
        mentions.pop()
    mentions.append(new)


@cache
def _endings() -> _Endings:
    by_end: dict[str, set[int]] = {}
    codes: dict[str, tuple[str, ...]] = {}
    bounded: set[str] = set()
    generic = frozenset(words()["generic"])
    for name, its_codes in load_divisions().full.items():
        township = all(len(code) == 9 for code in its_codes)
        if name in generic or (township and name.endswith("地区")):
            continue
        codes[name] = its_codes
        by_end.setdefault(name[-_KEY:], set()).add(len(name))
        if township or len(name) == 2:
            bounded.add(name)
    lengths = {end: tuple(sorted(found, reverse=True)) for end, found in by_end.items()}
    return _Endings(lengths, codes, frozenset(bounded), frozenset(words()["boundaries"]))
