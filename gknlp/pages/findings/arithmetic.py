"""A failed rule's arithmetic written out with the report's own numbers: 1 + 0 ≠ 0 + 0."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gknlp.pages.findings.run import Row, Run, rows_in
from gknlp.pages.words import number, say, word

_NAME = re.compile(r"[a-z][a-z_]*")
_LEAVES = re.compile(r"\bleaf_outcomes\b|sum\(leaf outcomes\)")
_NOT_LEAVES = ("new_requests", "carried_in", "outcome_total", "carried_out")
_MOST_TERMS = 12


@dataclass(frozen=True, slots=True)
class Term:
    """A cell in an equation with the sign before it: "" for the first, + or ≠."""

    sign: str
    cell: Row


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


def write_arithmetic(finding: Row, terms: list[Term]) -> dict[str, str]:
    """The equation with numbers for names; where there is none, what was expected and what was found."""
    if terms:
        text = _shorten(terms)
        return say(text, text)
    if finding["expected"] is None and finding["found"] is None:
        return say("见原文", "see the text")
    expected, got = (word("forms", finding[side]) for side in ("expected", "found"))
    return say(f"应为 {expected['zh']}，实为 {got['zh']}", f"expected {expected['en']}, found {got['en']}")


def fill_equation(run: Run, finding: Row, expression: str) -> list[Term]:
    """The cells of both sides of an equation with the sign before each; [] where it is none or a cell has no number."""
    cells = rows_in(run, "cells", finding["doc_id"])
    sides = [side.split("+") for side in re.split("==?", _expand(expression, cells))]
    names = [name.strip() for side in sides for name in side]
    if len(sides) < 2 or not all(_NAME.fullmatch(name) for name in names):
        return []
    signs = [sign for side in sides for sign in ("≠", *("+" * (len(side) - 1)))]
    found = [_find_cell(cells, name, finding) for name in names]
    if any(cell is None or cell["value"] is None for cell in found):
        return []
    return [
        Term(sign if place else "", cell) for place, (sign, cell) in enumerate(zip(signs, found, strict=True)) if cell
    ]


def _expand(expression: str, cells: tuple[Row, ...]) -> str:
    rows = {c["row"]: c["start"] or 0 for c in cells if c["table"] == "t3" and c["row"] not in _NOT_LEAVES}
    leaves = sorted(rows, key=lambda row: (rows[row], row))
    return _LEAVES.sub(" + ".join(leaves), expression) if leaves else expression


def _names(expression: str) -> list[str]:
    return list(dict.fromkeys(_NAME.findall(expression)))


def _find_cell(cells: tuple[Row, ...], name: str, finding: Row) -> Row | None:
    """The cell that a name of the equation means: a row in the instance's column, or a column in its row."""
    table = "t" + str(finding["rule"])[1:2]
    keys = {(name, finding["instance"]), (finding["instance"], name)}
    return next((c for c in cells if c["table"] == table and (c["row"], c["column"]) in keys), None)


def count_zeros(terms: list[Term]) -> tuple[list[Term], dict[int, int]]:
    """The terms to write out, and how many zeros are only counted at the end of which side (0 left, 1 right).

    A side with more than a dozen terms keeps those other than zero.
    """
    sides: list[list[Term]] = []
    for term in terms:
        if not sides or term.sign == "≠":
            sides.append([])
        sides[-1].append(term)
    kept, zeros = [], {}
    for place, side in enumerate(sides):
        own = [term for term in side if term.cell["value"]] if len(side) > _MOST_TERMS else side
        own = [Term(side[0].sign if not at else "+", term.cell) for at, term in enumerate(own)]
        own = own or side[:1]
        if len(own) < len(side):
            zeros[place] = len(side) - len(own)
        kept += own
    return kept, zeros


def _shorten(terms: list[Term]) -> str:
    """The equation on one line; a long sum says how many zeros it leaves out."""
    kept, zeros = count_zeros(terms)
    sides: list[list[str]] = [[]]
    for term in kept:
        if term.sign == "≠":
            sides.append([])
        sides[-1].append(number(float(term.cell["value"])))
    for place, n in zeros.items():
        sides[place] = [f"0 × {n + 1}"] if sides[place] == ["0"] else [*sides[place], f"0 × {n}"]
    return " ≠ ".join(" + ".join(side) for side in sides)
