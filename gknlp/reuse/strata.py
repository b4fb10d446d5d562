"""Strata: what each passage, and each position of the narrative, was taken from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from gknlp.engine.memory import Memory
from gknlp.features.compiled import compiled
from gknlp.features.fingerprints import Fingerprints
from gknlp.reuse.align import count_edits
from gknlp.reuse.config import ReuseConfig
from gknlp.reuse.documents import Documents
from gknlp.reuse.passages import Passages
from gknlp.reuse.stream import FORMULA, Stream
from gknlp.schemas import STRATA

Flags = NDArray[np.bool_]
Labels = NDArray[np.int8]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

PRECEDENCE = ("mandated", "self", "model_text", "formula", "regional", "viral", "peer", "original")
"""Each code point has the first of these that holds."""
NUMBER = {name: number for number, name in enumerate(PRECEDENCE)}
_DIGIT = ord("0")
_WORDED, _TOUCHES_MANDATED, _MODEL, _FORMULA = 1, 2, 4, 8


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Spread:
    """How far the wording of each passage's cluster has spread: owners, and the one region of all (-1 if there is none)."""

    n_owners: Int32s
    region: Int32s


def count_needed(documents: Documents, config: ReuseConfig) -> int:
    """How many agencies must have a wording for it to be formula in this corpus; agencies without narrative do not count."""
    with_text = documents.owner[documents.n_chars > 0]
    return max(config.formula_min_agencies, ceil(config.formula_share * len(np.unique(with_text))))


def mark_formula(stream: Stream, prints: Fingerprints, stretch: Int32s, formula: Int32s, shortest: int) -> None:
    """Set the bit FORMULA where wording is that many agencies have, in runs of at least ``shortest``.

    A run reaches from its first to its last fingerprint with a link in ``formula``, and on both sides as far as the
    text is the same as at the linked place, but never over a whole shingle that few agencies have. Mandated characters
    in it do not count. ``stretch``: that of each fingerprint.
    """
    bounds = stream.column.bounds
    _mark_formula(
        (stream.column.codes, bounds, stream.marks), (prints.at, stretch, prints.length), formula, shortest, FORMULA
    )


def keep_worded(stream: Stream, passages: Passages, config: ReuseConfig) -> tuple[Passages, NDArray[np.uint8]]:
    """Passages with mandated text or with wording of their own, and what was seen in each (bits; mandated if not own).

    Own wording is ``min_passage`` characters that are not mandated, on both sides, and among them ``shingle_length`` in a
    row of which at least half are no digits: folding makes all digits equal, so a row of figures is no evidence of
    copying, and scraps between the labels of a form do not add up to one. A passage of own wording is cut back to it:
    mandated text at its ends is no part of the copy. Of the characters that are neither mandated nor digits at least
    half must be in a model text, or formula, for the passage to be so.
    """
    codes, marks = stream.column.codes, stream.marks
    sides = (passages.start, passages.end, passages.source_start, passages.source_end)
    seen = _look(codes, marks, sides, config.shingle_length, config.min_passage)
    kept = seen & (_WORDED | _TOUCHES_MANDATED) > 0
    passages, seen = passages.take(kept), seen[kept]
    sides = (passages.start, passages.end, passages.source_start, passages.source_end)
    start, end, source_start, source_end, similarity = _trim(
        codes, marks, sides, passages.similarity, seen & _WORDED > 0
    )
    trimmed = replace(
        passages, start=start, end=end, source_start=source_start, source_end=source_end, similarity=similarity
    )
    return trimmed, seen


def label_passages(documents: Documents, passages: Passages, seen: NDArray[np.uint8]) -> Labels:
    """Mandated, self, model text or formula by what was seen, else peer; numbers in PRECEDENCE."""
    labels = np.full(len(passages), NUMBER["peer"], np.int8)
    labels[seen & _FORMULA > 0] = NUMBER["formula"]
    labels[seen & _MODEL > 0] = NUMBER["model_text"]
    labels[documents.owner[passages.doc] == documents.owner[passages.source_doc]] = NUMBER["self"]
    labels[seen & _WORDED == 0] = NUMBER["mandated"]
    return labels


