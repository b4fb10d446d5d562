"""What the measures take for granted of the codebook and of a fair comparison, as data of an experiment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gknlp.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class RhetoricConfig:
    """Which themes count as what, and how alike a deed must be to a promise.

    structural : codes that are no content; such units enter no share and no length.
    no_problem : codes that name no problem.
    light_problems : problems that cost nobody anything to admit; after Li Xue and Fang Li 2026, the list is ours.
    claims : themes by which an agency claims to handle requests; weighed against its tables (decoupling).
    min_similarity : cosine of character bigrams (idf weights) from which a deed is taken for the promised one. 0.25
        tells the made-up pairs of tests/rhetoric/test_measures.py apart; it is not measured on coded pairs.
    min_reference : reports that a reference group (same form, year, level) needs before a z-score is given; below
        five a standard deviation says nothing.
    """

    structural: tuple[str, ...] = ("S1", "S2", "S3")
    no_problem: tuple[str, ...] = ("P00",)
    light_problems: tuple[str, ...] = ("P01", "P02", "P04", "P06", "P07", "P11")
    claims: tuple[str, ...] = ("O08",)
    min_similarity: float = 0.25
    min_reference: int = 5

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if not 0 < self.min_similarity <= 1:
            raise UsageError(f"min_similarity must lie above 0 and at most at 1, found {self.min_similarity}")
        if self.min_reference < 2:
            raise UsageError(f"min_reference must be 2 or more, found {self.min_reference}: one report has no spread")
