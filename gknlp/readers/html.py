"""A web page: the article's text in reading order with its tables; menus, buttons and hidden text left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gknlp.readers.encoding import Decoded
from gknlp.readers.html_blocks import Item, number_lists, read_items, take_tables
from gknlp.readers.html_metadata import Metadata, note_metadata, read_head, take_metadata
from gknlp.readers.html_page import blank_unseen, find_article
from gknlp.readers.html_source import decode_page, ends_inside, parse_page
from gknlp.readers.html_text import BREAK, CELL, text_of, tidy_text
from gknlp.readers.linear import Linear, LinearBuilder, open_end
from gknlp.records import Diagnostic, Span

_TITLE = re.compile("公开.{0,40}(?:报告|年报)|年报")
_SITE = re.compile(r"\s*[-_|–—>]+\s*|\s{2,}")
_FOLDED = re.compile(r"[\W_]+")
_LINES_ABOVE = 20
_LONGEST_TITLE = 120


def read_html(data: bytes) -> Linear:
    """The page's article as linear text with its tables, and the date and agency of its metadata block as hints.

    An empty page gives empty text.

    Raises
    ------
    Unreadable : no known encoding, or more tags, attributes or depth than any page has.
    """
    decoded = decode_page(data)
    root = parse_page(decoded.text)
    if root is None:
        return LinearBuilder().finish(encoding=decoded.encoding)
    found = read_head(root)
    named = _page_titles(root)
    blank_unseen(root)
    number_lists(root)
    tables = take_tables(root)
    inside, around = read_items(root, find_article(root, tables), tables)
    items = take_metadata(inside, found)
    note_metadata(around, found)  # the metadata block often stands beside the article
    title = _lost_title(items, [*found.titles, *named])
    return _print(items if title is None else [title, *items], decoded, found)


def _page_titles(root: Any) -> list[str]:
    """Headings of the first level, then the title element without the site's name."""
    titles = [_text_of(node) for node in root.iter("h1")]
    for node in root.iter("title"):
        titles += _SITE.split(_text_of(node))
    return titles


def _text_of(node: Any) -> str:
    return tidy_text(text_of(node).replace(BREAK, " ").replace(CELL, " ")).strip()


def _lost_title(items: Sequence[Item], candidates: Sequence[str]) -> str | None:
    """The first candidate that looks like a report's title, if the article's first lines do not hold it."""
    title = next((text for text in candidates if len(text) <= _LONGEST_TITLE and _TITLE.search(text)), None)
    if title is None:
        return None
    above = "".join(item for item in items[:_LINES_ABOVE] if isinstance(item, str))
    return None if _fold(title) in _fold(above) else title


def _fold(text: str) -> str:
    return _FOLDED.sub("", text)


def _print(items: Sequence[Item], decoded: Decoded, found: Metadata) -> Linear:
    builder = LinearBuilder()
    for item in items:
        if isinstance(item, str):
            builder.add_line(item)
        else:
            builder.add_table(item)
    linear = builder.finish(encoding=decoded.encoding)
    if ends_inside(decoded.text):
        linear = open_end(linear)
    return replace(linear, notes=_place_notes(decoded.notes, linear.text), hints=found.hints())


def _place_notes(notes: Sequence[Diagnostic], text: str) -> tuple[Diagnostic, ...]:
    """Notes on the page's characters, with their place in the linear text or none."""
    first = text.find("\ufffd")
    span = Span(first, first + 1) if first >= 0 else None
    return tuple(replace(note, span=span if note.code == "replacement_characters" else None) for note in notes)
