"""Measures of change: worked examples, the pitfalls measured in other packages, and properties."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gknlp.errors import UsageError
from gknlp.reuse.measures import (
    adjust_modification_scores,
    measure_change,
    measure_containment,
    measure_modification_score,
    measure_resemblance,
    measure_sim_cosine,
    measure_sim_jaccard,
    measure_sim_minedit,
    measure_sim_simple,
    measure_stickiness,
)

SYMMETRIC = [measure_sim_cosine, measure_sim_jaccard, measure_sim_minedit, measure_modification_score, measure_change]
SIMILARITIES = [measure_sim_cosine, measure_sim_jaccard, measure_sim_minedit]
TOKENS = st.lists(st.sampled_from("公开目录更新指南"), max_size=20)
A = ["本镇", "更新", "目录", "目录", "三次"]
B = ["本镇", "更新", "指南", "三次"]
UNRELATED = ["灯塔", "改版", "潮汐", "公告"]


def test_worked_examples():
    """A and B: counts (1, 1, 2, 1, 0) and (1, 1, 0, 1, 1); three of five words shared; a common subsequence of three."""
    assert measure_sim_cosine(A, B) == pytest.approx(3 / math.sqrt(7 * 4))
    assert measure_modification_score(A, B) == pytest.approx(1 - 3 / math.sqrt(28))
    assert measure_sim_jaccard(A, B) == 3 / 5
    assert measure_sim_minedit(A, B) == pytest.approx(1 - 3 / 9)
    assert measure_change(A, B) == pytest.approx(3 / 4.5)


@pytest.mark.parametrize("measure", SIMILARITIES)
def test_pitfall_identical_texts_are_one_and_unrelated_ones_zero(measure):
    """A package's minedit gave 0.00 for identical texts (a distance), its simple similarity 1.00 for unrelated ones."""
    assert measure(A, A) == 1.0
    assert measure(A, UNRELATED) == 0.0


def test_pitfall_simple_similarity_tells_unrelated_from_identical():
    pairs = [(A, A), (A, B), (A, UNRELATED)]
    similar = measure_sim_simple([measure_change(a, b) for a, b in pairs])
    assert similar == pytest.approx((1.0, 1 - (3 / 4.5) / 2, 0.0))


def test_pitfall_cosine_counts_words():
    """On binary vectors both would be 1.0."""
    assert measure_sim_cosine(["公开"] * 9 + ["目录"], ["公开", "目录"]) == pytest.approx(10 / math.sqrt(82 * 2))
    assert measure_sim_cosine(["公开", "公开", "目录", "目录"], ["目录", "公开"]) == pytest.approx(1.0)


@pytest.mark.parametrize("measure", SYMMETRIC)
def test_pitfall_results_are_unrounded_floats(measure):
    found = measure(A, B)
    assert isinstance(found, float)
    assert found != round(found, 2) or measure is measure_sim_jaccard


@pytest.mark.parametrize(
    ("measure", "both", "one"),
    [
        (measure_sim_cosine, None, None),
        (measure_modification_score, None, None),
        (measure_sim_jaccard, None, 0.0),
        (measure_sim_minedit, None, 0.0),
        (measure_change, None, 2.0),
        (measure_containment, None, None),
        (measure_resemblance, None, 0.0),
    ],
)
def test_empty_texts(measure, both, one):
    assert measure([], []) == both
    assert measure([], B) == one


def test_simple_similarity_needs_a_sample():
    assert measure_sim_simple([]) == ()
    assert measure_sim_simple([0.3]) == (None,)
    assert measure_sim_simple([0.3, 0.3]) == (None, None)
    assert measure_sim_simple([0.5, 1.5, 1.0]) == (1.0, 0.0, 0.5)


@given(TOKENS, TOKENS)
def test_ranges_symmetry_identity(a, b):
    for measure in SYMMETRIC:
        found = measure(a, b)
        assert found == measure(b, a)
        assert found is None or 0 <= found <= (2 if measure is measure_change else 1)
    for measure in SIMILARITIES:
        assert measure(a, a) == (1.0 if a else None)
    assert measure_modification_score(a, a) == (0.0 if a else None)


@given(TOKENS, TOKENS, st.integers(1, 5))
def test_sets_ranges_symmetry_identity(a, b, k):
    contained, same = measure_containment(a, b, k=k), measure_resemblance(a, b, k=k)
    assert same == measure_resemblance(b, a, k=k)
    assert (contained is None) == (len(a) < k)
    assert (same is None) == (max(len(a), len(b)) < k)
    assert contained is None or 0 <= same <= contained <= 1
    assert measure_containment(a, a, k=k) == (None if len(a) < k else 1.0)


def test_sets_by_hand():
    """4-shingles, repeats once: a rose is a rose is a rose has three different ones."""
    rose = ["花", "开", "了", "花", "开", "了", "花", "开"]
    assert measure_containment(rose, ["花", "开", "了", "花", "落"]) == 1 / 3
    assert measure_containment(["花", "开", "了", "花", "落"], rose) == 1 / 2
    assert measure_resemblance(rose, ["花", "开", "了", "花", "落"]) == 1 / 4
    with pytest.raises(UsageError, match="at least 1"):
        measure_containment(rose, rose, k=0)


LONG, SHORT = tuple("修订公开指南并印发"), tuple("更新目录")


@pytest.mark.parametrize(
    ("text", "previous", "expected"),
    [
        ([], [LONG], None),
        ([LONG], [], 0.0),
        ([LONG, SHORT], [LONG, SHORT], 9 / 13),  # a sentence shorter than eight tokens never sticks
        ([LONG, SHORT], [("本", *LONG[:8])], 9 / 13),  # eight tokens in a row
        ([LONG, SHORT], [LONG[:7]], 0.0),  # seven
        ([LONG], [LONG[:4], LONG[4:]], 0.0),  # not across the previous text's sentences
    ],
)
def test_stickiness(text, previous, expected):
    assert measure_stickiness(text, previous) == expected


def test_adjusted_scores_are_the_residuals_of_a_polynomial():
    lengths = [310, 455, 520, 640, 700, 815, 930, 1100, 1420]
    scores = [0.11, 0.42, 0.18, 0.35, 0.27, 0.09, 0.51, 0.44, 0.3]
    fitted = np.polynomial.Polynomial.fit(lengths, scores, 5)(np.array(lengths))
    adjusted = adjust_modification_scores(scores, lengths)
    assert adjusted == pytest.approx(np.array(scores) - fitted, abs=1e-12)
    assert sum(adjusted) == pytest.approx(0, abs=1e-12)


def test_adjusting_takes_out_what_length_explains():
    lengths = list(range(100, 1100, 50))
    scores = [0.2 + 1e-4 * n - 3e-8 * n * n for n in lengths]
    assert adjust_modification_scores(scores, lengths) == pytest.approx([0] * len(lengths), abs=1e-12)


def test_adjusting_needs_enough_lengths():
    assert adjust_modification_scores([], []) == ()
    assert adjust_modification_scores([0.1] * 20, [300] * 20) == (None,) * 20
    assert adjust_modification_scores([0.1] * 6, [1, 2, 3, 4, 5, 6]) == (None,) * 6
    assert None not in adjust_modification_scores([0.1] * 7, [1, 2, 3, 4, 5, 6, 7])
    with pytest.raises(UsageError, match="1 lengths for 2 scores"):
        adjust_modification_scores([0.1, 0.2], [5])
