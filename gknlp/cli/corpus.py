"""``gknlp corpus``: many files to a corpus folder, and what it holds."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from gknlp.cli.output import console, make_table, print_json, print_json_lines, progress_bar, say

app = typer.Typer(no_args_is_help=True, help="Build a corpus from files and look at what it holds.")

Folder = Annotated[Path, typer.Argument(help="A corpus folder, as built by gknlp corpus build.", show_default=False)]
Corrections = Annotated[
    Path | None,
    typer.Option(help="A CSV of report,field,value,was,reason; kept through later builds.", show_default=False),
]
Agencies = Annotated[
    Path | None,
    typer.Option(
        help="A CSV of name,successor,since,kind,note (rename, merger, alias); kept through later builds.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def build(
    sources: Annotated[
        list[Path], typer.Argument(help="Files, folders, .zip archives or .jsonl dumps of reports.", show_default=False)
    ],
    to: Annotated[
        Path, typer.Option(help="The corpus folder; made, or extended when it is there.", show_default=False)
    ],
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Worker processes, one a core by default; any number gives the same result."),
    ] = None,
    corrections: Corrections = None,
    agencies: Agencies = None,
    as_json: AsJson = False,
) -> None:
    """Build a corpus, or extend it: files it already holds are left alone.

    Example: gknlp corpus build reports/ more.zip --to my-corpus

    Exit code 1 when something was quarantined (see gknlp corpus sources), 3 when nothing could be parsed.
    """
    from gknlp.corpus import BuildOptions, build_corpus

    with progress_bar("reading") as bar:
        summary = build_corpus(
            sources,
            to,
            options=BuildOptions(workers=workers),
            progress=(lambda step: bar.update(step.n_done, step.n_inputs)) if bar else None,
            corrections=corrections,
            agencies=agencies,
        )
    if as_json:
        print_json(asdict(summary))
    else:
        console().print(
            f"{summary.n_inputs} inputs: {summary.n_parsed} parsed, {summary.n_quarantined} quarantined, "
            f"{summary.n_skipped} skipped; {summary.n_new} of them new to {to}"
        )
    if summary.n_quarantined:
        say(f"gknlp: some inputs could not be used; see why with: gknlp corpus sources {to}")
    if summary.n_parsed == 0:
        say("gknlp: nothing could be parsed")
        raise typer.Exit(3)
    if summary.n_quarantined:
        raise typer.Exit(1)


@app.command()
def correct(
    folder: Folder,
    file: Annotated[
        Path | None,
        typer.Argument(
            help="The corrections: a CSV of report,field,value,was,reason. One with a header alone takes them back.",
            show_default=False,
        ),
    ] = None,
    agencies: Agencies = None,
    as_json: AsJson = False,
) -> None:
    """Correct what a corpus says of reports, and say which agencies are one; sources are left as they are.

    A report is named by its path (see gknlp corpus sources), its doc_id or its SHA-256; a field is agency, year, region,
    level, kind, published, title, or a cell such as t3.new_requests.natural_person. The file takes the place of the last.

    Example: gknlp corpus correct my-corpus corrections.csv --agencies agencies.csv

    Exit code 1 when a correction was not applied (see gknlp corpus export --table corrections).
    """
    from gknlp.corpus import correct_corpus
    from gknlp.errors import UsageError

    if file is None and agencies is None:
        raise UsageError("nothing to do: name a corrections file, or an agencies file with --agencies")
    summary = correct_corpus(folder, corrections=file, agencies=agencies)
    n_left = summary.n_stale + summary.n_no_report
    if as_json:
        print_json(asdict(summary))
    else:
        console().print(
            f"corrections: {summary.n_applied} applied, {summary.n_stale} stale, {summary.n_no_report} of no report; "
            f"agencies: {summary.n_renames} renames, {summary.n_aliases} aliases, {summary.n_mergers} mergers"
        )
    if n_left:
        say(
            f"gknlp: {n_left} corrections were not applied; see which with: "
            f"gknlp corpus export {folder} --table corrections --to corrections.csv"
        )
        raise typer.Exit(1)


@app.command()
def info(folder: Folder, as_json: AsJson = False) -> None:
    """What a corpus holds: reports by year, form and level; its manifest number and hash.

    Example: gknlp corpus info my-corpus
    """
    from gknlp.corpus import Corpus

    facts = Corpus.open(folder).info()
    if as_json:
        print_json(facts)
        return
    table = make_table("", "")
    for key, value in facts.items():
        shown = ", ".join(f"{k}: {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
        table.add_row(key, shown)
    console().print(table)


@app.command()
def sources(folder: Folder, as_json: AsJson = False) -> None:
    """Every input that was seen and what became of it.

    Example: gknlp corpus sources my-corpus --json

    Exit code 1 when something was quarantined.
    """
    from gknlp.corpus import Corpus
    from gknlp.interop import source_as_dict

    rows = [source_as_dict(row) for row in Corpus.open(folder).table("sources").to_pylist()]
    if as_json:
        print_json_lines(rows)
    else:
        table = make_table("outcome", "path", "reason or diagnostics")
        for row in sorted(rows, key=lambda row: row["outcome"] == "parsed"):
            table.add_row(row["outcome"], row["path"], row["reason"] or ", ".join(row["findings"]))
        console().print(table)
    if any(row["outcome"] == "quarantined" for row in rows):
        raise typer.Exit(1)


@app.command()
def export(
    folder: Folder,
    table: Annotated[
        str,
        typer.Option(
            help="A corpus table (reports, units, cells, ...), or one for statistics: cells_long, cells_wide, findings, "
            "panel, coverage.",
            show_default=False,
        ),
    ],
    to: Annotated[Path, typer.Option(help="A .csv, .xlsx, .parquet or .dta (Stata) file.", show_default=False)],
    codebook: Annotated[
        Path | None, typer.Option(help="Also describe every column, in a .md or .csv file.", show_default=False)
    ] = None,
    with_text: Annotated[bool, typer.Option("--with-text", help="Keep whole texts in .csv, .xlsx and .dta.")] = False,
    with_contacts: Annotated[
        bool, typer.Option("--with-contacts", help="Leave telephone numbers, mail addresses and names unmasked.")
    ] = False,
) -> None:
    """Write one table to a file for other programs; contacts in it are masked.

    Example: gknlp corpus export my-corpus --table panel --to panel.dta --codebook panel.md
    """
    from gknlp.corpus import Corpus
    from gknlp.interop.export import ExportRequest, export_table

    request = ExportRequest(table=table, to=to, codebook=codebook, with_text=with_text, with_contacts=with_contacts)
    summary = export_table(Corpus.open(folder), request)
    for note in summary.notes:
        say(f"gknlp: {note}")
    say(f"wrote {to}: {summary.n_rows} rows, {summary.n_columns} columns")
    if codebook:
        say(f"wrote {codebook}")
