"""What copyists change: characters, words, numbers, names, sentences."""

from __future__ import annotations

import re

from planted_parts.dice import Dice
from planted_parts.grammar import load_grammar, write_sentence
from planted_parts.model import SELF, Agency

LEFTOVER_SHARE = 0.1
"""Own names of the source that the copyist overlooks."""


def adopt_names(dice: Dice, text: str, source: Agency, target: Agency) -> str:
    """The text with the source's names for itself replaced by the target's, but for a few that are overlooked."""
    if source is target:
        return text
    pattern = "|".join(map(re.escape, sorted(source.selves, key=len, reverse=True)))
    return re.sub(pattern, lambda m: m[0] if dice.chance(LEFTOVER_SHARE) else dice.pick(target.selves), text)


def fill_names(dice: Dice, text: str, agency: Agency) -> str:
    """The text with every SELF filled in."""
    return "".join(part + (dice.pick(agency.selves) if more else "") for part, more in _mark_last(text.split(SELF)))


def _mark_last(parts: list[str]) -> list[tuple[str, bool]]:
    return [(part, number + 1 < len(parts)) for number, part in enumerate(parts)]


def edit_text(dice: Dice, text: str, rate: float) -> tuple[str, float]:
    """The text with at most ``rate`` of its characters changed, and the share that was (an upper bound of the distance).

    A third of the changes are single characters (replaced, put in, left out), a third words of two, the rest numbers and
    phrases of three to five characters put in or left out.
    """
    chars = list(text)
    budget = int(rate * len(text))
    spent = 0
    while spent < budget and len(chars) > 10:
        cost = _change(dice, chars, budget - spent)
        spent += cost
    return "".join(chars), spent / max(len(text), 1)


def _change(dice: Dice, chars: list[str], left: int) -> int:
    banks = load_grammar().banks
    at = dice.below(len(chars) - 6)
    kind = dice.below(6)
    if kind >= 4 and left >= 5:
        length = dice.between(3, 5)
        if dice.chance(0.5):
            del chars[at : at + length]
            return length
        phrase = dice.pick(banks["how"]) + dice.pick(banks["verb"])
        chars[at:at] = phrase
        return len(phrase)
    if kind >= 2 and left >= 2:
        numbers = [m.span() for m in re.finditer(r"\d+", "".join(chars))]
        if kind == 3 and numbers:
            start, end = dice.pick(numbers)
            number = str(dice.between(2, 9999))
            chars[start:end] = number
            return max(len(number), end - start)
        chars[at : at + 2] = dice.pick(banks["verb"])
        return 2
    char = dice.pick(dice.pick(banks["verb"]))
    if kind == 0:
        chars[at] = char
    elif dice.chance(0.5):
        chars.insert(at, char)
    else:
        del chars[at]
    return 1


def edit_sentences(dice: Dice, sentences: list[str], rate: float, year: int) -> list[tuple[str, bool, float, int]]:
    """Sentences edited as a near-copy is: some left out, put in, moved, the others reworded in places.

    Parameters
    ----------
    rate : the share of characters that change, 0.05 to 0.2: between a third and two thirds of it by whole sentences.

    Returns
    -------
    For each sentence its text, whether it was copied, the share changed in it, and its number in ``sentences`` (-1: new).
    """
    by_sentence = rate * dice.within(0.33, 0.67)
    result: list[tuple[str, bool, float, int]] = []
    for number, sentence in enumerate(sentences):
        if dice.chance(by_sentence / 2):
            continue
        text, share = edit_text(dice, sentence, dice.within(0, 2) * (rate - by_sentence))
        result.append((text, True, share, number))
        if dice.chance(by_sentence / 2):
            result.append((write_sentence(dice, year), False, 0.0, -1))
        if len(result) > 1 and dice.chance(by_sentence / 4):
            result[-1], result[-2] = result[-2], result[-1]
    return result
