"""Sentences in place of a table: cells where the wording names exactly one, nothing anywhere else."""

from __future__ import annotations

import time

import pytest

from gknlp.forms import load_forms
from gknlp.parse.hijack import find_falsified
from gknlp.parse.prose import read_prose
from gknlp.records import Span
from gknlp.text.numerals import parse_chinese_count
from gknlp.text.script import read_script
from tests.parse.documents import parse, print_report


def read(text, table, form="revised_2021", year=2021):
    cells = read_prose(text, load_forms()[form].table(table), Span(0, len(text)), year)
    assert all(text[cell.span.start : cell.span.end] == cell.raw for cell in cells.values())
    return {f"{row}.{column}": (cell.raw, cell.value) for (row, column), cell in cells.items()}


NORMATIVE = "normative_documents"
DISCLOSED = [
    ("本年度制发规范性文件2件，作出行政许可0件。", {f"{NORMATIVE}.issued": ("2", 2), "licensing.decisions": ("0", 0)}),
    ("本年度制发规范性文件2件,作出行政许可0件。", {f"{NORMATIVE}.issued": ("2", 2), "licensing.decisions": ("0", 0)}),
    (
        "2021年，我局制定行政规范性文件3件，废止1件，现行有效12件。",
        {f"{NORMATIVE}.issued": ("3", 3), f"{NORMATIVE}.repealed": ("1", 1), f"{NORMATIVE}.in_force": ("12", 12)},
    ),
    ("制发规章0件、规范性文件4件。", {"regulations.issued": ("0", 0), f"{NORMATIVE}.issued": ("4", 4)}),
    ("本年制发2件规范性文件。", {f"{NORMATIVE}.issued": ("2", 2)}),
    ("截至2021年12月31日，现行有效的规范性文件共5件。", {f"{NORMATIVE}.in_force": ("5", 5)}),
    ("2021年1月1日至12月31日，共作出行政处罚决定1,204件。", {"penalties.decisions": ("1,204", 1204)}),
    ("全年作出行政处罚决定十二件，行政强制两起。", {"penalties.decisions": ("十二", 12), "coercion.decisions": ("两", 2)}),
    ("作出行政许可决定 ３６ 件。", {"licensing.decisions": ("３６", 36)}),
    ("本年度行政许可处理决定数量为8件。", {"licensing.decisions": ("8", 8)}),
    ("行政许可：本年处理决定数量15件；\n行政处罚：0件；\n行政强制：0件。", {"licensing.decisions": ("15", 15), "penalties.decisions": ("0", 0), "coercion.decisions": ("0", 0)}),
    ("未制发规章。", {"regulations.issued": ("未", 0)}),
    ("没有制发规章和规范性文件。", {"regulations.issued": ("没有", 0), f"{NORMATIVE}.issued": ("没有", 0)}),
    ("未作出行政许可、行政处罚及行政强制决定。", {f"{row}.decisions": ("未", 0) for row in ("licensing", "penalties", "coercion")}),
    ("行政处罚、行政强制均为0件。", {"penalties.decisions": ("0", 0), "coercion.decisions": ("0", 0)}),
    ("（一）本年度制发规范性文件1件。", {f"{NORMATIVE}.issued": ("1", 1)}),
    ("一是制发规范性文件1件；二是作出行政许可7件。", {f"{NORMATIVE}.issued": ("1", 1), "licensing.decisions": ("7", 7)}),
    ("收取行政事业性收费3.5万元。", {"admin_fees.amount": ("3.5万元", 3.5)}),
    ("行政事业性收费金额为766元。", {"admin_fees.amount": ("766元", 766)}),
    ("未收取行政事业性收费。", {"admin_fees.amount": ("未", 0)}),
    ("办理行政许可120件，与上年持平。", {"licensing.decisions": ("120", 120)}),
    ("根据统计，作出行政许可9件。", {"licensing.decisions": ("9", 9)}),
]  # fmt: skip