def refine_labels(labels: Labels, spread: Spread, config: ReuseConfig) -> Labels:
    """Passages between agencies by how far their cluster has spread: one county or city, many agencies, or a few."""
    refined = labels.copy()
    peer = labels == NUMBER["peer"]
    refined[peer & (spread.n_owners >= config.viral_min_agencies)] = NUMBER["viral"]
    refined[peer & (spread.region >= 0)] = NUMBER["regional"]
    return refined


def assign_strata(stream: Stream, passages: Passages, labels: Labels, shortest: int, memory: Memory) -> Labels:
    """For each position the number in PRECEDENCE of its one stratum.

    Mandated, model text and formula are painted in every document that has them, the first included; self, regional,
    viral and peer only in the later one of two: there the first publisher's text is original. A mandated passage paints
    nothing beyond mandated text. What a passage of model text or formula has beyond that is regional or peer by its two
    documents where it is at least ``shortest`` in a row, else original: the rim where two texts happen to go on alike.
    """
    region = stream.documents.region
    same_region = (region[passages.doc] >= 0) & (region[passages.doc] == region[passages.source_doc])
    pair = np.where(same_region, np.int8(NUMBER["regional"]), np.int8(NUMBER["peer"]))
    marked = (labels == NUMBER["model_text"]) | (labels == NUMBER["formula"])
    painted = np.where(labels == NUMBER["mandated"], np.int8(NUMBER["original"]), np.where(marked, pair, labels))
    least = np.where(marked, shortest, 1)
    strata: Labels = memory.full(len(stream.marks), NUMBER["original"], np.int8)
    _paint(stream.marks, passages.start, passages.end, painted.astype(np.int8), least, strata)
    return strata


def name_strata() -> NDArray[np.int8]:
    """For each number in PRECEDENCE the place in ``gknlp.schemas.STRATA``."""
    return np.array([STRATA.index(name) for name in PRECEDENCE], dtype=np.int8)


@compiled
def _mark_formula(column, prints, formula, shortest, bit):  # type: ignore[no-untyped-def]  # numba infers the types
    codes, bounds, marks = column
    at, stretch, length = prints
    n = at.shape[0]
    first = 0
    while first < n:
        if formula[first] < 0:
            first += 1
            continue
        last = first
        while last + 1 < n and formula[last + 1] >= 0 and stretch[last + 1] == stretch[first]:
            last += 1
        begin, stop = at[first], at[last] + length
        least = at[first - 1] + 1 if first > 0 and stretch[first - 1] == stretch[first] else bounds[stretch[first]]
        most = bounds[stretch[last] + 1]
        if last + 1 < n and stretch[last + 1] == stretch[last]:
            most = min(most, at[last + 1] + length - 1)
        there = at[formula[first]]
        edge = bounds[stretch[formula[first]]]
        while begin > least and there > edge and codes[begin - 1] == codes[there - 1]:
            begin -= 1
            there -= 1
        there = at[formula[last]] + length
        edge = bounds[stretch[formula[last]] + 1]
        while stop < most and there < edge and codes[stop] == codes[there]:
            stop += 1
            there += 1
        free = 0
        for i in range(begin, stop):
            free += 1 - (marks[i] & 1)
        if free >= shortest:
            for i in range(begin, stop):
                marks[i] |= bit
        first = last + 1


@compiled
def _look(codes, marks, sides, length, shortest):  # type: ignore[no-untyped-def]  # numba infers the types
    starts, ends, source_starts, source_ends = sides
    seen = np.zeros(starts.shape[0], np.uint8)
    for n in range(starts.shape[0]):
        own, model, formula = np.int32(0), np.int32(0), np.int32(0)
        here, marked = codes[starts[n] : ends[n]], marks[starts[n] : ends[n]]
        for i in range(here.shape[0]):  # no branches: the compiler takes several at once
            mark = marked[i]
            counts = np.int32((mark & 1 == 0) & (here[i] != 48))
            own += counts
            model += counts & np.int32(mark & 4 != 0)
            formula += counts & np.int32(mark & 2 != 0)
        bits = 4 if 2 * model >= own else 0
        bits |= 8 if 2 * formula >= own else 0
        worded = _is_worded(codes, marks, starts[n], ends[n], length, shortest)
        if worded and _is_worded(codes, marks, source_starts[n], source_ends[n], length, shortest):
            bits |= 1
        elif _touches(marks, starts[n], ends[n]) or _touches(marks, source_starts[n], source_ends[n]):
            bits |= 2
        seen[n] = bits
    return seen


