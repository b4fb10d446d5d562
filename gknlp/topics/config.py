"""The question a topic model is asked, as a frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from gknlp.errors import UsageError
from gknlp.features.counts import CountConfig
from gknlp.schemas import STRATA


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicConfig:
    """How topics are fitted and how much of them is listed."""

    n_topics: int = 8
    """How many topics: the analyst's choice, since coherence does not choose it well; 8 fit on one page."""
    seed: int = 20210930
    """Where the random start comes from; any whole number from 0. Two refits use the next two (see ``stability``)."""
    max_iter: int = 60
    """Passes over the documents; a batch fit of reports changes little after about 50."""
    documents: Literal["auto", "reports", "units"] = "auto"
    """What counts as one document: all narrative of a report (steadier), or each unit (sharper, but very short).

    ``auto`` takes reports where there are at least three for each topic, else units; ``topics.documents`` says which.
    """
    sections: tuple[str, ...] = ("overview", "problems_improvements", "other_matters", "summary", "other")
    """Sections whose units are read: those with prose of the agency's own; the last two are the legacy forms'."""
    leave_out: tuple[str, ...] = ()
    """Theme codes (S1, S2, ...) whose units are left out, by ``theme_labels.primary``: wording that law prescribes."""
    leave_strata: tuple[str, ...] = ()
    """Strata of ``stretches`` (mandated, formula, ...) whose text is cut out of the units: with them, topics say what the
    law prescribes; without, what agencies add."""
    near_copies: Literal["keep", "weight"] = "keep"
    """``keep`` counts every document alike, ``weight`` each cluster of near-copies as one document: a copied text then
    makes no topic by being copied. Neither is the truth: report both where they differ."""
    resemblance: float = 0.8
    """Share of common 5-character shingles from which two documents are near-copies; formulas alone seldom reach it."""
    keep_names: bool = False
    """Keep the agency's name and the places in it; left out by default, or topics become places."""
    n_words: int = 15
    """Words listed for each topic."""
    n_examples: int = 5
    """Units shown for each topic, all of different wording."""
    words: CountConfig = field(default_factory=CountConfig)
    """Which words are counted."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        """Refuse values that no fit can use."""
        for name, least in {"n_topics": 2, "seed": 0, "max_iter": 1, "n_words": 1, "n_examples": 0}.items():
            if getattr(self, name) < least:
                raise UsageError(f"{name} is {getattr(self, name)}; give a whole number of at least {least}")
        if self.documents not in ("auto", "reports", "units"):
            raise UsageError(f"documents is {self.documents!r}; use one of: auto, reports, units")
        if self.near_copies not in ("keep", "weight"):
            raise UsageError(f"near_copies is {self.near_copies!r}; use one of: keep, weight")
        if not 0 < self.resemblance <= 1:
            raise UsageError(f"resemblance is {self.resemblance}; it is a share, so give more than 0 and at most 1")
        if unknown := sorted(set(self.leave_strata) - set(STRATA)):
            raise UsageError(f"leave_strata names {', '.join(unknown)}; use some of: {', '.join(STRATA)}")
        if not self.sections:
            raise UsageError("sections names no section, so there is no text to read; name at least one")
