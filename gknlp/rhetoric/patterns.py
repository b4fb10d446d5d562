"""The patterns (规则) of the facets, read from TOML and compiled; their hash names the version of all marks."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from gknlp.errors import UsageError
from gknlp.rhetoric.marks import ACTORS, KINDS, MODALITIES, VALENCES

FACETS = ("specificity", "modality", "valence", "hedge")
_VALUES: dict[str, tuple[str, ...]] = {
    "specificity": tuple(KINDS),
    "modality": MODALITIES,
    "valence": VALENCES,
    "hedge": ("hedge",),
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """What shows one value of one facet: ``regex`` over characters or ``tokens`` for spaCy's Matcher; ``unless`` voids.

    A mark that lies inside a match of ``unless`` is none.
    """

    facet: str
    value: str
    regex: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    tokens: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class ActorRules:
    """``subjects``: for each actor, its words at a clause's head; ``agents``: behind 由, 被 or 经.

    ``owned`` behind it an owner; an
    ``adverbial`` clause leads to the main one.
    """

    leads: re.Pattern[str]
    subjects: tuple[tuple[str, re.Pattern[str]], ...]
    agents: tuple[tuple[str, re.Pattern[str]], ...]
    owned: re.Pattern[str]
    adverbial: re.Pattern[str]


@cache
def load_patterns() -> tuple[Pattern, ...]:
    """The shipped patterns, facet by facet, in the order of their files."""
    return tuple(pattern for facet in FACETS for pattern in read_patterns(facet, _read(facet)))


@cache
def load_words(facet: str) -> dict[str, str]:
    """The named expressions of a facet's file."""
    return dict(tomllib.loads(_read(facet)).get("words", {}))


def read_patterns(facet: str, text: str) -> tuple[Pattern, ...]:
    """The patterns of one facet from TOML: ``[words]`` to be put in for ``{names}``, and ``[[patterns]]``.

    Raises
    ------
    UsageError : an unknown facet, value or key, or an expression that does not compile; the message names it.
    """
    data = tomllib.loads(text)
    if facet not in _VALUES:
        raise UsageError(f"no facet with patterns is called {facet!r}; use one of: {', '.join(_VALUES)}")
    words = data.get("words", {})
    return tuple(_read_pattern(facet, item, words) for item in data.get("patterns", ()))


def _read_pattern(facet: str, item: Mapping[str, Any], words: Mapping[str, str]) -> Pattern:
    unknown = sorted(set(item) - {"value", "regex", "unless", "tokens"})
    if unknown or item.get("value") not in _VALUES[facet]:
        found = f"the key {unknown[0]!r}" if unknown else f"the value {item.get('value')!r}"
        raise UsageError(f"patterns of {facet}: {found} is not known; values are {', '.join(_VALUES[facet])}")
    return Pattern(
        facet,
        item["value"],
        _join(item.get("regex", ()), words),
        _join(item.get("unless", ()), words),
        tuple(_fill(item.get("tokens", []), words)),
    )


def _join(parts: Iterable[str], words: Mapping[str, str]) -> re.Pattern[str] | None:
    filled = [_put_in(part, words) for part in parts]
    try:
        return re.compile("|".join(f"(?:{part})" for part in filled)) if filled else None
    except re.error as error:
        raise UsageError(f"a pattern does not compile ({error}): {error.pattern!r}") from None


def _put_in(part: str, words: Mapping[str, str]) -> str:
    for name, wording in words.items():
        part = part.replace(f"{{{name}}}", wording if wording.startswith("[") else f"(?:{wording})")
    return part


def _fill(value: Any, words: Mapping[str, str]) -> Any:
    """Token patterns with ``{names}`` put in, however deep."""
    if isinstance(value, str):
        return _put_in(value, words)
    if isinstance(value, list):
        return [_fill(item, words) for item in value]
    return {key: _fill(item, words) for key, item in value.items()} if isinstance(value, dict) else value


@cache
def load_actors() -> ActorRules:
    """The shipped words for actors."""
    data = tomllib.loads(_read("actor"))
    words = [(item["value"], item["words"]) for item in data["actors"]]
    unknown = [value for value, _ in words if value not in ACTORS]
    if unknown:
        raise UsageError(f"patterns of actor: the value {unknown[0]!r} is not known; values are {', '.join(ACTORS)}")
    return ActorRules(
        re.compile(f"(?:{data['leads']})*"),
        tuple((value, re.compile(regex)) for value, regex in words),
        tuple(
            (
                value,
                re.compile(
                    f"(?:由|被|(?<![已曾未历途])经(?!济|常|验|办|营|费))(?:[一两二三四五六七八九十几]+[名位个])?(?P<agent>{regex})"
                ),
            )
            for value, regex in words
        ),
        re.compile(data["owned"]),
        re.compile(data["adverbial"]),
    )


@cache
def patterns_hash() -> str:
    """SHA-256 (hex) over the bytes of all pattern files."""
    digest = hashlib.sha256()
    for name in (*FACETS, "actor", "mentions"):
        digest.update(_read(name).encode() + b"\0")
    return digest.hexdigest()


def _read(name: str) -> str:
    return files("gknlp.rhetoric").joinpath("patterns", f"{name}.toml").read_text(encoding="utf-8")
