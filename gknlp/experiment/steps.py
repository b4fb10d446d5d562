"""The steps an experiment may name: what each reads, writes, takes, and depends on beside its inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from gknlp.audit import AuditConfig, audit_corpus
from gknlp.audit.rules import rules_hash
from gknlp.audit.view import READS
from gknlp.reuse import ReuseConfig, find_reuse
from gknlp.reuse.measures import MeasureConfig, measure_reports
from gknlp.reuse.smoking_guns import GunConfig, join_smoking_guns
from gknlp.rhetoric import (
    FacetConfig,
    RhetoricConfig,
    answers_hash,
    facets_model,
    find_facets,
    measure_rhetoric,
    patterns_hash,
)
from gknlp.text.tokens import lexicon_hash
from gknlp.themes import DictionaryConfig, classify_corpus, load_codebook
from gknlp.themes.learned import LearnedConfig, classify_learned, model_data
from gknlp.topics import ModelConfig, SweepConfig, TopicConfig, fit_topics, model_topics, sweep_topics


@dataclass(frozen=True, slots=True)
class Step:
    """A versioned step: (tables, config) -> tables. ``data`` hashes the shipped data files that its result rests on.

    ``once``: the step is given each report once, without those superseded or republished, so that a report published
    twice is not taken for copied; the audit sees them all.
    """

    name: str
    run: Callable[..., Mapping[str, pa.Table]]
    config: Any
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    data: Callable[[], Mapping[str, str]]
    once: bool = False


def _no_data() -> Mapping[str, str]:
    return {}


_TOPIC_TABLES = (
    "topics",
    "topic_words",
    "topic_terms",
    "topic_shares",
    "topic_documents",
    "topic_units",
    "topic_runs",
    "topic_matches",
    "topic_prevalence",
    "topic_years",
    "topic_correlations",
    "topic_reuse",
)

STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step(
            "audit.rules.v1",
            audit_corpus,
            AuditConfig,
            reads=READS,
            writes=("findings", "rule_summary"),
            data=lambda: {"rules": rules_hash()},
        ),
        Step(
            "themes.dictionary.v1",
            classify_corpus,
            DictionaryConfig,
            reads=("reports", "units"),
            writes=("theme_labels", "theme_shares"),
            data=lambda: {"codebook": load_codebook().hash},
            once=True,
        ),
        Step(
            "themes.learned.v1",
            classify_learned,
            LearnedConfig,
            reads=("reports", "units"),
            writes=("theme_labels", "theme_shares"),
            data=model_data,
            once=True,
        ),
        Step(
            "rhetoric.facets.v1",
            find_facets,
            FacetConfig,
            reads=("reports", "units"),
            writes=("facets",),
            data=lambda: {"patterns": patterns_hash(), "model": facets_model(), "lexicon": lexicon_hash()},
            once=True,
        ),
        Step(
            "rhetoric.measures.v1",
            measure_rhetoric,
            RhetoricConfig,
            reads=("reports", "units", "cells", "theme_labels", "facets"),
            writes=("rhetoric_measures", "rhetoric_agency_years", "promises"),
            data=lambda: {"answers": answers_hash()},
            once=True,
        ),
        Step(
            "topics.lda.v1",
            fit_topics,
            TopicConfig,
            reads=("reports", "units"),
            writes=("topics", "topic_words", "topic_shares", "topic_units"),
            data=lambda: {"lexicon": lexicon_hash()},
            once=True,
        ),
        Step(
            "topics.lda.v2",
            model_topics,
            ModelConfig,
            reads=("reports", "units"),
            writes=_TOPIC_TABLES,
            data=lambda: {"lexicon": lexicon_hash()},
            once=True,
        ),
        Step(
            "topics.lda_reuse.v2",
            model_topics,
            ModelConfig,
            reads=("reports", "units", "stretches"),
            writes=_TOPIC_TABLES,
            data=lambda: {"lexicon": lexicon_hash()},
            once=True,
        ),
        Step(
            "topics.sweep.v1",
            sweep_topics,
            SweepConfig,
            reads=("reports", "units"),
            writes=("topic_runs", "topic_choice"),
            data=lambda: {"lexicon": lexicon_hash()},
            once=True,
        ),
        Step(
            "reuse.winnow.v2",
            find_reuse,
            ReuseConfig,
            reads=("reports", "sections", "references"),
            writes=("passages", "clusters", "pairs", "coverage", "stretches"),
            data=_no_data,
            once=True,
        ),
        Step(
            "reuse.measures.v1",
            measure_reports,
            MeasureConfig,
            reads=("reports", "sections", "pairs", "references"),
            writes=("reuse_measures",),
            data=lambda: {"lexicon": lexicon_hash()},
            once=True,
        ),
        Step(
            "reuse.smoking_guns.v1",
            join_smoking_guns,
            GunConfig,
            reads=("passages", "findings"),
            writes=("smoking_guns",),
            data=_no_data,
        ),
    )
}
