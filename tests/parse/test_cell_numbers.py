"""Numbers as agencies print them inside a cell, in every layout that can hold them."""

from __future__ import annotations

import pytest

from gknlp.forms import load_forms
from tests.parse.documents import parse, print_report, zeros

COUNT = ("t3", "new_requests", "natural_person")
CHANGE = ("t2", "licensing", "change")
MONEY = ("t2", "procurement", "amount")


def cell_of(key, printed, layout="a"):
    values = zeros(load_forms()["trial_2019"]) | {key: printed}
    report = parse(print_report("trial_2019", layout, values))
    (cell,) = [cell for cell in report.cells if (cell.table, cell.row, cell.column) == key]
    others = [other for other in report.cells if other is not cell]
    return cell, others, report


SIGNED = [
    ("-12", -12), ("－12", -12), ("−12", -12), ("+45", 45), ("＋45", 45), ("增2", 2), ("增加2", 2), ("减3", -3), ("减少3", -3), ("-1,204", -1204), ("0", 0), ("-0", 0),
]  # fmt: skip


@pytest.mark.parametrize("layout", ["a", "b", "d", "e"])
@pytest.mark.parametrize(("printed", "value"), SIGNED)
def test_signs(printed, value, layout):
    cell, others, report = cell_of(CHANGE, printed, layout)
    assert (cell.raw, cell.value, cell.unit) == (printed, value, "项")
    assert {other.value for other in others} == {0}
    assert report.diagnostics == ()


COUNTS = [
    ("１２", 12), ("１，２０４", 1204), ("1,204", 1204), ("1，204", 1204), ("12,345,678", 12345678), ("3件", 3), ("3 件", 3), ("零", 0), ("007", 7),
]  # fmt: skip


@pytest.mark.parametrize("layout", ["a", "b", "d", "e"])
@pytest.mark.parametrize(("printed", "value"), COUNTS)
def test_width_and_thousands(printed, value, layout):
    cell, others, report = cell_of(COUNT, printed, layout)
    assert (cell.raw, cell.value) == (printed, value)
    assert report.text[cell.span.start : cell.span.end] == printed
    assert {other.value for other in others} == {0}


@pytest.mark.parametrize("layout", ["a", "b", "d", "e"])
@pytest.mark.parametrize("printed", ["/", "／", "—", "——", "-", "–", "无", "空", "*"])
def test_marks_for_not_stated_are_null_with_their_place(printed, layout):
    cell, others, report = cell_of(COUNT, printed, layout)
    assert (cell.raw, cell.value) == (printed, None)
    assert report.text[cell.span.start : cell.span.end] == printed
    assert {other.value for other in others} == {0}
    assert report.diagnostics == ()


MONIES = [
    ("88.2万元", 88.2, "万元", 882000.0), ("８８．２万元", 88.2, "万元", 882000.0), ("766元", 766, "元", 766.0), ("1.5亿元", 1.5, "亿元", 150000000.0),
    ("0万元", 0, "万元", 0.0), ("1,204.56万元", 1204.56, "万元", 12045600.0), ("12万", 12, "万", 120000.0), ("20.3", 20.3, None, None), ("8040", 8040, None, None),
]  # fmt: skip


@pytest.mark.parametrize("layout", ["a", "b", "e"])
@pytest.mark.parametrize(("printed", "value", "unit", "yuan"), MONIES)
def test_money_with_its_unit_in_the_cell(printed, value, unit, yuan, layout):
    cell, _, report = cell_of(MONEY, printed, layout)
    assert (cell.raw, cell.value, cell.unit, cell.value_yuan) == (printed, value, unit, yuan)
    assert report.diagnostics == ()


NO_NUMBERS = [
    "²",
    "1²",
    "1_000",
    "9" * 16,
    "9" * 4301,
    "1e5",
    "0x10",
    "--3",
    "1,20",
    "12,04",
    "3-5",
    "约5",
    "5余",
    "٣",
    "1.2.3",
    "½",
    "①",
    "5%",
    "NaN",
    "inf",
    "+",
    "3万元元",
]


@pytest.mark.parametrize("printed", NO_NUMBERS, ids=lambda printed: printed[:8])
def test_what_is_no_number_is_never_a_value(printed):
    cell, others, report = cell_of(COUNT, printed)
    assert cell.value is None
    assert all(other.value in (0, None) for other in others)
    assert {note.code for note in report.diagnostics} <= {"cell_unreadable", "row_damaged"}
    assert report.diagnostics
