"""Texts as tokens: units, sentences, n-grams, and the longest common subsequence against the plain table."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gknlp.errors import UsageError
from gknlp.reuse.measures import split_tokens
from gknlp.reuse.measures.subsequence import count_common, match_common
from gknlp.reuse.measures.texts import encode_texts, hash_grams, list_grams

TOKENS = st.text("公开目录更新", max_size=14)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("", "words", ()),
        ("", "chars", ()),
        ("。；！", "words", ()),
        ("更新目录3次，印发各村。", "words", (("更新", "目录", "3", "次", "印发", "各村"),)),
        ("办结 - 2 + 3%。", "words", (("办结", "2", "3%"),)),
        ("更新目录12次，Ａ类。\n无。", "chars", (tuple("更新目录00次a类"), ("无",))),
    ],
)
def test_units(text, unit, expected):
    assert split_tokens(text, unit=unit) == expected


def test_an_unknown_unit_is_refused():
    with pytest.raises(UsageError, match="sentences"):
        split_tokens("公开", unit="sentences")


def test_grams_stay_within_their_stretch_and_hash_alike():
    column = encode_texts([["公开目录", "公开"], ["录公开目录"], []])
    hashes, stretch = hash_grams(column.codes, column.sentences, 3)
    assert stretch.tolist() == [0, 0, 2, 2, 2]
    assert hashes[0] == hashes[3] and hashes[1] == hashes[4]
    assert len(set(hashes.tolist())) == 3
    assert column.sizes.tolist() == [6, 5, 0]
    assert column.text_of_sentence.tolist() == [0, 0, 1]


@pytest.mark.parametrize("n_texts", [0, 1])
def test_no_tokens_have_no_grams(n_texts):
    column = encode_texts([[]] * n_texts)
    hashes, stretch = hash_grams(column.codes, column.sentences, 4)
    assert (len(hashes), len(stretch), column.sizes.tolist()) == (0, 0, [0] * n_texts)


@pytest.mark.parametrize("n", [0, -1])
def test_grams_need_a_length(n):
    with pytest.raises(UsageError, match="at least 1"):
        list_grams("公开", n)
    with pytest.raises(UsageError, match="at least 1"):
        hash_grams(np.empty(0, np.uint64), np.zeros(1, np.int64), n)


def plain_common(a, b):
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            table[i + 1][j + 1] = table[i][j] + 1 if x == y else max(table[i][j + 1], table[i + 1][j])
    return table[-1][-1]


@given(TOKENS, TOKENS)
def test_common_subsequence_agrees_with_the_plain_table(a, b):
    matches = match_common(a, b)
    assert count_common(a, b) == plain_common(a, b) == len(matches)
    assert all(a[i] == b[j] for i, j in matches)
    assert all(i < k and j < m for (i, j), (k, m) in pairwise(matches))
