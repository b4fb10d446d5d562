"""Where each fingerprint was first published, and where the own previous report has it. No pairs are formed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gknlp.features.compiled import compiled
from gknlp.features.fingerprints import Fingerprints, hash_windows

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Codes = NDArray[np.uint32]
Keys = NDArray[np.uint64]

NO_LINK = -1


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Seeds:
    """Places of equal wording that fingerprints do not link: ``at`` (ascending) and the first publication ``source``.

    ``bounds``: the first of each document, and the end.
    """

    at: Int64s
    source: Int64s
    bounds: Int64s


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Links:
    """For each fingerprint the fingerprints it is linked with, NO_LINK for none; all but ``first`` in earlier documents.

    ``first``: the first place of its shingle, in the same document where that has it first. ``longer``: the first publication of the longer wording that begins
    with it, where that is another document. ``own``: the first place in the own previous report. ``formula``: where at
    least the asked number of owners have the shingle, another of its places (for the first publication a later one).
    Equality is by hash; whoever follows a link compares.
    """

    first: Int32s
    longer: Int32s
    own: Int32s
    formula: Int32s


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Places:
    """Where fingerprints stand: ``doc`` and ``stretch_end`` of each, and the ``bounds`` of each document's."""

    doc: Int32s
    stretch_end: Int64s
    bounds: Int64s


def find_links(
    prints: Fingerprints,
    codes: Codes,
    places: Places,
    *,
    previous: Int32s,
    owner: Int32s,
    n_needed: int,
    longer: int,
) -> Links:
    """Links of all fingerprints, by two sorts; however many documents share a wording, each costs the same.

    Parameters
    ----------
    prints, codes, places : fingerprints in order of publication.
    previous : each document's own previous report, or -1.
    owner : whose each document is.
    n_needed : owners from which on a shingle is formula, at least 2.
    longer : characters of the longer wording.
    """
    n = len(prints.at)
    first, own = np.full(n, NO_LINK, np.int32), np.full(n, NO_LINK, np.int32)
    formula = np.full(n, NO_LINK, np.int32)
    stamp = np.zeros(int(owner.max(initial=-1)) + 1, np.int64)
    bits = max(n, 1).bit_length()
    keys = _sort_keys(prints.hashes, np.arange(n, dtype=np.uint64), bits)
    _link(keys, bits, places.doc, places.bounds, previous, owner, n_needed, first, own, formula, stamp)
    return Links(first=first, longer=_link_longer(prints, codes, places, first, bits, longer), own=own, formula=formula)


def _sort_keys(hashes: Keys, numbers: Keys, bits: int) -> Keys:
    """The upper bits of each hash with its number in the lower ones, ascending: equal hashes in order of publication."""
    keys = ((hashes >> np.uint64(bits)) << np.uint64(bits)) | numbers
    keys.sort()
    return keys


def _link_longer(prints: Fingerprints, codes: Codes, places: Places, first: Int32s, bits: int, longer: int) -> Int32s:
    linked = np.flatnonzero(first != NO_LINK)
    shared = np.zeros(len(first), np.bool_)
    shared[linked] = True
    shared[first[linked]] = True
    numbers = np.flatnonzero(shared & (prints.at + longer <= places.stretch_end))
    keys = _sort_keys(hash_windows(codes, prints.at[numbers], longer), numbers.astype(np.uint64), bits)
    found = np.full(len(first), NO_LINK, np.int32)
    _link_others(keys, bits, places.doc, first, found)
    return found


def find_seeds(
    prints: Fingerprints, codes: Codes, bounds: Int64s, places: Places, first: Int32s, *, window: int
) -> Seeds:
    """The first publication of every run of ``prints.length + window - 1`` characters that ``first`` does not lead to.

    A shingle's first publication may stand in another context than the run at hand, which then is shared with a later
    document only. Such runs reach over the edge of what is equal at the linked places; both documents' shingles have the
    same link and neither's run is equal there, so it is enough to compare these runs with each other. With them, every
    run of that length that an earlier document has, leads to an earlier document that has it.

    Parameters
    ----------
    prints, places, first : fingerprints, where they stand, and their links.
    codes, bounds : the folded column.
    window : shingles among which each fingerprint was chosen.
    """
    length = prints.length + window - 1
    stretch = np.repeat(np.arange(len(bounds) - 1, dtype=np.int32), np.diff(prints.bounds))
    open_runs, doc = _list_open(
        codes, bounds, (prints.at, stretch, prints.hashes, prints.length), (places.doc, first), window
    )
    bits = max(len(open_runs), 1).bit_length()
    numbers = np.arange(len(open_runs), dtype=np.uint64)
    keys = _sort_keys(hash_windows(codes, open_runs, length), numbers, bits)
    leader = _lead(keys, bits, doc)
    found = leader >= 0
    starts = np.searchsorted(doc[found], np.arange(len(places.bounds)))
    return Seeds(at=open_runs[found], source=open_runs[leader[found]], bounds=starts)


