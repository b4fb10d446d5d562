"""What may come in at all: sizes, numbers, names. Input is hostile until it has passed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gknlp.readers.unreadable import Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLimits:
    """How much one input may hold; generous for reports (a long one has 200 kB), tight for bombs.

    ``file_bytes``: one document, on disk or in a container. ``container_bytes``: an archive or a file of lines, which
    is never held in memory whole. ``members``: documents in one zip. ``expanded_bytes``: all members of a zip
    together. ``ratio``: expanded to packed size of one member; text of repeated table rows reaches some 30, deflate's
    ceiling is 1032; members below ``ratio_floor`` bytes may have any. A container inside a container is never
    opened.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    file_bytes: int = 64 << 20
    container_bytes: int = 8 << 30
    members: int = 100_000
    expanded_bytes: int = 8 << 30
    ratio: float = 200.0
    ratio_floor: int = 1 << 20


def check_file_size(size: int, limits: GateLimits) -> None:
    """Nothing, for a document of ``size`` bytes that may come in.

    Raises
    ------
    Unreadable : empty or larger than ``limits.file_bytes``.
    """
    if size == 0:
        raise Unreadable("empty file", "gate")
    if size > limits.file_bytes:
        raise Unreadable(f"too large: {size} bytes, at most {limits.file_bytes} are read", "gate")


def check_container_size(size: int, limits: GateLimits) -> None:
    """Nothing, for an archive or file of lines of ``size`` bytes that may come in.

    Raises
    ------
    Unreadable : empty or larger than ``limits.container_bytes``.
    """
    if size == 0:
        raise Unreadable("empty file", "gate")
    if size > limits.container_bytes:
        raise Unreadable(f"too large: {size} bytes, at most {limits.container_bytes} of a container are read", "gate")


def check_archive(sizes: list[int], limits: GateLimits) -> None:
    """Nothing, for an archive whose members claim to expand to ``sizes``.

    Raises
    ------
    Unreadable : too many members, or too many bytes together.
    """
    if len(sizes) > limits.members:
        raise Unreadable(f"zip: {len(sizes)} members, at most {limits.members} are read", "gate")
    if sum(sizes) > limits.expanded_bytes:
        raise Unreadable(f"zip: expands to {sum(sizes)} bytes, at most {limits.expanded_bytes} are read", "gate")


def check_member(name: bytes, packed: int, expanded: int, limits: GateLimits) -> None:
    """Nothing, for a zip member whose name is harmless and whose size is plausible.

    Raises
    ------
    Unreadable : a name that points out of the archive, an empty or too large member, or a bomb's ratio.
    """
    check_member_name(name)
    check_file_size(expanded, limits)
    if expanded > limits.ratio_floor and expanded > limits.ratio * max(packed, 1):
        raise Unreadable(f"zip: member expands more than {limits.ratio:g} times", "gate")


def check_member_name(name: bytes) -> None:
    """Nothing, for a member name that stays inside its archive.

    Names are bytes: in GBK a backslash may be the second half of a character, so only ``/`` separates.

    >>> check_member_name("2021/某镇.txt".encode("gbk"))

    Raises
    ------
    Unreadable : empty, absolute, with a drive letter, with a NUL, or with ``..`` as one of its parts.
    """
    parts = name.split(b"/")
    if not name or b"\0" in name:
        raise Unreadable("zip: member without a usable name", "gate")
    if name.startswith((b"/", b"\\")) or name[1:2] == b":":
        raise Unreadable("zip: absolute member name", "gate")
    if b".." in parts or name.startswith(b"..\\") or b"\\..\\" in name:
        raise Unreadable("zip: member name points out of the archive", "gate")
