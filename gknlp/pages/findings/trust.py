"""What was put right by hand and what belongs together: corrections, republications, renamed agencies, how to mend an input."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from gknlp.pages.findings.layout import Labels, form_labels
from gknlp.pages.findings.run import Row, Run, label_of, report_href, rows_in, rows_of
from gknlp.pages.words import Words, same, say, word

_CELL = re.compile(r"(t[1-9])\.([a-z_]+(?:\.[0-9]{2})?)\.([a-z_]+(?:_[0-9]+)?)")
_STATUS_ORDER = {"stale": 0, "no_report": 1, "applied": 2}


def corrected_cells(run: Run, doc_id: str) -> Mapping[tuple[str, str, str], Row]:
    """The cells of a report that a correction changed: (table, row, column) -> row of table ``corrections``."""
    found = {}
    for row in rows_in(run, "corrections", doc_id):
        place = read_cell_field(row["field"])
        if place and row["status"] == "applied":
            found[place] = row
    return found


def read_cell_field(field: str | None) -> tuple[str, str, str] | None:
    """The cell that a correction's field names; None where it names a fact of the report.

    >>> read_cell_field("t3.new_requests.total")
    ('t3', 'new_requests', 'total')
    >>> read_cell_field("year")
    """
    match = _CELL.fullmatch(field or "")
    return (match[1], match[2], match[3]) if match else None


def corrected_facts(run: Run, doc_id: str) -> Mapping[str, Row]:
    """The facts of a report that a correction changed: field -> row of table ``corrections``."""
    return {
        row["field"]: row
        for row in rows_in(run, "corrections", doc_id)
        if row["status"] == "applied" and not read_cell_field(row["field"])
    }


def list_corrections(run: Run) -> list[dict[str, Any]]:
    """Every correction for the first page: those that could not be applied first."""
    labels = form_labels()
    rows = sorted(
        rows_of(run, "corrections"),
        key=lambda row: (_STATUS_ORDER.get(row["status"], 3), row["report"] or "", row["field"] or ""),
    )
    return [
        {
            "label": label_of(run, row["doc_id"]) if row["doc_id"] in run.report else row["report"] or "—",
            "href": report_href(row["doc_id"]) if row["doc_id"] in run.report else None,
            "field": _name_field(labels, run.report.get(row["doc_id"], {}).get("form"), row["field"]),
            "was": _shown(row["field"], row["was"]),
            "value": _shown(row["field"], row["value"]),
            "reason": row["reason"] or "—",
            "status": row["status"],
            "status_word": word("corrections", row["status"]),
        }
        for row in rows
    ]


def describe_correction(row: Row) -> dict[str, Any]:
    """One correction as a note beside what it changed."""
    was, value = _shown(row["field"], row["was"]), _shown(row["field"], row["value"])
    return {"was": was, "value": value, "reason": row["reason"]}


def _name_field(labels: Labels, form: str | None, field: str | None) -> Words:
    """What a correction changes: a fact of the report in our words, a cell in those of its form."""
    place = read_cell_field(field)
    if place is None:
        return word("fields", field)
    parts = [labels.get((form or "", place[0], key)) for key in place[1:]]
    return same(" × ".join(part for part in parts if part)) if all(parts) else same(field)


def _shown(field: str | None, value: str | None) -> Words:
    return word({"form": "forms", "level": "levels", "kind": "kinds"}.get(field or "", ""), value)


def former_names(run: Run, agency_id: str | None) -> list[dict[str, Any]]:
    """The names an agency had or has beside its own, and the agencies merged into it, by the year of the change."""
    rows = [row for row in rows_of(run, "agencies") if agency_id and row["successor_id"] == agency_id and row["name"]]
    rows.sort(key=lambda row: (row["since"] or 0, row["name"]))
    return [
        {"name": row["name"], "since": row["since"], "kind": row["kind"], "said": word("agency_links", row["kind"])}
        for row in rows
    ]


def merged_into(run: Run, agency_id: str | None) -> Row | None:
    """The row of table ``agencies`` that says which agency this one became part of, and when; None for none."""
    return next(
        (
            row
            for row in rows_of(run, "agencies")
            if agency_id and row["agency_id"] == agency_id and row["kind"] == "merger"
        ),
        None,
    )


def previous_report(run: Run, report: Row) -> str | None:
    """The same agency's report of the year before, also under a former name; None where the corpus has none."""
    if not report or report["year"] is None or not report["agency_id"]:
        return None
    return run.by_agency_year.get((report["agency_id"], report["year"] - 1))


def republications(run: Run) -> Mapping[str, list[dict[str, str]]]:
    """For each report that was published again, the reports that are the same."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in run.reports:
        if row["republication_of"]:
            again = {"label": label_of(run, row["doc_id"]), "href": report_href(row["doc_id"])}
            found.setdefault(row["republication_of"], []).append(again)
    return found


def how_to_mend(reason: str | None) -> Words:
    """What a user can do about an input that was set aside; a dash where only its author could.

    >>> how_to_mend("no text: scanned pages")["en"].startswith("The file holds pictures")
    True
    """
    said = (reason or "").casefold()
    return next((advice for starts, advice in _advice() if any(part in said for part in starts)), same("—"))


@cache
def _advice() -> tuple[tuple[tuple[str, ...], Words], ...]:
    text = files("gknlp.pages").joinpath("mending.toml").read_text(encoding="utf-8")
    return tuple((tuple(item["reasons"]), say(item["zh"], item["en"])) for item in tomllib.loads(text)["advice"])
