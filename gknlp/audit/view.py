"""What a check sees of one report, of one agency's years, and of all reports: frozen views of corpus rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from gknlp.records import Span

Key = tuple[str, str, str]
"""Table, row, column."""
Row = Mapping[str, Any]
READS = ("reports", "sections", "units", "cells", "evidence", "diagnostics")


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell of the form: ``value`` None where it is blank or could not be read; ``span`` None where it was not found."""

    value: float | None
    raw: str | None = None
    span: Span | None = None
    value_yuan: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """One report in force with everything that was read of it; spans are offsets into ``text``."""

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
    """One agency's reports by year; where a year has several, the one that stands last in document order."""

    agency_id: str
    reports: tuple[ReportView, ...]

    def pairs(self) -> Iterator[tuple[ReportView, ReportView]]:
        """Each report with the one of the year before, where both are there."""
        by_year = {report.year: report for report in self.reports}
        for year in sorted(year for year in by_year if year is not None):
            if year - 1 in by_year:
                yield by_year[year - 1], by_year[year]


def load_views(tables: Mapping[str, pa.Table]) -> tuple[ReportView, ...]:
    """Every report in force, in document order; a table that is not given counts as empty."""
    reports = [row for row in _rows(tables, "reports") if row["superseded_by"] is None]
    below = {name: _by_report(tables, name) for name in READS[1:]}
    return tuple(_view(row, {name: groups.get(row["doc_id"], ()) for name, groups in below.items()}) for row in reports)


def make_series(reports: Sequence[ReportView]) -> tuple[Series, ...]:
    """Reports by agency, those without an agency or a year left out; in order of agency_id."""
    grouped: dict[str, list[ReportView]] = {}
    for report in reports:
        if report.agency_id is not None and report.year is not None:
            grouped.setdefault(report.agency_id, []).append(report)
    ordered = {key: sorted(own, key=lambda r: (r.year or 0, r.doc_id)) for key, own in grouped.items()}
    return tuple(Series(key, tuple(ordered[key])) for key in sorted(ordered))


def _rows(tables: Mapping[str, pa.Table], name: str) -> list[dict[str, Any]]:
    return sorted(tables[name].to_pylist(), key=lambda row: row["doc_id"]) if name in tables else []


def _by_report(tables: Mapping[str, pa.Table], name: str) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in tables[name].to_pylist() if name in tables else ():
        grouped.setdefault(row["doc_id"], []).append(row)
    return grouped


def _view(row: Row, below: Mapping[str, Sequence[Row]]) -> ReportView:
    names = ("title", "agency", "agency_id", "year", "level", "kind", "form", "form_status", "region", "published")
    cells = {
        (c["table"], c["row"], c["column"]): CellView(c["value"], c["raw"], _span(c), c["value_yuan"])
        for c in below["cells"]
    }
    return ReportView(
        doc_id=row["doc_id"],
        text=row["text"] or "",
        **{name: row[name] for name in names},
        cells=cells,
        sections={s["key"]: Span(s["start"], s["end"]) for s in below["sections"]},
        headings={s["key"]: s["heading"] for s in below["sections"]},
        units=tuple(sorted(below["units"], key=lambda unit: unit["ordinal"])),
        evidence=tuple(below["evidence"]),
        diagnostics=tuple(below["diagnostics"]),
    )


def _span(row: Row) -> Span | None:
    return None if row["start"] is None else Span(row["start"], row["end"])
