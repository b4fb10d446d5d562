"""Files of lines (JSON Lines): one document a line, with what its collector knew about it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gknlp.readers.container import Content, Member
from gknlp.readers.gate import GateLimits, check_container_size
from gknlp.readers.unreadable import Unreadable

_HINTS = {
    "agency": ("agency", "series"),
    "year": ("year",),
    "region": ("region",),
    "level": ("level",),
    "kind": ("kind",),
    "published": ("published",),
    "url": ("url",),
}
"""Hint by the columns that may give it, the first one that says something counts."""
_CHUNK = 1 << 20
_MARK = b"\xef\xbb\xbf"


class LinesContainer:
    """An open .jsonl file.

    Raises
    ------
    Unreadable : empty or larger than the gate admits.
    """

    def __init__(self, path: Path, limits: GateLimits) -> None:
        self._limits = limits
        check_container_size(path.stat().st_size, limits)
        self._handle = path.open("rb")

    def members(self) -> Iterator[Member]:
        """The lines that are not blank, in order; their names stand inside them."""
        for position, (start, size, blank) in enumerate(self._lines(), start=1):
            if not blank:
                yield Member(None, position, start, size)

    def fetch(self, member: Member) -> bytes:
        """The line's bytes, without byte order mark.

        Raises
        ------
        Unreadable : longer than one document may be.
        """
        if member.size > self._limits.file_bytes:
            raise Unreadable(f"jsonl: line {member.position} is too large: {member.size} bytes", "gate")
        self._handle.seek(member.start)
        return self._handle.read(member.size).removeprefix(_MARK if member.start == 0 else b"").strip()

    def interpret(self, member: Member, data: bytes) -> Content:
        """The line's document: named by its id, identified by its text's UTF-8 bytes.

        Raises
        ------
        Unreadable : not UTF-8, not JSON, not an object, or without id (string or whole number) or text.
        """
        line = f"jsonl: line {member.position}"
        row = _parse_object(data, line)
        identifier = row.get("id")
        if isinstance(identifier, bool) or not isinstance(identifier, (str, int)) or identifier == "":
            raise Unreadable(f"{line} has no id (a string or a whole number)", "read")
        text = row.get("text")
        if not isinstance(text, str):
            raise Unreadable(f"{line} has no text", "read")
        name = str(identifier).encode("utf-8", "surrogatepass")
        return Content(name, text.encode("utf-8", "surrogatepass"), text, read_hints(row))

    def close(self) -> None:
        """Let go of the file."""
        self._handle.close()

    def _lines(self) -> Iterator[tuple[int, int, bool]]:
        """(start, size with its newline, blank) of each line; no line is held whole."""
        self._handle.seek(0)
        start = 0
        while piece := self._handle.readline(_CHUNK):
            size, blank = len(piece), not piece.removeprefix(_MARK if start == 0 else b"").strip()
            while not piece.endswith(b"\n") and (piece := self._handle.readline(_CHUNK)):
                size, blank = size + len(piece), blank and not piece.strip()
            yield start, size, blank
            start += size


def read_hints(row: Mapping[str, Any]) -> dict[str, str] | None:
    """What a row's further columns say, as text; None if they say nothing. Numbers with nothing after the point are whole.

    >>> read_hints({"id": 1, "series": "某县", "year": 2020.0, "url": None})
    {'agency': '某县', 'year': '2020'}
    """
    hints = {}
    for hint, columns in _HINTS.items():
        said = (_as_text(row.get(column)) for column in columns)
        if value := next(filter(None, said), None):
            hints[hint] = value
    return hints or None


def _as_text(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).encode("utf-8", "replace").decode("utf-8").strip()


def _parse_object(data: bytes, line: str) -> dict[str, Any]:
    try:
        row = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Unreadable(f"{line} is not UTF-8", "decode") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{line} is not JSON", "read") from error
    if not isinstance(row, dict):
        raise Unreadable(f"{line} is not an object", "read")
    return row
