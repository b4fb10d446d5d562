"""Probabilities in, labels out: at most three a unit, the likeliest first, none where the model does not know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from gknlp.themes.classifier import Coding
from gknlp.themes.codebook import Codebook
from gknlp.themes.learned.places import Masks

Floats = NDArray[np.float64]
N_DECIMALS = 4
LISTED_FROM = 0.02
"""Least probability that a coding lists; the rest adds thousands of figures and no knowledge."""
MAX_LABELS = 3
_FIRST = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
_MORE = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Least probability of the primary label (below it the model abstains) and of each further one."""

    first: float
    more: float


def choose_labels(probabilities: Floats, thresholds: Thresholds, lonely: Masks) -> Masks:
    """Units x themes: the labels given. ``lonely`` themes (structural, fallback) stand alone or not at all.

    A unit whose likeliest theme is lonely gets that theme only; no other unit gets a lonely theme beside its own.
    """
    given = np.zeros(probabilities.shape, dtype=bool)
    left = probabilities.copy()
    rows = np.arange(len(left))
    open_ = np.ones(len(left), dtype=bool)
    for turn in range(MAX_LABELS if left.size else 0):
        top = left.argmax(axis=1)
        open_ &= left[rows, top] >= (thresholds.first if turn == 0 else thresholds.more)
        given[rows[open_], top[open_]] = True
        left[rows, top] = 0.0
        if turn == 0:
            open_ &= ~lonely[0, top]
            left[:, lonely[0]] = 0.0
    return given


def lonely_themes(codebook: Codebook) -> Masks:
    """1 x themes: the structural classes and the themes that are given only where nothing else is."""
    structural = {theme.code for theme in codebook.structural}
    return np.array([[theme.fallback or theme.code in structural for theme in codebook.themes]])


def choose_thresholds(probabilities: Floats, gold: Masks, lonely: Masks) -> Thresholds:
    """The pair of thresholds with the best macro-F1 over these units, of equals the lowest."""
    pairs = [Thresholds(first, more) for first, more in product(_FIRST, _MORE) if first <= more]
    quality = [_macro_f1(choose_labels(probabilities, pair, lonely), gold) for pair in pairs]
    return pairs[int(np.argmax(np.round(quality, 6)))]


def _macro_f1(given: Masks, gold: Masks) -> float:
    hits, total = (given & gold).sum(axis=0), given.sum(axis=0) + gold.sum(axis=0)
    known = gold.any(axis=0)
    return float((2 * hits[known] / np.maximum(total[known], 1)).mean()) if known.any() else 0.0


def code_units(probabilities: Floats, given: Masks, codes: Sequence[str]) -> list[Coding]:
    """A coding a unit: its labels and all themes of at least ``LISTED_FROM``, likeliest first, equals in codebook order."""
    rows, themes = np.nonzero((probabilities >= LISTED_FROM) | given)
    found = probabilities[rows, themes]
    order = np.lexsort((themes, -found, rows))
    rows, themes, found = rows[order], themes[order], found[order]
    names = [codes[theme] for theme in themes.tolist()]
    pairs = list(zip(names, np.round(found, N_DECIMALS).tolist(), strict=True))
    ends = np.searchsorted(rows, np.arange(len(probabilities) + 1)).tolist()
    label_ends = np.cumsum([0, *given.sum(axis=1)]).tolist()
    labels = [names[at] for at in np.flatnonzero(given[rows, themes]).tolist()]
    return [
        Coding(tuple(labels[label_first:label_end]), tuple(pairs[first:end]))
        for (first, end), (label_first, label_end) in zip(pairwise(ends), pairwise(label_ends), strict=True)
    ]
