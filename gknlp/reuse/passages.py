"""Passages (复用段): linked fingerprints extended as far as both texts go together, light edits included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gknlp.features.compiled import compiled, inlined
from gknlp.features.fingerprints import Fingerprints
from gknlp.reuse.align import SCRATCH, count_edits, count_equal, extend
from gknlp.reuse.links import Links, Places, Seeds
from gknlp.reuse.resources import Resources

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Codes = NDArray[np.uint32]
_ALONE = Resources()


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
    prints: Fingerprints,
    places: Places,
    links: Links,
    seeds: Seeds,
    *,
    shortest: int,
    max_gap: int,
    wanted: NDArray[np.bool_] | None = None,
    resources: Resources = _ALONE,
) -> Passages:
    """All passages of at least ``shortest`` equal characters; two of them may overlap.

    None crosses the edge of a stretch. Of several to one source that lie in each other the outermost counts.

    Parameters
    ----------
    codes : the folded column.
    prints, places, links : its fingerprints, where they stand, what they are linked with.
    seeds : equal runs of ``shortest`` characters besides.
    wanted : the documents whose passages are asked for; all by default.
    """
    asked = np.ones(len(places.bounds) - 1, np.bool_) if wanted is None else wanted

    def follow_block(block: tuple[int, int]) -> Int32s:
        rows: Int32s = _follow(
            (codes, places.edges),
            (prints.at, places.stretch, prints.length),
            (places.doc, places.bounds),
            (links.longer, links.own, links.first),
            (seeds.at, seeds.source, seeds.source_doc, seeds.bounds),
            (block[0], block[1], asked),
            shortest,
            max_gap,
        )
        return rows

    blocks = [(0, len(asked))] if resources.workers == 1 else resources.cut(places.bounds)
    rows = np.concatenate([np.zeros((0, 7), np.int32), *resources.map(follow_block, blocks)])
    rows = rows[np.lexsort((rows[:, 5], -rows[:, 2], rows[:, 1], rows[:, 3], rows[:, 0]))]
    rows = rows[_find_outermost(rows)]
    similarity, edits = _measure(codes, rows)
    equal = np.maximum(rows[:, 2] - rows[:, 1], rows[:, 5] - rows[:, 4]) - edits >= shortest
    rows, similarity = rows[equal], similarity[equal]
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
def _follow(column, prints, places, links, seeds, wanted, shortest, max_gap):  # type: ignore[no-untyped-def]  # numba infers the types
    codes, bounds = column
    at, stretch, length = prints
    doc_of, prints_of = places
    longer, own, first = links
    seed_at, seed_source, seed_doc, seeds_of = seeds
    n_docs = prints_of.shape[0] - 1
    most = 0
    for d in range(n_docs):
        most = max(most, 3 * (prints_of[d + 1] - prints_of[d]) + seeds_of[d + 1] - seeds_of[d])
    scratch = np.empty((most + 1, 6), np.int32)  # start, end, source doc, source start, source end, edits
    before = np.empty(most + 1, np.int32)  # the row before it to the same source
    last_to = np.full(n_docs, -1, np.int32)  # the last row of this document to each source
    band = np.empty(SCRATCH, np.int32)
    rows = np.empty((1024, 7), np.int32)
    slack = shortest - length
    n = 0
    for d in range(wanted[0], wanted[1]):
        if not wanted[2][d]:
            continue
        found = 0
        for f in range(prints_of[d], prints_of[d + 1]):
            nearest = first[f]
            if nearest < 0:
                continue
            for which in range(3):
                link = longer[f] if which == 0 else own[f] if which == 1 else nearest
                if link < 0:
                    continue
                source = doc_of[link]
                if source == d:
                    continue
                here, there = at[f], at[link]
                edge, limit = bounds[stretch[f]], bounds[stretch[f] + 1]
                begin, end = max(here - slack, edge), min(here + length + slack, limit)
                if not _holds(scratch, before, last_to[source], begin, end, here, here + length, here - there):
                    sides = (here, there, length, edge, limit, bounds[stretch[link]], bounds[stretch[link] + 1])
                    if _add_row(codes, sides, source, max_gap, band, scratch, found):
                        before[found] = last_to[source]
                        last_to[source] = found
                        found += 1
        part = np.searchsorted(bounds, seed_at[seeds_of[d]], side="right") - 1 if seeds_of[d] < seeds_of[d + 1] else 0
        for s in range(seeds_of[d], seeds_of[d + 1]):
            here, there = seed_at[s], seed_source[s]
            while here >= bounds[part + 1]:
                part += 1
            source = seed_doc[s]
            if not _holds(scratch, before, last_to[source], here, here + shortest, here, here + shortest, here - there):
                source_part = np.searchsorted(bounds, there, side="right") - 1
                sides = (
                    here, there, np.int64(shortest), bounds[part], bounds[part + 1],
                    bounds[source_part], bounds[source_part + 1],
                )  # fmt: skip
                if _add_row(codes, sides, source, max_gap, band, scratch, found):
                    before[found] = last_to[source]
                    last_to[source] = found
                    found += 1
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
    return rows[:n]


@inlined
def _holds(rows, before, row, begin, end, here, stop, away):  # type: ignore[no-untyped-def]  # numba infers the types
    """Whether one of the rows to a source holds a run: with its surroundings (begin, end), or on the run's diagonal.

    On its diagonal it holds every run of the shortest length around it.
    """
    held = False
    while row >= 0 and not held:
        low, high = rows[row, 0], rows[row, 1]
        held = (low <= begin and end <= high) or (low <= here and stop <= high and away == low - rows[row, 3])
        row = before[row]
    return held


@compiled
def _add_row(codes, sides, source, max_gap, band, rows, n):  # type: ignore[no-untyped-def]  # numba infers the types
    """Writes the row of the run around two places; False where two wordings have one hash."""
    here, there, length, edge, limit, source_edge, source_limit = sides
    if count_equal(codes, here, there, length) < length:
        return False
    here_end, there_end = here + length, there + length
    ahead, source_ahead, edits = extend(
        codes, here_end, there_end, limit - here_end, source_limit - there_end, 1, max_gap, band
    )
    back, source_back, more = extend(codes, here - 1, there - 1, here - edge, there - source_edge, -1, max_gap, band)
    rows[n, 0], rows[n, 1] = here - back, here_end + ahead
    rows[n, 2] = source
    rows[n, 3], rows[n, 4] = there - source_back, there_end + source_ahead
    rows[n, 5] = edits + more
    return True


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
    all_edits = np.zeros(rows.shape[0], np.int64)
    most = 0
    for row in range(rows.shape[0]):
        most = max(most, rows[row, 6])
    now, then = np.empty(2 * most + 3, np.int32), np.empty(2 * most + 3, np.int32)
    for row in range(rows.shape[0]):
        if rows[row, 6] > 0:
            n, m = rows[row, 2] - rows[row, 1], rows[row, 5] - rows[row, 4]
            edits = count_edits(codes, rows[row, 1], n, rows[row, 4], m, rows[row, 6], now, then)
            similarity[row] = 1.0 - edits / max(n, m)
            all_edits[row] = edits
    return similarity, all_edits
