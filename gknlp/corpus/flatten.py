"""A report to rows of every corpus table, rows to one run of Arrow bytes and back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa

from gknlp.records import Cell, Found, Report, Scalar, Span
from gknlp.schemas import CORPUS

Rows = dict[str, list[tuple[Any, ...]]]
"""Rows by table, each a tuple in the order of the table's schema."""
_BODIES = ("人民政府", "办事处")
"""Endings that one agency's reports carry in some years and not in others (机关名称后缀)."""
_HINTED = ("agency", "year", "region", "level", "kind", "published", "url")


def flatten_report(report: Report) -> Rows:
    """Rows of all tables but ``sources`` for one report.

    Where the report does not name its agency, year, level or kind, what its container said stands in, with an
    ``evidence`` row of rule ``hint`` and no span; the statuses stay those of the text. Region, date and address of
    publication come from the container alone.
    """
    hints = _used_hints(report)
    doc = report.doc_id
    return {
        "reports": [_report_row(report, hints)],
        "evidence": [(doc, *row) for row in _evidence_rows(report, hints)],
        "sections": [(doc, part.key, part.heading, *_ends(part.span)) for part in report.sections],
        "units": [
            (doc, unit.unit_id, unit.section, unit.part, unit.ordinal, unit.heading, unit.text, *_ends(unit.span))
            for unit in report.units
        ],
        "cells": [(doc, *_cell_row(cell)) for cell in report.cells],
        "diagnostics": [
            (doc, found.code, found.severity, *_ends(found.span), found.expected, found.found)
            for found in report.diagnostics
        ],
    }


def identify_agency(name: str | None) -> str | None:
    """BLAKE2b-64 hex of an agency's name without white space and without a final 人民政府 or 办事处; None for no name.

    >>> identify_agency("云溪县 柳河镇人民政府") == identify_agency("云溪县柳河镇")
    True
    """
    bare = "".join((name or "").split())
    for body in _BODIES:
        if len(bare) > len(body):
            bare = bare.removesuffix(body)
    return hashlib.blake2b(bare.encode("utf-8"), digest_size=8).hexdigest() if bare else None


def encode_rows(rows: Mapping[str, Iterable[tuple[Any, ...]]]) -> bytes:
    """All tables' rows as one Arrow IPC stream: a single row whose columns are the tables, as lists of structs.

    Raises
    ------
    ArrowInvalid, ArrowTypeError, UnicodeEncodeError : a value that does not fit its column.
    """
    columns = [_as_list(pa.array([], pa.struct(CORPUS[name]))) for name in CORPUS]
    for place, name in enumerate(CORPUS):
        if given := list(rows.get(name, ())):
            fields = list(CORPUS[name])
            # Column by column: a transposition of all rows at once is thousands of iterators for the collector to walk.
            arrays = [pa.array([row[n] for row in given], field.type) for n, field in enumerate(fields)]
            columns[place] = _as_list(pa.StructArray.from_arrays(arrays, fields=fields))
    batch = pa.record_batch(columns, names=list(CORPUS))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


def decode_rows(data: bytes) -> dict[str, pa.Table]:
    """The tables that ``encode_rows`` packed, rows in the order given."""
    batch = pa.ipc.open_stream(data).read_next_batch()
    return {name: pa.Table.from_struct_array(batch.column(name).flatten()).cast(CORPUS[name]) for name in CORPUS}


def _as_list(structs: pa.Array) -> pa.Array:
    return pa.ListArray.from_arrays(pa.array([0, len(structs)], pa.int32()), structs)


def _report_row(report: Report, hints: Mapping[str, Scalar]) -> tuple[Any, ...]:
    agency = _text_of(report.agency.name) or hints.get("agency")
    year = report.year.value if report.year.value is not None else hints.get("year")
    row = {
        "doc_id": report.doc_id,
        "text": report.text,
        "n_chars": len(report.text),
        "title": _text_of(report.title),
        "title_status": report.title.status,
        "agency": agency,
        "agency_id": identify_agency(str(agency) if agency else None),
        "kind": report.agency.kind or hints.get("kind"),
        "level": report.agency.level or hints.get("level"),
        "code": report.agency.code,
        "year": _as_year(year),
        "year_status": report.year.status,
        "form": _text_of(report.form),
        "form_status": report.form.status,
        "region": hints.get("region"),
        "published": hints.get("published"),
        "url": hints.get("url"),
        "superseded_by": None,
        "republication_of": None,
    }
    return tuple(row[name] for name in CORPUS["reports"].names)


def _cell_row(cell: Cell) -> tuple[Any, ...]:
    numbers = _as_float(cell.value), cell.unit, _as_float(cell.value_yuan)
    return cell.table, cell.row, cell.column, cell.raw, *numbers, *_ends(cell.span)


def _used_hints(report: Report) -> dict[str, Scalar]:
    """The container's words on what the report itself leaves open; a year that is none is not used."""
    hints = report.hints or {}
    said = {
        "agency": report.agency.name.value,
        "year": report.year.value,
        "level": report.agency.level,
        "kind": report.agency.kind,
    }
    used: dict[str, Scalar] = {}
    for field in _HINTED:
        value = _as_year(hints.get(field)) if field == "year" else hints.get(field)
        if value is not None and said.get(field) is None:
            used[field] = value
    return used


def _evidence_rows(
    report: Report, hints: Mapping[str, Scalar]
) -> Iterator[tuple[str, str, str, int | None, int | None]]:
    fields = {"title": report.title, "agency": report.agency.name, "year": report.year, "form": report.form}
    for field, found in fields.items():
        if found.value is not None:
            for span in found.evidence or (None,):
                yield field, str(found.value), found.rule, *_ends(span)
    for field, value in hints.items():
        yield field, str(value), "hint", None, None


def _ends(span: Span | None) -> tuple[int | None, int | None]:
    return (None, None) if span is None else (span.start, span.end)  # an empty span is a span, and falsy


def _text_of(found: Found) -> str | None:
    return None if found.value is None else str(found.value)


def _as_float(value: float | None) -> float | None:
    """The number as a float; None for one that no float can hold (its digits stand in ``raw``)."""
    try:
        return None if value is None else float(value)
    except OverflowError:
        return None


def _as_year(value: Scalar) -> int | None:
    """A four-digit year, None for anything else."""
    digits = str(value).strip().removesuffix("年")
    return int(digits) if len(digits) == 4 and digits.isascii() and digits.isdigit() else None
