"""``gknlp read``: one report and what was understood of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gknlp.cli.output import console, make_table, print_json

if TYPE_CHECKING:
    from gknlp.records import Cell, Found, RawDocument, Report

_MOST_MEMBERS = 10
_NARROWEST = 6
"""Columns of numbers are at least this wide, and no wider than their longest number: the labels need the room."""


def read(
    file: Annotated[Path, typer.Argument(help="One report, e.g. reports/liuwan-2021.txt", show_default=False)],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object: every value with its evidence.")
    ] = False,
) -> None:
    """Read one report and show what was understood, with the evidence.

    Example: gknlp read liuwan-2021.txt --json

    Exit code 1 when the report has a diagnostic of severity error, 3 when the file cannot be read at all.
    """
    from gknlp.interop import report_as_dict
    from gknlp.parse import parse_report

    report = parse_report(_load(file))
    if as_json:
        print_json(report_as_dict(report))
    else:
        _show(report)
    if any(diagnostic.severity == "error" for diagnostic in report.diagnostics):
        raise typer.Exit(1)


def _load(file: Path) -> RawDocument:
    from gknlp.errors import UsageError
    from gknlp.readers import is_container, list_members, read_file

    if not file.is_file():
        raise UsageError(f"{file} is no file; for a folder use: gknlp corpus build {file} --to DIR")
    if is_container(file):
        members = list_members(file)
        shown = ", ".join(members[:_MOST_MEMBERS]) + (", ..." if len(members) > _MOST_MEMBERS else "")
        raise UsageError(
            f"{file.name} holds {len(members)} documents ({shown}); read takes one report: "
            f"unpack it, or use gknlp corpus build {file} --to DIR"
        )
    return read_file(file)


def _show(report: Report) -> None:
    out = console()
    facts = make_table("", "understood", "status", "evidence")
    for name, found in (
        ("title", report.title),
        ("agency", report.agency.name),
        ("year", report.year),
        ("form", report.form),
    ):
        facts.add_row(name, "" if found.value is None else str(found.value), found.status, _evidence(report, found))
    facts.add_row("level, kind", f"{report.agency.level or '?'}, {report.agency.kind or '?'}", "", "")
    out.print(facts)
    sections = make_table("section", "heading", ">characters", ">units")
    for section in report.sections:
        n_units = sum(unit.section == section.key for unit in report.units)
        sections.add_row(section.key, " ".join(section.heading.split()), f"{len(section.span)}", str(n_units))
    out.print(sections)
    _show_tables(report)
    _show_diagnostics(report)


def _evidence(report: Report, found: Found) -> str:
    pieces = [" ".join(report.text[span.start : span.end].split()) for span in found.evidence[:3]]
    more = f" and {len(found.evidence) - 3} more" if len(found.evidence) > 3 else ""
    return "「" + "」「".join(pieces) + "」" + more if pieces else ""


def _show_tables(report: Report) -> None:
    """Every cell of the form, as the report prints it; '·' is printed blank, '?' could not be read."""
    from rich.cells import cell_len

    from gknlp.forms import load_forms

    form = load_forms().get(str(report.form.value))
    cells = {(cell.table, cell.row, cell.column): cell for cell in report.cells}
    for table in form.tables if form and cells else ():
        for block in table.blocks:
            values = [[_shown(cells[table.key, row.key, column.key]) for column in block.columns] for row in block.rows]
            widest = max(_NARROWEST, *(cell_len(value) for row in values for value in row))
            heads = (f">{column.label}" for column in block.columns)
            shown = make_table(block.label or table.caption, *heads, number_width=widest)
            for row, printed in zip(block.rows, values, strict=True):
                shown.add_row(row.label.split("（区分")[0], *printed)
            console().print(shown)


def _shown(cell: Cell) -> str:
    if cell.span is None:
        return "?"
    return (cell.raw or "") if cell.value is not None else cell.raw or "·"


def _show_diagnostics(report: Report) -> None:
    out = console()
    if not report.diagnostics:
        out.print("no diagnostics")
        return
    table = make_table("severity", "diagnostic", "at", "expected", "found")
    for item in report.diagnostics:
        place = f"{item.span.start}-{item.span.end}" if item.span else ""
        table.add_row(item.severity, item.code, place, item.expected or "", " ".join((item.found or "").split()))
    out.print(table)
