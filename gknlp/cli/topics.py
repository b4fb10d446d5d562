"""``gknlp topics``: topic models fitted to a corpus, and numbers of topics compared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gknlp.cli import topics_effects
from gknlp.cli.output import console, make_table, print_json_lines, say
from gknlp.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

app = typer.Typer(no_args_is_help=True, help="Topics: what a model finds in the narrative sections.")

Folder = Annotated[Path, typer.Argument(help="A corpus folder.", show_default=False)]
Method = Annotated[str, typer.Option(help="lda, nmf, or reference (scikit-learn's batch LDA).")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the first fit; the same seed gives the same topics.")]
Runs = Annotated[int, typer.Option(min=1, help="Fits from seeds that follow each other.")]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Fits side by side; changes no result.", show_default="one a core")
]
To = Annotated[Path | None, typer.Option(help="A folder for the tables (.parquet and .csv).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON line for each row.")]


@app.command()
def fit(
    folder: Folder,
    n_topics: Annotated[int, typer.Option("--topics", "-k", min=2, help="How many topics.")] = 8,
    method: Method = "lda",
    runs: Runs = 10,
    seed: Seed = 20210930,
    previous: Annotated[
        Path | None, typer.Option(help="Tables of an earlier fit, whose topic ids and labels go on.")
    ] = None,
    workers: Workers = None,
    to: To = None,
    as_json: AsJson = False,
) -> None:
    """Fit a topic model several times, keep the fit most like the others, show its topics with words and stability.

    Example: gknlp topics fit my-corpus --topics 12 --to my-topics
    """
    from gknlp.corpus import Corpus
    from gknlp.topics import ModelConfig, model_topics

    config = ModelConfig(n_topics=n_topics, seed=seed, n_runs=runs, method=method)  # type: ignore[arg-type]  # checked there
    corpus = Corpus.open(folder)
    earlier = None if previous is None else _read_previous(previous)
    tables = model_topics(
        corpus.tables_that_count("reports", "units"), config=config, previous=earlier, workers=workers
    )
    _write(tables, to)
    words = tables["topic_words"].to_pylist()
    rows = [
        {**topic, "words": [word["word"] for word in words if word["topic"] == topic["topic"]]}
        for topic in tables["topics"].to_pylist()
    ]
    if as_json:
        print_json_lines(rows)
        return
    shown = make_table(">topic", "id", ">size", ">stability", "words")
    for row in rows:
        stability = "-" if row["stability"] is None else f"{row['stability']:.2f}"
        stability += " unstable" if row["unstable"] else ""
        shown.add_row(str(row["topic"]), row["topic_id"], f"{row['size']:.2f}", stability, " ".join(row["words"][:10]))
    console().print(shown)


@app.command()
def sweep(
    folder: Folder,
    topics: Annotated[str, typer.Option("--topics", "-k", help="Numbers of topics, with commas.")] = "5,10,15,20,30",
    method: Method = "lda",
    runs: Runs = 10,
    seed: Seed = 20210930,
    workers: Workers = None,
    to: To = None,
    as_json: AsJson = False,
) -> None:
    """Compare numbers of topics: perplexity, coherence, exclusivity, diversity and stability side by side.

    Example: gknlp topics sweep my-corpus --topics 5,10,20
    """
    from gknlp.corpus import Corpus
    from gknlp.topics import SweepConfig, sweep_topics
    from gknlp.topics.choice import MEASURES, WHY_NOT_COHERENCE_ALONE

    config = SweepConfig(grid=_read_grid(topics), seed=seed, n_runs=runs, method=method)  # type: ignore[arg-type]  # checked there
    corpus = Corpus.open(folder)
    tables = sweep_topics(corpus.tables_that_count("reports", "units"), config=config, workers=workers)
    _write(tables, to)
    rows = tables["topic_choice"].to_pylist()
    if as_json:
        print_json_lines(rows)
        return
    shown = make_table(">topics", *(f">{measure} ({better})" for measure, better in MEASURES.items()))
    for n_topics in sorted(config.grid):
        of = {row["measure"]: row for row in rows if row["n_topics"] == n_topics}
        shown.add_row(str(n_topics), *(_show_interval(of[measure]) for measure in MEASURES))
    console().print(shown)
    say(WHY_NOT_COHERENCE_ALONE["en"])


def _show_interval(row: Mapping[str, float | None]) -> str:
    if row["mean"] is None:
        return "-"
    if row["low"] is None or row["high"] is None:
        return f"{row['mean']:.3g}"
    return f"{row['mean']:.4g} ± {(row['high'] - row['low']) / 2:.2g}"


def _read_grid(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError as error:
        raise UsageError(f"--topics is {text!r}; give whole numbers with commas, such as 5,10,20") from error


def _read_previous(folder: Path) -> dict[str, pa.Table]:
    from gknlp.tables import read_parquet

    names = ("topics", "topic_words")
    missing = [name for name in names if not (folder / f"{name}.parquet").is_file()]
    if missing:
        raise UsageError(f"{folder} holds no {missing[0]}.parquet; give the folder that an earlier fit wrote with --to")
    return {name: read_parquet(folder / f"{name}.parquet") for name in names}


def _write(tables: Mapping[str, pa.Table], to: Path | None) -> None:
    from gknlp.corpus import write_table

    if to is None:
        return
    for name, table in tables.items():
        for ending in ("parquet", "csv"):
            write_table(table, to / f"{name}.{ending}")
    say(f"wrote {len(tables)} tables to {to}")


app.command("effects")(topics_effects.effects)
app.command("intrusion")(topics_effects.intrusion)
app.command("intrusion-score")(topics_effects.intrusion_score)
