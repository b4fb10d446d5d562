"""The fit itself and its measures, on numbers whose answer is known from elsewhere."""

import doctest

import numpy as np
import pytest
from scipy import special

from gknlp.features.counts import CountConfig, tally_words
from gknlp.features.variational import exp_digamma
from gknlp.topics import identity, matching, terms
from gknlp.topics.lda import fit_lda_batch, fit_lda_reference, fit_nmf, topics_of, weigh_cues
from gknlp.topics.matching import find_medoid, match_topics, measure_divergence
from gknlp.topics.measures import measure_coherence, measure_perplexity, split_completion
from gknlp.topics.terms import list_terms, measure_frex
from tests.bench.topics_corpus import N_TOPICS, plant_counts


def test_exp_digamma_is_scipys():
    values = np.concatenate([np.linspace(0.02, 20, 999), np.logspace(1, 7, 200)])
    ours = np.array([exp_digamma(value) for value in values])
    assert ours == pytest.approx(np.exp(special.digamma(values)), rel=1e-11)


@pytest.fixture(scope="module", params=["separable", "overlapping"])
def planted(request):
    return plant_counts(request.param, n_documents=2_000, seed=1)


def found(planted, topics):
    return float((match_topics(planted.words, topics.words).cosine >= 0.9).mean())


@pytest.mark.nightly
def test_the_batch_fit_finds_the_planted_topics_and_foretells_no_worse_than_the_reference(planted):
    fitted, held = planted.counts[:1_800], planted.counts[1_800:]
    ours = fit_lda_batch(fitted, n_topics=N_TOPICS, seed=0, max_iter=100, tolerance=1e-3)
    assert found(planted, ours) >= 0.9
    reference = fit_lda_reference(fitted, n_topics=N_TOPICS, seed=0, max_iter=10)
    assert measure_perplexity(ours, held) <= 1.01 * measure_perplexity(reference, held)
    assert measure_perplexity(topics_of(planted.words), held) < measure_perplexity(ours, held)
    assert found(planted, fit_nmf(fitted, n_topics=N_TOPICS, seed=0, max_iter=200)) >= 0.9


def test_inference_is_scikit_learns():
    counts = plant_counts("overlapping", n_documents=120, seed=4).counts
    topics = fit_lda_reference(counts, n_topics=5, seed=1, max_iter=10)
    from sklearn.decomposition import LatentDirichletAllocation

    estimator = LatentDirichletAllocation(
        5, learning_method="batch", max_iter=10, random_state=1, max_doc_update_iter=500, mean_change_tol=1e-7
    ).fit(counts)
    mine = LatentDirichletAllocation(5, learning_method="batch", max_iter=10, random_state=1).fit(counts)
    assert topics.words == pytest.approx(mine.components_ / mine.components_.sum(axis=1, keepdims=True))
    estimator.components_, estimator.exp_dirichlet_component_ = mine.components_, mine.exp_dirichlet_component_
    parameters = topics.infer(counts)
    assert parameters.sum(axis=1) == pytest.approx(np.asarray(counts.sum(axis=1)) + 1)
    shares = parameters / parameters.sum(axis=1, keepdims=True)
    assert shares == pytest.approx(estimator.transform(counts), abs=2e-3)


@pytest.mark.parametrize("n_topics", [2, 3, 4, 5])
def test_filling_up_to_lanes_adds_no_topic(n_topics):
    counts = plant_counts("separable", n_documents=60, seed=5).counts
    topics = fit_lda_batch(counts, n_topics=n_topics, seed=0, max_iter=12, tolerance=0.0)
    assert topics.words.shape == (n_topics, counts.shape[1])
    assert topics.words.sum(axis=1) == pytest.approx(1)
    assert topics.infer(counts).shape == (60, n_topics)
    assert topics.infer(counts[:0]).shape == (0, n_topics)


def test_completion_halves_every_document():
    counts = tally_words(["网站 网站 网站 培训", "讲座"], config=CountConfig(min_df=1, max_df=1.0)).matrix
    read, asked = split_completion(counts)
    assert (read + asked).toarray().tolist() == counts.toarray().tolist()
    assert read.sum(axis=1).tolist() == [2, 1]
    assert asked.sum(axis=1).tolist() == [2, 0]