@compiled
def _touches(marks, start, end):  # type: ignore[no-untyped-def]  # numba infers the types
    for i in range(start, end):  # noqa: SIM110  compiled code knows no generators
        if marks[i] & 1:
            return True
    return False


@compiled
def _is_worded(codes, marks, start, end, length, shortest):  # type: ignore[no-untyped-def]  # numba infers the types
    """Whether there is own wording: ``shortest`` characters not mandated, ``length`` of them in a row not mostly digits."""
    worded = False
    free, row, zeros = (
        0,
        0,
        0,
    )  # characters not mandated, those in a row up to here, the digits among the last ``length``
    for i in range(start, end):
        if marks[i] & 1:
            row, zeros = 0, 0
            continue
        free += 1
        row += 1
        zeros += codes[i] == 48
        if row > length:
            zeros -= codes[i - length] == 48
        worded = worded or (row >= length and 2 * zeros <= length)
        if worded and free >= shortest:
            return True
    return False


@compiled
def _trim(codes, marks, sides, similarity, worded):  # type: ignore[no-untyped-def]  # numba infers the types
    start, end, source_start, source_end = sides[0].copy(), sides[1].copy(), sides[2].copy(), sides[3].copy()
    measured = similarity.copy()
    now, then = np.empty(0, np.int64), np.empty(0, np.int64)
    for n in range(start.shape[0]):
        if not worded[n]:
            continue
        while marks[start[n]] & 1:
            start[n] += 1
        while marks[end[n] - 1] & 1:
            end[n] -= 1
        while marks[source_start[n]] & 1:
            source_start[n] += 1
        while marks[source_end[n] - 1] & 1:
            source_end[n] -= 1
        same = start[n] == sides[0][n] and end[n] == sides[1][n]
        if same and source_start[n] == sides[2][n] and source_end[n] == sides[3][n]:
            continue
        long, source_long = end[n] - start[n], source_end[n] - source_start[n]
        before = max(sides[1][n] - sides[0][n], sides[3][n] - sides[2][n])
        edits = np.int64(np.rint((1.0 - similarity[n]) * before))
        cut = (start[n] - sides[0][n]) - (source_start[n] - sides[2][n])
        more = (sides[1][n] - end[n]) - (sides[3][n] - source_end[n])
        most = edits + abs(cut) + abs(more) + 1
        if now.shape[0] < 2 * most + 3:
            now, then = np.empty(2 * most + 3, np.int64), np.empty(2 * most + 3, np.int64)
        left = count_edits(codes, start[n], long, source_start[n], source_long, most, now, then)
        measured[n] = 1.0 - left / max(long, source_long)
    return start, end, source_start, source_end, measured


@compiled
def _paint(marks, starts, ends, labels, least, strata):  # type: ignore[no-untyped-def]  # numba infers the types
    n = marks.shape[0]
    for p in range(starts.shape[0]):
        label = labels[p]
        i = starts[p]
        while i < ends[p]:
            run = i
            while run < ends[p] and (least[p] == 1 or marks[run] & 7 == 0):
                run += 1
            if run - i >= least[p]:
                for q in range(i, run):
                    strata[q] = min(strata[q], label)
            i = run + 1
    for i in range(n):
        mark = marks[i]
        if mark & 1:
            strata[i] = 0
        elif mark & 4 and strata[i] > 2:
            strata[i] = 2
        elif mark & 2 and strata[i] > 3:
            strata[i] = 3
