"""Coverage: the share of each stratum in each document's narrative, and the stretches of one stratum."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gknlp.features.compiled import compiled
from gknlp.reuse.columns import take_ids, take_words
from gknlp.reuse.strata import PRECEDENCE, Labels, name_strata
from gknlp.reuse.stream import Stream, find_spans
from gknlp.schemas import COVERAGE, STRATA, STRETCHES

Ranks = NDArray[np.int64]


def make_coverage(stream: Stream, strata: Labels, ranks: Ranks) -> pa.Table:
    """The table coverage: every narrative code point in exactly one stratum, shares over ``n_chars``.

    What folding drops (punctuation, whitespace) goes with the character before it, at the head of a stretch with the one
    after it; a stretch of nothing else is original. A document without narrative has ``n_chars`` 0 and original 1, so
    that shares always sum to 1. Regional is 0 where regions are unknown: that text counts as peer.
    """
    documents, column = stream.documents, stream.column
    counts = _count(
        (column.at, column.bounds),
        (column.stretches.text, column.stretches.start, column.stretches.end),
        strata,
        len(documents),
        len(PRECEDENCE),
        PRECEDENCE.index("original"),
    )
    counts[documents.n_chars == 0, PRECEDENCE.index("original")] = 1
    shares = counts / np.maximum(documents.n_chars, 1)[:, None]
    order = np.argsort(ranks)
    columns = {
        "doc_id": take_ids(documents, order),
        "n_chars": documents.n_chars[order],
        "table_chars": documents.table_chars[order],
    }
    return pa.table(columns | {name: shares[order, PRECEDENCE.index(name)] for name in STRATA}, schema=COVERAGE)


def make_stretches(stream: Stream, strata: Labels, ranks: Ranks) -> pa.Table:
    """The table stretches: the narrative cut wherever the stratum changes, in text order.

    A stretch begins at its first and ends at its last compared character, so that what folding drops between two
    stretches (a stop, white space) is in neither. No text gives no rows.
    """
    n = len(strata)
    starts = _list_starts(strata, stream.column.bounds)
    ends = np.append(starts[1:], n) if n else starts
    docs = np.searchsorted(stream.doc_bounds, starts, side="right") - 1
    order = np.argsort(ranks[docs], kind="stable")
    docs, starts, ends = docs[order], starts[order], ends[order]
    first, last = find_spans(stream, starts, ends)
    columns = {
        "doc_id": take_ids(stream.documents, docs),
        "start": first,
        "end": last,
        "stratum": take_words(STRATA, name_strata()[strata[starts]]),
    }
    return pa.table(columns, schema=STRETCHES)


@compiled
def _list_starts(strata, bounds):  # type: ignore[no-untyped-def]  # numba infers the types
    """Where the stratum changes, or a stretch that is not empty begins."""
    starts = np.empty(strata.shape[0], np.int64)  # pages that are never written to cost no memory
    n = 0
    for s in range(bounds.shape[0] - 1):
        for i in range(bounds[s], bounds[s + 1]):
            if i == bounds[s] or strata[i] != strata[i - 1]:
                starts[n] = i
                n += 1
    return starts[:n].copy()


@compiled
def _count(column, stretches, strata, n_docs, n_strata, original):  # type: ignore[no-untyped-def]  # numba infers the types
    at, bounds = column
    text, begins, ends = stretches
    counts = np.zeros((n_docs, n_strata), np.int64)
    for s in range(text.shape[0]):
        first, stop = bounds[s], bounds[s + 1]
        here = begins[s]
        if first == stop:
            counts[text[s], original] += ends[s] - here
        for i in range(first, stop):
            there = ends[s] if i + 1 == stop else at[i + 1]
            counts[text[s], strata[i]] += there - here
            here = there
    return counts
