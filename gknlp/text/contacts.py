"""Contacts (联系方式) in a text: telephone numbers, mail addresses, QQ and identity numbers, names in contact lines.

Found by wording alone and hidden without moving a character, so that every offset into the text stays true.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

MASK = "＊"
_D = "[0-9０-９]"
_DASH = "[-－—–‐]"
_NO_DIGIT_BEFORE = r"(?<![0-9０-９.．,，])"
_NO_DIGIT_BEHIND = r"(?![0-9０-９])(?![.．][0-9０-９])"
_HAN = "[\u4e00-\u9fff]"
_SPACE = "[ \u3000\t]"
_LONGEST_LOOK_BACK = 24
"""How far before a bare mobile number its cue or its table row is looked for: a label and a line break fit in."""
_ALWAYS = (
    # mail; # and (at) stand in for @ against collectors of addresses
    r"[A-Za-z0-9._%+-]{1,64}(?:[@＠#＃]|[(（\[]at[)）\]])[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,12}",
    # area code, dash or brackets, number, extension
    rf"{_NO_DIGIT_BEFORE}(?<!{_DASH})[0０]{_D}{{2,3}}(?:{_DASH}|{_SPACE}{_DASH}{_SPACE}){_D}{{7,8}}(?:{_DASH}{_D}{{1,5}}|转{_D}{{1,5}})?{_NO_DIGIT_BEHIND}",
    rf"[(（][0０]{_D}{{2,3}}[)）]{_SPACE}?{_D}{{7,8}}{_NO_DIGIT_BEHIND}",
    rf"{_NO_DIGIT_BEFORE}[48４８][0０]{{2}}{_DASH}{_D}{{3,4}}{_DASH}?{_D}{{3,4}}{_NO_DIGIT_BEHIND}",
    # identity number: region, date of birth, order, check digit
    rf"{_NO_DIGIT_BEFORE}[1-9]{_D}{{5}}(?:18|19|20){_D}{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]{_D}|3[01]){_D}{{3}}[0-9０-９XxＸ](?![0-9０-９A-Za-z])",
)
_NAMED = (
    rf"(?:QQ|qq|ＱＱ)(?:交流群|工作群|群|号码|号)?(?:号码|号)?{_SPACE}?[:：]?{_SPACE}?({_D}{{5,12}}){_NO_DIGIT_BEHIND}",
    rf"微信(?:号|号码)?{_SPACE}?[:：]{_SPACE}?([A-Za-z][-_A-Za-z0-9]{{5,19}})",
    rf"身份证(?:号码|号)?{_SPACE}?[:：]?{_SPACE}?({_D}{{15}}|{_D}{{17}}[0-9０-９XxＸ])(?![0-9０-９])",
)
_MOBILE = re.compile(
    rf"{_NO_DIGIT_BEFORE}(?<!{_DASH})[1１][3-9３-９]{_D}{_DASH}?{_D}{{4}}{_DASH}?{_D}{{4}}{_NO_DIGIT_BEHIND}"
)
_BOUNDARY = rf"(?=$|[\s,，。.;；、:：()（）|/／0-9０-９*＊]|电{_SPACE}{{0,2}}话|手机|联系|传真|职务)"
_NAME = rf"{_HAN}(?:{_HAN}{{1,3}}?|{_SPACE}{{1,4}}{_HAN}){_BOUNDARY}"


def mask_contacts(text: str) -> str:
    """The text with every contact replaced by ＊, a mark a character: the length and all other characters stay.

    Parameters
    ----------
    text : any wording. An empty text stays empty.

    Returns
    -------
    Short public numbers (12345), figures with a unit, dates, document numbers and the names of offices are kept. A bare
    mobile number is kept between the marks of a table row, before a unit, and alone on its line without a cue before it.

    >>> mask_contacts("联系人：某甲，电话：0000-1234567。依据〔2021〕30号文办理1234567件。")
    '联系人：＊＊，电话：＊＊＊＊＊＊＊＊＊＊＊＊。依据〔2021〕30号文办理1234567件。'
    """
    spans = list(find_contacts(text))
    if not spans:
        return text
    letters = list(text)
    for start, end in spans:
        letters[start:end] = MASK * (end - start)
    return "".join(letters)


def find_contacts(text: str) -> tuple[tuple[int, int], ...]:
    """Where contacts stand, as half-open code points, ascending; they may overlap. An empty text gives none."""
    return tuple(sorted({*_numbers(text), *_bare_mobiles(text), *_names(text)}))


def _numbers(text: str) -> Iterator[tuple[int, int]]:
    always, named, listed = _number_patterns()
    for pattern in always:
        yield from (match.span() for match in pattern.finditer(text))
    for pattern in named:
        yield from (match.span(1) for match in pattern.finditer(text))
    for match in listed.finditer(text):
        yield from (_shift(number.span(), match.start(1)) for number in _LISTED_NUMBER.finditer(match.group(1)))


def _bare_mobiles(text: str) -> Iterator[tuple[int, int]]:
    units = tuple(_words()["units"])
    for match in _MOBILE.finditer(text):
        before = text[max(match.start() - _LONGEST_LOOK_BACK, 0) : match.start()]
        behind = text[match.end() : match.end() + 2].lstrip(" \u3000")
        called = any(cue in before for cue in ("话", "机", "真", "联系", "微信", "Tel", "TEL"))
        if called or not (behind.startswith(units) or _in_row(before, behind)):
            yield match.span()


def _in_row(before: str, behind: str) -> bool:
    """Whether a number stands between the marks of a table row or alone on its line."""
    opens = not before.strip(" \u3000") or before.rstrip(" \u3000")[-1] in "|｜\t\n\r"
    closes = not behind or behind[0] in "|｜\t\n\r"
    return opens and closes


def _names(text: str) -> Iterator[tuple[int, int]]:
    for match in _name_pattern().finditer(text):
        if match["weak"] and not _may_open(text[max(match.start() - 2, 0) : match.start()]):
            continue
        colon = match["colon"] is not None
        if not (colon or match["weak"] or match["gap"] or _PHONE_SOON.search(text, match.end(), match.end() + _SOON)):
            continue
        start, end = match.span("names")
        for place, name in enumerate(_ONE_NAME.finditer(text, start, end)):
            if _is_name(name.group(), sure=colon and place == 0):
                yield name.span()


def _may_open(before: str) -> bool:
    """Whether a weak cue may begin here: at no Chinese character, or at the head of such a label."""
    return not re.search(_HAN + r"\Z", before) or before.endswith(tuple(_words()["name_cue_heads"]))


def _is_name(word: str, *, sure: bool) -> bool:
    """Whether a word of 2 to 4 Chinese characters is a personal name; ``sure``: a name was announced with a colon."""
    words = _words()
    plain = re.sub(_SPACE, "", word)
    if plain.startswith(tuple(words["no_names"])) or (
        len(plain) > 2 and plain.endswith(tuple(words["office_endings"]))
    ):
        return False
    if plain.startswith(tuple(words["compound_surnames"])):
        return True
    return len(plain) <= 3 and (sure or plain[0] in words["surnames"])


def _shift(span: tuple[int, int], by: int) -> tuple[int, int]:
    return span[0] + by, span[1] + by


_PHONE_SOON = re.compile(rf"电{_SPACE}{{0,2}}话|手机|联系方式|{_D}{{7}}")
_SOON = 16
"""A name directly behind its cue is believed when a telephone follows this close: 联络员 is a word of running text, too."""
_ONE_NAME = re.compile(_NAME)
_LISTED_NUMBER = re.compile(
    rf"[0０]{_D}{{9,11}}|[1１]{_D}{{10}}|{_D}{{7,8}}(?:{_DASH}{_D}{{1,5}}|转{_D}{{1,5}})?|{_D}{{3,4}}{_SPACE}{_D}{{7,8}}"
)


@cache
def _number_patterns() -> tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...], re.Pattern[str]]:
    one = rf"(?:[0０]{_D}{{2,3}}[-－—– ]?)?{_D}{{7,12}}(?:{_DASH}{_D}{{1,5}}|转{_D}{{1,5}})?"
    units = "".join(sorted(set("".join(_words()["units"]))))
    listed = (
        rf"(?:{_any_of(_words()['phone_cues'])})(?:号码)?{_SPACE}{{0,4}}(?:[(（][^()（）\n]{{0,12}}[)）])?{_SPACE}{{0,4}}[:：]?\s{{0,4}}"
        rf"({one}(?:{_SPACE}?[、，,/／；;或]{_SPACE}?{one}){{0,4}})(?![0-9０-９])(?!{_SPACE}?[{units}])"
    )
    return tuple(map(re.compile, _ALWAYS)), tuple(map(re.compile, _NAMED)), re.compile(listed)


@cache
def _name_pattern() -> re.Pattern[str]:
    """A cue, a colon or none, and up to five names; group ``weak`` where the cue needs the colon."""
    words = _words()
    rest = rf"(?P<names>{_NAME}(?:{_SPACE}?[、,，/／]{_SPACE}?{_NAME}){{0,4}})"
    colon = rf"{_SPACE}{{0,2}}[:：]\s{{0,4}}"
    return re.compile(
        rf"(?:(?:{_any_of(words['name_cues'])})(?:姓名)?(?:(?P<colon>{colon})|(?P<gap>{_SPACE}{{1,4}})|)"
        rf"|(?P<weak>{_any_of(words['colon_cues'])})(?:{colon})){rest}"
    )


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(files("gknlp.text").joinpath("contacts.toml").read_text(encoding="utf-8"))
