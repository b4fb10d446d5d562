"""``gknlp reuse``: text that reports share."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gknlp.cli.output import Stopwatch, console, make_table, print_json, say

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.table import Table
    from rich.text import Text

    from gknlp.reuse import Comparison, Resources

Span = tuple[int, int]

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
    workers: Annotated[int, typer.Option(min=1, help="Threads to use; the result is the same for any number.")] = 1,
    on_disk: Annotated[
        bool,
        typer.Option("--on-disk", help="Keep the large columns in files of the folder: for more text than memory."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print counts, seconds and peak memory as JSON.")] = False,
) -> None:
    """Find every passage that reports share, and where it stood first.

    What was found before is kept in the folder's ``known``: when reports have come in, only what they touch is aligned
    anew, and the result is that of a full run.

    Example: gknlp reuse find my-corpus --to reuse/ --mandated regulation.txt
    """
    from gknlp.corpus import write_table
    from gknlp.engine.memory import Memory
    from gknlp.reuse import Resources

    stages = Stopwatch()
    to.mkdir(parents=True, exist_ok=True)
    resources = Resources(workers=workers, memory=Memory(to if on_disk else None))
    named = {"mandated": mandated or [], "model_text": model_text or []}
    tables = _find(source, to / "known", named, resources, stages.begin)
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


def _find(
    source: Path, known: Path, named: dict[str, list[Path]], resources: Resources, progress: Callable[[str], None]
) -> dict[str, pa.Table]:
    from gknlp.corpus import Corpus, load_texts
    from gknlp.experiment.references import read_references
    from gknlp.reuse import ReuseConfig, analyse_documents, make_tables
    from gknlp.reuse.documents import read_reports, read_texts
    from gknlp.reuse.known import load_known, write_known
    from gknlp.reuse.references import list_references

    progress("load")
    references = list_references(read_references(named))
    if source.is_dir():
        documents = read_reports(Corpus.open(source).tables_that_count("reports", "sections"))
    else:
        documents = read_texts(load_texts(source))
    found = analyse_documents(
        documents,
        references=references,
        config=ReuseConfig(),
        known=load_known(known),
        resources=resources,
        progress=progress,
    )
    tables = make_tables(found, progress)
    write_known(found.known, known)
    return tables


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
    to: Annotated[
        Path | None, typer.Option(help="Write a page with both texts side by side (.html).", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Two files side by side: the passages they share, what differs inside them, and how much of each that is.

    In the terminal, [-…-] stands in the first only, {+…+} in the second only; ‹…› is a name that the comparison masks, «…» wording that law,
    notice or form prescribe.

    Example: gknlp reuse compare liuwan-2020.txt liuwan-2021.txt --to liuwan.html
    """
    from gknlp.readers import read_file
    from gknlp.reuse import ReuseConfig, compare_texts

    texts = (read_file(file_a).text, read_file(file_b).text)
    result = compare_texts(*texts, config=ReuseConfig())
    mandated = _find_mandated(texts)
    names = (file_a.name, file_b.name) if file_a.name != file_b.name else (str(file_a), str(file_b))
    if to:
        _write_comparison(to, names, texts, result, mandated)
    if as_json:
        print_json(asdict(result))
        return
    out = console()
    out.print(_lay_side_by_side(names, texts, result, mandated))
    out.print(
        f"{names[0]} shares {result.containment_a:.0%} of its text with {names[1]}, which shares "
        f"{result.containment_b:.0%} with it; mandated wording is left out of both figures",
        markup=False,
    )
    if to:
        say(f"wrote {to}")


def _find_mandated(texts: tuple[str, str]) -> tuple[list[Span], list[Span]]:
    """The stretches of each text that law, notice or form prescribe."""
    import pyarrow as pa

    from gknlp.reuse import ReuseConfig, find_reuse_in_texts

    table = pa.table({"id": ["a", "b"], "text": list(texts)})
    rows = find_reuse_in_texts(table, config=ReuseConfig())["stretches"].to_pylist()
    found = [(row["doc_id"], (row["start"], row["end"])) for row in rows if row["stratum"] == "mandated"]
    return [span for doc_id, span in found if doc_id == "a"], [span for doc_id, span in found if doc_id == "b"]


def _write_comparison(
    to: Path,
    names: tuple[str, str],
    texts: tuple[str, str],
    result: Comparison,
    mandated: tuple[list[Span], list[Span]],
) -> None:
    from gknlp import __version__
    from gknlp.pages import render_comparison

    page = render_comparison(names, texts, _list_shared(result), mandated, asdict(result), version=__version__)
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(page)


def _list_shared(result: Comparison) -> list[tuple[tuple[int, int], tuple[int, int], float, bool]]:
    return [((p.a.start, p.a.end), (p.b.start, p.b.end), p.similarity, p.mandated) for p in result.passages]


def _lay_side_by_side(
    names: tuple[str, str], texts: tuple[str, str], result: Comparison, mandated: tuple[list[Span], list[Span]]
) -> Table:
    """A row for each shared passage: where it stands, and its text in both files with the differences marked."""
    from rich.markup import escape

    from gknlp.pages import align_texts

    table = make_table(">at", escape(names[0]), ">at", escape(names[1]), ">similarity")
    table.show_lines = True
    for passage in align_texts(texts, _list_shared(result), mandated):
        table.add_row(
            f"{passage['start']}-{passage['end']}" + ("\nmandated" if passage["stratum"] == "mandated" else ""),
            _mark_pieces(passage["left"], ("[-", "-]", "red")),
            f"{passage['other_start']}-{passage['other_end']}",
            _mark_pieces(passage["right"], ("{+", "+}", "green")),
            f"{passage['similarity']:.2f}",
        )
    return table


def _mark_pieces(pieces: list[dict[str, Any]], marks: tuple[str, str, str]) -> Text:
    """One side with its differences in colour and between signs, so that they show without colour, too."""
    from rich.text import Text

    opening, closing, colour = marks
    shown = Text()
    inside = False
    for piece in pieces:
        if piece["mandated"] != inside:
            shown.append("»" if inside else "«", "dim")
            inside = piece["mandated"]
        words = re.sub(r"\s+", " ", piece["text"])
        dim = "dim" if inside else ""
        if piece["kind"] == "equal":
            shown.append(words, dim)
        elif piece["kind"] == "masked":
            shown.append(f"‹{words}›", "cyan")
        else:
            shown.append(f"{opening}{words}{closing}", f"bold {colour}" if piece["kind"] == "number" else colour)
    if inside:
        shown.append("»", "dim")
    return shown
