"""Lines and tables around an article that are no part of it: where the reader stands, buttons, the metadata block."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from gknlp.readers.html_blocks import Item
from gknlp.readers.html_words import load_words
from gknlp.readers.linear import TableCell

_DATE = re.compile(r"(?<!\d)(20\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)")
_LONGEST_LINE = 200
_LONGEST_VALUE = 60
_MOST_LINES = 80
"""A metadata block of names and values on lines of their own stands above the article, within this many lines."""
_OPENING = " \u3000\xa0[【「·•\\-—*|>"
_SPLIT = re.compile(r"[\s|/\\\[\]【】()（）·,，、:：]+")
_TITLE_LIKE = re.compile("(?:信息|政务)公开.{0,20}(?:报告|年报)|年报")


@dataclass(slots=True)
class Metadata:
    """What the metadata block and the page's head say; the first of each kind counts."""

    titles: list[str] = field(default_factory=list)
    published: str = ""
    agency: str = ""

    def hints(self) -> dict[str, str] | None:
        """As hints of a document; None if nothing was said."""
        said = {"agency": self.agency, "published": self.published}
        return {key: value for key, value in said.items() if value} or None


def read_head(root: Any) -> Metadata:
    """What the page's meta elements, headings and title element say."""
    words = load_words()
    found = Metadata()
    for node in root.iter("meta"):
        name = (node.get("name") or node.get("property") or "").strip().lower()
        content = " ".join((node.get("content") or "").split())
        if content and name in words.meta["titles"]:
            found.titles.append(content)
        elif name in words.meta["published"] and not found.published:
            found.published = _iso_date(content)
    return found


def note_metadata(items: list[Item], found: Metadata) -> None:
    """Add to ``found`` what items around an article say of title, date and agency; menus are passed by."""
    _take(items, found, keeps=False)


def take_metadata(items: list[Item], found: Metadata) -> list[Item]:
    """The items that belong to the article; what the others say of title, date and agency is added to ``found``."""
    return _take(items, found, keeps=True)


def _take(items: list[Item], found: Metadata, *, keeps: bool) -> list[Item]:
    words = load_words()
    kept: list[Item] = []
    waiting = ""
    for number, item in enumerate(items):
        if isinstance(item, list):
            waiting = ""
            if not _take_table(item, found):
                kept.append(item)
            continue
        label = _bare_label(item) if number < _MOST_LINES else ""
        if waiting and not label and len(item) <= _LONGEST_VALUE and not _TITLE_LIKE.search(item):
            _note(found, waiting, item)
            waiting = ""
            continue
        waiting = label
        if label or not (keeps or words.label.match(item.lstrip(_OPENING))):
            continue
        if not _is_furniture(item) and not _take_line(item, found):
            kept.append(item)
    return kept


def _take_table(cells: list[TableCell], found: Metadata) -> bool:
    """Whether a table is a metadata block: every filled cell is one of its names or the value behind one."""
    filled = [cell.text for cell in cells if cell.text]
    pairs = []
    label = ""
    for text in filled:
        name, value = _split_label(text)
        if name:
            pairs.append((name, value))
            label = "" if value else name
        elif label:
            pairs.append((label, text))
            label = ""
        else:
            return False
    if len({name for name, _ in pairs}) < 2:
        return False
    for name, value in pairs:
        _note(found, name, value)
    return True


def _take_line(line: str, found: Metadata) -> bool:
    """Whether a line is one of the metadata block: it begins with a name and a colon (发布日期：… 来源：…)."""
    words = load_words()
    text = line.lstrip(_OPENING)
    if len(line) > _LONGEST_LINE or not words.label.match(text):
        return False
    places = [*words.label.finditer(text)]
    for place, following in zip(places, [*places[1:], None], strict=True):
        _note(found, place[1], text[place.end() : following.start() if following else len(text)])
    return True


def _is_furniture(line: str) -> bool:
    words = load_words()
    if len(line) > _LONGEST_LINE or "。" in line:
        return False
    bare = line.lstrip(_OPENING)
    if not bare or "".join(bare.split()).startswith(words.opening):
        return True
    return all(piece in words.buttons or not piece for piece in _SPLIT.split(bare))


def _bare_label(line: str) -> str:
    name = re.sub(r"[\s\[\]【】:：·]", "", line)
    return name if name in load_words().labels else ""


def _split_label(text: str) -> tuple[str, str]:
    """A cell's metadata name and the value in the same cell; ('', '') for a cell that begins with no name."""
    if bare := _bare_label(text):
        return bare, ""
    match = load_words().label.match(text.lstrip(_OPENING))
    return (re.sub(r"\s", "", match[1]), text.lstrip(_OPENING)[match.end() :]) if match else ("", "")


def _note(found: Metadata, label: str, value: str) -> None:
    fields, value = load_words().fields, value.strip(" \u3000|[]【】")
    name = re.sub(r"\s", "", label)
    if name in fields["titles"] and value:
        found.titles.append(value)
    elif name in fields["published"] and not found.published:
        found.published = _iso_date(value)
    elif name in fields["agencies"] and not found.agency and len(value) <= _LONGEST_VALUE:
        found.agency = value


def _iso_date(text: str) -> str:
    match = _DATE.search(text)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else ""
