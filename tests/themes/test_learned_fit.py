"""Fits, calibration, labels from probabilities: against scikit-learn, worked numbers and rules of the codebook."""

import numpy as np
import pytest
from scipy import sparse
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from gknlp.errors import UsageError
from gknlp.themes import UnitText
from gknlp.themes.learned.calibrate import Calibration, best_rivals, fit_calibration
from gknlp.themes.learned.decide import Thresholds, choose_labels, choose_thresholds, code_units, lonely_themes
from gknlp.themes.learned.fit import METHODS, Lesson, fit_linear, log_shares
from gknlp.themes.learned.places import Allowed, allow_themes
from tests.themes.learned_examples import CODEBOOK


def lesson(n_rows=240, n_features=12, n_themes=4, seed=1):
    rng = np.random.default_rng(seed)
    features = rng.random((n_rows, n_features)) * (rng.random((n_rows, n_features)) < 0.5)
    truth = rng.normal(size=(n_features, n_themes)) * 3
    own = (features @ truth + rng.gumbel(size=(n_rows, n_themes))).argmax(axis=1)
    labels = np.eye(n_themes)[own]
    return Lesson(sparse.csr_array(features), labels, np.ones_like(labels, dtype=bool)), own


def test_where_all_places_allow_all_the_choice_model_is_multinomial_logit():
    rows, own = lesson()
    ours = fit_linear(rows, method="choice", penalty=0.5)
    theirs = LogisticRegression(C=2.0, tol=1e-8, max_iter=2000).fit(rows.features.toarray(), own)
    shares = np.exp(log_shares(rows.features @ ours.weights + ours.bias, rows.rivals))
    assert np.allclose(shares, theirs.predict_proba(rows.features.toarray()), atol=5e-3)


def test_what_the_place_rules_out_gets_no_share_and_teaches_nothing():
    rows, own = lesson()
    rivals = rows.rivals.copy()
    rivals[:, 3] = own == 3
    rivals[own == 3, :3] = False
    fitted = fit_linear(Lesson(rows.features, rows.labels, rivals), method="choice", penalty=0.5)
    assert np.abs(fitted.weights[:, 3]).max() < 1e-9
    assert np.exp(log_shares(rows.features @ fitted.weights, rivals))[own != 3, 3].max() == 0


@pytest.mark.parametrize("method", METHODS)
def test_every_method_learns(method):
    rows, own = lesson()
    fitted = fit_linear(rows, method=method, penalty=0.1)
    assert ((rows.features @ fitted.weights + fitted.bias).argmax(axis=1) == own).mean() > 0.6


def test_an_unknown_method_is_answered_with_the_known():
    with pytest.raises(UsageError, match="choice, bayes, logistic, margin"):
        fit_linear(lesson()[0], method="forest", penalty=1.0)


def test_rivals_are_the_best_of_the_others():
    scores = np.array([[1.0, 3.0, 2.0], [5.0, 5.0, 9.0]])
    rivals = np.array([[True, True, True], [True, True, False]])
    assert best_rivals(scores, rivals).tolist() == [[3.0, 2.0, 3.0], [5.0, 5.0, 5.0]]
    alone = best_rivals(scores[:1], np.array([[True, False, False]]))
    assert alone[0, 0] < -1e29


def test_calibration_finds_the_law_that_made_the_labels():
    rng = np.random.default_rng(5)
    scores = rng.normal(size=(6000, 5)) * 2
    everything = np.ones(scores.shape, dtype=bool)
    allowed = Allowed(everything, everything)
    law = Calibration(1.5, 0.7, np.array([-1.0, -0.5, 0.0, 0.3, -1.5]))
    gold = rng.random(scores.shape) < law.apply(scores, allowed)
    found = fit_calibration(scores, allowed, gold)
    assert np.isclose(found.own, 1.5, atol=0.1)
    assert np.isclose(found.rival, 0.7, atol=0.1)
    assert np.allclose(found.bias, law.bias, atol=0.2)


