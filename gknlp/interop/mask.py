"""Contacts hidden in the columns of a table that carry wording of documents."""

from __future__ import annotations

import pyarrow as pa

from gknlp.text.contacts import mask_contacts

_WORDING = ("text", "title", "heading", "value", "raw", "expected", "found")


def mask_table(table: pa.Table) -> tuple[pa.Table, int]:
    """The table with contacts replaced by ＊ in every text column that quotes a document, and how many values changed.

    Numbers stay: columns of numbers are no text, and the ``raw`` of a cell that was read as a number is kept.
    An empty table stays as it is.
    """
    n_masked = 0
    for name in _WORDING:
        if name in table.column_names and pa.types.is_string(table.schema.field(name).type):
            values = table[name].to_pylist()
            kept = _are_numbers(table, name)
            masked = [
                value if value is None or number else mask_contacts(value)
                for value, number in zip(values, kept, strict=True)
            ]
            n_masked += sum(old != new for old, new in zip(values, masked, strict=True))
            place = table.schema.get_field_index(name)
            table = table.set_column(place, table.schema.field(name), pa.array(masked, pa.string()))
    return table, n_masked


def _are_numbers(table: pa.Table, name: str) -> list[bool]:
    if name != "raw" or "value" not in table.column_names:
        return [False] * table.num_rows
    return [value is not None for value in table["value"].to_pylist()]
