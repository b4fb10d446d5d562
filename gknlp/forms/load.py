"""Forms from their TOML files, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from gknlp.errors import UsageError
from gknlp.forms.form import Block, Column, Form, FormTable, Row, SectionKind

_FILES = ("2008.toml", "2019.toml", "2021.toml")


@cache
def load_forms() -> Mapping[str, Form]:
    """Every shipped form by key: legacy_2008, trial_2019, revised_2021."""
    forms = (_form(_read(name)) for name in _FILES)
    return {form.key: form for form in forms}


def load_form(key: str) -> Form:
    """The form with this key; UsageError naming the known ones for any other."""
    forms = load_forms()
    if key not in forms:
        raise UsageError(f"no form is called {key!r}; the known ones are: {', '.join(forms)}")
    return forms[key]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("gknlp.forms").joinpath(name).read_text(encoding="utf-8"))


def _form(data: dict[str, Any]) -> Form:
    sections = _read(data["sections"])
    return Form(
        key=data["key"],
        name_zh=data["name_zh"],
        basis=data["basis"],
        first_year=data["first_year"],
        last_year=data.get("last_year"),
        markers=tuple(data["markers"]),
        ordered=sections["ordered"],
        sections=tuple(
            SectionKind(item["key"], item["number"], item["title"], item["kind"], tuple(item["variants"]))
            for item in sections["sections"]
        ),
        tables=tuple(_table(item) for item in data.get("tables", [])),
    )


def _table(data: dict[str, Any]) -> FormTable:
    return FormTable(
        key=data["key"],
        section=data["section"],
        caption=data["caption"],
        unit=data["unit"],
        layout=data["layout"],
        headers=tuple(data["headers"]),
        note=data.get("note", ""),
        blocks=tuple(
            Block(
                label=block["label"],
                columns=tuple(Column(**column) for column in block["columns"]),
                rows=tuple(
                    Row(
                        row["key"], row["label"], row.get("parent", ""), tuple(row.get("variants", ())), row.get("unit")
                    )
                    for row in block["rows"]
                ),
            )
            for block in data["blocks"]
        ),
    )
