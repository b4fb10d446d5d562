"""Passages (复用段): linked fingerprints extended as far as both texts go together, light edits included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gknlp.features.compiled import compiled
from gknlp.features.fingerprints import Fingerprints
from gknlp.reuse.align import SCRATCH, count_edits, extend
from gknlp.reuse.links import Links, Places, Seeds

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Codes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Passages:
    """One stretch of a document that an earlier document has, a row each: half-open positions on both sides.

    In order of document, source document and start. ``similarity``: 1 - Levenshtein distance / longer length, folded.
    """

    doc: Int32s
    start: Int64s
    end: Int64s
    source_doc: Int32s
    source_start: Int64s
    source_end: Int64s
    similarity: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.doc)

    def take(self, rows: NDArray[np.bool_] | Int64s) -> Passages:
        """Some of the rows."""
        return Passages(
            doc=self.doc[rows],
            start=self.start[rows],
            end=self.end[rows],
            source_doc=self.source_doc[rows],
            source_start=self.source_start[rows],
            source_end=self.source_end[rows],
            similarity=self.similarity[rows],
        )


def find_passages(
    codes: Codes,
    bounds: Int64s,
    prints: Fingerprints,
    places: Places,
    links: Links,
    seeds: Seeds,
    *,
    shortest: int,
    max_gap: int,
) -> Passages:
    """All passages of at least ``shortest`` characters on both sides; two of them may overlap.

    None crosses the edge of a stretch. Of several to one source that lie in each other the outermost counts.

    Parameters
    ----------
    codes, bounds : the folded column.
    prints, places, links : its fingerprints, where they stand, what they are linked with.
    seeds : equal runs of ``shortest`` characters besides.
    """
    stretch = np.repeat(np.arange(len(bounds) - 1, dtype=np.int32), np.diff(prints.bounds))
    rows = _follow(
        (codes, bounds),
        (prints.at, stretch, prints.length),
        (places.doc, places.bounds),
        (links.longer, links.own, links.first),
        (seeds.at, seeds.source, seeds.bounds),
        shortest,
        max_gap,
    )
    rows = rows[np.lexsort((rows[:, 5], -rows[:, 2], rows[:, 1], rows[:, 3], rows[:, 0]))]
    rows = rows[_find_outermost(rows)]
    similarity = _measure(codes, rows)
    doc, start, end, source_doc, source_start, source_end = (rows[:, column] for column in range(6))
    return Passages(
        doc=doc.astype(np.int32),
        start=start.copy(),
        end=end.copy(),
        source_doc=source_doc.astype(np.int32),
        source_start=source_start.copy(),
        source_end=source_end.copy(),
        similarity=similarity,
    )


@compiled
def _follow(column, prints, places, links, seeds, shortest, max_gap):  # type: ignore[no-untyped-def]  # numba infers the types
    doc_of, prints_of = places
    seeds_of = seeds[2]
    n_docs = prints_of.shape[0] - 1
    most = 0
    for d in range(n_docs):
        most = max(most, 3 * (prints_of[d + 1] - prints_of[d]) + seeds_of[d + 1] - seeds_of[d])
    scratch = np.empty((most + 1, 6), np.int32)  # start, end, source doc, source start, source end, edits
    before = np.empty(most + 1, np.int32)  # the row before it to the same source
    last_to = np.full(n_docs, -1, np.int32)  # the last row of this document to each source
    band = np.empty(SCRATCH, np.int32)
    rows = np.empty((1024, 7), np.int32)
    n = 0
    for d in range(n_docs):
        found = 0
        work = (scratch, before, last_to, band)
        for f in range(prints_of[d], prints_of[d + 1]):
            if links[2][f] < 0:
                continue
            for which in range(3):
                link = links[which][f]
                if link >= 0 and doc_of[link] != d:
                    stretches = (prints[1][f], prints[1][link])
                    ends = (prints[0][f], prints[0][link], prints[2])
                    slack = shortest - prints[2]
                    found = _follow_link(column, ends, stretches, doc_of[link], max_gap, slack, work, found)
        for s in range(seeds_of[d], seeds_of[d + 1]):
            stretches = (_find_stretch(column[1], seeds[0][s]), _find_stretch(column[1], seeds[1][s]))
            ends = (seeds[0][s], seeds[1][s], shortest)
            source_doc = _find_doc(prints, doc_of, stretches[1])
            found = _follow_link(column, ends, stretches, source_doc, max_gap, 0, work, found)
        while n + found > rows.shape[0]:
            more = np.empty((2 * rows.shape[0], 7), np.int32)
            more[:n] = rows[:n]
            rows = more
        for row in range(found):
            last_to[scratch[row, 2]] = -1
            if min(scratch[row, 1] - scratch[row, 0], scratch[row, 4] - scratch[row, 3]) >= shortest:
                rows[n, 0] = d
                rows[n, 1:] = scratch[row]
                n += 1
    return rows[:n].copy()


@compiled
def _find_stretch(bounds, position):  # type: ignore[no-untyped-def]  # numba infers the types
    return np.searchsorted(bounds, position, side="right") - 1


@compiled
def _find_doc(prints, doc_of, stretch):  # type: ignore[no-untyped-def]  # numba infers the types
    """The document of a stretch that has fingerprints."""
    return doc_of[np.searchsorted(prints[1], stretch)]


@compiled
def _follow_link(column, ends, stretches, source_doc, max_gap, slack, work, n):  # type: ignore[no-untyped-def]  # numba infers the types
    """Adds a row for the run around two places; how many rows there are then.

    None is added where a row to this source holds the place with ``slack`` characters on both sides, or holds it on the
    same diagonal: then it holds every run of the shortest length around it.
    """
    codes, bounds = column
    here, there, length = ends
    rows, before, last_to, band = work
    edge, source_edge = bounds[stretches[0]], bounds[stretches[1]]
    first, last = max(here - slack, edge), min(here + length + slack, bounds[stretches[0] + 1])
    row = last_to[source_doc]
    while row >= 0:
        if rows[row, 0] <= first and last <= rows[row, 1]:
            return n
        if rows[row, 0] <= here and here + length <= rows[row, 1] and here - there == rows[row, 0] - rows[row, 3]:
            return n
        row = before[row]
    for q in range(length):
        if codes[here + q] != codes[there + q]:
            return n  # two wordings with one hash
    room, source_room = bounds[stretches[0] + 1] - here - length, bounds[stretches[1] + 1] - there - length
    ahead, source_ahead, edits = extend(codes, here + length, there + length, room, source_room, 1, max_gap, band)
    back, source_back, more = extend(codes, here - 1, there - 1, here - edge, there - source_edge, -1, max_gap, band)
    rows[n, 0], rows[n, 1] = here - back, here + length + ahead
    rows[n, 2] = source_doc
    rows[n, 3], rows[n, 4] = there - source_back, there + length + source_ahead
    rows[n, 5] = edits + more
    before[n] = last_to[source_doc]
    last_to[source_doc] = n
    return n + 1


@compiled
def _find_outermost(rows):  # type: ignore[no-untyped-def]  # numba infers the types
    """Rows that no earlier row between the same two documents holds whole."""
    kept = np.ones(rows.shape[0], np.bool_)
    outer = 0
    for row in range(1, rows.shape[0]):
        same = rows[row, 0] == rows[outer, 0] and rows[row, 3] == rows[outer, 3]
        if same and rows[row, 2] <= rows[outer, 2]:
            kept[row] = False
        else:
            outer = row
    return kept


@compiled
def _measure(codes, rows):  # type: ignore[no-untyped-def]  # numba infers the types
    similarity = np.ones(rows.shape[0], np.float64)
    most = 0
    for row in range(rows.shape[0]):
        most = max(most, rows[row, 6])
    now, then = np.empty(2 * most + 3, np.int32), np.empty(2 * most + 3, np.int32)
    for row in range(rows.shape[0]):
        if rows[row, 6] > 0:
            n, m = rows[row, 2] - rows[row, 1], rows[row, 5] - rows[row, 4]
            edits = count_edits(codes, rows[row, 1], n, rows[row, 4], m, rows[row, 6], now, then)
            similarity[row] = 1.0 - edits / max(n, m)
    return similarity
