"""White space and invisible characters of a page, as a reader sees them."""

from __future__ import annotations

import re
from typing import Any

from lxml.etree import tostring

_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\u3000-\u303f“”‘’…—"
_BROKEN = re.compile(
    rf"(?<=[{_WIDE}])[ \t]*+[\r\n][ \t\r\n\f]*+|(?<![ \t\r\n\f])[ \t]*+[\r\n][ \t\r\n\f]*+(?=[{_WIDE}])"
)
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")


BREAK, CELL, TABLE, ARTICLE = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
"""Marks put into a page's text before it is parsed: the edge of a block, the beginning of a cell; where a table was taken
out, where the article begins and ends. They are noncharacters, which no text has; those of a page are removed first."""


def tidy_text(text: str) -> str:
    r"""A page's text with its white space as a reader sees it: one blank, none where the source breaks a line beside a
    Chinese character; ``&nbsp;`` is a blank, zero-width characters are nothing.

    >>> tidy_text("政府信\n  息公开\u00a0 2021\u200b年")
    '政府信息公开 2021年'
    """
    for character in _INVISIBLE:
        if character in text:
            text = text.replace(character, "")
    if "\n" in text or "\r" in text:
        text = _BROKEN.sub("", text)
    return _BLANKS.sub(" ", text)


def text_of(element: Any) -> str:
    """All text in an element of a page, as one string."""
    text: str = tostring(element, method="text", encoding="unicode", with_tail=False)
    return text
