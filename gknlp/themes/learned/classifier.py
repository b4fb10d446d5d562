"""A trained model as a `gknlp.themes.classifier.Classifier`: units in, codings out, each from its own text and place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gknlp.errors import UsageError
from gknlp.themes.classifier import Coding, UnitText
from gknlp.themes.codebook import Codebook
from gknlp.themes.learned.decide import Thresholds, choose_labels, code_units, lonely_themes
from gknlp.themes.learned.model import ThemeModel
from gknlp.themes.learned.places import allow_themes

_BATCH = 8192


@dataclass(frozen=True, slots=True)
class LearnedClassifier:
    """A model applied by a codebook. ``threshold``: abstain below this probability instead of below the model's own."""

    theme_model: ThemeModel
    codebook: Codebook
    threshold: float | None = None

    def __post_init__(self) -> None:
        if self.codebook.codes != self.theme_model.codes:
            raise UsageError(f"the model {self.theme_model.name} knows other themes than this codebook: train it again")
        if self.threshold is not None and not 0 <= self.threshold <= 1:
            raise UsageError(f"threshold must lie in 0..1, found {self.threshold}")

    @property
    def model(self) -> str:
        """The model's name and the first digits of its hash."""
        return self.theme_model.id

    def classify(self, items: Sequence[UnitText]) -> list[Coding]:
        """One coding an item: labels by descending probability, scores of all themes that are likely at all.

        A text without a letter or digit abstains and has no scores. No item changes another's coding.
        """
        lonely, thresholds = lonely_themes(self.codebook), self._thresholds()
        codings: list[Coding] = []
        for first in range(0, len(items), _BATCH):
            probabilities = self.estimate(items[first : first + _BATCH])
            given = choose_labels(probabilities, thresholds, lonely)
            codings += code_units(probabilities, given, self.codebook.codes)
        return codings

    def estimate(self, items: Sequence[UnitText]) -> NDArray[np.float64]:
        """Items x themes: the calibrated probability that coders would give the label; 0 where the place rules it out."""
        texts = [item.text for item in items]
        scores = self.theme_model.score(texts)
        probabilities = self.theme_model.calibration.apply(scores, allow_themes(self.codebook, items))
        probabilities[[not any(map(str.isalnum, text)) for text in texts]] = 0.0
        return probabilities

    def _thresholds(self) -> Thresholds:
        own = self.theme_model.thresholds
        if self.threshold is None:
            return own
        return Thresholds(self.threshold, max(own.more, self.threshold))
