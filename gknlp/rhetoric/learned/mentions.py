"""A unit in, the wordings that name somebody out (指称): by a lexicon, by endings of nouns, by the agency's own names."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from gknlp.errors import UsageError
from gknlp.rhetoric.learned.bags import Sight
from gknlp.rhetoric.learned.words import Word
from gknlp.rhetoric.marks import ACTORS
from gknlp.text.own_names import list_own_names

_NOUNS = frozenset("nrjbilsz")
_BEFORE = frozenset("nvmrjbqa")  # what may stand before the last character of a name that jieba cut off
OWN, UNKNOWN = "own", "?"


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """Where somebody is named; ``hint`` is the actor it mostly is, ``own`` for the agency's name, ``?`` if unlisted."""

    start: int
    end: int
    hint: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words and endings of ``patterns/mentions.toml``."""

    hints: dict[str, str]
    lengths: dict[str, tuple[int, ...]]  # of the words that begin with a character, longest first
    endings: frozenset[str]
    counted: frozenset[str]
    alone: frozenset[str]
    final: frozenset[str]
    agents: frozenset[str]


@cache
def load_mentions() -> Lexicon:
    """The shipped lexicon; UsageError where a hint is no actor."""
    data = tomllib.loads(files("gknlp.rhetoric").joinpath("patterns", "mentions.toml").read_text(encoding="utf-8"))
    unknown = [item["value"] for item in data["hints"] if item["value"] not in ACTORS]
    if unknown:
        raise UsageError(f"patterns of mentions: the value {unknown[0]!r} is not known; values are {', '.join(ACTORS)}")
    hints = {word: item["value"] for item in data["hints"] for word in item["words"].split()}
    sets = {name: frozenset(data[name]) for name in ("endings", "counted", "alone", "final", "agents")}
    lengths = {
        first: tuple(sorted({len(word) for word in hints if word[0] == first and len(word) > 1}, reverse=True))
        for first in sorted({word[0] for word in hints})
    }
    return Lexicon(hints, lengths, **sets)


def find_mentions(sight: Sight, words: list[Word]) -> list[Mention]:
    """The mentions of a unit in order; of those that overlap an own name stays, then the longest, then the first."""
    lexicon = load_mentions()
    found = [
        *_own_mentions(sight),
        *_listed_mentions(sight.text, sight.start, lexicon),
        *_noun_mentions(words, lexicon),
    ]
    found.sort(key=lambda mention: (mention.hint != OWN, mention.start - mention.end, mention.start, mention.hint))
    kept: list[Mention] = []
    for mention in found:
        if not any(mention.start < other.end and other.start < mention.end for other in kept):
            kept.append(mention)
    return sorted(kept)


def _own_mentions(sight: Sight) -> list[Mention]:
    found = []
    for name in _own_names(sight.place.agency or ""):
        at = sight.text.find(name, sight.start)
        while at >= 0:
            found.append(Mention(at, at + len(name), OWN))
            at = sight.text.find(name, at + 1)
    return found


@lru_cache(maxsize=4096)
def _own_names(agency: str) -> tuple[str, ...]:
    tails = (agency[at:] for at in range(1, len(agency) - 2) if agency[at] in "省市县区州旗镇乡")
    return tuple(dict.fromkeys([*list_own_names(agency), *tails]))


def _listed_mentions(text: str, start: int, lexicon: Lexicon) -> list[Mention]:
    found = []
    for at in range(start, len(text)):
        for length in lexicon.lengths.get(text[at], ()):
            hint = lexicon.hints.get(text[at : at + length])
            if hint and at + length <= len(text):
                found.append(Mention(at, at + length, hint))
                break
    return found


def _noun_mentions(words: list[Word], lexicon: Lexicon) -> list[Mention]:
    found = []
    before: Word | None = None
    for word in words:
        text, tag = word.text, word.tag
        if len(text) == 1:
            if text in lexicon.alone:
                joins = before and text in lexicon.final and before.tag[0] in _BEFORE and len(before.text) <= 4
                start = before.start if before and joins else word.start
                found.append(Mention(start, word.end, lexicon.hints.get(text, UNKNOWN)))
        elif (tag[0] in _NOUNS and tag != "v" and text[-1] in lexicon.endings) or (
            tag == "m" and text[-1] in lexicon.counted
        ):
            found.append(Mention(word.start, word.end, lexicon.hints.get(text, UNKNOWN)))
        before = word
    return found
