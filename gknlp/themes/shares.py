"""How much of each report is about each theme (主题占比)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from gknlp.tables import table_of
from gknlp.themes.codebook import Codebook, Family, load_codebook

_Key = tuple[str, str]


def theme_shares(labels: pa.Table, units: pa.Table, reports: pa.Table, *, codebook: Codebook | None = None) -> pa.Table:
    """The table ``theme_shares``: for each report and family, each theme's share of the units by their primary theme.

    Denominator ``n_family_units``: the report's units in the sections (and part) of the family, without structural
    ones, with those the classifier abstained on. A unit of section five whose part is unknown counts in the family of
    its primary theme, or in both where it has none. So a report's shares in a family and its share of abstentions add
    up to 1, save for rounding of floats. A theme of another family found in these sections, such as X01 in section
    one, stands under the family of the section.

    Parameters
    ----------
    labels : the table ``theme_labels``; a unit without a row there is left out.
    units : the corpus table, joined by doc_id and unit_id.
    reports : the corpus table that gives agency and year; null where a report is missing from it.
    codebook : tells families and sections; the shipped one where absent.

    Returns
    -------
    A row for every theme of a family that the report has units of, 0 included, so that means over reports are right;
    no row for a family without units. Empty tables give an empty table.
    """
    codebook = codebook or load_codebook()
    totals: Counter[_Key] = Counter()
    counts: defaultdict[_Key, Counter[str]] = defaultdict(Counter)
    for doc_id, family, primary in _coded_units(labels, units, codebook):
        totals[doc_id, family] += 1
        if primary is not None:
            counts[doc_id, family][primary] += 1
    names = ("doc_id", "agency", "year")
    about = {row["doc_id"]: row for row in reports.select(names).to_pylist()}
    rows = [
        {**about.get(doc_id, {}), **row}
        for (doc_id, family), total in totals.items()
        for row in _share_rows(doc_id, codebook.family(family), total, counts[doc_id, family], codebook)
    ]
    return table_of("theme_shares", rows)


def _coded_units(labels: pa.Table, units: pa.Table, codebook: Codebook) -> Iterator[tuple[str, str, str | None]]:
    """Each unit that is not structural as (doc_id, family, primary); twice where two families hold it undecided."""
    structural = {theme.code for theme in codebook.structural}
    family_of = {theme.code: theme.family for theme in codebook.themes}
    primaries = {(row["doc_id"], row["unit_id"]): row["primary"] for row in _rows(labels, "primary")}
    for unit in _rows(units, "section", "part"):
        key = (unit["doc_id"], unit["unit_id"])
        if key not in primaries or primaries[key] in structural:
            continue
        holding = [family.code for family in codebook.families_of(unit["section"], unit["part"])]
        own = family_of.get(primaries[key] or "")
        for family in [own] if own in holding else holding:
            yield unit["doc_id"], family, primaries[key]


def _rows(table: pa.Table, *names: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.select(["doc_id", "unit_id", *names]).to_pylist()
    return rows


def _share_rows(
    doc_id: str, family: Family, total: int, counts: Counter[str], codebook: Codebook
) -> Iterator[dict[str, Any]]:
    own = [theme.code for theme in codebook.themes_of(family.code)]
    guests = [code for code in codebook.codes if code in counts and code not in own]
    for code in own + guests:
        yield {
            "doc_id": doc_id,
            "family": family.code,
            "theme": code,
            "n_units": counts[code],
            "n_family_units": total,
            "share": counts[code] / total,
        }
