"""How alike unrelated texts are, by the same function for this corpus and for any folder of reports."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import combinations

from planted_parts.dice import Dice
from planted_parts.model import Document

GRAM = 5
RUN = 20
"""Folded characters from which on a search for copies may take a run of equal ones for copied."""


def fold(text: str) -> str:
    """Letters and digits alone, width folded, every digit 0."""
    kept = (char for char in unicodedata.normalize("NFKC", text) if char.isalnum())
    return "".join("0" if char.isdigit() else char for char in kept)


def list_jaccards(texts: Sequence[str], n_pairs: int = 1000) -> list[float]:
    """Jaccard index of the sets of character 5-grams (white space left out) of pairs of texts, ascending.

    All pairs if they are no more than ``n_pairs``, else so many drawn with a fixed seed. Fewer than two texts give none.
    """
    grams = []
    for text in texts:
        line = "".join(text.split())
        grams.append({line[at : at + GRAM] for at in range(len(line) - GRAM + 1)})
    pairs = list(combinations(range(len(texts)), 2))
    if len(pairs) > n_pairs:
        dice = Dice("pairs")
        pairs = [dice.pick(pairs) for _ in range(n_pairs)]
    return sorted(len(grams[a] & grams[b]) / max(len(grams[a] | grams[b]), 1) for a, b in pairs)


def count_collisions(documents: Iterable[Document]) -> tuple[int, int]:
    """Characters of own text under runs of RUN folded characters that another document's own text has, and all of them.

    By brute force over every run, so for small corpora; prescribed text ends a run.
    """
    seen: dict[str, str] = {}
    stretches: list[tuple[str, str]] = []
    for document in documents:
        stretches += [(document.doc_id, run) for run in _list_own_runs(document)]
    shared: set[str] = set()
    for doc_id, run in stretches:
        for at in range(len(run) - RUN + 1):
            gram = run[at : at + RUN]
            if seen.setdefault(gram, doc_id) != doc_id:
                shared.add(gram)
    hit = 0
    for _, run in stretches:
        done = 0
        for at in range(len(run) - RUN + 1):
            if run[at : at + RUN] in shared:
                hit += at + RUN - max(done, at)
                done = at + RUN
    return hit, sum(len(run) for _, run in stretches)


def _list_own_runs(document: Document) -> list[str]:
    runs = [""]
    for _, piece in document.pieces:
        if piece.stratum == "original":
            runs[-1] += fold(piece.text)
        elif runs[-1]:
            runs.append("")
    return runs
