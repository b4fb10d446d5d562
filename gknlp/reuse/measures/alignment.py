"""The best local alignment of two token sequences (alignment_score)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gknlp.errors import UsageError
from gknlp.features.compiled import compiled
from gknlp.records import Span
from gknlp.reuse.measures.texts import Tokens, encode_texts

MATCH, MISMATCH, GAP = 3, -1, -2
"""Defaults of the Legislative Influence Detector's plain aligner."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """The best-scoring stretch of a and of b, as half-open token positions; score 0 and empty spans where none scores."""

    score: int
    a: Span
    b: Span


def measure_alignment_score(a: Tokens, b: Tokens) -> int:
    """The score of the best local alignment with the default constants; see ``align_locally``.

    >>> measure_alignment_score("本镇更新公开目录", "我县更新办事目录")
    10
    """
    return align_locally(a, b).score


def align_locally(a: Tokens, b: Tokens, *, match: int = MATCH, mismatch: int = MISMATCH, gap: int = GAP) -> Alignment:
    """The best local alignment of two texts by Smith and Waterman.

    ``H[i, j] = max(0, H[i-1, j-1] + (match or mismatch), H[i-1, j] + gap, H[i, j-1] + gap)``; the score is the largest H.
    Unit: score points, 0 to ``match * shorter length``; it grows with the length of what is shared, so quote it with the
    span. The score is symmetric and ``match * |a|`` for the same text. Time grows with ``|a| * |b|``, memory with
    ``|b|``: find candidates by shingles first.

    Parameters
    ----------
    a, b : words or characters.
    match, mismatch, gap : points for an equal pair, an unequal pair, a token that the other lacks.

    Returns
    -------
    Of several best alignments the one that ends first in ``a``, then in ``b``. An empty text scores 0.

    Raises
    ------
    UsageError : match is not above 0, or mismatch or gap is above 0, or gap is 0.

    Source: Smith & Waterman 1981; for bills Wilkerson, Smith & Stramp 2015, American Journal of Political Science 59(4),
    whose penalty for gaps is affine (so a public replication says) and whose constants were not verified. The defaults
    3, -1, -2 were read in the code of the Legislative Influence Detector (Burgess et al. 2016); the R package textreuse
    has 2, -1, -1 (read in its manual).

    >>> align_locally("本镇更新公开目录", "我县更新办事目录")
    Alignment(score=10, a=Span(start=2, end=8), b=Span(start=2, end=8))
    """
    if match <= 0 or mismatch > 0 or gap >= 0:
        raise UsageError(
            f"scores of match {match}, mismatch {mismatch}, gap {gap}: match must be above 0, mismatch at most 0, gap below 0"
        )
    codes = encode_texts([[a], [b]]).codes.astype(np.int64)
    score, a_start, a_end, b_start, b_end = _align(codes[: len(a)], codes[len(a) :], match, mismatch, gap)
    return Alignment(int(score), Span(int(a_start), int(a_end)), Span(int(b_start), int(b_end)))


@compiled
def _align(a, b, match, mismatch, gap):  # type: ignore[no-untyped-def]  # numba infers the types
    n = b.shape[0]
    row = np.zeros(n + 1, np.int64)
    # where the alignment that ends here begins: a start * (n + 1) + b start
    begin = np.arange(n + 1)
    best, begins, end_a, end_b = 0, 0, 0, 0
    for i in range(a.shape[0]):
        diagonal, diagonal_begin = np.int64(0), i * (n + 1)
        begin[0] = (i + 1) * (n + 1)
        for j in range(n):
            score = diagonal + (match if a[i] == b[j] else mismatch)
            origin = diagonal_begin
            if row[j + 1] + gap > score:
                score, origin = row[j + 1] + gap, begin[j + 1]
            if row[j] + gap > score:
                score, origin = row[j] + gap, begin[j]
            if score <= 0:
                score, origin = np.int64(0), (i + 1) * (n + 1) + j + 1
            diagonal, diagonal_begin = row[j + 1], begin[j + 1]
            row[j + 1], begin[j + 1] = score, origin
            if score > best:
                best, begins, end_a, end_b = score, origin, i + 1, j + 1
    return best, begins // (n + 1), end_a, begins % (n + 1), end_b
