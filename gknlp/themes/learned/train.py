"""Labelled units in, a trained model with its honest scores out."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
import scipy
import sklearn
from numpy.typing import NDArray

import gknlp
from gknlp.errors import UsageError
from gknlp.themes.classifier import Coding
from gknlp.themes.codebook import Codebook
from gknlp.themes.dictionary import DictionaryClassifier
from gknlp.themes.learned.calibrate import Calibration, fit_calibration
from gknlp.themes.learned.classifier import LearnedClassifier
from gknlp.themes.learned.decide import Thresholds, choose_labels, choose_thresholds, code_units, lonely_themes
from gknlp.themes.learned.encode import Encoder, EncoderConfig, fit_encoder
from gknlp.themes.learned.evaluate import Evaluation, evaluate_codings
from gknlp.themes.learned.examples import Example, hash_examples, sort_examples
from gknlp.themes.learned.fit import Linear, fit_linear
from gknlp.themes.learned.lessons import cue_words, prepare_lesson
from gknlp.themes.learned.masking import masks_hash
from gknlp.themes.learned.model import ThemeModel, hash_texts
from gknlp.themes.learned.places import Masks, allow_themes
from gknlp.themes.learned.splits import assign_folds, find_blocks, hold_out

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainConfig:
    """How a model is trained; the defaults are what the comparison in ``models/`` chose.

    name : of the model and its folder.
    encoder : what of a text is counted.
    method : how scores are fitted: ``choice`` (conditional logit), ``logistic``, ``margin`` (SVM), ``bayes``.
    penalty : ridge of the fit (smoothing for ``bayes``); found by cross-validation among training agencies.
    example_weight : weight of an example of the codebook beside a coded unit; they are wordings coders are shown.
    cue_weight : the same for a word cue of weight 1: less, for a word is less than a sentence; it costs half a point
        of F1 on units written for the gold corpus and wins several on stock wording that these avoid.
    held_out : share of the agencies' blocks kept for the evaluation and never learned from.
    n_folds : folds among the other agencies, for calibration and thresholds.
    """

    name: str = "themes-v1"
    encoder: EncoderConfig = field(default_factory=EncoderConfig)
    method: Literal["choice", "logistic", "margin", "bayes"] = "choice"
    penalty: float = 0.03
    example_weight: float = 1.0
    cue_weight: float = 0.5
    held_out: float = 0.25
    n_folds: int = 5

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if self.penalty <= 0:
            raise UsageError(f"penalty must be above 0, found {self.penalty}")
        if min(self.example_weight, self.cue_weight) < 0:
            raise UsageError("example_weight and cue_weight must not be negative")
        if not 0 < self.held_out < 1:
            raise UsageError(f"held_out must lie between 0 and 1, found {self.held_out}")
        if self.n_folds < 2:
            raise UsageError(f"n_folds must be 2 or more, found {self.n_folds}")


@dataclass(frozen=True, slots=True)
class Scorer:
    """An encoder and the linear scores on it: a model that cannot yet tell how sure it is."""

    encoder: Encoder
    linear: Linear

    def score(self, texts: Sequence[str]) -> Floats:
        """Units x themes, computed in float32 as a model on disk computes them."""
        weights, bias = self.linear.weights.astype(np.float32), self.linear.bias.astype(np.float32)
        scores: Floats = (self.encoder.encode(texts) @ weights + bias).astype(np.float64)
        return scores


@dataclass(frozen=True, slots=True)
class Trained:
    """A model; its ``scores`` and the ``dictionary``'s by the name of the units they were asked about; ``crossed``: the
    model's by cross-validation among the agencies it learned from.
    """

    model: ThemeModel
    scores: Mapping[str, Evaluation]
    crossed: Evaluation
    dictionary: Mapping[str, Evaluation]

    @property
    def held_out(self) -> Evaluation:
        """The model's scores on the held-out agencies."""
        return self.scores["held_out"]


def train_model(
    examples: Sequence[Example],
    *,
    codebook: Codebook,
    config: TrainConfig,
    others: Mapping[str, Sequence[Example]] | None = None,
    notes: str = "",
) -> Trained:
    """A model trained on most agencies, calibrated by folds among them, evaluated on the rest.

    The same examples in any order give the same model, whatever the number of cores and the hash seed.

    Parameters
    ----------
    others : further labelled units by name (``real`` for those of real reports), never learned from: the model's and the
        dictionary's scores on them stand on the card.
    notes : what people have to say about it (Markdown), for the card.

    Raises UsageError where the examples are of too few agencies to be parted.
    """
    parts = part_examples(examples, held_out=config.held_out, n_folds=config.n_folds)
    learned, kept = parts.learned, parts.held_out
    unseen = cross_score(learned, parts.folds, codebook=codebook, config=config)
    calibration, thresholds, codings = settle(learned, unseen, codebook)
    scorer = fit_scorer(learned, codebook=codebook, config=config)
    crossed = evaluate_codings(learned, codings, codebook=codebook)
    model = _model_of(scorer, calibration, thresholds, learned, codebook, config)
    asked = {"held_out": kept, **(others or {})}
    scores = {name: _ask(LearnedClassifier(model, codebook), units) for name, units in asked.items()}
    by_cues = {name: _ask(DictionaryClassifier(codebook), units) for name, units in asked.items()}
    about = {
        "data": _describe_data(parts),
        "config": asdict(config),
        "scores": {name: asdict(found) for name, found in (scores | {"crossed": crossed}).items()},
        "dictionary": {name: asdict(found) for name, found in by_cues.items()},
        "notes": notes,
        "versions": _versions(),
    }
    return Trained(_with_about(model, about), scores, crossed, by_cues)


