"""Shingle hashes: equal windows and only those, the same on every machine."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gknlp.errors import UsageError
from gknlp.features.shingles import shingle_hashes


@given(st.text(alphabet="甲乙0a\ud800𠀀", max_size=40), st.integers(1, 6))
def test_windows_are_equal_exactly_where_hashes_are(text, k):
    hashes = shingle_hashes(text, k).tolist()
    windows = [text[at : at + k] for at in range(len(text) - k + 1)]
    assert len(hashes) == max(0, len(windows))
    assert len(set(zip(windows, hashes, strict=True))) == len(set(windows)) == len(set(hashes))


@pytest.mark.parametrize(("text", "k"), [("", 1), ("公开", 3)])
def test_texts_shorter_than_k_have_none(text, k):
    assert shingle_hashes(text, k).tolist() == []
    assert shingle_hashes(text, k).dtype == np.uint64


def test_the_scheme_is_fixed():
    assert [f"{value:016x}" for value in shingle_hashes("政府信息公开", 5).tolist()] == GOLDEN


def test_a_length_below_one_is_refused():
    with pytest.raises(UsageError, match="shingle length is 0"):
        shingle_hashes("公开", 0)


GOLDEN = ["8ac2ed8f93bbb383", "8d5e1647b82647a5"]  # worked out in plain Python integers, apart from numpy
