"""The place (地区) of each report for lists and filters: as fine as the number of places allows."""

from __future__ import annotations

from collections.abc import Mapping

from gknlp.pages.findings.run import Row, Run
from gknlp.places import load_divisions

MOST = 60
"""Places a list to choose from can hold; where there are more counties, their cities are named, then their provinces."""


def places_of(run: Run) -> Mapping[str, str]:
    """The place of every report that has one, by doc_id: its division down to the county, else its region as given.

    Every report is named on the same rung (county, city, province), the finest with no more than ``MOST`` names.
    """
    paths = {row["doc_id"]: path for row in run.reports if (path := _path(row))}
    for depth in (3, 2, 1):
        named = {doc_id: " ".join(path[:depth]) for doc_id, path in paths.items()}
        if len(set(named.values())) <= MOST:
            return named
    return {}


def _path(report: Row) -> tuple[str, ...]:
    code = report["code"] or ""
    names = load_divisions().path(code[:6]) if code else ()
    return names or ((report["region"],) if report["region"] else ())
