"""CSV files that people write by hand: lines by column, and complaints that name the line, what it says and what may stand there."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from gknlp.errors import UsageError

_MOST_SHOWN = 12
"""Longer lists of what is allowed are left out of a message: the nearest match says more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: its texts by column ('' where it has none), without the spaces around them, and where it stands."""

    where: str
    values: dict[str, str]

    def need(self, column: str, what: str) -> str:
        """The text of a column that may not be empty; ``what`` says what belongs there.

        Raises
        ------
        UsageError : it is empty.
        """
        if not self.values[column]:
            raise UsageError(f"{self.where}: the column {column!r} is empty; it needs {what}")
        return self.values[column]

    def choose(self, column: str, allowed: Collection[str], what: str) -> str:
        """The text of a column that must be one of ``allowed``; ``what`` is the word for one.

        Raises
        ------
        UsageError : it is another, with the nearest match.
        """
        value = self.values[column]
        if value not in allowed:
            raise UsageError(f"{self.where}: {column} = {value!r} is no {what}{say_allowed(value, allowed)}")
        return value


def read_entries(data: bytes, name: str, *, required: Sequence[str], optional: Sequence[str]) -> Iterator[Entry]:
    """The lines of a file in order, empty ones left out; a file of a header alone has none.

    Parameters
    ----------
    data : UTF-8, with or without BOM, columns separated by commas.
    name : the file's name, for messages.
    required, optional : names of columns; they may come in any order.

    Raises
    ------
    UsageError : not UTF-8, no CSV, a column that is unknown, lacking or there twice, a line with more columns than the
        header.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is not UTF-8 (byte {error.start}): save it as CSV in UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [(reader.line_num, [value.strip() for value in row]) for row in reader if any(v.strip() for v in row)]
    except csv.Error as error:
        raise UsageError(f"{name}, line {reader.line_num}: not CSV: {error}") from error
    if not rows:
        raise UsageError(f"{name} is empty: its first line names the columns: {','.join(required)}")
    (first, header), *lines = rows
    _check_header(header, f"{name}, line {first}", required, optional)
    for number, row in lines:
        if len(row) > len(header):
            extra = row[len(header)]
            raise UsageError(
                f"{name}, line {number}: {len(row)} columns, the header has {len(header)}; the first too many is "
                f"{extra!r} (a text with a comma in it needs quotation marks around it)"
            )
        given = dict(zip(header, [*row, *[""] * (len(header) - len(row))], strict=True))
        yield Entry(f"{name}, line {number}", {column: given.get(column, "") for column in (*required, *optional)})


def say_allowed(value: str, allowed: Collection[str]) -> str:
    """What may stand in the place of ``value``: the nearest match, and all where they are few.

    >>> say_allowed("yaer", ["agency", "year"])
    "; did you mean 'year'? Allowed are: agency, year"
    """
    near = difflib.get_close_matches(value, list(allowed), n=1, cutoff=0.5)
    known = f"llowed are: {', '.join(allowed)}" if len(allowed) <= _MOST_SHOWN else ""
    if near:
        return f"; did you mean {near[0]!r}?" + (f" A{known}" if known else "")
    return f"; a{known}" if known else ""


def _check_header(header: Sequence[str], where: str, required: Sequence[str], optional: Sequence[str]) -> None:
    known = (*required, *optional)
    for place, column in enumerate(header):
        if column not in known:
            commas = "" if len(header) > 1 else " (columns are separated by commas)"
            raise UsageError(f"{where}: no column is called {column!r}{commas}{say_allowed(column, known)}")
        if column in header[:place]:
            raise UsageError(f"{where}: the column {column!r} is there twice")
    if missing := [column for column in required if column not in header]:
        raise UsageError(f"{where}: the column {missing[0]!r} is missing; needed are: {', '.join(required)}")
