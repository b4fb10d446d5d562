"""Sentences from our own grammar: clauses over word banks, so varied that two drawn apart share no long run."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from planted_parts.dice import Dice
from planted_parts.model import SELF

HERE = Path(__file__).resolve().parent.parent
TYPO_SHARE = 0.03
"""Sentences with a slip of one character; published reports have a few each."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """Word banks, and clauses and openers as alternating fixed words and slots."""

    banks: dict[str, tuple[str, ...]]
    clauses: tuple[tuple[str, ...], ...]
    openers: tuple[tuple[str, ...], ...]


@cache
def load_grammar() -> Grammar:
    """The grammar beside the recipe."""
    data = tomllib.loads((HERE / "grammar.toml").read_text(encoding="utf-8"))
    return Grammar(
        banks={name: tuple(words.split()) for name, words in data["banks"].items()},
        clauses=tuple(tuple(re.split(r"\{(\w+)\}", one)) for one in data["clauses"]["patterns"]),
        openers=tuple(tuple(re.split(r"\{(\w+)\}", one)) for one in data["clauses"]["openers"]),
    )


def write_sentence(dice: Dice, year: int) -> str:
    """One sentence of 15 to 90 characters with its stop; SELF stands for the agency."""
    grammar = load_grammar()
    parts = [_fill(dice, dice.pick(grammar.openers), year)]
    for number in range(1 + dice.below(3)):
        if number:
            parts.append("；" if dice.chance(0.1) else "，")
        parts.append(_fill(dice, dice.pick(grammar.clauses), year))
    text = "".join(parts) + "。"
    if dice.chance(TYPO_SHARE):
        at = dice.below(len(text) - 1)
        text = text[:at] + dice.pick(grammar.banks["site_a"]) + text[at + 1 :]
    return text


def write_place(dice: Dice) -> str:
    """A made-up village, quarter or works."""
    banks = load_grammar().banks
    return dice.pick(banks["site_a"]) + dice.pick(banks["site_b"]) + dice.pick(banks["site_c"])


def _fill(dice: Dice, pattern: tuple[str, ...], year: int) -> str:
    banks = load_grammar().banks
    words = list(pattern)
    for at in range(1, len(words), 2):
        slot = words[at]
        if slot == "place":
            words[at] = write_place(dice)
        elif slot == "desk":
            words[at] = dice.pick(banks["desk_a"]) + dice.pick(banks["desk_b"])
        elif slot == "n":
            words[at] = str(dice.between(2, 480))
        elif slot == "year":
            words[at] = str(year)
        elif slot == "self":
            words[at] = SELF
        else:
            words[at] = dice.pick(banks[slot])
    return "".join(words)
