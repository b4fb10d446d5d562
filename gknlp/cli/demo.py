"""``gknlp demo``: the main job on the sample corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gknlp.cli.output import progress_bar, say, stage_counter


def demo(
    to: Annotated[Path, typer.Option(help="The run folder.")] = Path("runs/demo"),
) -> None:
    """Build the sample corpus (fictional), run every analysis on it, and print the path of the results page.

    Example: gknlp demo
    """
    from gknlp.experiment import load_experiment, run_experiment
    from gknlp.experiment.place import corpus_of, shipped_experiment

    file = shipped_experiment("overview")
    experiment = load_experiment(file)
    say("the sample corpus is fictional: a county that does not exist, written for this project")
    with progress_bar("building the corpus") as bar:
        corpus, card = corpus_of(
            experiment,
            file,
            None,
            built_in=to.parent,
            progress=(lambda s: bar.update(s.n_done, s.n_inputs)) if bar else None,
        )
    with progress_bar("running") as bar:
        stages = stage_counter(bar, len(experiment.steps) + 1)
        summary = run_experiment(experiment, corpus, to, card=card, progress=stages)
    say(f"{summary.n_reports} reports, {summary.n_tables} tables, {summary.n_pages} pages; open this in a browser:")
    typer.echo((summary.folder / "index.html").resolve())
