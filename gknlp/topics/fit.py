"""Corpus tables in, the four tables of topics out; the order of the rows that come in does not matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gknlp.tables import table_of
from gknlp.topics.config import TopicConfig
from gknlp.topics.documents import Documents, gather_documents
from gknlp.topics.model import fit_lda, infer_shares
from gknlp.topics.quality import measure_npmi, measure_uniqueness
from gknlp.topics.rows import DECIMALS, Row, check_number, example_rows, measure_sizes, share_rows
from gknlp.topics.stability import measure_stability

# Refits for `stability`, from the seeds after the configured one: enough to see a topic that does not come back.
_N_REFITS = 2
_LABEL_WORDS = 3


def fit_topics(tables: Mapping[str, pa.Table], *, config: TopicConfig) -> dict[str, pa.Table]:
    """The topics (话题) of a corpus: a batch LDA over the narrative of its current reports.

    Parameters
    ----------
    tables : corpus tables ``reports`` and ``units``; also ``theme_labels`` if ``config.leave_out`` names themes.
    config : number of topics, seed, what to read.

    Returns
    -------
    Tables ``topics``, ``topic_words``, ``topic_shares``, ``topic_units`` of ``gknlp.schemas``. Topics are numbered
    from 0 by falling size. ``size`` is the share of all counted words; ``n_units`` the units in which the topic is
    the largest; ``stability``, ``npmi``, ``uniqueness`` see ``measure_*``. Each report with a counted word has a share
    of each topic. The units shown are those the topic fills most among the units in which it is the largest.

    Raises
    ------
    NotEnoughTextError : fewer documents than topics, or no word left to count (as for an empty corpus).
    UsageError : a table is missing.
    """
    documents = gather_documents(tables, config=config)
    fitted = documents.fitted_counts()
    check_number(fitted.matrix.shape[0], documents.fitted_by, config)
    models = [
        fit_lda(fitted, n_topics=config.n_topics, seed=config.seed + step, max_iter=config.max_iter)
        for step in range(1 + _N_REFITS)
    ]
    report_shares = infer_shares(models[0], documents.report_counts)
    unit_shares = infer_shares(models[0], documents.unit_counts)
    sizes = measure_sizes(report_shares, documents)
    order = np.argsort(-sizes, kind="stable")
    words = models[0].words[order]
    top_words = list(_list_words(words, documents.report_counts.vocabulary, config.n_words))
    report_shares, unit_shares = (np.round(shares[:, order], DECIMALS) for shares in (report_shares, unit_shares))
    stability = measure_stability(words, [model.words for model in models[1:]])
    topics = _topic_rows(top_words, sizes[order], unit_shares, stability, documents)
    return {
        "topics": table_of("topics", topics),
        "topic_words": table_of("topic_words", (row for rows in top_words for row in rows)),
        "topic_shares": table_of("topic_shares", share_rows(documents.report_ids, report_shares)),
        "topic_units": table_of("topic_units", example_rows(documents.units, unit_shares, config.n_examples)),
    }


def _list_words(words: NDArray[np.float64], vocabulary: Sequence[str], n_words: int) -> Iterator[list[Row]]:
    """For each topic its most probable words, equal ones in code-point order; ranks from 1."""
    for topic, probabilities in enumerate(np.round(words, DECIMALS)):
        first = np.argsort(-probabilities, kind="stable")[:n_words]
        yield [
            {"topic": topic, "rank": rank, "word": vocabulary[column], "probability": float(probabilities[column])}
            for rank, column in enumerate(first, start=1)
        ]


def _topic_rows(
    top_words: Sequence[list[Row]],
    sizes: NDArray[np.float64],
    unit_shares: NDArray[np.float64],
    stability: Sequence[float],
    documents: Documents,
) -> Iterator[Row]:
    listed = [[row["word"] for row in rows] for rows in top_words]
    n_units = np.bincount(unit_shares.argmax(axis=1), minlength=len(listed))
    uniqueness = measure_uniqueness(listed)
    for topic, words in enumerate(listed):
        npmi = measure_npmi(words, documents.unit_counts)
        yield {
            "documents": documents.fitted_by,
            "topic": topic,
            "label": "、".join(words[:_LABEL_WORDS]),
            "size": float(sizes[topic]),
            "n_units": int(n_units[topic]),
            "stability": round(stability[topic], DECIMALS),
            "npmi": None if npmi is None else round(npmi, DECIMALS),
            "uniqueness": round(uniqueness[topic], DECIMALS),
        }