@compiled
def _list_open(codes, bounds, prints, links, window):  # type: ignore[no-untyped-def]  # numba infers the types
    """Where the runs begin that contain a linked shingle and are not equal at the linked place; the document of each."""
    at, stretch, hashes, length = prints
    doc, first = links
    n = at.shape[0]
    room = 0
    for f in range(n):
        if first[f] >= 0:
            room += window
    found, docs = np.empty(room, np.int64), np.empty(room, np.int32)
    m = 0
    away, low, high = (
        np.int64(-1),
        np.int64(0),
        np.int64(0),
    )  # the equal run at hand: how far its source is, and its ends
    for f in range(n):
        link = first[f]
        if link < 0:
            continue
        here, there = at[f], at[link]
        edge, limit = bounds[stretch[f]], bounds[stretch[f] + 1]
        if here - there != away or here < low or here + length > high:
            away = here - there
            source_edge, source_limit = bounds[stretch[link]], bounds[stretch[link] + 1]
            low, high = here, here
            while high < limit and high - away < source_limit and codes[high] == codes[high - away]:
                high += 1
            while low > edge and low - away > source_edge and codes[low - 1] == codes[low - 1 - away]:
                low -= 1
        # the windows whose fingerprint this is: from where it was chosen to where the next one was
        begin = edge
        if f > 0 and stretch[f - 1] == stretch[f]:
            begin = here - window + 1 if hashes[f] <= hashes[f - 1] else at[f - 1] + 1
        end = here + 1
        if f + 1 < n and stretch[f + 1] == stretch[f] and hashes[f + 1] <= hashes[f]:
            end = at[f + 1] - window + 1
        begin, end = max(begin, edge), min(end, limit - length - window + 2)
        for place in range(begin, end):
            if place < low or place + length + window - 1 > high:
                found[m] = place
                docs[m] = doc[f]
                m += 1
    return found[:m].copy(), docs[:m].copy()


@compiled
def _lead(keys, bits, doc):  # type: ignore[no-untyped-def]  # numba infers the types
    """For each number the first of its class, where that is in another document, else -1."""
    low_bits = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    n = keys.shape[0]
    leader = np.full(n, -1, np.int64)
    begin = 0
    while begin < n:
        wording = keys[begin] >> np.uint64(bits)
        first = np.int64(keys[begin] & low_bits)
        q = begin + 1
        while q < n and keys[q] >> np.uint64(bits) == wording:
            here = np.int64(keys[q] & low_bits)
            if doc[here] != doc[first]:
                leader[here] = first
            q += 1
        begin = q
    return leader


@compiled
def _link(keys, bits, doc, bounds, previous, owner, n_needed, first, own, formula, stamp):  # type: ignore[no-untyped-def]  # numba infers the types
    low_bits = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    n = keys.shape[0]
    begin, number_of_class = 0, 0
    while begin < n:
        wording = keys[begin] >> np.uint64(bits)
        end = begin + 1
        while end < n and keys[end] >> np.uint64(bits) == wording:
            end += 1
        if end - begin > 1:
            number_of_class += 1
            leader = np.int32(keys[begin] & low_bits)
            leading_doc = doc[leader]
            n_owners = 0
            for q in range(begin, end):
                here = np.int32(keys[q] & low_bits)
                d = doc[here]
                if stamp[owner[d]] != number_of_class:
                    stamp[owner[d]] = number_of_class
                    n_owners += 1
                if q > begin:
                    first[here] = leader
                earlier = previous[d]
                if earlier >= 0 and d != leading_doc:
                    low, high = begin, q
                    while low < high:
                        middle = (low + high) >> 1
                        if np.int64(keys[middle] & low_bits) < bounds[earlier]:
                            low = middle + 1
                        else:
                            high = middle
                    candidate = np.int64(keys[low] & low_bits)
                    if low < q and candidate < bounds[earlier + 1]:
                        own[here] = np.int32(candidate)
            if n_owners >= n_needed:
                for q in range(end - 1, begin, -1):
                    here = np.int32(keys[q] & low_bits)
                    formula[here] = leader
                    if doc[here] != leading_doc:
                        formula[leader] = here
        begin = end


@compiled
def _link_others(keys, bits, doc, first, found):  # type: ignore[no-untyped-def]  # numba infers the types
    low_bits = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    n = keys.shape[0]
    begin = 0
    while begin < n:
        wording = keys[begin] >> np.uint64(bits)
        leader = np.int32(keys[begin] & low_bits)
        q = begin + 1
        while q < n and keys[q] >> np.uint64(bits) == wording:
            here = np.int32(keys[q] & low_bits)
            if doc[here] != doc[leader] and first[here] >= 0 and doc[first[here]] != doc[leader]:
                found[here] = leader
            q += 1
        begin = q