def test_a_probability_is_the_logit_written_down():
    scores = np.array([[2.0, 1.0]])
    both = np.array([[True, True]])
    made = Calibration(1.0, 0.5, np.array([0.0, 1.0])).apply(scores, Allowed(both, both))
    assert np.allclose(made, [[expit(2.0 - 0.5), expit(1.0 - 1.0 + 1.0)]])
    only = np.array([[True, False]])
    assert Calibration(1.0, 0.5, np.zeros(2)).apply(scores, Allowed(only, only)).tolist() == [[1.0, 0.0]]


def test_labels_by_threshold_primary_first():
    lonely = np.array([[False, False, False, False, True]])
    given = choose_labels(
        np.array(
            [
                [0.9, 0.6, 0.5, 0.45, 0.0],  # three at most
                [0.3, 0.0, 0.0, 0.0, 0.0],  # one is enough from `first` on
                [0.2, 0.0, 0.0, 0.0, 0.0],  # none: it abstains
                [0.5, 0.3, 0.0, 0.0, 0.6],  # a lonely theme stands alone
                [0.8, 0.0, 0.0, 0.0, 0.7],  # and is given beside no other
            ]
        ),
        Thresholds(0.25, 0.4),
        lonely,
    )
    assert given.astype(int).tolist() == [
        [1, 1, 1, 0, 0],
        [1, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 1],
        [1, 0, 0, 0, 0],
    ]
    assert choose_labels(np.zeros((0, 5)), Thresholds(0.25, 0.4), lonely).shape == (0, 5)


def test_thresholds_are_those_of_the_best_macro_f1():
    gold = np.array([[True, True], [True, False], [False, True], [False, False]])
    sure = np.array([[0.9, 0.52], [0.9, 0.3], [0.3, 0.9], [0.34, 0.3]])
    found = choose_thresholds(sure, gold, np.array([[False, False]]))
    assert (found.first, found.more) == (0.35, 0.35)
    assert (choose_labels(sure, found, np.array([[False, False]])) == gold).all()


def test_codings_list_what_is_likely_in_order():
    codings = code_units(
        np.array([[0.4, 0.51234567, 0.019], [0.0, 0.0, 0.0], [0.5, 0.5, 0.0]]),
        np.array([[False, True, False], [False] * 3, [True, True, False]]),
        ("A", "B", "C"),
    )
    assert [coding.labels for coding in codings] == [("B",), (), ("A", "B")]
    assert codings[0].scores == (("B", 0.5123), ("A", 0.4))
    assert codings[1].scores == ()
    assert code_units(np.zeros((0, 3)), np.zeros((0, 3), dtype=bool), ("A", "B", "C")) == []


def test_the_place_decides_which_themes_compete():
    units = [
        UnitText("overview", None, "", ""),
        UnitText("problems_improvements", "problems", "", ""),
        UnitText("problems_improvements", None, "", ""),
        UnitText("other_matters", None, "", ""),
        UnitText("preamble", None, "", ""),
        UnitText("proactive_table", None, "", ""),
    ]
    allowed = allow_themes(CODEBOOK, units)
    kinds = [
        "".join(sorted({code[0] for code, may in zip(CODEBOOK.codes, row, strict=True) if may}))
        for row in allowed.labels
    ]
    assert kinds == ["OSX", "PS", "IPS", "SX", "S", "S"]
    assert allowed.labels[4].sum() == 1  # the whole preamble is S1
    assert allowed.labels[5].sum() == 3
    assert allowed.rivals[5].all()
    assert allow_themes(CODEBOOK, []).labels.shape == (0, len(CODEBOOK.codes))
    lonely = [code for code, alone in zip(CODEBOOK.codes, lonely_themes(CODEBOOK)[0], strict=True) if alone]
    assert lonely == ["S1", "S2", "S3", "O00", "P00", "I00"]
