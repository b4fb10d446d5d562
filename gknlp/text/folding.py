"""Folding: one form for label-like strings that differ in width, spacing or punctuation only."""

from __future__ import annotations

import re
from functools import lru_cache

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_DROPPED = re.compile(r"[\W_]+")


def fold_width(text: str) -> str:
    """Full-width ASCII and the ideographic space as their half-width forms; the length stays the same.

    >>> fold_width("（１）")
    '(1)'
    """
    return text.translate(_WIDTH)


@lru_cache(maxsize=8192)
def fold_label(text: str) -> str:
    r"""The label's letters and digits only, half-width: white space, line breaks and punctuation are dropped.

    >>> fold_label("（三）不予\n公开")
    '三不予公开'
    """
    return _DROPPED.sub("", fold_width(text))


def edit_distance(a: str, b: str, limit: int) -> int:
    """Levenshtein distance, or ``limit + 1`` as soon as it must be larger.

    Source: Levenshtein 1966; the banded early exit is Ukkonen's (1985).

    >>> edit_distance("只计这一情形", "只记这一情况", 3)
    2
    """
    if a == b:
        return 0
    letters, others = set(a), set(b)
    # Each letter that the other word lacks costs an edit of its own.
    if max(abs(len(a) - len(b)), len(letters - others), len(others - letters)) > limit:
        return limit + 1
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        first = max(1, i - limit)
        diagonal, row[first - 1] = row[first - 1], i if first == 1 else limit + 1
        best = row[first - 1]
        for j, right in enumerate(b[first - 1 : i + limit], first):
            cost = diagonal if left == right else 1 + min(diagonal, row[j], row[j - 1])
            diagonal, row[j] = row[j], cost
            best = min(best, cost)
        if best > limit:
            return limit + 1
    return min(row[-1], limit + 1)


@lru_cache(maxsize=65536)
def similarity(a: str, b: str, floor: float) -> float:
    """1 - distance / longer length of two folded labels; 0.0 where it would be under ``floor``.

    >>> similarity("属于三类内部事务信息", "属于三类内容事务信息", 0.6)
    0.9
    """
    longest = max(len(a), len(b))
    if not longest:
        return 1.0
    limit = int(longest * (1 - floor) + 1e-9)
    distance = edit_distance(a, b, limit)
    return 0.0 if distance > limit else 1 - distance / longest
