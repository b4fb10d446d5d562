"""Automatic numbers of Word paragraphs (自动编号): the 一、 and （一） that stand in no run of the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from gknlp.readers.docx_names import attribute, child, children_named, value_of

_DIGITS = "〇一二三四五六七八九"
_FORMAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"))
_ROMAN_SMALL = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_LARGEST = 9999
"""No list counts further; a hostile start value is cut to it."""
_N_LEVELS = 9
_LONGEST_CHAIN = 12
"""Styles based on styles; a circle ends here."""
_PLACEHOLDER = re.compile(r"%([1-9])")
_CLOSED = "、．.。)）】]》：:，,"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: its first number, number format and template (``%1、``), and what parts it from the text."""

    start: int = 1
    format: str = "decimal"
    template: str = ""
    suffix: str = "tab"
    never_restarts: bool = False
    arabic: bool = False


@dataclass(frozen=True, slots=True)
class NumberingList:
    """A list (w:num): the counters it shares with others, its levels, levels it starts anew, and levels by style."""

    shared: str
    levels: dict[int, Level]
    restarts: dict[int, int] = field(default_factory=dict)
    by_style: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Counters:
    """The state of all lists while paragraphs go by in reading order."""

    lists: dict[str, NumberingList]
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def next_label(self, list_id: str, level: int) -> str:
        """The number printed before the next paragraph of this list, '' for a bullet or an unknown list."""
        found = self.lists.get(list_id)
        if found is None or level not in found.levels:
            return ""
        counts = self._counts.setdefault(found.shared, {})
        if level in found.restarts and (list_id, level) not in self._begun:
            counts.pop(level, None)
        self._begun.add((list_id, level))
        first = found.restarts.get(level, found.levels[level].start)
        counts[level] = min(counts[level] + 1, _LARGEST) if level in counts else first
        for deeper in [key for key in counts if key > level]:
            if deeper not in found.levels or not found.levels[deeper].never_restarts:
                del counts[deeper]
        return _print_label(found, level, counts)


def parse_numbering(root: Any) -> dict[str, NumberingList]:
    """The lists of a numbering part by their id; none where the part is missing (None)."""
    if root is None:
        return {}
    shapes = {attribute(shape, "abstractNumId"): shape for shape in children_named(root, "abstractNum")}
    styled = {name: key for key, shape in shapes.items() if (name := _value(shape, "styleLink"))}
    lists = {}
    for number in children_named(root, "num"):
        key = _value(number, "abstractNumId")
        shape = shapes.get(key)
        if shape is not None:
            linked = styled.get(_value(shape, "numStyleLink"), key)
            lists[attribute(number, "numId")] = _make_list(linked, shapes[linked], number)
    return lists


@dataclass(frozen=True, slots=True)
class StyleNumber:
    """What a paragraph style says about numbering; '' where it says nothing. ``based_on`` is the style it extends."""

    list_id: str
    level: str
    based_on: str


def parse_style_numbers(root: Any) -> dict[str, StyleNumber]:
    """Numbering by paragraph style of a styles part; none where the part is missing (None)."""
    found = {}
    for style in children_named(root, "style") if root is not None else ():
        properties = child(style, "pPr")
        list_id, level = _numbering_of(None if properties is None else child(properties, "numPr"))
        found[attribute(style, "styleId")] = StyleNumber(list_id, level, _value(style, "basedOn"))
    return found


def label_of(own: Any, style: str, styles: dict[str, StyleNumber], counters: Counters) -> str:
    """The number of a paragraph by its own numbering (w:numPr or None), else by its style; counts it."""
    if not counters.lists:
        return ""
    list_id, level = _numbering_of(own)
    for _ in range(_LONGEST_CHAIN):
        shape = styles.get(style)
        if list_id or shape is None:
            break
        list_id = shape.list_id
        if list_id and not level:
            known = counters.lists.get(list_id)
            level = shape.level or str(known.by_style.get(style, 0) if known else 0)
        style = shape.based_on
    return counters.next_label(list_id, _int(level, 0)) if list_id not in ("", "0") else ""


def _numbering_of(found: Any) -> tuple[str, str]:
    return ("", "") if found is None else (_value(found, "numId"), _value(found, "ilvl"))


def format_number(value: int, style: str) -> str:
    """A list's number in Word's number format; an unknown format counts in Arabic figures, ``none`` not at all.

    >>> [format_number(12, style) for style in ("chineseCounting", "decimal", "lowerLetter", "upperRoman")]
    ['十二', '12', 'l', 'XII']
    """
    return _FORMATS.get(style, str)(value)


