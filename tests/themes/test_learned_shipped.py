"""What the shipped model promises: floors on held-out agencies, behaviour (CheckList), speed.

Source of the kinds of check: Ribeiro, Wu, Guestrin & Singh 2020, Beyond accuracy: behavioral testing of NLP models with
CheckList (invariance and directional expectation).
"""

import json
import random
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from gknlp.text.own_names import list_own_names
from gknlp.text.sentences import match_enumerator
from gknlp.themes import DictionaryClassifier, load_codebook
from gknlp.themes.learned import (
    LearnedClassifier,
    evaluate_codings,
    load_examples,
    load_model,
    unseen_examples,
)
from gknlp.themes.learned.examples import hash_examples
from tests.conftest import ROOT

GOLD, NAME = ROOT / "corpora" / "gold", "themes-v1"
FLOORS = {"all": 0.80, "overview": 0.75, "problems": 0.75, "improvements": 0.75}
MOST_ECE, MOST_FLIPS, MOST_LOWERED = 0.05, 0.01, 0.05
CODEBOOK = load_codebook()
MARKERS = ["一是", "二是", "三是", "（一）", "（三）", "1.", "5.", "2、", "①", "第三，", "（4）", ""]


@pytest.fixture(scope="module")
def model():
    return load_model(NAME, codebook=CODEBOOK)


@pytest.fixture(scope="module")
def classifier(model):
    return LearnedClassifier(model, CODEBOOK)


@pytest.fixture(scope="module")
def gold():
    return load_examples(GOLD, codebook=CODEBOOK)


@pytest.fixture(scope="module")
def held_out(model, gold):
    return unseen_examples(model, gold)


def test_the_model_is_of_this_gold_corpus(model, gold, held_out):
    data = model.about["data"]
    assert data["sha256"] == hash_examples(gold)
    assert data["held_out_sha256"] == hash_examples(held_out)
    seen = {one.agency for one in gold} - {one.agency for one in held_out}
    assert {one.agency for one in held_out} == set(data["held_out_agencies"])
    assert len(seen) > 2 * len(data["held_out_agencies"])


def test_floors_on_held_out_agencies(model, classifier, held_out):
    units = [one.unit for one in held_out]
    found = evaluate_codings(held_out, classifier.classify(units), codebook=CODEBOOK)
    values = {"all": found.macro_f1.value, **{family: score.value for family, score in found.families}}
    assert {name: values[name] for name, floor in FLOORS.items() if values[name] < floor} == {}
    assert found.ece <= MOST_ECE
    assert model.about["scores"]["held_out"]["macro_f1"]["value"] == found.macro_f1.value
    cues = evaluate_codings(held_out, DictionaryClassifier(CODEBOOK).classify(units), codebook=CODEBOOK)
    assert found.macro_f1.value > cues.macro_f1.value + 0.1


def swap_name(text, agency, rng, agencies):
    """The text with another agency's name for its own."""
    for name in list_own_names(agency):
        if len(name) > 2 and name in text and name[0] not in "我本全":
            return text.replace(name, rng.choice(agencies))
    return text


def swap_figures(text, _agency, rng, _agencies):
    return re.sub(r"\d+", lambda _: str(rng.randrange(2, 10 ** rng.randrange(1, 6))), text)


def swap_years(text, _agency, rng, _agencies):
    return re.sub(r"20[012]\d(?=年|—|-)", lambda _: str(rng.randrange(2008, 2031)), text)


def swap_marker(text, _agency, rng, _agencies):
    found = match_enumerator(text, 0)
    return rng.choice(MARKERS) + (text[found[1] :] if found else text)


@pytest.mark.parametrize("swap", [swap_name, swap_figures, swap_years, swap_marker])
def test_what_is_no_theme_flips_no_label(classifier, gold, swap):
    rng, agencies = random.Random(20210930), sorted({one.agency for one in gold})
    judged = [one for one in gold if one.unit.section not in ("preamble", "signature")]
    units, owners = [one.unit for one in judged], [one.agency for one in judged]
    if swap is swap_name:  # few units name their agency: here all do
        units = [
            unit if owner in unit.text else replace(unit, text=owner + unit.text)
            for unit, owner in zip(units, owners, strict=True)
        ]
    changed = [
        replace(unit, text=swap(unit.text, owner, rng, agencies)) for unit, owner in zip(units, owners, strict=True)
    ]
    touched = [row for row in range(len(units)) if changed[row] != units[row]]
    assert len(touched) > 100
    before, after = classifier.classify(units), classifier.classify(changed)
    flips = [
        (changed[row].text, before[row].labels, after[row].labels)
        for row in touched
        if before[row].labels != after[row].labels
    ]
    assert len(flips) < MOST_FLIPS * len(touched), flips[:10]


def test_a_clause_of_a_theme_makes_it_no_less_likely(classifier, held_out):
    rng = random.Random(20210930)
    content = [one for one in held_out if not one.primary.startswith("S")]
    cases = []
    while len(cases) < 1000:
        base, clause = rng.choice(content), rng.choice(content)
        if base != clause and (base.unit.section, base.unit.part) == (clause.unit.section, clause.unit.part):
            cases.append((base.unit, clause))
    for together in ("{0}；{1}", "{1}；{0}"):
        texts = [together.format(unit.text.rstrip("。；"), clause.unit.text.rstrip("。；")) for unit, clause in cases]
        before = classifier.estimate([unit for unit, _ in cases])
        after = classifier.estimate([replace(unit, text=text) for (unit, _), text in zip(cases, texts, strict=True)])
        columns = [CODEBOOK.codes.index(clause.primary) for _, clause in cases]
        change = (after - before)[np.arange(len(cases)), columns]
        assert (change < -0.02).mean() <= MOST_LOWERED
        assert (change > 0.3).mean() > 0.3  # and mostly it makes it likelier


def test_a_label_does_not_depend_on_its_neighbours(classifier, held_out):
    units = [one.unit for one in held_out]
    order = list(range(len(units)))
    random.Random(3).shuffle(order)
    together, mixed = classifier.classify(units), classifier.classify([units[row] for row in order])
    assert [together[row] for row in order] == mixed
    assert [classifier.classify([unit])[0] for unit in units[:200]] == together[:200]


@pytest.mark.nightly
def test_fifty_thousand_units_in_two_seconds_and_ten_times_spacy():
    command = [sys.executable, "-m", "tests.bench.themes", "--json"]  # a process of its own: no garbage of other tests
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout)
    assert found["ours"] * 50_000 <= 2.0
    assert found["peer"] / found["ours"] >= 10
