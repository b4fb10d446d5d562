"""Agencies by years with their figures: the panel for statistics, a row for every year of the corpus's span."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

from gknlp.audit import audit_corpus
from gknlp.forms import load_forms
from gknlp.interop.years import ABOUT_AGENCY, AgencyYear, Row, is_placed, list_agency_years
from gknlp.reuse.narrative import SectionSpan, find_narrative

Values = Mapping[tuple[str, str, str], float | None]


@dataclass(frozen=True, slots=True)
class Total:
    """A figure of a report: the sum of cells of one column; either ``rows`` or the group ``parent`` names them."""

    key: str
    table: str
    column: str
    rows: tuple[str, ...] = ()
    parent: str = ""


@cache
def load_totals() -> tuple[Total, ...]:
    """The figures that the panel carries, in the order of its columns."""
    data = tomllib.loads(files("gknlp.interop").joinpath("panel.toml").read_text(encoding="utf-8"))
    return tuple(Total(**{**item, "rows": tuple(item.get("rows", ()))}) for item in data["totals"])


@cache
def panel_schema() -> pa.Schema:
    """The panel's columns and types."""
    texts = ("agency_id", "agency", "level", "kind", "region", "code", "doc_id", "form")
    whole = ("year", "present", "n_reports", "n_versions", "narrative_chars", "n_failed_rules", "n_assessed_rules")
    kinds = dict.fromkeys(texts, pa.string()) | dict.fromkeys(whole, pa.int64())
    kinds |= {total.key: pa.float64() for total in load_totals()}
    order = ["agency_id", "year", "agency", "level", "kind", "region", "code", "present", "n_reports", "n_versions"]
    order += ["doc_id", "form", *(total.key for total in load_totals())]
    return pa.schema(
        [(name, kinds[name]) for name in [*order, "n_failed_rules", "n_assessed_rules", "narrative_chars"]]
    )


def build_panel(tables: Mapping[str, pa.Table]) -> pa.Table:
    """One row an agency and year, over the span of years that the reports in force have, by agency_id and year.

    Parameters
    ----------
    tables : all corpus tables but ``sources``. Without reports in force the panel is empty.

    Returns
    -------
    ``present`` is 0 where no report is in force; figures are null there, and what is said of the agency is that of its
    nearest report, the earlier of two. ``n_reports`` are in force, ``n_versions`` come with those superseded. Of several
    in force the one with the most values counts, then the longest, then the first doc_id. Reports whose agency or year
    is not known have no row.
    """
    reports = tables["reports"].drop_columns(["text"]).to_pylist()
    versions = Counter((row["agency_id"], row["year"]) for row in reports if is_placed(row))
    values, rules, lengths = _values(tables["cells"]), _rules(tables), _narrative_chars(tables)
    rows: list[Row] = []
    for place in list_agency_years([row for row in reports if row["superseded_by"] is None]):
        row = _place_row(place, versions[place.agency_id, place.year])
        if place.reports:
            chosen = _choose(place.reports, values)
            row |= _figures(chosen, values.get(chosen["doc_id"], {}), rules.get(chosen["doc_id"], {}))
            row["narrative_chars"] = lengths[chosen["doc_id"]]
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=panel_schema())


def _place_row(place: AgencyYear, n_versions: int) -> Row:
    n_reports = len(place.reports)
    counts = {"present": int(n_reports > 0), "n_reports": n_reports, "n_versions": n_versions}
    return {"agency_id": place.agency_id, "year": place.year, **place.about, **counts}


def _choose(reports: Sequence[Row], values: Mapping[str, Values]) -> Row:
    """The report that stands for its agency and year."""

    def worth(row: Row) -> tuple[int, int, str]:
        n_values = sum(value is not None for value in values.get(row["doc_id"], {}).values())
        return -n_values, -row["n_chars"], row["doc_id"]

    return min(reports, key=worth)


def _figures(report: Row, values: Values, rules: Mapping[str, set[str]]) -> Row:
    assessed, failed = rules.get("pass", set()) | rules.get("fail", set()), rules.get("fail", set())
    return {
        **{key: report[key] for key in ("doc_id", "form", *ABOUT_AGENCY)},
        **{total.key: _add_up(total, report["form"], values) for total in load_totals()},
        "n_assessed_rules": len(assessed),
        "n_failed_rules": len(failed) if assessed else None,
    }


def _add_up(total: Total, form: str | None, values: Values) -> float | None:
    keys = total.rows or _rows_below(form, total.table, total.parent)
    found = [values.get((total.table, key, total.column)) for key in keys]
    known = [value for value in found if value is not None]
    return sum(known) if known and len(known) == len(found) else None


def _rows_below(form: str | None, table_key: str, parent: str) -> tuple[str, ...]:
    table = load_forms()[form].table(table_key) if form and form in load_forms() else None
    return tuple(row.key for block in table.blocks for row in block.rows if row.parent == parent) if table else ()


def _values(cells: pa.Table) -> dict[str, dict[tuple[str, str, str], float | None]]:
    names = ("doc_id", "table", "row", "column", "value")
    values: dict[str, dict[tuple[str, str, str], float | None]] = {}
    for doc_id, table, row, column, value in zip(*(cells[name].to_pylist() for name in names), strict=True):
        values.setdefault(doc_id, {})[table, row, column] = value
    return values


def _rules(tables: Mapping[str, pa.Table]) -> dict[str, dict[str, set[str]]]:
    """Ids of the rules by doc_id and outcome."""
    rules: dict[str, dict[str, set[str]]] = {}
    findings: Any = audit_corpus(tables)["findings"].select(["doc_id", "rule", "outcome"])
    for row in findings.to_pylist():
        rules.setdefault(row["doc_id"], {}).setdefault(row["outcome"], set()).add(row["rule"])
    return rules


def _narrative_chars(tables: Mapping[str, pa.Table]) -> dict[str, int]:
    """Code points of narrative by doc_id; 0 for a report without sections."""
    sections: dict[str, list[SectionSpan]] = {}
    for row in tables["sections"].to_pylist():
        sections.setdefault(row["doc_id"], []).append((row["key"], row["start"], row["end"]))
    reports = tables["reports"].select(["doc_id", "n_chars"]).to_pylist()
    return {
        row["doc_id"]: sum(len(span) for span in find_narrative(sections.get(row["doc_id"], ()), row["n_chars"]))
        for row in reports
    }
