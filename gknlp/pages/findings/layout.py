"""A report's cells put back into the layout of its form, each with its standing: a value, blank, not found, or part of a failed equation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gknlp.forms import load_forms
from gknlp.pages.findings.run import Row
from gknlp.pages.findings.shape import plain_shape, shape_of
from gknlp.pages.words import Words, number, same, say, word

Labels = Mapping[tuple[str, str, str], str]
"""The printed label of a row or column: (form, table, key) -> label."""
Place = tuple[str, str, str]
"""A cell: (table, row, column)."""
Marks = Mapping[Place, tuple[tuple[str, str], ...]]
"""The failed cases a cell takes part in: rule id and the case's anchor."""


def form_labels() -> Labels:
    """Every printed row and column label of every shipped form."""
    labels: dict[tuple[str, str, str], str] = {}
    for form in load_forms().values():
        for table in form.tables:
            for _, row, column in table.slots():
                labels[form.key, table.key, row.key] = row.label
                labels[form.key, table.key, column.key] = column.label
    return labels


def name_instance(labels: Labels, form: str | None, finding: Row) -> Words:
    """The instance of a rule in the form's own words: a row, a column, or both; else in ours; '' for the whole table."""
    tables = ("t" + str(finding["rule"])[1:2], "t3", "t4", "t2")
    keys = [key for key in str(finding["instance"] or "").split(".") if key]
    if not keys:
        return same("")
    named = word("instances", ".".join(keys))
    if named["zh"] != ".".join(keys):
        return named
    found = [
        next((same(labels[form or "", t, key]) for t in tables if (form or "", t, key) in labels), _name_part(key))
        for key in keys
    ]
    return say(*(" × ".join(part[language] for part in found) for language in ("zh", "en")))


def _name_part(key: str) -> Words:
    """A key that is no row or column: a section, a thing that a rule looks at, one of several of a kind (plan_2)."""
    kind, _, order = key.rpartition("_")
    for group in ("instances", "sections"):
        named = word(group, key)
        if named["zh"] != key:
            return named
    named = word("instances", kind)
    return (
        say(f"{named['zh']} {order}", f"{named['en']} {order}")
        if order.isdigit() and named["zh"] != kind
        else same(key)
    )


def lay_out_tables(
    form_key: str | None, cells: Iterable[Row], marks: Marks, corrected: Mapping[Place, Row] | None = None
) -> list[dict[str, Any]]:
    """The report's tables, each the shape of its form with ``cells`` by slot; of an unknown form, a plain list of keys.

    Tables that the report has no cell of are left out. ``corrected``: rows of table ``corrections`` by cell.
    """
    by_place = {(cell["table"], cell["row"], cell["column"]): cell for cell in cells}
    tables = []
    for key in table_keys(form_key, by_place):
        shape = shape_of(form_key, key) or plain_shape(key, [by_place[p] for p in by_place if p[0] == key])
        places = [(key, *slot) for slot in shape["slots"]]
        shown = [_cell(by_place.get(place), place, marks, (corrected or {}).get(place)) for place in places]
        tables.append({**shape, "cells": shown})
    return tables


def table_keys(form_key: str | None, places: Iterable[Place]) -> list[str]:
    """The tables that some cells belong to: those of the form in printed order, then any others."""
    found = {place[0] for place in places}
    form = load_forms().get(form_key or "")
    printed = [table.key for table in form.tables] if form else []
    return [key for key in printed if key in found] + sorted(found - set(printed))


def _cell(cell: Row | None, place: Place, marks: Marks, corrected: Row | None) -> dict[str, Any]:
    state, text = read_cell(cell, is_corrected=corrected is not None)
    shown = {"state": state, "text": text, "note": _NOTE.get(state, same(""))}
    return {**shown, "rules": list(marks.get(place, ())), "id": "x-" + "-".join(place), "corrected": corrected}


def read_cell(cell: Row | None, *, is_corrected: bool = False) -> tuple[str, str]:
    """A cell's state and what is shown: a zero, a blank and a cell that was not found are three different things.

    Shown is what is printed; of a corrected cell it is the number it was given.
    """
    if cell is not None and is_corrected:
        return ("blank", "") if cell["value"] is None else ("value", number(cell["value"]))
    if cell is None or (cell["start"] is None and cell["raw"] is None):
        return "missing", ""
    return ("blank" if cell["value"] is None else "value"), (cell["raw"] or "").strip()


_NOTE: Mapping[str, Words] = {"missing": say("未找到", "not found"), "blank": say("空白", "blank")}
