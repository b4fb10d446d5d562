"""All narrative text as one folded stream, in order of publication, each character with its way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gknlp.records import Span
from gknlp.reuse.documents import Document
from gknlp.reuse.mandated import find_mandated, load_wording
from gknlp.reuse.names import list_own_names
from gknlp.text.normalise import FoldedText, fold_text

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Stream:
    """One folded character after another; "position" below is an index into ``text``.

    ``starts``, ``ends``: code points in the document's own text. ``weights``: narrative code points that a position
    stands for, itself and what folding dropped after it (what comes before a stretch's first goes to that first), so
    that they sum to the narrative. ``doc_of``: document index. ``segment_start``, ``segment_end``: the positions
    between which a passage may extend (one narrative stretch). ``doc_bounds``: first position of each document, and the end.
    """

    documents: tuple[Document, ...]
    text: str
    starts: Ints
    ends: Ints
    weights: Ints
    doc_of: Ints
    segment_start: Ints
    segment_end: Ints
    doc_bounds: Ints
    mandated: Flags
    digits: Flags

    def span_of(self, start: int, end: int) -> Span:
        """The original stretch of the positions ``start`` to ``end`` (exclusive, at least one) of one document."""
        return Span(int(self.starts[start]), int(self.ends[end - 1]))


@dataclass(frozen=True, slots=True)
class _Piece:
    doc: int
    folded: FoldedText
    offset: int
    length: int
    mandated: Flags


def build_stream(documents: Sequence[Document]) -> Stream:
    """The documents' narrative as one stream, in the order given; no documents give an empty one."""
    pieces = [piece for index, document in enumerate(documents) for piece in _fold_document(index, document)]
    lengths = np.array([len(piece.folded.text) for piece in pieces], dtype=np.int64)
    bounds = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    text = "".join(piece.folded.text for piece in pieces)
    doc_of = np.repeat(np.array([piece.doc for piece in pieces], dtype=np.int64), lengths)
    return Stream(
        documents=tuple(documents),
        text=text,
        starts=_join([piece.folded.starts + piece.offset for piece in pieces]),
        ends=_join([piece.folded.ends + piece.offset for piece in pieces]),
        weights=_join([_weigh(piece) for piece in pieces]),
        doc_of=doc_of,
        segment_start=np.repeat(bounds[:-1], lengths),
        segment_end=np.repeat(bounds[1:], lengths),
        doc_bounds=np.searchsorted(doc_of, np.arange(len(documents) + 1)).astype(np.int64),
        mandated=np.concatenate([np.zeros(0, dtype=bool), *(piece.mandated for piece in pieces)]),
        digits=np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4") == ord("0"),
    )


def _fold_document(index: int, document: Document) -> list[_Piece]:
    names, wording = list_own_names(document.agency), load_wording()
    pieces = []
    for span in document.narrative:
        text = document.text[span.start : span.end]
        folded = fold_text(text, mask=names)
        mandated = cover_ranges(find_mandated(text, folded, wording), len(folded.text))
        pieces.append(_Piece(index, folded, span.start, len(text), mandated))
    return pieces


def _weigh(piece: _Piece) -> Ints:
    starts = piece.folded.starts
    if not len(starts):
        return starts
    return np.diff(np.concatenate([np.zeros(1, dtype=np.int64), starts[1:], np.array([piece.length])]))


def _join(arrays: list[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, dtype=np.int64), *arrays])


def cover_ranges(ranges: Sequence[tuple[int, int]], length: int) -> Flags:
    """For each position below ``length`` whether one of the half-open ranges covers it; no ranges cover nothing."""
    bounds = np.array(ranges, dtype=np.int64).reshape(-1, 2)
    steps = np.bincount(bounds[:, 0], minlength=length + 1) - np.bincount(bounds[:, 1], minlength=length + 1)
    return np.cumsum(steps)[:length] > 0
