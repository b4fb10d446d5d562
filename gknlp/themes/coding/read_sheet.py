"""A coded sheet read back: sound rows as codes of units, every fault named with its row."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gknlp.errors import UsageError
from gknlp.themes.codebook import Codebook
from gknlp.themes.coding.facets import FACETS, MAX_LABELS, Codes, fold_facet
from gknlp.themes.coding.problems import SheetProblem
from gknlp.themes.coding.rows import (
    CODED,
    LABELS,
    PROTECTED,
    SheetUnit,
    admissible_codes,
    check_of,
    id_of,
    join_labels,
)
from gknlp.themes.coding.sheet import decode_sheet
from gknlp.themes.coding.table import RawRow, unshield

_HEADER_LINES = 10
_HEADER_NAMES = 3
_BETWEEN = re.compile(r"[;；\n]|[,，、](?=\s*[A-Za-zＡ-Ｚａ-ｚ]+[0-9０-９])")
"""Commas part themes only before a code: names of themes hold some, too."""
_LABEL = re.compile(r"([A-Z]+[0-9]+)\s*(.*)")
_YEAR, _WEIGHT, _COPIES = (
    re.compile(form) for form in ("([0-9]{1,4})?", r"([1-9][0-9]{0,11}\.[0-9]{6})?", "[1-9][0-9]{0,8}")
)
_ROW = re.compile(r"([0-9a-f]{1,64}):([0-9]{1,9})/([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class CodedUnit:
    """A unit and what this coder said of it."""

    unit: SheetUnit
    codes: Codes


@dataclass(frozen=True, slots=True)
class CodedSheet:
    """One coder's sheet: sound rows by the number of their row, faults by line."""

    coder: str
    rows: tuple[CodedUnit, ...]
    problems: tuple[SheetProblem, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    line: int
    cells: Mapping[str, str]
    merged: bool


def read_sheet(data: bytes, name: str, *, codebook: Codebook, coder: str | None = None) -> CodedSheet:
    """What a coder filled in, in any of the four formats, told by the ending of ``name``.

    Every fault is a problem with its row; rows without one that sets aside go on. White space at the ends of cells,
    lower-case or full-width codes and a name behind the code (O05 政策解读) are no faults.

    Parameters
    ----------
    coder : who coded; the name of the file without its ending where absent.

    Raises
    ------
    UsageError : the file is no sheet at all: unreadable, or without a header that names three of the columns.
    """
    columns, lines = _find_header(decode_sheet(data, name).rows, name)
    coder = coder or name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
    missing = [column for column in PROTECTED if column not in columns] + [x for x in LABELS[:1] if x not in columns]
    found: list[tuple[_Line, CodedUnit | None, list[SheetProblem]]] = []
    for line in lines:
        problems = [_problem(name, line, "missing_column", column, "", "this column") for column in missing]
        problems += [] if missing else _facets_missing(name, line, columns)
        unit, codes = None, None
        if not missing:
            unit = _read_unit(line, problems, name)
            codes = _read_codes(line, problems, name, codebook)
        if line.merged:
            problems.append(_problem(name, line, "merged_cells", "", "a merged range", "one cell a column"))
        sound = unit is not None and codes is not None and not any(problem.set_aside for problem in problems)
        found.append((line, CodedUnit(unit, codes) if sound and unit and codes else None, problems))
    return _assemble(found, coder, name)


def _find_header(rows: Sequence[RawRow], name: str) -> tuple[dict[str, int], list[_Line]]:
    known = {*PROTECTED, *CODED}
    for place, row in enumerate(rows[:_HEADER_LINES]):
        names = {column: cell.strip().lower() for column, cell in row.cells.items()}
        columns: dict[str, int] = {}
        for column, head in names.items():
            if head in known:
                columns.setdefault(head, column)
        if len(columns) >= _HEADER_NAMES:
            return columns, [
                _Line(
                    raw.line,
                    {head: raw.cells.get(column, "").strip() for head, column in columns.items()},
                    raw.merged,
                )
                for raw in rows[place + 1 :]
                if any(raw.cells.get(column, "").strip() for column in columns.values())
            ]
    raise UsageError(
        f"{name}: is no coding sheet: none of its first {_HEADER_LINES} lines names the columns "
        f"{', '.join((*PROTECTED[:6], *LABELS))}"
    )


def _facets_missing(name: str, line: _Line, columns: Mapping[str, int]) -> list[SheetProblem]:
    absent = [column for column in (*LABELS[1:], *FACETS) if column not in columns]
    if not absent:
        return []
    return [_problem(name, line, "missing_facet", join_labels(absent), "", "these columns; read as not coded")]


def _read_unit(line: _Line, problems: list[SheetProblem], name: str) -> SheetUnit | None:
    cells = _plain_numbers(line.cells)
    bare = {column: unshield(cell) for column, cell in cells.items()}  # a .csv that was saved as .xlsx
    if id_of(bare) == cells["id"]:
        cells = bare
    if (found := id_of(cells)) != cells["id"]:
        expected = f"the text, heading, section and part that give {cells['id']}; these give {found}"
        problems.append(_problem(name, line, "edited_text", "text", cells["text"], expected))
    row = _ROW.fullmatch(cells["row"])
    if row is None or check_of(cells) != cells["check"] or not _have_numbers(cells):
        shown = "; ".join(f"{key}={cells[key]}" for key in PROTECTED if key not in ("text", "heading", "check"))
        problems.append(_problem(name, line, "edited_cells", "row, id or a hidden column", shown, "what was drawn"))
        return None
    return SheetUnit(
        sample=row[1],
        number=int(row[2]),
        total=int(row[3]),
        id=cells["id"],
        section=cells["section"],
        part=cells["part"] or None,
        heading=cells["heading"],
        text=cells["text"],
        year=int(cells["year"]) if cells["year"] else None,
        level=cells["level"] or None,
        agency=cells["agency"] or None,
        kind=cells["kind"] or None,
        stratum=cells["stratum"],
        cell=cells["cell"],
        weight=float(cells["weight"]) if cells["weight"] else None,
        copies=int(cells["copies"]),
    )


def _have_numbers(cells: Mapping[str, str]) -> bool:
    """Whether year, weight and copies can be what was drawn; a row made by hand may carry its own check."""
    year, weight, copies = (cells[name] for name in ("year", "weight", "copies"))
    return bool(_YEAR.fullmatch(year) and _WEIGHT.fullmatch(weight) and _COPIES.fullmatch(copies))


def _plain_numbers(cells: Mapping[str, str]) -> dict[str, str]:
    """Numbers as they were written, where a spreadsheet stored 2021 as 2021.0 or dropped the zeros of a weight."""
    plain = dict(cells)
    for column, form in (("year", ".0f"), ("copies", ".0f"), ("weight", ".6f")):
        try:
            plain[column] = format(float(cells[column]), form) if cells[column] else ""
        except (ValueError, OverflowError):
            continue
    return plain


def _read_codes(line: _Line, problems: list[SheetProblem], name: str, codebook: Codebook) -> Codes | None:
    given = [(column, part.strip()) for column in LABELS for part in _BETWEEN.split(line.cells.get(column, ""))]
    given = [(column, part) for column, part in given if part]
    admissible = admissible_codes(codebook, line.cells["section"], line.cells["part"] or None)
    labels: list[str] = []
    for column, part in given:
        code = _fold_label(part, codebook)
        if code is None:
            problems.append(_problem(name, line, "unknown_label", column, part, f"one of {', '.join(admissible)}"))
        elif code not in admissible:
            problems.append(_problem(name, line, "inadmissible_label", column, part, f"one of {', '.join(admissible)}"))
        elif code in labels:
            problems.append(_problem(name, line, "repeated_label", column, part, "each theme once; counted once"))
        else:
            labels.append(code)
    facets = _read_facets(line, problems, name)
    if not given:
        problems.append(_problem(name, line, "empty", "primary", line.cells.get("note", ""), "a theme"))
    elif given[0][0] != LABELS[0]:
        problems.append(_problem(name, line, "no_primary", "primary", join_labels(labels), "the main theme"))
    if len({_fold_label(part, codebook) or part for _, part in given}) > MAX_LABELS:
        problems.append(
            _problem(name, line, "too_many_labels", "primary", join_labels(labels), f"at most {MAX_LABELS} themes")
        )
    return Codes(tuple(labels), facets, line.cells.get("note", "")) if labels else None


def _fold_label(printed: str, codebook: Codebook) -> str | None:
    """The code that a coder means: a code alone or before the theme's own name; None for any other text."""
    match = _LABEL.fullmatch(_fold(printed))
    if match is None or match[1] not in codebook.codes:
        return None
    theme = codebook.theme(match[1])
    return theme.code if match[2] in ("", _fold(theme.name_zh), _fold(theme.name_en)) else None


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).upper().split())


