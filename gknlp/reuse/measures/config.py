"""The choices behind every figure of the table of measures, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gknlp.errors import UsageError
from gknlp.reuse.measures.boilerplate import CEILING, FLOOR
from gknlp.reuse.measures.novelty import BLOCK
from gknlp.reuse.measures.texts import UNITS


@dataclass(frozen=True, slots=True)
class GramLengths:
    """Tokens of an n-gram by measure."""

    boilerplate: int
    stickiness: int
    redundancy: int
    shingle: int


_LENGTHS = {"words": GramLengths(4, 8, 10, 4), "chars": GramLengths(8, 16, 20, 8)}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureConfig:
    """How reports are measured.

    Parameters
    ----------
    unit : ``words`` as in the papers, or ``chars``. n-grams of characters are twice as long, a Chinese word having about
        two: 4 and 8 for boilerplate_share and shingles, 8 and 16 for stickiness, 10 and 20 for redundancy_within.
    min_group : reports that a reference group must have. Below 5 the floor of 30 % is a single other report.
    floor, ceiling : bounds of boilerplate_share, those of Lang & Stice-Lawrence 2015. The column without the ceiling is
        always there, too, because national form wording sits above it.
    degree : of the polynomial in length that modification_score_adjusted takes out; Brown & Tucker's 5.
    block : characters of the shortest block that novelty_share takes for found elsewhere.
    near_copy : two reports are in one cluster for template_prototype where so much of each is in the other. One half is
        the least at which what they share is most of both.
    max_cells : tokens of one text times tokens of the other up to which two are aligned; above it alignment_score,
        sim_minedit and sim_simple are null, and a text so large is in no cluster. 400 million is two texts of 20,000
        tokens (a report has about 1,000) and took 0.6 s; the time grows with the product.

    Raises
    ------
    UsageError : a value outside its range.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    unit: str = "words"
    min_group: int = 5
    floor: float = FLOOR
    ceiling: float = CEILING
    degree: int = 5
    block: int = BLOCK
    near_copy: float = 0.5
    max_cells: int = 400_000_000

    def __post_init__(self) -> None:
        ranges = (
            ("unit", self.unit in UNITS, f"one of {list(UNITS)}"),
            ("min_group", self.min_group >= 2, "at least 2"),
            ("floor", 0 < self.floor <= self.ceiling, "above 0 and at most the ceiling"),
            ("ceiling", self.ceiling <= 1, "at most 1"),
            ("degree", self.degree >= 0, "at least 0"),
            ("block", self.block >= 1, "at least 1"),
            ("near_copy", 0 < self.near_copy <= 1, "above 0 and at most 1"),
            ("max_cells", self.max_cells >= 1, "at least 1"),
        )
        for name, holds, allowed in ranges:
            if not holds:
                raise UsageError(f"measures: {name} is {getattr(self, name)!r}; it must be {allowed}")

    @property
    def lengths(self) -> GramLengths:
        """Tokens of each measure's n-grams in this unit."""
        return _LENGTHS[self.unit]
