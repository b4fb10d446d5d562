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


_CHINESE_DIGITS = {char: digit for digit, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CHINESE_UNITS = {"十": 10, "百": 100, "千": 1000}


def parse_chinese_count(raw: str) -> int | None:
    """The count that Chinese numerals below 100 million say (汉字数字); None where they are none by the grammar.

    Digits without units (二〇) and skipped places without 零 (一百五 for 150) are no count: they are said, not written.

    >>> [parse_chinese_count(raw) for raw in ("零", "十二", "一百零五", "两千三百", "三万", "二〇", "一百五", "")]
    [0, 12, 105, 2300, 30000, None, None, None]
    """
    high, mark, low = raw.partition("万")
    if mark:
        tens = _below_ten_thousand(high)
        rest = _below_ten_thousand(low.removeprefix("零")) if low else 0
        is_short = bool(low) and rest is not None and rest < 1000 and low[0] not in "零〇"
        return None if not tens or rest is None or is_short else tens * 10_000 + rest
    return _below_ten_thousand(raw)


def _below_ten_thousand(raw: str) -> int | None:
    if raw in ("零", "〇"):
        return 0
    total, last, place = 0, 10_000, 0
    while place < len(raw):
        skips = raw[place] in "零〇"
        place += skips
        digit = _CHINESE_DIGITS.get(raw[place], 0) if place < len(raw) else 0
        opens_with_ten = raw[place : place + 1] == "十" and (place == 0 or skips)
        if not digit and not opens_with_ten:
            return None
        place += not opens_with_ten
        unit = _CHINESE_UNITS.get(raw[place], 0) if place < len(raw) else 1
        if not unit or unit >= last or (unit * 10 != last and not skips and last != 10_000):
            return None
        total, last, place = total + (digit or 1) * unit, unit, place + 1
    return total if raw else None


def yuan_of(digits: Decimal, unit: str | None) -> float | None:
    """A sum of money in yuan by decimal arithmetic; None where the unit is unknown.

    >>> yuan_of(Decimal("103.5"), "万元"), yuan_of(Decimal(3), None)
    (1035000.0, None)
    """
    factor = _YUAN.get(unit or "")
    return None if factor is None else float(digits * factor)
