"""Two texts side by side: their shared passages in order, with what differs inside each marked for display."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from gknlp.pages.findings.differences import Piece, mark_differences, own_names
from gknlp.pages.findings.run import Row, Run, rows_in


def align_reports(run: Run, doc_a: str, doc_b: str) -> list[dict[str, Any]]:
    """The passages two reports share, in the order of the first; [] where no passage joins them.

    A passage of one that names the other as its source is taken with that source span; reports that are joined only
    through a common first publisher are aligned by span cluster.
    """
    spans = _direct(run, doc_a, doc_b) | {(b, a) for a, b in _direct(run, doc_b, doc_a)}
    spans |= {pair for pair in _by_cluster(run, doc_a, doc_b) if not any(_meets(pair[0], known[0]) for known in spans)}
    one, two = (run.report[doc] for doc in (doc_a, doc_b))
    texts, agencies = (one["text"] or "", two["text"] or ""), (one["agency"], two["agency"])
    mandated = (list_mandated(run, doc_a), list_mandated(run, doc_b))
    return [align_spans(texts, agencies, a, b, _near(mandated, a, b)) for a, b in sorted(spans)]


def _near(mandated: tuple[list[Span], list[Span]], a: Span, b: Span) -> tuple[list[Span], list[Span]]:
    return [span for span in mandated[0] if _meets(span, a)], [span for span in mandated[1] if _meets(span, b)]


Span = tuple[int, int]
Pair = tuple[Span, Span]


def _direct(run: Run, doc_id: str, source: str) -> set[Pair]:
    return {
        ((row["start"], row["end"]), (row["source_start"], row["source_end"]))
        for row in rows_in(run, "passages", doc_id)
        if row["source_doc_id"] == source and row["source_start"] is not None and row["stratum"] != "mandated"
    }


def _by_cluster(run: Run, doc_a: str, doc_b: str) -> list[Pair]:
    there: dict[str, Row] = {}
    for row in rows_in(run, "passages", doc_b):
        if row["cluster_id"]:
            there.setdefault(row["cluster_id"], row)
    return [
        ((row["start"], row["end"]), (there[row["cluster_id"]]["start"], there[row["cluster_id"]]["end"]))
        for row in rows_in(run, "passages", doc_a)
        if row["cluster_id"] in there and row["stratum"] != "mandated"
    ]


def _meets(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def align_spans(
    texts: tuple[str, str],
    agencies: tuple[str | None, str | None],
    a: Span,
    b: Span,
    mandated: tuple[Sequence[Span], Sequence[Span]] = ((), ()),
) -> dict[str, Any]:
    """One stretch of each text with what differs between them marked; the agencies' own names are masked.

    ``mandated``: stretches of each text that the form or the law prescribes; their pieces say so.
    """
    names = [own_names(agency) for agency in agencies]
    left, right = mark_differences(texts[0][slice(*a)], texts[1][slice(*b)], names_a=names[0], names_b=names[1])
    sides = {"left": _paint(left, a[0], mandated[0]), "right": _paint(right, b[0], mandated[1])}
    return {**sides, "start": a[0], "other_start": b[0], "end": a[1], "other_end": b[1]}


def _paint(pieces: list[Piece], start: int, mandated: Sequence[Span]) -> list[dict[str, Any]]:
    """The pieces cut where mandated wording begins and ends, each with whether it is mandated."""
    edges = sorted({edge for span in mandated for edge in span})
    painted: list[dict[str, Any]] = []
    for piece in pieces:
        end = start + len(piece["text"])
        cuts = [start, *(edge for edge in edges if start < edge < end), end]
        for low, high in pairwise(cuts):
            prescribed = any(span[0] <= low and high <= span[1] for span in mandated)
            text = piece["text"][low - start : high - start]
            painted.append({"kind": piece["kind"], "text": text, "mandated": prescribed})
        start = end
    return painted


def list_mandated(run: Run, doc_id: str) -> list[Span]:
    """The stretches of a report that are mandated wording."""
    return [(row["start"], row["end"]) for row in rows_in(run, "stretches", doc_id) if row["stratum"] == "mandated"]
