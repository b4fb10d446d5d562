"""A coding sheet as it came back: texts by line and column, before anything is checked; and the .csv one."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from gknlp.errors import UsageError
from gknlp.tables import encode_csv

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_DELIMITERS = (",", ";", "\t")
_ENCODINGS = ("utf-8-sig", "gb18030")
"""Excel in China saves .csv in GBK unless told otherwise."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """A line of a sheet by its number from 1: filled cells by their place, and whether a merged range touches it."""

    line: int
    cells: Mapping[int, str]
    merged: bool = False


@dataclass(frozen=True, slots=True)
class RawTable:
    """The lines of a sheet, its header among them."""

    rows: tuple[RawRow, ...]


def encode_rows(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    """Rows of texts as UTF-8 .csv with a mark, formula-like texts after an apostrophe; no rows give a header."""
    table = pa.table({name: pa.array([shield(row[name]) for row in rows], pa.string()) for name in columns})
    return encode_csv(table)


def decode_csv(data: bytes, name: str) -> RawTable:
    """The lines of a .csv file in UTF-8 or GB 18030, between commas, semicolons or tabs, whichever the header has most of.

    Raises
    ------
    UsageError : neither encoding fits, or a field is longer than a coding sheet can have.
    """
    text = _decode(data, name)
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UsageError(f"{name}: is no readable .csv: {error}") from error
    return RawTable(
        tuple(
            RawRow(number, {place: unshield(cell) for place, cell in enumerate(line) if cell})
            for number, line in enumerate(lines, 1)
        )
    )


def _decode(data: bytes, name: str) -> str:
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UsageError(f"{name}: is neither UTF-8 nor GB 18030; save the sheet as .xlsx or as UTF-8 .csv")


def shield(text: str) -> str:
    """A text that already looks shielded gets one more apostrophe, so that reading takes off what writing put there."""
    bare = text.lstrip("'")
    return "'" + text if text.startswith("'") and bare.startswith(_FORMULA) else text


def unshield(text: str) -> str:
    """The text without the apostrophe that keeps a spreadsheet from executing it."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA) else text
