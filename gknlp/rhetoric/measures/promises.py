"""Promises and deeds (承诺与落实): planned units of a year matched with done units of the next, every pair kept."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from gknlp.text.normalise import fold_text

_DECIMALS = 6
# A shared name of two characters (网站) is no link between a promise and a deed.
_SHORTEST_NAME = 3
_NAMED = ("instrument", "body", "channel", "place")


@dataclass(frozen=True, slots=True)
class Statement:
    """A unit as a promise or as a deed. ``names``: the named documents, bodies, channels and places in it."""

    doc_id: str
    unit_id: str
    text: str
    theme: str | None
    themes: tuple[str, ...]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Promise:
    """A planned unit and the deed that answers it best; ``deed`` None where none does."""

    promise: Statement
    deed: Statement | None
    theme: str | None
    similarity: float | None
    shared: tuple[str, ...]


def match_promises(
    promises: Sequence[Statement], deeds: Sequence[Statement], *, min_similarity: float, idf: Idf | None = None
) -> list[Promise]:
    """Each promise with its best deed of the next year, in order; deeds may answer several promises.

    A deed answers where its theme may answer the promise's (``themes.toml``) and either the texts are similar enough
    or both name the same thing. The best has the highest similarity, then the first unit_id.

    Parameters
    ----------
    promises, deeds : of one agency, a year and the next; without deeds no promise is answered.
    min_similarity : least cosine of character bigrams.
    idf : weights of bigrams over the corpus; from these texts alone where absent.
    """
    if not promises:
        return []
    if not deeds:
        return [Promise(promise, None, None, None, ()) for promise in promises]
    idf = idf or Idf([item.text for item in (*promises, *deeds)])
    cosines = idf.compare([item.text for item in promises], [item.text for item in deeds])
    return [_best(promise, deeds, row, min_similarity) for promise, row in zip(promises, cosines, strict=True)]


def measure_promise_kept(promises: Sequence[Promise] | None) -> float | None:
    """Promise kept (承诺兑现): planned units of the year answered by a done unit of the next / planned units.

    Unit: share, 0-1. None where nothing is planned, or where the next year has no report (None): that says nothing
    about the promise. An answer is a text that tells a like deed, no proof of it. Source: ours.

    >>> plan = Statement("a", "a1", "明年为老年人开设大字版页面。", "I07", ("I07",), frozenset())
    >>> deed = Statement("b", "b1", "门户网站开设大字版页面，方便老年人。", "O13", ("O13",), frozenset())
    >>> measure_promise_kept(match_promises([plan], [deed], min_similarity=0.2)), measure_promise_kept(None)
    (1.0, None)
    """
    return sum(item.deed is not None for item in promises) / len(promises) if promises else None


class Idf:
    """Weights of character bigrams over texts: what all say links nothing. Cosines are rounded to six decimals."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(2, 2), lowercase=False, sublinear_tf=True)
        folded = sorted({_fold(text) for text in texts})
        self._is_empty = not any(len(text) > 1 for text in folded)
        if not self._is_empty:
            self._vectorizer.fit(folded)

    def compare(self, left: Sequence[str], right: Sequence[str]) -> np.ndarray:
        """Cosines, a row a left text and a column a right one; 0 where a text has no bigram known."""
        if self._is_empty:
            return np.zeros((len(left), len(right)))
        rows, columns = (self._vectorizer.transform([_fold(text) for text in side]) for side in (left, right))
        cosines: np.ndarray = np.round((rows @ columns.T).toarray(), _DECIMALS)
        return cosines


def read_statement(unit: Mapping[str, Any], label: Mapping[str, Any], facets: Mapping[str, Any]) -> Statement:
    """A unit with its theme labels and its facets as a statement; names are read from the evidence's spans."""
    evidence = facets["evidence"] if len(unit["text"]) == unit["end"] - unit["start"] else []
    names = {
        unit["text"][mark["start"] - unit["start"] : mark["end"] - unit["start"]]
        for mark in evidence
        if mark["facet"] == "specificity" and mark["value"] in _NAMED
    }
    return Statement(
        unit["doc_id"],
        unit["unit_id"],
        unit["text"],
        label["primary"],
        tuple(label["labels"] or ()),
        frozenset(name for name in names if len(name) >= _SHORTEST_NAME),
    )


def _best(promise: Statement, deeds: Sequence[Statement], cosines: np.ndarray, least: float) -> Promise:
    best: tuple[float, str, Promise] | None = None
    for deed, cosine in zip(deeds, cosines.tolist(), strict=True):
        theme = _answering_theme(promise, deed)
        shared = tuple(sorted(promise.names & deed.names))
        if theme is None or (cosine < least and not shared):
            continue
        found = Promise(promise, deed, theme, cosine, shared)
        if best is None or (-cosine, deed.unit_id) < best[:2]:
            best = (-cosine, deed.unit_id, found)
    return best[2] if best else Promise(promise, None, None, None, ())


def _answering_theme(promise: Statement, deed: Statement) -> str | None:
    """The first theme of the deed that may answer the promise; None where none may."""
    data = _load_answers()
    allowed = {code for theme in promise.themes for code in (theme, *data["answers"].get(theme, ()), *data["anything"])}
    return next((theme for theme in deed.themes if theme in allowed), None)


@cache
def _load_answers() -> dict[str, Any]:
    return tomllib.loads(_read_answers())


@cache
def answers_hash() -> str:
    """SHA-256 (hex) of the table of which themes answer which."""
    return hashlib.sha256(_read_answers().encode()).hexdigest()


def _read_answers() -> str:
    return files("gknlp.rhetoric.measures").joinpath("themes.toml").read_text(encoding="utf-8")


def _fold(text: str) -> str:
    return fold_text(text).text
