"""Pairs: what two linked documents share, mandated text excluded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from gknlp.reuse.clusters import Range, merge_ranges
from gknlp.reuse.passages import Passage
from gknlp.reuse.stream import Ints, Stream


def list_pair_rows(stream: Stream, passages: Sequence[Passage], labels: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of the table pairs, one for each two documents linked by a passage that is not mandated.

    ``doc_a`` is the earlier one in order of publication, so the likelier source; where published and year of the two
    are equal the direction is by doc_id alone and means nothing.

    ``containment_a`` is the share of a's narrative code points (mandated ones out of both counts) that lie in a passage
    with b, ``containment_b`` likewise. ``shared_chars`` is the smaller of the two counts, so that a sentence repeated in
    one document is not counted twice; ``resemblance`` = shared / (a + b - shared).

    Links lead to first publishers and own previous reports, so two copies of a third document make no pair.

    Source: Broder 1997, On the resemblance and containment of documents (here over code points, not shingle sets).
    """
    sums = sum_own(stream)
    totals = np.diff(sums[stream.doc_bounds]).tolist()
    ranges: dict[tuple[int, int], list[Passage]] = defaultdict(list)
    for passage, label in zip(passages, labels, strict=True):
        if label != "mandated":
            ranges[passage.source_doc, passage.doc].append(passage)
    rows = []
    for (a, b), shared in sorted(ranges.items()):
        in_a = count_covered(sums, [(one.source_start, one.source_end) for one in shared])
        in_b = count_covered(sums, [(one.start, one.end) for one in shared])
        if min(in_a, in_b) > 0:
            names = {"doc_a": stream.documents[a].doc_id, "doc_b": stream.documents[b].doc_id}
            rows.append(names | measure_pair(in_a, in_b, totals[a], totals[b]))
    return rows


def measure_pair(in_a: int, in_b: int, n_a: int, n_b: int) -> dict[str, Any]:
    """Shared code points, containments and resemblance; where a side has no own text its shares are 0."""
    shared = min(in_a, in_b)
    return {
        "shared_chars": shared,
        "containment_a": in_a / n_a if n_a else 0.0,
        "containment_b": in_b / n_b if n_b else 0.0,
        "resemblance": shared / (n_a + n_b - shared) if n_a + n_b else 0.0,
    }


def count_covered(sums: Ints, ranges: Sequence[Range]) -> int:
    """Code points under the union of the ranges, by running sums over positions."""
    return sum(int(sums[end] - sums[start]) for start, end in merge_ranges(ranges))


def sum_own(stream: Stream) -> Ints:
    """Running sums of the narrative code points that are not mandated, one more than there are positions."""
    own = np.where(stream.mandated, 0, stream.weights)
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(own)])
