"""What must hold of a report that was cut off somewhere, and what every span must show."""

from __future__ import annotations

from gknlp.forms import load_forms
from gknlp.records import Cell, Diagnostic, Report

WHOLE = ("tables_lost", "repeated_lines_removed")
ROWS = {
    (form.key, table.key, row.key): (order, row.label)
    for form in load_forms().values()
    for table in form.tables
    for order, row in enumerate(row for block in table.blocks for row in block.rows)
}


def cells_of(report: Report) -> dict[tuple[str, str, str], Cell]:
    return {(cell.table, cell.row, cell.column): cell for cell in report.cells}


def untold(cut: Report, full: Report, full_cells: dict[tuple[str, str, str], Cell]) -> list[object]:
    """Cells of the cut report that say something else than the whole one, or nothing without a diagnostic on it."""
    codes = {note.code for note in cut.diagnostics if note.severity != "info"}
    cells = cells_of(cut)
    if "not_a_report" in codes:  # the document as a whole is refused
        return []
    if "form_missing" in codes:
        return list(cut.cells)
    wrong: list[object] = []
    for key in sorted(cells.keys() | full_cells.keys()):
        cell, whole = cells.get(key), full_cells.get(key)
        said = (cell.raw, cell.value, cell.value_yuan) if cell else (None, None, None)
        if whole is not None and said == (whole.raw, whole.value, whole.value_yuan):
            continue
        if said[1] is not None or not any(_tells(note, (str(full.form.value), *key)) for note in cut.diagnostics):
            wrong.append((key, said, whole and whole.raw))
    return wrong


def _tells(note: Diagnostic, key: tuple[str, str, str, str]) -> bool:
    """Whether a diagnostic says that this very cell is not what was printed."""
    form, table, row, column = key
    expected = note.expected or ""
    if note.severity == "info":
        return False
    if note.code in WHOLE or (note.code in ("table_missing", "table_damaged") and expected == table):
        return True
    if note.code == "row_missing":
        return expected == ROWS[form, table, row][1]
    if note.code == "text_cut_off" and table == "t1" and ": " in expected:  # the annex: this row and all behind it
        return ROWS[form, table, row][0] >= ROWS[form, table, expected.partition(": ")[0].removeprefix("t1.")][0]
    return expected.partition(":")[0] in (f"{table}.{row}", f"{table}.{row}.{column}")


def false_spans(report: Report) -> list[object]:
    """Whatever does not stand in the text where it claims to stand."""
    text = report.text
    wrong: list[object] = [
        cell for cell in report.cells if cell.span and text[cell.span.start : cell.span.end] != cell.raw
    ]
    wrong += [unit for unit in report.units if text[unit.span.start : unit.span.end] != unit.text or not unit.text]
    wrong += [s for s in report.sections if not text[s.span.start : s.span.end].startswith(s.heading)]
    spans = [note.span for note in report.diagnostics if note.span]
    spans += [span for found in (report.title, report.agency.name, report.year, report.form) for span in found.evidence]
    wrong += [span for span in spans if not 0 <= span.start <= span.end <= len(text)]
    return wrong
