"""All narrative text of the documents, folded, with what is known of each position before anything is compared."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gknlp.features.compiled import compiled
from gknlp.features.folded import FoldedColumn, fold_column, join_names
from gknlp.reuse.documents import Documents
from gknlp.reuse.mandated import load_wording, mark_mandated
from gknlp.text.own_names import list_own_names

MANDATED, FORMULA, MODEL_TEXT = 1, 2, 4
"""Bits of ``Stream.marks``."""
Marks = NDArray[np.uint8]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Flags = NDArray[np.bool_]
Sums = NDArray[np.int32] | NDArray[np.int64]


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
        return replace(self, marks=self.marks | (flags.view(np.uint8) * np.uint8(bit)))


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
    marks = mark_mandated(column, load_wording()).view(np.uint8)
    return Stream(documents=documents, column=column, marks=marks, doc_bounds=column.bounds[firsts])


def find_spans(stream: Stream, starts: Int64s, ends: Int64s) -> tuple[Int64s, Int64s]:
    """Code points in the documents' own texts of the positions ``starts`` to ``ends`` (exclusive, at least one each)."""
    return stream.column.at[starts].astype(np.int64), stream.column.ends_of(ends - 1)


def sum_weights(stream: Stream) -> Sums:
    """Narrative code points, mandated ones left out, that the positions before each stand for: n + 1 running sums.

    A position stands for itself and what folding dropped after it; the first of a stretch for what comes before it, too.
    """
    column = stream.column
    n_chars = int(stream.documents.n_chars.sum())
    room = np.zeros(len(column.codes) + 1, np.int32 if n_chars < 2**31 else np.int64)
    sums: Sums = _sum_weights(
        (column.at, column.bounds), (column.stretches.start, column.stretches.end), stream.marks, room
    )
    return sums


def cover_ranges(starts: Int64s, ends: Int64s, length: int) -> Flags:
    """For each position below ``length`` whether one of the half-open ranges covers it; no ranges cover nothing."""
    steps = np.bincount(starts, minlength=length + 1) - np.bincount(ends, minlength=length + 1)
    return np.cumsum(steps)[:length] > 0


@compiled
def _sum_weights(column, stretches, marks, sums):  # type: ignore[no-untyped-def]  # numba infers the types
    at, bounds = column
    begins, stops = stretches
    total = 0
    for s in range(begins.shape[0]):
        here = begins[s]
        for i in range(bounds[s], bounds[s + 1]):
            there = stops[s] if i + 1 == bounds[s + 1] else at[i + 1]
            if marks[i] & 1 == 0:
                total += there - here
            here = there
            sums[i + 1] = total
    return sums
