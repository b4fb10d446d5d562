"""Which themes a unit's place in the report allows, as masks over the codebook's codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gknlp.themes.classifier import UnitText
from gknlp.themes.codebook import Codebook

Masks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Allowed:
    """Units x codes: ``labels`` that a unit may get, and the ``rivals`` that its scores are compared with."""

    labels: Masks
    rivals: Masks


def allow_themes(codebook: Codebook, units: Sequence[UnitText]) -> Allowed:
    """The masks of some units, in order.

    Structural classes are allowed everywhere; in sections that no family codes they alone are, and must then outdo all
    themes. Where the codebook gives whole sections to one theme, that theme alone is allowed.
    """
    rows: dict[tuple[str, str | None], int] = {}
    index = np.array([rows.setdefault((unit.section, unit.part), len(rows)) for unit in units], dtype=np.int64)
    masks = [_mask_place(codebook, section, part) for section, part in rows]
    labels = np.array([mask for mask, _ in masks], dtype=bool).reshape(len(masks), len(codebook.codes))
    rivals = np.array([mask for _, mask in masks], dtype=bool).reshape(len(masks), len(codebook.codes))
    return Allowed(labels[index], rivals[index])


def _mask_place(codebook: Codebook, section: str, part: str | None) -> tuple[list[bool], list[bool]]:
    structural = {theme.code for theme in codebook.structural}
    whole = [theme.code for theme in codebook.structural if section in theme.whole_sections]
    if whole:
        only = [code == whole[0] for code in codebook.codes]
        return only, only
    themes = {theme.code for theme in codebook.admissible(section, part)}
    labels = [code in themes or code in structural for code in codebook.codes]
    return labels, (labels if themes else [True] * len(labels))
