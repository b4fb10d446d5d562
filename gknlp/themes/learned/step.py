"""The step ``themes.learned.v1``: corpus tables in, ``theme_labels`` and ``theme_shares`` by a trained model out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pyarrow as pa

from gknlp.features.weights import SUMS
from gknlp.tables import hash_bytes
from gknlp.themes.classifier import label_units
from gknlp.themes.codebook import Codebook, load_codebook
from gknlp.themes.learned.classifier import LearnedClassifier
from gknlp.themes.learned.files import load_model, shipped_models
from gknlp.themes.shares import theme_shares

DEFAULT_MODEL = "themes-v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedConfig:
    """Which trained model codes the units, and when it abstains.

    model : a shipped model by its name; a folder elsewhere would not be the same for the next reader.
    threshold : abstain where no theme is at least this likely; none means the model's own, which was chosen for the
        best macro-F1, so that a higher one buys accuracy with coverage (the model's card has the curve).
    """

    model: str = DEFAULT_MODEL
    threshold: float | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}


def classify_learned(
    tables: Mapping[str, pa.Table], *, config: LearnedConfig | None = None, codebook: Codebook | None = None
) -> dict[str, pa.Table]:
    """The tables ``theme_labels`` and ``theme_shares`` of a corpus; both empty for an empty one.

    Parameters
    ----------
    tables : needs ``units`` and ``reports``.
    config : the shipped default model where absent.
    codebook : the shipped one where absent; the model must have been trained by it.
    """
    codebook, config = codebook or load_codebook(), config or LearnedConfig()
    return classify_by_model(tables, config.model, threshold=config.threshold, codebook=codebook)


def classify_by_model(
    tables: Mapping[str, pa.Table], name_or_folder: str | Path, *, threshold: float | None, codebook: Codebook
) -> dict[str, pa.Table]:
    """The same by a model of any folder."""
    model = load_model(name_or_folder, codebook=codebook)
    labels = label_units(tables["units"], classifier=LearnedClassifier(model, codebook, threshold))
    shares = theme_shares(labels, tables["units"], tables["reports"], codebook=codebook)
    return {"theme_labels": labels, "theme_shares": shares}


def model_data() -> Mapping[str, str]:
    """What the step rests on beside its inputs: the codebook, and each shipped model by the hash of its files' hashes."""
    models = {f"model {name}": hash_bytes((folder / SUMS).read_bytes()) for name, folder in shipped_models().items()}
    return {"codebook": load_codebook().hash, **models}