def _read_facets(line: _Line, problems: list[SheetProblem], name: str) -> dict[str, str]:
    facets = {}
    for facet, values in FACETS.items():
        if not (printed := line.cells.get(facet, "")):
            continue
        value = fold_facet(facet, printed)
        if value is None:
            expected = f"one of {', '.join(values[:5])}; read as not coded"
            problems.append(_problem(name, line, "unknown_facet", facet, printed, expected))
        else:
            facets[facet] = value
    return facets


def _assemble(found: Sequence[tuple[_Line, CodedUnit | None, list[SheetProblem]]], coder: str, name: str) -> CodedSheet:
    sample = _main_sample(found)
    by_id: defaultdict[str, list[int]] = defaultdict(list)
    for place, (line, _, problems) in enumerate(found):
        by_id[line.cells.get("id", "")].append(place)
        row = _ROW.fullmatch(line.cells.get("row", ""))
        if row and sample and row[1] != sample[0]:
            problems.append(_problem(name, line, "other_sample", "row", line.cells["row"], f"a row of {sample[0]}"))
    kept = {place: coded for place, (_, coded, problems) in enumerate(found) if coded and not _aside(problems)}
    for key, places in by_id.items():
        if key and len(places) > 1:
            _mark_duplicates(places, found, kept, name)
    problems = [problem for _, _, own in found for problem in own]
    problems += _vanished(found, sample, name)
    rows = sorted(kept.values(), key=lambda coded: coded.unit.number)
    return CodedSheet(coder, tuple(rows), tuple(problems))


