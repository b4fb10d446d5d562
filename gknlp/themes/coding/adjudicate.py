"""What coders agree on, what they do not, and what was decided: labels in the format of the gold corpus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gknlp.themes.coding.facets import FACETS, Codes
from gknlp.themes.coding.problems import SheetProblem
from gknlp.themes.coding.read_sheet import CodedSheet
from gknlp.themes.coding.rows import SheetRow, SheetUnit, join_labels

AGREED, ADJUDICATED = "agreed", "adjudicated"


@dataclass(frozen=True, slots=True)
class Decided:
    """A unit with its final codes; ``how`` says whether two coders or more agreed or somebody decided."""

    unit: SheetUnit
    codes: Codes
    how: str


@dataclass(frozen=True, slots=True)
class Adjudication:
    """Units with final codes, rows still to decide (empty where the coders differ), and units that nobody decided."""

    decided: tuple[Decided, ...]
    open: tuple[SheetRow, ...]
    problems: tuple[SheetProblem, ...] = ()


def adjudicate(sheets: Sequence[CodedSheet], *, decisions: CodedSheet | None = None) -> Adjudication:
    """Final codes of every unit that two coders or more agree on, or that ``decisions`` decide.

    Coders agree on a unit where primary, set of themes and every facet that more than one coded are the same. A unit
    that only one coded is open. A decision counts for open units only: what was agreed stays.

    Parameters
    ----------
    sheets : one a coder. No rows give nothing decided and nothing open.
    decisions : the sheet of open rows, filled in; an open unit without a decision is a problem ``undecided``.
    """
    units: dict[str, SheetUnit] = {}
    said: dict[str, dict[str, Codes]] = {}
    for sheet in sheets:
        for coded in sheet.rows:
            units.setdefault(coded.unit.id, coded.unit)
            said.setdefault(coded.unit.id, {})[sheet.coder] = coded.codes
    decided, rows = [], []
    final = {coded.unit.id: coded.codes for coded in decisions.rows} if decisions else {}
    for key, unit in sorted(units.items(), key=lambda item: (item[1].sample, item[1].number, item[0])):
        merged = merge_codes(list(said[key].values()))
        if merged is not None:
            decided.append(Decided(unit, merged, AGREED))
        elif key in final:
            decided.append(Decided(unit, final[key], ADJUDICATED))
        else:
            rows.append(SheetRow(unit, None, _said(said[key])))
    problems = []
    if decisions:
        problems = [
            SheetProblem(decisions.coder, None, row.unit.id, "primary", "undecided", row.said, "a decision")
            for row in rows
        ]
    return Adjudication(tuple(decided), tuple(rows), tuple(problems))


def open_rows(adjudication: Adjudication) -> tuple[SheetRow, ...]:
    """The open rows numbered anew, as a sheet of their own: `row` tells how many there are."""
    total = len(adjudication.open)
    return tuple(
        replace(row, unit=replace(row.unit, number=number, total=total))
        for number, row in enumerate(adjudication.open, 1)
    )


def merge_codes(said: Sequence[Codes]) -> Codes | None:
    """What two coders or more agree on; None where they do not, or where fewer coded.

    >>> merge_codes([Codes(("O05", "O13")), Codes(("O05",))]) is None
    True
    >>> merge_codes([Codes(("O05",), {"hedge": "0"}), Codes(("O05",))]).facets
    {'hedge': '0'}
    """
    if len(said) < 2 or not all(codes.agrees_with(said[0]) for codes in said):
        return None
    facets: dict[str, str] = {}
    for name in FACETS:
        values = {codes.facets[name] for codes in said if name in codes.facets}
        if len(values) > 1:
            return None
        facets.update((name, value) for value in values)
    primary, *others = said[0].labels
    return Codes(
        (primary, *sorted(others)), facets, "; ".join(dict.fromkeys(codes.note for codes in said if codes.note))
    )


def _said(said: Mapping[str, Codes]) -> str:
    lines = []
    for coder, codes in said.items():
        facets = ", ".join(f"{name}={codes.facets[name]}" for name in FACETS if name in codes.facets)
        note = f" ({codes.note})" if codes.note else ""
        lines.append(f"{coder}: {join_labels(codes.labels)}{' ' + facets if facets else ''}{note}")
    return " | ".join(lines)
