"""What a kept topic model and a comparison of numbers of topics are asked, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from gknlp.errors import UsageError
from gknlp.topics.config import TopicConfig

Method = Literal["lda", "nmf", "seeded", "reference"]
METHODS: tuple[Method, ...] = ("lda", "nmf", "seeded", "reference")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelConfig(TopicConfig):
    """How a topic model is fitted several times, and which of its fits is kept."""

    method: Method = "lda"
    """lda: own batch LDA; nmf: of TF-IDF; seeded: LDA drawn to the words of ``cues``; reference: scikit-learn's batch LDA."""
    n_runs: int = 10
    """Fits from ``seed``, ``seed`` + 1, ...; the one most like the others is kept. Of 10, stability is known to about 0.1."""
    max_iter: int = 100
    """Passes over the documents at most; a fit mostly stops after 20 to 50."""
    tolerance: float = 1e-3
    """A fit stops when no topic moves by more than this share of its mass in a pass."""
    unstable_below: float = 0.5
    """A topic whose mean cosine with its partners in the other fits is lower is marked unstable."""
    cues: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Words for each seeded topic by its name, such as a codebook's cues; further topics are free."""
    cue_weight: float = 0.01
    """Prior weight of a seeded topic's words: this share of all counted words; Watanabe & Baturo (2024) use 0.01."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Names given by people, by the topic's permanent id (``topics.topic_id``)."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        """Refuse values that no fit can use."""
        TopicConfig.__post_init__(self)
        check_method(self.method)
        if self.n_runs < 1:
            raise UsageError(f"n_runs is {self.n_runs}; give 1 or more (1 says nothing of stability)")
        for name in ("tolerance", "unstable_below", "cue_weight"):
            if not 0 <= getattr(self, name) <= 1:
                raise UsageError(f"{name} is {getattr(self, name)}; it is a share, so give 0 to 1")
        if self.method == "seeded" and not self.cues:
            raise UsageError("method 'seeded' needs cues: words for each topic by its name, such as a codebook's")
        if self.method == "seeded" and len(self.cues) > self.n_topics:
            raise UsageError(f"cues name {len(self.cues)} topics and n_topics is {self.n_topics}; raise n_topics")
        if self.method != "seeded" and self.cues:
            raise UsageError(f"method {self.method!r} takes no cues; use 'seeded', or leave cues out")


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepConfig(ModelConfig):
    """Numbers of topics to compare; ``n_topics`` is not used, the rest holds for each."""

    grid: tuple[int, ...] = (5, 10, 15, 20, 30)
    """Numbers of topics to compare."""
    held_out: float = 0.2
    """Share of the documents that no fit sees and on which perplexity is measured."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        """Refuse a grid that nothing can be compared on."""
        ModelConfig.__post_init__(self)
        if not self.grid or min(self.grid) < 2 or len(set(self.grid)) < len(self.grid):
            raise UsageError(f"grid is {self.grid}; give different numbers of topics, each at least 2")
        if not 0 < self.held_out < 1:
            raise UsageError(
                f"held_out is {self.held_out}; it is a share of documents, so give more than 0 and less than 1"
            )


def check_method(method: str) -> None:
    """Raise UsageError for a method that is none of ``METHODS``."""
    if method not in METHODS:
        raise UsageError(f"method is {method!r}; use one of: {', '.join(METHODS)}")
