"""What a check sees of one report, of one agency's years, and of all reports: frozen views of corpus rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from gknlp.audit.rows import ByReport, CellView, Key, Row, group_cells, group_rows
from gknlp.records import Span

READS = ("reports", "sections", "units", "cells", "evidence", "diagnostics", "agencies")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """One report in force with everything that was read of it; spans are offsets into ``text``.

    ``predecessors``: in the first year after a merger (合并) the agency_ids of those that were merged into this agency.
    """

    doc_id: str
    text: str = ""
    title: str | None = None
    agency: str | None = None
    agency_id: str | None = None
    year: int | None = None
    level: str | None = None
    kind: str | None = None
    form: str | None = None
    form_status: str | None = None
    region: str | None = None
    published: str | None = None
    cells: Mapping[Key, CellView] = field(default_factory=dict)
    sections: Mapping[str, Span] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    units: tuple[Row, ...] = ()
    evidence: tuple[Row, ...] = ()
    diagnostics: tuple[Row, ...] = ()
    predecessors: tuple[str, ...] = ()

    def value(self, table: str, row: str, column: str) -> float | None:
        """The cell's number, None where there is none."""
        cell = self.cells.get((table, row, column))
        return cell.value if cell else None

    def span(self, table: str, row: str, column: str) -> tuple[Span, ...]:
        """The cell's place, () where it was not found."""
        cell = self.cells.get((table, row, column))
        return (cell.span,) if cell and cell.span is not None else ()

    def section_text(self, key: str) -> str:
        """The text of one section, heading included; '' where it is missing."""
        span = self.sections.get(key)
        return self.text[span.start : span.end] if span is not None else ""


@dataclass(frozen=True, slots=True)
class Series:
    """One agency's reports by year; where a year has several, the one that stands last in document order.

    A renamed agency has one agency_id, so its years are one series. ``merged``: reports of those merged into it.
    """

    agency_id: str
    reports: tuple[ReportView, ...]
    merged: tuple[ReportView, ...] = ()

    def pairs(self) -> Iterator[tuple[ReportView, ReportView]]:
        """Each report with the one of the year before, where both are there."""
        by_year = {report.year: report for report in self.reports}
        for year in sorted(year for year in by_year if year is not None):
            if year - 1 in by_year:
                yield by_year[year - 1], by_year[year]


def load_views(tables: Mapping[str, pa.Table]) -> tuple[ReportView, ...]:
    """Every report in force, in document order; a table that is not given counts as empty."""
    reports = tables["reports"].to_pylist() if "reports" in tables else []
    in_force = sorted((row for row in reports if row["superseded_by"] is None), key=lambda row: row["doc_id"])
    cells = group_cells(tables.get("cells"))
    below = {name: group_rows(tables.get(name)) for name in ("sections", "units", "evidence", "diagnostics")}
    mergers = [row for row in tables["agencies"].to_pylist() if row["kind"] == "merger"] if "agencies" in tables else []
    return tuple(_view(row, cells.of(row["doc_id"]), below, _predecessors(row, mergers)) for row in in_force)


def make_series(reports: Sequence[ReportView]) -> tuple[Series, ...]:
    """Reports by agency, those without an agency or a year left out; in order of agency_id."""
    grouped: dict[str, list[ReportView]] = {}
    for report in reports:
        if report.agency_id is not None and report.year is not None:
            grouped.setdefault(report.agency_id, []).append(report)
    ordered = {key: sorted(own, key=lambda r: (r.year or 0, r.doc_id)) for key, own in grouped.items()}
    merged = {key: sorted({other for report in own for other in report.predecessors}) for key, own in ordered.items()}
    return tuple(
        Series(key, tuple(ordered[key]), tuple(report for other in merged[key] for report in ordered.get(other, ())))
        for key in sorted(ordered)
    )


def _predecessors(report: Row, mergers: Sequence[Row]) -> tuple[str, ...]:
    """The agencies that were merged into a report's agency with its year; a merger of one region is none elsewhere."""
    found = {
        row["agency_id"]
        for row in mergers
        if (row["successor_id"], row["since"]) == (report["agency_id"], report["year"])
        and (not row["region"] or not report["region"] or report["region"].startswith(row["region"]))
    }
    return tuple(sorted(found))


def _view(
    row: Row,
    cells: Mapping[Key, CellView],
    below: Mapping[str, ByReport[Sequence[Row]]],
    predecessors: tuple[str, ...],
) -> ReportView:
    names = ("title", "agency", "agency_id", "year", "level", "kind", "form", "form_status", "region", "published")
    own = {name: groups.of(row["doc_id"]) for name, groups in below.items()}
    return ReportView(
        doc_id=row["doc_id"],
        text=row["text"] or "",
        **{name: row[name] for name in names},
        cells=cells,
        sections={s["key"]: Span(s["start"], s["end"]) for s in own["sections"]},
        headings={s["key"]: s["heading"] for s in own["sections"]},
        units=tuple(sorted(own["units"], key=lambda unit: unit["ordinal"])),
        evidence=tuple(own["evidence"]),
        diagnostics=tuple(own["diagnostics"]),
        predecessors=predecessors,
    )
