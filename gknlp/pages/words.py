"""Two-language wording: a value that holds a Chinese and an English text, and the words for the keys of tables."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

Words = dict[str, str]
_PARTED = re.compile(r"(.*[\u3000-\u9fff\uff00-\uffef])\s{1,9}([A-Za-z][\x20-\x7e\u2010-\u2027]*)", re.DOTALL)


def say(zh: object, en: object) -> Words:
    """One statement in both languages of the interface (界面语言), as JSON-able data.

    >>> say("缺", "missing")
    {'zh': '缺', 'en': 'missing'}
    """
    return {"zh": str(zh), "en": str(en)}


def same(text: object) -> Words:
    """A name or number that reads the same in both languages."""
    return say(text, text)


@cache
def _vocabulary() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


def word(group: str, key: Any) -> Words:
    """The words for a key of a table; an unknown key is shown as it is, an absent one as a dash.

    >>> word("levels", "township")["en"]
    'township'
    >>> word("levels", None)["zh"]
    '—'
    """
    if key is None or key == "":
        return same("—")
    pair = _vocabulary().get(group, {}).get(str(key))
    return say(*pair) if pair else same(key)


def keys_of(group: str) -> tuple[str, ...]:
    """The keys of one group of words, in the order of the form or the codebook."""
    return tuple(_vocabulary().get(group, {}))


def percent(value: float | None, *, digits: int = 0) -> str:
    """A share as a percentage; a dash where there is none, so that zero and missing never look alike.

    >>> percent(0.618), percent(0.0), percent(None), percent(0.004)
    ('62 %', '0 %', '—', '<1 %')
    """
    if value is None:
        return "—"
    if 0 < value < 0.01 and digits == 0:
        return "<1 %"
    if 0.99 < value < 1 and digits == 0:
        return ">99 %"
    return f"{100 * value:.{digits}f} %"


def split_languages(text: str) -> Words:
    """A text that says the same in Chinese and then in English, parted; any other text reads the same in both.

    >>> split_languages("说了什么？ What do they say?")["en"]
    'What do they say?'
    >>> split_languages("说了什么？")["en"]
    '说了什么？'
    """
    parted = _PARTED.fullmatch(text.strip())
    return say(*parted.groups()) if parted else same(text)


def number(value: float | None) -> str:
    r"""A number as people write it: no '.0', a thin space between thousands, a dash for none.

    >>> number(12345.0), number(2.5), number(None)
    ('12\u2009345', '2.5', '—')
    """
    if value is None:
        return "—"
    if float(value).is_integer():
        return f"{int(value):,}".replace(",", "\u2009")
    return f"{value:,.4f}".rstrip("0").rstrip(".").replace(",", "\u2009")


def plural(count: int, noun: str, many: str | None = None) -> str:
    """A counted English noun.

    >>> plural(1, "agency", "agencies"), plural(3, "report")
    ('1 agency', '3 reports')
    """
    return f"{number(count)} {noun if count == 1 else many or noun + 's'}"
