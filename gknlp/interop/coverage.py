"""Which reports there are and which are lacking: agencies by years, each place with its state."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from gknlp.interop.years import AgencyYear, Row, is_placed, list_agency_years

COVERAGE = pa.schema(
    [
        *((name, pa.string()) for name in ("agency_id", "agency", "level", "kind", "region", "code")),
        ("year", pa.int64()),
        ("status", pa.string()),
        ("n_reports", pa.int64()),
        ("n_versions", pa.int64()),
        ("path", pa.string()),
        ("reason", pa.string()),
    ]
)
_YEAR = re.compile(r"(?<![0-9])20[0-3][0-9](?![0-9])")
_NO_REPORT = "not a report"


@dataclass(frozen=True, slots=True)
class _Aside:
    """A quarantined input, with the agency and the year that its path names; None where it names none or several."""

    path: str
    reason: str | None
    agency_id: str | None
    year: int | None


def build_coverage(tables: Mapping[str, pa.Table]) -> pa.Table:
    """One row an agency and year over the span of years of all reports, then one for each input that has no place.

    Parameters
    ----------
    tables : the corpus tables ``reports`` and ``sources``. Without either there are no rows.

    Returns
    -------
    ``status`` is present: a report is in force; republished: it is, and was published more than once; superseded: only older versions are left, the newer one says another
    agency or year; unreadable: a quarantined input whose path names this agency and this year; missing: nothing. A
    quarantined input that cannot be placed, and a report whose agency or year is not known, is a row with status
    unknown: what is missing may be there. Inputs that were read and are no reports are left out.
    """
    reports = tables["reports"].drop_columns(["text"]).to_pylist()
    sources = tables["sources"].to_pylist()
    paths = {row["doc_id"]: row["path"] for row in reversed(sources) if row["doc_id"]}
    places = list(list_agency_years(reports))
    asides = list(_find_asides(sources, places))
    known = {(place.agency_id, place.year) for place in places}
    rows = [_place_row(place, paths, asides) for place in places]
    rows += [_lost_report(row, paths) for row in reports if not is_placed(row)]
    rows += [_lost_input(aside, places) for aside in asides if (aside.agency_id, aside.year) not in known]
    return pa.Table.from_pylist(sorted(rows, key=_order), schema=COVERAGE)


def _place_row(place: AgencyYear, paths: Mapping[str, str], asides: Sequence[_Aside]) -> Row:
    in_force = [row for row in place.reports if row["superseded_by"] is None]
    row = {"agency_id": place.agency_id, **place.about, "year": place.year}
    row |= {"n_reports": len(in_force), "n_versions": len(place.reports)}
    if place.reports:
        counted = [row for row in in_force if row["republication_of"] is None]
        shown = (counted or in_force or place.reports)[0]
        status = "superseded" if not in_force else "republished" if len(counted) < len(in_force) else "present"
        return {**row, "status": status, "path": paths.get(shown["doc_id"])}
    for aside in asides:
        if (aside.agency_id, aside.year) == (place.agency_id, place.year):
            return {**row, "status": "unreadable", "path": aside.path, "reason": aside.reason}
    return {**row, "status": "missing"}


def _find_asides(sources: Sequence[Row], places: Sequence[AgencyYear]) -> Iterator[_Aside]:
    names = {place.about["agency"]: place.agency_id for place in places if place.about["agency"]}
    for row in sources:
        if row["outcome"] == "quarantined" and not (row["reason"] or "").startswith(_NO_REPORT):
            years = {int(year) for year in _YEAR.findall(row["path"])}
            agency = max(
                (name for name in names if name in row["path"]), key=lambda name: (len(name), name), default=""
            )
            yield _Aside(row["path"], row["reason"], names.get(agency), years.pop() if len(years) == 1 else None)


def _lost_report(report: Row, paths: Mapping[str, str]) -> Row:
    about = {key: report[key] for key in ("agency_id", "agency", "level", "kind", "region", "code", "year")}
    counts = {"n_reports": int(report["superseded_by"] is None), "n_versions": 1}
    return {**about, **counts, "status": "unknown", "path": paths.get(report["doc_id"])}


def _lost_input(aside: _Aside, places: Sequence[AgencyYear]) -> Row:
    about: Row = next((place.about for place in places if place.agency_id == aside.agency_id), {})
    row = {"agency_id": aside.agency_id, **about, "year": aside.year, "n_reports": 0, "n_versions": 0}
    return {**row, "status": "unknown", "path": aside.path, "reason": aside.reason}


def _order(row: Row) -> tuple[bool, bool, str, bool, int, str, str]:
    agency, year = row["agency_id"], row["year"]
    unknown = row["status"] == "unknown"
    return (
        unknown,
        agency is None,
        agency or "",
        year is None,
        year or 0,
        row.get("path") or "",
        row.get("reason") or "",
    )
