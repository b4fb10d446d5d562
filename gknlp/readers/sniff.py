"""What a file is: by its name, its first bytes, and the share of bytes that no text has."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib import resources

from gknlp.readers.encoding import find_utf16
from gknlp.readers.unreadable import Unreadable

TEXT = "text/plain"
_UNICODE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b"))
_CONTROL_SHARE = 0.02
"""Texts scraped from pages hold a stray control character now and then; compressed data holds one byte in ten."""
_MARKUP = re.compile(rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Format:
    """A format with a reader of its own: ``reader`` is ``module:function``, bytes -> Linear."""

    media_type: str
    reader: str


@dataclass(frozen=True, slots=True)
class _Formats:
    containers: dict[str, str]
    readers: dict[str, Format]
    unread: dict[str, str]
    magic: tuple[tuple[bytes, str, str], ...]


def container_type(name: bytes) -> str | None:
    """Media type of a container (archive or file of lines) by its suffix, None for a single document.

    >>> container_type("某区 2021.ZIP".encode())
    'application/zip'
    """
    return _formats().containers.get(_suffix(name))


def format_of(name: bytes, data: bytes) -> Format | None:
    """The format with a reader of its own that a document has; None for plain text and for what has no reader.

    The bytes outweigh the suffix where they are plain: a page saved as .txt or .doc is a page, a .doc that begins like
    a zipped Word file is one.
    """
    formats = _formats()
    suffix = _suffix(name)
    if data.startswith(b"%PDF-"):
        return formats.readers[".pdf"]
    if data.startswith(b"{\\rtf"):
        return formats.readers[".rtf"]
    if data.startswith(b"PK\x03\x04") and b"word/" in data:
        return formats.readers[".docx"]
    if data.startswith(b"PK\x03\x04") and b"xl/" in data:
        return formats.readers[".xlsx"]
    if _MARKUP.match(data[:4096]) and suffix not in formats.unread:
        return formats.readers[".html"]
    return formats.readers.get(suffix)


def media_type_of(name: bytes, data: bytes) -> str:
    """The likely media type; ``text/plain`` for whatever shows no sign of being something else.

    >>> media_type_of(b"a.txt", b"%PDF-1.7")
    'application/pdf'
    """
    formats = _formats()
    own = format_of(name, data)
    known = container_type(name) or (own.media_type if own else formats.unread.get(_suffix(name)))
    if known:
        return known
    return next((media_type for magic, _, media_type in formats.magic if data.startswith(magic)), TEXT)


def check_readable(name: bytes, data: bytes) -> None:
    """Nothing, for bytes that may be read as plain text.

    Raises
    ------
    Unreadable : a format without a reader, or bytes that are no text.
    """
    suffix = _suffix(name)
    if suffix in _formats().unread:
        raise Unreadable(f"no reader for {suffix} yet", "read")
    for magic, label, _ in _formats().magic:
        if data.startswith(magic):
            raise Unreadable(f"binary: looks like {label}", "gate")
    if data.startswith(_UNICODE_MARKS):
        return
    if find_utf16(data):
        return
    if b"\0" in data:
        raise Unreadable("binary: NUL bytes", "gate")
    if len(data) - len(data.translate(None, _CONTROL)) > _CONTROL_SHARE * len(data):
        raise Unreadable("binary: control characters", "gate")


def _suffix(name: bytes) -> str:
    base = name.rpartition(b"/")[2]
    dot = base.rfind(b".")
    return base[dot:].decode("ascii", "replace").lower() if dot > 0 else ""


@functools.cache
def _formats() -> _Formats:
    found = tomllib.loads(resources.files("gknlp.readers").joinpath("formats.toml").read_text("utf-8"))
    magic = tuple((bytes.fromhex(entry["hex"]), entry["name"], entry["media_type"]) for entry in found["magic"])
    readers = {suffix: Format(**entry) for suffix, entry in found["readers"].items()}
    return _Formats(found["containers"], readers, found["unread"], magic)
