"""Plain text: decoded as it stands, newlines kept."""

from __future__ import annotations

from gknlp.readers.encoding import Decoded, clean_text, decode_text
from gknlp.readers.sniff import check_readable
from gknlp.readers.unreadable import Unreadable


def read_text(name: bytes, data: bytes) -> Decoded:
    """The text in a plain file's bytes; ``name`` helps to tell formats without a reader.

    Raises
    ------
    Unreadable : no text, of no known encoding, or nothing but white space.
    """
    check_readable(name, data)
    return _check_text(decode_text(data))


def take_text(text: str) -> Decoded:
    """A text that a container holds decoded already.

    Raises
    ------
    Unreadable : nothing but white space.
    """
    cleaned, notes = clean_text(text.removeprefix("\ufeff"))
    return _check_text(Decoded(cleaned, "utf-8", notes))


def _check_text(decoded: Decoded) -> Decoded:
    if not decoded.text.strip():
        raise Unreadable("empty file: nothing but white space", "read")
    return decoded
