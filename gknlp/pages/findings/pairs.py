"""Pairs of reports (报告对) for display: how much each shares of the other, and which was published first."""

from __future__ import annotations

from typing import Any

from gknlp.pages.findings.run import Row, Run, agency_of, label_of, report_href, rows_of
from gknlp.pages.words import say


def rank_pairs(run: Run) -> list[dict[str, Any]]:
    """All pairs of reports, the longest shared text first."""
    return [describe_pair(run, row, row["doc_a"]) for row in rank_pair_rows(run)]


def rank_pair_rows(run: Run) -> list[Row]:
    """The rows of pairs, the longest shared text first."""
    return sorted(rows_of(run, "pairs"), key=lambda row: (-row["shared_chars"], row["doc_a"], row["doc_b"]))


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
        "published": run.report.get(doc_id, {}).get("published"),
        "other_published": run.report.get(other, {}).get("published"),
    }


def find_earlier(run: Run, a: str, b: str) -> str | None:
    """Which of two reports came first, by date of publication where both have one, else by year; None for a tie."""
    for field in ("published", "year"):
        one, two = run.report.get(a, {}).get(field), run.report.get(b, {}).get(field)
        if one is not None and two is not None and one != two:
            return a if one < two else b
    return None


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
