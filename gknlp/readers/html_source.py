"""A page's bytes to its tree: charset, caps before anything is built, and a parser that fetches nothing."""

from __future__ import annotations

import functools
import re

from lxml import etree

from gknlp.readers.encoding import Decoded, clean_text, decode_text, is_plausible
from gknlp.readers.html_text import BREAK, CELL
from gknlp.readers.html_words import load_words
from gknlp.readers.unreadable import Unreadable

MOST_TAGS = 2_000_000
MOST_ATTRIBUTES = 200
"""Of one tag. The parser compares each attribute with all before it: 100,000 in one tag took 9 s."""
_HARMLESS = 32_768
"""Characters: a page so small, and were it one tag, costs the parser 0.2 s."""
_DEEPEST = 2_000
"""Elements inside each other, as the parser counts them (it stops at 2,048); pages that leave 500 fonts open exist."""
_DECLARED = re.compile(rb"<meta[^>]{0,500}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{1,40})", re.IGNORECASE)
_HEAD_BYTES = 8_192
_CODECS = {
    **dict.fromkeys((b"gb2312", b"gbk", b"gb18030", b"x-gbk", b"gb_2312-80"), "gb18030"),
    **dict.fromkeys((b"big5", b"big5-hkscs", b"x-x-big5"), "big5hkscs"),
    **dict.fromkeys((b"utf-8", b"utf8"), "utf-8"),
}
_MOST_LOST = 1 / 500
"""Of a page's characters. Systems that cut a summary in the middle of a character leave one or two bad ones a page."""
_RAW = re.compile(r"<(?:!--|(script|style|noscript|template)(?=[\s/>]))", re.IGNORECASE)
_ENDS = {
    name: re.compile(rf"</{name}(?=[\s/>])[^>]{{0,100}}>", re.IGNORECASE)
    for name in ("script", "style", "noscript", "template")
}
_TAG = re.compile(
    rb"<[a-zA-Z][^\s/>]*+"
    rb"(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+)?+)"
    rb"{0,%d}+(?P<over>[\s/]*+[^\s/>])?" % MOST_ATTRIBUTES
)
_MOST_CHECKED = 2_000
"""Tags looked at from a page's end backwards for one that ends a block; whole pages show one at once."""
_ENDS_CELL = frozenset(("/td", "/th", "/tr", "/table", "/tbody", "/body", "/html", "tr", "table"))
_UNFINISHED = re.compile(rb"</?(?:[a-zA-Z]|\Z)")
_LONG_TAG = re.compile(rb"<[a-zA-Z][^>]{%d}" % (2 * MOST_ATTRIBUTES))
_QUOTED_END = re.compile(rb"=\s*+(?:\"[^\">]*+>|'[^'>]*+>)")
_CONTROLS = bytes((*range(9), 11, *range(14, 32)))
_SPACED = bytes.maketrans(b"\f", b" ")
_NONCHARACTER = re.compile(rb"\xef\xb7[\x90-\xaf]|\xef\xbf[\xbe\xbf]")
_LEADS = (b"\xef\xb7", b"\xef\xbf")
_NOTHING = "\u200b".encode()
_CODES = (*range(1, 9), 11, 12, *range(14, 32), *range(0xFDD0, 0xFDF0), 0xFFFE, 0xFFFF)
_REFERENCE = re.compile(
    rf"&#(?:0*+(?:{'|'.join(map(str, _CODES))})(?![0-9])|[xX]0*+(?i:{'|'.join(f'{code:x}' for code in _CODES)})(?![0-9a-fA-F]));?".encode()
)
_PRE = re.compile(rb"<pre(?=[\s/>]).*?(?:</pre(?=[\s/>])|\Z)", re.IGNORECASE | re.DOTALL)
_BREAK, _CELL = BREAK.encode(), CELL.encode()
_AFTER_NAME = rb"[\s/>]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80"
"""What ends the name of a tag: every kind of blank does, also in UTF-8."""


