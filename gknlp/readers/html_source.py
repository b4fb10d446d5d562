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
    r"<[a-zA-Z][^\s/>]*+"
    r"(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+)?+)"
    rf"{{0,{MOST_ATTRIBUTES}}}+(?P<over>[\s/]*+[^\s/>])?"
)
_UNREPRESENTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufdd0-\ufdef\ufffe\uffff]")
_PRE = re.compile(r"<pre(?=[\s/>]).*?(?:</pre(?=[\s/>])|\Z)", re.IGNORECASE | re.DOTALL)


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
    kept = _UNREPRESENTABLE.sub("", drop_raw(text))
    if len(kept) > _HARMLESS:
        check_tags(kept)
    # huge_tree only lifts 256 levels to 2,048 and text nodes beyond 10 MB; size, tags and attributes are capped above.
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True, recover=True, remove_comments=True, remove_pis=True
    )
    try:
        root: etree._Element | None = etree.fromstring(mark_blocks(kept).encode("utf-8"), parser)
    except etree.ParserError:
        return None
    except etree.XMLSyntaxError as error:
        if not kept.strip():
            return None
        raise Unreadable("html: no markup that can be read", "read") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise Unreadable(f"html: more than {_DEEPEST} elements inside each other", "gate")
    return root


def mark_blocks(text: str) -> str:
    """The page's source with a mark at each block's edges, at each cell, and at the line ends of preformatted text.

    Marks in the text let a whole table, or article, be read in one go, without a step for each element.
    """
    blocks, cells = _edges()
    text = cells.sub(CELL + "<", blocks.sub(BREAK + "<", text))
    if "<pre" in text or "<PRE" in text:
        text = _PRE.sub(lambda match: match[0].replace("\n", "\n" + BREAK), text)
    return text


@functools.cache
def _edges() -> tuple[re.Pattern[str], re.Pattern[str]]:
    by_letter: dict[str, list[str]] = {}
    for name in sorted(load_words().tags["blocks"]):
        by_letter.setdefault(name[0], []).append(name[1:])
    names = "|".join(f"{letter}(?:{'|'.join(rests)})" for letter, rests in by_letter.items())
    return re.compile(rf"<(?=/?(?:{names})[\s/>])", re.IGNORECASE), re.compile(r"<(?=t[dh][\s/>])", re.IGNORECASE)


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


def check_tags(text: str) -> None:
    """Nothing, for a page with a plausible number of tags and of attributes in each.

    Each tag is consumed with its attributes, quotes counted as the parser counts them, so the time is linear.

    Raises
    ------
    Unreadable : more than ``MOST_TAGS`` tags, or ``MOST_ATTRIBUTES`` attributes in one.
    """
    for number, match in enumerate(_TAG.finditer(text), start=1):
        if number > MOST_TAGS:
            raise Unreadable(f"html: more than {MOST_TAGS} tags", "gate")
        if match["over"]:
            raise Unreadable(f"html: more than {MOST_ATTRIBUTES} attributes in one tag", "gate")
