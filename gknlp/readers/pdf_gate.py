"""What a PDF may cost: pages, drawn objects, interpreted and expanded bytes. Checked before and while it is read."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

from gknlp.readers.unreadable import Unreadable

MOST_PAGES = 1000
"""A report has some ten pages, a province's with annexes some sixty."""
_MOST_OBJECTS = 200_000
"""Characters, lines and figures of a whole document: a report of ten pages has ten thousand."""
FIGURE_COST = 10
"""A form that draws nothing takes as long as some ten characters."""
_MOST_DRAWN = 24 << 20
"""Bytes of page descriptions that are interpreted, each form as often as it is drawn: a dense page has 100 kB."""
_MOST_EXPANDED = 256 << 20
_MOST_REPAIR = 1 << 31
"""Bytes that pdfminer would copy to save a damaged stream: it appends to the result for every byte that goes in."""
_NESTED = 3
_STREAM = re.compile(rb"stream\r?\n")


@dataclass(slots=True)
class Budget:
    """What is left for one document."""

    objects: int = _MOST_OBJECTS
    drawn: int = _MOST_DRAWN

    def take_objects(self, count: int) -> None:
        """So many characters or paths.

        Raises
        ------
        Unreadable : too many.
        """
        self.objects -= count
        if self.objects < 0:
            raise Unreadable(f"pdf: more than {_MOST_OBJECTS} drawn objects", "gate")

    def take_drawn(self, size: int) -> None:
        """A page description of ``size`` bytes.

        Raises
        ------
        Unreadable : too much.
        """
        self.drawn -= size
        if self.drawn < 0:
            raise Unreadable(f"pdf: more than {_MOST_DRAWN} bytes of drawing", "gate")


def check_streams(data: bytes) -> None:
    """Nothing, for a file whose deflated streams expand to what may come in; they are expanded here and let go.

    Encrypted streams cannot be looked into; the worker's memory limit and deadline hold for those.

    Raises
    ------
    Unreadable : a bomb, or a damaged stream that would take minutes to save.
    """
    left = _MOST_EXPANDED
    for match in _STREAM.finditer(data):
        if data[match.end() : match.end() + 1] == b"x":
            left -= _expanded_size(memoryview(data)[match.end() :], left)


def _expanded_size(packed: memoryview, left: int) -> int:
    """Bytes that a stream expands to, filters within filters included; 0 for what is not deflated."""
    total = 0
    piece: memoryview | bytes = packed
    for _ in range(_NESTED):
        found = _expand(piece, left - total)
        total += len(found)
        if found[:1] != b"x":
            break
        piece = found
    return total


def _expand(packed: memoryview | bytes, left: int) -> bytes:
    expander = zlib.decompressobj()
    parts: list[bytes] = []
    size = fed = 0
    try:
        while fed < len(packed) and not expander.eof:
            block = expander.unconsumed_tail or bytes(packed[fed : fed + 65536])
            fed += 0 if expander.unconsumed_tail else len(block)
            parts.append(expander.decompress(block, 1 << 20))
            size += len(parts[-1])
            if size > left:
                raise Unreadable(f"pdf: expands to more than {_MOST_EXPANDED} bytes", "gate")
    except zlib.error:
        if size * fed > _MOST_REPAIR:
            raise Unreadable("pdf: a large stream is damaged", "read") from None
    return b"".join(parts)
