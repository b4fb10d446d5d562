"""``gknlp topics``: a topic model fitted to a corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gknlp.cli.output import console, make_table, print_json_lines, say

app = typer.Typer(no_args_is_help=True, help="Topics: what a model finds in the narrative sections.")


@app.command()
def fit(
    folder: Annotated[Path, typer.Argument(help="A corpus folder.", show_default=False)],
    n_topics: Annotated[int, typer.Option("--topics", "-k", min=2, help="How many topics.")] = 8,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the fit; the same seed gives the same topics.")] = 20210930,
    to: Annotated[Path | None, typer.Option(help="A folder for the tables (.parquet and .csv).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line per topic.")] = False,
) -> None:
    """Fit one LDA model and show its topics with their words and stability.

    Example: gknlp topics fit my-corpus --topics 12
    """
    from gknlp.corpus import Corpus, write_table
    from gknlp.topics import TopicConfig, fit_topics

    corpus = Corpus.open(folder)
    config = TopicConfig(n_topics=n_topics, seed=seed)
    tables = fit_topics(corpus.tables_that_count("reports", "units"), config=config)
    if to is not None:
        for name, table in tables.items():
            for ending in ("parquet", "csv"):
                write_table(table, to / f"{name}.{ending}")
        say(f"wrote {len(tables)} tables to {to}")
    words = tables["topic_words"].to_pylist()
    rows = [
        {**topic, "words": [word["word"] for word in words if word["topic"] == topic["topic"]]}
        for topic in tables["topics"].to_pylist()
    ]
    if as_json:
        print_json_lines(rows)
        return
    shown = make_table(">topic", ">size", ">stability", "words")
    for row in rows:
        shown.add_row(str(row["topic"]), f"{row['size']:.2f}", f"{row['stability']:.2f}", " ".join(row["words"][:10]))
    console().print(shown)
