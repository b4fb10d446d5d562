"""What is wrong with a row of a coded sheet: one value a fault, so that every row is named and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields

from gknlp.themes.coding.table import encode_rows

SET_ASIDE: Mapping[str, bool] = {
    "unknown_label": True,
    "inadmissible_label": True,
    "too_many_labels": True,
    "repeated_label": False,
    "no_primary": True,
    "unknown_facet": False,
    "empty": True,
    "edited_text": True,
    "edited_cells": True,
    "merged_cells": True,
    "missing_column": True,
    "missing_facet": False,
    "duplicated_row": True,
    "repeated_row": False,
    "vanished_row": True,
    "other_sample": True,
    "undecided": True,
}
"""Every fault, and whether the row's codes are set aside for it; where not, what is sound in the row goes on."""


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """A fault of one row. ``line`` is the sheet's line from 1 (None: the row is not there), ``found`` what stands there.

    ``content`` is the whole row as JSON, so that what a coder wrote in a row set aside is not lost.
    """

    sheet: str
    line: int | None
    id: str
    column: str
    code: str
    found: str
    expected: str
    content: str = ""

    @property
    def set_aside(self) -> bool:
        """Whether the row's codes are kept out of everything that follows."""
        return SET_ASIDE[self.code]


def encode_problems(problems: Iterable[SheetProblem]) -> bytes:
    """The faults as .csv, in their order, with a column that tells whether the row was set aside."""
    names = [field.name for field in fields(SheetProblem)]
    rows = [
        {
            **{name: "" if value is None else str(value) for name, value in asdict(problem).items()},
            "set_aside": "yes" if problem.set_aside else "no",
        }
        for problem in problems
    ]
    return encode_rows([*names, "set_aside"], rows)
