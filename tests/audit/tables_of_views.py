"""Views of reports back to corpus tables, so that rules on whole tables of cells can be tried on them."""

from __future__ import annotations

from gknlp.audit import AuditConfig, check_reports
from gknlp.audit.finding import Finding
from gknlp.interop import finding_as_dict
from gknlp.records import Span
from gknlp.tables import table_of


def tables_of_views(views):
    reports = [{name: getattr(view, name) for name in ("doc_id", "text", "form", "year", "level")} for view in views]
    cells = [
        {
            **dict(zip(("table", "row", "column"), key, strict=True)),
            "doc_id": view.doc_id,
            "raw": cell.raw,
            "value": cell.value,
            "start": cell.span.start if cell.span else None,
            "end": cell.span.end if cell.span else None,
        }
        for view in views
        for key, cell in view.cells.items()
    ]
    return {"reports": table_of("reports", reports), "cells": table_of("cells", cells)}


def check_views(rules, views):
    """Findings of some rules on some views, in the order of table ``findings``; numbers as numbers."""
    table = check_reports(tables_of_views(views), config=AuditConfig(rules=tuple(rules)))
    rows = [finding_as_dict(row) for row in table.to_pylist()]
    return [Finding(**{**row, "spans": tuple(Span(*span) for span in row["spans"])}) for row in rows]
