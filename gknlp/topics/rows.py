"""Shares of topics and documents in, rows of the tables that every topic model has out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gknlp.errors import NotEnoughTextError
from gknlp.topics.config import TopicConfig
from gknlp.topics.documents import DOCUMENTS_PER_TOPIC, Documents

Row = dict[str, Any]
# Written with 6 decimals: far more than a share of topics can mean, and the last bits of a sum stay out of the bytes.
DECIMALS = 6


def check_number(n_documents: int, documents: str, config: TopicConfig) -> None:
    """Raise NotEnoughTextError where there are fewer documents than the topics need."""
    least = config.n_topics if config.documents != "auto" else DOCUMENTS_PER_TOPIC * config.n_topics
    if n_documents < least:
        raise NotEnoughTextError(
            f"{n_documents} {documents} hold a counted word, too few for n_topics={config.n_topics}; "
            "lower n_topics, add reports, or read more of them (sections, leave_out)"
        )


def measure_sizes(report_shares: NDArray[np.float64], documents: Documents) -> NDArray[np.float64]:
    """The share of all counted words that each topic takes; sums to 1."""
    n_words = documents.report_counts.matrix.sum(axis=1)
    sizes: NDArray[np.float64] = (n_words[:, None] * report_shares).sum(axis=0) / n_words.sum()
    return np.round(sizes, DECIMALS)


def share_rows(report_ids: Sequence[str], shares: NDArray[np.float64]) -> Iterator[Row]:
    """A row for each report and topic."""
    for doc_id, row in zip(report_ids, shares.tolist(), strict=True):
        yield from ({"doc_id": doc_id, "topic": topic, "share": share} for topic, share in enumerate(row))


def example_rows(units: Sequence[Mapping[str, Any]], shares: NDArray[np.float64], n_examples: int) -> Iterator[Row]:
    """For each topic, of the units in which it is the largest, those it fills most; the same wording only once."""
    largest = shares.argmax(axis=1)
    for topic in range(shares.shape[1]):
        chosen: dict[str, int] = {}
        for position in np.argsort(-shares[:, topic], kind="stable").tolist():
            if len(chosen) == n_examples:
                break
            if largest[position] == topic:
                chosen.setdefault("".join(units[position]["text"].split()), position)
        for rank, position in enumerate(chosen.values(), start=1):
            place = {key: units[position][key] for key in ("doc_id", "unit_id", "start", "end")}
            yield {"topic": topic, "rank": rank, **place, "weight": float(shares[position, topic])}