def _mark_duplicates(
    places: Sequence[int],
    found: Sequence[tuple[_Line, CodedUnit | None, list[SheetProblem]]],
    kept: dict[int, CodedUnit],
    name: str,
) -> None:
    """A row that stands twice: the first goes on where all copies say the same, none where they differ."""
    said = [kept.get(place) for place in places]
    alike = all(one is not None and said[0] is not None and one.codes == said[0].codes for one in said)
    lines = ", ".join(str(found[place][0].line) for place in places)
    for position, place in enumerate(places):
        line, _, problems = found[place]
        code = "repeated_row" if alike else "duplicated_row"
        problems.append(_problem(name, line, code, "id", f"lines {lines}", "each row once"))
        if position or not alike:
            kept.pop(place, None)


def _aside(problems: Sequence[SheetProblem]) -> bool:
    return any(problem.set_aside for problem in problems)


def _main_sample(found: Sequence[tuple[_Line, CodedUnit | None, list[SheetProblem]]]) -> tuple[str, int] | None:
    """The sample that most rows are of, and how many rows its sheet had."""
    counts: defaultdict[tuple[str, int], int] = defaultdict(int)
    for line, _, _ in found:
        if row := _ROW.fullmatch(line.cells.get("row", "")):
            counts[row[1], int(row[3])] += 1
    return max(sorted(counts), key=lambda key: counts[key]) if counts else None


def _vanished(
    found: Sequence[tuple[_Line, CodedUnit | None, list[SheetProblem]]], sample: tuple[str, int] | None, name: str
) -> Iterator[SheetProblem]:
    if sample is None:
        return
    matches = (_ROW.fullmatch(line.cells.get("row", "")) for line, _, _ in found)
    seen = {int(row[2]) for row in matches if row and row[1] == sample[0]}
    for number in range(1, min(sample[1], len(found) + len(seen) + _MAX_VANISHED) + 1):
        if number not in seen:
            row = f"{sample[0]}:{number}/{sample[1]}"
            yield SheetProblem(name, None, "", "row", "vanished_row", "", f"row {row}")


_MAX_VANISHED = 100_000
"""A row number is what a cell says: one that claims a billion rows must not name a billion."""


def _problem(sheet: str, line: _Line, code: str, column: str, found: str, expected: str) -> SheetProblem:
    """A fault, the whole row beside it: nothing a coder wrote is lost."""
    content = json.dumps(line.cells, ensure_ascii=False)
    return SheetProblem(sheet, line.line, line.cells.get("id", ""), column, code, found, expected, content)
