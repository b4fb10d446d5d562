"""What the corpus holds and what it lacks: agencies by years, and the inputs that were set aside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gknlp.pages.findings.run import NO_AGENCY, Row, Run, label_of, levels_of, report_href, rows_in, rows_of, years_of
from gknlp.pages.findings.trust import former_names, how_to_mend, list_corrections, merged_into
from gknlp.pages.words import number, plural, say

STATES = ("present", "republished", "superseded", "unreadable", "missing")
ENDED = "ended"
"""A year after the agency was merged into another: no report is to be expected."""
_YEAR = re.compile(r"(?<![0-9])20[0-3][0-9](?![0-9])")
_NO_REPORT = "not a report"


def find_coverage(run: Run) -> dict[str, Any]:
    """Agencies by years with a state in each place, counts, corrections, and quarantined inputs with their reasons."""
    years = years_of(run)
    agencies = _agencies(run)
    sources = rows_of(run, "sources")
    aside = [row for row in sources if row["outcome"] == "quarantined"]
    unreadable = _place_inputs(aside, agencies)
    lines = [_agency_line(run, reports, years, unreadable) for reports in agencies]
    states = [cell["state"] for line in lines for cell in line["cells"]]
    outcomes = {name: sum(row["outcome"] == name for row in sources) for name in ("parsed", "quarantined", "skipped")}
    counts = {state: states.count(state) for state in STATES}
    return {
        "n_reports": len(run.reports),
        "n_agencies": len(lines),
        "years": years,
        "lines": lines,
        "counts": counts,
        "n_inputs": len(sources),
        "outcomes": outcomes,
        "quarantined": [_aside(row) for row in aside],
        "corrections": list_corrections(run),
        "unplaced": [
            {"label": label_of(run, row["doc_id"]), "href": report_href(row["doc_id"])}
            for row in run.reports
            if not row["agency"] or row["year"] is None
        ],
        "title": _title(counts, years),
    }


def _key(report: Row) -> str:
    """What makes reports one agency's: its id, which holds across names, else the name."""
    return str(report["agency_id"] or report["agency"])


def _agencies(run: Run) -> list[list[Row]]:
    """The reports of each recognised agency, by year; agencies by level, then their newest name."""
    levels = {level: place for place, level in enumerate(levels_of(run))}
    groups: dict[str, list[Row]] = {}
    for row in run.reports:
        if row["agency"]:
            groups.setdefault(_key(row), []).append(row)
    for rows in groups.values():
        rows.sort(key=lambda row: (row["year"] or 0, row["doc_id"]))
    return sorted(
        groups.values(),
        key=lambda rows: (min(levels.get(row["level"], 98) for row in rows), rows[-1]["agency"], _key(rows[-1])),
    )


def _place_inputs(aside: list[Row], agencies: list[list[Row]]) -> Mapping[tuple[str, int], Row]:
    """Inputs set aside whose path names one agency of the corpus, the longest such name, and one year."""
    names = {row["agency"]: _key(row) for rows in agencies for row in rows}
    found: dict[tuple[str, int], Row] = {}
    for row in aside:
        path, years = row["path"] or "", set(_YEAR.findall(row["path"] or ""))
        named = [name for name in names if name in path]
        if named and len(years) == 1 and not (row["reason"] or "").startswith(_NO_REPORT):
            best = max(named, key=lambda name: (len(name), name))
            found.setdefault((names[best], int(years.pop())), row)
    return found


def _agency_line(
    run: Run, reports: list[Row], years: list[int], unreadable: Mapping[tuple[str, int], Row]
) -> dict[str, Any]:
    key, agency_id = _key(reports[0]), reports[0]["agency_id"]
    heir = merged_into(run, agency_id)
    cells = []
    for year in years:
        cell = _cell(run, year, [row for row in reports if row["year"] == year], unreadable.get((key, year)))
        if cell["state"] == "missing" and heir and heir["since"] is not None and year >= heir["since"]:
            cell["state"] = ENDED
        cells.append(cell)
    agency = reports[-1]["agency"]
    others = [name for name in former_names(run, agency_id) if name["name"] != agency]
    named = {name["name"] for name in others} | {agency}
    own = sorted({row["agency"] for row in reports} - named) if agency_id and rows_of(run, "agencies") else []
    level = next((row["level"] for row in reports if row["level"]), None)
    return {
        "agency": agency,
        "level": level,
        "cells": cells,
        "names": others + [{"name": name, "since": None, "kind": "alias", "said": say("又作", "also")} for name in own],
        "heir": {"name": heir["successor"], "since": heir["since"]} if heir else None,
    }


def _cell(run: Run, year: int, reports: list[Row], aside: Row | None) -> dict[str, Any]:
    current = [row for row in reports if not row["superseded_by"]]
    first = [row for row in current if not row["republication_of"]]
    again = len(current) - len(first)
    if current:
        state = "republished" if again else "present"
    else:
        state = "superseded" if reports else "unreadable" if aside else "missing"
    shown = [*first, *(row for row in current if row["republication_of"])] or reports
    docs = [
        {
            "label": label_of(run, row["doc_id"]),
            "href": report_href(row["doc_id"]),
            "again": bool(row["republication_of"]),
        }
        for row in shown
    ]
    lost = _aside(aside) if aside and state == "unreadable" else None
    return {"year": year, "state": state, "docs": docs, "aside": lost}


def _aside(row: Row) -> dict[str, Any]:
    return {
        "path": row["path"] or "—",
        "reason": row["reason"] or "—",
        "stage": row["stage"] or "—",
        "mend": how_to_mend(row["reason"]),
    }


def _title(counts: dict[str, int], years: list[int]) -> dict[str, str]:
    if not years:
        return say("语料中没有可定位的报告", "No report of the corpus has both an agency and a year")
    places, have = sum(counts.values()), counts["present"] + counts["republished"]
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])
    if have == places:
        return say(
            f"{span} 年{number(places)} 个“机关×年度”的报告齐全",
            f"All {plural(places, 'agency-year')}, {span}, have a report",
        )
    rest_zh = [f"{name} {number(counts[state])}" for state, name in _LACKS_ZH if counts[state]]
    rest_en = [f"{number(counts[state])} {name}" for state, name in _LACKS_EN if counts[state]]
    return say(
        f"{span} 年应有的 {number(places)} 个“机关×年度”中有 {number(have)} 个有报告（{'，'.join(rest_zh)}）",
        f"{number(have)} of {number(places)} agency-years, {span}, have a report ({', '.join(rest_en)})",
    )


_LACKS_ZH = (("superseded", "已被替换"), ("unreadable", "读不出"), ("missing", "缺"))
_LACKS_EN = (("superseded", "superseded"), ("unreadable", "unreadable"), ("missing", "missing"))


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
        "republished": bool(report["republication_of"]),
        "corrected": any(row["status"] == "applied" for row in rows_in(run, "corrections", doc_id)),
        "original": coverage["original"] if coverage and coverage["n_chars"] else None,
        "n_failed": len(failed) if "findings" in run.rows else None,
        "n_diagnostics": len(rows_in(run, "diagnostics", doc_id)),
    }
