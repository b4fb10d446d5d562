"""The figures of the themes page, each from the findings it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gknlp.pages.figures.crosstab import Cell, Crosstab, Line, draw_crosstab, shade
from gknlp.pages.figures.multiples import draw_panel, scale_top
from gknlp.pages.figures.outcomes import draw_promises
from gknlp.pages.figures.spread import compose_spreads, draw_spread
from gknlp.pages.figures.svg import Figure
from gknlp.pages.words import Words, number, percent, say


def draw_themes(found: Mapping[str, Any]) -> dict[str, Any]:
    """Every figure by name: one drawing each, or a list of panels for small multiples."""
    figures: dict[str, Any] = {}
    for family in found["families"]:
        figures[f"themes_{family['family']}"] = draw_years(family)
        figures[f"groups_{family['family']}"] = draw_groups(family, by_place=found["by_place"])
    figures["problems_improvements"] = draw_matrix(found["matrix"])
    if found["promises"]:
        figures["promises"] = draw_promises(found["promises"])
    if found["facets"]:
        figures["facets"] = draw_facets(found["facets"])
    if found["rhetoric"]:
        measures = [one for group in found["rhetoric"]["groups"] for one in group["measures"]]
        drawn = [(one, draw_measure(one)) for one in measures]
        title = say(
            "各项话语度量在各年度报告中的分布", "How each measure of rhetoric is spread over the reports of each year"
        )
        figures["rhetoric"] = replace(compose_spreads("rhetoric", drawn), title=title)
    return figures


def draw_years(family: Mapping[str, Any]) -> list[Figure]:
    """A panel a theme: its share of the family's units by year, the range of n below it, all on one scale."""
    top = scale_top([point["share"] for theme in family["themes"] for point in theme["years"]])
    ns = [year["n"] for year in family["years"] if year["n"]]
    note = "" if not ns else f"n {number(min(ns))}" + (f"–{number(max(ns))}" if max(ns) > min(ns) else "")
    return [draw_panel(theme["code"], theme["name"], theme["years"], top, note=note) for theme in family["themes"]]


def draw_groups(family: Mapping[str, Any], *, by_place: bool) -> Figure:
    """Themes by levels and places, shaded on one scale."""
    groups = family["groups"]
    top = scale_top([share for row in groups["cells"] for share in row])
    columns = [
        Line(column["name"], column["n"], "level" if column["kind"] == "level" else "place")
        for column in groups["columns"]
    ]
    cells = [
        [
            _share(share, top, (theme["name"], column["name"]), column["n"])
            for share, column in zip(row, groups["columns"], strict=True)
        ]
        for theme, row in zip(family["themes"], groups["cells"], strict=True)
    ]
    what = ("地区", "places") if by_place else ("机关", "agencies")
    unit = say(
        f"占该列该部分单元的比例；左列为层级，右列为{what[0]}；n 为单元数，主题名后为其单元数；斜线：没有单元",
        f"share of the column's units; levels, then {what[1]}; n: units; after a theme: its units; hatched: no units",
    )
    rows = [Line(theme["name"], theme["n_units"]) for theme in family["themes"]]
    return draw_crosstab(
        Crosstab(f"groups_{family['family']}", rows, columns, cells, groups["title"], unit, "theme_shares")
    )


def _share(share: float | None, top: float, pair: tuple[Words, Words], n: int) -> Cell:
    if share is None:
        return Cell(None)
    told = say(*(f"{pair[0][one]} × {pair[1][one]}: {percent(share, digits=1)}, n = {n}" for one in ("zh", "en")))
    return Cell(percent(share), shade(share, top), told)


def draw_matrix(found: Mapping[str, Any]) -> Figure:
    """Problems by improvements: reports with both; each cell leads to the list of these reports."""
    largest = max((value for row in found["values"] for value in row), default=0)
    rows, columns = ([Line(one["name"], one["n"]) for one in found[key]] for key in ("problems", "improvements"))
    cells = [
        [_count(value, largest, problem, measure) for value, measure in zip(row, found["improvements"], strict=True)]
        for row, problem in zip(found["values"], found["problems"], strict=True)
    ]
    unit = say(
        f"两者都有的报告数；名后与列首 n 为有该项的报告数；两部分都有主题的报告 n = {found['n_both']}",
        f"reports with both; beside each name: reports with it; reports with any of either kind: n = {found['n_both']}",
    )
    return draw_crosstab(
        Crosstab("problems_improvements", rows, columns, cells, found["title"], unit, "theme_shares", 40.0)
    )


def _count(value: int, largest: int, problem: Mapping[str, Any], measure: Mapping[str, Any]) -> Cell:
    told = say(
        *(
            f"{problem['name'][one]} × {measure['name'][one]}: {number(value)} / {number(problem['n'])}"
            for one in ("zh", "en")
        )
    )
    href = f"#having-{problem['code']}-{measure['code']}" if value else None
    return Cell(number(value), shade(float(value), float(largest)), told, href)


def draw_facets(found: Mapping[str, Any]) -> Figure:
    """Facet values by part: shares of the part's units."""
    columns = [Line(column["name"], column["n"]) for column in found["columns"]]
    rows = [
        Line(
            say(f"{row['facet_name']['zh']}：{row['name']['zh']}", f"{row['facet_name']['en']}: {row['name']['en']}"),
            row["n"],
            row["facet"],
        )
        for row in found["rows"]
    ]
    cells = [
        [
            _share(share, 1.0, (row["name"], column["name"]), column["n"])
            for share, column in zip(row["cells"], found["columns"], strict=True)
        ]
        for row in found["rows"]
    ]
    unit = say(
        "占该部分单元的比例；结构性文字除外；n 为单元数",
        "share of the part's units, structural wording aside; n: units",
    )
    return draw_crosstab(Crosstab("facets", rows, columns, cells, found["title"], unit, "facets", 62.0))


def draw_measure(measure: Mapping[str, Any]) -> Figure:
    """A measure's spread by year; of a flag, the share of reports that have it."""
    if measure["kind"] != "flag":
        return replace(draw_spread(measure), csv="rhetoric_agency_years")
    points: Sequence[Mapping[str, Any]] = [
        {"year": year["year"], "n": year["n"], **dict.fromkeys(("low", "q1", "median", "q3", "high"), year["share"])}
        | {"n_missing": year["n_missing"]}
        for year in measure["years"]
    ]
    return replace(draw_spread({**measure, "kind": "share", "years": points}), csv="rhetoric_agency_years")
