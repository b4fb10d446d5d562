"""What the similarity report unpacks on demand: every report's text once, with its strata, passages and ticks, deflated."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from gknlp.pages.findings.measures import GROUPS, describe_measure, read_measures
from gknlp.pages.findings.pairs import rank_pair_rows
from gknlp.pages.findings.run import Row, Run, agency_of, label_of, page_name, ran, rows_in, rows_of
from gknlp.pages.words import word
from gknlp.schemas import STRATA
from gknlp.text.own_names import list_own_names

MOST_PACKED = 3_800_000
"""Characters of packed text a page may hold, so that a thousand reports stay under 6 MB with figures and tables."""
MOST_PAIRS = 60_000
"""Pairs of reports a page may list; the CSV beside it holds all."""
MOST_MEASURED = 20_000
"""Reports whose measures a page may hold, some 60 characters each; the CSV beside it holds all."""
_BLOCK = 100_000
"""Characters packed together: a report alone packs to twice the size, since its neighbours share its wording."""
_MOST_TICKS = 60
_PAINTED = frozenset(STRATA) - {"original"}
_SCALE = 10_000
_HEADER, _TRAILER = 10, 8
"""Bytes gzip puts around the deflated ones."""


def pack_reuse(
    run: Run, places: Mapping[str, str], bars: Sequence[Mapping[str, Any]], row_of: Mapping[str, int]
) -> dict[str, Any]:
    """An index of the run and blocks of its reports, both deflated and in base64, for the page's own script.

    ``bars``: the reports ranked, those that share most first; where not all fit, the first ones are packed. ``row_of``:
    the row of places by years that each report is in, -1 for none.

    Returns
    -------
    index (text), blocks (texts), n_packed, and measures (text; None where there are none or too many). A run without
    reports gives an index of nothing and no blocks.
    """
    ranked = [bar["doc_id"] for bar in bars if bar["doc_id"] in run.report]
    known = frozenset(ranked)
    ranked += [row["doc_id"] for row in run.reports if row["doc_id"] not in known]
    blocks, block_of = _fit_blocks(run, ranked)
    shares = {bar["doc_id"]: bar["shares"] for bar in bars}
    common = frozenset(list_own_names(None))
    index = {
        "docs": _list_docs(run, places, block_of, shares),
        "agencies": [[name, [own for own in list_own_names(name) if own not in common]] for name in _agencies(run)],
        "places": _places(places),
        "strata": [[stratum, *word("strata", stratum).values()] for stratum in STRATA],
        "rules": {rule["id"]: [rule.get("title_zh", ""), rule.get("title_en", "")] for rule in _rules(run)},
        "pairs": _list_pairs(run),
        "own": list_own_names(None),
        "rows": [row_of.get(row["doc_id"], -1) for row in run.reports],
    }
    measures = _pack_measures(run) if ran(run, "reuse_measures") and len(run.reports) <= MOST_MEASURED else None
    return {"index": deflate(index), "blocks": blocks, "n_packed": len(block_of), "measures": measures}


def _pack_measures(run: Run) -> str:
    """[key, kind, Chinese name, English name, values] of each measure; values in ten-thousandths or whole, null for none."""
    rows = [read_measures(run, row["doc_id"]) or {} for row in run.reports]
    columns = []
    for key in (key for keys in GROUPS.values() for key in keys):
        described = describe_measure(key)
        scale = 1 if described["kind"] == "count" else _SCALE
        values = [_scaled(row.get(key), scale) for row in rows]
        columns.append([key, described["kind"], described["name"]["zh"], described["name"]["en"], values])
    return deflate(columns)


def _scaled(value: float | None, scale: int) -> int | None:
    """A value as a whole number; what is not zero never becomes zero."""
    if value is None or not value:
        return None if value is None else 0
    return round(value * scale) or (1 if value > 0 else -1)


def _rules(run: Run) -> Iterable[Mapping[str, Any]]:
    return [rule for rule in run.about.get("rules") or () if isinstance(rule, Mapping) and "id" in rule]


def deflate(value: Any) -> str:
    """A value as JSON, deflated (raw, RFC 1951) and in base64.

    By Arrow's zlib, which is pinned with Arrow: Python's own is the machine's, and gives other bytes on another machine.
    UTF-16 packs Chinese text a tenth smaller than UTF-8.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le", "surrogatepass")
    packed = pa.Codec("gzip", compression_level=9).compress(text, asbytes=True)
    return base64.b64encode(packed[_HEADER:-_TRAILER]).decode("ascii")


