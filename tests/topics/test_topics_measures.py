import doctest

import numpy as np
import pytest

from gknlp.features.counts import CountConfig, tally_words
from gknlp.topics import quality, stability
from gknlp.topics.quality import measure_diversity, measure_npmi, measure_uniqueness
from gknlp.topics.stability import measure_stability

ALL = CountConfig(min_df=1, max_df=1.0)

NPMI_CASES = [
    (["网站培训", "网站培训", "讲座", "讲座"], 1.0),  # only ever together
    (["网站", "培训", "讲座", "讲座"], -1.0),  # never together
    (["网站培训", "网站讲座", "培训讲座", "讲座"], 0.0),  # p = 1/2, 1/2, 1/4: as chance has it
    (["网站培训", "网站培训"], 0.0),  # in every unit: nothing to learn
    (["网站培训", "网站", "讲座", "讲座"], 0.5),  # ln((1/4) / (1/2 * 1/4)) / -ln(1/4)
]


@pytest.mark.parametrize(("units", "npmi"), NPMI_CASES)
def test_npmi_of_two_words(units, npmi):
    contexts = tally_words([" ".join((unit[:2], unit[2:])) for unit in units], config=ALL)
    assert measure_npmi(["网站", "培训"], contexts) == pytest.approx(npmi)


def test_npmi_is_the_mean_over_pairs_and_counts_a_unit_once():
    contexts = tally_words(["网站 培训 网站", "网站 培训", "讲座", "讲座"], config=ALL)
    assert measure_npmi(["网站", "培训", "讲座"], contexts) == pytest.approx((1 - 1 - 1) / 3)


@pytest.mark.parametrize("words", [[], ["网站"]])
def test_fewer_than_two_words_have_no_coherence(words):
    assert measure_npmi(words, tally_words(["网站"], config=ALL)) is None


@pytest.mark.parametrize(
    ("topics", "uniqueness"),
    [
        ([], ()),
        ([[]], (0.0,)),
        ([["网站", "培训"], ["讲座", "测验"]], (1.0, 1.0)),
        ([["网站", "培训"], ["网站", "培训"]], (0.5, 0.5)),
        ([["网站", "培训"], ["网站", "讲座"], ["网站", "测验"]], (2 / 3, 2 / 3, 2 / 3)),
    ],
)
def test_uniqueness_and_its_mean_is_diversity(topics, uniqueness):
    assert measure_uniqueness(topics) == pytest.approx(uniqueness)
    assert measure_diversity(topics) == pytest.approx(np.mean(uniqueness) if uniqueness else 0.0)


def test_a_fit_that_comes_back_in_another_order_is_stable():
    words = np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8], [0.1, 0.8, 0.1]])
    assert measure_stability(words, [words[[2, 0, 1]], words[::-1]]) == pytest.approx((1, 1, 1))


def test_stability_is_the_mean_cosine_of_partners_one_to_one():
    words = np.array([[1.0, 0.0], [0.0, 1.0]])
    # Both refitted topics are nearest to the first; one of them must serve the second.
    refit = np.array([[1.0, 0.0], [0.8, 0.6]])
    assert measure_stability(words, [refit]) == pytest.approx((1.0, 0.6))
    assert measure_stability(words, [refit, words]) == pytest.approx((1.0, 0.8))


def test_no_refits_leave_nothing_to_doubt():
    assert measure_stability(np.eye(2), []) == (1.0, 1.0)


@pytest.mark.parametrize("module", [quality, stability])
def test_the_examples_in_the_docstrings_hold(module):
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed
