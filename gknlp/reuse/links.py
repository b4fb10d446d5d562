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

    ``source_doc``: the document of that. ``bounds``: the first of each document, and the end.
    """

    at: Int64s
    source: Int64s
    source_doc: Int32s
    bounds: Int64s


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Links:
    """For each fingerprint the fingerprints it is linked with, NO_LINK for none; all but ``first`` in earlier documents.

    ``first``: the first place of its shingle, in the same document where that has it first. ``longer``: the first publication of the longer wording that begins
    with it, where that is another document. ``own``: the last place in an earlier report of the same owner. ``formula``: where at
    least the asked number of owners have the shingle, another of its places (for the first publication a later one).
    Equality is by hash; whoever follows a link compares.
    """

    first: Int32s
    longer: Int32s
    own: Int32s
    formula: Int32s


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Places:
    """Where fingerprints stand: ``doc`` and ``stretch`` of each, the ``bounds`` of each document's.

    ``edges``: the first position of each stretch, and the end.
    """

    doc: Int32s
    stretch: Int32s
    bounds: Int64s
    edges: Int64s


def place_fingerprints(prints: Fingerprints, text: Int32s, edges: Int64s, n_documents: int) -> Places:
    """Where fingerprints stand. ``text``: the document of each stretch; ``edges``: its first position, and the end."""
    counts = np.diff(prints.bounds)
    return Places(
        doc=np.repeat(text, counts),
        stretch=np.repeat(np.arange(len(text), dtype=np.int32), counts),
        bounds=prints.bounds[np.searchsorted(text, np.arange(n_documents + 1))],
        edges=edges,
    )


def no_seeds(n_bounds: int) -> Seeds:
    """No seeds, for as many bounds of documents."""
    none = np.zeros(0, np.int64)
    return Seeds(at=none, source=none, source_doc=none.astype(np.int32), bounds=np.zeros(n_bounds, np.int64))


def find_links(
    prints: Fingerprints,
    codes: Codes,
    places: Places,
    *,
    owner: Int32s,
    n_needed: int,
    longer: int,
) -> Links:
    """Links of all fingerprints, by two sorts; however many documents share a wording, each costs the same.

    Parameters
    ----------
    prints, codes, places : fingerprints in order of publication.
    owner : whose each document is.
    n_needed : owners from which on a shingle is formula, at least 2.
    longer : characters of the longer wording.
    """
    n = len(prints.at)
    first, own = np.full(n, NO_LINK, np.int32), np.full(n, NO_LINK, np.int32)
    formula = np.full(n, NO_LINK, np.int32)
    n_owners = int(owner.max(initial=-1)) + 1
    seen = np.zeros(n_owners, np.int64), np.zeros(n_owners, np.int32)
    bits = max(n, 1).bit_length()
    keys = _sort_keys(prints.hashes, np.empty_like(prints.hashes), bits)
    _link(keys, bits, places.doc, owner, n_needed, (first, own, formula), seen)
    del keys
    return Links(first=first, longer=_link_longer(prints, codes, places, first, bits, longer), own=own, formula=formula)


def _sort_keys(hashes: Keys, keys: Keys, bits: int) -> Keys:
    """The upper bits of each hash with its number in the lower ones, ascending: equal hashes in order of publication.

    They are written to ``keys``, which may be ``hashes`` itself: fresh memory is dear.
    """
    _number(hashes, bits, keys)
    keys.sort()
    return keys


@compiled
def _number(hashes, bits, keys):  # type: ignore[no-untyped-def]  # numba infers the types
    shift = np.uint64(bits)
    for n in range(hashes.shape[0]):
        keys[n] = ((hashes[n] >> shift) << shift) | np.uint64(n)


def _link_longer(prints: Fingerprints, codes: Codes, places: Places, first: Int32s, bits: int, longer: int) -> Int32s:
    n = len(first)
    columns = (np.zeros(n, np.bool_), np.empty(n, np.int32), np.empty(n, np.int64))
    numbers, at = _list_shared(prints.at, places.stretch, places.edges, first, longer, columns)
    hashes = hash_windows(codes, at, longer)
    keys = _sort_keys(hashes, hashes, bits)
    found = np.full(len(first), NO_LINK, np.int32)
    _link_others(keys, bits, numbers, places.doc, first, found)
    return found


@compiled
def _list_shared(at, stretch, edges, first, longer, columns):  # type: ignore[no-untyped-def]  # numba infers the types
    """Numbers and places of the fingerprints that another one has, too, and that have room for the longer wording."""
    n = at.shape[0]
    shared, numbers, places = columns
    for f in range(n):
        if first[f] >= 0:
            shared[f] = True
            shared[first[f]] = True
    m = 0
    for f in range(n):
        if shared[f] and at[f] + longer <= edges[stretch[f] + 1]:
            numbers[m] = f
            places[m] = at[f]
            m += 1
    return numbers[:m], places[:m]


def find_seeds(prints: Fingerprints, codes: Codes, places: Places, first: Int32s, *, window: int) -> Seeds:
    """The first publication of every run of ``prints.length + window - 1`` characters that ``first`` does not lead to.

    A shingle's first publication may stand in another context than the run at hand, which then is shared with a later
    document only. Such runs reach over the edge of what is equal at the linked places; both documents' shingles have the
    same link and neither's run is equal there, so it is enough to compare these runs with each other. With them, every
    run of that length that an earlier document has, leads to an earlier document that has it.

    Parameters
    ----------
    prints, places, first : fingerprints, where they stand, and their links.
    codes : the folded column.
    window : shingles among which each fingerprint was chosen.
    """
    length = prints.length + window - 1
    room = int(np.count_nonzero(first >= 0)) * window  # pages that are never written to cost no memory
    columns = (np.empty(room, np.int64), np.empty(room, np.int32))
    told = (prints.at, places.stretch, prints.hashes, prints.length)
    open_runs, doc = _list_open(codes, places.edges, told, (places.doc, first), window, columns)
    bits = max(len(open_runs), 1).bit_length()
    hashes = hash_windows(codes, open_runs, length)
    keys = _sort_keys(hashes, hashes, bits)
    leader = np.full(len(keys), NO_LINK, np.int64)
    _lead(keys, bits, doc, leader)
    found = leader >= 0
    starts = np.searchsorted(doc[found], np.arange(len(places.bounds)))
    return Seeds(at=open_runs[found], source=open_runs[leader[found]], source_doc=doc[leader[found]], bounds=starts)


@compiled
def _list_open(codes, bounds, prints, links, window, columns):  # type: ignore[no-untyped-def]  # numba infers the types
    """Where the runs begin that contain a linked shingle and are not equal at the linked place; the document of each."""
    at, stretch, hashes, length = prints
    doc, first = links
    n = at.shape[0]
    found, docs = columns
    m = 0
    # the equal run at hand: how far its source is, and its ends as far as they were looked for
    away, low, high = np.int64(-1), np.int64(0), np.int64(0)
    for f in range(n):
        link = first[f]
        if link < 0:
            continue
        here, there = at[f], at[link]
        edge, limit = bounds[stretch[f]], bounds[stretch[f] + 1]
        if here - there != away or here < low or here >= high:
            away = here - there
            source_edge, source_limit = bounds[stretch[link]], bounds[stretch[link] + 1]
            low, high = here, here
        least, most = max(edge, here - window + 1), min(limit, here + length + window - 1)  # no further than is asked
        while high < most and high - away < source_limit and codes[high] == codes[high - away]:
            high += 1
        while low > least and low - away > source_edge and codes[low - 1] == codes[low - 1 - away]:
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
    return found[:m], docs[:m]


@compiled
def _lead(keys, bits, doc, leader):  # type: ignore[no-untyped-def]  # numba infers the types
    """For each number the first of its class, where that is in another document, else -1."""
    low_bits = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    n = keys.shape[0]
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


@compiled
def _link(keys, bits, doc, owner, n_needed, links, seen):  # type: ignore[no-untyped-def]  # numba infers the types
    first, own, formula = links
    stamp, last_of = seen  # of each owner: the last class it was seen in, and its last fingerprint there
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
                else:
                    last = last_of[owner[d]]
                    own[here] = last if doc[last] != d else own[last]
                last_of[owner[d]] = here
                if q > begin:
                    first[here] = leader
            if n_owners >= n_needed:
                for q in range(end - 1, begin, -1):
                    here = np.int32(keys[q] & low_bits)
                    formula[here] = leader
                    if doc[here] != leading_doc:
                        formula[leader] = here
        begin = end


@compiled
def _link_others(keys, bits, numbers, doc, first, found):  # type: ignore[no-untyped-def]  # numba infers the types
    low_bits = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    n = keys.shape[0]
    begin = 0
    while begin < n:
        wording = keys[begin] >> np.uint64(bits)
        leader = numbers[np.int64(keys[begin] & low_bits)]
        q = begin + 1
        while q < n and keys[q] >> np.uint64(bits) == wording:
            here = numbers[np.int64(keys[q] & low_bits)]
            if doc[here] != doc[leader] and first[here] >= 0 and doc[first[here]] != doc[leader]:
                found[here] = leader
            q += 1
        begin = q
