"""Span clusters (复用簇): all occurrences of one wording, from its first publication on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gknlp.features.compiled import compiled
from gknlp.features.fingerprints import hash_spans
from gknlp.reuse.passages import Passages
from gknlp.reuse.strata import Labels, Spread
from gknlp.reuse.stream import Stream

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Clusters:
    """Wordings, a row each, by the hash of their folded text; positions are of the stream.

    ``start``, ``end``: the canonical text, the longest stretch in the document that had it first. ``first_doc``: the
    earliest document. ``of_passage``: each passage's row here. ``region``: the one region of all occurrences, else -1.
    """

    hashes: NDArray[np.uint64]
    start: Int64s
    end: Int64s
    first_doc: Int32s
    n_occurrences: Int32s
    n_docs: Int32s
    n_owners: Int32s
    n_years: Int32s
    region: Int32s
    of_passage: Int32s

    def __len__(self) -> int:
        return len(self.hashes)

    def spread(self) -> Spread:
        """How far each passage's wording has spread."""
        return Spread(n_owners=self.n_owners[self.of_passage], region=self.region[self.of_passage])


def find_clusters(stream: Stream, passages: Passages, overlap: float) -> Clusters:
    """Clusters by hash of their canonical wording, so that the same wording has the same id in every corpus.

    A passage is traced to the first occurrence of its source, along the source's own passages; first occurrences that
    overlap by ``overlap`` of the longer are one cluster. Occurrences count the source too; overlapping stretches of one
    document are one occurrence. A document of no known agency counts as an agency of its own, no year as no year.
    """
    documents = stream.documents
    order = np.lexsort((passages.end, passages.start, passages.doc))
    bounds = np.searchsorted(passages.doc[order], np.arange(len(documents) + 1))
    rows = (passages.start, passages.end, passages.source_doc, passages.source_start, passages.source_end)
    origin_start, origin_end = _trace(order, bounds, rows, overlap)
    by_origin = np.lexsort((-origin_end, origin_start))
    group, start, end = _group(by_origin, origin_start, origin_end, stream.doc_bounds, overlap)
    hashes = hash_spans(stream.column.codes, start, end)
    unique, place = np.unique(hashes, return_inverse=True)
    first = np.full(len(unique), -1, np.int64)
    for_each = np.lexsort((end, start, place))
    first[place[for_each][::-1]] = for_each[::-1]
    of_passage = place[group].astype(np.int32)
    members = np.concatenate([of_passage, of_passage, np.arange(len(unique), dtype=np.int32)])
    starts = np.concatenate([passages.start, origin_start, start[first]])
    ends = np.concatenate([passages.end, origin_end, end[first]])
    listed = np.lexsort((ends, starts, members))
    counts = _count(
        (members[listed], starts[listed], ends[listed]),
        stream.doc_bounds,
        (documents.owner, documents.year, documents.region),
        len(unique),
    )
    return Clusters(
        hashes=unique,
        start=start[first],
        end=end[first],
        first_doc=counts[0],
        n_occurrences=counts[1],
        n_docs=counts[2],
        n_owners=counts[3],
        n_years=counts[4],
        region=counts[5],
        of_passage=of_passage,
    )


def choose_strata(clusters: Clusters, labels: Labels, n_strata: int) -> Labels:
    """The stratum of most of each cluster's passages, the one that comes first in precedence where two are equal."""
    counts = np.bincount(
        clusters.of_passage.astype(np.int64) * n_strata + labels, minlength=len(clusters) * n_strata
    ).reshape(-1, n_strata)
    strata: Labels = np.argmax(counts, axis=1).astype(np.int8)
    return strata


