"""Passages (复用段): shared runs extended as far as they go and chained over light edits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from gknlp.reuse.config import ReuseConfig
from gknlp.reuse.edit_distance import measure_similarity
from gknlp.reuse.sources import Windows, find_first_sources, find_own_sources, join_windows
from gknlp.reuse.stream import Ints, Stream


@dataclass(frozen=True, slots=True)
class Passage:
    """One stretch of a document that an earlier document has: half-open positions of the stream on both sides."""

    doc: int
    start: int
    end: int
    source_doc: int
    source_start: int
    source_end: int
    similarity: float


@dataclass(slots=True)
class _Chain:
    """A passage in the making."""

    start: int
    source: int
    end: int
    source_end: int


Run = tuple[int, int, int]
"""position, source position, length: equal characters."""

Stretches = tuple[int, int]
"""The narrative stretch of the source and that of the document, each by its first position."""


def find_passages(
    stream: Stream, windows: Sequence[Windows], previous: Sequence[int | None], config: ReuseConfig
) -> list[Passage]:
    """Passages by document, then source; two of them may overlap. None crosses the edge of a narrative stretch.

    A position is linked with the first publisher of its windows and with the own previous report, no others: a
    paragraph in every document costs each document one link. Windows as long as the shortest passage make sure that
    none is missed; the shorter ones only bridge edits.

    Parameters
    ----------
    stream : documents in order of publication.
    windows : the stream's windows, of ``config.shingle_length`` and of ``config.min_passage``.
    previous : for each document the index of its own previous report, or None.
    """
    seeds = _find_seeds(stream, windows, previous)
    passages: list[Passage] = []
    for doc, rows in groupby(zip(stream.doc_of[seeds[:, 0]].tolist(), seeds.tolist(), strict=True), lambda row: row[0]):
        runs = _extend_seeds(stream, [row for _, row in rows])
        for stretches in sorted(runs):
            chains = _drop_nested(_keep_long(_chain_runs(runs[stretches], config.max_gap), config.min_passage))
            passages += (_passage(stream, doc, chain) for chain in chains)
    return passages


def _find_seeds(stream: Stream, windows: Sequence[Windows], previous: Sequence[int | None]) -> Ints:
    """Rows (position, source position, length, room before, room after, stretch, source stretch), by position.

    Room is how far both sides can extend; stretches are named by their first position. Longer seeds come first.
    """
    found = [
        join_windows(level, sources, stream)
        for level in windows
        for sources in (find_first_sources(level, stream), find_own_sources(level, stream, previous))
    ]
    rows = np.unique(np.concatenate([np.empty((0, 3), dtype=np.int64), *found]), axis=0)
    rows = rows[np.lexsort((rows[:, 1], -rows[:, 2], rows[:, 0]))]
    at, source = rows[:, 0], rows[:, 1]
    stretch, source_stretch = stream.segment_start[at], stream.segment_start[source]
    back = np.minimum(at - stretch, source - source_stretch)
    ahead = np.minimum(stream.segment_end[at] - at, stream.segment_end[source] - source)
    return np.column_stack([rows, back, ahead, stretch, source_stretch])


def _extend_seeds(stream: Stream, seeds: Sequence[Sequence[int]]) -> dict[Stretches, list[Run]]:
    """Maximal exact runs by the two narrative stretches that they join, in order of the seeds.

    A seed inside a run that is already known between the same two is passed over: a row of equal characters would
    otherwise give a run for each of its positions. Seeds ascend, so only the furthest end need be remembered.
    """
    runs: dict[Stretches, list[Run]] = defaultdict(list)
    furthest: dict[Stretches, int] = {}
    text = stream.text
    for at, source, length, back, ahead, stretch, source_stretch in seeds:
        both = (source_stretch, stretch)
        if at + length <= furthest.get(both, -1):
            continue
        if text[at : at + length] != text[source : source + length]:  # two wordings with one hash
            continue
        left = _count_equal_before(text, at, source, back)
        right = length + _count_equal_after(text, at + length, source + length, ahead - length)
        runs[both].append((at - left, source - left, left + right))
        furthest[both] = max(furthest.get(both, -1), at + right)
    return runs


def _count_equal_after(text: str, a: int, b: int, limit: int) -> int:
    done, step = 0, 4
    while done < limit:
        size = min(step, limit - done)
        first, second = text[a + done : a + done + size], text[b + done : b + done + size]
        if first != second:
            return done + next(n for n in range(size) if first[n] != second[n])
        done += size
        step *= 2
    return done


def _count_equal_before(text: str, a: int, b: int, limit: int) -> int:
    done = 0
    while done < limit and text[a - done - 1] == text[b - done - 1]:
        done += 1
    return done


def _chain_runs(runs: list[Run], max_gap: int) -> list[_Chain]:
    """Runs in reading order joined where at most ``max_gap`` characters lie between them on either side."""
    done: list[_Chain] = []
    growing: list[_Chain] = []
    for at, source, length in sorted(runs):
        done += (chain for chain in growing if chain.end + max_gap < at)
        growing = [chain for chain in growing if chain.end + max_gap >= at]
        gaps = ((_measure_gap(chain, at, source, length, max_gap), index) for index, chain in enumerate(growing))
        near = min(((gap, index) for gap, index in gaps if gap is not None), default=None)
        if near is None:
            growing.append(_Chain(at, source, at + length, source + length))
        else:
            growing[near[1]].end, growing[near[1]].source_end = at + length, source + length
    return done + growing


def _measure_gap(chain: _Chain, at: int, source: int, length: int, max_gap: int) -> int | None:
    """Characters between a chain and a run on both sides together; None if the run does not carry it on.

    Where an edit repeats a character the run before and the run after may both claim it: the overlap is left to the former.
    """
    overlap = max(0, chain.end - at, chain.source_end - source)
    here, there = at + overlap - chain.end, source + overlap - chain.source_end
    return here + there if overlap < length and max(here, there) <= max_gap else None


def _keep_long(chains: list[_Chain], shortest: int) -> list[_Chain]:
    return [one for one in chains if min(one.end - one.start, one.source_end - one.source) >= shortest]


def _drop_nested(chains: list[_Chain]) -> list[_Chain]:
    """Chains without those that lie inside another one to the same source."""
    kept: list[_Chain] = []
    for chain in sorted(chains, key=lambda one: (one.start, -one.end, one.source, one.source_end)):
        if not kept or chain.end > kept[-1].end:
            kept.append(chain)
    return kept


def _passage(stream: Stream, doc: int, chain: _Chain) -> Passage:
    similarity = measure_similarity(stream.text[chain.start : chain.end], stream.text[chain.source : chain.source_end])
    source_doc = int(stream.doc_of[chain.source])
    return Passage(doc, chain.start, chain.end, source_doc, chain.source, chain.source_end, similarity)
