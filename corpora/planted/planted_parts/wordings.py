"""Wording that stands in no document first: formulae, the fictional statute and model text (范文), and what the form prescribes."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from planted_parts.dice import Dice
from planted_parts.grammar import HERE, load_grammar, write_place, write_sentence
from planted_parts.model import Agency, Piece
from planted_parts.sources import STOPS

REFERENCE_CHARS = 4000
REFERENCE_KINDS = ("mandated", "model_text")


@cache
def write_formula(seed: str, number: int) -> str:
    """A formula of one to four sentences; SELF stands for the agency."""
    dice = Dice(f"{seed}.formula.{number}")
    length = dice.between(40, 150)
    return _write_until(dice, length)


@cache
def write_reference(seed: str, kind: str) -> str:
    """The statute (``mandated``) or the model text (``model_text``) that a user would name as reference."""
    return _write_until(Dice(f"{seed}.reference.{kind}"), REFERENCE_CHARS)


def cut_reference(dice: Dice, seed: str, kind: str, shortest: int, longest: int) -> str:
    """Whole clauses of a reference, about ``shortest`` to ``longest`` characters."""
    text = write_reference(seed, kind)
    stops = [at + 1 for at, char in enumerate(text) if char in STOPS]
    first = dice.pick([stop for stop in stops if len(text) - stop > 2 * longest])
    last = min((stop for stop in stops if stop >= first + dice.between(shortest, longest)), default=len(text))
    return text[first:last]


def write_preamble(dice: Dice, agency: Agency, year: int) -> list[Piece]:
    """Title, legal basis, contents list, data period, where the copy is and whom to ask: prescribed but for the address."""
    frame = load_frame()
    pieces = [Piece(_fill(dice, dice.pick(frame["title"]), agency, year) + "\n", "mandated", "preamble")]
    for name in ("basis", "contents", "period", "copy", "contact"):
        text = _fill(dice, dice.pick(frame[name]), agency, year)
        if text:
            pieces.append(Piece(text, "mandated", "preamble"))
            if name == "contact":
                pieces.append(Piece(_fill(dice, dice.pick(frame["address"]), agency, year), "original", "own"))
    pieces.append(Piece("\n", "original", "own"))
    return pieces


@cache
def load_frame() -> dict[str, Any]:
    """The wordings beside the recipe."""
    return tomllib.loads((HERE / "frame.toml").read_text(encoding="utf-8"))


def _fill(dice: Dice, pattern: str, agency: Agency, year: int) -> str:
    phone = dice.pick(load_grammar().banks["site_a"]) + "字" + str(dice.between(100, 999))
    return (
        pattern.replace("{agency}", agency.name)
        .replace("{self}", agency.selves[0])
        .replace("{year}", str(year))
        .replace("{place}", write_place(dice) if "{place}" in pattern else "")
        .replace("{n}", str(dice.between(1, 200)))
        .replace("{phone}", phone)
    )


def _write_until(dice: Dice, length: int) -> str:
    text = ""
    while len(text) < length:
        text += write_sentence(dice, 2021)
    return text
