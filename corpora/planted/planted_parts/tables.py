"""The form's tables, printed a row a line with pipes and made-up figures: labels are facts, read from the forms of the library."""

from __future__ import annotations

import tomllib
from functools import cache

from planted_parts.dice import Dice
from planted_parts.grammar import HERE

FORM = HERE.parents[1] / "gknlp" / "forms" / "2021.toml"


def print_tables(dice: Dice) -> list[str]:
    """The text of tables two to four."""
    return ["".join(_print_block(dice, block) for block in table) for table in _load_tables()]


@cache
def _load_tables() -> list[list[tuple[str, tuple[str, ...], tuple[str, ...]]]]:
    data = tomllib.loads(FORM.read_text(encoding="utf-8"))
    return [
        [
            (block["label"], tuple(c["label"] for c in block["columns"]), tuple(r["label"] for r in block["rows"]))
            for block in table["blocks"]
        ]
        for table in data["tables"]
    ]


def _print_block(dice: Dice, block: tuple[str, tuple[str, ...], tuple[str, ...]]) -> str:
    label, columns, rows = block
    lines = [label, " | ".join(["信息内容", *columns])]
    for row in rows:
        figures = [str(dice.between(1, 90) if dice.chance(0.15) else 0) for _ in columns]
        lines.append(" | ".join([row, *figures]))
    return "\n".join(line for line in lines if line) + "\n"
