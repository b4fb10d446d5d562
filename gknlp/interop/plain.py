"""JSON-able dictionaries with the names of the published contract."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gknlp.records import Agency, Cell, Diagnostic, Found, Report, Span

_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?", re.ASCII)


def report_as_dict(report: Report) -> dict[str, Any]:
    """One report as ``gknlp read --json`` prints it."""
    source = report.source
    return {
        "doc_id": report.doc_id,
        "source": {
            "path": source.path,
            "sha256": source.sha256,
            "media_type": source.media_type,
            "encoding": source.encoding,
        },
        "title": _found(report.title),
        "agency": _agency(report.agency),
        "year": _found(report.year),
        "form": _found(report.form),
        "sections": [
            {"key": s.key, "heading": s.heading, "start": s.span.start, "end": s.span.end} for s in report.sections
        ],
        "units": [
            {
                "unit_id": u.unit_id,
                "section": u.section,
                "part": u.part,
                "heading": u.heading,
                "text": u.text,
                "start": u.span.start,
                "end": u.span.end,
            }
            for u in report.units
        ],
        "cells": [_cell(cell) for cell in report.cells],
        "diagnostics": [_diagnostic(diagnostic) for diagnostic in report.diagnostics],
    }


def finding_as_dict(row: Mapping[str, Any]) -> dict[str, Any]:
    """One row of table ``findings``; what is a number is one, whole numbers as integers."""
    return {**row, "expected": _fact(row["expected"]), "found": _fact(row["found"])}


def label_as_dict(row: Mapping[str, Any]) -> dict[str, Any]:
    """One row of table ``theme_labels``; scores as an object."""
    return {**row, "scores": {item["theme"]: item["score"] for item in row["scores"] or []}}


def source_as_dict(row: Mapping[str, Any]) -> dict[str, Any]:
    """One row of table ``sources``; no findings is an empty list."""
    return {**row, "findings": list(row["findings"] or [])}


def _found(found: Found) -> dict[str, Any]:
    return {"value": found.value, "status": found.status, "evidence": _spans(found.evidence), "rule": found.rule}


def _agency(agency: Agency) -> dict[str, Any]:
    return {**_found(agency.name), "level": agency.level, "kind": agency.kind, "code": agency.code}


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "table": cell.table,
        "row": cell.row,
        "column": cell.column,
        "raw": cell.raw,
        "value": cell.value,
        "unit": cell.unit,
        "value_yuan": cell.value_yuan,
        **_edges(cell.span),
    }


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        **_edges(diagnostic.span),
        "expected": diagnostic.expected,
        "found": diagnostic.found,
    }


def _edges(span: Span | None) -> dict[str, int | None]:
    return {"start": span.start if span else None, "end": span.end if span else None}


def _spans(spans: tuple[Span, ...]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _fact(text: str | None) -> str | float | int | None:
    if text is None or not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)
