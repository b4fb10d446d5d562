"""What one version of the official form prints: sections, tables, rows, columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a block; ``money`` columns print sums whose unit may stand in the cell."""

    key: str
    label: str
    unit: str | None = None
    signed: bool = False
    money: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row that holds numbers; ``parent`` is the group it is a part of, '' for none."""

    key: str
    label: str
    parent: str = ""
    variants: tuple[str, ...] = ()
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that share their columns, e.g. one item (第二十条第（一）项) of table 2."""

    label: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FormTable:
    """One table of the form. ``layout`` "rows": a labelled row of numbers; "one_row": all numbers in one row;
    "annex": a label, its unit, a number.
    """

    key: str
    section: str
    caption: str
    unit: str
    layout: str
    headers: tuple[str, ...]
    note: str
    blocks: tuple[Block, ...]

    def slots(self) -> Iterator[tuple[Block, Row, Column]]:
        """Every cell of the table as (block, row, column), in printed order."""
        for block in self.blocks:
            for row in block.rows:
                for column in block.columns:
                    yield block, row, column


@dataclass(frozen=True, slots=True)
class SectionKind:
    """One section (部分) of the form: its number, title and the other headings printed for it."""

    key: str
    number: str
    title: str
    kind: str
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One version of the form; each is loaded once and known by identity. ``ordered``: sections come in this order; ``last_year`` None: still in use."""

    key: str
    name_zh: str
    basis: str
    first_year: int
    last_year: int | None
    markers: tuple[str, ...]
    ordered: bool
    sections: tuple[SectionKind, ...]
    tables: tuple[FormTable, ...]

    def table(self, key: str) -> FormTable | None:
        """The table with this key (t2, t3, t4); None where the form has no such table."""
        return next((table for table in self.tables if table.key == key), None)
