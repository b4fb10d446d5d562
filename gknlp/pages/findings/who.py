"""Who shares with whom: places by places, years by years, and the network of agencies with its direction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gknlp.pages.findings.pairs import find_earlier
from gknlp.pages.findings.run import Run, agency_of, rows_of, years_of
from gknlp.pages.words import plural, say

N_NAMES, N_EDGES = 40, 50
"""40 names fill a matrix of readable cells; 50 ties are what an eye can follow."""

_COPIED = frozenset({"peer", "regional", "viral"})


@dataclass(frozen=True, slots=True)
class Named:
    """The name under which each report stands in figures: its place where the run has several, else its agency."""

    of: Mapping[str, str]
    by_place: bool


def name_places(run: Run, places: Mapping[str, str]) -> Named:
    """Reports by place where at least two places are known; a report without place then stands under its agency."""
    by_place = len(set(places.values())) > 1
    of = {row["doc_id"]: agency_of(run, row["doc_id"]) for row in run.reports}
    return Named({**of, **places} if by_place else of, by_place)


def find_matrix(run: Run, named: Named) -> dict[str, Any]:
    """Characters reused between names (mandated text is not in pairs); None where one report cannot pair with itself."""
    totals: dict[tuple[str, str], int] = {}
    for row in rows_of(run, "pairs"):
        if row["doc_a"] in named.of and row["doc_b"] in named.of:
            a, b = sorted((named.of[row["doc_a"]], named.of[row["doc_b"]]))
            totals[a, b] = totals.get((a, b), 0) + row["shared_chars"]
    n_reports: dict[str, int] = {}
    for report in run.reports:
        name = named.of[report["doc_id"]]
        n_reports[name] = n_reports.get(name, 0) + 1
    strength = dict.fromkeys(n_reports, 0)
    for (a, b), value in totals.items():
        strength[a] += value
        strength[b] += value if a != b else 0
    kept = sorted(n_reports, key=lambda name: (-strength[name], name))[:N_NAMES]
    order = _neighbours(kept, totals)
    values = [
        [None if a == b and n_reports[a] < 2 else totals.get((min(a, b), max(a, b)), 0) for b in order] for a in order
    ]
    strongest = max(((v, k) for k, v in totals.items() if k[0] != k[1]), default=None)
    return {
        "names": order,
        "values": values,
        "n_left_out": len(n_reports) - len(kept),
        "title": _matrix_title(strongest, by_place=named.by_place),
    }


def _neighbours(names: list[str], totals: dict[tuple[str, str], int]) -> list[str]:
    """The strongest name first, then always the one that shares most with the one before it."""
    left = list(names)
    order: list[str] = []
    while left:
        last = order[-1] if order else None
        best = (
            left[0]
            if last is None
            else max(left, key=lambda name: (totals.get((min(name, last), max(name, last)), 0), -names.index(name)))
        )
        left.remove(best)
        order.append(best)
    return order


def _matrix_title(strongest: tuple[int, tuple[str, str]] | None, *, by_place: bool) -> dict[str, str]:
    if strongest is None or not strongest[0]:
        zh, en = ("地区", "places") if by_place else ("机关", "agencies")
        return say(f"不同{zh}之间没有找到共有文字", f"No text is shared between different {en}")
    chars, (a, b) = strongest
    return say(f"{a}与{b}共有文字最多：{chars} 字", f"{a} and {b} share most: {plural(chars, 'character')}")


def find_years(run: Run) -> dict[str, Any]:
    """Characters that reports on one year (rows) share with earlier or equal ones (columns); None where that cannot be."""
    years = years_of(run)
    totals: dict[tuple[int, int], int] = {}
    for row in rows_of(run, "pairs"):
        pair = sorted(run.report.get(row[key], {}).get("year") or 0 for key in ("doc_a", "doc_b"))
        totals[pair[1], pair[0]] = totals.get((pair[1], pair[0]), 0) + row["shared_chars"]
    total = sum(value for (late, early), value in totals.items() if early)
    same = sum(value for (late, early), value in totals.items() if early and late == early)
    share = same / total if total else None
    title = say("各年度之间没有共有文字", "No text is shared within or between years")
    if share is not None:
        title = say(
            f"共有文字中 {share:.0%} 在同年度报告之间，其余跨年度",
            f"{share:.0%} of shared text is between reports on the same year, the rest across years",
        )
    values = [[None if early > late else totals.get((late, early), 0) for early in years] for late in years]
    return {"years": years, "values": values, "title": title}


def find_network(run: Run) -> dict[str, Any]:
    """The strongest ties between agencies, each with its direction, and the agencies by their first publication.

    A pair of agencies gives up to three edges: text the one had first, text the other had first, and text of which dates
    and years do not tell. Only wording that few enough have to tell a way: no mandated text, no formula. Nodes: name and when its first report was published; edges: places of both nodes (the one that
    was first in front), characters, tie. An agency's own years are no edge.
    """
    totals: dict[tuple[str, str, bool], int] = {}
    for row in rows_of(run, "passages"):
        a, b = row["source_doc_id"], row["doc_id"]
        if row["stratum"] not in _COPIED or a not in run.report or agency_of(run, a) == agency_of(run, b):
            continue
        early = find_earlier(run, a, b)
        one, two = (agency_of(run, doc) for doc in ((a, b) if early != b else (b, a)))
        key = (one, two, False) if early else (min(one, two), max(one, two), True)
        totals[key] = totals.get(key, 0) + row["end"] - row["start"]
    kept = sorted(totals, key=lambda key: (-totals[key], key))[:N_EDGES]
    first = _first_dates(run)
    names = sorted({name for key in kept for name in key[:2]}, key=lambda name: (first[name], name))
    place = {name: at for at, name in enumerate(names)}
    edges = [
        {"from": place[a], "to": place[b], "chars": totals[a, b, tie], "tie": tie}
        for a, b, tie in kept
        if totals[a, b, tie]
    ]
    nodes = [{"name": name, "since": first[name].removesuffix("-99")} for name in names]
    return {"nodes": nodes, "edges": edges, "n_edges": len(totals), "title": _network_title(kept)}


def _first_dates(run: Run) -> dict[str, str]:
    """When each agency's first report came: its date, else the year after the one it reports on, after all dates in it."""
    dates: dict[str, str] = {}
    for row in run.reports:
        name = agency_of(run, row["doc_id"])
        date = row["published"] or f"{(row['year'] or 9998) + 1}-99"
        dates[name] = min(date, dates.get(name, date))
    return dates


def _network_title(kept: list[tuple[str, str, bool]]) -> dict[str, str]:
    lent: dict[str, set[str]] = {}
    for a, b, tie in kept:
        if not tie:
            lent.setdefault(a, set()).add(b)
    if not lent:
        return say("分不出先后的共有文字", "Shared text of which nobody can be told to be first")
    best = min(lent, key=lambda name: (-len(lent[name]), name))
    return say(
        f"{best}先公布的文字见于其他 {len(lent[best])} 个机关",
        f"Text that {best} published first stands in reports of {plural(len(lent[best]), 'other agency', 'other agencies')}",
    )
