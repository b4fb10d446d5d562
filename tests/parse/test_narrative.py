"""Units of coding: the table of cases is the specification (every wording fictional)."""

from __future__ import annotations

import re

import pytest

from gknlp.parse.narrative import split_units
from gknlp.parse.parts import assign_parts
from gknlp.records import Span
from tests.parse.documents import parse, print_report

CASES = [
    # name, text, units as (heading, text)
    ("empty", "", []),
    ("blank", " \n\u3000\n", []),
    ("sentences", "甲事办妥。乙事照旧！丙事何如？", [("", "甲事办妥。"), ("", "乙事照旧！"), ("", "丙事何如？")]),
    ("semicolons", "甲事已经办妥；乙事仍在推进。", [("", "甲事已经办妥；"), ("", "乙事仍在推进。")]),
    ("brackets keep", "沿用旧办法（含补充规定。另附说明）办理。", [("", "沿用旧办法（含补充规定。另附说明）办理。")]),
    (
        "items",
        "办法有三：一是按月核对栏目；二是按季通报结果；三是年底评比。",
        [("", "办法有三："), ("", "一是按月核对栏目；"), ("", "二是按季通报结果；"), ("", "三是年底评比。")],
    ),
    (
        "run-in heading of an item",
        "一是栏目维护机制。每周核对一次栏目。逾期即提醒。",
        [("", "一是栏目维护机制。每周核对一次栏目。"), ("", "逾期即提醒。")],
    ),
    (
        "run-in heading of a paragraph",
        "夯实人手。各村配备一名经办人员，由镇办公室按季轮训并登记在册。",
        [("", "夯实人手。各村配备一名经办人员，由镇办公室按季轮训并登记在册。")],
    ),
    (
        "heading on its own line",
        "（一）主动公开情况\n全年挂出消息三十七条。栏目每周更新。",
        [("（一）主动公开情况", "全年挂出消息三十七条。"), ("（一）主动公开情况", "栏目每周更新。")],
    ),
    (
        "headings nest",
        "（一）公开情况\n1.主动公开\n全年挂出消息三十七条。\n2.依申请公开\n没有人提出申请。\n（二）保障情况\n办了两期讲座，到场八十人。",
        [
            ("1.主动公开", "全年挂出消息三十七条。"),
            ("2.依申请公开", "没有人提出申请。"),
            ("（二）保障情况", "办了两期讲座，到场八十人。"),
        ],
    ),
    (
        "a list on lines is no heading",
        "1.更新不够勤快。\n2.人手不够充裕。\n3.形式不够多样。",
        [("", "1.更新不够勤快。"), ("", "2.人手不够充裕。"), ("", "3.形式不够多样。")],
    ),
    (
        "a heading that opens a list on its line",
        "（一）存在的问题。1.更新不够勤快。2.人手不够充裕。",
        [("（一）存在的问题。", "1.更新不够勤快。"), ("（一）存在的问题。", "2.人手不够充裕。")],
    ),
    (
        "parts stay with their total",
        "全年公开消息九十条，其中：动态消息五十条；财政消息四十条。来信全部答复。",
        [("", "全年公开消息九十条，其中：动态消息五十条；财政消息四十条。"), ("", "来信全部答复。")],
    ),
    (
        "a line broken by an extractor",
        "全年在门户网站和公示栏挂出各类消息合计三十七条，另外在\n广播里播出十二次。",
        [("", "全年在门户网站和公示栏挂出各类消息合计三十七条，另外在\n广播里播出十二次。")],
    ),
    ("decimals open nothing", "支出3.5万元。", [("", "支出3.5万元。")]),
    (
        "a plain heading without number",
        "公开渠道\n全年在公示栏贴出消息三十七条。",
        [("公开渠道", "全年在公示栏贴出消息三十七条。")],
    ),
    (
        "circled items behind a colon",
        "办法有三：①按月核对；②按季通报。",
        [("", "办法有三："), ("", "①按月核对；"), ("", "②按季通报。")],
    ),
    (
        "numbers in brackets and with a full stop of one sign",
        "办法有三：⑴按月核对栏目；⑵按季通报。\n要求如下：⒈按月核对栏目；⒉按季通报。㈠加快更新；㈡多听意见。",
        [
            ("", "办法有三："),
            ("", "⑴按月核对栏目；"),
            ("", "⑵按季通报。"),
            ("", "要求如下："),
            ("", "⒈按月核对栏目；"),
            ("", "⒉按季通报。"),
            ("", "㈠加快更新；"),
            ("", "㈡多听意见。"),
        ],
    ),
    (
        "half-width brackets, a stop of every kind behind the number",
        "(1)按月核对；(2)按季通报。3、年底评比；4．来年再议。",
        [("", "(1)按月核对；"), ("", "(2)按季通报。"), ("", "3、年底评比；"), ("", "4．来年再议。")],
    ),
    (
        "first, then, last",
        "首先，按月核对栏目，其次，按季通报结果，最后，年底评比。其一，人手不够；其二，经费吃紧。",
        [
            ("", "首先，按月核对栏目，"),
            ("", "其次，按季通报结果，"),
            ("", "最后，年底评比。"),
            ("", "其一，人手不够；"),
            ("", "其二，经费吃紧。"),
        ],
    ),
    (
        "parts in a sentence of their own stay with their total",
        "采购金额103.7万元。其中货物类50万元，服务类53.7万元。全部上网公示。",
        [("", "采购金额103.7万元。其中货物类50万元，服务类53.7万元。"), ("", "全部上网公示。")],
    ),
    (
        "without a total, 其中 opens a unit of its own",
        "来信逐封登记。其中投诉类转纪检组办理。",
        [("", "来信逐封登记。"), ("", "其中投诉类转纪检组办理。")],
    ),
    (
        "parts on lines of their own stay with their total",
        "全年公开消息九十条\n其中：网站五十条\n公众号四十条\n来信全部答复。",
        [("", "全年公开消息九十条\n其中：网站五十条\n公众号四十条"), ("", "来信全部答复。")],
    ),
    (
        "numbered parts stay with their total",
        "全年公开消息90条，其中：1.网站50条；2.公众号40条。来信全部答复。",
        [("", "全年公开消息90条，其中：1.网站50条；2.公众号40条。"), ("", "来信全部答复。")],
    ),
    (
        "what is planned is no part of a count",
        "全年公开消息90条，其中网站50条；下一步增设栏目。",
        [("", "全年公开消息90条，其中网站50条；"), ("", "下一步增设栏目。")],
    ),
    (
        "an inner item heads no outer list",
        "一是健全机制。（1）定规矩。（2）抓落实。二是强化督查。每季通报一次进度。",
        [
            ("", "一是健全机制。"),
            ("", "（1）定规矩。"),
            ("", "（2）抓落实。"),
            ("", "二是强化督查。每季通报一次进度。"),
        ],
    ),
    (
        "quarters are no enumerators",
        "一、二季度各查一次。三季度没有查。",
        [("", "一、二季度各查一次。"), ("", "三季度没有查。")],
    ),
    (
        "dates, shares and versions open nothing",
        "截至2021.12.31，办结率98.5%，比3.15前高1.5个百分点；采用IPv6与1.0版目录。",
        [("", "截至2021.12.31，办结率98.5%，比3.15前高1.5个百分点；"), ("", "采用IPv6与1.0版目录。")],
    ),
    (
        "titles and quotes keep their stops",
        "印发《栏目核对；更新办法》，照“先审查；后公开。”的话去做。其余照旧。",
        [("", "印发《栏目核对；更新办法》，照“先审查；后公开。”的话去做。"), ("", "其余照旧。")],
    ),
    (
        "articles of a law are no list",
        "依据《条例》第二十条（一）项、第（五）项公布。一审归科室；二审归办公室。",
        [("", "依据《条例》第二十条（一）项、第（五）项公布。"), ("", "一审归科室；"), ("", "二审归办公室。")],
    ),
    (
        "a list inside a list",
        "（一）主要做法\n1.抓机制：一是按月核对；二是按季通报。\n2.抓人手：（1）增配专干；（2）按季轮训。",
        [
            ("（一）主要做法", "1.抓机制："),
            ("（一）主要做法", "一是按月核对；"),
            ("（一）主要做法", "二是按季通报。"),
            ("（一）主要做法", "2.抓人手："),
            ("（一）主要做法", "（1）增配专干；"),
            ("（一）主要做法", "（2）按季轮训。"),
        ],
    ),
    ("questions", "向谁公开？怎样公开？都有答案。", [("", "向谁公开？"), ("", "怎样公开？"), ("", "都有答案。")]),
    ("fees in short", "收费：0元；减免：0元。", [("", "收费：0元；"), ("", "减免：0元。")]),
    ("punctuation alone joins", "甲事办妥。。；乙事照旧。", [("", "甲事办妥。。；"), ("", "乙事照旧。")]),
]


