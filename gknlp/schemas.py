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
    topic_id=_text,
    method=_text,
    cue=_text,
    unstable=pa.bool_(),
    c_v=_float,
    exclusivity=_float,
    frex=_float,
    mandated=_float,
    copied=_float,
)
TOPIC_TERMS = _schema(topic=_int, ranking=_text, rank=_int, word=_text, value=_float)
TOPIC_DOCUMENTS = _schema(doc_id=_text, n_words=_int, concentration=_float)
TOPIC_MATCHES = _schema(topic=_int, seed=_int, partner=_int, cosine=_float, divergence=_float)
TOPIC_RUNS = _schema(
    method=_text,
    n_topics=_int,
    seed=_int,
    kept=pa.bool_(),
    n_passes=_int,
    n_documents=_int,
    n_held_out=_int,
    perplexity=_float,
    npmi=_float,
    c_v=_float,
    exclusivity=_float,
    frex=_float,
    diversity=_float,
    stability=_float,
    n_unstable=_int,
)
TOPIC_CHOICE = _schema(
    method=_text, n_topics=_int, measure=_text, better=_text, n_runs=_int, mean=_float, low=_float, high=_float
)
TOPIC_PREVALENCE = _schema(
    by=_text, value=_text, topic=_int, n_reports=_int, n_words=_int, share=_float, mean=_float, sd=_float
)
TOPIC_YEARS = _schema(
    year=_int,
    form=_text,
    topic=_int,
    n_reports=_int,
    share=_float,
    mean=_float,
    form_break=pa.bool_(),
    change=_float,
)
TOPIC_CORRELATIONS = _schema(topic_a=_int, topic_b=_int, n_reports=_int, correlation=_float, log_ratio=_float)
TOPIC_REUSE = _schema(topic=_int, stratum=_text, n_chars=_float, share=_float)
_INTERVAL = {"estimate": _float, "se": _float, "low": _float, "high": _float, "df": _float}
_FITTED = {"n": _int, "n_agencies": _int, "theta": _text, "confidence": _float, "note": _text}
TOPIC_EFFECTS = _schema(
    topic=_int,
    ordinal=_int,
    term=_text,
    category=_text,
    reference=_text,
    **_INTERVAL,
    p=_float,
    p_holm=_float,
    se_known=_float,
    theta_share=_float,
    **_FITTED,
)
TOPIC_EFFECT_TERMS = _schema(
    ordinal=_int,
    term=_text,
    kind=_text,
    reference=_text,
    categories=pa.list_(_text),
    mean=_float,
    n_missing=_int,
    **_FITTED,
)
TOPIC_PREDICTIONS = _schema(topic=_int, ordinal=_int, term=_text, value=_text, number=_float, **_INTERVAL, **_FITTED)
INTRUSION_SCORES = _schema(
    test=_text,
    topic=_int,
    coder=_text,
    n_tasks=_int,
    n_answers=_int,
    n_correct=_int,
    precision=_float,
    low=_float,
    high=_float,
    chance=_float,
    p=_float,
    log_odds=_float,
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

FACETS = _schema(
    doc_id=_text,
    unit_id=_text,
    start=_int,
    end=_int,
    modality=_text,
    specificity=pa.list_(_text),
    valence=_text,
    hedge=pa.bool_(),
    actor=_text,
    evidence=pa.list_(pa.struct([("facet", _text), ("value", _text), ("start", _int), ("end", _int)])),
    n_chars=_int,
    n_words=_int,
    n_linking=_int,
    n_clauses=_int,
    model=_text,
)
PROMISES = _schema(
    agency_id=_text,
    year=_int,
    doc_a=_text,
    unit_a=_text,
    doc_b=_text,
    unit_b=_text,
    theme_a=_text,
    theme_b=_text,
    similarity=_float,
    shared=pa.list_(_text),
    why=_text,
    kept=pa.bool_(),
)
_RHETORIC = {
    "n_units": _int,
    "n_words": _int,
    "n_planned": _int,
    "n_problem_units": _int,
    "length": _int,
    "theme_entropy": _float,
    "theme_entropy_overview": _float,
    "theme_entropy_problems": _float,
    "theme_entropy_improvements": _float,
    "specificity": _float,
    "hard_information": _float,
    "readability_clause": _float,
    "readability_linking": _float,
    "readability_zh": _float,
    "light_problem_share": _float,
    "problem_persistence": _float,
    "problem_stickiness": _float,
    "promise_kept": _float,
    "concrete_commitment": _float,
    "hedge_density": _float,
    "praise_to_shortfall": _float,
    "disclosure_rate": _float,
    "refusal_denied": _float,
    "refusal_unavailable": _float,
    "refusal_not_processed": _float,
    "refusal_other": _float,
    "correction_rate": _float,
    "escalation_rate": _float,
    "zero_requests": pa.bool_(),
    "zero_report": pa.bool_(),
    "decoupling": _float,
}
RHETORIC_MEASURES = _schema(
    doc_id=_text,
    agency_id=_text,
    agency=_text,
    level=_text,
    form=_text,
    year=_int,
    previous_doc_id=_text,
    next_doc_id=_text,
    n_reference=_int,
    **_RHETORIC,
)
RHETORIC_AGENCY_YEARS = _schema(
    agency_id=_text,
    year=_int,
    agency=_text,
    level=_text,
    present=_int,
    n_reports=_int,
    doc_id=_text,
    form=_text,
    **_RHETORIC,
)

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
    "topic_terms": TOPIC_TERMS,
    "topic_documents": TOPIC_DOCUMENTS,
    "topic_matches": TOPIC_MATCHES,
    "topic_runs": TOPIC_RUNS,
    "topic_choice": TOPIC_CHOICE,
    "topic_prevalence": TOPIC_PREVALENCE,
    "topic_years": TOPIC_YEARS,
    "topic_correlations": TOPIC_CORRELATIONS,
    "topic_reuse": TOPIC_REUSE,
    "topic_effects": TOPIC_EFFECTS,
    "topic_effect_terms": TOPIC_EFFECT_TERMS,
    "topic_predictions": TOPIC_PREDICTIONS,
    "intrusion_scores": INTRUSION_SCORES,
    "passages": PASSAGES,
    "clusters": CLUSTERS,
    "pairs": PAIRS,
    "coverage": COVERAGE,
    "stretches": STRETCHES,
    "reuse_measures": REUSE_MEASURES,
    "smoking_guns": SMOKING_GUNS,
    "facets": FACETS,
    "promises": PROMISES,
    "rhetoric_measures": RHETORIC_MEASURES,
    "rhetoric_agency_years": RHETORIC_AGENCY_YEARS,
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
    "topic_terms": ("topic", "ranking", "rank"),
    "topic_documents": ("doc_id",),
    "topic_matches": ("topic", "seed"),
    "topic_runs": ("method", "n_topics", "seed"),
    "topic_choice": ("method", "n_topics", "measure"),
    "topic_prevalence": ("by", "value", "topic"),
    "topic_years": ("year", "form", "topic"),
    "topic_correlations": ("topic_a", "topic_b"),
    "topic_reuse": ("topic", "stratum"),
    "topic_effects": ("topic", "ordinal"),
    "topic_effect_terms": ("ordinal",),
    "topic_predictions": ("topic", "ordinal"),
    "intrusion_scores": ("test", "topic", "coder"),
    "passages": ("doc_id", "start", "end", "passage_id"),
    "clusters": ("cluster_id",),
    "pairs": ("doc_a", "doc_b"),
    "coverage": ("doc_id",),
    "stretches": ("doc_id", "start"),
    "reuse_measures": ("doc_id",),
    "smoking_guns": ("doc_id", "start", "end", "rule", "passage_id", "found"),
    "facets": ("doc_id", "start", "end", "unit_id"),
    "promises": ("agency_id", "year", "doc_a", "unit_a"),
    "rhetoric_measures": ("doc_id",),
    "rhetoric_agency_years": ("agency_id", "year"),
}
"""The columns that put a table in its one order; together they are unique in it."""
