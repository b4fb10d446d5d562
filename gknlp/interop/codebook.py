"""What every column of an exported table holds: labels for statistics programs, and a codebook file (变量说明) for people."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

from gknlp.interop.labels import CellColumn, list_cell_columns, yuan_name
from gknlp.interop.stata import shorten_name

_CELL_MISSING = "the form has no such cell, or it is blank, or its number is not believed; never 0 in its place"
_TYPES = {"string": "text", "int64": "integer", "double": "number", "bool": "truth value"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnNote:
    """One column: ``source`` is the cell of the form that it comes from ('' for none), ``stata`` its name in a .dta file."""

    name: str
    stata: str
    type: str
    unit: str
    label_zh: str
    description: str
    source: str
    missing: str


def describe_columns(name: str, table: pa.Table) -> tuple[ColumnNote, ...]:
    """A note for each column of an exported table, in its order.

    Parameters
    ----------
    name : name of the table; a column can mean something else in one table.
    table : only its schema is looked at.
    """
    return tuple(_describe(name, field) for field in table.schema)


def encode_codebook(name: str, notes: Sequence[ColumnNote]) -> str:
    """The codebook as a Markdown document; columns in their order."""
    heads = ("column", "in Stata", "type", "unit", "label", "what it holds", "cell of the form", "empty when")
    lines = [
        f"# Codebook of table {name}",
        "",
        "A missing value is empty (CSV, XLSX), null (Parquet) or `.` (Stata numbers), never 0. Texts follow the report.",
        "",
        _line(heads),
        _line(["---"] * len(heads)),
        *(_line(astuple(note)) for note in notes),
    ]
    return "\n".join(lines) + "\n"


def codebook_table(notes: Sequence[ColumnNote]) -> pa.Table:
    """The codebook as a table of texts, one row a column."""
    names = [field.name for field in fields(ColumnNote)]
    return pa.table({name: pa.array([getattr(note, name) for note in notes], pa.string()) for name in names})


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def _describe(table: str, field: pa.Field) -> ColumnNote:
    cells = _cell_notes()
    known = cells[field.name] if table == "cells_wide" and field.name in cells else _written(table, field.name)
    return ColumnNote(
        name=field.name,
        stata=shorten_name(field.name),
        type=_TYPES.get(str(field.type), "list, as JSON where a file has no lists"),
        unit=known.get("unit", ""),
        label_zh=known["zh"],
        description=known["en"],
        source=known.get("source", ""),
        missing=known["missing"],
    )


def _written(table: str, column: str) -> dict[str, str]:
    notes = _notes()
    here: dict[str, str] | None = notes["tables"].get(table, {}).get(column) or notes["columns"].get(column)
    return here or {"zh": column, "en": "a column that no shipped form or table describes", "missing": "not known"}


@cache
def _cell_notes() -> dict[str, dict[str, str]]:
    notes = {}
    for column in list_cell_columns():
        notes[column.name] = _cell_note(column)
        if column.money:
            notes[yuan_name(column.name)] = {**_cell_note(column), "zh": f"{column.label}（折合元）", "unit": "元"}
    return notes


def _cell_note(column: CellColumn) -> dict[str, str]:
    note = {"zh": column.label, "en": f"cell of form {', '.join(column.forms)}", "source": column.source}
    return {**note, "unit": column.unit or "as each report prints it", "missing": _CELL_MISSING}


@cache
def _notes() -> dict[str, Any]:
    return tomllib.loads(files("gknlp.interop").joinpath("columns.toml").read_text(encoding="utf-8"))
