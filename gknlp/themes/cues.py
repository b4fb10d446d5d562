"""The cue language (提示词): what a codebook may say about wording, and whether a text has it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gknlp.text.folding import fold_width
from gknlp.themes.fields import Fields

_KEYS = frozenset({"words", "any", "all", "pattern", "not", "weight"})
_REFERENCE = re.compile(r"(?<!\(\?P)(?<!\(\?)<([a-z_]+)>")
_SPACE = re.compile(r"\s+")


def fold_text(text: str) -> str:
    r"""The text as cues see it: half-width signs, no white space, lower-case letters; '' stays ''.

    >>> fold_text("ＩＰｖ６ 改造，\n已完成")
    'ipv6改造,已完成'
    """
    return _SPACE.sub("", fold_width(text)).lower()


@dataclass(frozen=True, slots=True)
class Cue:
    """One piece of evidence for a theme; every condition that is set must hold, and it counts once a text.

    ``any_of`` one of these words, ``all_of`` each of them, ``pattern`` a place it finds, ``none_of`` no such word.
    """

    weight: float
    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None

    def hits(self, folded: str) -> bool:
        """Whether a text, folded by `fold_text`, has this cue.

        >>> Cue(1.0, all_of=("公开",), none_of=("村务",)).hits("村务公开栏")
        False
        """
        for word in self.all_of:
            if word not in folded:
                return False
        if self.any_of and not any(word in folded for word in self.any_of):
            return False
        if self.pattern is not None and self.pattern.search(folded) is None:
            return False
        return not any(word in folded for word in self.none_of)


def read_cues(fields: Fields, lists: Mapping[str, tuple[str, ...]]) -> tuple[Cue, ...]:
    """The cues that one TOML table stands for: one for each of its ``words``, otherwise one.

    Parameters
    ----------
    fields : the table, keys ``words``, ``any``, ``all``, ``pattern``, ``not``, ``weight``.
    lists : named phrases; ``<name>`` in a pattern stands for any of them.

    Raises
    ------
    UsageError, naming the theme and the key: an unknown key, no condition, ``words`` beside another condition, a
    pattern that cannot be compiled, refers to an unknown list, matches the empty text or has full-width signs.
    """
    fields.check_keys(_KEYS)
    weight = fields.number("weight", 1.0)
    none_of = _words(fields, "not")
    words = _words(fields, "words")
    any_of, all_of = _words(fields, "any"), _words(fields, "all")
    pattern = _pattern(fields, lists) if "pattern" in fields.data else None
    if words:
        if any_of or all_of or pattern:
            raise fields.error("words", "stands with 'not' and 'weight' only; write a second cue for the rest")
        return tuple(Cue(weight, any_of=(word,), none_of=none_of) for word in words)
    if not (any_of or all_of or pattern):
        raise fields.error("cue", "needs one of words, any, all, pattern")
    return (Cue(weight, any_of, all_of, none_of, pattern),)


def _words(fields: Fields, key: str) -> tuple[str, ...]:
    return tuple(fold_text(word) for word in fields.texts(key, ()))


def _pattern(fields: Fields, lists: Mapping[str, tuple[str, ...]]) -> re.Pattern[str]:
    source = fields.text("pattern")
    if fold_width(source) != source or _SPACE.search(source):
        raise fields.error("pattern", f"cues see half-width text without spaces; write {fold_text(source)!r}")
    for name in _REFERENCE.findall(source):
        if name not in lists:
            raise fields.error("pattern", f"no list is called <{name}>; known: {', '.join(lists) or 'none'}")
    try:
        pattern = re.compile(_REFERENCE.sub(lambda match: _alternatives(lists[match[1]]), source))
    except re.error as error:
        raise fields.error("pattern", f"is no regular expression: {error}") from error
    if pattern.search(""):
        raise fields.error("pattern", "matches the empty text, so it would match everywhere")
    return pattern


def _alternatives(phrases: tuple[str, ...]) -> str:
    return "(?:" + "|".join(re.escape(fold_text(phrase)) for phrase in phrases) + ")"
