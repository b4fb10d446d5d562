"""A trained model of themes as plain numbers: vocabulary, weights, calibration, thresholds, and what is known of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gknlp.manifest import hash_value
from gknlp.themes.learned.calibrate import Calibration
from gknlp.themes.learned.decide import Thresholds
from gknlp.themes.learned.encode import Encoder
from gknlp.themes.learned.examples import Example

FORMAT = 1
HASH_DIGITS = 12


@dataclass(frozen=True, eq=False)
class ThemeModel:
    """All that classifying needs, and ``about``: data, splits, scores and versions, as JSON values.

    ``weights`` features x themes and ``bias``, float32; ``codes`` name the columns; ``trained_on`` are the ascending
    hashes of the texts it has learned from, so that no evaluation counts them.
    """

    name: str
    codes: tuple[str, ...]
    codebook_hash: str
    masks_hash: str
    encoder: Encoder
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    calibration: Calibration
    thresholds: Thresholds
    trained_on: NDArray[np.uint64]
    about: Mapping[str, Any]

    def score(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Units x themes: the linear scores, each row from its own text alone."""
        features = self.encoder.encode(texts)
        scores: NDArray[np.float64] = (features @ self.weights + self.bias).astype(np.float64)
        return scores

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The numbers by name, as they are written to a file."""
        words = "\n".join(self.encoder.words).encode("utf-8")
        return {
            "bias": self.bias,
            "calibration_bias": self.calibration.bias.astype(np.float64),
            "idf": self.encoder.idf,
            "keys": self.encoder.keys,
            "trained_on": self.trained_on,
            "weights": self.weights,
            "words": np.frombuffer(words, dtype=np.uint8),
        }

    def settings(self) -> dict[str, Any]:
        """The few values beside the arrays that decide what it says."""
        return {
            "format": FORMAT,
            "name": self.name,
            "codes": list(self.codes),
            "codebook": self.codebook_hash,
            "masks": self.masks_hash,
            "calibration": {"own": self.calibration.own, "rival": self.calibration.rival},
            "thresholds": {"first": self.thresholds.first, "more": self.thresholds.more},
        }

    @cached_property
    def hash(self) -> str:
        """SHA-256 over all that decides what it says."""
        digest = hashlib.sha256(hash_value(self.settings()).encode())
        for name, array in sorted(self.arrays().items()):
            digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode() + np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    @property
    def id(self) -> str:
        """Its name and the first digits of its hash: what stands beside every label it gives."""
        return f"{self.name}:{self.hash[:HASH_DIGITS]}"


def hash_texts(texts: Sequence[str]) -> NDArray[np.uint64]:
    """A 64-bit BLAKE2b hash of each text, in order."""
    digests = [hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest() for text in texts]
    return np.array([int.from_bytes(digest, "big") for digest in digests], dtype=np.uint64)


def unseen_examples(model: ThemeModel, examples: Sequence[Example]) -> tuple[Example, ...]:
    """The examples whose text the model has not learned from, in order: those an evaluation may count."""
    seen = np.isin(hash_texts([example.unit.text for example in examples]), model.trained_on)
    return tuple(example for example, known in zip(examples, seen, strict=True) if not known)