def _make_list(shared: str, shape: Any, number: Any) -> NumberingList:
    levels = dict(_levels(shape))
    restarts = {}
    for override in children_named(number, "lvlOverride"):
        levels.update(_levels(override))
        start = _value(override, "startOverride")
        if start:
            restarts[_int(attribute(override, "ilvl"), 0)] = _int(start, 1)
    by_style = {
        style: _int(attribute(level, "ilvl"), 0)
        for level in children_named(shape, "lvl")
        if (style := _value(level, "pStyle"))
    }
    return NumberingList(shared, levels, restarts, by_style)


def _levels(parent: Any) -> Iterator[tuple[int, Level]]:
    for level in children_named(parent, "lvl"):
        index = _int(attribute(level, "ilvl"), 0)
        if index < _N_LEVELS:
            yield (
                index,
                Level(
                    start=_int(_value(level, "start"), 1),
                    format=_value(level, "numFmt") or "decimal",
                    template=_value(level, "lvlText"),
                    suffix=_value(level, "suff") or "tab",
                    never_restarts=_value(level, "lvlRestart") == "0",
                    arabic=child(level, "isLgl") is not None,
                ),
            )


def _print_label(found: NumberingList, level: int, counts: dict[int, int]) -> str:
    own = found.levels[level]
    if own.format == "bullet":
        return ""

    def number_of(match: re.Match[str]) -> str:
        index = int(match[1]) - 1
        other = found.levels.get(index, own)
        return format_number(counts.get(index, other.start), "decimal" if own.arabic else other.format)

    label = _PLACEHOLDER.sub(number_of, own.template)
    return f"{label} " if label and own.suffix != "nothing" and label[-1] not in _CLOSED else label


def _chinese(value: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    """Counting as spoken up to 9999: 十二, 一百零三."""
    places = str(value)
    printed = ""
    for index, figure in enumerate(places):
        unit = len(places) - index - 1
        if figure != "0":
            printed += digits[int(figure)] + (units[unit - 1] if unit else "")
        elif printed and not printed.endswith("零"):
            printed += "零"
    printed = printed.rstrip("零") or digits[0]
    return printed[1:] if digits == _DIGITS and printed.startswith("一十") else printed


def _spelt(value: int) -> str:
    return "".join(_DIGITS[int(figure)] for figure in str(value))


def _cycled(names: str) -> Callable[[int], str]:
    return lambda value: names[(value - 1) % len(names)] if value > 0 else str(value)


def _letters(value: int) -> str:
    """A to z, then aa, bb as Word does it."""
    return chr(ord("a") + (value - 1) % 26) * min((value - 1) // 26 + 1, 30) if value > 0 else str(value)


def _roman(value: int) -> str:
    printed = ""
    for worth, sign in (*_ROMAN, *_ROMAN_SMALL):
        printed += sign * (value // worth)
        value %= worth
    return printed


def _from_block(first: str, last: int) -> Callable[[int], str]:
    return lambda value: chr(ord(first) + value - 1) if 1 <= value <= last else str(value)


_FORMATS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "decimalZero": lambda value: f"{value:02d}",
    "decimalFullWidth": lambda value: str(value).translate({ord("0") + n: ord("０") + n for n in range(10)}),
    "decimalEnclosedCircle": _from_block("①", 20),
    "decimalEnclosedCircleChinese": _from_block("①", 20),
    "decimalEnclosedParen": _from_block("⑴", 20),
    "decimalEnclosedFullstop": _from_block("⒈", 20),
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "ideographDigital": _spelt,
    "japaneseDigitalTenThousand": _spelt,
    "taiwaneseDigital": _spelt,
    "chineseLegalSimplified": lambda value: _chinese(value, _FORMAL_DIGITS, "拾佰仟"),
    "ideographLegalTraditional": lambda value: _chinese(value, "零壹貳參肆伍陸柒捌玖", "拾佰仟"),
    "ideographTraditional": _cycled(_STEMS),
    "ideographZodiac": _cycled(_BRANCHES),
    "lowerLetter": _letters,
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
}


def _value(parent: Any, name: str) -> str:
    return value_of(child(parent, name))


def _int(printed: str, default: int) -> int:
    return min(int(printed), _LARGEST) if printed.isascii() and printed.isdigit() and len(printed) < 10 else default