def _ask(classifier: LearnedClassifier | DictionaryClassifier, examples: Sequence[Example]) -> Evaluation:
    codings = classifier.classify([example.unit for example in examples])
    learned = isinstance(classifier, LearnedClassifier)
    return evaluate_codings(examples, codings, codebook=classifier.codebook, probabilities=learned)


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Examples in their order, parted by blocks: those to learn from with the fold of each, those held out."""

    learned: tuple[Example, ...]
    folds: NDArray[np.int64]
    held_out: tuple[Example, ...]
    block_sizes: tuple[int, ...]


def part_examples(examples: Sequence[Example], *, held_out: float, n_folds: int) -> Parts:
    """Which examples are learned from and which are not; UsageError where they are of too few agencies."""
    examples = sort_examples(examples)
    blocks = find_blocks(examples)
    held = hold_out(blocks, held_out)
    learned = tuple(example for example, out in zip(examples, held, strict=True) if not out)
    kept = tuple(example for example, out in zip(examples, held, strict=True) if out)
    folds = assign_folds([block for block, out in zip(blocks, held, strict=True) if not out], n_folds)
    return Parts(learned, folds, kept, tuple(sorted(Counter(blocks).values(), reverse=True)))


def fit_scorer(examples: Sequence[Example], *, codebook: Codebook, config: TrainConfig) -> Scorer:
    """Vocabulary and weights learned from all of the examples, in whatever order."""
    examples = sort_examples(examples)
    encoder = fit_encoder(examples, config.encoder, always=cue_words(codebook) if config.cue_weight else ())
    lesson = prepare_lesson(
        examples, codebook, encoder, example_weight=config.example_weight, cue_weight=config.cue_weight
    )
    return Scorer(encoder, fit_linear(lesson, method=config.method, penalty=config.penalty))


def cross_score(
    examples: Sequence[Example], folds: NDArray[np.int64], *, codebook: Codebook, config: TrainConfig
) -> Floats:
    """Examples x themes: each example's scores by a fit that saw nothing of its fold, vocabulary included."""
    scores = np.zeros((len(examples), len(codebook.codes)))
    for fold in np.unique(folds):
        inside = folds == fold
        rest = [example for example, own in zip(examples, inside, strict=True) if not own]
        scorer = fit_scorer(rest, codebook=codebook, config=config)
        scores[inside] = scorer.score([examples[row].unit.text for row in np.flatnonzero(inside).tolist()])
    return scores


def settle(
    examples: Sequence[Example], scores: Floats, codebook: Codebook
) -> tuple[Calibration, Thresholds, list[Coding]]:
    """Calibration and thresholds for scores of units that were not learned from, and the codings that follow."""
    allowed = allow_themes(codebook, [example.unit for example in examples])
    gold = mark_labels(examples, codebook)
    calibration = fit_calibration(scores, allowed, gold)
    probabilities = calibration.apply(scores, allowed)
    lonely = lonely_themes(codebook)
    thresholds = choose_thresholds(probabilities, gold, lonely)
    given = choose_labels(probabilities, thresholds, lonely)
    return calibration, thresholds, code_units(probabilities, given, codebook.codes)


def mark_labels(examples: Sequence[Example], codebook: Codebook) -> Masks:
    """Examples x themes: which labels each has."""
    return np.array([[code in example.labels for code in codebook.codes] for example in examples], dtype=bool)


def _model_of(
    scorer: Scorer,
    calibration: Calibration,
    thresholds: Thresholds,
    learned: Sequence[Example],
    codebook: Codebook,
    config: TrainConfig,
) -> ThemeModel:
    return ThemeModel(
        name=config.name,
        codes=codebook.codes,
        codebook_hash=codebook.hash,
        masks_hash=masks_hash(),
        encoder=scorer.encoder,
        weights=scorer.linear.weights.astype(np.float32),
        bias=scorer.linear.bias.astype(np.float32),
        calibration=calibration,
        thresholds=thresholds,
        trained_on=np.unique(hash_texts([example.unit.text for example in learned])),
        about={},
    )


def _with_about(model: ThemeModel, about: dict[str, Any]) -> ThemeModel:
    values = {name: getattr(model, name) for name in ThemeModel.__dataclass_fields__}
    return ThemeModel(**{**values, "about": about})


def _describe_data(parts: Parts) -> dict[str, Any]:
    """How many units of whom are on which side, and the hash of all."""
    examples = [*parts.learned, *parts.held_out]
    return {
        "sha256": hash_examples(examples),
        "n_units": len(examples),
        "n_agencies": len({example.agency for example in examples}),
        "n_blocks": len(parts.block_sizes),
        "largest_block": parts.block_sizes[0],
        "n_learned": len(parts.learned),
        "n_held_out": len(parts.held_out),
        "held_out_agencies": sorted({example.agency for example in parts.held_out}),
        "held_out_sha256": hash_examples(parts.held_out),
    }


def _versions() -> dict[str, str]:
    return {
        "gknlp": gknlp.__version__,
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
        "python": ".".join(platform.python_version_tuple()[:2]),
    }
