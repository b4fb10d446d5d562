"""``gknlp run`` and ``gknlp verify``: experiments that anyone can check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gknlp.cli.output import console, progress_bar, say, stage_counter


def run(
    experiment: Annotated[Path, typer.Argument(help="A folder with experiment.toml, or the file.", show_default=False)],
    corpus: Annotated[
        Path | None, typer.Option(help="A corpus, or a folder of reports, in place of what the file names.")
    ] = None,
    to: Annotated[Path | None, typer.Option(help="The run folder; by default runs/ beside experiment.toml.")] = None,
) -> None:
    """Run an experiment: tables, figures and results pages in one folder.

    Example: gknlp run experiments/overview --corpus my-corpus

    A folder of reports is built into a corpus below runs/ beside the experiment; the folder itself is left as it is.
    """
    from gknlp.experiment import load_experiment, run_experiment
    from gknlp.experiment.place import corpus_of, default_run_folder
    from gknlp.experiment.references import load_references

    declared = load_experiment(experiment)
    with progress_bar("reading") as bar:
        handle, card = corpus_of(
            declared,
            experiment,
            corpus,
            progress=(lambda step: bar.update(step.n_done, step.n_inputs)) if bar else None,
        )
    unusable = handle.info()["outcomes"].get("quarantined", 0)
    if unusable:
        say(f"gknlp: {unusable} inputs could not be used; see why with: gknlp corpus sources {handle.folder}")
    target = to or default_run_folder(experiment, declared, handle)
    with progress_bar("running") as bar:
        summary = run_experiment(
            declared,
            handle,
            target,
            card=card,
            references=load_references(declared, experiment if experiment.is_dir() else experiment.parent),
            progress=stage_counter(bar, len(declared.steps) + 1),
        )
    console().print(f"{summary.n_reports} reports, {summary.n_tables} tables, {summary.n_pages} pages")
    typer.echo(summary.folder / "index.html")


def verify(
    folder: Annotated[Path, typer.Argument(help="A run folder.", show_default=False)],
    corpus: Annotated[Path | None, typer.Option(help="Where the corpus lies now, if it was moved.")] = None,
) -> None:
    """Run an experiment again from its manifest and compare every output byte for byte.

    Example: gknlp verify experiments/overview/runs/sample

    Exit code 4 when anything differs.
    """
    from gknlp.experiment import verify_run

    result = verify_run(folder, corpus=corpus)
    for mismatch in result.mismatches:
        typer.echo(mismatch)
    if result.mismatches:
        say(f"gknlp: {len(result.mismatches)} mismatches in {result.n_files} files")
        raise typer.Exit(4)
    console().print(f"verified: {result.n_files} files are the same, byte for byte")
