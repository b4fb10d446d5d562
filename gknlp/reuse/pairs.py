"""Pairs: what two linked documents share, mandated text excluded."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gknlp.features.compiled import compiled
from gknlp.reuse.columns import take_ids
from gknlp.reuse.passages import Passages
from gknlp.reuse.stream import Stream, Weights, sum_weights, weigh_before
from gknlp.schemas import PAIRS

Int64s = NDArray[np.int64]


def make_pairs(stream: Stream, passages: Passages, ranks: Int64s) -> pa.Table:
    """The table pairs, a row for each two documents linked by one of the passages (mandated ones are not given).

    ``doc_a`` is the earlier one in order of publication, so the likelier source; where published and year of the two
    are equal the direction is by doc_id alone and means nothing.

    ``containment_a`` is the share of a's narrative code points (mandated ones out of both counts) that lie in a passage
    with b, ``containment_b`` likewise. ``shared_chars`` is the smaller of the two counts, so that a sentence repeated in
    one document is not counted twice; ``resemblance`` = shared / (a + b - shared).

    Links lead to first publishers and own previous reports, so two copies of a third document make no pair.

    Source: Broder 1997, On the resemblance and containment of documents (here over code points, not shingle sets).
    """
    n_docs = len(stream.documents)
    keys = passages.source_doc.astype(np.int64) * n_docs + passages.doc
    pairs, group = _number_runs(keys)
    weights = sum_weights(stream)
    in_b = sum_union(weights, group, passages.start, passages.end, len(pairs))
    in_a = sum_union(weights, group, passages.source_start, passages.source_end, len(pairs))
    at_edges = weights.before(stream.doc_bounds)
    own = at_edges[1:] - at_edges[:-1]
    kept = np.minimum(in_a, in_b) > 0
    a, b, in_a, in_b = pairs[kept] // max(n_docs, 1), pairs[kept] % max(n_docs, 1), in_a[kept], in_b[kept]
    order = np.lexsort((ranks[b], ranks[a]))
    a, b, in_a, in_b = a[order], b[order], in_a[order], in_b[order]
    columns = measure_pairs(in_a, in_b, own[a], own[b])
    ids = {"doc_a": take_ids(stream.documents, a), "doc_b": take_ids(stream.documents, b)}
    return pa.table(ids | columns, schema=PAIRS)


def measure_pairs(in_a: Int64s, in_b: Int64s, n_a: Int64s, n_b: Int64s) -> dict[str, NDArray[np.generic]]:
    """Shared code points, containments and resemblance; where a side has no own text its shares are 0."""
    shared = np.minimum(in_a, in_b)
    return {
        "shared_chars": shared,
        "containment_a": in_a / np.maximum(n_a, 1),
        "containment_b": in_b / np.maximum(n_b, 1),
        "resemblance": shared / np.maximum(n_a + n_b - shared, 1),
    }


def _number_runs(keys: Int64s) -> tuple[Int64s, Int64s]:
    """Each run's key, and the number of its run for each row; passages of two documents stand together."""
    begins = np.ones(len(keys), np.bool_)
    begins[1:] = keys[1:] != keys[:-1]
    return keys[begins], np.cumsum(begins) - 1


def sum_union(weights: Weights, group: Int64s, starts: Int64s, ends: Int64s, n_groups: int) -> Int64s:
    """Weight under the union of each group's stretches; ``group`` ascends."""
    told = (weights.blocks, weights.parts, weights.column, weights.stretches, weights.marks)
    sums: Int64s = _sum_union(told, group, starts, ends, n_groups)
    return sums


@compiled
def _sum_union(weights, group, starts, ends, n_groups):  # type: ignore[no-untyped-def]  # numba infers the types
    sums = np.zeros(n_groups, np.int64)
    n = group.shape[0]
    first = 0
    while first < n:
        last = first + 1
        while last < n and group[last] == group[first]:
            last += 1
        if last == first + 1:
            sums[group[first]] = weigh_before(ends[first], weights) - weigh_before(starts[first], weights)
            first = last
            continue
        order = np.argsort(starts[first:last])
        low, high = np.int64(-1), np.int64(-1)  # the stretch at hand; another begins behind its end
        for q in range(last - first):
            begin, end = starts[first + order[q]], ends[first + order[q]]
            if begin > high:
                if high > low:
                    sums[group[first]] += weigh_before(high, weights) - weigh_before(low, weights)
                low, high = begin, end
            else:
                high = max(high, end)
        if high > low:
            sums[group[first]] += weigh_before(high, weights) - weigh_before(low, weights)
        first = last
    return sums
