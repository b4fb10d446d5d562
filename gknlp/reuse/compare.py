"""Two texts side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gknlp.records import Span
from gknlp.reuse.config import ReuseConfig
from gknlp.reuse.documents import Document
from gknlp.reuse.find import Findings, analyse_documents
from gknlp.reuse.pairs import count_covered, measure_pair, sum_own
from gknlp.reuse.references import References


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
    sums = sum_own(forward.stream)
    n_a, n_b = np.diff(sums[forward.stream.doc_bounds]).tolist()
    in_b = count_covered(sums, _list_ranges(forward))
    in_a = count_covered(sum_own(backward.stream), _list_ranges(backward))
    weights = forward.stream.weights * forward.stream.mandated
    middle = int(forward.stream.doc_bounds[1])
    return Comparison(
        passages=tuple(sorted(passages)),
        **measure_pair(in_a, in_b, n_a, n_b),
        mandated_a=int(weights[:middle].sum()),
        mandated_b=int(weights[middle:].sum()),
    )


def _align(first: str, second: str, config: ReuseConfig) -> Findings:
    documents = [
        Document(doc_id=str(index), text=text, narrative=(Span(0, len(text)),) if text else ())
        for index, text in enumerate((first, second))
    ]
    return analyse_documents(documents, references=References(), config=config)


def _list_shared(found: Findings) -> list[SharedPassage]:
    span_of = found.stream.span_of
    return [
        SharedPassage(
            span_of(one.source_start, one.source_end), span_of(one.start, one.end), one.similarity, label == "mandated"
        )
        for one, label in zip(found.passages, found.labels, strict=True)
    ]


def _swap(shared: SharedPassage) -> SharedPassage:
    return SharedPassage(shared.b, shared.a, shared.similarity, shared.mandated)


def _list_ranges(found: Findings) -> list[tuple[int, int]]:
    return [
        (one.start, one.end) for one, label in zip(found.passages, found.labels, strict=True) if label != "mandated"
    ]
