"""Every cell of every shipped form as one named column, with the words that the form prints for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from gknlp.forms import Block, Column, Form, FormTable, Row, load_forms

_MONEY = ("元", "万元", "亿元")


@dataclass(frozen=True, slots=True)
class CellColumn:
    """One cell key: ``name`` is ``table_row_column``, dots as underscores; ``label`` as the newest form that has the cell prints it (表头).

    ``unit`` is None where each report names its own (万元 or 元); ``forms`` are the keys of the forms with this cell.
    """

    name: str
    source: str
    label: str
    unit: str | None
    money: bool
    forms: tuple[str, ...]


@cache
def list_cell_columns() -> tuple[CellColumn, ...]:
    """The cells of all shipped forms united: by table, then as printed, newest form first.

    >>> next(column.label for column in list_cell_columns() if column.name == "t3_carried_in_total")
    '二、上年结转政府信息公开申请数量 · 总计'
    """
    found: dict[str, CellColumn] = {}
    for form in sorted(load_forms().values(), key=lambda form: -form.first_year):
        for column in _columns_of(form):
            known = found.get(column.name, column)
            forms = tuple(sorted({*known.forms, *column.forms}))
            found[column.name] = CellColumn(known.name, known.source, known.label, known.unit, known.money, forms)
    return tuple(sorted(found.values(), key=lambda column: column.source.partition(" / ")[0]))


def cell_name(table: str, row: str, column: str) -> str:
    """The name of the column that holds a cell.

    >>> cell_name("t3", "new_requests", "total"), cell_name("t1", "fees.01", "value")
    ('t3_new_requests_total', 't1_fees_01_value')
    """
    return f"{table}_{row}_{column}".replace(".", "_")


def yuan_name(name: str) -> str:
    """The column that holds a money cell in 元, beside the one that holds it as printed."""
    return f"{name}_yuan"


def _columns_of(form: Form) -> Iterator[CellColumn]:
    for table in form.tables:
        for block, row, column in table.slots():
            yield _cell_column(form, table, block, row, column)


def _cell_column(form: Form, table: FormTable, block: Block, row: Row, column: Column) -> CellColumn:
    labels = (block.label, row.label, column.label)
    unit = row.unit or (column.unit if column.unit or column.money else table.unit)
    return CellColumn(
        name=cell_name(table.key, row.key, column.key),
        source=f"{table.key} / {row.key} / {column.key}",
        label=" · ".join(label for label in labels if label),
        unit=unit,
        money=column.money or unit in _MONEY,
        forms=(form.key,),
    )