def decode_page(data: bytes) -> Decoded:
    """The page's text: by its byte order mark, as UTF-8 where it is, else as it declares itself, else as text is.

    A declaration counts only where the bytes bear it out: many pages say gb2312 and are UTF-8. A page that keeps its
    declared encoding but for a few bytes is read, with a note.

    Raises
    ------
    Unreadable : bytes of no known encoding.
    """
    refused: Unreadable | None = None
    try:
        plain = decode_text(data)
        if plain.encoding.startswith("utf") or data.startswith(b"\x84\x31\x95\x33"):
            return plain
    except Unreadable as error:
        plain, refused = None, error
    declared = _decode_declared(data)
    if declared:
        return declared
    if plain is None:
        raise refused or Unreadable("encoding: none", "decode")
    return plain


def _decode_declared(data: bytes) -> Decoded | None:
    found = _DECLARED.search(data[:_HEAD_BYTES])
    codec = _CODECS.get(found[1].lower()) if found else None
    if codec is None:
        return None
    text, notes = clean_text(data.decode(codec, "replace"))
    if text.count("\ufffd") > _MOST_LOST * len(text):
        return None
    return Decoded(text, codec, notes) if codec == "utf-8" or is_plausible(text, codec) else None


def parse_page(text: str) -> etree._Element | None:
    """The tree of a page without its scripts, styles and comments; None for a page without anything.

    Raises
    ------
    Unreadable : more tags, attributes of one tag, or elements inside each other than any page has.
    """
    kept = _drop_unfinished(_drop_unrepresentable(drop_raw(text).encode("utf-8", "replace")))
    if len(kept) > _HARMLESS and not _is_plain(kept):
        check_tags(kept)
    # huge_tree only lifts 256 levels to 2,048 and text nodes beyond 10 MB; size, tags and attributes are capped above.
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True, recover=True, remove_comments=True, remove_pis=True
    )
    try:
        root: etree._Element | None = etree.fromstring(mark_blocks(kept), parser)
    except etree.ParserError:
        return None
    except etree.XMLSyntaxError as error:
        if not kept.strip():
            return None
        raise Unreadable("html: no markup that can be read", "read") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise Unreadable(f"html: more than {_DEEPEST} elements inside each other", "gate")
    return root


def mark_blocks(page: bytes) -> bytes:
    """The page's source with a mark at each block's edges, at each cell, and at the line ends of preformatted text.

    Marks in the text let a whole table, or article, be read in one go, without a step for each element.
    """
    blocks, cells = _edges()
    page = blocks.sub(_BREAK + b"<", page)
    page = cells.sub(_CELL + b"<", page)
    if b"<pre" in page or b"<PRE" in page:
        page = _PRE.sub(lambda match: match[0].replace(b"\n", b"\n" + _BREAK), page)
    return page


@functools.cache
def _edges() -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    by_letter: dict[str, list[str]] = {}
    for name in sorted(load_words().tags["blocks"]):
        by_letter.setdefault(_any_case(name[0]), []).append(_any_case(name[1:]))
    names = "|".join(f"{letter}(?:{'|'.join(rests)})" for letter, rests in by_letter.items())
    return (
        re.compile(b"<(?=/?(?:%s)(?:%s))" % (names.encode(), _AFTER_NAME)),
        re.compile(b"<(?=[tT][dDhH](?:%s))" % _AFTER_NAME),
    )


def _any_case(name: str) -> str:
    """A pattern for a tag name; a set of letters lets the branches of a pattern be passed by faster than a flag does."""
    return "".join(f"[{letter}{letter.upper()}]" if letter.isalpha() else letter for letter in name)


