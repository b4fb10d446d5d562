"""How far coders agree: alpha by theme, over primaries, over sets of themes, and by facet; who took what for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from gknlp.errors import UsageError
from gknlp.themes.codebook import Codebook
from gknlp.themes.coding.alpha import Alpha, Coded, measure_alpha
from gknlp.themes.coding.facets import FACETS, NONE, SEPARATOR, SPECIFICITY, Codes
from gknlp.themes.coding.rows import admissible_codes

Codings = Mapping[str, Codes]
"""What one coder said, by unit id."""


@dataclass(frozen=True, slots=True)
class Place:
    """What of a unit decides which themes it may have, and whether it was drawn at random."""

    section: str
    part: str | None
    stratum: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """An alpha and what it is of. ``kind``: primary, set, theme or facet; ``n_coded`` counts codes with this value."""

    kind: str
    name: str
    distance: str
    value: Alpha
    n_coded: int | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """All measures, and for each two coders how often a primary of the one met a primary of the other."""

    coders: tuple[str, ...]
    n_units: int
    measures: tuple[Measured, ...]
    confusion: tuple[tuple[str, str, str, str, int], ...]
    """Coder, other coder, primary of the first, primary of the second, units."""


def measure_agreement(
    codings: Mapping[str, Codings],
    *,
    places: Mapping[str, Place],
    codebook: Codebook,
    n_resamples: int = 1000,
    seed: int = 20210930,
) -> Agreement:
    """Agreement of two coders or more; a unit that one did not code is a missing code of theirs.

    Parameters
    ----------
    codings : by coder. A theme is measured as yes or no over the units whose section allows it, and those where
        somebody gave it all the same: agreement on what cannot be would be no agreement.
    places : by unit id; for a unit that is not there every theme is allowed.

    Returns
    -------
    Measures over all units, and ``primary random`` over the random stratum alone where there is one: units chosen
    because a classifier was uncertain are harder than the corpus.

    Raises
    ------
    UsageError : fewer than two coders.
    """
    if len(codings) < 2:
        raise UsageError("agreement needs the codes of two coders or more")
    coders = tuple(codings)
    ids = sorted({key for coded in codings.values() for key in coded})

    def measure(
        kind: str, name: str, read: Callable[[Codes], Hashable | None], distance: str, own: list[str]
    ) -> Measured:
        rows: Coded = [[_read(codings[coder].get(key), read) for coder in coders] for key in own]
        counted = sum(value is True for row in rows for value in row) if kind in ("theme", "facet") else None
        value = measure_alpha(rows, distance=distance, n_resamples=n_resamples, seed=seed)
        return Measured(kind, name, distance, value, counted)

    measures = [measure("primary", "all", lambda codes: codes.primary, "nominal", ids)]
    drawn = [key for key in ids if key in places and places[key].stratum == "random"]
    if drawn and len(drawn) < len(ids):
        measures.append(measure("primary", "random stratum", lambda codes: codes.primary, "nominal", drawn))
    measures += [measure("set", "all", _label_set, distance, ids) for distance in ("masi", "jaccard")]
    themes = _units_of_themes(codings, ids, places, codebook)
    measures += [measure("theme", code, partial(_has_label, code), "nominal", own) for code, own in themes.items()]
    for name, read in _facet_readers().items():
        if any(read(codes) is not None for coded in codings.values() for codes in coded.values()):
            measures.append(measure("facet", name, read, "nominal", ids))
    return Agreement(coders, len(ids), tuple(measures), tuple(_confusion(codings, coders)))


def _read(codes: Codes | None, read: Callable[[Codes], Hashable | None]) -> Hashable | None:
    return None if codes is None else read(codes)


def _units_of_themes(
    codings: Mapping[str, Codings], ids: Sequence[str], places: Mapping[str, Place], codebook: Codebook
) -> dict[str, list[str]]:
    """For each theme of the codebook that anybody gave, the units that it is measured over."""
    given: Counter[str] = Counter(
        code for coded in codings.values() for codes in coded.values() for code in codes.labels
    )
    allowed: dict[tuple[str, str | None], frozenset[str]] = {}
    units: dict[str, list[str]] = {code: [] for code in codebook.codes if given[code]}
    for key in ids:
        place = places.get(key)
        if place is None:
            themes = frozenset(units)
        else:
            at = place.section, place.part
            themes = allowed.setdefault(at, frozenset(admissible_codes(codebook, *at)))
        said = {code for coded in codings.values() if key in coded for code in coded[key].labels}
        for code, own in units.items():
            if code in themes or code in said:
                own.append(key)
    return units


def _facet_readers() -> dict[str, Callable[[Codes], Hashable | None]]:
    """A facet is one nominal code; of specificity, where several may hold, each kind is a yes or no."""
    readers: dict[str, Callable[[Codes], Hashable | None]] = {
        name: partial(_facet, name) for name in FACETS if name != "specificity"
    }
    for kind in SPECIFICITY:
        readers[f"specificity {kind}"] = partial(_is_specific, kind)
    return readers


def _label_set(codes: Codes) -> frozenset[str]:
    return frozenset(codes.labels)


def _has_label(code: str, codes: Codes) -> bool:
    return code in codes.labels


def _facet(name: str, codes: Codes) -> str | None:
    return codes.facets.get(name)


def _is_specific(kind: str, codes: Codes) -> bool | None:
    value = codes.facets.get("specificity")
    return None if value is None else value != NONE and kind in value.split(SEPARATOR)


def _confusion(codings: Mapping[str, Codings], coders: Sequence[str]) -> list[tuple[str, str, str, str, int]]:
    found = []
    for one, other in combinations(coders, 2):
        pairs = Counter(
            (codes.primary, codings[other][key].primary) for key, codes in codings[one].items() if key in codings[other]
        )
        found += [(one, other, first, second, count) for (first, second), count in sorted(pairs.items())]
    return found
