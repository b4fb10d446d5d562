"""The question asked of topic shares, as a frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gknlp.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectsConfig:
    """share of a topic ~ terms, errors clustered by agency."""

    terms: tuple[str, ...] = ("year", "level")
    """Columns of ``reports`` or of ``covariates``. Numbers enter linearly, texts and truth values as categories;
    ``C(year)`` takes numbers as categories, too."""
    reference: tuple[str, ...] = ()
    """Categories that others are compared with, as ``level=county``; else the most frequent one, or the least number."""
    cluster: str = "agency_id"
    """Whose reports belong together: their errors may go together in any way."""
    draws: int = 0
    """0 gives the limit of infinitely many draws in closed form; from 2 on so many are drawn, as stm does (25 there)."""
    seed: int = 20210930
    """Where draws come from; unused with ``draws = 0``."""
    confidence: float = 0.95
    """What share of intervals should hold the truth."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        """Refuse values that no estimate can use."""
        if not self.terms:
            raise UsageError("terms names no column; name at least one, such as year")
        if len(set(self.terms)) < len(self.terms):
            raise UsageError(f"terms names a column twice: {', '.join(self.terms)}")
        if self.draws == 1 or self.draws < 0:
            raise UsageError(f"draws is {self.draws}; use 0 (closed form) or at least 2")
        if not 0 < self.confidence < 1:
            raise UsageError(f"confidence is {self.confidence}; use a share between 0 and 1, such as 0.95")
        if self.seed < 0:
            raise UsageError(f"seed is {self.seed}; give a whole number of at least 0")
        for pair in self.reference:
            if not all(pair.partition("=")):
                raise UsageError(f"reference has {pair!r}; write term=category, such as level=county")
