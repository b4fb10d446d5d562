"""The longest common subsequence of two token sequences: how much of one is left in the other, in order."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from gknlp.reuse.measures.texts import Tokens


def count_common(a: Tokens, b: Tokens) -> int:
    """The length of the longest common subsequence; symmetric, 0 if one is empty.

    A row of the table is one integer of ``len(a)`` bits, so each token of ``b`` costs a handful of integer operations.

    Source: bit-parallel form of Crochemore et al. 2001, in the notation of Hyyrö 2004 (from memory; tested against
    the plain table).

    >>> count_common("更新公开目录", "更新办事目录")
    4
    """
    last = (1 << len(a)) - 1
    for last in _rows(a, b):  # noqa: B007  only the last row counts
        pass
    return len(a) - last.bit_count()


def match_common(a: Tokens, b: Tokens) -> list[tuple[int, int]]:
    """Places (in a, in b) of the tokens of one longest common subsequence, ascending; always the same one.

    >>> match_common("更新公开目录", "更新办事目录")
    [(0, 0), (1, 1), (4, 4), (5, 5)]
    """
    rows = [(1 << len(a)) - 1, *_rows(a, b)]
    i, j = len(a), len(b)
    matches = []
    while i and j:
        if rows[j] >> (i - 1) & 1:
            i -= 1
            continue
        j -= 1
        if rows[j] >> (i - 1) & 1:
            i -= 1
            matches.append((i, j))
    return matches[::-1]


def _rows(a: Tokens, b: Tokens) -> Iterator[int]:
    """After each token of b: bit i is 0 where ``a[:i + 1]`` has one common token more than ``a[:i]``."""
    full = (1 << len(a)) - 1
    places: dict[Hashable, int] = {}
    for index, token in enumerate(a):
        places[token] = places.get(token, 0) | 1 << index
    row = full
    for token in b:
        kept = row & places.get(token, 0)
        row = ((row + kept) | (row - kept)) & full
        yield row
