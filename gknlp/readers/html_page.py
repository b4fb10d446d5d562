"""What of a page is the article: hidden parts blanked, the container found, furniture dropped, metadata read."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from gknlp.readers.html_blocks import table_weight
from gknlp.readers.html_grid import Table
from gknlp.readers.html_text import BREAK, CELL, text_of
from gknlp.readers.html_words import load_words

_HIDING = re.compile(
    r"display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}hidden|mso-hide\s{0,5}:\s{0,5}all|text-decoration[^;]{0,20}line-through",
    re.IGNORECASE,
)
_SUSPICIOUS = ("display", "visib", "mso-hide", "through")
"""What a style that hides holds; the exact rule, ``_HIDING``, is slow on the long styles of word processors."""
_STYLED, _HIDDEN = etree.XPath("//*[@style]"), etree.XPath("//*[@hidden]")
_FEW_CHARACTERS = 1_500
"""Of a menu: one with fewer is emptied without comparing it with the page."""
_HAN = re.compile("[\u4e00-\u9fff]")
_STOP = re.compile("[。；！]")
_SIGN = re.compile(
    r"\s{0,20}(?:[一二三四五六七八九十]{1,2}\s{0,5}、|20\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日\s{0,20}$)"
)
_EDGES = " \t\r\n\f\xa0\u3000" + BREAK + CELL
_LONG_PIECE = 25
_CELL_WEIGHT = 5
_MOST_OUTSIDE = 0.1
"""Share of the page's prose that may stand beside the article (a site's disclaimer), if no heading or date does."""
_MOST_CHECKED = 500
_MOST_LINKED = 0.7
_FEWEST_LINKS = 3


@dataclass(slots=True)
class _Weight:
    """What an element holds, its inner elements included: characters of prose, signs of a report, link text."""

    prose: int = 0
    signs: int = 0
    han: int = 0
    linked: int = 0
    links: int = 0

    def add(self, other: _Weight) -> None:
        self.prose += other.prose
        self.signs += other.signs
        self.han += other.han
        self.linked += other.linked
        self.links += other.links


def blank_unseen(root: Any) -> None:
    """Empty every element that a reader does not see or that holds no article: scripts, menus, controls, deleted text.

    A menu that was never closed, or a body that a script is to show, holds the page: what has over half of its text is
    kept.
    """
    half = 0.0
    for number, element in enumerate([*root.iter(*sorted(load_words().tags["unseen"])), *_hidden(root)]):
        size = len(text_of(element)) if number < _MOST_CHECKED else 0
        if size > _FEW_CHARACTERS:
            half = half or len(text_of(root)) / 2
        if size <= _FEW_CHARACTERS or size <= half:
            _blank(element)


def _hidden(root: Any) -> Iterator[Any]:
    known: dict[str, bool] = {}  # a page's cells have few different styles
    for element in _STYLED(root):
        style = element.get("style")
        hides = known.get(style)
        if hides is None:
            hides = known[style] = _hides(style)
        if hides:
            yield element
    yield from _HIDDEN(root)


def _hides(style: str) -> bool:
    lowered = style.lower()
    return any(part in lowered for part in _SUSPICIOUS) and _HIDING.search(style) is not None


def find_article(root: Any, tables: Sequence[Table]) -> Any:
    """The smallest element that holds the page's prose, its headings and its tables; lists of links in it are blanked.

    From the body inwards: an inner element is entered while it holds nine tenths of the prose (sentences, long text and
    numbers in cells, none of it in links), every numbered heading and every date that stands alone, and while no
    paragraph stands beside it.
    """
    weights = _Weights(root, tables)
    element = root
    while (inner := _heaviest(element, weights)) is not None and _holds_all(element, inner, weights):
        element = inner
    for node in element.iter(*sorted(load_words().tags["lists"])):
        if node is not element and weights.has_links(node) and _is_link_list(weights[node]):
            _blank(node)
    return element


def _blank(element: Any) -> None:
    element.clear(keep_tail=True)


class _Weights:
    """The weight of any element of a tree that does not change: sums over the numbered elements in it.

    In document order the elements inside an element are a range. A text in front of an element's first child counts
    for that element, one behind an element's end for what is around it.
    """

    def __init__(self, root: Any, tables: Sequence[Table]) -> None:
        nodes = list(root.iter(etree.Element))
        self._numbers = {node: number for number, node in enumerate(nodes)}
        self._heads, self._tails, self._links = _Sums(), _Sums(), list[int]()
        linked_until = 0
        for number, node in enumerate(nodes):
            around = number < linked_until
            if node.tag == "a":
                self._links.append(number)
                linked_until = max(linked_until, self._end(node))
            if (text := node.text) and (text := text.strip(_EDGES)):
                self._heads.add(number, _weigh(text, tables, linked=number < linked_until))
            if (text := node.tail) and (text := text.strip(_EDGES)):
                self._tails.add(number, _weigh(text, tables, linked=around))

    def __getitem__(self, node: Any) -> _Weight:
        first, end = self._numbers[node], self._end(node)
        weight = self._heads.between(first, end)
        weight.add(self._tails.between(first + 1, end))
        weight.links += bisect_left(self._links, end) - bisect_left(self._links, first)
        return weight

    def has_links(self, node: Any) -> bool:
        """Whether an element that was there at first holds as many links as a list of them has."""
        first = self._numbers.get(node)
        place = len(self._links) if first is None else bisect_left(self._links, first) + _FEWEST_LINKS - 1
        return place < len(self._links) and self._links[place] < self._end(node)

    def _end(self, node: Any) -> int:
        """The number behind the last element inside this one."""
        while node is not None:
            following = node.getnext()
            if following is not None:
                return self._numbers[following]
            node = node.getparent()
        return len(self._numbers)


class _Sums:
    """Weights of texts at rising numbers, and their sum over any range of numbers."""

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._sums = [_Weight()]

    def add(self, number: int, weight: _Weight) -> None:
        weight.add(self._sums[-1])
        self._numbers.append(number)
        self._sums.append(weight)

    def between(self, first: int, end: int) -> _Weight:
        low, high = (self._sums[bisect_left(self._numbers, number)] for number in (first, max(first, end)))
        return _Weight(high.prose - low.prose, high.signs - low.signs, high.han - low.han, high.linked - low.linked)


def _weigh(text: str, tables: Sequence[Table], *, linked: bool) -> _Weight:
    han = len(_HAN.findall(text))
    if linked:
        return _Weight(han=han, linked=han)
    weight = _Weight(prose=_CELL_WEIGHT * table_weight(text, tables), han=han)
    if han >= _LONG_PIECE or (han and _STOP.search(text)):
        weight.prose += han
    if _SIGN.match(text):
        weight.signs += 1
    return weight


def _heaviest(element: Any, weights: _Weights) -> Any | None:
    inline = load_words().tags["inline"]
    inner = [child for child in element if child.tag not in inline]
    return max(inner, key=lambda child: weights[child].prose, default=None)


def _holds_all(element: Any, inner: Any, weights: _Weights) -> bool:
    whole, part = weights[element], weights[inner]
    if not part.prose or part.signs < whole.signs or whole.prose - part.prose > _MOST_OUTSIDE * whole.prose:
        return False
    if _HAN.search(element.text or "") or any(_HAN.search(child.tail or "") for child in element):
        return False
    inline = load_words().tags["inline"]
    return not any(child.tag in inline and _beside(weights[child]) for child in element)


def _beside(weight: _Weight) -> bool:
    return weight.han > weight.linked


def _is_link_list(weight: _Weight) -> bool:
    return (
        weight.links >= _FEWEST_LINKS
        and weight.linked >= _MOST_LINKED * weight.han
        and not weight.prose
        and not weight.signs
    )
