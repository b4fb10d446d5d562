"""A corpus out to a file for statistics: which table, which format, what is hidden, and the codebook beside it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from gknlp import schemas
from gknlp.corpus import Corpus, write_table
from gknlp.errors import UsageError
from gknlp.interop.codebook import ColumnNote, codebook_table, describe_columns, encode_codebook
from gknlp.interop.coverage import build_coverage
from gknlp.interop.frames import build_cells_long, build_cells_wide, build_findings
from gknlp.interop.mask import mask_table
from gknlp.interop.panel import build_panel
from gknlp.interop.stata import encode_stata
from gknlp.interop.xlsx import encode_xlsx
from gknlp.tables import write_aside

DERIVED: Mapping[str, Callable[[Mapping[str, pa.Table]], pa.Table]] = {
    "cells_long": build_cells_long,
    "cells_wide": build_cells_wide,
    "findings": build_findings,
    "panel": build_panel,
    "coverage": build_coverage,
}
"""Tables for statistics by name, each from the corpus tables."""

TABLES = (*schemas.CORPUS, *schemas.DERIVED, *DERIVED)
SUFFIXES = (".csv", ".xlsx", ".parquet", ".dta")
CODEBOOK_SUFFIXES = (".md", ".csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """What to write where."""

    table: str
    """A corpus table, or one of ``DERIVED``."""
    to: Path
    """The file; its suffix names the format, and a file that is there is replaced."""
    codebook: Path | None = None
    """Where to describe every column, as .md or .csv; None: nowhere."""
    with_text: bool = False
    """Keep column ``text`` in CSV, XLSX and Stata, too: whole reports make such files unwieldy. Parquet always has it."""
    with_contacts: bool = False
    """Leave telephone numbers, addresses and names in contact lines as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSummary:
    """What was written; ``notes`` say what the file lacks or hides, for people."""

    n_rows: int
    n_columns: int
    notes: tuple[str, ...]


def export_table(corpus: Corpus, request: ExportRequest) -> ExportSummary:
    """Write one table, and its codebook where one is asked for; the same corpus and request give the same bytes.

    Raises
    ------
    UsageError : an unknown table (the message names the nearest) or suffix; more rows than the format holds.
    """
    _check_request(request)
    table = load_export(corpus, request.table)
    notes: list[str] = []
    if "text" in table.column_names and request.to.suffix.lower() != ".parquet" and not request.with_text:
        table = table.drop_columns(["text"])
        notes.append("column text is left out; --with-text keeps it")
    if not request.with_contacts:
        table, n_masked = mask_table(table)
        if n_masked:
            notes.append(f"contacts are masked in {n_masked} values; --with-contacts keeps them")
    columns = describe_columns(request.table, table)
    notes += _write(table, request, columns)
    if request.codebook:
        _write_codebook(request.codebook, request.table, columns)
    return ExportSummary(n_rows=table.num_rows, n_columns=table.num_columns, notes=tuple(notes))


def load_export(corpus: Corpus, name: str) -> pa.Table:
    """A corpus table or one derived for statistics.

    Raises
    ------
    UsageError : no such table.
    """
    if name not in DERIVED:
        return corpus.table(name)
    return DERIVED[name]({key: corpus.table(key) for key in (*schemas.CORPUS, *schemas.DERIVED)})


def _write(table: pa.Table, request: ExportRequest, columns: tuple[ColumnNote, ...]) -> list[str]:
    suffix = request.to.suffix.lower()
    if suffix == ".dta":
        write_aside(request.to, encode_stata(table, {column.name: column.label_zh for column in columns}))
    elif suffix == ".xlsx":
        data, n_cut = encode_xlsx(table, name=request.table)
        write_aside(request.to, data)
        return [f"{n_cut} texts were cut to the 32,767 characters a cell holds"] if n_cut else []
    else:
        write_table(table, request.to)
    return []


def _write_codebook(to: Path, name: str, columns: tuple[ColumnNote, ...]) -> None:
    if to.suffix.lower() == ".md":
        write_aside(to, encode_codebook(name, columns).encode())
    else:
        write_table(codebook_table(columns), to)


def _check_request(request: ExportRequest) -> None:
    if request.table not in TABLES:
        near = difflib.get_close_matches(request.table, TABLES, n=1, cutoff=0.4)
        meant = f" Did you mean {near[0]!r}?" if near else ""
        raise UsageError(f"there is no table {request.table!r}.{meant} The tables are: {', '.join(TABLES)}")
    _check_suffix(request.to, SUFFIXES, "export to")
    if request.codebook:
        _check_suffix(request.codebook, CODEBOOK_SUFFIXES, "write a codebook to")


def _check_suffix(path: Path, allowed: tuple[str, ...], verb: str) -> None:
    if path.suffix.lower() not in allowed:
        raise UsageError(f"cannot {verb} {path.name!r}: the suffix must be one of {', '.join(allowed)}")
