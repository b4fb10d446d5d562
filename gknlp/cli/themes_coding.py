"""``gknlp themes sample | agree | adjudicate | prevalence``: the coder's loop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gknlp.cli.output import console, make_table, print_json, print_json_lines, say

if TYPE_CHECKING:
    from gknlp.themes.coding import Agreement, CodedSheet, SheetProblem

Sheets = Annotated[
    list[Path], typer.Argument(help="Coded sheets, one a coder (.xlsx, .csv, .jsonl, .json).", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_FOUND = 1


def sample(
    folder: Annotated[Path, typer.Argument(help="A corpus folder.", show_default=False)],
    to: Annotated[
        Path, typer.Option(help="The sheet: .xlsx, .csv, .jsonl (doccano) or .json (Label Studio).", show_default=False)
    ],
    n: Annotated[int, typer.Option(help="Distinct units in all.")] = 300,
    random_share: Annotated[float, typer.Option(help="Share drawn at random, for every estimate.")] = 0.5,
    uncertain_share: Annotated[float, typer.Option(help="Share close to a threshold; the rest is diverse.")] = 0.3,
    labels: Annotated[
        Path | None, typer.Option(help="theme_labels (.parquet) of another classifier than the dictionary.")
    ] = None,
    threshold: Annotated[float, typer.Option(help="The score that makes a label in that classification.")] = 0.33,
    seed: Annotated[int, typer.Option(help="Another seed, another sample.")] = 20210930,
) -> None:
    """Draw units for coders: a stratified random stratum with sampling weights, uncertain units, diverse units.

    Example: gknlp themes sample my-corpus --n 300 --to sheet.xlsx
    """
    from gknlp.corpus import Corpus
    from gknlp.tables import read_parquet
    from gknlp.themes import classify_corpus, load_codebook
    from gknlp.themes.coding import SampleConfig, build_frame, draw_sample, encode_sheet, sheet_rows

    config = SampleConfig(
        n=n, random_share=random_share, uncertain_share=uncertain_share, threshold=threshold, seed=seed
    )
    tables = Corpus.open(folder).tables_that_count("reports", "units")
    book = load_codebook()
    frame = build_frame(tables["units"], tables["reports"], codebook=book)
    scored = read_parquet(labels) if labels else classify_corpus(tables, codebook=book)["theme_labels"]
    drawn = draw_sample(frame, labels=scored, config=config)
    _write_beside(to, encode_sheet(sheet_rows(drawn), suffix=to.suffix.lower(), codebook=book))
    counts = ", ".join(f"{count} {name}" for name, count in drawn.counts().items())
    say(f"sample {drawn.id}: {counts}; of {len(frame.units)} distinct units")


def agree(
    sheets: Sheets,
    as_json: AsJson = False,
    to: Annotated[
        Path | None, typer.Option(help="Write measures, confusion, problems and the sheet to adjudicate there.")
    ] = None,
    units: Annotated[
        Path | None, typer.Option(help="units.jsonl of a gold folder: the sheets are passes (id, labels, ...).")
    ] = None,
    resamples: Annotated[int, typer.Option(help="Resamples for the intervals.")] = 1000,
) -> None:
    """Krippendorff's alpha of coded sheets by theme, with intervals, and the disagreements as a sheet to adjudicate.

    Ends with 1 where a row was set aside; every such row is named.

    Example: gknlp themes agree wang.xlsx li.xlsx --to agreement
    """
    from gknlp.themes import load_codebook
    from gknlp.themes.coding import Place, adjudicate, encode_sheet, measure_agreement, open_rows

    if units is not None:
        _agree_passes(sheets, units, as_json, to, resamples)
        return
    book = load_codebook()
    read = _read_sheets(sheets)
    places = {row.unit.id: Place(row.unit.section, row.unit.part, row.unit.stratum) for one in read for row in one.rows}
    codings = {one.coder: {row.unit.id: row.codes for row in one.rows} for one in read}
    agreement = measure_agreement(codings, places=places, codebook=book, n_resamples=resamples)
    problems = [problem for one in read for problem in one.problems]
    if to is not None:
        rows = open_rows(adjudicate(read))
        files = encode_sheet(rows, suffix=".xlsx", codebook=book) | encode_sheet(rows, suffix=".csv", codebook=book)
        _write_agreement(to, agreement, {f"adjudicate{suffix}": data for suffix, data in files.items()}, problems)
    _show_agreement(agreement, as_json)
    _end(problems)


def adjudicate(
    sheets: Sheets,
    to: Annotated[
        Path,
        typer.Option(help="The gold folder to write: units.jsonl, labels.csv, passes, sample.csv.", show_default=False),
    ],
    decisions: Annotated[Path | None, typer.Option(help="The sheet of disagreements, filled in.")] = None,
    passes: Annotated[
        bool,
        typer.Option("--passes", help="The sheets are passes of a gold folder (id, labels, ...): write labels.csv."),
    ] = False,
) -> None:
    """Final labels from coded sheets and the decisions on their disagreements, as training data for `themes train`.

    Ends with 1 where a row was set aside or nobody decided; every such row is named.

    Example: gknlp themes adjudicate wang.xlsx li.xlsx --decisions agreement/adjudicate.xlsx --to gold
    """
    if passes:
        _settle_passes(sheets, decisions, to)
        return
    from gknlp.tables import write_aside
    from gknlp.themes.coding import adjudicate as decide
    from gknlp.themes.coding import encode_problems, gold_files

    read = _read_sheets(sheets)
    final = _read_sheets([decisions])[0] if decisions else None
    result = decide(read, decisions=final)
    problems = [
        *(problem for one in (*read, *([final] if final else [])) for problem in one.problems),
        *result.problems,
    ]
    files = gold_files(result.decided, sheets=read, undecided=[row.unit for row in result.open])
    for name, data in {**files, "problems.csv": encode_problems(problems)}.items():
        write_aside(to / name, data)
    agreed = sum(item.how == "agreed" for item in result.decided)
    say(f"wrote {to}: {agreed} agreed, {len(result.decided) - agreed} adjudicated, {len(result.open)} undecided")
    _end(problems)


def prevalence(
    gold: Annotated[Path, typer.Argument(help="A folder that `themes adjudicate` wrote.", show_default=False)],
    folder: Annotated[Path, typer.Argument(help="The corpus that the sample was drawn from.", show_default=False)],
    as_json: AsJson = False,
    labels: Annotated[
        Path | None, typer.Option(help="theme_labels (.parquet) of another classifier than the dictionary.")
    ] = None,
    to: Annotated[Path | None, typer.Option(help="Also write the table to a .csv file.")] = None,
) -> None:
    """Share of each theme in the corpus, corrected for the classifier's errors with the random stratum of a sample.

    Example: gknlp themes prevalence gold my-corpus --json
    """
    from gknlp.corpus import Corpus
    from gknlp.tables import read_parquet, write_aside
    from gknlp.themes import classify_corpus, load_codebook
    from gknlp.themes.coding import (
        build_frame,
        encode_prevalences,
        estimate_prevalences,
        prevalence_as_dict,
        read_pass,
        read_sample,
    )

    book = load_codebook()
    tables = Corpus.open(folder).tables_that_count("reports", "units")
    frame = build_frame(tables["units"], tables["reports"], codebook=book)
    scored = read_parquet(labels) if labels else classify_corpus(tables, codebook=book)["theme_labels"]
    keys = zip(*(scored.column(name).to_pylist() for name in ("doc_id", "unit_id", "labels")), strict=True)
    classified = {frame.ids[doc, unit]: frozenset(own) for doc, unit, own in keys if (doc, unit) in frame.ids}
    drawn = read_sample(_bytes(gold / "sample.csv"), str(gold / "sample.csv"))
    weights = {row.id: row.weight for row in drawn if row.weight is not None and row.decided}
    final = read_pass(_bytes(gold / "labels.csv"), str(gold / "labels.csv"), codebook=book)
    coded = {key: frozenset(codes.labels) for key, codes in final.codes.items() if key in weights}
    found = estimate_prevalences(frame, classified=classified, coded=coded, weights=weights, codebook=book)
    if to is not None:
        write_aside(to, encode_prevalences(found))
        say(f"wrote {to}")
    rows = [prevalence_as_dict(one) for one in found]
    if as_json:
        print_json_lines(rows)
        return
    table = make_table("family", "theme", ">share", ">from", ">to", ">classified", ">coded units")
    for row in rows:
        if row["share"] or row["classified"]:
            shares = (f"{row[name]:.3f}" for name in ("share", "low", "high", "classified"))
            table.add_row(row["family"], row["theme"], *shares, str(row["n_coded"]))
    console().print(table)


def _agree_passes(files: Sequence[Path], units: Path, as_json: bool, to: Path | None, resamples: int) -> None:
    from gknlp.themes import load_codebook
    from gknlp.themes.coding import encode_disagreements, measure_agreement, read_pass, read_places, read_units

    book = load_codebook()
    data = _bytes(units)
    passes = [read_pass(_bytes(path), path.name, codebook=book) for path in files]
    problems = [problem for one in passes for problem in one.problems]
    codings = {one.name: one.codes for one in passes}
    places = read_places(data, str(units))
    agreement = measure_agreement(codings, places=places, codebook=book, n_resamples=resamples)
    if to is not None:
        disagreements = encode_disagreements(passes, read_units(data, str(units)))
        _write_agreement(to, agreement, {"disagreements.csv": disagreements}, problems)
    _show_agreement(agreement, as_json)
    _end(problems)


def _settle_passes(files: Sequence[Path], decisions: Path | None, to: Path) -> None:
    from gknlp.tables import write_aside
    from gknlp.themes import load_codebook
    from gknlp.themes.coding import encode_problems, read_pass, settle_passes

    book = load_codebook()
    read = [read_pass(_bytes(path), path.name, codebook=book) for path in files]
    final = read_pass(_bytes(decisions), decisions.name, codebook=book) if decisions else None
    labels, left = settle_passes(read, final)
    problems = [*(problem for one in (*read, *([final] if final else [])) for problem in one.problems), *left]
    write_aside(to / "labels.csv", labels)
    write_aside(to / "problems.csv", encode_problems(problems))
    say(f"wrote {to}: labels.csv, problems.csv")
    _end(problems)


def _read_sheets(paths: Iterable[Path]) -> list[CodedSheet]:
    from gknlp.errors import UsageError
    from gknlp.themes import load_codebook
    from gknlp.themes.coding import read_sheet

    book = load_codebook()
    sheets = [read_sheet(_bytes(path), path.name, codebook=book) for path in paths]
    coders = [one.coder for one in sheets]
    twice = sorted({coder for coder in coders if coders.count(coder) > 1})
    if twice:
        raise UsageError(f"two sheets are called {twice[0]!r}: a coder is known by the name of the file; rename one")
    return sheets


def _bytes(path: Path) -> bytes:
    from gknlp.errors import UsageError

    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error


def _write_beside(to: Path, files: Mapping[str, bytes]) -> None:
    from gknlp.tables import write_aside

    for suffix, data in files.items():
        write_aside(to.with_suffix(suffix), data)
        say(f"wrote {to.with_suffix(suffix)}")


def _write_agreement(
    to: Path, agreement: Agreement, sheets: Mapping[str, bytes], problems: Sequence[SheetProblem]
) -> None:
    from gknlp.manifest import canonical_json
    from gknlp.tables import write_aside
    from gknlp.themes.coding import agreement_as_dict, encode_confusion, encode_measures, encode_problems

    files = {
        "agreement.json": canonical_json(agreement_as_dict(agreement)).encode(),
        "agreement.csv": encode_measures(agreement),
        "confusion.csv": encode_confusion(agreement),
        "problems.csv": encode_problems(problems),
        **sheets,
    }
    for name, data in files.items():
        write_aside(to / name, data)
    say(f"wrote {to}: {', '.join(sorted(files))}")


def _show_agreement(agreement: Agreement, as_json: bool) -> None:
    from gknlp.themes.coding import agreement_as_dict, measure_as_dict

    if as_json:
        print_json(agreement_as_dict(agreement))
        return
    table = make_table("agreement on", ">alpha", ">from", ">to", ">percent", ">units", ">coded")
    for row in map(measure_as_dict, agreement.measures):
        name = f"{row['kind']} {row['distance'] if row['kind'] == 'set' else row['name']}"
        shown = ("" if row[key] is None else f"{row[key]:.3f}" for key in ("alpha", "low", "high", "percent"))
        counts = (str(row["n_units"]), "" if row["n_coded"] is None else str(row["n_coded"]))
        table.add_row(name, *shown, *counts)
    console().print(table)


def _end(problems: Sequence[SheetProblem]) -> None:
    """Name every row with a fault; end with 1 where one was set aside."""
    for problem in problems:
        line = f"line {problem.line}" if problem.line else "no line"
        aside = "set aside" if problem.set_aside else "read"
        say(
            f"{problem.sheet}: {line} {problem.id}: {problem.code} {problem.column}: {problem.found[:60]} -> {problem.expected[:80]} ({aside})"
        )
    if any(problem.set_aside for problem in problems):
        raise typer.Exit(_FOUND)
