"""Scores of codings: worked by hand, intervals over agencies, calibration, what abstaining buys."""

import numpy as np
import pytest

from gknlp.errors import UsageError
from gknlp.themes import Coding, UnitText
from gknlp.themes.learned import Example, evaluate_codings
from gknlp.themes.learned.bootstrap import draw_counts, percentile_interval
from gknlp.themes.learned.reliability import (
    calibration_error_by_mass,
    coverage_curve,
    expected_calibration_error,
)
from tests.themes.learned_examples import CODEBOOK


def example(number, agency, *labels):
    return Example(f"{number}", agency, UnitText("overview", None, "", f"文{number}"), labels)


GOLD = [
    example(1, "甲局", "O02"),
    example(2, "甲局", "O02", "O13"),
    example(3, "乙局", "O13"),
    example(4, "乙局", "O05"),
    example(5, "丙局", "P01"),
]
CODINGS = [
    Coding(("O02",), (("O02", 0.9),)),
    Coding(("O02",), (("O02", 0.8), ("O13", 0.3))),
    Coding(("O02", "O13"), (("O02", 0.6), ("O13", 0.5))),
    Coding((), (("O06", 0.2),)),
    Coding(("P01",), (("P01", 1.0),)),
]


def test_scores_by_hand():
    found = evaluate_codings(GOLD, CODINGS, codebook=CODEBOOK)
    themes = {item.theme: item for item in found.themes}
    assert (themes["O02"].precision, themes["O02"].recall, themes["O02"].f1.value) == (0.6667, 1.0, 0.8)
    assert (themes["O13"].precision, themes["O13"].recall, themes["O13"].f1.value) == (1.0, 0.5, 0.6667)
    assert (themes["O05"].n_gold, themes["O05"].n_given, themes["O05"].f1.value) == (1, 0, 0.0)
    assert (themes["O06"].precision, themes["O06"].recall, themes["O06"].f1.value) == (None, None, None)
    assert found.macro_f1.value == round((0.8 + 2 / 3 + 0.0 + 1.0) / 4, 4)
    assert found.micro_f1.value == round(2 * 4 / (5 + 6), 4)
    assert found.accuracy.value == 0.6
    # first labels: O02 2 of 3 right and none missed, O13 missed, O05 missed, P01 right
    assert found.primary_macro_f1.value == round((0.8 + 0.0 + 0.0 + 1.0) / 4, 4)
    assert dict(found.families)["problems"].value == 1.0
    assert dict(found.families)["overview"].value == round((0.8 + 2 / 3 + 0.0) / 3, 4)
    assert found.coverage == 0.8
    assert (found.n_units, found.n_agencies) == (5, 3)


def test_calibration_by_hand():
    # each unit in a bin of its own: |1 - .9|, |1 - .8|, |0 - .6|, |0 - .2|, |1 - 1|
    found = evaluate_codings(GOLD, CODINGS, codebook=CODEBOOK)
    assert found.ece == round((0.1 + 0.2 + 0.6 + 0.2 + 0.0) / 5, 4)
    assert evaluate_codings(GOLD, CODINGS, codebook=CODEBOOK, probabilities=False).ece is None
    sure = np.full(10, 0.75)
    right = np.array([True] * 6 + [False] * 4)
    assert np.isclose(expected_calibration_error(sure, right), 0.15)
    assert np.isclose(calibration_error_by_mass(sure, np.ones(10, dtype=bool)), 0.25)
    assert expected_calibration_error(np.zeros(0), np.zeros(0, dtype=bool)) == 0.0


def test_abstaining_buys_accuracy():
    points = {point.threshold: point for point in evaluate_codings(GOLD, CODINGS, codebook=CODEBOOK).curve}
    assert (points[0.0].coverage, points[0.0].accuracy) == (1.0, 0.6)
    assert (points[0.7].coverage, points[0.7].accuracy) == (0.6, 1.0)
    assert coverage_curve(np.array([0.3]), np.array([True]))[-1].accuracy is None


def test_intervals_come_from_agencies_drawn_again():
    gold = [example(number, f"机关{number % 8}", "O02" if number % 3 else "O05") for number in range(160)]
    codings = [Coding(("O02",), (("O02", 0.7),)) for _ in gold]
    score = evaluate_codings(gold, codings, codebook=CODEBOOK).accuracy
    assert score.low < score.value < score.high
    alone = [example(number, "同一机关", "O02") for number in range(20)]
    score = evaluate_codings(alone, codings[:20], codebook=CODEBOOK).accuracy
    assert (score.low, score.value, score.high) == (1.0, 1.0, 1.0)
    draws = draw_counts(5, n_draws=200, seed=0)
    assert draws.sum(axis=1).tolist() == [5.0] * 200
    assert (draw_counts(5, n_draws=200, seed=0) == draws).all()
    assert percentile_interval(np.array([np.nan, np.nan])) == (None, None)


def test_the_table_has_every_theme():
    table = evaluate_codings(GOLD, CODINGS, codebook=CODEBOOK).table()
    assert table.column("theme").to_pylist() == list(CODEBOOK.codes)
    assert table.column("n_gold").to_pylist()[CODEBOOK.codes.index("O02")] == 2


def test_missing_codings_are_refused():
    with pytest.raises(UsageError, match="4 codings for 5"):
        evaluate_codings(GOLD, CODINGS[:4], codebook=CODEBOOK)
    with pytest.raises(UsageError, match="at least one"):
        evaluate_codings([], [], codebook=CODEBOOK)
