"""Cells of the official form from a table's tokens: by label and position, never by counting zeros.

What is printed but blank is null with its place; what is not found or cannot be trusted is null with a diagnostic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from gknlp.forms import Block, Column, FormTable, Row
from gknlp.parse.labels import Match, is_value_like, match_rows
from gknlp.parse.layout import Flat, Token
from gknlp.records import Cell, Diagnostic, Span
from gknlp.text.folding import fold_label
from gknlp.text.numerals import is_blank_mark, parse_amount, yuan_of


@dataclass(frozen=True, slots=True)
class ReadTable:
    """Every cell of one table of the form, and what was wrong with it."""

    cells: tuple[Cell, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class _Slots:
    """The tokens behind one label; None where they do not fit the row's columns."""

    tokens: tuple[Token, ...] | None
    n_found: int


def read_rows(table: FormTable, flat: Flat) -> ReadTable:
    """A table of labelled rows (tables 2 and 3) as cells, in the form's order."""
    matches = {match.index: match for match in match_rows(table, flat)}
    rows = [(block, row) for block in table.blocks for row in block.rows]
    runs = {index: _run_behind(flat, match) for index, match in matches.items()}
    lead = _common_lead(runs, rows) if flat.keeps_blanks else 0
    cells: list[Cell] = []
    diagnostics: list[Diagnostic] = []
    for index, (block, row) in enumerate(rows):
        match = matches.get(index)
        if match is None:
            cells += _nulls(table, block, row)
            diagnostics.append(Diagnostic("row_missing", "warning", None, row.label, None))
            continue
        diagnostics += _check_label(flat, match, row)
        slots = _slots(flat, runs[index], len(block.columns), lead)
        if slots.tokens is None:
            cells += _nulls(table, block, row)
            span = Span(flat.tokens[match.first].span.start, flat.tokens[match.last].span.end)
            expected = f"{table.key}.{row.key}: {len(block.columns)}"
            diagnostics.append(Diagnostic("row_damaged", "error", span, expected, str(slots.n_found)))
            continue
        for column, token in zip(block.columns, slots.tokens, strict=True):
            cell, diagnostic = read_cell(table, row, column, token)
            cells.append(cell)
            diagnostics += diagnostic
    return ReadTable(tuple(cells), tuple(diagnostics))


def read_one_row(table: FormTable, flat: Flat) -> ReadTable:
    """A table whose numbers all stand in one row behind its headers (table 4)."""
    slots = list(table.slots())
    tokens = _data_row(table, flat, len(slots))
    if tokens is None:
        cells = tuple(cell for block in table.blocks for row in block.rows for cell in _nulls(table, block, row))
        code = "table_damaged" if flat.tokens else "table_missing"
        return ReadTable(cells, (Diagnostic(code, "error", _extent(flat), table.key, None),))
    read = [read_cell(table, row, column, token) for (_, row, column), token in zip(slots, tokens, strict=True)]
    return ReadTable(tuple(cell for cell, _ in read), tuple(d for _, found in read for d in found))


def null_table(table: FormTable, diagnostic: Diagnostic) -> ReadTable:
    """The table with every cell null, for the one reason given."""
    cells = (cell for block in table.blocks for row in block.rows for cell in _nulls(table, block, row))
    return ReadTable(tuple(cells), (diagnostic,))


def _data_row(table: FormTable, flat: Flat, n: int) -> tuple[Token, ...] | None:
    headers = {fold_label(column.label) for block in table.blocks for column in block.columns}
    last = max((i for i, token in enumerate(flat.tokens) if fold_label(token.raw) in headers), default=-1)
    behind = flat.tokens[last + 1 :]
    if row := _whole_row(behind, n):
        return row
    start = next((i for i, token in enumerate(behind) if token.raw and is_value_like(token)), None)
    if start is None:
        return None
    run: list[Token] = []
    for token in behind[start:]:
        if token.raw and not is_value_like(token):
            break
        run.append(token)
    filled = [token for token in run if token.raw]
    if len(filled) == n:
        return tuple(filled)
    # A blank before the first number may be the header's or the row's: then the numbers could be shifted, and are not read.
    if flat.keeps_blanks and start == 0 and len(filled) < n <= len(run) and not any(token.raw for token in run[n:]):
        return tuple(run[:n])
    return None


