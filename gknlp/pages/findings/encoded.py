"""What the audit page draws when a case is opened: rules' counts, tables, excerpts, as one compact JSON-able value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gknlp.pages.findings.excerpt import cut_excerpt
from gknlp.pages.findings.layout import Place, read_cell
from gknlp.pages.findings.run import Run, rows_in
from gknlp.pages.findings.shape import plain_shape, shape_of
from gknlp.pages.findings.trust import corrected_cells

_ALL_CHARACTERS = 250_000
"""Characters of source text on the page, shared among its cases, so that many cases leave it quick to open."""
_SHORTEST, _LONGEST = 110, 1200


def encode_audit(
    run: Run, rules: list[dict[str, Any]], cases: list[dict[str, Any]], places: Mapping[str, str]
) -> dict[str, Any]:
    """The value, its lists in the order of the page; names that repeat are kept once and stand as numbers.

    ``rules``: by rule [year, level, place, passed, failed, not assessable]; ``shapes``: tables as printed; ``tables``:
    [shape, cells other than a printed 0, corrected slots]; ``cases``: [year, level, place, severity, tables with marked
    slots, equation, excerpt, marks left out of it].
    """
    pool = _Pool(run)
    longest = min(_LONGEST, max(_SHORTEST, _ALL_CHARACTERS // max(1, len(cases))))
    names = {"levels": _Names(), "places": _Names(), "severities": _Names()}
    encoded = []
    for case in cases:
        doc_id = case["doc_id"]
        tables = _tables(pool, case)
        text = run.report.get(doc_id, {}).get("text") or ""
        excerpt = cut_excerpt(text, case["spans"], longest=longest)
        encoded.append(
            [
                case["year"],
                names["levels"].number(case["level"] or ""),
                names["places"].number(places.get(doc_id, "")),
                names["severities"].number(case["severity"] or ""),
                tables,
                _equation(pool, doc_id, case),
                [{"plain": text, "mark": [text], "gap": 0}[kind] for text, kind in excerpt["pieces"]],
                excerpt["n_more"],
            ]
        )
    counted = {
        rule["id"]: [
            [year, names["levels"].number(level), names["places"].number(place), *counts]
            for year, level, place, *counts in rule["cells"]
        ]
        for rule in rules
    }
    return {
        **{key: value.names for key, value in names.items()},
        "rules": counted,
        "shapes": pool.shapes,
        "tables": pool.tables,
        "cases": encoded,
    }


class _Names:
    """Names in the order they came, each with its number."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, name: str) -> int:
        if name not in self._numbers:
            self._numbers[name] = len(self.names)
            self.names.append(name)
        return self._numbers[name]


class _Pool:
    """Tables of reports and their shapes, each once."""

    def __init__(self, run: Run) -> None:
        self.shapes: list[dict[str, Any]] = []
        self.tables: list[list[Any]] = []
        self._run = run
        self._shape_at: dict[tuple[str, str], int] = {}
        self._table_at: dict[tuple[str, str], int] = {}
        self._slots: list[dict[tuple[str, str], int]] = []

    def table(self, doc_id: str, key: str) -> int:
        """The number of a report's table."""
        if (doc_id, key) not in self._table_at:
            self._table_at[doc_id, key] = len(self.tables)
            self._add(doc_id, key)
        return self._table_at[doc_id, key]

    def slot(self, doc_id: str, place: Place) -> int | None:
        """The slot of a cell in its table; None for a cell that its form does not print."""
        return self._slots[self.table(doc_id, place[0])].get(place[1:])

    def _add(self, doc_id: str, key: str) -> None:
        cells = {(c["row"], c["column"]): c for c in rows_in(self._run, "cells", doc_id) if c["table"] == key}
        shape = shape_of(self._run.report.get(doc_id, {}).get("form"), key)
        if shape is None:
            shape = plain_shape(key, list(cells.values()))
            number = self._keep(shape, (doc_id, key))
        else:
            number = self._keep(shape, (self._run.report[doc_id]["form"], key))
        corrected = corrected_cells(self._run, doc_id)
        marks = [slot for slot, place in enumerate(shape["slots"]) if (key, *place) in corrected]
        shown = (read_cell(cells.get(p), is_corrected=(key, *p) in corrected) for p in shape["slots"])
        self.tables.append([number, encode_cells(shown), marks])
        self._slots.append({place: slot for slot, place in enumerate(shape["slots"])})

    def _keep(self, shape: dict[str, Any], name: tuple[str, str]) -> int:
        if name not in self._shape_at:
            self._shape_at[name] = len(self.shapes)
            kept = ("caption", "unit", "layout", "head", "rows", "labels")
            self.shapes.append({key: shape[key] for key in kept})
        return self._shape_at[name]


def encode_cells(cells: Iterable[tuple[str, str]]) -> list[int | str]:
    """Cells (state, text) in the order of their slots, all but a plain 0: a slot and its text ('' for a blank), or a slot
    and how many from there on were not found.

    >>> encode_cells([("value", "3"), ("value", "0"), ("missing", ""), ("missing", "")])
    [0, '3', 2, 2]
    """
    encoded: list[int | str] = []
    first: int | None = None
    for slot, (state, text) in enumerate(cells):
        if state != "missing":
            first = None
            if text != "0":
                encoded += [slot, text]
        elif first is None:
            first = slot
            encoded += [slot, 1]
        else:
            encoded[-1] = slot - first + 1
    return encoded


def _tables(pool: _Pool, case: dict[str, Any]) -> list[list[Any]]:
    """The tables a case speaks of, that with most of its cells first, each with the slots to be marked."""
    marks: dict[str, list[int]] = {}
    for place in case["cells"]:
        slot = pool.slot(case["doc_id"], place)
        if slot is not None:
            marks.setdefault(place[0], []).append(slot)
    ordered = sorted(marks.items(), key=lambda item: (-len(item[1]), item[0]))
    return [[pool.table(case["doc_id"], key), sorted(slots)] for key, slots in ordered]


def _equation(pool: _Pool, doc_id: str, case: dict[str, Any]) -> list[Any]:
    """The equation as sign, slot, sign, slot ... and then how many zeros each side leaves out; [] where there is none."""
    parts: list[Any] = []
    for term in case["terms"]:
        table, row, column = term["place"]
        parts += [term["sign"], pool.slot(doc_id, (table, row, column))]
    return [] if None in parts or not parts else [parts, case["zeros"]]
