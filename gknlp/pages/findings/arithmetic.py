"""A failed rule's arithmetic written out with the report's own numbers: 1 + 0 ≠ 0 + 0."""

from __future__ import annotations

import re
from typing import Any

from gknlp.pages.findings.run import Row, Run, rows_in
from gknlp.pages.words import number, say

_NAME = re.compile(r"[a-z][a-z_]*")
_LEAVES = re.compile(r"\bleaf_outcomes\b|sum\(leaf outcomes\)")
_NOT_LEAVES = ("new_requests", "carried_in", "outcome_total", "carried_out")
_MOST_TERMS = 12


def expressions_of(run: Run) -> dict[str, str]:
    """The equation of each rule, by its id, as the run's rule book writes it."""
    return {str(rule["id"]): str(rule.get("expr") or "") for rule in run.about.get("rules") or () if rule.get("id")}


def involved_cells(run: Run, finding: Row, expression: str) -> list[Row]:
    """The cells a finding speaks of: those its spans cover, and those its rule's equation names."""
    cells = rows_in(run, "cells", finding["doc_id"])
    spans = [tuple(span) for span in finding["spans"] or () if span and len(span) == 2]
    covered = [c for c in cells if c["start"] is not None and any(s <= c["start"] and c["end"] <= e for s, e in spans)]
    if covered:
        return covered
    wanted = [_find_cell(cells, name, finding) for name in _names(_expand(expression, cells))]
    return [cell for cell in wanted if cell is not None]


def write_arithmetic(run: Run, finding: Row, expression: str) -> dict[str, str]:
    """The equation with numbers for names; where it cannot be filled in, what was expected and what was found."""
    cells = rows_in(run, "cells", finding["doc_id"])
    full = _expand(expression, cells)
    found = {name: _find_cell(cells, name, finding) for name in _names(full)}
    filled = (
        "=" in full and bool(found) and all(cell is not None and cell["value"] is not None for cell in found.values())
    )
    if filled and not re.search(r"[\[\]().<>]|\b(and|or|if|sum)\b", full):
        text = _shorten(_NAME.sub(lambda name: number(_value(found[name.group()])), full))
        return say(text, text)
    if finding["expected"] is None and finding["found"] is None:
        return say("见原文", "see the text")
    expected, got = ("—" if finding[side] is None else finding[side] for side in ("expected", "found"))
    return say(f"应为 {expected}，实为 {got}", f"expected {expected}, found {got}")


def _value(cell: Row | None) -> float:
    return float(cell["value"]) if cell is not None else 0.0


def _expand(expression: str, cells: tuple[Row, ...]) -> str:
    rows = {c["row"]: c["start"] or 0 for c in cells if c["table"] == "t3" and c["row"] not in _NOT_LEAVES}
    leaves = sorted(rows, key=lambda row: (rows[row], row))
    return _LEAVES.sub(" + ".join(leaves), expression) if leaves else expression


def _names(expression: str) -> list[str]:
    return list(dict.fromkeys(_NAME.findall(expression)))


def _find_cell(cells: tuple[Row, ...], name: str, finding: Row) -> Row | None:
    """The cell that a name of the equation means: a row in the instance's column, or a column in its row."""
    table = "t" + str(finding["rule"])[1:2]
    keys: set[Any] = {(name, finding["instance"]), (finding["instance"], name)}
    return next((c for c in cells if c["table"] == table and (c["row"], c["column"]) in keys), None)


def _shorten(equation: str) -> str:
    """The equation with ≠ for its equals sign; a long sum keeps its terms other than zero and says how many zeros there were.

    >>> _shorten("1+0 == 0+0")
    '1 + 0 ≠ 0 + 0'
    """
    sides = []
    for side in re.split("==?", equation):
        terms = [term.strip() for term in side.split("+")]
        kept = [term for term in terms if term != "0"] if len(terms) > _MOST_TERMS else terms
        zeros = len(terms) - len(kept)
        sides.append(" + ".join(kept + ([f"0 × {zeros}"] if zeros else [])))
    return " ≠ ".join(sides)
