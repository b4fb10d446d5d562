"""Names of bodies levelled: 县财政局 and 市水务局 read alike, as do 我局 and 本镇, so that no label hangs on who speaks."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gknlp.features.ngrams import ClauseCodes, fold_clauses
from gknlp.manifest import hash_value
from gknlp.text.normalise import PLACEHOLDER
from gknlp.text.own_names import list_own_names

_BETWEEN = "\x1e"  # a control character, which folding drops anyway
_LEVEL = "县"


def fold_units(texts: Sequence[str]) -> ClauseCodes:
    """The texts as `gknlp.features.ngrams.fold_clauses` folds them, with bodies masked and levels of places made one.

    Each text is folded by itself; no texts give no codes.
    """
    if not texts:
        return fold_clauses(())
    joined = _BETWEEN.join(texts)
    if joined.count(_BETWEEN) >= len(texts):
        joined = _BETWEEN.join(text.replace(_BETWEEN, " ") for text in texts)
    for name in _load_masks()["street"]:
        joined = joined.replace(name, _LEVEL)
    joined = _speakers().sub(PLACEHOLDER, joined)
    joined = _bodies().sub(PLACEHOLDER, joined[::-1])[::-1]
    folded = fold_clauses(joined.split(_BETWEEN))
    return ClauseCodes(_levels()[folded.codes], folded.bounds)


@cache
def masks_hash() -> str:
    """SHA-256 over all that is masked: models that were trained on other masks are refused."""
    return hash_value({**_load_masks(), "self": list(list_own_names(None))})


@cache
def _speakers() -> re.Pattern[str]:
    """The agency as it speaks of itself (我局, 本镇)."""
    return _any_of([re.escape(name) for name in list_own_names(None)])


@cache
def _bodies() -> re.Pattern[str]:
    """Names of bodies read backwards: few characters end one, so nearly every place in a text is passed at once."""
    masks = _load_masks()
    stem, joint = (_one_of([word[::-1] for word in _longest_first(masks[key])]) for key in ("stems", "joints"))
    stems = f"{stem}(?:{joint}?{stem})*"
    other = f"[^{re.escape(masks['never'] + masks['levels'] + PLACEHOLDER + _BETWEEN)}\\s]"  # no name reaches into the next text
    inside = f"{other}{{1,{masks['open_longest']}}}"
    named = f"{inside}(?=[{masks['levels']}])"
    endings = [re.escape(ending[::-1]) for ending in _longest_first(masks["endings"])]
    open_endings = [re.escape(ending[::-1]) for ending in _longest_first(masks["open_endings"])]
    place = f"[{masks['levels']}]{other}{{1,{masks['place_longest']}}}"
    places = f"(?:(?:{place}){{1,3}}(?=[{masks['ends_of_clauses']}{_BETWEEN}]|$))?"
    return _any_of(
        [
            *(re.escape(body[::-1]) + places for body in _longest_first(masks["bodies"])),
            *(ending + stems + places for ending in endings),
            *(ending + named + places for ending in open_endings),
        ]
    )


def _one_of(words: Sequence[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, words))})"


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    """Patterns that each begin with a literal, side by side: only then does the search skip to their first characters."""
    return re.compile("|".join(patterns))


def _longest_first(words: Sequence[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))


@cache
def _levels() -> NDArray[np.uint16]:
    table = np.arange(0x10000, dtype=np.uint16)
    table[[ord(level) for level in _load_masks()["levels"]]] = ord(_LEVEL)
    return table


@cache
def _load_masks() -> dict[str, Any]:
    return tomllib.loads(files("gknlp.themes.learned").joinpath("masks.toml").read_text(encoding="utf-8"))
