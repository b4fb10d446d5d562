"""Rules on every cell of a table, checked for all reports of a form at once: what a cell may hold, whether any is blank."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gknlp.audit.checks.balances import check_balance
from gknlp.audit.columns import Verdicts, fact_texts
from gknlp.audit.grid import NOWHERE, CellGrid
from gknlp.audit.rules import Rule
from gknlp.text.numerals import is_blank_mark


def check_whole_numbers(rule: Rule, grid: CellGrid) -> Verdicts:
    """One verdict per cell of the rule's table: a whole number, zero or more (非负整数).

    A blank, missing or unreadable cell cannot be assessed; ``found`` is then what is printed.
    """
    del rule
    raws = pa.array([*grid.raws, None], pa.string())  # place -1 is the last
    printed = raws.take(pa.array(np.where(grid.raw == NOWHERE, len(grid.raws), grid.raw).ravel()))
    return Verdicts(
        instances=[f"{row}.{column}" for _, row, column in grid.keys],
        holds=(grid.value >= 0) & (grid.value == np.trunc(grid.value)),
        known=~np.isnan(grid.value),
        expected=pa.array(["≥ 0"]).take(pa.array(np.zeros(grid.value.size, dtype=np.int64))),
        found=pc.coalesce(fact_texts(grid.value), printed),
        cells=np.arange(len(grid.keys)).reshape(-1, 1),
    )


def check_no_blanks(rule: Rule, grid: CellGrid) -> Verdicts:
    """One verdict for the rule's table: none of its cells is blank (空格) while another is filled.

    It fails on any printed blank; it cannot be assessed where cells were not found, or where nothing is filled.
    The places are the blanks, or where there are none every cell found.
    """
    del rule
    is_there = grid.start != NOWHERE
    is_blank = is_there & np.isnan(grid.value) & _blank_raws(grid)[grid.raw]
    n_there, n_blank = is_there.sum(axis=1, keepdims=True), is_blank.sum(axis=1, keepdims=True)
    return Verdicts(
        instances=[""],
        holds=n_blank == 0,
        known=(n_blank < n_there) & ((n_blank > 0) | (n_there == len(grid.keys))),
        expected=fact_texts(np.zeros(n_blank.shape)),
        found=fact_texts(n_blank.astype(np.float64)),
        cells=np.arange(len(grid.keys)).reshape(1, -1),
        shown=np.where(n_blank > 0, is_blank, is_there),
    )


def _blank_raws(grid: CellGrid) -> npt.NDArray[np.bool_]:
    """Whether each of the grid's texts is a blank mark; the last entry, at -1, is for no text at all."""
    return np.array([*(is_blank_mark(raw) for raw in grid.raws), True], dtype=np.bool_)


GRID_CHECKS: Mapping[str, Callable[[Rule, CellGrid], Verdicts]] = {
    "balance": check_balance,
    "whole_numbers": check_whole_numbers,
    "no_blanks": check_no_blanks,
}
