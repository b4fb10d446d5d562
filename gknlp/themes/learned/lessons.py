"""Labelled units and the codebook itself as what is learned from: texts, label weights, rivals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gknlp.themes.classifier import UnitText
from gknlp.themes.codebook import Codebook
from gknlp.themes.learned.encode import Encoder
from gknlp.themes.learned.examples import Example
from gknlp.themes.learned.fit import Lesson
from gknlp.themes.learned.places import allow_themes

_UNDIVIDED = 0.5  # weight of a unit of section five read as if nobody had told its part


@dataclass(frozen=True, slots=True)
class _Row:
    unit: UnitText
    labels: tuple[str, ...]
    weight: float


def prepare_lesson(
    examples: Sequence[Example], codebook: Codebook, encoder: Encoder, *, example_weight: float, cue_weight: float
) -> Lesson:
    """All rows to learn from, in an order that only content decides.

    A unit's labels share its weight 1, the primary twice as much as each other. Units of section five come a second
    time without their part, as some reports do not part it. What the codebook shows - positive examples, counterexamples
    under the theme they have instead, ambiguous cases - and its word cues are units, too, of the weights given (0 leaves
    them out).
    """
    rows = [_Row(example.unit, example.labels, 1.0) for example in examples]
    rows += [_Row(replace(row.unit, part=None), row.labels, _UNDIVIDED) for row in rows if row.unit.part is not None]
    if example_weight:
        rows += codebook_rows(codebook, example_weight)
    if cue_weight:
        rows += cue_rows(codebook, cue_weight)
    labels = _label_weights(rows, codebook)
    rivals = allow_themes(codebook, [row.unit for row in rows]).rivals | (labels > 0)
    return Lesson(encoder.encode([row.unit.text for row in rows]), labels, rivals)


def codebook_rows(codebook: Codebook, weight: float) -> list[_Row]:
    """The codebook's examples as units of the first section that the family of their theme codes; its ambiguous cases."""
    shown = [(theme.code, text) for theme in codebook.themes for text in theme.positive]
    shown += [(other.instead, other.text) for theme in codebook.themes for other in theme.negative]
    rows = [
        _Row(UnitText(*_place_of(codebook, codebook.theme(code).family), "", text), (code,), weight)
        for code, text in dict.fromkeys(shown)
    ]
    cases = [_Row(UnitText(case.section, case.part, "", case.text), case.labels, weight) for case in codebook.ambiguous]
    return rows + cases


def cue_rows(codebook: Codebook, weight: float) -> list[_Row]:
    """The codebook's word cues as tiny units, each of ``weight`` times its own weight: what its authors know."""
    return [
        _Row(UnitText(*_place_of(codebook, theme.family), "", word), (theme.code,), weight * cue.weight)
        for theme in codebook.themes
        for cue in theme.cues
        if cue.pattern is None and not cue.all_of
        for word in cue.any_of
    ]


def cue_words(codebook: Codebook) -> tuple[str, ...]:
    """The words of those cues, each once."""
    return tuple(dict.fromkeys(row.unit.text for row in cue_rows(codebook, 1.0)))


def _place_of(codebook: Codebook, family: str) -> tuple[str, str | None]:
    """A section and part that this family codes; for structural classes one that all sections of section one share."""
    found = codebook.family(family)
    if found.is_structural:
        return _place_of(codebook, next(item.code for item in codebook.families if not item.is_structural))
    return found.sections[0], found.part


def _label_weights(rows: Sequence[_Row], codebook: Codebook) -> NDArray[np.float64]:
    columns = {code: column for column, code in enumerate(codebook.codes)}
    labels = np.zeros((len(rows), len(columns)))
    for number, row in enumerate(rows):
        shares = [2.0] + [1.0] * (len(row.labels) - 1)
        for code, share in zip(row.labels, shares, strict=True):
            labels[number, columns[code]] += row.weight * share / sum(shares)
    return labels
