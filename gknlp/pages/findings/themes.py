"""Themes (主题) for display: shares by year, level and place, problems against improvements, how often the coder abstained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gknlp.pages.findings.facets import find_facets
from gknlp.pages.findings.promises import find_promises
from gknlp.pages.findings.rhetoric import find_rhetoric
from gknlp.pages.findings.run import Row, Run, rows_of, years_of
from gknlp.pages.findings.themes_counts import Counts, count_themes
from gknlp.pages.findings.themes_groups import find_groups, name_groups
from gknlp.pages.findings.themes_matrix import find_matrix
from gknlp.pages.findings.themes_names import name_themes
from gknlp.pages.findings.themes_packed import pack_themes
from gknlp.pages.words import Words, keys_of, number, percent, say, word


def find_themes(run: Run) -> dict[str, Any]:
    """Families of themes with their shares, problems against improvements, promises, facets, measures, packed texts.

    No rows give no families; promises, facets and measures are None where their step did not run.
    """
    names = name_themes(run)
    rows = rows_of(run, "theme_shares")
    groups = name_groups(run)
    families = [
        _family(run, family, [row for row in rows if row["family"] == family], names, groups)
        for family in _families(rows)
    ]
    labels = rows_of(run, "theme_labels")
    abstained = sum(bool(row["abstained"]) for row in labels)
    return {
        "families": families,
        "by_place": groups.by_place,
        "matrix": find_matrix(run, names),
        "n_units": len(labels),
        "n_abstained": abstained,
        "abstained": abstained / len(labels) if labels else None,
        "n_structural": sum(str(row["primary"] or "").startswith("S") for row in labels),
        "n_reports": len({row["doc_id"] for row in labels}),
        "models": sorted({row["model"] for row in labels if row["model"]}),
        "by_dictionary": all("dictionary" in row["model"] for row in labels if row["model"]),
        "title": _title(families),
        "promises": find_promises(run, names),
        "facets": find_facets(run),
        "rhetoric": find_rhetoric(run),
        "packed": pack_themes(run, names),
    }


def _families(rows: Iterable[Row]) -> list[str]:
    order = {key: place for place, key in enumerate(keys_of("families"))}
    return sorted({row["family"] for row in rows if row["family"]}, key=lambda key: (order.get(key, len(order)), key))


def _family(run: Run, family: str, rows: list[Row], names: Mapping[str, Words], groups: Any) -> dict[str, Any]:
    by_year = count_themes(rows, {row["doc_id"]: row["year"] for row in rows})
    whole = count_themes(rows, dict.fromkeys((row["doc_id"] for row in rows), ""))
    codes = sorted({row["theme"] for row in rows}, key=lambda code: (-whole.units.get(("", code), 0), code))
    years = years_of(run)
    themes = [_theme(code, names, whole, by_year, years) for code in codes]
    return {
        "family": family,
        "name": word("families", family),
        "themes": themes,
        "years": [{"year": year, "n": by_year.total(year), "n_reports": by_year.reports(year)} for year in years],
        "groups": find_groups(rows, themes, groups, family),
        "n_units": whole.total(""),
        "n_reports": whole.reports(""),
        "title": _change(themes),
    }


def _theme(code: str, names: Mapping[str, Words], whole: Counts, by_year: Counts, years: list[int]) -> dict[str, Any]:
    return {
        "code": code,
        "name": names.get(code, say(code, code)),
        "share": whole.share("", code),
        "n_units": whole.units.get(("", code), 0),
        "years": [{"year": year, "share": by_year.share(year, code), "n": by_year.total(year)} for year in years],
    }


def _change(themes: list[dict[str, Any]]) -> Words:
    """What the panels show: the theme whose share moved most between the first and the last year that have one."""
    moves = []
    for theme in themes:
        known = [point for point in theme["years"] if point["share"] is not None]
        if len(known) > 1:
            moves.append((abs(known[-1]["share"] - known[0]["share"]), theme, known[0], known[-1]))
    if not moves:
        return say("只有一个年度，看不出变化", "one year only: no change to see")
    moved, theme, first, last = max(moves, key=lambda move: (move[0], move[1]["code"]))
    if not moved:
        return say(
            f"各主题的比例没有变动（{first['year']}–{last['year']}）",
            f"No share moved ({first['year']}–{last['year']})",
        )
    ends = f"{percent(first['share'])} → {percent(last['share'])}"
    name = theme["name"]
    return say(
        f"变动最大：“{name['zh']}” {ends}（{first['year']}–{last['year']}）",
        f"Moved most: “{name['en']}”, {ends} ({first['year']}–{last['year']})",
    )


def _title(families: list[dict[str, Any]]) -> Words:
    first = next((family for family in families if family["themes"]), None)
    if first is None:
        return say("没有可归类的文字", "There was no text to code")
    top = first["themes"][0]
    return say(
        f"“{top['name']['zh']}”在{first['name']['zh']}中最多，占 {percent(top['share'])}",
        f"“{top['name']['en']}” is the most frequent theme: {percent(top['share'])} of {number(first['n_units'])} units",
    )
