"""Themes (主题) by level of administration and by place: shares of a family's units, with n."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gknlp.pages.findings.place import places_of
from gknlp.pages.findings.run import Row, Run, agency_of, levels_of
from gknlp.pages.findings.themes_counts import count_themes
from gknlp.pages.words import Words, percent, same, say, word

MOST_PLACES = 12
"""Columns of places: those with most coded units of the family; all others stand in one."""
FEWEST = 30
"""Units of a family that a level needs before the title speaks of it."""
_REST = "\0rest"


@dataclass(frozen=True, slots=True)
class Groups:
    """The level and the place of each report; agencies stand for places where fewer than two places are known."""

    levels: Mapping[str, str]
    places: Mapping[str, str]
    order: Sequence[str]
    by_place: bool


def name_groups(run: Run) -> Groups:
    """Which level and place each report of the run is counted under."""
    places = places_of(run)
    by_place = len(set(places.values())) > 1
    if not by_place:
        places = {doc_id: agency_of(run, doc_id) for doc_id in run.report}
    levels = {doc_id: row["level"] for doc_id, row in run.report.items() if row["level"]}
    return Groups(levels, places, levels_of(run), by_place)


def find_groups(
    rows: Sequence[Row], themes: Sequence[Mapping[str, Any]], groups: Groups, family: str
) -> dict[str, Any]:
    """Columns (levels, then places) with n of units and reports, and each theme's share in each.

    Returns
    -------
    ``columns``: key, name, kind (level, place, rest), n, n_reports; ``cells``: a row a theme, a share a column, None
    where the column has no units; ``n_rest``: places that stand in the last column; ``title``. No rows give no columns.
    """
    by_level = count_themes(rows, groups.levels)
    by_place = count_themes(rows, groups.places)
    ranked = sorted(by_place.whole, key=lambda place: (-by_place.total(place), str(place)))
    shown, rest = ranked[:MOST_PLACES], ranked[MOST_PLACES:]
    kept = frozenset(shown)
    merged = count_themes(rows, {doc_id: place if place in kept else _REST for doc_id, place in groups.places.items()})
    levels = [level for level in groups.order if level in by_level.whole]
    columns = [_column(by_level, level, "level", word("levels", level)) for level in levels]
    columns += [_column(merged, place, "place", same(place)) for place in shown]
    if rest:
        n = len(rest)
        what = ("地区", "places") if groups.by_place else ("机关", "agencies")
        columns.append(_column(merged, _REST, "rest", say(f"其余 {n} 个{what[0]}", f"{n} other {what[1]}")))
    cells = [
        [(by_level if column["kind"] == "level" else merged).share(column["key"], theme["code"]) for column in columns]
        for theme in themes
    ]
    return {
        "family": family,
        "columns": columns,
        "cells": cells,
        "n_rest": len(rest),
        "title": _title(themes, columns, cells),
    }


def _column(counts: Any, key: Any, kind: str, name: Words) -> dict[str, Any]:
    return {"key": key, "kind": kind, "name": name, "n": counts.total(key), "n_reports": counts.reports(key)}


def _title(
    themes: Sequence[Mapping[str, Any]], columns: Sequence[Any], cells: Sequence[Sequence[float | None]]
) -> Words:
    """The theme that levels differ in most; levels with few units say nothing."""
    wide = []
    for theme, row in zip(themes, cells, strict=True):
        known = [
            (share, column)
            for share, column in zip(row, columns, strict=True)
            if share is not None and column["kind"] == "level" and column["n"] >= FEWEST
        ]
        if len(known) > 1:
            low, high = min(known, key=lambda x: x[0]), max(known, key=lambda x: x[0])
            wide.append((high[0] - low[0], theme["code"], theme, low, high))
    if not wide:
        return say("各层级、各地区的比例", "Shares by level and place")
    _, _, theme, low, high = max(wide, key=lambda one: one[:2])
    name = theme["name"]
    return say(
        f"层级之间差别最大：“{name['zh']}”，{high[1]['name']['zh']} {percent(high[0])}，{low[1]['name']['zh']} {percent(low[0])}",
        f"Levels differ most in “{name['en']}”: {high[1]['name']['en']} {percent(high[0])}, {low[1]['name']['en']} {percent(low[0])}",
    )
