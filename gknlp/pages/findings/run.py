"""A run's tables as rows in one order, with the look-ups that every page shares."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from statistics import median
from typing import Any

import pyarrow as pa

from gknlp import schemas
from gknlp.tables import schema_of, sort_table
from gknlp.text.contacts import mask_contacts

Row = dict[str, Any]
_SAFE_NAME = re.compile(r"[0-9a-z][0-9a-z_-]{0,79}")
_KNOWN = frozenset({*schemas.CORPUS, *getattr(schemas, "DERIVED", ()), *schemas.RESULTS})
_MASKED = ("text", "title", "reason", "expected", "found", "value", "was", "note")
"""Columns that hold words of a document or of a person: shown with contacts masked."""
NO_AGENCY = "机关未识别"


@dataclass(frozen=True, slots=True)
class Run:
    """The rows of every table that is there, each in its total order, and what is known about the run.

    ``by_agency_year``: the doc_id of the report in force, by agency_id and year.
    """

    rows: Mapping[str, tuple[Row, ...]]
    by_doc: Mapping[str, Mapping[str, tuple[Row, ...]]]
    reports: tuple[Row, ...]
    report: Mapping[str, Row]
    by_agency_year: Mapping[tuple[str, int], str]
    about: Mapping[str, Any]


def load_run(tables: Mapping[str, pa.Table], about: Mapping[str, Any]) -> Run:
    """The run behind the pages; row order of the input does not matter, absent corpus tables count as empty."""
    rows = {name: _rows(name, tables[name]) for name in sorted(tables) if name in _KNOWN}
    reports = tuple(sorted(rows.get("reports", ()), key=_display_key))
    by_doc = {name: _group(table) for name, table in rows.items() if "doc_id" in schema_of(name).names}
    return Run(rows, by_doc, reports, {row["doc_id"]: row for row in reports}, _by_agency_year(reports), about)


def _by_agency_year(reports: Iterable[Row]) -> dict[tuple[str, int], str]:
    """The report in force of each agency and year, the first publication of several."""
    found: dict[tuple[str, int], str] = {}
    for row in reports:
        if row["agency_id"] and row["year"] is not None and not (row["superseded_by"] or row["republication_of"]):
            found.setdefault((row["agency_id"], row["year"]), row["doc_id"])
    return found


def _rows(name: str, table: pa.Table) -> tuple[Row, ...]:
    """A table's rows in their order; phones, mails and names in contact lines are masked, letter for letter, in every text.

    A column that an older corpus lacks is null throughout.
    """
    for field in schema_of(name):
        if field.name not in table.column_names:
            table = table.append_column(field, pa.nulls(table.num_rows, field.type))
    rows = sort_table(name, table).to_pylist()
    masked = [field.name for field in schema_of(name) if field.name in _MASKED and pa.types.is_string(field.type)]
    for row in rows:
        for column in masked:
            if row[column]:
                row[column] = _mask(row[column]) if len(row[column]) < _SHORT else mask_contacts(row[column])
    return tuple(rows)


_SHORT = 60
_mask = lru_cache(maxsize=4096)(mask_contacts)


def _display_key(report: Row) -> tuple[bool, str, bool, int, str]:
    agency, year = report["agency"], report["year"]
    return (not agency, agency or "", year is None, year or 0, report["doc_id"])


def _group(rows: Iterable[Row]) -> dict[str, tuple[Row, ...]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["doc_id"], []).append(row)
    return {doc_id: tuple(group) for doc_id, group in groups.items() if doc_id is not None}


def rows_of(run: Run, table: str) -> tuple[Row, ...]:
    """All rows of a table, () where it is absent."""
    return run.rows.get(table, ())


def rows_in(run: Run, table: str, doc_id: str) -> tuple[Row, ...]:
    """The rows of one report in a table, () where there are none."""
    return run.by_doc.get(table, {}).get(doc_id, ())


def ran(run: Run, *names: str) -> bool:
    """Whether the step that writes these tables ran: an empty table did, an absent one did not."""
    return all(name in run.rows for name in names)


def page_name(doc_id: str) -> str:
    """The file name of a report's page: the doc_id where it is a plain name, else a hash of it.

    >>> page_name("0a1b2c")
    '0a1b2c'
    >>> page_name("../evil")[:4]
    'x-2d'
    """
    if _SAFE_NAME.fullmatch(doc_id):
        return doc_id
    return "x-" + hashlib.sha256(doc_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def report_href(doc_id: str, start: int | None = None) -> str:
    """The address of a report's page from the run's root, at a character of its text if one is named."""
    return f"report/{page_name(doc_id)}.html" + (f"#c{start}" if start is not None else "")


def agency_of(run: Run, doc_id: str) -> str:
    """The agency a report is shown under: its name, else that it was not recognised."""
    return run.report.get(doc_id, {}).get("agency") or NO_AGENCY


def label_of(run: Run, doc_id: str | None) -> str:
    """What a report is called in lists: agency and year; a text without both is called by its id."""
    report = run.report.get(doc_id or "")
    if report is None:
        return str(doc_id)
    if not report["agency"] and report["year"] is None:
        return f"{NO_AGENCY} · {str(doc_id)[:12]}"
    return f"{report['agency'] or NO_AGENCY} {report['year'] if report['year'] is not None else '—'}"


def middle(values: Iterable[float | None]) -> float | None:
    """The median of what is there, None of nothing; NaN and None are left out."""
    present = [value for value in values if value is not None and not math.isnan(value)]
    return float(median(present)) if present else None


def years_of(run: Run) -> list[int]:
    """Every year from the first to the last one reported on; [] for an empty corpus."""
    years = [row["year"] for row in run.reports if row["year"] is not None]
    return list(range(min(years), max(years) + 1)) if years else []


def levels_of(run: Run) -> list[str]:
    """The levels of administration that occur, highest first, then any others by name."""
    order = {level: place for place, level in enumerate(("national", "province", "city", "county", "township"))}
    found = {row["level"] for row in run.reports if row["level"]}
    return sorted(found, key=lambda level: (order.get(level, len(order)), level))
