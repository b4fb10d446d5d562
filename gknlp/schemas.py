"""The columns of every table, in one place. A table on disk has exactly these columns, in this order and these types."""

from __future__ import annotations

import pyarrow as pa

SCHEMA_VERSION = 1

_text = pa.string()
_int = pa.int64()
_float = pa.float64()


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, kind) for name, kind in columns.items()])


SOURCES = _schema(
    source=_int,
    path=_text,
    path_b64=_text,
    sha256=_text,
    outcome=_text,
    reason=_text,
    stage=_text,
    doc_id=_text,
    media_type=_text,
    encoding=_text,
    findings=pa.list_(_text),
)
REPORTS = _schema(
    doc_id=_text,
    text=_text,
    n_chars=_int,
    title=_text,
    title_status=_text,
    agency=_text,
    agency_id=_text,
    kind=_text,
    level=_text,
    code=_text,
    year=_int,
    year_status=_text,
    form=_text,
    form_status=_text,
    region=_text,
    published=_text,
    url=_text,
    superseded_by=_text,
    republication_of=_text,
)
EVIDENCE = _schema(doc_id=_text, field=_text, value=_text, rule=_text, start=_int, end=_int)
SECTIONS = _schema(doc_id=_text, key=_text, heading=_text, start=_int, end=_int)
UNITS = _schema(
    doc_id=_text,
    unit_id=_text,
    section=_text,
    part=_text,
    ordinal=_int,
    heading=_text,
    text=_text,
    start=_int,
    end=_int,
)
CELLS = _schema(
    doc_id=_text,
    table=_text,
    row=_text,
    column=_text,
    raw=_text,
    value=_float,
    unit=_text,
    value_yuan=_float,
    start=_int,
    end=_int,
)
DIAGNOSTICS = _schema(doc_id=_text, code=_text, severity=_text, start=_int, end=_int, expected=_text, found=_text)

CORPUS: dict[str, pa.Schema] = {
    "sources": SOURCES,
    "reports": REPORTS,
    "evidence": EVIDENCE,
    "sections": SECTIONS,
    "units": UNITS,
    "cells": CELLS,
    "diagnostics": DIAGNOSTICS,
}

CORRECTIONS = _schema(doc_id=_text, report=_text, field=_text, value=_text, was=_text, reason=_text, status=_text)
AGENCIES = _schema(
    agency_id=_text,
    name=_text,
    successor_id=_text,
    successor=_text,
    since=_int,
    kind=_text,
    region=_text,
    note=_text,
)

DERIVED: dict[str, pa.Schema] = {"corrections": CORRECTIONS, "agencies": AGENCIES}
"""Tables of a corpus that no report gives: what its corrections file and its agencies file say, worked out when read."""

FINDINGS = _schema(
    doc_id=_text,
    rule=_text,
    instance=_text,
    outcome=_text,
    severity=_text,
    expected=_text,
    found=_text,
    spans=pa.list_(pa.list_(_int)),
)
RULE_SUMMARY = _schema(
    rule=_text,
    year=_int,
    level=_text,
    place=_text,
    n_pass=_int,
    n_fail=_int,
    n_not_assessable=_int,
    failure_rate=_float,
    rate_low=_float,
    rate_high=_float,
)
THEME_LABELS = _schema(
    doc_id=_text,
    unit_id=_text,
    start=_int,
    end=_int,
    primary=_text,
    labels=pa.list_(_text),
    scores=pa.list_(pa.struct([("theme", _text), ("score", _float)])),
    abstained=pa.bool_(),
    model=_text,
)
THEME_SHARES = _schema(
    doc_id=_text, agency=_text, year=_int, family=_text, theme=_text, n_units=_int, n_family_units=_int, share=_float
)
TOPIC_WORDS = _schema(topic=_int, rank=_int, word=_text, probability=_float)
TOPIC_SHARES = _schema(doc_id=_text, topic=_int, share=_float)
TOPIC_UNITS = _schema(topic=_int, rank=_int, doc_id=_text, unit_id=_text, start=_int, end=_int, weight=_float)
TOPICS = _schema(
    documents=_text,
    topic=_int,
    label=_text,
    size=_float,
    n_units=_int,
    stability=_float,
    npmi=_float,
    uniqueness=_float,
)
PASSAGES = _schema(
    passage_id=_text,
    cluster_id=_text,
    doc_id=_text,
    start=_int,
    end=_int,
    stratum=_text,
    source_doc_id=_text,
    source_start=_int,
    source_end=_int,
    similarity=_float,
    first_doc_id=_text,
)
CLUSTERS = _schema(
    cluster_id=_text,
    n_occurrences=_int,
    n_docs=_int,
    n_agencies=_int,
    n_years=_int,
    text=_text,
    first_doc_id=_text,
    stratum=_text,
)
PAIRS = _schema(
    doc_a=_text, doc_b=_text, shared_chars=_int, containment_a=_float, containment_b=_float, resemblance=_float
)
STRATA = ("mandated", "formula", "regional", "viral", "peer", "self", "model_text", "original")
COVERAGE = _schema(doc_id=_text, n_chars=_int, table_chars=_int, **dict.fromkeys(STRATA, _float))
STRETCHES = _schema(doc_id=_text, start=_int, end=_int, stratum=_text)

