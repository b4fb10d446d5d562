"""All narrative text of the documents, folded, with what is known of each position before anything is compared."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gknlp.features.compiled import compiled
from gknlp.features.folded import FoldedColumn, fold_column, join_names
from gknlp.reuse.documents import Documents
from gknlp.reuse.mandated import load_wording, mark_mandated
from gknlp.reuse.names import list_own_names

MANDATED, FORMULA, MODEL_TEXT = 1, 2, 4
"""Bits of ``Stream.marks``."""
Marks = NDArray[np.uint8]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Stream:
    """One folded character after another; "position" is an index into ``column.codes``.

    ``marks``: bits of each position. ``doc_bounds``: the first position of each document, and the end.
    """

    documents: Documents
    column: FoldedColumn
    marks: Marks
    doc_bounds: Int64s

    def mark(self, flags: Flags, bit: int) -> Stream:
        """The stream with a bit set where the flags are."""
        return replace(self, marks=self.marks | (flags.astype(np.uint8) * np.uint8(bit)))


def build_stream(documents: Documents) -> Stream:
    """The documents' narrative as one stream with mandated wording marked; no documents give an empty one."""
    common = list_own_names(None)
    shared = frozenset(common)
    own: dict[str | None, tuple[str, ...]] = {}
    for agency in documents.agencies:
        if agency not in own:
            own[agency] = tuple(name for name in list_own_names(agency) if name not in shared)
    names = join_names(list(common), [own[agency] for agency in documents.agencies])
    column = fold_column(documents.texts, documents.stretches, names)
    firsts = np.searchsorted(documents.stretches.text, np.arange(len(documents) + 1))
    marks = mark_mandated(column, load_wording()).astype(np.uint8)
    return Stream(documents=documents, column=column, marks=marks, doc_bounds=column.bounds[firsts])


def find_spans(stream: Stream, starts: Int64s, ends: Int64s) -> tuple[Int64s, Int64s]:
    """Code points in the documents' own texts of the positions ``starts`` to ``ends`` (exclusive, at least one each)."""
    return stream.column.at[starts].astype(np.int64), stream.column.ends_of(ends - 1)


def weigh_own(stream: Stream, starts: Int64s, ends: Int64s) -> Int64s:
    """Narrative code points, mandated ones left out, that the positions from ``starts`` to ``ends`` stand for.

    A position stands for itself and what folding dropped after it; the first of a stretch for what comes before it, too.
    """
    column = stream.column
    weights: Int64s = _weigh(
        (column.at, column.bounds), (column.stretches.start, column.stretches.end), stream.marks, starts, ends
    )
    return weights


@compiled
def _weigh(column, stretches, marks, starts, ends):  # type: ignore[no-untyped-def]  # numba infers the types
    at, bounds = column
    begins, stops = stretches
    weights = np.zeros(starts.shape[0], np.int64)
    for n in range(starts.shape[0]):
        position = starts[n]
        if position >= ends[n]:
            continue
        stretch = np.searchsorted(bounds, position, side="right") - 1
        total = 0
        while position < ends[n]:
            while position >= bounds[stretch + 1]:
                stretch += 1
            if marks[position] & 1 == 0:
                here = begins[stretch] if position == bounds[stretch] else at[position]
                there = stops[stretch] if position + 1 == bounds[stretch + 1] else at[position + 1]
                total += there - here
            position += 1
        weights[n] = total
    return weights