def drop_raw(text: str) -> str:
    """The page's text without comments, scripts, styles, noscript and template; one that never ends is left alone.

    >>> drop_raw("公<!-- > -->开<script>if (a < b) document.write('</p>')</script>。")
    '公开。'
    """
    kept, place, endless = [], 0, set[str]()
    position = 0
    while match := _RAW.search(text, position):
        name = (match[1] or "--").lower()
        end = -1 if name in endless else _raw_end(text, match.end(), name)
        if end < 0:
            endless.add(name)
            position = match.end()
            continue
        kept.append(text[place : match.start()])
        place = position = end
    return "".join([*kept, text[place:]])


def _raw_end(text: str, start: int, name: str) -> int:
    if name == "--":
        end = text.find("-->", start)
        return end + 3 if end >= 0 else -1
    found = _ENDS[name].search(text, start)
    return found.end() if found else -1


def _drop_unrepresentable(page: bytes) -> bytes:
    r"""The source without characters that no tree holds or that are our marks, written as such or as references.

    A reference becomes a character that is tidied away later, so that no new one comes about around it.

    >>> _drop_unrepresentable(b"12&#65;3\x00\x0c45"), _drop_unrepresentable(b"a&#xFDD&#1;0;")
    (b'12&#65;3 45', b'a&#xFDD\xe2\x80\x8b0;')
    """
    page = page.translate(_SPACED, _CONTROLS)
    if any(lead in page for lead in _LEADS):
        page = _NONCHARACTER.sub(b"", page)
    return _REFERENCE.sub(_NOTHING, page) if b"&#" in page else page


def _drop_unfinished(page: bytes) -> bytes:
    """The source without a tag that its end cut in two: of ``12</`` the parser would make the text ``12</``."""
    start = page.rfind(b"<")
    return page[:start] if start >= 0 and b">" not in page[start:] and _UNFINISHED.match(page, start) else page


def ends_inside(text: str) -> bool:
    r"""Whether a page's source ends inside a cell, or with text behind its last block: it may have been cut off there.

    >>> ends_inside("<table><tr><td>12"), ends_inside("<table><tr><td>12</td>"), ends_inside("<p>公开</p>\n")
    (True, False, False)
    """
    position, seen = len(text), False
    for _ in range(_MOST_CHECKED):
        position = text.rfind("<", 0, position)
        edge = _block_edge().match(text, position) if position >= 0 else None
        if edge and not seen:
            seen = True
            if _holds_text(text[text.find(">", edge.end()) + 1 or len(text) :]):
                return True
        name = edge[1].lower() if edge else ""
        if position < 0 or name in _ENDS_CELL:
            return not seen and _holds_text(text)
        if name in ("td", "th"):
            return True
    return False


def _holds_text(markup: str) -> bool:
    return bool(re.sub(r"<[^>]*>?", "", drop_raw(markup)).strip())


@functools.cache
def _block_edge() -> re.Pattern[str]:
    names = "|".join(sorted({*load_words().tags["blocks"], "td", "th", "tbody", "body", "html"}))
    return re.compile(rf"<(/?(?:{names}))(?=[\s/>])", re.IGNORECASE)


def _is_plain(page: bytes) -> bool:
    """Whether a look at the source tells that ``check_tags`` would find nothing.

    An attribute takes two characters at least. So a tag has few of them if ``>`` ends it soon, and that does end it if
    no quote that opens a value is open there.
    """
    return page.count(b"<") <= MOST_TAGS and not (_LONG_TAG.search(page) or _QUOTED_END.search(page))


def check_tags(page: bytes) -> None:
    """Nothing, for a page with a plausible number of tags and of attributes in each.

    Each tag is consumed with its attributes, quotes counted as the parser counts them, so the time is linear.

    Raises
    ------
    Unreadable : more than ``MOST_TAGS`` tags, or ``MOST_ATTRIBUTES`` attributes in one.
    """
    for number, match in enumerate(_TAG.finditer(page), start=1):
        if number > MOST_TAGS:
            raise Unreadable(f"html: more than {MOST_TAGS} tags", "gate")
        if match["over"]:
            raise Unreadable(f"html: more than {MOST_ATTRIBUTES} attributes in one tag", "gate")
