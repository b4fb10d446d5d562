"""Documents for tests: a raw document of a text, a form's tables printed in every layout, a small whole report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gknlp.forms import Form, FormTable, load_forms
from gknlp.parse import parse_report
from gknlp.records import RawDocument, Report, Source

Key = tuple[str, str, str]
LAYOUTS = ("a", "a_leading", "b", "c", "d", "d_blank", "e", "f")


def make_raw(text: str, **hints: str) -> RawDocument:
    return RawDocument("0" * 32, text, Source("r.txt", b"r.txt", "", "text/plain", "utf-8"), hints=hints or None)


def parse(text: str, **hints: str) -> Report:
    return parse_report(make_raw(text, **hints))


def distinct_values(form: Form, start: int = 1001) -> dict[Key, str]:
    """A different number for every cell of the form, so that a cell in the wrong place shows."""
    keys = [(table.key, row.key, column.key) for table in form.tables for _, row, column in table.slots()]
    return {key: str(start + 7 * index) for index, key in enumerate(keys)}


def zeros(form: Form) -> dict[Key, str]:
    return dict.fromkeys(distinct_values(form), "0")


def print_rows(table: FormTable, values: Mapping[Key, str]) -> Iterator[list[str]]:
    """Header rows and labelled rows of a table, before any layout."""
    if table.layout == "one_row":
        yield ["行政复议", "行政诉讼"]
        yield ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计", "未经复议直接起诉", "复议后起诉"]
        yield ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 2
        yield [values[table.key, row.key, column.key] for _, row, column in table.slots()]
        return
    if table.key == "t3":
        yield [table.note]
        yield ["申请人情况"]
        yield ["自然人", "法人或其他组织", "总计"]
        yield ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
    groups = {
        "denied": "（三）不予公开",
        "unavailable": "（四）无法提供",
        "not_processed": "（五）不予处理",
        "other": "（六）其他处理",
    }
    seen: set[str] = set()
    for block in table.blocks:
        if block.label:
            yield [block.label]
            yield ["信息内容", *(column.label for column in block.columns)]
        for row in block.rows:
            numbers = [values[table.key, row.key, column.key] for column in block.columns]
            lead = ["三、本年度办理结果"] if row.key == "granted" else []
            if row.parent in groups and row.parent not in seen:
                seen.add(row.parent)
                lead = [groups[row.parent]]
            yield [*lead, row.label, *numbers]


def print_table(table: FormTable, values: Mapping[Key, str], layout: str) -> str:
    rows = list(print_rows(table, values))
    if layout == "a":
        return "\n".join(" | ".join(row) + " |" for row in rows)
    if layout == "a_leading":
        return "\n".join("| " + " | ".join(row) + " |" for row in rows)
    if layout == "b":
        return "\n".join("\n".join(cell + " |" for cell in row) for row in rows)
    if layout == "c":
        return "\n".join("\n".join(cell + "\n|" for cell in row) for row in rows)
    if layout == "d":
        return "\n".join("\n".join(row) for row in rows)
    if layout == "d_blank":
        return "\n\n".join("\n\n".join(row) for row in rows)
    if layout == "e":
        return "\n\n".join("\n".join("\t" + cell for cell in row) for row in rows)
    if layout == "f":
        return "\n".join(" ".join(row) for row in rows)
    raise ValueError(layout)


def print_report(form_key: str, layout: str, values: Mapping[Key, str] | None = None, **parts: str) -> str:
    """A whole fictional report; ``parts`` replace title, preamble, overview, problems, other, signature."""
    form = load_forms()[form_key]
    year = form.first_year
    numbers = values or zeros(form)
    tables = {table.key: print_table(table, numbers, layout) for table in form.tables}
    return "\n".join(
        [
            parts.get("title", f"云泽县柳湾镇{year}年政府信息公开工作年度报告"),
            parts.get(
                "preamble",
                f"依照《中华人民共和国政府信息公开条例》写成本报告，所列数据统计期限自{year}年1月1日起至{year}年12月31日止。",
            ),
            "一、总体情况",
            parts.get("overview", f"{year}年，柳湾镇在门户网站挂出各类消息三十七条。镇里办了两期业务讲座。"),
            "二、主动公开政府信息情况",
            tables["t2"],
            "三、收到和处理政府信息公开申请情况",
            tables["t3"],
            "四、政府信息公开行政复议、行政诉讼情况",
            tables["t4"],
            "五、存在的主要问题及改进情况",
            parts.get("problems", "栏目上新偏慢，人手不足。下一步，柳湾镇将按周核对栏目并增配一名专职人员。"),
            "六、其他需要报告的事项",
            parts.get("other", "本年度没有收取信息处理费。"),
            parts.get("signature", f"云泽县柳湾镇人民政府\n{year + 1}年1月20日"),
        ]
    )
