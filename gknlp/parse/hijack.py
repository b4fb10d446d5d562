"""Falsified copies: another word stands where a report prints 政府信息公开 (政府信息公开年度报告被篡改的转载件)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from gknlp.records import Diagnostic, Span

_WORD = r"(?P<x>[一-鿿㐀-䶿A-Za-z0-9·]{2,14}?)"
_FEWEST_KINDS = 2
"""One frame with a strange word is a slip; the same word in frames of two kinds is a substitution."""
_FEWEST_LETTERS = 2
_MOST_WORDS = 50
"""Laws cited in 《…条例》 are candidates, too; an honest report cites a dozen, and each costs a few searches."""
_GOVERNMENT_HOST = re.compile(r"(?:^|\.)(?:gov\.cn|xn--zfr164b|政务)$")
_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@]*@)?(\[[0-9a-f:.]+\]|[^/?#:]+)", re.IGNORECASE)
_BARE_HOST = re.compile(r"^([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::\d+)?(?:[/?#]|$)", re.IGNORECASE)
_ADDRESS = re.compile(r"\[[0-9a-f:.]+\]|\d{1,3}(?:\.\d{1,3}){3}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Frame:
    kind: str
    pattern: str
    closed_by_form: bool


@dataclass(frozen=True, slots=True)
class _Words:
    closed: tuple[tuple[_Frame, re.Pattern[str]], ...]
    open: tuple[_Frame, ...]
    official: re.Pattern[str]
    harmless: re.Pattern[str]


@cache
def _load_words() -> _Words:
    data = tomllib.loads((files("gknlp.parse") / "hijack.toml").read_text(encoding="utf-8"))
    official = data["official"]
    pairs = dict.fromkeys(phrase[i : i + 2] for phrase in official for i in range(len(phrase) - 1))
    letters = "".join(dict.fromkeys("".join(official)))
    neutral = sorted(data["neutral"], key=lambda word: (-len(word), word))
    closed = [_frame(item) for item in data["frames"]]
    return _Words(
        tuple((frame, re.compile(frame.pattern.replace("{x}", _WORD))) for frame in closed),
        tuple(_frame(item) for item in data["open_frames"]),
        re.compile("|".join(pairs)),
        re.compile(f"{'|'.join(map(re.escape, neutral))}|[{letters}]"),
    )


def _frame(item: Mapping[str, Any]) -> _Frame:
    return _Frame(item["kind"], item["pattern"], item.get("closed_by_form", False))


def find_falsified(text: str) -> tuple[list[Diagnostic], str | None]:
    """Headings that keep the form's frame around a foreign word, and why the whole is a hijacked copy (None: it is not).

    A word is foreign that shares no two neighbouring letters with the official phrases and is not made of words that
    honest headings print there. The copy is hijacked where one such word stands in frames of two kinds.
    """
    found = list(_find_foreign(text))
    kinds = {word: _kinds_of(text, word) for word in list(dict.fromkeys(word for _, word, _ in found))[:_MOST_WORDS]}
    notes = [
        Diagnostic("falsified_heading", "warning", span, "政府信息公开", word)
        for frame, word, span in found
        if frame.kind.endswith("_heading") and (frame.closed_by_form or len(kinds.get(word, ())) >= _FEWEST_KINDS)
    ]
    word = max(kinds, key=lambda word: len(kinds[word]), default="")
    if len(kinds.get(word, ())) < _FEWEST_KINDS:
        return notes, None
    return notes, f"not a report: a hijacked copy, {word} stands where the official phrase belongs"


def _find_foreign(text: str) -> Iterator[tuple[_Frame, str, Span]]:
    words = _load_words()
    for frame, pattern in words.closed:
        for match in pattern.finditer(text):
            word = match["x"]
            if not words.official.search(word) and len(words.harmless.sub("", word)) >= _FEWEST_LETTERS:
                yield frame, word, Span(match.start("x"), match.end("x"))


def _kinds_of(text: str, word: str) -> frozenset[str]:
    """The kinds of frame in which this word stands."""
    words = _load_words()
    frames = (*(frame for frame, _ in words.closed), *words.open)
    return frozenset(
        frame.kind for frame in frames if re.search(frame.pattern.replace("{x}", re.escape(word)), text) is not None
    )


def check_host(hints: Mapping[str, str]) -> list[Diagnostic]:
    """A note where the document's address (``url``) lies on a host that is no government's; nothing for a bare IP address.

    >>> [note.found for note in check_host({"url": "http://news.example.com:8080/a.html"})]
    ['news.example.com']
    >>> check_host({"url": "https://www.example.gov.cn:8443/a"}), check_host({})
    ([], [])
    """
    url = hints.get("url", "").strip()
    match = _HOST.match(url) or _BARE_HOST.match(url)
    if match is None:
        return []
    host = match[1].rstrip(".").lower()
    if _ADDRESS.fullmatch(host) or _GOVERNMENT_HOST.search(host):
        return []
    return [Diagnostic("not_government_host", "info", None, ".gov.cn", host)]
