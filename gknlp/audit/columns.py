"""Findings on their way to a table: collected column by column, one at a time or a whole grid at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gknlp.audit.finding import Finding, fact_text
from gknlp.audit.grid import NOWHERE, CellGrid
from gknlp.audit.rules import Rule
from gknlp.schemas import FINDINGS, SORT_KEYS

OUTCOMES = ("pass", "fail", "not_assessable")
_SHIFT = 32
_NO_SPAN = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verdicts:
    """What a check says of a grid: one instance a column, one report a row; all matrices have shape (reports, instances).

    ``known``: whether the condition could be assessed; ``there``: whether the report has the instance at all.
    ``expected`` and ``found``: texts in row order, null where unknown. ``cells``: for each instance the columns of the
    grid whose places show it; ``shown`` leaves out single ones of them, None for none.
    """

    instances: Sequence[str]
    holds: npt.NDArray[np.bool_]
    known: npt.NDArray[np.bool_]
    expected: pa.Array
    found: pa.Array
    cells: npt.NDArray[np.int64]
    there: npt.NDArray[np.bool_] | None = None
    shown: npt.NDArray[np.bool_] | None = None


def collect_findings(findings: Iterable[Finding]) -> pa.Table:
    """Findings as an unsorted table of columns of ``findings``; none give an empty one."""
    texts: tuple[list[str | None], ...] = tuple([] for _ in range(7))
    doc_ids, rules, instances, outcomes, severities, expected, found = texts
    edges: list[int] = []
    ends = [0]
    for finding in findings:
        doc_ids.append(finding.doc_id)
        rules.append(finding.rule)
        instances.append(finding.instance)
        outcomes.append(finding.outcome)
        severities.append(finding.severity)
        expected.append(fact_text(finding.expected))
        found.append(fact_text(finding.found))
        for span in finding.spans:
            edges += (span.start, span.end)
        ends.append(len(edges) // 2)
    return pa.table([*(pa.array(column, pa.string()) for column in texts), _lists(ends, edges)], schema=FINDINGS)


def grid_findings(rule: Rule, grid: CellGrid, verdicts: Verdicts) -> pa.Table:
    """The verdicts on a grid as an unsorted table of columns of ``findings``."""
    n_reports, n_instances = verdicts.holds.shape
    outcome = np.where(verdicts.known, np.where(verdicts.holds, 0, 1), 2).ravel()
    table = pa.table(
        [
            _repeated(grid.doc_ids, np.repeat(np.arange(n_reports), n_instances)),
            _repeated([rule.id], np.zeros(outcome.size, dtype=np.int64)),
            _repeated(verdicts.instances, np.tile(np.arange(n_instances), n_reports)),
            _repeated(OUTCOMES, outcome),
            _repeated([rule.severity], np.zeros(outcome.size, dtype=np.int64)),
            verdicts.expected,
            verdicts.found,
            _spans(grid, verdicts),
        ],
        schema=FINDINGS,
    )
    return table if verdicts.there is None else table.filter(pa.array(verdicts.there.ravel()))


def fact_texts(values: npt.NDArray[np.float64]) -> pa.Array:
    """Numbers as they stand in table ``findings``, row by row; null for NaN.

    >>> fact_texts(np.array([[2.0, np.nan], [0.5, 2.0]])).to_pylist()
    ['2', None, '0.5', '2']
    """
    unique, places = np.unique(values.ravel(), return_inverse=True)
    texts = [None if np.isnan(value) else fact_text(value) for value in unique.tolist()]
    return _repeated(texts, places.ravel())


def _repeated(values: Sequence[str | None], places: npt.NDArray[np.int64]) -> pa.Array:
    return pa.array(values, pa.string()).take(pa.array(places))


def _spans(grid: CellGrid, verdicts: Verdicts) -> pa.Array:
    """Lists of [start, end] of the cells found, each place once, in text order."""
    cells = verdicts.cells
    start, end = (np.where(cells == NOWHERE, NOWHERE, side[:, cells]) for side in (grid.start, grid.end))
    is_place = start != NOWHERE
    if verdicts.shown is not None:
        is_place &= np.where(cells == NOWHERE, False, verdicts.shown[:, cells])
    place = np.where(is_place, (start << _SHIFT) | end, _NO_SPAN).reshape(-1, cells.shape[1])
    if place.shape[1] > 1:
        place.sort(axis=1)
    kept = place != _NO_SPAN
    kept[:, 1:] &= place[:, 1:] != place[:, :-1]
    left = place[kept]
    edges = np.stack([left >> _SHIFT, left & ((1 << _SHIFT) - 1)], axis=1).ravel()
    return _lists(np.concatenate([[0], np.cumsum(kept.sum(axis=1))]), edges)


def _lists(ends: Sequence[int] | npt.NDArray[np.int64], edges: Sequence[int] | npt.NDArray[np.int64]) -> pa.Array:
    """Lists of pairs: pairs ``ends[i]`` to ``ends[i + 1]`` of ``edges`` are the i-th."""
    pairs = pa.ListArray.from_arrays(pa.array(range(0, len(edges) + 1, 2), pa.int32()), pa.array(edges, pa.int64()))
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pairs)


def join_findings(parts: Iterable[pa.Table]) -> pa.Table:
    """Tables of findings as table ``findings``, in its one order; none give an empty table.

    Ranks of texts are sorted instead of the texts, whose order by code points is that of their UTF-8 bytes.
    """
    table = pa.concat_tables([FINDINGS.empty_table(), *parts])
    order = np.lexsort([_ranks(table[key]) for key in reversed(SORT_KEYS["findings"])])
    return table.take(pa.array(order)).combine_chunks()


def _ranks(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    encoded = pc.dictionary_encode(column.combine_chunks())
    texts = encoded.dictionary.to_pylist()
    rank = np.empty(len(texts), dtype=np.int64)
    rank[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
    return np.asarray(rank[encoded.indices.to_numpy()])
