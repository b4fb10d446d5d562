"""The dictionary classifier (词典分类): weighted cues of the codebook, added up. No learning, every label explicable.

Score of a theme = w / (1 + w), rounded to four decimals, where w = the weights of its distinct cues that the text
has + ``heading_weight`` x the weights of those that the sub-heading has, the latter counted up to 1. One ordinary
cue (weight 1) gives 0.5, two give 0.67, none gives 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from gknlp.errors import UsageError
from gknlp.themes.classifier import Coding, UnitText, label_units
from gknlp.themes.codebook import Codebook, Theme
from gknlp.themes.cues import fold_text
from gknlp.themes.index import build_index, sum_weights

METHOD = "dictionary.v1"
HASH_DIGITS = 12
N_DECIMALS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DictionaryConfig:
    """How much evidence makes a label.

    threshold : lowest score that makes a label. 0.33 is reached by one ordinary cue in the text or one in the
        heading, and not by one that only supports (0.3 gives 0.23).
    heading_weight : worth of a cue in the sub-heading beside one in the text; below 1, since a heading tells what
        the units under it are about on the whole and decides only between equals.
    max_labels : most labels of a unit, the codebook's rule for coders too.
    """

    threshold: float = 0.33
    heading_weight: float = 0.5
    max_labels: int = 3

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if not 0 < self.threshold < 1:
            raise UsageError(f"threshold must lie between 0 and 1, found {self.threshold}")
        if not 0 <= self.heading_weight <= 1:
            raise UsageError(f"heading_weight must lie in 0..1, found {self.heading_weight}")
        if self.max_labels < 1:
            raise UsageError(f"max_labels must be 1 or more, found {self.max_labels}")


@dataclass(frozen=True, slots=True)
class _Evidence:
    theme: Theme
    score: float
    in_text: bool


class _Lexicon:
    """The themes that a place in the report allows, their cues indexed; headings, which recur, weighed once."""

    def __init__(self, themes: tuple[Theme, ...]) -> None:
        self.themes = themes
        self._index = build_index([theme.cues for theme in themes])
        self._headings: dict[str, tuple[float, ...]] = {}

    def weigh(self, folded: str) -> tuple[float, ...]:
        return sum_weights(self._index, folded)

    def weigh_heading(self, folded: str) -> tuple[float, ...]:
        if folded not in self._headings:
            self._headings[folded] = tuple(min(1.0, weight) for weight in self.weigh(folded))
        return self._headings[folded]


@dataclass(frozen=True, slots=True)
class DictionaryClassifier:
    """A `gknlp.themes.classifier.Classifier` that adds up a codebook's cues."""

    codebook: Codebook
    config: DictionaryConfig = DictionaryConfig()

    @property
    def model(self) -> str:
        """``dictionary.v1:`` and the first digits of the codebook's hash."""
        return f"{METHOD}:{self.codebook.hash[:HASH_DIGITS]}"

    def classify(self, items: Sequence[UnitText]) -> list[Coding]:
        """One coding an item: structural classes first, then the themes of the families that code its section.

        A text without a letter or digit abstains, whatever its heading. Fallback themes are given only where no
        other theme of which the text has a cue reaches the threshold; the heading alone codes a unit only where the
        text gives no label at all.

        >>> from gknlp.themes.codebook import load_codebook
        >>> classifier = DictionaryClassifier(load_codebook())
        >>> classifier.classify([UnitText("overview", None, "", "举办公开业务培训班两期。")])[0].labels
        ('O18',)
        """
        structure = _Lexicon(self.codebook.structural)
        lexicons: dict[tuple[str, str | None], _Lexicon] = {}
        codings = []
        for item in items:
            text = fold_text(item.text)
            coding = self._code_structure(item.section, text, structure)
            if coding is None:
                place = item.section, item.part
                lexicon = lexicons.get(place) or lexicons.setdefault(place, _Lexicon(self.codebook.admissible(*place)))
                coding = self._code_content(text, fold_text(item.heading), lexicon)
            codings.append(coding)
        return codings

    def _code_structure(self, section: str, text: str, lexicon: _Lexicon) -> Coding | None:
        """The structural class of a text; None for one with content; abstention for one without a letter or digit."""
        if not any(character.isalnum() for character in text):
            return Coding()
        for theme in lexicon.themes:
            if section in theme.whole_sections:
                return Coding((theme.code,), ((theme.code, 1.0),))
        weights = zip(lexicon.themes, lexicon.weigh(text), strict=True)
        evidence = _rank(_Evidence(theme, score_weight(weight), True) for theme, weight in weights)
        if not evidence or evidence[0].score < self.config.threshold:
            return None
        return _coding((evidence[0].theme.code,), evidence)

    def _code_content(self, text: str, heading: str, lexicon: _Lexicon) -> Coding:
        weights = zip(lexicon.themes, lexicon.weigh(text), lexicon.weigh_heading(heading), strict=True)
        evidence = _rank(
            _Evidence(theme, score_weight(own + self.config.heading_weight * above), own > 0)
            for theme, own, above in weights
        )
        return _coding(self._choose_labels(evidence), evidence)

    def _choose_labels(self, evidence: list[_Evidence]) -> tuple[str, ...]:
        reached = [item for item in evidence if item.score >= self.config.threshold]
        tiers: tuple[Iterable[_Evidence], ...] = (
            (item for item in reached if item.in_text and not item.theme.fallback),
            (item for item in reached if item.in_text and item.theme.fallback),
            (item for item in reached if not item.in_text and not item.theme.fallback),
        )
        for tier in tiers:
            labels = tuple(item.theme.code for item in tier)
            if labels:
                return labels[: self.config.max_labels]
        return ()


def classify_units(units: pa.Table, *, codebook: Codebook, config: DictionaryConfig | None = None) -> pa.Table:
    """The table ``theme_labels`` by the dictionary: one row a unit; an empty table for no units.

    Parameters
    ----------
    units : the corpus table, in any order; each distinct (section, part, heading, text) is classified once.
    codebook : whose cues decide; its hash is part of the column ``model``.
    config : how much evidence makes a label; the defaults where absent.
    """
    return label_units(units, classifier=DictionaryClassifier(codebook, config or DictionaryConfig()))


def score_weight(weight: float) -> float:
    """A sum of cue weights squashed to 0..1: w / (1 + w), rounded.

    >>> score_weight(2.0)
    0.6667
    """
    return round(weight / (1 + weight), N_DECIMALS)


def _rank(evidence: Iterable[_Evidence]) -> list[_Evidence]:
    """What scores above 0, strongest first; the sort is stable, so equal scores stay in codebook order."""
    return sorted((item for item in evidence if item.score > 0), key=lambda item: -item.score)


def _coding(labels: tuple[str, ...], evidence: list[_Evidence]) -> Coding:
    return Coding(labels, tuple((item.theme.code, item.score) for item in evidence))
