"""Where each window of the stream was first published, and where the own previous report has it. No pairs are formed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gknlp.features.shingles import shingle_hashes
from gknlp.reuse.stream import Flags, Ints, Stream

NO_SOURCE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Every window of ``length`` positions that lies in one narrative stretch, and the groups of equal ones.

    ``positions``: where each begins, ascending. ``hashes``: alike. ``order``: windows sorted by hash, then position;
    ``group_of`` numbers the groups along that order; ``firsts`` is the first position of each group.
    """

    length: int
    positions: Ints
    hashes: NDArray[np.uint64]
    order: Ints
    group_of: Ints
    firsts: Ints


def build_windows(stream: Stream, length: int) -> Windows:
    """The stream's windows of this length, grouped by hash in one sort (time grows with the text, not with pairs)."""
    hashes = shingle_hashes(stream.text, length)
    begins = np.arange(len(hashes), dtype=np.int64)
    inside = begins + length <= stream.segment_end[: len(hashes)]
    positions, hashes = begins[inside], hashes[inside]
    order = np.argsort(hashes, kind="stable")
    ranked = hashes[order]
    is_first = np.ones(len(ranked), dtype=bool)
    is_first[1:] = ranked[1:] != ranked[:-1]
    return Windows(length, positions, hashes, order, np.cumsum(is_first) - 1, positions[order[is_first]])


def find_first_sources(windows: Windows, stream: Stream) -> Ints:
    """For each window the position of its first publication in an earlier document, NO_SOURCE where it has none."""
    sources = np.full(len(windows.positions), NO_SOURCE, dtype=np.int64)
    sources[windows.order] = windows.firsts[windows.group_of]
    earlier = stream.doc_of[sources] < stream.doc_of[windows.positions]
    return np.where(earlier, sources, NO_SOURCE)


def find_own_sources(windows: Windows, stream: Stream, previous: Sequence[int | None]) -> Ints:
    """For each window its first position in the own previous report, NO_SOURCE where that does not have it.

    ``previous`` holds for each document the index of that report, None for none.
    """
    sources = np.full(len(windows.positions), NO_SOURCE, dtype=np.int64)
    bounds = np.searchsorted(windows.positions, stream.doc_bounds).tolist()
    for doc, own in enumerate(previous):
        if own is None or bounds[own] == bounds[own + 1]:
            continue
        begin, end = bounds[doc], bounds[doc + 1]
        values, firsts = np.unique(windows.hashes[bounds[own] : bounds[own + 1]], return_index=True)
        at = np.minimum(np.searchsorted(values, windows.hashes[begin:end]), len(values) - 1)
        found = values[at] == windows.hashes[begin:end]
        sources[begin:end] = np.where(found, windows.positions[bounds[own] + firsts[at]], NO_SOURCE)
    return sources


def join_windows(windows: Windows, sources: Ints, stream: Stream) -> Ints:
    """Runs of consecutive windows with consecutive sources, as rows (position, source position, length).

    Rows ascend by position. No sources give a (0, 3) array.
    """
    linked = np.flatnonzero(sources != NO_SOURCE)
    positions, origins = windows.positions[linked], sources[linked]
    if not len(linked):
        return np.empty((0, 3), dtype=np.int64)
    breaks = (np.diff(positions) != 1) | (np.diff(origins) != 1) | (np.diff(stream.doc_of[origins]) != 0)
    heads = np.concatenate([np.zeros(1, dtype=np.int64), np.flatnonzero(breaks) + 1])
    counts = np.diff(np.concatenate([heads, np.array([len(linked)])]))
    return np.stack([positions[heads], origins[heads], counts + windows.length - 1], axis=1)


def find_formula(windows: Windows, stream: Stream, n_needed: int) -> Flags:
    """For each position whether it lies in a window that at least ``n_needed`` agencies have.

    The reports of one agency count once; a document of no known agency counts as an agency of its own.
    """
    owners = {owner: index for index, owner in enumerate(dict.fromkeys(one.owner for one in stream.documents))}
    owner_of = np.array([owners[one.owner] for one in stream.documents], dtype=np.int64)
    often = np.bincount(windows.group_of, minlength=len(windows.firsts)) >= n_needed
    candidates = np.flatnonzero(often[windows.group_of])
    groups = windows.group_of[candidates]
    holders = owner_of[stream.doc_of[windows.positions[windows.order[candidates]]]]
    distinct = np.unique(groups * max(len(owners), 1) + holders) // max(len(owners), 1)
    enough = np.bincount(distinct, minlength=len(windows.firsts)) >= n_needed
    begins = windows.positions[windows.order[candidates[enough[groups]]]]
    return cover_windows(begins, windows.length, len(stream.text))


def cover_windows(begins: Ints, length: int, n_positions: int) -> Flags:
    """For each position whether one of the windows beginning at ``begins`` covers it."""
    steps = np.bincount(begins, minlength=n_positions + 1) - np.bincount(begins + length, minlength=n_positions + 1)
    return np.cumsum(steps)[:n_positions] > 0
