"""All commands in one place."""

from __future__ import annotations

from typing import Annotated

import typer

from gknlp import __version__
from gknlp.cli import audit, corpus, demo, read, reuse, run, themes, topics

app = typer.Typer(
    name="gknlp",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Chinese government-disclosure annual reports: read them, audit their tables, find themes, topics and copied text.",
    epilog="Begin with: gknlp demo - or with your own folder: gknlp corpus build FOLDER --to my-corpus",
)


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"gknlp {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    del version


app.command("demo")(demo.demo)
app.command("read")(read.read)
app.add_typer(corpus.app, name="corpus")
app.command("audit")(audit.audit)
app.add_typer(themes.app, name="themes")
app.add_typer(topics.app, name="topics")
app.add_typer(reuse.app, name="reuse")
app.command("run")(run.run)
app.command("verify")(run.verify)
