"""What of a page is the article: hidden parts blanked, the container found, furniture dropped, metadata read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from gknlp.readers.html_blocks import table_weight
from gknlp.readers.html_grid import Table
from gknlp.readers.html_text import BREAK, CELL
from gknlp.readers.html_words import load_words

_HIDING = re.compile(
    r"display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}hidden|mso-hide\s{0,5}:\s{0,5}all|text-decoration[^;]{0,20}line-through",
    re.IGNORECASE,
)
_STYLES, _HIDDEN = etree.XPath("//@style"), etree.XPath("//@hidden")
_SUSPICIOUS = ("display", "visib", "mso-hide", "through")
"""What a style that hides holds; the exact rule, ``_HIDING``, is slow on the long styles of word processors."""
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
        size = sum(map(len, element.itertext())) if number < _MOST_CHECKED else 0
        if size > _FEW_CHARACTERS:
            half = half or sum(map(len, root.itertext())) / 2
        if size <= _FEW_CHARACTERS or size <= half:
            _blank(element)


def _hidden(root: Any) -> Iterator[Any]:
    for style in _STYLES(root):
        lowered = style.lower()
        if any(part in lowered for part in _SUSPICIOUS) and _HIDING.search(style):
            yield style.getparent()
    for hidden in _HIDDEN(root):
        yield hidden.getparent()


def find_article(root: Any, tables: Sequence[Table]) -> Any:
    """The smallest element that holds the page's prose, its headings and its tables; lists of links in it are blanked.

    From the body inwards: an inner element is entered while it holds nine tenths of the prose (sentences, long text and
    numbers in cells, none of it in links), every numbered heading and every date that stands alone, and while no
    paragraph stands beside it.
    """
    weights = dict(_weigh(root, tables))
    element = root
    while (inner := _heaviest(element, weights)) is not None and _holds_all(element, inner, weights):
        element = inner
    for node in element.iter(*sorted(load_words().tags["lists"])):
        weight = weights.get(node)
        if node is not element and weight and _is_link_list(weight):
            _blank(node)
    return element


def _blank(element: Any) -> None:
    element.clear(keep_tail=True)


def _weigh(root: Any, tables: Sequence[Table]) -> Iterator[tuple[Any, _Weight]]:
    stack = [_Weight()]
    depth_of_links = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            depth_of_links += node.tag == "a"
            stack.append(_Weight(links=int(node.tag == "a")))
            if node.text:
                _count(stack[-1], node.text, tables, linked=depth_of_links > 0)
            continue
        depth_of_links -= node.tag == "a"
        weight = stack.pop()
        yield node, weight
        stack[-1].add(weight)
        if node.tail:
            _count(stack[-1], node.tail, tables, linked=depth_of_links > 0)


def _count(weight: _Weight, text: str, tables: Sequence[Table], *, linked: bool) -> None:
    text = text.strip(_EDGES)
    if not text:
        return
    han = len(_HAN.findall(text))
    weight.han += han
    if linked:
        weight.linked += han
        return
    if han >= _LONG_PIECE or (han and _STOP.search(text)):
        weight.prose += han
    weight.prose += _CELL_WEIGHT * table_weight(text, tables)
    if _SIGN.match(text):
        weight.signs += 1


def _heaviest(element: Any, weights: dict[Any, _Weight]) -> Any | None:
    inline = load_words().tags["inline"]
    inner = [child for child in element if child in weights and child.tag not in inline]
    return max(inner, key=lambda child: weights[child].prose, default=None)


def _holds_all(element: Any, inner: Any, weights: dict[Any, _Weight]) -> bool:
    whole, part = weights[element], weights[inner]
    if not part.prose or part.signs < whole.signs or whole.prose - part.prose > _MOST_OUTSIDE * whole.prose:
        return False
    if _HAN.search(element.text or "") or any(_HAN.search(child.tail or "") for child in element):
        return False
    inline = load_words().tags["inline"]
    return not any(child.tag in inline and _beside(weights[child]) for child in element if child in weights)


def _beside(weight: _Weight) -> bool:
    return weight.han > weight.linked


def _is_link_list(weight: _Weight) -> bool:
    return (
        weight.links >= _FEWEST_LINKS
        and weight.linked >= _MOST_LINKED * weight.han
        and not weight.prose
        and not weight.signs
    )
