"""Corpus tables in, the narrative units and their counted words out, in one order whatever the rows' order was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from gknlp.errors import UsageError
from gknlp.features.counts import WordCounts, keep_columns, select_words, sum_rows, tally_words
from gknlp.topics.config import TopicConfig

DOCUMENTS_PER_TOPIC = 3
"""With fewer documents for each topic, the words of one document alone would tell topics apart."""


@dataclass(frozen=True, slots=True)
class Documents:
    """What a topic model reads.

    ``report_ids`` : reports with at least one counted word, sorted; row i of ``report_counts`` is ``report_ids[i]``.
    ``units`` : rows of the units table with at least one counted word, sorted by place; row j of ``unit_counts`` is
    ``units[j]``. Both counts have one vocabulary. ``fitted_by`` : which of the two a model is fitted to.
    """

    fitted_by: str

    report_ids: tuple[str, ...]
    report_counts: WordCounts
    units: tuple[Mapping[str, Any], ...]
    unit_counts: WordCounts


def gather_documents(tables: Mapping[str, pa.Table], *, config: TopicConfig) -> Documents:
    """The narrative of the current reports, counted; superseded reports (旧版) are left out.

    Raises
    ------
    UsageError : a table is missing, or no word is left to count (also for an empty corpus).
    """
    agencies = _read_agencies(_table(tables, "reports"))
    units = _choose_units(tables, agencies, config)
    texts = [unit["text"] for unit in units]
    names = [] if config.keep_names else [agencies[unit["doc_id"]] for unit in units]
    unit_counts = tally_words(texts, config=config.words, names=names)
    report_ids = sorted({unit["doc_id"] for unit in units})
    row_of = {doc_id: row for row, doc_id in enumerate(report_ids)}
    groups = [row_of[unit["doc_id"]] for unit in units]
    report_counts = sum_rows(unit_counts, groups=groups, n_groups=len(report_ids))
    fitted_by = _choose_documents(config, len(report_ids))
    fitted = report_counts if fitted_by == "reports" else unit_counts
    vocabulary = frozenset(select_words(fitted, config=config.words).vocabulary)
    columns = [column for column, word in enumerate(unit_counts.vocabulary) if word in vocabulary]
    kept_reports, report_counts = _drop_empty(keep_columns(report_counts, columns))
    kept_units, unit_counts = _drop_empty(keep_columns(unit_counts, columns))
    return Documents(
        fitted_by,
        tuple(report_ids[row] for row in kept_reports),
        report_counts,
        tuple(units[row] for row in kept_units),
        unit_counts,
    )


def _choose_documents(config: TopicConfig, n_reports: int) -> str:
    if config.documents != "auto":
        return config.documents
    return "reports" if n_reports >= DOCUMENTS_PER_TOPIC * config.n_topics else "units"


def _table(tables: Mapping[str, pa.Table], name: str) -> pa.Table:
    if name not in tables:
        raise UsageError(f"topics need the table {name!r}; given are: {', '.join(sorted(tables)) or 'none'}")
    return tables[name]


def _read_agencies(reports: pa.Table) -> dict[str, str]:
    """The agency's name ('' where unknown) of each report that no newer version has superseded."""
    rows = reports.select(["doc_id", "agency", "superseded_by"]).to_pylist()
    return {row["doc_id"]: row["agency"] or "" for row in rows if row["superseded_by"] is None}


def _choose_units(
    tables: Mapping[str, pa.Table], doc_ids: Mapping[str, str], config: TopicConfig
) -> list[dict[str, Any]]:
    left_out = _read_left_out(tables, config.leave_out)
    rows = _table(tables, "units").select(["doc_id", "unit_id", "section", "text", "start", "end"]).to_pylist()
    chosen = [
        row
        for row in rows
        if row["doc_id"] in doc_ids
        and row["section"] in config.sections
        and (row["doc_id"], row["unit_id"]) not in left_out
    ]
    return sorted(chosen, key=lambda row: (row["doc_id"], row["start"], row["end"], row["unit_id"]))


def _read_left_out(tables: Mapping[str, pa.Table], themes: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    if not themes:
        return frozenset()
    rows = _table(tables, "theme_labels").select(["doc_id", "unit_id", "primary"]).to_pylist()
    return frozenset((row["doc_id"], row["unit_id"]) for row in rows if row["primary"] in themes)


def _drop_empty(counts: WordCounts) -> tuple[list[int], WordCounts]:
    """The positions of the rows that hold a word, and the counts of those rows."""
    kept: list[int] = np.flatnonzero(counts.matrix.sum(axis=1)).tolist()
    return kept, WordCounts(counts.matrix[kept], counts.vocabulary)
