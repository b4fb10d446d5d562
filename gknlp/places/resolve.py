"""Which division an agency's name names: read from the left, province to township, decided by context, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from gknlp.places.divisions import Division, Divisions, Level, is_under, level_of, load_divisions
from gknlp.places.names import bare_name, words

_MAX_NAME = 200  # characters of a name that are read; the longest real ones have about 60
_BARE_LENGTHS = (4, 3, 2)  # 克孜勒苏 to 吉林
# 乡 of 乡村, 乡镇 and 乡土 ends no name.
_NO_END = re.compile(r"乡[村镇土]")
_TOWNSHIP_LEFT = re.compile(
    r"^.{1,10}(?:(?<!城)[镇乡]|街道|苏木)(?:(?:党委|人民政府|政府|办事处|办公室|人大|中心|卫生|学校|小学|中学).*)?$"
)
_COUNTY_LEFT = re.compile(
    r"^.{1,8}?(?:(?<![社片校院市城辖灾库林地军山])区(?!域)|县(?![级城域])|自治旗|(?<=[前后中左右翼])旗"
    r"|(?<![城超集夜都上门])市(?![场政民容级直])|自治州)"
)


@dataclass(frozen=True, slots=True)
class Place:
    """The division that a name names.

    ``path`` holds the names from the province down. ``ambiguous``: the name alone fits several divisions, region or
    hints decided. ``exact`` is False where the name goes on to a zone (开发区), a village or a division the table does
    not know: the place is then the closest division around it.
    """

    code: str
    level: Level
    path: tuple[str, ...]
    ambiguous: bool = False
    exact: bool = True


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a name: the codes it may mean, where it ends, how many links it has, whether the last is bare."""

    codes: tuple[str, ...] = ()
    end: int = 0
    n_links: int = 0
    n_bare: int = 0
    last: str = ""


def resolve_agency(name: str, *, region: str | None = None, hints: Sequence[str] = ()) -> Place | None:
    """The place of an agency; None where the name names no division, or several and the context does not decide.

    Parameters
    ----------
    name : the agency's name; white space in it is of no weight.
    region : what is known of where it stands: a name such as 黑龙江省哈尔滨市, or a code of six or nine digits. It
        chooses among several divisions and rules out a lone name that lies elsewhere; it is no substitute for a name.
    hints : other names of places found with it. A division is chosen if they speak for it and, beyond what they say
        for each other one, for it alone.

    >>> resolve_agency("道外区巨源镇人民政府").path
    ('黑龙江省', '哈尔滨市', '道外区', '巨源镇')
    >>> resolve_agency("鼓楼区财政局") is None, resolve_agency("鼓楼区财政局", region="福建省").path[1]
    (True, '福州市')
    >>> resolve_agency("鼓楼区财政局", hints=["幕府山街道"]).ambiguous
    True
    """
    table = load_divisions()
    text = _clean(name)
    reading = _read(table, text)
    if reading is None:
        return None
    codes = reading.codes
    generic = reading.n_links == 1 and (reading.last in words()["generic"] or _has_zone(reading.last))
    if region and (around := _context(table, region, generic)):
        fitting = tuple(c for c in codes if any(c == r or is_under(c, r) or is_under(r, c) for r in around))
        if fitting or reading.n_links == 1:
            codes, generic = fitting, False
    if len(codes) > 1 or generic:
        chosen = _decide(codes, [_context(table, hint, generic) for hint in hints])
        codes, generic = (chosen, False) if chosen else (codes, generic)
    if len(codes) != 1 or generic:
        return None
    code = codes[0]
    return Place(
        code, level_of(code), table.path(code), len(reading.codes) > 1, _is_exact(table, code, text[reading.end :])
    )


def find_candidates(name: str) -> tuple[Division, ...]:
    """Every division the name may mean, by code: a name with or without ending, or an agency's; () for none.

    >>> [d.code for d in find_candidates("朝阳区")], [d.name for d in find_candidates("道外")]
    (['110105', '220104'], ['道外区'])
    """
    table = load_divisions()
    return tuple(division for code in _codes(table, _clean(name)) if (division := table.get(code)))


def _codes(table: Divisions, text: str) -> tuple[str, ...]:
    if (reading := _read(table, text)) is not None:
        return reading.codes
    found = {code for ending in words()["endings"] for code in table.full.get(text + ending, ())}
    return tuple(sorted(found | set(_bare(table).get(text, ()))))


