"""Cells come back in their own places, from every layout, or not at all."""

from __future__ import annotations

import re

import pytest

from gknlp.forms import load_forms
from tests.parse.documents import LAYOUTS, distinct_values, parse, print_report, zeros

FORMS = ("trial_2019", "revised_2021")


def cells_of(report):
    return {(cell.table, cell.row, cell.column): cell for cell in report.cells}


@pytest.mark.parametrize("form_key", FORMS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_distinct_number_comes_back_in_its_own_cell(form_key, layout):
    values = distinct_values(load_forms()[form_key])
    report = parse(print_report(form_key, layout, values))
    assert report.form.value == form_key
    assert {key: cell.raw for key, cell in cells_of(report).items()} == values
    assert all(report.text[cell.span.start : cell.span.end] == cell.raw for cell in report.cells)
    assert [d.code for d in report.diagnostics] == []


@pytest.mark.parametrize("layout", ["a", "b", "c", "e"])
@pytest.mark.parametrize(
    "blank",
    [
        ("t3", "new_requests", "business"),
        ("t3", "granted", "natural_person"),
        ("t3", "denied_by_law", "total"),
        ("t2", "regulations", "in_force"),
        ("t4", "litigation_direct", "corrected"),
    ],
)
def test_a_blank_cell_is_null_in_its_place_and_moves_no_other(layout, blank):
    values = distinct_values(load_forms()["revised_2021"]) | {blank: ""}
    report = parse(print_report("revised_2021", layout, values))
    cells = cells_of(report)
    assert cells[blank].value is None
    assert cells[blank].span is not None
    wrong = {key for key, cell in cells.items() if cell.value is not None and cell.raw != values[key]}
    assert wrong == set()
    assert sum(cell.value is None for cell in report.cells) == 1


@pytest.mark.parametrize("layout", ["a", "a_leading", "b", "c", "e"])
def test_a_blank_first_number_is_a_blank_cell_or_leaves_the_row_unread(layout):
    """Where rows are lines the place is sure; else a blank could be a merged header's, and nothing is guessed."""
    key = ("t4", "review", "upheld")
    values = distinct_values(load_forms()["revised_2021"]) | {key: ""}
    cells = cells_of(parse(print_report("revised_2021", layout, values)))
    sure = layout == "a"
    assert (cells[key].span is not None) == sure or layout == "a_leading"
    assert all(cell.raw == values[k] or cell.value is None for k, cell in cells.items())
    assert sum(cell.value is None for cell in cells.values()) == (1 if layout.startswith("a") else 15)


def test_a_lost_cell_without_a_trace_nulls_its_row_and_says_so():
    values = distinct_values(load_forms()["revised_2021"])
    text = print_report("revised_2021", "d", values)
    lost = values["t3", "granted", "business"]
    report = parse(text.replace(f"\n{lost}\n", "\n", 1))
    row = [cell for cell in report.cells if cell.row == "granted"]
    assert [cell.value for cell in row] == [None] * 7
    assert [(d.code, d.severity) for d in report.diagnostics] == [("row_damaged", "error")]
    assert sum(cell.value is None for cell in report.cells) == 7


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_number_too_many_nulls_its_row_and_says_so(layout):
    values = distinct_values(load_forms()["revised_2021"])
    key = ("t3", "granted", "business")
    doubled = {"a": " | ", "a_leading": " | ", "b": " |\n", "c": "\n|\n", "d_blank": "\n\n", "e": "\n\t", "f": " "}
    extra = f"{values[key]}{doubled.get(layout, chr(10))}99999"
    report = parse(print_report("revised_2021", layout, values | {key: extra}))
    assert {cell.row for cell in report.cells if cell.value is None} == {"granted"}
    assert all(cell.value is None for cell in report.cells if cell.row == "granted")
    assert [(d.code, d.found) for d in report.diagnostics] == [("row_damaged", "8")]


@pytest.mark.parametrize(
    ("printed", "value", "unit", "yuan"),
    [
        ("88.2万元", 88.2, "万元", 882000.0),
        ("766元", 766, "元", 766.0),
        ("1.5亿元", 1.5, "亿元", 150000000.0),
        ("8,040", 8040, None, None),
        ("0", 0, None, None),
        ("／", None, None, None),
    ],
)
def test_money_keeps_its_printed_unit(printed, value, unit, yuan):
    form = load_forms()["trial_2019"]
    key = ("t2", "procurement", "amount")
    cell = cells_of(parse(print_report("trial_2019", "e", zeros(form) | {key: printed})))[key]
    assert (cell.value, cell.unit, cell.value_yuan) == (value, unit, yuan)


@pytest.mark.parametrize(
    ("printed", "value"), [("+451", 451), ("-12", -12), ("－3", -3), ("增2", 2), ("减少4", -4), ("０", 0), ("无", None)]
)
def test_signed_changes(printed, value):
    key = ("t2", "licensing", "change")
    form = load_forms()["trial_2019"]
    assert cells_of(parse(print_report("trial_2019", "a", zeros(form) | {key: printed})))[key].value == value


@pytest.mark.parametrize("printed", ["²", "1_000", "12a", "约5", "0x10", "9" * 4301])
@pytest.mark.parametrize("layout", ["a", "e"])
def test_what_is_no_number_by_the_grammar_is_never_a_value(printed, layout):
    key = ("t3", "granted", "total")
    form = load_forms()["revised_2021"]
    report = parse(print_report("revised_2021", layout, zeros(form) | {key: printed}))
    assert cells_of(report)[key].value is None
    assert report.diagnostics[0].code in {"cell_unreadable", "row_damaged"}


LABEL_SLIPS = [
    ("5.属于三类内部事务信息", "5.属于三类内容事务信息", "denied_internal_affairs"),
    ("4.保护第三方合法权益", "4.保护第三方合法权", "denied_third_party"),
    ("1.信访举报投诉类申请", "信访举报投诉类申请", "not_processed_petition"),
    ("2.重复申请", "2。重复申请", "not_processed_repeat"),
    ("四、结转下年度继续办理", "四、结转下一年度继续办理", "carried_out"),
    ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "(二)部分公开", "partly_granted"),
    ("3.其他", "其他", "other_rest"),
    ("（七）总计", "总计", "outcome_total"),
    ("8.属于行政查询事项", "8.属于行政\n查询事项", "denied_administrative_query"),
]