REQUESTS = [
    ("本年度收到政府信息公开申请5件。", {"new_requests.total": ("5", 5)}),
    ("2021年，我镇共收到依申请公开申请12件，其中自然人申请10件，商业企业2件。", {"new_requests.total": ("12", 12), "new_requests.natural_person": ("10", 10), "new_requests.business": ("2", 2)}),
    ("未收到政府信息公开申请。", {"new_requests.total": ("未", 0)}),
    ("全年没有收到公民、法人和其他组织提出的政府信息公开申请。", {"new_requests.total": ("没有", 0)}),
    ("没有任何公民、法人或其他组织提交书面申请。", {"new_requests.total": ("没有", 0)}),
    ("本年新收政府信息公开申请3件，上年结转政府信息公开申请1件。", {"new_requests.total": ("3", 3), "carried_in.total": ("1", 1)}),
    ("收到申请6件，予以公开4件，部分公开1件，属于国家秘密0件，结转下年度继续办理1件。", {"new_requests.total": ("6", 6), "granted.total": ("4", 4), "partly_granted.total": ("1", 1), "denied_state_secret.total": ("0", 0), "carried_out.total": ("1", 1)}),
    ("收到政府信息公开申请0宗；上年结转0宗；结转下年度0宗。", {"new_requests.total": ("0", 0), "carried_in.total": ("0", 0), "carried_out.total": ("0", 0)}),
    ("无上年结转申请，收到申请一百零二件。", {"carried_in.total": ("无", 0), "new_requests.total": ("一百零二", 102)}),
]  # fmt: skip

ALL_ZERO = {f"{row}.total": 0 for row in ("review", "litigation_direct", "litigation_after_review")}
REVIEWS = [
    ("本年度行政复议0件，行政诉讼0件。", ALL_ZERO),
    ("未发生因政府信息公开引发的行政复议、行政诉讼案件。", ALL_ZERO),
    ("没有因政府信息公开工作被申请行政复议和提起行政诉讼的情况。", ALL_ZERO),
    ("无行政复议、行政诉讼。", ALL_ZERO),
    ("收到行政复议3件，其中结果维持2件，结果纠正1件，尚未审结0件。", {"review.total": 3, "review.upheld": 2, "review.corrected": 1, "review.pending": 0}),
    ("行政复议1起；未经复议直接起诉1起，复议后起诉0起。", {"review.total": 1, "litigation_direct.total": 1, "litigation_after_review.total": 0}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), DISCLOSED)
def test_what_was_disclosed(text, expected):
    assert read(text, "t2") == expected


@pytest.mark.parametrize(("text", "expected"), REQUESTS)
def test_requests(text, expected):
    assert read(text, "t3") == expected


@pytest.mark.parametrize(("text", "expected"), REVIEWS)
def test_reviews(text, expected):
    assert {key: value for key, (_, value) in read(text, "t4").items()} == expected


