"""Passes over a gold corpus compared: agreement, and the disagreements as rows to decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gknlp.themes.coding.adjudicate import ADJUDICATED, AGREED, merge_codes
from gknlp.themes.coding.facets import FACETS
from gknlp.themes.coding.gold import Pass, encode_labels
from gknlp.themes.coding.problems import SheetProblem
from gknlp.themes.coding.rows import join_labels
from gknlp.themes.coding.table import encode_rows

_SHOWN = ("id", "section", "part", "heading", "text")


def encode_disagreements(passes: Sequence[Pass], units: Mapping[str, Mapping[str, Any]]) -> bytes:
    """A .csv row for each unit on which passes differ or that one of them lacks, sorted by id.

    What each pass said stands in columns of its own (``first labels``), ``differs`` names what is to decide, and the
    columns of a labels.csv hold what is agreed already, empty where it is not.
    """
    columns: tuple[str, ...] = (*_SHOWN, "differs")
    columns += tuple(f"{one.name} {name}" for name in ("labels", *FACETS) for one in passes)
    columns += ("labels", *FACETS)
    rows = []
    for key in sorted({key for one in passes for key in one.codes}):
        said = [one.codes.get(key) for one in passes]
        if merge_codes([codes for codes in said if codes]) is not None and None not in said:
            continue
        unit = units.get(key, {})
        row = {**{name: str(unit.get(name) or "") for name in _SHOWN}, "id": key}
        differs = []
        for name in ("labels", *FACETS):
            values = ["" if not codes else _value(codes, name) for codes in said]
            row |= {f"{one.name} {name}": value for one, value in zip(passes, values, strict=True)}
            alike = len({_compared(value, name) for value in values}) == 1
            row[name] = values[0] if alike else ""
            differs += [] if alike else [name]
        rows.append({**row, "differs": ";".join(differs)})
    return encode_rows(columns, rows)


def settle_passes(passes: Sequence[Pass], decisions: Pass | None = None) -> tuple[bytes, tuple[SheetProblem, ...]]:
    """The labels.csv of all units that the passes agree on or that ``decisions`` decide, and the units left undecided.

    ``decisions`` is what `encode_disagreements` wrote, its last columns filled in. A unit that a pass lacks is open.
    """
    final, left = [], []
    for key in sorted({key for one in passes for key in one.codes}):
        said = [one.codes[key] for one in passes if key in one.codes]
        merged = merge_codes(said) if len(said) == len(passes) else None
        if merged is not None:
            final.append((key, merged, AGREED))
        elif decisions and key in decisions.codes:
            final.append((key, decisions.codes[key], ADJUDICATED))
        else:
            where = decisions.name if decisions else ""
            found = " | ".join(join_labels(codes.labels) for codes in said)
            left.append(SheetProblem(where, None, key, "labels", "undecided", found, "a decision"))
    return encode_labels(final), tuple(left)


def _value(codes: Any, name: str) -> str:
    return join_labels(codes.labels) if name == "labels" else codes.facets.get(name, "")


def _compared(value: str, name: str) -> object:
    """Labels count as primary and set of the others."""
    primary, *others = value.split(";")
    return (primary, frozenset(others)) if name == "labels" else value
