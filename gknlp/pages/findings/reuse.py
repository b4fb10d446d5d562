"""Copied text (文本复用) for display: strata over reports, agencies by agencies, pairs, clusters."""

from __future__ import annotations

import math
from typing import Any

from gknlp.pages.findings.clusters import find_clusters, find_viral
from gknlp.pages.findings.left_over import find_left_over
from gknlp.pages.findings.measures import find_measures
from gknlp.pages.findings.packed import pack_reuse
from gknlp.pages.findings.pairs import rank_pairs
from gknlp.pages.findings.place import places_of
from gknlp.pages.findings.place_years import find_place_years
from gknlp.pages.findings.run import Run, label_of, levels_of, middle, report_href, rows_of, years_of
from gknlp.pages.findings.who import find_matrix, find_network, find_years, name_places
from gknlp.pages.words import percent, say
from gknlp.schemas import STRATA

N_PAIRS = 200
"""Pairs a page lists without its script; the CSV file beside it holds all."""


def find_reuse(run: Run) -> dict[str, Any]:
    """Everything the similarity report shows; an empty corpus gives empty lists and medians of None."""
    bars, unassessed = _bars(run)
    pairs = rank_pairs(run)
    places = places_of(run)
    named = name_places(run, places)
    place_years = find_place_years(run, named, bars)
    for pair in pairs[:N_PAIRS]:
        pair["place"], pair["other_place"] = (places.get(pair[key], "") for key in ("doc_id", "other_id"))
    return {
        "bars": bars,
        "n": len(bars),
        "n_unassessed": unassessed,
        "medians": {stratum: middle(bar["shares"][stratum] for bar in bars) for stratum in STRATA},
        "present": [stratum for stratum in STRATA if any(bar["shares"][stratum] for bar in bars)],
        "by_year": _medians_by(bars, "year", years_of(run)),
        "by_level": _medians_by(bars, "level", levels_of(run)),
        "place_years": place_years.shown,
        "measures": find_measures(run, bars),
        "matrix": find_matrix(run, named),
        "by_place": named.by_place,
        "years": find_years(run),
        "network": find_network(run),
        "pairs": pairs[:N_PAIRS],
        "n_pairs": len(pairs),
        "clusters": find_clusters(run, named),
        "viral": find_viral(run, named),
        "left_over": find_left_over(run),
        "n_clusters": len(rows_of(run, "clusters")),
        "mandated_sources": [str(name) for name in run.about.get("mandated_sources") or ()],
        "title": _title(bars),
        "packed": pack_reuse(run, places, bars, place_years.row_of),
        "n_reports": len(run.reports),
    }


def _bars(run: Run) -> tuple[list[dict[str, Any]], int]:
    """Reports with their strata, most original last; reports without narrative text are counted, not drawn as zero."""
    bars, unassessed = [], 0
    for row in rows_of(run, "coverage"):
        shares = {stratum: row[stratum] for stratum in STRATA}
        if not row["n_chars"] or any(value is None or math.isnan(value) for value in shares.values()):
            unassessed += 1
            continue
        report = run.report.get(row["doc_id"], {})
        bars.append(
            {
                "doc_id": row["doc_id"],
                "label": label_of(run, row["doc_id"]),
                "href": report_href(row["doc_id"]),
                "year": report.get("year"),
                "level": report.get("level"),
                "shares": shares,
                "shared": max(0.0, 1 - shares["original"] - shares["mandated"]),
            }
        )
    bars.sort(key=lambda bar: (-bar["shared"], bar["label"], bar["doc_id"]))
    return bars, unassessed


def _title(bars: list[dict[str, Any]]) -> dict[str, str]:
    share = middle(bar["shared"] for bar in bars)
    if share is None:
        return say("没有可分析的叙述文字", "There is no narrative text to compare")
    return say(
        f"居中的一份报告，{percent(share)} 的叙述文字也见于语料中的其他报告（规定文本除外）",
        f"The median report shares {percent(share)} of its narrative with other reports, mandated text aside",
    )


def _medians_by(bars: list[dict[str, Any]], field: str, values: list[Any]) -> list[dict[str, Any]]:
    groups = [(value, [bar for bar in bars if bar[field] == value]) for value in values]
    return [
        {
            "value": value,
            "n": len(group),
            "medians": {stratum: middle(bar["shares"][stratum] for bar in group) for stratum in STRATA},
        }
        for value, group in groups
    ]