@compiled
def _trace(order, bounds, rows, overlap):  # type: ignore[no-untyped-def]  # numba infers the types
    """For each passage the first occurrence of its source, following the source's own passages (documents ascend)."""
    start, end, source_doc, source_start, source_end = rows
    n = order.shape[0]
    origin_start, origin_end = np.empty(n, np.int64), np.empty(n, np.int64)
    longest = np.zeros(bounds.shape[0], np.int64)
    for d in range(bounds.shape[0] - 1):
        for place in range(bounds[d], bounds[d + 1]):
            p = order[place]
            source = source_doc[p]
            begin, stop = source_start[p], source_end[p]
            low, high = bounds[source], bounds[source + 1]
            while low < high:  # the first passage of the source that can reach into the stretch
                middle = (low + high) >> 1
                if start[order[middle]] < begin - longest[source]:
                    low = middle + 1
                else:
                    high = middle
            best, best_share = np.int64(-1), 0.0
            while low < bounds[source + 1] and start[order[low]] < stop:
                q = order[low]
                shared = min(end[q], stop) - max(start[q], begin)
                share = shared / max(end[q] - start[q], stop - begin)
                if share >= overlap and share > best_share:
                    best, best_share = q, share
                low += 1
            origin_start[p] = begin if best < 0 else origin_start[best]
            origin_end[p] = stop if best < 0 else origin_end[best]
            longest[d] = max(longest[d], end[p] - start[p])
    return origin_start, origin_end


@compiled
def _group(order, starts, ends, doc_bounds, overlap):  # type: ignore[no-untyped-def]  # numba infers the types
    """Groups of stretches (in order of start, longer first) that overlap enough with the group's first; its longest is canonical."""
    n = order.shape[0]
    group = np.empty(n, np.int64)
    lead_start, lead_end = np.empty(n, np.int64), np.empty(n, np.int64)
    start, end = np.empty(n, np.int64), np.empty(n, np.int64)
    active = np.empty(n + 1, np.int64)
    n_active, n_groups, doc = 0, 0, 0
    for place in range(n):
        one = order[place]
        while starts[one] >= doc_bounds[doc + 1]:
            doc += 1
            n_active = 0
        kept = 0
        best, best_share = np.int64(-1), 0.0
        for a in range(n_active):
            g = active[a]
            if lead_end[g] <= starts[one]:
                continue
            active[kept] = g
            kept += 1
            shared = min(lead_end[g], ends[one]) - starts[one]
            share = shared / max(lead_end[g] - lead_start[g], ends[one] - starts[one])
            if share >= overlap and share > best_share:
                best, best_share = g, share
        n_active = kept
        if best < 0:
            best = np.int64(n_groups)
            lead_start[best], lead_end[best] = starts[one], ends[one]
            start[best], end[best] = starts[one], ends[one]
            active[n_active] = best
            n_active += 1
            n_groups += 1
        elif ends[one] - starts[one] > end[best] - start[best]:
            start[best], end[best] = starts[one], ends[one]
        group[one] = best
    return group, start[:n_groups].copy(), end[:n_groups].copy()


@compiled
def _count(members, doc_bounds, facts, n_clusters):  # type: ignore[no-untyped-def]  # numba infers the types
    cluster, starts, ends = members
    owner, year, region = facts
    first_doc = np.full(n_clusters, -1, np.int32)
    n_occurrences, n_docs = np.zeros(n_clusters, np.int32), np.zeros(n_clusters, np.int32)
    n_owners, n_years = np.zeros(n_clusters, np.int32), np.zeros(n_clusters, np.int32)
    one_region = np.full(n_clusters, -1, np.int32)
    seen_owner = np.full(owner.shape[0] + 1, -1, np.int64)
    seen_year = np.full(10001, -1, np.int64)
    last_cluster, last_doc, last_end = -1, -1, np.int64(-1)
    for row in range(cluster.shape[0]):
        c = cluster[row]
        if c != last_cluster:
            last_cluster, last_doc, last_end = c, -1, np.int64(-1)
        if starts[row] < last_end:
            last_end = max(last_end, ends[row])
            continue
        last_end = ends[row]
        n_occurrences[c] += 1
        doc = np.searchsorted(doc_bounds, starts[row], side="right") - 1
        if doc == last_doc:
            continue
        last_doc = doc
        n_docs[c] += 1
        if first_doc[c] < 0:
            first_doc[c] = doc
            one_region[c] = region[doc]
        elif one_region[c] != region[doc]:
            one_region[c] = -1
        if seen_owner[owner[doc]] != c:
            seen_owner[owner[doc]] = c
            n_owners[c] += 1
        if year[doc] >= 0:
            y = min(year[doc], 10000)
            if seen_year[y] != c:
                seen_year[y] = c
                n_years[c] += 1
    return first_doc, n_occurrences, n_docs, n_owners, n_years, one_region
