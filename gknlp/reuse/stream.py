"""All narrative text of the documents, folded, with what is known of each position before anything is compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gknlp.features.compiled import compiled
from gknlp.features.folded import FoldedColumn, Names, Stretches, fold_column, join_columns, join_names
from gknlp.reuse.documents import Documents
from gknlp.reuse.mandated import load_wording, mark_mandated
from gknlp.reuse.resources import Resources
from gknlp.text.own_names import list_names_of, list_own_names

MANDATED, FORMULA, MODEL_TEXT = 1, 2, 4
"""Bits of ``Stream.marks``."""
Marks = NDArray[np.uint8]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Stream:
    """One folded character after another; "position" is an index into ``column.codes``.

    ``marks``: bits of each position. ``doc_bounds``: the first position of each document, and the end.
    """

    documents: Documents
    column: FoldedColumn
    marks: Marks
    doc_bounds: Int64s

    def mark(self, starts: Int64s, ends: Int64s, bit: int) -> None:
        """Set a bit wherever one of the half-open ranges covers a position: marks are filled in stage by stage."""
        _set_bit(self.marks, starts, ends, bit)


def build_stream(documents: Documents, resources: Resources) -> Stream:
    """The documents' narrative as one stream with mandated wording marked; no documents give an empty one."""
    common = list_own_names(None)
    shared = frozenset(common)
    own: dict[str | None, tuple[str, ...]] = {None: (), "": ()}
    for agency in documents.agencies:
        if agency and agency not in own:
            own[agency] = tuple(sorted(list_names_of(agency) - shared))
    names = join_names(list(common), [own[agency] for agency in documents.agencies])
    firsts = np.searchsorted(documents.stretches.text, np.arange(len(documents) + 1))
    column = _fold_blocks(documents, names, firsts, resources)
    marks = resources.memory.full(len(column.codes), 0, np.uint8)
    wording = load_wording()

    def mark_block(block: tuple[int, int]) -> None:
        mark_mandated(column, block, wording, marks)

    list(resources.map(mark_block, resources.cut(column.bounds)))
    return Stream(documents=documents, column=column, marks=marks, doc_bounds=column.bounds[firsts])


def _fold_blocks(documents: Documents, names: Names, firsts: Int64s, resources: Resources) -> FoldedColumn:
    """The whole column, folded a block of documents after the other."""
    stretches = documents.stretches
    sizes = np.concatenate([np.zeros(1, np.int64), np.cumsum((stretches.end - stretches.start).astype(np.int64))])

    def fold_block(block: tuple[int, int]) -> FoldedColumn:
        rows = slice(firsts[block[0]], firsts[block[1]])
        own = Stretches(text=stretches.text[rows], start=stretches.start[rows], end=stretches.end[rows])
        return fold_column(documents.texts, own, names, rows=documents.rows)

    blocks = resources.cut(sizes[firsts])
    return join_columns(resources.map(fold_block, blocks), stretches, resources.memory)


def find_spans(stream: Stream, starts: Int64s, ends: Int64s) -> tuple[Int64s, Int64s]:
    """Code points in the documents' own texts of the positions ``starts`` to ``ends`` (exclusive, at least one each)."""
    return stream.column.at[starts].astype(np.int64), stream.column.ends_of(ends - 1)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Weights:
    """Narrative code points, mandated ones left out, that positions stand for: sums up to every 32nd, the rest by walking.

    A position stands for itself and what folding dropped after it; the first of a stretch for what comes before it, too.
    ``blocks``: the weight of all before position 32 * b; ``parts``: the stretch at which the walk from there begins.
    """

    blocks: Int64s
    parts: Int32s
    column: tuple[Int32s, Int64s]
    stretches: tuple[Int32s, Int32s]
    marks: Marks

    def before(self, positions: Int64s) -> Int64s:
        """The weight of all before each of the positions."""
        sums: Int64s = _weigh_all(positions, (self.blocks, self.parts, self.column, self.stretches, self.marks))
        return sums


def sum_weights(stream: Stream) -> Weights:
    """The weights of a stream."""
    column = stream.column
    told = (column.at, column.bounds), (column.stretches.start, column.stretches.end)
    blocks, parts = _sum_blocks(*told, stream.marks)
    return Weights(blocks=blocks, parts=parts, column=told[0], stretches=told[1], marks=stream.marks)


@compiled
def _set_bit(marks, starts, ends, bit):  # type: ignore[no-untyped-def]  # numba infers the types
    for n in range(starts.shape[0]):
        for i in range(starts[n], ends[n]):
            marks[i] |= bit


@compiled
def _sum_blocks(column, stretches, marks):  # type: ignore[no-untyped-def]  # numba infers the types
    at, bounds = column
    begins, stops = stretches
    n = at.shape[0]
    blocks, parts = np.zeros(n // 32 + 1, np.int64), np.zeros(n // 32 + 1, np.int32)
    total = np.int64(0)
    for s in range(begins.shape[0]):
        here = begins[s]
        for i in range(bounds[s], bounds[s + 1]):
            if i & 31 == 0:
                blocks[i >> 5] = total
                parts[i >> 5] = s
            there = stops[s] if i + 1 == bounds[s + 1] else at[i + 1]
            if marks[i] & 1 == 0:
                total += there - here
            here = there
    if n & 31 == 0:
        blocks[n >> 5] = total
    return blocks, parts


@compiled
def weigh_before(position, weights):  # type: ignore[no-untyped-def]  # numba infers the types
    """The weight of all before one position, for other compiled functions; ``weights`` as ``Weights.before`` has them."""
    blocks, parts, column, stretches, marks = weights
    at, bounds = column
    block = position >> 5
    total = blocks[block]
    i = block << 5
    if i == position:
        return total
    s = parts[block]
    while i < position:
        while i >= bounds[s + 1]:
            s += 1
        if marks[i] & 1 == 0:
            here = stretches[0][s] if i == bounds[s] else at[i]
            there = stretches[1][s] if i + 1 == bounds[s + 1] else at[i + 1]
            total += there - here
        i += 1
    return total


@compiled
def _weigh_all(positions, weights):  # type: ignore[no-untyped-def]  # numba infers the types
    sums = np.empty(positions.shape[0], np.int64)
    for n in range(positions.shape[0]):
        sums[n] = weigh_before(positions[n], weights)
    return sums
