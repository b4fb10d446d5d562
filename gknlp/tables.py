"""Arrow tables in their one order, to and from disk. Knows schemas by name; knows no analysis.

Equal rows give equal bytes: columns are cast to the declared schema, rows totally sorted, floats left as computed,
files written aside and renamed.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gknlp.schemas import CORPUS, DERIVED, RESULTS, SORT_KEYS

_SPREADSHEET_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def schema_of(name: str) -> pa.Schema:
    """The declared schema of a corpus, derived or result table; KeyError for a name that is none of them."""
    return (CORPUS | DERIVED | RESULTS)[name]


def table_of(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows as a sorted table of the named schema; a missing key is null, no rows give an empty table."""
    return sort_table(name, pa.Table.from_pylist(list(rows), schema=schema_of(name)))


def sort_table(name: str, table: pa.Table) -> pa.Table:
    """The table in its one total order (nulls last), cast to the declared schema, in one chunk."""
    table = table.select(schema_of(name).names).cast(schema_of(name))
    keys = [(key, "ascending", "at_end") for key in SORT_KEYS[name]]
    return table.take(pc.sort_indices(table, sort_keys=keys)).combine_chunks()


def encode_parquet(table: pa.Table) -> bytes:
    """The table's Parquet bytes: the same table always gives the same bytes for one pyarrow version."""
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", version="2.6", store_schema=False)
    return sink.getvalue()


def encode_csv(table: pa.Table) -> bytes:
    """The table as UTF-8 CSV (with BOM, so that spreadsheets read Chinese); nothing a spreadsheet would execute.

    A text that begins with ``= + - @`` (wide ones, tabs and line ends, too) is given a leading apostrophe; lists and
    structs are written as JSON. Rows end in CR LF (RFC 4180): only then does ``csv`` quote a lone CR inside a text, which
    spreadsheets would take for the end of a row.
    """
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow(table.column_names)
    for row in table.to_pylist():
        writer.writerow([_csv_value(value) for value in row.values()])
    return sink.getvalue().encode("utf-8-sig")


def _csv_value(value: Any) -> Any:
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_SPREADSHEET_FORMULA):
        return "'" + value
    return "" if value is None else value


def read_parquet(path: Path) -> pa.Table:
    """The table in a Parquet file, whole."""
    return pq.read_table(path, partitioning=None)


def hash_bytes(data: bytes) -> str:
    """SHA-256 of the bytes, as hex."""
    return hashlib.sha256(data).hexdigest()


def write_aside(path: Path, data: bytes) -> None:
    """Put the bytes at ``path`` so that a reader sees all of them or the old file: temporary name, fsync, rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.aside")
    with aside.open("wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
    aside.replace(path)
    fsync_folder(path.parent)


def fsync_folder(folder: Path) -> None:
    """Make a rename in this folder durable (a no-op where folders cannot be opened, as on Windows)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
