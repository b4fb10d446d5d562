"""Texts in, clusters of near-copies (近似重复) out: by sketches of their shingles, without looking at all pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from gknlp.errors import UsageError
from gknlp.features.compiled import compiled
from gknlp.features.ngrams import fold_clauses
from gknlp.features.shingles import BASE, mix_codes

Int64s = NDArray[np.int64]
Hashes = NDArray[np.uint32]

SHINGLE = 5
"""Characters of a shingle; as in `gknlp.themes.learned.splits`."""
KEPT = 128
"""Hashes of a sketch: texts of up to so many shingles are compared exactly, longer ones within 0.035 (one standard error)."""
_DOORS = 4
"""Of its sketch's smallest hashes, by so many a text is found: two texts of resemblance 0.8 meet with a chance near 0.998."""
_BATCH_CHARS = 2_000_000


def cluster_near_copies(texts: Iterable[str], *, resemblance: float = 0.8) -> Int64s:
    """For each text the position of the first text of its cluster; no texts give none.

    Two texts are near-copies where at least ``resemblance`` of all their 5-character shingles are common (Jaccard), after
    width, case, figures, list markers and blanks are levelled (`fold_clauses`); clusters go on along chains. A text is
    compared with its neighbours among those that share one of its smallest hashes, so time grows with
    the texts and not with their pairs. Texts without a letter are in no cluster but their own. The order of the texts
    matters only where a chain hangs on one comparison.

    Raises
    ------
    UsageError : resemblance not above 0 and at most 1.

    Source: bottom-k sketches, Cohen & Kaplan 2007; resemblance, Broder 1997.

    >>> cluster_near_copies(["全年组织业务培训3次。", "改版门户网站。", "（一）全年组织业务培训5次。"]).tolist()
    [0, 1, 0]
    """
    if not 0 < resemblance <= 1:
        raise UsageError(f"resemblance is {resemblance}; it is a share of shingles, so give more than 0 and at most 1")
    hashes, bounds = _sketch_all(texts)
    n = len(bounds) - 1
    pairs = _candidates(hashes, bounds)
    linked = pairs[_resemble(hashes, bounds, pairs, KEPT) >= resemblance - 1e-12]
    graph = sparse.coo_array((np.ones(len(linked), np.int8), (linked[:, 0], linked[:, 1])), shape=(n, n))
    _, labels = connected_components(graph, directed=False)
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    found: Int64s = first[inverse].astype(np.int64)
    return found


def weigh_clusters(clusters: Int64s) -> NDArray[np.float64]:
    """A weight for each text: one shared out among the texts of its cluster, so that a wording counts once.

    >>> weigh_clusters(np.array([0, 1, 0])).tolist()
    [0.5, 1.0, 0.5]
    """
    weights: NDArray[np.float64] = 1.0 / np.bincount(clusters)[clusters] if len(clusters) else np.zeros(0)
    return weights


def _sketch_all(texts: Iterable[str]) -> tuple[Hashes, Int64s]:
    """The sketches one after the other: that of text i is ``hashes[bounds[i]:bounds[i + 1]]``, ascending, each once."""
    parts: list[Hashes] = []
    sizes: list[Int64s] = []
    for batch in _batches(texts):
        folded = fold_clauses(batch)
        mixed = mix_codes(folded.codes.astype(np.uint64) + np.uint64(1))
        hashes, bounds = _sketch(folded.codes, mixed, folded.bounds, BASE, SHINGLE, KEPT)
        parts.append(hashes)
        sizes.append(np.diff(bounds))
    total = np.concatenate([np.zeros(1, np.int64), *sizes]).cumsum()
    return np.concatenate([np.zeros(0, np.uint32), *parts]), total


def _batches(texts: Iterable[str]) -> Iterator[Sequence[str]]:
    batch: list[str] = []
    n_chars = 0
    for text in texts:
        batch.append(text)
        n_chars += len(text)
        if n_chars > _BATCH_CHARS:
            yield batch
            batch, n_chars = [], 0
    if batch:
        yield batch


def _candidates(hashes: Hashes, bounds: Int64s) -> Int64s:
    """Neighbours among the texts that share one of their smallest hashes, in the order of the smallest ones."""
    sizes = np.diff(bounds)
    owners = np.concatenate([np.flatnonzero(sizes > door) for door in range(_DOORS)])
    doors = np.concatenate([np.full(int((sizes > door).sum()), door) for door in range(_DOORS)])
    keys = hashes[bounds[owners] + doors]
    signatures = hashes[bounds[owners]] if len(owners) else keys
    seconds = hashes[bounds[owners] + np.minimum(1, sizes[owners] - 1)] if len(owners) else keys
    order = np.lexsort((owners, seconds, signatures, keys))
    owners, keys = owners[order], keys[order]
    same = np.flatnonzero(keys[1:] == keys[:-1])
    pairs = np.sort(np.stack([owners[same], owners[same + 1]], axis=1), axis=1).reshape(-1, 2)
    distinct: Int64s = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
    return distinct


@compiled
def _sketch(codes, mixed, bounds, base, length, kept):  # type: ignore[no-untyped-def]  # numba infers the types
    n_texts = bounds.shape[0] - 1
    ends = np.zeros(n_texts + 1, np.int64)
    room = 0
    for text in range(n_texts):
        room += min(max(bounds[text + 1] - bounds[text], 0), kept)
    sketch = np.empty(room, np.uint32)
    m = 0
    for text in range(n_texts):
        first, end = bounds[text], bounds[text + 1]
        if end > first and codes[end - 1] == 0:  # a text is the same with and without a stop at its end
            end -= 1
        if end > first:
            size = min(length, end - first)
            windows = np.empty(end - first - size + 1, np.uint32)
            for start in range(windows.shape[0]):
                value = np.uint64(0)
                for i in range(first + start, first + start + size):
                    value = value * base + mixed[i]
                value ^= value >> np.uint64(31)
                value *= np.uint64(0xBF58476D1CE4E5B9)
                windows[start] = np.uint32(value >> np.uint64(32))
            windows.sort()
            begun = m
            for i in range(windows.shape[0]):
                if m - begun == kept:
                    break
                if m == begun or windows[i] != sketch[m - 1]:
                    sketch[m] = windows[i]
                    m += 1
        ends[text + 1] = m
    return sketch[:m].copy(), ends


@compiled
def _resemble(hashes, bounds, pairs, kept):  # type: ignore[no-untyped-def]  # numba infers the types
    shares = np.zeros(pairs.shape[0], np.float64)
    for pair in range(pairs.shape[0]):
        a, b = bounds[pairs[pair, 0]], bounds[pairs[pair, 1]]
        end_a, end_b = bounds[pairs[pair, 0] + 1], bounds[pairs[pair, 1] + 1]
        union = common = 0
        while union < kept and (a < end_a or b < end_b):
            if b == end_b or (a < end_a and hashes[a] < hashes[b]):
                a += 1
            elif a == end_a or hashes[b] < hashes[a]:
                b += 1
            else:
                a += 1
                b += 1
                common += 1
            union += 1
        shares[pair] = common / union if union else 0.0
    return shares