NO_CELL = [
    ("t2", ""),
    ("t2", "。，；"),
    # other years, comparisons, plans
    ("t2", "2020年制发规范性文件3件，废止1件。"),
    ("t2", "2020年，制发规范性文件3件，作出行政许可4件。"),
    ("t2", "上年度作出行政许可3件。"),
    ("t2", "去年的情况是，作出行政许可3件。"),
    ("t2", "2022年将制发规范性文件3件。"),
    ("t2", "计划制发规范性文件3件。"),
    ("t2", "下一步工作如下。制发规范性文件3件，作出行政许可2件。"),
    ("t2", "2022年工作安排：制发规范性文件3件。"),
    ("t2", "作出行政许可同比增长12件。"),
    ("t2", "行政许可增加3件。"),
    # no count of one cell
    ("t2", "规章和规范性文件共制发3件。"),
    ("t2", "作出行政许可、行政处罚共12件。"),
    ("t2", "作出行政许可3至5件。"),
    ("t2", "作出行政许可3-5件。"),
    ("t2", "作出行政许可两三件。"),
    ("t2", "作出行政许可3件5件。"),
    ("t2", "没有作出行政许可5件。"),
    ("t2", "没有作出行政许可，3件。"),
    ("t2", "作出行政许可约30件。"),
    ("t2", "作出行政许可30余件。"),
    ("t2", "作出行政许可30多件。"),
    ("t2", "作出行政许可30件以上。"),
    ("t2", "行政许可公开率100%。"),
    ("t2", "作出行政许可5件，作出行政许可7件。"),
    ("t2", "规范性文件5件。"),
    ("t2", "现有行政许可事项12项。"),
    ("t2", "行政许可12项。"),
    ("t2", "受理行政许可12件。"),
    ("t2", "公开行政许可信息12条。"),
    ("t2", "作出行政许可5。"),
    ("t2", "行政许可5万元。"),
    ("t2", "行政事业性收费5件。"),
    ("t2", "无行政许可权。"),
    ("t2", "未公开行政许可结果。"),
    ("t2", "根据条例第二十条第（五）项，行政许可应当公开。"),
    ("t2", "按照国务院令第711号第二十条第5项行政许可的规定办理。"),
    ("t2", "全市作出行政许可12件。"),
    ("t2", "作出行政许可-5件。"),
    ("t2", "作出行政许可5件"),
    # requests
    ("t3", "受理政府信息公开申请12件。"),
    ("t3", "收到和处理政府信息公开申请5件。"),
    ("t3", "收到申请6件，其中上年结转1件。"),
    ("t3", "通过网络收到申请6件。"),
    ("t3", "去年未收到政府信息公开申请。"),
    ("t3", "不予公开2件。"),
    ("t3", "未收到不合规的政府信息公开申请。"),
    ("t3", "收到法人申请2件。"),
    ("t3", "办理申请12件，均已答复。"),
    ("t3", "收到咨询电话12次。"),
    # reviews
    ("t4", "行政诉讼1件。"),
    ("t4", "行政复议、行政诉讼共2件。"),
    ("t4", "行政诉讼1件，结果维持1件。"),
    ("t4", "收到其他类型行政复议3件。"),
    ("t4", "行政复议案件办理时限60日。"),
]


@pytest.mark.parametrize(("table", "text"), NO_CELL)
def test_false_friends_give_nothing(table, text):
    assert read(text, table) == {}


def test_a_number_behind_an_applicant_may_be_the_applicant_s():
    text = "收到申请6件，其中自然人5件，予以公开4件，部分公开1件。"
    assert read(text, "t3") == {"new_requests.total": ("6", 6), "new_requests.natural_person": ("5", 5)}


def test_the_trial_form_has_its_own_columns():
    text = "新制作规范性文件2件，对外公开规范性文件9件，作出行政许可3件。政府集中采购项目4个。政府集中采购采购总金额88.2万元。"
    assert read(text, "t2", "trial_2019", 2019) == {
        f"{NORMATIVE}.newly_made": ("2", 2),
        f"{NORMATIVE}.disclosed_total": ("9", 9),
        "licensing.decisions": ("3", 3),
        "procurement.amount": ("88.2万元", 88.2),
    }
    assert read("行政许可3件。", "t2", "trial_2019", 2019) == {}


def test_money_in_yuan():
    text = "收取行政事业性收费3.5万元。"
    (cell,) = read_prose(text, load_forms()["revised_2021"].table("t2"), Span(0, len(text)), 2021).values()
    assert (cell.value, cell.unit, cell.value_yuan) == (3.5, "万元", 35000.0)


SECTIONS = {
    "t2": "本年度制发规范性文件2件，作出行政许可0件。",
    "t3": "本年度未收到政府信息公开申请。",
    "t4": "本年度未发生行政复议、行政诉讼。",
}


def in_prose(*tables):
    text = print_report("revised_2021", "a")
    names = {
        "t2": ("二、主动公开政府信息情况\n", "三、收到"),
        "t3": ("三、收到和处理政府信息公开申请情况\n", "四、政府"),
        "t4": ("四、政府信息公开行政复议、行政诉讼情况\n", "五、存在"),
    }
    for table in tables:
        opening, behind = names[table]
        head, rest = text.split(opening)
        text = head + opening + SECTIONS[table] + "\n" + rest[rest.index(behind) :]
    return text


