"""Trained themes beside spaCy's bag of words: units a second of processor time, on one core, in one run."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import numpy as np
import spacy
import thinc.api
from spacy.training import Example as Lesson
from threadpoolctl import threadpool_limits

import gknlp.features.spacy_tokens  # noqa: F401  # registers the tokenizer that the config names
from gknlp.themes import UnitText, load_codebook
from gknlp.themes.learned import LearnedClassifier, load_model, shipped_models, train_model
from tests.bench.timing import seconds
from tests.themes.learned_examples import CONFIG, examples

GOLD = Path(__file__).parents[2] / "corpora" / "gold" / "units.jsonl"
N_UNITS, N_PEER, ROUNDS = 50_000, 3_000, 4
Figure = tuple[str, str]


def classifier() -> LearnedClassifier:
    """The shipped model; before there is one, a model of the codebook's own examples."""
    codebook = load_codebook()
    shipped = list(shipped_models().values())
    model = load_model(shipped[0], codebook=codebook, any_codebook=True) if shipped else None
    return LearnedClassifier(model or train_model(examples(), codebook=codebook, config=CONFIG).model, codebook)


def distinct_units(n: int) -> list[UnitText]:
    """Made-up units, each of its own wording: the first half of one labelled unit and the second half of another."""
    rng = random.Random(20210930)
    if GOLD.is_file():
        rows = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
        units = [UnitText(row["section"], row["part"], row["heading"], row["text"]) for row in rows]
    else:
        units = [example.unit for example in examples()]
    found: dict[str, UnitText] = {}
    while len(found) < n:
        left, right = rng.choice(units), rng.choice(units)
        text = (
            left.text[: len(left.text) // 2 + 1]
            + f"{rng.choice('春夏秋冬')}{rng.choice('甲乙丙丁')}"
            + right.text[len(right.text) // 2 :]
        )
        found.setdefault(text, UnitText(left.section, left.part, left.heading, text))
    return list(found.values())


def bag_of_words() -> spacy.Language:
    """spaCy's classifier as the comparison configures it; its speed does not depend on how well it was trained."""
    source = files("gknlp.themes.learned").joinpath("textcat_bow.cfg").read_text("utf-8")
    nlp = spacy.util.load_model_from_config(thinc.api.Config().from_str(source, interpolate=False), auto_fill=True)
    codes = load_codebook().codes
    lessons = [
        Lesson.from_dict(nlp.make_doc(one.unit.text), {"cats": {code: float(code in one.labels) for code in codes}})
        for one in examples()[:200]
    ]
    nlp.initialize(lambda: lessons)
    return nlp


def compare_speed() -> tuple[float, float]:
    """Seconds a unit: ours over 50,000 distinct units, spaCy's over some thousand of them.

    The two take turns and the least disturbed turn of each counts, so that a busy machine disturbs both alike.
    """
    units, ours = distinct_units(N_UNITS), classifier()
    nlp = bag_of_words()
    texts = [unit.text for unit in units[:N_PEER]]
    own, peer = [], []
    with threadpool_limits(limits=1):
        for _ in range(ROUNDS):
            own.append(seconds(lambda: ours.classify(units), rounds=1) / len(units))
            peer.append(seconds(lambda: [doc.cats for doc in nlp.pipe(texts)], rounds=1) / len(texts))
    return min(own), min(peer)


def measure_themes() -> Iterator[Figure]:
    """Lines on the trained classifier."""
    own, peer = compare_speed()
    mean = np.mean([len(unit.text) for unit in distinct_units(2000)])
    yield "themes by the trained model", f"{N_UNITS} distinct units of {mean:.0f} characters in {own * N_UNITS:.2f} s"
    yield "... beside spaCy's bag of words", f"{peer / own:.0f} times as many units a second ({1 / peer:.0f} by spaCy)"


if __name__ == "__main__":
    if sys.argv[1:] == ["--json"]:
        print(json.dumps(dict(zip(("ours", "peer"), compare_speed(), strict=True))))
    else:
        for what, figure in measure_themes():
            print(f"{what:40} {figure}")
