"""The wordings by which an agency means itself: masked before texts are compared."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


def list_own_names(agency: str | None) -> tuple[str, ...]:
    """Wordings for the agency itself and its higher places, longest first, self-references (我镇, 本单位) included.

    A name is taken apart where a higher place ends: its tail is a name of its own from three characters on (shorter
    ones, like 街道, are common nouns). ``None`` or '' gives the self-references alone.

    >>> [name for name in list_own_names("云岭县石桥镇人民政府") if "石桥" in name or "云岭" in name]
    ['云岭县石桥镇人民政府', '石桥镇人民政府', '云岭县石桥镇', '云岭县', '石桥镇']
    """
    names = _self_references() | (list_names_of(agency) if agency else frozenset())
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def list_names_of(agency: str) -> frozenset[str]:
    """The wordings for this agency and its higher places alone, no self-references.

    >>> "本单位" in list_names_of("石桥镇人民政府"), "石桥镇" in list_names_of("石桥镇人民政府")
    (False, True)
    """
    return frozenset(_split_name(agency, _load_names()))


def _split_name(agency: str, data: dict[str, Any]) -> set[str]:
    core = next((agency.removesuffix(end) for end in data["office_suffixes"] if agency.endswith(end)), agency) or agency
    tails, heads, rest = [core], [], core
    while (cut := _find_place_end(rest, data["place_endings"])) and cut < len(rest):
        heads.append(rest[:cut])
        rest = rest[cut:]
        if len(rest) >= 3:
            tails.append(rest)
    ending = agency.removeprefix(core)
    return {agency, *heads, *tails, *(tail + ending for tail in tails)}


def _find_place_end(name: str, endings: list[str]) -> int:
    """Where the first higher place in the name ends, 0 for none; a place has at least one character before its ending."""
    found = _compile_endings(tuple(endings)).search(name, 1)
    return found.end() if found else 0


@cache
def _compile_endings(endings: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, endings)))


@cache
def _self_references() -> frozenset[str]:
    data = _load_names()
    pairs = {prefix + kind for prefix in data["self_prefixes"] for kind in data["self_kinds"]}
    return frozenset(pairs | set(data["self_wholes"]))


@cache
def _load_names() -> dict[str, Any]:
    return tomllib.loads(files("gknlp.text").joinpath("own_names.toml").read_text(encoding="utf-8"))
