"""Span clusters (复用簇): all occurrences of one wording, from its first publication on."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gknlp.reuse.passages import Passage
from gknlp.reuse.strata import PRECEDENCE
from gknlp.reuse.stream import Stream

Range = tuple[int, int]
"""Half-open positions of the stream, inside one document."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One wording and where it stands: ``canonical`` is its longest stretch in the document that had it first."""

    cluster_id: str
    canonical: Range
    occurrences: tuple[Range, ...]
    stratum: str


def find_clusters(
    stream: Stream, passages: Sequence[Passage], labels: Sequence[str], overlap: float
) -> tuple[list[Cluster], list[str]]:
    """Clusters by id, and for each passage the id of its cluster.

    A passage is traced to the first occurrence of its source; first occurrences that overlap by ``overlap`` of the
    longer (against the longest of them) are one cluster. The id is the hash of the canonical wording, folded, so that
    the same wording has the same id in every corpus. ``occurrences`` counts the source too; overlapping stretches of
    one document are one occurrence.
    """
    origins = _trace_origins(passages, overlap)
    canonical_of = _choose_canonical(stream, origins, overlap)
    ids = {canonical: _hash_wording(stream.text[slice(*canonical)]) for canonical in set(canonical_of.values())}
    members: dict[str, list[Range]] = defaultdict(list)
    strata: dict[str, Counter[str]] = defaultdict(Counter)
    canonicals: dict[str, Range] = {}
    cluster_ids = [ids[canonical_of[origin]] for origin in origins]
    for passage, origin, label, cluster_id in zip(passages, origins, labels, cluster_ids, strict=True):
        canonical = canonical_of[origin]
        members[cluster_id] += ((passage.start, passage.end), origin, canonical)
        strata[cluster_id][label] += 1
        canonicals[cluster_id] = min(canonicals.get(cluster_id, canonical), canonical)
    clusters = [
        Cluster(name, canonicals[name], merge_ranges(members[name]), _choose_stratum(strata[name]))
        for name in sorted(members)
    ]
    return clusters, cluster_ids


def list_cluster_rows(stream: Stream, clusters: Sequence[Cluster]) -> list[dict[str, Any]]:
    """Rows of the table clusters; a document of no known agency counts as an agency of its own, no year as no year."""
    return [_cluster_row(stream, cluster) for cluster in clusters]


def first_document(stream: Stream, cluster: Cluster) -> str:
    """The doc_id of the cluster's earliest document."""
    return stream.documents[int(stream.doc_of[cluster.occurrences[0][0]])].doc_id


def _cluster_row(stream: Stream, cluster: Cluster) -> dict[str, Any]:
    found = [int(stream.doc_of[start]) for start, _ in cluster.occurrences]
    documents = [stream.documents[index] for index in dict.fromkeys(found)]
    span = stream.span_of(*cluster.canonical)
    holder = stream.documents[int(stream.doc_of[cluster.canonical[0]])]
    return {
        "cluster_id": cluster.cluster_id,
        "n_occurrences": len(cluster.occurrences),
        "n_docs": len(documents),
        "n_agencies": len({one.owner for one in documents}),
        "n_years": len({one.year for one in documents if one.year is not None}),
        "text": holder.text[span.start : span.end],
        "first_doc_id": first_document(stream, cluster),
        "stratum": cluster.stratum,
    }


def _trace_origins(passages: Sequence[Passage], overlap: float) -> list[Range]:
    """For each passage the first occurrence of its source, following the source's own passages (documents ascend)."""
    by_doc: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    longest: dict[int, int] = defaultdict(int)
    origins: list[Range] = []
    for index, passage in enumerate(passages):
        source = (passage.source_start, passage.source_end)
        best = _find_best(by_doc[passage.source_doc], source, longest[passage.source_doc], overlap)
        origins.append(source if best is None else origins[best])
        insort(by_doc[passage.doc], (passage.start, passage.end, index))
        longest[passage.doc] = max(longest[passage.doc], passage.end - passage.start)
    return origins


def _choose_canonical(stream: Stream, origins: Sequence[Range], overlap: float) -> dict[Range, Range]:
    """For each first occurrence the longest one that it overlaps enough: longest first, so each meets its seed."""
    seeds: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    longest: dict[int, int] = defaultdict(int)
    chosen: dict[Range, Range] = {}
    order = sorted(set(origins), key=lambda one: (one[0] - one[1], one))
    for index, origin in enumerate(order):
        doc = int(stream.doc_of[origin[0]])
        best = _find_best(seeds[doc], origin, longest[doc], overlap)
        chosen[origin] = origin if best is None else order[best]
        if best is None:
            insort(seeds[doc], (*origin, index))
            longest[doc] = max(longest[doc], origin[1] - origin[0])
    return chosen


def _find_best(known: list[tuple[int, int, int]], target: Range, longest: int, overlap: float) -> int | None:
    """The index carried by the range that overlaps the target most, if by ``overlap`` of the longer of the two."""
    best: tuple[float, int] | None = None
    at = bisect_left(known, (target[0] - longest, 0, 0))
    while at < len(known) and known[at][0] < target[1]:
        start, end, index = known[at]
        shared = min(end, target[1]) - max(start, target[0])
        share = shared / max(end - start, target[1] - target[0])
        if share >= overlap and (best is None or share > best[0]):
            best = (share, index)
        at += 1
    return None if best is None else best[1]


def merge_ranges(ranges: Sequence[Range]) -> tuple[Range, ...]:
    """The ranges in order, overlapping ones as one; ranges that only touch stay apart."""
    merged: list[Range] = []
    for start, end in sorted(set(ranges)):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _choose_stratum(counts: Counter[str]) -> str:
    """The stratum of most passages, the one that comes first in precedence where two are equal."""
    return max(counts, key=lambda name: (counts[name], -PRECEDENCE.index(name)))


def _hash_wording(folded: str) -> str:
    return hashlib.blake2b(folded.encode("utf-8"), digest_size=8).hexdigest()
