"""Reports by agency and year, with a place for every year between the first and the last that any of them has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]

ABOUT_AGENCY = ("agency", "level", "kind", "region", "code")


@dataclass(frozen=True, slots=True)
class AgencyYear:
    """The reports of one agency and year, in order of doc_id; none where the year is a gap.

    ``about`` is what is said of the agency by its report of this year or of the nearest year, the earlier of two.
    """

    agency_id: str
    year: int
    reports: tuple[Row, ...]
    about: Row


def list_agency_years(reports: Sequence[Row]) -> Iterator[AgencyYear]:
    """Every agency in every year of the span of all, by agency_id and year; reports without agency or year are left out.

    Parameters
    ----------
    reports : rows of table ``reports`` in any order; none give nothing.
    """
    placed = [row for row in reports if is_placed(row)]
    years = sorted({row["year"] for row in placed})
    by_agency: dict[str, list[Row]] = {}
    for row in sorted(placed, key=lambda row: row["doc_id"]):
        by_agency.setdefault(row["agency_id"], []).append(row)
    for agency_id, own in sorted(by_agency.items()):
        for year in range(years[0], years[-1] + 1):
            yield _agency_year(agency_id, year, own)


def is_placed(report: Row) -> bool:
    """Whether a report's agency and year are both known."""
    return report["agency_id"] is not None and report["year"] is not None


def _agency_year(agency_id: str, year: int, own: Sequence[Row]) -> AgencyYear:
    nearest = min(own, key=lambda row: (abs(row["year"] - year), row["year"], row["doc_id"]))
    about = {key: nearest[key] for key in ABOUT_AGENCY}
    return AgencyYear(agency_id, year, tuple(row for row in own if row["year"] == year), about)
