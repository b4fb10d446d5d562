"""The step ``reuse.winnow.v2``: documents in, the tables of this room out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gknlp.features.fingerprints import Fingerprints, choose_fingerprints, join_fingerprints
from gknlp.reuse.clusters import Clusters, choose_strata, find_clusters
from gknlp.reuse.columns import hash_words, hex_column, mix_parts, rank_ids, take_ids, take_words
from gknlp.reuse.config import ReuseConfig
from gknlp.reuse.coverage import make_coverage, make_stretches
from gknlp.reuse.documents import Documents, read_reports, read_texts
from gknlp.reuse.known import Known, join, key_links, key_texts, no_passages, recall, remember
from gknlp.reuse.links import find_links, find_seeds, place_fingerprints
from gknlp.reuse.pairs import make_pairs
from gknlp.reuse.passages import Passages, find_passages
from gknlp.reuse.references import References, list_references, mark_quoted
from gknlp.reuse.resources import Resources
from gknlp.reuse.strata import (
    NUMBER,
    PRECEDENCE,
    Labels,
    assign_strata,
    count_needed,
    keep_worded,
    label_passages,
    mark_formula,
    name_strata,
    refine_labels,
)
from gknlp.reuse.stream import Stream, build_stream, find_spans
from gknlp.schemas import CLUSTERS, PASSAGES, STRATA

Ranks = NDArray[np.int64]
_ALONE = Resources()
Progress = Callable[[str], None]
"""Told the name of each stage as it begins: fold, fingerprints, links, passages, strata, tables."""


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """The stream with its passages, their clusters, the stratum of each passage and of each position."""

    stream: Stream
    passages: Passages
    clusters: Clusters
    labels: Labels
    strata: Labels
    known: Known


def find_reuse(
    tables: Mapping[str, pa.Table], *, config: ReuseConfig, progress: Progress | None = None
) -> dict[str, pa.Table]:
    """Copied text (文本复用) among the reports of a corpus.

    Parameters
    ----------
    tables : the corpus tables reports and sections; optionally "references" with the columns kind (mandated |
        model_text) and text: statutes, notices and model texts. Superseded and republished reports are left out.
    config : what counts as copied.
    progress : told each stage as it begins.

    Returns
    -------
    passages, clusters, pairs, coverage and stretches as in ``gknlp.schemas``, totally sorted: the same for any row order
    of the input. No reports give empty tables.

    Raises
    ------
    UsageError : a table or column is absent.
    """
    references = list_references(tables.get("references"))
    documents = read_reports(tables)
    return make_tables(analyse_documents(documents, references=references, config=config, progress=progress), progress)


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
    given = list_references(references)
    documents = read_texts(texts)
    return make_tables(analyse_documents(documents, references=given, config=config, progress=progress), progress)


def analyse_documents(
    documents: Documents,
    *,
    references: References,
    config: ReuseConfig,
    known: Known | None = None,
    resources: Resources = _ALONE,
    progress: Progress | None = None,
) -> Findings:
    """Passages, clusters and strata of documents that are in order of publication.

    ``known``: passages found before; documents that these cover are not aligned again, and the result is the same.
    ``resources``: what may be used; the result is the same for any. OSError where the disk is too small for them.
    """
    tell = progress or _tell_nobody
    tell("fold")
    stream = build_stream(documents, resources)
    codes, bounds = stream.column.codes, stream.column.bounds
    tell("fingerprints")
    window = config.min_passage - config.shingle_length + 1
    prints = _choose_blocks(stream, config.shingle_length, window, resources)
    places = place_fingerprints(prints, documents.stretches.text, bounds, len(documents), resources.memory)
    mark_quoted(stream, prints, references, config)
    tell("links")
    links = find_links(
        prints,
        codes,
        places,
        owner=documents.owner,
        n_needed=count_needed(documents, config),
        longer=config.shingle_length * config.longer_shingles,
        resources=resources,
    )
    mark_formula(stream, prints, places.stretch, links.formula, config.min_passage)
    seeds = find_seeds(prints, codes, places, links.first, window=window, resources=resources)
    tell("passages")
    texts = key_texts(stream)
    keys = key_links(stream, prints, places, links, seeds, texts, config)
    passages, wanted = recall(known or no_passages(), texts, keys, stream.doc_bounds)
    anew = find_passages(
        codes,
        prints,
        places,
        links,
        seeds,
        shortest=config.min_passage,
        max_gap=config.max_gap,
        wanted=wanted,
        resources=resources,
    )
    del prints, places, links, seeds
    passages = join(passages, anew)
    known = remember(passages, texts, keys, stream.doc_bounds)
    tell("strata")
    passages, seen = keep_worded(stream, passages, config)
    clusters = find_clusters(stream, passages, config.cluster_overlap)
    labels = refine_labels(label_passages(documents, passages, seen), clusters.spread(), config)
    strata = assign_strata(stream, passages, labels, config.min_passage, resources.memory)
    return Findings(stream, passages, clusters, labels, strata, known)


def _choose_blocks(stream: Stream, length: int, window: int, resources: Resources) -> Fingerprints:
    codes, bounds = stream.column.codes, stream.column.bounds

    def choose_block(block: tuple[int, int]) -> Fingerprints:
        return choose_fingerprints(codes, bounds[block[0] : block[1] + 1], length=length, window=window)

    return join_fingerprints(resources.map(choose_block, resources.cut(bounds)), length, resources.memory)


def make_tables(found: Findings, progress: Progress | None = None) -> dict[str, pa.Table]:
    """The tables of what was found, sorted."""
    (progress or _tell_nobody)("tables")
    copied = found.passages.take(found.labels != NUMBER["mandated"])
    ranks = rank_ids(found.stream.documents)
    return {
        "passages": _make_passages(found, ranks),
        "clusters": _make_clusters(found),
        "pairs": make_pairs(found.stream, copied, ranks),
        "coverage": make_coverage(found.stream, found.strata, ranks),
        "stretches": make_stretches(found.stream, found.strata, ranks),
    }


def _make_passages(found: Findings, ranks: Ranks) -> pa.Table:
    stream, passages, clusters = found.stream, found.passages, found.clusters
    documents = stream.documents
    start, end = find_spans(stream, passages.start, passages.end)
    source_start, source_end = find_spans(stream, passages.source_start, passages.source_end)
    doc_hashes = hash_words(documents.ids)
    parts = (doc_hashes[passages.doc], start, end, doc_hashes[passages.source_doc], source_start, source_end)
    hashes = mix_parts(parts)
    order = np.lexsort((hashes, end, start, ranks[passages.doc]))
    cluster = clusters.of_passage[order]
    columns = {
        "passage_id": hex_column(hashes[order]),
        "cluster_id": hex_column(clusters.hashes[cluster]),
        "doc_id": take_ids(documents, passages.doc[order]),
        "start": start[order],
        "end": end[order],
        "stratum": take_words(STRATA, name_strata()[found.labels[order]]),
        "source_doc_id": take_ids(documents, passages.source_doc[order]),
        "source_start": source_start[order],
        "source_end": source_end[order],
        "similarity": passages.similarity[order],
        "first_doc_id": take_ids(documents, clusters.first_doc[cluster]),
    }
    return pa.table(columns, schema=PASSAGES)


def _make_clusters(found: Findings) -> pa.Table:
    stream, clusters = found.stream, found.clusters
    strata = choose_strata(clusters, found.labels, len(PRECEDENCE))
    columns = {
        "cluster_id": hex_column(clusters.hashes),
        "n_occurrences": clusters.n_occurrences.astype(np.int64),
        "n_docs": clusters.n_docs.astype(np.int64),
        "n_agencies": clusters.n_owners.astype(np.int64),
        "n_years": clusters.n_years.astype(np.int64),
        "text": pa.array(_cut_texts(stream, clusters), pa.string()),
        "first_doc_id": take_ids(stream.documents, clusters.first_doc),
        "stratum": take_words(STRATA, name_strata()[strata]),
    }
    return pa.table(columns, schema=CLUSTERS)


def _cut_texts(stream: Stream, clusters: Clusters) -> list[str]:
    """Each cluster's canonical text as it stands in its document."""
    starts, ends = find_spans(stream, clusters.start, clusters.end)
    docs = np.searchsorted(stream.doc_bounds, clusters.start, side="right") - 1
    found = [""] * len(clusters)
    last, text = -1, ""
    for row in np.argsort(docs, kind="stable").tolist():
        if docs[row] != last:
            last = int(docs[row])
            text = stream.documents.texts[int(stream.documents.rows[last])].as_py()
        found[row] = text[starts[row] : ends[row]]
    return found


def _tell_nobody(_stage: str) -> None:
    return None
