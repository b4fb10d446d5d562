"""Sentence banks: templates drawn so that two agencies seldom share one, and their slots filled."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import Any

from .dice import Dice
from .model import PHRASES, Agency, load_toml

SLOT = re.compile(r"\{(\w+)(?::(\d+)-(\d+))?\}")
# Years stay open until a report is finished, so that an agency can repeat its last report "but for the year".
YEAR_MARKS = {"year": "\ue000", "next": "\ue001", "prev": "\ue002"}
RURAL = ("村级", "村口", "走村", "村民", "村组", "院坝", "赶集", "集市", "田间", "种田", "山场", "农事", "当季农时")


class Bank:
    """All templates, and how often each was used so far (by anyone, and by each agency)."""

    def __init__(self) -> None:
        self.themes: dict[str, dict[str, list[str]]] = {}
        for name in ("opening", "overview_a", "overview_b", "overview_c", "plans"):
            path = PHRASES / f"{name}.toml"
            for theme, pools in load_toml(path).items():
                known = self.themes.setdefault(theme, {})
                for condition, lines in pools.items():
                    known.setdefault(condition, []).extend(lines)
        self.words: dict[str, list[str]] = load_toml(PHRASES / "slots.toml")
        self.headings: dict[str, Any] = load_toml(PHRASES / "headings.toml")
        self._used: Counter[str] = Counter()
        self._used_by: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def usable(self, phrase: str, agency: Agency) -> bool:
        """False for village matters outside townships."""
        return agency.level == "township" or not any(word in phrase for word in RURAL)

    def draw(self, theme: str, conditions: tuple[str, ...], agency: Agency, dice: Dice) -> str:
        """The template of ``theme`` least used so far: first by this agency, then by anyone; ties by chance."""
        pool = [line for condition in conditions for line in self.themes[theme].get(condition, ())]
        pool = [line for line in pool if self.usable(line, agency)]
        if not pool:
            raise KeyError(f"no sentence for {theme} under {conditions}")
        mine = self._used_by[agency.id]
        fewest = min((mine[line], self._used[line]) for line in pool)
        line = dice.pick([line for line in pool if (mine[line], self._used[line]) == fewest])
        self._used[line] += 1
        mine[line] += 1
        return line


class Writer:
    """Fills the slots of one report's sentences; a phrase is used once per report as long as the supply lasts."""

    def __init__(self, bank: Bank, agency: Agency, facts: dict[str, int], dice: Dice) -> None:
        self.bank, self.agency, self.facts, self.dice = bank, agency, facts, dice
        self._spent: set[str] = set()

    def sentence(self, theme: str, *conditions: str) -> str:
        """A filled sentence of ``theme`` without its final stop."""
        return self.fill(self.bank.draw(theme, conditions or ("any",), self.agency, self.dice))

    def fill(self, template: str) -> str:
        """``template`` with every slot filled."""
        return SLOT.sub(self._value, template)

    def word(self, slot: str) -> str:
        """A phrase for ``slot``, unused in this report if there is one."""
        supply = list(getattr(self.agency, slot)) if slot in {"own", "files"} else self._supply(slot)
        fresh = [phrase for phrase in supply if phrase not in self._spent]
        if not fresh:
            self._spent.difference_update(supply)
            fresh = supply
        phrase = self.dice.pick(fresh)
        self._spent.add(phrase)
        return f"《{phrase}》" if slot == "files" else phrase

    def _supply(self, slot: str) -> list[str]:
        return [phrase for phrase in self.bank.words[slot] if self.bank.usable(phrase, self.agency)]

    def _value(self, match: re.Match[str]) -> str:
        slot, low, high = match.groups()
        if low is not None:
            return str(self.dice.between(int(low), int(high)))
        if slot in YEAR_MARKS:
            return YEAR_MARKS[slot]
        if slot in self.facts:
            return str(self.facts[slot])
        if slot in {"own", "files"} or slot in self.bank.words:
            return self.word(slot)
        return str(getattr(self.agency, slot))
