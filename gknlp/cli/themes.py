"""``gknlp themes``: the codebook, and units classified by it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gknlp.cli import themes_coding, themes_learned
from gknlp.cli.output import console, make_table, print_json_lines, say

app = typer.Typer(no_args_is_help=True, help="Themes: a codebook, and the units of a corpus classified by it.")


@app.command()
def codebook(
    to: Annotated[Path | None, typer.Option(help="Write the page to a .md or .html file instead.")] = None,
) -> None:
    """Print the codebook as a page (Markdown) to hand to coders.

    Example: gknlp themes codebook --to codebook.html
    """
    from gknlp.errors import UsageError
    from gknlp.themes import codebook_html, codebook_markdown, load_codebook

    if to is None:
        typer.echo(codebook_markdown(load_codebook()))
        return
    if to.suffix not in (".md", ".html"):
        raise UsageError(f"{to}: a codebook is written as .md or .html")
    page = codebook_html if to.suffix == ".html" else codebook_markdown
    to.write_text(page(load_codebook()), encoding="utf-8")
    say(f"wrote {to}")


@app.command()
def classify(
    folder: Annotated[Path, typer.Argument(help="A corpus folder.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line per unit.")] = False,
    to: Annotated[Path | None, typer.Option(help="Also write the labels to a .csv or .parquet file.")] = None,
    model: Annotated[
        str, typer.Option(help="'dictionary', a shipped model by its name, or the folder of a trained one.")
    ] = "dictionary",
    threshold: Annotated[
        float | None, typer.Option(help="Abstain below this score or probability; none means the classifier's own.")
    ] = None,
) -> None:
    """Label every unit with its themes: by the dictionary of the codebook, or by a trained model.

    Example: gknlp themes classify my-corpus --json --model themes-v1
    """
    from gknlp.corpus import Corpus, write_table
    from gknlp.interop import label_as_dict
    from gknlp.themes import DictionaryConfig, classify_corpus, load_codebook

    tables = Corpus.open(folder).tables_that_count("reports", "units")
    if model == "dictionary":
        config = DictionaryConfig() if threshold is None else DictionaryConfig(threshold=threshold)
        labels = classify_corpus(tables, config=config)["theme_labels"]
    else:
        from gknlp.themes.learned import classify_by_model

        labels = classify_by_model(tables, model, threshold=threshold, codebook=load_codebook())["theme_labels"]
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


for _command in (themes_coding.sample, themes_coding.agree, themes_coding.adjudicate, themes_coding.prevalence):
    app.command()(_command)
app.command()(themes_learned.train)
app.command()(themes_learned.evaluate)
app.command()(themes_learned.compare)
