"""A sample of distinct units for coders, in three strata: random, uncertain, diverse.

Only the random stratum says anything about the corpus: its inclusion probabilities are known, and every estimate is
weighted by their inverse. The other two are chosen on purpose, to teach a classifier; they have no weight.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import pyarrow as pa

from gknlp.errors import NotEnoughTextError, UsageError
from gknlp.manifest import hash_text, hash_value
from gknlp.themes.coding.cells import make_cells
from gknlp.themes.coding.diversity import choose_farthest
from gknlp.themes.coding.frame import Frame, FrameUnit

RANDOM, UNCERTAIN, DIVERSE = "random", "uncertain", "diverse"
STRATA = (RANDOM, UNCERTAIN, DIVERSE)
_ID_DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleConfig:
    """How many units, and which.

    n : distinct units in all (a few more where sections need their least number of random draws). 300 is two or three
        days of one coder.
    random_share : kept for evaluation and prevalences. Half: 150 units give a share of 0.5 within 8 points (95 %),
        and the taxonomy's plan asks for 200 units of agreement or more in all.
    uncertain_share : units closest to a threshold or without a label, where a label teaches most; the rest is diverse,
        so that wordings that no classifier is uncertain about, because it knows none like them, are seen as well.
    abstained_share : at most this share of the uncertain stratum has no label at all; otherwise a weak classifier
        fills it with them.
    threshold : the score that made a label in the given classification, for all themes.
    n_candidates : most units looked at for the diverse stratum, drawn by their hash; time grows with it.
    seed : another seed, another sample.
    """

    n: int = 300
    random_share: float = 0.5
    uncertain_share: float = 0.3
    abstained_share: float = 0.5
    threshold: float = 0.33
    n_candidates: int = 20_000
    seed: int = 20210930

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if self.n < 1 or self.n_candidates < 1:
            raise UsageError(f"n and n_candidates must be 1 or more, found {self.n} and {self.n_candidates}")
        for name in ("random_share", "uncertain_share", "abstained_share", "threshold"):
            if not 0 <= getattr(self, name) <= 1:
                raise UsageError(f"{name} must lie in 0..1, found {getattr(self, name)}")
        if self.random_share + self.uncertain_share > 1:
            raise UsageError("random_share and uncertain_share add up to more than 1")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A unit of the sample: its stratum, and for the random one its cell and 1 / its inclusion probability."""

    unit: FrameUnit
    stratum: str
    cell: str = ""
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """The drawn units in the order of the sheet; ``id`` names this draw: frame, seed and sizes."""

    id: str
    rows: tuple[Drawn, ...]

    def counts(self) -> dict[str, int]:
        """Units by stratum."""
        return {name: sum(row.stratum == name for row in self.rows) for name in STRATA}


def draw_sample(frame: Frame, *, labels: pa.Table, config: SampleConfig | None = None) -> Sample:
    """The sample of a frame; the same for the same content and seed, whatever the order of rows.

    Parameters
    ----------
    labels : the table ``theme_labels`` of any classifier of this corpus; a unit without a row there counts as one that
        it abstained on. Only the uncertain stratum looks at it.

    Raises
    ------
    NotEnoughTextError : the frame has no units. (A frame smaller than ``n`` is sampled whole.)
    """
    config = config or SampleConfig()
    if not frame.units:
        raise NotEnoughTextError(
            "no unit of this corpus stands in a section that the codebook codes: nothing to sample"
        )
    n = min(config.n, len(frame.units))
    n_random = round(n * config.random_share)
    rows = _draw_random(frame.units, n_random, config.seed)
    n_uncertain = max(0, min(round(n * config.uncertain_share), n - len(rows)))
    taken = {row.unit.id for row in rows}
    rest = [unit for unit in frame.units if unit.id not in taken]
    distances = _distances(frame, labels, config.threshold)
    rows += [Drawn(unit, UNCERTAIN) for unit in _choose_uncertain(rest, distances, n_uncertain, config)]
    taken = {row.unit.id for row in rows}
    rest = _shuffled((unit for unit in frame.units if unit.id not in taken), config.seed)[: config.n_candidates]
    texts = [unit.text for unit in rest]
    places = choose_farthest(texts, chosen=[row.unit.text for row in rows], n=n - len(rows))
    rows += [Drawn(rest[place], DIVERSE) for place in places]
    rows.sort(key=lambda row: _rank(row.unit.id, config.seed, "order"))
    identity: list[Any] = [[row.unit.id, row.stratum, row.weight] for row in rows]
    return Sample(hash_value([identity, asdict(config)])[:_ID_DIGITS], tuple(rows))


def _draw_random(units: Sequence[FrameUnit], n: int, seed: int) -> list[Drawn]:
    """Simple random sampling without replacement in each cell: the units with the smallest hash of seed and id."""
    return [
        Drawn(unit, RANDOM, cell.name, cell.weight)
        for cell in make_cells(units, n=n)
        for unit in _shuffled(cell.units, seed)[: cell.n_drawn]
    ]


def _shuffled(units: Iterable[FrameUnit], seed: int) -> list[FrameUnit]:
    return sorted(units, key=lambda unit: _rank(unit.id, seed, "draw"))


def _rank(unit_id: str, seed: int, purpose: str) -> str:
    return hash_text(f"{purpose}:{seed}:{unit_id}")


def _distances(frame: Frame, labels: pa.Table, threshold: float) -> dict[str, float | None]:
    """How far the score nearest to the threshold is from it, by id; None where the classifier abstained."""
    columns = [labels.column(name).to_pylist() for name in ("doc_id", "unit_id", "scores", "abstained")]
    distances: dict[str, float | None] = {}
    for doc_id, unit_id, scores, abstained in zip(*columns, strict=True):
        key = frame.ids.get((doc_id, unit_id))
        if key is not None and key not in distances:
            gaps = [abs(score["score"] - threshold) for score in scores or ()]
            distances[key] = None if abstained else round(min(gaps, default=1.0), 9)
    return distances


def _choose_uncertain(
    units: Sequence[FrameUnit], distances: Mapping[str, float | None], n: int, config: SampleConfig
) -> list[FrameUnit]:
    shuffled = _shuffled(units, config.seed)
    abstained = [unit for unit in shuffled if distances.get(unit.id) is None]
    labelled = [unit for unit in shuffled if distances.get(unit.id) is not None]
    labelled.sort(key=lambda unit: distances[unit.id] or 0.0)
    n_abstained = min(len(abstained), round(n * config.abstained_share))
    return (abstained[:n_abstained] + labelled + abstained[n_abstained:])[:n]
