"""A report's cells put back into the layout of its form, each with its standing: a value, blank, not found, or part of a failed equation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gknlp.forms import FormTable, load_forms
from gknlp.pages.findings.run import Row
from gknlp.pages.words import Words, same, say, word

Labels = Mapping[tuple[str, str, str], str]
"""The printed label of a row or column: (form, table, key) -> label."""
Marks = Mapping[tuple[str, str, str], tuple[str, ...]]
"""The failed rules a cell takes part in: (table, row, column) -> rule ids."""


def form_labels() -> Labels:
    """Every printed row and column label of every shipped form."""
    labels: dict[tuple[str, str, str], str] = {}
    for form in load_forms().values():
        for table in form.tables:
            for _, row, column in table.slots():
                labels[form.key, table.key, row.key] = row.label
                labels[form.key, table.key, column.key] = column.label
    return labels


def name_instance(labels: Labels, form: str | None, finding: Row) -> str:
    """The instance of a rule in the form's own words: a row, a column, or both; '' for the whole table."""
    tables = ("t" + str(finding["rule"])[1:2], "t3", "t4", "t2")
    keys = [key for key in str(finding["instance"] or "").split(".") if key]
    found = [next((labels[form or "", t, key] for t in tables if (form or "", t, key) in labels), key) for key in keys]
    return " × ".join(found)


def lay_out_tables(form_key: str | None, cells: Iterable[Row], marks: Marks) -> list[dict[str, Any]]:
    """The report's tables as rows of cells in printed order; of an unknown form, as a plain list of keys and values."""
    by_place = {(cell["table"], cell["row"], cell["column"]): cell for cell in cells}
    form = load_forms().get(form_key or "")
    tables = [_table(table, by_place, marks) for table in form.tables] if form else []
    known = {table["key"] for table in tables}
    rest = sorted({place[0] for place in by_place} - known)
    plain = [_plain(key, [cell for place, cell in by_place.items() if place[0] == key], marks) for key in rest]
    return [
        table for table in [*tables, *plain] if any(row["cells"] for block in table["blocks"] for row in block["rows"])
    ]


def _table(table: FormTable, cells: Mapping[tuple[str, str, str], Row], marks: Marks) -> dict[str, Any]:
    blocks = []
    for block in table.blocks:
        rows = []
        for row in block.rows:
            places = [(table.key, row.key, column.key) for column in block.columns]
            shown = [_cell(cells.get(place), place, marks) for place in places]
            rows.append(
                {"label": row.label, "group": word("row_groups", row.parent) if row.parent else None, "cells": shown}
            )
        blocks.append({"label": block.label, "columns": [column.label for column in block.columns], "rows": rows})
    present = any(place[0] == table.key for place in cells)
    return {
        "key": table.key,
        "section": table.section,
        "caption": word("tables", table.key),
        "unit": table.unit,
        "note": table.note,
        "layout": table.layout,
        "blocks": blocks if present else [],
    }


def _plain(key: str, cells: list[Row], marks: Marks) -> dict[str, Any]:
    cells.sort(key=lambda cell: (cell["start"] is None, cell["start"] or 0, cell["row"], cell["column"]))
    rows = [
        {
            "label": f"{cell['row']} · {cell['column']}",
            "group": None,
            "cells": [_cell(cell, (key, cell["row"], cell["column"]), marks)],
        }
        for cell in cells
    ]
    block = {"label": "", "columns": ["值"], "rows": rows}
    return {
        "key": key,
        "section": None,
        "caption": word("tables", key),
        "unit": "",
        "note": "",
        "layout": "plain",
        "blocks": [block],
    }


def _cell(cell: Row | None, place: tuple[str, str, str], marks: Marks) -> dict[str, Any]:
    """One cell; a printed zero, a printed blank and a cell that was not found are three different things."""
    rules = list(marks.get(place, ()))
    shown = {"rules": rules, "id": "x-" + "-".join(place)}
    if cell is None or (cell["start"] is None and cell["raw"] is None):
        return {"state": "missing", "text": "", "note": _NOTE["missing"], **shown}
    raw = (cell["raw"] or "").strip()
    state = "blank" if cell["value"] is None else "value"
    return {"state": state, "text": raw, "note": _NOTE.get(state, same("")), **shown}


_NOTE: Mapping[str, Words] = {"missing": say("未找到", "not found"), "blank": say("空白", "blank")}
