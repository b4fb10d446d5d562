"""Balances (勾稽关系) that the form itself prints or implies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from gknlp.audit.columns import Verdicts, fact_texts
from gknlp.audit.grid import NOWHERE, CellGrid
from gknlp.audit.rules import Rule
from gknlp.forms import load_forms

LEAF_OUTCOMES = "leaf_outcomes"


def check_balance(rule: Rule, grid: CellGrid) -> Verdicts:
    """One verdict per row or column of the rule's table: the left cells' sum against the right cells'.

    Source: the annual report form, 国办公开办函〔2019〕60号 and 〔2021〕30号.
    """
    by_row = rule.details["by"] == "row"
    left = _leaf_outcomes(grid.form) if rule.details["left"] == [LEAF_OUTCOMES] else rule.details["left"]
    instances = list(dict.fromkeys(key[1] if by_row else key[2] for key in grid.keys))
    sides = [
        np.array([_side(grid, instance, keys, by_row=by_row) for instance in instances], dtype=np.int64).reshape(
            len(instances), len(keys)
        )
        for keys in (left, rule.details["right"])
    ]
    totals = [_add_up(grid, side) for side in sides]
    members = [
        [place for place, key in enumerate(grid.keys) if key[1 if by_row else 2] == instance] for instance in instances
    ]
    there = np.stack([grid.listed[:, own].any(axis=1) for own in members], axis=1) if members else _none(grid)
    return Verdicts(
        instances=instances,
        holds=totals[0] == totals[1],
        known=~(np.isnan(totals[0]) | np.isnan(totals[1])),
        expected=fact_texts(totals[0]),
        found=fact_texts(totals[1]),
        cells=np.concatenate(sides, axis=1),
        there=there,
    )


def _leaf_outcomes(form: str) -> tuple[str, ...]:
    table = load_forms()[form].table("t3")
    return tuple(row.key for block in table.blocks for row in block.rows if row.parent) if table else ()


def _side(grid: CellGrid, instance: str, keys: Sequence[str], *, by_row: bool) -> list[int]:
    return grid.places([(grid.table, instance, key) if by_row else (grid.table, key, instance) for key in keys])


def _add_up(grid: CellGrid, places: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Sums of shape (reports, instances), added from left to right; NaN where one of the cells has no number."""
    total = np.zeros((len(grid.doc_ids), places.shape[0]))
    for column in places.T:
        total += np.where(column == NOWHERE, np.nan, grid.value[:, column])
    return total


def _none(grid: CellGrid) -> npt.NDArray[np.bool_]:
    return np.zeros((len(grid.doc_ids), 0), dtype=np.bool_)
