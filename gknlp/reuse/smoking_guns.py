"""Smoking guns (照搬痕迹): in a copied passage, what the copier forgot to change."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, ClassVar

import pyarrow as pa

from gknlp.schemas import SMOKING_GUNS

MANDATED = "mandated"


@dataclass(frozen=True, slots=True, kw_only=True)
class GunConfig:
    """Which failed rules show copying.

    Parameters
    ----------
    rules : ids of audit rules. By default those on wrong years (R801 to R803), on an older form's notice and contents
        (R805, R812) and on other agencies' names and self-references (R811).
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    rules: tuple[str, ...] = ("R801", "R802", "R803", "R805", "R811", "R812")


def join_smoking_guns(tables: Mapping[str, pa.Table], *, config: GunConfig) -> dict[str, pa.Table]:
    """The table smoking_guns of the tables passages and findings."""
    return {"smoking_guns": find_smoking_guns(tables["passages"], tables["findings"], rules=config.rules)}


def find_smoking_guns(passages: pa.Table, findings: pa.Table, *, rules: Collection[str]) -> pa.Table:
    """What the audit found wrong inside copied wording: a foreign name, another agency's self-reference, a wrong year.

    Parameters
    ----------
    passages : as ``find_reuse`` gives them; mandated ones are left out, since whoever quotes the form copies nobody.
    findings : as the audit gives them; only outcome fail counts.
    rules : ids of the rules whose failure shows copying: those on self-references and foreign names, on the year, on the
        wording of an older form.

    Returns
    -------
    One row for each passage, failed finding and place of it that lies wholly inside the passage, in code points of the
    report's text; ``source_doc_id`` is where the passage came from. A place inside two passages gives two rows, an empty
    place none. The same for any order of rows; empty tables give an empty one.
    """
    inside: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for passage in passages.select(["passage_id", "doc_id", "start", "end", "stratum", "source_doc_id"]).to_pylist():
        if passage["stratum"] != MANDATED:
            inside[passage["doc_id"]].append(passage)
    lookups = {doc_id: _Passages(rows) for doc_id, rows in inside.items()}
    failed = [
        finding
        for finding in findings.select(["doc_id", "rule", "outcome", "found", "spans"]).to_pylist()
        if finding["outcome"] == "fail" and finding["rule"] in rules and finding["doc_id"] in lookups
    ]
    rows = {
        (
            finding["doc_id"],
            start,
            end,
            finding["rule"],
            passage["passage_id"],
            finding["found"] or "",
            passage["source_doc_id"],
        )
        for finding in failed
        for start, end in finding["spans"] or []
        for passage in lookups[finding["doc_id"]].around(start, end)
    }
    names = ("doc_id", "start", "end", "rule", "passage_id", "found", "source_doc_id")
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in sorted(rows)], schema=SMOKING_GUNS)


class _Passages:
    """One report's passages, to be asked which lie around a place."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._rows = sorted(rows, key=lambda row: (row["start"], row["end"], row["passage_id"]))
        self._starts = [row["start"] for row in self._rows]
        self._furthest = list(accumulate((row["end"] for row in self._rows), max))

    def around(self, start: int, end: int) -> Iterator[Mapping[str, Any]]:
        """The passages that hold the whole of this place; none for an empty place."""
        if start >= end:
            return
        for place in range(bisect_right(self._starts, start) - 1, -1, -1):
            if self._furthest[place] < end:
                return
            if self._rows[place]["end"] >= end:
                yield self._rows[place]
