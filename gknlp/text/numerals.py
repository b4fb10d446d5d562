"""Numbers as agencies print them, by a strict grammar: what is not surely a number stays text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from gknlp.text.folding import fold_width

_BLANK_MARKS = frozenset({"", "/", "\\", "-", "--", "—", "——", "–", "―", "－", "无", "空", "——/", "·", "*"})
_COUNT_UNITS = "件|项|条|个|份|宗|起|次|人|例"
_YUAN = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000), "万": Decimal(10_000)}
# At most 15 digits: beyond that no count and no sum of money in a report is real, and int/float stay exact.
_NUMBER = re.compile(
    rf"(?P<sign>[+\-−]|增加?|减少?)?\s?(?P<whole>\d{{1,3}}(?:,\d{{3}}){{1,4}}|\d{{1,15}})(?:\.(?P<part>\d{{1,6}}))?"
    rf"\s?(?P<unit>亿元|万元|万|元|{_COUNT_UNITS})?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed number; ``unit`` is None where none is printed."""

    value: int | float
    unit: str | None
    digits: Decimal


@lru_cache(maxsize=4096)
def is_blank_mark(raw: str) -> bool:
    """Whether a printed cell says "not stated": empty, a stroke, a dash, 无. Never to be read as zero.

    >>> [is_blank_mark(raw) for raw in ("", "／", "无", "0")]
    [True, True, True, False]
    """
    return fold_width(raw).strip() in _BLANK_MARKS


@lru_cache(maxsize=4096)
def parse_amount(raw: str) -> Amount | None:
    """The number that a cell prints, or None where it is not one by the grammar.

    Sign (+, -, 增, 减), thousands marks, at most six decimals and a unit are allowed; width does not matter.

    >>> parse_amount("－1,204"), parse_amount("103.5万元").unit, parse_amount("²"), parse_amount("1_000")
    (Amount(value=-1204, unit=None, digits=Decimal('-1204')), '万元', None, None)
    """
    folded = fold_width(raw).strip().replace("，", ",")
    if folded in ("零", "〇"):
        return Amount(0, None, Decimal(0))
    match = _NUMBER.fullmatch(folded)
    if match is None:
        return None
    digits = Decimal(match["whole"].replace(",", "") + ("." + match["part"] if match["part"] else ""))
    if match["sign"] and match["sign"][0] in "-−减":
        digits = -digits
    value = float(digits) if match["part"] else int(digits)
    return Amount(value, match["unit"], digits)


def yuan_of(digits: Decimal, unit: str | None) -> float | None:
    """A sum of money in yuan by decimal arithmetic; None where the unit is unknown.

    >>> yuan_of(Decimal("103.5"), "万元"), yuan_of(Decimal(3), None)
    (1035000.0, None)
    """
    factor = _YUAN.get(unit or "")
    return None if factor is None else float(digits * factor)