REUSE_MEASURES = _schema(
    doc_id=_text,
    unit=_text,
    n_tokens=_int,
    previous_doc_id=_text,
    reference_group=_text,
    n_reference=_int,
    n_cluster=_int,
    boilerplate_share=_float,
    boilerplate_share_no_ceiling=_float,
    stickiness=_float,
    redundancy_within=_float,
    modification_score=_float,
    modification_score_adjusted=_float,
    sim_cosine=_float,
    sim_jaccard=_float,
    sim_minedit=_float,
    sim_simple=_float,
    information_content=_float,
    standard_content=_float,
    containment=_float,
    resemblance=_float,
    alignment_score=_int,
    alignment_tokens=_int,
    template_prototype=_float,
    novelty_share=_float,
    reused_reference=_float,
    reused_own_previous=_float,
    reused_superior=_float,
    reused_peers=_float,
)
SMOKING_GUNS = _schema(
    passage_id=_text, doc_id=_text, rule=_text, start=_int, end=_int, found=_text, source_doc_id=_text
)
REFERENCES = _schema(kind=_text, name=_text, sha256=_text, text=_text)

RESULTS: dict[str, pa.Schema] = {
    "references": REFERENCES,
    "findings": FINDINGS,
    "rule_summary": RULE_SUMMARY,
    "theme_labels": THEME_LABELS,
    "theme_shares": THEME_SHARES,
    "topics": TOPICS,
    "topic_words": TOPIC_WORDS,
    "topic_shares": TOPIC_SHARES,
    "topic_units": TOPIC_UNITS,
    "passages": PASSAGES,
    "clusters": CLUSTERS,
    "pairs": PAIRS,
    "coverage": COVERAGE,
    "stretches": STRETCHES,
    "reuse_measures": REUSE_MEASURES,
    "smoking_guns": SMOKING_GUNS,
}

SORT_KEYS: dict[str, tuple[str, ...]] = {
    "sources": ("source", "path_b64", "sha256"),
    "reports": ("doc_id",),
    "evidence": ("doc_id", "field", "start", "end", "rule", "value"),
    "sections": ("doc_id", "start", "end", "key"),
    "units": ("doc_id", "ordinal"),
    "cells": ("doc_id", "table", "row", "column"),
    "diagnostics": ("doc_id", "code", "start", "end", "expected", "found", "severity"),
    "corrections": ("doc_id", "field", "report"),
    "agencies": ("agency_id", "region", "successor_id", "name", "kind", "since"),
    "references": ("kind", "name", "sha256"),
    "findings": ("doc_id", "rule", "instance"),
    "rule_summary": ("rule", "year", "level", "place"),
    "theme_labels": ("doc_id", "start", "end", "unit_id"),
    "theme_shares": ("doc_id", "family", "theme"),
    "topics": ("topic",),
    "topic_words": ("topic", "rank"),
    "topic_shares": ("doc_id", "topic"),
    "topic_units": ("topic", "rank"),
    "passages": ("doc_id", "start", "end", "passage_id"),
    "clusters": ("cluster_id",),
    "pairs": ("doc_a", "doc_b"),
    "coverage": ("doc_id",),
    "stretches": ("doc_id", "start"),
    "reuse_measures": ("doc_id",),
    "smoking_guns": ("doc_id", "start", "end", "rule", "passage_id", "found"),
}
"""The columns that put a table in its one order; together they are unique in it."""
