"""Copied text (文本复用) for display: strata over reports, agencies by agencies, pairs, clusters."""

from __future__ import annotations

import math
from typing import Any

from gknlp.pages.findings.run import (
    Row,
    Run,
    agency_of,
    label_of,
    levels_of,
    middle,
    report_href,
    rows_of,
    years_of,
)
from gknlp.pages.words import percent, plural, say
from gknlp.schemas import STRATA

N_PAIRS, N_CLUSTERS, N_OCCURRENCES, N_AGENCIES = 200, 40, 30, 40
"""How much a page lists; the CSV files beside it hold everything. 40 agencies fill a matrix of readable cells."""


def find_reuse(run: Run) -> dict[str, Any]:
    """Everything the similarity report shows; an empty corpus gives empty lists and medians of None."""
    bars, unassessed = _bars(run)
    pairs = rank_pairs(run)
    return {
        "bars": bars,
        "n": len(bars),
        "n_unassessed": unassessed,
        "medians": {stratum: middle(bar["shares"][stratum] for bar in bars) for stratum in STRATA},
        "present": [stratum for stratum in STRATA if any(bar["shares"][stratum] for bar in bars)],
        "by_year": _medians_by(bars, "year", years_of(run)),
        "by_level": _medians_by(bars, "level", levels_of(run)),
        "matrix": _matrix(run),
        "pairs": pairs[:N_PAIRS],
        "n_pairs": len(pairs),
        "clusters": _clusters(run),
        "n_clusters": len(rows_of(run, "clusters")),
        "mandated_sources": [str(name) for name in run.about.get("mandated_sources") or ()],
        "title": _title(bars),
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


def _matrix(run: Run) -> dict[str, Any]:
    """Characters reused between agencies (mandated text is not in pairs); None where an agency cannot pair with itself."""
    totals: dict[tuple[str, str], int] = {}
    for row in rows_of(run, "pairs"):
        a, b = sorted((agency_of(run, row["doc_a"]), agency_of(run, row["doc_b"])))
        totals[a, b] = totals.get((a, b), 0) + row["shared_chars"]
    n_reports: dict[str, int] = {}
    for report in run.reports:
        name = agency_of(run, report["doc_id"])
        n_reports[name] = n_reports.get(name, 0) + 1
    strength = {name: sum(value for key, value in totals.items() if name in key) for name in n_reports}
    kept = sorted(n_reports, key=lambda name: (-strength[name], name))[:N_AGENCIES]
    order = _neighbours(kept, totals)
    values = [
        [None if a == b and n_reports[a] < 2 else totals.get((min(a, b), max(a, b)), 0) for b in order] for a in order
    ]
    strongest = max(((v, k) for k, v in totals.items() if k[0] != k[1]), default=None)
    return {
        "agencies": order,
        "values": values,
        "n_left_out": len(n_reports) - len(kept),
        "title": _matrix_title(strongest),
    }


def _neighbours(names: list[str], totals: dict[tuple[str, str], int]) -> list[str]:
    """The strongest agency first, then always the one that shares most with the one before it."""
    left = list(names)
    order: list[str] = []
    while left:
        last = order[-1] if order else None
        best = (
            left[0]
            if last is None
            else max(left, key=lambda name: (totals.get((min(name, last), max(name, last)), 0), -names.index(name)))
        )
        left.remove(best)
        order.append(best)
    return order


def _matrix_title(strongest: tuple[int, tuple[str, str]] | None) -> dict[str, str]:
    if strongest is None or not strongest[0]:
        return say("不同机关之间没有找到共有文字", "No text is shared between different agencies")
    chars, (a, b) = strongest
    return say(f"{a}与{b}共有文字最多：{chars} 字", f"{a} and {b} share most: {plural(chars, 'character')}")


def rank_pairs(run: Run) -> list[dict[str, Any]]:
    """All pairs of reports, the longest shared text first."""
    rows = sorted(rows_of(run, "pairs"), key=lambda row: (-row["shared_chars"], row["doc_a"], row["doc_b"]))
    return [describe_pair(run, row, row["doc_a"]) for row in rows]


def describe_pair(run: Run, row: Row, doc_id: str) -> dict[str, Any]:
    """One pair seen from one of its reports: containment both ways, and which was published first or that it is a tie."""
    mine, theirs = ("a", "b") if row["doc_a"] == doc_id else ("b", "a")
    other = row[f"doc_{theirs}"]
    return {
        "doc_id": doc_id,
        "other_id": other,
        "label": label_of(run, doc_id),
        "other": label_of(run, other),
        "agency": agency_of(run, doc_id),
        "other_agency": agency_of(run, other),
        "shared_chars": row["shared_chars"],
        "containment": row[f"containment_{mine}"],
        "other_containment": row[f"containment_{theirs}"],
        "resemblance": row["resemblance"],
        "first": which_first(run, doc_id, other),
        "href": report_href(doc_id),
        "other_href": report_href(other),
    }


def which_first(run: Run, a: str, b: str) -> dict[str, str]:
    """Which of two reports came first, by date of publication, else by year reported on; a tie is called a tie."""
    one, two = run.report.get(a, {}), run.report.get(b, {})
    published, published_other = one.get("published"), two.get("published")
    year, year_other = one.get("year"), two.get("year")
    if published and published_other and published != published_other:
        early = a if published < published_other else b
        dates = sorted((published, published_other))
        return say(
            f"{label_of(run, early)} 先公布（{dates[0]}，另一份 {dates[1]}）",
            f"{label_of(run, early)} was published first ({dates[0]}; the other {dates[1]})",
        )
    if year is not None and year_other is not None and year != year_other:
        early = a if year < year_other else b
        return say(f"{label_of(run, early)} 报告年度较早", f"{label_of(run, early)} reports on the earlier year")
    if published and published == published_other:
        return say(f"同日公布（{published}），分不出先后", f"a tie: both published {published}")
    return say("公布日期与年度分不出先后", "a tie: dates and years do not tell which came first")


def _clusters(run: Run) -> list[dict[str, Any]]:
    """Span clusters in most reports first; mandated wording, which is not copying, after all others."""
    occurrences: dict[str, dict[str, int]] = {}
    for row in rows_of(run, "passages"):
        if row["cluster_id"]:
            places = occurrences.setdefault(row["cluster_id"], {})
            _note(places, row["doc_id"], row["start"])
            _note(places, row["source_doc_id"], row["source_start"])
    rows = sorted(rows_of(run, "clusters"), key=_cluster_rank)
    return [_cluster(run, row, occurrences.get(row["cluster_id"], {})) for row in rows[:N_CLUSTERS]]


def _note(places: dict[str, int], doc_id: str | None, start: int | None) -> None:
    if doc_id is not None and start is not None:
        places[doc_id] = min(start, places.get(doc_id, start))


def _cluster_rank(row: Row) -> tuple[bool, int, int, str]:
    return (row["stratum"] == "mandated", -row["n_docs"], -len(row["text"] or ""), row["cluster_id"])


def _cluster(run: Run, row: Row, occurrences: dict[str, int]) -> dict[str, Any]:
    """A cluster with the reports that hold it, the earliest first; a report counts once, at its first occurrence."""

    def early(doc_id: str) -> tuple[str, int, str, str]:
        report = run.report.get(doc_id, {})
        year = report.get("year") or 9999
        return (report.get("published") or f"{year + 1}-99", year, agency_of(run, doc_id), doc_id)

    places = [
        {
            "label": label_of(run, doc_id),
            "year": run.report[doc_id]["year"],
            "published": run.report[doc_id]["published"],
            "href": report_href(doc_id, occurrences[doc_id]),
        }
        for doc_id in sorted(occurrences, key=early)
        if doc_id in run.report
    ]
    counts = [{"year": year, "n": sum(place["year"] == year for place in places)} for year in years_of(run)]
    fields = ("cluster_id", "stratum", "n_occurrences", "n_docs", "n_agencies", "n_years", "text")
    return {
        **{field: row[field] for field in fields},
        "places": places[:N_OCCURRENCES],
        "n_more": max(0, len(places) - N_OCCURRENCES),
        "by_year": counts,
    }
