"""The statistics annex of 2014-2018 in its layouts; every wording but the form's labels is fictional."""

from __future__ import annotations

import pytest

from gknlp.forms import load_forms
from tests.parse.documents import parse

ROWS = load_forms()["legacy_2008"].table("t1").blocks[0].rows
NARRATIVE = """云泽县水利局2015年政府信息公开工作年度报告
依照条例写成本报告，统计期限为2015年1月1日至12月31日。
一、概述
水利局在政务公开方面设有专栏，政府信息公开由办公室经办。
二、主动公开政府信息的情况
全年挂出消息五十一条。
三、依申请公开政府信息情况
全年没有人提出申请。
四、存在的主要问题和改进措施
更新偏慢。下一步将按月核对。
"""
ORDINALS = "一二三四五六七八九十"
HEADS = {"proactive.01": "一、主动公开情况", "response.01": "二、回应解读情况", "on_request.01": "三、依申请公开情况"}


def print_annex(layout, *, columns=1, skip=()):
    head = ["统计指标", "单位", "统计数"]
    rows = [head]
    for place, row in enumerate(ROWS):
        if row.key in HEADS:
            rows.append([HEADS[row.key], "——", *[""] * columns] if layout == "a" else [HEADS[row.key]])
        label = f"（{ORDINALS[place % 9]}）{row.label}" if row.parent else row.label
        rows.append([label, row.unit, *(str(1000 + 10 * place + c) for c in range(columns))])
    if layout == "a":
        return "\n".join(" | ".join(row) + " |" for row in rows)
    if layout == "d":
        return "\n".join("\n".join(row) for row in rows)
    return "\n\n".join("\n".join("\t" + cell for cell in row) for row in rows)


@pytest.mark.parametrize("layout", ["a", "d", "e"])
def test_every_row_of_the_annex(layout):
    report = parse(f"{NARRATIVE}附表\n政府信息公开情况统计表\n{print_annex(layout)}\n")
    expected = {row.key: 1000 + 10 * place for place, row in enumerate(ROWS)}
    found = {cell.row: cell.value for cell in report.cells if cell.column == "value"}
    assert report.form.value == "legacy_2008"
    assert found == expected
    assert report.sections[-1].key == "statistics_annex"
    assert report.units[-1].text == "下一步将按月核对。"
    fee = next(cell for cell in report.cells if cell.row == "fees.01")
    assert (fee.unit, fee.value_yuan) == ("万元", expected["fees.01"] * 10000.0)


def test_three_value_columns_are_numbered_by_position():
    report = parse(NARRATIVE + "附表\n政府信息公开情况统计表\n" + print_annex("a", columns=3))
    assert {cell.column for cell in report.cells} == {"value_1", "value_2", "value_3"}
    assert all(
        cell.value == 1000 + 10 * [r.key for r in ROWS].index(cell.row) + int(cell.column[-1]) - 1
        for cell in report.cells
    )


def test_a_legacy_report_without_an_annex_has_no_cells():
    assert parse(NARRATIVE).cells == ()


def test_a_row_that_is_not_printed_is_null_with_a_diagnostic():
    text = NARRATIVE + "附表\n政府信息公开情况统计表\n" + print_annex("a")
    lines = [line for line in text.split("\n") if "政务微博公开政府信息数" not in line]
    report = parse("\n".join(lines))
    assert [(c.row, c.span) for c in report.cells if c.value is None] == [("proactive.06", None)]
    assert [(d.code, d.expected) for d in report.diagnostics if d.code == "row_missing"] == [
        ("row_missing", "政务微博公开政府信息数")
    ]
