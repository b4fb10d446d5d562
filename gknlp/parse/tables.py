"""The official tables of one report: where each stands, its cells, and whether they can be trusted at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from gknlp.forms import Form, FormTable
from gknlp.parse.cells import ReadTable, null_table, read_one_row, read_rows
from gknlp.parse.headings import Heading
from gknlp.parse.layout import flatten_region
from gknlp.parse.prose import note_prose, read_prose
from gknlp.records import Cell, Diagnostic, Scalar, Span
from gknlp.text.lines import Line, lines_within

TABLE_SECTIONS = ("proactive_table", "requests_table", "review_table")
_FEWEST_LINES = 12
"""A form printed cell by cell has hundreds of lines; fewer than this say nothing about repetition."""
_DAMAGED_ROWS = 2


def table_region(text: str, headings: Sequence[Heading]) -> Span:
    """From the first table section's heading to the section behind the tables; the whole text where none is found."""
    tables = [h for h in headings if h.key in TABLE_SECTIONS]
    if not tables:
        before = [h for h in headings if h.key == "overview"]
        after = [h for h in headings if h.key in ("problems_improvements", "other_matters")]
        return Span(before[0].body if before else 0, after[0].span.start if after else len(text))
    behind = [h for h in headings if h.order > tables[-1].order]
    return Span(tables[0].body, behind[0].span.start if behind else len(text))


def read_tables(
    text: str, lines: Sequence[Line], headings: Sequence[Heading], form: Form, year: Scalar = None
) -> ReadTable:
    """Every cell of the form in its printed order, nulls included; with what was wrong.

    Where a section has sentences in place of its table, the cells they name are read from them; ``year`` is the one reported on.
    """
    whole = table_region(text, headings)
    read = [(table, _read_table(text, lines, table, _own_region(table, headings, whole))) for table in form.tables]
    sections = {heading.key for heading in headings}
    read = [
        (table, _read_sentences(text, table, _own_region(table, headings, whole), found, year))
        if table.section in sections
        else (table, found)
        for table, found in read
    ]
    if _repeated_lines_removed(lines_within(text, lines, whole.start, whole.end), [r for _, r in read]):
        reason = Diagnostic("repeated_lines_removed", "error", whole, "one line per printed cell", "no line twice")
        read = [(table, null_table(table, reason)) for table in form.tables]
        return ReadTable(tuple(cell for _, r in read for cell in r.cells), (reason,))
    cells = tuple(cell for _, r in read for cell in r.cells)
    diagnostics = [diagnostic for _, r in read for diagnostic in r.diagnostics]
    if read and all(r.diagnostics and r.diagnostics[0].code == "table_missing" for _, r in read):
        lost = Diagnostic("tables_lost", "error", None, "tables 2, 3 and 4", "headings only")
        diagnostics = [lost, *(found for found in diagnostics if found.code == "cells_from_prose")]
    return distrust_cut_end(text, ReadTable(cells, tuple(diagnostics)))


def _own_region(table: FormTable, headings: Sequence[Heading], whole: Span) -> Span:
    """The table's own section; where its heading is lost, the stretch from the section before to the one behind."""
    for index, heading in enumerate(headings):
        if heading.key == table.section:
            stop = headings[index + 1].span.start if index + 1 < len(headings) else whole.end
            return Span(heading.body, max(stop, heading.body))
    order = TABLE_SECTIONS.index(table.section)
    before = [h for h in headings if h.key in TABLE_SECTIONS[:order]]
    after = [h for h in headings if h.key in TABLE_SECTIONS[order + 1 :]]
    start = before[-1].body if before else whole.start
    return Span(start, max(start, after[0].span.start if after else whole.end))


def _read_table(text: str, lines: Sequence[Line], table: FormTable, region: Span) -> ReadTable:
    flat = flatten_region(text, lines, region)
    if not flat.tokens:
        return null_table(table, Diagnostic("table_missing", "error", None, table.key, None))
    read = read_one_row(table, flat) if table.layout == "one_row" else read_rows(table, flat)
    if not any(cell.span for cell in read.cells):
        missing = all(d.code == "row_missing" for d in read.diagnostics)
        code = "table_missing" if missing else "table_damaged"
        return null_table(table, Diagnostic(code, "error", region if len(region) else None, table.key, None))
    return read


def _read_sentences(text: str, table: FormTable, region: Span, read: ReadTable, year: Scalar) -> ReadTable:
    """The table as read; where nothing of it was found, with the cells that its section's sentences name."""
    if any(cell.span for cell in read.cells):
        return read
    said = read_prose(text, table, region, year)
    if not said:
        return read
    cells = tuple(said.get((cell.row, cell.column), cell) for cell in read.cells)
    return ReadTable(cells, (*read.diagnostics, note_prose(table, region, len(said))))


def _repeated_lines_removed(lines: Sequence[Line], read: Sequence[ReadTable]) -> bool:
    """Whether an extractor dropped every line seen before: labels once, a single 0 left - it looks like one cell a line.

    The form prints 信息内容 four times and 结果维持 three times, and its zeros by the dozen; where no line at all stands
    twice and rows lack numbers, whatever numbers are left may stand behind the wrong label.
    """
    damaged = sum(
        diagnostic.code in ("row_damaged", "table_damaged") for table in read for diagnostic in table.diagnostics
    )
    if damaged < _DAMAGED_ROWS:
        return False
    printed = Counter(line.text.strip("|\t ") for line in lines)
    printed.pop("", None)
    return sum(printed.values()) >= _FEWEST_LINES and max(printed.values()) == 1


def distrust_cut_end(text: str, read: ReadTable) -> ReadTable:
    """The cells without those that the end of the text may have cut off: 25 cut to 2 is wrong without a trace.

    A number is complete once a line break or a pipe stands behind it, a blank cell once a pipe does.
    """
    printed, filled = len(text.rstrip()), len(text.rstrip(" \t\u3000"))
    cut = [cell for cell in read.cells if cell.span and cell.span.end >= (filled if cell.raw else printed)]
    if not cut:
        return read
    cells: tuple[Cell, ...] = tuple(
        replace(cell, raw=None, value=None, value_yuan=None, span=None) if cell in cut else cell for cell in read.cells
    )
    notes = tuple(
        Diagnostic("text_cut_off", "error", cell.span, f"{cell.table}.{cell.row}.{cell.column}", cell.raw)
        for cell in cut
    )
    return ReadTable(cells, (*read.diagnostics, *notes))
