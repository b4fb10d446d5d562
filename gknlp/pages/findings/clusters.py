"""Span clusters (复用簇) for display: one wording, where it stood first, and how far it spread by place and date."""

from __future__ import annotations

from datetime import date
from typing import Any

from gknlp.pages.findings.run import Row, Run, agency_of, label_of, report_href, rows_of, years_of
from gknlp.pages.findings.who import Named

N_CLUSTERS, N_VIRAL, N_OCCURRENCES, N_LINES = 40, 30, 30, 12
"""How much a page lists; the CSV file beside it holds all. A timeline of 12 places fits a screen."""
_LONGEST = 600
"""Characters of a wording shown in a list."""


def find_clusters(run: Run, named: Named) -> list[dict[str, Any]]:
    """Span clusters in most reports first; mandated wording, which is not copying, after all others."""
    rows = sorted(rows_of(run, "clusters"), key=_cluster_rank)[:N_CLUSTERS]
    occurrences = _list_occurrences(run, rows)
    return [_cluster(run, row, occurrences.get(row["cluster_id"], {}), named) for row in rows]


def find_viral(run: Run, named: Named) -> list[dict[str, Any]]:
    """Wordings that went from place to place, those with most agencies first: clusters with at least one viral passage."""
    spread = {row["cluster_id"] for row in rows_of(run, "passages") if row["stratum"] == "viral"}
    rows = [row for row in rows_of(run, "clusters") if row["stratum"] == "viral" or row["cluster_id"] in spread]
    rows = sorted(rows, key=lambda row: (-row["n_agencies"], *_cluster_rank(row)))[:N_VIRAL]
    occurrences = _list_occurrences(run, rows)
    return [_cluster(run, row, occurrences.get(row["cluster_id"], {}), named) for row in rows]


def _cluster_rank(row: Row) -> tuple[bool, int, int, str]:
    return (row["stratum"] == "mandated", -row["n_docs"], -len(row["text"] or ""), row["cluster_id"])


def _list_occurrences(run: Run, clusters: list[Row]) -> dict[str, dict[str, int]]:
    """Where each of these clusters first stands in each report."""
    found: dict[str, dict[str, int]] = {row["cluster_id"]: {} for row in clusters}
    for row in rows_of(run, "passages"):
        places = found.get(row["cluster_id"])
        if places is None:
            continue
        for doc_id, start in ((row["doc_id"], row["start"]), (row["source_doc_id"], row["source_start"])):
            if doc_id in run.report and start is not None:
                places[doc_id] = min(start, places.get(doc_id, start))
    return found


def _cluster(run: Run, row: Row, occurrences: dict[str, int], named: Named) -> dict[str, Any]:
    """A cluster with the reports that hold it, the earliest first; a report counts once, at its first occurrence."""
    places = [
        {
            "label": label_of(run, doc_id),
            "name": named.of[doc_id],
            "year": run.report[doc_id]["year"],
            "published": run.report[doc_id]["published"],
            "at": _year_of(run.report[doc_id]),
            "href": report_href(doc_id, occurrences[doc_id]),
        }
        for doc_id in sorted(occurrences, key=lambda doc_id: _early(run, doc_id))
    ]
    counts = [{"year": year, "n": sum(place["year"] == year for place in places)} for year in years_of(run)]
    text = row["text"] or ""
    fields = ("cluster_id", "stratum", "n_occurrences", "n_docs", "n_agencies", "n_years")
    return {
        **{field: row[field] for field in fields},
        "text": text if len(text) <= _LONGEST else text[:_LONGEST] + "…",
        "places": places[:N_OCCURRENCES],
        "by_year": counts,
        "first": _first(places),
        "n_names": len({place["name"] for place in places}),
        "timeline": _timeline(run, places),
    }


def _early(run: Run, doc_id: str) -> tuple[str, int, str, str]:
    report = run.report[doc_id]
    year = report["year"] or 9998
    return (report["published"] or f"{year + 1}-99", year, agency_of(run, doc_id), doc_id)


def _first(places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Who had it first: several where they published on the same day, or where only the year is known."""
    if not places:
        return []
    key = (places[0]["published"], places[0]["year"] if places[0]["published"] is None else None)
    return [p for p in places if (p["published"], p["year"] if p["published"] is None else None) == key]


def _year_of(report: Row) -> float | None:
    """When a report was published as a year with its fraction; without a date the middle of the year after its own."""
    try:
        day = date.fromisoformat((report["published"] or "")[:10])
    except ValueError:
        return report["year"] + 1.5 if report["year"] is not None else None
    return day.year + (day.timetuple().tm_yday - 1) / 366


def _timeline(run: Run, places: list[dict[str, Any]]) -> dict[str, Any]:
    """Lines of one name each, the earliest on top, with its marks in time; ``first`` marks those nobody was before."""
    lines: dict[str, list[dict[str, Any]]] = {}
    first = {place["href"] for place in _first(places)}
    for place in places:
        if place["at"] is not None:
            mark = {"at": place["at"], "dated": place["published"] is not None, "first": place["href"] in first}
            lines.setdefault(place["name"], []).append({**mark, "label": place["label"], "href": place["href"]})
    years = years_of(run)
    kept = list(lines.items())[:N_LINES]
    return {
        "from": years[0] if years else None,
        "to": years[-1] + 2 if years else None,
        "lines": [{"name": name, "marks": marks[:N_OCCURRENCES], "n": len(marks)} for name, marks in kept],
        "n_more": len(lines) - len(kept),
    }