def _clean(name: str) -> str:
    text = "".join(name[: 2 * _MAX_NAME].split())[:_MAX_NAME]
    for before in words()["before"]:
        if text.startswith(before):
            return text[len(before) :]
    return text


@cache
def _bare(table: Divisions) -> dict[str, tuple[str, ...]]:
    """Codes of provinces and cities by their bare names; lower levels have too many that are common words."""
    found: dict[str, tuple[str, ...]] = {}
    for code, name in table.names.items():
        if code.endswith("00") and len(code) == 6 and (bare := bare_name(name)):
            found[bare] = (*found.get(bare, ()), code)
    return found


def _read(table: Divisions, text: str) -> _Reading | None:
    """The reading that takes in most of the name, with the fewest bare names; None where nothing is read."""
    readings = [r for r in _readings(table, text, _Reading()) if r.n_links]
    if not readings:
        return None
    best = max(readings, key=lambda r: (r.end, -r.n_bare, r.n_links))
    rivals = [r for r in readings if (r.end, r.n_bare, r.n_links) == (best.end, best.n_bare, best.n_links)]
    return _Reading(tuple(sorted({c for r in rivals for c in r.codes})), best.end, best.n_links, best.n_bare, best.last)


def _readings(table: Divisions, text: str, before: _Reading) -> Iterator[_Reading]:
    """All readings that go on from this one: each link lies below the one before, so there are at most four."""
    if before.n_links and _may_end(text, before):
        yield before
    at = before.end
    for length in table.lengths.get(text[at : at + 2], ()):
        name = text[at : at + length]
        codes = _below(table.full.get(name, ()), before)
        if codes and len(name) == length and not _NO_END.match(text, at + length - 1):
            yield from _readings(table, text, _Reading(codes, at + length, before.n_links + 1, before.n_bare, name))
    for length in _BARE_LENGTHS:
        name = text[at : at + length]
        codes = _below(_bare(table).get(name, ()), before)
        if codes and len(name) == length:
            link = _Reading(codes, at + length, before.n_links + 1, before.n_bare + 1, "")
            yield from _readings(table, text, link)


def _below(codes: tuple[str, ...], before: _Reading) -> tuple[str, ...]:
    if not before.n_links:
        return codes
    return tuple(code for code in codes if any(is_under(code, above) for above in before.codes))


def _may_end(text: str, reading: _Reading) -> bool:
    """Whether the name may stop naming places here: anywhere after a full name, before few words after a bare one."""
    rest = text[reading.end :]
    if reading.last or not rest:
        return True
    if rest.startswith(words()["after_short"]):
        return True
    if rest.endswith("厅") and len(rest) < 20:  # only provinces have organs so called
        return level_of(reading.codes[0]) == "province"
    return rest.startswith(words()["zone_starts"]) and _has_zone(rest)


def _context(table: Divisions, place: str, generic: bool) -> tuple[str, ...]:
    """The codes a region or hint may mean; no province where it is to vouch for a name that is a common noun."""
    text = _clean(place)
    if text.isascii() and text.isdigit():
        code = text.ljust(6, "0") if len(text) < 6 else text[:9] if text[6:9].strip("0") else text[:6]
        codes: tuple[str, ...] = (code,) if code in table.names else ()
    else:
        codes = _codes(table, text)
    return tuple(code for code in codes if not (generic and level_of(code) == "province"))


def _decide(codes: tuple[str, ...], hinted: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The one code whose support by hints holds all support of every other and more; () where there is none."""
    support = {
        code: {
            i
            for i, found in enumerate(hinted)
            if any(code == f or is_under(code, f) or is_under(f, code) for f in found)
        }
        for code in codes
    }
    return tuple(c for c in codes if support[c] and all(support[o] < support[c] for o in codes if o != c))


def _has_zone(text: str) -> bool:
    return any(zone in text for zone in words()["zones"])


def _is_exact(table: Divisions, code: str, rest: str) -> bool:
    """Whether what is left of the name stays within the division: no zone, no unknown and no barely named lower one."""
    if _has_zone(rest) or _TOWNSHIP_LEFT.search(rest) or _COUNTY_LEFT.search(rest):
        return False
    if rest.startswith(words()["organs"]):
        return True
    lower = (rest[:length] + ending for length in _BARE_LENGTHS for ending in "县区市旗" if len(rest) >= length)
    return not any(is_under(other, code) for name in lower for other in table.full.get(name, ()))
