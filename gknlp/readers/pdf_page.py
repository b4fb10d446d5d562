"""One page of a PDF: its characters and its ruled lines, in points from the top left corner."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.layout import LTChar, LTContainer, LTCurve, LTImage, LTItem, LTPage
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, resolve1

from gknlp.readers.pdf_gate import FIGURE_COST, Budget

_THIN = 3.0
"""Points: office programs draw table borders as filled rectangles some 0.5 points wide."""
_SHORT = 1.0
_AXIS = 0.05
"""Share of a slanted character's direction that counts as along the axis; a watermark at 45 degrees has 0.7."""
_UNMAPPED = re.compile(r"\(cid:\d+\)")
_REPLACEMENT = "\ufffd"
_INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Glyph:
    """One drawn character (rarely several: a ligature); ``size``: height of its font; ``spaced``: after a space."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """A ruled line: ``at`` is its x if vertical, else its y; it reaches from ``start`` to ``end``."""

    vertical: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class PageInk:
    """What is drawn on a page; white space shows only in where its neighbours stand."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    edges: tuple[Edge, ...]
    n_pictures: int
    n_unmapped: int
    n_slanted: int


class _Device(PDFLayoutAnalyzer):
    """pdfminer's page layout, with a budget."""

    def __init__(self, manager: PDFResourceManager, budget: Budget) -> None:
        super().__init__(manager, laparams=None)
        self.budget = budget
        self.page: LTPage | None = None

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        self.budget.take_objects(1)
        return super().render_char(*args, **kwargs)

    def paint_path(self, *args: Any, **kwargs: Any) -> None:
        self.budget.take_objects(1)
        super().paint_path(*args, **kwargs)

    def begin_figure(self, *args: Any, **kwargs: Any) -> None:
        self.budget.take_objects(FIGURE_COST)
        super().begin_figure(*args, **kwargs)

    def receive_layout(self, ltpage: LTPage) -> None:
        self.page = ltpage


class _Interpreter(PDFPageInterpreter):
    """pdfminer's interpreter; each stream costs its size as often as it is drawn."""

    def execute(self, streams: Sequence[object]) -> None:
        for stream in map(resolve1, streams):
            if isinstance(stream, PDFStream) and isinstance(self.device, _Device):
                self.device.budget.take_drawn(len(stream.get_data()))
        super().execute(streams)


def read_page(page: PDFPage, manager: PDFResourceManager, budget: Budget) -> PageInk:
    """The ink of one page; nothing drawn gives no glyphs and no edges."""
    device = _Device(manager, budget)
    _Interpreter(manager, device).process_page(page)
    layout = device.page
    if layout is None:
        return PageInk(0.0, 0.0, (), (), 0, 0, 0)
    items = list(_leaves(layout))
    chars = [item for item in items if isinstance(item, LTChar) and _on_page(item, layout)]
    straight = [char for char in chars if not _is_slanted(char)]
    unmapped = [char for char in straight if _UNMAPPED.search(char.get_text())]
    glyphs = _glyphs(straight, layout.height)
    if len(unmapped) * 2 > len(glyphs):
        glyphs = []
    edges = [edge for item in items if isinstance(item, LTCurve) for edge in _edges(item, layout.height)]
    return PageInk(
        width=layout.width,
        height=layout.height,
        glyphs=tuple(glyphs),
        edges=tuple(edges),
        n_pictures=sum(isinstance(item, LTImage) for item in items) + sum(_is_drawing(item) for item in items),
        n_unmapped=len(unmapped),
        n_slanted=sum(bool(char.get_text().strip()) for char in chars) - sum(map(_is_ink, straight)),
    )


def _leaves(layout: LTPage) -> Iterator[LTItem]:
    stack: list[Iterator[LTItem]] = [iter(layout)]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
        elif isinstance(item, LTContainer):
            stack.append(iter(item))
        else:
            yield item


def _glyphs(chars: Sequence[LTChar], height: float) -> list[Glyph]:
    """Glyphs in drawing order."""
    found: list[Glyph] = []
    spaced = False
    for char in chars:
        text = _as_written(char.get_text())
        if text.strip():
            place = char.x0, char.x1, height - char.y1, height - char.y0
            found.append(Glyph(text.strip(), *place, char.size, spaced))
        spaced = bool(text) and not text.strip()
    return found


@functools.lru_cache(maxsize=16384)
def _as_written(text: str) -> str:
    """The characters that a writer would type: fonts name 一 as the radical ⼀ and 长 as ⻓, and hide soft marks.

    >>> _as_written("⼀"), _as_written("⻓"), _as_written("(cid:77)")
    ('一', '长', '�')
    """
    text = _UNMAPPED.sub(_REPLACEMENT, text)
    return "".join(_radicals().get(c) or _compatible(c) for c in text if unicodedata.category(c) not in _INVISIBLE)


def _compatible(character: str) -> str:
    if "\u2e80" <= character <= "\u2fdf" or "\uf900" <= character <= "\ufb06":
        return unicodedata.normalize("NFKC", character)
    return character


@functools.cache
def _radicals() -> dict[str, str]:
    found = tomllib.loads(resources.files("gknlp.readers").joinpath("pdf_radicals.toml").read_text("utf-8"))
    radicals: dict[str, str] = found["radicals"]
    return radicals


def _is_ink(char: LTChar) -> bool:
    return bool(char.get_text().strip())


def _on_page(char: LTChar, page: LTPage) -> bool:
    x, y = (char.x0 + char.x1) / 2, (char.y0 + char.y1) / 2
    return 0 <= x <= page.width and 0 <= y <= page.height and char.size > 0


def _is_slanted(char: LTChar) -> bool:
    """Whether a character runs along neither edge of the page, as watermarks do."""
    along, up = abs(char.matrix[0]), abs(char.matrix[1])
    return min(along, up) > _AXIS * (along + up)


def _is_drawing(item: LTItem) -> bool:
    """Whether a path is more than a ruled line: text drawn as outlines."""
    return isinstance(item, LTCurve) and any(segment[0] in "cvy" for segment in item.original_path or ())


def _edges(item: LTCurve, height: float) -> Iterator[Edge]:
    if not (item.stroke or item.fill):
        return
    if min(item.width, item.height) < _THIN:
        vertical = item.height > item.width
        at = (item.x0 + item.x1) / 2 if vertical else height - (item.y0 + item.y1) / 2
        ends = (height - item.y1, height - item.y0) if vertical else (item.x0, item.x1)
        if max(item.width, item.height) >= _SHORT:
            yield Edge(vertical, at, *ends)
    elif item.stroke and not _is_drawing(item):
        for (xa, ya), (xb, yb) in zip(item.pts, item.pts[1:] + item.pts[:1], strict=True):
            if abs(xa - xb) < _SHORT <= abs(ya - yb):
                yield Edge(True, (xa + xb) / 2, height - max(ya, yb), height - min(ya, yb))
            elif abs(ya - yb) < _SHORT <= abs(xa - xb):
                yield Edge(False, height - (ya + yb) / 2, min(xa, xb), max(xa, xb))
