"""The statistics annex (政府信息公开情况统计表) of reports for 2014-2018: one or several numbers behind each label and unit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gknlp.forms import Column, Form, FormTable, Row
from gknlp.parse.cells import ReadTable, read_cell
from gknlp.parse.headings import Heading
from gknlp.parse.labels import Match, match_rows
from gknlp.parse.layout import Flat, Token, flatten_region
from gknlp.records import Cell, Diagnostic, Span
from gknlp.text.lines import Line
from gknlp.text.numerals import is_blank_mark, parse_amount

ANNEX = "statistics_annex"
_TABLE_HEAD = re.compile(r"统\s*计\s*指\s*标|指\s*标\s*名?\s*称?\s*[|\t ]+\s*单\s*位")
_OPENS = re.compile(rf"^附[表件](?:[\d一二][:：]?)?$|公开情况统计(?:年)?表|{_TABLE_HEAD.pattern}")
_LONGEST_CAPTION = 60
_UNITS = frozenset({"条", "件", "次", "篇", "个", "人", "人次", "万元", "元", "场", "份", "—", "-"})
_FEWEST_ROWS = 5
"""An annex has some forty rows; fewer than this found are labels that prose happens to share."""
_MOST_COLUMNS = 4


def read_annex(text: str, lines: Sequence[Line], headings: Sequence[Heading], form: Form) -> ReadTable:
    """Every row of the annex with its number(s), nulls included; no cells where a report has no annex, or an opening without rows.

    Provincial variants print a code before or several numbers behind (区政府, 区直, 乡镇): then the columns are value_1,
    value_2, ... by position.
    """
    table = form.table("t1")
    opening = next((heading for heading in headings if heading.key == ANNEX), None)
    if table is None or opening is None:
        return ReadTable((), ())
    flat = flatten_region(text, lines, Span(opening.body, len(text)))
    matches = {match.index: match for match in match_rows(table, flat)}
    runs = {index: _numbers_behind(flat, match) for index, match in matches.items()}
    if len(runs) < _FEWEST_ROWS:
        return ReadTable((), (Diagnostic("table_missing", "warning", opening.span, table.key, None),))
    n_columns = _n_columns(runs.values())
    cells: list[Cell] = []
    diagnostics: list[Diagnostic] = []
    for index, row in enumerate(table.blocks[0].rows):
        found, notes = _read_row(table, row, matches.get(index), runs.get(index), n_columns, flat)
        cells += found
        diagnostics += notes
    return ReadTable(tuple(cells), (*diagnostics, *_check_last_row(table, runs)))


def _check_last_row(table: FormTable, runs: Mapping[int, tuple[Token, ...]]) -> Iterator[Diagnostic]:
    """A note where no row behind some row has a number: provinces leave rows out, but a text that was cut off looks so, too."""
    rows = table.blocks[0].rows
    filled = [index for index, run in runs.items() if any(token.raw for token in run)]
    first = max(filled, default=-1) + 1
    if first < len(rows):
        yield Diagnostic("text_cut_off", "warning", None, f"{table.key}.{rows[first].key}: {rows[first].label}", None)


def set_annex_apart(lines: Sequence[Line], headings: Sequence[Heading], form: Form) -> tuple[Heading, ...]:
    """The headings up to the annex, and the line that opens it (caption, 附表, or the table's head) as the last.

    Rows of the annex are numbered like sections (八、机构建设和保障经费情况): what follows its opening is no heading.
    """
    order = next((place for place, section in enumerate(form.sections) if section.key == ANNEX), len(form.sections))
    for line in lines:
        behind_first = headings and line.span.start >= headings[0].body
        if behind_first and len(line.text) <= _LONGEST_CAPTION and _OPENS.search(line.text):
            is_head = _TABLE_HEAD.search(line.text)
            opening = Heading(ANNEX, order, line.span, line.span.start if is_head else line.span.end, 0.0)
            return (*(heading for heading in headings if heading.span.start < line.span.start), opening)
    return tuple(headings)


def _numbers_behind(flat: Flat, match: Match) -> tuple[Token, ...]:
    """The numbers and blank marks behind a label, its unit and code passed over."""
    row = flat.tokens[match.last].row
    run: list[Token] = []
    for token in flat.tokens[match.last + 1 :]:
        if row is not None and token.row != row:
            break
        if token.raw in _UNITS and not run:
            continue
        if token.raw and parse_amount(token.raw) is None and not is_blank_mark(token.raw):
            break
        run.append(token)
    return tuple(run)


def _n_columns(runs: Iterable[tuple[Token, ...]]) -> int:
    """How many numbers most labels have behind them."""
    counts = Counter(sum(bool(token.raw) for token in run) for run in runs)
    counts.pop(0, None)
    most = min(counts, key=lambda n: (-counts[n], n)) if counts else 1
    return min(most, _MOST_COLUMNS)


def _read_row(
    table: FormTable, row: Row, match: Match | None, run: tuple[Token, ...] | None, n_columns: int, flat: Flat
) -> tuple[list[Cell], list[Diagnostic]]:
    unit = row.unit or table.unit
    keys = ["value"] if n_columns == 1 else [f"value_{place}" for place in range(1, n_columns + 1)]
    columns = [Column(key, "", unit, money=unit in ("万元", "元")) for key in keys]
    nulls = [Cell(table.key, row.key, key, None, None, unit, None, None) for key in keys]
    if match is None or run is None:
        return nulls, [Diagnostic("row_missing", "info", None, row.label, None)]
    filled = [token for token in run if token.raw]
    tokens = filled if len(filled) == n_columns else list(run[:n_columns]) if flat.keeps_blanks else []
    if len(tokens) != n_columns or len(filled) > n_columns:
        span = Span(flat.tokens[match.first].span.start, flat.tokens[match.last].span.end)
        return nulls, [Diagnostic("row_damaged", "warning", span, f"t1.{row.key}: {n_columns}", str(len(filled)))]
    read = [read_cell(table, row, column, token) for column, token in zip(columns, tokens, strict=True)]
    return [cell for cell, _ in read], [note for _, notes in read for note in notes]
