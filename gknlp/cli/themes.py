"""``gknlp themes``: the codebook, and units classified by it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gknlp.cli.output import console, make_table, print_json_lines, say

app = typer.Typer(no_args_is_help=True, help="Themes: a codebook, and the units of a corpus classified by it.")


@app.command()
def codebook() -> None:
    """Print the codebook as a page (Markdown) to hand to coders.

    Example: gknlp themes codebook > codebook.md
    """
    from gknlp.themes import codebook_markdown, load_codebook

    typer.echo(codebook_markdown(load_codebook()))


@app.command()
def classify(
    folder: Annotated[Path, typer.Argument(help="A corpus folder.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line per unit.")] = False,
    to: Annotated[Path | None, typer.Option(help="Also write the labels to a .csv or .parquet file.")] = None,
) -> None:
    """Label every unit with its themes by the dictionary of the codebook.

    Example: gknlp themes classify my-corpus --json
    """
    from gknlp.corpus import Corpus, write_table
    from gknlp.interop import label_as_dict
    from gknlp.themes import classify_corpus, load_codebook

    corpus = Corpus.open(folder)
    labels = classify_corpus(corpus.tables_that_count("reports", "units"))["theme_labels"]
    if to is not None:
        write_table(labels, to)
        say(f"wrote {to}")
    rows = [label_as_dict(row) for row in labels.to_pylist()]
    if as_json:
        print_json_lines(rows)
        return
    names = {theme.code: f"{theme.name_zh}  {theme.name_en}" for theme in load_codebook().themes}
    table = make_table("theme", "name", ">units with it first")
    for code in sorted({row["primary"] for row in rows if row["primary"]}):
        table.add_row(code, names[code], str(sum(row["primary"] == code for row in rows)))
    table.add_row("", "no theme reached the threshold", str(sum(row["abstained"] for row in rows)))
    console().print(table)