def test_a_whole_report_in_prose():
    report = parse(in_prose("t2", "t3", "t4"))
    filled = {(cell.table, cell.row, cell.column): cell.value for cell in report.cells if cell.span}
    assert filled == {
        ("t2", NORMATIVE, "issued"): 2,
        ("t2", "licensing", "decisions"): 0,
        ("t3", "new_requests", "total"): 0,
        ("t4", "review", "total"): 0,
        ("t4", "litigation_direct", "total"): 0,
        ("t4", "litigation_after_review", "total"): 0,
    }
    assert len(report.cells) == 200
    assert all(cell.raw == report.text[cell.span.start : cell.span.end] for cell in report.cells if cell.span)
    notes = [(note.expected, note.found) for note in report.diagnostics if note.code == "cells_from_prose"]
    assert notes == [("t2", "2"), ("t3", "1"), ("t4", "3")]
    errors = [note.expected for note in report.diagnostics if note.code in ("table_missing", "table_damaged")]
    assert errors == ["t2", "t3", "t4"]
    assert {"proactive_table", "requests_table", "review_table"} <= {unit.section for unit in report.units}


@pytest.mark.parametrize("table", ["t2", "t3", "t4"])
def test_one_section_in_prose_leaves_the_other_tables(table):
    report = parse(in_prose(table))
    others = [cell for cell in report.cells if cell.table != table]
    assert {cell.value for cell in others} == {0}
    codes = [note.code for note in report.diagnostics]
    assert codes.count("cells_from_prose") == 1
    assert {"table_missing", "table_damaged"} & set(codes)


def test_headings_alone_and_one_sentence_keep_both_notes():
    text = in_prose("t2", "t3", "t4").replace(SECTIONS["t3"], "").replace(SECTIONS["t4"], "")
    notes = [(note.code, note.found) for note in parse(text).diagnostics]
    assert notes == [("tables_lost", "headings only"), ("cells_from_prose", "2")]


def test_sentences_beside_a_table_are_not_read():
    text = print_report("revised_2021", "a").replace(
        "二、主动公开政府信息情况\n", "二、主动公开政府信息情况\n本年度制发规范性文件2件，作出行政许可5件。\n"
    )
    report = parse(text)
    assert {cell.value for cell in report.cells} == {0}
    assert report.diagnostics == ()


COUNTS = [
    ("零", 0), ("〇", 0), ("一", 1), ("两", 2), ("十", 10), ("十二", 12), ("二十", 20), ("二十三", 23), ("一百", 100), ("一百零五", 105), ("一百一十", 110),
    ("一百一十五", 115), ("两百", 200), ("一千零一", 1001), ("一千二百三十四", 1234), ("三万", 30000), ("十二万三千", 123000), ("一万零五", 10005),
    ("", None), ("二〇", None), ("一百五", None), ("一万二", None), ("两三", None), ("百", None), ("十十", None), ("一百千", None), ("零零", None), ("万", None), ("5", None), ("一千一", None),
    ("一千十", None), ("一百零", None),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "value"), COUNTS)
def test_counts_in_chinese_numerals(raw, value):
    assert parse_chinese_count(raw) == value


def test_every_count_reads_back():
    def write(n):
        digits, said = "零一二三四五六七八九", ""
        for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit, n = divmod(n, unit)
            if digit:
                said += digits[digit] + name
            elif said and n and not said.endswith("零"):
                said += "零"
        return said

    assert all(parse_chinese_count(write(n)) == n for n in range(1, 10_000))


@pytest.mark.nightly
@pytest.mark.parametrize(
    "unit",
    [
        "作出行政许可3件，",
        "\n。",
        "，",
        "2021 年",
        "1,204",
        "将",
        "三、收到和处理甲乙丙",
        "《甲乙丙条例》",
        "機(jī)",
        "( jī)",
    ],
)
def test_time_grows_with_the_length(unit):
    def seconds(n):
        text = unit * (n // len(unit))
        best = []
        for _ in range(3):
            start = time.process_time()
            read(text, "t2")
            find_falsified(text)
            read_script(text)
            best.append(time.process_time() - start)
        return min(best)

    assert seconds(20_000) < 8 * seconds(5_000) + 0.02
