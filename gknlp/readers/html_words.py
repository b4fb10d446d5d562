"""The words and tags of html.toml, ready for use."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Words:
    """What html.toml lists, ready for use."""

    opening: tuple[str, ...]
    buttons: frozenset[str]
    labels: frozenset[str]
    label: re.Pattern[str]
    fields: dict[str, tuple[str, ...]]
    meta: dict[str, tuple[str, ...]]
    tags: dict[str, frozenset[str]]


@cache
def load_words() -> Words:
    """The words of html.toml."""
    found = tomllib.loads(files("gknlp.readers").joinpath("html.toml").read_text("utf-8"))
    spaced = (r"\s{0,4}".join(map(re.escape, name)) for name in sorted(found["labels"], key=lambda n: (-len(n), n)))
    return Words(
        opening=(*found["places"], *found["furniture"]),
        buttons=frozenset(found["buttons"]),
        labels=frozenset(found["labels"]),
        label=re.compile(rf"(?<![一-鿿])({'|'.join(spaced)})\s{{0,4}}(?:\]|】)?\s{{0,4}}[:：]"),
        fields={key: tuple(found[key]) for key in ("titles", "published", "agencies")},
        meta={key: tuple(values) for key, values in found["meta"].items()},
        tags={key: frozenset(names.split()) for key, names in found["tags"].items()},
    )
