"""A sheet of rows in the four formats that coders work in: .xlsx, .csv, doccano .jsonl, Label Studio .json."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from gknlp.errors import UsageError
from gknlp.themes.codebook import Codebook
from gknlp.themes.coding.annotators import (
    decode_doccano,
    decode_label_studio,
    doccano_labels,
    encode_doccano,
    encode_label_studio,
    label_studio_config,
)
from gknlp.themes.coding.facets import FACETS, MAX_LABELS
from gknlp.themes.coding.read_workbook import decode_workbook
from gknlp.themes.coding.rows import (
    CODED,
    KEPT,
    LABELS,
    SAID,
    SHOWN,
    SheetRow,
    admissible_codes,
    code_cells,
    label_of,
    unit_cells,
)
from gknlp.themes.coding.table import RawTable, decode_csv, encode_rows
from gknlp.themes.coding.workbook import Column, DropDown, Page, column_letters, encode_workbook

FORMATS = (".xlsx", ".csv", ".jsonl", ".json")
_WIDTHS = {"text": 70, "heading": 18, SAID: 30, "primary": 22, "second": 22, "third": 22, "note": 24, "specificity": 20}
_MAX_RANGES = 1_000
"""Ranges of one drop-down; spreadsheets refuse some thousands."""
_WRONG_THEME = "This theme is not one that a unit of this section may have."
_INSTRUCTIONS = (
    "Read heading and text of each row, then give it themes: the one that it is mainly about as primary, up to two others.",
    "The drop-downs hold the themes that the unit's section may have, and the structural classes (S1, S2, S3).",
    "Whether something is planned or done, praise or admission is a facet, never a theme. Leave a facet empty if you do not code it.",
    "specificity: none, or the kinds found, joined by ; - number, date, instrument (a named document), place_or_body.",
    "Leave a row empty if you cannot decide, and say why in the note: an empty row is a missing code, not a theme.",
    "Work alone; do not talk about single units before agreement has been measured.",
    "All columns but the coloured ones are locked; do not sort, merge, delete or add rows. What is changed there is found by its hash and set aside.",
)


def encode_sheet(rows: Sequence[SheetRow], *, suffix: str, codebook: Codebook) -> dict[str, bytes]:
    """The files of a sheet: suffix or ending -> bytes; the sheet itself under ``suffix``, beside it what its tool needs.

    ``.jsonl`` brings ``.labels.json`` (doccano's label set), ``.json`` brings ``.config.xml`` (Label Studio).

    Raises
    ------
    UsageError : a suffix that is none of ``FORMATS``.
    """
    if suffix == ".xlsx":
        return {suffix: _workbook(rows, codebook)}
    if suffix == ".csv":
        names = _columns(rows)
        cells = [{**unit_cells(row.unit), SAID: row.said, **code_cells(row.codes, codebook)} for row in rows]
        return {suffix: encode_rows(names, cells)}
    if suffix == ".jsonl":
        return {suffix: encode_doccano(rows, codebook), ".labels.json": doccano_labels(codebook)}
    if suffix == ".json":
        return {suffix: encode_label_studio(rows, codebook), ".config.xml": label_studio_config().encode()}
    raise UsageError(f"a sheet is written as one of {', '.join(FORMATS)}, found {suffix!r}")


def decode_sheet(data: bytes, name: str) -> RawTable:
    """The lines of a sheet in the format that its name ends in; UsageError for what is no such file."""
    suffix = "." + name.lower().rpartition(".")[2]
    decoders = {
        ".xlsx": decode_workbook,
        ".csv": decode_csv,
        ".jsonl": decode_doccano,
        ".json": decode_label_studio,
    }
    if suffix not in decoders:
        raise UsageError(f"{name}: a coded sheet ends in one of {', '.join(FORMATS)}")
    return decoders[suffix](data, name)


def _columns(rows: Sequence[SheetRow]) -> tuple[str, ...]:
    said = (SAID,) if any(row.said for row in rows) else ()
    return (*SHOWN, *said, *CODED, *KEPT)


def _workbook(rows: Sequence[SheetRow], codebook: Codebook) -> bytes:
    names = _columns(rows)
    columns = tuple(Column(name, _WIDTHS.get(name, 12), name in CODED, name in KEPT) for name in names)
    cells = [{**unit_cells(row.unit), SAID: row.said, **code_cells(row.codes, codebook)} for row in rows]
    lists, sources = _lists(rows, codebook)
    coding = Page(
        "coding", columns, [[row[name] for name in names] for row in cells], _drop_downs(rows, names, sources)
    )
    return encode_workbook([coding, _instructions(codebook), _themes(codebook), _cases(codebook), lists])


def _lists(rows: Sequence[SheetRow], codebook: Codebook) -> tuple[Page, Mapping[object, str]]:
    """A hidden page with the values of every drop-down in a column, and where each stands."""
    values: dict[object, list[str]] = {facet: list(FACETS[facet]) for facet in FACETS}
    for row in rows:
        place = (row.unit.section, row.unit.part)
        if place not in values:
            values[place] = [label_of(codebook.theme(code)) for code in admissible_codes(codebook, *place)]
    height = max(map(len, values.values()))
    table = [[column[line] if line < len(column) else "" for column in values.values()] for line in range(height)]
    names = tuple(Column(key if isinstance(key, str) else f"{key}", 24) for key in values)
    sources = {
        key: f"lists!${column_letters(place)}$2:${column_letters(place)}${len(column) + 1}"
        for place, (key, column) in enumerate(values.items())
    }
    return Page("lists", names, table, hidden=True), sources


def _drop_downs(rows: Sequence[SheetRow], names: Sequence[str], sources: Mapping[object, str]) -> tuple[DropDown, ...]:
    if not rows:
        return ()
    first, last = (column_letters(names.index(name)) for name in (LABELS[0], LABELS[-1]))
    lines: defaultdict[object, list[int]] = defaultdict(list)
    for line, row in enumerate(rows, 2):
        lines[row.unit.section, row.unit.part].append(line)
    found = []
    for place, numbers in lines.items():
        ranges = [f"{first}{start}:{last}{end}" for start, end in _runs(numbers)]
        found += [
            DropDown(tuple(ranges[at : at + _MAX_RANGES]), sources[place], _WRONG_THEME)
            for at in range(0, len(ranges), _MAX_RANGES)
        ]
    for facet in FACETS:
        letters = column_letters(names.index(facet))
        found.append(DropDown((f"{letters}2:{letters}{len(rows) + 1}",), sources[facet], f"No value of {facet}."))
    return tuple(found)


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as first and last of each run without a gap.

    >>> _runs([2, 3, 4, 7])
    [(2, 4), (7, 7)]
    """
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    return runs


def _instructions(codebook: Codebook) -> Page:
    lines = [*_INSTRUCTIONS, f"At most {MAX_LABELS} themes a unit.", *codebook.unit_rule.split("\n")]
    lines.append(f"Codebook {codebook.version}, SHA-256 {codebook.hash}")
    return Page("instructions", (Column("how to code", 120),), [[line] for line in lines if line])


def _themes(codebook: Codebook) -> Page:
    columns = (
        Column("code", 8),
        Column("family", 14),
        Column("name", 20),
        Column("definition", 50),
        Column("include", 50),
        Column("exclude", 50),
        Column("examples", 60),
        Column("not this theme", 60),
    )
    rows = [
        [
            theme.code,
            theme.family,
            f"{theme.name_zh}\n{theme.name_en}",
            f"{theme.definition_zh}\n{theme.definition_en}",
            theme.include,
            theme.exclude,
            "\n".join(theme.positive),
            "\n".join(f"{example.text} → {example.instead}" for example in theme.negative),
        ]
        for theme in codebook.themes
    ]
    return Page("codebook", columns, rows)


def _cases(codebook: Codebook) -> Page:
    columns = (
        Column("section", 20),
        Column("heading", 20),
        Column("text", 60),
        Column("labels", 16),
        Column("rule", 60),
    )
    rows = [
        [case.part or case.section, case.heading, case.text, ", ".join(case.labels), case.rule]
        for case in codebook.ambiguous
    ]
    return Page("ambiguous cases", columns, rows)
