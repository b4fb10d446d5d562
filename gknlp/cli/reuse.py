"""``gknlp reuse``: text that reports share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gknlp.cli.output import Stopwatch, console, make_table, print_json, say

if TYPE_CHECKING:
    import pyarrow as pa

app = typer.Typer(no_args_is_help=True, help="Text reuse: who shares which passages with whom.")


@app.command()
def find(
    source: Annotated[
        Path, typer.Argument(help="A corpus folder, or a .jsonl / .parquet of texts.", show_default=False)
    ],
    to: Annotated[Path, typer.Option(help="A folder for the tables (.parquet).", show_default=False)],
    mandated: Annotated[
        list[Path] | None, typer.Option(help="A statute or notice whose wording is prescribed; may be repeated.")
    ] = None,
    model_text: Annotated[
        list[Path] | None, typer.Option(help="A model text (范文) that many follow; may be repeated.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print counts, seconds and peak memory as JSON.")] = False,
) -> None:
    """Find every passage that reports share, and where it stood first.

    Example: gknlp reuse find my-corpus --to reuse/ --mandated regulation.txt
    """
    from gknlp.corpus import write_table

    stages = Stopwatch()
    tables = _find(source, {"mandated": mandated or [], "model_text": model_text or []}, stages.begin)
    stages.begin("write")
    for name, table in sorted(tables.items()):
        write_table(table, to / f"{name}.parquet")
    counts = {f"n_{name}": table.num_rows for name, table in sorted(tables.items())}
    if as_json:
        print_json({**counts, "seconds": stages.seconds(), "peak_memory_bytes": _peak_memory()})
        return
    console().print(
        f"{counts['n_coverage']} documents: {counts['n_passages']} passages in {counts['n_clusters']} clusters, "
        f"{counts['n_pairs']} pairs of documents"
    )
    say(f"wrote {len(tables)} tables to {to}")


def _find(source: Path, named: dict[str, list[Path]], progress: Callable[[str], None]) -> dict[str, pa.Table]:
    from gknlp.corpus import Corpus, load_texts
    from gknlp.experiment.references import read_references
    from gknlp.reuse import ReuseConfig, find_reuse, find_reuse_in_texts

    progress("load")
    references = read_references(named)
    if not source.is_dir():
        return find_reuse_in_texts(load_texts(source), config=ReuseConfig(), references=references, progress=progress)
    corpus = Corpus.open(source)
    tables = corpus.tables_that_count("reports", "sections") | {"references": references}
    return find_reuse(tables, config=ReuseConfig(), progress=progress)


def _peak_memory() -> int | None:
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@app.command()
def compare(
    file_a: Annotated[Path, typer.Argument(help="One text.", show_default=False)],
    file_b: Annotated[Path, typer.Argument(help="The other.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Two files side by side: the passages they share, and how much of each that is.

    Example: gknlp reuse compare liuwan-2020.txt liuwan-2021.txt
    """
    from gknlp.readers import read_file
    from gknlp.reuse import ReuseConfig, compare_texts

    text_a, text_b = read_file(file_a).text, read_file(file_b).text
    result = compare_texts(text_a, text_b, config=ReuseConfig())
    if as_json:
        print_json(asdict(result))
        return
    table = make_table(">at in first", ">at in second", "", ">similarity", "text in the first")
    for passage in result.passages:
        shown = " ".join(text_a[passage.a.start : passage.a.end].split())
        places = (f"{span.start}-{span.end}" for span in (passage.a, passage.b))
        table.add_row(*places, "mandated" if passage.mandated else "", f"{passage.similarity:.2f}", shown)
    out = console()
    out.print(table)
    out.print(
        f"{file_a.name} shares {result.containment_a:.0%} of its text with {file_b.name}, which shares "
        f"{result.containment_b:.0%} with it; mandated wording is left out of both figures"
    )