@pytest.mark.parametrize(("name", "text", "expected"), CASES, ids=[case[0] for case in CASES])
def test_units(name, text, expected):
    pieces = split_units(text, Span(0, len(text)))
    assert [(piece.heading, text[piece.span.start : piece.span.end]) for piece in pieces] == expected


P, I = "problems", "improvements"  # noqa: E741  # the two parts, as the codebook names their families
PARTS = [
    (
        "lead-ins rule",
        "主要问题有：一是更新偏慢；二是人手不足。下一步打算：一是增配人手；二是按周核对。",
        [P, P, P, I, I, I],
    ),
    (
        "headings rule",
        "（一）存在的问题\n更新偏慢，有待提高。人手进一步吃紧。\n（二）改进措施\n按周核对栏目。增配人手。",
        [P, P, I, I],
    ),
    ("a plan with its year", "更新不够及时。2022年，柳湾镇将按周核对栏目。同时增配人手。", [P, I, I]),
    ("paired", "一是更新不及时。今后按周核对。二是人手不足。今后增配人手。", [P, I, P, I]),
    ("a lack with 进一步 is no plan", "（一）存在的问题。1.更新有待进一步加快。2.人手有待进一步充实。", [P, P]),
    ("none", "", []),
    ("exhortation", "栏目更新滞后。加强栏目维护，按周核对。", [P, I]),
]


@pytest.mark.parametrize(("name", "text", "expected"), PARTS, ids=[case[0] for case in PARTS])
def test_parts_of_section_five(name, text, expected):
    assert list(assign_parts(text, split_units(text, Span(0, len(text))))) == expected


def test_prose_in_place_of_a_table_is_read_as_units_and_gives_the_cells_it_names():
    text = re.sub(
        r"(二、主动公开政府信息情况\n).*?(?=三、收到)",
        r"\1本年度没有制发规范性文件，办结行政许可七件。收费情况见门户网站。\n",
        print_report("revised_2021", "a"),
        flags=re.S,
    )
    report = parse(text)
    told = [unit.text for unit in report.units if unit.section == "proactive_table"]
    assert told == ["本年度没有制发规范性文件，办结行政许可七件。", "收费情况见门户网站。"]
    named = [(cell.row, cell.column, cell.raw) for cell in report.cells if cell.table == "t2" and cell.span]
    assert named == [("normative_documents", "issued", "没有")]
    assert all(cell.value == 0 for cell in report.cells if cell.table != "t2")
    assert [(d.code, d.expected) for d in report.diagnostics] == [("cells_from_prose", "t2"), ("table_missing", "t2")]
