"""The resolved experiment.toml of a run: every key spelled out, in a fixed order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gknlp.experiment.config import Experiment


def encode_experiment(experiment: Experiment) -> bytes:
    """TOML of the experiment; reading it back gives an equal experiment."""
    lines = [
        f"name = {_value(experiment.name)}",
        f"question = {_value(experiment.question)}",
        f"expectation = {_value(experiment.expectation)}",
        f"seed = {experiment.seed}",
        "",
        "[corpus]",
        f"source = {_value(experiment.corpus.source)}",
    ]
    if experiment.corpus.manifest is not None:
        lines.append(f"manifest = {experiment.corpus.manifest}")
    files = {"corrections": experiment.corpus.corrections, "agencies": experiment.corpus.agencies}
    lines += [f"{key} = {_value(file)}" for key, file in files.items() if file is not None]
    named = experiment.references.model_dump()
    if any(named.values()):
        lines += ["", "[references]", *(f"{kind} = {_value(files)}" for kind, files in named.items() if files)]
    for step in experiment.steps:
        lines += ["", "[[steps]]", f"use = {_value(step.use)}"]
        if step.parameters:
            lines.append(f"parameters = {_value(step.parameters)}")
    return ("\n".join(lines) + "\n").encode("utf-8")


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
