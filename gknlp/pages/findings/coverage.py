"""What the corpus holds and what it lacks: agencies by years, and the inputs that were set aside."""

from __future__ import annotations

from typing import Any

from gknlp.pages.findings.run import NO_AGENCY, Row, Run, label_of, levels_of, report_href, rows_in, rows_of, years_of
from gknlp.pages.words import number, plural, say


def find_coverage(run: Run) -> dict[str, Any]:
    """Agencies by years with a state in each place, counts, and quarantined inputs with their reasons."""
    years = years_of(run)
    lines = [_agency_line(run, reports, years) for reports in _agencies(run)]
    states = [cell["state"] for line in lines for cell in line["cells"]]
    sources = rows_of(run, "sources")
    outcomes = {name: sum(row["outcome"] == name for row in sources) for name in ("parsed", "quarantined", "skipped")}
    counts = {state: states.count(state) for state in ("present", "missing", "superseded")}
    return {
        "n_reports": len(run.reports),
        "n_agencies": len(lines),
        "years": years,
        "lines": lines,
        "counts": counts,
        "n_inputs": len(sources),
        "outcomes": outcomes,
        "quarantined": [_aside(row) for row in sources if row["outcome"] == "quarantined"],
        "unplaced": [
            {"label": label_of(run, row["doc_id"]), "href": report_href(row["doc_id"])}
            for row in run.reports
            if not row["agency"] or row["year"] is None
        ],
        "title": _title(counts, len(lines), years),
    }


def _agencies(run: Run) -> list[list[Row]]:
    """The reports of each recognised agency; agencies by level, then name."""
    levels = {level: place for place, level in enumerate(levels_of(run))}
    groups: dict[str, list[Row]] = {}
    for row in run.reports:
        if row["agency"]:
            groups.setdefault(row["agency"], []).append(row)
    return sorted(
        groups.values(), key=lambda rows: (min(levels.get(row["level"], 98) for row in rows), rows[0]["agency"])
    )


def _agency_line(run: Run, reports: list[Row], years: list[int]) -> dict[str, Any]:
    cells = [_cell(run, year, [row for row in reports if row["year"] == year]) for year in years]
    level = next((row["level"] for row in reports if row["level"]), None)
    return {"agency": reports[0]["agency"], "level": level, "cells": cells}


def _cell(run: Run, year: int, reports: list[Row]) -> dict[str, Any]:
    current = [row for row in reports if not row["superseded_by"]]
    shown = current or reports
    state = "present" if current else "superseded" if reports else "missing"
    docs = [{"label": label_of(run, row["doc_id"]), "href": report_href(row["doc_id"])} for row in shown]
    return {"year": year, "state": state, "docs": docs}


def _aside(row: Row) -> dict[str, Any]:
    return {"path": row["path"] or "—", "reason": row["reason"] or "—", "stage": row["stage"] or "—"}


def _title(counts: dict[str, int], n_agencies: int, years: list[int]) -> dict[str, str]:
    if not years:
        return say("语料中没有可定位的报告", "No report of the corpus has both an agency and a year")
    places = n_agencies * len(years)
    have = counts["present"]
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])
    if have == places:
        return say(
            f"{span} 年 {n_agencies} 个机关的报告齐全",
            f"All {plural(n_agencies, 'agency', 'agencies')} have a report for every year, {span}",
        )
    return say(
        f"{span} 年应有的 {number(places)} 个“机关×年度”中有 {number(have)} 个有报告",
        f"{number(have)} of {number(places)} agency-years, {span}, have a report",
    )


def list_reports(run: Run) -> list[dict[str, Any]]:
    """One line a report for the list on the first page, by agency and year."""
    coverage = {row["doc_id"]: row for row in rows_of(run, "coverage")}
    return [_report_line(run, row, coverage.get(row["doc_id"])) for row in run.reports]


def _report_line(run: Run, report: Row, coverage: Row | None) -> dict[str, Any]:
    doc_id = report["doc_id"]
    failed = [row for row in rows_in(run, "findings", doc_id) if row["outcome"] == "fail"]
    return {
        "href": report_href(doc_id),
        "agency": report["agency"] or NO_AGENCY,
        "year": report["year"],
        "level": report["level"],
        "form": report["form"],
        "n_chars": report["n_chars"],
        "superseded": bool(report["superseded_by"]),
        "original": coverage["original"] if coverage and coverage["n_chars"] else None,
        "n_failed": len(failed) if "findings" in run.rows else None,
        "n_diagnostics": len(rows_in(run, "diagnostics", doc_id)),
    }
