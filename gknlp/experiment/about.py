"""What the pages are told about a run, beside its tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gknlp.audit import load_rules
from gknlp.experiment.config import Experiment
from gknlp.themes import load_codebook


def describe_run(experiment: Experiment, identity: Mapping[str, Any], card: Mapping[str, Any]) -> dict[str, Any]:
    """The question, the corpus card, hashes and versions, names of themes and rules - JSON-able."""
    return {
        "name": experiment.name,
        "question": experiment.question,
        "expectation": experiment.expectation,
        "fictional": bool(card.get("fictional", False)),
        "corpus": {
            "title": card.get("title", ""),
            "card": dict(card),
            "n_reports": identity["corpus"]["n_reports"],
            "manifest_number": identity["corpus"]["number"],
            "hash": identity["corpus"]["hash"],
            "files": identity["corpus"]["files"],
        },
        "experiment_hash": experiment.hash,
        "seed": experiment.seed,
        "packages": identity["packages"],
        "version": identity["code"]["version"],
        "code_hash": identity["code"]["sha256"],
        "verify_command": "gknlp verify RUN",
        "created": identity["created"],
        "themes": [
            {"code": t.code, "name_zh": t.name_zh, "name_en": t.name_en, "family": t.family}
            for t in load_codebook().themes
        ],
        "rules": [
            {"id": r.id, "title_zh": r.title_zh, "title_en": r.title_en, "expr": r.expression, "severity": r.severity}
            for r in load_rules()
        ],
        "steps": identity["steps"],
        "mandated_sources": [row["name"] for row in identity["references"] if row["kind"] == "mandated"],
        "model_texts": [row["name"] for row in identity["references"] if row["kind"] == "model_text"],
    }
