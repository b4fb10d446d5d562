"""Bytes to text, with the reason when it cannot be done and a note for whatever was lost."""

from __future__ import annotations

import codecs
import functools
import re
from dataclasses import dataclass

from gknlp.readers.unreadable import Unreadable
from gknlp.records import Diagnostic, Span

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with theirs
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_PLAUSIBLE_SHARE = 0.75
"""Of the non-ASCII characters of GB18030 text, how many must be common ones. On the paragraphs of tests/readers
simplified Chinese has 1.0, traditional Chinese in GB18030 0.68, and misread Big5 0.24, EUC-JP 0.57, Shift-JIS 0.0.
So traditional Chinese in GB18030 is turned away; EUC-KR lies on the same rows and cannot be told from Chinese."""
_SAMPLE = 20_000
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the codec that gave it, and what was lost or looks lost in it."""

    text: str
    encoding: str
    notes: tuple[Diagnostic, ...]


def decode_text(data: bytes) -> Decoded:
    """The text that the bytes hold; newlines stay as they are, a byte order mark is dropped.

    The rule: a byte order mark decides. Without one, bytes that are valid UTF-8 are UTF-8. Otherwise they are GB18030
    if they are valid GB18030 *and* at least three quarters of the non-ASCII characters are common Chinese ones (the
    first level of GB 2312 or its punctuation), since almost any eight-bit text is formally valid GB18030. Anything
    else is not guessed at. A final character that was cut off is dropped and noted.

    >>> decode_text("依申请公开".encode("gbk")).encoding
    'gb18030'

    Raises
    ------
    Unreadable : bytes of none of these encodings.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], codec)
    if utf8 := _try_decode(data, "utf-8"):
        return utf8
    gb18030 = _try_decode(data, "gb18030")
    if gb18030 and common_share(gb18030.text) >= _PLAUSIBLE_SHARE:
        return gb18030
    if gb18030:
        raise Unreadable("encoding: not UTF-8, and as GB18030 the text is no plausible Chinese", "decode")
    raise Unreadable("encoding: neither UTF-8 nor GB18030", "decode")


def clean_text(text: str) -> tuple[str, tuple[Diagnostic, ...]]:
    """The text with lone surrogates as U+FFFD (so no offset moves), and notes on those and on every U+FFFD.

    An empty text gives an empty text and no notes.
    """
    text, n_surrogates = _LONE_SURROGATE.subn(_REPLACEMENT, text)
    notes = []
    if n_surrogates:
        notes.append(Diagnostic("lone_surrogates", "warning", None, "0", str(n_surrogates)))
    if n_replaced := text.count(_REPLACEMENT):
        first = text.index(_REPLACEMENT)
        notes.append(Diagnostic("replacement_characters", "warning", Span(first, first + 1), "0", str(n_replaced)))
    return text, tuple(notes)


def common_share(text: str) -> float:
    """Share (0 to 1) of common Chinese characters and punctuation among the first 20,000 non-ASCII ones; 0 without any.

    Source: GB/T 2312-1980, rows 1 to 3 and 9 (punctuation, list numbers, full-width forms, table lines) and 16 to 55 (the
    3,755 commonest characters).
    """
    foreign = [character for character in text if character > "\x7f"][:_SAMPLE]
    if not foreign:
        return 0.0
    return sum(map(_common_characters().__contains__, foreign)) / len(foreign)


def _decode_marked(data: bytes, codec: str) -> Decoded:
    decoded = _try_decode(data, codec)
    if decoded is None:
        raise Unreadable(f"encoding: byte order mark of {codec.upper()}, but not {codec.upper()}", "decode")
    return decoded


def _try_decode(data: bytes, codec: str) -> Decoded | None:
    """The text in this codec, without a final character that was cut off; None if the bytes are not of this codec."""
    errors = "surrogatepass" if codec.startswith("utf") else "strict"
    cut: tuple[Diagnostic, ...] = ()
    try:
        text = data.decode(codec, errors)
    except UnicodeDecodeError as error:
        if error.end != len(data) or not _is_cut_off(data[error.start :], codec):
            return None
        text = data[: error.start].decode(codec, errors)
        end = Span(len(text), len(text))
        cut = (Diagnostic("truncated_character", "warning", end, None, data[error.start :].hex(" ")),)
    text, notes = clean_text(text)
    return Decoded(text, codec, cut + notes)


def _is_cut_off(tail: bytes, codec: str) -> bool:
    """Whether more bytes could make a character of the tail."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        return len(tail) < 4 and decoder.decode(tail, final=False) == ""
    except UnicodeDecodeError:
        return False


@functools.cache
def _common_characters() -> frozenset[str]:
    rows = (0xA1, 0xA2, 0xA3, 0xA9, *range(0xB0, 0xD8))
    cells = (bytes((row, cell)) for row in rows for cell in range(0xA1, 0xFF))
    return frozenset(cell.decode("gb18030") for cell in cells) - {_REPLACEMENT}
