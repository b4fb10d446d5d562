"""The choices behind every figure of this room, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gknlp.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class ReuseConfig:
    """What counts as copied text.

    Parameters
    ----------
    shingle_length : folded characters that must agree in a row before two places are compared. 12 is about six Chinese
        words: longer than the set phrases of the genre (政府信息公开工作 is 8), short enough to survive between light edits.
    min_passage : folded characters of the shortest passage (复用段). 20 is a short clause; every exact run this long that
        an earlier document has is found.
    max_gap : folded characters that may differ between two exact runs of one passage, on either side. 8 is a changed
        name or number with its measure word; with 12-character runs it keeps similarity above about 0.6.
    formula_share : share of the agencies that must have a stretch of ``min_passage`` characters for it to be formula
        (套话). 0.30 is the lower bound of boilerplate in Lang & Stice-Lawrence 2015; their ceiling of 0.75 is not taken
        over, because what the law prescribes is already apart as mandated text.
    formula_min_agencies : and at least so many agencies. Without it two of four reports would make a formula.
    longer_shingles : the longer wording by which a source is chosen, in shingles. 4 are 48 characters, about two clauses:
        where those were published first elsewhere than their first shingle, the place that has the whole counts too.
    viral_min_agencies : agencies from which on a wording that is no formula is viral (传播语) instead of shared between a
        few. 10 is more than the neighbours who exchange drafts, and in small corpora formula sets in before.
    cluster_overlap : two source stretches belong to one span cluster (复用簇) if they overlap by this share of the longer.
        One half is the least at which a stretch cannot sit in two clusters that have nothing in common.

    Raises
    ------
    UsageError : a value outside its range.

    Source: Lang & Stice-Lawrence 2015, Journal of Accounting and Economics 60(2-3).
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    shingle_length: int = 12
    min_passage: int = 20
    max_gap: int = 8
    formula_share: float = 0.30
    formula_min_agencies: int = 5
    longer_shingles: int = 4
    viral_min_agencies: int = 10
    cluster_overlap: float = 0.5

    def __post_init__(self) -> None:
        ranges = (
            ("shingle_length", self.shingle_length >= 2, "at least 2"),
            ("min_passage", self.min_passage >= self.shingle_length, "at least shingle_length"),
            ("max_gap", self.max_gap >= 0, "at least 0"),
            ("formula_share", 0 < self.formula_share <= 1, "above 0 and at most 1"),
            ("formula_min_agencies", self.formula_min_agencies >= 2, "at least 2"),
            ("longer_shingles", self.longer_shingles >= 2, "at least 2"),
            ("viral_min_agencies", self.viral_min_agencies >= 2, "at least 2"),
            ("cluster_overlap", 0 < self.cluster_overlap <= 1, "above 0 and at most 1"),
        )
        for name, holds, allowed in ranges:
            if not holds:
                raise UsageError(f"reuse: {name} is {getattr(self, name)}; it must be {allowed}")
