"""Corpus tables in, the narrative units and their counted words out, in one order whatever the rows' order was."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gknlp.errors import UsageError
from gknlp.features.counts import WordCounts, keep_columns, select_words, sum_rows, tally_words, weigh_rows
from gknlp.features.near_copies import cluster_near_copies, weigh_clusters
from gknlp.text.lexicons import hash_lexicon
from gknlp.text.tokens import lexicon_hash
from gknlp.topics.config import TopicConfig

DOCUMENTS_PER_TOPIC = 3
"""With fewer documents for each topic, the words of one document alone would tell topics apart."""
_BATCH_ROWS = 8_192
Spans = tuple[list[int], list[int]]


class UnitRows(Sequence[Mapping[str, Any]]):
    """The rows of a units table as mappings, made when they are asked for: a million of them at once would be 1 GB."""

    __slots__ = ("table",)

    def __init__(self, table: pa.Table) -> None:
        self.table = table.combine_chunks()

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @overload
    def __getitem__(self, place: int) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Mapping[str, Any]]: ...
    def __getitem__(self, place: int | slice) -> Mapping[str, Any] | Sequence[Mapping[str, Any]]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        number = range(len(self))[place]
        return {name: column[number].as_py() for name, column in zip(self.table.column_names, self.table, strict=True)}

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        for batch in self.table.to_batches(max_chunksize=_BATCH_ROWS):
            yield from batch.to_pylist()


@dataclass(frozen=True, slots=True, eq=False)
class Documents:
    """What a topic model reads.

    ``report_ids`` : reports with at least one counted word, sorted; row i of ``report_counts`` is ``report_ids[i]``.
    ``units`` : rows of the units table with at least one counted word, sorted by place; row j of ``unit_counts`` is
    ``units[j]``. Both counts have one vocabulary. ``fitted_by`` : which of the two a model is fitted to. ``weights`` : how
    much each of the documents that are fitted counts, 1 for all where near-copies are kept. ``choices`` : what was chosen
    and what came of it, as plain values for a manifest.
    """

    fitted_by: str

    report_ids: tuple[str, ...]
    report_counts: WordCounts
    units: Sequence[Mapping[str, Any]]
    unit_counts: WordCounts
    weights: NDArray[np.float64]
    choices: Mapping[str, Any]

    def fitted_counts(self) -> WordCounts:
        """The counts that a model is fitted to: whole numbers, or float64 where near-copies share one weight."""
        counts = self.report_counts if self.fitted_by == "reports" else self.unit_counts
        return counts if (self.weights == 1).all() else weigh_rows(counts, self.weights.tolist())


def gather_documents(tables: Mapping[str, pa.Table], *, config: TopicConfig) -> Documents:
    """The narrative of the current reports, counted; superseded reports (旧版) are left out.

    Raises
    ------
    UsageError : a table is missing, or no word is left to count (also for an empty corpus).
    """
    agencies = _read_agencies(_table(tables, "reports"))
    units = UnitRows(_choose_units(tables, agencies, config))
    spans = _read_spans(tables, config.leave_strata)
    doc_ids = units.table["doc_id"].to_pylist()
    names = [] if config.keep_names else [agencies[doc_id] for doc_id in doc_ids]
    unit_counts = tally_words(_read_texts(units, spans), config=config.words, names=names)
    report_ids = sorted(set(doc_ids))
    row_of = {doc_id: row for row, doc_id in enumerate(report_ids)}
    groups = [row_of[doc_id] for doc_id in doc_ids]
    report_counts = sum_rows(unit_counts, groups=groups, n_groups=len(report_ids))
    fitted_by = _choose_documents(config, len(report_ids))
    fitted = report_counts if fitted_by == "reports" else unit_counts
    vocabulary = frozenset(select_words(fitted, config=config.words).vocabulary)
    columns = [column for column, word in enumerate(unit_counts.vocabulary) if word in vocabulary]
    kept_reports, report_counts = _drop_empty(keep_columns(report_counts, columns))
    kept_units, unit_counts = _drop_empty(keep_columns(unit_counts, columns))
    units = UnitRows(units.table.take(kept_units))
    clusters = _cluster(units, spans, fitted_by, config)
    n_left_out = sum(sum(end - start for start, end in zip(*found, strict=True)) for found in spans.values())
    return Documents(
        fitted_by,
        tuple(report_ids[row] for row in kept_reports),
        report_counts,
        units,
        unit_counts,
        weigh_clusters(clusters),
        _list_choices(config, fitted_by, len(clusters), len(np.unique(clusters)), n_left_out),
    )


def _list_choices(
    config: TopicConfig, fitted_by: str, n_fitted: int, n_clusters: int, n_left_out: int
) -> dict[str, Any]:
    words = asdict(config.words)
    return {
        "documents": fitted_by,
        "n_documents": n_fitted,
        "sections": list(config.sections),
        "themes_left_out": list(config.leave_out),
        "strata_left_out": list(config.leave_strata),
        "n_chars_left_out": n_left_out,
        "near_copies": config.near_copies,
        "resemblance": config.resemblance if config.near_copies == "weight" else None,
        "n_clusters": n_clusters if config.near_copies == "weight" else None,
        "keep_names": config.keep_names,
        "words": words | {"drop": list(config.words.drop)},
        "lexicon": lexicon_hash(),
        "stopwords": hash_lexicon(config.words.stopwords) if config.words.stopwords else None,
    }


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


def _choose_units(tables: Mapping[str, pa.Table], doc_ids: Mapping[str, str], config: TopicConfig) -> pa.Table:
    units = _table(tables, "units").select(["doc_id", "unit_id", "section", "text", "start", "end"])
    current = pc.is_in(units["doc_id"], value_set=pa.array(list(doc_ids), pa.string()))
    read = pc.is_in(units["section"], value_set=pa.array(config.sections, pa.string()))
    units = units.filter(pc.and_(current, read))
    left_out = _read_left_out(tables, config.leave_out)
    if left_out:
        keys = zip(units["doc_id"].to_pylist(), units["unit_id"].to_pylist(), strict=True)
        units = units.filter(pa.array([key not in left_out for key in keys], pa.bool_()))
    return units.sort_by([(name, "ascending") for name in ("doc_id", "start", "end", "unit_id")])


def _read_left_out(tables: Mapping[str, pa.Table], themes: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    if not themes:
        return frozenset()
    rows = _table(tables, "theme_labels").select(["doc_id", "unit_id", "primary"]).to_pylist()
    return frozenset((row["doc_id"], row["unit_id"]) for row in rows if row["primary"] in themes)


def _read_spans(tables: Mapping[str, pa.Table], strata: tuple[str, ...]) -> dict[str, Spans]:
    """Starts and ends of the stretches of these strata by report, ascending; {} for no strata."""
    if not strata:
        return {}
    table = _table(tables, "stretches")
    chosen = table.filter(pc.is_in(table["stratum"], value_set=pa.array(strata, pa.string())))
    rows = chosen.select(["doc_id", "start", "end"]).sort_by([("doc_id", "ascending"), ("start", "ascending")])
    found: dict[str, Spans] = {}
    for doc_id, start, end in zip(*(column.to_pylist() for column in rows), strict=True):
        starts, ends = found.setdefault(doc_id, ([], []))
        starts.append(start)
        ends.append(end)
    return found


def _read_texts(units: UnitRows, spans: Mapping[str, Spans]) -> Iterator[str]:
    """The text of each unit without the stretches that are left out, a space in their place."""
    for unit in units:
        yield _cut_out(unit, spans[unit["doc_id"]]) if unit["doc_id"] in spans else unit["text"]


def _cut_out(unit: Mapping[str, Any], spans: Spans) -> str:
    text, begin, end = unit["text"], unit["start"], unit["end"]
    if len(text) != end - begin:
        raise UsageError(
            f"unit {unit['unit_id']!r} of report {unit['doc_id']!r} has {len(text)} characters in a span of {end - begin}, "
            "so its strata cannot be told; build the corpus anew, or leave leave_strata empty"
        )
    starts, ends = spans
    kept: list[str] = []
    done = begin
    for place in range(max(bisect_right(starts, begin) - 1, 0), len(starts)):
        if starts[place] >= end:
            break
        if ends[place] > done:
            kept.append(text[done - begin : max(starts[place], done) - begin])
            done = min(ends[place], end)
    kept.append(text[done - begin :])
    return " ".join(kept)


def _cluster(units: UnitRows, spans: Mapping[str, Spans], fitted_by: str, config: TopicConfig) -> NDArray[np.int64]:
    """For each fitted document the first document of its cluster of near-copies; itself where near-copies are kept."""
    texts = _read_texts(units, spans)
    doc_ids = units.table["doc_id"].to_pylist()
    if config.near_copies == "keep":
        return np.arange(len(set(doc_ids)) if fitted_by == "reports" else len(units), dtype=np.int64)
    if fitted_by == "reports":
        both = zip(doc_ids, texts, strict=True)
        texts = ("\n".join(text for _, text in rows) for _, rows in groupby(both, key=lambda row: row[0]))
    return cluster_near_copies(texts, resemblance=config.resemblance)


def _drop_empty(counts: WordCounts) -> tuple[list[int], WordCounts]:
    """The positions of the rows that hold a word, and the counts of those rows."""
    kept: list[int] = np.flatnonzero(np.diff(counts.matrix.indptr)).tolist()
    return kept, WordCounts(counts.matrix[kept], counts.vocabulary)
