"""Row labels of a form among a table's cells, despite typos, width, line breaks and missing characters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from gknlp.forms import FormTable, Row
from gknlp.parse.chains import Link, best_chain
from gknlp.parse.layout import Flat, Token
from gknlp.text.folding import fold_label, similarity
from gknlp.text.numerals import is_blank_mark, parse_amount

_FLOOR = 0.6
"""Similarity below which a printed label is not this row: under it the labels of one form begin to resemble each other."""
_MOST_JOINED = 4
_LEAST_PARTIAL = 6
_NUMBER = re.compile(r"^(?:[一二三四五六七八九十]|\d)")


@dataclass(frozen=True, slots=True)
class Match:
    """Row ``index`` of a table begins with tokens ``first`` to ``last``; ``score`` 1.0 is the printed label itself."""

    index: int
    first: int
    last: int
    score: float


@dataclass(frozen=True, slots=True)
class _Labels:
    rows: tuple[Row, ...]
    folded: tuple[tuple[str, ...], ...]
    decoys: frozenset[str]
    exact: dict[str, tuple[int, ...]]


@cache
def _labels(table: FormTable) -> _Labels:
    rows = tuple(row for block in table.blocks for row in block.rows)
    folded = tuple(tuple(fold_label(name) for name in (row.label, *row.variants)) for row in rows)
    decoys = {fold_label(name) for name in (*table.headers, table.caption, table.note)}
    decoys |= {fold_label(block.label) for block in table.blocks}
    decoys |= {fold_label(column.label) for block in table.blocks for column in block.columns}
    exact: dict[str, tuple[int, ...]] = {}
    for index, names in enumerate(folded):
        for name in names:
            exact[name] = (*exact.get(name, ()), index)
            bare = _NUMBER.sub("", name)
            if len(bare) >= _LEAST_PARTIAL:
                exact[bare] = (*exact.get(bare, ()), index)
    return _Labels(rows, folded, frozenset(decoys) - {""}, exact)


def is_value_like(token: Token) -> bool:
    """Whether a cell prints a number or one of the marks for "not stated"."""
    return is_blank_mark(token.raw) or parse_amount(token.raw) is not None


def match_rows(table: FormTable, flat: Flat) -> tuple[Match, ...]:
    """The rows that were found, in the form's order, each at most once; the best increasing alignment wins."""
    labels = _labels(table)
    candidates = _exact_candidates(labels, flat.tokens)
    known = {candidate.first for candidate in candidates}
    missing = set(range(len(labels.rows))) - {candidate.index for candidate in candidates}
    if missing:
        candidates += _fuzzy_candidates(labels, flat, known, missing)
    return _align(candidates)


def _exact_candidates(labels: _Labels, tokens: Sequence[Token]) -> list[Match]:
    found = []
    for place, token in enumerate(tokens):
        if token.raw and (rows := labels.exact.get(fold_label(token.raw))):
            found += [Match(index, place, place, 1.0) for index in rows]
    return found


def _fuzzy_candidates(labels: _Labels, flat: Flat, known: set[int], missing: set[int]) -> list[Match]:
    places = [
        place
        for place, token in enumerate(flat.tokens)
        if token.raw and place not in known and not is_value_like(token)
    ]
    found = []
    for order, place in enumerate(places):
        folded = fold_label(flat.tokens[place].raw)
        if folded in labels.decoys and not _opens_row(flat, place):
            continue
        found += _closest(labels, folded, place, place, missing)
        joined = folded
        for last in places[order + 1 : order + _MOST_JOINED]:
            if flat.keeps_blanks or _gap_has_value(flat, place, last):
                break
            joined += fold_label(flat.tokens[last].raw)
            found += [m for m in _closest(labels, joined, place, last, missing) if m.score >= 0.9]
    return found


def _opens_row(flat: Flat, place: int) -> bool:
    """Whether numbers follow: 其他 and 总计 head columns, and label rows where a word processor lost the number."""
    row = flat.tokens[place].row
    behind = next((token for token in flat.tokens[place + 1 :] if token.raw), None)
    return behind is not None and behind.row == row and is_value_like(behind)


def _gap_has_value(flat: Flat, first: int, last: int) -> bool:
    return any(token.raw and is_value_like(token) for token in flat.tokens[first : last + 1])


def _closest(labels: _Labels, folded: str, first: int, last: int, missing: set[int]) -> list[Match]:
    found = []
    for index in sorted(missing):
        score = max(_closeness(folded, name, labels.decoys) for name in labels.folded[index])
        if score >= _FLOOR:
            found.append(Match(index, first, last, 0.98 * score))
    return found


def _closeness(printed: str, label: str, decoys: frozenset[str]) -> float:
    """Similarity of a printed label: whole, without its number, glued behind a group's label, or cut short."""
    score = similarity(printed, label, _FLOOR)
    bare, plain = _NUMBER.sub("", printed), _NUMBER.sub("", label)
    if min(len(bare), len(plain)) >= 3:
        score = max(score, 0.95 * similarity(bare, plain, _FLOOR))
    if printed.endswith(label) and (len(label) >= _LEAST_PARTIAL or printed[: -len(label)] in decoys):
        score = max(score, 0.9)
    # Long labels (partly granted, unanswered correction) are often printed without their explanation.
    if len(plain) >= 2 * len(bare) > 0 and len(bare) >= 4 and plain.startswith(bare):
        score = max(score, 0.8)
    return score


def _align(candidates: Sequence[Match]) -> tuple[Match, ...]:
    ordered = sorted(candidates, key=lambda match: (match.first, match.index, match.last))
    links = [Link(match.first, match.last + 1, match.index, match.score) for match in ordered]
    return tuple(ordered[place] for place in best_chain(links))
