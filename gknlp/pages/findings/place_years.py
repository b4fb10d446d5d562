"""Places by years (地区×年度): the mean share of copied text in each cell, from others and from the own other years apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

from gknlp.pages.findings.run import Run, years_of
from gknlp.pages.findings.who import Named
from gknlp.pages.words import Words, percent, plural, same, say

OTHERS = ("formula", "regional", "viral", "peer", "model_text")
OWN = ("self",)
LAYERS: Mapping[str, tuple[str, ...]] = {"copied": (*OTHERS, *OWN), "others": OTHERS, "own": OWN}
"""The strata whose shares each layer adds up. Mandated wording is in none of them: it is not copying."""
MOST_PLACES = 40
"""Rows that can be read on a screen and a sheet; the others are one row together."""
MOST_LISTED = 8
"""Reports of a cell listed without the page's script, which lists all of them."""
_ENOUGH = 3
"""Reports behind a place that the title names: the mean of fewer is one report's luck."""

Bar = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PlaceYears:
    """``shown``: rows by years with their means. ``row_of``: the row each report counts in, by doc_id; -1 without a year."""

    shown: dict[str, Any]
    row_of: Mapping[str, int]


def find_place_years(run: Run, named: Named, bars: Sequence[Bar]) -> PlaceYears:
    """Means over reports of the share of their narrative that is copied, by place and year.

    ``bars`` : the reports with narrative text and their strata. A report without one counts as there but not assessed; a
    cell without any assessed report has None for its means, which is not 0. Superseded reports are in no cell.

    Returns
    -------
    shown: years; rows (name, n, cells and, over all years, total), the places with most reports first kept, shown from
    the highest mean down, all others in one row, all reports in the last; n_rest, n_places, n_no_year, by_place; layers
    with their titles. No reports give no rows.
    """
    years = years_of(run)
    assessed = {bar["doc_id"]: bar for bar in bars if bar["doc_id"] in run.report}
    there = [doc_id for doc_id in run.report if doc_id in assessed or doc_id in run.by_doc.get("coverage", {})]
    dated = [doc_id for doc_id in there if run.report[doc_id]["year"] is not None]
    docs_of: dict[str, list[str]] = {}
    for doc_id in dated:
        docs_of.setdefault(named.of[doc_id], []).append(doc_id)
    kept = sorted(docs_of, key=lambda name: (-len(docs_of[name]), name))[:MOST_PLACES]
    rest = [doc_id for doc_id in dated if named.of[doc_id] not in frozenset(kept)]
    rows = [_row(run, same(name), docs_of[name], assessed, years) for name in kept]
    rows.sort(key=lambda row: (row["total"]["means"]["copied"] is None, -(row["total"]["means"]["copied"] or 0)))
    titles = {layer: _title(rows, _means(dated, assessed), layer) for layer in LAYERS}
    n_rest = len(docs_of) - len(kept)
    if rest:
        rows.append(_row(run, _name_rest(n_rest, by_place=named.by_place), rest, assessed, years))
    row_of = {doc_id: at for at, row in enumerate(rows) for doc_id in row["doc_ids"]}
    if rows:
        rows.append(_row(run, say("全部报告", "all reports"), dated, assessed, years))
    shown = {
        "years": years,
        "rows": rows,
        "n_places": len(docs_of),
        "n_rest": n_rest,
        "n_no_year": len(there) - len(dated),
        "by_place": named.by_place,
        "layers": [{"key": layer, "strata": strata, "title": titles[layer]} for layer, strata in LAYERS.items()],
    }
    return PlaceYears(shown, {doc_id: row_of.get(doc_id, -1) for doc_id in run.report})


def _row(
    run: Run, name: Words, doc_ids: Sequence[str], assessed: Mapping[str, Bar], years: Iterable[int]
) -> dict[str, Any]:
    by_year: dict[int, list[str]] = {year: [] for year in years}
    for doc_id in doc_ids:
        by_year[run.report[doc_id]["year"]].append(doc_id)
    return {
        "name": name,
        "n": len(doc_ids),
        "doc_ids": doc_ids,
        "cells": [{"year": year, **_cell(held, assessed)} for year, held in by_year.items()],
        "total": {"year": None, **_cell(doc_ids, assessed)},
    }


def _cell(doc_ids: Sequence[str], assessed: Mapping[str, Bar]) -> dict[str, Any]:
    held = [assessed[doc_id] for doc_id in doc_ids if doc_id in assessed]
    return {
        "n": len(held),
        "n_unassessed": len(doc_ids) - len(held),
        "means": _means(doc_ids, assessed),
        "listed": held[:MOST_LISTED],
        "n_more": max(0, len(held) - MOST_LISTED),
    }


def _means(doc_ids: Iterable[str], assessed: Mapping[str, Bar]) -> dict[str, float | None]:
    """Each layer's mean over the reports that could be assessed, one report one vote; None without any."""
    held = [assessed[doc_id]["shares"] for doc_id in doc_ids if doc_id in assessed]
    return {
        layer: fsum(shares[stratum] for shares in held for stratum in strata) / len(held) if held else None
        for layer, strata in LAYERS.items()
    }


def _name_rest(n: int, *, by_place: bool) -> Words:
    if by_place:
        return say(f"其余 {n} 个地区", plural(n, "other place"))
    return say(f"其余 {n} 个机关", plural(n, "other agency", "other agencies"))


_WHAT = {
    "copied": ("见于其他报告或本机关其他年度", "stands in other reports or the agency's own of other years"),
    "others": ("见于其他机关的报告或范文", "stands in reports of other agencies or in model texts"),
    "own": ("沿用本机关其他年度的报告", "is carried over between the agency's own years"),
}


def _title(rows: Sequence[Mapping[str, Any]], means: Mapping[str, float | None], layer: str) -> Words:
    """The mean of all reports, and the place with the highest of those that have some reports."""
    share = means[layer]
    if share is None:
        return say("没有可分析的叙述文字", "There is no narrative text to compare")
    zh, en = _WHAT[layer]
    many = [row for row in rows if row["total"]["n"] >= _ENOUGH]
    best = max(many, key=lambda row: row["total"]["means"][layer], default=None)
    more_zh = more_en = ""
    if best is not None and len(many) > 1 and best["total"]["means"][layer]:
        name, high, n = best["name"], percent(best["total"]["means"][layer]), best["total"]["n"]
        more_zh, more_en = f"；{name['zh']}最高：{high}（n = {n}）", f"; {name['en']} has most: {high} (n = {n})"
    return say(
        f"平均 {percent(share)} 的叙述文字{zh}{more_zh}", f"On average {percent(share)} of the narrative {en}{more_en}"
    )
