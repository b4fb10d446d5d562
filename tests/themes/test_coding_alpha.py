"""Krippendorff's alpha against worked examples of the literature."""

from __future__ import annotations

import pytest

from gknlp.errors import UsageError
from gknlp.themes.coding import krippendorff_alpha, measure_alpha
from gknlp.themes.coding.distances import jaccard_distance, masi_distance

_ = None
# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: four observers, twelve units, missing codes.
FOUR_OBSERVERS = list(
    zip(
        (1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _),
        (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3),
        (_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _),
        (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _),
        strict=True,
    )
)
# The same paper: two observers, ten units, two values; and two observers, twelve units, five values.
BINARY = list(zip((0, 1, 0, 0, 0, 0, 0, 0, 1, 0), (1, 1, 1, 0, 0, 1, 0, 0, 0, 0), strict=True))
NOMINAL = list(zip("aabbdcccedda", "babbbccceddd", strict=True))
# The example of fifteen units and three coders with missing codes that implementations are commonly checked with.
THREE_CODERS = list(
    zip(
        (_, _, _, _, _, 3, 4, 1, 2, 1, 1, 3, 3, _, 3),
        (1, _, 2, 1, 3, 3, 4, 3, _, _, _, _, _, _, _),
        (_, _, 2, 1, 3, 4, 4, _, 2, 1, 1, 3, 3, _, 4),
        strict=True,
    )
)


@pytest.mark.parametrize(
    ("coded", "distance", "expected"),
    [
        (FOUR_OBSERVERS, "nominal", 0.743),
        (FOUR_OBSERVERS, "ordinal", 0.815),
        (FOUR_OBSERVERS, "interval", 0.849),
        (FOUR_OBSERVERS, "ratio", 0.797),
        (BINARY, "nominal", 0.095),
        (NOMINAL, "nominal", 0.692),
        (THREE_CODERS, "nominal", 0.691),
        (THREE_CODERS, "interval", 0.811),
    ],
)
def test_worked_examples(coded, distance, expected):
    assert round(krippendorff_alpha(coded, distance=distance), 3) == expected


def test_the_order_of_units_and_coders_does_not_count():
    turned = [tuple(reversed(unit)) for unit in reversed(FOUR_OBSERVERS)]
    assert krippendorff_alpha(turned) == pytest.approx(krippendorff_alpha(FOUR_OBSERVERS))
    assert measure_alpha(turned, n_resamples=50) == measure_alpha(FOUR_OBSERVERS, n_resamples=50)


@pytest.mark.parametrize(
    "coded",
    [[], [(None, None)], [("O05", None), (None, "O13")], [("O05", "O05"), ("O05", "O05")]],
    ids=["no units", "no codes", "nothing pairable", "one value only"],
)
def test_alpha_is_undefined_without_variation(coded):
    value = measure_alpha(coded, n_resamples=20)
    assert (value.alpha, value.low, value.high) == (None, None, None)


def test_percent_agreement_counts_pairs_of_coders():
    assert measure_alpha([("a", "a", "b"), ("a", "a", "a"), ("b", None, None)], n_resamples=0).percent == 4 / 6


@pytest.mark.parametrize(
    ("one", "other", "masi", "jaccard"),
    [
        ("ab", "ab", 0, 0),
        ("ab", "cd", 1, 1),
        ("ab", "abcd", 1 - 0.5 * 2 / 3, 0.5),
        ("ab", "bc", 1 - 1 / 3 * 1 / 3, 2 / 3),
        ("", "", 0, 0),
        ("", "a", 1, 1),
    ],
)
def test_distances_of_sets(one, other, masi, jaccard):
    assert masi_distance(frozenset(one), frozenset(other)) == pytest.approx(masi)
    assert jaccard_distance(frozenset(one), frozenset(other)) == pytest.approx(jaccard)


def test_sets_that_overlap_agree_more_than_as_mere_names():
    sets = [
        (frozenset(one), frozenset(other))
        for one, other in [("a", "a"), ("ab", "a"), ("b", "b"), ("bc", "c"), ("c", "c")]
    ]
    nominal = krippendorff_alpha(sets)
    assert nominal < krippendorff_alpha(sets, distance="masi") < krippendorff_alpha(sets, distance="jaccard")


def test_alpha_of_sets_by_hand():
    # Two units, codes {a},{a} and {a,b},{a}. n = 4; the one difference d = MASI({a},{a,b}) = 1 - 1/2 * 2/3 = 2/3.
    # D_o = 2d / 4; D_e = 2 * 3 * 1 * d / (4 * 3). alpha = 1 - (d/2) / (d/2) = 0.
    sets = [(frozenset("a"), frozenset("a")), (frozenset("ab"), frozenset("a"))]
    assert krippendorff_alpha(sets, distance="masi") == pytest.approx(0)


def test_the_interval_holds_alpha_and_depends_on_the_seed_alone():
    value = measure_alpha(THREE_CODERS * 10, n_resamples=300)
    assert value.low < value.alpha < value.high < 1
    assert measure_alpha(THREE_CODERS * 10, n_resamples=300) == value
    assert measure_alpha(THREE_CODERS * 10, n_resamples=300, seed=1).low != value.low
    assert value.high - value.low < measure_alpha(THREE_CODERS * 3, n_resamples=300).high - value.low


def test_an_unknown_distance_is_answered_with_the_known_ones():
    with pytest.raises(UsageError, match="nominal, ordinal, interval, ratio, jaccard, masi"):
        krippendorff_alpha(BINARY, distance="euclid")
