"""Ways to classify, compared on the same agencies: which model is shipped is decided here.

Every candidate learns from the same agencies, is calibrated by the same rule on units it did not learn from, and is
asked about the same held-out ones. Chosen is by cross-validation (``crossed``), never by the held-out agencies.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from gknlp.themes.classifier import Coding
from gknlp.themes.codebook import Codebook
from gknlp.themes.dictionary import DictionaryClassifier
from gknlp.themes.learned.decide import choose_labels, code_units, lonely_themes
from gknlp.themes.learned.encode import EncoderConfig
from gknlp.themes.learned.evaluate import Evaluation, evaluate_codings
from gknlp.themes.learned.examples import Example
from gknlp.themes.learned.places import allow_themes
from gknlp.themes.learned.textcat import CONFIGS, score_textcat, train_textcat
from gknlp.themes.learned.train import Parts, TrainConfig, cross_score, fit_scorer, part_examples, settle

Floats = Any
_SHUFFLE_SEED = 20210930
DICTIONARY, SHUFFLED, COMMONEST = "dictionary", "labels shuffled", "commonest theme of the section"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way to classify: its evaluations by name - ``crossed`` (None where one split only was affordable), ``held_out``, others."""

    name: str
    crossed: Evaluation | None
    held_out: Evaluation
    others: tuple[tuple[str, Evaluation], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def linear_candidates(config: TrainConfig) -> dict[str, TrainConfig]:
    """Features x fits, and the shipped configuration with one thing left out or changed at a time."""
    chars, words = EncoderConfig(longest=config.encoder.longest), EncoderConfig(longest=0, words=True)
    both = EncoderConfig(longest=config.encoder.longest, words=True)
    plain = {"characters": chars, "words": words, "characters and words": both}
    fits = {"bayes": ("ComplementNB", 0.3), "logistic": ("logistic regression", 0.1), "margin": ("LinearSVC", 2.0)}
    found = {
        f"{title}, {what}": replace(config, encoder=encoder, method=method, penalty=penalty)  # type: ignore[arg-type]  # keys of METHODS
        for method, (title, penalty) in fits.items()
        for what, encoder in plain.items()
    }
    found |= {
        f"conditional logit, {what}": replace(config, encoder=encoder, method="choice")
        for what, encoder in plain.items()
    }
    for longest in (2, 3, 4):
        if longest != config.encoder.longest:
            encoder = replace(config.encoder, longest=longest)
            found[f"conditional logit, characters, n-grams to {longest}"] = replace(config, encoder=encoder)
    found["conditional logit, characters, without the codebook"] = replace(config, example_weight=0.0, cue_weight=0.0)
    return found


def compare_candidates(
    examples: Sequence[Example],
    *,
    codebook: Codebook,
    config: TrainConfig,
    others: Mapping[str, Sequence[Example]] | None = None,
    peers: Sequence[str] = tuple(CONFIGS),
) -> Iterator[Candidate]:
    """The candidates one after the other: commonest theme, dictionary, all linear ones, shuffled labels, spaCy's.

    Parameters
    ----------
    others : further labelled units by name (such as those of real reports), only asked about.
    peers : which of spaCy's to train; they take minutes.
    """
    parts = part_examples(examples, held_out=config.held_out, n_folds=config.n_folds)
    asked = {"held_out": parts.held_out, **{name: tuple(units) for name, units in (others or {}).items()}}
    yield _by_commonest(parts, asked, codebook)
    yield _by_dictionary(parts, asked, codebook)
    for name, one in linear_candidates(config).items():
        yield _by_linear(name, parts, asked, codebook, one)
    yield _by_linear(
        SHUFFLED, shuffle_labels(parts), asked, codebook, replace(config, example_weight=0.0, cue_weight=0.0)
    )
    for peer in peers:
        yield _by_textcat(peer, parts, asked, codebook)


def shuffle_labels(parts: Parts) -> Parts:
    """The parts with the labels of the units learned from exchanged at random among units of one section and part.

    What a classifier still gets right then, it gets from how common themes are in a section.
    """
    rng = np.random.default_rng(_SHUFFLE_SEED)
    learned = list(parts.learned)
    places = sorted({(example.unit.section, example.unit.part or "") for example in learned})
    for place in places:
        rows = [row for row, one in enumerate(learned) if (one.unit.section, one.unit.part or "") == place]
        labels = [learned[row].labels for row in rows]
        for row, other in zip(rows, rng.permutation(len(rows)), strict=True):
            learned[row] = replace(learned[row], labels=labels[other])
    return replace(parts, learned=tuple(learned))


def _by_commonest(parts: Parts, asked: Mapping[str, Sequence[Example]], codebook: Codebook) -> Candidate:
    """The baseline that reads no text: what most units of the section and part have first, of equals the first by code."""
    counts: defaultdict[tuple[str, str | None], Counter[str]] = defaultdict(Counter)
    for example in parts.learned:
        counts[example.unit.section, example.unit.part][example.primary] += 1

    def ask(examples: Sequence[Example]) -> Evaluation:
        codings = []
        for example in examples:
            found = counts.get((example.unit.section, example.unit.part)) or Counter()
            codings.append(Coding(tuple(sorted(found, key=lambda code: (-found[code], code))[:1])))
        return evaluate_codings(examples, codings, codebook=codebook, probabilities=False)

    return _candidate(COMMONEST, ask(parts.learned), {name: ask(units) for name, units in asked.items()})


def _by_dictionary(parts: Parts, asked: Mapping[str, Sequence[Example]], codebook: Codebook) -> Candidate:
    classifier = DictionaryClassifier(codebook)

    def ask(examples: Sequence[Example]) -> Evaluation:
        codings = classifier.classify([example.unit for example in examples])
        return evaluate_codings(examples, codings, codebook=codebook, probabilities=False)

    return _candidate(DICTIONARY, ask(parts.learned), {name: ask(units) for name, units in asked.items()})


def _by_linear(
    name: str, parts: Parts, asked: Mapping[str, Sequence[Example]], codebook: Codebook, config: TrainConfig
) -> Candidate:
    scores = cross_score(parts.learned, parts.folds, codebook=codebook, config=config)
    crossed = settle(parts.learned, scores, codebook)
    scorer = fit_scorer(parts.learned, codebook=codebook, config=config)

    def ask(examples: Sequence[Example]) -> Evaluation:
        codings = _code(scorer.score([example.unit.text for example in examples]), examples, crossed, codebook)
        return evaluate_codings(examples, codings, codebook=codebook)

    own = evaluate_codings(parts.learned, crossed[2], codebook=codebook)
    return _candidate(name, own, {key: ask(units) for key, units in asked.items()})


def _by_textcat(peer: str, parts: Parts, asked: Mapping[str, Sequence[Example]], codebook: Codebook) -> Candidate:
    """Trained on all folds but one, stopped, calibrated and given thresholds by that one."""
    inside = parts.folds == 0
    dev = [example for example, own in zip(parts.learned, inside, strict=True) if own]
    rest = [example for example, own in zip(parts.learned, inside, strict=True) if not own]
    nlp = train_textcat(peer, rest, dev, codebook)
    settled = settle(dev, score_textcat(nlp, dev, codebook), codebook)

    def ask(examples: Sequence[Example]) -> Evaluation:
        codings = _code(score_textcat(nlp, examples, codebook), examples, settled, codebook)
        return evaluate_codings(examples, codings, codebook=codebook)

    return _candidate(peer, None, {key: ask(units) for key, units in asked.items()})


def _code(scores: Floats, examples: Sequence[Example], settled: Any, codebook: Codebook) -> list[Coding]:
    calibration, thresholds, _ = settled
    probabilities = calibration.apply(scores, allow_themes(codebook, [example.unit for example in examples]))
    given = choose_labels(probabilities, thresholds, lonely_themes(codebook))
    return code_units(probabilities, given, codebook.codes)


def _candidate(name: str, crossed: Evaluation | None, asked: Mapping[str, Evaluation]) -> Candidate:
    others = tuple((key, evaluation) for key, evaluation in asked.items() if key != "held_out")
    return Candidate(name, crossed, asked["held_out"], others)
