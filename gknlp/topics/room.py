"""Corpus tables in, a kept topic model as tables out: several fits, the medoid, its topics and how sure they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gknlp.errors import NotEnoughTextError, UsageError
from gknlp.tables import table_of
from gknlp.topics.course import correlation_rows, prevalence_rows, reuse_rows, year_rows
from gknlp.topics.documents import Documents, gather_documents
from gknlp.topics.identity import keep_names, label_topics, name_topics
from gknlp.topics.lda import FittedTopics, weigh_cues
from gknlp.topics.matching import Match, find_medoid, match_topics
from gknlp.topics.measures import average_exclusivity, average_frex, measure_coherence, top_columns
from gknlp.topics.model_config import ModelConfig
from gknlp.topics.quality import measure_uniqueness
from gknlp.topics.rows import DECIMALS, Row, check_number, example_rows, measure_sizes, share_rows
from gknlp.topics.runs import Order, fit_all
from gknlp.topics.terms import list_terms

Doubles = NDArray[np.float64]
Tables = Mapping[str, pa.Table]


def model_topics(
    tables: Tables, *, config: ModelConfig, previous: Tables | None = None, workers: int | None = None
) -> dict[str, pa.Table]:
    """The topics (话题) of a corpus, from the one of several fits that is most like the others.

    Parameters
    ----------
    tables : ``reports`` and ``units``; ``theme_labels`` if ``config.leave_out`` names themes; with reuse's ``stretches``
        the topics say how much of them is mandated or copied.
    previous : ``topics`` and ``topic_words`` of an earlier run, whose ids and labels go on where a topic comes back.
    workers : fits side by side, None for one a core; changes no byte.

    Returns
    -------
    ``topics`` numbered from 0 by falling size, with permanent ids; ``topic_words`` (by probability) and ``topic_terms``
    (by probability, FREX, lift); ``topic_shares`` and ``topic_documents`` (share x concentration are the Dirichlet
    parameters of what is known of a report); ``topic_units``; ``topic_runs`` and ``topic_matches`` (each fit, and where each
    topic is in it); ``topic_prevalence``, ``topic_years``, ``topic_correlations``; ``topic_reuse`` (empty without
    ``stretches``). All numbers are rounded, so that they are the same wherever they are computed.

    Raises
    ------
    NotEnoughTextError : too few documents or words for the topics, or none. UsageError : a table is missing, a label or
        cue fits nothing.
    """
    documents = gather_documents(tables, config=config)
    matrix = fitted_counts(documents, config)
    orders = order_runs(documents, config, config.n_topics)
    fits = fit_all(matrix, orders, workers=workers)
    kept, likeness = find_medoid([fit.words for fit in fits])
    kept = 0 if config.method == "nmf" else kept  # its other fits are of part of the documents
    report_shares, concentration = _infer_shares(fits[kept], documents.report_counts.matrix)
    sizes = measure_sizes(report_shares, documents)
    order = np.argsort(-sizes, kind="stable")
    words = fits[kept].words[order]
    unit_shares, _ = _infer_shares(fits[kept], documents.unit_counts.matrix)
    report_shares, unit_shares = (np.round(shares[:, order], DECIMALS) for shares in (report_shares, unit_shares))
    matches = {run.seed: match_topics(words, fit.words) for run, fit in zip(orders, fits, strict=True)}
    others = [match.cosine for run, match in matches.items() if run != orders[kept].seed]
    stability = np.mean(others, axis=0) if others else np.full(len(words), np.nan)
    reuse = _join_reuse(tables, documents, unit_shares)
    n_words = documents.report_counts.matrix.sum(axis=1)
    reports = _read_reports(tables, documents.report_ids)
    terms = list_terms(words, documents.report_counts.vocabulary, _count_words(documents), config.n_words)
    cues = list(config.cues) if config.method == "seeded" else []
    topics = {
        "size": sizes[order],
        "cue": [cues[topic] if topic < len(cues) else None for topic in order.tolist()],
        "stability": stability,
        "n_units": np.bincount(unit_shares.argmax(axis=1), minlength=len(words)),
    }
    rows = _topic_rows(words, terms["probability"], topics, reuse, documents, config=config, previous=previous)
    runs = run_rows(fits, orders, documents, config, kept=kept, likeness=likeness)
    return {
        "topics": table_of("topics", rows),
        "topic_words": table_of("topic_words", _word_rows(terms["probability"])),
        "topic_terms": table_of("topic_terms", _term_rows(terms)),
        "topic_shares": table_of("topic_shares", share_rows(documents.report_ids, report_shares)),
        "topic_documents": table_of("topic_documents", _document_rows(documents, n_words, concentration)),
        "topic_units": table_of("topic_units", example_rows(documents.units, unit_shares, config.n_examples)),
        "topic_runs": table_of("topic_runs", runs),
        "topic_matches": table_of("topic_matches", _match_rows(matches, orders[kept].seed)),
        "topic_prevalence": table_of("topic_prevalence", prevalence_rows(reports, report_shares, n_words)),
        "topic_years": table_of("topic_years", year_rows(reports, report_shares, n_words)),
        "topic_correlations": table_of("topic_correlations", correlation_rows(report_shares)),
        "topic_reuse": table_of("topic_reuse", reuse),
    }


def fitted_counts(documents: Documents, config: ModelConfig) -> Any:
    """The counts a model is fitted to; raises where they are too few for its topics."""
    counts = documents.fitted_counts()
    check_number(counts.matrix.shape[0], documents.fitted_by, config)
    if len(counts.vocabulary) < config.n_topics:
        raise NotEnoughTextError(
            f"{len(counts.vocabulary)} words are counted, fewer than n_topics={config.n_topics}; lower n_topics, lower "
            "min_df, raise max_df, or add reports"
        )
    return counts.matrix


def order_runs(documents: Documents, config: ModelConfig, n_topics: int) -> list[Order]:
    """The fits of one number of topics, from seeds that follow each other."""
    cue_words: list[Doubles] = []
    if config.method == "seeded":
        counts = documents.unit_counts
        cue_words = weigh_cues(config.cues, counts.vocabulary, float(counts.matrix.sum()), weight=config.cue_weight)
        if not any(weights.any() for weights in cue_words):
            raise UsageError("no word of cues is among the counted words; give words as they are cut, or lower min_df")
    return [
        Order(
            config.method,
            n_topics,
            config.seed + step,
            config.max_iter,
            config.tolerance,
            first=step == 0,
            cue_words=tuple(cue_words),
        )
        for step in range(config.n_runs)
    ]


def run_rows(
    fits: Sequence[FittedTopics],
    orders: Sequence[Order],
    documents: Documents,
    config: ModelConfig,
    *,
    kept: int,
    likeness: Doubles,
) -> Iterator[Row]:
    """A row for each fit of one number of topics; perplexity is left to those who held documents back."""
    n_documents = len(documents.report_ids) if documents.fitted_by == "reports" else len(documents.units)
    matches = [[match_topics(fit.words, other.words).cosine for other in fits if other is not fit] for fit in fits]
    for place, (fit, run) in enumerate(zip(fits, orders, strict=True)):
        top = top_columns(fit.words)
        npmi, c_v = measure_coherence(top, documents.unit_counts.matrix)
        stability = np.mean(matches[place], axis=0) if matches[place] else None
        yield {
            "method": run.method,
            "n_topics": run.n_topics,
            "seed": run.seed,
            "kept": place == kept,
            "n_passes": fit.n_passes,
            "n_documents": n_documents,
            "npmi": _mean(npmi),
            "c_v": _mean(c_v),
            "exclusivity": _mean(average_exclusivity(fit.words, top)),
            "frex": _mean(average_frex(fit.words, top)),
            "diversity": round(len({column for words in top for column in words}) / sum(map(len, top)), DECIMALS),
            "stability": round(float(likeness[place]), DECIMALS) if stability is not None else None,
            "n_unstable": int((stability < config.unstable_below).sum()) if stability is not None else None,
        }


def _topic_rows(  # noqa: PLR0913  what one row is made of; used once
    words: Doubles,
    listed: Sequence[Sequence[tuple[str, float]]],
    known: Mapping[str, Any],
    reuse: Sequence[Row],
    documents: Documents,
    *,
    config: ModelConfig,
    previous: Tables | None,
) -> Iterator[Row]:
    ids = name_topics(listed)
    ids, earlier = keep_names(listed, ids, previous) if previous is not None else (ids, [None] * len(ids))
    labels = label_topics(
        listed, ids, [old or cue for old, cue in zip(earlier, known["cue"], strict=True)], config.labels
    )
    top = top_columns(words)
    npmi, c_v = measure_coherence(top, documents.unit_counts.matrix)
    exclusivity, frex = average_exclusivity(words, top), average_frex(words, top)
    uniqueness = measure_uniqueness([[word for word, _ in topic] for topic in listed])
    for topic in range(len(words)):
        stability = _round(known["stability"][topic])
        yield {
            "documents": documents.fitted_by,
            "method": config.method,
            "topic": topic,
            "topic_id": ids[topic],
            "label": labels[topic],
            "cue": known["cue"][topic],
            "size": float(known["size"][topic]),
            "n_units": int(known["n_units"][topic]),
            "stability": stability,
            "unstable": None if stability is None else stability < config.unstable_below,
            "npmi": _round(npmi[topic]),
            "c_v": _round(c_v[topic]),
            "uniqueness": _round(uniqueness[topic]),
            "exclusivity": _round(exclusivity[topic]),
            "frex": _round(frex[topic]),
            "mandated": _sum_strata(reuse, topic, lambda stratum: stratum == "mandated"),
            "copied": _sum_strata(reuse, topic, lambda stratum: stratum not in ("mandated", "original")),
        }


def _infer_shares(fit: FittedTopics, matrix: Any) -> tuple[Doubles, Doubles]:
    found = fit.infer(matrix)
    total = found.sum(axis=1)
    return found / total[:, None], total


def _count_words(documents: Documents) -> NDArray[np.int64]:
    n_counted: NDArray[np.int64] = np.asarray(documents.report_counts.matrix.sum(axis=0))
    return n_counted


def _read_reports(tables: Tables, report_ids: Sequence[str]) -> list[Mapping[str, Any]]:
    columns = ["doc_id", "year", "level", "region", "form"]
    row_of = {row["doc_id"]: row for row in tables["reports"].select(columns).to_pylist()}
    return [row_of[doc_id] for doc_id in report_ids]


def _join_reuse(tables: Tables, documents: Documents, unit_shares: Doubles) -> list[Row]:
    if "stretches" not in tables:
        return []
    stretches: dict[str, list[tuple[int, int, str]]] = {}
    for row in tables["stretches"].to_pylist():
        stretches.setdefault(row["doc_id"], []).append((row["start"], row["end"], row["stratum"]))
    return list(reuse_rows(documents.units, unit_shares, {doc_id: sorted(rows) for doc_id, rows in stretches.items()}))


def _sum_strata(reuse: Sequence[Row], topic: int, chosen: Any) -> float | None:
    shares = [row["share"] for row in reuse if row["topic"] == topic and row["share"] is not None]
    found = [
        row["share"] for row in reuse if row["topic"] == topic and row["share"] is not None and chosen(row["stratum"])
    ]
    return round(sum(found), DECIMALS) if shares else None


def _word_rows(listed: Sequence[Sequence[tuple[str, float]]]) -> Iterator[Row]:
    for topic, words in enumerate(listed):
        for rank, (word, probability) in enumerate(words, start=1):
            yield {"topic": topic, "rank": rank, "word": word, "probability": probability}


def _term_rows(terms: Mapping[Any, Sequence[Sequence[tuple[str, float]]]]) -> Iterator[Row]:
    for ranking, listed in terms.items():
        for topic, words in enumerate(listed):
            for rank, (word, value) in enumerate(words, start=1):
                yield {"topic": topic, "ranking": ranking, "rank": rank, "word": word, "value": value}


def _document_rows(documents: Documents, n_words: NDArray[np.int64], concentration: Doubles) -> Iterator[Row]:
    for doc_id, n, total in zip(documents.report_ids, n_words.tolist(), concentration.tolist(), strict=True):
        yield {"doc_id": doc_id, "n_words": n, "concentration": round(total, DECIMALS)}


def _match_rows(matches: Mapping[int, Match], kept_seed: int) -> Iterator[Row]:
    for seed, match in matches.items():
        if seed == kept_seed:
            continue
        for topic in range(len(match.partner)):
            row = {"topic": topic, "seed": seed, "partner": int(match.partner[topic])}
            yield {**row, "cosine": _round(match.cosine[topic]), "divergence": _round(match.divergence[topic])}


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(float(np.mean(known)), DECIMALS) if known else None


def _round(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else round(float(value), DECIMALS)
