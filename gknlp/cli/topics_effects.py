"""``gknlp topics effects | intrusion | intrusion-score``: effects on topics, and topics tested by people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gknlp.cli.output import console, make_table, print_json_lines, say

if TYPE_CHECKING:
    import pyarrow as pa

Folder = Annotated[Path, typer.Argument(help="The corpus folder that the topics were fitted to.", show_default=False)]
Tables = Annotated[
    Path,
    typer.Argument(help="The folder of tables that `topics fit --to` wrote, or a run's tables.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON lines.")]
_FOUND = 1


def effects(
    folder: Folder,
    tables: Tables,
    terms: Annotated[str, typer.Option(help="Columns, joined by commas; C(year) takes numbers as categories.")] = (
        "year,level"
    ),
    reference: Annotated[
        list[str] | None, typer.Option(help="A reference category, as level=county; may be repeated.")
    ] = None,
    covariates: Annotated[
        Path | None,
        typer.Option(help="More columns (.parquet or .csv) by doc_id, by agency_id and year, or by agency_id."),
    ] = None,
    cluster: Annotated[str, typer.Option(help="The column whose reports belong together.")] = "agency_id",
    draws: Annotated[int, typer.Option(min=0, help="Draws of shares; 0 is the closed form.")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Where draws come from.")] = 20210930,
    to: Annotated[Path | None, typer.Option(help="A folder for the tables (.parquet and .csv).")] = None,
    as_json: AsJson = False,
) -> None:
    """Effects of year, level and other columns on the shares of topics, with intervals clustered by agency.

    Example: gknlp topics effects my-corpus tables --terms year,level --reference level=county
    """
    from gknlp.topics.effects import EffectsConfig, estimate_effects

    config = EffectsConfig(
        terms=tuple(term.strip() for term in terms.split(",") if term.strip()),
        reference=tuple(reference or ()),
        cluster=cluster,
        draws=draws,
        seed=seed,
    )
    given = _read_tables(folder, tables, ("topic_shares",), optional=("topic_documents",), corpus=("reports",))
    if covariates is not None:
        given["covariates"] = _read_columns(covariates)
    found = estimate_effects(given, config=config)
    if to is not None:
        _write_tables(to, found)
    for term in found["topic_effect_terms"].to_pylist():
        if term["note"] or term["n_missing"]:
            said = [f"{term['n_missing']} reports lack it"] if term["n_missing"] else []
            say(f"{term['term']}: {'; '.join([*said, *([term['note']] if term['note'] else [])])}")
    rows = found["topic_effects"].to_pylist()
    if rows and rows[0]["theta"] == "exact":
        say("shares are taken as exact: the tables hold no topic_documents with the concentration of each report")
    if as_json:
        print_json_lines(rows)
        return
    _show_effects(rows)


def intrusion(
    folder: Folder,
    tables: Tables,
    to: Annotated[Path, typer.Option(help="The folder to write sheets, page and key to.", show_default=False)],
    words: Annotated[int, typer.Option(min=0, help="Word tasks a topic.")] = 1,
    sets: Annotated[int, typer.Option(min=0, help="Word-set tasks a topic.")] = 5,
    documents: Annotated[int, typer.Option(min=0, help="Document tasks in all.")] = 16,
    max_chars: Annotated[int, typer.Option(min=1, help="Longer reports are not shown.")] = 3000,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other tasks.")] = 20210930,
) -> None:
    """Write intrusion tests of the topics for people: a sheet (.xlsx, .csv), a page (.html), and the key apart.

    Example: gknlp topics intrusion my-corpus tables --to intrusion
    """
    from gknlp.tables import write_aside
    from gknlp.topics.intrusion import COLUMNS, IntrusionConfig, encode_key, make_tasks, render_page, sheet_rows

    config = IntrusionConfig(words=words, sets=sets, documents=documents, max_chars=max_chars, seed=seed)
    needed = ("topic_words", "topic_shares") if documents else ("topic_words",)
    made = make_tasks(_read_tables(folder, tables, needed, corpus=("units",) if documents else ()), config=config)
    rows = sheet_rows(made)
    files = {
        "sheet.xlsx": _encode_workbook(COLUMNS, rows),
        "sheet.csv": _encode_csv(COLUMNS, rows),
        "page.html": render_page(made),
        "key/key.json": encode_key(made),
    }
    for name, data in files.items():
        write_aside(to / name, data)
    for line in made.left_out:
        say(f"left out: {line}")
    say(f"wrote {len(rows)} tasks to {to}; give coders a sheet or the page, and keep {to / 'key'} from them")


def intrusion_score(
    key: Annotated[Path, typer.Argument(help="key.json of `topics intrusion`.", show_default=False)],
    sheets: Annotated[
        list[Path], typer.Argument(help="Answered sheets, one a coder (.xlsx or .csv).", show_default=False)
    ],
    to: Annotated[Path | None, typer.Option(help="A folder for the scores and the problems.")] = None,
    as_json: AsJson = False,
) -> None:
    """Score answered intrusion tests: share of intruders found by test, topic and coder, beside what guessing gives.

    Ends with 1 where a row gave no answer; every such row is named.

    Example: gknlp topics intrusion-score intrusion/key/key.json wang.xlsx li.csv
    """
    from gknlp.errors import UsageError
    from gknlp.tables import write_aside
    from gknlp.topics.intrusion import decode_key, encode_problems, read_answers, score_answers

    tasks = decode_key(_bytes(key), str(key))
    coders = [path.stem for path in sheets]
    twice = sorted({coder for coder in coders if coders.count(coder) > 1})
    if twice:
        raise UsageError(f"two sheets are called {twice[0]!r}: a coder is known by the name of the file; rename one")
    read = [read_answers(_sheet_lines(path), coder=path.stem, key=tasks) for path in sheets]
    problems = [problem for _, own in read for problem in own]
    for problem in problems:
        place = f"line {problem.line}" if problem.line else "no line"
        say(
            f"{problem.coder}, {place}, {problem.task}: {problem.code}, found {problem.found!r}, expected {problem.expected}"
        )
    if to is not None:
        write_aside(to / "problems.csv", encode_problems(problems))
    scores = score_answers([answer for own, _ in read for answer in own], key=tasks)
    if to is not None:
        _write_tables(to, {"intrusion_scores": scores})
    rows = scores.to_pylist()
    if as_json:
        print_json_lines(rows)
    else:
        _show_scores(rows)
    if problems:
        raise typer.Exit(_FOUND)


def _read_tables(
    folder: Path, tables: Path, names: Sequence[str], *, corpus: Sequence[str], optional: Sequence[str] = ()
) -> dict[str, pa.Table]:
    from gknlp.corpus import Corpus
    from gknlp.errors import UsageError
    from gknlp.tables import read_parquet

    given: dict[str, pa.Table] = dict(Corpus.open(folder).tables_that_count(*corpus)) if corpus else {}
    for name in (*names, *optional):
        path = tables / f"{name}.parquet"
        if path.is_file():
            given[name] = read_parquet(path)
        elif name in names:
            raise UsageError(f"{path} is not there; write it with: gknlp topics fit {folder} --to {tables}")
    return given


def _read_columns(path: Path) -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv

    from gknlp.errors import UsageError
    from gknlp.tables import read_parquet

    try:
        return read_parquet(path) if path.suffix.lower() == ".parquet" else csv.read_csv(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise UsageError(f"{path}: cannot be read as .parquet or UTF-8 .csv: {error}") from error


def _write_tables(to: Path, tables: Mapping[str, pa.Table]) -> None:
    from gknlp.corpus import write_table

    for name, table in tables.items():
        for ending in ("parquet", "csv"):
            write_table(table, to / f"{name}.{ending}")
    say(f"wrote {', '.join(tables)} to {to}")


def _show_effects(rows: Iterable[Mapping[str, Any]]) -> None:
    shown = make_table(">topic", "term", ">effect", ">from", ">to", ">p", ">p (Holm)", "note")
    for row in rows:
        name = row["term"] if row["category"] is None else f"{row['term']}: {row['category']} - {row['reference']}"
        values = ("" if row[key] is None else f"{row[key]:.4f}" for key in ("estimate", "low", "high", "p", "p_holm"))
        shown.add_row(str(row["topic"]), name, *values, row["note"] or "")
    console().print(shown)


def _show_scores(rows: Iterable[Mapping[str, Any]]) -> None:
    shown = make_table("test", ">topic", "coder", ">tasks", ">answers", ">found", ">from", ">to", ">chance", ">p")
    for row in rows:
        who = ("" if row["topic"] is None else str(row["topic"]), row["coder"] or "")
        values = (f"{row[key]:.3f}" for key in ("precision", "low", "high", "chance", "p"))
        shown.add_row(row["test"], *who, str(row["n_tasks"]), str(row["n_answers"]), *values)
    console().print(shown)


def _encode_workbook(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    from gknlp.themes.coding.workbook import Column, DropDown, Page, column_letters, encode_workbook
    from gknlp.topics.intrusion import OPEN
    from gknlp.topics.intrusion.tasks import LETTERS

    widths = {"text": 60, "question": 30, "note": 24, **dict.fromkeys(LETTERS, 24)}
    heads = tuple(Column(name, widths.get(name, 10), name in OPEN, name == "sheet") for name in columns)
    letter = column_letters(list(columns).index("answer"))
    choice = DropDown(
        (f"{letter}2:{letter}{len(rows) + 1}",), f"letters!$A$2:$A${len(LETTERS) + 1}", "A letter, please."
    )
    sheet = Page("tasks", heads, [[row[name] for name in columns] for row in rows], (choice,))
    return encode_workbook([sheet, Page("letters", (Column("letter"),), [[one] for one in LETTERS], hidden=True)])


def _encode_csv(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    from gknlp.themes.coding.table import encode_rows

    return encode_rows(columns, rows)


def _sheet_lines(path: Path) -> list[tuple[int, Mapping[int, str]]]:
    from gknlp.errors import UsageError
    from gknlp.themes.coding.read_workbook import decode_workbook
    from gknlp.themes.coding.table import decode_csv

    decoders = {".xlsx": decode_workbook, ".csv": decode_csv}
    if path.suffix.lower() not in decoders:
        raise UsageError(f"{path}: an answered sheet ends in .xlsx or .csv")
    table = decoders[path.suffix.lower()](_bytes(path), str(path))
    return [(row.line, {} if row.merged else row.cells) for row in table.rows]


def _bytes(path: Path) -> bytes:
    from gknlp.errors import UsageError

    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
