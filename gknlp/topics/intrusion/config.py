"""How many tasks people are given, and of what kind, as a frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gknlp.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class IntrusionConfig:
    """Tests of a topic model by people; a count of 0 leaves a test out."""

    words: int = 1
    """Word tasks a topic: its five first words and an intruder. They repeat those five, so more than one says little."""
    sets: int = 5
    """Word-set tasks a topic: sets are drawn anew each time, so several tell how steady a topic is."""
    documents: int = 16
    """Document tasks in all, spread evenly over the topics that lead a report."""
    max_chars: int = 3000
    """Reports with more narrative than that are not shown: nobody reads them to the end."""
    sections: tuple[str, ...] = ("overview", "problems_improvements", "other_matters", "summary", "other")
    """Sections whose units are shown; those that the topics were fitted to."""
    seed: int = 20210930
    """Another seed, other tasks from the same model."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        """Refuse counts below 0, and no task at all."""
        for name in ("words", "sets", "documents", "seed"):
            if getattr(self, name) < 0:
                raise UsageError(f"{name} is {getattr(self, name)}; give a whole number of at least 0")
        if not self.words + self.sets + self.documents:
            raise UsageError("words, sets and documents are all 0, so there is no task; raise one of them")
        if not 1 <= self.max_chars <= 30_000:
            raise UsageError(f"max_chars is {self.max_chars}; use 1 to 30000, which is what a cell can hold")
