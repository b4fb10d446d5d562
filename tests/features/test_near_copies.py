import doctest
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp.errors import UsageError
from gknlp.features import near_copies
from gknlp.features.near_copies import cluster_near_copies, weigh_clusters

LETTERS = "政务公开信息依申请答复件条年月日区县镇人民府网站培训改版解读监督考核制度平台渠道栏目更新及时规范"


def make_text(rng, n):
    return "".join(rng.choices(LETTERS, k=n))


def edit(text, rng, n):
    """The text with n characters exchanged."""
    letters = list(text)
    for place in rng.sample(range(len(text)), n):
        letters[place] = "龘"
    return "".join(letters)


def resemblance(one, other):
    a, b = ({text[at : at + 5] for at in range(max(len(text) - 4, 1))} for text in (one, other))
    return len(a & b) / len(a | b)


def test_clusters_by_hand():
    text = make_text(random.Random(1), 100)
    texts = ["别的事", edit(text, random.Random(2), 1), "", text, f"（一）{text}。", "别的话", "", text[::-1]]
    assert cluster_near_copies(texts).tolist() == [0, 1, 2, 1, 1, 5, 6, 7]
    assert weigh_clusters(cluster_near_copies(texts)).tolist() == [1, 1 / 3, 1, 1 / 3, 1 / 3, 1, 1, 1]


def test_figures_markers_and_width_do_not_tell_texts_apart():
    texts = ["一是全年组织业务培训12次，参训300人次。", "2.全年组织业务培训９次, 参训三百五十人次"]
    assert cluster_near_copies(texts, resemblance=1).tolist() == [0, 0]


def test_no_texts_make_no_cluster():
    assert cluster_near_copies([]).tolist() == []
    assert weigh_clusters(cluster_near_copies([])).tolist() == []


@pytest.mark.parametrize("bad", [0, -1, 1.01])
def test_an_impossible_resemblance_is_refused(bad):
    with pytest.raises(UsageError, match="share of shingles"):
        cluster_near_copies(["公开"], resemblance=bad)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(alphabet="政务公开信", max_size=12), max_size=8))
def test_a_cluster_is_linked_by_near_copies_alone(texts):
    clusters = cluster_near_copies(texts, resemblance=0.6).tolist()
    assert all(first <= row and clusters[first] == first for row, first in enumerate(clusters))
    for row, first in enumerate(clusters):
        others = [other for other in range(len(texts)) if other != row and clusters[other] == first]
        assert not others or max(resemblance(texts[row], texts[other]) for other in others) >= 0.6


def test_nearly_all_planted_copies_are_found_and_no_others():
    rng = random.Random(3)
    texts, origins = [], []
    for origin in range(400):
        text = make_text(rng, rng.randint(40, 400))
        for _ in range(rng.randint(1, 4)):
            texts.append(edit(text, rng, len(text) // 120))
            origins.append(origin)
    order = rng.sample(range(len(texts)), len(texts))
    texts, origins = [texts[row] for row in order], [origins[row] for row in order]
    clusters = cluster_near_copies(texts, resemblance=0.75).tolist()
    assert all(origins[row] == origins[first] for row, first in enumerate(clusters))
    pairs = [(a, b) for a in range(len(texts)) for b in range(a) if origins[a] == origins[b]]
    near = [(a, b) for a, b in pairs if resemblance(texts[a], texts[b]) >= 0.8]
    assert len(near) > 300
    assert sum(clusters[a] == clusters[b] for a, b in near) >= 0.99 * len(near)


def test_batches_change_nothing(monkeypatch):
    rng = random.Random(4)
    texts = [make_text(rng, 50) for _ in range(40)] * 2
    whole = cluster_near_copies(texts)
    monkeypatch.setattr(near_copies, "_BATCH_CHARS", 120)
    assert cluster_near_copies(iter(texts)).tolist() == whole.tolist() == [*range(40), *range(40)]


def test_wording_common_to_all_costs_no_square():
    """20,000 texts that share most of their shingles: every one is compared with a few, not with all."""
    rng = random.Random(5)
    common = make_text(rng, 60)
    hashes, bounds = near_copies._sketch_all(common + make_text(rng, 40) for _ in range(20_000))
    pairs = near_copies._candidates(hashes, bounds)
    assert len(pairs) <= near_copies._DOORS * 20_000
    assert len(np.unique(pairs, axis=0)) == len(pairs)


def test_the_examples_in_the_docstrings_hold():
    result = doctest.testmod(near_copies)
    assert result.attempted
    assert not result.failed
