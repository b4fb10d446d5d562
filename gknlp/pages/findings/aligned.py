"""Two texts side by side: their shared passages in order, with what differs inside each marked for display."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Any

from gknlp.pages.findings.run import Row, Run, rows_in

LONGEST = 1200
"""Passages longer than this many characters are shown unmarked: comparing grows with the square of the length."""
_NUMBER = re.compile(r"[0-9０-９]+(?:[.,．，][0-9０-９]+)*")


def align_reports(run: Run, doc_a: str, doc_b: str) -> list[dict[str, Any]]:
    """The passages two reports share, in the order of the first; [] where no passage joins them.

    A passage of one that names the other as its source is taken with that source span; reports that are joined only
    through a common first publisher are aligned by span cluster.
    """
    spans = _direct(run, doc_a, doc_b) | {(b, a) for a, b in _direct(run, doc_b, doc_a)}
    spans |= {pair for pair in _by_cluster(run, doc_a, doc_b) if not any(_meets(pair[0], known[0]) for known in spans)}
    text_a, text_b = (run.report[doc]["text"] or "" for doc in (doc_a, doc_b))
    return [_passage(text_a, text_b, a, b) for a, b in sorted(spans)]


Pair = tuple[tuple[int, int], tuple[int, int]]


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


def _passage(text_a: str, text_b: str, a: tuple[int, int], b: tuple[int, int]) -> dict[str, Any]:
    left, right = mark_differences(text_a[slice(*a)], text_b[slice(*b)])
    return {"left": left, "right": right, "start": a[0], "other_start": b[0], "end": a[1], "other_end": b[1]}


def mark_differences(a: str, b: str) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Both texts cut into pieces of kind equal, changed, only (on this side) or number (years and figures that differ).

    >>> mark_differences("共公开12条", "共公开9条")[0]
    [{'kind': 'equal', 'text': '共公开'}, {'kind': 'number', 'text': '12'}, {'kind': 'equal', 'text': '条'}]
    """
    if a == b or max(len(a), len(b)) > LONGEST:
        return _whole(a), _whole(b)
    left: list[dict[str, str]] = []
    right: list[dict[str, str]] = []
    tokens_a, tokens_b = _tokens(a), _tokens(b)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, tokens_a, tokens_b, autojunk=False).get_opcodes():
        kind = {"equal": "equal", "replace": "changed"}.get(tag, "only")
        _add(left, kind, "".join(tokens_a[i1:i2]))
        _add(right, kind, "".join(tokens_b[j1:j2]))
    return left, right


def _tokens(text: str) -> list[str]:
    return re.findall(_NUMBER.pattern + r"|.", text, flags=re.DOTALL)


def _whole(text: str) -> list[dict[str, str]]:
    return [{"kind": "equal", "text": text}] if text else []


def _add(pieces: list[dict[str, str]], kind: str, text: str) -> None:
    if text:
        pieces.append({"kind": "number" if kind != "equal" and _NUMBER.fullmatch(text) else kind, "text": text})
