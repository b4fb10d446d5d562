"""Corrections on the rows they mean: new values, with evidence, a diagnostic, and an account of what was done to each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from gknlp.corpus.corrections import Correction, Key, money_cells
from gknlp.corpus.flatten import identify_agency
from gknlp.forms import load_forms
from gknlp.places import load_divisions, resolve_agency
from gknlp.schemas import CORPUS, DERIVED
from gknlp.tables import sort_table
from gknlp.text.numerals import Amount, parse_amount, yuan_of

Row = dict[str, Any]
Target = tuple[Correction, str | None]
"""A correction and a document that it means, None where it means none."""
_STATUSES = {"year": "year_status", "title": "title_status"}


@dataclass(frozen=True, slots=True)
class Amendments:
    """What a corrections file does to a corpus. ``reports``: new values by document and column; ``cells``: whole rows.

    ``account``, ``evidence``, ``diagnostics``: rows of the tables corrections, evidence and diagnostics.
    """

    account: tuple[Row, ...] = ()
    reports: Mapping[str, Row] = field(default_factory=dict)
    cells: Mapping[str, Mapping[Key, Row]] = field(default_factory=dict)
    evidence: tuple[Row, ...] = ()
    diagnostics: tuple[Row, ...] = ()


def find_targets(
    corrections: Sequence[Correction], lines: pa.Table, superseded: Mapping[str, str]
) -> tuple[Target, ...]:
    """Each correction with each document it means: those named by doc_id first, then by path, then by hash.

    A path means the version in force under it. Where documents of two SOURCEs have the path it means none: a doc_id
    tells them apart. A hash means every document with these bytes.
    """
    columns = [lines[name].to_pylist() for name in ("outcome", "doc_id", "path", "sha256")]
    wanted = {correction.report for correction in corrections}
    by_id: dict[str, list[str]] = {}
    by_path: dict[str, list[str]] = {}
    by_hash: dict[str, list[str]] = {}
    for outcome, doc_id, path, sha256 in zip(*columns, strict=True):
        if outcome != "parsed":
            continue
        if doc_id in wanted:
            by_id[doc_id] = [doc_id]
        if path in wanted and doc_id not in superseded:
            by_path.setdefault(path, []).append(doc_id)
        if sha256 in wanted:
            by_hash.setdefault(sha256, []).append(doc_id)
    by_path = {path: docs for path, docs in by_path.items() if len(docs) == 1}
    found: list[Target] = []
    for names in (by_id, by_path, by_hash):
        found += [(c, doc_id) for c in corrections for doc_id in sorted(names.get(c.report, ()))]
    met = {correction.report for correction, _ in found}
    return (*found, *((correction, None) for correction in corrections if correction.report not in met))


def make_amendments(targets: Sequence[Target], tables: Mapping[str, pa.Table]) -> Amendments:
    """What is changed, and what becomes of each correction: applied, stale, or no_report.

    Stale is one whose ``was`` is not what stands there now, one of a cell that the report's form does not have, and one
    of a thing that another line corrects, naming the report more closely. A value that stands there already is applied.

    Parameters
    ----------
    tables : reports, cells and evidence, of the targets' documents at least.
    """
    reports = {row["doc_id"]: row for row in tables["reports"].to_pylist()}
    cells: dict[str, dict[Key, Row]] = {}
    for row in tables["cells"].to_pylist():
        cells.setdefault(row["doc_id"], {})[row["table"], row["row"], row["column"]] = row
    places = _places(tables["evidence"])
    new_fields: dict[str, dict[str, str | None]] = {}
    new_cells: dict[str, dict[Key, Row]] = {}
    account, evidence, diagnostics = [], [], []
    for correction, doc_id in targets:
        if doc_id is None:
            account.append(_account(correction, None, None, "no_report"))
            continue
        report, cell = reports[doc_id], cells.get(doc_id, {}).get(correction.cell) if correction.cell else None
        old = _stands(correction, report, cell)
        done = correction.field in new_fields.get(doc_id, ()) or correction.cell in new_cells.get(doc_id, ())
        if done or not _fits(correction, report, cell):
            account.append(_account(correction, doc_id, old, "stale"))
            continue
        if correction.cell:
            key, amount = correction.cell, correction.amount
            new_cells.setdefault(doc_id, {})[key] = _new_cell(key, amount, cell or _no_cell(doc_id, key))
            start, end = (cell["start"], cell["end"]) if cell else (None, None)
        else:
            new_fields.setdefault(doc_id, {})[correction.field] = correction.value
            start, end = places.get((doc_id, correction.field), (None, None))
        account.append(_account(correction, doc_id, old, "applied"))
        evidence.append(
            {"doc_id": doc_id, "field": correction.field, "value": correction.value or "", "rule": "correction"}
        )
        said = {"expected": f"{correction.field} = {correction.value or '(none)'}", "found": old}
        diagnostics.append(
            {"doc_id": doc_id, "code": "corrected", "severity": "info", "start": start, "end": end, **said}
        )
    columns = {doc_id: _new_columns(reports[doc_id], fields) for doc_id, fields in new_fields.items()}
    return Amendments(tuple(account), columns, new_cells, tuple(evidence), tuple(diagnostics))


def amend_reports(reports: pa.Table, amendments: Amendments) -> pa.Table:
    """The reports with their new values; columns that are not there are left out."""
    places = {doc_id: row for row, doc_id in enumerate(reports["doc_id"].to_pylist()) if doc_id in amendments.reports}
    changed = sorted({name for doc_id in places for name in amendments.reports[doc_id]} & set(reports.column_names))
    for name in changed:
        values = reports[name].to_pylist()
        for doc_id, row in places.items():
            values[row] = amendments.reports[doc_id].get(name, values[row])
        at = reports.schema.get_field_index(name)
        reports = reports.set_column(at, name, pa.array(values, reports.schema.field(name).type))
    return reports


def amend_cells(cells: pa.Table, amendments: Amendments) -> pa.Table:
    """The cells with their new values; a cell that the report lacks is added."""
    if not amendments.cells:
        return cells
    own = pc.is_in(cells["doc_id"], pa.array(sorted(amendments.cells), pa.string()))
    rows = {(row["doc_id"], row["table"], row["row"], row["column"]): row for row in cells.filter(own).to_pylist()}
    rows |= {(doc_id, *key): row for doc_id, new in amendments.cells.items() for key, row in new.items()}
    return pa.concat_tables(
        [cells.filter(pc.invert(own)), pa.Table.from_pylist(list(rows.values()), schema=CORPUS["cells"])]
    )


def corrections_table(amendments: Amendments) -> pa.Table:
    """The derived table ``corrections``."""
    return sort_table("corrections", pa.Table.from_pylist(list(amendments.account), schema=DERIVED["corrections"]))


def _account(correction: Correction, doc_id: str | None, old: str | None, status: str) -> Row:
    return {
        "doc_id": doc_id,
        "report": correction.report,
        "field": correction.field,
        "value": correction.value,
        "was": old,
        "reason": correction.reason,
        "status": status,
    }


def _places(evidence: pa.Table) -> dict[tuple[str, str], tuple[int, int]]:
    """Where the first evidence of each field stands, by document and field."""
    rows = sorted(
        (row for row in evidence.to_pylist() if row["start"] is not None),
        key=lambda row: (row["start"], row["end"]),
        reverse=True,
    )
    return {(row["doc_id"], row["field"]): (row["start"], row["end"]) for row in rows}


def _stands(correction: Correction, report: Row, cell: Row | None) -> str | None:
    """What stands there now, as text: of a cell what it prints, else its number."""
    if correction.cell is None:
        value = report[correction.field]
        return None if value is None else str(value)
    if cell is None:
        return None
    return cell["raw"] if cell["raw"] is not None or cell["value"] is None else f"{cell['value']:g}"


def _fits(correction: Correction, report: Row, cell: Row | None) -> bool:
    """Whether a correction is of what stands there now."""
    old = _stands(correction, report, cell)
    if correction.cell is None:
        return correction.was is None or _same_text(correction.was, old) or _same_text(correction.value, old)
    if cell is None and report["form"] in load_forms() and correction.cell not in _slots(report["form"]):
        return False
    if correction.was is None or _same_text(correction.was, old):
        return True
    now = None if cell is None else cell["value"]
    if now is None:
        return correction.value is None
    return any(
        amount is not None and amount.value == now for amount in (parse_amount(correction.was), correction.amount)
    )


def _same_text(one: str | None, other: str | None) -> bool:
    """Whether two texts are the same but for white space; None is the same as nothing at all."""
    return one == other or (one is not None and other is not None and "".join(one.split()) == "".join(other.split()))


def _slots(form: str) -> set[Key]:
    return {(t.key, row.key, column.key) for t in load_forms()[form].tables for _, row, column in t.slots()}


def _no_cell(doc_id: str, key: Key) -> Row:
    """The row of a cell that was not found at all."""
    table, row, column = key
    return {**dict.fromkeys(CORPUS["cells"].names), "doc_id": doc_id, "table": table, "row": row, "column": column}


def _new_cell(key: Key, amount: Amount | None, cell: Row) -> Row:
    """The cell with its new number, in the unit the correction names, else in the one it has; what is printed stays."""
    unit, yuan = cell["unit"], None
    if key in money_cells() and amount is not None:
        unit = amount.unit or unit
        yuan = yuan_of(amount.digits, unit)
    return {**cell, "value": None if amount is None else float(amount.value), "unit": unit, "value_yuan": yuan}


def _new_columns(report: Row, fields: Mapping[str, str | None]) -> Row:
    """New values of columns of ``reports``: those corrected, and what follows from them."""
    new: Row = dict(fields)
    if "year" in fields:
        new["year"] = None if fields["year"] is None else int(fields["year"])
    for name, status in _STATUSES.items():
        if name in fields:
            new[status] = "missing" if fields[name] is None else "found"
    if "agency" in fields:
        new["agency_id"] = identify_agency(fields["agency"])
    if "agency" in fields or "region" in fields:
        new = {**dict(_new_place(report, new)), **new}
    return new


def _new_place(report: Row, new: Row) -> Iterator[tuple[str, str | None]]:
    """Level, kind and code of a corrected agency or region, as the reader finds them.

    What the old name did not say was said by the container: it stays where the new name does not say it either.
    """
    # Only here: to look at a corpus needs no parser.
    from gknlp.parse.agency import classify_agency

    old_name, text = report["agency"] or "", report["text"] or ""
    name, region = new.get("agency", old_name) or "", new.get("region", report["region"])
    hints = () if "agency" in new or report["code"] is None else load_divisions().path(report["code"])
    level, kind = classify_agency(name, text)
    place = resolve_agency(name, region=region, hints=hints)
    exact = place if place is not None and place.exact else None
    if "agency" in new:
        old_level, old_kind = classify_agency(old_name, text)
        yield "kind", kind or (report["kind"] if report["kind"] != old_kind else None)
        level = level or (report["level"] if report["level"] != old_level and report["code"] is None else None)
        yield "level", exact.level if exact else level
    elif exact:
        yield "level", exact.level
    yield "code", exact.code if exact else None
