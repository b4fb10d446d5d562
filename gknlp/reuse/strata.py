"""Strata: what each passage, and each code point of the narrative, was taken from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from gknlp.reuse.config import ReuseConfig
from gknlp.reuse.passages import Passage
from gknlp.reuse.stream import Flags, Ints, Stream, cover_ranges
from gknlp.schemas import STRATA

PRECEDENCE = ("mandated", "self", "model_text", "formula", "regional", "viral", "peer", "original")
"""Each code point has the first of these that holds. ``viral`` needs a judgement that no input gives yet: always empty."""


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Positions whose wording is formula (套话), and those whose wording a model text (范文) has."""

    formula: Flags
    model_text: Flags


def count_needed(stream: Stream, config: ReuseConfig) -> int:
    """How many agencies must have a wording for it to be formula in this corpus."""
    present = {stream.documents[index].owner for index in np.unique(stream.doc_of).tolist()}
    return max(config.formula_min_agencies, ceil(config.formula_share * len(present)))


def keep_worded(stream: Stream, passages: list[Passage], config: ReuseConfig) -> list[Passage]:
    """Passages that hold mandated text or a stretch of their own wording (see ``count_evidence``).

    Folding makes all digits equal, so a row of figures is no evidence of copying.
    """
    kept = count_evidence(stream, passages, config) > 0
    for side in _list_sides(passages):
        kept |= _count_inside(stream.mandated, side) > 0
    return [passage for passage, keep in zip(passages, kept.tolist(), strict=True) if keep]


def count_evidence(stream: Stream, passages: Sequence[Passage], config: ReuseConfig) -> Ints:
    """How many windows of own wording each passage has, on that of its two sides that has fewer.

    Such a window is ``shingle_length`` characters in a row, none mandated, at least half of them no digits. Scraps
    between the labels of a form, or between two titles of law, do not add up to one.
    """
    length = config.shingle_length
    n_windows = max(0, len(stream.text) - length + 1)
    mandated, digits = _sum_up(stream.mandated), _sum_up(stream.digits)
    free = mandated[length:][:n_windows] == mandated[:n_windows]
    worded = 2 * (digits[length:][:n_windows] - digits[:n_windows]) <= length
    windows = _sum_up(np.concatenate([free & worded, np.zeros(len(stream.text) - n_windows, dtype=bool)]))
    here, there = (
        windows[np.maximum(ends - length + 1, starts)] - windows[starts] for starts, ends in _list_sides(passages)
    )
    fewer: Ints = np.minimum(here, there)
    return fewer


def label_passages(stream: Stream, passages: Sequence[Passage], marks: Marks, config: ReuseConfig) -> list[str]:
    """The stratum of each passage.

    Mandated: it has no stretch of its own wording. Self: the source is the same agency's. Model text, formula: at least
    half of the characters that are neither mandated nor digits are. Otherwise regional or peer, by the two's regions.
    """
    own = ~stream.mandated & ~stream.digits
    side, _ = _list_sides(passages)
    n_own = _count_inside(own, side)
    is_mandated = (count_evidence(stream, passages, config) == 0).tolist()
    is_model = (2 * _count_inside(own & marks.model_text, side) >= n_own).tolist()
    is_formula = (2 * _count_inside(own & marks.formula, side) >= n_own).tolist()
    labels = []
    for index, passage in enumerate(passages):
        relation = relate_documents(stream, passage)
        held = (
            ("mandated", is_mandated[index]),
            ("self", relation == "self"),
            ("model_text", is_model[index]),
            ("formula", is_formula[index]),
        )
        labels.append(next((name for name, holds in held if holds), relation))
    return labels


def relate_documents(stream: Stream, passage: Passage) -> str:
    """``self`` within one agency's series, ``regional`` within one known region, else ``peer``."""
    one, source = stream.documents[passage.doc], stream.documents[passage.source_doc]
    if one.series is not None and one.series == source.series:
        return "self"
    return "regional" if one.region and one.region == source.region else "peer"


def assign_strata(stream: Stream, passages: Sequence[Passage], labels: Sequence[str], marks: Marks) -> NDArray[np.int8]:
    """For each position the index in ``gknlp.schemas.STRATA`` of its one stratum.

    Formula is painted in every document that has it, the first included; self, regional and peer only in the later one
    of two: there the first publisher's text is original. A mandated passage paints nothing beyond mandated text.
    """
    n = len(stream.text)
    painted: dict[str, Flags] = {"formula": marks.formula, "model_text": marks.model_text, "mandated": stream.mandated}
    for relation in ("self", "regional", "peer"):
        ranges = [
            (one.start, one.end)
            for one, name in zip(passages, labels, strict=True)
            if name != "mandated" and relate_documents(stream, one) == relation
        ]
        painted[relation] = cover_ranges(ranges, n)
    strata = np.full(n, STRATA.index("original"), dtype=np.int8)
    for name in reversed(PRECEDENCE):
        if name in painted:
            strata[painted[name]] = STRATA.index(name)
    return strata


def _count_inside(flags: Flags, side: Ints) -> Ints:
    sums = _sum_up(flags)
    inside: Ints = sums[side[1]] - sums[side[0]]
    return inside


def _list_sides(passages: Sequence[Passage]) -> tuple[Ints, Ints]:
    """The passages' stretches and their sources', each as a row of starts and a row of ends."""
    here = np.array([(one.start, one.end) for one in passages], dtype=np.int64)
    there = np.array([(one.source_start, one.source_end) for one in passages], dtype=np.int64)
    return here.reshape(-1, 2).T, there.reshape(-1, 2).T


def _sum_up(flags: Flags) -> Ints:
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(flags, dtype=np.int64)])
