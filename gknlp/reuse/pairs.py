"""Pairs: what two linked documents share, mandated text excluded."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gknlp.features.compiled import compiled
from gknlp.reuse.columns import take_ids
from gknlp.reuse.passages import Passages
from gknlp.reuse.stream import Stream, weigh_own
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
    pairs, group = np.unique(keys, return_inverse=True)
    in_b = sum_union(stream, group, passages.start, passages.end, len(pairs))
    in_a = sum_union(stream, group, passages.source_start, passages.source_end, len(pairs))
    own = weigh_own(stream, stream.doc_bounds[:-1], stream.doc_bounds[1:])
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


def sum_union(stream: Stream, group: Int64s, starts: Int64s, ends: Int64s, n_groups: int) -> Int64s:
    """Own code points under the union of each group's stretches."""
    order = np.lexsort((starts, group))
    groups, begins, stops = _merge(group[order], starts[order], ends[order])
    weights = weigh_own(stream, begins, stops)
    sums = np.zeros(n_groups, np.int64)
    np.add.at(sums, groups, weights)
    return sums


@compiled
def _merge(group, starts, ends):  # type: ignore[no-untyped-def]  # numba infers the types
    groups, begins, stops = np.empty_like(group), np.empty_like(starts), np.empty_like(ends)
    n = 0
    for row in range(group.shape[0]):
        if n and groups[n - 1] == group[row] and starts[row] <= stops[n - 1]:
            stops[n - 1] = max(stops[n - 1], ends[row])
        else:
            groups[n], begins[n], stops[n] = group[row], starts[row], ends[row]
            n += 1
    return groups[:n].copy(), begins[:n].copy(), stops[:n].copy()
