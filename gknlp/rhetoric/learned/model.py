"""A learned model of facets: two choices, where they come from, and their folder; nothing in it is ever run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gknlp.errors import UsageError, VerificationError
from gknlp.features.weights import (
    decode_arrays,
    decode_words,
    encode_arrays,
    encode_words,
    read_checked,
    shipped_folder,
    write_checked,
)
from gknlp.manifest import canonical_json, hash_value
from gknlp.rhetoric.learned.actor import see_actor
from gknlp.rhetoric.learned.bags import Look, Sight
from gknlp.rhetoric.learned.choice import Choice
from gknlp.rhetoric.learned.modality import see_modality
from gknlp.rhetoric.learned.topic import see_topic
from gknlp.rhetoric.marks import ACTORS, MODALITIES, Mark
from gknlp.rhetoric.patterns import patterns_hash

FORMAT = 1
WEIGHTS, SETTINGS, CARD = "weights.npz", "model.json", "model.toml"
LEARNED: dict[str, tuple[Look, tuple[str, ...]]] = {
    "actor": (see_actor, ACTORS),
    "modality": (see_modality, MODALITIES),
}
"""The facets that are learned: how each sees a unit, and its values."""


@dataclass(frozen=True, eq=False)
class FacetModel:
    """A choice a facet, and the guess of the topic; ``patterns`` is the hash of the rules whose marks they look at, ``about`` what is known of it."""

    name: str
    choices: Mapping[str, Choice]
    topics: Choice
    patterns: str
    about: Mapping[str, Any] = field(default_factory=dict)

    def guess_topic(self, sight: Sight) -> Sight:
        """The unit with the topic that its n-grams let guess."""
        return replace(sight, topic=self.topics.choose(see_topic(sight, self.topics.values))[0])

    def choose_modality(self, sight: Sight) -> str:
        """The modality of a unit whose topic was guessed."""
        return self.choices["modality"].choose(see_modality(sight))[0]

    def choose_actor(self, sight: Sight) -> Mark | None:
        """Who acts in a unit whose topic was guessed, and the wording that names them; None for nobody."""
        value, span = self.choices["actor"].choose(see_actor(sight))
        return Mark("actor", value, *span) if span else None

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The numbers by name, as they are written."""
        found: dict[str, NDArray[Any]] = {"topic_values": encode_words(self.topics.values)}
        for facet, choice in (*self.choices.items(), ("topic", self.topics)):
            found[f"{facet}_names"] = encode_words(choice.names)
            found[f"{facet}_weights"] = choice.weights
        return found

    @cached_property
    def hash(self) -> str:
        """SHA-256 over all that decides what it says."""
        settings = {"format": FORMAT, "name": self.name, "patterns": self.patterns}
        digest = hashlib.sha256(hash_value(settings).encode())
        for name, array in sorted(self.arrays().items()):
            digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode() + np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()


def write_model(model: FacetModel, folder: Path, *, card: str) -> None:
    """Put a model and its card into a folder; equal models give equal bytes."""
    settings = {"format": FORMAT, "name": model.name, "patterns": model.patterns, "hash": model.hash}
    contents = {
        WEIGHTS: encode_arrays(model.arrays()),
        SETTINGS: canonical_json({**settings, "about": dict(model.about)}).encode(),
        CARD: card.encode(),
    }
    write_checked(folder, contents)


def read_model(folder: Path) -> FacetModel:
    """The model in a folder.

    Raises
    ------
    UsageError : it holds none, one of another format, or one that learned from the marks of other patterns.
    VerificationError : a byte of it is not what was written.
    """
    contents = read_checked(folder, (WEIGHTS, SETTINGS, CARD))
    arrays = decode_arrays(contents[WEIGHTS])
    try:
        settings = json.loads(contents[SETTINGS])
        if settings["format"] != FORMAT:
            raise UsageError(
                f"{folder}: format {settings['format']}, this version of gknlp reads {FORMAT}: train it again"
            )
        choices = {facet: _build_choice(facet, values, arrays) for facet, (_, values) in LEARNED.items()}
        topics = _build_choice("topic", decode_words(arrays["topic_values"]), arrays)
        model = FacetModel(settings["name"], choices, topics, settings["patterns"], settings["about"])
        promised = settings["hash"]
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{folder}: holds no model of facets: {error}") from error
    if promised != model.hash:
        raise VerificationError(
            f"{folder}: its numbers are not those that {SETTINGS} promises: take it from its source again"
        )
    if model.patterns != patterns_hash():
        raise UsageError(
            f"{folder}: learned from the marks of patterns {model.patterns[:12]}, those of this version are "
            f"{patterns_hash()[:12]}: train it again, or set model to '' to decide by rules alone"
        )
    return model


@cache
def load_model(name: str) -> FacetModel:
    """The model of this name that comes with the package; UsageError where there is none."""
    return read_model(shipped_folder(name))


def _build_choice(facet: str, values: tuple[str, ...], arrays: Mapping[str, NDArray[Any]]) -> Choice:
    names, weights = decode_words(arrays[f"{facet}_names"]), arrays[f"{facet}_weights"]
    if weights.dtype != np.float32 or weights.shape != (len(names), len(values)):
        raise ValueError(f"{facet}: weights of shape {weights.shape} do not fit {len(names)} features")
    return Choice(values, names, weights)
