"""Where each fingerprint was first published, and where the own previous report has it. No pairs are formed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gknlp.engine.memory import Memory
from gknlp.features.compiled import compiled
from gknlp.features.fingerprints import Fingerprints, hash_windows
from gknlp.reuse.resources import Resources

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Codes = NDArray[np.uint32]
Keys = NDArray[np.uint64]

NO_LINK = -1
_IN_MEMORY = Memory()
_STRETCHES_AT_ONCE = 1 << 16


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


def place_fingerprints(
    prints: Fingerprints, text: Int32s, edges: Int64s, n_documents: int, memory: Memory = _IN_MEMORY
) -> Places:
    """Where fingerprints stand. ``text``: the document of each stretch; ``edges``: its first position, and the end."""
    counts = np.diff(prints.bounds)
    cuts = range(0, max(len(text), 1), _STRETCHES_AT_ONCE)
    parts = [slice(at, at + _STRETCHES_AT_ONCE) for at in cuts]
    numbers = np.arange(len(text), dtype=np.int32)
    return Places(
        doc=memory.join((np.repeat(text[part], counts[part]) for part in parts), np.int32),
        stretch=memory.join((np.repeat(numbers[part], counts[part]) for part in parts), np.int32),
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
    resources: Resources,
) -> Links:
    """Links of all fingerprints, by two sorts; however many documents share a wording, each costs the same.

    Fingerprints of one hash have one prefix: the sort may go prefix by prefix, and the links are the same.

    Parameters
    ----------
    prints, codes, places : fingerprints in order of publication.
    owner : whose each document is.
    n_needed : owners from which on a shingle is formula, at least 2.
    longer : characters of the longer wording.
    """
    n, memory = len(prints.at), resources.memory
    first, own, formula = (memory.full(n, NO_LINK, np.int32) for _ in range(3))
    n_owners = int(owner.max(initial=-1)) + 1
    seen = np.zeros(n_owners, np.int64), np.zeros(n_owners, np.int32)
    bits = max(n, 1).bit_length()
    n_classes = 0
    for keys in _sort_parts(prints.hashes, bits, resources):
        n_classes = _link(keys, bits, places.doc, owner, n_needed, (first, own, formula), seen, n_classes)
    return Links(
        first=first, longer=_link_longer(prints, codes, places, first, longer, resources), own=own, formula=formula
    )


def _sort_parts(hashes: Keys, bits: int, resources: Resources) -> Iterator[Keys]:
    """Part by part the upper bits of each hash with its number in the lower ones, ascending: equal hashes in order of publication."""
    n_parts = resources.n_parts(len(hashes))
    sizes = _count_parts(hashes, n_parts)
    keys = np.empty(int(sizes.max(initial=0)), np.uint64)
    for part in range(n_parts):
        own = keys[: sizes[part]]
        _number(hashes, bits, part, n_parts, own)
        own.sort()
        yield own


@compiled
def _count_parts(hashes, n_parts):  # type: ignore[no-untyped-def]  # numba infers the types
    """How many hashes have each prefix."""
    sizes = np.zeros(n_parts, np.int64)
    if n_parts == 1:
        sizes[0] = hashes.shape[0]
        return sizes
    bits = 0
    while 1 << bits < n_parts:
        bits += 1
    shift = np.uint64(64 - bits)
    for n in range(hashes.shape[0]):
        sizes[np.int64(hashes[n] >> shift)] += 1
    return sizes


@compiled
def _number(hashes, bits, part, n_parts, keys):  # type: ignore[no-untyped-def]  # numba infers the types
    shift = np.uint64(bits)
    if n_parts == 1:
        for n in range(hashes.shape[0]):
            keys[n] = ((hashes[n] >> shift) << shift) | np.uint64(n)
        return
    prefix_bits = 0
    while 1 << prefix_bits < n_parts:
        prefix_bits += 1
    prefix, wanted = np.uint64(64 - prefix_bits), np.uint64(part)
    m = 0
    for n in range(hashes.shape[0]):
        if hashes[n] >> prefix == wanted:
            keys[m] = ((hashes[n] >> shift) << shift) | np.uint64(n)
            m += 1


def _link_longer(
    prints: Fingerprints, codes: Codes, places: Places, first: Int32s, longer: int, resources: Resources
) -> Int32s:
    n, memory = len(first), resources.memory
    shared = memory.full(n, 0, np.uint8)
    size = _mark_shared(prints.at, places.stretch, places.edges, first, longer, shared)
    numbers, at = memory.full(size, 0, np.int32), memory.full(size, 0, np.int64)
    _list_shared(prints.at, shared, numbers, at)
    hashes = memory.full(size, 0, np.uint64)
    hash_windows(codes, at, longer, hashes)
    found = memory.full(n, NO_LINK, np.int32)
    bits = max(size, 1).bit_length()
    for keys in _sort_parts(hashes, bits, resources):
        _link_others(keys, bits, numbers, places.doc, first, found)
    return found


@compiled
def _mark_shared(at, stretch, edges, first, longer, shared):  # type: ignore[no-untyped-def]  # numba infers the types
    """Sets 2 for the fingerprints that another one has, too, and that have room for the longer wording; their number."""
    n = at.shape[0]
    for f in range(n):
        if first[f] >= 0:
            shared[f] = 1
            shared[first[f]] = 1
    m = 0
    for f in range(n):
        if shared[f] and at[f] + longer <= edges[stretch[f] + 1]:
            shared[f] = 2
            m += 1
    return m


@compiled
def _list_shared(at, shared, numbers, places):  # type: ignore[no-untyped-def]  # numba infers the types
    m = 0
    for f in range(at.shape[0]):
        if shared[f] == 2:
            numbers[m] = f
            places[m] = at[f]
            m += 1


def find_seeds(
    prints: Fingerprints, codes: Codes, places: Places, first: Int32s, *, window: int, resources: Resources
) -> Seeds:
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
    told = (prints.at, places.stretch, prints.hashes, prints.length)

    def list_block(block: tuple[int, int]) -> tuple[Int64s, Int32s]:
        begin, end = int(places.bounds[block[0]]), int(places.bounds[block[1]])
        room = (end - begin) * window  # pages that are never written to cost no memory
        columns = (np.empty(room, np.int64), np.empty(room, np.int32))
        runs, docs = _list_open(codes, places.edges, told, (places.doc, first), window, (begin, end), columns)
        return (runs, docs) if memory.folder is None else (memory.join([runs], np.int64), memory.join([docs], np.int32))

    memory = resources.memory
    blocks = list(resources.map(list_block, resources.cut(places.bounds)))
    open_runs = memory.join((runs for runs, _ in blocks), np.int64)
    doc = memory.join((docs for _, docs in blocks), np.int32)
    del blocks
    bits = max(len(open_runs), 1).bit_length()
    hashes = memory.full(len(open_runs), 0, np.uint64)
    hash_windows(codes, open_runs, length, hashes)
    leader = memory.full(len(open_runs), NO_LINK, np.int64)
    for keys in _sort_parts(hashes, bits, resources):
        _lead(keys, bits, doc, leader)
    found = np.flatnonzero(leader >= 0)
    starts = np.searchsorted(doc[found], np.arange(len(places.bounds)))
    return Seeds(at=open_runs[found], source=open_runs[leader[found]], source_doc=doc[leader[found]], bounds=starts)


@compiled
def _list_open(codes, bounds, prints, links, window, block, columns):  # type: ignore[no-untyped-def]  # numba infers the types
    """Where the runs begin that contain a linked shingle and are not equal at the linked place; the document of each."""
    at, stretch, hashes, length = prints
    doc, first = links
    n = at.shape[0]
    found, docs = columns
    m = 0
    # the equal run at hand: how far its source is, and its ends as far as they were looked for
    away, low, high = np.int64(-1), np.int64(0), np.int64(0)
    for f in range(block[0], block[1]):
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
def _link(keys, bits, doc, owner, n_needed, links, seen, number_of_class):  # type: ignore[no-untyped-def]  # numba infers the types
    first, own, formula = links
    stamp, last_of = seen  # of each owner: the last class it was seen in, and its last fingerprint there
    low_bits = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    n = keys.shape[0]
    begin = 0
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
    return number_of_class


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
