"""A report cut off at any character: no exception, no other number, no cell lost without a diagnostic that names it."""

from __future__ import annotations

import pytest

from gknlp.forms import load_forms
from tests.parse.documents import LAYOUTS, distinct_values, parse, print_report
from tests.parse.test_annex import NARRATIVE, print_annex
from tests.parse.truncation import cells_of, false_spans, untold

SHAPES = [(form, layout) for form in ("revised_2021", "trial_2019") for layout in LAYOUTS]
ANNEXES = [(layout, columns) for layout in "ade" for columns in (1, 3)]
STRIDE = 61


def check_prefixes(text, prefixes):
    full = parse(text)
    cells = cells_of(full)
    assert cells
    assert all(cell.value is not None for cell in cells.values())
    assert false_spans(full) == []
    for length in prefixes:
        cut = parse(text[:length])
        assert untold(cut, full, cells) == [], (length, text[max(0, length - 40) : length])
        assert false_spans(cut) == [], length


def make_annex(layout, columns):
    return f"{NARRATIVE}附表\n政府信息公开情况统计表\n{print_annex(layout, columns=columns)}\n"


def make_report(form, layout):
    return print_report(form, layout, distinct_values(load_forms()[form], 8))


@pytest.mark.parametrize(("form", "layout"), SHAPES)
def test_a_report_cut_off_here_and_there(form, layout):
    text = make_report(form, layout)
    check_prefixes(text, range(SHAPES.index((form, layout)) % STRIDE, len(text), STRIDE))


@pytest.mark.parametrize(("layout", "columns"), ANNEXES)
def test_an_annex_cut_off_here_and_there(layout, columns):
    text = make_annex(layout, columns)
    check_prefixes(text, range(text.index("附表") + columns, len(text), STRIDE))


@pytest.mark.nightly
@pytest.mark.parametrize(("form", "layout"), SHAPES)
def test_a_report_cut_off_at_every_character(form, layout):
    text = make_report(form, layout)
    check_prefixes(text, range(0, len(text), 1 if form == "revised_2021" else 7))


@pytest.mark.nightly
@pytest.mark.parametrize(("layout", "columns"), ANNEXES)
def test_an_annex_cut_off_at_every_character(layout, columns):
    text = make_annex(layout, columns)
    check_prefixes(text, range(text.index("附表") + 2, len(text), 1 if columns == 1 else 11))


@pytest.mark.parametrize("length", range(0, len(NARRATIVE) + 1, 9))
def test_what_is_cut_off_before_the_annex_is_a_report_without_one(length):
    assert [cell for cell in parse(NARRATIVE[:length]).cells if cell.value is not None] == []


@pytest.mark.parametrize(
    ("end", "believed"),
    [("17", None), ("17 ", None), ("17\n", 17), ("17 |", 17), ("17 件", None), ("17 |\n\n ", 17)],
)
def test_a_last_number_counts_only_with_something_behind_it(end, believed):
    text = make_annex("a", 1)
    cut = text[: text.rindex("| 1")] + "| " + end
    last = parse(cut).cells[-1]
    assert last.value == believed
    codes = [note.expected for note in parse(cut).diagnostics if note.code == "text_cut_off"]
    assert codes == ([] if believed else [f"t1.{last.row}.value"])


def test_a_last_blank_cell_counts_only_with_a_pipe_behind_it():
    """The pipe before it is all that is left of a row: whether a number stood there nobody can tell."""
    text = make_report("revised_2021", "b")
    row = text.index("规章 |")
    third = row + [n for n, letter in enumerate(text[row:]) if letter == "|"][2]
    cut = parse(text[: third + 1] + "\n")
    cell = cells_of(cut)["t2", "regulations", "in_force"]
    assert (cell.raw, cell.value, cell.span) == (None, None, None)
    assert "t2.regulations.in_force" in [note.expected for note in cut.diagnostics if note.code == "text_cut_off"]
    blank = parse(text[: third + 1] + "\n|\n")
    cell = cells_of(blank)["t2", "regulations", "in_force"]
    assert (cell.raw, cell.value) == ("", None)
    assert cell.span is not None