def _fit_blocks(run: Run, ranked: Sequence[str]) -> tuple[list[str], dict[str, int]]:
    """Blocks in the order of display, and the block of each report packed; fewer reports until they fit."""
    lengths = {doc_id: len(run.report[doc_id]["text"] or "") for doc_id in ranked}
    numbers = _number(run)
    limit = 8 * MOST_PACKED
    while True:
        kept = _first(ranked, lengths, limit)
        groups = _group([row["doc_id"] for row in run.reports if row["doc_id"] in kept], lengths)
        blocks = [deflate([_pack(run, doc_id, numbers) for doc_id in group]) for group in groups]
        size = sum(map(len, blocks))
        if size <= MOST_PACKED:
            return blocks, {doc_id: at for at, group in enumerate(groups) for doc_id in group}
        limit = min(limit, sum(lengths[doc_id] for doc_id in kept)) * 9 * MOST_PACKED // (10 * size)


def _first(ranked: Sequence[str], lengths: Mapping[str, int], limit: int) -> frozenset[str]:
    kept, total = [], 0
    for doc_id in ranked:
        total += lengths[doc_id]
        if total <= limit:
            kept.append(doc_id)
    return frozenset(kept)


def _group(doc_ids: Sequence[str], lengths: Mapping[str, int]) -> list[list[str]]:
    groups: list[list[str]] = []
    filled = _BLOCK
    for doc_id in doc_ids:
        if filled >= _BLOCK:
            groups.append([])
            filled = 0
        groups[-1].append(doc_id)
        filled += lengths[doc_id]
    return groups


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What rows name by id, as places in lists."""

    docs: Mapping[str, int]
    clusters: Mapping[str, int]


def _number(run: Run) -> _Numbers:
    clusters = sorted({row["cluster_id"] for row in rows_of(run, "passages") if row["cluster_id"]})
    return _Numbers(
        {row["doc_id"]: at for at, row in enumerate(run.reports)}, {name: at for at, name in enumerate(clusters)}
    )


def _pack(run: Run, doc_id: str, numbers: _Numbers) -> list[Any]:
    """[place in the list, text, strata, passages, ticks]; mandated wording is a stratum and no passage."""
    return [
        numbers.docs[doc_id],
        run.report[doc_id]["text"] or "",
        _strata(rows_in(run, "stretches", doc_id)),
        _passages(rows_in(run, "passages", doc_id), numbers),
        list_ticks(run, doc_id),
    ]


def _strata(stretches: Iterable[Row]) -> list[int]:
    """Gap before, length, number of the stratum, and so on; what is original is a gap."""
    flat, at = [], 0
    for row in sorted(stretches, key=lambda row: row["start"]):
        if row["stratum"] in _PAINTED:
            flat += [row["start"] - at, row["end"] - row["start"], STRATA.index(row["stratum"])]
            at = row["end"]
    return flat


def _passages(rows: Iterable[Row], numbers: _Numbers) -> list[list[int]]:
    """[start, length, stratum, source, its start, its length, first publisher, similarity in %, cluster]; -1 for none."""
    kept = [row for row in rows if row["stratum"] in _PAINTED and row["stratum"] != "mandated"]
    return [
        [
            row["start"],
            row["end"] - row["start"],
            STRATA.index(row["stratum"]),
            numbers.docs.get(row["source_doc_id"], -1),
            row["source_start"] or 0,
            (row["source_end"] or 0) - (row["source_start"] or 0),
            numbers.docs.get(row["first_doc_id"], -1),
            -1 if row["similarity"] is None else round(100 * row["similarity"]),
            numbers.clusters.get(row["cluster_id"], -1),
        ]
        for row in sorted(kept, key=lambda row: (row["start"], row["end"], row["passage_id"]))
    ]


def list_ticks(run: Run, doc_id: str) -> list[list[Any]]:
    """Places to look at: [start, length, finding | diagnostic | left_over, rule or code, words found], in text order.

    What an agency forgot to change inside copied wording comes from the table smoking_guns, where the run has it, and
    stands for the finding at the same place.
    """
    left_over = [
        [row["start"], row["end"] - row["start"], "left_over", row["rule"], row["found"] or ""]
        for row in rows_in(run, "smoking_guns", doc_id)
    ]
    told = {(start, rule) for start, _, _, rule, _ in left_over}
    ticks = [
        [span[0], span[1] - span[0], "finding", row["rule"], row["found"] or ""]
        for row in rows_in(run, "findings", doc_id)
        if row["outcome"] == "fail"
        for span in (row["spans"] or ())[:1]
        if span and len(span) == 2 and None not in span and (span[0], row["rule"]) not in told
    ]
    diagnostics = [
        [row["start"], (row["end"] or row["start"]) - row["start"], "diagnostic", row["code"], row["found"] or ""]
        for row in rows_in(run, "diagnostics", doc_id)
        if row["severity"] != "info" and row["start"] is not None
    ]
    once = {tuple(tick): tick for tick in (*left_over, *ticks, *diagnostics)}
    return [once[key] for key in sorted(once)][:_MOST_TICKS]


def _list_docs(
    run: Run, places: Mapping[str, str], block_of: Mapping[str, int], shares: Mapping[str, Mapping[str, float]]
) -> list[list[Any]]:
    """[label, agency, year, place, published, page, block, characters, narrative characters, shares in thousandths].

    Agency and place are numbers (-1: no place), block -1 where the text is not packed, the last two null without narrative.
    """
    agencies = {name: at for at, name in enumerate(_agencies(run))}
    named = {name: at for at, name in enumerate(_places(places))}
    lines = []
    for row in run.reports:
        doc_id = row["doc_id"]
        coverage = next(iter(rows_in(run, "coverage", doc_id)), None)
        known = shares.get(doc_id)
        lines.append(
            [
                label_of(run, doc_id),
                agencies[agency_of(run, doc_id)],
                row["year"],
                named.get(places.get(doc_id, ""), -1),
                row["published"],
                page_name(doc_id),
                block_of.get(doc_id, -1),
                len(row["text"] or ""),
                coverage["n_chars"] if coverage and known else None,
                [round(1000 * known[stratum]) for stratum in STRATA] if known else None,
            ]
        )
    return lines


def _agencies(run: Run) -> list[str]:
    return sorted({agency_of(run, row["doc_id"]) for row in run.reports})


def _places(places: Mapping[str, str]) -> list[str]:
    return sorted(set(places.values()))


def _list_pairs(run: Run) -> list[list[int | None]]:
    """Columns: report, the other, characters shared, thousandths of the one and of the other; the longest first."""
    numbers = {row["doc_id"]: at for at, row in enumerate(run.reports)}
    rows = [row for row in rank_pair_rows(run) if row["doc_a"] in numbers and row["doc_b"] in numbers][:MOST_PAIRS]
    return [
        [numbers[row["doc_a"]] for row in rows],
        [numbers[row["doc_b"]] for row in rows],
        [row["shared_chars"] for row in rows],
        [_thousandths(row["containment_a"]) for row in rows],
        [_thousandths(row["containment_b"]) for row in rows],
    ]


def _thousandths(share: float | None) -> int | None:
    return None if share is None else round(1000 * share)
