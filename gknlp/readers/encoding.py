"""Bytes to text, with the reason when it cannot be done and a note for whatever was lost."""

from __future__ import annotations

import codecs
import contextlib
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
"""Of the non-ASCII characters, how many must be common ones. On the paragraphs of tests/readers, as GB18030: simplified
Chinese 1.0 of the simplified set, traditional 1.0 of the traditional one; misread Big5 0.40, EUC-JP 0.58, Shift-JIS 0.18
of the better one. EUC-KR lies on the rows of GB 2312 and cannot be told from Chinese; so does EUC-JP without kana."""
_LOW_TRAIL_SHARE = 0.1
"""Of the characters of Big5 text, how many must end in a byte under 0x80: on the same paragraphs 0.43, in every EUC 0.0
(EUC-JP read as Big5 has 0.87 common characters, so those alone do not tell)."""
_SAMPLE = 20_000
_SECOND_OPINION_BYTES = 100_000
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1c-\x1f]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_REPLACEMENT = "\ufffd"
_FOREIGN = re.compile("[^\x00-\x7f]")
_SHORTEST_UTF16 = 8
"""Characters: fewer say too little against a binary file."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the codec that gave it, and what was lost or looks lost in it."""

    text: str
    encoding: str
    notes: tuple[Diagnostic, ...]


def decode_text(data: bytes) -> Decoded:
    """The text that the bytes hold; newlines stay as they are, a byte order mark is dropped.

    The rule: a byte order mark decides. Without one, bytes that hold NULs are UTF-16 if one byte order gives Chinese
    without control characters; bytes that are valid UTF-8 are UTF-8. Otherwise they are GB18030 or Big5, if they are
    valid *and* at least three quarters of the non-ASCII characters are common Chinese ones (simplified or traditional),
    since almost any eight-bit text is formally valid GB18030. Where both are plausible, as in a few words, chardet is
    asked; what it does not call Big5 is GB18030. Anything else is not guessed at. A final character that was cut off
    is dropped and noted.

    >>> decode_text("依申请公开".encode("gbk")).encoding
    'gb18030'

    Raises
    ------
    Unreadable : bytes of none of these encodings.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], codec)
    if utf16 := find_utf16(data):
        return utf16
    if utf8 := _try_decode(data, "utf-8"):
        return utf8
    gb18030, big5 = _try_decode(data, "gb18030"), _try_decode(data, "big5hkscs")
    plausible = [found for found in (gb18030, big5) if found and is_plausible(found.text, found.encoding)]
    if len(plausible) == 2:
        return plausible[_second_opinion(data)]
    if plausible:
        return plausible[0]
    if gb18030 or big5:
        raise Unreadable("encoding: not UTF-8, and neither as GB18030 nor as Big5 plausible Chinese", "decode")
    raise Unreadable("encoding: neither UTF-8 nor GB18030 nor Big5", "decode")


def find_utf16(data: bytes) -> Decoded | None:
    """The text of UTF-16 bytes without byte order mark; None for bytes without NUL, or where neither order is Chinese.

    A text of nothing but Chinese characters, without one line break or digit, holds no NUL and is not recognised.
    """
    if b"\0" not in data:
        return None
    found = (_try_decode(data, codec) for codec in ("utf-16-le", "utf-16-be"))
    shares = [(_utf16_share(decoded.text), decoded) for decoded in found if decoded]
    best = max(shares, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= _PLAUSIBLE_SHARE else None


def is_plausible(text: str, codec: str) -> bool:
    """Whether a text that an East Asian codec gave is Chinese: its characters common, Big5's bytes where Big5 has them."""
    if max(common_share(text), traditional_share(text)) < _PLAUSIBLE_SHARE:
        return False
    return not codec.startswith("big5") or _low_trail_share(text, codec) >= _LOW_TRAIL_SHARE


def clean_text(text: str) -> tuple[str, tuple[Diagnostic, ...]]:
    """The text with lone surrogates as U+FFFD (so no offset moves), and notes on those and on every U+FFFD.

    An empty text gives an empty text and no notes.
    """
    text, n_surrogates = _LONE_SURROGATE.subn(_REPLACEMENT, text)
    notes = []
    if n_surrogates:
        notes.append(Diagnostic("lone_surrogates", "warning", None, "0", str(n_surrogates)))
    return text, (*notes, *_replacement_notes(text))


def _replacement_notes(text: str) -> tuple[Diagnostic, ...]:
    first = text.find(_REPLACEMENT)
    if first < 0:
        return ()
    n_replaced = str(text.count(_REPLACEMENT))
    return (Diagnostic("replacement_characters", "warning", Span(first, first + 1), "0", n_replaced),)


def common_share(text: str) -> float:
    """Share (0 to 1) of common Chinese characters and punctuation among the first 20,000 non-ASCII ones; 0 without any.

    Source: GB/T 2312-1980, rows 1 to 3 and 9 (punctuation, list numbers, full-width forms, table lines) and 16 to 55 (the
    3,755 commonest characters).
    """
    return _share_of(text, _common_characters())


def traditional_share(text: str) -> float:
    """Share (0 to 1) of common traditional characters and punctuation among the first 20,000 non-ASCII ones; 0 without any.

    Source: Big5 (1984), rows A1 to A3 (punctuation) and A4 to C6 (the 5,401 commonest characters).
    """
    return _share_of(text, _traditional_characters())


def _share_of(text: str, common: frozenset[str]) -> float:
    foreign = _FOREIGN.findall(text)[:_SAMPLE]
    return sum(map(common.__contains__, foreign)) / len(foreign) if foreign else 0.0


def _utf16_share(text: str) -> float:
    """Share of common characters; 0 with control characters or for a text too short to tell."""
    if _CONTROL.search(text) or len(text) < _SHORTEST_UTF16:
        return 0.0
    return max(common_share(text), traditional_share(text), float(text.isascii()))


def _low_trail_share(text: str, codec: str) -> float:
    encoded = [character.encode(codec) for character in _FOREIGN.findall(text)[:_SAMPLE] if character != _REPLACEMENT]
    low = sum(1 for pair in encoded if pair[-1] < 0x80)
    return low / max(1, len(encoded))


def _second_opinion(data: bytes) -> int:
    """1 where chardet calls the bytes Big5, else 0."""
    import chardet  # here: rarely needed, slow to load

    named = chardet.detect(data[:_SECOND_OPINION_BYTES])["encoding"] or ""
    return int(named.lower().startswith("big5"))


def _decode_marked(data: bytes, codec: str) -> Decoded:
    decoded = _try_decode(data, codec)
    if decoded is None:
        raise Unreadable(f"encoding: byte order mark of {codec.upper()}, but not {codec.upper()}", "decode")
    return decoded


def _try_decode(data: bytes, codec: str) -> Decoded | None:
    """The text in this codec, without a final character that was cut off; None if the bytes are not of this codec."""
    errors = "surrogatepass" if codec.startswith("utf") else "strict"
    cut: tuple[Diagnostic, ...] = ()
    with contextlib.suppress(UnicodeDecodeError):
        text = data.decode(codec)
        return Decoded(text, codec, _replacement_notes(text))  # strictly decoded, it holds no lone surrogate
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


@functools.cache
def _traditional_characters() -> frozenset[str]:
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    pairs = (bytes((row, cell)) for row in range(0xA1, 0xC7) for cell in trails if (row, cell) <= (0xC6, 0x7E))
    return frozenset("".join(pair.decode("big5", "ignore") for pair in pairs))