def test_perplexity_of_topics_that_know_nothing_is_the_size_of_the_vocabulary():
    counts = plant_counts("separable", n_documents=40).counts
    ignorant = topics_of(np.full((3, counts.shape[1]), 1 / counts.shape[1]))
    assert measure_perplexity(ignorant, counts) == pytest.approx(counts.shape[1])
    assert measure_perplexity(ignorant, counts[:0]) is None


UNITS = ["网站 培训", "网站 培训 讲座", "讲座 测验", "测验 网站", "培训 讲座 测验", "学习", "培训 学习"]
# What gensim 4.4.0 gives for these texts (coherence="c_v", and "c_npmi" with window_size=110).
COHERENCE = [
    (["网站", "培训", "讲座"], (0.6166008405550599, 0.03898235091749796)),
    (["讲座", "测验"], (0.9020365313687099, 0.3526866321842488)),
    (["网站", "培训", "测验"], (0.46392690908769096, -0.09436363864759643)),
]


@pytest.mark.parametrize(("words", "expected"), COHERENCE)
def test_coherence_is_gensims(words, expected):
    contexts = tally_words(UNITS, config=CountConfig(min_df=1, max_df=1.0, stopwords=""))
    npmi, c_v = measure_coherence([[contexts.vocabulary.index(word) for word in words]], contexts.matrix)
    assert (c_v[0], npmi[0]) == pytest.approx(expected, abs=1e-6)


def test_one_word_has_no_coherence():
    contexts = tally_words(UNITS, config=CountConfig(min_df=1, max_df=1.0))
    assert measure_coherence([[0], []], contexts.matrix) == ([None, None], [None, None])


def test_the_medoid_is_most_like_the_others():
    one = np.array([[0.9, 0.1, 0.0], [0.0, 0.1, 0.9]])
    near, far = np.array([[0.8, 0.2, 0.0], [0.0, 0.1, 0.9]]), np.array([[0.0, 1.0, 0.0], [0.5, 0.0, 0.5]])
    kept, likeness = find_medoid([far, near, one[::-1]])
    assert kept == 1
    assert likeness[1] > likeness[2] > likeness[0]
    assert find_medoid([one])[0] == 0
    assert find_medoid([one, one])[0] == 0


def test_topics_without_a_partner_say_so():
    match = match_topics(np.eye(3), np.eye(3)[[2]])
    assert match.partner.tolist() == [-1, -1, 0]
    assert match.divergence.tolist() == [1.0, 1.0, 0.0]
    assert measure_divergence(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == pytest.approx(1)


def test_frex_prefers_the_exclusive_of_two_frequent_words_and_lift_the_rare():
    words = np.array([[0.50, 0.40, 0.07, 0.03], [0.50, 0.05, 0.43, 0.02]])
    frex = measure_frex(words)
    # Topic 0: word 0 is the most frequent (1) but third in exclusivity (2/4), word 1 second (3/4) and first (1).
    assert frex[0, :2] == pytest.approx([2 / (1 / 1 + 1 / 0.5), 2 / (1 / 0.75 + 1 / 1)])
    found = list_terms(words, ("甲", "乙", "丙", "丁"), np.array([100, 40, 50, 4]), 3)
    assert [word for word, _ in found["probability"][0]] == ["甲", "乙", "丙"]
    assert found["frex"][0][0][0] == "乙"
    assert found["lift"][0][0] == ("乙", pytest.approx(0.4 / (40 / 194), abs=1e-6))
    assert all(word != "丁" for topic in found["lift"] for word, _ in topic), "too rare for lift to say anything"


def test_cues_share_their_weight_and_unknown_ones_have_none():
    weighed = weigh_cues({"a": ("网站", "无"), "b": ("无",)}, ("培训", "网站"), 200.0, weight=0.05)
    assert [weights.tolist() for weights in weighed] == [[0.0, 10.0], [0.0, 0.0]]


@pytest.mark.parametrize("module", [matching, terms, identity])
def test_examples_in_the_documentation(module):
    done = doctest.testmod(module)
    assert done.attempted > 0
    assert done.failed == 0
