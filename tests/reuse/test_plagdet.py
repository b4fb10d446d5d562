"""The measures on cases small enough to compute by hand (in the comments), and on nothing at all."""

import pytest

from tests.reuse.plagdet import (
    Case,
    Detection,
    Stretch,
    combine,
    f1_of_counts,
    macro,
    match,
    measure_f1,
    measure_granularity,
    measure_precision,
    measure_recall,
    score_detections,
)


def case(start, end, *sources):
    return Case(Stretch("copy", start, end), tuple(Stretch(*source) for source in sources))


def detection(start, end, source):
    return Detection(Stretch("copy", start, end), Stretch(*source))


WHOLE = case(0, 100, ("source", 0, 100))
TABLE = [
    # what, cases, detections, precision, recall, granularity, share of cases, share of characters
    ("nothing planted, nothing found", [], [], 1, 1, 1, 1, 1),
    ("nothing found", [WHOLE], [], 1, 0, 1, 0, 0),
    ("nothing planted", [], [detection(0, 10, ("source", 0, 10))], 0, 1, 1, 1, 1),
    ("exactly right", [WHOLE], [detection(0, 100, ("source", 0, 100))], 1, 1, 1, 1, 1),
    # (60 + 40) of 200 characters, none of them wrong
    ("a part", [WHOLE], [detection(0, 60, ("source", 0, 40))], 1, 0.5, 1, 1, 0.6),
    # 40 of 100 are fewer than half
    ("less than half", [WHOLE], [detection(0, 40, ("source", 0, 40))], 1, 0.4, 1, 0, 0.4),
    # (100 + 100) of (150 + 150)
    ("too long", [WHOLE], [detection(0, 150, ("source", 0, 150))], 2 / 3, 1, 1, 1, 1),
    ("another document", [WHOLE], [detection(0, 100, ("stranger", 0, 100))], 0, 0, 1, 0, 0),
    ("another place in the source", [WHOLE], [detection(0, 100, ("source", 200, 300))], 0, 0, 1, 0, 0),
    # both precise; 80 of 100 on both sides; two detections for one case
    (
        "in two parts",
        [WHOLE],
        [detection(0, 40, ("source", 0, 40)), detection(60, 100, ("source", 60, 100))],
        1,
        0.8,
        2,
        1,
        0.8,
    ),
    # overlapping detections do not count twice: 0-60 and 40-80 cover 80
    (
        "overlapping parts",
        [WHOLE],
        [detection(0, 60, ("source", 0, 60)), detection(40, 80, ("source", 40, 80))],
        1,
        0.8,
        2,
        1,
        0.8,
    ),
    # recall (1 + 0) / 2; characters 100 of 300
    (
        "one of two cases",
        [WHOLE, case(200, 400, ("source", 200, 400))],
        [detection(0, 100, ("source", 0, 100))],
        1,
        0.5,
        1,
        0.5,
        1 / 3,
    ),
    # one detection over two cases: 2 * (50 + 50) right of 2 * 120
    (
        "one detection for two cases",
        [case(0, 50, ("source", 0, 50)), case(70, 120, ("source", 70, 120))],
        [detection(0, 120, ("source", 0, 120))],
        5 / 6,
        1,
        1,
        1,
        1,
    ),
    # found with the first publication of the wording instead of the place it was taken from
    (
        "the other right source",
        [case(0, 100, ("source", 0, 100), ("first", 500, 600))],
        [detection(0, 100, ("first", 500, 600))],
        1,
        1,
        1,
        1,
        1,
    ),
    # one detection from each right source is no falling to pieces
    (
        "both right sources",
        [case(0, 100, ("source", 0, 100), ("first", 500, 600))],
        [detection(0, 100, ("source", 0, 100)), detection(0, 100, ("first", 500, 600))],
        1,
        1,
        1,
        1,
        1,
    ),
]


@pytest.mark.parametrize(
    ("cases", "detections", "precision", "recall", "granularity", "found", "chars"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_the_measures(cases, detections, precision, recall, granularity, found, chars):
    hits = match(cases, detections)
    assert measure_precision(cases, detections, hits) == pytest.approx(precision)
    assert measure_recall(cases, detections, hits) == pytest.approx(recall)
    assert measure_granularity(cases, detections, hits) == pytest.approx(granularity)
    scores = score_detections(cases, detections)
    assert (scores.cases, scores.chars) == (pytest.approx(found), pytest.approx(chars))
    assert scores.plagdet == pytest.approx(combine(precision, recall, granularity))


@pytest.mark.parametrize(
    ("precision", "recall", "granularity", "expected"),
    [
        (1, 1, 1, 1),
        (0, 0, 1, 0),
        (0.5, 0.5, 1, 0.5),
        (1, 1, 3, 0.5),  # F1 1 over log2(4)
        (0.8, 0.4, 1, 8 / 15),  # 2 * 0.32 / 1.2
    ],
)
def test_plagdet(precision, recall, granularity, expected):
    assert combine(precision, recall, granularity) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("truth", "found", "expected"),
    [
        ("", "", {}),
        ("aab", "aab", {"a": 1, "b": 1}),
        # a: 1 right, 2 true, 1 said; b: 1 right, 1 true, 2 said
        ("aab", "abb", {"a": 2 / 3, "b": 2 / 3}),
        # c is said though never true
        ("aaaa", "aaac", {"a": 6 / 7, "c": 0}),
    ],
)
def test_f1_by_class(truth, found, expected):
    assert measure_f1(list(truth), list(found)) == pytest.approx(expected)


def test_the_macro_mean_is_over_classes_that_are_there():
    assert macro({}) == 1
    assert macro(f1_of_counts({"seen": (2, 2, 1), "absent": (0, 0, 0)})) == 0.5


def test_characters_of_unequal_number_are_no_comparison():
    with pytest.raises(ValueError, match="longer"):
        measure_f1(["a"], ["a", "a"])
