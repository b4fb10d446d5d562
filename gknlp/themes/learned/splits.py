"""Examples into blocks that are never torn apart, blocks into folds: by hash, never by hand.

Two units belong together where they are of one agency (机关) or where one is a near copy of the other, and so on
along chains. Whole blocks are held out, so neither an agency's voice nor a copied text is on both sides.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gknlp.errors import UsageError
from gknlp.text.normalise import fold_text
from gknlp.themes.learned.examples import Example

SHINGLE = 5
RESEMBLANCE = 0.5
"""Share of common 5-character shingles (Jaccard) from which texts are near copies; Broder 1997's resemblance."""
_SALT = "gknlp.themes.split.v1"
Int64s = NDArray[np.int64]


def find_blocks(examples: Sequence[Example]) -> tuple[str, ...]:
    """For each example the name of its block: the first agency, by name, of all that hang together with it.

    An example without an agency is one of its own. No examples give ().
    """
    parents = list(range(len(examples)))
    first_of: dict[str, int] = {}
    for row, example in enumerate(examples):
        _join(parents, row, first_of.setdefault(_owner(example), row))
    for left, right in near_copies([example.unit.text for example in examples]):
        _join(parents, left, right)
    names: dict[int, str] = {}
    for row, example in enumerate(examples):
        root = _root(parents, row)
        names[root] = min(names.get(root, _owner(example)), _owner(example))
    return tuple(names[_root(parents, row)] for row in range(len(examples)))


def near_copies(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of texts of which at least half of all 5-character shingles are common, as ascending positions.

    A text shorter than five folded characters is one shingle. Equal texts are linked to the first of them only.
    """
    shingles = [_shingles(text) for text in texts]
    first_with: dict[frozenset[str], int] = {}
    pairs = [(first_with.setdefault(own, row), row) for row, own in enumerate(shingles)]
    found = {pair for pair in pairs if pair[0] != pair[1]}
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for own, row in first_with.items():
        # Two sets of resemblance >= 1/2 share a shingle among the rarest-by-name half of either, and one more.
        rarest = sorted(own)[: len(own) - (len(own) + 1) // 2 + 1]
        candidates = {other for shingle in rarest for other in holders[shingle]}
        for other in sorted(candidates):
            common = len(own & shingles[other])
            if common >= RESEMBLANCE * (len(own) + len(shingles[other]) - common):
                found.add((other, row))
        for shingle in rarest:
            holders[shingle].append(row)
    return sorted(found)


def assign_folds(blocks: Sequence[str], n_folds: int) -> Int64s:
    """A fold 0..n_folds-1 for each example, whole blocks together, folds as equal in size as that allows.

    Blocks are dealt out largest first, equals by their hash, each to the smallest fold: no seed, no choice by hand.

    Raises UsageError where there are fewer blocks than folds.
    """
    sizes = Counter(blocks)
    if len(sizes) < n_folds:
        raise UsageError(
            f"{len(sizes)} blocks of agencies cannot be parted into {n_folds} folds: units of more agencies are needed"
        )
    totals, fold_of = [0] * n_folds, {}
    for block in sorted(sizes, key=lambda name: (-sizes[name], _hash(name), name)):
        fold_of[block] = min(range(n_folds), key=lambda fold: (totals[fold], fold))
        totals[fold_of[block]] += sizes[block]
    return np.array([fold_of[block] for block in blocks], dtype=np.int64)


def hold_out(blocks: Sequence[str], share: float) -> NDArray[np.bool_]:
    """Which examples are held out: the blocks whose hash falls in the lowest ``share`` of all hashes.

    So a block stays on its side whatever other blocks come or go. The share of examples comes near ``share``.

    Raises UsageError where one side would be empty.
    """
    held = np.array([_hash(block) < share * 2**64 for block in blocks], dtype=bool)
    if held.all() or not held.any():
        raise UsageError(f"{len(set(blocks))} blocks of agencies leave nothing on one side of a split: more are needed")
    return held


def _owner(example: Example) -> str:
    return example.agency or f"unit {example.id}"


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{_SALT}\0{name}".encode(), digest_size=8).digest(), "big")


def _shingles(text: str) -> frozenset[str]:
    folded = fold_text(text).text
    return frozenset(folded[at : at + SHINGLE] for at in range(max(1, len(folded) - SHINGLE + 1)))


def _root(parents: list[int], row: int) -> int:
    while parents[row] != row:
        parents[row] = parents[parents[row]]
        row = parents[row]
    return row


def _join(parents: list[int], left: int, right: int) -> None:
    left, right = _root(parents, left), _root(parents, right)
    parents[max(left, right)] = min(left, right)
