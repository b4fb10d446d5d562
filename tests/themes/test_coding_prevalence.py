"""Prevalences corrected for the classifier's errors: the estimator against a simulation and against known formulas."""

from __future__ import annotations

import random
from dataclasses import replace
from statistics import mean, pstdev

import pytest

from gknlp.errors import NotEnoughTextError, UsageError
from gknlp.tables import table_of
from gknlp.themes.coding import SampleConfig, build_frame, draw_sample, estimate_prevalences, estimate_share
from gknlp.themes.coding.prevalence import paired_interval
from tests.themes.test_coding_corpus import BOOK, make_corpus


@pytest.fixture(scope="module")
def frame():
    tables, _ = make_corpus(n_reports=60, n_units=30)
    return build_frame(tables["units"], tables["reports"], codebook=BOOK)


def test_the_interval_is_that_of_the_literature():
    # ci.prop.ps(.05, 12, 4, 26, 6) of the R package statpsych: 0.2548067 to 0.6251933
    low, high = paired_interval(26, 4, 48)
    assert (round(low, 7), round(high, 7)) == (0.2548067, 0.6251933)


@pytest.mark.parametrize("prevalence", [0.03, 0.15, 0.5])
@pytest.mark.parametrize(("sensitivity", "false_alarms"), [(1.0, 0.0), (0.8, 0.05), (0.5, 0.2)])
def test_intervals_cover_the_truth_and_the_classifier_alone_does_not(frame, prevalence, sensitivity, false_alarms):
    """150 samples of 60 units each from one corpus with copies; 95 % intervals must hold the truth in 92 % or more."""
    units = [unit for unit in frame.units if unit.family == "overview"]
    small = replace(frame, units=tuple(units))
    rng = random.Random(11)
    true = {unit.id for unit in units if rng.random() < prevalence}
    said = {unit.id for unit in units if rng.random() < (sensitivity if unit.id in true else false_alarms)}
    total = sum(unit.copies for unit in units)
    truth = sum(unit.copies for unit in units if unit.id in true) / total
    classified = {unit.id: frozenset({"O05"} if unit.id in said else ()) for unit in units}
    n_covered, errors, widths = 0, [], []
    n_runs = 150
    nothing = table_of("theme_labels", [])
    for seed in range(n_runs):
        config = SampleConfig(n=60, random_share=1.0, uncertain_share=0.0, seed=seed)
        rows = draw_sample(small, labels=nothing, config=config).rows
        found = estimate_prevalences(
            small,
            classified=classified,
            coded={row.unit.id: frozenset({"O05"} if row.unit.id in true else ()) for row in rows},
            weights={row.unit.id: row.weight for row in rows},
            codebook=BOOK,
        )
        estimate = next(one.estimate for one in found if one.theme == "O05")
        n_covered += estimate.low <= truth <= estimate.high
        errors.append(estimate.share - truth)
        widths.append(estimate.high - estimate.low)
    assert n_covered / n_runs >= 0.92
    noise = 3 * pstdev(errors) / n_runs**0.5
    cut_off = 0.015 if prevalence == 0.03 else 0.0  # estimates below 0 are cut off there
    assert abs(mean(errors)) <= noise + cut_off
    if sensitivity < 1 and prevalence != 0.15:  # there misses and false alarms nearly make up for each other
        assert abs(estimate.classified - truth) > 0.03
    assert sum(widths) / n_runs < (0.20 if sensitivity == 1 else 0.45)


def test_a_whole_corpus_that_is_coded_leaves_no_doubt():
    pairs = [(True, True), (True, False), (False, False), (False, True), (True, False)]
    estimate = estimate_share(2 / 5, pairs, [1.0] * 5, n_frame=5)
    assert (round(estimate.share, 6), round(estimate.low, 6), round(estimate.high, 6)) == (0.6, 0.6, 0.6)


def test_weights_count():
    pairs = [(True, False), (False, False)]
    assert estimate_share(0.0, pairs, [9.0, 1.0], n_frame=1000).share == pytest.approx(0.9)
    assert estimate_share(0.0, pairs, [1.0, 9.0], n_frame=1000).share == pytest.approx(0.1)
    assert estimate_share(0.0, pairs, [1.0, 9.0], n_frame=1000).n_effective == pytest.approx(100 / 82)
    pairs = [(True, True), (True, False), (False, True)]
    estimate = estimate_share(0.5, pairs, [6.0, 2.0, 3.0], n_frame=1000)
    assert (estimate.recall, estimate.precision) == (6 / 8, 6 / 9)
    assert estimate_share(0.5, [(False, False)], [1.0], n_frame=9).recall is None


def test_no_error_in_the_sample_is_no_certainty():
    estimate = estimate_share(0.1, [(False, False)] * 50, [20.0] * 50, n_frame=1000)
    assert estimate.share == 0.1
    assert estimate.low < 0.09 and estimate.high > 0.11


def test_shares_stay_shares():
    estimate = estimate_share(0.01, [(False, True)] * 5 + [(False, False)] * 5, [1.0] * 10, n_frame=1000)
    assert (estimate.share, estimate.low) == (0.0, 0.0)


def test_themes_are_estimated_in_the_sections_that_may_have_them(frame):
    coded = {unit.id: frozenset({"S2"}) for unit in frame.units[:200]}
    found = estimate_prevalences(frame, classified={}, coded=coded, weights=dict.fromkeys(coded, 2.0), codebook=BOOK)
    assert {(one.family, one.theme[0]) for one in found} == {
        (family, letter)
        for family, letters in (("overview", "OXS"), ("problems", "PS"), ("improvements", "IS"), ("other", "XS"))
        for letter in letters
    }
    assert {one.estimate.share for one in found if one.theme == "S2"} == {1.0}


def test_sampling_weights_and_copies_both_count(frame):
    own = sorted((unit for unit in frame.units if unit.family == "overview"), key=lambda unit: unit.copies)
    one, other = own[-1], own[0]
    assert one.copies > 2 and other.copies == 1
    coded = {one.id: frozenset({"O05"}), other.id: frozenset({"O06"})}
    found = estimate_prevalences(frame, classified={}, coded=coded, weights={one.id: 2.0, other.id: 5.0}, codebook=BOOK)
    share = next(item.estimate.share for item in found if item.theme == "O05")
    assert share == pytest.approx(2 * one.copies / (2 * one.copies + 5))


def test_units_of_another_corpus_or_without_a_weight_are_refused(frame):
    key = frame.units[0].id
    with pytest.raises(UsageError, match="not in this corpus"):
        estimate_prevalences(frame, classified={}, coded={"u1": frozenset()}, weights={"u1": 1.0}, codebook=BOOK)
    with pytest.raises(UsageError, match="no sampling weight"):
        estimate_prevalences(frame, classified={}, coded={key: frozenset()}, weights={}, codebook=BOOK)
    with pytest.raises(NotEnoughTextError, match="found 0"):
        estimate_prevalences(frame, classified={}, coded={}, weights={}, codebook=BOOK)
