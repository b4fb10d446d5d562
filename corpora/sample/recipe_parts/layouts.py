"""A form's grid of cells to lines of text, in the shapes that extractors leave behind (a, b, d, e; g and h are losses)."""

from __future__ import annotations

from typing import Any

from .figures import FORM, row_specs

Grid = list[list[str | None]]  # None: the place of a cell that spans down from an earlier row

BROKEN = {
    "自然人": "自\n然\n人", "其他": "其\n他", "结果维持": "结\n果\n维\n持", "结果纠正": "结\n果\n纠\n正", "其他结果": "其\n他\n结\n果",
    "尚未审结": "尚\n未\n审\n结", "三、本年度办理结果": "三、\n本\n年\n度\n办\n理\n结\n果", "（三）不予公开": "（三）不予\n公开",
    "（四）无法提供": "（四）无法\n提供", "（五）不予处理": "（五）不予\n处理", "（六）其他处理": "（六）其他\n处理",
    "本年新制作数量": "本年新\n制作数量", "本年新公开数量": "本年新\n公开数量", "对外公开总数量": "对外公开\n总数量", "科研机构": "科研\n机构",
}  # fmt: skip


def build_grid_t2(form: str, cells: dict[str, str]) -> Grid:
    """Table 2 of ``form`` with its header rows; four columns wide at most."""
    spec = FORM["t2"][form]
    grid: Grid = []
    for item, columns, rows in spec["blocks"]:
        grid += [[item], ["信息内容", *columns]]
        for row in rows:
            grid.append([row, *(cells[f"{spec['rows'][row]}.{spec['columns'][column]}"] for column in columns)])
    return grid


def build_grid_t3(form: str, rows: dict[str, list[int]], *, with_rule: bool) -> Grid:
    """Table 3 of ``form``; ten columns wide. Without the printed rule its corner cell is empty."""
    people = FORM["applicants"]
    grid: Grid = [
        [FORM["printed_rule"] if with_rule else "", "申请人情况"],
        [None, people[0], "法人或其他组织", people[-1]],
        [None, None, *people[1:-1], None],
    ]
    seen = ""
    first = True
    for key, label, group in row_specs(form):
        values = [str(value) for value in rows[key]]
        if not group:
            grid.append([label, *values])
            continue
        lead: list[str | None] = ["三、本年度办理结果" if first else None]
        first = False
        if group != "result":
            lead.append(None if group == seen else group)
            seen = group
        grid.append([*lead, label, *values])
    return grid


def build_grid_t4(groups: dict[str, list[int]]) -> Grid:
    """Table 4: fifteen numbers under three header rows."""
    outcomes = FORM["outcomes"]
    return [
        ["行政复议", "行政诉讼"],
        [*outcomes, "未经复议直接起诉", "复议后起诉"],
        [*([None] * 5), *outcomes, *outcomes],
        [str(value) for group in FORM["t4_groups"] for value in groups[group]],
    ]


def write_table(grid: Grid, *, layout: str, variant: int, width: int) -> list[str]:
    """The lines of one table; ``width`` is its number of columns. Layout g has none."""
    if layout == "g":
        return []
    shape = {"a": _pipe_rows, "b": _pipe_cells, "d": _plain_cells, "h": _plain_cells, "e": _tab_cells}[layout]
    return shape(grid, variant, width)


def _pipe_rows(grid: Grid, variant: int, width: int) -> list[str]:
    lines = []
    for row in grid:
        cells = [cell for cell in row if cell is not None]
        spans = "|" * (width - len(cells))
        line = " | ".join(cells) + " |"
        if variant == 1:
            line = "| " + line
        elif variant == 2 and spans:
            line += " " + spans
        lines.append(line.strip())
    return lines


def _pipe_cells(grid: Grid, variant: int, width: int) -> list[str]:
    lines = []
    for number, row in enumerate(grid):
        cells = [cell for cell in row if cell is not None]
        lines += [f"{cell} |".strip() for cell in cells]
        spans = "|" * (width - len(cells))
        if spans and number < len(grid) - 1 and variant != 1:
            lines.append(spans)
    return lines


def _plain_cells(grid: Grid, variant: int, width: int) -> list[str]:
    del width  # nothing shows it in this layout
    lines = []
    for row in grid:
        for cell in row:
            if not cell:
                continue
            text = BROKEN.get(cell, cell) if variant == 2 and cell.startswith(("本年新", "对外")) else cell
            lines += text.split("\n")
            if variant == 1:
                lines.append("")
    return lines


def _tab_cells(grid: Grid, variant: int, width: int) -> list[str]:
    del width
    lines = []
    for row in grid:
        for cell in row:
            text = cell or ""
            lines += ("\t" + (BROKEN.get(text, text) if variant == 1 else text)).split("\n")
        lines.append("")
    return lines


def drop_repeated(lines: list[str], seen: set[str]) -> list[str]:
    """``lines`` without the non-blank ones that occurred before (layout h); ``seen`` grows."""
    kept = []
    for line in lines:
        if line.strip() and line in seen:
            continue
        seen.add(line)
        kept.append(line)
    return kept


def table_lines(report_form: str, figures: dict[str, Any], style: Any) -> dict[str, list[str]]:
    """Section key to the lines of its table in the report's own layout."""
    captioned = style.layout in {"e", "d"} and style.variant == 1
    grids = {
        "proactive_table": (build_grid_t2(report_form, figures["t2"]), 4, "主动公开政府信息情况"),
        "requests_table": (
            build_grid_t3(report_form, figures["t3"], with_rule=style.variant != 0 or style.layout != "b"),
            10,
            "收到和处理政府信息公开申请情况",
        ),
        "review_table": (build_grid_t4(figures["t4"]), 15, "政府信息公开行政复议、行政诉讼情况"),
    }
    typos = dict(style.typos)
    tables = {}
    for key, (grid, width, caption) in grids.items():
        rows: Grid = [[caption]] if captioned else []
        rows += [[typos.get(cell, cell) if cell else cell for cell in row] for row in grid]
        tables[key] = write_table(rows, layout=style.layout, variant=style.variant, width=width)
    return tables
