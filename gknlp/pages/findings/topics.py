"""Topics (话题) for display: each with its words, its representative units and its course over the years."""

from __future__ import annotations

from typing import Any

from gknlp.pages.findings.run import Row, Run, label_of, middle, report_href, rows_in, rows_of, years_of
from gknlp.pages.words import percent, say

UNSTABLE = 0.5
"""A topic found again in fewer than half of the repeated fits is called unstable, in words."""
N_WORDS, N_UNITS = 12, 3


def find_topics(run: Run) -> dict[str, Any]:
    """Topics, the largest first; an empty table gives an empty list."""
    topics = [_topic(run, row) for row in rows_of(run, "topics")]
    topics.sort(key=lambda topic: (-(topic["size"] or 0), topic["topic"]))
    return {
        "topics": topics,
        "documents": next((row["documents"] for row in rows_of(run, "topics")), None),
        "n_unstable": sum(topic["unstable"] for topic in topics),
        "n_reports": len({row["doc_id"] for row in rows_of(run, "topic_shares")}),
        "quality": _quality(run.about.get("topic_quality")),
        "title": _title(topics),
    }


def _topic(run: Run, row: Row) -> dict[str, Any]:
    words = sorted((w for w in rows_of(run, "topic_words") if w["topic"] == row["topic"]), key=lambda w: w["rank"])
    units = sorted((u for u in rows_of(run, "topic_units") if u["topic"] == row["topic"]), key=lambda u: u["rank"])
    stability = row["stability"]
    return {
        "topic": row["topic"],
        "label": row["label"] or "·".join(w["word"] for w in words[:3]) or str(row["topic"]),
        "size": row["size"],
        "n_units": row["n_units"],
        "stability": stability,
        "unstable": stability is not None and stability < UNSTABLE,
        "words": [{"word": w["word"], "probability": w["probability"]} for w in words[:N_WORDS]],
        "units": [_unit(run, unit) for unit in units[:N_UNITS]],
        "years": _by_year(run, row["topic"]),
    }


def _unit(run: Run, unit: Row) -> dict[str, Any]:
    found = next((u for u in rows_in(run, "units", unit["doc_id"]) if u["unit_id"] == unit["unit_id"]), None)
    text = (
        found["text"] if found else (run.report.get(unit["doc_id"], {}).get("text") or "")[unit["start"] : unit["end"]]
    )
    return {
        "text": text,
        "weight": unit["weight"],
        "label": label_of(run, unit["doc_id"]),
        "href": report_href(unit["doc_id"], unit["start"]),
    }


def _by_year(run: Run, topic: int) -> list[dict[str, Any]]:
    shares: dict[int, list[float]] = {}
    for row in rows_of(run, "topic_shares"):
        year = run.report.get(row["doc_id"], {}).get("year")
        if row["topic"] == topic and year is not None:
            shares.setdefault(year, []).append(row["share"])
    return [
        {"year": year, "share": middle(shares.get(year, ())), "n": len(shares.get(year, ()))} for year in years_of(run)
    ]


def _quality(quality: Any) -> list[dict[str, str]]:
    """What the step said about its own fit, as name and value; nested values are left to the CSV."""
    if not isinstance(quality, dict):
        return []
    plain = {key: quality[key] for key in sorted(quality) if isinstance(quality[key], (str, int, float))}
    return [
        {"name": key, "value": f"{value:.4g}" if isinstance(value, float) else str(value)}
        for key, value in plain.items()
    ]


def _title(topics: list[dict[str, Any]]) -> dict[str, str]:
    if not topics:
        return say("没有拟合出话题", "No topic was fitted")
    top = topics[0]
    return say(
        f"最大的话题是“{top['label']}”，占 {percent(top['size'])}",
        f"The largest topic is “{top['label']}”: {percent(top['size'])} of the text",
    )