def _whole_row(tokens: Sequence[Token], n: int) -> tuple[Token, ...] | None:
    """The first row of exactly ``n`` numbers or blanks, where rows are lines."""
    rows: dict[int, list[Token]] = {}
    for token in tokens:
        if token.row is not None:
            rows.setdefault(token.row, []).append(token)
    fits = (row for row in rows.values() if len(row) == n and all(map(is_value_like, row)))
    return next((tuple(row) for row in fits), None)


def _slots(flat: Flat, run: Sequence[Token], n: int, lead: int) -> _Slots:
    """The ``n`` tokens of a row: all that are filled, or with the blanks where the layout keeps them."""
    filled = [token for token in run if token.raw]
    if len(filled) == n:
        return _Slots(tuple(filled), n)
    if len(filled) > n or not flat.keeps_blanks:
        return _Slots(None, len(filled))
    placed = run[lead:]
    if len(placed) < n or any(token.raw for token in run[:lead]) or any(token.raw for token in placed[n:]):
        return _Slots(None, len(filled))
    if not placed[0].raw and lead == 0 and len(placed) > n and _is_ambiguous(placed, n):
        return _Slots(None, len(filled))
    return _Slots(tuple(placed[:n]), n)


def _is_ambiguous(placed: Sequence[Token], n: int) -> bool:
    """Whether more blanks follow than columns and none but blanks come first: the row could be shifted."""
    return any(token.raw for token in placed) and not all(not token.raw for token in placed[:n])


def _run_behind(flat: Flat, match: Match) -> tuple[Token, ...]:
    """The tokens behind a label: to the end of its line, or as long as they are numbers or blank."""
    row = flat.tokens[match.last].row
    start = stop = match.last + 1
    for token in islice(flat.tokens, start, None):
        if (token.raw and not is_value_like(token)) if row is None else token.row != row:
            break
        stop += 1
    return flat.tokens[start:stop]


def _common_lead(runs: Mapping[int, Sequence[Token]], rows: Sequence[tuple[Block, Row]]) -> int:
    """How many blank cells stand between label and first number in the rows that are complete (merged labels)."""
    leads: Counter[int] = Counter()
    for index, (block, _) in enumerate(rows):
        filled = [place for place, token in enumerate(runs.get(index, ())) if token.raw]
        if len(filled) == len(block.columns):
            leads[filled[0]] += 1
    return min(leads, key=lambda lead: (-leads[lead], lead)) if leads else 0


def _check_label(flat: Flat, match: Match, row: Row) -> Iterator[Diagnostic]:
    printed = " ".join(token.raw for token in flat.tokens[match.first : match.last + 1])
    if match.score < 1.0 and not fold_label(printed).endswith(fold_label(row.label)):
        span = Span(flat.tokens[match.first].span.start, flat.tokens[match.last].span.end)
        yield Diagnostic("label_typo", "info", span, row.label, printed)


def _nulls(table: FormTable, block: Block, row: Row) -> list[Cell]:
    return [
        Cell(table.key, row.key, column.key, None, None, _unit(table, column), None, None) for column in block.columns
    ]


def _unit(table: FormTable, column: Column) -> str | None:
    return column.unit if column.unit or column.money else table.unit


def read_cell(table: FormTable, row: Row, column: Column, token: Token) -> tuple[Cell, list[Diagnostic]]:
    """The cell that a token prints: blank is null with its place, what is no number by the grammar is null and told."""
    unit = _unit(table, column)
    amount = parse_amount(token.raw)
    if amount is None:
        cell = Cell(table.key, row.key, column.key, token.raw, None, unit, None, token.span)
        if is_blank_mark(token.raw):
            return cell, []
        expected = f"{table.key}.{row.key}.{column.key}"
        return cell, [Diagnostic("cell_unreadable", "warning", token.span, expected, token.raw)]
    yuan = None
    if column.money:
        unit = amount.unit or column.unit
        yuan = yuan_of(amount.digits, unit)
    return Cell(table.key, row.key, column.key, token.raw, amount.value, unit, yuan, token.span), []


def _extent(flat: Flat) -> Span | None:
    return Span(flat.tokens[0].span.start, flat.tokens[-1].span.end) if flat.tokens else None
