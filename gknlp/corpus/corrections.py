"""A corrections file: what a scholar knows better than the reports or the reader, one line a thing, each with its reason."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from gknlp.corpus.handwritten import Entry, read_entries, say_allowed
from gknlp.errors import UsageError
from gknlp.forms import load_forms
from gknlp.text.numerals import Amount, parse_amount

REQUIRED = ("report", "field", "value", "reason")
OPTIONAL = ("was",)
LEVELS = ("national", "province", "city", "county", "township")
KINDS = ("government", "department", "other")
FIELDS = ("agency", "year", "region", "level", "kind", "published", "title")
"""What can be corrected beside cells."""
_MONEY_UNITS = frozenset({"元", "万元", "亿元"})
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One line: ``value`` is the right one, None for none at all; ``was`` what stood there when it was written.

    ``report`` is a doc_id, a path inside a SOURCE, or a SHA-256. ``cell``: the cell's table, row and column, where
    ``field`` names one.
    """

    report: str
    field: str
    value: str | None
    was: str | None
    reason: str
    cell: Key | None = None

    @property
    def amount(self) -> Amount | None:
        """The right number of a cell; None for none."""
        return parse_amount(self.value) if self.value is not None else None


def read_corrections(data: bytes, name: str = "corrections") -> tuple[Correction, ...]:
    """The corrections of a file, in its order; () for one that has a header alone.

    Raises
    ------
    UsageError : the line, what it says, and what is allowed: an unknown field or cell, a value that is none of its field,
        no reason, or a second correction of one thing.
    """
    found: list[Correction] = []
    lines: dict[tuple[str, str], str] = {}
    for entry in read_entries(data, name, required=REQUIRED, optional=OPTIONAL):
        correction = _read(entry)
        key = (correction.report, correction.field)
        if key in lines:
            raise UsageError(f"{entry.where}: {key[1]} of {key[0]!r} is corrected already, on {lines[key]}; keep one")
        lines[key] = entry.where.rpartition(", ")[2]
        found.append(correction)
    return tuple(found)


@cache
def cell_keys() -> dict[str, Key]:
    """Every cell of every shipped form, by the name that a corrections file gives it."""
    return {
        f"{table.key}.{row.key}.{column.key}": (table.key, row.key, column.key)
        for form in load_forms().values()
        for table in form.tables
        for _, row, column in table.slots()
    }


def _read(entry: Entry) -> Correction:
    report = entry.need("report", "a doc_id, a path as gknlp corpus sources prints it, or a SHA-256")
    field = entry.need("field", f"one of {', '.join(FIELDS)}, or a cell such as t3.new_requests.natural_person")
    cell = cell_keys().get(field)
    if cell is None and field not in FIELDS:
        if "." in field:
            raise UsageError(
                f"{entry.where}: field = {field!r} is no cell of any form{say_allowed(field, cell_keys())}"
            )
        raise UsageError(
            f"{entry.where}: field = {field!r} is unknown{say_allowed(field, FIELDS)}, or a cell as table.row.column"
        )
    value = entry.values["value"]
    if value:
        _check_value(entry, field, cell)
    reason = entry.need("reason", "a few words on why, for those who read the results")
    was = entry.values["was"] or None
    return Correction(report=report, field=field, value=value or None, was=was, reason=reason, cell=cell)


def _check_value(entry: Entry, field: str, cell: Key | None) -> None:
    value = entry.values["value"]
    if cell is not None:
        amount = parse_amount(value)
        if amount is None:
            raise UsageError(
                f"{entry.where}: value = {value!r} is no number; a cell holds one such as 12, -3 or 88.2万元"
            )
        if amount.unit in _MONEY_UNITS and cell not in money_cells():
            raise UsageError(f"{entry.where}: value = {value!r} is a sum of money; {field} holds a number of things")
    elif field in _CHECKS:
        _CHECKS[field](entry)


@cache
def money_cells() -> frozenset[Key]:
    """The cells of any shipped form that hold sums of money."""
    return frozenset(
        (table.key, row.key, column.key)
        for form in load_forms().values()
        for table in form.tables
        for _, row, column in table.slots()
        if column.money
    )


def _check_year(entry: Entry) -> None:
    value = entry.values["value"]
    if not re.fullmatch(r"(?:19|20)\d\d", value, re.ASCII):
        raise UsageError(f"{entry.where}: value = {value!r} is no year; a year has four digits, such as 2021")


def _check_day(entry: Entry) -> None:
    value = entry.values["value"]
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            raise ValueError(value)
        datetime.date.fromisoformat(value)
    except ValueError as error:
        raise UsageError(f"{entry.where}: value = {value!r} is no day; write it as 2022-01-20") from error


_CHECKS: dict[str, Callable[[Entry], object]] = {
    "year": _check_year,
    "published": _check_day,
    "level": lambda entry: entry.choose("value", LEVELS, "level"),
    "kind": lambda entry: entry.choose("value", KINDS, "kind of agency"),
}
