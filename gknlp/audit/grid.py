"""One table of the form over many reports as matrices: a row a report, a column a printed cell. For rules on every cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gknlp.audit.rows import Key
from gknlp.forms import load_forms

_JOIN = "\x1f"
NOWHERE = -1
"""Stands for the place of a cell that was not found, and for a text that is none."""


@dataclass(frozen=True, slots=True, eq=False)
class CellGrid:
    """The cells of one form's table: matrices of shape (reports, keys), reports in the order of ``doc_ids``.

    ``value`` is NaN where there is no number, ``start`` and ``end`` are -1 where the cell was not found, ``raw`` is a
    place in ``raws``, -1 for none; ``listed`` says whether the corpus has a row for the cell.
    """

    form: str
    table: str
    doc_ids: tuple[str, ...]
    keys: tuple[Key, ...]
    value: npt.NDArray[np.float64]
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    raw: npt.NDArray[np.int64]
    raws: tuple[str, ...]
    listed: npt.NDArray[np.bool_]

    def places(self, keys: Sequence[Key]) -> list[int]:
        """The columns of some keys, -1 for one that the form does not print."""
        at = {key: place for place, key in enumerate(self.keys)}
        return [at.get(key, NOWHERE) for key in keys]


@cache
def printed_keys(form: str | None, table: str) -> tuple[Key, ...]:
    """Every cell that a form prints in one of its tables, in printed order; () where it has no such table."""
    own = load_forms()[form].table(table) if form else None
    return tuple((table, row.key, column.key) for _, row, column in own.slots()) if own else ()


def build_grid(cells: pa.Table, doc_ids: Sequence[str], *, form: str, table: str) -> CellGrid:
    """The cells of some reports, which have ``form``; cells of other reports and cells that it does not print are left out.

    Parameters
    ----------
    cells : table ``cells``, in any order.
    """
    keys = printed_keys(form, table)
    cells = cells.filter(pc.equal(cells["table"], table))
    names = pc.binary_join_element_wise(cells["row"], cells["column"], _JOIN)
    row = _places(cells["doc_id"], doc_ids)
    column = _places(names, [_JOIN.join(key[1:]) for key in keys])
    own = np.flatnonzero((row != NOWHERE) & (column != NOWHERE))
    at, shape = (row[own], column[own]), (len(doc_ids), len(keys))
    raw = pc.dictionary_encode(cells["raw"].combine_chunks())
    start, end, code = (_spread(part, own, at, shape) for part in (cells["start"], cells["end"], raw.indices))
    value, listed = np.full(shape, np.nan), np.zeros(shape, dtype=np.bool_)
    value[at] = cells["value"].to_numpy()[own]
    listed[at] = True
    return CellGrid(
        form, table, tuple(doc_ids), keys, value, start, end, code, tuple(raw.dictionary.to_pylist()), listed
    )


def _places(values: pa.ChunkedArray, among: Sequence[str]) -> npt.NDArray[np.int64]:
    found = pc.index_in(values, value_set=pa.array(among, pa.string()))
    return np.asarray(pc.fill_null(found, NOWHERE).to_numpy(), dtype=np.int64)


def _spread(
    values: pa.ChunkedArray | pa.Array,
    own: npt.NDArray[np.int64],
    at: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    shape: tuple[int, int],
) -> npt.NDArray[np.int64]:
    """An integer matrix, -1 where no value is."""
    matrix = np.full(shape, NOWHERE, dtype=np.int64)
    filled = pc.fill_null(values, NOWHERE)
    matrix[at] = np.asarray(filled, dtype=np.int64)[own]
    return matrix