@pytest.mark.parametrize(
    ("layout", "label", "slip", "row"),
    # A row that is one line has no line break inside a label.
    [(layout, *slip) for slip in LABEL_SLIPS for layout in "abde" if "\n" not in slip[1] or layout != "a"],
)
def test_labels_match_despite_slips(layout, label, slip, row):
    values = distinct_values(load_forms()["revised_2021"])
    text = print_report("revised_2021", layout, values).replace(label, slip, 1)
    report = parse(text)
    found = [cell.raw for cell in report.cells if cell.row == row and cell.table == "t3"]
    assert found == [values[key] for key in values if key[0] == "t3" and key[1] == row]
    assert all(cell.raw == values[cell.table, cell.row, cell.column] for cell in report.cells)


def test_tables_lost_gives_nulls_and_one_diagnostic():
    text = re.sub(r"(情况\n)(?:.*\d.*\|\n|.*\|\n)+", r"\1", print_report("revised_2021", "a") + "\n")
    report = parse(text)
    assert report.form.value == "revised_2021"
    assert report.form.status == "damaged"
    assert len(report.cells) == 200
    assert all(cell.value is None and cell.span is None for cell in report.cells)
    assert [d.code for d in report.diagnostics] == ["tables_lost"]


@pytest.mark.parametrize("form_key", FORMS)
def test_repeated_lines_removed_is_told_and_no_value_is_believed(form_key):
    form = load_forms()[form_key]
    values = zeros(form) | {("t2", "licensing", "decisions"): "34", ("t3", "new_requests", "natural_person"): "5"}
    seen: set[str] = set()
    kept = []
    for line in print_report(form_key, "d", values).split("\n"):
        if line not in seen:
            kept.append(line)
            seen.add(line)
    report = parse("\n".join(kept))
    assert all(cell.value is None for cell in report.cells)
    assert "repeated_lines_removed" in {d.code for d in report.diagnostics}


def test_the_form_is_told_by_header_cells_and_not_by_the_year():
    text = print_report("trial_2019", "a").replace("2019年", "2022年")
    report = parse(text)
    assert (report.year.value, report.form.value, report.form.status) == (2022, "trial_2019", "found")
    assert len(report.cells) == 22 + 161 + 15


@pytest.mark.parametrize("layout", ["a", "b", "d", "e"])
def test_cut_anywhere_no_cell_is_wrong(layout):
    values = distinct_values(load_forms()["revised_2021"])
    text = print_report("revised_2021", layout, values)
    for end in range(0, len(text), 37):
        report = parse(text[:end])
        wrong = [c for c in report.cells if c.value is not None and c.raw != values[c.table, c.row, c.column]]
        assert wrong == [], f"cut at {end}"
        assert end > len(text) - 30 or report.diagnostics


def test_spans_of_merged_cells_shown_as_extra_pipes():
    text = print_report("revised_2021", "b").replace("第二十条第（一）项 |", "第二十条第（一）项 |\n|||")
    text = text.replace("一、本年新收政府信息公开申请数量 |", "一、本年新收政府信息公开申请数量 |\n||")
    report = parse(text)
    assert [cell.value for cell in report.cells] == [0] * 200
