"""The shape (表样) of the official tables: rows of merged headers and slots for cells, as the form prints them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from gknlp.forms import Block, FormTable, load_forms
from gknlp.forms import Row as FormRow
from gknlp.pages.findings.run import Row
from gknlp.pages.words import word

_ORGANISATIONS = (1, 6)
"""Of the applicants' columns, those under 法人或其他组织: all but the natural person and the total."""
_INSIDE = "outcome_total"

Entry = list[Any] | int
"""A header as [label, columns spanned, rows spanned] with, over a column of numbers, its place; or the slot of a cell,
alone or as [slot, columns spanned]."""


@cache
def shape_of(form_key: str | None, table_key: str) -> dict[str, Any] | None:
    """One table of a form as it is printed; None for a form or table that is not known.

    Keys: key, section, caption, unit, note, layout; ``head``: the first rows that are headers only; ``rows``: entries;
    ``slots``: (row key, column key) by slot; ``labels``: the printed row and column labels by slot.
    """
    form = load_forms().get(form_key or "")
    table = form.table(table_key) if form else None
    if table is None:
        return None
    head, rows = _LAYOUTS.get(table.layout, _rows_of_blocks)(table)
    slots = list(table.slots())
    return {
        "key": table.key,
        "section": table.section,
        "caption": word("tables", table.key),
        "unit": table.unit,
        "note": table.note if not _is_grouped(table) else "",
        "layout": table.layout,
        "head": len(head),
        "rows": [*head, *rows],
        "slots": [(row.key, column.key) for _, row, column in slots],
        "labels": [(row.label, column.label) for _, row, column in slots],
    }


def plain_shape(key: str, cells: Sequence[Row]) -> dict[str, Any]:
    """Cells of no known form as a list of keys and values, in text order."""
    cells = sorted(cells, key=lambda cell: (cell["start"] is None, cell["start"] or 0, cell["row"], cell["column"]))
    labels = [f"{cell['row']} · {cell['column']}" for cell in cells]
    return {
        "key": key,
        "section": None,
        "caption": word("tables", key),
        "unit": "",
        "note": "",
        "layout": "plain",
        "head": 0,
        "rows": [[[label, 1, 1], slot] for slot, label in enumerate(labels)],
        "slots": [(cell["row"], cell["column"]) for cell in cells],
        "labels": [(label, "") for label in labels],
    }


def _is_grouped(table: FormTable) -> bool:
    return table.layout == "rows" and len(table.blocks) == 1 and len(table.headers) > 1


def _rows_of_blocks(table: FormTable) -> tuple[list[list[Entry]], list[list[Entry]]]:
    """Blocks below each other, each with its own heads (表二); a single block of grouped rows and columns is table 3."""
    if _is_grouped(table):
        return _grouped_head(table), list(_grouped_rows(table.blocks[0]))
    width = max((len(block.columns) for block in table.blocks), default=0)
    rows: list[list[Entry]] = []
    slot = 0
    for block in table.blocks:
        if block.label:
            rows.append([[block.label, width + 1, 1]])
        rows.append([[table.headers[0] if table.headers else "", 1, 1], *_spread(block, width)])
        for row in block.rows:
            entries, slot = _slots(slot, len(block.columns))
            if len(entries) < width:
                entries[-1] = [entries[-1], width - len(entries) + 1]
            rows.append([[row.label, 1, 1], *entries])
    return [], rows


def _spread(block: Block, width: int) -> list[Entry]:
    """A block's column heads over the full width: the last one spans what is left."""
    last = len(block.columns) - 1
    return [[c.label, 1 if place < last else width - last, 1, place] for place, c in enumerate(block.columns)]


def _slots(slot: int, count: int) -> tuple[list[Entry], int]:
    return list(range(slot, slot + count)), slot + count


def _grouped_head(table: FormTable) -> list[list[Entry]]:
    columns = table.blocks[0].columns
    first, last = _ORGANISATIONS
    single = [[c.label, 1, 2, place] for place, c in enumerate(columns) if not first <= place < last]
    second: list[Entry] = [single[0], [table.headers[1], last - first, 1], *single[1:]]
    third: list[Entry] = [[columns[place].label, 1, 1, place] for place in range(first, last)]
    return [[[table.note, 3, 3], [table.headers[0], len(columns), 1]], second, third]


def _grouped_rows(block: Block) -> Iterator[list[Entry]]:
    slot = 0
    for inside, members in groupby(block.rows, key=lambda row: bool(row.parent) or row.key == _INSIDE):
        rows = list(members)
        heads = list(_outcome_heads(rows)) if inside else [[[row.label, 3, 1]] for row in rows]
        for head in heads:
            entries, slot = _slots(slot, len(block.columns))
            yield [*head, *entries]


def _outcome_heads(rows: Sequence[FormRow]) -> Iterator[list[Entry]]:
    """The heads of the rows inside 三、本年度办理结果: the item, its group where it has one, and the whole at the top."""
    whole: list[Entry] = [[word("row_groups", _INSIDE)["zh"], 1, len(rows)]]
    for parent, members in groupby(rows, key=lambda row: row.parent):
        group = list(members)
        plain = parent in ("", _INSIDE)
        for place, row in enumerate(group):
            above: list[Entry] = [] if plain or place else [[word("row_groups", parent)["zh"], 1, len(group)]]
            yield [*whole, *above, [row.label, 2 if plain else 1, 1]]
            whole = []


def _one_row(table: FormTable) -> tuple[list[list[Entry]], list[list[Entry]]]:
    """All cells in one row below the rows' names (表四); those after the first stand under a head of their own."""
    block = table.blocks[0]
    n = len(block.columns)
    first, *others = block.rows
    top: list[Entry] = [[first.label, n, 2], [table.headers[0], n * len(others), 1]]
    below: list[Entry] = [[row.label, n, 1] for row in others]
    heads: list[Entry] = [
        [column.label, 1, 1, place * n + c]
        for place in range(len(block.rows))
        for c, column in enumerate(block.columns)
    ]
    entries, _ = _slots(0, n * len(block.rows))
    return [top, below, heads], [entries]


def _annex(table: FormTable) -> tuple[list[list[Entry]], list[list[Entry]]]:
    rows: list[list[Entry]] = []
    slot = 0
    for block in table.blocks:
        for row in block.rows:
            entries, slot = _slots(slot, len(block.columns))
            rows.append([[row.label, 1, 1], [row.unit or table.unit, 1, 1], *entries])
    heads: Iterable[Entry] = ([c.label, 1, 1, place] for place, c in enumerate(table.blocks[0].columns))
    return [[["", 2, 1], *heads]], rows


_LAYOUTS = {"rows": _rows_of_blocks, "one_row": _one_row, "annex": _annex}
