"""Themes (主题) for display: shares by year and level, problems against improvements, and how often the coder abstained."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gknlp.pages.findings.run import Row, Run, levels_of, rows_of, years_of
from gknlp.pages.words import keys_of, number, percent, say, word


def find_themes(run: Run) -> dict[str, Any]:
    """Families of themes with their shares, and the coder's abstentions; no rows give no families."""
    names = {str(theme["code"]): theme for theme in run.about.get("themes") or () if theme.get("code")}
    rows = rows_of(run, "theme_shares")
    families = [
        _family(run, family, [row for row in rows if row["family"] == family], names) for family in _families(rows)
    ]
    labels = rows_of(run, "theme_labels")
    abstained = sum(bool(row["abstained"]) for row in labels)
    return {
        "families": families,
        "matrix": _promises(run, names),
        "n_units": len(labels),
        "n_abstained": abstained,
        "abstained": abstained / len(labels) if labels else None,
        "n_structural": sum(str(row["primary"] or "").startswith("S") for row in labels),
        "n_reports": len({row["doc_id"] for row in labels}),
        "models": sorted({row["model"] for row in labels if row["model"]}),
        "by_dictionary": all("dictionary" in row["model"] for row in labels if row["model"]),
        "title": _title(families),
    }


def name_theme(run: Run, code: str | None) -> dict[str, str]:
    """What a theme is called in the codebook of the run; its code where the run names none."""
    for theme in run.about.get("themes") or ():
        if theme.get("code") == code:
            return _name(str(code), theme)
    return say(code or "—", code or "—")


def _name(code: str, theme: dict[str, Any]) -> dict[str, str]:
    return say(theme.get("name_zh") or code, theme.get("name_en") or theme.get("name_zh") or code)


def _families(rows: Iterable[Row]) -> list[str]:
    order = {key: place for place, key in enumerate(keys_of("families"))}
    return sorted({row["family"] for row in rows if row["family"]}, key=lambda key: (order.get(key, len(order)), key))


def pool(rows: Iterable[Row], theme: str) -> tuple[float | None, int]:
    """A theme's units over all units of its family in these reports, and the number of those units; None of nothing."""
    rows = list(rows)
    whole: dict[str, int] = {}
    for row in rows:
        whole[row["doc_id"]] = max(whole.get(row["doc_id"], 0), row["n_family_units"] or 0)
    total = sum(whole.values())
    return (sum(row["n_units"] or 0 for row in rows if row["theme"] == theme) / total if total else None), total


def _family(run: Run, family: str, rows: list[Row], names: dict[str, Any]) -> dict[str, Any]:
    level_of = {report["doc_id"]: report["level"] for report in run.reports}
    years = [(year, [row for row in rows if row["year"] == year]) for year in years_of(run)]
    levels = [(level, [row for row in rows if level_of.get(row["doc_id"]) == level]) for level in levels_of(run)]
    themes = [_theme(code, names.get(code, {}), rows, years, levels) for code in sorted({row["theme"] for row in rows})]
    themes.sort(key=lambda theme: (-theme["n_units"], theme["code"]))
    return {
        "family": family,
        "name": word("families", family),
        "themes": themes,
        "n_units": pool(rows, "")[1],
        "n_reports": len({row["doc_id"] for row in rows}),
    }


def _theme(code: str, theme: dict[str, Any], rows: list[Row], years: list[Any], levels: list[Any]) -> dict[str, Any]:
    share, _ = pool(rows, code)
    return {
        "code": code,
        "name": _name(code, theme),
        "share": share,
        "n_units": sum(row["n_units"] or 0 for row in rows if row["theme"] == code),
        "years": [{"year": year, **_shared(group, code)} for year, group in years],
        "levels": [{"level": level, **_shared(group, code)} for level, group in levels],
    }


def _shared(rows: list[Row], code: str) -> dict[str, Any]:
    share, n = pool(rows, code)
    return {"share": share, "n": n}


def _promises(run: Run, names: dict[str, Any]) -> dict[str, Any]:
    """Reports that name a problem (rows) and promise an improvement (columns): counts, and how many name either."""
    docs: dict[str, set[str]] = {}
    for row in rows_of(run, "theme_shares"):
        if row["n_units"] and str(row["theme"])[:1] in "PI":
            docs.setdefault(row["theme"], set()).add(row["doc_id"])
    problems = sorted(code for code in docs if code.startswith("P"))
    improvements = sorted(code for code in docs if code.startswith("I"))
    return {
        "problems": [
            {"code": code, "name": _name(code, names.get(code, {})), "n": len(docs[code])} for code in problems
        ],
        "improvements": [
            {"code": code, "name": _name(code, names.get(code, {})), "n": len(docs[code])} for code in improvements
        ],
        "values": [[len(docs[p] & docs[i]) for i in improvements] for p in problems],
        "n_reports": len({row["doc_id"] for row in rows_of(run, "theme_shares")}),
    }


def _title(families: list[dict[str, Any]]) -> dict[str, str]:
    first = next((family for family in families if family["themes"]), None)
    if first is None:
        return say("没有可归类的文字", "There was no text to code")
    top = first["themes"][0]
    return say(
        f"“{top['name']['zh']}”在{first['name']['zh']}中最多，占 {percent(top['share'])}",
        f"“{top['name']['en']}” is the most frequent theme: {percent(top['share'])} of {number(first['n_units'])} units",
    )
