"""Planted effects are covered by intervals, absent ones seldom found. The figures are printed by tests.topics.effects_planted."""

from __future__ import annotations

import pytest

from tests.topics.effects_planted import score


def test_a_few_generated_corpora_with_the_noise_of_counts():
    found = score(range(500, 520), n_agencies=25, fitted=False)
    assert (found["planted"], found["null"]) == (140, 340)
    assert found["coverage"] >= 0.9
    assert found["false"] <= 0.07
    assert 0.9 <= found["slope"] <= 1.1


@pytest.mark.nightly
@pytest.mark.parametrize(("first", "n_agencies"), [(0, 30), (1000, 14)], ids=["30 agencies", "14 agencies"])
def test_through_fits_of_lda(first, n_agencies):
    found = score(range(first, first + 60), n_agencies=n_agencies, fitted=True)
    assert (found["planted"], found["null"]) == (420, 1020)
    assert found["coverage"] >= 0.9
    assert found["false"] <= 0.07
    assert 0.9 <= found["slope"] <= 1.15


@pytest.mark.nightly
@pytest.mark.parametrize(("first", "n_agencies"), [(2000, 40), (3000, 14)], ids=["40 agencies", "14 agencies"])
def test_with_the_noise_of_counts(first, n_agencies):
    found = score(range(first, first + 100), n_agencies=n_agencies, fitted=False)
    assert found["coverage"] >= 0.93
    assert found["false"] <= 0.07
