"""Coverage: the share of each stratum in each document's narrative."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gknlp.reuse.stream import Stream
from gknlp.schemas import STRATA


def list_coverage_rows(stream: Stream, strata: NDArray[np.int8]) -> list[dict[str, Any]]:
    """Rows of the table coverage: every narrative code point in exactly one stratum, shares over ``n_chars``.

    What folding drops (punctuation, whitespace) goes with the character before it, at the head of a stretch with the one
    after it; a stretch of nothing else is original. A document without narrative has ``n_chars`` 0 and original 1, so
    that shares always sum to 1. Regional is 0 where regions are unknown: that text counts as peer.

    Parameters
    ----------
    stream : n positions.
    strata : (n,) indices in STRATA, from ``assign_strata``.
    """
    n_strata = len(STRATA)
    keys = stream.doc_of * n_strata + strata
    counts = np.bincount(keys, weights=stream.weights, minlength=len(stream.documents) * n_strata)
    rows = []
    for document, found in zip(stream.documents, counts.reshape(-1, n_strata).tolist(), strict=True):
        n_chars = document.n_chars
        found[STRATA.index("original")] += n_chars - sum(found)
        shares = dict(zip(STRATA, (count / n_chars for count in found), strict=True)) if n_chars else _no_narrative()
        rows.append({"doc_id": document.doc_id, "n_chars": n_chars, "table_chars": document.table_chars} | shares)
    return rows


def list_stretch_rows(stream: Stream, strata: NDArray[np.int8]) -> list[dict[str, Any]]:
    """Rows of the table stretches: the narrative cut wherever the stratum changes, in text order.

    A stretch begins at its first and ends at its last compared character, so that what folding drops between two
    stretches (a stop, white space) is in neither. No text gives no rows.
    """
    if not len(strata):
        return []
    changes = (np.diff(strata) != 0) | (np.diff(stream.segment_start) != 0)
    edges = np.concatenate([np.zeros(1, dtype=np.int64), np.flatnonzero(changes) + 1, np.array([len(strata)])])
    return [
        {
            "doc_id": stream.documents[int(stream.doc_of[start])].doc_id,
            "start": int(stream.starts[start]),
            "end": int(stream.ends[end - 1]),
            "stratum": STRATA[int(strata[start])],
        }
        for start, end in pairwise(edges.tolist())
    ]


def _no_narrative() -> dict[str, float]:
    return {name: float(name == "original") for name in STRATA}
