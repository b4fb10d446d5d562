"""What every container (archive, file of lines) offers: its members, their bytes, and what those bytes say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Member:
    """One document's place in its container, small enough to be sent to a worker.

    ``name``: exact bytes, None where only the content tells it. ``position``: 1-based, of the member or line.
    ``start`` and ``size``: where the container finds it (zip: index and expanded bytes; lines: byte offset and bytes).
    """

    name: bytes | None
    position: int
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Content:
    """What a member holds. ``data``: the bytes that identify the document; ``text`` where the container says it itself."""

    name: bytes
    data: bytes
    text: str | None = None
    hints: Mapping[str, str] | None = None


class Container(Protocol):
    """An open container. Every method raises Unreadable where the container or the member cannot be read."""

    def members(self) -> Iterator[Member]:
        """The documents in it, in their own order; folders and blank lines are none."""
        ...

    def fetch(self, member: Member) -> bytes:
        """The member's bytes, at most as many as the gate admits."""
        ...

    def interpret(self, member: Member, data: bytes) -> Content:
        """What the fetched bytes say: the document's name, its bytes or text, and hints."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


def fallback_name(member: Member) -> bytes:
    """A name by position, for a member whose own name is unknown, unreadable or taken.

    >>> fallback_name(Member(b"a.txt", 7, 6, 120)), fallback_name(Member(None, 7, 900, 120))
    (b'member 7', b'line 7')
    """
    return b"%s %d" % (b"line" if member.name is None else b"member", member.position)
