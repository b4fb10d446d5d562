"""The words of a unit, clause by clause, with jieba's parts of speech."""

from __future__ import annotations

from dataclasses import dataclass

from gknlp.rhetoric.learned.bags import Sight

ENDS = frozenset("，。；：！？,;:!?\n")


@dataclass(frozen=True, slots=True)
class Word:
    """A word, its tag and where it starts in the unit's text."""

    text: str
    tag: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch between two signs: where it starts and ends, and its words without signs."""

    start: int
    end: int
    words: tuple[Word, ...]


def list_words(sight: Sight) -> list[Word]:
    """All words behind the list marker and a run-in heading."""
    found, at = [], 0
    for end, tag in zip(sight.reading.ends, sight.reading.tags, strict=True):
        if at >= sight.start:
            found.append(Word(sight.text[at:end].strip() or " ", tag, at))
        at = end
    return found


def split_clauses(sight: Sight, words: list[Word]) -> list[Clause]:
    """The clauses in order, empty ones left out."""
    clauses: list[Clause] = []
    start = sight.start
    inner: list[Word] = []
    for word in words:
        if word.text[0] in ENDS:
            if inner:
                clauses.append(Clause(start, word.start, tuple(inner)))
            start, inner = word.end, []
        elif word.tag != "x":
            inner.append(word)
    if inner:
        clauses.append(Clause(start, len(sight.text), tuple(inner)))
    return clauses
