"""Two texts side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from gknlp.records import Span
from gknlp.reuse.config import ReuseConfig
from gknlp.reuse.documents import read_texts
from gknlp.reuse.find import Findings, analyse_documents
from gknlp.reuse.pairs import Int64s, measure_pairs, sum_union
from gknlp.reuse.references import References
from gknlp.reuse.strata import NUMBER
from gknlp.reuse.stream import find_spans, sum_weights


@dataclass(frozen=True, slots=True, order=True)
class SharedPassage:
    """A stretch that both texts have, with its span in each; ``mandated``: prescribed, so it counts in no measure."""

    a: Span
    b: Span
    similarity: float
    mandated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What two texts share, by place in the first; measures leave mandated text out, ``mandated_*`` count it."""

    passages: tuple[SharedPassage, ...]
    shared_chars: int
    containment_a: float
    containment_b: float
    resemblance: float
    mandated_a: int
    mandated_b: int


def compare_texts(text_a: str, text_b: str, *, config: ReuseConfig) -> Comparison:
    """The passages two texts share, aligned both ways: where each of b's stretches is in a, and each of a's in b.

    Neither text counts as the earlier: swapped texts give the same passages with sides swapped. Each text is narrative
    as a whole. Two empty texts share nothing, and all measures are 0.

    >>> one = compare_texts("我镇在便民大厅设立政府信息查阅点并安排专人值守。", "便民大厅设立政府信息查阅点并安排专人值守", config=ReuseConfig())
    >>> [(shared.a.start, shared.b.start, shared.similarity) for shared in one.passages]
    [(3, 0, 1.0)]
    """
    forward, backward = _align(text_a, text_b, config), _align(text_b, text_a, config)
    passages = {*_list_shared(forward), *(_swap(one) for one in _list_shared(backward))}
    n_a, n_b = _weigh_documents(forward)
    measures = measure_pairs(
        _sum_shared(backward), _sum_shared(forward), np.array([n_a], dtype=np.int64), np.array([n_b], dtype=np.int64)
    )
    return Comparison(
        passages=tuple(sorted(passages)),
        shared_chars=int(measures["shared_chars"][0]),
        containment_a=float(measures["containment_a"][0]),
        containment_b=float(measures["containment_b"][0]),
        resemblance=float(measures["resemblance"][0]),
        mandated_a=len(text_a) - n_a,
        mandated_b=len(text_b) - n_b,
    )


def _align(first: str, second: str, config: ReuseConfig) -> Findings:
    texts = pa.table({"id": ["0", "1"], "text": [first, second]})
    return analyse_documents(read_texts(texts), references=References(), config=config)


def _list_shared(found: Findings) -> list[SharedPassage]:
    passages = found.passages
    here = zip(*find_spans(found.stream, passages.start, passages.end), strict=True)
    there = zip(*find_spans(found.stream, passages.source_start, passages.source_end), strict=True)
    mandated = found.labels == NUMBER["mandated"]
    return [
        SharedPassage(Span(int(a[0]), int(a[1])), Span(int(b[0]), int(b[1])), float(similarity), bool(prescribed))
        for b, a, similarity, prescribed in zip(here, there, passages.similarity, mandated, strict=True)
    ]


def _swap(shared: SharedPassage) -> SharedPassage:
    return SharedPassage(shared.b, shared.a, shared.similarity, shared.mandated)


def _sum_shared(found: Findings) -> Int64s:
    """Own code points of the second text that the first has."""
    copied = found.passages.take(found.labels != NUMBER["mandated"])
    return sum_union(sum_weights(found.stream), np.zeros(len(copied), np.int64), copied.start, copied.end, 1)


def _weigh_documents(found: Findings) -> list[int]:
    weights: list[int] = np.diff(sum_weights(found.stream).before(found.stream.doc_bounds)).tolist()
    return weights
