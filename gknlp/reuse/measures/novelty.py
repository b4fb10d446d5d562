"""How much of a text stands nowhere else, and where the rest stands (novelty_share)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gknlp.features.shingles import shingle_hashes

Flags = NDArray[np.bool_]
BLOCK = 15
"""Characters of the shortest block that counts as found elsewhere: above the genre's set phrases (政府信息公开工作 is 8)."""


@dataclass(frozen=True, slots=True)
class Novelty:
    """``novelty_share``: in no source. ``reused``: by source, in the order given; together they add up to 1."""

    novelty_share: float
    reused: tuple[tuple[str, float], ...]


def measure_novelty_share(text: str, sources: Mapping[str, Sequence[str]], *, length: int = BLOCK) -> Novelty | None:
    """The share of the text's characters in no block of ``length`` or more that a source has (新增度), split by source.

    ``1 - covered characters / |d|``; a character that several sources have counts for the first of them.

    Parameters
    ----------
    text : characters as they are compared, normally from ``fold_text``.
    sources : name -> texts, folded alike: own previous report, superior, peers, law and model texts.
    length : at least 1.

    Returns
    -------
    Shares of characters, 0 to 1. No sources give 1.0, a text among its sources 0.0, a text shorter than ``length``
    1.0; None for an empty text.

    Raises
    ------
    UsageError : length < 1.

    Source: this project's own measure.

    >>> text = "修订公开指南并印发各村新设渡口专窗"
    >>> measure_novelty_share(text, {"own_previous": ["去年修订公开指南并印发各村"]}, length=8)
    Novelty(novelty_share=0.35294117647058826, reused=(('own_previous', 0.6470588235294118),))
    """
    hashes = shingle_hashes(text, length)
    known = {
        name: np.isin(hashes, np.concatenate([hashes[:0], *(shingle_hashes(other, length) for other in texts)]))
        for name, texts in sources.items()
    }
    return split_coverage(len(text), known, length)


def split_coverage(n_chars: int, known: Mapping[str, Flags], length: int) -> Novelty | None:
    """Shares from the windows that each source knows (a flag for each window's start); None for no characters."""
    if not n_chars:
        return None
    left = np.ones(n_chars, dtype=bool)
    reused = []
    for name, flags in known.items():
        covered = _cover(flags, n_chars, length) & left
        left &= ~covered
        reused.append((name, int(covered.sum()) / n_chars))
    return Novelty(int(left.sum()) / n_chars, tuple(reused))


def _cover(flags: Flags, n_chars: int, length: int) -> Flags:
    begins = np.flatnonzero(flags)
    steps = np.bincount(begins, minlength=n_chars + 1) - np.bincount(begins + length, minlength=n_chars + 1)
    covered: Flags = np.cumsum(steps)[:n_chars] > 0
    return covered
