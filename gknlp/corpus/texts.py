"""Plain texts (.jsonl or .parquet of id, text, ...) as a table, for analyses that need no report."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa

from gknlp.errors import InputError, UsageError
from gknlp.tables import read_parquet

_COLUMNS = ("id", "text", "agency", "series", "region", "year", "published")
_NUMBERS = frozenset({"year"})


def load_texts(path: Path) -> pa.Table:
    """The texts of a file with the columns that it has of id, text, agency, series, region, year, published.

    Raises
    ------
    UsageError : another suffix, or no such file. InputError : a line that is no JSON object, with its number.
    """
    if not path.is_file():
        raise UsageError(f"no file at {path}")
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        try:
            table = read_parquet(path)
        except pa.ArrowInvalid as error:
            raise InputError(f"{path} is no Parquet file: {error}") from error
    elif suffix in (".jsonl", ".ndjson"):
        table = _read_lines(path)
    else:
        raise UsageError(f"texts come from a .jsonl or .parquet file, not from {path.name!r}")
    return table.select([name for name in _COLUMNS if name in table.column_names])


def _read_lines(path: Path) -> pa.Table:
    rows = []
    with path.open(encoding="utf-8-sig", errors="surrogatepass") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                rows.append(_parse_row(line, f"{path}, line {number}"))
    present = [name for name in _COLUMNS if any(row.get(name) is not None for row in rows)]
    arrays = [
        pa.array([row.get(name) for row in rows], pa.int64() if name in _NUMBERS else pa.string()) for name in present
    ]
    return (
        pa.table(arrays, names=present)
        if present
        else pa.table({"id": pa.array([], pa.string()), "text": pa.array([], pa.string())})
    )


def _parse_row(line: str, where: str) -> dict[str, str | int | None]:
    try:
        row = json.loads(line)
        return {name: _value(name, row[name]) for name in _COLUMNS if name in row}
    except (ValueError, TypeError, RecursionError) as error:
        raise InputError(f"{where}: not a JSON object of a text: {error}") from error


def _value(name: str, value: object) -> str | int | None:
    if value is None:
        return None
    if name in _NUMBERS:
        return int(str(value))
    return str(value).encode("utf-8", "replace").decode("utf-8")
