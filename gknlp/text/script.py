"""Traditional script (繁体字) as simplified, one character for one, and the pinyin that some mirrors leave behind it.

Copies on foreign mirrors print 機(jī)關(guān): traditional characters, and the reading of some in brackets.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from gknlp.records import Span

_FEWEST_SIGNALS = 3
"""Fewer traditional characters than this are a name or a quotation: the text is not in traditional script."""
_FEWEST_TONED = 3
"""Fewer readings with a tone mark than this are glosses of an author, who meant them to be read."""
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜĀÁǍÀĒÉĚÈŌÓǑÒńňǹḿ\u0300\u0301\u0304\u030c"
_LETTERS = rf"[A-Za-züÜêÊɑɡ\u0308{_TONED}]"
_RESIDUE = re.compile(rf"(?<=[一-鿿㐀-䶿])[（(] ?({_LETTERS}{{1,10}}) ?[)）]")
_MARKS = "\u0300\u0301\u0304\u030c"
_SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?"
    r"(?:a|ai|an|ang|ao|e|ei|en|eng|er|i|ia|ian|iang|iao|ie|in|ing|iong|iu|o|ong|ou|u|ua|uai|uan|uang|ue|ui|un|uo|v|ve|ü|üe)"
)


@dataclass(frozen=True, slots=True)
class Script:
    """A text in one script. ``text`` is as long as the one received; ``residues`` are the stretches of pinyin in it."""

    text: str
    n_traditional: int
    first: int | None
    residues: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    signal: re.Pattern[str]
    traditional: re.Pattern[str]
    chars: Mapping[int, int]
    words: Mapping[str, str]
    word: re.Pattern[str]


@cache
def _load_table() -> _Table:
    data = tomllib.loads((files("gknlp.text.lexicons") / "script.toml").read_text(encoding="utf-8"))
    old, new = "".join(data["traditional"].split()), "".join(data["simplified"].split())
    return _Table(
        re.compile(f"[{data['signals']}{_TONED}]"),
        re.compile(f"[{old}]"),
        {ord(a): ord(b) for a, b in zip(old, new, strict=True)},
        data["words"],
        re.compile("|".join(sorted(data["words"]))),
    )


def fold_script(text: str) -> str:
    """The text in simplified script, its pinyin residue blanked: as long as the one received, so that offsets stay.

    >>> fold_script("機(jī)關(guān)報告"), fold_script("机关报告")
    ('机    关      报告', '机关报告')
    """
    script = read_script(text)
    pieces, done = [], 0
    for residue in script.residues:
        pieces += [script.text[done : residue.start], " " * len(residue)]
        done = residue.end
    return "".join([*pieces, script.text[done:]])


def read_script(text: str) -> Script:
    """Which script a text is in: its characters in simplified script, and where pinyin was left behind.

    A text without three of the commonest traditional characters is not folded; readings are taken for residue where
    the text is, or where three of them carry a tone mark. An ordinary text costs one scan and is returned as it came.

    Source: the table of Open Chinese Convert, by corpora/script/recipe.py.
    """
    table = _load_table()
    if table.signal.search(text) is None:
        return Script(text, 0, None, ())
    signals = sum(1 for found in table.signal.finditer(text) if found.group() not in _TONED)
    is_traditional = signals >= _FEWEST_SIGNALS
    residues = _find_residues(text, is_traditional=is_traditional)
    if not is_traditional:
        return Script(text, 0, None, residues)
    found = table.traditional.search(text)
    folded = table.word.sub(lambda match: table.words[match.group()], text).translate(table.chars)
    n_changed = len(table.traditional.findall(text))
    return Script(folded, n_changed, found.start() if found else None, residues)


def _find_residues(text: str, *, is_traditional: bool) -> tuple[Span, ...]:
    """The brackets that hold one reading: with a tone mark, or without where enough others carry one."""
    found = [(match, _read_syllable(match[1])) for match in _RESIDUE.finditer(text)]
    toned = sum(tone for _, (is_syllable, tone) in found if is_syllable)
    if not toned or (toned < _FEWEST_TONED and not is_traditional):
        return ()
    return tuple(
        Span(match.start(), match.end())
        for match, (is_syllable, tone) in found
        if is_syllable and (tone or (toned >= _FEWEST_TONED and len(match[1]) > 1))
    )


def _read_syllable(letters: str) -> tuple[bool, bool]:
    """Whether letters are one syllable of pinyin (at most six letters), and whether it carries a tone mark."""
    apart = unicodedata.normalize("NFD", letters.lower().replace("ɑ", "a").replace("ɡ", "g"))
    plain = "".join(char for char in apart if char not in _MARKS)
    bare = unicodedata.normalize("NFC", plain).replace("ê", "e")
    return len(bare) <= 6 and _SYLLABLE.fullmatch(bare) is not None, len(plain) != len(apart)
