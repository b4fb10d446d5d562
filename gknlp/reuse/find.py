"""The step ``reuse.passages.v1``: documents in, the four tables of this room out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from gknlp.reuse.clusters import Cluster, find_clusters, first_document, list_cluster_rows
from gknlp.reuse.config import ReuseConfig
from gknlp.reuse.coverage import list_coverage_rows, list_stretch_rows
from gknlp.reuse.documents import Document, find_previous, read_reports, read_texts
from gknlp.reuse.pairs import list_pair_rows
from gknlp.reuse.passages import Passage, find_passages
from gknlp.reuse.references import References, find_quoted, mark_mandated, read_references
from gknlp.reuse.sources import build_windows, find_formula
from gknlp.reuse.strata import Marks, assign_strata, count_needed, keep_worded, label_passages
from gknlp.reuse.stream import Stream, build_stream
from gknlp.tables import table_of

Progress = Callable[[str], None]
"""Told the name of each stage as it begins: fold, windows, passages, strata, tables."""


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """The stream with its passages, their strata, and the marks that strata of positions need."""

    stream: Stream
    passages: list[Passage]
    labels: list[str]
    marks: Marks


def find_reuse(
    tables: Mapping[str, pa.Table], *, config: ReuseConfig, progress: Progress | None = None
) -> dict[str, pa.Table]:
    """Copied text (文本复用) among the reports of a corpus.

    Parameters
    ----------
    tables : the corpus tables reports and sections; optionally "references" with the columns kind (mandated |
        model_text) and text: statutes, notices and model texts. Superseded reports are left out.
    config : what counts as copied.
    progress : told each stage as it begins.

    Returns
    -------
    passages, clusters, pairs, coverage as in ``gknlp.schemas``, totally sorted: the same for any row order of the
    input. No reports give four empty tables.

    Raises
    ------
    UsageError : a table or column is absent.
    """
    return _find(read_reports(tables), read_references(tables.get("references")), config, progress)


def find_reuse_in_texts(
    texts: pa.Table, *, config: ReuseConfig, references: pa.Table | None = None, progress: Progress | None = None
) -> dict[str, pa.Table]:
    """Copied text among plain texts, each narrative as a whole and named by its id.

    Parameters
    ----------
    texts : columns id and text; optionally agency or series, region, year, published.
    references, config, progress, and what is returned : as for ``find_reuse``.

    Raises
    ------
    UsageError : a column is absent, an id is null or comes twice, or a year is no whole number.
    """
    return _find(read_texts(texts), read_references(references), config, progress)


def analyse_documents(
    documents: Sequence[Document],
    *,
    references: References,
    config: ReuseConfig,
    progress: Progress | None = None,
) -> Findings:
    """Passages and strata of documents that are in order of publication."""
    tell = progress or _tell_nobody
    tell("fold")
    stream = build_stream(documents)
    tell("windows")
    long = build_windows(stream, config.min_passage)
    stream = mark_mandated(stream, long, references)
    short = build_windows(stream, config.shingle_length)
    tell("passages")
    passages = find_passages(stream, (long, short), find_previous(stream.documents), config)
    tell("strata")
    passages = keep_worded(stream, passages, config)
    formula = find_formula(long, stream, count_needed(stream, config))
    marks = Marks(formula, find_quoted(stream, long, references.model_text))
    return Findings(stream, passages, label_passages(stream, passages, marks, config), marks)


def _find(
    documents: Sequence[Document], references: References, config: ReuseConfig, progress: Progress | None
) -> dict[str, pa.Table]:
    found = analyse_documents(documents, references=references, config=config, progress=progress)
    stream, passages, labels = found.stream, found.passages, found.labels
    (progress or _tell_nobody)("tables")
    clusters, cluster_ids = find_clusters(stream, passages, labels, config.cluster_overlap)
    by_id = {cluster.cluster_id: cluster for cluster in clusters}
    strata = assign_strata(stream, passages, labels, found.marks)
    rows = {
        "passages": [
            _passage_row(stream, passage, label, by_id[cluster_id])
            for passage, label, cluster_id in zip(passages, labels, cluster_ids, strict=True)
        ],
        "clusters": list_cluster_rows(stream, clusters),
        "pairs": list_pair_rows(stream, passages, labels),
        "coverage": list_coverage_rows(stream, strata),
        "stretches": list_stretch_rows(stream, strata),
    }
    return {name: table_of(name, items) for name, items in rows.items()}


def _passage_row(stream: Stream, passage: Passage, label: str, cluster: Cluster) -> dict[str, Any]:
    doc_id = stream.documents[passage.doc].doc_id
    source_doc_id = stream.documents[passage.source_doc].doc_id
    span = stream.span_of(passage.start, passage.end)
    source = stream.span_of(passage.source_start, passage.source_end)
    return {
        "passage_id": make_passage_id(doc_id, span.start, span.end, source_doc_id, source.start, source.end),
        "cluster_id": cluster.cluster_id,
        "doc_id": doc_id,
        "start": span.start,
        "end": span.end,
        "stratum": label,
        "source_doc_id": source_doc_id,
        "source_start": source.start,
        "source_end": source.end,
        "similarity": passage.similarity,
        "first_doc_id": first_document(stream, cluster),
    }


def make_passage_id(*parts: str | int) -> str:
    """BLAKE2b-64 hex of doc_id, start, end, source_doc_id, source_start, source_end, joined by U+001F."""
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode("utf-8"), digest_size=8).hexdigest()


def _tell_nobody(_stage: str) -> None:
    return None
