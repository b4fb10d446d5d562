"""Facets (语体特征) for display: what share of the units of each part has which, and the words that show them in a text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gknlp.pages.findings.run import Row, Run, ran, rows_of
from gknlp.pages.words import Words, keys_of, percent, say, word

FACETS = keys_of("facets")
_PARTS = keys_of("parts")
_VALUES: Mapping[str, tuple[str, ...]] = {
    facet: tuple(key for key in keys_of(facet) if (facet, key) != ("hedge", "hedge")) for facet in FACETS
}


def values_of(row: Row) -> dict[str, tuple[str, ...]]:
    """The values of a unit's facets; hedge is () where there is none, specificity ("none",) where nothing is named.

    >>> row = {"modality": "done", "specificity": ["date"], "valence": "neutral", "hedge": False, "actor": "none"}
    >>> values_of(row)["specificity"], values_of(row)["hedge"]
    (('date',), ())
    """
    return {
        "modality": (row["modality"],) if row["modality"] else (),
        "specificity": tuple(row["specificity"] or ("none",)),
        "valence": (row["valence"],) if row["valence"] else (),
        "hedge": ("hedged",) if row["hedge"] else (),
        "actor": (row["actor"],) if row["actor"] else (),
    }


def find_facets(run: Run) -> dict[str, Any] | None:
    """Shares of facet values among the units of each part, structural ones aside; None where the step did not run.

    Returns
    -------
    ``columns``: key, name, n of units; ``rows``: facet, value, their names, n and a share a column (None: no units);
    ``n``; ``models``; ``title``. A unit may name several specific things, so those rows may add up to more than 1.
    """
    if not ran(run, "facets"):
        return None
    structural = {
        (row["doc_id"], row["unit_id"])
        for row in rows_of(run, "theme_labels")
        if str(row["primary"] or "").startswith("S")
    }
    part_of = {(row["doc_id"], row["unit_id"]): _part(row) for row in rows_of(run, "units")}
    counts: dict[tuple[str, str, str], int] = {}
    totals = dict.fromkeys(_PARTS, 0)
    for row in rows_of(run, "facets"):
        key = row["doc_id"], row["unit_id"]
        if key in structural or key not in part_of:
            continue
        part = part_of[key]
        totals[part] += 1
        for facet, values in values_of(row).items():
            for value in values:
                counts[part, facet, value] = counts.get((part, facet, value), 0) + 1
    columns = [{"key": part, "name": word("parts", part), "n": totals[part]} for part in _PARTS if totals[part]]
    rows = [_row(facet, value, columns, counts) for facet in FACETS for value in _VALUES[facet]]
    return {
        "columns": columns,
        "rows": [row for row in rows if row["n"]],
        "n": sum(totals.values()),
        "models": sorted({row["model"] for row in rows_of(run, "facets") if row["model"]}),
        "title": _title(columns, rows),
    }


def _part(unit: Row) -> str:
    if unit["part"] in ("problems", "improvements"):
        return str(unit["part"])
    return "overview" if unit["section"] == "overview" else "other"


def _row(facet: str, value: str, columns: Sequence[Row], counts: Mapping[tuple[str, str, str], int]) -> dict[str, Any]:
    ns = [counts.get((column["key"], facet, value), 0) for column in columns]
    return {
        "facet": facet,
        "value": value,
        "facet_name": word("facets", facet),
        "name": word(facet, value),
        "n": sum(ns),
        "ns": ns,
        "cells": [n / column["n"] for n, column in zip(ns, columns, strict=True)],
    }


def _title(columns: Sequence[Row], rows: Sequence[Row]) -> Words:
    """Of how many improvements it is said that they are planned, and how many name nothing specific."""
    keys = [column["key"] for column in columns]
    if not keys:
        return say("没有一个单元有语体标注", "No unit has facets")
    part = "improvements" if "improvements" in keys else keys[0]
    at = keys.index(part)
    of = {(row["facet"], row["value"]): row["cells"][at] for row in rows}
    planned, plain = percent(of["modality", "planned"]), percent(of["specificity", "none"])
    name = columns[at]["name"]
    return say(
        f"{name['zh']}部分的单元：{planned} 是计划，{plain} 没有任何具体信息",
        f"Units on {name['en']}: {planned} are plans, {plain} name nothing specific",
    )


def list_marks(rows: Iterable[Row]) -> tuple[tuple[str, str, int, int], ...]:
    """The words that show facets in one report, as (facet, value, start, end) in text order; a mark that covers its whole
    unit is left out, for it shows no word.
    """
    found = {
        (mark["start"], mark["end"], mark["facet"], mark["value"])
        for row in rows
        for mark in row["evidence"] or ()
        if (mark["start"], mark["end"]) != (row["start"], row["end"])
    }
    return tuple((facet, value, start, end) for start, end, facet, value in sorted(found))


def name_mark(facet: str, value: str) -> Words:
    """What a mark shows, in words: the facet and its value."""
    group = "specificity_kinds" if facet == "specificity" else facet
    return word(group, value)


_UNTOLD = frozenset({("valence", "neutral"), ("actor", "none"), ("specificity", "none")})
"""Values that a unit has for want of anything to say: not written beside it."""


def tags_of(row: Row) -> list[tuple[str, str]]:
    """The facet values written beside a unit, as (facet, value) in the order of the facets; specificity shows in its words."""
    return [
        (facet, value)
        for facet, values in values_of(row).items()
        for value in values
        if facet != "specificity" and (facet, value) not in _UNTOLD
    ]
